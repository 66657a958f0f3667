#!/bin/sh
# demo - a tour: three senders whose mail does not go out, each for another reason, and what smtpwhy says. Nothing leaves this machine:
# servers and DNS are simulated (doc/scenarios.md).
#
#	make demo, or ./bootstrap demo		SMTPWHY=... doc/demo.sh
#
# On a terminal it waits for Enter before the next part; elsewhere it never waits.

set -u
smtpwhy=${SMTPWHY:-smtpwhy}
color=never
strong=
plain=
if [ -t 1 ] && [ -z "${NO_COLOR-}" ] && [ "${TERM-dumb}" != dumb ]; then
	color=always
	strong=$(printf '\033[1m')
	plain=$(printf '\033[0m')
fi

# next: waits until the reader is ready for another screen.
next()
{
	[ -t 0 ] && [ -t 1 ] || return 0
	printf '\n%s-- Enter for the next one, Ctrl-C to leave --%s' "$strong" "$plain"
	read -r _ || echo
}

# show SCENARIO SENTENCE...: the sentence, the command, and what comes of it.
show()
{
	scenario=$1
	shift
	printf '\n%s\n' "$*" | fold -s -w 78
	printf '\n%s$ smtpwhy check --lab %s%s\n\n' "$strong" "$scenario" "$plain"
	"$smtpwhy" check --lab "$scenario" --color $color --no-progress
	status=$?
	# 0 and 1 are answers; anything else is no tour.
	[ $status -le 1 ] || exit $status
}

show tenant-disabled 'A scanner that sent mail for years stopped on Monday. The panel says "login failed", and everybody' \
	'suspects the password. It was never looked at:'
next
show starttls-stripped 'A program works at home and not in the office. Host, port and password are the same. Something in' \
	'between rewrites what the server says:'
next
show mx-with-login 'Somebody looked up the mail host of the domain, put it into an application together with a user name,' \
	'and no mechanism fits. The host is right, for another purpose:'

cat <<END

More of them: $smtpwhy lab --list
A reply, a log line or a bounce that you have at hand: $smtpwhy explain 'TEXT'
The real thing: $smtpwhy check smtp.office365.com --user you@your.domain
END
