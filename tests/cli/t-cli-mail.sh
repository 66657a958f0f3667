#!/bin/sh
# explain with messages: bounces as files, what they tell, and that the library for them is loaded for them alone.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

data=$top/tests/cli/data

# A report of Postfix: three recipients that failed, each for a reason of its own, one that did not.
run explain "$data/postfix-report.eml"
status 0
err_empty
out_has 'The recipient does not exist or is not accepted.'
out_has 'A mailbox or storage is full.'
out_has "The recipient's domain has no mail service in DNS."
out_has 'mx.example.com answered RCPT TO with'
out_has 'the mail to ann@example.com' 'who did not get it'
out_has 'The bounce was written by relay.contoso.com.'
out_has 'Scanner <scan@contoso.com>'
out_lacks 'SMTP AUTH is switched off' 'what the sender wrote is not taken for an answer'
out_lacks 'dan@example.org' 'who got it is not reported'
run explain --format json "$data/postfix-report.eml"
valid explanation "a bounce is valid JSON"
out_has '"kind": "bounce"'
out_has '"address": "cat@example.org"'
out_has '"server": "mx.example.net"'
out_has '"id": "<1@scanner.contoso.com>"'
last='smtpwhy explain - <postfix-report.eml'
"$SMTPWHY" explain - <"$data/postfix-report.eml" >"$scratch/out" 2>"$scratch/err"
rc=$?
status 0
out_has 'mailbox' 'a message on standard input'

# One of Exchange Online: CRLF, HTML in quoted-printable beside an empty text.
run explain --format json "$data/exchange-report.eml"
status 0
valid explanation "Exchange's report is valid JSON"
out_has '"cause": "unknown-recipient"'
out_has '"enhanced": "5.1.10"'
out_has '"provider": "m365"'
out_has '"reporter": "AM0P000MB0000.EURPRD00.PROD.OUTLOOK.COM"'
out_has '"note": null'

run explain --format json "$data/note.html"
status 0
out_has '"cause": "unknown-recipient"' 'a page of HTML'
out_has '"address": "ann@example.com"'

# The same as a file of Outlook: UTF-16 between other bytes.
{
	printf '\320\317\021\340\241\261\032\341'
	head -c 600 /dev/zero
	sed 's/<[^>]*>//g; s/&#39;/'"'"'/g' "$data/note.html" | iconv -t UTF-16LE
	head -c 600 /dev/zero
} >"$scratch/note.msg"
run explain "$scratch/note.msg"
status 0
out_has '550 5.1.10 RESOLVER.ADR.RecipientNotFound' 'a file of Outlook'
out_has 'It is a file of Outlook (.msg)' '... and how it was read'

# GMime costs more than all the rest: it's for messages alone.
loaded() { LD_DEBUG=files "$SMTPWHY" explain "$1" 2>&1 | grep -q 'file=libgmime'; }
loaded "$data/postfix-report.eml"
say $? 'a message loads GMime'
! loaded '535 5.7.8 Username and Password not accepted'
say $? 'a reply does not'
! loaded "$data/note.html"
say $? 'HTML does not'

done_testing
