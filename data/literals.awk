# literals - writes the string literals of the C files on the command line that judge a refusal, as C: what src/logs/vocabulary.c takes for words that may mean
# something. Escapes become blanks. Comments go first: the words of a sentence are not looked for.

function take(s) {
	gsub(/\\x[0-9a-f][0-9a-f]|\\[0-7][0-7]*|\\[a-z]/, " ", s)
	gsub(/\\/, "", s)
	gsub(/"/, "", s)
	if (s ~ /[A-Za-z][A-Za-z][A-Za-z]/ && !(s in seen)) {
		seen[s] = 1
		printf "\t\"%s\\n\"\n", s
	}
}

BEGIN { print "#include \"logs/inside.h\"\n\nconst char *const source_literals =" }
FNR == 1 { comment = 0 }
# Of src/base only what reads replies and times; src/paste/html.c and gmime.c read no log.
/^#include/ || FILENAME ~ /(html|gmime)\.[ch]$/ { next }
FILENAME !~ /^src\/(know|judge|paste|logs)\// && FILENAME !~ /^src\/base\/(reply|scan|failure)\.[ch]$/ { next }
{
	while (length($0)) {
		if (comment) {
			if (!(i = index($0, "*/")))
				next
			$0 = substr($0, i + 2)
			comment = 0
		} else if (!match($0, /\/\*|"([^"\\]|\\.)*"|'([^'\\]|\\.)+'/)) {
			next
		} else {
			found = substr($0, RSTART, RLENGTH)
			$0 = substr($0, RSTART + RLENGTH)
			if (found == "/*")
				comment = 1
			else if (found ~ /^"/)
				take(substr(found, 2, length(found) - 2))
		}
	}
}
END { print "\t\"\";" }
