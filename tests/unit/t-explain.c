/*
 * t-explain - one refusal in the wrappings of many programs, and failures without a reply.
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/str.h"
#include "paste/explain.h"
#include "know/know.h"

static const struct know *know;

#define OFF \
	"Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit " \
	"https://aka.ms/smtp_auth_disabled for more information. " \
	"[AM0P000CA0000.EURPRD00.PROD.OUTLOOK.COM 2026-11-20T12:00:00.000Z 08DE000000000000]"
#define OFF_CAUSE "tenant-smtp-auth-disabled certain"

struct pasted {
	const char *what, *text;
	const char *reply;		/* "535 5.7.139 auth" of the first; "" = none */
	const char *cause;		/* "cause certainty" of the first diagnosis; "" = none */
	const char *kind, *provider;	/* NULL = any */
};

static const struct pasted cases[] = {
	{ "a line of a program's source is no code",
	  "    at SMTPConnection.onError (/app/index.js:535:19)", "", "", NULL, NULL },
	{ "a bare reply", "535 5.7.139 " OFF, "535 5.7.139 auth", OFF_CAUSE, "reply", "m365" },
	{ "with CRLF and blanks", "  535 5.7.139 " OFF "\r\n", "535 5.7.139 auth", OFF_CAUSE,
	  "reply", "m365" },
	{ "smtplib", "Traceback (most recent call last):\n  File "
	  "\"/usr/lib/python3.11/smtplib.py\", line 662, in auth\n"
	  "smtplib.SMTPAuthenticationError: (535, b'5.7.139 " OFF "')", "535 5.7.139 auth",
	  OFF_CAUSE, "trace", "m365" },
	{ "smtplib refused sender", "smtplib.SMTPSenderRefused: (530, b'5.7.57 Client not "
	  "authenticated to send mail. [AM0P]', 'scan@contoso.com')",
	  "530 5.7.57 mail", "not-authenticated likely", NULL, NULL },
	{ "smtplib refused recipient", "smtplib.SMTPRecipientsRefused: {'nobody@contoso.com': "
	  "(550, b'5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found')}",
	  "550 5.1.10 rcpt", "unknown-recipient certain", NULL, NULL },
	{ "Nodemailer",
	  "Error: Invalid login: 535 5.7.139 " OFF "\n    at SMTPConnection._formatError "
	  "(/app/node_modules/nodemailer/lib/smtp-connection/index.js:790:19) {\n  code: 'EAUTH',\n"
	  "  response: '535 5.7.139 " OFF "',\n  responseCode: 535,\n  command: 'AUTH LOGIN'\n}",
	  "535 5.7.139 auth", OFF_CAUSE, "trace", "m365" },
	{ "JSON with escapes",
	  "{\"level\":\"error\",\"err\":{\"code\":\"EAUTH\",\"response\":\"535-5.7.8 Username and "
	  "Password not accepted. For more information, go to\\n"
	  "535 5.7.8  https://support.google.com/mail/?p=BadCredentials ffacd0b85a97d - gsmtp\","
	  "\"command\":\"AUTH PLAIN\"}}", "535 5.7.8 auth", "app-password-required likely",
	  NULL, "google" },
	{ "PHPMailer debug", "2026-11-20 12:00:00 SERVER -> CLIENT: 334 UGFzc3dvcmQ6\n"
	  "2026-11-20 12:00:00 CLIENT -> SERVER: [credentials hidden]\n"
	  "2026-11-20 12:00:01 SERVER -> CLIENT: 535 5.7.139 " OFF
	  "\n2026-11-20 12:00:01 SMTP ERROR: Password command failed: 535 5.7.139 " OFF "\n"
	  "SMTP Error: Could not authenticate.", "535 5.7.139 auth", OFF_CAUSE,
	  "transcript", "m365" },
	{ ".NET", "System.Net.Mail.SmtpException: The SMTP server requires a secure connection or "
	  "the client was not authenticated. The server response was: 5.7.57 Client not "
	  "authenticated to send mail. [AM0P000CA0000.EURPRD00.PROD.OUTLOOK.COM]\n   at "
	  "System.Net.Mail.MailCommand.CheckResponse(SmtpStatusCode statusCode, String response)",
	  "530 5.7.57 unknown", "not-authenticated likely", "trace", "m365" },
	{ "JavaMail", "jakarta.mail.AuthenticationFailedException: 535 5.7.139 " OFF
	  "\n\tat com.sun.mail.smtp.SMTPTransport.authenticate(SMTPTransport.java:965)",
	  "535 5.7.139 auth", OFF_CAUSE, "trace", "m365" },
	{ "Go", "2026/11/20 12:00:00 535 5.7.139 " OFF, "535 5.7.139 auth", OFF_CAUSE,
	  "log", "m365" },
	{ "Go, quoted",
	  "level=error msg=\"send failed\" error=\"gomail: could not send email 1: 535 5.7.139 "
	  OFF "\"", "535 5.7.139 auth", OFF_CAUSE, "log", "m365" },
	{ "curl -v", "> AUTH LOGIN\n< 334 VXNlcm5hbWU6\n> c2NhbkBjb250b3NvLmNvbQ==\n< 535 5.7.139 "
	  OFF "\n* closing connection 0\ncurl: (67) Login denied", "535 5.7.139 auth", OFF_CAUSE,
	  "transcript", "m365" },
	{ "swaks",
	  " ~> AUTH LOGIN\n<~  334 VXNlcm5hbWU6\n ~> c2NhbkBjb250b3NvLmNvbQ==\n<~* 535 5.7.139 " OFF
	  "\n*** No authentication type succeeded", "535 5.7.139 auth", OFF_CAUSE,
	  "transcript", "m365" },
	{ "Postfix", "Nov 20 12:00:00 relay postfix/smtp[1234]: 4F1A21234: to=<a@example.com>, "
	  "relay=smtp.office365.com[192.0.2.10]:587, delay=2, dsn=4.7.139, status=deferred (SASL "
	  "authentication failed; server smtp.office365.com[192.0.2.10] said: 535 5.7.139 " OFF ")",
	  "535 5.7.139 auth", OFF_CAUSE, "log", "m365" },
	{ "Postfix bounce",
	  "This is the mail system at host relay.contoso.com.\n\n<nobody@example.com>: host "
	  "mx.example.com[192.0.2.25] said: 550 5.1.1\n    <nobody@example.com>: Recipient address "
	  "rejected: User unknown in virtual\n    mailbox table (in reply to RCPT TO command)\n",
	  "550 5.1.1 rcpt", "unknown-recipient certain", "bounce", NULL },
	{ "Exim", "** a@example.com R=smarthost T=remote_smtp: SMTP error from remote mail server "
	  "after MAIL FROM:<scan@contoso.com>: host smtp.office365.com [192.0.2.10]: 530 5.7.57 "
	  "Client not authenticated to send mail.", "530 5.7.57 mail", "not-authenticated likely",
	  NULL, "m365" },
	{ "a delivery report", "Final-Recipient: rfc822;nobody@contoso.com\nAction: failed\n"
	  "Status: 5.7.509\nDiagnostic-Code: smtp;550 5.7.509 Access denied, sending domain\n    "
	  "example.com does not pass DMARC verification and has a DMARC policy of\n    reject.\n",
	  "550 5.7.509 accepted", "dmarc-fail certain", "bounce", NULL },
	{ "an NDR for people", "Delivery has failed to these recipients or groups:\n\n"
	  "Generating server: AM0P000MB0000.eurprd00.prod.outlook.com\nnobody@contoso.com\n"
	  "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found "
	  "by SMTP address lookup'", "550 5.1.10 accepted", "unknown-recipient certain",
	  "bounce", "m365" },
	{ "quoted-printable",
	  "Content-Transfer-Encoding: quoted-printable\n\nRemote Server returned '550 5.1.10 "
	  "RESOLVER.ADR.Recipient=\nNotFound; Recipient not fou=\nnd by SMTP address lookup'",
	  "550 5.1.10 accepted", "unknown-recipient certain", "bounce", NULL },
	{ "nested", "530 5.7.57 Client not authenticated to send mail. Error: 535 5.7.139 "
	  "Authentication unsuccessful, the user credentials were incorrect. [AM0P]",
	  "530 5.7.57 unknown", "wrong-credentials certain", NULL, NULL },
	{ "many lines", "550-5.7.25 [192.0.2.1] The IP address sending this message does not have "
	  "a\n550-5.7.25 PTR record setup, or the corresponding forward DNS entry does not\n"
	  "550-5.7.25 point to the sending IP. As a policy, Gmail does not accept messages from\n"
	  "550 5.7.25 IPs with missing PTR records. 41be03b00d2f7 - gsmtp", "550 5.7.25 unknown",
	  "reverse-dns-missing likely", "reply", "google" },
	{ "many lines in one",
	  "status=bounced (host gmail-smtp-in.l.google.com[192.0.2.27] said: 550-5.7.25 "
	  "[192.0.2.1] The IP address sending this message does not have a 550-5.7.25 PTR record "
	  "setup 550 5.7.25 information. 41be03b00d2f7 - gsmtp (in reply to end of DATA command))",
	  "550 5.7.25 data", "reverse-dns-missing certain", "log", "google" },
	{ "an enhanced code alone", "error 5.7.57", "0 5.7.57 unknown", "not-authenticated likely",
	  NULL, NULL },
	{ "words alone",
	  "Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.", "",
	  "tenant-smtp-auth-disabled certain", NULL, NULL },
	{ "another server answers", "Connection: opening to smtp.office365.com:587, timeout=300\n"
	  "SERVER -> CLIENT: 220 web7.example ESMTP Exim 4.96\nCLIENT -> SERVER: AUTH LOGIN\n"
	  "SERVER -> CLIENT: 535 Incorrect authentication data", "535  auth",
	  "middlebox-interference likely", "transcript", NULL },
	{ "login before STARTTLS", "S: 250-mx Hello\nS: 250-STARTTLS\nS: 250 8BITMIME\n"
	  "C: AUTH PLAIN\nS: 504 5.7.4 Unrecognized authentication type", "504 5.7.4 auth",
	  "starttls-required likely", "transcript", NULL },
	{ "an OAuth answer in base64", "S: 334 "
	  "eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIG1hYyIsInNjb3BlIjoiaHR0cHM6Ly9t"
	  "YWlsLmdvb2dsZS5jb20vIn0=", "", "oauth-token-expired likely", NULL, NULL },
	{ "no such host", "Error: getaddrinfo ENOTFOUND smtp.ofice365.example", "",
	  "host-not-found certain", NULL, NULL },
	{ "refused", "connect ECONNREFUSED 192.0.2.25:587", "", "connection-refused certain",
	  NULL, NULL },
	{ "refused at home", "connect ECONNREFUSED 127.0.0.1:587", "",
	  "client-misconfigured likely", NULL, NULL },
	{ "refused at an odd port", "Error: connect ECONNREFUSED 192.0.2.25:9990", "",
	  "wrong-port likely", NULL, NULL },
	{ "a time-out on port 25", "connect to mx.example.com[192.0.2.25]:25: Connection timed out",
	  "", "port-blocked likely", NULL, NULL },
	{ "TLS where it was not meant", "routines:ssl3_get_record:wrong version number", "",
	  "tls-mode-mismatch likely", NULL, NULL },
	{ "an expired certificate", "ssl.SSLCertVerificationError: [SSL: "
	  "CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired "
	  "(_ssl.c:1007)", "", "certificate-expired certain", NULL, NULL },
	{ "Entra ID", "MsalUiRequiredException: AADSTS50076: Due to a configuration change made by "
	  "your administrator, you must use multi-factor authentication", "",
	  "conditional-access-block certain", NULL, NULL },
	{ "a web server's status", "HTTP/1.1 500 Internal Server Error", "", "", "unknown", "" },
	{ "numbers that are no replies",
	  "Listening on port 587, worker 550 started in 451 ms, version 5.7.139-beta", "", "",
	  NULL, "" },
	{ "nothing", "", "", "", "unknown", "" },
	{ "small talk", "please help, mail does not work any more", "", "", "unknown", "" },
};

static const char *first_reply(struct arena *a, const struct explanation *e)
{
	const struct reply *r = e->n_replies ? e->replies[0] : NULL;

	return r ? arena_printf(a, "%d %s %s", r->code, r->enhanced, stage_name(r->stage)) : "";
}

static void explained(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		_cleanup_(arena_freep) struct arena *a = arena_new();
		const struct pasted *c = &cases[i];
		const struct explanation *e = explain_text(a, know, c->text, strlen(c->text));
		const struct diagnosed *d = e->n_diagnosis ? &e->diagnosis[0] : NULL;

		is_str(first_reply(a, e), c->reply, arena_printf(a, "%s: the reply", c->what));
		is_str(d ? arena_printf(a, "%s %s", d->cause->id, certainty_name(d->certainty)) :
		       "",
		       c->cause, arena_printf(a, "%s: the cause", c->what));
		if (c->kind)
			is_str(paste_kind_name(e->kind), c->kind,
			       arena_printf(a, "%s: the kind", c->what));
		if (c->provider)
			is_str(e->provider, c->provider,
			       arena_printf(a, "%s: the provider", c->what));
	}
}

static bool by_symptom(const struct diagnosed *d, const struct symptom *s)
{
	return str_has_prefix(d->matched_by, s->id) && d->matched_by[strlen(s->id)] == ',';
}

/* Who got a reply was connected: what a server says of sockets and names is its opinion. */
static void sockets_in_replies(void)
{
	static const char *const wrappers[] = {
		"554 5.7.1 %s", "421 IB104. %s", "550-5.7.1 rejected:\n550 5.7.1 %s",
		"smtplib.SMTPRecipientsRefused: {'jane@example.com': (550, b'5.7.1 %s')}",
		"SmtpException: Mailbox unavailable. The server response was: 5.7.1 %s",
		"554 5.7.1 Your message was not accepted by us, because of its rules\nwhich say %s",
	};
	const struct symptom *s;
	size_t tested = 0;

	for (size_t i = 0; (s = know_symptom_at(know, i)); i++) {
		for (size_t j = 0; symptom_of_socket(s) && j < ARRAY_LEN(wrappers); j++) {
			_cleanup_(arena_freep) struct arena *a = arena_new();
			const char *at = strstr(wrappers[j], "%s");
			char *text = arena_printf(a, "%.*s%s%s", (int)(at - wrappers[j]),
						  wrappers[j], s->example, at + 2);
			const struct explanation *e = explain_text(a, know, text, strlen(text));
			bool leads = e->n_diagnosis && by_symptom(&e->diagnosis[0], s);

			if (leads)
				ok(false, arena_printf(a, "\"%s\" is not by %s", text, s->id));
			tested++;
		}
	}
	ok(tested >= 600, "the symptoms of the socket were put into replies");
}

static void places(struct arena *a)
{
	static const char text[] = "first\nsecond\n\nfourth: 550 5.1.1 no such user here\n"
				   "550 5.1.1 no such user here\n421 4.7.0 too fast\n";
	const struct explanation *e = explain_text(a, know, text, sizeof(text) - 1);

	is_int(e->n_replies, 2, "the same wording is one reply");
	is_int(e->replies[0]->source_line, 4, "the line it stands on");
	is_int(e->replies[1]->source_line, 6, "of the other one, too");
	is_str(e->replies[0]->text[0], "550 5.1.1 no such user here",
	       "the text as a server sends it");
}

static void nested_ones(struct arena *a)
{
	static const char text[] = "530 5.7.57 Client not authenticated to send mail. Error: 535 "
				   "5.7.3 Authentication unsuccessful";
	const struct explanation *e = explain_text(a, know, text, sizeof(text) - 1);

	is_int(e->n_replies, 2, "the wrapper and what it tells of");
	is_int(e->n_replies == 2 ? e->replies[1]->code : 0, 535, "the inner one after the wrapper");
	is_str(e->n_replies == 2 ? stage_name(e->replies[1]->stage) : "", "auth", "its stage");
}

static void big(struct arena *a)
{
	size_t n = 12 * 87381;	/* 1 MiB of whole lines */
	char *text = arena_alloc(a, n + 1);

	for (size_t i = 0; i < n; i++)
		text[i] = "550 5.1.1 x\n"[i % 12];
	is_int(explain_text(a, know, text, n)->n_replies, 1, "a million bytes of the same");
	memset(text, '5', n);
	is_int(explain_text(a, know, text, n)->n_replies, 0, "one line of a million digits");
	memset(text, '\\', n);
	is_int(explain_text(a, know, text, n)->n_replies, 0, "one line of a million backslashes");
}

/*
 * What the text names goes into the steps; what it names twice and differently, or what isn't
 * clean, does not.
 */
static void names(void)
{
	static const struct { const char *what, *text, *server, *in_fix; } table[] = {
		{ "Postfix's relay", "relay=smtp.office365.com[192.0.2.10]:587, status=bounced "
		  "(host smtp.office365.com[192.0.2.10] said: 550 5.7.60 Client does not have "
		  "permissions to send as this sender)", "smtp.office365.com:587", NULL },
		{ "msmtp's log", "host=smtp.office365.com tls=on user=scan@contoso.com "
		  "from=scan@contoso.com smtpmsg='535 5.7.139 " OFF "'", "smtp.office365.com:0",
		  "Set-CASMailbox -Identity scan@contoso.com" },
		{ "a dialog", "Server: 'mail.example.com', Protocol: SMTP, Port: 587, Secure(SSL): "
		  "No, Socket Error: 10061", "mail.example.com:587", NULL },
		{ "JavaMail", "Couldn't connect to host, port: smtp.example.com, 465; timeout 5000",
		  "smtp.example.com:465", NULL },
		{ "telnet", "$ telnet smtp.example.com 25\nConnection timed out",
		  "smtp.example.com:25", NULL },
		{ "an address of the web kind", "smtp://smtp.example.com:2525 Connection refused",
		  "smtp.example.com:2525", NULL },
		{ "two hosts", "connect to smtp.example.com:587: Connection refused\n"
		  "connect to smtp.example.net:25: Connection refused", ":0", NULL },
		{ "a file is no host", "Error: connect ECONNREFUSED\n  host: server.js, port: 587",
		  ":0", NULL },
		{ "no command in a name",
		  "user=a@b.example;Remove-Mailbox host=smtp.example.com$(reboot) 535 5.7.139 " OFF,
		  "smtp.example.com:0", "-Identity a@b.example " },
		{ "two users", "user=a@contoso.com 535 5.7.139 " OFF "\nuser=b@contoso.com", ":0",
		  "-Identity <mailbox>" },
		{ "the class is no host", "host: com.sun.mail.smtp.SMTPTransport 535 5.7.8 no",
		  "com.sun.mail.smtp.smtptransport:0", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		_cleanup_(arena_freep) struct arena *a = arena_new();
		const struct explanation *e = explain_text(a, know, table[i].text,
							   strlen(table[i].text));
		bool found = !table[i].in_fix;

		is_str(arena_printf(a, "%s:%u", e->host, e->port), table[i].server,
		       arena_printf(a, "%s: the server", table[i].what));
		for (size_t j = 0; !found && e->n_diagnosis && j < e->diagnosis[0].fix.n; j++)
			found = strstr(arena_printf(a, "%s ", e->diagnosis[0].fix.steps[j].command),
				       table[i].in_fix) !=
				NULL;
		ok(found, arena_printf(a, "%s: the fix", table[i].what));
	}
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error = NULL;

	know = know_new(a, NULL, &error);
	is_str(error, NULL, "the tables can be read");
	if (!know)
		return tap_done();
	explained();
	sockets_in_replies();
	names();
	places(a);
	nested_ones(a);
	big(a);
	return tap_done();
}
