#!/bin/sh
# mx.delivery: who can deliver to a domain's MX hosts, and how. Each finding by a zone and servers that have it, and by a neighbour that
# must not.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"
. "$top/tests/cli/zone.sh"

# The RSA key of the lab's servers (data/lab-key.pem), and a key that nobody has.
rsa=56ead01d37f48ab8a7ee88e918316a896fbe41dd94e722ba2e7a7c3bb09b0425
other=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
tlsa='_25._tcp.mx.sends.example TLSA'

# lines LINE...: the zone's, beside the MX.
lines()
{
	{
		echo 'sends.example MX 0 mx.sends.example'
		for line; do echo "$line"; done
	} | zone
}

# server HOST LINE...: of that MX host.
server()
{
	printf 'server %s:25\n' "$1" >>"$scratch/zone.scenario"
	shift
	for line; do printf '	%s\n' "$line" >>"$scratch/zone.scenario"; done
}

# policy MODE MX: the MTA-STS policy of the zone.
policy()
{
	printf 'dns\n	_mta-sts.sends.example TXT v=STSv1; id=1\nserver mta-sts.sends.example:443\n	speaks http\n' >>"$scratch/zone.scenario"
	printf '	get </.well-known/mta-sts.txt>  200 version: STSv1\n		send \\r\\nmode: %s\\r\\nmx: %s\\r\\nmax_age: 604800\\r\\n\n' \
		"$1" "$2" >>"$scratch/zone.scenario"
}

# row KEY OUTCOMES: the table has that row of mx.sends.example: opportunistic, mta-sts, mta-sts-enforced, dane, both.
row()
{
	grep -qE "^ *mx\.sends\.example +192\.0\.2\.[0-9]+ +$1 +$(echo "$2" | sed 's/ / +/g')\$" "$scratch/out"
	say $? "... $1: $2" "$1 $2"
}

delivers() { finds mx.delivery "${1:+delivery.$1}" "delivery: $2"; }

lines
server mx.sends.example 'tls starttls' 'offers STARTTLS'
delivers '' 'nothing is published'
row ECDSA 'encrypted encrypted encrypted encrypted encrypted'
out_has '1 address: opportunistic encrypted, MTA-STS encrypted,'
out_has 'mta-sts: encrypted: no policy is published: TLS is used, and the certificate does not matter (RFC 8461, 3.3)'

lines
server mx.sends.example 'tls none'
delivers clear 'no STARTTLS'
row - 'clear clear deferred clear clear'
status 0

lines
server mx.sends.example 'tls none' 'mail-cleartext 530 5.7.0 Must issue a STARTTLS command first'
delivers opportunistic '... and MAIL FROM demands it'
row - 'bounced bounced deferred bounced bounced'
status 1

lines
server mx.sends.example 'tls starttls' 'offers STARTTLS' 'mail-cleartext 530 5.7.0 Must issue a STARTTLS command first'
delivers tls-demanded 'STARTTLS, which MAIL FROM demands'
row ECDSA 'encrypted encrypted encrypted encrypted encrypted'
lines
server mx.sends.example 'tls starttls' 'offers STARTTLS' 'mail-cleartext 550 5.1.7 Bad sender'
delivers '' '... a refusal about something else'

lines
server mx.sends.example 'tls starttls' 'offers STARTTLS' 'handshake alert handshake_failure'
delivers clear 'a handshake that fails'
row - 'clear clear deferred clear clear'
out_has 'most senders retry without TLS, some defer (RFC 7435, 1.2)'
lines
server mx.sends.example 'tls starttls' 'offers STARTTLS' 'starttls 454 4.7.0 TLS not available'
delivers clear 'STARTTLS is refused'

# --- MTA-STS ---

lines
server mx.sends.example 'tls starttls' 'offers STARTTLS'
policy enforce 'mx.sends.example'
delivers '' 'a policy that is kept'
row ECDSA 'encrypted encrypted encrypted encrypted encrypted'
lines
server mx.sends.example 'tls starttls' 'offers STARTTLS' 'certificate expired'
policy enforce 'mx.sends.example'
delivers mta-sts 'an expired certificate under a policy'
status 1
row ECDSA 'encrypted deferred deferred encrypted deferred'
out_has 'the certificate of mx.sends.example is not valid for it (expired) (RFC 8461, 4.2)'
lines
server mx.sends.example 'tls starttls' 'offers STARTTLS' 'certificate good for www.sends.example'
policy enforce '*.sends.example'
delivers mta-sts 'a certificate for another name'
lines
server mx.sends.example 'tls none'
policy enforce 'mx.sends.example'
delivers mta-sts 'no STARTTLS under a policy'
row - 'clear deferred deferred clear deferred'
lines
server mx.sends.example 'tls starttls' 'offers STARTTLS' 'certificate expired'
policy testing 'mx.sends.example'
delivers testing '... in testing'
row ECDSA 'encrypted encrypted deferred encrypted encrypted'
out_has "mta-sts: encrypted: the policy is in testing: 'the certificate of mx.sends.example is not valid for it (expired)' is reported"
lines
server mx.sends.example 'tls starttls' 'offers STARTTLS'
policy testing 'mx.sends.example'
delivers '' 'a policy in testing that is kept'
lines
server mx.sends.example 'tls starttls' 'offers STARTTLS' 'certificate expired'
delivers '' 'an expired certificate, and no policy'
row ECDSA 'encrypted encrypted deferred encrypted encrypted'
out_has 'mta-sts-enforced: deferred: with a policy kept from before: the certificate'

# --- DANE ---

lines ad "$tlsa 3 1 1 $rsa"
server mx.sends.example 'tls starttls' 'offers STARTTLS' 'keys rsa' 'certificate self-signed'
delivers '' 'a TLSA record that fits'
row RSA 'encrypted encrypted deferred encrypted encrypted'
lines ad "$tlsa 3 1 1 $other"
server mx.sends.example 'tls starttls' 'offers STARTTLS' 'keys rsa'
delivers dane '... for another key'
status 1
row RSA 'encrypted encrypted encrypted deferred deferred'
lines "$tlsa 3 1 1 $other"
server mx.sends.example 'tls starttls' 'offers STARTTLS' 'keys rsa'
delivers '' '... that DNSSEC does not validate'
lines ad "$tlsa 3 1 1 $rsa"
server mx.sends.example 'tls none'
delivers dane 'a TLSA record, and no STARTTLS'
row - 'clear clear deferred deferred deferred'
out_has 'dane: deferred: STARTTLS is not offered, and TLSA records demand TLS (RFC 7672, 2.2)'
lines ad '_25._tcp.mx.sends.example servfail'
server mx.sends.example 'tls starttls' 'offers STARTTLS'
delivers dane 'the look-up of TLSA fails'
lines ad "$tlsa 1 1 1 $other"
server mx.sends.example 'tls starttls' 'offers STARTTLS'
delivers '' 'TLSA records that nobody can use'
out_has 'TLS is demanded, and nothing is compared'

# Two certificates: the record is for one of the two keys.
lines ad "$tlsa 3 1 1 $rsa"
server mx.sends.example 'tls starttls' 'offers STARTTLS' 'keys ecdsa rsa'
delivers key 'a TLSA record for one of two keys'
row RSA 'encrypted encrypted encrypted encrypted encrypted'
row ECDSA 'encrypted encrypted encrypted deferred deferred'
lines
server mx.sends.example 'tls starttls' 'offers STARTTLS' 'keys ecdsa rsa'
delivers '' '... and none'

# A certificate that MTA-STS would not take, where DANE comes first; and one that DANE refuses.
lines ad "$tlsa 3 1 1 $rsa"
server mx.sends.example 'tls starttls' 'offers STARTTLS' 'keys rsa' 'certificate expired'
policy enforce mx.sends.example
delivers mta-sts 'DANE fits, and MTA-STS does not'
row RSA 'encrypted deferred deferred encrypted encrypted'
lines ad "$tlsa 3 1 1 $other"
server mx.sends.example 'tls starttls' 'offers STARTTLS' 'keys rsa'
policy enforce mx.sends.example
delivers dane 'MTA-STS is kept, and DANE is not'
row RSA 'encrypted encrypted encrypted deferred deferred'

# --- several hosts and addresses ---

lines 'sends.example MX 5 mx2.sends.example'
server mx.sends.example 'tls starttls' 'offers STARTTLS'
server mx2.sends.example 'tls starttls' 'offers STARTTLS'
policy enforce mx2.sends.example
delivers some 'the policy names one of two hosts'
row ECDSA 'encrypted deferred deferred encrypted deferred'
lines 'mx.sends.example A 192.0.2.71 192.0.2.72'
server '[192.0.2.71]' 'tls starttls' 'offers STARTTLS' 'certificate good for mx.sends.example'
server '[192.0.2.72]' 'tls none'
policy enforce mx.sends.example
delivers some 'one of two addresses has no STARTTLS'
out_has '(192.0.2.72)'
lines 'mx.sends.example A 192.0.2.71 192.0.2.72'
server '[192.0.2.71]' 'tls starttls' 'offers STARTTLS'
server '[192.0.2.72]' 'tcp refused'
delivers some 'one of two addresses is refused'
lines
server mx.sends.example 'tcp refused'
run check --lab "$scratch/zone.scenario" sends.example --only mx.delivery --no-progress -v
out_has 'no MX host can be asked from here: port 25 is' 'none is reached: nothing is said of senders'
echo 'sends.example MX 0 .' | zone
run check --lab "$scratch/zone.scenario" sends.example --only mx.delivery --no-progress -v
out_has 'no MX host has an address to try'
run check --lab "$scratch/zone.scenario" mx.sends.example:25 --no-progress -v
out_lacks 'MX host ' 'a host is no domain: it is not asked'
done_testing
