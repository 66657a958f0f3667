#!/bin/sh
# Does every cause id that is used exist, and can every cause be reached?
. "$(dirname "$0")/lib.sh"

column()	# column FILE NAME: its cells, lists taken apart
{
	awk -F'\t' -v want="$2" '
		/^#/ { next }
		!n { n = NF; for (i = 1; i <= NF; i++) if ($i == want) c = i; if (!c) exit; next }
		$c != "-" && $c != "" { k = split($c, id, /[, ]+/); for (i = 1; i <= k; i++) if (id[i] !~ /^@|^$/) print id[i] "\t" FILENAME ": " $1 }' "$1"
}

column "$scratch/causes.tsv" id | cut -f 1 | sort >"$scratch/causes"
some 'there are causes' 50 "$scratch/causes"
uniq -d "$scratch/causes" | none 'no cause is listed twice'

{
	for file in $tables; do
		for name in cause causes also next next_blockers; do
			column "$file" "$name"
		done
	done
	grep -rnoE '^expect[ 	]+[a-z0-9-]+' data/scenarios 2>/dev/null | sed 's/\(.*\):expect[ 	]*\(.*\)/\2	\1/'
	grep -rnoE '(know_cause|cause_find|cause_by_id)\([^"()]*"[a-z0-9-]+"' src checks | sed 's/\(.*:.*\):.*"\(.*\)".*/\2	\1/'
} | sort -u >"$scratch/used"
some 'causes are used' 100 "$scratch/used"
awk -F'\t' '
	NR == FNR { known[$1] = 1; next }
	index($1, "*") { glob = $1; gsub(/\*/, ".*", glob); for (id in known) if (id ~ "^" glob "$") next }
	!($1 in known) && $1 != "none" { print $2 " names " $1 ", which data/causes.txt does not know" }' \
	"$scratch/causes" "$scratch/used" | none 'every cause that is named exists'

# Reached: by a row of a table, by a finding, or by code.
{ for file in $tables; do column "$file" cause | cut -f 1; done; grep -rhoE '"[a-z0-9]+(-[a-z0-9]+)+"' src checks | tr -d '"'; } | sort -u >"$scratch/reached"
comm -23 "$scratch/causes" "$scratch/reached" | none 'every cause can be reached by something'

done_testing
