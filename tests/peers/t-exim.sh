#!/bin/sh
# Exim 4.96: GnuTLS on the other side, and replies without enhanced codes.
. "$(dirname "$0")/lib.sh"
in_root exim
peer_start exim
via='--connect-to exim.corp.test::127.0.1.1:'

# shellcheck disable=SC2086 # an option and its value
{
ask exim.corp.test:587 $via
cause_is 'a healthy server' none 0
checks_are 'every step of it passes' 'tcp.587 pass' 'smtp.greeting pass' 'smtp.ehlo pass' 'smtp.starttls pass' \
	'tls.certificate pass' 'smtp.ehlo-tls pass' 'auth.mechanisms pass'
ask exim.corp.test:465 $via
cause_is 'TLS from the first byte' none 0
ask exim.corp.test:25 $via
is 'TLS versions as OpenSSL finds them' "$(versions 25)" "$(openssl_versions 127.0.1.1:25)"
ask exim.corp.test:587 $via --auth plain --user user@corp.test --password-file "$(secret "$password")"
checks_are 'a login' 'auth.plain pass'
ask exim.corp.test:587 $via --auth login --user user@corp.test --password-file "$(secret wrong-anyway)"
cause_is 'a wrong password, told without an enhanced code' wrong-credentials 1
ask exim.corp.test:587 $via --from user@corp.test --to user@corp.test
cause_is 'no mail without a login' not-authenticated 1
ask exim.corp.test:25 $via --from a@insecure.test --to b@elsewhere.test
cause_is 'relaying denied, in Exim'\''s words' relay-denied 1
ask exim.corp.test:25 $via --from a@insecure.test --to no@corp.test
cause_is 'an unknown recipient' unknown-recipient 1
}
finish
