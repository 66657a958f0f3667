#!/bin/sh
# Can the values occur that rules compare facts with? That the facts exist is seen by tests/unit/t-registry.
. "$(dirname "$0")/lib.sh"

code='checks src'
# Every string of the code, and every string apart at its dots: names are put together there ("cert.$." and "trouble").
grep -rhoE '"[^"]*"' $code --include='*.[ch]' | tr -d '"' | sort -u >"$scratch/strings"
{ cat "$scratch/strings"; tr './ %:' '\n' <"$scratch/strings"; } | sort -u >"$scratch/words"
# ... and the ids of the tables, which are values of facts too.
for file in $tables; do
	grep -v '^#' "$file" | awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^(id|provider|path)$/) c[i] = 1; next }
		{ for (i in c) print $i }'
done | sort -u >"$scratch/ids"

# Terms of the rules as "kind TAB what TAB value TAB rule".
{ grep -v '^#' data/rules.tsv | cut -f 1,2; grep -v '^#' data/tell-apart.tsv | cut -f 1,5; } | awk -F'\t' -v OFS='\t' '
	$1 == "id" || $2 == "-" { next }
	{
		n = split($2, term, / & /)
		for (i = 1; i <= n; i++) {
			t = term[i]
			sub(/^ *!?/, "", t)
			if (match(t, /^(any|all|none|count)\(/)) { t = substr(t, RLENGTH + 1); sub(/\).*/, "", t) }
			name = t; sub(/ .*/, "", name)
			value = "-"
			if (match(t, / (=|!=) /)) value = substr(t, RSTART + RLENGTH)
			kind = "fact"
			if (name ~ /^(finding|check|cause|reply):/) { kind = name; sub(/:.*/, "", kind); sub(/^[a-z]*:/, "", name) }
			print kind, name, value, $1
		}
	}' >"$scratch/terms"
some 'the rules have terms' 80 "$scratch/terms"

# A value that no code says is never equal.
awk -F'\t' '$1 == "fact" && $3 != "-" && $2 !~ /^ask\.host/ { n = split($3, v, "|"); for (i = 1; i <= n; i++) print v[i] "\t" $2 "\t" $4 }' \
	"$scratch/terms" | sort -u | while IFS="$tab" read -r value fact rule; do
	case $value in *[!a-z-]* | '' | true | false) continue ;; esac
	grep -qxF -- "$value" "$scratch/words" || grep -qxF -- "$value" "$scratch/ids" || echo "$rule: $fact = $value"
done | none 'every value that a rule compares with can occur'

done_testing
