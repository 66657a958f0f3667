#!/bin/sh
# Tokens that are kept: by a browser sign-in and by a device code, in files for their owner alone; renewed, handed to check, listed, forgotten.
# The lab runs as a program of its own, because nothing of --lab is kept.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

XDG_STATE_HOME=$scratch/state
export XDG_STATE_HOME
unset https_proxy HTTPS_PROXY all_proxy ALL_PROXY
tokens=$scratch/state/smtpwhy/tokens
public=aaaaaaaa-0000-4000-8000-000000000001
mailer=aaaaaaaa-0000-4000-8000-000000000002
sed -n 's/^.*secret=\([^ ]*\).*/\1/p' "$top/data/scenarios/m365.scenario" | head -n 1 >"$scratch/secret"
lab=
trap 'background_end "$lab"; rm -rf "$scratch"' EXIT

# start_lab SCENARIO: $way leads to it.
start_lab()
{
	background_end "$lab"
	background "$scratch/lab" "$scratch/lab" "$SMTPWHY" lab "$1"
	lab=$background
	until_says "$scratch/lab" '^Ctrl-C'
	port=$(sed -n 's/.*login.microsoftonline.com  *port 443 .*127.0.0.1:\([0-9]*\).*/\1/p' "$scratch/lab")
	smtp=$(sed -n 's/.*smtp.office365.com  *port 587 .*127.0.0.1:\([0-9]*\).*/\1/p' "$scratch/lab")
	ca=$(sed -n 's/^ *CA file *//p' "$scratch/lab")
	way="--connect-to login.microsoftonline.com:443:127.0.0.1:$port --ca-file $ca"
}

# No part of a kept token.
no_token()
{
	for file in "$tokens"/*.json; do
		for word in $(sed -n 's/.*"\(access_token\|refresh_token\)": "\([^"]*\)".*/\2/p' "$file" | cut -c1-40); do
			grep -qF -e "$word" "$scratch/out" "$scratch/err" && echo "$word" >>"$scratch/leaked"
		done
	done
	[ ! -s "$scratch/leaked" ]
	say $? "$1: no token in what it says"
	rm -f "$scratch/leaked"
}

start_lab healthy
[ -n "$port" ] && [ -n "$ca" ]
say $? "the lab is there"

run token list
status 0 "nothing is kept"
out_is 'No token is kept.'
[ ! -e "$tokens" ]
say $? "... and no folder is made for looking"
wrong "smtpwhy token: no token is kept; 'smtpwhy token get' gets one" token forget scan@contoso.com

# --- a browser ---

# shellcheck disable=SC2086 # words
if command -v curl >/dev/null; then
	last='token get --flow browser'
	background "$scratch/out" "$scratch/err" "$SMTPWHY" token get $way --client-id $public \
		--flow browser --no-browser --user scan@contoso.com --max-time 60
	until_says "$scratch/err" '^ *https://'
	page=$(sed -n 's/^ *\(https:[^ ]*\).*/\1/p' "$scratch/err")
	back=$(printf '%s' "$page" | sed -n 's/.*localhost%3A\([0-9]*\).*/\1/p')
	case $page in *code_challenge_method=S256*state=* | *state=*code_challenge_method=S256*) true ;; *) false ;; esac
	say $? "the address has a challenge and a state"
	[ "$(curl -m 10 -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$back/favicon.ico")" = 404 ]
	say $? "another request: 404"
	[ "$(curl -m 10 -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$back/?code=stolen&state=guessed")" = 404 ]
	say $? "another state: 404"
	[ "$(curl -m 10 -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$back/?code=a&code=b&state=%zz")" = 404 ]
	say $? "nonsense: 404"
	curl -m 10 -sL --cacert "$ca" --connect-to "login.microsoftonline.com:443:127.0.0.1:$port" "$page" >"$scratch/page"
	grep -q 'Signed in.' "$scratch/page"
	say $? "the browser is told that it is done"
	wait "$background"
	rc=$?
	status 0 "a sign-in in the browser"
	out_has 'kept as            scan@contoso.com/smtp'
	out_has 'smtpwhy check smtp.office365.com --user scan@contoso.com --token-cached scan@contoso.com/smtp'
	no_token "a browser"
	background "$scratch/out" "$scratch/err" "$SMTPWHY" token get $way --client-id $public \
		--flow browser --no-browser --user scan@contoso.com --force --no-cache --max-time 60
	until_says "$scratch/err" '^ *https://'
	back=$(sed -n 's/.*localhost%3A\([0-9]*\).*/\1/p' "$scratch/err")
	state=$(sed -n 's/.*[?&]state=\([^&]*\).*/\1/p' "$scratch/err")
	curl -m 10 -s "http://127.0.0.1:$back/?error=access_denied&error_description=The+user+said+%1b%5b31mno&state=$state" >"$scratch/page"
	wait "$background"
	rc=$?
	grep -q 'Not signed in.' "$scratch/page"
	say $? "a refusal in the browser: the page says so"
	status 1 "... and so does the program"
	out_has 'access_denied'
	out_has 'The user said \x1b[31mno'
else
	skip "a sign-in in the browser" "no curl"
	run token get $way --client-id $public --user scan@contoso.com
	status 0 "a device code instead"
fi

# --- how it is kept ---

[ "$(stat -c %a "$tokens")" = 700 ] && [ "$(stat -c %a "$tokens"/*.json)" = 600 ]
say $? "the folder and the file are for their owner alone"
run token list
status 0
out_has 'scan@contoso.com/smtp'
out_has 'there is a refresh token'
no_token "list"
run token list --format json
valid tokens "list as JSON by its schema"
no_token "list as JSON"

# shellcheck disable=SC2086 # words
{
	run token get --client-id $public --user scan@contoso.com --resolver 127.0.0.1:9
	status 0 "a good one is taken, and nobody is asked"
	out_has 'There is a token, kept from before'
	run token get $way --client-id $public --user scan@contoso.com --flow refresh
	status 0 "renewed from the refresh token"
	out_has ' by                 the refresh token'
	no_token "refresh"
	run token get $way --client-id $public --user scan@contoso.com --flow refresh --force
	out_has ' by                 the refresh token' "--force with --flow refresh renews, too"
	SMTPWHY_NOW=$(($(date +%s) + 3300))
	export SMTPWHY_NOW
	run token get $way --client-id $public --user scan@contoso.com
	status 0 "... also when it is about to end"
	out_has ' by                 the refresh token'
	unset SMTPWHY_NOW
	check="check smtp.office365.com:587 --connect-to smtp.office365.com:587:127.0.0.1:$smtp --user scan@contoso.com --no-progress"
	run $check $way --token-cached scan@contoso.com --only auth.xoauth2 --only token.claims
	sed 's/ *[0-9.]* m\{0,1\}s$//' "$scratch/out" | tr '\n' ' ' | tr -s ' ' >"$scratch/flat"
	grep -qF 'for https://outlook.office.com, SMTP.Send, scan@contoso.com' "$scratch/flat"
	say $? "check takes it"
	no_token "check"
	run token get $way --client-id $mailer --client-secret-file "$scratch/secret" --tenant contoso.com --name scanner
	status 0 "an application's, by a name of its own"
	out_has 'kept as            scanner,'
	wrong "smtpwhy check: no token is kept by the name 'nobody'; there is scan@contoso.com/smtp, scanner" $check --token-cached nobody
	wrong "smtpwhy check: --token-cached and --token-file are both given; which one is it?" $check --token-cached scanner --token-file /dev/null
}

# --- its end ---

ended=$(($(date +%s) + 8000))
# shellcheck disable=SC2086 # words
{
	SMTPWHY_NOW=$ended
	export SMTPWHY_NOW
	wrong "smtpwhy check: the token kept as 'scanner' has ended; the same 'smtpwhy token get' as before gets a new one" $check --token-cached scanner
	unset SMTPWHY_NOW
	cat >"$scratch/dead.scenario" <<'EOF'
like   m365
title  a refresh token that is dead
target smtp.office365.com:587
tenant contoso.com
	refuse refresh_token 700082
EOF
	start_lab "$scratch/dead.scenario"
	run token get $way --client-id $public --user scan@contoso.com --flow refresh
	status 1 "a refresh token that is dead"
	out_has 'AADSTS700082'
	out_has 'it was not used for 90 days'
	no_token "a dead one"
	SMTPWHY_NOW=$ended
	export SMTPWHY_NOW
	run check smtp.office365.com:587 --user scan@contoso.com $way --token-cached scan@contoso.com
	unset SMTPWHY_NOW
	status 2 "... is told by check, too"
	err_is "smtpwhy check: the token kept as 'scan@contoso.com/smtp' has ended, and its refresh token is refused (invalid_grant, AADSTS700082); the same 'smtpwhy token get' as before, with --force, signs in anew"
}

# --- open to others ---

file=$(grep -l '"scan@contoso.com/smtp"' "$tokens"/*.json)
chmod 644 "$file"
run token get --client-id $public --user scan@contoso.com --resolver 127.0.0.1:9
status 2 "a file that others can read is not taken"
err_has "others on this machine have access to '$file' (mode 0644), and tokens are kept in it: chmod 600 it"
err_one_line
chmod 600 "$file"
mv "$file" "$scratch/elsewhere"
ln -s "$scratch/elsewhere" "$file"
run token get --client-id $public --user scan@contoso.com --resolver 127.0.0.1:9
status 2 "a link is not followed"
err_has 'is a link, which is not followed'
rm "$file"
printf '{"schema":"smtpwhy.cached-token/1"' >"$file"
run token get --client-id $public --user scan@contoso.com --resolver 127.0.0.1:9
status 2 "half a file"
err_has 'is damaged; remove it, or get the token again with --force'
mv "$scratch/elsewhere" "$file"
chmod 755 "$tokens"
wrong "smtpwhy token: others on this machine have access to '$tokens' (mode 0755), and tokens are kept in it: chmod 700 it, and get new tokens if somebody may have looked" token list
chmod 700 "$tokens"

# --- forgotten ---

wrong "smtpwhy token: which one? 'smtpwhy token list' tells what is kept; --all forgets all" token forget
run token forget scan@contoso.com
status 0 "forget"
[ ! -e "$file" ]
say $? "... and it is gone"
# Whatever state they are in: open to others, damaged, half written, a link, half removed.
kept() { printf '{\n  "schema": "smtpwhy.cached-token/1",\n  "name": "%s",\n  "for": "smtp",\n  "access_token": "made-up-%s"\n}\n' "$1" "$1"; }
damage()
{
	kept open/smtp >"$tokens/1111.json"
	chmod 644 "$tokens/1111.json"
	kept half/smtp | head -c 60 >"$tokens/2222.json"
	: >"$tokens/3333.json"
	kept left/smtp >"$tokens/.4444.json.4711"
	ln -sf "$scratch/elsewhere" "$tokens/5555.json"
	kept good/smtp >"$tokens/6666.json"
	chmod 600 "$tokens/6666.json"
	echo mine >"$tokens/notes.txt"
}
run token forget --all
status 0 "forget all"
damage
run token forget half
status 0 "a damaged one is forgotten by its name"
out_has 'Forgotten: 1.'
[ ! -e "$tokens/2222.json" ]
say $? "... and is gone"
run token forget 3333.json
status 0 "... or by the name of its file"
[ ! -e "$tokens/3333.json" ]
say $? "... and is gone"
run token forget open/smtp
[ ! -e "$tokens/1111.json" ]
say $? "one that others can read is forgotten by its name"
run token forget nobody
status 2 "a name that none has"
damage
mkdir "$tokens/7777.json"
run token forget --all
status 3 "forget all, and one cannot be removed"
out_has 'Forgotten: 6.'
err_is "smtpwhy token: cannot remove '$tokens/7777.json': Is a directory"
[ "$(ls -A "$tokens" | grep -v '^lock$')" = "$(printf '7777.json\nnotes.txt')" ]
say $? "... everything else that was kept is gone, and nothing else"
rmdir "$tokens/7777.json"
damage
chmod 755 "$tokens"
run token forget --all
status 0 "forget all, in a folder that others may look into"
out_has 'Forgotten: 6.'
chmod 700 "$tokens"
run token forget --all
status 0 "nothing to forget"
out_has 'Forgotten: 0.'
run token list
out_is 'No token is kept.'
done_testing
