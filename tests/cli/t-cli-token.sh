#!/bin/sh
# token inspect: what it is, what is wrong with it, exit statuses; and never a byte of the token itself.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

tenant=11111111-2222-3333-4444-555555555555
app=aaaaaaaa-0000-4000-8000-000000000001
object=bbbbbbbb-0000-4000-8000-000000000002
marks='Made-Up-Nonce-4711 Made-Up-Session-4712 Made-Up-Signature-4713'
SMTPWHY_NOW=1900000000
export SMTPWHY_NOW

# Base64 for URLs, and a token of these claims.
url() { base64 -w0 | tr '+/' '-_' | tr -d '='; }
signature=$(i=0; while [ $i -lt 15 ]; do printf 'Made-Up-Signature-4713'; i=$((i + 1)); done | url)
token() { printf '%s.%s.%s' "$(printf '{"typ":"JWT","alg":"RS256","nonce":"Made-Up-Nonce-4711"}' | url)" "$(printf '%s' "$1" | url)" "$signature"; }
common="\"iss\":\"https://sts.windows.net/$tenant/\",\"tid\":\"$tenant\",\"exp\":2000000000,\"nbf\":1700000000,\"nonce\":\"Made-Up-Nonce-4711\",\"sid\":\"Made-Up-Session-4712\""
ids="\"appid\":\"$app\",\"oid\":\"$object\""
of_user="\"aud\":\"https://outlook.office.com\",\"scp\":\"SMTP.Send\",\"upn\":\"scan@contoso.com\",$ids,$common"
of_app="\"aud\":\"https://outlook.office365.com\",\"roles\":[\"SMTP.SendAsApp\"],\"idtyp\":\"app\",$ids,$common"
token "{$of_user}" >"$scratch/user"
token "{$of_app}" >"$scratch/app"
printf '%s\n' "$(cat "$scratch/user")" >"$scratch/line"
printf 'user=scan@contoso.com\001auth=Bearer %s\001\001' "$(cat "$scratch/user")" | base64 -w0 >"$scratch/string"

# Whatever was printed, nothing of the token is in it: neither its parts, nor what stands in them and is not told.
no_secret()
{
	for mark in $marks "$(printf '%s' "$signature" | cut -c1-24)" "$(cut -d. -f2 "$1" | cut -c1-24)" "$(cut -c1-24 "$1")"; do
		grep -qF -e "$mark" "$scratch/out" "$scratch/err" && echo "$mark" >>"$scratch/leaked"
	done
	[ ! -s "$scratch/leaked" ]
	say $? "$2: not a byte of the token"
	rm -f "$scratch/leaked"
}

at="--host smtp.office365.com --user scan@contoso.com"
# shellcheck disable=SC2086 # words
{
	run token inspect --token-file "$scratch/user" $at --tenant $tenant
	status 0 "a token that is fit"
	err_empty
	out_has 'Nothing in the token speaks against sending by SMTP with it.'
	out_has ' scp                SMTP.Send'
	out_has '2033-05-18T03:33:20Z (in 3 years)'
	out_has 'The signature was not checked; the server does that.'
	no_secret "$scratch/user" "a fit one"
	cp "$scratch/out" "$scratch/fit"
	run token inspect --token-file "$scratch/line" $at --tenant $tenant
	cmp -s "$scratch/out" "$scratch/fit"
	say $? "a line end behind it does not count"
	run token inspect --token-command "cat '$scratch/user'" $at --tenant $tenant
	cmp -s "$scratch/out" "$scratch/fit"
	say $? "a token from a command"
	run token inspect --token-file "$scratch/user" --host SMTP.office365.com:587 --user scan@contoso.com --tenant $tenant
	cmp -s "$scratch/out" "$scratch/fit"
	say $? "a host with a port"
	last="token inspect --token-file -"
	"$SMTPWHY" token inspect --token-file - $at --tenant $tenant <"$scratch/user" >"$scratch/out" 2>"$scratch/err"
	cmp -s "$scratch/out" "$scratch/fit"
	say $? "a token on standard input"
	last="SMTPWHY_TOKEN=... token inspect"
	SMTPWHY_TOKEN=$(cat "$scratch/user") "$SMTPWHY" token inspect $at --tenant $tenant >"$scratch/out" 2>"$scratch/err"
	cmp -s "$scratch/out" "$scratch/fit"
	say $? "a token in the environment"

	run token inspect --token-file "$scratch/app" $at
	status 0 "an application's token that is fit"
	out_has "New-ServicePrincipal -AppId $app -ObjectId $object -DisplayName NAME" "the commands have the token's own ids"
	out_has "Add-MailboxPermission -Identity scan@contoso.com -User $object -AccessRights FullAccess"
	no_secret "$scratch/app" "an application's"

	# kind TITLE STATUS KIND CAUSE TOKEN: as data, which is as the schema says.
	kind()
	{
		printf '%s' "$5" >"$scratch/token"
		run token inspect --token-file "$scratch/token" $at --format json
		status "$2" "$1"
		valid token "... its JSON is as its schema says"
		out_has "\"kind\": \"$3\"" "... it is of kind $3"
		[ -z "$4" ] || out_has "\"cause\": \"$4\"" "... the cause is $4"
		no_secret "$scratch/token" "... $1"
	}
	kind 'a fit one' 0 access '' "$(cat "$scratch/user")"
	kind 'for Graph' 1 access oauth-wrong-audience "$(token "{\"aud\":\"00000003-0000-0000-c000-000000000000\",\"scp\":\"SMTP.Send\",$ids,$common}")"
	kind 'no SMTP.Send' 1 access oauth-missing-scope "$(token "{\"aud\":\"https://outlook.office.com\",\"scp\":\"IMAP.AccessAsUser.All\",$ids,$common}")"
	kind 'expired' 1 access oauth-token-expired "$(token "{\"aud\":\"https://outlook.office.com\",\"scp\":\"SMTP.Send\",\"exp\":1899999000}")"
	kind 'an ID token' 1 id oauth-token-malformed "$(token "{\"aud\":\"$app\",\"nonce\":\"Made-Up-Nonce-4711\"}")"
	kind 'a refresh token' 1 refresh oauth-token-malformed "0.AXoAMade-Up-Session-4712.AgABAAEAAAD-Made-Up-Signature-4713"
	kind 'a personal account' 3 opaque '' "EwBAAl3BMade-Up-Session-4712-Made-Up-Signature-4713"
	kind 'encrypted' 3 opaque '' "$(printf '{"alg":"RSA-OAEP"}' | url).Made-Up-Session-4712.b.c.Made-Up-Signature-4713"
	kind 'of Google at Microsoft' 1 google oauth-wrong-audience "ya29.Made-Up-Session-4712-Made-Up-Signature-4713"
	kind 'cut' 1 unknown oauth-token-malformed "$(head -c 200 "$scratch/user")"
	kind 'a claim twice' 1 unknown oauth-token-malformed "$(token '{"aud":"Made-Up-Session-4712","aud":"x"}')"
	kind 'deep JSON' 1 unknown oauth-token-malformed "$(token "{\"a\":$(head -c 9000 /dev/zero | tr '\0' '[')}")"
	kind 'with control characters in a claim' 1 access oauth-wrong-audience "$(token "{\"aud\":\"\\u001b]0;x\\u0007\\u202e\",\"scp\":\"SMTP.Send\"}")"
	run token inspect --token-file "$scratch/token" $at
	LC_ALL=C tr -d '\n -~\200-\377' <"$scratch/out" >"$scratch/control"
	[ ! -s "$scratch/control" ]
	say $? "no control characters in the text"

	kind_file=$scratch/string
	run token inspect --blob-file "$kind_file" --host smtp.office365.com --format json
	status 0 "a login string that is as it has to be"
	valid token "... its JSON is as its schema says"
	out_has '"kind": "xoauth2-blob"'
	out_has '"login_user": "scan@contoso.com"'
	no_secret "$kind_file" "... it"
	no_secret "$scratch/user" "... nor its token"
	printf 'user=scan%%40contoso.com\001auth=bearer %s\001' "$(cat "$scratch/user")" | base64 >"$scratch/bad"
	run token inspect --blob-file "$scratch/bad" --host smtp.office365.com
	status 1 "a login string that is not"
	out_has 'it has 2 bytes 0x01'
	out_has '%40 in place of @'
	no_secret "$scratch/user" "... it"
	printf 'user=scan@contoso.comauth=Bearer %s\001\001' "$(cat "$scratch/user")" | base64 -w0 >"$scratch/glued"
	run token inspect --blob-file "$scratch/glued" --host smtp.office365.com --format json
	status 1 "one without the separator behind the user"
	no_secret "$scratch/user" "... whose token stands in the user's place"
	printf 'user=%s\001auth=Bearer scan@contoso.com\001\001' "$(cat "$scratch/user")" | base64 -w0 >"$scratch/swapped"
	run token inspect --blob-file "$scratch/swapped" --host smtp.office365.com
	status 1 "user and token swapped"
	no_secret "$scratch/user" "... it"
	base64 -d "$scratch/bad" >"$scratch/raw"
	run token inspect --blob-file "$scratch/raw"
	status 1 "one that was not encoded"
	out_has 'it was not encoded'
	no_secret "$scratch/user" "... it"
}

# The check of the same name needs no server for it.
run check 127.0.0.1:9 --provider m365 --user scan@contoso.com --token-file "$scratch/app" --only token.claims --no-progress
status 0 "check --only token.claims"
out_has "SMTP.SendAsApp, the"
out_lacks "port 9" "... and nothing is dialled"
no_secret "$scratch/app" "... it"
run check --lab healthy --format json --no-progress
out_lacks '"token.claims"' "without a token there is no such check"

wrong "smtpwhy token: there is 'smtpwhy token inspect', which says what is in a token and what is wrong with it, and 'smtpwhy token get', which gets one" token
wrong "smtpwhy token: there is 'smtpwhy token inspect', get, list and forget" token Made-Up-Session-4712
wrong "smtpwhy token: a token does not belong on the command line, which everyone on this machine can read; use --token-file" token inspect Made-Up-Session-4712
run token inspect --token Made-Up-Session-4712
status 2 "--token is refused"
out_lacks Made-Up-Session-4712 "... and its value not repeated"
wrong "smtpwhy token: where is the token? Give --token-file FILE, --token-command COMMAND, --blob-file FILE, or SMTPWHY_TOKEN" token inspect
wrong "smtpwhy token: --blob-file and --token-file are both given; which one is it?" token inspect --blob-file x --token-file y
wrong "smtpwhy token: --token-file and --token-command are both given; which one holds it?" token inspect --token-file x --token-command y
wrong "smtpwhy token: --tenant: 'contoso.com' is no tenant id, which looks like $tenant" token inspect --token-file x --tenant contoso.com
wrong "smtpwhy token: cannot read the token from '/nonexistent/token': No such file or directory" token inspect --token-file /nonexistent/token
wrong "smtpwhy token: the login string from '/dev/null' is empty" token inspect --blob-file /dev/null
head -c 100000 /dev/zero | tr '\0' e >"$scratch/big"
wrong "smtpwhy token: cannot read the token from '$scratch/big': it is longer than 65536 bytes" token inspect --token-file "$scratch/big"
wrong "smtpwhy token: cannot read the login string from '$scratch/big': it is longer than 65536 bytes" token inspect --blob-file "$scratch/big"
done_testing
