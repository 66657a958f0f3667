#!/bin/sh
# Is every check listed, and every finding named once, given words, and used?
. "$(dirname "$0")/lib.sh"

ls checks/*.c 2>/dev/null | sed 's|checks/||; s|\.c$||' | sort >"$scratch/files"
sed -n 's/^[ 	]*CHECK(\([a-z0-9_]*\)).*/\1/p' checks/list.h | tr _ - | sort >"$scratch/listed"
some 'there are checks' 20 "$scratch/files"

# A file that has no descriptor serves other checks.
while read -r f; do
	! grep -q '^const struct check check_' "checks/$f.c" || echo "$f"
done <"$scratch/files" >"$scratch/descriptors"
comm -23 "$scratch/descriptors" "$scratch/listed" | sed 's/$/ is not in checks\/list.h/' | none 'every check is in checks/list.h'
comm -13 "$scratch/files" "$scratch/listed" | sed 's/$/ is listed, but there is no such file/' | none 'every CHECK() has its file'
uniq -d "$scratch/listed" | none 'no check is listed twice'
while read -r f; do
	grep -qF "checks/$f.c" checks/Makefile.inc || echo "$f is not in checks/Makefile.inc"
done <"$scratch/files" | none 'every check is built'
while read -r f; do
	want=$(echo "check_$f" | tr - _)
	grep -q "^const struct check $want = {" "checks/$f.c" || echo "checks/$f.c does not define $want"
done <"$scratch/descriptors" | none 'every file defines the descriptor its name promises'

while read -r f; do
	grep -q '^	\.stage[ 	]*= STAGE_' "checks/$f.c" || echo "checks/$f.c names no stage"
done <"$scratch/descriptors" | none 'every check names the step of the dialogue it is about'

sed -n 's/^[ 	]*\.id[ 	]*= "\(.*\)".*/\1/p' checks/*.c | sort >"$scratch/ids"
uniq -d "$scratch/ids" | none 'no two checks have the same id'
for id in target.provider dns.address dns.mx dns.null-mx 'tcp.$' smtp.greeting smtp.ehlo smtp.starttls tls.version \
	tls.certificate tls.cipher smtp.ehlo-tls smtp.extensions auth.mechanisms auth.login auth.plain auth.xoauth2 \
	auth.oauthbearer smtp.mail-from smtp.rcpt-to smtp.data smtp.senders relay.open direct-send.test; do
	grep -qxF -- "$id" "$scratch/ids" || echo "$id"
done | none 'the ids that reports promise are all there'

# Findings: findings.tsv says who says each; tests/unit/t-registry that they exist.
grep -v '^#' data/findings.tsv | cut -f 1,2 | tail -n +2 >"$scratch/findings"
some 'there are findings' 150 "$scratch/findings"
while IFS="$tab" read -r finding by; do
	case $by in
	lint) where=src/config ;;
	token) where=src/token/scope.c ;;
	expect.file) where=src/cmd/check-expect.c ;;
	*) where=$(grep -lF ".id		= \"$by\"," checks/*.c) ;;
	esac
	grep -rqF "\"$finding\"" "$where" || echo "$finding is registered, but $where never says it"
done <"$scratch/findings" | none 'every finding is said where findings.tsv says'
# What is said beyond a helper's parameter is asserted when it's said, where a test gets there.
{
	grep -rhoE 'probe_(warn|fail|unknown|fail_step)\([a-z]+, "[^"]+"' checks/*.c src/talk
	grep -rhoE '\bnote\(r, s, [^"]*"[^"]+"' src/config
	grep -hoE '\badd\(l, "[^"]+"' src/token/scope.c
} | sed 's/.*"\(.*\)"/\1/' | sort -u >"$scratch/said"
some 'findings are said' 100 "$scratch/said"
cut -f 1 "$scratch/findings" | comm -13 - "$scratch/said" | none 'every finding that is said is registered'

done_testing
