#!/bin/sh
# sink: an application's test suite starts it, reads the port, sends, and asks for the exit status; clients of all kinds, hostile ones too.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

# sink ARG...: starts it and sets $port; what it says is in out and err.
sink()
{
	last="smtpwhy sink $*"
	background "$scratch/out" "$scratch/err" "$SMTPWHY" sink "$@"
	until_says "$scratch/out" 'listening'
	port=$(sed -n '1s/^listening on .*:\([0-9]*\)$/\1/p; 1s/.*"port":\([0-9]*\),.*/\1/p' "$scratch/out")
}
# ended STATUS TITLE: waits for its own end.
ended()
{
	wait "$background"
	rc=$?
	background=
	without_remark "$scratch/err"
	[ "$rc" = "$1" ]
	say $? "$2" "exit status $1"
}
# client TITLE PATTERN...: the script on standard input; each pattern is a whole reply, in this order.
client()
{
	title=$1
	shift
	python3 "$top/tests/cli/smtp-say.py" "$port" >"$scratch/replies" 2>&1
	printf '%s\n' "$@" >"$scratch/wanted"
	awk 'NR == FNR { want[++n] = $0; next } at < n && index($0, want[at + 1]) == 1 { at++ } END { exit at < n }' "$scratch/wanted" "$scratch/replies"
	rc=$?
	say "$rc" "$title" "$(tr '\n' '|' <"$scratch/wanted") in $(tr '\n' '|' <"$scratch/replies")"
}
# line_has N TEXT TITLE
line_has() { sed -n "$1p" "$scratch/out" | grep -qF -e "$2"; say $? "$3" "$2 in line $1"; }

# --- what an application's test suite does ---

cat >"$scratch/zone.scenario" <<'END'
like      m365
title     Keys of RFC 8463, appendix A
user
password
target    football.example.com
dns
	brisbane._domainkey.football.example.com TXT v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
	test._domainkey.football.example.com TXT v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB
	football.example.com TXT v=spf1 ip4:192.0.2.7 -all
	_dmarc.football.example.com TXT v=DMARC1; p=reject
	7.2.0.192.in-addr.arpa PTR out.football.example.com
	out.football.example.com A 192.0.2.7
END
cat >"$scratch/client.py" <<'END'
# Sends a message by smtplib, with STARTTLS and a login; then the same with another subject.
import smtplib, ssl, sys
port, ca, path, secret = sys.argv[1:]
message = open(path, "rb").read().replace(b"\n", b"\r\n")
with smtplib.SMTP("localhost", int(port), timeout=60) as s:
    s.starttls(context=ssl.create_default_context(cafile=ca))
    s.login("app", secret)
    s.sendmail("joe@football.example.com", ["suzie@shopping.example.net"], message)
    s.sendmail("joe@football.example.com", ["suzie@shopping.example.net"], message.replace(b"Is dinner", b"Was dinner"))
END
signed=$top/tests/cli/data/signed.eml
secret=Gr0sses-Kamel.77
sink --lab "$scratch/zone.scenario" --as 192.0.2.7 --store "$scratch/store" --format ndjson --count 2 --max-time 300
ca=$(sed -n '1s/.*"ca_file":"\([^"]*\)".*/\1/p' "$scratch/out")
python3 "$scratch/client.py" "$port" "$ca" "$signed" "$secret" 2>"$scratch/client" || cat "$scratch/client"
ended 1 'smtplib: one message is good, and one was changed after it was signed'
valid sink 'the output is as its schema says'
line_has 2 '"spf":{"result":"pass","domain":"football.example.com","address":"192.0.2.7","aligned":true' 'SPF passes for the address of --as'
line_has 2 '"result":"pass","domain":"football.example.com","selector":"brisbane","algorithm":"ed25519-sha256"' 'DKIM passes with Ed25519'
line_has 2 '"result":"pass","domain":"football.example.com","selector":"test","algorithm":"rsa-sha256","bits":1024' '... and with RSA'
line_has 2 '"dmarc":{"result":"pass","policy":"reject"' 'DMARC passes'
line_has 2 '"reverse_dns":{"confirmed":true' 'the name of the address leads back to it'
line_has 2 '"tls":"TLS1.3","signed_in":true' 'it came by TLS, after a login'
line_has 2 '"faults":[]' 'nothing is wrong with it'
line_has 2 '{"receiver":"Gmail","would":"accept"' 'Gmail would accept it'
line_has 2 '{"receiver":"Outlook.com","would":"accept"' '... and Outlook.com'
line_has 3 '"result":"fail","domain":"football.example.com","selector":"test"' 'the signature of the other one fails'
line_has 3 '"id":"dkim-fail","severity":"problem"' '... which is a problem'
line_has 3 '"dmarc":{"result":"pass"' '... though DMARC passes by SPF'
line_has 4 '"event":"end","messages":2,"wanted":2,"problems":1' 'the last line counts them'
out_lacks "$secret" 'what the client logged in with is not shown'
[ "$(stat -c %a "$scratch/store/0001.eml" "$scratch/store/0002.eml" | tr '\n' ' ')" = '600 600 ' ]
say $? 'both are stored, for their owner alone'
sed 's/\r$//; 1,/^	[A-Z].*+0000$/d' "$scratch/store/0001.eml" | cmp -s - "$signed"
say $? 'below what a receiver adds, the file is what was sent'
sed 's/\r$//; 3q' "$scratch/store/0001.eml" >"$scratch/trace"
grep -qx 'Return-Path: <joe@football.example.com>' "$scratch/trace" && grep -q '^Received: from .*(\[127.0.0.1\])$' "$scratch/trace" &&
	grep -q '^	by sink.smtpwhy.invalid with ESMTPSA id 1$' "$scratch/trace"
say $? '... and these are Return-Path and Received'
[ ! -e "$ca" ]
say $? 'the CA file is gone'

# --- faults of the form, told by a server that ends a message at CRLF.CRLF alone ---

sink --no-dns --format ndjson --store "$scratch/store"
head='Date: Tue, 01 Dec 2026 12:00:00 +0000\r\nFrom: a@sends.example\r\nMessage-ID: <1@sends.example>\r\n'
client 'line ends that only some servers take for an end' '250 2.0.0 Accepted as message 1' '250 2.0.0 Accepted as message 2' '221' <<END
EHLO here
MAIL FROM:<a@sends.example> SIZE=100 BODY=7BIT
RCPT TO:<b@x.example>
DATA
!$head\r\nbody\n.\nMAIL FROM:<evil@x.example>\r\n\n.\r\n\r\n.\n\r\n.\rx\r\n\r\n.\r\n
?
MAIL FROM:<>
RCPT TO:<b@x.example>
DATA
!$head\r\n..x\r\n..\r\n\r\n.\r\n
?
QUIT
END
client 'headers that receivers refuse' '250 2.0.0 Accepted as message 3' '250 2.0.0 Accepted as message 4' '250 2.0.0 Accepted as message 5' <<END
HELO here
MAIL FROM:<a@sends.example>
RCPT TO:<b@x.example>
DATA
!From: a@sends.example\r\nFrom: c@sends.example\r\nSubject: 1\r\nSubject: 2\r\nBcc: d@x.example\r\nContent-Type: text/plain\r\n
!\r\n\xe4\0\r\n
!1200 x
!\r\n.\r\n
?
EHLO here
MAIL FROM:<"a>b"@sends.example> BODY=8BITMIME SMTPUTF8
RCPT TO:<b@x.example>
DATA
!${head}Subject: \xc3\xa4\r\n\r\n\xc3\xa4\r\n.\r\n
?
MAIL FROM:<a@sends.example>
RCPT TO:<b@x.example>
DATA
!${head}no field\r\nFrom: a@x.example, b@x.example\r\n\r\nx\r\n.\r\n
?
QUIT
END
client 'chunks (BDAT)' '250 2.0.0 Chunk taken' '250 2.0.0 Accepted as message 6' '221' <<END
EHLO here
MAIL FROM:<a@sends.example>
RCPT TO:<b@x.example>
!BDAT 5\r\nFrom:
?
!BDAT 14 LAST\r\n a@x.example\r\n
?
QUIT
END
# --- bounds ---
{
	printf 'EHLO here\nMAIL FROM:<a@sends.example>\n'
	yes 'RCPT TO:<b@x.example>' | head -n 1001
	printf '!DATA\\r\\n\n?\n!%s\\r\\nx\\r\\n.\\r\\n\n?\nQUIT\n' "$head"
} >"$scratch/script"
client 'the recipient after the 1,000th' '452 4.5.3' '354' '250 2.0.0 Accepted as message 7' '221' <"$scratch/script"
{
	echo 'EHLO here'
	yes 'VRFY x' | head -n 150
} >"$scratch/script"
client 'a client that keeps it busy' '252' '421 4.7.0' 'gone' <"$scratch/script"
client 'a command without end' '250' '500 5.5.2' 'gone' <<END
EHLO here
!20000 x
!\r\n
?
?
END
client 'parameters, addresses and a wrong order' '503' '501 5.5.4' '552 5.3.4' '555 5.5.4' '501 5.1.7' '250' '555 5.5.4' '501 5.1.3' '503' '503' '501 5.5.4' <<END
MAIL FROM:<a@sends.example>
!EHLO a\rb\r\n
?
EHLO here
MAIL FROM:<a@sends.example> SIZE=99999999999
MAIL FROM:<a@sends.example> RET=HDRS
!MAIL FROM:<a\x01@sends.example>\r\n
?
MAIL FROM:<a@sends.example>
RCPT TO:<b@x.example> NOTIFY=NEVER
RCPT TO:<>
DATA
MAIL FROM:<a@sends.example>
BDAT x
QUIT
END
background_end
rc=$?
without_remark "$scratch/err"
[ "$rc" = 1 ]
say $? 'SIGTERM is an ordinary end: a message had a problem'
valid sink 'hostile messages as JSON'
line_has 2 '"id":"false-end","severity":"problem"' 'smuggling is named'
line_has 2 '"id":"bare-lf"' '... and bare LFs'
line_has 2 '"id":"bare-cr"' '... and bare CRs'
line_has 3 '"faults":[]' 'dots that were stuffed are no fault'
grep -qx 'x' "$scratch/store/0004.eml" || sed 's/\r$//' "$scratch/store/0004.eml" | grep -qx '.x'
say $? '... and one of them is removed'
for id in from-twice field-twice bcc-shown mime-version-missing nul line-too-long 8bit-undeclared date-missing message-id-missing helo; do
	line_has 4 "\"id\":\"$id\"" "named: $id"
done
line_has 5 '"faults":[]' '8 bits that were declared are no fault'
line_has 5 '"from":"\"a>b\"@sends.example"' 'a quoted local part'
line_has 6 '"id":"header-line-invalid"' 'a line of the header that is no field'
line_has 8 '"event":"message","number":7' 'each message is told, in order'
[ "$(find "$scratch/store" -name '*.eml' | wc -l)" = 9 ] && [ -e "$scratch/store/0003.eml" ]
say $? 'files of an earlier run stay'

# --- a login that is asked for; our own client; the end by time ---

printf '%s\n' "$secret" >"$scratch/password"
sink --user app --password-file "$scratch/password" --no-dns --count 2
client 'mail needs that login' '530 5.7.0' '535 5.7.8' '504 5.7.4' '235 2.7.0' '250 2.1.0' <<END
EHLO here
MAIL FROM:<a@sends.example>
AUTH PLAIN AGFwcAB3cm9uZw==
AUTH XOAUTH2 AGFwcAB3cm9uZw==
AUTH PLAIN $(printf '\0app\0%s' "$secret" | base64)
MAIL FROM:<a@sends.example>
QUIT
END
ca=$(sed -n 's/^ STARTTLS  *trust //p' "$scratch/out")
"$SMTPWHY" check "127.0.0.1:$port" --ca-file "$ca" --user app --password-file "$scratch/password" --from a@sends.example --to b@x.example \
	--data --no-progress --color never >"$scratch/check" 2>&1
background_end
rc=$?
[ "$rc" = 3 ]
say $? 'ended by SIGTERM after one message of two' 'exit status 3'
out_has '1 of 2 messages' 'and the last line says so'
out_has 'Test message of smtpwhy' 'it is what check --data sends'
out_has ', TLS (TLS1.3), signed in' '... by TLS, after a login'
out_lacks "$secret" 'no password is shown'

run sink --no-dns --count 1 --max-time 0.1
status 3 'no message within the time'
run sink --no-dns --max-time 0.1
status 0 'the same where none is waited for'

# --- as people see it ---

sink --lab "$scratch/zone.scenario" --count 1 --max-time 300
client 'from this machine, without --as' '250 2.0.0' <<END
EHLO here
MAIL FROM:<a@football.example.com>
RCPT TO:<b@x.example>
DATA
!Date: Tue, 01 Dec 2026 12:00:00 +0000\r\nFrom: a@football.example.com\r\nMessage-ID: <1@football.example.com>\r\n\r\nx\r\n.\r\n
?
QUIT
END
ended 0 'what cannot be judged from here is no problem'
out_has " SPF            not judged: the client's address is a private one; --as ADDRESS"
out_has ' DMARC          not known: it would pass where SPF or DKIM did; policy reject'
out_has '1 of 1 message: 0 with a problem'
awk 'length > 80' "$scratch/out" >"$scratch/long"
[ ! -s "$scratch/long" ]
say $? 'the text keeps to 80 columns'

wrong "smtpwhy sink: 'mail.example.com:25' is not an IP address and a port, such as 127.0.0.1:2525 or [::1]:2525" sink mail.example.com:25
wrong "smtpwhy sink: '127.0.0.1:70000' is not an IP address and a port, such as 127.0.0.1:2525 or [::1]:2525" sink 127.0.0.1:70000
wrong "smtpwhy sink: --count: '0' is not a number from 1 on" sink --count 0
wrong "smtpwhy sink: --as: 'here' is not an IP address" sink --as here
wrong "smtpwhy sink: --user and --password-file belong together" sink --user app
wrong "smtpwhy sink: --store: '$signed' is not a directory" sink --store "$signed"
wrong "smtpwhy sink: --no-dns asks no DNS server: remove it, or --resolver, --lab and --as" sink --no-dns --as 192.0.2.1
wrong "smtpwhy send: there is no --sink: 'smtpwhy sink' receives and judges mail" send --sink 127.0.0.1:2525
run sink 192.0.2.77:2525 --no-dns
status 2 'an address that this machine does not have'
err_has 'smtpwhy sink: cannot listen on 192.0.2.77 port 2525: Cannot assign requested address'
done_testing
