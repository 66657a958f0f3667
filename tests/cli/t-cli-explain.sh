#!/bin/sh
# explain and codes: text, files, standard input, formats, exit statuses, hostile bytes.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

reply='535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.'
run explain "$reply"
status 0
err_empty
cp "$scratch/out" "$scratch/first"
out_has 'Why         SMTP AUTH is switched off for the whole tenant.'
out_has 'Certain.'
# shellcheck disable=SC2086 # without quotes on purpose
run explain $reply
cmp -s "$scratch/out" "$scratch/first"
say $? "words without quotes are one text"
printf '%s\n' "$reply" >"$scratch/file"
run explain "$scratch/file"
cmp -s "$scratch/out" "$scratch/first"
say $? "a file is read"
for args in '-' ''; do
	last="smtpwhy explain $args <file"
	# shellcheck disable=SC2086 # none or one
	"$SMTPWHY" explain $args <"$scratch/file" >"$scratch/out" 2>"$scratch/err"
	rc=$?
	cmp -s "$scratch/out" "$scratch/first"
	say $? "standard input is read: explain $args"
done

run explain --format json "$reply"
status 0
valid explanation "the JSON is as its schema says"
out_has '"cause": "tenant-smtp-auth-disabled"'
out_has '"enhanced": "5.7.139"'

run explain 'my cat sat on the keyboard'
status 1
out_has 'No mail server'
err_empty
run explain --format json 'my cat sat on the keyboard'
status 1
valid explanation "nothing recognised is valid JSON, too"
out_has '"diagnosis": []'
run explain --format json '599 5.999.999 never heard of'
valid explanation "an unknown reply is valid JSON"
: >"$scratch/empty"
wrong "smtpwhy explain: '$scratch/empty' is empty: there is nothing to explain" explain "$scratch/empty"
wrong "smtpwhy explain: nothing to explain: give the error text" explain ' '
wrong "smtpwhy explain: there is no file '$scratch/none'" explain "$scratch/none"
wrong "smtpwhy explain: there is no file 'nightly.log'" explain nightly.log
wrong "smtpwhy explain: there is no file './nightly'" explain ./nightly
run explain ECONNREFUSED
status 0 "one word without an ending is a text"
printf '\211PNG\r\n\032\n\0\0' >"$scratch/shot"
wrong "smtpwhy explain: '$scratch/shot' is a picture (PNG); give the words of the error as text" explain "$scratch/shot"
printf '%%PDF-1.7\n535 5.7.8 no\n' >"$scratch/doc"
wrong "smtpwhy explain: '$scratch/doc' is a PDF; give the words of the error as text" explain "$scratch/doc"
printf 'PK\003\004rest' >"$scratch/zip"
wrong "smtpwhy explain: '$scratch/zip' is an archive (ZIP) or an Office document; give the words of the error as text" \
	explain "$scratch/zip"

# On a terminal what is pasted is read up to Ctrl-D.
for args in '' '-'; do
	last="on a terminal: smtpwhy explain $args"
	# shellcheck disable=SC2086 # none or one
	python3 "$(dirname "$0")/on-terminal.py" -t 'Ctrl-D' "$reply\\n\\x04" "$SMTPWHY" explain $args >"$scratch/out" 2>"$scratch/err"
	rc=$?
	status 0
	out_has 'Paste the error, then press Enter and Ctrl-D:'
	out_has 'SMTP AUTH is switched off for the whole tenant.' "... and explained"
done

wrong "smtpwhy explain: '$scratch' is a directory; give a file, or the text in quotes" explain "$scratch"
if [ "$(id -u)" != 0 ]; then
	chmod 0 "$scratch/empty"
	wrong "smtpwhy explain: '$scratch/empty' cannot be opened: Permission denied" explain "$scratch/empty"
fi
wrong "smtpwhy explain: --format cannot be 'ndjson'; it is one of: text, json, csv, evidence" explain --format ndjson x

# What gzip has packed is read as it was.
gzip -c "$scratch/file" >"$scratch/packed"
run explain "$scratch/packed"
cmp -s "$scratch/out" "$scratch/first"
say $? 'a packed file is unpacked'
head -c 30 "$scratch/packed" >"$scratch/half"
wrong "smtpwhy explain: '$scratch/half' ends in the middle of what gzip has packed" explain "$scratch/half"

# Bytes that want to do harm come out harmless.
printf '550 5.7.1 \033]0;owned\007 \342\200\256gnp \377\376 \302\2331m <script>\r\n' >"$scratch/hostile"
run explain "$scratch/hostile"
LC_ALL=C tr -d '\n -~\200-\377' <"$scratch/out" >"$scratch/control"
[ ! -s "$scratch/control" ]
say $? "no control characters in the text"
iconv -f UTF-8 -t UTF-8 "$scratch/out" >/dev/null 2>&1
say $? "... which is valid UTF-8"
run explain --format json "$scratch/hostile"
valid explanation "... and valid JSON"

# More than is read: the beginning counts, and it is said.
{ printf '%s\n' "$reply"; head -c 17000000 /dev/zero | tr '\0' 'x'; } >"$scratch/big"
run explain "$scratch/big"
status 0 "17 MB: what is in the first 16 MiB is found"
err_has 'is longer than 16 MiB; only the beginning is read'
out_has 'SMTP AUTH is switched off for the whole tenant.'

# codes
run codes 5.7.139
status 0
out_has '535 5.7.139'
out_has '(tenant-smtp-auth-disabled)'
run codes 5.7.139 tenant m365
out_has '[m365-535-tenant-off]' 'every word counts'
out_lacks '(wrong-credentials)' '... and narrows it down'
run codes 'TENANT 5.7.139'
out_has '[m365-535-tenant-off]' 'case does not count'
run codes no-such-word-at-all
status 1
err_is 'smtpwhy codes: no row has all of these words: no-such-word-at-all'
run codes --format json 5.7.139
status 0
python3 -c 'import json,sys; r=json.load(open(sys.argv[1])); assert r["schema"]=="smtpwhy.codes/1" and len(r["rows"])>1 and all("cause" in x for x in r["rows"])' "$scratch/out" 2>"$scratch/err"
say $? "codes as JSON"
run codes
[ "$(grep -c '^[0-9a-z].*\[' "$scratch/out")" -gt 200 ]
say $? "without a word all rows are listed"
tr -d '\200-\277' <"$scratch/out" | LC_ALL=C awk 'length > 100' >"$scratch/long"
[ ! -s "$scratch/long" ]
say $? "... and none is endless"

run lab --list
status 0
out_has 'tenant-disabled '
[ "$(grep -c . "$scratch/out")" -ge 40 ]
say $? "lab --list has a line a scenario"

# Exchange names both addresses; the commands have them.
run explain '554 5.2.252 SendAsDenied; scan@contoso.com not allowed to send as noreply@contoso.com; STOREDRV.Submission.Exception:SendAsDeniedException'
out_has 'Add-RecipientPermission -Identity noreply@contoso.com -Trustee scan@contoso.com -AccessRights SendAs'
run explain 'SendAsDenied; scan@contoso.com not allowed to send as noreply@contoso.com
SendAsDenied; scan@contoso.com not allowed to send as billing@contoso.com'
out_lacks 'noreply@contoso.com -Trustee' 'two senders: neither stands in a command'

done_testing
