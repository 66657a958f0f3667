#!/bin/sh
# lint --fix: the diff of every sample is applied to a copy, and what is read then lacks what the diff was for and has nothing new.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

rc=0
cp -r "$top/tests/data/config" "$scratch/c"
cd "$scratch/c" || exit 1

# told FILE: of each of its settings a line, and of each error and warning; in $scratch/told.
cat >"$scratch/told.py" <<'END'
import json, sys
for line in sys.stdin:
    j = json.loads(line)
    print(j["file"], "settings", j["name"])
    for f in j["findings"]:
        if f["severity"] != "info":
            print(j["file"], f["finding"], j["name"])
END
told() { "$SMTPWHY" lint --format ndjson . 2>/dev/null | python3 "$scratch/told.py" | LC_ALL=C sort; }

told >"$scratch/before"
run lint --fix .
status 1 "the exit status is that of lint"
out_lacks Geheim "no password is in the diff, in no removed line either"
cp "$scratch/out" "$scratch/fix.diff"
cp "$scratch/err" "$scratch/left"
grep -q '^ ' "$scratch/fix.diff"
[ $? = 1 ]
say $? "there is no context, which may hold one"
diff -r . "$top/tests/data/config" >"$scratch/why"
say $? "nothing is written"
patch -s -p0 <"$scratch/fix.diff" >"$scratch/why" 2>&1
say $? "patch -p0 takes it" "$(cat "$scratch/why")"
find . -name '*.orig' -o -name '*.rej' >"$scratch/why"
[ ! -s "$scratch/why" ]
say $? "... at the very lines"
told >"$scratch/after"
comm -13 "$scratch/before" "$scratch/after" >"$scratch/why"
[ ! -s "$scratch/why" ]
say $? "no new finding came, and no settings" "$(cat "$scratch/why")"
comm -23 "$scratch/before" "$scratch/after" >"$scratch/gone"
[ "$(wc -l <"$scratch/gone")" -ge 30 ] && ! grep -q ' settings ' "$scratch/gone"
say $? "many findings are gone ($(wc -l <"$scratch/gone")), and no settings"
# Each finding that is still there was told, at its file, and none that is gone.
sed -n 's/^smtpwhy lint: \([^ ]*\): \([a-z]*\.[a-z0-9-]*\) is not in the diff: .*/\1 \2/p' "$scratch/left" | sed 's/:[0-9]* / /' |
	LC_ALL=C sort -u >"$scratch/told"
"$SMTPWHY" lint --format ndjson . 2>/dev/null | python3 -c '
import json, sys
for line in sys.stdin:
    for f in json.loads(line)["findings"]:
        if f["severity"] != "info":
            print(f["file"], f["finding"])' | LC_ALL=C sort -u >"$scratch/still"
diff "$scratch/told" "$scratch/still" >"$scratch/why"
say $? "what is not in the diff is told, and nothing else" "$(cat "$scratch/why")"
run lint --fix .
[ ! -s "$scratch/out" ]
say $? "a second run has nothing to add"

# git takes it, too.
if git init -q "$scratch/g" 2>/dev/null; then
	cp -r "$top/tests/data/config/." "$scratch/g"
	(cd "$scratch/g" && git apply -p0 --unidiff-zero "$scratch/fix.diff") >"$scratch/why" 2>&1
	say $? "git apply -p0 --unidiff-zero takes it" "$(cat "$scratch/why")"
	rm -rf "$scratch/g/.git"
	diff -r "$scratch/g" "$scratch/c" >"$scratch/why"
	say $? "... and makes the same of it"
fi

# What lines look like: CR LF, no line end at the end, a name with a blank.
mkdir "$scratch/l"
cd "$scratch/l" || exit 1
printf 'GF_SMTP_ENABLED=true\r\nGF_SMTP_USER=a@contoso.com\r\nGF_SMTP_FROM_ADDRESS=a@contoso.com\r\nGF_SMTP_HOST=smtp.office365.com:465\r\n' >crlf.env
printf 'GF_SMTP_ENABLED=true\nGF_SMTP_STARTTLS_POLICY=NoStartTLS\nGF_SMTP_USER=a@contoso.com\nGF_SMTP_FROM_ADDRESS=a@contoso.com\nGF_SMTP_HOST=smtp.office365.com:465' >'no end.env'
run lint --fix .
patch -s -p0 <"$scratch/out" >"$scratch/why" 2>&1
say $? "odd lines: patch -p0 takes it" "$(cat "$scratch/why")"
[ "$(tail -n 1 crlf.env | od -An -c | tr -d ' \n')" = 'GF_SMTP_STARTTLS_POLICY=MandatoryStartTLS\r\n' ]
say $? "CR LF stays the line end"
[ "$(tail -n 1 'no end.env')" = GF_SMTP_HOST=smtp.office365.com:587 ] && [ "$(tail -c 1 'no end.env')" = 7 ]
say $? "no line end stays none"
run lint .
out_lacks path.port-465

# Lines that are not proven to be free of secrets are not taken out.
printf 'GF_SMTP_ENABLED=true\nGF_SMTP_HOST=smtp.office365.com:465 # pw is Zebra-Quittung\nGF_SMTP_USER=a@contoso.com\n' >secret.env
run lint --fix secret.env
out_lacks Quittung "a line with other words is not printed"
err_has 'secret.env:2: path.port-465-microsoft is not in the diff' "... and that is told"
printf '[smtp]\nenabled = true\nhost = smtp.office365.com:465 ; 471147\nuser = a@contoso.com\n' >grafana.ini
run lint --fix grafana.ini
out_lacks 471147 "nor is one with a comment of digits"
printf 'MAILER_DSN=smtp://a%%40contoso.com:Zebra-Quittung@smtp.office365.com:465\n' >dsn.env
run lint --fix dsn.env
out_lacks Quittung "nor is an address with a password in it"
out_empty
err_has 'is not in the diff'

wrong "smtpwhy lint: --fix needs a file: standard input has no name for a diff" lint --fix -
wrong "smtpwhy lint: --fix prints a diff on standard output: leave --format and --output out" lint --fix --format json secret.env
done_testing
