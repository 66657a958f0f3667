#!/bin/sh
# t-scenarios - every built-in scenario: the cause that it expects is found first. Together they leave
# every fact of facts.tsv but those of facts-unseen.tsv.
. "$(dirname "$0")/lib.sh"

# What each has to show, read in one go: NAME.wanted, and a line "NAME<tab>TITLE" for each that is a target of its own.
awk -v dir="$scratch" '
	function finish() {
		if (!target) return
		to = dir "/" name ".wanted"
		if (cause != "") print "want cause " cause "\nwant status fail|warn|unknown" >to
		else print "want cause none\nwant status pass|warn" >to
		printf "%s", secrets >to
		close(to)
		print name "\t" title
	}
	FNR == 1 {
		finish()
		name = FILENAME
		sub(/.*\//, "", name); sub(/[.]scenario$/, "", name)
		target = 0; cause = title = secrets = ""
	}
	/^target/ { target = 1 }
	/^expect / { cause = $0; sub(/^expect */, "", cause) }
	/^title / { title = $0; sub(/^title */, "", title) }
	/^(password|token) / { secrets = secrets $0 "\n" }
	END { finish() }' "$top"/data/scenarios/*.scenario >"$scratch/list"
while IFS="$(printf '\t')" read -r name title; do
	try "scenario-$name" "$title" "$name" "$scratch/$name.wanted"
done <"$scratch/list"
wait

# Which takes all of them.
[ -z "${D-}" ] || { done_testing; exit; }

# The rows of facts.tsv that no report had, and the facts of reports that no row has.
{ sed -n '/^  "facts": {/,/^  }/s/^    "\([^"]*\)":.*/fact	\1/p' "$scratch"/scenario-*.json; grep -v '^#' "$top/data/facts.tsv"; } | awk -F'\t' '
	$1 == "fact" { seen[$2] = 1; next }
	$1 == "name" { next }
	# What a check or an administrator leaves; the rest is in no report.
	{
		row = $1
		re = row
		gsub(/[.]/, "[.]", re); gsub(/[$]/, "[0-9]+", re)
		sub(/[*]$/, ".+", re); gsub(/[*]/, "[^.]+", re)
		found = 0
		for (name in seen)
			if (name ~ "^" re "$") { found = 1; fits[name] = 1 }
		if (!found && $4 ~ /[.]/ && row !~ /^(case|seen|policy)[.]/) print "unseen\t" row
	}
	END { for (name in seen) if (!(name in fits)) print "unknown\t" name }' >"$scratch/held-against"
tab=$(printf '\t')
grep "^unknown$tab" "$scratch/held-against" | cut -f 2 >"$scratch/unknown"
grep "^unseen$tab" "$scratch/held-against" | cut -f 2 | sort >"$scratch/unseen"
grep -v '^#' "$top/tests/data/facts-unseen.tsv" | cut -f 1 | tail -n +2 | sort >"$scratch/excused"
comm -23 "$scratch/unseen" "$scratch/excused" | sed 's/$/ is left by no scenario/' >"$scratch/missing"
comm -13 "$scratch/unseen" "$scratch/excused" | sed 's/$/ is left, and need not be excused/' >"$scratch/left"
held()	# TITLE FILE: good when the file is empty
{
	[ -s "$2" ] && printf 'not ok - %s\n' "$1" || printf 'ok - %s\n' "$1"
	sed 's/^/#   /' "$2"
}
held 'facts: every one in a report is a row of facts.tsv' "$scratch/unknown" >"$scratch/facts-1.result"
held 'facts: every row is left, or excused' "$scratch/missing" >"$scratch/facts-2.result"
grep -v '^#' "$top/tests/data/facts-unseen.tsv" | cut -f 2 | tail -n +2 | sort -u | while read -r test; do
	[ "$test" = - ] || [ -f "$top/$test" ] || echo "there is no $test"
done >>"$scratch/left"
held 'facts: none is excused that is left, and the tests exist' "$scratch/left" >"$scratch/facts-3.result"
done_testing
