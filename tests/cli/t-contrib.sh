#!/bin/sh
# contrib: the jobs for Slurm and Kubernetes, each run here as its scheduler would run it.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

. "$top/tests/cli/zone.sh"

cd "$scratch" || exit 1
zone <<'END'
sends.example MX 0 sends-example.mail.protection.outlook.com
END
awk 'BEGIN { for (i = 1; i <= 30; i++) print (i % 4 ? "gone" i : "sends") ".example" }' >list
run audit --lab ./zone.scenario --only dns.mx --journal single list
hash=$(sed -n 's/^Journal .* hash //p' err)
# The jobs call it by name, and audit has the options of this test.
mkdir bin
cat >bin/smtpwhy <<END
#!/bin/sh
if [ "\$1" = audit ] && [ "\$2" != merge ]; then
	shift
	exec "$SMTPWHY" audit --lab $scratch/zone.scenario --only dns.mx "\$@"
fi
exec "$SMTPWHY" "\$@"
END
chmod +x bin/smtpwhy
PATH=$scratch/bin:$PATH

# is_single FOLDER TITLE: its parts, merged, are the single run.
is_single()
{
	run audit merge "$1"/part-*.journal -o "$1.all"
	err_is "Journal '$1.all': 30 targets, 30 done, hash $hash" "$2"
}

# As slurmd starts a task: a copy of the script, with the array in the environment.
task()
{
	last="audit.sbatch, task $1"
	cp "$top/contrib/audit.sbatch" slurm_script
	env SLURM_ARRAY_TASK_ID="$1" SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=8 SLURM_ARRAY_TASK_COUNT="$2" \
		SLURM_ARRAY_TASK_STEP=1 SHARD="$3" LIST=list OUT=slurm sh ./slurm_script >out 2>err
	rc=$?
	without_remark err
}
grep -q '^#SBATCH --array=1-8$' "$top/contrib/audit.sbatch"
say $? 'the array has eight tasks'
for k in 1 2 3 4 5 6 7 8; do
	task $k 8 ''
	[ "$rc" = 0 ] || break
done
say "$rc" 'each task of the Slurm array ends well'
is_single slurm 'merged, they are the single run'
task 5 8 ''
status 0 'a task that is requeued after its end'
err_has ', hash ' '... has the same journal'
rm slurm/part-5.journal
env SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_MIN=5 SLURM_ARRAY_TASK_COUNT=1 SHARD=5/8 LIST=list OUT=slurm \
	sh ./slurm_script >out 2>err
rm slurm.all
is_single slurm 'a task that is run again on its own'
LIST=/nowhere
export LIST
env SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=8 OUT=slurm sh ./slurm_script >out 2>err
rc=$?
status 2 'what is wrong fails the task'

# Kubernetes: the container's command, once for each index.
mkdir -p k8s/list k8s/journals k8s/credentials
cp list k8s/list/clients.csv
python3 "$top/tests/cli/job.py" "$top/contrib/audit-job.yaml" "$scratch/k8s" >command 2>err
rc=$?
last='job.py audit-job.yaml'
status 0 'the Job fits together'
for i in 0 1 2 3 4 5 6 7; do
	JOB_COMPLETION_INDEX=$i sh ./command >out 2>err
	rc=$?
	[ "$rc" = 0 ] || break
done
last='the command of the container'
say "$rc" 'each pod ends well'
is_single k8s/journals 'merged, they are the single run'

done_testing
