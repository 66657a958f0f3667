#!/bin/sh
# corpus - does explain agree with people who settled such cases? Figures, never a verdict: for a folder with cases/ID.txt and labels.tsv
# (id provider stage cause settled kind app note), which is no part of this project.
#
#	tests/bench/corpus.sh FOLDER [SMTPWHY]
#
# Prints each disagreement and a summary: how often the first diagnosis is the label, how often it is among all of them.
set -u

folder=${1-}
program=${2-${SMTPWHY-./smtpwhy}}

if [ ! -r "$folder/labels.tsv" ]; then
	echo "corpus: no labels.tsv in '$folder': nothing to compare with"
	exit 0
fi

while IFS='	' read -r id provider stage cause settled rest; do
	[ "$id" = id ] && continue
	[ -r "$folder/cases/$id.txt" ] || continue
	got=$("$program" explain --format json "$folder/cases/$id.txt" 2>/dev/null |
		tr -d '\n' | grep -o '"cause": *"[^"]*"\|"certainty": *"[^"]*"' | sed 's/.*: *"//; s/"$//' | tr '\n' ' ')
	printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$id" "$provider" "$stage" "$cause" "$settled" "$got"
done <"$folder/labels.tsv" | awk -F '\t' '
{
	n = split($6, word, " ")
	first = n ? word[1] : "nothing"
	among = index(" " $6, " " $4 " ") > 0
	# "Unknown from the text" is right when nothing, or nothing better than possible, is claimed.
	if ($4 == "unknown-from-text") {
		good = n == 0 || word[2] == "possible"
		among = good
	} else {
		good = first == $4
	}
	scored = $5 != "unclear"
	all[scored]++
	right[scored] += good
	near[scored] += among
	if (!good)
		printf "%s %s %s %s (%s): got %s\n", scored ? "MISS" : "open", $1, $2, $4, $3, n ? $6 : "nothing"
}
END {
	printf "scored: %d cases, %d right first, %d among the answers\n", all[1], right[1], near[1]
	printf "not scored: %d cases, %d as labelled, %d among the answers\n", all[0], right[0], near[0]
}'
