#!/bin/sh
# Does tests/run notice every way in which a test can go wrong? (Otherwise all the others prove nothing.)
set -u
run=$SRCDIR/tests/run
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
n=0
unset T WRAP OVERHEAR

limit=60	# seconds: only a test that never ends may reach it, however busy the machine is

# case TITLE WANT BODY: a test with that body, run alone, sums to "passed failed skipped".
case_()
{
	n=$((n + 1))
	printf '#!/bin/sh\n%s\n' "$3" >"$dir/t.sh"
	chmod +x "$dir/t.sh"
	TEST_TIMEOUT=$limit "$run" -j 1 -o "$dir/out" "$dir/t.sh" >"$dir/said" 2>&1
	got="$(cat "$dir/out/sum") exit $?"
	status=$(tail -n 1 "$dir/said")
	if [ "$(cat "$dir/out/sum")" = "$2" ]; then
		echo "ok $n - $1"
	else
		printf 'not ok %d - %s\n#   got   %s (%s)\n#   want  %s\n' "$n" "$1" "$got" "$status" "$2"
	fi
}

case_ 'all is well' '2 0 0' 'echo "ok 1 - a"; echo "ok 2 - b"; echo 1..2'
case_ 'one is not ok' '1 1 0' 'echo "ok 1 - a"; echo "not ok 2 - b"; echo 1..2; exit 1'
case_ 'not ok, and the status forgets it' '1 1 0' 'echo "ok 1 - a"; echo "not ok 2 - b"; echo 1..2'
case_ 'too few results' '1 1 0' 'echo 1..2; echo "ok 1 - a"'
case_ 'no plan: died on the way' '1 1 0' 'echo "ok 1 - a"; kill -9 $$'
case_ 'nothing at all' '0 1 0' ':'
case_ 'bails out' '1 1 0' 'echo "ok 1 - a"; echo "Bail out! no server"; exit 1'
case_ 'good results, bad end (a leak found at exit)' '1 1 0' 'echo 1..1; echo "ok 1 - a"; exit 1'
limit=2
case_ 'never ends' '1 1 0' 'echo 1..2; echo "ok 1 - a"; sleep 20'
limit=60
case_ 'a skip is counted' '1 0 1' 'echo 1..2; echo "ok 1 - a"; echo "ok 2 # SKIP b: needs root"'
case_ 'a whole test skipped' '0 0 1' 'echo "1..0 # SKIP no compiler"'

# reason TITLE TAP: the skip that TAP tells of is shown in these words.
reason()
{
	n=$((n + 1))
	printf '#!/bin/sh\necho "%s"\n' "$2" >"$dir/t.sh"
	"$run" -o "$dir/out" "$dir/t.sh" >"$dir/said"
	if grep -qx "  *skipped: $1" "$dir/said"; then
		echo "ok $n - a skip says: $(printf %s "$1" | tr -d "#")"
	else
		echo "not ok $n - a skip says: $(printf %s "$1" | tr -d "#")"
		sed 's/^/# /' "$dir/said"
	fi
}
reason 'needs gdb' '1..0 # SKIP needs gdb'
reason 'needs root' 'ok 1 # SKIP needs root'
reason 'a picture # SKIP needs eyes' 'ok 1 - a picture # SKIP needs eyes'

n=$((n + 1))
printf '#!/bin/sh\necho 1..1; echo "not ok 1 - a"; echo "#   got   x"\n' >"$dir/t.sh"
if "$run" -o "$dir/out" "$dir/t.sh" >"$dir/said"; then
	echo "not ok $n - the exit status tells of a failure"
else
	echo "ok $n - the exit status tells of a failure"
fi
n=$((n + 1))
if grep -q 'got   x' "$dir/said" && [ "$(tail -n 1 "$dir/said")" = '0 passed, 1 failed' ]; then
	echo "ok $n - a failure's own words are shown, the sum comes last"
else
	echo "not ok $n - a failure's own words are shown, the sum comes last"
	sed 's/^/# /' "$dir/said"
fi
n=$((n + 1))
for folder in one two; do
	mkdir "$dir/$folder"
	printf '#!/bin/sh\necho "ok 1 - a"; sleep 0.3; echo "ok 2 - b"; echo 1..2\n' >"$dir/$folder/t.sh"
	chmod +x "$dir/$folder/t.sh"
done
"$run" -j 2 -o "$dir/out" "$dir/one/t.sh" "$dir/two/t.sh" >"$dir/said"
if [ "$(cat "$dir/out/sum")" = '4 0 0' ]; then
	echo "ok $n - two tests of one name in two folders don't write over each other"
else
	echo "not ok $n - two tests of one name in two folders don't write over each other"
	sed 's/^/# /' "$dir/said"
fi

# What a test has to prepare (roots of real servers, by apt) does not count as its time.
n=$((n + 1))
mkdir -p "$dir/tests/peers"
cat >"$dir/tests/peers/t.sh" <<'END'
#!/bin/sh
root=${0%/*}/root
if [ -n "${TEST_PREPARE-}" ]; then
	echo 'making the root' >&$TEST_NEWS
	sleep 7
	echo made >"$root"
	exit 0
fi
[ -e "$root" ] || sleep 60
echo 'ok 1 - a'
echo 1..1
END
chmod +x "$dir/tests/peers/t.sh"
TEST_TIMEOUT=6 "$run" -o "$dir/out" "$dir/tests/peers/t.sh" >"$dir/said" 2>&1
if [ "$(cat "$dir/out/sum")" = '1 0 0' ] && [ "$(head -n 1 "$dir/said")" = 'making the root' ]; then
	echo "ok $n - a root is made before a test's time begins, and one is told"
else
	echo "not ok $n - a root is made before a test's time begins, and one is told"
	sed 's/^/# /' "$dir/said"
fi
echo "1..$n"
