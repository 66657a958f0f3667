#!/bin/sh
# Servers that repeat a secret, in any spelling and at any step: what listens to the program (tests/overhear) hears nothing of it.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

if [ -z "${OVERHEAR_PROGRAM-}" ]; then
	echo '1..0 # SKIP nobody listens: run it by make check'
	exit 0
fi
OVERHEAR_DIR=$scratch/heard
export OVERHEAR_DIR
mkdir "$OVERHEAR_DIR"
unset SMTPWHY_CLIENT_SECRET https_proxy HTTPS_PROXY all_proxy ALL_PROXY
secret='Sup3r/S3cret+Passw0rd~Zq9xKv7w'
printf '%s' "$secret" >"$scratch/secret"

# heard_nothing TITLE ARG...: runs it, and nobody hears a secret.
heard_nothing()
{
	title=$1
	shift
	rm -f "$OVERHEAR_DIR"/leak-* "$OVERHEAR_DIR/runs"
	run "$@"
	grep -q '^[1-9][0-9]* secrets' "$OVERHEAR_DIR/runs" && [ ! -e "$(echo "$OVERHEAR_DIR"/leak-*)" ]
	say $? "$title" "$(cat "$OVERHEAR_DIR"/leak-* 2>/dev/null)"
	cat "$scratch/out" "$scratch/err" >>"$scratch/all"
}

# The listener itself: it has to hear this.
cat >"$scratch/loud" <<EOF
#!/bin/sh
echo 'xx3cret+Passxx'
EOF
chmod +x "$scratch/loud"
OVERHEAR_PROGRAM=$scratch/loud "$SMTPWHY" check --password-file "$scratch/secret" >/dev/null
[ -e "$(echo "$OVERHEAR_DIR"/leak-*)" ]
say $? "eight bytes of a secret are heard"

spellings='{response} x{response} {response/from_24} {secret} {secret/from_1} {secret/first_9} {secret/from_20} {secret/upper} {secret/base64}
	{secret/url} {secret/from_3/base64} {secret/hex} {secret/percent} {secret/json} {response/base64} {secret/json/base64} {response/json}
	{secret/percent/base64} {secret/base64/percent}'
spelt() { printf '%s' "$1" | tr _ ' '; }

# smtp MECHANISM LINE...: a server with these lines, for a client that knows the wrong secret.
smtp()
{
	cat <<EOF
like      company
title     what it was sent comes back
target    mail.example.com:587
user      scan@example.com
password  $([ "$1" = XOAUTH2 ] || echo "$secret")
token     $([ "$1" != XOAUTH2 ] || echo "$secret")
right-password $([ "${RIGHT-}" ] && echo "$secret" || echo Quz7-Vexil.0815)
options   --from scan@example.com --to tom@example.com

server mail.example.com:587
	offers-tls PIPELINING, ENHANCEDSTATUSCODES, SIZE 52428800, AUTH $1
EOF
	shift
	for line; do
		printf '	%s\n' "$line"
	done
}

# A reply that has all spellings in it, a line each.
all_of() # CODE
{
	for one in $spellings; do
		printf '%s-%s\n		' "$1" "$(spelt "$one")"
	done
	printf '%s end' "$1"
}

lab="check --lab $scratch/echo.scenario --no-progress -v --trace all"
# shellcheck disable=SC2086 # words
{
	for one in $spellings; do
		smtp PLAIN "login-wrong 535 5.7.8 Cannot decode \"$(spelt "$one")\", sorry" >"$scratch/echo.scenario"
		heard_nothing "$one in the refusal" $lab
	done
	out_has 'sorry' '... of which the rest is told'
	smtp PLAIN "login-wrong $(all_of 535)" >"$scratch/echo.scenario"
	heard_nothing 'all of them in one reply' $lab
	heard_nothing '... as JSON' $lab --format json
	smtp PLAIN 'login-wrong 535-5.7.8 {response/first 7}' '	535-5.7.8 {response/from 7/first 7}' '	535-5.7.8 {response/from 14/first 7}' \
		'	535-5.7.8 {response/from 21/first 7}' '	535-5.7.8 {response/from 28/first 7}' '	535-5.7.8 {response/from 35/first 7}' \
		'	535 5.7.8 {response/from 42}' >"$scratch/echo.scenario"
	heard_nothing 'cut over many lines' $lab
	smtp PLAIN 'login-wrong send {response}\r\n' >"$scratch/echo.scenario"
	heard_nothing 'a line that is no reply' $lab
	smtp PLAIN 'login-wrong send 535-{secret}\r\n535-5.7' '	drop' >"$scratch/echo.scenario"
	heard_nothing 'a reply that is cut off' $lab
	smtp PLAIN 'login-wrong send 535-{secret}\r\n' '	silent' 'pace 0ms' >"$scratch/echo.scenario"
	heard_nothing 'a reply that does not end' $lab --timeout 1
	smtp PLAIN "auth-initial $(all_of 504)" "login-wrong $(all_of 535)" >"$scratch/echo.scenario"
	heard_nothing 'before the second form of AUTH' $lab
	smtp LOGIN 'prompt-password 334 {response}' "login-wrong $(all_of 535)" >"$scratch/echo.scenario"
	heard_nothing 'AUTH LOGIN' $lab
	smtp XOAUTH2 'challenge {"status":"{secret}","schemes":"{secret/json}","scope":"{secret/base64}"}' "login-wrong $(all_of 535)" \
		>"$scratch/echo.scenario"
	heard_nothing 'a challenge' $lab
	smtp XOAUTH2 'challenge {response}' "login-wrong $(all_of 535)" >"$scratch/echo.scenario"
	heard_nothing 'a challenge that is no JSON' $lab
	RIGHT=yes
	smtp PLAIN "login $(all_of 235)" >"$scratch/echo.scenario"
	heard_nothing 'the login is accepted' $lab
	smtp PLAIN "mail $(all_of 550)" >"$scratch/echo.scenario"
	heard_nothing 'the sender is refused' $lab
	smtp PLAIN "rcpt $(all_of 550)" "rset $(all_of 250)" >"$scratch/echo.scenario"
	heard_nothing 'the recipient is refused' $lab
	smtp PLAIN "accepted $(all_of 250)" "quit $(all_of 221)" >"$scratch/echo.scenario"
	heard_nothing 'the message is accepted' $lab --data
	RIGHT=
}
grep -qF 'scan@example.com' "$scratch/all" && grep -qF '***' "$scratch/all"
say $? 'names stay, and stars show where something was'

# --- HTTP ---

# web LINE...: a token service with these lines.
web()
{
	printf 'title what it was sent comes back\ntarget login.example.net:443\n\nserver login.example.net:443\n	speaks http\n'
	for line; do
		printf '	%s\n' "$line"
	done
}

get="token get --lab $scratch/web.scenario --no-cache --client-id printers --token-url https://login.example.net/token --scope mail --force-scope -v --trace all"
get="$get --flow client-credentials --client-secret-file $scratch/secret"
# shellcheck disable=SC2086 # words
{
	for one in $spellings {body}; do
		case $one in *response*) continue ;; esac
		one=$(spelt "$one")
		web "post </token> 401 {\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: '$one'\",\"error_codes\":[7000215]}" \
			>"$scratch/web.scenario"
		heard_nothing "$one in the words of a token service" $get
	done
	out_has '7000215' '... of which the rest is told'
	for member in error suberror correlation_id trace_id timestamp claims; do
		web "post </token> 400 {\"error\":\"invalid_client\",\"$member\":\"{secret/json}\"}" >"$scratch/web.scenario"
		heard_nothing "in its $member" $get
		heard_nothing '... as JSON' $get --format json
	done
	web 'post </token> header request-id: {secret}' '	header WWW-Authenticate: Bearer error="{secret/percent}"' \
		'	400 {"error":"invalid_client"}' >"$scratch/web.scenario"
	heard_nothing 'in header fields' $get
	web 'post </token> header Location: https://elsewhere.example/?{body}' '	302' >"$scratch/web.scenario"
	heard_nothing 'in a redirect' $get
	web 'post </token> 400 <html>{body}</html>' >"$scratch/web.scenario"
	heard_nothing 'in a web page' $get
	web 'post </token> send {body}\r\n\r\n' >"$scratch/web.scenario"
	heard_nothing 'in what is no HTTP' $get
	printf 'like m365\ntarget smtp.office365.com:587\noptions --graph\n\nserver graph.microsoft.com:443\n' >"$scratch/graph.scenario"
	# shellcheck disable=SC2016 # for the lab
	printf '	request <*> 403 {"error":{"code":"{secret/json}","message":"{secret} {secret/percent} {secret/base64}"}}\n' >>"$scratch/graph.scenario"
	heard_nothing 'in the words of Graph' check --lab "$scratch/graph.scenario" -v --trace all --no-progress --graph-token-file "$scratch/secret"
	printf 'like m365\ntarget smtp.office365.com:587\noptions --graph\n\nserver graph.microsoft.com:443\n' >"$scratch/graph.scenario"
	printf '	request <*> header WWW-Authenticate: Bearer {secret}\n		401 {}\n' >>"$scratch/graph.scenario"
	heard_nothing 'in the challenge of Graph' check --lab "$scratch/graph.scenario" -v --trace all --no-progress --graph-token-file "$scratch/secret"
}
done_testing
