#!/bin/sh
# Does a test that waits for a background process ever read what an earlier one wrote?
# tests/background.sh is the one way to start one and to wait for its words; nobody else may.
. "$(dirname "$0")/lib.sh"
. tests/background.sh

# Right after the start the output is empty, whatever was in it. Read without a fork, so that the
# new process had no time yet; 30 starts all the same, for a race shows in some of them only.
i=0
while [ $i -lt 30 ]; do
	echo 'ready: an earlier one' >"$scratch/out"
	background "$scratch/out" "$scratch/err" echo "ready: $i"
	! IFS= read -r words <"$scratch/out" || [ "$words" = "ready: $i" ] ||
		echo "start $i: right after it: $words"
	until_says "$scratch/out" '^ready' || echo "start $i: it never said that it is ready"
	wait "$background"
	[ "$(cat "$scratch/out")" = "ready: $i" ] ||
		echo "start $i: the file holds $(cat "$scratch/out")"
	i=$((i + 1))
done | none 'what an earlier process wrote is never seen'

# The one before writes its last words late, after the next one was started.
{
	background "$scratch/out" "$scratch/err" sh -c 'trap "echo late words; exit 0" TERM
		echo up
		while :; do sleep 0.1; done'
	until_says "$scratch/out" up || echo 'the first one never came up'
	first=$background
	background "$scratch/out" "$scratch/err" sh -c 'echo second'
	background_end "$first" || echo "the first one ended with $?"
	wait "$background"
	grep -v '^second$' "$scratch/out"
} | none 'the last words of the one before go elsewhere'

# Half a line is no line; the end of the process is the end of waiting; its status is handed on.
{
	background "$scratch/out" "$scratch/err" \
		sh -c 'printf "port 12"; sleep 0.3; echo 345; sleep 60'
	until_says "$scratch/out" 'port' || echo 'a line was not seen'
	[ "$(cat "$scratch/out")" = 'port 12345' ] ||
		echo "half a line was taken: $(cat "$scratch/out")"
	background_end
	[ $? = 143 ] || echo 'a process ended by SIGTERM has the status 143'
	[ -z "$background" ] || echo 'it is remembered after its end'
	background_end || echo 'ending nothing is not good'
	background "$scratch/out" "$scratch/err" sh -c 'echo no; echo words >&2; exit 7'
	! until_says "$scratch/out" 'yes' || echo 'words were seen that nobody said'
	until_says "$scratch/err" 'words' || echo 'words said just before the end were not seen'
	wait "$background"
	[ $? = 7 ] || echo 'the exit status is lost'
} | none 'half a line, an early end, an exit status'

# --- and everybody uses it ---

# offenders FILE...: a process started in the background with its output in a file, and a loop that
# waits for words in a file.
offenders()
{
	awk '
		FNR == 1 { line = "" }
		/^[ \t]*#/ { next }
		{ line = line $0 }
		/\\$/ { sub(/\\$/, " ", line); next }
		{
			what = line
			line = ""
			gsub(/\047[^\047]*\047/, "", what)
			gsub(/[0-9]*>&[-0-9]/, "", what)
			gsub(/[0-9]*>+ *\/dev\/null/, "", what)
			if (what ~ />/ && what ~ /[ \t;)}"]&([ \t;]|$)/ && what !~ /&&[ \t]*$/)
				print FILENAME ":" FNR ": a background process without background()"
			if (what ~ /(until|while)[ \t]+(! *)?grep /)
				print FILENAME ":" FNR ": waits for words without until_says()"
		}' "$@"
}

find tests .ci doc -type f ! -path 'tests/data/*' ! -path 'tests/*/data/*' ! -path 'tests/fuzz/*' \
	! -path '*/out/*' ! -name '*.[cho1]' ! -name '*.py' ! -name '*.dialogue' ! -name '*.md' \
	! -name '*.json' ! -path tests/background.sh ! -path tests/meta/t-background.sh -print0 |
	xargs -0 grep -lI . >"$scratch/scripts"
some 'there are scripts to look at' 50 "$scratch/scripts"
# shellcheck disable=SC2046 # names of ours have no blanks
offenders $(cat "$scratch/scripts") | none 'no test starts and waits in a way of its own'

# What it must find, and what it must leave alone.
cat >"$scratch/bad" <<'END'
"$SMTPWHY" lab "$1" >"$scratch/lab" 2>&1 &
"$SMTPWHY" token get \
	--flow browser >"$scratch/out" 2>"$scratch/err" &
server >log & pid=$!
{ first; second; } >>log 2>&1 </dev/null 3>&- &
until grep -q '^Ctrl-C' "$scratch/lab"; do
while ! grep -q up out; do
END
cat >"$scratch/good" <<'END'
try_one "$@" &
agree "$out/7.err" 3>&- &
sleep 100 >/dev/null 2>&1 &
run check >"$scratch/out" 2>&1 && grep -q x "$scratch/out" &&
curl -d "a=b&c=d" >"$scratch/out"
# server >log &
err_has 'Google Cloud console > APIs & Services > Credentials'
END
offenders "$scratch/bad" | sed 's/.*bad:\([0-9]*\):.*/\1/' | tr '\n' ' ' >"$scratch/found"
printf '1 3 4 5 6 7 ' | cmp - "$scratch/found" 2>&1 |
	none 'this test finds each way to do it wrong'
offenders "$scratch/good" | none 'this test leaves the rest alone'
done_testing
