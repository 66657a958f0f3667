#!/bin/sh
# Dovecot's submission service: tokens (JWT) that it validates itself.
. "$(dirname "$0")/lib.sh"
in_root postfix
peer_start dns dovecot postfix

for port in 587 465; do
	ask post.corp.test:$port
	cause_is "a healthy server on $port" none 0
	checks_are 'every step of it passes' 'smtp.greeting pass' 'tls.certificate pass' 'smtp.ehlo pass' 'auth.mechanisms pass'
done
for mech in xoauth2 oauthbearer; do
	ask post.corp.test:587 --auth $mech --user user@corp.test --token-file "$(secret "$(token)")"
	checks_are "$mech with a good token" "auth.$mech pass"
	ask post.corp.test:587 --auth $mech --user user@corp.test --token-file "$(secret "$(stranger_token)")"
	checks_are '... signed by someone else' "auth.$mech fail"
	is '... is refused after the error was heard out' "$(check auth.$mech .reply.code) $(check auth.$mech .reply.enhanced)" '535 5.7.8'
	ask post.corp.test:587 --auth $mech --user user@corp.test --token-file "$(secret "$(token scope=other)")"
	checks_are '... for another scope' "auth.$mech fail"
done
ask post.corp.test:587 --user user@corp.test --token-file "$(secret "$(token)")"
is 'without --auth, the best mechanism that a token serves' \
	"$(field '[.checks[] | select(.id | test("^auth\\.(xoauth2|oauthbearer)$")) | select(.status == "pass")] | length')" 1
ask post.corp.test:587 --user user@corp.test --token-file "$(secret "$(token)")" --from user@corp.test --to user@corp.test
checks_are 'through to the recipient' 'smtp.mail-from pass' 'smtp.rcpt-to pass'

# For reading mail: IMAP and POP3, TLS from the start and by STARTTLS, with passwords and tokens.
# reads PORT CHECK STATUS FINDING TITLE [OPTION...]
reads()
{
	port=$1 id=$2 want="$3 $4" title=$5
	shift 5
	ask "post.corp.test:$port" --only "$id" "$@"
	is "$title" "$(check "$id") $(check "$id" '.finding // ""')" "$want"
}
for way in '993 imap.993' '143 imap.143' '995 pop3.995' '110 pop3.110'; do
	port=${way% *} id=${way#* } area=${way#* }
	area=${area%.*}
	reads "$port" "$id" pass '' "$id answers"
	is '... under TLS' "$(fact "$id.secure") $(fact "$id.state")" 'true ok'
	like '... and offers XOAUTH2' "$(fact "$id.offers")" '*AUTH=XOAUTH2*'
	reads "$port" "$id" pass '' '... a password' --user user@corp.test --password-file "$(secret "$password")"
	is '... is accepted' "$(fact "$id.accepted") $(fact "$id.mechanism")" 'true PLAIN'
	reads "$port" "$id" fail "$area.refused" '... a wrong password' --user user@corp.test --password-file "$(secret 'Vv3ry-wr0ng')"
	like '... is refused with the reason' "$(fact "$id.said")" '*uthentication*failed*'
	reads "$port" "$id" pass '' '... a token' --user user@corp.test --token-file "$(secret "$(token)")"
	is '... is accepted' "$(fact "$id.accepted") $(fact "$id.mechanism")" 'true XOAUTH2'
	reads "$port" "$id" fail "$area.refused" '... a token that somebody else signed' --user user@corp.test \
		--token-file "$(secret "$(stranger_token)")"
done
# One protocol in the other's place, and SMTP in theirs.
reads 995 imap.995 fail imap.not-spoken 'POP3 at the port asked for IMAP'
is '... which it says' "$(fact imap.995.state)" pop3
reads 143 pop3.143 fail pop3.not-spoken 'IMAP at the port asked for POP3'
reads 587 imap.587 fail imap.not-spoken 'an SMTP server asked for IMAP'
is '... which it says' "$(fact imap.587.state)" smtp
ask post.corp.test:143
cause_is 'an IMAP port used for sending' wrong-port 1
is '... and IMAP itself is well' "$(check imap.143)" pass
ask post.corp.test:993
cause_is '... with TLS from the start' wrong-port 1
ask post.corp.test:995
cause_is '... POP3' wrong-port 1
finish
