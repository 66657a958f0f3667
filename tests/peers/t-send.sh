#!/bin/sh
# send: a message through Postfix that is read back byte for byte, and looked for in Dovecot's mailbox.
. "$(dirname "$0")/lib.sh"
in_root postfix
peer_start dns dovecot postfix

box=$peer/postfix/boxes/user
pass=$(secret "$password")
# sends OPTION...: `smtpwhy send`; sets $json, $status and $said (what standard error says).
sends()
{
	run_n=$((${run_n-0} + 1))
	json=$out/$run_n.json
	said=$out/$run_n.err
	timeout 60 "$SMTPWHY" send --yes --format json --ca-file "$peer/pki/root.pem" "$@" >"$json" 2>"$said" </dev/null 3>&-
	status=$?
	printf '%s\nexit %d\n' "smtpwhy send $*" "$status" >"$out/$run_n.cmd"
	! leaks "$pass" "$json" "$said" || ok "no secret is shown: $*" false
	! grep -qE 'Sanitizer|Assertion|runtime error' "$said" || ok "no trouble of its own: $*" false
}
# from_postfix OPTION...: through the submission server, with the login.
from_postfix() { sends smtp.corp.test:587 --user user@corp.test --password-file "$pass" "$@"; }
# eventually COMMAND...: within 10 s
eventually()
{
	for _ in $(seq 200); do
		! "$@" || return 0
		sleep 0.05
	done
	return 1
}
# stored ID: the message with that id, out of the box, without the lines that the servers have added
stored()
{
	python3 - "$box" "$1" <<'END'
import mailbox, sys
for m in mailbox.mbox(sys.argv[1]):
    if m["Message-ID"] == sys.argv[2]:
        for name in "Return-Path", "X-Original-To", "Delivered-To", "Received":
            del m[name]
        sys.stdout.buffer.write(m.as_bytes(unixfrom=False))
        sys.exit(0)
sys.exit(1)
END
}

# --- every login, and what arrives ---
printf '.\n..two\nFrom here\nno end' >"$peer/lines.txt"
head -c 50000 /dev/urandom >"$peer/random.bin"
from_postfix --to user@box.corp.test --subject 'Toner: größer' --attach "$peer/lines.txt" --attach "$peer/random.bin" --size 100k
is 'a message with files is accepted' "$status $(field .status)" '0 accepted'
like '... which was said beforehand' "$(cat "$said")" \
	'*one message from user@corp.test to user@box.corp.test, subject "Toner: größer", 102400 bytes, goes through smtp.corp.test:587, signed in as user@corp.test with a password*'
id=$(field .message_id)
ok '... and is delivered' eventually stored "$id"
stored "$id" >"$out/stored.eml"
# The header's lines and the body are as they were sent: 102400 octets with CRLF.
is '... as large as it was to be' "$(sed 's/$/\r/' "$out/stored.eml" | wc -c)" 102400
is 'its subject, its files and their names' "$(python3 - "$out/stored.eml" "$peer/lines.txt" "$peer/random.bin" <<'END'
import email, email.policy, sys
m = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
print(m["Subject"], m["Auto-Submitted"], m["From"], m["To"], len(m.defects))
for part, path in zip(m.iter_attachments(), sys.argv[2:]):
    print(part.get_filename(), part.get_content() == open(path, "rb").read(), len(part.defects))
END
)" "Toner: größer auto-generated user@corp.test user@box.corp.test 0
lines.txt True 0
random.bin True 0"
for mech in plain login; do
	from_postfix --auth $mech --to user@box.corp.test
	is "AUTH $mech" "$status $(field .status)" '0 accepted'
done
for mech in xoauth2 oauthbearer; do
	sends smtp.corp.test:587 --user user@corp.test --auth $mech --token-file "$(secret "$(token)")" --to user@box.corp.test
	is "AUTH $mech" "$status $(field .status)" '0 accepted'
done
sends ccert.corp.test:25 --client-cert "$peer/pki/client.pem" --client-key "$peer/pki/client.key" --from user@corp.test --to user@box.corp.test
is 'a client certificate in place of a login' "$status $(field .status)" '0 accepted'
sends ccert.corp.test:25 --from user@corp.test --to user@box.corp.test
is '... without it' "$status $(field .status)" '1 refused'
sends --mx --from user@insecure.test --to user@corp.test
is 'to the MX of the recipient' "$status $(field '.status + " " + .endpoint')" '0 accepted mx.corp.test:25'

# --- refused ---
sends smtp.corp.test:587 --user user@corp.test --password-file "$(secret 'Vv3ry-wr0ng')" --to user@box.corp.test
is 'a wrong password' "$status $(field '.status + " " + .diagnosis[0].cause')" '1 refused wrong-credentials'
from_postfix --from boss@corp.test --to user@box.corp.test
is "another's address" "$status $(field '.status + " " + .diagnosis[0].cause')" '1 refused send-as-denied'
sends --mx --from a@insecure.test --to nobody@corp.test
is 'an unknown recipient' "$status $(field '.status + " " + .diagnosis[0].cause')" '1 refused unknown-recipient'
from_postfix --to user@box.corp.test --size 21M
is 'larger than the server takes' "$status $(field '.status + " " + .diagnosis[0].cause + " " + .reply.stage')" '1 refused message-too-large mail'
is '... which it said before the message came' "$(fact smtp.587.data.result)" unknown

# --- is it there? ---
mail=imaps://user@corp.test@post.corp.test
from_postfix --to in@box.corp.test --fetch $mail --fetch-password-file "$pass"
is 'found in the inbox' "$status $(field '.arrival | .state + " " + .folder + " " + (.junk | tostring)')" '0 found INBOX false'
is '... and its header is read' "$(field '.arrival.message.schema')" smtpwhy.headers/1
python3 "$top/tests/cli/json-valid.py" "$top/doc/send.schema.json" <"$json" >"$out/valid" 2>&1
like '... and all of it is as the schema says' "$? $(cat "$out/valid")" '[07]*'
from_postfix --to junk@box.corp.test --fetch imap://user%40corp.test@post.corp.test --fetch-token-file "$(secret "$(token)")"
is 'found in the junk folder, by STARTTLS and a token' "$status $(field '.arrival | .state + " " + .folder + " " + (.junk | tostring)')" '1 found Unwanted true'
is '... with the cause that its header tells' "$(field '.arrival.message.diagnosis[0].cause // "none"')" "$(
	"$SMTPWHY" headers --format json "$peer/dovecot/mail/user@corp.test/.Unwanted/new"/* 2>&1 | jq -r '.diagnosis[0].cause')"
# words OPTION...: the same in words, in one line
words()
{
	timeout 60 "$SMTPWHY" send --yes --ca-file "$peer/pki/root.pem" smtp.corp.test:587 --user user@corp.test --password-file "$pass" \
		--fetch $mail --fetch-password-file "$pass" "$@" 2>&1 </dev/null 3>&- | tr -s ' \n' '  '
}
like '... in words' "$(words --to junk@box.corp.test)" \
	'*Junk Found in the junk folder "Unwanted" of user@corp.test at post.corp.test after *smtp.corp.test:587 accepted it with "250 2.0.0 Ok: queued as *'
from_postfix --to bills@box.corp.test --fetch $mail --fetch-password-file "$pass" --wait 4
is 'found where a rule has put it' "$status $(field '.arrival | .state + " " + .folder')" '0 found Bills'
from_postfix --to user@box.corp.test --fetch $mail --fetch-password-file "$pass" --wait 1
is 'not there in time' "$status $(field '.status + " " + (.arrival | .state + " " + (.folders > 2 | tostring))')" '1 accepted missing true'
like '... which is said, with what to do' "$(words --to user@box.corp.test --wait 1)" \
	'*Missing Not in the mailbox of user@corp.test at post.corp.test within *smtp.corp.test:587 accepted it with "250 *Wait longer: --wait 900*quarantine*queue id*'
is 'nothing is marked as read' "$(find "$peer/dovecot/mail/user@corp.test" -path '*/cur/*:2,*S*' | wc -l)" 0
sent=$(grep -c 'status=sent' "$peer/postfix/log")
# unread TITLE WHY OPTION...: the mailbox can't be read, so nothing is sent.
unread()
{
	title=$1 why=$2
	shift 2
	from_postfix --to in@box.corp.test "$@"
	is "$title: nothing is sent" "$status $(grep -c 'status=sent' "$peer/postfix/log")" "3 $sent"
	like '... and it says why' "$(cat "$said")" "*nothing was sent, because the mailbox can't be read: *$why*"
}
unread 'a wrong password of the mailbox' 'refused the login of user@corp.test: NO *' --fetch $mail --fetch-password-file "$(secret 'Vv3ry-wr0ng')"
unread 'a certificate of another host' 'does not prove that this is 127.0.1.20' --fetch imaps://user@corp.test@127.0.1.20 --fetch-password-file "$pass"
unread 'nothing there' 'cannot connect' --fetch imaps://user@corp.test@post.corp.test:9 --fetch-password-file "$pass"
unread 'no IMAP' 'greeted with' --fetch imap://user@corp.test@smtp.corp.test:587 --fetch-password-file "$pass"
finish
