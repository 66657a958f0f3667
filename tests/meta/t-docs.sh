#!/bin/sh
# What README.md and doc/HACKING.md tell people to run or read: does it exist?
. "$(dirname "$0")/lib.sh"

# Names of tests, as T= takes them.
{
	for test in tests/*/t-*.sh; do basename "$test" .sh; done
	sed -n 's/^check_PROGRAMS += .*\///p; s/^	tests\/fuzz\/\(f-[a-z-]*\).*/\1/p' \
		tests/unit/Makefile.inc tests/fuzz/Makefile.inc
} >"$scratch/tests"
some 'there are tests to name' 100 "$scratch/tests"

# tests_named FILE...: every word of T=word and T='word word', with the file that names it.
tests_named()
{
	awk '{
		line = $0
		while (match(line, /(^|[^A-Z_])T=(\047[^\047$]*\047|[A-Za-z0-9-]+)/)) {
			words = substr(line, RSTART, RLENGTH)
			line = substr(line, RSTART + RLENGTH)
			sub(/^.?T=/, "", words)
			gsub(/\047/, "", words)
			n = split(words, word, " ")
			for (i = 1; i <= n; i++) print FILENAME, word[i]
		}
	}' "$@"
}
tests_named README.md doc/HACKING.md bootstrap tests/Makefile.inc >"$scratch/named"
some 'tests are named' 4 "$scratch/named"
while read -r file test; do
	grep -qxF -e "$test" "$scratch/tests" || echo "$file: T=$test: no test has that name"
done <"$scratch/named" | none 'every T= names a test'

# paths_named FILE...: words between backticks, or in an indented command, that look like a file of
# ours. What stands for many (NAME, *) and what the build makes is not one.
paths_named()
{
	awk '
		function look(words,    n, i, w, word) {
			n = split(words, word, /[ \t,()"\047]+/)
			for (i = 1; i <= n; i++) {
				w = word[i]
				sub(/^\.\//, "", w)
				sub(/[.:;]+$/, "", w)
				if (w ~ layer) w = "src/" w
				if (w ~ folder && w !~ /[A-Z][A-Z]+[.\/-]|[A-Z][A-Z]+$/)
					print FILENAME, w
				else if (w ~ /^(bootstrap|configure\.ac|Makefile\.am)$/)
					print FILENAME, w
			}
		}
		BEGIN {
			layer = "^(admin|base|check|cmd|config|drift|fiber|judge|know|lab|logs|message|microsoft|net|paste|proto|report|sending|talk|token)/[a-z-]+[.]h$"
			folder = "^([.]ci|checks|data|doc|src|tests)/[A-Za-z0-9_./-]+$"
		}
		/^    / { look($0); next }
		{ n = split($0, part, "`"); for (p = 2; p <= n; p += 2) look(part[p]) }' "$@"
}
paths_named README.md doc/HACKING.md | sort -u >"$scratch/paths"
some 'files are named' 25 "$scratch/paths"
while read -r file path; do
	case $path in
	tests/out | tests/out/*) ;;	# the build folder's
	*) [ -e "$path" ] || echo "$file: $path: no such file" ;;
	esac
done <"$scratch/paths" | none 'every file that is named exists'

# Would it have been found?
cat >"$scratch/doc" <<'END'
run ./bootstrap check T=t-nobody T='t-run t-no-one'
`tests/nowhere/at-all` and `base/gone.h`
END
tests_named "$scratch/doc" | sed 's/.* //' | tr '\n' ' ' | grep -qx 't-nobody t-run t-no-one ' ||
	echo 'a T= was overlooked' >"$scratch/missed"
paths_named "$scratch/doc" | sed 's/.* //' | tr '\n' ' ' |
	grep -qx 'tests/nowhere/at-all src/base/gone.h ' ||
	echo 'a path was overlooked' >>"$scratch/missed"
cat "$scratch/missed" 2>/dev/null | none 'this test sees what it looks for'
done_testing
