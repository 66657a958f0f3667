#!/bin/sh
# The manual and --help speak of the same options.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

manual=$top/doc/smtpwhy.1
for command in check audit explain headers codes token send diff lint sink lab; do
	run "$command" --help
	sed -n 's/^ \{2,6\}\(-[a-zA-Z0-9], \)\{0,1\}--\([a-z0-9-]*\).*/\2/p' "$scratch/out" | grep -v '^help$' | sort >"$scratch/help"
	awk -v name="$command" '
		/^\.Ss / { on = $2 == name }
		/^\.Sh / { on = 0 }
		on && /^\.It Fl/ { while (match($0, /Fl -[a-z0-9-]+/)) { print substr($0, RSTART + 4, RLENGTH - 4); $0 = substr($0, RSTART + RLENGTH) } }
	' "$manual" | sort >"$scratch/manual"
	[ -s "$scratch/help" ]
	say $? "$command --help has options"
	diff "$scratch/help" "$scratch/manual" >"$scratch/out"
	say $? "$command: the manual has the options of --help, and no others"
	# Short forms, too.
	run "$command" --help
	sed -n 's/^  -\([a-zA-Z0-9]\), --\([a-z0-9-]*\).*/\1 \2/p' "$scratch/out" | grep -v '^h ' | sort >"$scratch/help"
	awk -v name="$command" '
		/^\.Ss / { on = $2 == name }
		/^\.Sh / { on = 0 }
		on && /^\.It Fl [a-zA-Z0-9] / { long = $0; sub(/.*Fl -/, "", long); sub(/ .*/, "", long); print $3, long }
	' "$manual" | sort >"$scratch/manual"
	diff "$scratch/help" "$scratch/manual" >"$scratch/out"
	say $? "$command: ... and their short forms"
done

# What it sends, and how often it logs in, is as the manual says.
awk '/^\.Sh DESCRIPTION/ { on = 1 } /^\.Ss/ { exit } on' "$manual" >"$scratch/out"
out_lacks 'No message is ever sent' 'the manual does not deny that messages are sent'
out_has '.Fl -data' '... and says what sends them: --data'
out_has '.Ic send' '... and send'
run check --lab domain-submission --format json
[ "$(grep -c 'LOGIN is accepted' "$scratch/out")" = 2 ]
say $? 'a login that is accepted is made at each port'
cat >"$scratch/refused.scenario" <<'END'
like      domain-submission
title     The password is wrong
target    contoso.com
expect    wrong-credentials

server smtp.office365.com:587
	login  535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.

server smtp.office365.com:25
	login  535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.
END
run check --lab "$scratch/refused.scenario" --format json
[ "$(grep -c 'skipped_because.*it is not tried again' "$scratch/out")" = 1 ] && [ "$(grep -c '"text": "AUTH LOGIN"' "$scratch/out")" = 1 ]
say $? '... and one that is refused is not tried again at the other port'

if command -v groff >/dev/null; then
	groff -mdoc -Tutf8 -ww -z "$manual" >"$scratch/out" 2>&1
	[ ! -s "$scratch/out" ]
	say $? "groff has nothing to say against the manual"
else
	n=$((n + 1))
	echo "ok $n - groff has nothing to say against the manual # SKIP needs groff"
fi
done_testing
