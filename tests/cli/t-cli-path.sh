#!/bin/sh
# Which way of sending: what contradicts it, what fits, and the options that say what the sender can do.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

# A healthy check is not disturbed.
run check --lab healthy --no-progress
status 0
out_lacks 'Path ' 'nothing about the path where nothing is wrong'
out_lacks 'Fits best'
grep -q ' path ' "$scratch/out"
[ $? = 1 ]
say $? 'nor a line of its check'
run check --lab healthy --no-progress -v
out_has 'Path        client submission: smtp.office365.com is a server of Microsoft 365.'
out_has 'Fits best   client submission with OAuth, smtp.office365.com:587'
out_has '[rule usual]'
out_has '[path.password-flip-coming]'

# A contradiction, and what to set instead.
run check --lab mx-with-login --no-progress
status 1
out_has 'Change      - To log in, write smtp.office365.com port 587 with STARTTLS.'
run check --lab mx-with-login --no-progress -v
out_has 'Path        direct send: contoso-com.mail.protection.outlook.com takes incoming'
out_has 'Change      - To log in, write smtp.office365.com port 587 with STARTTLS.'
out_has 'Fits best   client submission with OAuth, smtp.office365.com:587'
run check --lab mx-with-login --format json --no-progress
valid report 'the JSON is as its schema says'
out_has '"finding": "path.credentials-at-mx"'
out_has '"path.finding.1": "path.credentials-at-mx"'
out_has '"path.on": "direct-send"'
out_has '"path.rule": "usual"'

# What the sender can do decides.
run check --lab healthy --no-progress --cannot oauth --recipients internal
status 0
out_has 'Fits best   High Volume Email, smtp.hve.mx.microsoft:587'
out_has 'What would break it next:'
out_has '- Passwords end there in September 2028'
out_has 'client submission with a password, smtp.office365.com:587: a'
run check --lab healthy --no-progress --cannot auth --recipients external --static-ip yes --port-25 yes
out_has 'Fits best   SMTP relay by a connector that knows the address'
out_has '203.0.113.7, the address you' 'the address that a connector must know'
run check --lab healthy --no-progress --volume 50000
out_has 'Fits best   Azure Communication Services'
run check --lab healthy --no-progress --own-code
out_has 'Fits best   Microsoft Graph'
run check --lab healthy --no-progress --can 'admin, tls12'
out_has 'To be sure  - Is the sending program your own'
run check --lab certificate-expired --no-progress --can oauth
out_has "To tell     - Who has the mailboxes of the sender's domain?"
run check --lab healthy --no-progress --can oauth --volume 100 --recipients external --format json
valid report '... and so is the recommendation'
out_has '"rule": "oauth"'

wrong "smtpwhy check: --can: 'fly' is none of oauth, tls12, auth, cert, admin" check x.example --can oauth,fly
wrong "smtpwhy check: --cannot: it is empty; it takes oauth, tls12, auth, cert, admin" check x.example --cannot ' , '
wrong "smtpwhy check: 'oauth' is in --can and in --cannot" check x.example --can oauth --cannot oauth
wrong "smtpwhy check: --volume: 'many' is no number of recipients a day, 1 to 1000000000" check x.example --volume many
wrong "smtpwhy check: --volume: '0' is no number of recipients a day, 1 to 1000000000" check x.example --volume 0
run check x.example --recipients some
status 2
err_one_line

# What a configuration says is judged with what was asked.
cat >"$scratch/msmtprc" <<'END'
account default
host smtp.office365.com
port 587
tls on
tls_starttls on
tls_certcheck off
auth plain
user scan@contoso.com
from scan@contoso.com
END
run check --from-config "$scratch/msmtprc" --only path.fit --no-progress --format json
status 1
out_has '"finding": "path.plain-at-microsoft"'
out_has '"finding": "path.verify-off"'
run check --from-config "$scratch/msmtprc" --only path.fit --no-progress --format json smtp.gmail.com:587
out_lacks 'path.verify-off' '... but not for another host'

# Who logs in is led to the provider's own host, not to the MX host.
run check --lab healthy contoso.com --path client-submission --no-progress -v
status 0
out_has 'contoso.com (smtp.office365.com, ports 587 and 25)'
out_has 'contoso.com has its'
run check --lab healthy scan@contoso.com --no-progress --format json
out_has '"host": "smtp.office365.com"'
out_has '"target.route": "contoso.com has its mailboxes there (MX contoso-com.mail.protection.outlook.com), and mail with a login goes to smtp.office365.com"'
run check --lab healthy scan@contoso.com --path direct-send --no-progress --format json
out_has '"host": "contoso-com.mail.protection.outlook.com"'
run check --lab healthy-mx contoso-com.mail.protection.outlook.com:25 --path client-submission --no-progress
status 0
out_has 'it is not where'
run check --lab hve-other-sender contoso.com --path high-volume-email --no-progress --format json
out_has '"host": "smtp.hve.mx.microsoft"'
run check --lab healthy contoso.com --path client-submission --ports 25 --no-progress
out_has 'contoso.com (smtp.office365.com:25)'
run check --lab domain-srv --no-progress -v
status 0
out_has 'example.com (mail.example.com:465)'
out_has 'SRV'
run check --lab certificate-expired example.com --path client-submission --no-progress
status 3 'where to log in is not known'
out_has 'no server is known where example.com takes mail with a'
out_lacks 'all 1 address' '... and the MX host is not asked'
out_lacks 'answers'
run check --lab certificate-expired example.com --provider google --path client-submission --no-progress --format json
out_has '"host": "smtp.gmail.com"'
run check --lab healthy nowhere.example --path client-submission --no-progress
status 1
out_has 'the domain nowhere.example does not exist'

# What ends within sixty days is told to everybody, though nothing is wrong today; what ends later to those who want it all.
SMTPWHY_NOW=1794355200
export SMTPWHY_NOW
run check --lab healthy --no-progress
status 0
out_has 'Nothing was found that stands in the way.'
out_has 'from the end of December 2026'
SMTPWHY_NOW=1792627200
run check --lab healthy --no-progress
status 0
out_lacks 'end of December 2026'
run check --lab healthy --no-progress -v
out_has 'from the end of December 2026'
run check --lab healthy-oauth --no-progress
out_lacks 'end of December 2026'
unset SMTPWHY_NOW

# A name that the provider publishes is not misspelt, whatever DNS says.
run check --lab provider-denied --no-progress
status 1
out_lacks 'Correct the host'
out_has 'smtpwhy check smtp.office365.com --resolver 1.1.1.1'

# One family is one family.
wrong 'smtpwhy check: --connect-to: 127.0.0.1 is an IPv4 address, and with -6 only IPv6 is dialled' check -6 x.example:25 --connect-to '::127.0.0.1:2525'
wrong 'smtpwhy check: 127.0.0.1 is an IPv4 address, and with -6 only IPv6 is dialled' check -6 127.0.0.1:25
wrong 'smtpwhy check: ::1 is an IPv6 address, and with -4 only IPv4 is dialled' check -4 '[::1]:25'
wrong "smtpwhy check: '587' is no target: it is a number; a port goes behind its host and a colon (smtp.office365.com:587)" \
	check smtp.office365.com 587
wrong 'smtpwhy check: --connect-to: ::1 is an IPv6 address, and with -4 only IPv4 is dialled' check -4 x.example:25 --connect-to '::[::1]:2525'

done_testing
