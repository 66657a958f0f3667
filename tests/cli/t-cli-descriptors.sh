#!/bin/sh
# t-cli-descriptors - standard descriptors that are closed, full, or read by nobody: the exit status tells, one line says it, and nothing is
# written anywhere else.
. "$(dirname "$0")/lib.sh"

# What listens to the other tests' runs passes on what is said, not the descriptors.
SMTPWHY=${OVERHEAR_PROGRAM:-$SMTPWHY}

case=admin-account-disabled

# --- closed ---

last='smtpwhy check >&-'
: >"$scratch/out"
"$SMTPWHY" check --lab $case --no-progress >&- 2>"$scratch/err"
rc=$?
without_remark "$scratch/err"
status 3 'standard output is closed'
err_is 'smtpwhy check: writing to standard output failed: Bad file descriptor'

last='smtpwhy check 2>&-'
: >"$scratch/err"
"$SMTPWHY" check --lab $case --format json >"$scratch/out" 2>&-
rc=$?
status 1 'standard error is closed: the status is the same'
valid report '... the report is whole, and nothing else is in it'

last='smtpwhy check <&- >&- 2>&-'
: >"$scratch/out"
"$SMTPWHY" check --lab $case --trace all <&- >&- 2>&-
rc=$?
status 3 'all three are closed'

last='smtpwhy check -o FILE <&- >&- 2>&-'
"$SMTPWHY" check --lab $case --format json --trace all -o "$scratch/out" <&- >&- 2>&-
rc=$?
status 1 '... and the report goes to a file'
valid report '... with no trace in it'

last='smtpwhy explain - <&-'
"$SMTPWHY" explain - <&- >"$scratch/out" 2>"$scratch/err"
rc=$?
status 2 'standard input is closed'
err_one_line
out_empty

# --- full ---

if [ -c /dev/full ]; then
	for words in --help --version 'help check' 'check --help' 'lab --list' 'codes 535'; do
		last="smtpwhy $words >/dev/full"
		# shellcheck disable=SC2086 # words
		"$SMTPWHY" $words >/dev/full 2>"$scratch/err"
		rc=$?
		status 3
		err_one_line
		err_has 'writing to standard output failed: No space left on device'
	done
fi

# --- read by nobody: the reader has the pipe open and closes it before anything is written ---

mkfifo "$scratch/pipe"

# unread STATUS ARG...: the status is wanted where SIGPIPE is as usual.
unread()
{
	want=$1
	shift
	last="smtpwhy $* | true"
	: <"$scratch/pipe" &
	exec 3>"$scratch/pipe"
	wait
	"$SMTPWHY" "$@" >&3 2>"$scratch/err"
	rc=$?
	exec 3>&-
	without_remark "$scratch/err"
	status "$want"
	err_empty
}

# 128 + SIGPIPE, as of every other program.
unread 141 check --lab $case --no-progress
unread 141 check --lab $case --no-progress --format json
unread 141 codes
unread 141 explain '535 5.7.139 Authentication unsuccessful'
unread 141 lab --list
unread 141 --help
done_testing
