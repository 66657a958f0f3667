#!/bin/sh
# judge: evidence that explain saved leads to the same diagnosis, and what is no evidence is refused with its place.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

# same TITLE TEXT: saved and judged again, it is what explain says.
same()
{
	printf '%s\n' "$2" >"$scratch/text"
	run explain --format evidence "$scratch/text"
	cp "$scratch/out" "$scratch/evidence"
	valid evidence "$1: as its schema says"
	run explain --format json "$scratch/text"
	python3 "$top/tests/cli/diagnosis.py" <"$scratch/out" >"$scratch/before"
	run judge --format json "$scratch/evidence"
	valid explanation "$1: judged, it is an explanation"
	python3 "$top/tests/cli/diagnosis.py" <"$scratch/out" >"$scratch/after"
	cmp -s "$scratch/before" "$scratch/after" && [ -s "$scratch/after" ]
	say $? "$1: the same diagnosis"
}

same 'a reply' '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.'
same 'a trace' 'Error: connect ECONNREFUSED smtp.office365.com:465'
same 'a number of Entra ID' 'AADSTS50126: Error validating credentials due to invalid username or password.'
same 'two replies' '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found
535 5.7.3 Authentication unsuccessful'
same 'a transcript' 'Connection: opening to smtp.office365.com:587, timeout=300
SERVER -> CLIENT: 220 mail.example.net ESMTP Postfix
CLIENT -> SERVER: EHLO scanner
SERVER -> CLIENT: 250-mail.example.net
250-STARTTLS
250 SIZE 1000
CLIENT -> SERVER: STARTTLS
SERVER -> CLIENT: 454 4.7.0 TLS not available'

# A live check, saved: the same causes, without the servers.
for lab in tenant-disabled starttls-stripped no-common-login clock-wrong token-other-tenant; do
	run check --lab "$lab" --format json
	python3 "$top/tests/cli/diagnosis.py" <"$scratch/out" | cut -d ' ' -f 1,2,3 >"$scratch/before"
	run check --lab "$lab" --format evidence
	valid evidence "check --lab $lab: as its schema says"
	cp "$scratch/out" "$scratch/live"
	run judge --format json "$scratch/live"
	python3 "$top/tests/cli/diagnosis.py" <"$scratch/out" | cut -d ' ' -f 1,2,3 >"$scratch/after"
	diff "$scratch/before" "$scratch/after" >"$scratch/diff"
	say $? "check --lab $lab: the same causes when it is judged again"
done

# Settings of a program are evidence, too: judged, they lead to the causes of the errors that lint finds.
cat >"$scratch/mail.env" <<'EOT'
SMTP_HOST=smtp.office365.com
SMTP_PORT=465
SMTP_USER=scan@contoso.com
EOT
run lint --format evidence "$scratch/mail.env"
valid evidence 'lint: as its schema says'
cp "$scratch/out" "$scratch/settings"
run judge --format json "$scratch/settings"
python3 "$top/tests/cli/diagnosis.py" <"$scratch/out" | grep -q '^wrong-port '
say $? 'settings are judged again: the same cause'
cat >"$scratch/mail.env" <<'EOT'
SMTP_HOST=mail.ours.example
SMTP_PORT=587
SMTP_USER=u@ours.example
SMTP_PASSWORD=kept-elsewhere
EOT
run lint --format evidence "$scratch/mail.env"
cp "$scratch/out" "$scratch/settings"
run judge "$scratch/settings"
out_has 'No known cause fits this evidence.' 'settings in which nothing is known to be wrong'

# Several objects are judged one after the other; standard input is read.
cat "$scratch/evidence" "$scratch/evidence" >"$scratch/both"
run judge "$scratch/both"
status 0
[ "$(grep -c '^Why ' "$scratch/out")" = 2 ]
say $? 'two objects, two diagnoses'
"$SMTPWHY" judge - <"$scratch/evidence" >"$scratch/out" 2>"$scratch/err"
say $? 'standard input is read'

# What is wrong is said with its place, and nothing is printed.
# refused WORDS OLD NEW
refused()
{
	sed "s|$2|$3|" "$scratch/evidence" >"$scratch/bad"
	wrong "smtpwhy judge: '$scratch/bad': object 1: $1" judge "$scratch/bad"
}

refused 'schema: is not smtpwhy.evidence/1' 'smtpwhy.evidence.1' 'smtpwhy.report/1'
refused 'partial: is not true or false' '"partial": *true' '"partial": 1'
refused "said[0].reply.stage: 'nowhere' is not a stage" '"stage": *"starttls"' '"stage": "nowhere"'
refused 'said[0].reply.text: is not a list of 1 to 256 lines' '"text": *\["454[^]]*\]' '"text": []'
: >"$scratch/empty"
wrong "smtpwhy judge: '$scratch/empty' is empty" judge "$scratch/empty"
printf '{"schema": ' >"$scratch/torn"
run judge "$scratch/torn"
status 2
out_empty
wrong "smtpwhy judge: give one file of evidence, or - for standard input" judge
wrong "smtpwhy judge: give one file of evidence, or - for standard input" judge a b
done_testing
