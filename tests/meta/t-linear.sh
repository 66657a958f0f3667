#!/bin/sh
# Does every reader cost as much per byte whatever it reads? The instructions of each are counted at three sizes, each four
# times the one before (tests/linear): who takes more than six times as many for the largest as for the middle one, or more
# than 24 times as many as for the smallest and still grows, is not linear. callgrind counts, so that the result is the same on
# every machine, however busy.
#
#	LINEAR_FLAGS=--full tests/meta/t-linear.sh	with all shapes: some minutes; LINEAR_ONLY='explain/*' those alone
. "$(dirname "$0")/lib.sh"

program=${top_builddir:-build}/tests/linear/linear
# What is known to cost more, one "READER/SHAPE" per word, until it is mended.
known=''

if ! command -v valgrind >/dev/null || ! [ -x "$program" ]; then
	echo "1..0 # SKIP valgrind, or $program, is not there"
	exit 0
fi

# Reads callgrind's dumps: which case, at which size, how many instructions; then one line per case.
cat >"$scratch/judge.awk" <<'AWK'
	/^desc: Trigger: Client Request: / { name = $5; size = $6 }
	/^totals:/ && name != "" {
		if (!(name in n)) order[++cases] = name
		cost[name, ++n[name]] = $2
		name = ""
	}
	END {
		for (i = 1; i <= cases; i++) {
			name = order[i]
			a = cost[name, 1]; b = cost[name, 2]; c = cost[name, 3]
			if (n[name] != 3 || !a || !b) verdict = "uncounted"
			else if (c > 6 * b || (c > 24 * a && c > 4.5 * b)) verdict = "grows"
			else verdict = "linear"
			printf "%s %s %d %d %d\n", verdict, name, a, b, c
		}
	}
AWK

# count DIR GLOB...: in two processes where there are two processors.
count()
{
	out=$1
	shift
	# shellcheck disable=SC2086 # flags are words
	valgrind -q --tool=callgrind --collect-atstart=no --combine-dumps=yes --callgrind-out-file="$out" \
		"$program" ${LINEAR_FLAGS-} "$@" >"$out.said" 2>&1 || cat "$out.said" >&2
}

if [ -n "${LINEAR_ONLY-}" ]; then
	# shellcheck disable=SC2086 # globs are words
	count "$scratch/a" planted/* $LINEAR_ONLY
else
	count "$scratch/a" 'explain*' 'message*' 'multipart*' 'html*' 'b*' 'q*' 'outlook*' 'tally*' 'headers*' 'dkim*' &
	count "$scratch/b" 'admin*' 'lint*' 'tsv*' 'scenario*' 'from*' 'reply*' 'ehlo*' 'challenge*' 'transcript*' 'service*' 'oauth*' \
		'token*' 'web*' 'dns*' 'hosts*' 'certificate*' 'planted*'
	wait
fi
# shellcheck disable=SC2086 # flags are words
"$program" --list ${LINEAR_FLAGS-} | sort >"$scratch/listed"
cat "$scratch"/a "$scratch"/b 2>/dev/null | awk -f "$scratch/judge.awk" >"$scratch/judged"
[ -z "${LINEAR_ONLY-}" ] || cat "$scratch/judged"

awk '$1 == "uncounted"' "$scratch/judged" | none 'every case was counted at three sizes'
if [ -z "${LINEAR_ONLY-}" ]; then
	awk '{ print $2 }' "$scratch/judged" | sort | comm -13 - "$scratch/listed" | none 'every case was run'
fi
grep -q '^grows planted/' "$scratch/judged" || echo 'it was taken for linear' >"$scratch/missed"
cat "$scratch/missed" 2>/dev/null | none 'a loop in a loop, planted, is found'
awk -v known=" $known " '$1 == "grows" && $2 !~ /^planted/ && !index(known, " " $2 " ") {
	printf "%s: %.1f times the instructions for 4 times the bytes, %.1f for 16 times\n", $2, $5 / $4, $5 / $3 }' "$scratch/judged" |
	none 'the cost of every reader grows with the bytes, not with their square'
done_testing
