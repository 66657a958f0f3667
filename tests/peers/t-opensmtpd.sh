#!/bin/sh
# OpenSMTPD 6.8 on OpenSSL 3: offers STARTTLS, and then every handshake ends in an internal_error alert. A fault nobody simulated.
. "$(dirname "$0")/lib.sh"
in_root opensmtpd
peer_start opensmtpd
via='--connect-to osmtpd.corp.test::127.0.1.1:'

like 'OpenSSL can not get through either' "$(openssl s_client -connect 127.0.1.1:587 -starttls smtp </dev/null 2>&1)" '*alert internal error*'
# shellcheck disable=SC2086 # an option and its value
{
ask osmtpd.corp.test:587 $via
checks_are 'offered, taken, broken off' 'smtp.greeting pass' 'smtp.ehlo pass' 'smtp.starttls fail' 'smtp.ehlo-tls skip'
cause_is '... is a failed handshake, not a certificate' tls-handshake-failed 1
like '... with the alert that came' "$(field '[.checks[].summary] | join(" ")')" '*nternal*'
ask osmtpd.corp.test:465 $via
cause_is 'the same with TLS from the first byte' tls-handshake-failed 1
}
finish
