#!/bin/sh
# send: one message by Microsoft Graph: said beforehand, taken or refused, and where to look; and check --via graph, which sends nothing.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

send() { run send --via graph --to someone@example.org "$@"; }

send --lab graph-fit
status 0 "a message that is taken"
err_is 'smtpwhy send: one message from scan@contoso.com to someone@example.org, subject "Test message of smtpwhy", goes by graph.microsoft.com with a token; this is the lab, which delivers nothing'
out_has '202: Graph has taken the message'
out_has 'Sent Items of scan@contoso.com'
out_has 'Message trace'

send --lab graph-fit --subject 'Toner is low' --format json
status 0 "... as JSON"
err_has 'subject "Toner is low"'
out_has '"status": "accepted"'
out_has '"http_status": 202'
valid send "... as its schema says"

send --lab graph-send-as --format json
status 1 "a From that the mailbox has no right to"
out_has '"status": "refused"'
out_has '"error_code": "ErrorSendAsDenied"'
out_has '"cause": "send-as-denied"'
valid send "... as its schema says"

send --lab graph-no-mailbox
status 1 "a mailbox that is none"
out_has 'MailboxNotEnabledForRESTAPI'
out_lacks 'Sent Items'

printf 'eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.Made-Up-Claims-4711.Made-Up-Signature-4712\n' >"$scratch/token"
send --lab graph-fit --token-file "$scratch/token" --format json
status 1 "what is no token is not sent anywhere"
out_has '"status": "not-sent"'
out_lacks 'Made-Up'
valid send "... as its schema says"

wrong "smtpwhy send: who is to get the message? Give --to ADDRESS" send --via graph
wrong "smtpwhy send: --to: 'nobody' is no mail address" send --via graph --to nobody
wrong "smtpwhy send: cannot read the token from '/nonexistent': No such file or directory" send --yes --via graph --to a@example.org --token-file /nonexistent
wrong "smtpwhy send: --token-cached and --token-file are both given; which one is it?" send --via graph --to a@example.org --lab graph-fit \
	--token-cached x --token-file y
wrong "smtpwhy send: --subject: control characters are in it" send --via graph --to a@example.org --lab graph-fit --subject "$(printf 'a\r\nBcc: b')"
wrong "smtpwhy send: --subject is 256 bytes long; it can have 255" send --via graph --to a@example.org --lab graph-fit \
	--subject "$(printf %0256d 1)"
wrong "smtpwhy send: --user: control characters are in it" send --via graph --to a@example.org --lab graph-fit --user "$(printf 'a\033@example.org')"
wrong "smtpwhy send: 'x' is too much: the mailbox is --user, who gets the message --to" send --via graph --to a@example.org x
wrong 'smtpwhy send: --mx, --attach, --size, --client-cert and --auth are for SMTP, not for --via graph' send --via graph --to a@example.org --size 10k
wrong 'smtpwhy send: nothing is sent unasked: there is no terminal to ask on, so say --yes' send --via graph --to a@example.org
wrong "smtpwhy send: --cloud: 'moon' is no cloud with Microsoft Graph; it is one of worldwide gcch dod 21v personal" \
	send --via graph --to a@example.org --cloud moon --lab graph-fit

run check --lab graph-fit
status 0 "check asks Graph where Graph is the target"
out_has 'nothing was sent'
run check smtp.example.org --via graph --token-file "$scratch/token"
status 2 "Graph is asked about a mailbox, not about a server"
err_has "--via graph asks Microsoft Graph, not 'smtp.example.org': give the mailbox as target"
done_testing
