#!/bin/sh
# Is every leaf of the list proved in tests/data/leaves.tsv, and does what stands there exist?
. "$(dirname "$0")/lib.sh"

# What can go wrong, by the step: 0 reading, A connecting, B TLS, C what is offered for logging in, D logins; E sender, F recipient, G message.
leaves='
0.1 0.5 0.6
A1 A2 A3 A3a A3b A4 A4b A5 A6 A7 A8 A9
B1 B1b B2 B3 B4 B5 B6 B7 B8 B9 B10 B11 B12 B13 B14
C1 C2 C3 C4 C5 C6 C7
D-TEN D-MBX D-BAS D-SDF D-CRI D-CRE D-ISS D-ORG D-FED1 D-FED2 D-573 D-573x D-530 D-454 D-451 D-421 D-504 D-501 D-CLD D-HVE D1 D2 D3 D4 D5 D6 D7 D8 D9 D10 D11 D12 D13 D14 D15 D16 D17
E1 E2 E3 E4 E5 E6 E7 E8 E9 E10 E11
F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12 F13 F14 F15
G1 G2 G3 G4 G5 G6 G7 G8 G9 G10 G11 G12 G13 G14 G15
'
grep -v '^#' tests/data/leaves.tsv | tail -n +2 >"$scratch/rows"
some 'there are leaves' 25 "$scratch/rows"

awk -F'\t' 'NF != 7 { print $1 ": " NF " cells, not 7" }' "$scratch/rows" | none 'every row has its seven cells'
for leaf in $leaves; do
	cut -f 1 "$scratch/rows" | grep -qxF -- "$leaf" || echo "$leaf"
done | none 'every leaf is there'
cut -f 1 "$scratch/rows" | sort -u | while read -r leaf; do
	echo "$leaves" | tr ' ' '\n' | grep -qxF -- "$leaf" || echo "$leaf is in no list here"
done | none 'every leaf that is there is in the list'
cut -f 3 "$scratch/rows" | sort -u | while read -r cause; do
	grep -q "^$cause$tab" "$scratch/causes.tsv" || echo "$cause"
done | none 'every cause of a leaf exists'

while IFS="$tab" read -r leaf by cause certainty proof neighbour known_by; do
	case $by in
	check)
		for name in "$proof" "$neighbour"; do
			[ -f "data/scenarios/$name.scenario" ] || echo "$leaf: there is no scenario $name"
		done
		;;
	facts)
		for name in "$proof" "$neighbour"; do
			grep -qF "{ \"$name\"," tests/unit/t-rules.c || echo "$leaf: tests/unit/t-rules.c has no case '$name'"
		done
		;;
	explain) ;;
	*) echo "$leaf: by '$by' is none of check, explain, facts" ;;
	esac
	[ "$proof" != "$neighbour" ] || echo "$leaf: what proves it is its own neighbour"
	case $certainty in certain | likely | possible) ;; *) echo "$leaf: '$certainty' is no certainty" ;; esac
	case $known_by in
	'rule '*) grep -q "^${known_by#rule }$tab" data/rules.tsv || echo "$leaf: there is no rule ${known_by#rule }" ;;
	'finding '*) grep -q "^${known_by#finding }$tab" data/findings.tsv || echo "$leaf: there is no finding ${known_by#finding }" ;;
	*) grep -q "^$known_by$tab" data/error-codes.tsv data/symptoms.tsv || echo "$leaf: no table has a row $known_by" ;;
	esac
	[ -n "$cause" ] || echo "$leaf: no cause"
done <"$scratch/rows" | none 'what proves a leaf, and what its neighbour is, exists'

done_testing
