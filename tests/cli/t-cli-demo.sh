#!/bin/sh
# The demo: three faults with their causes; on a terminal it waits between them, elsewhere never.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"
export SMTPWHY

# shows WORD...: the parts that were shown are these.
shows()
{
	want=$*
	# shellcheck disable=SC2046 # words
	set -- $(sed -n 's/.*smtpwhy check --lab \([a-z0-9-]*\).*/\1/p' "$scratch/out")
	[ "$*" = "$want" ]
	say $? "$last: shows ${want:-nothing}" "$want"
}

last='doc/demo.sh'
"$top/doc/demo.sh" >"$scratch/out" 2>"$scratch/err" </dev/null
rc=$?
without_remark "$scratch/err"
status 0
shows tenant-disabled starttls-stripped mx-with-login
[ "$(grep -c '^ *Why  ' "$scratch/out")" = 3 ]
say $? 'each part has its cause'
out_lacks 'Enter' 'into a file it does not wait'
out_lacks "$(printf '\033')" '... and has no colour'
err_empty

terminal()
{
	python3 "$top/tests/cli/on-terminal.py" "$@" >"$scratch/out" 2>"$scratch/err"
	rc=$?
}
if have_terminal; then
	last='doc/demo.sh (on a terminal, Enter twice)'
	terminal -t 'Enter for the next' '\n' -t 'Enter for the next' '\n' "$top/doc/demo.sh"
	status 0
	shows tenant-disabled starttls-stripped mx-with-login
	last='doc/demo.sh (on a terminal, Ctrl-C at the first pause)'
	terminal -t 'Enter for the next' '\x03' "$top/doc/demo.sh"
	shows tenant-disabled
	last='doc/demo.sh (no terminal to read from)'
	terminal sh -c 'exec "$1" </dev/null' sh "$top/doc/demo.sh"
	status 0
	out_lacks 'Enter' 'without a keyboard it does not wait'
else
	skip 'the pauses on a terminal' "$no_terminal"
fi
done_testing
