# shellcheck shell=sh
# lib.sh - runs `smtpwhy check` against a lab, several at a time, and has the report judged.
#
#	try NAME TITLE LAB WANTED	LAB: a scenario's name or file; WANTED: a file of lines for judge (judge.c says which)
#	done_testing
#
# What a failed one left is kept in tests/out/dialogues/TEST/NAME: report.json, stderr, lab.scenario. A dialogue and a scenario may
# have the same name, and tests run side by side.

set -u
top=${SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd -P)}
build=${top_builddir:-$PWD}
SMTPWHY=${SMTPWHY:-$build/smtpwhy}
judge=$build/tests/dialogues/judge
kept=${OUT:-$build/tests/out}/dialogues/${KEPT:-$(basename "$0" .sh)}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
unset SMTPWHY_PASSWORD SMTPWHY_TOKEN
mkdir -p "$kept"
at_once=4
count=0

# bad_words FILE: what a run must never say on standard error, whatever comes of it. No process is made: tens of thousands of runs are
# judged, and here that would cost more than the runs.
bad_words()
{
	while read -r line || [ -n "$line" ]; do
		case $line in
		*"doesn't fully support"*) ;;
		*AddressSanitizer* | *LeakSanitizer* | *UndefinedBehavior* | *'runtime error'* | *[Aa]ssertion*) printf '%s\n' "$line" ;;
		esac
	done <"$1"
}

# report TITLE NAME FILE=KEPT...: one result of TAP, good if $scratch/NAME.words is empty; else each FILE is kept by its name.
report()
{
	title=$1 name=$2
	shift 2
	if [ ! -s "$scratch/$name.words" ]; then
		printf 'ok - %s\n' "$title"
		return
	fi
	printf 'not ok - %s\n' "$title"
	sed 's/^/#   /' "$scratch/$name.words"
	printf '#   kept  %s\n' "$kept/$name"
	rm -rf "${kept:?}/$name"
	mkdir -p "$kept/$name"
	for file; do
		[ ! -f "${file%=*}" ] || cp "${file%=*}" "$kept/$name/${file##*=}"
	done
}

# The report stays in $scratch/NAME.json until the test ends.
try_one()
{
	at=$scratch/$1
	# shellcheck disable=SC2086 # WRAP is a command line
	timeout -k 5 60 ${WRAP-} "$SMTPWHY" check --lab "$3" --format json --no-progress >"$at.json" 2>"$at.stderr" </dev/null
	status=$?
	"$judge" "$4" "$at.json" $status >"$at.words" 2>&1
	[ $? -le 1 ] || echo "the judge broke" >>"$at.words"
	[ $status -le 3 ] || echo "exit status $status: $(tail -n 3 "$at.stderr")" >>"$at.words"
	bad_words "$at.stderr" >>"$at.words"
	report "$1: $2" "$1" "$at.json=report.json" "$at.stderr=stderr" "$4=wanted" "$3=lab.scenario" >"$at.result"
}

try()
{
	case " ${D-$1} " in *" $1 "*) ;; *) return 0 ;; esac
	try_one "$@" &
	count=$((count + 1))
	[ $((count % at_once)) != 0 ] || wait
}

done_testing()
{
	wait
	cat "$scratch"/*.result 2>/dev/null | awk '/^(not )?ok - / { n++; sub(/ - /, " " n " - "); if (/^not/) bad = 1 } { print } END { print "1.." n + 0; exit bad }'
}
