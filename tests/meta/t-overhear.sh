#!/bin/sh
# Does what listens to every run (tests/overhear/overhear.c) notice a secret, in each disguise, and does it leave everything else as it was?
set -u
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
n=0
OVERHEAR_DIR=$dir
OVERHEAR_SCENARIOS=$dir
OVERHEAR_PROGRAM=/bin/sh
export OVERHEAR_DIR OVERHEAR_SCENARIOS OVERHEAR_PROGRAM
unset SMTPWHY_PASSWORD SMTPWHY_TOKEN
. "${SRCDIR:-$(dirname "$0")/../..}/tests/background.sh"

say()
{
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

# noticed TITLE COMMAND ARG...; unnoticed the same
hear()
{
	rm -f "$dir"/leak-*
	command=$1
	shift
	"$OVERHEAR" -c "$command" sh "$@" >"$dir/out" 2>"$dir/err" </dev/null
	rc=$?
	cat "$dir"/leak-* >"$dir/leaks" 2>/dev/null
}
noticed() { title=$1; shift; hear "$@"; [ -s "$dir/leaks" ]; say $? "noticed: $title"; }
unnoticed() { title=$1; shift; hear "$@"; [ ! -s "$dir/leaks" ]; say $? "not noticed: $title"; }

printf 'Sehr-Geheim+4711\n' >"$dir/secret"
printf 'eyJhbGciOiJub25lIn0.eyJhdWQiOiJodHRwczovL291dGxvb2sub2ZmaWNlLmNvbSJ9.c2lnbmF0dXJlLW9mLW5vYm9keQ' >"$dir/token"
noticed 'a password as it is' "cat $dir/secret" --password-file "$dir/secret"
noticed '... on standard error' "cat $dir/secret >&2" --password-file "$dir/secret"
noticed '... written with an equals sign' "cat $dir/secret" --password-file="$dir/secret"
noticed '... in the middle of a line' "printf 'abcSehr-Geheim+4711def'" --password-file "$dir/secret"
noticed '... in base64' "printf 'Sehr-Geheim+4711' | base64" --password-file "$dir/secret"
noticed '... in base64 behind one other byte' "printf '\\0Sehr-Geheim+4711' | base64" --password-file "$dir/secret"
noticed '... and behind two' "printf 'u\\0Sehr-Geheim+4711' | base64" --password-file "$dir/secret"
noticed '... percent-encoded' "echo 'client_secret=Sehr-Geheim%2B4711&x=y'" --password-file "$dir/secret"
noticed '... in the output file' "cat $dir/secret >$dir/report" -o "$dir/report" --password-file "$dir/secret"
noticed "a token's claims" "cut -d. -f2 $dir/token" --token-file "$dir/token"
noticed "a token's signature" "cut -d. -f3 $dir/token" --token-file "$dir/token"
noticed 'eight bytes of it' "echo 'xxGeheim+4'" --password-file "$dir/secret"
noticed '... in base64' "printf 'eheim+471' | base64" --password-file "$dir/secret"
noticed '... in hexadecimal' "printf 'heim+4711' | od -An -v -tx1 | tr -d ' \\n'" --password-file "$dir/secret"
noticed '... percent-encoded, each byte' "echo %65%68%65%69%6D%2B%34%37" --password-file "$dir/secret"
noticed "... in JSON's escapes" "printf '%s\\n' '\\u0065\\u0068\\u0065\\u0069\\u006d\\u002b\\u0034\\u0037'" --password-file "$dir/secret"
unnoticed 'seven bytes of it' "echo 'xxGeheim+x'" --password-file "$dir/secret"
printf '{\n "client_email": "robot@project.example.com",\n "private_key": "-----BEGIN PRIVATE KEY-----\\nQUJDREVGR0hJSktM\\nTU5PUFFS\\n-----END PRIVATE KEY-----\\n"\n}\n' \
	>"$dir/robot.json"
noticed "a key in Google's file" 'echo TU5PUFFS' --client-key "$dir/robot.json"
unnoticed '... and not who it belongs to' 'echo robot@project.example.com' --client-key "$dir/robot.json"
SMTPWHY_TOKEN=From-The-Environment
export SMTPWHY_TOKEN
noticed 'a token of the environment' "echo x From-The-Environment"
unset SMTPWHY_TOKEN
printf 'target x\npassword  Paper-Jam-9\n' >"$dir/base.scenario"
printf 'like base\ntoken Other-Token-1\n' >"$dir/mine.scenario"
noticed "a scenario's token" 'echo Other-Token-1' --lab mine
noticed '... and the password of what it is like' 'echo Paper-Jam-9' --lab mine
unnoticed 'what is no secret of this run' 'echo Paper-Jam-9' --password-file "$dir/secret"
unnoticed 'a file of authorities' "cat $dir/secret" --ca-file "$dir/secret"
unnoticed 'nothing' 'echo "<password>"' --password-file "$dir/secret"

hear 'echo out; echo err >&2; exit 7'
[ "$rc" = 7 ] && [ "$(cat "$dir/out")" = out ] && [ "$(cat "$dir/err")" = err ]
say $? 'output, errors and the exit status pass through'
hear 'kill -TERM $$'
[ "$rc" = 143 ]
say $? '... and death by a signal'
background "$dir/out" "$dir/err" "$OVERHEAR" -c 'trap "exit 9" USR1
	echo up
	while :; do sleep 0.1; done'
until_says "$dir/out" up
kill -USR1 "$background"
wait "$background"
[ $? = 9 ]
say $? '... and signals to it'
rm -f "$dir"/leak-*
"$OVERHEAR" -c 'yes' </dev/null 2>/dev/null | head -n 1 >"$dir/out"
[ "$(cat "$dir/out")" = y ]
say $? 'who stops reading stops the program'
echo "1..$n"
