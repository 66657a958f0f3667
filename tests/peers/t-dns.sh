#!/bin/sh
# Unbound (validating) before Knot: what the name system can say, and what it keeps to itself.
. "$(dirname "$0")/lib.sh"
in_root postfix
peer_start dns dovecot postfix

ask corp.test --ports 25
checks_are 'a domain is asked at its MX' 'dns.mx pass' 'dns.null-mx pass' 'dns.address pass' 'tcp.25 pass' 'smtp.starttls pass'
is 'the host is the MX of the domain' "$(field .target.host)" mx.corp.test
ask user@corp.test --ports 25
is 'an address is asked at its domain' "$(field '.target.kind + " " + .target.domain + " " + .target.host')" 'address corp.test mx.corp.test'

ask nomail.corp.test --ports 25
checks_are 'a domain that takes no mail' 'dns.null-mx fail'
cause_is '... says so itself' null-mx 1
ask gone.corp.test:587
cause_is 'a name that is not there' host-not-found 1
checks_are '... and nothing was dialled' 'dns.address fail' 'tcp.587 skip'
ask empty.corp.test:587
checks_are 'a name without an address' 'dns.address fail'
ask badmx.corp.test --ports 25
is 'an MX whose host is not there' "$(check dns.address) exit $status" 'fail exit 1'
ask loop1.corp.test:587
like 'aliases in a circle' "$(check dns.address) exit $status" '[fu]* exit [13]'

# Not the target's fault, or not known to be: never "host not found".
ask mx.bogus.test:587
cause_is 'SERVFAIL: signatures missing' dns-failure "$status"
like '... can not be a pass' "$(check dns.address)" '[fu]*'
ask x.lame.test:587 --resolver 127.0.0.1:5353
cause_is 'a server that says REFUSED' dns-failure "$status"
ask mx.corp.test:587 --resolver 127.0.0.1:5399 --timeout 2
is 'a resolver that is not there is our side: it could not be tested' "$(check dns.address) exit $status" 'unknown exit 3'

# The name of a provider leads to a server that is not the provider's.
ask smtp.office365.com:587
is 'the provider is known by the name' "$(field .target.provider)" m365
cause_is 'and Postfix is not what should answer there' middlebox-interference 1
checks_are '... nor has it a certificate for that name' 'tls.certificate fail'

# The same question at the authoritative server itself, with a port.
ask mx.corp.test:587 --resolver 127.0.0.1:5353
cause_is 'another resolver, on another port' none 0

# DNSSEC, validated by libunbound where the resolver leaves it open: the anchors are those of the resolver in front of Knot.
anchors=$peer/dns/anchors
{
	cat "$peer/dns/corp.ds"
	for z in bogus forged; do echo "$z.test. IN DS 12345 13 2 E2D3C916F6DEEAC73294E8268FB5885044A833FC5459588F4A9184CFC41A5766"; done
} >"$anchors"
# dane TITLE TARGET STATUS FINDING [OPTION...]
dane()
{
	title=$1 target=$2 want="$3 $4"
	shift 4
	ask "$target" --only dns.dane --only smtp.starttls --trust-anchor "$anchors" "$@"
	is "$title" "$(check dns.dane) $(check dns.dane '.finding // ""')" "$want"
}
said() { check dns.dane '.details | join(" | ")'; }
dane 'a signed zone, by the resolver that validates' fits.corp.test pass ''
dane '... by one that does not: validated here' fits.corp.test pass '' --resolver 127.0.0.1:5353
like '... which it says' "$(said)" '*DNSSEC, validated here: secure*'
dane '... for another key' misfits.corp.test fail dane.mismatch --resolver 127.0.0.1:5353
dane 'a zone that is not signed' insecure.test warn dane.insecure --resolver 127.0.0.1:5353
dane '... by the resolver that validates' insecure.test warn dane.insecure
dane 'a zone whose signatures are missing' bogus.test fail dane.bogus
like '... and why' "$(check dns.dane .summary)" '*do not hold*bogus.test*'
dane '... by a resolver that hands it out' bogus.test fail dane.bogus --resolver 127.0.0.1:5353
dane 'a zone signed by another key' forged.test fail dane.bogus
dane '... by a resolver that hands it out' forged.test fail dane.bogus --resolver 127.0.0.1:5353
ask lame.test --only dns.dane --trust-anchor "$anchors" --only smtp.starttls
is 'a server that does not answer is not bogus' "$(check dns.dane '.finding // ""')" ''
like '... which it says' "$(said)" '*validated here: unknown: the resolver does not answer*'
# Without a trust anchor for this little world the way to the root has no signatures: unknown, and never bogus.
ask insecure.test --only dns.dane --only smtp.starttls
is 'where the root does not validate, nothing is said of a zone' "$(check dns.dane) $(check dns.dane '.finding // ""')" 'unknown dane.not-validated'
ask bogus.test --only dns.dane --only smtp.starttls
is '... nor of one that fails' "$(check dns.dane '.finding // ""')" ''
finish
