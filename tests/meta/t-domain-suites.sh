#!/bin/sh
# Public suites for SPF and DMARC, where they are: in the folder that SMTPWHY_SUITES names, or in ../shared/suites beside the source
# tree. They are not part of the project; tests/data/spf-cases.txt (t-spf) and
# dmarc-cases.json (t-dmarc) have a case for each kind of rule.
. "$(dirname "$0")/lib.sh"

suites=${SMTPWHY_SUITES:-$top/../shared/suites}
t_spf=${top_builddir:-$top/build}/tests/unit/t-spf

# The table of what we answer otherwise: five cells a row, none empty.
awk -F'\t' '/^#/ { next } NF != 5 { print FILENAME ": " $0 } { for (i = 1; i <= 5; i++) if ($i == "") print $0 }' \
	tests/data/spf-deviations.tsv | none 'each deviation of tests/data/spf-deviations.tsv has a reason'

# suite CASES FILE...: at least so many cases, and all as wanted.
suite()
{
	cases=$1
	shift
	name=${1#"$suites"/}
	[ -r "$1" ] || return
	python3 tests/meta/spf-suites.py tests/data/spf-deviations.tsv "$@" >"$scratch/cases" 2>"$scratch/error"
	case $? in
	0) ;;
	3) return ;;	# no YAML reader
	*) none "$name can be read" <"$scratch/error"; return ;;
	esac
	grep '^case' "$scratch/cases" >"$scratch/list"
	some "$name has its $cases cases" "$cases" "$scratch/list"
	"$t_spf" "$scratch/cases" >"$scratch/tap" 2>&1 || echo 'it failed' >>"$scratch/tap"
	grep -vE '^(ok |1\.\.|#)|makecontext' "$scratch/tap" | none "SPF answers as $name wants"
}

suite 203 "$suites"/spf/rfc7208-tests.yml
suite 191 "$suites"/spf/rfc4408-tests.yml
suite 16 "$suites"/spf/pyspf-extra.yml
suite 21 "$suites"/spf/blitirispf-tests.yml
suite 163 "$suites"/spf/stalwart/*.yml

# public TITLE PROGRAM CASES ARGUMENT...
public()
{
	title=$1
	program=$2
	cases=$3
	shift 3
	for file; do
		case $file in /*) [ -r "$file" ] || return ;; esac
	done
	"${t_spf%/*}/$program" "$@" >"$scratch/tap" 2>&1 || echo 'it failed' >>"$scratch/tap"
	grep -E '^(not )?ok ' "$scratch/tap" >"$scratch/list"
	some "$title: $cases cases" "$cases" "$scratch/list"
	grep -vE '^(ok |1\.\.|#)|makecontext' "$scratch/tap" | none "$title"
}

public 'DMARC, RFC 9989' t-dmarc 58 "$suites"/dmarc/rfc9989.json
public 'DMARC, records of RFC 7489' t-dmarc 41 "$suites"/dmarc/record-rfc7489.json
public 'public suffixes' t-dmarc 78 --suffixes "$suites"/psl/tests.txt "$suites"/psl/public_suffix_list.dat
public 'MTA-STS, records' t-sts 18 --records "$suites"/mta-sts/record.json
public 'MTA-STS, policies' t-sts 24 --policies "$suites"/mta-sts/policy.json
public 'MTA-STS, hosts' t-sts 5 --match "$suites"/mta-sts/match.json
public 'MTA-STS, look-ups' t-sts 9 --lookup "$suites"/mta-sts/lookup.json
public 'TLS-RPT, records' t-sts 20 --tlsrpt "$suites"/tls-rpt/record.json

public 'DKIM, signatures' t-dkim 11 --signatures "$suites"/dkim/signature-header.json
public 'DKIM, key records' t-dkim 16 --keys "$suites"/dkim/key-record.json
# messages SUITE CASES FOLDER
messages()
{
	[ -d "$suites/$3" ] || return
	python3 tests/meta/dkim-suites.py "$1" "$suites/$3" "$scratch" >"$scratch/$1.list" 2>"$scratch/error"
	case $? in
	0) public "DKIM and ARC, messages of $1" t-dkim "$2" --list "$scratch/$1.list" ;;
	3) ;;	# no YAML reader
	*) none "$3 can be read" <"$scratch/error" ;;
	esac
}
messages mail-dkim 69 dkim/james/Mail-DKIM
messages james 7 dkim/james/corpus
messages stalwart 6 dkim/stalwart
messages dkimpy 3 dkim/dkimpy
messages arc 171 arc/valimail
messages arc-chains 2 arc/stalwart
done_testing
