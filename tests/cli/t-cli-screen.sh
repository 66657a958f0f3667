#!/bin/sh
# The last screen: of every scenario the end of the report, on a terminal of 80 columns and 24 lines, has the headline, who can do
# it, and the first step; what stands above may be gone.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

# What it says is listened to by t-scenarios.
SMTPWHY=${OVERHEAR_PROGRAM:-$SMTPWHY}

# screen FILE: its last 23 lines as a terminal of 80 columns shows them (the 24th has the prompt).
screen() { fold -w 80 "$1" | tail -n 23; }

# lacks NAME: what the end of its report does not say.
lacks()
{
	"$SMTPWHY" check --lab "$1" --no-progress >"$scratch/$1.out" 2>"$scratch/$1.err" </dev/null
	screen "$scratch/$1.out" >"$scratch/$1.screen"
	if ! grep -qE '^(Why|Maybe) ' "$scratch/$1.out"; then
		grep -qE '^(Good|Unknown) ' "$scratch/$1.screen" || echo "no verdict"
		return
	fi
	grep -qE '^(Why|Maybe) ' "$scratch/$1.screen" || echo "no headline"
	grep -q '^Who ' "$scratch/$1.screen" || echo "not who"
	! grep -q '^Fix ' "$scratch/$1.out" || grep -q '^Fix ' "$scratch/$1.screen" || echo "no step"
}

look() { lacks "$1" >"$scratch/$1.result"; }

count=0
for file in "$top"/data/scenarios/*.scenario; do
	grep -q '^target' "$file" || continue
	name=$(basename "$file" .scenario)
	look "$name" &
	count=$((count + 1))
	[ $((count % 8)) != 0 ] || wait
done
wait
for file in "$scratch"/*.result; do
	name=$(basename "$file" .result)
	last="smtpwhy check --lab $name"
	cp "$scratch/$name.out" "$scratch/out"
	cp "$scratch/$name.err" "$scratch/err"
	rc=0
	[ ! -s "$file" ]
	say $? "$name: the last screen has the verdict" "$(cat "$file")"
done

# What is known exactly leads, not its cause in general.
headline()	# SCENARIO HEADLINE
{
	last="smtpwhy check --lab $1"
	cp "$scratch/$1.out" "$scratch/out"
	tr '\n' ' ' <"$scratch/$1.screen" | sed 's/  */ /g' | grep -qF "Why $2"
	say $? "$1: the headline is the exact one" "$2"
}
headline bare-user 'The user name must be the full address: name@domain.'
headline acs-mailbox-user 'Azure Communication Services does not know this user name.'
headline dns-hijacked 'smtp.office365.com resolves to a private address in this network.'
headline hve-outside 'High Volume Email does not deliver to recipients outside the tenant.'
headline personal-switched-off 'SMTP sending is switched off for this personal Outlook.com account.'
headline admin-change-under-way 'SMTP AUTH is switched on, but the server does not apply it yet.'
out_lacks 'Tick "Authenticated SMTP"' 'what is on already is not told to be switched on'
done_testing
