# shellcheck shell=sh
# lib.sh - for tests of the command line: each runs $SMTPWHY and looks at what comes out.
#
#	run explain '535 5.7.8 no'
#	status 0
#	out_has 'Why'
#	done_testing
#
# A failure shows the command, and what it printed.

set -u
# What a test writes down as a secret is for its owner alone: else there would be a warning.
umask 077
SMTPWHY=${SMTPWHY:-smtpwhy}
top=${SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd -P)}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
# Nobody's own table of error codes takes part.
XDG_CONFIG_HOME=$scratch/config
export XDG_CONFIG_HOME
. "$top/tests/background.sh"
n=0
bad=0
last=

# without_remark FILE: AddressSanitizer says this of every program with fibers.
without_remark() { sed -i "/WARNING: ASan doesn't fully support makecontext/d" "$1"; }

# run ARG...: standard output in $scratch/out, standard error in $scratch/err, the exit status in $rc.
run()
{
	last="smtpwhy $*"
	"$SMTPWHY" "$@" >"$scratch/out" 2>"$scratch/err"
	rc=$?
	without_remark "$scratch/err"
}

say()
{
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
		return
	fi
	bad=1
	echo "not ok $n - $2"
	echo "#   ran   $last"
	echo "#   exit  $rc"
	sed 's/^/#   out   /' "$scratch/out" | head -n 30
	sed 's/^/#   err   /' "$scratch/err" | head -n 10
	[ -z "${3-}" ] || echo "#   want  $3"
}

status() { [ "$rc" = "$1" ]; say $? "${2:-$last: exit status $1}" "exit status $1"; }
out_is() { [ "$(cat "$scratch/out")" = "$1" ]; say $? "${2:-$last: the output}" "$1"; }
err_is() { [ "$(cat "$scratch/err")" = "$1" ]; say $? "${2:-$last: the message}" "$1"; }
out_has() { grep -qF -e "$1" "$scratch/out"; say $? "${2:-$last: says '$1'}" "$1"; }
out_lacks() { ! grep -qF -e "$1" "$scratch/out" "$scratch/err"; say $? "${2:-$last: does not say '$1'}" "not: $1"; }
err_has() { grep -qF -e "$1" "$scratch/err"; say $? "${2:-$last: complains '$1'}" "$1"; }
out_empty() { [ ! -s "$scratch/out" ]; say $? "${1:-$last: nothing on standard output}"; }
err_empty() { [ ! -s "$scratch/err" ]; say $? "${1:-$last: nothing on standard error}"; }
err_one_line() { [ "$(wc -l <"$scratch/err")" = 1 ]; say $? "${1:-$last: one line on standard error}"; }

# wrong MESSAGE ARG...: a command line that is refused: exit status 2, one line, nothing on standard output.
wrong()
{
	want=$1
	shift
	run "$@"
	status 2
	err_is "$want"
	out_empty
}

# valid SCHEMA TITLE: the output is JSON as doc/SCHEMA.schema.json says. Skipped where python3 has no jsonschema.
valid()
{
	python3 "$top/tests/cli/json-valid.py" "$top/doc/$1.schema.json" <"$scratch/out" >"$scratch/why" 2>&1
	case $? in
	0) say 0 "$2" ;;
	77) skip "$2" 'python3 has no jsonschema' ;;
	*) say 1 "$2" "$(head -n 5 "$scratch/why")" ;;
	esac
}

# Can a terminal be made here? If not, $no_terminal is the one reason.
have_terminal()
{
	no_terminal='needs python3'
	command -v python3 >/dev/null || return 1
	no_terminal='needs /dev/pts'
	python3 -c 'import pty; pty.openpty()' 2>/dev/null
}

# skip WHAT WHY
skip()
{
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

done_testing()
{
	echo "1..$n"
	exit $bad
}
