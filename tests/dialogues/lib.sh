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

# What a run must never say, whatever comes of it.
bad='AddressSanitizer|LeakSanitizer|UndefinedBehavior|runtime error|[Aa]ssertion'

# report TITLE WORDS-FILE DIR: one result of TAP; the directory is kept when it is bad.
report()
{
	if [ -s "$2" ]; then
		printf 'not ok - %s\n' "$1"
		sed 's/^/#   /' "$2"
		printf '#   kept  %s\n' "$3"
	else
		printf 'ok - %s\n' "$1"
		rm -rf "$3"
	fi
}

try_one()
{
	dir=$kept/$1
	rm -rf "$dir"
	mkdir -p "$dir"
	# shellcheck disable=SC2086 # WRAP is a command line
	timeout -k 5 60 ${WRAP-} "$SMTPWHY" check --lab "$3" --format json --no-progress >"$dir/report.json" 2>"$dir/stderr" </dev/null
	status=$?
	"$judge" "$4" "$dir/report.json" $status >"$dir/words" 2>&1
	[ $? -le 1 ] || echo "the judge broke" >>"$dir/words"
	[ $status -le 3 ] || echo "exit status $status: $(tail -n 3 "$dir/stderr")" >>"$dir/words"
	grep -E "$bad" "$dir/stderr" | grep -v "doesn't fully support" | head -n 3 >>"$dir/words"
	cp "$4" "$dir/wanted"
	[ ! -f "$3" ] || cp "$3" "$dir/lab.scenario"
	# The names of the facts that were left, for who asks for them.
	sed -n '/^  "facts": {/,/^  }/s/^    "\([^"]*\)":.*/\1/p' "$dir/report.json" >"$scratch/$1.facts"
	report "$1: $2" "$dir/words" "$dir" >"$scratch/$1.result"
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
