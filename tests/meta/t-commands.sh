#!/bin/sh
# Nothing promises what the program can't do: every "smtpwhy WORD" that people are told to type is a command, its options exist.
. "$(dirname "$0")/lib.sh"

program=${SMTPWHY:-$top/smtpwhy}
"$program" --help >"$scratch/help" 2>&1
sed -n 's/^  \([a-z][a-z-]*\)  *[^ ].*/\1/p' "$scratch/help" | grep -vx smtpwhy | sort -u >"$scratch/commands"
some "there are commands in $program --help" 3 "$scratch/commands"
while read -r command; do
	"$program" "$command" --help 2>&1 | grep -oE '(^|[ ,])--?[a-zA-Z0-9][a-z0-9-]*' | tr -d ' ,' | sort -u | sed "s/^/$command /"
done <"$scratch/commands" >"$scratch/options"
some 'they have options' 20 "$scratch/options"

# What is told to be typed, TAB, where. In tables everything but comments; in documents what stands as code; in programs the strings.
# "Run the same check again with --from" speaks of check.
{
	printf '%s\n' $tables README*
	find doc src checks -name '*.md' -o -name '*.[ch]'
} | sort | while read -r file; do
	awk '
		FILENAME ~ /\.tsv$/ && /^#/ { next }
		FILENAME ~ /\.tsv$/ { gsub(/same check again with --/, "smtpwhy check --") }
		{
			text = $0
			while (match(text, FILENAME ~ /\.tsv$/ ? "smtpwhy [a-z]" : FILENAME ~ /\.[ch]$/ ? "\"[^\"]*smtpwhy [a-z]" : "(`|^    ([$] )?)smtpwhy [a-z]")) {
				text = substr(text, RSTART + RLENGTH - 9)
				this = text
				if (FILENAME ~ /\.tsv$/)
					sub(/\t.*| :: .*| \|\| .*|: .*|[;.] .*/, "", this)
				sub(/["'\''`].*/, "", this)
				print this "\t" FILENAME ":" FNR
				text = substr(text, 9)
			}
		}' "$file"
done >"$scratch/told"
some 'people are told to type something' 20 "$scratch/told"

awk -F'\t' 'NR == FNR { known[$1] = 1; next } { split($1, word, /[^a-z-]+/); if (!(word[2] in known)) print $2 ": " $1 }' \
	"$scratch/commands" "$scratch/told" | none 'every command that is named exists'
awk -F'\t' '
	NR == FNR { known[$1] = 1; next }
	{
		split($1, word, /[^a-z-]+/)
		n = split($1, part, " ")
		for (i = 3; i <= n; i++) {
			sub(/[=,;.:)].*/, "", part[i])
			if (part[i] ~ /^--?[a-z0-9]/ && !((word[2] " " part[i]) in known)) print $2 ": " word[2] " has no option " part[i]
		}
	}' "$scratch/options" "$scratch/told" | none 'every option that is named exists'

done_testing
