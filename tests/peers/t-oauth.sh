#!/bin/sh
# Tokens from a service nobody here wrote (Django OAuth Toolkit), by client credentials, authorization code with PKCE, and refresh; Dovecot
# asks that service about each of them.
. "$(dirname "$0")/lib.sh"
in_root oauth

mkdir -p "$peer/oauth"
background "$peer/oauth/log" "$peer/oauth/log" "$here/oauth/server" "$peer/oauth"
peer_start dns dovecot postfix
listening 8080
fill "$here/oauth/oauth2.conf" >"$peer/dovecot/oauth2.conf"
quietly doveadm -c "$peer/dovecot/dovecot.conf" reload

service=http://127.0.0.1:8080/o
XDG_STATE_HOME=$peer/state
SMTPWHY_CLIENT_SECRET=made-up-client-key-4711
export XDG_STATE_HOME SMTPWHY_CLIENT_SECRET

# get FILE OPTION...: a token into FILE; the report is in $json.
get()
{
	file=$1
	shift
	run_n=$((${run_n-0} + 1))
	json=$out/$run_n.json
	rm -f "$file"
	timeout 20 "$SMTPWHY" token get --format json --token-url $service/token/ --auth-url $service/authorize/ --scope mail --token-out "$file" "$@" \
		>"$json" 2>"$out/$run_n.err" </dev/null 3>&-
	status=$?
}

secret=$(mktemp "$peer/secret.XXXXXX")
get "$secret" --flow client-credentials --client-id scan@corp.test
is 'client credentials: a token is issued' $status 0
for mech in xoauth2 oauthbearer; do
	ask post.corp.test:587 --auth $mech --user scan@corp.test --token-file "$secret"
	checks_are "... and Dovecot takes it by $mech" "auth.$mech pass"
	ask post.corp.test:587 --auth $mech --user user@corp.test --token-file "$secret"
	checks_are "... for its own name alone" "auth.$mech fail"
done

SMTPWHY_CLIENT_SECRET=wrong
get "$peer/none" --no-cache --flow client-credentials --client-id scan@corp.test
is 'a wrong secret: refused' "$status $([ -e "$peer/none" ] && echo written)" '1 '
ok '... and so named' grep -q 'oauth-client-credentials-invalid' "$json"

# visit MESSAGES: somebody's browser takes the address that is told there, and follows it back.
unset SMTPWHY_CLIENT_SECRET
signed=$(mktemp "$peer/secret.XXXXXX")
visit()
{
	until_says "$1" "$service/authorize/" || return
	url=$(grep -o "$service/authorize/[^ ]*" "$1" | tail -n 1)
	python3 -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1]).read()' "$url" >"$peer/oauth/visit.log" 2>&1
}
visit "$out/$((run_n + 1)).err" 3>&- &
get "$signed" --flow browser --no-browser --redirect-port 8765 --client-id user@corp.test --user user@corp.test --name signed
is 'authorization code with PKCE: a token is issued' $status 0
ask post.corp.test:587 --auth xoauth2 --user user@corp.test --token-file "$signed"
checks_are '... and Dovecot takes it' 'auth.xoauth2 pass'

again=$(mktemp "$peer/secret.XXXXXX")
get "$again" --flow refresh --client-id user@corp.test --user user@corp.test --name signed
is 'refresh: another token is issued' "$status $(cmp -s "$signed" "$again" && echo same)" '0 '
ask post.corp.test:587 --auth oauthbearer --user user@corp.test --token-file "$again"
checks_are '... and Dovecot takes it' 'auth.oauthbearer pass'
ask post.corp.test:587 --auth oauthbearer --user user@corp.test --token-file "$signed"
checks_are '... and the one before it no more' 'auth.oauthbearer fail'
finish
