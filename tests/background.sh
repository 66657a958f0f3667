# shellcheck shell=sh
# background.sh - the one way to start a background process in a test and wait for what it says.
#
#	. "$top/tests/background.sh"
#	background "$scratch/out" "$scratch/err" "$SMTPWHY" lab healthy	# sets $background
#	until_says "$scratch/out" '^Ctrl-C' || ...		# not ready: ended, or too slow
#	background_end						# returns its exit status
#
# Why not `COMMAND >out &` and a loop around grep: the new process empties `out` some time after the
# `&`. Until then the loop reads what an earlier process wrote there, and goes on before the new one
# is ready. tests/meta/t-background.sh forbids it.

background=

# background OUT ERR COMMAND...: starts COMMAND with its output in new files; OUT and ERR may be the
# same. Its process id is in $background. Standard input is empty; descriptor 3 (a test's own
# output, in tests/peers) is closed.
background()
{
	background_out=$1
	background_err=$2
	shift 2
	# Removed, not only emptied: a process that still has the old file open must not write into
	# the new one.
	rm -f "$background_out" "$background_err"
	: >"$background_out"
	: >>"$background_err"
	"$@" >>"$background_out" 2>>"$background_err" </dev/null 3>&- &
	background=$!
}

# whole_lines FILE: its lines that are complete. The last one may still be on its way.
whole_lines()
{
	while IFS= read -r whole_line; do
		printf '%s\n' "$whole_line"
	done <"$1"
}

# until_says FILE PATTERN [PROCESS]: waits until a complete line of FILE matches the basic regular
# expression PATTERN. Returns 1 when the process (by default $background) ended without such a line,
# or when it is not there after a minute.
until_says()
{
	background_tries=0
	while [ $background_tries -lt 600 ]; do
		background_tries=$((background_tries + 1))
		# Asked before the file is read: what a process wrote before its end is then in the
		# file.
		kill -0 "${3:-$background}" 2>/dev/null
		background_gone=$?
		if [ -e "$1" ] && whole_lines "$1" | grep -q -e "$2"; then
			return 0
		fi
		[ "$background_gone" = 0 ] || return 1
		sleep 0.1
	done
	return 1
}

# background_end [PROCESS]: ends it with SIGTERM, waits until it is gone, returns its exit status. 0
# where there is none.
background_end()
{
	background_ends=${1:-$background}
	[ -n "$background_ends" ] || return 0
	# Forgotten: its number may soon be another process's.
	[ "$background_ends" != "$background" ] || background=
	kill "$background_ends" 2>/dev/null
	wait "$background_ends" 2>/dev/null
}
