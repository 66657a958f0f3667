#!/bin/sh
# t-scenarios - every built-in scenario: the cause that it expects is found first. Together they leave
# every fact of facts.tsv but those of facts-unseen.tsv.
. "$(dirname "$0")/lib.sh"

for file in "$top"/data/scenarios/*.scenario; do
	name=$(basename "$file" .scenario)
	grep -q '^target' "$file" || continue
	cause=$(sed -n 's/^expect *//p' "$file")
	if [ -n "$cause" ]; then
		printf 'want cause %s\nwant status fail|warn|unknown\n' "$cause"
	else
		printf 'want status pass|warn\nwant cause none\n'
	fi >"$scratch/$name.wanted"
	grep -E '^(password|token) ' "$file" >>"$scratch/$name.wanted"
	try "scenario-$name" "$(sed -n 's/^title *//p' "$file")" "$name" "$scratch/$name.wanted"
done
wait

# Which takes all of them.
[ -z "${D-}" ] || { done_testing; exit; }

# The rows of facts.tsv that no report had, and the facts of reports that no row has.
{ sed 's/^/fact	/' "$scratch"/scenario-*.facts; grep -v '^#' "$top/data/facts.tsv"; } | awk -F'\t' '
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
