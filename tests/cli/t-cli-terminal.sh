#!/bin/sh
# What is different on a terminal: the question for a password, progress, colour, Ctrl-C; and the lab that stays.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

if ! have_terminal; then
	echo "1..0 # SKIP $no_terminal"
	exit 0
fi

# terminal [-t PROMPT TEXT]... [-s SHOWN SIGNAL] ARG...: smtpwhy on a terminal, like run.
terminal()
{
	set -- "$@" END
	before=
	while :; do
		case $1 in
		-t) before="$before -t '$2' '$3'"; shift 3 ;;
		-s) before="$before -s '$2' '$3'"; shift 3 ;;
		*) break ;;
		esac
	done
	words=
	while [ "$1" != END ]; do
		words="$words '$1'"
		shift
	done
	last="smtpwhy $words (on a terminal)"
	eval "python3 '$top/tests/cli/on-terminal.py' $before '$SMTPWHY' $words" >"$scratch/out" 2>"$scratch/err"
	rc=$?
	without_remark "$scratch/out"
}

lab="check 127.0.0.1:9 --user scan@contoso.com"
# shellcheck disable=SC2086 # words
{
	terminal -t 'password for scan@contoso.com: ' 'Hush-12\b3\n' $lab
	out_has 'password for scan@contoso.com: ' "a password is asked for"
	out_lacks 'Hush' "... and not shown"
	status 1 "... and the check runs"
	terminal -t 'password for' '\n' $lab
	status 2 "an empty password"
	out_has 'the password is empty'
	terminal -t 'password for' 'abc\x03' $lab
	status 2 "Ctrl-C at the question"
	out_has 'no password was given'
	terminal -t 'token for scan@contoso.com: ' 'x\n' $lab --auth xoauth2
	out_has 'token for scan@contoso.com: ' "with --auth xoauth2 a token is asked for"
}

terminal check --lab healthy
out_has "$(printf '\r\033[K')" "progress is shown, and erased"
out_has "$(printf '\033[32m')" "colour on a terminal"
terminal check --lab healthy --no-progress --color never
out_lacks "$(printf '\033')" "neither when they are not wanted"
last='NO_COLOR=1'
NO_COLOR=1
export NO_COLOR
terminal check --lab healthy --no-progress
out_lacks "$(printf '\033')" "NO_COLOR"
unset NO_COLOR

terminal -s mail.example.com:587: 2 check --lab tarpit --timeout 20
status 130 "Ctrl-C ends a check"
out_has 'could not be tested' "... and what is known is still said"
terminal -s mail.example.com:587: 15 check --lab tarpit --timeout 20
status 143 "SIGTERM, too"

# The lab that stays, and the command line it prints.
background "$scratch/lab" "$scratch/laberr" "$SMTPWHY" lab healthy
until_says "$scratch/lab" 'Ctrl-C stops it'
command=$(sed -n "s,^  \(.*\)smtpwhy check,\1'$SMTPWHY' check,p" "$scratch/lab")
last="the command that lab prints"
sh -c "$command --no-progress" >"$scratch/out" 2>"$scratch/err"
rc=$?
status 0 "the command line that lab prints works"
out_has 'Nothing was found that stands in the way'
folder=$(sed -n 's,^  CA file *\(.*\)/ca.pem,\1,p' "$scratch/lab")
[ -d "$folder" ]
say $? "its folder is there while it runs"
background_end
rc=$?
[ ! -d "$folder" ]
say $? "... and is gone when it was stopped"
status 0 "a lab that is stopped ends well"

done_testing
