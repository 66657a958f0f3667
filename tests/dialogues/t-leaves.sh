#!/bin/sh
# t-leaves - every leaf of tests/data/leaves.tsv: what proves it leads to its cause, its neighbour does not.
. "$(dirname "$0")/lib.sh"

# What each scenario and each text has to show: leaves that share one ask it once. "check NAME" or "explain NUMBER", whose text is in NUMBER.text.
grep -v '^#' "$top/tests/data/leaves.tsv" | awk -F'\t' -v dir="$scratch" '
	NR == 1 || $2 == "facts" { next }
	function place(what) {
		if ($2 == "check") return "check-" what
		if (!(what in number)) { number[what] = ++texts; print what >(dir "/explain-" texts ".text") }
		return "explain-" number[what]
	}
	function add(to, line, leaf) {
		print line >(dir "/" to ".wanted")
		title[to] = title[to] " " leaf
	}
	{
		add(place($5), "want known " $3 " " $4 " " $7, $1)
		add(place($6), "want unknown " $3 " " $7, "not-" $1)
	}
	END { for (to in title) print to "\t" title[to] }' | sort >"$scratch/list"

explain_one()	# NAME TITLE TEXT WANTED
{
	at=$scratch/$1
	read -r escaped <"$3"
	printf '%b\n' "$escaped" >"$at.paste"
	"$SMTPWHY" explain --format json "$at.paste" >"$at.json" 2>"$at.stderr" </dev/null
	status=$?
	"$judge" "$4" "$at.json" $status >"$at.words" 2>&1
	[ $? -le 1 ] || echo "the judge broke" >>"$at.words"
	report "$1: $2" "$1" "$at.json=report.json" "$at.stderr=stderr" "$at.paste=text" "$4=wanted" >"$at.result"
}

tab=$(printf '\t')
while IFS="$tab" read -r what leaves; do
	case $what in
	check-*) try "leaf-${what#check-}" "leaves$leaves" "${what#check-}" "$scratch/$what.wanted" ;;
	*) explain_one "leaf-$what" "leaves$leaves" "$scratch/$what.text" "$scratch/$what.wanted" ;;
	esac
done <"$scratch/list"
done_testing
