#!/bin/sh
# What Postfix, asked as a sender (posttls-finger), makes of MX hosts, and what mx.delivery says: RSA and ECDSA keys, TLSA records in a
# signed zone, certificates that MTA-STS takes and refuses.
. "$(dirname "$0")/lib.sh"
in_root postfix
peer_start dns postfix

# finger LEVEL DOMAIN [WORD...]: what Postfix does there at that security level: encrypted, clear or deferred.
finger()
{
	level=$1
	shift
	posttls-finger -c -T 10 -l "$level" -F "$peer/pki/root.pem" "$@" >"$out/finger.$level.$1" 2>&1
	case $level in
	may) want='TLS connection established to' missing=clear ;;
	dane) want='Matched DANE' missing=deferred ;;
	*) want='Verified TLS connection established to' missing=deferred ;;
	esac
	grep -q "$want" "$out/finger.$level.$1" && echo encrypted || echo "$missing"
}

# delivered DOMAIN SENDER: what mx.delivery says.
delivered() { fact "mx.delivery.to.$1"; }

# agree DOMAIN HOST TLSA: with the levels may (any certificate), secure with the MX host's name (MTA-STS in mode enforce: RFC 8461, 4.2),
# and, where there are TLSA records (TLSA = yes), dane.
agree()
{
	ask "$1" --only mx.delivery
	is "$1: opportunistic" "$(delivered opportunistic)" "$(finger may "$1")"
	is "$1: MTA-STS enforced" "$(delivered mta-sts-enforced)" "$(finger secure "$1" "$2")"
	[ "$3" = no ] || is "$1: DANE" "$(delivered dane)" "$(finger dane "$1")"
}

agree fits.corp.test mx.corp.test yes
is '... which is' "$(delivered opportunistic) $(delivered dane) $(delivered both)" 'encrypted encrypted encrypted'
agree issuer.corp.test mx-issuer.corp.test yes
agree aliased.corp.test mx-aliased.corp.test yes
agree misfits.corp.test mx-misfits.corp.test yes
is '... which is' "$(delivered opportunistic) $(delivered dane) $(delivered both)" 'encrypted deferred deferred'
checks_are '... and loses mail' 'mx.delivery fail'
agree untold.corp.test mx-untold.corp.test no
agree strange.corp.test mx-strange.corp.test no
is '... which is' "$(delivered opportunistic) $(delivered mta-sts-enforced)" 'encrypted deferred'
agree bare.corp.test mx-bare.corp.test no
is '... which is' "$(delivered opportunistic) $(delivered mta-sts-enforced)" 'clear deferred'
agree pinned.corp.test mx-pinned.corp.test yes
is '... which is' "$(delivered opportunistic) $(delivered dane)" 'clear deferred'
agree demands.corp.test mx-demands.corp.test no
is 'MAIL FROM without TLS is refused there' "$(fact mx.delivery.tls-demanded) $(check mx.delivery .finding)" 'true delivery.tls-demanded'

# A TLSA record for one of two keys: Postfix prefers ECDSA, and is told to use RSA.
ask two-keys.corp.test --only mx.delivery
rows=$(fact mx.delivery.rows)
like 'two keys: by RSA all is well' "$rows" '*RSA * dane=encrypted *'
like '... by ECDSA DANE fails' "$rows" '*ECDSA * dane=deferred *'
is '... as Postfix finds' "$(finger dane two-keys.corp.test)" deferred
is '... and is a finding' "$(check mx.delivery .finding)" delivery.key

# Records that no mail server uses demand TLS all the same; records in a zone that is not signed are nothing.
ask unusable.corp.test --only mx.delivery
is 'unusable records: TLS, and nothing is compared' "$(delivered dane)" encrypted
like '... as Postfix says' "$(cat "$out"/finger.* 2>/dev/null; posttls-finger -c -l dane unusable.corp.test 2>&1)" \
	'*unsupported TLSA certificate usage*'
ask insecure.test --only mx.delivery
is 'a zone that is not signed: its TLSA records are ignored' "$(delivered dane)" encrypted
is '... by Postfix, too' "$(posttls-finger -c -l dane insecure.test 2>&1 | grep -c 'Matched DANE\|no matching DANE')" 0
finish
