#!/bin/sh
# The user's own table of error codes: in the configuration folder, by --codes, and what is said of a bad one.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

columns='id	provider	stage	code	enhanced	pattern	cause	certainty	meaning	fix	who	retry	also	source	confidence	example'

# row ID CODE PATTERN CAUSE [CERTAINTY] [WHO]
row()
{
	printf '%s\t*\t*\t%s\t*\t%s\t%s\t%s\tOur own words.\t-\t%s\t-\t-\tour wiki\tobserved\t%s %s\n' "$1" "$2" "$3" "$4" "${5-certain}" "${6--}" "$2" "$3"
}

table=$XDG_CONFIG_HOME/smtpwhy/error-codes.tsv
mkdir -p "${table%/*}"

run codes frobnicator
status 1 'without a table of their own nobody knows the word'
{ echo '# ours'; echo "$columns"; row ours-frob 577 'the frobnicator is tired' relay-denied; } >"$table"
run codes frobnicator
status 0
out_has '[ours-frob]' 'the own table is read: codes'
run explain '577 the frobnicator is tired'
status 0
out_has 'Our own words.' 'the own table is read: explain'
run codes --format json frobnicator
out_has "\"file\": \"$table\"" 'a row says where it came from'
out_has '"line": 3'

# Numbers of Entra ID are codes, too.
run codes 50126
out_has 'AADSTS50126         Microsoft Entra ID' 'a number of Entra ID is found'
run codes --format json 50126
out_has '"cause": "wrong-credentials"' '... as JSON'

# Which one wins: --codes, the own table, what is built in.
{ echo "$columns"; row ours-frob 577 'the frobnicator is away' mailbox-full; } >"$scratch/more.tsv"
run codes --codes "$scratch/more.tsv" frobnicator
out_has 'the frobnicator is away' '--codes replaces a row of the own table by its id'
out_lacks 'is tired'
reply='535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.'
{ echo "$columns"; row m365-535-tenant-off 535 'SmtpClientAuthentication is disabled for the Tenant' account-disabled; } >"$table"
run explain --format json "$reply"
out_has '"cause": "account-disabled"' 'the own table replaces a built-in row by its id'
run codes --format json m365-535-tenant-off
[ "$(grep -c '"id": "m365-535-tenant-off"' "$scratch/out")" = 1 ]
say $? 'it is there once'
{ echo "$columns"; row zz-mine 535 'is disabled for the Tenant' mailbox-full; } >"$scratch/more.tsv"
run explain --format json --codes "$scratch/more.tsv" "$reply"
out_has '"cause": "mailbox-full"' 'rows of --codes go before those of the own table'

# HOME, when the other is not set; a relative folder does not count.
mkdir -p "$scratch/home/.config/smtpwhy"
{ echo "$columns"; row ours-home 577 'homely words' relay-denied; } >"$scratch/home/.config/smtpwhy/error-codes.tsv"
for folder in '' relative/config; do
	last="XDG_CONFIG_HOME=$folder smtpwhy codes homely"
	XDG_CONFIG_HOME=$folder HOME=$scratch/home "$SMTPWHY" codes homely >"$scratch/out" 2>"$scratch/err"
	rc=$?
	out_has '[ours-home]' "~/.config is taken with XDG_CONFIG_HOME='$folder'"
done
last='env -i smtpwhy codes 5.7.139'
env -i "$SMTPWHY" codes 5.7.139 >"$scratch/out" 2>"$scratch/err"
rc=$?
status 0 'without HOME there is no own table'

# A bad row: file, line, column, and what was expected.
bad_row()
{
	{ echo "$columns"; row fine 577 'fine words' relay-denied; printf '%s\n' "$2"; } >"$table"
	trouble=$1
	for command in "codes x" "explain 577" "check 192.0.2.1:25"; do
		# shellcheck disable=SC2086 # words
		wrong "smtpwhy ${command%% *}: $table:3: $trouble" $command
	done
}
bad_row "column 'cause': 'no-such-cause' is no cause of causes.txt" "$(row x 577 words no-such-cause)"
bad_row "column 'code': '9xx' is no reply code: 535, 5xx, or * for any" "$(row x 9xx words relay-denied)"
bad_row "column 'certainty': 'maybe' is none of: possible, likely, certain" "$(row x 577 words relay-denied maybe)"
bad_row "column 'who': 'boss' is none of: user, developer, tenant-admin, network-admin, dns-admin, recipient, provider, or - for what the cause says" \
	"$(row x 577 words relay-denied certain boss)"
bad_row "column 'id': 'fine' is there twice, first in line 2" "$(row fine 577 words relay-denied)"
bad_row '3 cells, expected 16, one for each column (an empty cell is written as "-")' 'only	three	cells'
printf 'id\tprovider\n' >"$table"
wrong "smtpwhy codes: $table:1: column 'stage': expected in the line that names the columns, and is not there" codes x
: >"$table"
run codes 5.7.139
status 2 'an empty table has no columns'
err_has "$table:"
rm "$table"
mkdir "$table"
run codes 5.7.139
status 2 'a folder is no table'
err_has "$table: can't be read"
rmdir "$table"
wrong "smtpwhy codes: $scratch/none.tsv: can't be opened: No such file or directory" codes --codes "$scratch/none.tsv" x

done_testing
