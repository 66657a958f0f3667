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
finish
