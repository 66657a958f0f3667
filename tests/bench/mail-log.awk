# mail-log.awk - a Postfix log as a busy relay writes it: awk -v mb=200 -v bad=2 -f mail-log.awk. Always the same bytes.
#
#	mb	megabytes
#	bad	of a hundred messages so many fail (2)

function pick(list,    n, part) { n = split(list, part, "|"); return part[int(rand() * n) + 1] }

function stamp(    s)
{
	s = int(seconds)
	return sprintf("Nov %2d %02d:%02d:%02d", 1 + int(s / 86400) % 28, int(s / 3600) % 24, int(s / 60) % 60, s % 60)
}

function say(program, text,    line)
{
	line = stamp() " relay postfix/" program "[" 1000 + int(rand() * 60000) "]: " text
	bytes += length(line) + 1
	print line
}

function reason(host, ip)
{
	return pick("deferred 4.4.1 connect to " host "[" ip "]:25: Connection timed out" \
		"|bounced 5.1.1 host " host "[" ip "] said: 550 5.1.1 <u" int(rand() * 1e6) "@example.org>: Recipient address rejected: User unknown in virtual mailbox table (in reply to RCPT TO command)" \
		"|deferred 4.7.1 host " host "[" ip "] said: 451 4.7.1 Greylisting in action, please come back later (in reply to RCPT TO command)" \
		"|bounced 5.7.1 host " host "[" ip "] said: 550-5.7.1 [" ip "] Our system has detected that this message is likely unsolicited mail. 550 5.7.1 " int(rand() * 1e9) "a-20020a" int(rand() * 1e9) "aa.49 - gsmtp (in reply to end of DATA command)" \
		"|bounced 5.7.139 SASL authentication failed; server smtp.office365.com[192.0.2.10] said: 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. [BL1PR" int(rand() * 99) "CA" int(rand() * 9999) ".PROD.OUTLOOK.COM 2026-11-20T06:25:02.123Z 08DE" int(rand() * 1e9) "]" \
		"|deferred 4.4.3 Host or domain name not found. Name service error for name=" host " type=MX: Host not found, try again")
}

BEGIN {
	srand(1)
	if (!bad)
		bad = 2
	while (bytes < mb * 1e6) {
		id = sprintf("%X%X", 4e9 * rand(), 1e5 + 9e5 * rand())
		n = int(rand() * 2000)
		host = "mx" n % 7 ".example" n ".org"
		ip = "192.0.2." n % 255
		from = "user" int(rand() * 5000) "@" pick("contoso.com|fabrikam.com|example.com|corp.example.net")
		seconds += rand()
		say("smtpd", id ": client=app" n % 9 ".example.com[10.0.0." n % 250 "], sasl_method=LOGIN, sasl_username=" from)
		say("cleanup", id ": message-id=<" id "." int(rand() * 1e9) "@app.example.com>")
		say("qmgr", id ": from=<" from ">, size=" int(rand() * 500000) ", nrcpt=1 (queue active)")
		to = id ": to=<u" int(rand() * 1e6) "@example" n ".org>, relay=" host "[" ip "]:25, delay=" int(rand() * 900) / 100 ", delays=0.1/0/0.45/0.5, dsn="
		if (rand() * 100 < bad) {
			why = reason(host, ip)
			split(why, part, " ")
			say("smtp", to part[2] ", status=" part[1] " (" substr(why, length(part[1]) + length(part[2]) + 3) ")")
		} else {
			say("smtp", to "2.0.0, status=sent (250 2.0.0 Ok: queued as " sprintf("%X", 4e9 * rand()) ")")
			say("qmgr", id ": removed")
		}
	}
}
