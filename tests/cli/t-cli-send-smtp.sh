#!/bin/sh
# send by SMTP: said beforehand and confirmed, sent once, what became of it, and what it has in it.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

# json FILTER WANT TITLE
json() { [ "$(jq -r "$1" "$scratch/out" 2>&1)" = "$2" ]; say $? "$3" "$2"; }

run send --lab healthy --from scan@contoso.com --to office@contoso.com
status 0 'a message that is accepted'
err_has 'smtpwhy send: one message from scan@contoso.com to office@contoso.com, subject "Test message of smtpwhy", '
err_has 'goes through smtp.office365.com:587, signed in as scan@contoso.com with a password, from this machine as '
err_has 'this is the lab, which delivers nothing'
out_has 'DATA       taken for office@contoso.com'
out_has 'Look        Accepted is not delivered.'
out_has 'Message trace'
out_has '--fetch imaps://USER@HOST finds it there'

run send --lab healthy --from scan@contoso.com --to office@contoso.com --subject 'Toner is low' --size 20k --format json -v
status 0 '... of a certain size, as JSON'
json '.via + " " + .status + " " + .endpoint + " " + (.reply.code | tostring)' 'smtp accepted smtp.office365.com:587 250' 'what became of it'
json '.message_id | test("^<smtpwhy-[0-9a-f]{32}@contoso.com>$")' true 'with the id of the message'
err_has 'subject "Toner is low", 20480 bytes, '
valid send '... as its schema says'

# Where it is refused, and that a reply decided: STATUS LAB STATUS-OF-IT REPLY-CODE CAUSE OPTION...
refused()
{
	want=$1 lab=$2 it=$3 code=$4 cause=$5
	shift 5
	run send --lab "$lab" --format json "$@"
	status "$want" "$lab"
	json '.status + " " + (.reply.code // 0 | tostring) + " " + (.diagnosis[0].cause // "none")' "$it $code $cause" "... $it"
}
refused 1 wrong-password refused 535 wrong-credentials --from scan@contoso.com --to office@contoso.com
valid send '... as its schema says'
refused 1 send-as-denied-after-dot refused 554 send-as-denied
refused 1 message-too-large refused 552 message-too-large
refused 1 relay-denied refused 554 relay-denied
refused 1 nothing-listens not-sent 0 connection-refused --from scan@contoso.com --to office@contoso.com
valid send '... as its schema says'

# A server is told size and 8-bit letters where it asks for them (RFC 1870, RFC 6152, RFC 6531).
cat >"$scratch/odd.scenario" <<'END'
like      company
title     a server that hears a message
target    mail.example.com:587
options   --from scan@example.com --to office@example.com

dns
	mail.example.com A 192.0.2.40
server mail.example.com:587
	accepted  250 2.0.0 Ok: queued as 4F1A2B3C4D
END
odd=$scratch/odd.scenario
# said WORD: the client's lines that begin so
said() { grep -F "C: $1" "$scratch/err" | sed 's/^.* C: //'; }
run send --lab "$odd" --trace smtp
status 0 'a server of a company'
[ "$(said MAIL)" = "MAIL FROM:<scan@example.com> SIZE=$(sed -n 's/.*smtpwhy", \([0-9]*\) bytes.*/\1/p' "$scratch/err")" ]
say $? 'MAIL FROM declares the size that was announced'
out_has 'the log of mail.example.com, by the queue id 4F1A2B3C4D'
run send --lab "$odd" --trace smtp --from 'grün@example.com'
said MAIL | grep -q '^MAIL FROM:<grün@example.com> SMTPUTF8 BODY=8BITMIME SIZE='
say $? '... and 8-bit letters with SMTPUTF8'

# --mx goes to the recipient's own server, without a login.
run send --lab healthy-mx --mx --from me@example.org --to office@contoso.com --format json
status 0 '--mx'
err_has 'goes to the MX host of contoso.com on port 25, without a login, from this machine as '
json '.status + " " + .host' 'accepted contoso-com.mail.protection.outlook.com' '... finds the MX host'

# Files are attached; what is too much is refused before anything is dialled.
printf 'a file\n' >"$scratch/note.txt"
run send --lab "$odd" --attach "$scratch/note.txt" --size 3000
status 0 'a file is attached'
err_has '3000 bytes' '... and counts into the size'
wrong "smtpwhy send: --attach: cannot read '/nonexistent/x': No such file or directory" send --lab "$odd" --attach /nonexistent/x
wrong "smtpwhy send: --attach: cannot read '/dev/zero': it is not a regular file" send --lab "$odd" --attach /dev/zero
cp "$scratch/note.txt" "$(printf '%s/a\nb' "$scratch")"
wrong 'smtpwhy send: --attach: the name of file 1 has control characters in it, or is not UTF-8' \
	send --lab "$odd" --attach "$(printf '%s/a\nb' "$scratch")"
for size in 0 x 151M -1 1G; do
	run send --lab "$odd" --size=$size
	status 2 "--size=$size"
	err_has "smtpwhy send: --size: '$size' is no size: octets, at most 157286400, or a number with k or M"
done
run send --lab "$odd" --size 10
status 2 'a size that is too small'
err_has ' octets without padding'

wrong "smtpwhy send: by which way? Give a server (smtp.office365.com:587), --mx, or --via graph" send --to a@example.org
wrong 'smtpwhy send: who is to get the message? Give --to ADDRESS' send smtp.example.org
wrong 'smtpwhy send: who sends it? Give --from ADDRESS' send smtp.example.org --to a@example.org
wrong "smtpwhy send: '192.0.2.1' is too much: one server is enough" send smtp.example.org 192.0.2.1 --to a@example.org --from b@example.org
wrong "smtpwhy send: --mx finds the server by the recipient's domain: leave 'smtp.example.org' out" \
	send smtp.example.org --mx --to a@example.org --from b@example.org
wrong 'smtpwhy send: --mx sends without a login: leave --user out' send --mx --user a@example.org --to a@example.org
wrong "smtpwhy send: 'https://contoso.com/' is no target: it is a URL; give the host alone: contoso.com" \
	send --yes https://contoso.com/ --to a@example.org --from b@example.org
run send --lab direct-send-tested --to a@contoso.com
status 2 'a scenario about something else'

# --fetch: what makes no sense is said before anything is dialled.
fetch() { want=$1 url=$2; shift 2; wrong "smtpwhy send: $want" send smtp.example.org --yes --to a@example.org --from b@example.org --fetch "$url" "$@"; }
fetch "--fetch: 'pop3://*@b' begins with neither imaps:// nor imap://" pop3://a@b
fetch '--fetch: after imaps:// go the user, an @ and the host, and nothing else' imaps://imap.example.org
fetch '--fetch: after imap:// go the user, an @ and the host, and nothing else' imap://a@imap.example.org/INBOX
fetch '--fetch: everyone on this machine can read a command line; give the user alone, and the password by --fetch-password-file' \
	imaps://a:Geheim4711@imap.example.org
out_lacks Geheim4711 '... and the password is not repeated'
fetch '--fetch: control characters are in the user' 'imaps://a%0d%0ab@imap.example.org'
fetch '--wait: an hour is the most, 3600' imaps://a@imap.example.org --wait 3601
fetch '--fetch needs a login: give --fetch-password-file FILE, --fetch-token-file FILE, or SMTPWHY_FETCH_PASSWORD' imaps://a@imap.example.org
fetch "cannot read the mailbox password from '/nonexistent': No such file or directory" imaps://a@imap.example.org --fetch-password-file /nonexistent
wrong 'smtpwhy send: --wait and --fetch-password-file belong to --fetch URL' send smtp.example.org --yes --to a@example.org --from b@example.org --wait 5
wrong 'smtpwhy send: --fetch looks into a real mailbox, and the lab delivers nothing' \
	send --lab healthy --to a@example.org --fetch imaps://a@imap.example.org
SMTPWHY_FETCH_PASSWORD=made-up-Hk3 run send 127.0.0.1:9 --yes --from a@example.org --to b@example.org --fetch imaps://a@127.0.0.1:9
status 3 'a mailbox that cannot be read'
err_has "smtpwhy send: --fetch: nothing was sent, because the mailbox can't be read: cannot connect to 127.0.0.1:9: refused"
out_empty '... sends nothing'

# Without consent nothing is dialled.
wrong 'smtpwhy send: nothing is sent unasked: there is no terminal to ask on, so say --yes' \
	send 127.0.0.1:9 --from a@example.org --to b@example.org
run send 127.0.0.1:9 --from a@example.org --to b@example.org --yes
status 1 'with --yes it is sent, where there is a server'
err_has 'goes through 127.0.0.1:9, without a login, from this machine as '
if have_terminal; then
	on_terminal() { python3 "$top/tests/cli/on-terminal.py" -t '[y/N]' "$1" "$SMTPWHY" send 127.0.0.1:9 --from a@example.org --to b@example.org --no-progress; }
	for answer in 'n\n' '\n' '\x04' 'yess\n'; do
		on_terminal "$answer" >"$scratch/out"
		rc=$?
		last="smtpwhy send on a terminal, answer '$answer'"
		: >"$scratch/err"
		status 2 "asked on a terminal, '$answer' is no"
		out_has 'smtpwhy send: not confirmed; nothing was sent'
	done
	on_terminal '\x03' >"$scratch/out"
	rc=$?
	last='smtpwhy send on a terminal, Ctrl-C'
	status 130 '... Ctrl-C ends it'
	out_lacks 'is refused' '... before anything is dialled'
	on_terminal 'y\n' >"$scratch/out"
	rc=$?
	status 1 "... and 'y' is yes"
	out_has 'the connection to 127.0.0.1 is refused' '... and the server is dialled'
else
	skip 'the question on a terminal' "$no_terminal"
fi
done_testing
