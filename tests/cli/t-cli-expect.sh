#!/bin/sh
# check --expect and --write-expect, --baseline and --accept: what is met, what is missed, what is not known, and the files.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

cd "$scratch" || exit 1
check() { run check --no-progress --lab "$@"; }

# What a run is like is written, and met by the next one.
check healthy --write-expect kept
status 0
grep -q '^# What is expected, as it was on 20' kept
say $? 'the file says what it is'
grep -v '^#' kept | sed '/^$/d' >lines
cat >want <<'END'
target            smtp.office365.com:587
status            pass
provider          m365
path              client-submission
mechanisms        LOGIN XOAUTH2
tls               1.2
issuer            DigiCert Inc
END
diff want lines >out
say $? '... and what the run was like'
check healthy --expect kept -v
status 0
out_has "all 6 of 'kept'" 'the same is met'
check healthy --expect kept --format json
out_has '"id": "expect.file"'
valid report 'a report with it is as its schema says'
wrong "smtpwhy check: --write-expect: 'kept' is there already; remove it first" check --lab healthy --write-expect kept
check only-oauth-offered --expect kept
status 1
out_has 'line 10: mechanisms: LOGIN XOAUTH2 is expected, and it is' 'a mechanism that is gone is missed'
out_has 'line 6: status: pass is expected, and it is fail' '... and so is the status'
check only-oauth-offered --expect kept --format junit
out_has '<failure type="expect.missed" message="line 10: mechanisms: ' 'JUnit: each is a failure'
check tls-inspected --expect kept --format json
out_has 'issuer: DigiCert Inc is expected, and it is ' 'another issuer'

# expects WANT LINE...: the exit status and, of what is missed or open, these words.
expects()
{
	want=$1 said=$2
	shift 2
	printf '%s\n' "$@" >lines
	check healthy --expect lines
	rc_is=$rc
	tr '\n' ' ' <out | tr -s ' ' >flat
	if [ "$said" ]; then grep -qF -- "$said" flat; else ! grep -qE '[✗?x] expected' flat; fi && [ "$rc_is" = "$want" ]
	say $? "$*" "exit status $want: $said"
}
expects 0 '' 'mechanisms login' 'no-mechanisms PLAIN CRAM-MD5'
expects 1 'line 1: no-mechanisms: LOGIN is there' 'no-mechanisms PLAIN LOGIN'
expects 0 '' 'tls 1.2'
expects 1 'line 1: tls: 1.3 is expected, and it is TLS 1.2 that is accepted' 'tls 1.3'
expects 0 '' 'certificate-days 100'
expects 1 'line 2: certificate-days: 300 is expected, and it is ' '# a year' 'certificate-days 300   # nearly'
expects 3 'line 1: spf: this run does not tell' 'spf include:_spf.example.com'
expects 0 '' 'without certificate.* tls.interception' 'fact tls.*.1.3 = accepted'
expects 1 "line 1: fact: 'all(tls.*.1.0 = accepted)' does not hold" 'fact all(tls.*.1.0 = accepted)'
expects 1 'line 1: provider: google is expected, and it is m365' 'provider google'
expects 0 '' 'provider m365*' 'path client-*'
expects 3 "'lines' says nothing about smtp.office365.com:587" 'target other.example' 'status pass'
expects 0 '' 'target other.example' 'mechanisms PLAIN' 'target SMTP.Office365.com:587' 'mechanisms LOGIN'
printf 'provider google\n' >lines
check healthy --expect lines
out_has 'No check failed, but the target is not what it is expected to be' 'the verdict names the reason'

# The records of a domain.
check healthy-mx --only 'dns.*' --write-expect domain
grep -q '^spf  *include:spf.protection.outlook.com$' domain && grep -q '^dmarc  *reject$' domain
say $? 'the records of a domain are written'
check healthy-mx --only 'dns.*' --expect domain
status 0
printf 'dmarc quarantine\n' >lines
check healthy-mx --only 'dns.*' --expect lines
status 0 'a stricter policy is good'
printf 'spf include:_spf.google.com\n' >lines
check healthy-mx --only 'dns.*' --expect lines
status 1 'an include that is missing'

# bad WORDS LINE: a line that cannot be read.
bad()
{
	printf '# ours\n%b\n' "$2" >lines
	wrong "smtpwhy check: --expect: 'lines', line 2: $1" check --lab healthy --expect lines
}
bad "'mechnisms' cannot be expected; what can: target, status, provider, path, mechanisms, no-mechanisms, tls, issuer, certificate-days, mx, spf, dkim, dmarc, mta-sts, without, fact" 'mechnisms LOGIN'
bad "status: 'good' is none of pass|warn" 'status good'
bad 'tls: nothing stands behind it' tls
bad 'certificate-days: it is not a number up to 100000' 'certificate-days soon'
bad 'fact: write a port, or * for any, in place of $' 'fact tcp.$.open'
bad 'there is a control character in it' 'issuer a\033b'
: >empty
wrong "smtpwhy check: --expect: 'empty', nothing is expected in it" check --lab healthy --expect empty

# --baseline: what changed since the run that is kept.
wrong "smtpwhy check: --baseline: there is no 'base' yet; --accept makes it of this run" check --lab healthy --baseline base
check healthy --baseline base --accept
status 0
err_has "smtpwhy check: this run is the baseline now: 'base'"
out_has 'smtp.office365.com:587 is not in the baseline yet.'
[ "$(stat -c %a base)" = 600 ]
say $? 'the file is for its owner alone'
check healthy --baseline base
status 0 'no change'
check tenant-disabled --baseline base
status 1
out_has 'Worse    smtp.office365.com:587 got worse.' 'what worked does not'
out_has 'SMTP AUTH is switched off for the whole tenant. Certain.' '... and why'
check tenant-disabled --baseline base --format json
valid diff '... as data'
out_has '"new": null'
check tenant-disabled --baseline base --format junit
out_has '<failure type="regression"' '... for CI servers'
check healthy-mx --baseline base --only 'dns.*'
status 3 'a target that is not in the baseline is not compared'
check healthy-mx --baseline base --accept --only 'dns.*'
[ "$(wc -l <base)" = 2 ]
say $? '--accept keeps the targets that were not asked'
check tenant-disabled --baseline base --accept
[ "$(wc -l <base)" = 2 ]
say $? '... and takes the place of the one that was'
check tenant-disabled --baseline base
status 0 'a fault that was accepted is no change'
check healthy --baseline base
out_has 'Better   smtp.office365.com:587 got better.'
cp base before
check healthy --baseline base --accept --only target.provider
status 3
err_has 'not all could be tested' '--accept takes no run that could not be tested'
cmp -s base before
say $? '... and the file stays as it was'
[ -z "$(ls base.* 2>/dev/null)" ]
say $? 'no other file is left'
done_testing
