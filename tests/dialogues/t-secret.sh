#!/bin/sh
# t-secret - where a secret goes. Each way in which a host can be named, each mechanism, a password and a token: the simulated server itself
# says whether it heard any AUTH. What only a forged answer of DNS names must hear nothing, whatever else is allowed.
. "$(dirname "$0")/lib.sh"

# scenario MECHANISM HOST PORT CERTIFICATE LINES-OF-DNS: example.com's people, and one server that takes everything. The lab traces
# the answers that are written here: one at a login is the proof that a secret was heard.
scenario()
{
	cat <<-END
		title     where a secret goes
		target    mail.example.com:587
		user      app@example.com
		password  Correct-Horse-7
		token     made.up.token
		dns
		$5
		 example.com  TXT v=spf1 -all
		 mx.evil.test A   192.0.2.66
		server $2:$3
		 tls          $(case $3 in 465|4650) echo implicit ;; *) echo starttls ;; esac)
		 certificate  $4
		 offers       SIZE 52428800, STARTTLS$(case $4 in none) echo ", AUTH $1" ;; esac)
		 offers-tls   SIZE 52428800, AUTH $1
		 prompt-user  334 VXNlcm5hbWU6
		 login        235 2.7.0 Accepted
		 login-wrong  235 2.7.0 Accepted
	END
}

# place NAME: sets host, port, certificate, dns and target for one way of naming a host, and who should hear the secret: yes or no.
place()
{
	host=mx.evil.test port=465 certificate='good for mx.evil.test' target=example.com hears=no flags= dns=
	case $1 in
	typed)            host=mail.example.com port=587 target=mail.example.com:587 certificate=good hears=yes ;;
	typed-cname)      host=mail.example.com port=587 target=mail.example.com:587 certificate='good for mx.evil.test'
			  dns=' mail.example.com CNAME mx.evil.test' ;;
	srv-elsewhere)    dns=' _submissions._tcp.example.com SRV 0 1 465 mx.evil.test' ;;
	srv-starttls)     port=587 dns=' _submission._tcp.example.com SRV 0 1 587 mx.evil.test' ;;
	srv-odd-port)     port=4650 dns=' _submissions._tcp.example.com SRV 0 1 4650 mx.evil.test' ;;
	srv-untrusted)    certificate='self-signed for mx.evil.test example.com' flags=--allow-untrusted-auth
			  dns=' _submissions._tcp.example.com SRV 0 1 465 mx.evil.test' ;;
	srv-alike)        host=mx.notexample.com certificate=good dns=' _submissions._tcp.example.com SRV 0 1 465 mx.notexample.com' ;;
	srv-cname)        host=mail.example.com certificate='good for mx.evil.test'
			  dns=' _submissions._tcp.example.com SRV 0 1 465 mail.example.com
 mail.example.com CNAME mx.evil.test' ;;
	srv-covered)      certificate='good for mx.evil.test example.com' hears=yes
			  dns=' _submissions._tcp.example.com SRV 0 1 465 mx.evil.test' ;;
	srv-inside)       host=mail.example.com certificate=good hears=yes
			  dns=' _submissions._tcp.example.com SRV 0 1 465 mail.example.com' ;;
	mx-elsewhere)     port=25 flags='--path direct-send' dns=' example.com MX 0 mx.evil.test' ;;
	mx-login-ports)   port=587 flags='--path smtp-relay --ports 587' dns=' example.com MX 0 mx.evil.test' ;;
	mx-untrusted)     port=25 flags='--path direct-send --allow-untrusted-auth' certificate='self-signed for mx.evil.test'
			  dns=' example.com MX 0 mx.evil.test' ;;
	mx-covered)       port=25 flags='--path direct-send' certificate='good for mx.evil.test example.com' hears=yes
			  dns=' example.com MX 0 mx.evil.test' ;;
	mx-inside)        host=mail.example.com port=25 flags='--path direct-send' certificate=good hears=yes
			  dns=' example.com MX 0 mail.example.com' ;;
	mx-none)          host=example.com port=25 flags='--path direct-send' certificate=good hears=yes dns=' example.com A 192.0.2.67' ;;
	mx-of-provider)   host=smtp.gmail.com port=587 certificate=good hears=yes flags='--ports 587'
			  dns=' example.com MX 0 aspmx.l.google.com' ;;
	mx-of-provider-forged) host=smtp.gmail.com port=587 flags='--ports 587 --allow-untrusted-auth' certificate='self-signed'
			  dns=' example.com MX 0 aspmx.l.google.com' ;;
	provider)         host=smtp.gmail.com port=587 certificate=good hears=yes flags='--ports 587 --provider google' ;;
	address)          target=app@example.com dns=' _submissions._tcp.example.com SRV 0 1 465 mx.evil.test' ;;
	esac
}

# one NAME MECHANISM: runs it, and prints its line of TAP.
one()
{
	place "$1"
	at=$scratch/secret-$1-$2
	lower=$(echo "$2" | tr A-Z a-z)
	scenario "$2" "$host" "$port" "$certificate" "$dns" >"$at.scenario"
	# shellcheck disable=SC2086 # flags are words
	timeout -k 5 60 ${WRAP-} "$SMTPWHY" check --lab "$at.scenario" "$target" $flags --auth "$lower" --format json \
		--no-progress --trace lab >"$at.json" 2>"$at.stderr" </dev/null
	status=$?
	heard=no
	! grep -qE 'answers at (auth|prompt|login)' "$at.stderr" || heard=yes
	{
		[ $heard = $hears ] || printf 'want  the server hears the secret: %s\ngot   %s\n' $hears $heard
		[ $hears = no ] || [ $status = 0 ] || [ $status = 1 ] || echo "exit status $status"
		[ $hears = yes ] || [ $status != 0 ] || echo 'it is called good'
		bad_words "$at.stderr"
		case $1 in
		srv-elsewhere|srv-odd-port|mx-elsewhere)
			grep -q "\"finding\": \"$lower.withheld\"" "$at.json" || echo 'the finding is missing'
			grep -q 'it is the right one, name it: smtpwhy check mx.evil.test' "$at.json" || echo 'how to consent is not told' ;;
		mx-of-provider)
			grep -q 'check: example.com has its mailboxes there (MX aspmx.l.google.com)' "$at.stderr" ||
				echo 'where it goes is not told beforehand' ;;
		esac
	} >"$at.words"
	case $hears in yes) what='the secret is sent' ;; *) what='no secret is sent' ;; esac
	report "$1, $2: $what" "secret-$1-$2" "$at.json=report.json" "$at.stderr=stderr" "$at.scenario=lab.scenario" >"$at.result"
}

for place in typed typed-cname srv-elsewhere srv-starttls srv-odd-port srv-untrusted srv-alike srv-cname srv-covered srv-inside mx-elsewhere \
	mx-login-ports mx-untrusted mx-covered mx-inside mx-none mx-of-provider mx-of-provider-forged provider address; do
	for mechanism in PLAIN LOGIN XOAUTH2 OAUTHBEARER; do
		case " ${D-$place} " in *" $place "*) ;; *) continue ;; esac
		one "$place" "$mechanism" &
		count=$((count + 1))
		[ $((count % at_once)) != 0 ] || wait
	done
done
done_testing
