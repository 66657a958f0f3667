#!/bin/sh
# audit: a list of targets, asked side by side; what is counted, left out, and given to whom.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

. "$top/tests/cli/zone.sh"

cd "$scratch" || exit 1
zone <<'END'
sends.example MX 0 sends-example.mail.protection.outlook.com
END
awk 'BEGIN { for (i = 1; i <= 200; i++) print (i % 4 ? "gone" i : "none") ".example" }' >list
run audit --lab ./zone.scenario --only 'dns.mx' --jobs 20 list
status 1
[ "$(wc -l <out)" = 200 ]
say $? 'each target of 200 leaves one line of evidence'
[ "$(grep -o '"ask.domain":"[^"]*"' out | sort | uniq -c | awk '{ print $1 }' | sort -n | uniq -c | tr -s ' ')" = "$(printf ' 150 1\n 1 50')" ]
say $? '... and each target as many as the list has of it'
err_has '200 of 200 targets: '
err_has '    50 of 50  none.example' 'clients: those with the most problems first'
err_has 'Who must act:'
mv out kept
run judge kept
say $((rc > 1)) 'judge reads the evidence'
run audit --lab ./zone.scenario --only 'dns.mx' --jobs 1 --format ndjson - <list
[ "$(wc -l <out)" = 200 ]
say $? 'from standard input, as NDJSON'

printf 'target,client\nnone.example,Acme & Söhne\nnone.example,B\n' >list
run audit --lab ./zone.scenario --only 'dns.mx' list
out_has '"client":"Acme & Söhne","line":2' 'the evidence says whose it is and where it stands in the list'
valid evidence '... and is as its schema says'
err_has 'first step, for none.example: the message: Check the spelling of the domain in <recipient>' 'the first step is filled in'
mv out kept
run judge --format evidence kept
out_has '"client":"B","line":3' '... and judge keeps it'
run audit --lab ./zone.scenario --only 'dns.mx' --format ndjson list
out_has '"client":"B","line":3,"target"' '... and so does the report'

printf 'none.example\nb@d@\nnone.example\n' >list
run audit --lab ./zone.scenario --only 'dns.mx' list
err_has "smtpwhy audit: 'list', line 2: " 'a bad line is told with its number'
err_has '2 of 2 targets: ' '... and the others are asked'
err_has 'Left out of the list: 1 line, named above.'

# Credentials: one goes to one provider, and is not tried again once it was refused.
echo 'quokka-Zylinder-83' >pw
cat >clients <<'END'
host,user,password_file,client
smtp.office365.com:587,scan@contoso.com,pw,A
smtp.gmail.com:587,scan@contoso.com,pw,B
contoso.com,scan@contoso.com,other,C
smtp.office365.com:587,scan@contoso.com,pw,D
END
run audit --dry-run clients
status 3
out_is "line 2: smtp.office365.com:587: the password of 'pw' for scan@contoso.com goes to smtp.office365.com (m365)
line 5: smtp.office365.com:587: the password of 'pw' for scan@contoso.com goes to smtp.office365.com (m365)
2 targets, 2 lines left out; nothing was asked" '--dry-run tells where each credential would go'
err_has "line 3: the credential 'pw' goes to m365 already, and is not given to google"
err_has 'line 4: a login needs the host that it goes to'
ln -s pw link
ln pw hard
cat >list <<'END'
host,user,password_file
smtp.office365.com:587,scan@contoso.com,pw
smtp.gmail.com:587,scan@contoso.com,./pw
smtp.gmail.com:587,scan@contoso.com,link
smtp.gmail.com:587,scan@contoso.com,hard
END
run audit --dry-run list
[ "$(grep -c 'goes to m365 already, and is not given to google' err)" = 3 ]
say $? 'one file is one credential, by whatever name'
printf 'login,secret\nmail.example,quokka-Zylinder-83\nmail.example quokka-Zylinder-83\n' >list
run audit --dry-run list
status 2
! grep -q 'quokka-Zylinder-83' err
say $? 'a line that is no target is not printed'
printf 'target,from,path\nmail.example:quokka-Zylinder-83,,\nmail.example,quokka-Zylinder-83,\nmail.example,,quokka-Zylinder-83\n' >list
run audit --dry-run list
! grep -q 'quokka-Zylinder-83' err
say $? '... nor is a value in the wrong column'
cat >refused.scenario <<'END'
like      domain-submission
title     The password is wrong
target    contoso.com
expect    wrong-credentials

server smtp.office365.com:587
	login  535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.
END
run audit --lab ./refused.scenario clients
[ "$(grep -c 'was refused before, and is not tried again' err)" = 1 ]
say $? 'a login that was refused is not tried again'
out_has '5.7.139' '... and was tried once'
out_lacks 'quokka-Zylinder-83' 'no secret is printed'
sed 's/login  535 5.7.139.*/auth  454 4.7.0 Temporary authentication failure/' refused.scenario >busy.scenario
run audit --lab ./busy.scenario clients
! grep -q 'was refused before' err
say $? 'a login that failed for a time was not refused'
[ "$(grep -c '"code":454' out)" = 2 ]
say $? '... and is tried again for another target'

# What does not depend on who asks is asked once: four versions of TLS at one address, the names.
for i in 1 2 3 4 5; do echo smtp.office365.com:587; done >list
run audit --lab ./zone.scenario --trace net,dns list
[ "$(grep -c 'port 587: open' err)" = $((5 * 4 + 4)) ]
say $? 'five targets at one host: four addresses each, and one matrix of TLS versions'
[ "$(grep -o '"tls.587.1.0":"[a-z]*","tls.587.1.1":"[a-z]*","tls.587.1.2":"[a-z]*","tls.587.1.3":"[a-z]*"' out | sort | uniq -c | sed 's/^ *//')" = \
	'5 "tls.587.1.0":"refused","tls.587.1.1":"refused","tls.587.1.2":"accepted","tls.587.1.3":"accepted"' ]
say $? '... whose answer all have'
[ "$(grep -c 'smtp.office365.com AAAA: ok' err)" = 1 ]
say $? '... and one look-up'

cat >shared.scenario <<'END'
like      m365
title     Two domains with one MX host
user
password
target    a.example
dns
	a.example MX 0 contoso-com.mail.protection.outlook.com
	b.example MX 0 contoso-com.mail.protection.outlook.com
END
echo a.example >one
printf 'a.example\nb.example\n' >list
run audit --lab ./shared.scenario --only mx.delivery --trace net one
alone=$(grep -c 'port 25: open' err)
run audit --lab ./shared.scenario --only mx.delivery --trace net list
[ "$alone" -gt 0 ] && [ "$(grep -c 'port 25: open' err)" = "$alone" ]
say $? 'an MX host that two domains share is visited once'
[ "$(grep -c '"check":"mx.delivery"[^}]*"status":"[pw]' out)" = 2 ]
say $? '... and both are judged'

# A server that sends us away for now.
cat >away.scenario <<'END'
like      domain-submission
title     The server is busy
target    contoso.com
expect    throttled-connections

server smtp.office365.com:587
	greeting  421 4.3.2 The maximum number of concurrent connections has exceeded a limit
	          then usual
END
printf 'smtp.office365.com:587\nnone.example\nsmtp.office365.com:587\n' >list
run audit --lab ./away.scenario --pause 1 --jobs 3 --only 'smtp.greeting' --only 'dns.mx' list
[ "$(grep -c 'm365 sends us away for now (421): nothing is asked there for 1 s' err)" = 1 ]
say $? '421: told once'
err_has 'Who sent us away for now (421), so often' '... and in the summary'
[ "$(grep -c '"smtp.587.greeting.state":"ok"' out)" = 2 ]
say $? '... and both are asked once it is over'
sed '/then usual/d' away.scenario >closed.scenario
run audit --lab ./closed.scenario --pause 1 --only 'smtp.greeting' --only 'dns.mx' list
[ "$(wc -l <out)" = 3 ]
say $? '421 each time: each target is told once'
err_has '2 not tested' '... as one that was not tested'

export SMTPWHY_TOKEN=walrus-Tangente-61
run audit --lab ./refused.scenario clients
unset SMTPWHY_TOKEN
out_has '"ask.token":false' 'a token of the environment goes to nobody'

wrong 'smtpwhy audit: give one list of targets, or - for standard input' audit
wrong "smtpwhy audit: --jobs: '0' is no number from 1 to 1000" audit --jobs 0 list
wrong "smtpwhy audit: 'none' cannot be opened: No such file or directory" audit none
: >empty
wrong "smtpwhy audit: 'empty': there is no target in it" audit empty
printf 'domain,password\n' >secrets
wrong "smtpwhy audit: 'secrets', line 1: column 2 of the header: a list holds no secrets: name a file that does, in password_file or token_file" audit secrets

done_testing
