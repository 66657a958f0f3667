#!/bin/sh
# Secrets: never on the command line, from everywhere else, and never shown.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

secret=Sehr-Geheim-4711
t=127.0.0.1:9

for spelling in "--password $secret" "--password=$secret"; do
	# shellcheck disable=SC2086 # two words
	run check $t --user u $spelling
	status 2 "--password is refused"
	err_has 'there is no --password: everyone on this machine can read a command line' "... and the reason given"
	err_has '--password-file' "... and another way"
	out_lacks "$secret" "... and the value is not repeated"
done
run check $t --user u --token $secret
status 2 "--token is refused"
out_lacks "$secret" "... and the value is not repeated"

wrong "smtpwhy check: a password or a token needs --user NAME" check $t --password-file /dev/null
wrong "smtpwhy check: cannot read the password from '/nonexistent/pw': No such file or directory" check $t --user u --password-file /nonexistent/pw
wrong "smtpwhy check: cannot read the password from '$scratch': Is a directory" check $t --user u --password-file "$scratch"
wrong "smtpwhy check: the password from '/dev/null' is empty" check $t --user u --password-file /dev/null
printf '\n' >"$scratch/empty"
wrong "smtpwhy check: the token from '$scratch/empty' is empty" check $t --user u --token-file "$scratch/empty"
printf 'one\ntwo\n' >"$scratch/two"
wrong "smtpwhy check: the password from '$scratch/two' holds more than one line; a secret is one line" check $t --user u --password-file "$scratch/two"
head -c 65537 /dev/zero | tr '\0' x >"$scratch/long"
wrong "smtpwhy check: the token from '$scratch/long' is longer than 65536 bytes" check $t --user u --token-file "$scratch/long"
head -c 70000 /dev/zero | tr '\0' x >"$scratch/longer"
wrong "smtpwhy check: cannot read the token from '$scratch/longer': it is longer than 65536 bytes" check $t --user u --token-file "$scratch/longer"
wrong "smtpwhy check: the password command failed with status 3" check $t --user u --password-command 'exit 3'
wrong "smtpwhy check: the password command was ended by signal 9" check $t --user u --password-command 'kill -9 $$'
wrong "smtpwhy check: what the password command prints is empty" check $t --user u --password-command true
wrong "smtpwhy check: the password command prints more than 65536 bytes" check $t --user u --password-command 'head -c 70000 /dev/zero'
SMTPWHY_COMMAND_TIME=1
export SMTPWHY_COMMAND_TIME
for command in 'echo made-up; sleep 30 &' 'sleep 30' 'exec >&-; sleep 30' 'trap "" TERM; sleep 30; sleep 30'; do
	run check $t --user u --password-command "$command"
	status 2 "a password command that does not end: $command"
	err_has 'smtpwhy check: the password command has not ended within 1 s'
	err_one_line
done
unset SMTPWHY_COMMAND_TIME
wrong "smtpwhy check: --password-file and --password-command are both given; which one holds it?" \
	check $t --user u --password-file "$scratch/two" --password-command 'echo x'
printf '%s' "$secret" >"$scratch/pw"
wrong "smtpwhy check: --auth xoauth2 needs a token, and only a password is given" check $t --user u --auth xoauth2 --password-file "$scratch/pw"
wrong "smtpwhy check: --auth plain needs a password, and only a token is given" check $t --user u --auth plain --token-file "$scratch/pw"

# The lab's healthy tenant takes one password only: each way has to bring exactly that, without its line end.
good=$("$SMTPWHY" lab --help >/dev/null && sed -n 's/^password *//p' "$top/data/scenarios/m365.scenario" | head -n 1)
[ -n "$good" ]
say $? "the lab's password is known to this test"
logged_in() { grep -q '"id": "auth.login"' "$scratch/out" && ! grep -q '"status": "fail"' "$scratch/out"; say $? "$1"; }
lab="check --lab healthy --format json --no-progress"
printf '%s\r\n' "$good" >"$scratch/good"
# shellcheck disable=SC2086 # words
{
	run $lab --user scan@contoso.com --password-file "$scratch/good"
	logged_in "a password from a file logs in, its line end left out"
	run $lab --user scan@contoso.com --password-command "cat '$scratch/good'"
	logged_in "a password from a command"
	# shellcheck disable=SC2016 # for the shell that runs the command
	run $lab --user scan@contoso.com --password-command "grep 'core file size' /proc/\$PPID/limits >'$scratch/limits'; cat '$scratch/good'"
	grep -q 'core file size  *0 ' "$scratch/limits"
	say $? "no core file is written from the moment secrets are read"
	last="$lab --password-file -"
	"$SMTPWHY" $lab --user scan@contoso.com --password-file - <"$scratch/good" >"$scratch/out" 2>"$scratch/err"
	rc=$?
	logged_in "a password on standard input"
	run $lab --user scan@contoso.com --password-file "$scratch/pw"
	status 1 "a wrong password is refused"
	out_lacks "$secret" "... and not shown"
	out_lacks "$(printf '%s' "$secret" | base64)" "... nor in base64"
	run $lab -v --trace all --user scan@contoso.com --password-file "$scratch/pw"
	out_lacks "$secret" "not in a trace either"
	out_lacks "$(printf '%s' "$secret" | base64)" "... nor in base64"
	run check --lab healthy -v --no-progress --user scan@contoso.com --password-file "$scratch/pw"
	out_lacks "$secret" "not in the transcript"
	out_lacks "$(printf '%s' "$secret" | base64)" "... nor in base64"
	out_has 'C: <password>' "the transcript shows that there was one"
	# A token that is looked into: its claims may be told, its parts and its signature never, in no output.
	for lab in token-fit token-wrong-audience token-app-only-unknown; do
		token=$(sed -n 's/^token *//p' "$top/data/scenarios/$lab.scenario")
		for how in '--format text -v' '--format json' '--format json -v --trace all'; do
			run check --lab $lab --no-progress $how
			out_lacks "$(printf '%s' "$token" | cut -d. -f2 | cut -c 1-40)" "$lab $how: not the token's claims as they were sent"
			out_lacks "$(printf '%s' "$token" | cut -d. -f3 | cut -c 1-40)" "... nor its signature"
			out_lacks "$(printf 'auth=Bearer %s' "$token" | base64 -w0 | cut -c 21-60)" "... nor the login string"
		done
	done
}
done_testing
