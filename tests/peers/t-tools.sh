#!/bin/sh
# Are the servers what the other tests take them for? Asked with tools nobody here wrote: swaks, OpenSSL, GnuTLS, dig.
. "$(dirname "$0")/lib.sh"
in_root postfix
peer_start dns dovecot postfix

replies() { swaks "$@" 2>&1 | sed -n 's/^<[-~*]\**  *//p' | tail -n 2 | head -n 1; }
tls() { openssl s_client -connect "$1" -starttls smtp "$2" -cipher ALL:@SECLEVEL=0 </dev/null 2>&1 |
	grep -q '^New, TLSv' && echo yes || echo no; }
trust() { gnutls-cli --x509cafile="$peer/pki/root.pem" --starttls-proto=smtp -p 587 "$1" </dev/null 2>&1 | sed -n 's/^- Status: //p'; }
rcode() { dig +tries=1 +time=3 "$@" | sed -n 's/.*status: \([A-Z]*\).*/\1/p'; }

like 'a login at Postfix' "$(replies --server smtp.corp.test:587 --quit-after AUTH -tls --auth plain --auth-user user@corp.test \
	--auth-password "$password")" '235 *'
like 'a wrong password at Postfix' "$(replies --server smtp.corp.test:465 --quit-after AUTH --tls-on-connect --auth login \
	--auth-user user@corp.test --auth-password wrong)" '535 5.7.8 *'
like 'relaying is refused' "$(replies --server mx.corp.test:25 --quit-after RCPT --from a@insecure.test --to b@elsewhere.test)" '454 4.7.1 *'
like 'an unknown recipient' "$(replies --server mx.corp.test:25 --quit-after RCPT --from a@insecure.test --to no@corp.test)" '550 5.1.1 *'
like 'someone else as the sender' "$(replies --server smtp.corp.test:587 --quit-after RCPT -tls --auth plain --auth-user user@corp.test \
	--auth-password "$password" --from boss@corp.test --to user@corp.test)" '553 5.7.1 *not owned by user*'
like 'the open relay relays' "$(replies --server open.corp.test:25 --quit-after RCPT --from a@insecure.test --to b@elsewhere.test)" '250 2.1.5 *'
like 'a blocklist' "$(swaks --server listed.corp.test:25 --quit-after EHLO 2>&1 | grep '^<\*\*')" '*554 5.7.1 *blocked using zen.corp.test*'

for v in 1 1_1 1_2 1_3; do
	printf '%s ' "$(tls 127.0.1.1:25 -tls$v)$(tls 127.0.1.1:587 -tls$v)$(tls 127.0.1.7:587 -tls$v)"
done >"$out/versions"
is 'TLS versions 1.0 to 1.3 at mx:25, smtp:587, old:587' "$(cat "$out/versions")" 'yesnoyes yesnoyes yesyesno yesyesno '

like 'a certificate that is right' "$(trust smtp.corp.test)" '*is trusted*'
like 'one that expired' "$(trust expired.corp.test)" '*expired*'
like "one of another host" "$(trust other.corp.test)" '*name in the certificate does not match*'
like 'a self-signed one' "$(trust selfsigned.corp.test)" '*issuer is unknown*'
like 'one without its intermediate' "$(trust nochain.corp.test)" '*issuer is unknown*'

like 'the resolver validates' "$(dig corp.test MX)" '*flags: qr rd ra ad;*'
is 'a name that is not there' "$(rcode gone.corp.test)" NXDOMAIN
is 'a zone whose signatures are missing' "$(rcode mx.bogus.test) $(rcode +cd mx.bogus.test)" 'SERVFAIL NOERROR'
is 'a server that refuses' "$(rcode @127.0.0.1 -p 5353 x.lame.test)" REFUSED
like 'an answer too big for UDP' "$(dig big.corp.test TXT)" '*Truncated, retrying in TCP mode*(TCP)*'

# One token of each kind, at Postfix (through Dovecot) and at Dovecot itself.
xoauth2()
{
	blob=$(printf 'user=user@corp.test\001auth=Bearer %s\001\001' "$2" | base64 -w 0)
	(sleep 0.2; echo EHLO here; sleep 0.2; echo "AUTH XOAUTH2 $blob"; sleep 0.4; echo; sleep 0.4; echo QUIT; sleep 0.1) |
		openssl s_client -quiet -crlf -ign_eof -connect "$1" 2>/dev/null | tr -d '\r' | grep -E '^(235|334|535)' | cut -c 1-3 | xargs
}
for at in 127.0.1.1:465 127.0.1.20:465; do
	is "tokens at $at: good, expired, signed by a stranger" \
		"$(xoauth2 $at "$(token)"), $(xoauth2 $at "$(token exp=1700000000)"), $(xoauth2 $at "$(stranger_token)")" \
		'235, 334 535, 334 535'
done
finish
