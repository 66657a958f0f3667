#!/bin/sh
# t-line-ends - at every point of the dialogue the answer is a bare code with each kind of line end. RFC 5321, 2.3.8 allows CRLF alone;
# LF, CR CR LF and the like are read as what was meant. CR alone ends no line, and a NUL is no part of a reply: neither may end the run
# in any other way than a failure.
. "$(dirname "$0")/lib.sh"

at_once=12	# most of these wait

# bytes KIND: what ends the line, and what comes after it. printf, for an echo may take the backslashes for its own.
bytes()
{
	case $1 in
	lf)       printf '%s\n' '\n' ;;
	crcrlf)   printf '%s\n' '\r\r\n' ;;
	crcrcrlf) printf '%s\n' '\r\r\r\n' ;;
	cr)       printf '%s\n' '\r' '		drop' ;;
	cr-open)  printf '%s\n' '\r' '		silent' ;;
	nul)      printf '%s\n' '\0\r\n' ;;
	esac
}

# try_ends POINT CODE STATUS [LINE [KINDS]]: STATUS is the one wanted where the line end can be read; LINE is added to the server's section.
try_ends()
{
	for kind in ${5-lf crcrlf crcrcrlf cr cr-open nul}; do
		name=line-end-$1-$2-$kind
		cat >"$scratch/$name.scenario" <<-END
			like    company
			title   $1 with $kind
			target  mail.example.com:587
			options --timeout 2 --max-time 12 --from app@example.com --to someone@example.com --data
			server mail.example.com:587
			 offers-tls PIPELINING, AUTH LOGIN, 8BITMIME, SIZE 52428800
			 ${4-}
			 $1 send $2$(bytes $kind)
		END
		case $kind in
		nul) case $1 in rset | quit) echo "want status $3" ;; *) echo 'want status fail|unknown' ;; esac ;;
		cr | cr-open) echo 'want status pass|warn|fail|unknown' ;;
		*)   echo "want status $3" ;;
		esac >"$scratch/$name.wanted"
		try "$name" "a bare $2 and $kind at $1" "$scratch/$name.scenario" "$scratch/$name.wanted"
	done
}

try_ends greeting 220 'pass|warn'
try_ends greeting 554 fail '' crcrlf
try_ends ehlo 250 fail
try_ends ehlo 550 fail '' crcrlf
try_ends helo 250 fail 'ehlo 500 what'
try_ends starttls 220 'pass|warn'
try_ends starttls 454 fail '' crcrlf
try_ends ehlo-tls 250 fail
try_ends auth 535 fail
try_ends prompt-user 334 'pass|warn'
try_ends prompt-password 334 'pass|warn'
try_ends login 235 'pass|warn'
try_ends login 535 fail '' crcrlf
try_ends mail 250 'pass|warn'
try_ends mail 550 fail '' crcrlf
try_ends rcpt 250 'pass|warn'
try_ends rcpt 550 fail '' crcrlf
try_ends data 354 'pass|warn'
try_ends data 554 fail '' crcrlf
try_ends accepted 250 'pass|warn'
try_ends accepted 550 fail '' crcrlf
try_ends rset 250 'pass|warn'
try_ends quit 221 'pass|warn'
done_testing
