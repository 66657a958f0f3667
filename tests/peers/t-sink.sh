#!/bin/sh
# Do clients nobody here wrote get their mail into the sandbox, and does a signature that dkimpy made hold there? swaks and curl send.
. "$(dirname "$0")/lib.sh"
in_root sink

cd "$peer" || bail 'no folder'
quietly openssl genrsa -out mail.private 2048
key=$(openssl rsa -in mail.private -pubout 2>/dev/null | grep -v -- ----- | tr -d '\n')
cat >zone.scenario <<END
title     A domain with a key
target    sends.test

dns
	sends.test                  TXT v=spf1 ip4:192.0.2.7 -all
	mail._domainkey.sends.test  TXT v=DKIM1; h=sha256; k=rsa; p=$key
	_dmarc.sends.test           TXT v=DMARC1; p=reject
	mail.sends.test             A 192.0.2.7
	7.2.0.192.in-addr.arpa      PTR mail.sends.test
END
{
	printf 'From: App <app@sends.test>\nTo: b@corp.test\nSubject: signed\nDate: %s\nMessage-ID: <1@sends.test>\n\n' "$(date -R)"
	printf '.a line that begins with a dot\n\nAnd one  with  blanks. \n'
} >plain.eml
sed 's/$/\r/' plain.eml | dkimsign mail sends.test mail.private 2>>"$out/start.log" | tr -d '\r' >signed.eml
grep -q '^DKIM-Signature:' signed.eml || bail 'dkimpy does not sign'

background "$out/sink" "$out/sink.err" "$SMTPWHY" sink --lab "$peer/zone.scenario" --as 192.0.2.7 --store "$peer/store" --format ndjson --count 4
until_says "$out/sink" listening || bail "the sandbox did not start"
port=$(jq -r .port "$out/sink") ca=$(jq -r .ca_file "$out/sink")

# said N PATH: of the Nth message
said() { jq -r "select(.number == $1) | $2" "$out/sink"; }

sed 's/\r$//; s/$/\r/' signed.eml >crlf.eml
curl --silent --show-error --ssl-reqd --cacert "$ca" --user "app:$password" --mail-from app@sends.test --mail-rcpt b@corp.test \
	--upload-file crlf.eml "smtp://localhost:$port" 2>"$out/curl.err"
is 'curl, with STARTTLS and a login' $? 0
swaks --server 127.0.0.1 --port "$port" -tls --auth plain --auth-user app --auth-password "$password" --from app@sends.test --to b@corp.test \
	--data @signed.eml >"$out/swaks.1" 2>&1
is 'swaks, with STARTTLS and AUTH PLAIN' $? 0
swaks --server 127.0.0.1 --port "$port" --auth login --auth-user app --auth-password "$password" --from app@sends.test --to b@corp.test,c@corp.test \
	--pipeline --h-From 'app@sends.test' --header 'Subject: not signed' >"$out/swaks.2" 2>&1
is 'swaks, with AUTH LOGIN, to two, pipelined' $? 0
sed 's/with  blanks/with other words/' crlf.eml >changed.eml
curl --silent --show-error --mail-from app@elsewhere.test --mail-rcpt b@corp.test --upload-file changed.eml "smtp://localhost:$port" 2>>"$out/curl.err"
is 'curl, in clear text, with a message that was changed' $? 0
wait "$background"
is 'the exit status' $? 1
background=

is 'dkimpy signed it, curl sent it' "$(said 1 '.dkim[0].result, .dkim[0].bits, .dmarc.result, .client.tls, .client.signed_in, .problem' | xargs)" \
	'pass 2048 pass TLS1.3 true false'
is 'dkimpy signed it, swaks sent it' "$(said 2 '.dkim[0].result, .dmarc.result, .client.signed_in, .problem' | xargs)" 'pass pass true false'
is 'without a signature SPF alone lets DMARC pass' "$(said 3 '(.dkim | length), .spf.result, .dmarc.result, (.envelope.to | join(","))' | xargs)" \
	'0 pass pass b@corp.test,c@corp.test'
is 'the changed one fails, and the policy rejects it' "$(said 4 '.dkim[0].result, .dmarc.result, .receivers[0].would, .problem' | xargs)" 'fail fail reject true'
sed 's/\r$//' store/0001.eml | sed '1,/^	[A-Z][a-z][a-z], .*+0000$/d' >kept.eml
sed 's/\r$//' signed.eml >sent.eml
is 'what is stored is what was sent' "$(diff kept.eml sent.eml)" ''
ok 'the password is nowhere in it' [ "$(grep -c "$password" "$out/sink" "$out/sink.err" | cut -d: -f2 | xargs)" = '0 0' ]
finish
