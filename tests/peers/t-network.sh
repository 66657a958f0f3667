#!/bin/sh
# Packets dropped, reset and forbidden by nftables, IPv6 that goes nowhere, no route at all: real ones, on the real ports.
. "$(dirname "$0")/lib.sh"
in_root postfix
peer_start dns dovecot postfix
nft -f - <<-'END' || bail 'nftables refuses our rules'
	table inet faults {
		chain out {
			type filter hook output priority 0
			ip daddr 127.0.2.1 tcp dport { 25, 465, 587 } drop
			ip daddr 127.0.2.2 tcp dport 587 reject with tcp reset
			ip daddr 127.0.2.3 tcp dport 587 reject with icmpx admin-prohibited
			ip daddr 127.0.2.4 tcp dport 25 drop
			ip6 daddr fd00:25::5 drop
		}
	}
END

ask filtered.corp.test:587 --timeout 2
checks_are 'packets dropped on the way' 'dns.address pass' 'tcp.587 fail' 'smtp.greeting skip'
cause_is '... is no answer at all, not a refusal' connection-timeout 1
ask refused.corp.test:587
cause_is 'a reset' connection-refused 1
checks_are '... fails at once' 'tcp.587 fail' 'smtp.greeting skip'
ask prohibited.corp.test:587 --timeout 5
cause_is 'a router says: administratively prohibited' port-blocked 1
ask no25.corp.test --ports 25,587 --timeout 2
checks_are 'port 25 blocked, 587 open' 'tcp.25 fail' 'tcp.587 pass'
cause_is '... is a blocked port' port-blocked 1

ask deadv6.corp.test:587 --timeout 2
cause_is 'an IPv6 address that nobody answers at' ipv6-broken "$status"
checks_are '... and over IPv4 all is well' 'smtp.greeting pass'
ask deadv6.corp.test:587 -4
cause_is '... and asked over IPv4 only, nothing is wrong' none 0
ask nov6route.corp.test:587 --timeout 2
checks_are 'IPv6 without a route: IPv4 is used' 'smtp.greeting pass'
ask noroute.corp.test:587 --timeout 2
is 'no route from here: could not be tested' "$(check tcp.587) exit $status" 'unknown exit 3'

# One after the other they would take as long together as each for itself, however slow the machine is.
ask filtered.corp.test --ports 25,465,587 --timeout 3
is 'three dead ports are waited for side by side' \
	"$(jq '.duration_ms < ([.checks[] | select(.id | test("^tcp[.][0-9]")) | .duration_ms] | add)' "$json")" true
finish
