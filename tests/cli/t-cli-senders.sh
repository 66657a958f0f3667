#!/bin/sh
# check --from-list: as whom may a login send? Refusals at each step, sessions that end, and what the refused ones need.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

# senders ADDRESS...: the file.
senders() { printf '%s\n' "$@" >"$scratch/senders"; }

# verdicts: "from verdict stage" of each row, one a line.
verdicts()
{
	run check --lab "$1" --from-list "$scratch/senders" --format json --no-progress ${2-} ${3-} ${4-}
	valid report "$1: the JSON is as its schema says"
	python3 -c '
import json, sys
for row in json.load(sys.stdin)["senders"]["rows"]:
    print(row["from"], row["verdict"], row["stage"])' <"$scratch/out" >"$scratch/verdicts"
}
are() { [ "$(cat "$scratch/verdicts")" = "$2" ]; say $? "$1" "$2; got: $(cat "$scratch/verdicts")"; }

# scenario NAME BASE TARGET: a scenario from standard input.
scenario() { { printf 'like      %s\ntitle     %s\ntarget    %s\n\nserver %s\n' "$2" "$1" "$3" "$3"; cat; } >"$scratch/$1.scenario"; }

senders '# wanted' scan@contoso.com billing@contoso.com news@fabrikam.com "o'hara@contoso.com"
verdicts send-as-denied-after-dot --to office@contoso.com --data
status 1
are 'Microsoft 365 says it after the message' 'scan@contoso.com accepted data
billing@contoso.com refused data
news@fabrikam.com refused data
o'"'"'hara@contoso.com refused data'
err_has 'up to 4 messages, one from each of the list, are sent to office@contoso.com'
run check --lab send-as-denied-after-dot --from-list "$scratch/senders" --to office@contoso.com --data --no-progress
out_has 'Add-RecipientPermission -Identity billing@contoso.com -Trustee scan@contoso.com -AccessRights SendAs'
out_has 'Set-OrganizationConfig -SendFromAliasEnabled $true'
out_has 'Get-AcceptedDomain -Identity fabrikam.com'
out_has "-Identity 'o''hara@contoso.com' -Trustee" 'a quote in an address does not end the word of a command'

verdicts healthy
status 3 'what is not known is no success'
are 'without a message nothing is known there' 'scan@contoso.com open rcpt
billing@contoso.com open rcpt
news@fabrikam.com open rcpt
o'"'"'hara@contoso.com open rcpt'
out_lacks '"text": "DATA"' 'and none is sent'
err_empty

senders a@example.com b@example.com c@example.com d@example.com
scenario at-mail company mail.example.com:587 <<'END'
	mail <b@example.com>  550 5.7.1 <b@example.com>: Sender address rejected: not owned by user app@example.com
	mail  250 2.1.0 Ok
END
verdicts "$scratch/at-mail.scenario" --to office@example.com
are 'refused at MAIL FROM' 'a@example.com accepted rcpt
b@example.com refused mail
c@example.com accepted rcpt
d@example.com accepted rcpt'
out_has 'smtpd_sender_login_maps' 'elsewhere the administrator of the server decides'
out_lacks 'Add-RecipientPermission' '... and no command of Exchange'
run check --lab "$scratch/at-mail.scenario" --from-list "$scratch/senders" --to office@example.com -v --no-progress
[ "$(grep -c 'C: RSET' "$scratch/out")" = 4 ]
say $? 'a RSET after each'
[ "$(grep -c 'C: AUTH' "$scratch/out")" = 1 ]
say $? 'one login'

# A server that hangs up after the second refusal: one more session, one more login.
scenario drops company mail.example.com:587 <<'END'
	mail <b@example.com>  550 5.7.1 <b@example.com>: Sender address rejected: not owned by user app@example.com
	      drop
	mail  250 2.1.0 Ok
END
verdicts "$scratch/drops.scenario" --to office@example.com
are 'the rest is asked in a second session' 'a@example.com accepted rcpt
b@example.com refused mail
c@example.com accepted rcpt
d@example.com accepted rcpt'
out_has 'the server ended the session after 2 of 4 senders'
[ "$(grep -c '"text": "AUTH' "$scratch/out")" = 2 ]
say $? 'two logins with a secret that was good, no more'

scenario always company mail.example.com:587 <<'END'
	mail <a@example.com>  250 2.1.0 Ok
	mail  421 4.7.0 Error: too many errors
	      drop
END
verdicts "$scratch/always.scenario" --to office@example.com
status 3
are 'a server that ends the second one, too, is left alone' 'a@example.com accepted rcpt
b@example.com untested None
c@example.com untested None
d@example.com untested None'
out_has 'it ended the second one, too'
[ "$(grep -c '"text": "AUTH' "$scratch/out")" = 2 ]
say $? 'two logins, no third'

scenario later company mail.example.com:587 <<'END'
	mail <c@example.com>  452 4.3.1 Insufficient system storage
	mail  250 2.1.0 Ok
	accepted <b@example.com>  drop
END
verdicts "$scratch/later.scenario" --to office@example.com --data
are 'for later, and nobody knows' 'a@example.com accepted data
b@example.com untested data
c@example.com untested mail
d@example.com accepted data'
out_has 'it may be delivered all the same'
[ "$(grep -c 'a message of' "$scratch/out")" = 3 ]
say $? 'the message nobody answered for is not sent again'

# Too many refusals get a mailbox held back: no reason to go on.
scenario held m365 smtp.office365.com:587 <<'END'
	accepted <a@example.com>  554 5.2.252 SendAsDenied; {user} not allowed to send as {from}
	accepted  550 5.2.252 Sender throttled due to continuous send as denied errors. [{trailer}]
END
verdicts "$scratch/held.scenario" --to office@contoso.com --data
are 'the rest is left alone when the mailbox is held back' 'a@example.com refused data
b@example.com untested data
c@example.com untested None
d@example.com untested None'
out_has 'holds the mailbox back'

run check --lab wrong-password --from-list "$scratch/senders" --no-progress
status 1
out_lacks 'may send as' 'without a login nobody is asked'

# The file
printf 'a@example.com\n\nnobody\n' >"$scratch/senders"
wrong "smtpwhy check: --from-list: '$scratch/senders': line 3: not a valid mail address (6 characters)" check --lab healthy --from-list "$scratch/senders"
wrong "smtpwhy check: --from-list: '$scratch/none': it cannot be opened: No such file or directory" check --lab healthy --from-list "$scratch/none"
wrong 'smtpwhy check: --from-list is about what a login may do and needs --user NAME' check smtp.example.com --from-list "$scratch/senders"
done_testing
