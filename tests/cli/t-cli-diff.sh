#!/bin/sh
# diff: what changed between two runs: what each pair of runs means, exit statuses, formats, many targets, bad files.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

. "$top/tests/cli/zone.sh"

cd "$scratch" || exit 1

# Each scenario once: NAME.ev is its evidence.
grep -v '^#' "$top/tests/data/drift-cases.tsv" | tail -n +2 >cases
tab=$(printf '\t')
cut -f 1,2 cases | tr '\t' '\n' | sort -u | xargs -P 4 -I NAME sh -c '
	"$SMTPWHY" check --lab "${1%-again}" --format evidence --no-progress >"$1.ev" 2>/dev/null </dev/null' sh NAME
while IFS=$tab read -r old new severity row; do
	"$SMTPWHY" diff --format json "$old.ev" "$new.ev" >"$old-$new.json" 2>"$old-$new.err"
	[ $? = "$([ "$severity" = regression ] && echo 1 || echo 0)" ] && [ ! -s "$old-$new.err" ]
	say $? "$old, then $new: the exit status"
	printf '%s\t%s\t%s\n' "$old-$new.json" "$severity" "$row" >>wanted
done <cases
python3 "$top/tests/cli/drift-case.py" <wanted >judged
paste wanted judged >said
while IFS=$tab read -r name severity row why; do
	[ "$why" = good ]
	say $? "${name%.json}: $severity, $row" "$why"
done <said
cp healthy-starttls-stripped.json out
rc=1
valid diff 'as its schema says'

# The same run is no change: in evidence, and in a report beside it.
run diff healthy.ev healthy.ev
status 0
out_is 'Same     smtp.office365.com:587 did not change in anything that matters.'
run check --lab healthy --format json --no-progress
cp out healthy.json
run diff healthy.json healthy.ev
status 0
out_has 'smtp.office365.com:587' 'a report and evidence of one target are compared'
! grep -qE 'egression|warning' out
say $? '... and are the same but for the certificate of each run'
run check --lab tenant-disabled --format json --no-progress
cp out disabled.json
run diff healthy.ev disabled.json
status 1
out_has 'Why         SMTP AUTH is switched off for the whole tenant. Certain.' 'the cause of a report is told'
run diff - disabled.json <healthy.json
status 1 'one of the files is standard input'

# What a run did not ask did not change.
run check --lab healthy --only 'tls.*' --format evidence --no-progress
cp out little.ev
run diff healthy.ev little.ev
status 0
! grep -qE 'regression|warning|improvement|2 notes' out
say $? 'checks that were left out are no change'
run diff -v healthy.ev little.ev
out_has 'Not tested this time: ' '... and -v names them'
run diff little.ev healthy.ev
! grep -qE 'regression|warning|improvement|2 notes' out
say $? '... nor are new ones'
# A check that was tried and has no verdict leaves the question open.
sed 's/\("id":"tls.version"[^}]*"status":\)"pass"/\1"unknown"/' healthy.ev >open.ev
run diff healthy.ev open.ev
status 3
out_is 'Unknown  smtp.office365.com:587 could not be tested in full.

smtp.office365.com:587: no change
  Tried, and no verdict this time: tls.version.' 'no verdict this time'

# Many targets: matched by name, whatever their order; the worst stands first; what is in one file alone is told.
records()
{
	cat <<'END'
good.example MX 0 mx.good.example
mx.good.example A 192.0.2.60
good.example TXT v=spf1 ip4:192.0.2.60 -all
_dmarc.good.example TXT v=DMARC1; p=reject; rua=mailto:a@good.example
quiet.example MX 0 mx.good.example
quiet.example TXT v=spf1 mx -all
_dmarc.quiet.example TXT v=DMARC1; p=none; rua=mailto:a@quiet.example
END
}
records | zone
printf 'good.example\nquiet.example\nold.example\n' >list
run audit --lab ./zone.scenario --only 'dns.*' --format ndjson --no-progress list
cp out old.ndjson
records | sed 's/p=reject/p=none/; s/192.0.2.60 -all/192.0.2.60 include:_a.good.example -all/' >new
{
	printf '_a.good.example TXT v=spf1'
	for i in 1 2 3 4 5 6 7 8 9 10; do printf ' include:_b%s.good.example' "$i"; done
	echo ' -all'
} >>new
for i in 1 2 3 4 5 6 7 8 9 10; do echo "_b$i.good.example TXT v=spf1 ip4:198.51.100.$i -all"; done >>new
zone <new
printf 'new.example\nquiet.example\ngood.example\n' >list
run audit --lab ./zone.scenario --only 'dns.*' --format evidence --no-progress list
cp out new.ev
run diff old.ndjson new.ev
status 1
out_has 'Of 2 targets in both files 1 got worse, 1 did not change.' 'many targets: the verdict first'
out_has 'Only in the old file, so not compared: old.example.'
out_has 'Only in the new file, so not compared: new.example.'
out_has ' ✗ DMARC was weakened: reject before, none now.' 'DMARC weakened'
out_has ' ✗ SPF passed the limit of 10 DNS lookups.' 'an SPF include over the limit'
sed -n 5p out | grep -q '^good.example: '
say $? 'the target that got worse stands first'
out_lacks 'quiet.example:' 'one that did not change is counted only'
run diff --format json old.ndjson new.ev
valid diff 'many targets: as its schema says'
run diff new.ev old.ndjson
status 3 'a target that is missing in the new file is not tested'
out_has ' ✓ DMARC was strengthened: none before, reject now.' 'the other way round it is better'

# For tickets and for CI servers.
run diff --format markdown healthy.ev tenant-disabled.ev
status 1
out_has '## smtp.office365.com:587: 1 regression, 1 note'
out_has '### The login at port 587 is refused now.'
out_has 'SMTP AUTH is switched off for the whole tenant. Certain.' 'Markdown: the cause'
out_lacks 'https://' 'Markdown: an address in a reply is no link'
run diff --format junit old.ndjson new.ev
status 1
grep -c '<testsuite name=' out | grep -qx 4
say $? 'JUnit: a test suite for each target'
out_has '<testcase classname="old.example" name="target"' 'JUnit: a target that is missing is a test case'
out_has '<testcase classname="quiet.example" name="unchanged"' '... and so is one that did not change'
[ "$(grep -c '<failure ' out)" = 2 ] && [ "$(grep -c '<error ' out)" = 1 ]
say $? '... red is what the exit status says'
if command -v xmllint >/dev/null; then
	xmllint --noout --schema "$top/tests/data/junit-10.xsd" out >why 2>&1
	say $? 'JUnit: as its schema says' "$(head -n 3 why)"
fi
run diff --format junit --strict healthy.ev ipv6-dead.ev
out_has '<failure type="warning"' 'JUnit: --strict'

# --strict, -q, --codes.
run diff --strict healthy.ev ipv6-dead.ev
status 1 '--strict: a warning counts'
run diff -q tenant-disabled.ev healthy.ev
[ "$(wc -l <out)" = 1 ]
say $? '-q: what got better is in the first line alone'
{ grep -v '^#' "$top/data/changes.tsv" | head -n 1
printf 'ours\tcert.$.sha256\tany\t-\t-\tregression\tOur pin is gone\tOur relay pins it\tdeveloper\tPin the new one\texpert\tour wiki\n'; } >own.tsv
run diff --codes own.tsv healthy.ev healthy-again.ev
status 1
out_has 'Our pin is gone' '--codes: what a change means to us'

# Hostile and bad files.
printf '{"schema": "smtpwhy.evidence/1", "asked": {"ask.kind": "host", "ask.host": "a\\u001b[31mb"}, "facts": {}, "verdicts": [], "said": [], "signs": []}\n' >hostile
run diff hostile hostile
status 0
! grep -q "$(printf '\033')" out
say $? 'a control character of a file is not printed'
wrong 'smtpwhy diff: give two files, the old one first' diff healthy.ev
wrong 'smtpwhy diff: only one of the two can be standard input' diff - -
wrong "smtpwhy diff: 'none' cannot be opened: No such file or directory" diff none healthy.ev
: >empty
wrong "smtpwhy diff: 'empty' is empty" diff healthy.ev empty
echo '{}' >other
wrong "smtpwhy diff: 'other': object 1: schema: is neither smtpwhy.report/1 nor smtpwhy.evidence/1" diff healthy.ev other
{ cat healthy.ev; echo '{"schema": '; } >torn
run diff healthy.ev torn
status 2
err_one_line
err_has "smtpwhy diff: 'torn': object 2: line 2: it is not JSON: "
sed 's/"status":"pass"/"status":"passed"/' healthy.ev >bad
wrong "smtpwhy diff: 'bad': object 1: verdicts[0].status: 'passed' is not a status" diff bad healthy.ev
sed '/"checks": \[/,/"finding"/s/"status": "pass"/"status": "passed"/' healthy.json >bad
"$SMTPWHY" diff bad healthy.ev >out 2>err
grep -q "'bad': object 1: checks\[0\].status: 'passed' is not a status" err
say $? 'a report: the place is that of the report' "$(cat err)"
"$SMTPWHY" explain --format evidence '535 5.7.8 no' >text.ev
wrong "smtpwhy diff: 'text.ev': object 1: kind: 'reply' is what explain, headers or lint read, and no run of a check" diff healthy.ev text.ev
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "[" }' >deep
wrong "smtpwhy diff: 'deep': brackets are nested too deep" diff healthy.ev deep

done_testing
