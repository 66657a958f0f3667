# shellcheck shell=sh
# lib.sh - for tests about the project itself: each looks for offenders, and there must be none.
#
#	awk '...' $(sources) | none 'no function is longer than 60 lines'
#	done_testing

set -u
LC_ALL=C
export LC_ALL
top=${SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd -P)}
cd "$top" || exit 1
tab=$(printf '\t')
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
: >"$scratch/results"

# The tables, all in one form.
awk -f tests/meta/fields.awk data/causes.txt >"$scratch/causes.tsv"
tables="$(echo data/*.tsv) $scratch/causes.tsv"

# Every C file that is ours (not what the build makes).
sources() { find src checks tests \( -name '*.c' -o -name '*.h' \) -type f | sort; }
scripts() { grep -rlE '^#!/bin/(ba)?sh' bootstrap .ci tests doc data --include='*' 2>/dev/null | grep -v '/out/' | sort; }

# none TITLE: a result that is good when standard input is empty; else its lines say who offends.
none()
{
	awk -v title="$1" '
		NR <= 40 { line[NR] = $0 }
		END {
			print (NR ? "not ok - " : "ok - ") title
			for (i = 1; i <= NR && i <= 40; i++) print "#   " line[i]
			if (NR > 40) print "#   ... and " NR - 40 " more"
		}' >>"$scratch/results"
}

# some TITLE NUMBER FILE: guards a "none": what was looked through must be there at all.
some()
{
	[ "$(wc -l <"$3")" -ge "$2" ] || echo "only $(wc -l <"$3") were found, at least $2 are expected" >"$scratch/few"
	cat "$scratch/few" 2>/dev/null | none "$1"
	rm -f "$scratch/few"
}

done_testing()
{
	awk '/^(not )?ok - / { n++; sub(/ - /, " " n " - "); if (/^not/) bad = 1 }
	     { print } END { print "1.." n; exit bad }' "$scratch/results"
}
