#!/bin/sh
# token get against the lab's token services: each way to a token, what is told before anybody is asked, why there is none, and every fault
# of a service. No secret is in what it says.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

XDG_STATE_HOME=$scratch/state
export XDG_STATE_HOME
unset SMTPWHY_CLIENT_SECRET https_proxy HTTPS_PROXY all_proxy ALL_PROXY
public=aaaaaaaa-0000-4000-8000-000000000001
mailer=aaaaaaaa-0000-4000-8000-000000000002
certified=aaaaaaaa-0000-4000-8000-000000000003
pipeline=aaaaaaaa-0000-4000-8000-000000000004
secret=$(sed -n 's/^.*secret=\([^ ]*\).*/\1/p' "$top/data/scenarios/m365.scenario" | head -n 1)
[ -n "$secret" ]
say $? "the lab's secret is known to this test"
printf '%s\n' "$secret" >"$scratch/secret"
printf 'Wrong-Secret-4711\n' >"$scratch/wrong"
cp "$top/tests/data/app/key.pem" "$scratch/key.pem"
cert=$top/tests/data/app/certificate.pem
get="token get --lab healthy --tenant contoso.com"
url() { base64 -w0 | tr '+/' '-_' | tr -d '='; }

# No secret, no token, nothing of an assertion.
no_secret()
{
	for word in "$secret" Wrong-Secret-4711 eyJ PRIVATE made-up-device-code; do
		grep -qF -e "$word" "$scratch/out" "$scratch/err" && echo "$word" >>"$scratch/leaked"
	done
	[ ! -s "$scratch/leaked" ]
	say $? "$1: no secret in what it says"
	rm -f "$scratch/leaked"
}

# says WORDS: in the output, however its lines are wrapped.
says()
{
	tr '\n' ' ' <"$scratch/out" | tr -s ' ' >"$scratch/flat"
	grep -qF -e "$1" "$scratch/flat"
	say $? "${2:-$last: says '$1'}" "$1"
}

# --- the ways to a token ---

# shellcheck disable=SC2086 # words
{
	run $get --client-id $mailer --client-secret-file "$scratch/secret" --user scan@contoso.com
	status 0 "client credentials with a secret"
	err_empty
	out_has ' by                 the application'"'"'s secret'
	out_has ' scope              https://outlook.office365.com/.default'
	says 'Nothing in the token speaks against sending by SMTP with it.'
	says 'New-ServicePrincipal -AppId aaaaaaaa-0000-4000-8000-000000000002 -ObjectId cccccccc-0000-4000-8000-000000000002'
	no_secret "a secret"
	run $get --client-id $mailer --client-secret-command "cat '$scratch/secret'" --format json
	status 0 "a secret from a command"
	valid token "... as JSON by its schema"
	out_has '"outcome": "token"'
	out_lacks '"token": ' "... without the token"
	no_secret "as JSON"
	run token get --lab healthy --client-id $mailer --client-secret-file "$scratch/secret" --user scan@contoso.com
	status 0 "the tenant is that of the mailbox's domain"
	out_has 'tenant contoso.com'
	SMTPWHY_CLIENT_SECRET=$secret "$SMTPWHY" $get --client-id $mailer >"$scratch/out" 2>"$scratch/err"
	rc=$?
	status 0 "a secret from the environment"
	run $get --client-id $mailer --client-secret-file "$scratch/secret" --for graph
	status 0 "a token for Graph"
	out_has 'https://graph.microsoft.com/.default'
	run $get --client-id $mailer --client-secret-file "$scratch/secret" --trace all
	status 0 "with a trace"
	no_secret "a trace"
	run $get --client-id $certified --client-key "$scratch/key.pem" --client-cert "$cert" --format json
	status 0 "a certificate, PS256"
	out_has '"proof": "certificate"'
	no_secret "a certificate"
	run $get --client-id $certified --client-key "$scratch/key.pem" --client-cert "$cert" --algorithm RS256
	status 0 "a certificate, RS256"
	assertion="$(printf '{"alg":"RS256","typ":"JWT","kid":"k"}' | url).$(printf '{"iss":"https://token.actions.githubusercontent.com","sub":"repo:contoso/mailer:ref:refs/heads/main","aud":"api://AzureADTokenExchange","exp":%s,"nbf":1700000000}' "$(($(date +%s) + 3600))" | url).$(printf 'made-up-signature-made-up-signature' | url)"
	printf '%s' "$assertion" >"$scratch/assertion"
	run $get --client-id $pipeline --assertion-file "$scratch/assertion"
	status 0 "a federated credential"
	no_secret "a federated credential"
	run $get --client-id $public --user scan@contoso.com
	status 0 "a device code"
	grep -qE '^To sign in as scan@contoso.com, open https://microsoft.com/devicelogin and enter the code [A-Z0-9]+ within 15 minutes.$' "$scratch/err"
	say $? "... which is told"
	says 'a refresh token came with it'
	no_secret "a device code"
}

# --- the token itself, where somebody wants it ---

# shellcheck disable=SC2086 # words
{
	run $get --client-id $mailer --client-secret-file "$scratch/secret" --show
	status 0 "--show"
	[ "$(wc -l <"$scratch/out")" = 1 ] && grep -qE '^eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$' "$scratch/out"
	say $? "... the token alone on standard output"
	err_has 'Got a token'
	run $get --client-id $mailer --client-secret-file "$scratch/secret" --show --format json
	valid token "--show as JSON"
	out_has '"token": "eyJ'
	umask 022
	run $get --client-id $mailer --client-secret-file "$scratch/secret" --token-out "$scratch/token"
	run $get --client-id $mailer --client-secret-file "$scratch/secret" --show -o "$scratch/shown"
	[ "$(stat -c %a "$scratch/shown")" = 600 ]
	say $? "--show into a file: for its owner alone"
	run $get --client-id $mailer --client-secret-file "$scratch/secret" --token-out "$scratch/token"
	umask 077
	status 0 "--token-out"
	[ "$(stat -c %a "$scratch/token")" = 600 ] && grep -qE '^eyJ' "$scratch/token"
	say $? "... a file for its owner alone"
	no_secret "--token-out"
	run token inspect --token-file "$scratch/token" --host smtp.office365.com
	status 0 "... which is a token"
	out="$get --client-id $mailer --client-secret-file $scratch/secret --token-out"
	echo old >"$scratch/linked"
	ln "$scratch/linked" "$scratch/other"
	exec 7<"$scratch/linked"
	run $out "$scratch/linked"
	[ "$(cat "$scratch/other")" = old ] && [ "$(cat <&7)" = old ] && grep -q '^eyJ' "$scratch/linked"
	say $? "--token-out: another name of the file, and who had it open, see nothing"
	exec 7<&-
	[ "$(find "$scratch" -name 'linked*' | wc -l)" = 1 ]
	say $? "... and nothing is left over"
	ln -s "$scratch/other" "$scratch/link"
	run $out "$scratch/link"
	status 3 "--token-out: a link"
	err_has "cannot write the token to '$scratch/link': it is a link, which is not followed"
	[ "$(cat "$scratch/other")" = old ]
	say $? "... and nothing is written where it leads"
	run $out "$scratch"
	err_has "cannot write the token to '$scratch': Is a directory"
	if [ "$(id -u)" = 0 ]; then
		echo theirs >"$scratch/theirs"
		chown 65534 "$scratch/theirs"
		run $out "$scratch/theirs"
		status 3 "--token-out: a file of somebody else"
		err_has "cannot write the token to '$scratch/theirs': it belongs to somebody else (user 65534)"
		[ "$(cat "$scratch/theirs")" = theirs ]
		say $? "... and it stays as it was"
	else
		skip '--token-out: a file of somebody else' 'only root can make one'
	fi
}

# --- told before anybody is asked ---

wrong "smtpwhy token: client credentials need something that proves who the application is: --client-secret-file, --client-key or --assertion-file" \
	token get --flow client-credentials --client-id x
wrong "smtpwhy token: --client-cert needs the private key that belongs to it, too: --client-key FILE" token get --client-id x --client-cert "$cert"
wrong "smtpwhy token: a client secret, a certificate and an assertion are ways to prove the same; give one of them" \
	token get --client-id x --client-key "$scratch/key.pem" --client-secret-file "$scratch/secret"
wrong "smtpwhy token: Microsoft wants to know which certificate the key belongs to: give it with --client-cert" \
	token get --client-id x --tenant contoso.com --client-key "$scratch/key.pem"
wrong "smtpwhy token: --cloud: 'moon' is not known; it is one of worldwide gcch dod 21v personal google" token get --client-id x --cloud moon
wrong "smtpwhy token: --token-url: 'http://login.example/token' does not begin with https://, and a secret goes there" \
	token get --client-id x --token-url http://login.example/token
for url in https://u:Url-Passw0rd@login.example/token u:Url-Passw0rd@login.example https:/u:Url-Passw0rd@login.example/ \
	'https://login.example\@u:Url-Passw0rd@x/'; do
	for option in token-url device-url auth-url; do
		wrong "smtpwhy token: --$option has a user name or password before the host, and everyone on this machine can read a command line; give a secret by --client-secret-file" \
			token get --client-id x --token-url https://login.example/ --trace all --$option "$url"
	done
	wrong "smtpwhy token: --proxy has a user name or password before the host, and everyone on this machine can read a command line; give the proxy in the environment (https_proxy)" \
		token get --client-id x --trace all --proxy "$url"
done
wrong "smtpwhy token: a device code needs the address where it is given out: --device-url URL" token get --client-id x --token-url https://login.example/token
wrong "smtpwhy token: --tenant: 'a/b' is neither the id of a tenant nor a domain of it" token get --client-id x --tenant a/b
wrong "smtpwhy token: --redirect-port: '0' is no port: 1 to 65535" token get --client-id x --redirect-port 0
wrong "smtpwhy token: --for exo: there is nothing of the kind in Google" token get --client-id x --cloud google --for exo
wrong "smtpwhy token: cannot read the client secret from '/nonexistent/s': No such file or directory" token get --client-id x --client-secret-file /nonexistent/s
wrong "smtpwhy token: no refresh token is kept for this request; sign in with --flow device or --flow browser" token get --client-id x --flow refresh
printf 'x\n' >"$scratch/no-key"
wrong "smtpwhy token: '$scratch/no-key': there is no private key in it (PEM, DER, PKCS#12, or the JSON file of a Google service account)" \
	token get --client-id x --client-key "$scratch/no-key"
run token get --client-secret x
status 2 "--client-secret is refused"
err_has 'there is no --client-secret: everyone on this machine can read a command line'
run token get
status 2 "no application"
err_has 'smtpwhy token: which application asks? Give --client-id ID'
err_has 'Entra admin center > Entra ID > App registrations > New registration'
run token get --cloud google
err_has 'Google Cloud console > APIs & Services > Credentials'
SMTPWHY_NOW=9999999999 "$SMTPWHY" token get --client-id x --tenant contoso.com --client-key "$scratch/key.pem" --client-cert "$cert" >"$scratch/out" 2>"$scratch/err"
rc=$?
status 2 "an expired certificate"
err_has 'the certificate has expired at 2126-10-28'
cp "$scratch/secret" "$scratch/open"
chmod 644 "$scratch/open"
# shellcheck disable=SC2086 # words
run $get --client-id $mailer --client-secret-file "$scratch/open"
status 0 "a secret in a file that others can read: told, and taken"
err_is "smtpwhy token: warning: others on this machine can read the client secret in '$scratch/open' (mode 0644); chmod 600 it"

# lint FINDING ARG...: one line, and nobody is asked.
lint()
{
	finding=$1
	shift
	run token get --client-id x --resolver 127.0.0.1:9 "$@"
	status 2 "$finding stops it"
	err_has "smtpwhy token: $finding: "
	err_has 'Instead: '
	err_one_line
}
lint scope.graph-audience --scope 'SMTP.Send offline_access'
lint scope.not-default --client-secret-file "$scratch/secret" --tenant contoso.com --scope https://outlook.office365.com/SMTP.SendAsApp
lint scope.no-tenant --client-secret-file "$scratch/secret"
lint scope.no-tenant --client-secret-file "$scratch/secret" --tenant common
lint scope.personal-app --client-secret-file "$scratch/secret" --cloud personal
lint scope.other-cloud --cloud gcch --scope https://outlook.office.com/SMTP.Send --scope offline_access
lint scope.google-device --cloud google --flow device
# shellcheck disable=SC2086 # words
run $get --client-id $public --user scan@contoso.com --scope https://outlook.office.com/SMTP.Send
status 0 "a warning does not stop it"
out_has 'scope.no-refresh: '
# shellcheck disable=SC2086 # words
run $get --client-id $mailer --client-secret-file "$scratch/secret" --scope https://graph.microsoft.com/.default --force-scope
status 0 "--force-scope asks, and the token is judged"
says 'The OAuth token was issued for another service'

# --- refused ---

# shellcheck disable=SC2086 # words
{
	run $get --client-id $mailer --client-secret-file "$scratch/wrong"
	status 1 "a wrong secret"
	says 'The client secret is wrong.'
	out_has 'answered with the number AADSTS7000215'
	says 'Make a new client secret and copy its Value'
	out_has 'correlation id '
	no_secret "a wrong secret"
	run $get --client-id $mailer --client-secret-file "$scratch/wrong" --format json
	status 1 "... as JSON"
	valid token "... by its schema"
	out_has '"outcome": "refused"'
	out_has '7000215'
	run $get --client-id $mailer --client-key "$scratch/key.pem" --client-cert "$cert"
	status 1 "another application's certificate"
	out_has 'AADSTS700027'
}

# What is signed by a clock that is wrong is refused, and signed again by the service's.
printf 'like m365\ntitle a clock\ntarget smtp.office365.com:587\ntenant contoso.com\n\tclock ahead 1800s\n' >"$scratch/clock.scenario"
run token get --lab "$scratch/clock.scenario" --tenant contoso.com --client-id $certified --client-key "$scratch/key.pem" --client-cert "$cert"
status 0 "this machine's clock is half an hour behind: a certificate works all the same"
out_has 'The clock of this machine is wrong.'

# --- Google, and others ---

python3 - "$scratch/key.pem" >"$scratch/google.json" 2>/dev/null <<'EOF' || sed 's/$/\\n/' "$scratch/key.pem" | tr -d '\n' | sed 's/.*/{"client_email":"robot@project.iam.example","private_key_id":"k1","private_key":"&"}/' >"$scratch/google.json"
import json, sys
print(json.dumps({"client_email": "robot@project.iam.example", "private_key_id": "k1", "private_key": open(sys.argv[1]).read()}))
EOF
others="--lab $top/tests/cli/data/token-google.scenario"
# shellcheck disable=SC2086 # words
{
	run token get $others --cloud google --client-key "$scratch/google.json" --user scan@contoso.com
	status 0 "a service account at Google"
	out_has ' application        robot@project.iam.example'
	says "by the service account's key"
	out_lacks ya29 "... without the token"
	run token get $others --cloud google --client-key "$scratch/google.json" --user scan@contoso.com --format json
	valid token "... as JSON by its schema"
	out_has '"proof": "service-account"'
	run token get $others --provider google --flow client-credentials --client-id nobody --client-secret-file "$scratch/secret"
	status 2 "an OAuth client of Google alone is no application"
	err_has 'at Google an application alone is a service account: give its JSON file with --client-key'
	printf 'a+b/=~&c' >"$scratch/odd"
	run token get $others --token-url https://login.example/token --client-id me --client-secret-file "$scratch/odd" --scope mail --scope send
	status 0 "another service; + / = ~ and & of the secret arrive"
	run token get $others --token-url https://login.example/token --client-id me --client-secret-file "$scratch/odd" --scope other
	status 1 "... which refuses a scope"
	says 'The service does not know the scope'
}

# --- a service that misbehaves ---

faults="token get --lab $top/tests/cli/data/token-faults.scenario --client-id $mailer --client-secret-file $scratch/secret --timeout 3 --max-time 6"
# fault TENANT STATUS WORDS
fault()
{
	# shellcheck disable=SC2086 # words
	run $faults --tenant "$1.test"
	status "$2" "$1: exit status $2"
	says "$3" "$1: $3"
	no_secret "$1"
}
fault redirect 3 'it answers 302 and sends us to https://elsewhere.example/token?x=1; that is not followed'
fault hangs 3 'in time'
fault html 3 'it answers 200 with a web page, not with JSON'
fault large 3 'the answer is longer than'
fault half 3 'the answer ends in the middle'
fault cut 3 'its answer is no JSON, or ends in the middle'
fault empty 3 'it answers 200, and nothing else'
fault neither 3 'neither a token nor an error'
fault deep 3 'nested deeper'
fault twice 3 'its answer is no JSON'
fault mac 3 'its token_type is not Bearer'
fault blank 3 'has bytes in it that no token has'
fault not-http 3 'No token: the service could not be asked'
fault missing 3 'it answers 404, and no reason that can be read'
fault busy 0 'Got a token'
fault broken 1 'The token service has a fault of its own.'
fault unknown 1 'AADSTS99999123 is not in our table; https://login.microsoftonline.com/error?code=99999123'
! grep -q "$(printf '\033')" "$scratch/out"
say $? "... and its escape sequences stay words"
fault word 1 'the error "flux_capacitor", which no standard knows'
fault lies 1 'The client secret has expired.'
! grep -q 'User name or password is wrong' "$scratch/out"
say $? "... whatever its text says"
fault clock 1 'The clock of this machine is wrong'
fault objects 1 'PERMISSION_DENIED'

# shellcheck disable=SC2086 # words
{
	device="token get --lab $top/tests/cli/data/token-faults.scenario --client-id $public --timeout 3"
	run $device --tenant device.test
	status 1 "a device code: pending, cut off, busy, then declined"
	err_has 'open https://login.example/device and enter the code AB-CD within 60 seconds'
	says 'Nobody has consented to this application yet'
	no_secret "a device code"
	run $device --tenant http.test
	status 3 "a page without TLS is not opened"
	says 'not https://'
	run $device --tenant short.test
	status 1 "nobody entered the code"
	says 'Nobody has finished the sign-in in time.'
}
run token get --client-id x --tenant contoso.com --client-secret-file "$scratch/secret" --no-cache --connect-to login.microsoftonline.com:443:127.0.0.1:1 --max-time 2
status 3 "nobody there"
out_has 'No token: the service could not be asked'
says 'name the proxy with --proxy'
no_secret "nobody there"
done_testing
