#!/bin/sh
# --format sarif: one document, whatever the files; and the hook for pre-commit, run as its file says.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

# A document as tests/cli/data/sarif.schema.json says, whose results point at rules of their own name.
sound()
{
	python3 "$top/tests/cli/json-valid.py" "$top/tests/cli/data/sarif.schema.json" <"$scratch/out" >"$scratch/why" 2>&1
	say $? "$1: as the standard says" "$(cat "$scratch/why")"
	asked "$1: each result has its rule, and no other result its fingerprint" <<'END'
rules = [r["id"] for r in run["tool"]["driver"]["rules"]]
results = run["results"]
assert len(set(rules)) == len(rules)
assert set(rules) == set(r["ruleId"] for r in results), "rules without a result"
for r in results:
    assert rules[r["ruleIndex"]] == r["ruleId"]
prints = [(r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], r["partialFingerprints"]["setting/v1"]) for r in results]
assert len(set(prints)) == len(prints), [p for p in prints if prints.count(p) > 1][:2]
END
}
# asked TITLE: Python on standard input, with the document's one run.
asked()
{
	{ echo 'import json, sys'; echo 'run = json.load(open(sys.argv[1]))["runs"][0]'; cat; } >"$scratch/ask.py"
	python3 "$scratch/ask.py" "$scratch/out" >"$scratch/why" 2>&1
	say $? "$1" "$(tail -n 3 "$scratch/why")"
}

cd "$top/tests/data/config" || exit 1
run lint --format sarif .
status 1 "all samples: exit status 1"
sound "all samples"
out_lacks Geheim "... and no password in it"
cp "$scratch/out" "$scratch/all.sarif"
run lint --format ndjson .
cp "$scratch/out" "$scratch/all.json"
cp "$scratch/all.sarif" "$scratch/out"
python3 "$top/tests/cli/lint-places.py" "$scratch/all.json" >"$scratch/why" 2>&1
say $? "each error and warning points at the line with the key that it names" "$(tail -n 1 "$scratch/why")"
asked "the same findings as JSON tells, at the same lines" <<END
want = [(f["file"], f["line"] or 1, f["finding"], f["severity"].replace("info", "note"))
        for l in open("$scratch/all.json") for f in json.loads(l)["findings"]]
got = []
for r in run["results"]:
    at = r["locations"][0]["physicalLocation"]
    got.append((at["artifactLocation"]["uri"], at["region"]["startLine"], r["ruleId"], r["level"]))
assert len(want) > 100 and got == want, [p for p in zip(got, want) if p[0] != p[1]][:2]
END
asked "what a rule says holds in all files: nothing of one is in it" <<'END'
for r in run["tool"]["driver"]["rules"]:
    assert "{" not in r["shortDescription"]["text"], r["id"]
    assert "scan@contoso.com" not in r["help"]["text"], r["id"]
    assert "\nSource (" in r["help"]["text"], r["id"]
END

mkdir "$scratch/r"
cd "$scratch/r" || exit 1
printf 'GF_SMTP_ENABLED=true\nGF_SMTP_HOST=smtp.office365.com:465\nGF_SMTP_USER=a@contoso.com\n' >'a b%:ü.env'
run lint --format sarif './a b%:ü.env' nosuch
status 2
sound "a file that is none"
out_has '"uri": "a%20b%25%3A%C3%BC.env"' "a name with all that a reference may not hold"
out_has '"executionSuccessful": false' "... and that one could not be read"
asked "... is told" <<'END'
n, = run["invocations"][0]["toolExecutionNotifications"]
assert n["message"]["text"].startswith("nosuch cannot be opened") and n["level"] == "error"
END
run lint --format sarif "$scratch/r/a b%:ü.env"
sound "an absolute name"
out_has '"uri": "file:///'
# The same finding when lines are added above it.
run lint --format sarif './a b%:ü.env'
grep setting/v1 "$scratch/out" >"$scratch/before"
{ echo '# a comment'; cat './a b%:ü.env'; } >x && mv x './a b%:ü.env'
run lint --format sarif './a b%:ü.env'
grep setting/v1 "$scratch/out" | cmp -s - "$scratch/before"
say $? "a fingerprint does not change with the line"
mkdir empty
run lint --format sarif empty
status 0
sound "nothing found: still a document"
out_has '"results": []'

# --- the hook ---

cat >"$scratch/hook.py" <<'END'
import shlex, sys, yaml
hook, = yaml.safe_load(open(sys.argv[1]))
assert set(hook) == {"id", "name", "description", "entry", "language", "types"}, set(hook)
assert hook["language"] == "system" and hook["types"] == ["text"] and hook["id"] == "smtpwhy-lint"
print("\n".join(shlex.split(hook["entry"])))
END
python3 "$scratch/hook.py" "$top/.pre-commit-hooks.yaml" >"$scratch/entry" 2>"$scratch/why"
say $? "the hook file says what pre-commit needs" "$(tail -n 1 "$scratch/why")"
[ "$(head -n 1 "$scratch/entry")" = smtpwhy ]
say $? "it runs smtpwhy"
printf 'some words on mail\n' >README.md
printf 'name: x\n' >other.yml
hook()
{
	sed 1d "$scratch/entry" >"$scratch/args"
	printf '%s\n' "$@" >>"$scratch/args"
	last="the hook: $*"
	tr '\n' '\0' <"$scratch/args" | xargs -0 "$SMTPWHY" >"$scratch/out" 2>"$scratch/err"
	rc=$?
	[ $rc = 123 ] && rc=1
	without_remark "$scratch/err"
}
hook README.md other.yml
status 0 "the hook: files without mail settings pass"
out_empty "... and it says nothing"
hook README.md other.yml './a b%:ü.env'
status 1 "the hook: an error stops the commit"
out_has 'path.port-465-microsoft'
done_testing
