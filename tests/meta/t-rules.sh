#!/bin/sh
# Do the rules, the checks and what they leave speak of the same things? A rule about a fact that nobody leaves never fires.
. "$(dirname "$0")/lib.sh"

code='checks src'
# Every string of the code, and every string apart at its dots: names are put together there ("cert.$." and "trouble").
grep -rhoE '"[^"]*"' $code --include='*.[ch]' | tr -d '"' | sort -u >"$scratch/strings"
{ cat "$scratch/strings"; tr './ %:' '\n' <"$scratch/strings"; } | sort -u >"$scratch/words"
# ... and the ids of the tables, which are values of facts too.
for file in data/*.tsv; do
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

awk -F'\t' '$1 == "finding" { print $2 "\t" $4 }' "$scratch/terms" | sort -u | while IFS="$tab" read -r finding rule; do
	case $finding in *'*'*) continue ;; esac
	grep -rqF "{ \"$finding\"," checks || grep -q "^$finding$tab" data/path-findings.tsv || echo "$rule: finding:$finding"
done | none 'every finding that a rule names is some check'\''s'

awk -F'\t' '$1 == "check" { print $2 "\t" $4 }' "$scratch/terms" | sort -u | while IFS="$tab" read -r id rule; do
	sed -n 's/^[ 	]*\.id[ 	]*= "\(.*\)".*/\1/p' checks/*.c | awk -v want="$id" '
		BEGIN { gsub(/[.]/, "[.]", want); gsub(/\*/, ".*", want) } $0 ~ "^" want "$" { found = 1 } END { exit !found }' ||
		echo "$rule: check:$id"
done | none 'every check that a rule names exists'

# A fact is known when the code has the whole name, or its last part as a word of its own.
awk -F'\t' '$1 == "fact" && $2 !~ /^(provider|ask)\./ { print $2 "\t" $4 }' "$scratch/terms" | sort -u | while IFS="$tab" read -r fact rule; do
	last=${fact##*.}
	case $last in '*' | '$' | [0-9]*) last=$(echo "$fact" | sed 's/\.[*$0-9]*$//; s/.*\.//') ;; esac
	first=${fact%%.*}
	grep -qxF -- "$fact" "$scratch/strings" || {
		grep -qxF -- "$last" "$scratch/words" && grep -qE "^$first\\." "$scratch/strings" && ! echo "$fact" | grep -q '^tcp\.control'
	} || echo "$rule: $fact"
done | none 'every fact that a rule asks for is left by somebody'

# A value that no code says is never equal.
awk -F'\t' '$1 == "fact" && $3 != "-" && $2 !~ /^ask\.host/ { n = split($3, v, "|"); for (i = 1; i <= n; i++) print v[i] "\t" $2 "\t" $4 }' \
	"$scratch/terms" | sort -u | while IFS="$tab" read -r value fact rule; do
	case $value in *[!a-z-]* | '' | true | false) continue ;; esac
	grep -qxF -- "$value" "$scratch/words" || grep -qxF -- "$value" "$scratch/ids" || echo "$rule: $fact = $value"
done | none 'every value that a rule compares with can occur'

# needs and gives of the checks, `$` and `*` taken as equal.
awk '/\.(needs|gives)[ \t]*=/ { kind = $1; sub(/^\./, "", kind); on = 1 }
     on { rest = $0; while (match(rest, /"[^"]*"/)) { print kind "\t" substr(rest, RSTART + 1, RLENGTH - 2) "\t" FILENAME
		rest = substr(rest, RSTART + RLENGTH) } if (/\),?$/) on = 0 }' checks/*.c >"$scratch/graph"
some 'checks need facts' 10 "$scratch/graph"
awk -F'\t' '
	function plain(s) { gsub(/[$*]/, "X", s); return s }
	$1 == "gives" { gives[plain($2)] = 1; next }
	{ needs[$2] = $3 }
	END { for (n in needs) { found = plain(n) in gives
		for (g in gives) if (!found && g ~ /X$/ && index(plain(n), substr(g, 1, length(g) - 1)) == 1) found = 1
		if (!found) print needs[n] " needs " n ", which no check gives" } }' "$scratch/graph" | none 'every fact that a check needs is given by one'

done_testing
