#!/bin/sh
# The checks about a domain: each finding by a zone that has it, and by a neighbour that must not.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

. "$top/tests/cli/zone.sh"

# spf FINDING TITLE ADDRESS RECORD [LINE...]: with --sender-ip, or without where ADDRESS is empty.
spf()
{
	finding=$1
	title=$2
	address=$3
	record=$4
	shift 4
	{
		[ -z "$record" ] || echo "sends.example TXT $record"
		for line; do echo "$line"; done
		echo 'inc.example TXT v=spf1 ip4:198.51.100.0/24 -all'
		echo 'host.example A 203.0.113.9'
	} | zone
	if [ "$address" ]; then
		finds dns.spf "${finding:+spf.$finding}" "SPF: $title" --sender-ip "$address"
	else
		finds dns.spf "${finding:+spf.$finding}" "SPF: $title"
	fi
}

spf '' 'the address is allowed' 203.0.113.9 'v=spf1 ip4:203.0.113.9 -all'
out_has '203.0.113.9 may send for sends.example (ip4:203.0.113.9)'
spf fail 'it is not' 203.0.113.10 'v=spf1 ip4:203.0.113.9 -all'
out_has 'a record that allows 203.0.113.10: v=spf1 ip4:203.0.113.9 ip4:203.0.113.10 -all'
out_has 'ip4:203.0.113.10 for a device' '... and the fix names the address'
status 1
# The include of the provider in use belongs into the record: by its MX, by --provider, by the host.
spf fail 'the provider is not in the record' 203.0.113.10 'v=spf1 ip4:203.0.113.9 -all' \
	'sends.example MX 0 sends-example.mail.protection.outlook.com' 'spf.protection.outlook.com TXT v=spf1 ip4:192.0.2.0/24 -all'
out_has 'Microsoft 365 is in use, and include:spf.protection.outlook.com is not in the record'
out_has 'v=spf1 ip4:203.0.113.9 include:spf.protection.outlook.com ip4:203.0.113.10 -all' '... with the address, which is not theirs'
spf fail '... and the address is theirs' 192.0.2.10 'v=spf1 ip4:203.0.113.9 -all' \
	'sends.example MX 0 sends-example.mail.protection.outlook.com' 'spf.protection.outlook.com TXT v=spf1 ip4:192.0.2.0/24 -all'
out_has '192.0.2.10: v=spf1 ip4:203.0.113.9 include:spf.protection.outlook.com -all' '... which stands nowhere, as it may change'
spf fail '... and it is there' 203.0.113.10 'v=spf1 INCLUDE:spf.protection.outlook.com -all' \
	'sends.example MX 0 sends-example.mail.protection.outlook.com' 'spf.protection.outlook.com TXT v=spf1 ip4:192.0.2.0/24 -all'
out_has '203.0.113.10: v=spf1 INCLUDE:spf.protection.outlook.com ip4:203.0.113.10 -all' '... once'
out_lacks 'is in use'
out_has 'Microsoft 365, lookup 1, no match' 'the trace says whose include it is'
spf none 'no record, and a provider' 203.0.113.9 '' 'sends.example MX 0 aspmx.l.google.com' '_spf.google.com TXT v=spf1 -all'
out_has 'v=spf1 include:_spf.google.com ip4:203.0.113.9 ~all' '... has a new one'
run check --lab "$scratch/zone.scenario" sends.example --only dns.spf --provider mailgun --sender-ip 203.0.113.9 -v --no-progress
out_has 'v=spf1 include:mailgun.org ip4:203.0.113.9 ~all' '--provider goes first'
run check --lab "$scratch/zone.scenario" sends.example --only dns.spf --provider brevo --sender-ip 203.0.113.9 -v --no-progress
out_lacks 'brevo.com' 'a service that has its own MAIL FROM needs no include'
run check --lab "$scratch/zone.scenario" smtp.sendgrid.net:587 --from a@sends.example --only dns.spf --sender-ip 203.0.113.9 -v --no-progress
out_has 'include:sendgrid.net' 'the service of the host is in use'
run check --lab "$scratch/zone.scenario" mx.sendgrid.net:25 --from a@sends.example --only dns.spf --sender-ip 203.0.113.9 -v --no-progress
out_lacks 'include:sendgrid.net' 'an MX host is that of the recipient'
spf fail 'the include would be one too many' 203.0.113.10 "v=spf1 $(for i in 1 2 3 4 5 6 7 8 9 10; do printf 'a:host.example '; done)-all" \
	'sends.example MX 0 aspmx.l.google.com' '_spf.google.com TXT v=spf1 -all'
out_has 'that one may need 11 DNS lookups, and only 10 are allowed'
spf softfail 'it is suspicious' 203.0.113.10 'v=spf1 ip4:203.0.113.9 ~all'
status 0
spf neutral 'nothing is said of it' 203.0.113.10 'v=spf1 ip4:203.0.113.9 ?all'
spf '' 'the record alone' '' 'v=spf1 ip4:203.0.113.9 include:inc.example ~all'
out_has 'one record, at most 1 of 10 lookups'
spf neutral-all 'it ends in ?all' '' 'v=spf1 ip4:203.0.113.9 ?all'
spf no-all 'it has no end' '' 'v=spf1 ip4:203.0.113.9'
spf '' 'a redirect is an end' '' 'v=spf1 redirect=inc.example'
spf none 'no record' 203.0.113.9 ''
spf not-a-record 'a record in quotation marks' 203.0.113.9 '"v=spf1 -all"'
spf '' 'another TXT record beside it' 203.0.113.9 'v=spf1 a:host.example -all' 'sends.example TXT site-verification=x'
spf two-records 'two records' 203.0.113.9 'v=spf1 a:host.example -all' 'sends.example TXT v=spf1 mx -all'
status 1
spf syntax 'an unknown term' 203.0.113.9 'v=spf1 a:host.example ipv4:203.0.113.9 -all'
out_has 'write ip4'
spf '' 'a modifier that nobody knows is none' 203.0.113.9 'v=spf1 a:host.example future=1 -all'
spf dead-include 'an include that leads nowhere' '' 'v=spf1 include:gone.example -all'
spf dead-include '... behind the match' 203.0.113.9 'v=spf1 a:host.example include:gone.example -all'
spf '' 'an include that leads somewhere' 198.51.100.1 'v=spf1 include:inc.example -all'
spf loop 'a circle' '' 'v=spf1 include:back.example -all' 'back.example TXT v=spf1 include:sends.example -all'
spf '' 'the same include twice is no circle' 198.51.100.1 'v=spf1 include:inc.example include:inc.example -all'
many='a:host.example a:host.example a:host.example a:host.example a:host.example'
spf lookups 'eleven lookups' 192.0.2.200 "v=spf1 $many $many a:host.example -all"
spf lookups-worst '... behind the match' 203.0.113.9 "v=spf1 ip4:203.0.113.9 $many $many a:host.example -all"
spf '' 'ten lookups' 203.0.113.9 "v=spf1 ip4:203.0.113.9 $many $many -all"
spf voids 'three names that do not exist' 192.0.2.200 'v=spf1 a:a.example a:b.example a:c.example -all'
spf voids-worst '... behind the match' 203.0.113.9 'v=spf1 ip4:203.0.113.9 a:a.example a:b.example a:c.example -all'
spf '' 'two of them' 203.0.113.9 'v=spf1 ip4:203.0.113.9 a:a.example a:b.example -all'
hosts='1 2 3 4 5 6 7 8 9 10'
spf mx-hosts 'eleven MX hosts' '' 'v=spf1 mx:mx.example -all' 'mx.example MX 11 host.example' \
	"$(for i in $hosts; do echo "mx.example MX $i h$i.example"; done)"
spf '' 'ten of them' '' 'v=spf1 mx:mx.example -all' "$(for i in $hosts; do echo "mx.example MX $i host.example"; done)"
spf no-answer 'the resolver has no answer' 203.0.113.9 '' 'sends.example servfail'
status 3
spf no-answer-below '... below, where it does not decide' 203.0.113.9 'v=spf1 ip4:203.0.113.9 a:broken.example -all' \
	'broken.example servfail'
spf no-answer '... below, where it does' 192.0.2.200 'v=spf1 ip4:203.0.113.9 a:broken.example -all' 'broken.example servfail'
spf pass-all 'everybody may send' 203.0.113.9 'v=spf1 +all'
spf wide 'half of the Internet may send' 203.0.113.9 'v=spf1 ip4:203.0.113.9/1 -all'
spf '' 'a large provider may send' 203.0.113.9 'v=spf1 ip4:203.0.0.0/14 -all'

# A hostile zone: an end, and a verdict.
spf loop 'an include of itself' '' 'v=spf1 include:sends.example include:sends.example -all'
spf lookups-worst 'includes without an end' '' 'v=spf1 include:x.example include:y.example -all' \
	"*.example TXT v=spf1 $(for i in 1 2 3 4 5 6 7 8 9; do printf 'include:%s.%%{d}.example ' $i; done) -all"
spf '' 'an alias' '' '' 'sends.example CNAME real.example' 'real.example TXT v=spf1 -all'
spf no-answer 'aliases in a circle' 203.0.113.9 '' 'sends.example CNAME back.example' 'back.example CNAME sends.example'
long=$(i=0; while [ $i -lt 50 ]; do printf 'ip4:203.0.113.%d ' $((i % 250)); i=$((i + 1)); done)
spf '' 'a record of 900 bytes' 203.0.113.9 "v=spf1 $long -all"

# Where the address comes from.
printf 'sends.example TXT v=spf1 ip4:203.0.113.7 -all\nsends.example MX 0 contoso-com.mail.protection.outlook.com\n' | zone
run check --lab "$scratch/zone.scenario" sends.example --from a@sends.example --no-progress -v
out_has '203.0.113.7 may send for sends.example' 'the address that the server sees is judged'
printf 'sends.example TXT v=spf1 -all\nsends.example MX 0 contoso-com.mail.protection.outlook.com\n' | zone
run check --lab "$scratch/zone.scenario" sends.example --from a@sends.example --no-progress -v
out_has '[spf.not-here]' '... and not allowed'
run check --lab "$scratch/zone.scenario" sends.example --from a@sends.example --sender-ip 198.51.100.1 --no-progress --format json
out_has '"dns.spf.ip": "198.51.100.1"' '... unless another one is given'
valid report 'with its details it is as the schema says'
out_has '"sends.example: fail"' 'the trace is in it'
run check --lab healthy-mx contoso.com --from a@sends.example --only dns.spf --no-progress --format json
out_has '"dns.spf.domain": "sends.example"' 'the domain of the sender is judged, not the target'
printf 'sends.example TXT v=spf1 ip4:203.0.113.7 -all\nsends.example MX 0 contoso-com.mail.protection.outlook.com\n' | zone
run check --lab "$scratch/zone.scenario" sends.example --no-progress --format json
out_has '"dns.spf.result": "pass"' 'a domain is judged without a sender, too'

printf 'sends.example MX 0 contoso-com.mail.protection.outlook.com\n7.113.0.203.in-addr.arpa nxdomain\n' | zone
run check --lab "$scratch/zone.scenario" sends.example --from a@sends.example --no-progress -v
out_has '[ptr.none-here]' 'the address that the server sees has no name'
printf 'sends.example MX 0 contoso-com.mail.protection.outlook.com\n7.113.0.203.in-addr.arpa PTR x.sends.example\n' | zone
run check --lab "$scratch/zone.scenario" sends.example --from a@sends.example --no-progress -v
out_has '[ptr.forward-here]' '... or one that leads elsewhere'

# dmarc FINDING TITLE RECORD [LINE...]
dmarc()
{
	finding=$1
	title=$2
	record=$3
	shift 3
	{
		[ -z "$record" ] || echo "_dmarc.sends.example TXT $record"
		for line; do echo "$line"; done
	} | zone
	finds dns.dmarc "${finding:+dmarc.$finding}" "DMARC: $title" --from a@sends.example
}

dmarc '' 'in order' 'v=DMARC1; p=reject; rua=mailto:d@sends.example'
out_has 'policy reject of sends.example'
dmarc none 'no record' ''
dmarc '' 'the record of the organization' '' '_dmarc.example TXT v=DMARC1; p=none; psd=y; rua=mailto:d@example'
dmarc two-records 'two records' 'v=DMARC1; p=reject' '_dmarc.sends.example TXT v=DMARC1; p=none'
dmarc '' 'another TXT record beside it' 'v=DMARC1; p=reject' '_dmarc.sends.example TXT something else'
dmarc not-a-record 'small letters' 'v=dmarc1; p=reject'
dmarc policy 'no policy' 'v=DMARC1; rua=mailto:d@sends.example'
dmarc policy 'a policy with a slip' 'v=DMARC1; p=rejct; rua=mailto:d@sends.example'
dmarc subpolicy 'a slip in np switches all off' 'v=DMARC1; p=reject; np=rejct; rua=mailto:d@sends.example'
dmarc '' 'sp and np in order' 'v=DMARC1; p=reject; np=reject; sp=none; rua=mailto:d@sends.example'
dmarc syntax 'a tag twice' 'v=DMARC1; p=reject; p=none'
dmarc syntax 'a tag without a value' 'v=DMARC1; p=reject; adkim'
dmarc syntax 'a value that nobody knows' 'v=DMARC1; p=reject; aspf=strict'
dmarc '' 'obsolete tags are no fault' 'v=DMARC1; p=reject; pct=100; ri=3600'
dmarc address 'reports to an address without mailto:' 'v=DMARC1; p=reject; rua=d@sends.example'
dmarc not-authorised 'reports to somebody who does not know' 'v=DMARC1; p=reject; rua=mailto:d@reports.test'
out_has 'sends.example._report._dmarc.reports.test'
dmarc '' 'reports to somebody who does' 'v=DMARC1; p=reject; rua=mailto:d@reports.test' \
	'*._report._dmarc.reports.test TXT v=DMARC1'
dmarc no-answer 'the resolver has no answer' '' '_dmarc.sends.example servfail'
dmarc differ 'receivers decide differently' '' '_dmarc.example TXT v=DMARC1; p=reject; psd=n' '_dmarc.test TXT v=DMARC1; p=reject'
out_has 'receivers that follow RFC 7489: policy'
printf 'sends.example TXT v=spf1 -all\n_dmarc.sends.example TXT v=DMARC1; p=reject\n' | zone
finds 'dns.*' dmarc.needs-dkim 'DMARC: SPF fails, and the policy is enforced' --sender-ip 203.0.113.9
printf 'sends.example TXT v=spf1 ip4:203.0.113.9 -all\n_dmarc.sends.example TXT v=DMARC1; p=reject\n' | zone
finds dns.dmarc '' 'DMARC: SPF passes' --sender-ip 203.0.113.9

# sts FINDING TITLE RECORD [ANSWER...]: what the web server says, after its status.
sts()
{
	finding=$1
	title=$2
	record=$3
	shift 3
	{
		[ -z "$record" ] || echo "_mta-sts.sends.example TXT $record"
		echo 'sends.example MX 0 mx.sends.example'
		echo 'mta-sts.sends.example A 192.0.2.60'
		echo 'mx.sends.example A 192.0.2.61'
	} | zone
	printf 'server mta-sts.sends.example:443\n	speaks http\n' >>"$scratch/zone.scenario"
	[ $# = 0 ] || printf '	get </.well-known/mta-sts.txt>  %s\n' "$1" >>"$scratch/zone.scenario"
	[ $# -lt 2 ] || printf '		send %s\n' "$2" >>"$scratch/zone.scenario"
	finds dns.mta-sts "${finding:+mta-sts.$finding}" "MTA-STS: $title"
}

good='\r\nmode: enforce\r\nmx: *.sends.example\r\nmax_age: 604800\r\n'
sts '' 'in order' 'v=STSv1; id=1' '200 version: STSv1' "$good"
out_has 'policy in mode enforce'
sts two-records 'two records' "$(printf 'v=STSv1; id=1\n_mta-sts.sends.example TXT v=STSv1; id=2')"
sts '' 'another TXT record beside it' "$(printf 'v=STSv1; id=1\n_mta-sts.sends.example TXT other')" '200 version: STSv1' "$good"
sts record 'a record without an id' 'v=STSv1;'
sts fetch 'no policy' 'v=STSv1; id=1'
sts redirect 'a policy elsewhere' 'v=STSv1; id=1' 'header Location: https://www.sends.example/
		301'
sts policy 'a policy without a mode' 'v=STSv1; id=1' '200 version: STSv1' '\r\nmx: *.sends.example\r\nmax_age: 604800\r\n'
sts policy 'a web page' 'v=STSv1; id=1' '200 <html>hello</html>'
sts mx 'another host' 'v=STSv1; id=1' '200 version: STSv1' '\r\nmode: enforce\r\nmx: mx2.sends.example\r\nmax_age: 604800\r\n'
status 1
sts mx-testing 'another host, in testing' 'v=STSv1; id=1' '200 version: STSv1' \
	'\r\nmode: testing\r\nmx: mx2.sends.example\r\nmax_age: 604800\r\n'
sts type 'not plain text' 'v=STSv1; id=1' 'header Content-Type: application/octet-stream
		200 version: STSv1' "$good"
# 20 MB of zeros in 20 KB of gzip: nobody asked for it compressed, and nothing is unpacked.
bomb=$(head -c 20000000 /dev/zero | gzip -9 | od -An -v -tx1 | tr -d '\n' | sed 's/ /\\x/g')
sts policy 'a bomb of gzip' 'v=STSv1; id=1' 'header Content-Encoding: gzip
		200' "$bomb"
sts policy 'a policy of 70 KB' 'v=STSv1; id=1' 'header X: y
		200 version: STSv1
		fill 70000'
sts fetch 'a policy without end' 'v=STSv1; id=1' 'header X: y
		200 version: STSv1
		fill 3000000'
printf '_mta-sts.sends.example servfail\n' | zone
finds dns.mta-sts mta-sts.no-answer 'MTA-STS: no answer'

# dkim FINDING TITLE OPTIONS LINE...
dkim()
{
	finding=$1
	title=$2
	options=$3
	shift 3
	for line; do echo "$line"; done | zone
	# shellcheck disable=SC2086 # several options
	finds dns.dkim "${finding:+dkim.$finding}" "DKIM: $title" $options
}

# Public keys: of RFC 8463, A.2, of 1024 bits and Ed25519; of 2048 and 512 bits made for this test.
k1024='MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/b'
k1024=${k1024}yYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB
ed25519=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
k2048=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxvSjWnud+reN9ExyT1sRXZ6fjr+Xa2kNL/cRXH5zVnFfqy0wM+mWhira8+u12jEX9O4Swog6wv
k2048=${k2048}7MYvjO7VwTEJUQU5qjodHeD5Sa2FZDUQfWxKBiYynmLbqdoQWn3w0l3L9IIIPX5CvMg3ftHP/0AKHvjwVuD5QeoC+PLFd0/OESTLQ9/Ad04Jr5wMzW0/uV
k2048=${k2048}wUjFfCnBjoDqjHEokWOV0cP5u0z1/csppIbtpjm5U3UWNu7i+gf+5WhDE9JK2rp6tZywLRvlK32aSlJpR1VT7g77qE78nFS+2jOBUGF5TD+OpjF30G+LEs+etFKrWqZPGcx7xpsSlFiNaK4bA/VL8QIDAQAB
k512=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMzgAGKjzoXxmEQhTiR3kKcEOxqyFiWtRaNHimOfh+RM5JWJjQ4Ex4YAz2x3po1ZGSzd+jF0gMcPhzvhUsthQg0CAwEAAQ==
at=s1._domainkey.sends.example
dkim '' 'a key' '--selector s1' "$at TXT v=DKIM1; k=rsa; p=$k2048"
out_has 'RSA, 2048 bits'
run check --lab "$scratch/zone.scenario" sends.example --selector s1 --no-progress --format json
out_has '"dns.dkim.selectors": "s1"' 'with --selector it is asked, whatever else is'
out_has '"dns.dkim.domain": "sends.example"' '... of the domain'
dkim '' 'Ed25519 beside RSA' '--selector s1,s2' "$at TXT p=$k2048" "s2._domainkey.sends.example TXT k=ed25519; p=$ed25519"
dkim ed25519-alone 'Ed25519 alone' '--selector s1' "$at TXT k=ed25519; p=$ed25519"
dkim weak '1024 bits' '--selector s1' "$at TXT v=DKIM1; p=$k1024"
dkim short '512 bits' '--selector s1' "$at TXT v=DKIM1; p=$k512"
dkim key 'a key that was cut off' '--selector s1' "$at TXT v=DKIM1; p=MIGfMA0GCSqGSIb3DQEB"
dkim key 'no key' '--selector s1' "$at TXT v=spf1 -all"
dkim key 'Ed25519 without k=' '--selector s1' "$at TXT p=$ed25519"
out_has 'k=ed25519 is missing'
dkim revoked 'revoked' '--selector s1' "$at TXT v=DKIM1; p="
dkim two-keys 'two keys' '--selector s1' "$at TXT p=$k2048" "$at TXT p=$k1024"
dkim '' 'another record beside it' '--selector s1' "$at TXT p=$k2048" "$at TXT something else"
dkim no-key 'nothing at the selector' '--selector s1' "s2._domainkey.sends.example TXT p=$k2048"
dkim no-key 'a selector that is none' '--selector s..1' "$at TXT p=$k2048"
dkim dangling 'a CNAME to nothing' '--selector s1' "$at CNAME s1.provider.example"
dkim '' 'a CNAME to a key' '--selector s1' "$at CNAME s1.provider.example" "s1.provider.example TXT p=$k2048"
out_has 'by a CNAME to s1.provider.example'
dkim doubled 'the domain twice' '--selector s1' "$at.sends.example TXT p=$k2048"
dkim no-answer 'the resolver has no answer' '--selector s1' "$at servfail"
run check --lab "$scratch/zone.scenario" sends.example --selector s1 --no-progress --format json
dkim key 'its faults are a fact' '--selector s1' "$at TXT v=DKIM1"
run check --lab "$scratch/zone.scenario" sends.example --selector s1 --no-progress --format json
out_has '"dns.dkim.faults": "key-syntax"'
# Without a name: the selectors that are usual.
dkim '' 'a usual selector' '' "default._domainkey.sends.example TXT p=$k2048"
out_has 'a key at default'
dkim '' '... beside one that was revoked' '' "default._domainkey.sends.example TXT p=$k2048" "k1._domainkey.sends.example TXT p="
dkim revoked 'the only one was revoked' '' "k1._domainkey.sends.example TXT p="
dkim none 'no key at all' '' 'sends.example TXT x' '_domainkey.sends.example nxdomain'
printf '%s\n' "x7f._domainkey.sends.example TXT p=$k2048" '_domainkey.sends.example TXT x' | zone
run check --lab "$scratch/zone.scenario" sends.example --only dns.dkim --no-progress --color never -v
status 3
out_has 'name one with --selector' 'DKIM: selectors that nobody knows'
out_lacks 'a key at'

# rpt FINDING TITLE LINE...
rpt()
{
	finding=$1
	title=$2
	shift 2
	for line; do echo "$line"; done | zone
	finds dns.tls-rpt "${finding:+tls-rpt.$finding}" "TLS-RPT: $title"
}

rpt '' 'in order' '_smtp._tls.sends.example TXT v=TLSRPTv1; rua=mailto:a@sends.example'
out_has 'reports go to mailto:a@sends.example'
rpt record 'no address' '_smtp._tls.sends.example TXT v=TLSRPTv1;'
rpt two-records 'two records' '_smtp._tls.sends.example TXT v=TLSRPTv1; rua=mailto:a@sends.example' \
	'_smtp._tls.sends.example TXT v=TLSRPTv1; rua=mailto:b@sends.example'
rpt no-answer 'no answer' '_smtp._tls.sends.example servfail'

# ptr FINDING TITLE LINE...
ptr()
{
	finding=$1
	title=$2
	shift 2
	for line; do echo "$line"; done | zone
	finds dns.ptr "${finding:+ptr.$finding}" "reverse DNS: $title" --sender-ip 203.0.113.9
}

ptr '' 'a name that leads back' '9.113.0.203.in-addr.arpa PTR h.sends.example' 'h.sends.example A 203.0.113.9'
ptr '' 'one of two' '9.113.0.203.in-addr.arpa PTR g.sends.example' '9.113.0.203.in-addr.arpa PTR h.sends.example' \
	'h.sends.example A 203.0.113.9'
ptr forward 'a name that leads elsewhere' '9.113.0.203.in-addr.arpa PTR h.sends.example' 'h.sends.example A 203.0.113.10'
status 1
out_has 'reverse DNS' 'the cause is named'
ptr none 'no name' 'sends.example A 203.0.113.9'
ptr no-answer 'no answer' '9.113.0.203.in-addr.arpa servfail'
printf 'h.sends.example AAAA 2001:db8::9\n%s PTR h.sends.example\n' \
	9.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa | zone
finds dns.ptr '' 'reverse DNS: IPv6' --sender-ip 2001:db8::9
done_testing
