#!/bin/sh
# Does tests/gdb/fibers.py find the fibers of a live process, and the frames of one that waits?
set -u
here=$(cd "$(dirname "$0")" && pwd -P)
program=${top_builddir:-.}/tests/unit/t-fiber-cancel
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT

# The machine's own gdb, else one in a private root.
gdb=gdb
if ! command -v gdb >/dev/null; then
	"$here/../peers/enter" --prepare debug 2>/dev/null || {
		echo '1..0 # SKIP needs gdb'
		exit 0
	}
	gdb="$here/../peers/enter debug gdb"
fi
[ -z "${TEST_PREPARE-}" ] || exit 0

# The first time that the test cancels a scope, a fiber "waits" sleeps; the second time it waits for a socket.
# shellcheck disable=SC2086 # gdb is words
DEBUGINFOD_URLS='' $gdb -q -nx -batch -ex 'set pagination off' -ex "source $here/fibers.py" -ex 'break scope_cancel' -ex run \
	-ex fibers -ex 'fiber-bt waits' -ex 'echo -- now\n' -ex bt -ex 'echo -- second\n' -ex continue -ex 'fiber-bt 1' \
	-ex 'fiber-bt nobody' "$program" >"$out" 2>&1

n=0
failed=0
# has TITLE PATTERN: a line of gdb's output matches; the patterns must come in this order.
at=1
has()
{
	n=$((n + 1))
	line=$(tail -n "+$at" "$out" | grep -nE -m 1 -- "$2" | cut -d : -f 1)
	if [ -n "$line" ]; then
		at=$((at + line))
		echo "ok $n - $1"
	else
		failed=1
		echo "not ok $n - $1"
		echo "#   want  $2"
		tail -n "+$at" "$out" | head -n 30 | sed 's/^/#   got   /'
	fi
}

has 'the first fiber runs' '^ +0 +first +running'
has 'another one is parked' '^ +1 +waits +parked +waits for time to pass$'
has 'its innermost frame is the switch' '^#1 .* switch_to_hub '
has 'called by the wait' '^#[0-9] .* fiber_sleep \(ms='
has 'called by the function of the fiber' '^#[0-9] .* in_sleep \(arg='
has 'which began at the bottom' '^#[0-9] .* fiber_start '
has 'then gdb is where it was' '^-- now'
has 'in the program that runs' '^#0 .*scope_cancel \(s='
has 'which goes on' '^-- second'
has 'and stops again' '^Breakpoint 1(\.[0-9]+)?, scope_cancel'
has 'now it waits for a socket' '^ +1 +waits +parked +waits to read fd [0-9]+'
has 'in another function' '^#[0-9] .* in_fd \(arg='
has 'a name that nobody has is said' 'no fiber nobody; "fibers" lists them'
echo "1..$n"
exit $failed
