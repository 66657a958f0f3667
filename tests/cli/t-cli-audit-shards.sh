#!/bin/sh
# audit --shard and merge: parts of a list, asked on their own, become what one run would have found.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

. "$top/tests/cli/zone.sh"

cd "$scratch" || exit 1
tool="python3 $top/tests/cli/journal.py"
zone <<'END'
sends.example MX 0 sends-example.mail.protection.outlook.com
END
awk 'BEGIN { for (i = 1; i <= 60; i++) print (i % 4 ? "gone" i : "none") ".example" }' >list
audit() { run audit --lab ./zone.scenario --only dns.mx "$@"; }
hash_of() { sed -n 's/^Journal .* hash //p' "$1"; }

audit --journal single list
hash=$(hash_of err)
sort out >want

# Eight shards, one of them killed in the middle and resumed.
for k in 1 2 4 5 6 7 8; do
	audit --shard $k/8 --journal part$k list
	cat out >>parts
done
sh -c 'echo $$ >pid; exec "$@"' sh "$SMTPWHY" audit --lab ./zone.scenario --only dns.mx --shard 3/8 \
	--journal part3 --jobs 1 list 2>err |
	awk '{ print } NR == 2 { getline pid <"pid"; system("kill -9 " pid) }' >out
audit --shard 3/8 --journal part3 --resume list
cat out >>parts
sort parts | cmp -s - want
say $? 'the evidence of eight shards, one of them killed and resumed, is that of a single run'
run audit merge part5 part1 part2 part3 part4 part6 part7 part8 -o merged
status 0
err_is "Journal 'merged': 60 targets, 60 done, hash $hash" 'merged, they have the hash of a single run'
$tool keys merged >keys
$tool keys single | cmp -s - keys
say $? '... and its records'
run judge --format evidence merged
sort out | cmp -s - want
say $? '... and its evidence'
audit --journal merged --resume list
[ "$(hash_of err)" = "$hash" ] && sort out | cmp -s - want
say $? 'a merged journal is resumed as one of the whole list'

# A line that is added before the others moves nobody to another shard.
{ echo first.example; cat list; } >longer
audit --shard 2/8 --dry-run list
sed 's/^line [0-9]*: //; /targets/d' out >before
audit --shard 2/8 --dry-run longer
sed 's/^line [0-9]*: //; /targets/d; /^first/d' out | cmp -s - before && [ -s before ]
say $? 'where a target stands does not change its shard'
printf 'host,user,password_file\n' >logins
for i in 1 2 3 4 5 6 7 8; do echo "smtp.office365.com:587,scan$i@contoso.com,pw"; done >>logins
for k in 1 2 3 4; do
	run audit --shard $k/4 --dry-run logins
	tail -n 1 out
done | sort | uniq -c | awk '{ print $1, $2 }' | tr '\n' ' ' | grep -qx '3 0 1 8 '
say $? 'one credential is in one shard'

# What does not fit together.
merge_wrong() { want="smtpwhy audit merge: $1"; shift; run audit merge "$@" -o none; status 2; err_is "$want"; [ ! -e none ]; say $? 'nothing is left'; }
merge_wrong '2 of 8 shards are missing: 2 7' part1 part3 part4 part5 part6 part8
cp part4 copy4
merge_wrong "the journal 'part4' is of the same shard (4/8) as 'copy4'" part1 part4 copy4
audit --shard 1/2 --journal half list
merge_wrong "the journal 'half' is one of 2 shards, and 'part1' one of 8" part1 part2 part3 half part4
audit --shard 2/8 --journal other longer
merge_wrong "the journal 'other' is of another list than 'part1'" part1 other
run audit --lab ./zone.scenario --only 'dns.*' --shard 2/8 --journal options list
merge_wrong "the journal 'options' is of another version or has other options than 'part1'" part1 options
cp part2 torn
$tool sql torn 'DELETE FROM record WHERE line = (SELECT max(line) FROM record)'
records=$($tool keys part2 | wc -l)
merge_wrong "the journal 'torn' is not complete ($((records - 1)) of $records targets): resume it first" part1 torn
merge_wrong "the journal 'gone' cannot be opened: No such file or directory" part1 gone
wrong "smtpwhy audit merge: 'single' is there already" audit merge part1 part2 part3 part4 part5 part6 part7 part8 -o single
wrong 'smtpwhy audit merge: give the journal to make with -o FILE' audit merge part1
wrong 'smtpwhy audit merge: give the journals of all shards of a list' audit merge -o x
audit --shard 4/8 --journal part3 --resume list
status 2
err_is "smtpwhy audit: the journal 'part3' is the journal of shard 3/8, and this is shard 4/8"

# The environment of a cluster.
# shard_of TITLE WANT WORD NAME=VALUE...
shard_of()
{
	title=$1
	"$SMTPWHY" audit --shard "$2" --dry-run list >want 2>&1
	last="$* smtpwhy audit --shard $3 --dry-run list"
	word=$3
	shift 3
	env "$@" "$SMTPWHY" audit --shard "$word" --dry-run list >out 2>err
	rc=$?
	without_remark err
	cmp -s out want && [ -s out ]
	say $? "$title"
}
shard_of 'a task of a Slurm array' 3/8 slurm SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=8
shard_of '... that begins at 0, in steps of 2' 3/4 slurm SLURM_ARRAY_TASK_ID=4 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_STEP=2
shard_of 'a pod of an Indexed Job' 1/8 kubernetes/8 JOB_COMPLETION_INDEX=0
wrong 'smtpwhy audit: --shard slurm: this is no job of a Slurm array (SLURM_ARRAY_TASK_ID, _MIN and _COUNT)' audit --shard slurm list
wrong 'smtpwhy audit: --shard kubernetes: this is no pod of an Indexed Job (JOB_COMPLETION_INDEX)' audit --shard kubernetes/8 list
wrong 'smtpwhy audit: --shard: there is no shard 9 of 8' audit --shard 9/8 list
wrong "smtpwhy audit: --shard: '0/8' is not K/N (from 1/1 to 100000/100000), slurm or kubernetes/N" audit --shard 0/8 list

done_testing
