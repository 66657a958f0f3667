#!/bin/sh
# t-dialogues - every tests/dialogues/*.dialogue: a scenario, and what must be found. D='bytes drip' keeps only those.
. "$(dirname "$0")/lib.sh"

for file in "$top"/tests/dialogues/*.dialogue; do
	name=$(basename "$file" .dialogue)
	# What is wanted is not the lab's business; blank lines keep the numbers of the others.
	sed 's/^want .*//' "$file" >"$scratch/$name.scenario"
	try "$name" "$(sed -n '1s/^# //p' "$file")" "$scratch/$name.scenario" "$file"
done
done_testing
