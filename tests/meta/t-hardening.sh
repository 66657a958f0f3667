#!/bin/sh
# Is the program that was built hardened? Looked at as readelf sees it, not as configure says it.
# What the person's own CFLAGS or LDFLAGS switch off is skipped by name, and nothing else is.
. "$(dirname "$0")/lib.sh"
build=${top_builddir:-$top/build}
program=$build/smtpwhy

result() { printf '%s - %s\n' "$1" "$2" >>"$scratch/results"; }
# looks TITLE PATTERN FILE [SKIP-WHY]: a line of FILE matches the extended regular expression
# PATTERN.
looks()
{
	if [ -n "${4-}" ]; then
		printf 'ok - %s # SKIP %s\n' "$1" "$4" >>"$scratch/results"
	elif grep -qE -e "$2" "$3"; then
		result ok "$1"
	else
		result 'not ok' "$1"
		echo "#   want  a line like $2 (readelf $program)" >>"$scratch/results"
	fi
}

if ! command -v readelf >/dev/null; then
	echo '1..0 # SKIP needs readelf (binutils)'
	exit 0
fi
readelf -W -h "$program" >"$scratch/header"
readelf -W -l "$program" >"$scratch/segments"
readelf -W -d "$program" >"$scratch/dynamic"
readelf -W --dyn-syms "$program" >"$scratch/symbols"
some 'there is a program to look at' 100 "$scratch/symbols"

# What the person who ran configure or make asked for.
own=$(sed -n 's/^\(CFLAGS\|CPPFLAGS\|LDFLAGS\|SANITIZER_FLAGS\) = / /p' "$build/Makefile" |
	tr '\n' ' ')
# forbids PATTERN...: one of the flags is a person's own; prints which.
forbids()
{
	for flag in $own; do
		for pattern in "$@"; do
			# shellcheck disable=SC2254 # a pattern
			case $flag in $pattern) echo "built with $flag"; return ;; esac
		done
	done
}
fortify=$(forbids '-O0' '-fsanitize=*' '-U_FORTIFY_SOURCE' '-D_FORTIFY_SOURCE=0')
case " $own " in
*' -O'*) ;;
*) fortify=${fortify:-built without -O} ;;
esac
[ -n "$fortify" ] || grep -q '@GLIBC_' "$scratch/symbols" || fortify='the C library is not glibc'

looks 'position-independent (PIE)' 'Type: *DYN' "$scratch/header" \
	"$(forbids -static -no-pie -fno-pie -fno-PIE)"
looks 'the stack is not executable (NX)' 'GNU_STACK.* RW +0x' "$scratch/segments" \
	"$(forbids '*execstack*')"
looks 'what the loader relocates becomes read-only (RELRO)' GNU_RELRO "$scratch/segments" \
	"$(forbids '*norelro*')"
looks '... all of it: symbols are bound at the start (BIND_NOW)' '\(FLAGS.*(BIND_)?NOW' \
	"$scratch/dynamic" "$(forbids '*-z,lazy*')"
looks 'functions with buffers have a canary (stack protector)' ' __stack_chk_fail(@|$)' \
	"$scratch/symbols" "$(forbids -fno-stack-protector)"
looks 'copies into buffers of known size are checked (FORTIFY_SOURCE)' \
	' __(memcpy|snprintf|vsnprintf|read)_chk(@|$)' "$scratch/symbols" "$fortify"

# The canary must be in most of our files, not in one: each object with a function that has a buffer
# calls it.
objects=$(find "$build/src" "$build/checks" -name '*.o' 2>/dev/null | wc -l)
canaries=$(find "$build/src" "$build/checks" -name '*.o' -exec nm -A {} + 2>/dev/null |
	grep -c ' U __stack_chk_fail$')
if [ -z "$(forbids -fno-stack-protector)" ]; then
	{
		[ "$objects" -gt 100 ] || echo "only $objects object files were found"
		[ "$canaries" -gt $((objects / 4)) ] || echo "in $canaries of $objects object files"
	} | none 'the canary is in every part of the program'
fi
done_testing
