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
finish
