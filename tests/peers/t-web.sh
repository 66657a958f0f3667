#!/bin/sh
# Are the lab's web servers what they play? Asked with tools nobody here wrote: curl, OpenSSL, jq, and PyJWT as a resource server would.
. "$(dirname "$0")/lib.sh"
in_root web

login=https://login.microsoftonline.com graph=https://graph.microsoft.com exo=https://outlook.office365.com
tenant=11111111-2222-3333-4444-555555555555
app=aaaaaaaa-0000-4000-8000-00000000000
secret='made-up~Secret.value+of/the=app'

# lab SCENARIO: starts it in place of the one before; $ways leads curl there.
lab()
{
	background_end
	background "$out/lab.$1" "$out/lab.$1" "$SMTPWHY" lab "$1"
	until_says "$out/lab.$1" Ctrl-C || bail "the lab did not start: $1"
	ca=$(sed -n 's/^ *CA file *//p' "$out/lab.$1")
	ways=$(grep -o -e '--connect-to [^ ]*' "$out/lab.$1" | tr '\n' ' ')
}

# web ARG...: curl, with our authority, to our servers.
# shellcheck disable=SC2086
web() { curl --silent --show-error --max-time 3 --cacert "$ca" $ways "$@" 2>"$out/curl.err"; }
token() { web --data-urlencode "scope=$1" -d "$2" "$login/$tenant/oauth2/v2.0/token"; }
by_secret() { token "$1" "grant_type=client_credentials&client_id=$app${2:-2}&client_secret=$(printf %s "${3-$secret}" | jq -sRr @uri)"; }
b64url() { base64 -w 0 | tr '+/' '-_' | tr -d '='; }

# assertion ALG SECONDS: signed by OpenSSL with the key of tests/data/app.
assertion()
{
	now=$(date +%s) data=$top/tests/data/app url=$login/$tenant/oauth2/v2.0/token
	x5t=$(openssl x509 -in "$data/certificate.pem" -outform DER | openssl dgst -sha256 -binary | b64url)
	body=$(printf '{"alg":"%s","typ":"JWT","x5t#S256":"%s"}' "$1" "$x5t" | b64url).$(printf \
		'{"aud":"%s","iss":"%s3","sub":"%s3","jti":"%s","nbf":%s,"exp":%s}' "$url" $app $app "$now" "$now" $((now + $2)) | b64url)
	case $1 in
	PS256) set -- -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 ;;
	*) set -- ;;
	esac
	printf '%s.%s' "$body" "$(printf %s "$body" | openssl dgst -sha256 -sign "$data/key.pem" "$@" -binary | b64url)"
}
by_certificate()
{
	token https://outlook.office365.com/.default "grant_type=client_credentials&client_id=${app}3&client_assertion=$1&client_assertion_type=$(
		)urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
}

lab healthy
is 'the OpenID configuration' "$(web "$login/contoso.com/v2.0/.well-known/openid-configuration" | jq -r .issuer)" "$login/$tenant/v2.0"
is 'HEAD has no body and the right length' "$(web -I "$login/common/discovery/keys" | grep -ci '^content-length: [1-9]')" 1
is 'several requests in one connection' "$(web -w '%{num_connects} ' -o /dev/null "$login/common/discovery/keys" -o /dev/null \
	"$login/common/discovery/keys")" '1 0 '

# A resource server's view of a token.
by_secret https://outlook.office365.com/.default | jq -r .access_token >"$out/token"
web "$login/$tenant/discovery/v2.0/keys" >"$out/keys.json"
cat >"$out/verify.py" <<-'END'
	import json, sys, jwt
	token = open(sys.argv[1]).read().strip()
	keys = {k["kid"]: jwt.algorithms.RSAAlgorithm.from_jwk(json.dumps(k)) for k in json.load(open(sys.argv[2]))["keys"]}
	claims = jwt.decode(token, keys[jwt.get_unverified_header(token)["kid"]], algorithms=["RS256"], audience=sys.argv[3])
	print(claims["tid"], claims["roles"][0], claims["exp"] - claims["iat"])
END
is 'PyJWT takes the signature and the claims' "$(python3 "$out/verify.py" "$out/token" "$out/keys.json" https://outlook.office365.com 2>&1)" \
	"$tenant SMTP.SendAsApp 3599"
like 'and not for another audience' "$(python3 "$out/verify.py" "$out/token" "$out/keys.json" https://graph.microsoft.com 2>&1)" \
	'*InvalidAudienceError*'

for alg in RS256 PS256; do
	is "an assertion that OpenSSL signed: $alg" "$(by_certificate "$(assertion $alg 500)" | jq -r .token_type)" Bearer
done
is 'one that is valid for too long' "$(by_certificate "$(assertion PS256 5000)" | jq .error_codes[0])" 700024
is 'one that says another algorithm' "$(by_certificate "$(assertion RS256 500 | sed 's/^[^.]*/eyJhbGciOiJQUzI1NiJ9/')" | jq .error_codes[0])" 700027
is 'a secret whose + was not encoded' "$(token https://outlook.office365.com/.default \
	"grant_type=client_credentials&client_id=${app}2&client_secret=$secret" | jq .error_codes[0])" 7000215

read_token=$(by_secret $graph/.default 5 made-up-reader | jq -r .access_token)
is 'the sign-in log' "$(web -G -H "Authorization: Bearer $read_token" --data-urlencode "\$filter=clientAppUsed eq 'Authenticated SMTP'" \
	$graph/v1.0/auditLogs/signIns | jq -r '.value[0].userPrincipalName')" scan@contoso.com
exo_token=$(by_secret https://outlook.office365.com/.default 5 made-up-reader | jq -r .access_token)
is 'a cmdlet' "$(web -H "Authorization: Bearer $exo_token" --json '{"CmdletInput":{"CmdletName":"Get-TransportConfig","Parameters":{}}}' \
	"$exo/adminapi/beta/$tenant/InvokeCommand" | jq '.value[0].SmtpClientAuthenticationDisabled')" true

# Faults, by curl's exit status: 18 = cut, 28 = time, 35 = TLS, 52 = nothing, 56 = torn or no chunk, 60 = certificate, 1 = no HTTP.
for f in hangs:28 half:18 cut:52 bad-chunk:56 not-http:1 certificate:60 redirects:0 html:0 large:0 empty:0; do
	lab "oauth-${f%:*}"
	by_secret https://outlook.office365.com/.default >"$out/answer"
	is "curl at a token service: ${f%:*}" $? "${f#*:}"
	[ "$f" != large:0 ] || is 'ten megabytes are ten megabytes' "$(wc -c <"$out/answer")" 10000019
done
lab oauth-busy
web --retry 3 -o "$out/answer" -w '%{http_code}' -d "grant_type=client_credentials&client_id=${app}2&scope=https%3A%2F%2Foutlook.office365.com%2F.default" \
	--data-urlencode "client_secret=$secret" "$login/$tenant/oauth2/v2.0/token" --max-time 20 >"$out/status"
is 'a service that is busy twice, by curl --retry' "$(cat "$out/status") $(jq -r .token_type "$out/answer")" '200 Bearer'
background_end
finish
