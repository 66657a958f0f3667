# shellcheck shell=sh
# lib.sh - what the peers' tests share: the private root, the servers, and assertions that say got and want.
#
#	. "$(dirname "$0")/lib.sh"
#	in_root postfix				# from here on we are inside (enter)
#	peer_start dns postfix			# on their real ports
#	ask mx.corp.test:587			# smtpwhy check: the report is in $json, the exit status in $status
#	is 'STARTTLS holds' "$(check smtp.starttls)" pass
#	cause_is 'the host is right' none 0
#	finish
#
# Everything a test wrote (reports, logs and configurations of the servers) is kept in tests/out/peers/NAME of the build folder.

set -u
here=${here:-$(cd "$(dirname "$0")" && pwd -P)}	# tests/peers
top=${here%/tests/peers}
name=$(basename "$0" .sh)
builddir=${top_builddir:-$top/build}
SMTPWHY=${SMTPWHY:-$builddir/smtpwhy}
out=$builddir/tests/out/peers/$name
peer=/srv/peer
n=0
failed=0
LC_ALL=C.UTF-8
export LC_ALL
. "$top/tests/background.sh"

# Goes on inside the private root $1; a machine that has none skips the whole test, with the reason.
# TEST_PREPARE in the environment (tests/run): only makes sure that the root is there.
in_root()
{
	[ -z "${PEER_ROOT-}" ] || { begin; return; }
	if ! why=$("$here/enter" --prepare "$1" 2>&1); then
		[ -z "${TEST_PREPARE-}" ] || exit 1
		printf '1..1\nok 1 # SKIP %s: %s\n' "$name" "$why"
		exit 0
	fi
	[ -z "${TEST_PREPARE-}" ] || exit 0
	mkdir -p "$out"
	PEER_ROOT=$1 PEER_BIND="$(cd "$builddir" && pwd -P)" top_builddir=$builddir \
		exec "$here/enter" "$1" "$here/$name.sh" "$@" 4>&-
}

begin()
{
	rm -rf "$out"
	mkdir -p "$out" "$peer"
	chmod 755 "$peer"
	exec 3>&1
	# Addresses beyond loopback, or getaddrinfo() of other tools finds no names here (AI_ADDRCONFIG).
	ip addr add 192.0.2.1/32 dev lo && ip addr add fd00:25::5/128 dev lo nodad || bail 'no address could be added'
	"$here/pki" "$peer/pki" || bail 'the certificates could not be made'
	trap keep EXIT
}

# What the servers were told and what they logged goes with the results.
keep()
{
	(cd "$peer" && find . \( -name '*log' -o -name '*.cf' -o -name '*.conf' -o -name '*.zone' -o -path './pki/*.pem' \) -type f |
		tar -cf - -T -) 2>/dev/null | (mkdir -p "$out/peer" && tar -C "$out/peer" --no-same-owner -xf -)
}

bail()
{
	echo "Bail out! $name: $* (kept: $out)"
	exit 1
}

# A configuration with @DIR@ replaced.
fill() { sed "s|@DIR@|$peer|g" "$1"; }

quietly()
{
	"$@" >>"$out/start.log" 2>&1 </dev/null 3>&- || bail "'$*' failed: $(tail -n 1 "$out/start.log")"
}

# Waits until something listens on TCP port $1 (on address $2, if given).
listening()
{
	for _ in $(seq 600); do
		[ -z "$(ss -Hltn "sport = :$1" | grep -F "${2-}:$1 ")" ] || return 0
		sleep 0.1
	done
	bail "nothing listens on port $1 after a minute"
}

peer_start()
{
	for p in "$@"; do
		# shellcheck disable=SC1090
		. "$here/$p/start"
	done
	for p in "$@"; do
		case $p in
		dns) listening 53 ;;
		dovecot) listening 10999; listening 587 127.0.1.20 ;;
		*) listening 25 127.0.1.1; listening 587 127.0.1.1; listening 465 127.0.1.1 ;;
		esac
	done
}

# ok TITLE TEST...: one TAP line; TEST is a command.
ok()
{
	title=$1
	shift
	n=$((n + 1))
	if "$@" >/dev/null 2>&1; then
		echo "ok $n - $name: $title"
	else
		failed=$((failed + 1))
		echo "not ok $n - $name: $title"
		return 1
	fi
}

# is TITLE GOT WANT
is()
{
	ok "$1" [ "$2" = "$3" ] || printf '%s\n' "$2" | sed '1s/^/#   got   /;2,$s/^/#         /
		'"\$a #   want  $(printf %s "$3" | sed 's/[\\&]/\\&/g')\\n#   kept  $out"
}

# like TITLE GOT PATTERN: a shell pattern
like()
{
	# shellcheck disable=SC2254
	case $2 in
	$3) ok "$1" true ;;
	*) ok "$1" false || printf '#   got   %s\n#   want  %s\n#   kept  %s\n' \
		"$(printf %s "$2" | head -c 600 | tr '\n' '~')" "$3" "$out" ;;
	esac
}

# --- what smtpwhy says ---

# ask TARGET [OPTION]...: `smtpwhy check` with our authority and resolver; sets $json and $status.
ask()
{
	asked="smtpwhy check $*"
	run_n=$((${run_n-0} + 1))
	json=$out/$run_n.json
	timeout 60 "$SMTPWHY" check --format json --ca-file "$peer/pki/root.pem" "$@" >"$json" 2>"$out/$run_n.err" </dev/null 3>&-
	status=$?
	printf '%s\nexit %d\n' "$asked" "$status" >"$out/$run_n.cmd"
	# Whatever was found, a report is a report: valid JSON, no secret in it, and no trouble on our side (a sanitizer's, too).
	why=
	jq -e .schema "$json" >/dev/null 2>&1 || why='no valid JSON'
	[ "$status" -le 3 ] || why="ended with $status"
	! grep -qE 'Sanitizer|Assertion|runtime error' "$out/$run_n.err" || why='trouble of its own'
	for f in "$peer"/secret.*; do
		[ ! -e "$f" ] || ! leaks "$f" "$json" "$out/$run_n.err" || why="the secret of $f shows"
	done
	[ -n "$why" ] || return 0
	ok "$asked gives a report: $why" false
	tail -n 5 "$out/$run_n.err" | sed 's/^/#   /'
}

# leaks SECRET FILE...: does one of the files hold it, or the base64 in which it went over the wire?
leaks()
{
	s=$(cat "$1")
	shift
	for part in "$s" "$(printf '\0user@corp.test\0%s' "$s" | base64 -w 0)" "$(printf %s "$s" | base64 -w 0)" \
		"$(printf 'user=user@corp.test\001auth=Bearer %s' "$s" | base64 -w 0 | cut -c 1-200)"; do
		! grep -qF -- "$part" "$@" || return 0
	done
	grep -q 'YXV0aD1CZWFyZXIg\|F1dGg9QmVhcmVyI\|hdXRoPUJlYXJlci' "$@"	# "auth=Bearer ", at each of the three offsets of base64
}

# secret TEXT: a file that holds it, to be given to --password-file or --token-file.
secret()
{
	f=$(mktemp "$peer/secret.XXXXXX") && printf '%s\n' "$1" >"$f" && echo "$f"
}

password=Corr3ct-horse	# of user@corp.test

# A token of user@corp.test that Dovecot takes (claims: dovecot/token), and one that somebody else signed.
token() { "$here/dovecot/token" "$peer/dovecot/token.key" "$@"; }
stranger_token() { "$here/dovecot/token" "$peer/dovecot/stranger.key" "$@"; }

field() { jq -r "$1" "$json" 2>/dev/null; }
# check ID [FIELD]: of the check with that id (.status)
check() { jq -r --arg id "$1" "[.checks[] | select(.id == \$id)][0]${2-.status}" "$json" 2>/dev/null; }
fact() { jq -r --arg n "$1" '.facts[$n] | if . == null then "unknown" else tostring end' "$json" 2>/dev/null; }

# versions PORT: the TLS versions that the matrix found to be accepted there, and (openssl_versions ADDRESS) those OpenSSL finds.
versions()
{
	for v in 1.0 1.1 1.2 1.3; do
		[ "$(fact "tls.$1.$v")" != accepted ] || printf '%s ' $v
	done
}
openssl_versions()
{
	for v in 1.0 1.1 1.2 1.3; do
		! openssl s_client -connect "$1" -starttls smtp "-tls$(echo $v | sed 's/\.0//; s/\./_/')" -cipher ALL:@SECLEVEL=0 \
			</dev/null 2>&1 | grep -q '^New, TLSv' || printf '%s ' $v
	done
}

# checks_are TITLE "ID STATUS"...: each of these checks has that status.
checks_are()
{
	title=$1
	shift
	got=
	want=
	for pair in "$@"; do
		want="$want$pair, "
		got="$got${pair% *} $(check "${pair% *}"), "
	done
	is "$title" "$got" "$want"
}

# cause_is TITLE CAUSE EXIT: the first diagnosis (or none), and the exit status.
cause_is()
{
	is "$1" "$(field '.diagnosis[0].cause // "none"') exit $status" "$2 exit $3" ||
		{ printf '#   asked %s\n' "$asked"; field '.checks[] | select(.status != "pass" and .status != "skip") |
			"#   \(.status) \(.id): \(.summary)"'; }
}

finish()
{
	echo "1..$n"
	[ "$failed" = 0 ] || exit 1
	exit 0
}
