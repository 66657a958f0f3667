#!/bin/sh
# The user's own tables: each can be extended in the configuration folder and by --codes, and each mistake has a place.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

own=$XDG_CONFIG_HOME/smtpwhy
data=${SRCDIR:-$(dirname "$0")/../..}/data
mkdir -p "$own"

# with FILE ROW...: a table in the folder with these rows, in the order of the built-in columns; the others go.
with()
{
	rm -f "$own"/*
	file=$1
	shift
	{
		grep -v '^#' "$data/$file" | head -n 1
		printf '%b\n' "$@"
	} >"$own/$file"
}

cat >"$own/causes.txt" <<'END'
# ours
id: relay-denied
title: The frobnicator is off
who: user
retry: no
meaning: Our own meaning.
fix: our wiki :: Switch it on :: -
fix: our wiki :: Switch it on again :: frob --on
verify: Look at it.
sources: our wiki
confidence: expert
END
run explain '550 5.7.1 Relaying denied'
out_has 'The frobnicator is off' 'causes.txt: a cause in our own words'
out_has 'frob --on' '... and with steps of our own, a line for each'
cp "$own/causes.txt" "$scratch/causes.txt"
rm "$own/causes.txt"
run explain --codes "$scratch/causes.txt" '550 5.7.1 Relaying denied'
out_has 'The frobnicator is off' '--codes reads a line for each field, too'
sed 's/^who: user/who: boss/' "$scratch/causes.txt" >"$scratch/bad.txt"
wrong "smtpwhy explain: $scratch/bad.txt:2: column 'who': 'boss' is none of: user, developer, tenant-admin, network-admin, dns-admin, recipient, provider" \
	explain --codes "$scratch/bad.txt" x
sed 's/^title:/titel:/' "$scratch/causes.txt" >"$scratch/bad.txt"
wrong "smtpwhy explain: $scratch/bad.txt:3: there is no column 'titel'" explain --codes "$scratch/bad.txt" x
sed 's/^retry: no/retry no/' "$scratch/causes.txt" >"$scratch/bad.txt"
wrong "smtpwhy explain: $scratch/bad.txt:5: expected a line 'column: value'" explain --codes "$scratch/bad.txt" x
sed '/^title:/d' "$scratch/causes.txt" >"$scratch/bad.txt"
wrong "smtpwhy explain: $scratch/bad.txt:2: column 'title': must not be empty" explain --codes "$scratch/bad.txt" x
{ cat "$scratch/causes.txt"; echo; cat "$scratch/causes.txt"; } >"$scratch/bad.txt"
wrong "smtpwhy explain: $scratch/bad.txt:14: column 'id': 'relay-denied' is there twice, first in line 2" explain --codes "$scratch/bad.txt" x

with symptoms.tsv 'flux\tflux capacitor offline\tconnect\tport-blocked\tcertain\tOur firewall.\tour wiki\terror: flux capacitor offline\texpert'
run explain 'error: flux capacitor offline'
out_has 'Our firewall.' 'symptoms.tsv: words of a program of ours'

with aadsts.tsv '10001\tOurs\trelay-denied\tcertain\tOur own number.\t-\t-\t-\tour wiki\texpert'
run explain 'AADSTS10001: no'
out_has 'Our own number.' 'aadsts.tsv: a number'

with roles.tsv 'exchange-admin\ta Mail Wizard\tm365 m365-*\tall of it\tour wiki\texpert'
run explain '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.'
out_has 'a Mail Wizard' 'roles.tsv: what we call an administrator'

with policy.tsv 'ours\t2026-01-01\tour SMTP AUTH is off\tm365\t-\ttenant-smtp-auth-disabled\t-\tour wiki\t2026-01-02\texpert'
run explain -v '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. [AM0P000CA0000.EURPRD00.PROD.OUTLOOK.COM]'
out_has 'our SMTP AUTH is off' 'policy.tsv: a date of ours'

with tell-apart.tsv 'ours\ttest\tauth-failed-unspecified\t1\t-\t0\tAsk the oracle\t-\tThe oracle knows.\tuser\tour wiki\texpert'
run explain -v '535 5.7.3 Authentication unsuccessful'
out_has 'Ask the oracle' 'tell-apart.tsv: a test of ours'

with providers.tsv 'ours\tOur Mail\tclient-submission\tmail.ours.example\t-\tOurMailer\t-\t587:starttls\tPLAIN\t-\t-\t-\tour wiki\t-\texpert\t-'
run explain --format json '550 5.7.1 Relaying denied (OurMailer)'
[ "$rc" -ne 2 ]
say $? 'providers.tsv: a provider of ours is taken'
run check --lab healthy --provider ours
[ "$rc" -ne 2 ]
say $? 'providers.tsv: --provider knows it'
rm "$own/providers.tsv"
run check --lab healthy --provider ours
status 2 '... and without the row it does not'

with services.tsv 'postfix\tOur relay\tspf.ours.example\tcustomer\tours\ttxt\t-\t-\tour wiki\texpert'
run check --lab healthy-mx contoso.com --only dns.spf --provider postfix --sender-ip 203.0.113.99 --no-progress --format json
out_has 'include:spf.ours.example' 'services.tsv: a service of ours'

with authorities.tsv 'Our CA\tca.ours.example\tour wiki\texpert'
run check --lab healthy-mx contoso.com --only dns.caa --no-progress
[ "$rc" != 2 ]; say $? 'authorities.tsv: an authority of ours'
with blocklists.tsv 'bl.ours.example\tOur list\tip\topen\t127.0.0.2 bad\t-\t-\t-\thttps://ours.example/\tour wiki\texpert'
run check --lab healthy-mx contoso.com --only dns.blocklist --sender-ip 203.0.113.9 --no-progress -v
out_has 'Our list (bl.ours.example)' 'blocklists.tsv: a list of ours'
with receiver-rules.tsv 'ours\tour customer\teverybody\tdmarc\tthere is DMARC\t2026-01\t-\tpublish it\tour wiki\texpert'
run check --lab healthy-mx contoso.com --only dns.bulk --only dns.dmarc --no-progress -v
out_has 'our customer, of everybody: there is DMARC' 'receiver-rules.tsv: a receiver of ours'

run check --lab healthy --no-progress --format evidence
cp "$scratch/out" "$scratch/first.ev"
sed 's/"cert.587.key":"[^"]*"/"cert.587.key":"RSA 2048"/' "$scratch/first.ev" >"$scratch/second.ev"
with changes.tsv 'ours\tcert.$.key\tany\t-\t-\tregression\tThe key of port {port} is not ours\tour pin\tdeveloper\tpin it\texpert\tour wiki'
run diff "$scratch/first.ev" "$scratch/second.ev"
out_has 'The key of port 587 is not ours.' 'changes.tsv: what a change means to us'

with clouds.tsv 'ours\tOur cloud\tmicrosoft\torganizations\thttps://login.ours.example\thttps://login.ours.example/{tenant}/a\thttps://login.ours.example/{tenant}/t\thttps://login.ours.example/{tenant}/d\thttps://mail.ours.example\t-\t-\tsmtp.ours.example\tm365\thttps://ours.example/*\t-\tour wiki\texpert'
run token get --cloud nowhere --user u@ours.example
err_has 'ours' 'clouds.tsv: a cloud of ours'

cat >"$scratch/our.env" <<'END'
SMTP_HOST=mail.ours.example
SMTP_PORT=587
SMTP_USER=u@ours.example
MAIL_FROM=u@ours.example
END
with path-findings.tsv 'path.ours\tcase.host = mail.ours.example\terror\thost\twrong-host\tThat host is history.\tWrite mx.ours.example.\texpert\tour wiki'
run lint "$scratch/our.env"
out_has 'That host is history.' 'path-findings.tsv: a contradiction'

with sets.tsv 'ours\tmail.ours.example|old.ours.example\tour wiki\texpert'
{ grep -v '^#' "$data/path-findings.tsv" | head -n 1
printf 'path.ours\tcase.host = @ours\terror\thost\twrong-host\tOne of the old hosts.\tWrite mx.ours.example.\texpert\tour wiki\n'; } >"$scratch/findings.tsv"
cp "$scratch/findings.tsv" "$own/path-findings.tsv"
run lint "$scratch/our.env"
out_has 'One of the old hosts.' 'sets.tsv: a set that a row of another table names'

with path-choices.tsv 'ours\tcase.host\tgraph\tour own way\tit is ours\tnothing\tnothing\texpert\tour wiki'
run check --lab healthy --no-progress --cannot oauth --recipients internal
out_has 'our own way' 'path-choices.tsv: a way of sending'

with concepts.tsv 'flux\tthing\t*\tflux capacitor*\tour wiki\texpert'
cat >"$own/readings.tsv" <<'END'
id	needs	without	stage	code	cause	certainty	meaning	source	confidence	example
ours	flux + failed	-	*	4xx,5xx	relay-denied	likely	Our capacitor is empty.	our wiki	expert	550 the flux capacitors failed
END
run explain '550 5.0.0 two Flux-Capacitors failed'
out_has 'Our capacitor is empty.' 'concepts.tsv and readings.tsv: a word of ours, and what it means'
run explain '550 5.0.0 two Flux-Capacitors'
out_lacks 'Our capacitor is empty.' '... and not by itself'
rm "$own/readings.tsv"

with rules.tsv 'ours\tsmtp.$.greeting.text\trelay-denied\tcertain\tgreeting\t-\tour rule holds at port $\t90\tour wiki\texpert'
run check --lab account-locked --no-progress -v
out_has 'our rule holds' 'rules.tsv: a rule'

# Which table a file of --codes extends: its columns say so. A row twice is a mistake in all of them.
rm -f "$own"/*.tsv
for table in "$data"/*.tsv; do
	name=${table##*/}
	case $name in
	facts.tsv | findings.tsv | lab-* | mail-programs.tsv)
		continue
		;;
	esac
	grep -v '^#' "$table" | awk 'NF { print; if (++n == 2) { print; exit } }' >"$scratch/twice.tsv"
	run explain --codes "$scratch/twice.tsv" x
	status 2 "$name, a row twice: exit status 2"
	err_one_line
	err_has "smtpwhy explain: $scratch/twice.tsv:3: column '"
	err_has 'is there twice, first in line 2'
	cp "$scratch/twice.tsv" "$own/$name"
	run lint "$scratch/our.env"
	status 2 "$name in the folder: exit status 2"
	err_has "smtpwhy lint: $own/$name:3: column '"
	head -n 2 "$scratch/twice.tsv" >"$own/$name"
	run lint "$scratch/our.env"
	[ "$rc" -ne 2 ]
	say $? "$name: once, it is fine"
	head -n 1 "$scratch/twice.tsv" | cut -f 1-3 >"$own/$name"
	run lint "$scratch/our.env"
	err_has "$own/$name:1: column '"
	err_has 'expected in the line that names the columns, and is not there'
	rm "$own/$name"
done

# What the program itself says and leaves is in two tables that take no other rows.
for name in facts.tsv findings.tsv; do
	grep -v '^#' "$data/$name" | head -n 2 >"$own/$name"
	wrong "smtpwhy lint: $own/$name: $name is no table that can be extended" lint "$scratch/our.env"
	mv "$own/$name" "$scratch/fixed.tsv"
	wrong "smtpwhy explain: $scratch/fixed.tsv: $name is no table that can be extended" \
		explain --codes "$scratch/fixed.tsv" x
done

done_testing
