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

# Findings: "file name words cause" from the tables.
for f in checks/*.c; do
	awk '
		/\.findings[ \t]*=/ { on = 1; text = ""; next }
		on && /^[ \t]*\},?$/ { on = 0
			while (match(text, /\{[ \t\n]*"[a-z0-9.-]+",/)) {
				row = substr(text, RSTART); text = substr(text, RSTART + RLENGTH)
				split(row, q, "\""); rest = substr(row, length(q[1]) + length(q[2]) + 3)
				words = rest ~ /^,[ \t]*"[^"]/ ? "words" : "-"
				cause = "-"; end = index(row, "},"); body = end ? substr(row, 1, end) : row
				n = split(body, q2, "\"")
				if (body ~ /"[a-z0-9-]+"[ \t]*\}$/ && n >= 6) cause = q2[n - 1]
				print FILENAME "\t" q[2] "\t" words "\t" cause
			}
			next
		}
		on { text = text $0 "\n" }' "$f"
done >"$scratch/findings"
some 'checks have findings' 30 "$scratch/findings"
# Those of path.fit are rows of a table, which has its own test (tests/unit/t-path.c).
awk -F'\t' '!/^#/ && $1 ~ /^path[.]/ { print "data/path-findings.tsv\t" $1 "\twords\t" $5 }' data/path-findings.tsv >"$scratch/path-findings"
some 'path.fit has findings' 50 "$scratch/path-findings"
cat "$scratch/path-findings" >>"$scratch/findings"
cut -f 2 "$scratch/findings" | sort | uniq -d | none 'no finding is named by two checks'
awk -F'\t' '$3 == "-" { print $2 " (" $1 ") has no words" }' "$scratch/findings" | none 'every finding is put into words'
grep -v '^#' data/causes.tsv | cut -f 1 | sort >"$scratch/causes"
awk -F'\t' '$4 != "-" { print $4 }' "$scratch/findings" | sort -u | comm -23 - "$scratch/causes" | none 'every cause a finding names exists'
while IFS="$tab" read -r file finding _; do
	case $file in data/*) continue ;; esac
	[ "$(cat checks/*.c | grep -oF "\"$finding\"" | wc -l)" -ge 2 ] || echo "$finding ($file) is described, but never said"
done <"$scratch/findings" | none 'every finding is said by some check'
grep -noE 'probe_(warn|fail|unknown|fail_step)\([a-z]+, "[^"]+"' checks/*.c | sed 's/\(.*\):[0-9]*:.*"\(.*\)"/\1 \2/' | sort -u |
	while read -r file finding; do
		cut -f 2 "$scratch/findings" | grep -qxF -- "$finding" || echo "$file says $finding, which no table describes"
	done | none 'every finding that is said is described'

done_testing
