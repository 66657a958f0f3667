#!/bin/sh
# t-scenarios - every built-in scenario: the cause that it expects is found first.
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
done_testing
