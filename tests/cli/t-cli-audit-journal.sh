#!/bin/sh
# audit --journal: each target is kept once, whatever ends the run, and a journal goes on with its own list only.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

. "$top/tests/cli/zone.sh"

cd "$scratch" || exit 1
tool="python3 $top/tests/cli/journal.py"
zone <<'END'
sends.example MX 0 sends-example.mail.protection.outlook.com
END
awk 'BEGIN { for (i = 1; i <= 60; i++) print (i % 4 ? "gone" i : "none") ".example" }' >list
# audit WORD...: with the options that all runs here share.
audit() { run audit --lab ./zone.scenario --only dns.mx "$@"; }
hash_of() { sed -n 's/^Journal .* hash //p' "$1"; }

audit --journal whole list
status 1
err_has "Journal 'whole': 60 targets, 60 done, hash "
hash=$(hash_of err)
sort out >want
grep -v '^Journal' err >summary
[ ! -e whole-wal ]
say $? 'a journal that is done is one file'
audit --journal whole list
status 2
err_is "smtpwhy audit: the journal 'whole' holds an audit already (60 of 60 targets): add --resume to go on with it, or name another file"
audit --journal whole --resume --format ndjson list
err_has '60 targets that were asked before are counted, and not printed again'
out_empty
audit --journal whole --resume list
status 1
sort out | cmp -s - want
say $? 'resumed when it is done: the same evidence'
grep -v '^Journal' err | cmp -s - summary
say $? '... and the same summary'
[ "$(hash_of err)" = "$hash" ]
say $? '... and the same hash'

# Judged again, by today's rules and without a connection.
# alone TITLE WANT WORD...: without any socket, the exit status is WANT.
alone()
{
	title=$1
	want=$2
	shift 2
	last="smtpwhy $*, without sockets"
	python3 "$top/tests/cli/no-socket.py" "$SMTPWHY" "$@" >out 2>err
	rc=$?
	without_remark err
	[ "$rc" = "$want" ]
	say $? "$title"
}
run judge whole
cp out judged
alone 'a journal is judged without a connection' 0 judge whole
cmp -s out judged && [ "$(grep -c '^Why ' out)" = 60 ]
say $? '... each target of it'
cmp -s err summary
say $? '... and summed up as the audit was'
alone '... evidence that was printed, too' 0 judge want
cut -d : -f 1 err | head -n 1 | grep -qx '60 of 60 targets'
say $? '... with a summary'
alone 'an audit would have been caught' 159 audit --lab ./zone.scenario --only dns.mx list
run judge --format evidence whole
sort out | cmp -s - want
say $? 'a journal is printed as evidence'
"$SMTPWHY" judge --format evidence - <want >out 2>err
rc=$?
cmp -s out want
say $? '... as it was'

# Killed after each fifth new target: what was printed is kept, and nothing is asked twice.
kept=0
lost=0
until [ "$kept" -ge 60 ] || [ "$lost" -ge 60 ]; do
	sh -c 'echo $$ >pid; exec "$@"' sh "$SMTPWHY" audit --lab ./zone.scenario --only dns.mx --jobs 8 \
		--journal killed --resume list 2>err |
		awk -v at=$((kept + 5)) '{ print } NR == at { getline pid <"pid"; system("kill -9 " pid) }' >out
	before=$kept
	$tool keys killed >keys
	kept=$(wc -l <keys)
	[ "$(sed '/}$/!d' out | wc -l)" -le "$kept" ] && [ "$kept" -gt "$before" ] || lost=$((lost + 60))
done
say $((lost > 0)) 'killed again and again: each time what was printed is kept'
audit --journal killed --resume list
[ "$(hash_of err)" = "$hash" ]
say $? '... and at the end it has each target once, as the run that nobody killed'
[ "$(grep -o '"ask.domain":"[^"]*"' out | sort)" = "$(grep -o '"ask.domain":"[^"]*"' want | sort)" ]
say $? '... and prints each once'

# Killed at any moment.
$tool kill 7 20 "$SMTPWHY" audit --lab ./zone.scenario --only dns.mx --journal random --resume list
audit --journal random --resume list
[ "$(hash_of err)" = "$hash" ]
say $? 'killed twenty times at random: the same hash'

# Interrupted, it says how to go on.
awk 'BEGIN { for (i = 1; i <= 4; i++) print "192.0.2." i ":25" }' >far
background out err "$SMTPWHY" audit --connect-to 192.0.2.1:25:127.0.0.1:1 --jobs 1 --journal "it's" far
until_says out 'evidence/1'
background_end
rc=$?
status 143
err_has "To resume: smtpwhy audit --resume --connect-to 192.0.2.1:25:127.0.0.1:1 --jobs 1 --journal 'it'\\''s' far"

# No more room: said, nothing printed that is not kept, and it goes on where there is room again.
last='smtpwhy audit, with a file size limit'
{ prlimit --fsize=65536 "$SMTPWHY" audit --lab ./zone.scenario --only dns.mx --journal full list 2>err; echo $? >rc; } |
	cat >out
rc=$(cat rc)
without_remark err
status 3
err_has "smtpwhy audit: the journal 'full' cannot be written: File too large; the audit stops here"
err_has 'To resume: smtpwhy audit --resume'
$tool keys full >keys
[ "$(wc -l <out)" = "$(wc -l <keys)" ] && [ -s keys ]
say $? 'as many are printed as are kept'
audit --journal full --resume list
[ "$(hash_of err)" = "$hash" ]
say $? 'with room it goes on to the same end'

# refused WORDS WORD...: the run is refused for its journal.
refused()
{
	want="smtpwhy audit: the journal $1"
	shift
	audit "$@"
	status 2
	err_is "$want"
	out_empty
}
sed 's/gone1\./gone01./' list >other
refused "'whole' is the journal of another list" --journal whole --resume other
refused "'whole' is of a run with other options: it had --only dns.mx --lab ./zone.scenario, this one has --only dns.mx --timeout 3.000 --lab ./zone.scenario" --journal whole --resume --timeout 3 list
refused "'list' is not the journal of an audit" --journal list --resume list
refused "'no/where' cannot be opened: No such file or directory" --journal no/where list
: >blank
audit --journal blank --resume list
[ "$(hash_of err)" = "$hash" ]
say $? 'an empty file is a new journal'
spoilt() { cp whole spoilt; $tool sql spoilt "$1"; }
spoilt "UPDATE run SET value = 'smtpwhy 0.0.1' WHERE name = 'program'"
refused "'spoilt' was written by smtpwhy 0.0.1, and this is $("$SMTPWHY" --version)" --journal spoilt --resume list
spoilt 'PRAGMA user_version = 2'
refused "'spoilt' has format 2, and this program knows format 1" --journal spoilt --resume list
spoilt 'PRAGMA application_id = 1'
refused "'spoilt' is not the journal of an audit" --journal spoilt --resume list
spoilt "UPDATE record SET status = 'pass' WHERE line = 9"
refused "'spoilt' is damaged: the record of line 9 is not what was written" --journal spoilt --resume list
head -c 20000 whole >spoilt
refused "'spoilt' is damaged" --journal spoilt --resume list
last='smtpwhy audit, while the journal is locked'
$tool locked whole "$SMTPWHY" audit --lab ./zone.scenario --only dns.mx --journal whole --resume list >out 2>err
rc=$?
without_remark err
status 2
err_is "smtpwhy audit: the journal 'whole' is in use by another run"
wrong "smtpwhy judge: 'spoilt' is damaged" judge spoilt
wrong 'smtpwhy audit: --resume needs --journal FILE' audit --resume list

# Equal lines are targets of their own, and a refused login stays refused.
echo 'walnut-Quadrat-57' >pw
printf 'host,user,password_file\n' >logins
for i in 1 2 3; do echo 'smtp.office365.com:587,scan@contoso.com,pw'; done >>logins
cat >refused.scenario <<'END'
like      domain-submission
title     The password is wrong
target    contoso.com
expect    wrong-credentials

server smtp.office365.com:587
	login  535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.
END
sh -c 'echo $$ >pid; exec "$@"' sh "$SMTPWHY" audit --lab ./refused.scenario --jobs 1 --journal logged logins 2>err |
	awk '{ print } NR == 1 { getline pid <"pid"; system("kill -9 " pid) }' >out
grep -q '5\.7\.139' out
say $? 'a login is refused, and the run is killed'
$tool keys logged >keys
run audit --lab ./refused.scenario --journal logged --resume logins
[ "$(grep -c 'was refused before, and is not tried again' err)" = "$((3 - $(wc -l <keys)))" ]
say $? '... when it is resumed, it is not tried again'
[ "$(grep -c '5\.7\.139' out)" = 1 ]
say $? '... and was tried once'
err_has '3 targets, 3 done'
$tool keys logged | cut -d ' ' -f 2 | sed 's/.*-//' | tr '\n' ' ' | grep -qx '1 2 3 '
say $? 'equal lines are numbered'
out_lacks 'walnut-Quadrat-57' 'no secret is printed'
! grep -q 'walnut-Quadrat-57' logged
say $? '... nor kept'

done_testing
