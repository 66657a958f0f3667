#!/bin/sh
# Tokens from a service nobody here wrote that knows the device code (RFC 8628): Debian's Glewlwyd. Client credentials, device code with a
# person who takes a while, and refresh. Whether a token is the service's own is seen by its signature, with OpenSSL.
. "$(dirname "$0")/lib.sh"
in_root glewlwyd

d=$peer/glewlwyd
mkdir -p "$d"
sqlite3 "$d/db" </usr/share/dbconfig-common/data/glewlwyd/install/sqlite3
sed -e '/glewlwyd-db.conf/d' -e 's|^log_mode=.*|log_mode="console"|' -e '/^external_url=/d' /etc/glewlwyd/glewlwyd.conf >"$d/conf"
# What it tells people is https; the test itself goes to the loopback.
cat >>"$d/conf" <<X
database = { type = "sqlite3"; path = "$d/db"; };
external_url = "https://login.corp.test/";
X
background "$d/log" "$d/log" glewlwyd --config-file="$d/conf"
listening 4593
api=http://127.0.0.1:4593/api

# call COOKIES METHOD PATH JSON: its administration, and what a person's browser does.
call() { curl -m 10 -s -b "$1" -c "$1" -X "$2" -H 'Content-Type: application/json' -d "$4" "$api$3" >>"$d/answers"; }

openssl genrsa -out "$d/key.pem" 2048 2>/dev/null
openssl rsa -in "$d/key.pem" -pubout -out "$d/public.pem" 2>/dev/null
call "$d/admin" POST /auth/ '{"username":"admin","password":"password"}'
call "$d/admin" POST /scope/ '{"name":"mail","display_name":"mail","password_required":true}'
call "$d/admin" POST /user/ '{"username":"user@corp.test","name":"u","email":"user@corp.test","password":"Made-up-password-1","enabled":true,
	"scope":["mail","g_profile"]}'
call "$d/admin" POST /mod/plugin/ "$(jq -n --rawfile k "$d/key.pem" --rawfile p "$d/public.pem" '{module: "oidc", name: "o", display_name: "o",
	enabled: true, parameters: {iss: "https://login.corp.test/api/o", "jwt-type": "rsa", "jwt-key-size": "256", key: $k, cert: $p,
	"code-duration": 600, "refresh-token-duration": 3600, "access-token-duration": 300, "allow-non-oidc": true, "auth-type-client-enabled": true,
	"auth-type-refresh-enabled": true, "auth-type-device-enabled": true, "device-authorization-expiration": 600,
	"device-authorization-interval": 1}}')"
call "$d/admin" POST /client/ '{"client_id":"phone","name":"phone","confidential":false,
	"authorization_type":["device_authorization","refresh_token"],"enabled":true,"scope":[]}'
call "$d/admin" POST /client/ '{"client_id":"scanner","name":"scanner","confidential":true,"password":"made-up-client-key-4711",
	"client_secret":"made-up-client-key-4711","authorization_type":["client_credentials"],"enabled":true,"scope":["mail"],
	"token_endpoint_auth_method":["client_secret_post"]}'

XDG_STATE_HOME=$peer/state
export XDG_STATE_HOME

# get FILE OPTION...: a token into FILE; the report is in $json.
get()
{
	file=$1
	shift
	run_n=$((${run_n-0} + 1))
	json=$out/$run_n.json
	timeout 30 "$SMTPWHY" token get --format json --token-url $api/o/token --device-url $api/o/device_authorization --scope mail --token-out "$file" "$@" \
		>"$json" 2>"$out/$run_n.err" </dev/null 3>&-
	status=$?
}

# Is the token in FILE signed with the service's key?
signed()
{
	tr -d '\n' <"$1" | cut -d. -f1,2 | tr -d '\n' >"$d/said"
	tr -d '\n' <"$1" | cut -d. -f3 | tr '_-' '/+' | awk '{ while (length($0) % 4) $0 = $0 "="; print }' | base64 -d >"$d/signature" 2>/dev/null
	openssl dgst -sha256 -verify "$d/public.pem" -signature "$d/signature" "$d/said" >/dev/null 2>&1
}

SMTPWHY_CLIENT_SECRET=made-up-client-key-4711
export SMTPWHY_CLIENT_SECRET
get "$peer/secret.app" --flow client-credentials --client-id scanner
is 'client credentials: a token is issued' $status 0
ok "... by the service's own hand" signed "$peer/secret.app"
SMTPWHY_CLIENT_SECRET=wrong
get "$peer/none" --no-cache --flow client-credentials --client-id scanner
# It says 403 and no more, where RFC 6749, 5.2 has an error in JSON: that is told as it is.
is 'a wrong secret: no token' "$status $([ -e "$peer/none" ] && echo written)" '3 '
ok '... and what came instead' grep -q 'it answers 403, and nothing else' "$json"
unset SMTPWHY_CLIENT_SECRET

# agree MESSAGES: a person who reads the code there, signs in and agrees, but not before the service
# was asked in vain.
agree()
{
	until_says "$1" 'the code [A-Za-z0-9-]' && until_says "$1" 'o/token: 400' || return
	code=$(grep -o 'the code [A-Za-z0-9-]*' "$1" | head -n 1 | cut -d' ' -f3)
	call "$d/person" POST /auth/ '{"username":"user@corp.test","password":"Made-up-password-1"}'
	call "$d/person" PUT /auth/grant/phone '{"scope":"mail"}'
	curl -m 10 -s -o /dev/null -b "$d/person" -c "$d/person" "$api/o/device?code=$code&g_continue"
}
agree "$out/$((run_n + 1)).err" 3>&- &
get "$peer/secret.person" --trace http --flow device --client-id phone --name person
is 'a device code: a token, once the person has agreed' $status 0
ok "... by the service's own hand" signed "$peer/secret.person"
ok '... and not before: it was asked in vain first' grep -q 'o/token: 400' "$out/$run_n.err"
cp "$peer/secret.person" "$peer/secret.first"
# Another second: a token that says the same of the same second is the same token.
sleep 1.1
get "$peer/secret.person" --flow refresh --client-id phone --name person
is 'refresh: a token, and nobody signs in' $status 0
ok "... by the service's own hand" signed "$peer/secret.person"
ok '... and another one' sh -c "! cmp -s '$peer/secret.person' '$peer/secret.first'"
finish
