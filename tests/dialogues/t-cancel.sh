#!/bin/sh
# t-cancel - cancel torture: every dialogue (in t-cut.sh: every scenario) again, cancelled at its k-th wait, and each time a clean end: a report whose
# status fits the exit status, no word from a sanitizer, no file left, and nothing called good that lacks an answer that counts. Each takes its
# share of all k; CANCEL=all takes every one.
. "$(dirname "$0")/lib.sh"

share=3
at_once=8
TMPDIR=$scratch/tmp
mkdir -p "$TMPDIR"
export TMPDIR

# cancel_at NAME LAB K: adds what was wrong to NAME.words.
cancel_at()
{
	# shellcheck disable=SC2086 # WRAP is a command line
	SMTPWHY_CANCEL_AT=$3 timeout -k 5 60 ${WRAP-} "$SMTPWHY" check --lab "$2" --format json --no-progress \
		>"$at.json" 2>"$at.stderr" </dev/null
	status=$?
	"$judge" "$scratch/nothing" "$at.json" $status "$at.whole" >"$at.judged" 2>&1
	case $status in
	0|1|3) ;;
	*) echo "exit status $status: $(tail -n 3 "$at.stderr")" >>"$at.judged" ;;
	esac
	bad_words "$at.stderr" >>"$at.judged"
	[ -s "$at.judged" ] || return 0
	{ echo "SMTPWHY_CANCEL_AT=$3:"; cat "$at.judged"; } >>"$at.words"
	cp "$at.json" "$at.bad"
}

# torture NAME LAB PHASE SHARE: as many k as its share, from phase on.
torture()
{
	at=$scratch/cancel-$1
	: >"$at.words"
	waits=$(timeout 60 "$SMTPWHY" check --lab "$2" --format json --no-progress --trace fiber 2>&1 >"$at.whole" </dev/null |
		sed -n 's/.*at most, \([0-9]*\) waits.*/\1/p')
	[ "${waits:-0}" -gt 0 ] || echo "it did not say how often it waits" >"$at.words"
	step=$((${waits:-0} / $4 + 1))
	[ "${CANCEL-}" != all ] || step=1
	k=$((1 + $3 % step))
	while [ "$k" -le "$((${waits:-0} + 1))" ]; do
		cancel_at "$1" "$2" $k
		k=$((k + step))
	done
	report "cancelled: $1" "cancel-$1" "$at.whole=whole.json" "$at.bad=report.json" "$at.stderr=stderr" "$2=lab.scenario" >"$at.result"
}
: >"$scratch/nothing"

if [ "${CUT-}" = scenarios ]; then
	share=1
	for file in "$top"/data/scenarios/*.scenario; do
		name=$(basename "$file" .scenario)
		case " ${D-$name} " in *" $name "*) ;; *) continue ;; esac
		grep -q '^target' "$file" || continue
		torture "$name" "$name" $count "$share" &
		count=$((count + 1))
		[ $((count % at_once)) != 0 ] || wait
	done
else
	for file in "$top"/tests/dialogues/*.dialogue; do
		name=$(basename "$file" .dialogue)
		case " ${D-$name} " in *" $name "*) ;; *) continue ;; esac
		sed 's/^want .*//; s/--timeout [24]/--timeout 0.4/' "$file" >"$scratch/$name.scenario"
		torture "$name" "$scratch/$name.scenario" $count "$share" &
		count=$((count + 1))
		[ $((count % at_once)) != 0 ] || wait
	done
fi
wait
if [ -z "$(ls -A "$TMPDIR")" ]; then
	echo 'ok - nothing is left in the folder for temporary files'
else
	printf 'not ok - nothing is left in the folder for temporary files\n#   got   %s\n' "$(ls -A "$TMPDIR" | head -n 5 | tr '\n' ' ')"
fi >"$scratch/zz-left.result"
done_testing
