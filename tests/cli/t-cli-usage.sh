#!/bin/sh
# Wrong usage: one line that names what is wrong, exit status 2; help and version.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

run --version
status 0
case $(cat "$scratch/out") in 'smtpwhy '[0-9]*) say 0 'the version' ;; *) say 1 'the version' ;; esac
run
status 2
err_has 'usage: smtpwhy COMMAND'
out_empty
run --help
status 0
for command in check audit explain headers codes token diff lint sink lab; do
	out_has "  $command " "the help names $command"
done
for command in check audit explain headers codes token diff lint sink lab; do
	run "$command" --help
	status 0
	out_has "usage: smtpwhy $command"
	err_empty
	awk 'length > 80' "$scratch/out" >"$scratch/long"
	[ ! -s "$scratch/long" ]
	say $? "$command --help keeps to 80 columns"
	cp "$scratch/out" "$scratch/help"
	run help "$command"
	cmp -s "$scratch/out" "$scratch/help"
	say $? "help $command is $command --help"
	run "$command" -h
	cmp -s "$scratch/out" "$scratch/help"
	say $? "$command -h is $command --help"
done

wrong "smtpwhy: there is no command 'chekc'; did you mean 'check'?" chekc
wrong "smtpwhy: there is no command 'smtp.office365.com'; did you mean 'smtpwhy check smtp.office365.com'?" smtp.office365.com
wrong "smtpwhy: there is no command '535 5.7.8 no'; did you mean 'smtpwhy explain' and this text?" '535 5.7.8 no'
wrong "smtpwhy: there is no option --nonsense; 'smtpwhy --help' tells what there is" --nonsense
wrong "smtpwhy: there is no command 'frobnicate'; 'smtpwhy --help' tells what there is" help frobnicate

t=smtp.example.com
wrong "smtpwhy check: there is no option --tiemout; did you mean --timeout?" check --tiemout 3 $t
wrong "smtpwhy check: there is no option --pass; did you mean --password-file?" check --pass x $t
wrong "smtpwhy check: there is no option --frobnicate; 'smtpwhy check --help' lists them" check --frobnicate=secret $t
own=$scratch/own.scenario
printf 'like healthy\noptions --timeuot 3\n' >"$own"
wrong "smtpwhy check: --lab $own: there is no option --timeuot; did you mean --timeout?" \
	check --lab "$own"
wrong "smtpwhy check: there is no option -x; 'smtpwhy check --help' lists them" check -qx $t
wrong "smtpwhy check: --ports needs a value: --ports LIST" check $t --ports
wrong "smtpwhy check: -o needs a value: -o FILE" check $t -o
wrong "smtpwhy check: --user is empty" check --user= $t
wrong "smtpwhy check: --quiet takes no value" check --quiet=yes $t
wrong "smtpwhy check: --format cannot be 'xml'; it is one of: text, json, ndjson, junit, evidence, markdown" check --format xml $t
wrong "smtpwhy check: --path cannot be 'magic'; it is one of: client-submission, direct-send, smtp-relay, high-volume-email, azure-communication-services, graph, third-party, personal-outlook" check --path magic $t
wrong "smtpwhy check: --auth needs --user NAME" check --auth login $t
wrong "smtpwhy check: --data sends a message and needs --from ADDRESS and --to ADDRESS" check --data $t
wrong "smtpwhy check: --data sends a message and needs --from ADDRESS and --to ADDRESS" check --data --from scan@contoso.com $t
wrong 'smtpwhy check: --format markdown is for --baseline FILE' check --format markdown $t
wrong 'smtpwhy check: --format evidence does not go with --baseline' check --format evidence --baseline x $t
wrong 'smtpwhy check: --accept is for --baseline FILE' check --accept $t
wrong 'smtpwhy check: --baseline: name a file' check --baseline - $t
ds='check --direct-send-test contoso.com'
wrong 'smtpwhy check: --direct-send-test writes in the name of contoso.com: say --i-may-test contoso.com if you may' $ds --to a@contoso.com
wrong 'smtpwhy check: --direct-send-test writes in the name of contoso.com: say --i-may-test contoso.com if you may' $ds --i-may-test example.com --to a@contoso.com
ds="$ds --i-may-test Contoso.com"
wrong 'smtpwhy check: --direct-send-test needs --to ADDRESS, one of your own in contoso.com' $ds
wrong 'smtpwhy check: --direct-send-test needs --to ADDRESS, one of your own in contoso.com' $ds --to a@example.com
wrong "smtpwhy check: --direct-send-test is about senders in contoso.com, and --from 'a@example.com' is elsewhere" $ds --to a@contoso.com --from a@example.com
wrong 'smtpwhy check: --direct-send-test stops before the message and does not go with --data' $ds --to a@contoso.com --from b@contoso.com --data
wrong 'smtpwhy check: --direct-send-test is about mail without a login: leave --user out' $ds --to a@contoso.com --user a@contoso.com
wrong "smtpwhy check: --direct-send-test asks the MX of contoso.com: leave 'smtp.example.com' out" $ds --to a@contoso.com smtp.example.com
wrong "smtpwhy check: --direct-send-test: 'contoso' is no domain" check --direct-send-test contoso --i-may-test contoso --to a@contoso
wrong 'smtpwhy check: --i-may-test is for --direct-send-test DOMAIN' check --i-may-test contoso.com $t
wrong 'smtpwhy check: --client-cert and --client-key go together' check --client-cert x.pem $t
wrong "smtpwhy check: --client-cert: cannot read '/nonexistent/x.pem': No such file or directory" check --client-cert /nonexistent/x.pem --client-key x $t
printf 'no certificate\n' >"$scratch/cert.pem"
printf "nor a key\n" >"$scratch/cert.key"
chmod 640 "$scratch/cert.key"
wrong "smtpwhy check: --client-key: others may read '$scratch/cert.key' (mode 0640): chmod 600 it first" check --client-cert "$scratch/cert.pem" --client-key "$scratch/cert.key" $t
chmod 600 "$scratch/cert.key"
run check --client-cert "$scratch/cert.pem" --client-key "$scratch/cert.key" $t
status 2
err_one_line
err_has 'no certificate can be read (PEM: -----BEGIN CERTIFICATE-----)'
wrong "smtpwhy check: -4 and -6 together leave nothing to dial" check -4 -6 $t
for time in 0 -1 x 1.2345 86401 99999999999999999999 '' 0.000 1e3 '5 '; do
	run check --timeout "$time" $t
	status 2 "--timeout '$time' is refused"
	err_one_line "... in one line"
done
wrong "smtpwhy check: --max-time cannot be '0'; it is a time in seconds, 0.001 to 86400" check --max-time 0 $t
wrong "smtpwhy check: --ports: '0' is no port: 1 to 65535, maybe with /tls or /starttls" check --ports 25,0 $t
wrong "smtpwhy check: --ports: '65536' is no port: 1 to 65535, maybe with /tls or /starttls" check --ports 65536 $t
wrong "smtpwhy check: --ports: '587/ssl' is no port: 1 to 65535, maybe with /tls or /starttls" check --ports 587/ssl $t
wrong "smtpwhy check: --ports: no port is named" check --ports , $t
wrong "smtpwhy check: --ports: more than 16 ports are named" check --ports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17 $t
wrong "smtpwhy check: --from: 'no' is no mail address" check --from no $t
wrong "smtpwhy check: --sender-ip: '192.0.2' is not an IP address" check --sender-ip 192.0.2 $t
wrong "smtpwhy check: --to: 'a@b>' is no mail address" check --to 'a@b>' $t
wrong "smtpwhy check: --from: 'a@b\\r\\nDATA' is no mail address" check --from "$(printf 'a@b\r\nDATA')" $t
wrong "smtpwhy check: --helo: 'a b' is no name" check --helo 'a b' $t
wrong "smtpwhy check: --user: control characters are in it" check --user "$(printf 'a\nb')" $t
wrong "smtpwhy check: --trace: 'stmp' is none of fiber, dns, net, tls, smtp, http, checks, rules, lab, all" check --trace dns,stmp $t
wrong "smtpwhy check: --provider: 'm356' is not known; did you mean 'm365'?" check --provider m356 $t
wrong "smtpwhy check: --only: no check is called 'stmp.*'" check --only 'stmp.*' $t
wrong "smtpwhy check: --skip-check: no check is called 'tls'" check --skip-check tls $t
wrong "smtpwhy check: --ca-file: cannot read '/nonexistent/ca.pem': No such file or directory" check --ca-file /nonexistent/ca.pem $t
printf 'not a certificate\n-----BEGI\n' >"$scratch/junk.pem"
wrong "smtpwhy check: --ca-file: there is no certificate in '$scratch/junk.pem' (PEM: -----BEGIN CERTIFICATE-----)" check --ca-file "$scratch/junk.pem" $t
wrong "smtpwhy check: --ca-file: cannot read '$scratch': Is a directory" check --ca-file "$scratch" $t
wrong "smtpwhy check: --trust-anchor: cannot read '/nonexistent/root.key': No such file or directory" check --trust-anchor /nonexistent/root.key $t
wrong "smtpwhy check: --trust-anchor: there is no DNSKEY or DS record in '$scratch/junk.pem'" check --trust-anchor "$scratch/junk.pem" $t
for command in 'check smtp.example.org' 'send --via graph --to a@example.org' 'token get --client-id x --tenant contoso.com'; do
	me=${command%% *}
	# shellcheck disable=SC2086 # words
	{
		wrong "smtpwhy $me: --ca-file: there is no certificate in '$scratch/junk.pem' (PEM: -----BEGIN CERTIFICATE-----)" $command --ca-file "$scratch/junk.pem"
		wrong "smtpwhy $me: --ca-file: there is no certificate in '/dev/zero' (PEM: -----BEGIN CERTIFICATE-----)" $command --ca-file /dev/zero
		wrong "smtpwhy $me: --ca-file: cannot read '/nonexistent/ca.pem': No such file or directory" $command --ca-file /nonexistent/ca.pem
	}
done
run token get --client-id x --tenant "$(head -c 100000 /dev/zero | tr '\0' a)@"
status 2 'a very long value'
err_has "smtpwhy token: --tenant: 'aaaa" '... is told by its beginning'
err_has "aaa@' is neither the id of a tenant nor a domain of it" '... and what is wrong with it'
[ "$(wc -c <"$scratch/err")" -lt 2000 ]
say $? '... in a line that can be read'
wrong "smtpwhy check: --source: 192.0.2.254 is no address of this machine" check --source 192.0.2.254 $t
wrong "smtpwhy check: cannot write to '/nonexistent/report': No such file or directory" check -o /nonexistent/report 127.0.0.1:9
wrong "smtpwhy check: what is to be checked? Give a host (smtp.office365.com:587), a domain (contoso.com) or an address" check

# A slip in the last target is known before the first is asked.
wrong "smtpwhy check: 'https://contoso.com/' is no target: it is a URL; give the host alone: contoso.com" check 127.0.0.1:9 https://contoso.com/
# A login in an address is told by nobody.
for target in "smtp://user:Geheim@127.0.0.1:9" "smtp://user:Geheim@4711@127.0.0.1:9" "user:Geheim@127.0.0.1:9" "smtp://Geheim@127.0.0.1" \
	      "smtp://user:Geheim 'x Geheim@127.0.0.1" "user:Geheim '4 Geheim@127.0.0.1"; do
	for option in "" --ports --source --resolver --connect-to --from --to --sender-ip --helo --user --tenant --path --provider; do
		if [ "$option" ]; then
			[ "$option" = --user ] && continue	# that is told: the user gave it as a name
			run check $t --no-progress --only 'nothing.*' "$option" "$target"
		else
			run check "$target"
			status 2 "a login in the target is refused"
		fi
		out_lacks Geheim "... and nothing of it is told: ${option:-target} $target"
	done
done
wrong "smtpwhy check: 'smtp://***********@127.0.0.1:9' is no target: it is a URL; give the host alone: 127.0.0.1:9" check smtp://user:Geheim@127.0.0.1:9
for option in --token-url --device-url --auth-url; do
	wrong "smtpwhy token: $option has a user name or password before the host, and everyone on this machine can read a command line; give a secret by --client-secret-file" \
		token get --client-id x $option https://user:Geheim@login.example/token
done

wrong "smtpwhy check: 'smtp.office365.com:587:' is no target: after the colon goes a port, a number of 1 to 65535" check smtp.office365.com:587:
wrong "smtpwhy check: 'user@' is no target: nothing stands after the @" check user@
wrong "smtpwhy check: '' is no target: it is empty: give a host (smtp.office365.com:587), a domain (contoso.com) or an address (scan@contoso.com)" check ''
wrong "smtpwhy check: '-x' is no target: a part between two dots begins or ends with a hyphen" check -- -x

wrong "smtpwhy lab: which scenario? 'smtpwhy lab --list' names them" lab
wrong "smtpwhy lab: one scenario at a time" lab healthy tenant-disabled
run lab no-such-scenario
status 2
err_has 'no-such-scenario'
err_one_line
run check --lab no-such-scenario
status 2
err_has 'no-such-scenario'
err_one_line

done_testing
