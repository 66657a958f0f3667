#!/bin/sh
# Postfix 3.7 with Dovecot's SASL: a server as it should be, and everything that goes wrong with one.
. "$(dirname "$0")/lib.sh"
in_root postfix
peer_start dns dovecot postfix

ask smtp.corp.test:587
cause_is 'a healthy submission server' none 0
checks_are 'every step of it passes' 'dns.address pass' 'tcp.587 pass' 'smtp.greeting pass' 'smtp.ehlo pass' 'smtp.starttls pass' \
	'tls.version pass' 'tls.certificate pass' 'tls.cipher pass' 'smtp.ehlo-tls pass' 'smtp.extensions pass' 'auth.mechanisms pass'
like 'the mechanisms are told' "$(check auth.mechanisms .summary)" '*XOAUTH2*'
like 'the transcript holds the greeting as it was sent' "$(field '.transcripts[0].lines[0].text')" '220 mx.corp.test ESMTP Postfix*'

ask smtp.corp.test:465
cause_is 'TLS from the first byte' none 0
checks_are 'and what comes after it' 'tcp.465 pass' 'smtp.greeting pass' 'tls.certificate pass' 'smtp.ehlo pass' 'auth.mechanisms pass'

# The version matrix must be what OpenSSL finds with its own handshakes.
for at in smtp.corp.test:587 mx.corp.test:25 old.corp.test:587; do
	ask "$at"
	is "TLS versions of $at as OpenSSL finds them" "$(versions "${at#*:}")" "$(openssl_versions "$at")"
done
checks_are 'a server with nothing newer than TLS 1.1' 'tls.version fail'
cause_is '... is named so' tls-version-unsupported 1

# --- certificates ---
for case in 'expired certificate-expired' 'other certificate-name-mismatch' 'selfsigned certificate-untrusted' \
	'nochain certificate-untrusted'; do
	ask "${case% *}.corp.test:587"
	cause_is "the certificate: ${case% *}" "${case#* }" 1
	checks_are 'and the talk goes on, to find what comes next' 'smtp.starttls pass' 'tls.certificate fail' 'smtp.ehlo-tls pass'
done
ask soon.corp.test:587
checks_are 'a certificate with three days left' 'tls.certificate warn'
is 'a warning is no failure' "$status" 0
ask soon.corp.test:587 --strict
is 'unless --strict says so' "$status" 1

# --- no TLS ---
ask plain.corp.test:587
cause_is 'no STARTTLS offered' starttls-unavailable 1
ask plain.corp.test:587 --user user@corp.test --password-file "$(secret wrong-anyway)"
is 'no password is sent without TLS' "$(field '[.transcripts[].lines[] | select(.dir == "C" and (.text | test("^AUTH")))] | length')" 0

# --- passwords ---
for mech in plain login; do
	ask smtp.corp.test:587 --auth $mech --user user@corp.test --password-file "$(secret "$password")"
	checks_are "AUTH $(echo $mech | tr a-z A-Z) with the right password" "auth.$mech pass"
	cause_is '... and nothing stands in the way' none 0
	ask smtp.corp.test:587 --auth $mech --user user@corp.test --password-file "$(secret wrong-anyway)"
	checks_are '... with a wrong one' "auth.$mech fail"
	cause_is '... is a wrong credential' wrong-credentials 1
	tries=$(grep -c 'assword mismatch' "$peer/dovecot/log")
	is '... tried once, not twice (smart lockout)' "$tries" $((${tries_before-0} + 1))
	tries_before=$tries
done

# --- tokens ---
for mech in xoauth2 oauthbearer; do
	ask smtp.corp.test:587 --auth $mech --user user@corp.test --token-file "$(secret "$(token)")"
	checks_are "$mech with a good token" "auth.$mech pass"
	cause_is '... and nothing stands in the way' none 0
	ask smtp.corp.test:587 --auth $mech --user user@corp.test --token-file "$(secret "$(stranger_token)")"
	checks_are '... signed by someone else' "auth.$mech fail"
	is '... is a problem' "$status" 1
	ask smtp.corp.test:587 --auth $mech --user user@corp.test --token-file "$(secret "$(token exp=1700000000)")"
	cause_is '... one that expired' oauth-token-expired 1
done

# --- sender and recipient: RSET, never DATA ---
ask mx.corp.test:25 --from a@insecure.test --to user@corp.test
checks_are 'mail for a user' 'smtp.mail-from pass' 'smtp.rcpt-to pass'
ask mx.corp.test:25 --from a@insecure.test --to no@corp.test
cause_is 'an unknown recipient' unknown-recipient 1
ask mx.corp.test:25 --from a@insecure.test --to b@elsewhere.test
cause_is 'relaying denied' relay-denied 1
ask smtp.corp.test:587 --user user@corp.test --password-file "$(secret "$password")" --from boss@corp.test --to user@corp.test
cause_is "another's name as the sender" send-as-denied 1
ask grey.corp.test:25 --from a@insecure.test --to user@corp.test
cause_is 'greylisting' greylisted 1
ask listed.corp.test:25
cause_is 'a blocklist, in the greeting' ip-blocklisted 1
ask open.corp.test:25 --from a@insecure.test --to b@elsewhere.test
checks_are 'mail for strangers is taken: perhaps an open relay' 'smtp.rcpt-to pass' 'relay.open warn'
ask mx.corp.test:25 --from a@insecure.test --to user@corp.test
checks_are 'mail for its own users: none' 'smtp.rcpt-to pass' 'relay.open pass'
is 'nothing was ever sent' "$(grep -c 'from=<.*nrcpt' "$peer/postfix/log")" 0

# --- a message, and whom a login may send as ---
box=$peer/postfix/boxes/user
# arrived N: waits until so many messages lie there, or 10 s.
arrived()
{
	for _ in $(seq 200); do
		[ "$(grep -c '^Subject: Test message of smtpwhy' "$box" 2>/dev/null)" -lt "$1" ] || break
		sleep 0.05
	done
	grep -c '^Subject: Test message of smtpwhy' "$box" 2>/dev/null
}
ask smtp.corp.test:587 --user user@corp.test --password-file "$(secret "$password")" --from user@corp.test --to user@box.corp.test --data
checks_are 'a message is taken' 'smtp.rcpt-to pass' 'smtp.data pass'
is 'it arrives, once' "$(arrived 1)" 1
like 'as what it was announced to be' "$(cat "$out/$run_n.err")" '*one message from user@corp.test to user@box.corp.test*'
is 'under the queue id that was told' "$(grep -c "$(fact smtp.587.data.queue-id): to=<user@box.corp.test>.*status=sent" "$peer/postfix/log")" 1
is 'marked as made by a machine, with the id that was told' \
	"$(grep -c -e '^Auto-Submitted: auto-generated' -e "^Message-ID: $(fact smtp.587.data.message-id)" "$box")" 2
printf '%s\n' user@corp.test boss@corp.test stranger@elsewhere.test >"$peer/senders"
ask smtp.corp.test:587 --user user@corp.test --password-file "$(secret "$password")" --from-list "$peer/senders" --to user@box.corp.test
is 'whom the login may send as' "$(field '[.senders.rows[] | .from + " " + .verdict] | join(", ")')" \
	'user@corp.test accepted, boss@corp.test refused, stranger@elsewhere.test refused'
is 'with one login' "$(field '[.transcripts[].lines[] | select(.dir == "C" and (.text | test("^AUTH")))] | length')" 1
is 'and no message' "$(arrived 1)" 1
ask smtp.corp.test:587 --user user@corp.test --password-file "$(secret "$password")" --from-list "$peer/senders" --to user@box.corp.test --data
is 'the same with messages' "$(field '[.senders.rows[] | .from + " " + .verdict] | join(", ")')" \
	'user@corp.test accepted, boss@corp.test refused, stranger@elsewhere.test refused'
is 'of which the one that was taken arrives' "$(arrived 2)" 2

# --- a certificate of ours, and direct send ---
own="--client-cert $peer/pki/client.pem --client-key $peer/pki/client.key"
strange="--client-cert $peer/pki/stranger.pem --client-key $peer/pki/stranger.key"
tries() { field '[.direct_send.tries[] | .verdict + " " + (.certificate_asked | tostring) + " " + (.certificate_shown | tostring)] | join(", ")'; }
# direct DOMAIN OPTION...
direct() { domain=$1; shift; ask "$domain" --direct-send-test "$domain" --i-may-test "$domain" --to "user@$domain" "$@"; }
direct cert.corp.test
is 'refused without a certificate' "$(tries)" 'refused true false'
# shellcheck disable=SC2086 # options
direct cert.corp.test $own
is 'taken with one' "$(tries)" 'refused true false, taken true true'
like 'which is what makes the difference' "$(field '.direct_send.words | join("; ")')" '*the certificate makes the difference at ccert.corp.test*'
# shellcheck disable=SC2086
direct cert.corp.test $strange
is 'refused with one from nobody' "$(tries)" 'refused true false, refused true true'
# shellcheck disable=SC2086
direct must.corp.test $own
is 'a server that talks to nobody without one' "$(tries)" 'later true false, taken true true'
cause_is 'which, taken with one, is no problem' none 0
# shellcheck disable=SC2086
direct must.corp.test $strange
is '... nor with one from nobody' "$(tries)" 'later true false, later true true'
cause_is '... as it says' tls-required 1
# shellcheck disable=SC2086
direct corp.test $own
is 'one that does not ask for it' "$(tries)" 'taken false false, taken false false'
like 'which is said' "$(field '.direct_send.words | join("; ")')" '*mx.corp.test did not ask for a client certificate*'
# shellcheck disable=SC2086
ask ccert.corp.test:25 $own --from a@insecure.test --to b@elsewhere.test
checks_are 'the certificate is shown in every other check, too' 'smtp.rcpt-to pass'
is 'no message was sent for any of that' "$(arrived 2)" 2
is 'and no line of the key is anywhere' "$(grep -lF "$(sed -n 2p "$peer/pki/client.key")" "$out"/*.json "$out"/*.err 2>/dev/null | wc -l)" 0

# --- a server in trouble ---
ask deadauth.corp.test:587
is 'the password server behind it is dead: a problem is found' "$status" 1
ask busy.corp.test:587
ask busy.corp.test:587
cause_is 'too many connections' throttled-connections 1
finish
