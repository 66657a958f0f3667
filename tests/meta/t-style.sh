#!/bin/sh
# Is everything within the bounds of doc/HACKING.md that a compiler doesn't see?
. "$(dirname "$0")/lib.sh"

sources >"$scratch/c"
scripts >"$scratch/sh"
some 'there are C files to look at' 60 "$scratch/c"
some 'there are scripts to look at' 5 "$scratch/sh"

xargs awk '
	FNR == 1 { name = ""; open = 0 }
	/^[a-z_].*\)$/ || /^[a-z_].*\($/ || /^[a-z_].*,$/ { name = $0 }
	/^\{/ { start = FNR; open = 1 }
	/^\}/ && open {
		if (FNR - start + 1 > 62) { sub(/\(.*/, "", name); print FILENAME ":" start ": " name " has " FNR - start - 1 " lines" }
		open = 0
	}' <"$scratch/c" | grep -v '^tests/.*: int main ' | none 'no function is longer than 60 lines'

cat "$scratch/c" "$scratch/sh" | xargs wc -l | awk '$2 != "total" && $1 > 500 { print $2 ": " $1 " lines" }' |
	none 'no file is longer than 500 lines'

# A tab is eight columns; an address that cannot be broken may stand at the end of a longer line.
xargs awk '{ line = $0; while ((at = index(line, "\t"))) { fill = substr("        ", 1, 8 - (at - 1) % 8); line = substr(line, 1, at - 1) fill substr(line, at + 1) }
	if (length(line) > 100 && line !~ /https?:[^ ]*$/) print FILENAME ":" FNR ": " length(line) }' <"$scratch/c" |
	none 'no line of C is wider than 100 columns'

find src checks tests doc data .ci bootstrap configure.ac Makefile.am README.md -type f ! -path '*/fuzz/corpus/*' \
	! -path '*/out/*' ! -name '*.eml' ! -name '*.txt' -print0 2>/dev/null |
	xargs -0 grep -InE '[ 	]+$' | cut -c 1-120 | none 'no line ends in blanks'

cat >"$scratch/planted.c" <<'EOT'
int a = b ? c : d ? e : f;			// nested
int g = b ? (c) : 1 + (d ? e : f);		// nested
int h = (b ? c : d) > e ? f : g;		// nested
int i = b ?: c ?: d;				// nested
#define J(b) \
	((b) ? 1 : c ? "?" : "/*")		// nested
char k[] = b ? "a ? b" : /* c ? d : */ "e", l = '?', m = b ? '?' : '"';
int n = b ? p(c ? d : e) : q[c ? d : e], r = b ? c : d, s = (b ? c : d) + (e ? f : g);
int t(void) { return b ? c : d; } int u = b ? c : d;
EOT
grep -n 'nested$' "$scratch/planted.c" | cut -d : -f 1 >"$scratch/planted"
python3 tests/meta/nested.py "$scratch/planted.c" 2>&1 | sed 's/^[^:]*:\([0-9]*\): .*/\1/' |
	diff "$scratch/planted" - | none 'a ?: in an operand of another is found'
xargs python3 tests/meta/nested.py <"$scratch/c" 2>&1 | none 'no ?: stands in an operand of another'

# What a table of functions can't ban by name, or what a file could switch off again.
xargs grep -nE '^#[ 	]*undef[ 	]+(str|sprintf|get|ato|gmtime|local|sleep|usleep|system|popen|is[a-z]+|to[ul])' <"$scratch/c" |
	grep -v '^src/base/banned.h:' | none 'nobody lifts a ban of base/banned.h'
grep -q -- '-include .*base/banned.h' Makefile.am || echo 'Makefile.am does not include base/banned.h before every file' |
	none 'base/banned.h comes before every file'
grep -E '^src/|^checks/' "$scratch/c" | xargs grep -nE '\b(poll|select|alloca|strtok_r|setjmp|longjmp|signal)[ ]?\(' |
	grep -vE '^src/fiber/|:[0-9]+:[ 	]*(/?\*|//)|"[^"]*(poll|select)' | none 'nobody blocks the loop or jumps'
grep -vE '^src/(base|cmd|config|fiber|report)/|^tests/' "$scratch/c" | xargs grep -nE '^	+static [^(]*(;|= ?[^{]*;)$' |
	grep -vE 'static const|static_assert' | none 'no function keeps state between calls'
grep -vE '^src/(cmd|config|report)/|^tests/' "$scratch/c" |
	xargs grep -nE '\b(exit|_exit|abort|printf|puts|putchar|perror)\(|\bf(printf|puts|write|putc)\((stdout|[^,]*, *stdout)' |
	grep -vE ':[0-9]+:[ 	]*(/?\*|//)|"[^"]*(exit|printf|abort)\(' |
	grep -vE '^src/base/mem\.c|^src/base/trace\.c|^src/fiber/loop\.c:.*abort\(|^src/fiber/watchdog\.c:.*_exit\(' |
	none 'only cmd/ and report/ print or exit'

while read -r script; do
	sh -n "$script" 2>&1 || echo "$script does not parse"
	case $script in *lib.sh) ;; *) [ -x "$script" ] || echo "$script is not executable" ;; esac
done <"$scratch/sh" | none 'every script parses and is executable'

# A test that nobody runs proves nothing.
for t in tests/*/t-*.sh; do
	grep -qF "$t" tests/*/Makefile.inc || echo "$t is in no Makefile.inc"
done | none 'every test script is run'
for t in tests/unit/t-*.c; do
	[ ! -e "$t" ] || grep -qF "${t%.c}" tests/*/Makefile.inc || echo "$t is in no Makefile.inc"
done | none 'every unit test is built and run'

done_testing
