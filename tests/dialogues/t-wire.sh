#!/bin/sh
# t-wire - at every point of the dialogue everything goes wrong that can go wrong on a wire: closed, reset, silence, noise, half a
# line, TLS where there is none, another reply than any that makes sense. Each time the run must not pass, and a
# cause must be named (but for the reply that means nothing).
. "$(dirname "$0")/lib.sh"

fault()
{
	case $1 in
	closed)  echo 'drop' ;;
	reset)   echo 'reset' ;;
	silence) echo 'silent' ;;
	noise)   echo 'garbage 200 drop' ;;
	half)    echo 'send 25
		drop' ;;
	alert)   echo 'send \x15\x03\x03\x00\x02\x02\x50
		drop' ;;
	odd)     echo '333 something else' ;;
	esac
}

for point in greeting ehlo starttls handshake ehlo-tls auth prompt-user prompt-password login mail rcpt; do
	for fault in closed reset silence noise half alert odd; do
		# A line is no part of a handshake; a 3yz is what the prompts are.
		case $point-$fault in handshake-odd|prompt-*-odd) continue ;; esac
		name=wire-$point-$fault
		cat >"$scratch/$name.scenario" <<-END
			like    company
			title   $fault at $point
			target  mail.example.com:587
			options --timeout 0.4 --from app@example.com --to someone@example.com
			server mail.example.com:587
			 offers-tls PIPELINING, ETRN, AUTH LOGIN, ENHANCEDSTATUSCODES, 8BITMIME, DSN, SMTPUTF8, CHUNKING, SIZE 52428800
			 $point $(fault $fault)
		END
		cause=any
		[ $fault != odd ] || cause='any|none'
		printf 'want status fail|unknown\nwant cause %s\n' "$cause" >"$scratch/$name.wanted"
		try "$name" "$fault at $point" "$scratch/$name.scenario" "$scratch/$name.wanted"
	done
done
done_testing
