#!/bin/sh
# explain --summary and --follow: formats, packed files, hostile bytes, memory, files that are moved away.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

cd "$scratch" || exit 1
off='535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.'
cat >mail.log <<END
Nov 20 06:25:01 mx postfix/qmgr[811]: 4AB12C0DE1: from=<scan@contoso.com>, size=1234, nrcpt=1 (queue active)
Nov 20 06:25:02 mx postfix/smtp[812]: 4AB12C0DE1: to=<u@example.com>, relay=smtp.office365.com[192.0.2.10]:587, delay=1, dsn=5.7.139, status=bounced (SASL authentication failed; server smtp.office365.com[192.0.2.10] said: $off)
Nov 20 06:25:03 mx postfix/qmgr[811]: 4AB12C0DE1: removed
Nov 20 06:26:01 mx postfix/qmgr[811]: 4AB12C0DE2: from=<=cmd|x@fabrikam.com>, size=1234, nrcpt=1 (queue active)
Nov 20 06:26:02 mx postfix/smtp[812]: 4AB12C0DE2: to=<u@example.com>, relay=smtp.office365.com[192.0.2.10]:587, delay=1, dsn=5.7.139, status=bounced (SASL authentication failed; server smtp.office365.com[192.0.2.10] said: $off)
Nov 20 06:30:00 mx postfix/smtp[900]: connect to mx.example.net[192.0.2.25]:25: Connection refused
Nov 20 06:30:01 mx postfix/smtp[900]: 4AB12C0DE3: to=<a@example.net>, relay=none, delay=30, dsn=4.4.1, status=deferred (connect to mx.example.net[192.0.2.25]:25: Connection refused)
Nov 20 06:31:01 mx postfix/smtp[900]: 4AB12C0DE4: to=<b@example.org>, relay=mx.example.org[192.0.2.26]:25, delay=3, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 450ABCDE)
END
printf 'Error: Invalid login: %s\n    at x (/app/index.js:535:19) {\n  responseCode: 535\n}\n2026-11-20 12:00:01 the moon said: 577 5.0.0 no\n' "$off" >app.log

run explain --summary mail.log
status 0
err_empty
out_has '    who       an Exchange Administrator'
# Without the rows that others may put in better words.
sed '/^    who /,/^    example/{/^    example/!d}' out >plain && mv plain out
out_is '3 failures in mail.log, 8 lines, 1.4 kB
 1 deferred (the server tries again), 2 bounced (it gave up)
 Nov 20 06:25:02 to Nov 20 06:30:01

      2  67 %  SMTP AUTH is switched off for the whole tenant
    fate      2 bounced
    when      Nov 20 06:25:02 to Nov 20 06:26:02
    relay     smtp.office365.com
    sender    contoso.com (1), fabrikam.com (1)
    example   Nov 20 06:25:02 mx postfix/smtp[812]: 4AB12C0DE1:
              to=<u@example.com>, relay=smtp.office365.com[192.0.2.10]:587,
              delay=1, dsn=5.7.139, status=bounced (SASL authentication failed;
              server smtp.office365.com[192.0.2.10] said: 535 5.7.139
              Authentication unsuccessful, SmtpClientAuthentication is disabled
              ...
    to do     sed -n '\''2{p;q}'\'' mail.log | smtpwhy explain

      1  33 %  The server'\''s machine answers, but nothing listens on this port
    fate      1 deferred
    when      Nov 20 06:30:01
    relay     mx.example.net
    example   Nov 20 06:30:01 mx postfix/smtp[900]: 4AB12C0DE3:
              to=<a@example.net>, relay=none, delay=30, dsn=4.4.1,
              status=deferred (connect to mx.example.net[192.0.2.25]:25:
              Connection refused)
    to do     sed -n '\''7{p;q}'\'' mail.log | smtpwhy explain

By relay
      2  smtp.office365.com                 Nov 20 06:25:02 to Nov 20 06:26:02
      1  mx.example.net                     Nov 20 06:30:01

By sender'\''s domain
      1  contoso.com                        Nov 20 06:25:02
      1  fabrikam.com                       Nov 20 06:26:02
      1  not said                           Nov 20 06:30:01' 'the text, most frequent first'

# What is told to be typed works.
last=$(sed -n 's/^    to do     //p' out | head -n 1)
PATH=$(dirname "$SMTPWHY"):$PATH sh -c "$last" >out 2>err
rc=$?
status 0 'the command to read on works'
out_has 'SMTP AUTH is switched off for the whole tenant.'

run explain --summary --format json mail.log app.log
status 0
valid summary 'the JSON is as its schema says'
python3 - out <<'END' 2>why
import json, sys
s = json.load(open(sys.argv[1]))
assert (s["files"], s["lines"], s["count"], s["deferred"], s["bounced"], s["failed"]) == (["mail.log", "app.log"], 13, 5, 1, 2, 2), s
first, unknown = s["causes"][0], [c for c in s["causes"] if c["cause"] is None]
assert (first["cause"], first["count"], first["share"], first["certainty"]) == ("tenant-smtp-auth-disabled", 3, 0.6, "certain"), first
assert first["example"]["file"] == "mail.log" and first["example"]["line"] == 2, first
assert first["relays"] == [{"name": "smtp.office365.com", "others": False, "count": 2}, {"name": None, "others": False, "count": 1}], first
assert len(unknown) == 1 and unknown[0]["reply"] == "577 5.0.0 no" and unknown[0]["first"] == "2026-11-20 12:00:01", unknown
assert [(r["name"], r["provider"]) for r in s["relays"][:2]] == [("smtp.office365.com", "m365"), (None, None)], s["relays"]
END
say $? 'two files in one JSON, the unknown one among them' "$(tail -n 1 why)"

run explain --summary --format csv mail.log
status 0
tr -d '\r' <out >plain && mv plain out
out_is 'cause,title,certainty,who,retry,relay,sender_domain,count,deferred,bounced,failed,first,last,example
tenant-smtp-auth-disabled,"SMTP AUTH is switched off for the whole tenant",certain,tenant-admin,no,smtp.office365.com,contoso.com,1,0,1,0,"Nov 20 06:25:02","Nov 20 06:25:02","'"$(sed -n '2s/.*/&/p' mail.log)"'"
tenant-smtp-auth-disabled,"SMTP AUTH is switched off for the whole tenant",certain,tenant-admin,no,smtp.office365.com,fabrikam.com,1,0,1,0,"Nov 20 06:26:02","Nov 20 06:26:02","'"$(sed -n '2s/.*/&/p' mail.log)"'"
connection-refused,"The server'\''s machine answers, but nothing listens on this port",certain,network-admin,no,mx.example.net,,1,1,0,0,"Nov 20 06:30:01","Nov 20 06:30:01","'"$(sed -n '7s/.*/&/p' mail.log)"'"' 'CSV'
printf '=SUM(1) said: 550 5.1.1 User unknown "x"\n' >formula.log
run explain --summary --format csv formula.log
out_has "\"'=SUM(1) said: 550 5.1.1 User unknown \"\"x\"\"\"" 'a spreadsheet sees no formula'

# Standard input, packed files, several of them in one.
for args in '' -; do
	last="smtpwhy explain --summary $args <mail.log"
	# shellcheck disable=SC2086 # none or one
	"$SMTPWHY" explain --summary $args <mail.log >out 2>err
	rc=$?
	out_has '3 failures in standard input, 8 lines' "standard input: '$args'"
done
gzip -c mail.log >one.gz
cat one.gz one.gz >two.gz
cp one.gz not-named-so
run explain --summary one.gz
out_has '3 failures in one.gz, 8 lines' 'a packed file'
out_has "zcat -f one.gz | sed -n '2{p;q}' | smtpwhy explain" '... and how to read on in it'
run explain --summary not-named-so
out_has '3 failures' 'packed, whatever its name is'
run explain --summary two.gz
out_has '6 failures in two.gz, 16 lines' 'two packed files in one'
(cat one.gz; head -c 1000 /dev/zero) >zeros.gz
run explain --summary zeros.gz
status 0 'zeros behind it are passed over'
last='cat one.gz | smtpwhy explain --summary'
cat one.gz | "$SMTPWHY" explain --summary >out 2>err
rc=$?
out_has '3 failures' 'packed, through a pipe'
head -c 200 one.gz >half.gz
run explain --summary half.gz
status 3 'half a packed file: exit status 3'
err_is 'smtpwhy explain: half.gz ends in the middle of what gzip has packed; what was read before that is counted'
run explain --summary --format json half.gz
valid summary '... which the JSON says, too'
out_has '"complete": false'
(head -c 20 one.gz; echo rubbish rubbish rubbish rubbish) >damaged.gz
run explain --summary damaged.gz
status 3 'a damaged one likewise'

# Nothing in it, and what is no log.
: >empty
run explain --summary empty
status 1
out_is 'No failure in empty, 0 lines, 0 bytes'
sed -n 6p mail.log >attempt.log
run explain --summary attempt.log
status 1
out_has '1 line of attempts without their outcome'
run explain --summary --format json empty
valid summary 'an empty one in JSON'
wrong "smtpwhy explain: cannot read 'none.log': No such file or directory" explain --summary mail.log none.log
wrong "smtpwhy explain: '$scratch' is a directory; give its files" explain --summary "$scratch"
wrong "smtpwhy explain: cannot read 'none.log': No such file or directory" explain --follow none.log
wrong "smtpwhy explain: 'one.gz' is packed by gzip and does not grow; take --summary" explain --follow one.gz
wrong 'smtpwhy explain: --follow takes one log at a time' explain --follow mail.log app.log
wrong 'smtpwhy explain: standard input can be read only once' explain --summary - -
wrong 'smtpwhy explain: --format csv is for --summary and --follow' explain --format csv '550 no'

# Bytes that want to do harm.
{ head -c 300000 "$SMTPWHY"; printf '\n\033]0;owned\007 from=<a@\033[31m> relay=\342\200\256x.example, dsn=5.1.1, status=bounced (550 5.1.1 \0 \377\376 User unknown)\r\n'; } >binary
for format in text csv json; do
	run explain --summary --format $format binary
	status 0 "binary input: $format"
	LC_ALL=C tr -d '\n\r -~\200-\377' <out >control
	[ ! -s control ]
	say $? '... no control characters'
	iconv -f UTF-8 -t UTF-8 out >control 2>&1
	say $? '... valid UTF-8'
done
valid summary '... as the schema says'

# A line of 100 MB, a failure behind it; and in how much memory. Sanitizers need more.
peak()
{
	python3 -c 'import resource, subprocess, sys
with open("out", "w") as out, open("err", "w") as err:
	rc = subprocess.run(sys.argv[1:], stdin=sys.stdin, stdout=out, stderr=err).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
sys.exit(rc)' "$@"
}
last='(a line of 100 MB) | smtpwhy explain --summary --format json'
{ head -c 100000000 /dev/zero | tr '\0' 5; echo; cat mail.log; } | peak "$SMTPWHY" explain --summary --format json >mib
rc=$?
status 0 'a line of 100 MB does no harm'
out_has '"cut_lines": 1'
out_has '"count": 3,' '... and what follows it is found'
if grep -q __asan_init "$SMTPWHY"; then
	n=$((n + 1))
	echo "ok $n - ... in less than 64 MiB (not measured: this build has a sanitizer in it)"
else
	[ "$(cat mib)" -lt 64 ]
	say $? "... in less than 64 MiB" "$(cat mib) MiB"
fi

# On a terminal there is a line of progress.
progress()
{
	yes 'Nov 20 06:25:03 mx postfix/qmgr[811]: 4AB12C0DE1: removed' | head -c 100000000 >long.log
	cat mail.log >>long.log
	last='smtpwhy explain --summary long.log (on a terminal)'
	python3 "$top/tests/cli/on-terminal.py" "$SMTPWHY" explain --summary long.log >out 2>err
	rc=$?
	status 0
	out_has 'long.log: [##' 'a line of progress on a terminal, with a bar'
	out_has 'MB of 100.0 MB, 0 failures'
	out_has '3 failures in long.log' '... and then the result'
	python3 "$top/tests/cli/on-terminal.py" "$SMTPWHY" explain --summary --no-progress long.log >out 2>err
	out_lacks '[##' 'none with --no-progress'
	rm long.log
}
if have_terminal; then
	progress
else
	skip 'a line of progress' "$no_terminal"
fi

# --follow: what is there, what is added, a file that is moved away, one that is emptied; the summary at the end.
wait_for()
{
	until_says out "$1"
	say $? "$2" "$1"
}
last='smtpwhy explain --follow live.log'
rc=0
cp mail.log live.log
background out err "$SMTPWHY" explain --follow live.log
wait_for "New: The server's machine answers" 'what is there is read'
cat app.log >>live.log
wait_for 'New: In no table: 577' 'what is added is read'
mv live.log live.log.1
{ for i in 1 2 3 4 5 6; do cat mail.log; done; echo 'x said: 552 5.2.2 Mailbox full'; } >live.log
wait_for '10  times by now: SMTP AUTH' 'a new file of that name is read, and the tenth failure is told'
wait_for 'New: A mailbox or storage is full' '... to its end'
echo 'x said: 550 5.1.1 User unknown' >short
cp short live.log
wait_for 'New: The recipient does not exist' 'a file that became shorter is read from its start'
background_end
rc=$?
status 0 'a signal ends it with the summary'
out_has '25 failures in live.log' 'all are counted, once'
out_lacks 'sed -n'
last='(mail.log, later app.log) | smtpwhy explain --follow --format json'
{ cat mail.log; sleep 0.2; cat app.log; } | "$SMTPWHY" explain --follow --format json >out 2>err
rc=$?
status 0 'the end of standard input ends it'
valid summary '... with the summary as JSON'
out_has '"count": 5,'
last='smtpwhy explain --follow <mail.log'
"$SMTPWHY" explain --follow <mail.log >out 2>err
rc=$?
out_has '3 failures in standard input' 'a file as standard input ends, too'

done_testing
