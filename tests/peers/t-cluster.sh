#!/bin/sh
# An audit by real schedulers: a Slurm array of eight tasks, one of them killed and requeued, and GNU
# parallel. Merged, each has the records of a single run.
. "$(dirname "$0")/lib.sh"
in_root cluster

cd "$peer" || bail 'no folder'
cat >zone.scenario <<'END'
like      m365
title     A domain
user
password
target    sends.example
dns
	sends.example MX 0 sends-example.mail.protection.outlook.com
END
awk 'BEGIN { for (i = 1; i <= 120; i++) print (i % 4 ? "gone" i : "none") ".example" }' >list
audit="--lab $peer/zone.scenario --only dns.mx"
# contrib calls it by name, with the options of this test. The first attempt at part 5 is killed by
# requeueing it, when the journal is begun.
cat >/usr/local/bin/smtpwhy <<END
#!/bin/sh
if [ "\$1" = audit ] && [ "\$2" != merge ]; then
	shift
	if [ "\${SLURM_ARRAY_TASK_ID-}" = 5 ] && mkdir $peer/first 2>/dev/null; then
		"$SMTPWHY" audit $audit --jobs 1 "\$@" -o $peer/first/out &
		until [ -s $peer/first/out ]; do sleep 0.1; done
		kill -9 \$!
		scontrol requeue "\$SLURM_JOB_ID"
		sleep 600
	fi
	exec "$SMTPWHY" audit $audit "\$@"
fi
exec "$SMTPWHY" "\$@"
END
chmod 755 /usr/local/bin/smtpwhy
smtpwhy audit --journal single list >single.out 2>single.err
hash=$(sed -n 's/^Journal .* hash //p' single.err)
like 'a single run' "$hash" '????????????????'

# GNU parallel, called twice: the second time everything is there.
quietly "$top/contrib/audit-parallel.sh" list parallel
quietly "$top/contrib/audit-parallel.sh" list parallel
smtpwhy judge --format evidence parallel/all.journal 2>/dev/null | sort >parallel.out
sort single.out >single.sorted
ok 'GNU parallel: the evidence of a single run' cmp -s parallel.out single.sorted
is '... and its hash' "$(sed -n 's/.*all.journal.* hash //p' "$out/start.log" | tail -n 1)" "$hash"

# One node that is controller, too.
host=$(uname -n)
echo "127.0.0.1 localhost $host" >/etc/hosts
mkdir -p slurm/state slurm/spool /run/munge /var/log/munge /var/lib/munge /etc/munge /etc/slurm
head -c 128 /dev/urandom >/etc/munge/munge.key
chown -R munge /run/munge /var/log/munge /var/lib/munge /etc/munge
chmod 700 /etc/munge /var/log/munge
chmod 711 /var/lib/munge
chmod 400 /etc/munge/munge.key
cat >/etc/slurm/slurm.conf <<END
ClusterName=test
SlurmctldHost=$host
SlurmUser=root
AuthType=auth/munge
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
MpiDefault=none
ReturnToService=2
SlurmctldPidFile=$peer/slurm/ctld.pid
SlurmdPidFile=$peer/slurm/d.pid
SlurmctldLogFile=$peer/slurm/ctld.log
SlurmdLogFile=$peer/slurm/d.log
StateSaveLocation=$peer/slurm/state
SlurmdSpoolDir=$peer/slurm/spool
NodeName=$host CPUs=8 RealMemory=8192 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP
END
quietly setpriv --reuid munge --regid munge --clear-groups munged
quietly slurmctld
# It counts processors there.
mount -t sysfs sys /sys
echo CgroupPlugin=cgroup/v1 >/etc/slurm/cgroup.conf
quietly slurmd
for _ in $(seq 300); do
	sinfo -h -o %t 2>/dev/null | grep -q '^idle' && break
	sleep 0.2
done
sinfo >"$out/sinfo" 2>&1
# --wait ends with the last task; the requeue delay is Slurm's own.
background "$out/release" "$out/release" sh -c 'until [ -s first/out ]; do sleep 0.5; done
	sleep 3
	scontrol update JobId=1_5 StartTime=now'
timeout 480 sbatch --wait --export="ALL,LIST=$peer/list,OUT=$peer/array" -o "$peer/slurm/task-%a.log" \
	"$top/contrib/audit.sbatch" >"$out/sbatch" 2>&1
is 'a Slurm array of eight, one task killed and requeued' "$? $(ls array/*.journal | wc -l)" '0 8'
ok '... it was killed in the middle' [ -s first/out ]
for _ in $(seq 50); do ls array/*-wal >/dev/null 2>&1 || break; sleep 0.2; done
smtpwhy audit merge array/part-*.journal -o array.journal >"$out/merge" 2>&1
is '... merged, the hash of a single run' "$(cat "$out/merge")" "Journal 'array.journal': 120 targets, 120 done, hash $hash"
smtpwhy judge --format evidence array.journal 2>/dev/null | sort >array.out
ok '... and its evidence' cmp -s array.out single.sorted
finish
