#!/bin/sh
# check against the lab: exit statuses, formats, several targets, options that change what is run.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

run check --lab healthy --no-progress
status 0
out_has 'Good        Nothing was found that stands in the way.'
err_empty
run check --lab healthy -q
status 0
out_lacks 'STARTTLS' '-q shows nothing that is well'
run check --lab tenant-disabled
status 1
out_has 'Why         SMTP AUTH is switched off for the whole tenant.'
out_has 'Set-CASMailbox -Identity scan@contoso.com -SmtpClientAuthenticationDisabled $false'
out_has 'Who         an Exchange Administrator of contoso.com.'
err_empty
# One byte a letter is enough to count them.
tr -d '\200-\277' <"$scratch/out" | LC_ALL=C awk 'length > 80 && !/https:|Set-|New-|Get-|Add-/' >"$scratch/long"
[ ! -s "$scratch/long" ]
say $? "the report keeps to 80 columns"

# A port where nothing listens; nothing that can be asked at all.
run check 127.0.0.1:9 --no-progress
status 1 "a refused port is a problem"
run check --lab dns-dead
rc_dead=$rc
[ "$rc_dead" = 1 ] || [ "$rc_dead" = 3 ]
say $? "a dead resolver is no pass"

# A warning is good, unless --strict.
run check --lab ipv6-dead
status 0
run check --lab ipv6-dead --strict
status 1 "--strict makes a warning a problem"

# What was asked for and could not be tested is no success: a login without its secret, a certificate that nobody can judge.
background "$scratch/lab" "$scratch/lab" "$SMTPWHY" lab healthy
until_says "$scratch/lab" '^Ctrl-C'
ca=$(awk '$1 == "CA" { print $3 }' "$scratch/lab")
to=$(sed -n 's/.*port 587  *is \(127[0-9.:]*\).*/\1/p' "$scratch/lab" | head -n 1)
run check smtp.office365.com:587 --connect-to "::$to" --ca-file "$ca" --no-progress
status 0
run check smtp.office365.com:587 --connect-to "::$to" --ca-file "$ca" --no-progress --user scan@contoso.com
status 3 "a login without its secret is not tested"
out_has 'The login of scan@contoso.com was not tested'
out_has 'What could be tested is good'
printf -- '-----BEGIN CERTIFICATE-----\nx\n' >"$scratch/broken.pem"
run check smtp.office365.com:587 --connect-to "::$to" --ca-file "$scratch/broken.pem" --no-progress
status 3 "nobody to judge the certificate by"
background_end
run check --lab certificate-expired -6
status 1
out_has 'the name mail.example.com has no IPv6 address' '-6, and the host has IPv4 only'
out_lacks 'does not exist' '... which does not mean that there is no such name'

# JSON
for scenario in healthy tenant-disabled captive-portal certificate-expired; do
	run check --lab $scenario --format json
	valid report "$scenario: the JSON is as its schema says"
	err_empty
done
run check --lab tenant-disabled --format json
out_has '"cause": "tenant-smtp-auth-disabled"'
out_has '"certainty": "certain"'
out_has '"schema": "smtpwhy.report/1"'
run check --lab tenant-disabled --format ndjson
[ "$(wc -l <"$scratch/out")" = 1 ]
say $? "ndjson is one line"
valid report "... as its schema says"
run check --format json 127.0.0.1:9 127.0.0.1:11
[ "$(wc -l <"$scratch/out")" = 2 ]
say $? "json of two targets is a line each"
valid report "... as its schema says"
run check 127.0.0.1:9 127.0.0.1:11
[ "$(grep -cE '^127\.0\.0\.1:(9|11)' "$scratch/out")" = 2 ]
say $? "text of two targets has a head for each"
status 1

# -o
run check --lab healthy --format json -o "$scratch/report.json"
status 0
out_empty
cp "$scratch/report.json" "$scratch/out"
valid report "-o writes the report to the file"
if [ -c /dev/full ]; then
	run check --lab healthy -o /dev/full
	status 3 "a result that cannot be written is no success"
	err_has 'writing to /dev/full failed: No space left on device'
fi

# What is run
run check --lab healthy --only tls.version --format json
out_has '"id": "tls.version"'
out_lacks '"id": "auth.login"' '--only leaves the others out'
run check --lab healthy --skip-check 'auth.*' --format json
out_lacks '"id": "auth.login"' '--skip-check leaves them out'
run check 127.0.0.1 --ports 9,11/tls --format json
out_has '"id": "tcp.9"'
out_has '"id": "tcp.11"'
out_lacks '"id": "tcp.587"' '--ports and no others'
run check --lab healthy -v
out_has 'Transcript of smtp.office365.com:587'
out_has 'C: STARTTLS'
out_has 'Times '
for stage in dns connect greeting ehlo starttls handshake ehlo-tls auth; do
	out_has "              $stage  " "-v tells how long $stage took"
done
run check --lab healthy-implicit-tls -v
for stage in dns connect handshake greeting ehlo auth; do
	out_has "              $stage  " "-v tells how long $stage took, with TLS from the start"
done
run check --lab healthy --trace smtp
err_has ' smtp '
run check --lab healthy --color always
out_has "$(printf '\033[32m')" 'colour when it is asked for'
run check --lab healthy
out_lacks "$(printf '\033')" 'no colour into a file'
last='LC_ALL=C smtpwhy check --lab tenant-disabled'
LC_ALL=C "$SMTPWHY" check --lab tenant-disabled >"$scratch/out" 2>"$scratch/err"
rc=$?
LC_ALL=C grep -q '[^ -~]' "$scratch/out"
[ $? = 1 ]
say $? "without UTF-8 the report is ASCII"
out_has ' x LOGIN'

# --data: said before, sent once.
run check --lab healthy --from scan@contoso.com --to office@contoso.com --data --ports 587,25 -v --no-progress
status 0
err_is 'smtpwhy check: --data: one message from scan@contoso.com to office@contoso.com is sent through smtp.office365.com:587, in the lab, which delivers nothing'
out_has 'DATA          taken for office@contoso.com, which is not yet'
[ "$(grep -c 'C: DATA' "$scratch/out")" = 1 ]
say $? 'one message, not one a port'
run check --lab healthy --from scan@contoso.com --to office@contoso.com -v --no-progress
out_lacks 'C: DATA' 'without --data there is none'
err_empty

# Our own rows go before the built-in ones.
printf 'id\tprovider\tstage\tcode\tenhanced\tpattern\tcause\tcertainty\tmeaning\tfix\twho\tretry\talso\tsource\tconfidence\texample\n' >"$scratch/codes.tsv"
printf 'house\t*\tauth\t535\t5.7.139\tthe user credentials were incorrect\tpassword-expired\tlikely\tRing extension 4711.\t-\t-\t-\t-\thouse rules\texpert\t535 5.7.139 Authentication unsuccessful, the user credentials were incorrect\n' >>"$scratch/codes.tsv"
run explain --codes "$scratch/codes.tsv" '535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.'
status 0 "--codes FILE is read"
run check --lab healthy --codes /nonexistent/codes.tsv
status 2
err_has '/nonexistent/codes.tsv'
err_one_line
printf 'id\tcode\nx\t1\n' >"$scratch/bad.tsv"
run check --lab healthy --codes "$scratch/bad.tsv"
status 2
err_has "bad.tsv:1: column '"
err_one_line
sed 's/password-expired/no-such-cause/' "$scratch/codes.tsv" >"$scratch/bad.tsv"
run explain --codes "$scratch/bad.tsv" x
status 2
err_has "bad.tsv:2: column 'cause'"
err_one_line

done_testing
