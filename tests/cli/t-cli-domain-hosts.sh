#!/bin/sh
# The checks about a domain's hosts, its certificates, logo and settings, and about blocklists: each finding by a zone that has it, and
# by a neighbour that must not.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"
. "$top/tests/cli/zone.sh"

# dane FINDING TITLE LINE...
dane()
{
	finding=$1
	title=$2
	shift 2
	{
		echo 'sends.example MX 0 mx.sends.example'
		echo 'mx.sends.example A 192.0.2.61'
		for line; do echo "$line"; done
	} | zone
	printf 'server mx.sends.example:25\n	tls starttls\n	offers STARTTLS\n' >>"$scratch/zone.scenario"
	finds dns.dane "${finding:+dane.$finding}" "DANE: $title" --only smtp.starttls
}

tlsa='_25._tcp.mx.sends.example TLSA'
hash=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
dane '' 'no records' ad
dane not-validated 'records, and no DNSSEC' "$tlsa 3 1 1 $hash"
dane mismatch 'for another key' ad "$tlsa 3 1 1 $hash"
status 1
out_has '_25._tcp.mx.sends.example 3 1 1 0123456789abcdef...: for another key or certificate'
dane unusable 'of a public authority' ad "$tlsa 1 1 1 $hash"
out_has 'mail servers do not use usage 1'
dane unusable 'cut off' ad "$tlsa 3 1 1 0123"
dane no-answer 'no answer' ad "_25._tcp.mx.sends.example servfail"
dane '' 'no answer, and no DNSSEC' "_25._tcp.mx.sends.example servfail"
printf 'ad\nsends.example MX 0 mx.sends.example\nmx.sends.example A 192.0.2.61\n%s 3 1 1 %s\n' "$tlsa" "$hash" | zone
finds dns.dane '' 'DANE: the host was not seen'
out_has 'has usable TLSA records; its certificate'

# hosts FINDING TITLE LINE...: faults of the MX hosts.
hosts()
{
	finding=$1
	title=$2
	shift 2
	for line; do echo "$line"; done | zone
	finds 'dns.mx*' "${finding:+mx.$finding}" "MX hosts: $title"
}

hosts '' 'in order' 'sends.example MX 0 mx.sends.example' 'mx.sends.example A 192.0.2.61'
out_has '1 host with public addresses'
hosts '' 'IPv6 alone' 'sends.example MX 0 mx.sends.example' 'mx.sends.example AAAA 2001:db8::61'
hosts cname 'an alias' 'sends.example MX 0 mx.sends.example' 'mx.sends.example CNAME real.example' 'real.example A 192.0.2.61'
out_has 'the MX host mx.sends.example is an alias (CNAME) of real.example'
hosts host-no-address 'a host that does not exist' 'sends.example MX 0 gone.sends.example'
status 1
hosts host-no-address '... beside one that does' 'sends.example MX 0 gone.sends.example' 'sends.example MX 5 mx.sends.example' \
	'mx.sends.example A 192.0.2.61'
status 0
hosts private 'a private address' 'sends.example MX 0 mx.sends.example' 'mx.sends.example A 10.0.0.1'
hosts '' '... beside a public one' 'sends.example MX 0 mx.sends.example' 'mx.sends.example A 10.0.0.1 192.0.2.61'
hosts null-beside 'a null MX that is not alone' 'sends.example MX 0 .' 'sends.example MX 5 mx.sends.example' 'mx.sends.example A 192.0.2.61'
hosts host-no-answer 'a host that cannot be looked up' 'sends.example MX 0 mx.sends.example' 'mx.sends.example servfail'
hosts literal 'an address for a name' 'sends.example MX 0 192.0.2.61'
printf 'sends.example MX 0 mx.sends.example\nmx.sends.example A 192.0.2.61\n61.2.0.192.in-addr.arpa PTR mx.sends.example\n' | zone
finds dns.ptr '' 'reverse DNS: of the MX host'
out_has 'MX address 192.0.2.61: mx.sends.example'
printf 'sends.example MX 0 mx.sends.example\nmx.sends.example A 192.0.2.61\n61.2.0.192.in-addr.arpa PTR x.example\n' | zone
finds dns.ptr ptr.mx 'reverse DNS: of the MX host, and elsewhere'
out_has 'x.example, which does not lead back'

# caa FINDING TITLE LINE...
caa()
{
	finding=$1
	title=$2
	shift 2
	{
		echo 'sends.example MX 0 mx.sends.example'
		echo 'mx.sends.example A 192.0.2.61'
		for line; do echo "$line"; done
	} | zone
	finds dns.caa "${finding:+caa.$finding}" "CAA: $title"
}

caa '' 'one authority' 'sends.example CAA 0 issue letsencrypt.org'
out_has 'sends.example: letsencrypt.org may issue'
caa '' 'with parameters' 'sends.example CAA 0 issue letsencrypt.org; validationmethods=dns-01' 'sends.example CAA 0 iodef mailto:a@sends.example'
out_has 'sends.example: letsencrypt.org may issue'
caa forbids 'nobody' 'sends.example CAA 0 issue ;'
caa '' '... but for the host itself' 'sends.example CAA 0 issue ;' 'mx.sends.example CAA 0 issue pki.goog'
out_has 'mx.sends.example: pki.goog may issue'
caa forbids '... for the host itself' 'sends.example CAA 0 issue pki.goog' 'mx.sends.example CAA 0 issue ;'
caa '' 'wildcards alone are told' 'sends.example CAA 0 issuewild ;'
out_has 'everybody may issue'
caa '' 'certificates for S/MIME alone are told' 'sends.example CAA 0 issuemail ca.example'
out_has 'certificates for S/MIME: ca.example'
caa forbids 'a critical property that nobody knows' 'sends.example CAA 128 future x' 'sends.example CAA 0 issue pki.goog'
caa '' '... that is not critical' 'sends.example CAA 0 future x' 'sends.example CAA 0 issue pki.goog'
caa syntax 'a value that is no name' 'sends.example CAA 0 issue https://pki.goog/' 'sends.example CAA 0 issue pki.goog'
caa no-answer 'no answer' 'sends.example CAA servfail'
caa '' 'the policy host has its own' 'mta-sts.sends.example A 192.0.2.60' 'mta-sts.sends.example CAA 0 issue pki.goog' 'sends.example CAA 0 issue letsencrypt.org'
out_has 'mta-sts.sends.example: pki.goog may issue, say the CAA records of mta-sts.sends.example'
printf 'sends.example MX 0 mx.sends.example\nmx.sends.example A 192.0.2.61\nsends.example CAA 0 issue pki.goog\n' | zone
printf 'server mx.sends.example:25\n	tls starttls\n	offers STARTTLS\n	issuer R11, Let'"'"'s Encrypt\n' >>"$scratch/zone.scenario"
finds dns.caa caa.issuer 'CAA: the live certificate is from somebody else' --only smtp.starttls
printf 'sends.example MX 0 mx.sends.example\nmx.sends.example A 192.0.2.61\nsends.example CAA 0 issue LetsEncrypt.org\n' | zone
printf 'server mx.sends.example:25\n	tls starttls\n	offers STARTTLS\n	issuer R11, Let'"'"'s Encrypt\n' >>"$scratch/zone.scenario"
finds dns.caa '' 'CAA: ... or from who is allowed' --only smtp.starttls

# bimi FINDING TITLE DMARC RECORD...
bimi()
{
	finding=$1
	title=$2
	{
		[ -z "$3" ] || echo "_dmarc.sends.example TXT $3"
		shift 3
		for line; do echo "default._bimi.sends.example TXT $line"; done
	} | zone
	finds dns.bimi "${finding:+bimi.$finding}" "BIMI: $title"
}

logo='v=BIMI1; l=https://sends.example/logo.svg;'
bimi '' 'in order' 'v=DMARC1; p=reject' "$logo a=https://sends.example/vmc.pem"
out_has 'logo at https://sends.example/logo.svg'
bimi '' 'without a mark certificate' 'v=DMARC1; p=quarantine' "$logo"
out_has 'Gmail and Apple Mail show no logo'
bimi policy 'DMARC without enforcement' 'v=DMARC1; p=none' "$logo"
bimi policy 'no DMARC' '' "$logo"
bimi policy 'DMARC for a part' 'v=DMARC1; p=reject; pct=50' "$logo"
bimi policy 'DMARC in test' 'v=DMARC1; p=quarantine; t=y' "$logo"
bimi policy 'subdomains without DMARC' 'v=DMARC1; p=reject; sp=none' "$logo"
bimi record 'http' 'v=DMARC1; p=reject' 'v=BIMI1; l=http://sends.example/logo.svg'
bimi record 'another kind of picture' 'v=DMARC1; p=reject' 'v=BIMI1; l=https://sends.example/logo.png'
bimi record 'no logo' 'v=DMARC1; p=reject' 'v=BIMI1; a=https://sends.example/vmc.pem'
bimi two-records 'two records' 'v=DMARC1; p=reject' "$logo" "$logo"
bimi '' 'another record beside it' 'v=DMARC1; p=reject' "$logo" 'something else'
run check --lab healthy-mx contoso.com --only dns.bimi --no-progress -v
out_has 'has no BIMI record'
bimi2='default._bimi.sends.example TXT v=BIMI1; l=; a=;'
echo "$bimi2" | zone
run check --lab "$scratch/zone.scenario" sends.example --only dns.bimi --no-progress -v
out_has 'wants no logo shown' 'BIMI: declined'

# discover FINDING TITLE LINE...
discover()
{
	finding=$1
	title=$2
	shift 2
	for line; do echo "$line"; done | zone
	finds dns.autodiscover "${finding:+autodiscover.$finding}" "autodiscover: $title"
}

m365='sends.example MX 0 sends-example.mail.protection.outlook.com'
discover '' 'of the same service' "$m365" 'autodiscover.sends.example CNAME autodiscover.outlook.com' 'autodiscover.outlook.com A 192.0.2.1'
out_has 'autodiscover.sends.example: autodiscover.outlook.com (Microsoft 365)'
discover elsewhere 'of another one' "$m365" 'autodiscover.sends.example CNAME adsredir.ionos.info' 'adsredir.ionos.info A 192.0.2.1'
discover elsewhere 'by SRV' 'sends.example MX 0 aspmx.l.google.com' '_autodiscover._tcp.sends.example SRV 0 0 443 autodiscover.outlook.com'
discover '' 'a service nobody knows' "$m365" 'autodiscover.sends.example CNAME mail.sends.example' 'mail.sends.example A 192.0.2.1'
discover '' 'behind a gateway' 'sends.example MX 0 eu-smtp-inbound-1.mimecast.com' 'autodiscover.sends.example CNAME autodiscover.outlook.com' \
	'autodiscover.outlook.com A 192.0.2.1'
discover '' 'one that says there is none' '_submission._tcp.sends.example SRV 0 0 0 .' 'autoconfig.sends.example A 192.0.2.1'
discover dangling 'an alias of nothing' 'autodiscover.sends.example CNAME gone.example'

# listed FINDING TITLE LINE...: of 203.0.113.9; zen lists its test point unless a line says something else.
listed()
{
	finding=$1
	title=$2
	shift 2
	{
		echo '2.0.0.127.zen.spamhaus.org A 127.0.0.2 127.0.0.10'
		echo 'dbltest.com.dbl.spamhaus.org A 127.0.1.2'
		for line; do echo "$line"; done
	} | zone
	finds dns.blocklist "${finding:+blocklist.$finding}" "blocklists: $title" --sender-ip 203.0.113.9
}

at=9.113.0.203.zen.spamhaus.org
listed '' 'not listed'
out_has 'on none of 2 lists; not known: bl.spamcop.net' '... by those that answer their test points'
out_has 'bl.mailspike.net) is not known: it does not list what every list must'
out_has 'not asked: SORBS (dnsbl.sorbs.net) is dead'
out_has "cannot be asked by DNS: Microsoft 365's own list; look at https://sender.office.com/"
out_has 'not asked: Barracuda'
listed address 'listed' "$at A 127.0.0.4" "$at TXT https://check.spamhaus.org/"
status 1
out_has 'XBL: an infected or open machine'
out_has 'it says: https://check.spamhaus.org/'
listed address 'by its provider' "$at A 127.0.0.10"
out_has 'no abuse'
listed '' 'a public resolver is refused' "$at A 127.255.255.254" '2.0.0.127.zen.spamhaus.org A 127.255.255.254'
out_has 'zen.spamhaus.org) is not known: it refuses questions of this resolver (127.255.255.254)' '... which is no listing'
listed '' 'a list that was taken over' '*.zen.spamhaus.org A 192.0.2.1'
out_has 'it answers 192.0.2.1, which no list may'
listed '' 'a list that has everything' '*.zen.spamhaus.org A 127.0.0.2'
out_has 'it lists what no list may (test point)'
listed '' 'a list that does not answer' '*.zen.spamhaus.org servfail'
out_has 'Spamhaus ZEN (zen.spamhaus.org) is not known'
listed domain 'the domain' 'sends.example.dbl.spamhaus.org A 127.0.1.4' '2.0.0.127.zen.spamhaus.org nxdomain'
out_has 'a phishing domain'
listed '' 'a refusal of URIBL' 'test.uribl.com.multi.uribl.com A 127.0.0.1' 'sends.example.multi.uribl.com A 127.0.0.1'
listed domain 'by bits' 'test.uribl.com.multi.uribl.com A 127.0.0.14' 'sends.example.multi.uribl.com A 127.0.0.10'
out_has 'black: a spam domain; red: suspicious'
echo 'sends.example A 192.0.2.1' | zone
finds dns.blocklist blocklist.no-answer 'blocklists: none answers' --sender-ip 203.0.113.9
status 3
run check --lab "$scratch/zone.scenario" sends.example --only 'dns.*' --no-progress -v --format json
out_lacks 'blocklist' '... and none is asked unless somebody wants it'
run check --lab "$scratch/zone.scenario" sends.example --only dns.spf --blocklists --no-progress -v
run check --lab healthy-mx contoso.com --blocklists --no-progress -v
out_has 'blocklists' '--blocklists asks'
# bulk FINDING TITLE LINE...: from 203.0.113.9.
bulk()
{
	finding=$1
	title=$2
	shift 2
	for line; do echo "$line"; done | zone
	finds dns.bulk "$finding" "bulk rules: $title" --sender-ip 203.0.113.9 --only dns.spf --only dns.dkim --only dns.dmarc --only dns.ptr
}

spf='sends.example TXT v=spf1 ip4:203.0.113.9 -all'
dmarc='_dmarc.sends.example TXT v=DMARC1; p=none; rua=mailto:d@sends.example'
key="s1._domainkey.sends.example TXT v=DKIM1; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxvSjWnud+reN9ExyT1sRXZ6fjr+Xa2kNL/cRXH5zVnFfqy0wM+mWhira8+\
u12jEX9O4Swog6wv7MYvjO7VwTEJUQU5qjodHeD5Sa2FZDUQfWxKBiYynmLbqdoQWn3w0l3L9IIIPX5CvMg3ftHP/0AKHvjwVuD5QeoC+PLFd0/OESTLQ9/Ad04Jr5wMzW0/uV\
wUjFfCnBjoDqjHEokWOV0cP5u0z1/csppIbtpjm5U3UWNu7i+gf+5WhDE9JK2rp6tZywLRvlK32aSlJpR1VT7g77qE78nFS+2jOBUGF5TD+OpjF30G+LEs+etFKrWqZPGcx7xpsSlFiNaK4bA/VL8QIDAQAB"
name='9.113.0.203.in-addr.arpa PTR h.sends.example'
back='h.sends.example A 203.0.113.9'
bulk '' 'kept' "$spf" "$dmarc" "$key" "$name" "$back"
out_has 'Outlook.com, of bulk senders: DKIM passes, beside SPF: kept'
out_has 'one-click unsubscribe (RFC 8058): not known' '... as far as DNS shows'
bulk bulk.broken 'no DMARC' "$spf" "$key" "$name" "$back"
out_has 'Gmail, of bulk senders since 2024-02: the domain has a DMARC policy, if only p=none: not kept; it replies 550 5.7.40; publish'
out_has 'Gmail demands of bulk senders since 2024-02' '... which is told'
bulk bulk.broken 'no reverse DNS' "$spf" "$dmarc" "$key" '9.113.0.203.in-addr.arpa nxdomain'
out_has 'Gmail demands of everybody since 2024-02' '... is graver'
bulk bulk.broken 'neither SPF nor DKIM' "$dmarc" "$name" "$back" '_domainkey.sends.example nxdomain'
out_has 'SPF or DKIM passes: not kept'
bulk bulk.broken 'SPF fails, and there is a key' 'sends.example TXT v=spf1 -all' "$dmarc" "$key" "$name" "$back"
out_has 'Gmail, of everybody: SPF or DKIM passes: kept' '... which one of both does'
out_has '550 5.7.515 Access denied' '... and Microsoft wants both'
done_testing
