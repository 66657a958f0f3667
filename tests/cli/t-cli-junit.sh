#!/bin/sh
# JUnit's XML: one document for all targets and files, well-formed and as its schema says whatever a
# server or a file says, and red exactly where the exit status is not 0.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

schema=$top/tests/data/junit-10.xsd

# valid_xml TITLE: the output is one document that the schema allows.
valid_xml()
{
	if ! command -v xmllint >/dev/null; then
		skip "$1" 'needs xmllint'
		return
	fi
	xmllint --nonet --noout --schema "$schema" "$scratch/out" >"$scratch/why" 2>&1
	say $? "$1" "$(head -n 5 "$scratch/why")"
}

# count WORD: how often it begins an element.
count() { grep -c "^ *<$1[ >/]" "$scratch/out"; }

# colour TITLE: a failure or an error is in it where the exit status is not 0, and nowhere else.
colour()
{
	red=$(($(count failure) + $(count error)))
	if [ "$rc" = 0 ]; then [ "$red" = 0 ]; else [ "$red" -gt 0 ]; fi
	say $? "$1: red where the exit status is not 0"
}

# counted TITLE: each suite has as many cases as it says, of each kind.
counted()
{
	awk '
		function number(name) { match($0, " " name "=\"[0-9]+"); return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3) + 0 }
		/^  <testsuite / { t = number("tests"); f = number("failures"); e = number("errors"); s = number("skipped"); n++ }
		/^    <testcase / { t-- }
		/^      <failure[ >]/ { f-- }
		/^      <error[ >]/ { e-- }
		/^      <skipped[ >]/ { s-- }
		/^  <\/testsuite>/ { bad += t || f || e || s }
		END { exit bad || !n }' "$scratch/out"
	say $? "$1: the numbers are those of the cases"
}

whole() { valid_xml "$1: as its schema says"; colour "$1"; counted "$1"; }

# like_golden NAME TITLE: without what changes from run to run, and the words for people in the elements.
# UPDATE=1 in the environment writes it anew: read the difference.
like_golden()
{
	sed -En 's/ (time|timestamp)="[^"]*"/ \1=""/g; /^ *</p' "$scratch/out" >"$scratch/told"
	[ -z "${UPDATE-}" ] || cp "$scratch/told" "$top/tests/cli/data/$1"
	diff "$top/tests/cli/data/$1" "$scratch/told" >"$scratch/out" 2>&1
	say $? "$2: as in tests/cli/data/$1"
}

# --- check ---

for case in healthy:0 tenant-disabled:1 certificate-expired:1 domain-submission:0 port-filtered:1; do
	run check --lab "${case%:*}" --no-progress --format junit
	[ "$rc" = "${case#*:}" ] && [ "$(count testsuite)" = 1 ]
	say $? "${case%:*}: one suite, exit status ${case#*:}"
	whole "${case%:*}"
done
run check --lab tenant-disabled --no-progress --format json
json=$rc
[ "$(grep -c '"endpoint":.*' "$scratch/out")" -ge 15 ]
cases=$(grep -c '^      "id": ' "$scratch/out")
run check --lab tenant-disabled --no-progress --format junit
[ "$rc" = "$json" ] && [ "$(count testcase)" = "$cases" ] && [ "$cases" -gt 15 ]
say $? "a test case for each check of the report ($cases)"
out_has '<failure type="login.refused" message="535 5.7.139 Authentication unsuccessful,'
out_has 'Set-CASMailbox -Identity scan@contoso.com' "... and what to do about it"
out_has '<property name="certain" value="tenant-smtp-auth-disabled"/>'
out_has '<skipped message="no token was given">'

# A login was wanted and there is no secret for it: no check failed, and it is not good.
run check --lab healthy --no-progress --only tls.cipher --format junit
whole "--only tls.cipher"
run check --lab healthy --no-progress --only tcp.control --format junit
whole "nothing but what was skipped"
run check --lab direct-send-taken --no-progress --format junit
whole "a warning"
run check --lab direct-send-taken --no-progress --strict --format junit
status 1 "--strict: exit status 1"
whole "a warning with --strict"

# Several targets: one document.
run check --no-progress --skip-check tcp.control --format junit 127.0.0.1:9 127.0.0.1:11
status 1 "two targets: exit status 1"
[ "$(count testsuite)" = 2 ] && [ "$(count testsuites)" = 1 ] && [ "$(grep -c '^<?xml' "$scratch/out")" = 1 ]
say $? "two targets are two suites of one document"
whole "two targets"
like_golden junit-check.txt "two targets"
run check --no-progress --format junit -o "$scratch/report.xml" 127.0.0.1:9
out_empty "-o: nothing on standard output"
cp "$scratch/report.xml" "$scratch/out"
valid_xml "-o: the file is as the schema says"
if [ -c /dev/full ]; then
	run check --no-progress --format junit -o /dev/full 127.0.0.1:9
	status 3 "a document that cannot be written is no success"
fi

# What a server says, with all that XML forbids or gives a meaning to.
cat >"$scratch/hostile.scenario" <<'END'
like      tenant-disabled
title     The reply wants to be markup
target    smtp.office365.com:587
expect    -

server smtp.office365.com:587
	login  535 5.7.3 ]]></failure><testsuite name="evil">&lt;&#1; "quoted" 'too' \x01\x08\x0b\x1b[31m\x7f \xff\xfe \xc2\x85 \xef\xbf\xbe\xef\xbf\xbf \xed\xa0\x80 \xe2\x80\xae end
END
run check --lab "$scratch/hostile.scenario" --no-progress --format junit
whole "hostile words"
[ "$(count testsuite)" = 1 ]
say $? "... make no suite"
out_has ']]&gt;&lt;/failure&gt;&lt;testsuite name=&quot;evil&quot;&gt;&amp;lt;&amp;#1; &quot;quoted&quot;' \
	"... and stand there as they were said"
LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" "$scratch/out"
[ $? = 1 ]
say $? "... no control characters"

# A secret is in none of it.
(umask 077; printf 'Gx7-pleonasm-42-Qz' >"$scratch/secret")
run check --lab tenant-disabled --user scan@contoso.com --password-file "$scratch/secret" --no-progress -v --format junit
out_lacks 'pleonasm' "the password is not in it"
out_lacks "$(printf 'Gx7-pleonasm-42-Qz' | base64)" "... nor its base64 form"

# --- lint ---

cd "$top/tests/data/config" || exit 1
for file in good.msmtprc broken.settings.py broken.transport.ts; do
	run lint --format junit "$file"
	whole "$file"
	run lint --format junit --strict "$file"
	whole "$file with --strict"
done
# None of these has a finding that goes by the date.
run lint --format junit broken.gitlab.rb oauth.transport.js nosuch
status 2 "a file that is none: exit status 2"
whole "several files, one of which is none"
like_golden junit-lint.txt "several files"
run lint --format junit nosuch
status 2
whole "nothing but a file that is none"
printf '# nothing here\n' >"$scratch/empty.env"
run lint --format junit "$scratch/empty.env"
whole "a file without settings"
# shellcheck disable=SC2016 # it is meant to stand there
printf 'SMTP_HOST=\nSMTP_PORT=587\nMAIL_URL=${SECRET_URL}\n' >"$scratch/serverless.env"
run lint --format junit "$scratch/serverless.env"
status 3 "a file without a server cannot be judged"
whole "a file without a server"
name="$scratch/a<b>&\"']]>$(printf '\001\377').env"
printf 'MAIL_MAILER=smtp\nMAIL_HOST=<&"]]>.example.com\nMAIL_PORT=587\nMAIL_ENCRYPTION=ssl\n' >"$name"
run lint --format junit "$name"
whole "a name and values that want to be markup"

# --- what else there is ---

wrong() { run "$@"; status 2 "$*: exit status 2"; }
wrong explain --format junit '535 5.7.139 no'
err_is "smtpwhy explain: --format cannot be 'junit'; it is one of: text, json, csv, evidence" \
	"an explanation passes or fails nothing: no JUnit of it"
done_testing
