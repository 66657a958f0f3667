#!/bin/sh
# An audit in eight parts by GNU parallel: merged, it has the records of a single run.
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
# contrib calls it by name, with the options of this test.
cat >/usr/local/bin/smtpwhy <<END
#!/bin/sh
if [ "\$1" = audit ] && [ "\$2" != merge ]; then
	shift
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

finish
