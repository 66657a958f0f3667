/*
 * In which step of the dialogue was it? Programs say so in many ways.
 */
#include "paste/paste.h"

#include "base/scan.h"

struct stage_words { const char *text; enum stage stage; };

static enum stage find(const struct stage_words *table, size_t n, struct span line)
{
	for (size_t i = 0; i < n; i++) {
		if (span_find_nocase(line, span_of(table[i].text)))
			return table[i].stage;
	}
	return STAGE_UNKNOWN;
}

/* The first that is found counts: the exact ones stand before the vague ones. */
static const struct stage_words words[] = {
	/* Postfix */
	{ "(in reply to MAIL FROM", STAGE_MAIL }, { "(in reply to RCPT TO", STAGE_RCPT },
	{ "(in reply to end of DATA", STAGE_DATA },
	{ "(in reply to DATA", STAGE_DATA }, { "(in reply to EHLO", STAGE_EHLO },
	{ "(in reply to HELO", STAGE_EHLO },
	{ "(in reply to AUTH", STAGE_AUTH }, { "(in reply to STARTTLS", STAGE_STARTTLS },
	{ "SASL authentication fail", STAGE_AUTH },
	{ "refused to talk to me", STAGE_GREETING },
	{ "while receiving the initial server greeting", STAGE_GREETING },
	{ "while performing the EHLO handshake", STAGE_EHLO },
	{ "while performing the HELO handshake", STAGE_EHLO },
	{ "while sending MAIL FROM", STAGE_MAIL }, { "while sending RCPT TO", STAGE_RCPT },
	{ "while sending message body", STAGE_DATA },
	{ "while sending end of data", STAGE_DATA }, { "TLS handshake", STAGE_TLS },
	/* Exim */
	{ "after MAIL FROM", STAGE_MAIL }, { "after pipelined MAIL FROM", STAGE_MAIL },
	{ "after RCPT TO", STAGE_RCPT },
	{ "after pipelined RCPT TO", STAGE_RCPT }, { "after end of data", STAGE_DATA },
	{ "after DATA", STAGE_DATA },
	{ "after pipelined end of data", STAGE_DATA },
	{ "after initial connection", STAGE_GREETING }, { "after EHLO", STAGE_EHLO },
	{ "after HELO", STAGE_EHLO }, { "after STARTTLS", STAGE_STARTTLS },
	{ "after AUTH", STAGE_AUTH },
	{ "authenticator failed", STAGE_AUTH },
	/* Python */
	{ "SMTPAuthenticationError", STAGE_AUTH }, { "SMTPSenderRefused", STAGE_MAIL },
	{ "SMTPRecipientsRefused", STAGE_RCPT },
	{ "SMTPRecipientRefused", STAGE_RCPT }, { "SMTPDataError", STAGE_DATA },
	{ "SMTPHeloError", STAGE_EHLO }, { "SMTPConnectError", STAGE_GREETING },
	/* Nodemailer and its kin */
	{ "Invalid login", STAGE_AUTH }, { "'EAUTH'", STAGE_AUTH }, { "\"EAUTH\"", STAGE_AUTH },
	{ "command: 'AUTH", STAGE_AUTH },
	{ "\"command\":\"AUTH", STAGE_AUTH }, { "command: 'MAIL FROM", STAGE_MAIL },
	{ "\"command\":\"MAIL FROM", STAGE_MAIL },
	{ "command: 'RCPT TO", STAGE_RCPT }, { "\"command\":\"RCPT TO", STAGE_RCPT },
	{ "command: 'DATA", STAGE_DATA },
	{ "\"command\":\"DATA", STAGE_DATA }, { "command: 'CONN", STAGE_CONNECT },
	{ "\"command\":\"CONN", STAGE_CONNECT },
	{ "Mail command failed", STAGE_MAIL }, { "all recipients were rejected", STAGE_RCPT },
	{ "Recipient command failed", STAGE_RCPT },
	{ "Data command failed", STAGE_DATA }, { "Message failed:", STAGE_DATA },
	{ "Invalid greeting", STAGE_GREETING },
	{ "on command 'RCPT", STAGE_RCPT }, { "on command 'MAIL", STAGE_MAIL },
	{ "on command 'AUTH", STAGE_AUTH }, { "on command 'DATA", STAGE_DATA },
	/* The server itself names the command (Postfix, smtpd_data_restrictions). */
	{ "Data command rejected", STAGE_DATA }, { "End-of-data rejected", STAGE_DATA },
	/* PHP */
	{ "Password command failed", STAGE_AUTH }, { "Username command failed", STAGE_AUTH },
	{ "AUTH command failed", STAGE_AUTH },
	{ "AUTH not accepted from server", STAGE_AUTH }, { "MAIL FROM command failed", STAGE_MAIL },
	{ "MAIL not accepted from server", STAGE_MAIL },
	{ "RCPT TO command failed", STAGE_RCPT }, { "RCPT not accepted from server", STAGE_RCPT },
	{ "DATA END command failed", STAGE_DATA },
	{ "DATA command failed", STAGE_DATA }, { "data not accepted", STAGE_DATA },
	{ "DATA not accepted", STAGE_DATA },
	{ "EHLO command failed", STAGE_EHLO }, { "HELO command failed", STAGE_EHLO },
	{ "STARTTLS command failed", STAGE_STARTTLS },
	{ "Failed to authenticate on SMTP server", STAGE_AUTH },
	{ "From address failed", STAGE_MAIL }, { "recipients failed", STAGE_RCPT },
	/* Java, .NET, Ruby, Perl */
	{ "Could not connect to SMTP host", STAGE_GREETING },
	{ "AuthenticationFailedException", STAGE_AUTH },
	{ "SMTPSenderFailedException", STAGE_MAIL }, { "SMTPAddressFailedException", STAGE_RCPT },
	{ "SmtpFailedRecipientException", STAGE_RCPT },
	{ "Net::SMTPAuthenticationError", STAGE_AUTH }, { "AuthenticateAsync", STAGE_AUTH },
	{ "SmtpClient.Authenticate", STAGE_AUTH }, { "SmtpClient.MailFrom", STAGE_MAIL },
	{ "SmtpClient.RcptTo", STAGE_RCPT },
	{ "SmtpClient.Ehlo", STAGE_EHLO }, { "SmtpClient.Data", STAGE_DATA },
	{ "during MAIL FROM", STAGE_MAIL }, { "issueSendCommand", STAGE_MAIL },
	{ "authentication failed (method", STAGE_AUTH }, { "recipient address ", STAGE_RCPT },
	{ "envelope from address ", STAGE_MAIL },
	/* Bounces */
	{ "Diagnostic-Code:", STAGE_ACCEPTED }, { "Remote Server returned", STAGE_ACCEPTED },
	{ "status=bounced", STAGE_ACCEPTED },
};

enum stage paste_stage(struct span line)
{
	return find(words, ARRAY_LEN(words), line);
}

enum stage paste_stage_of_code(const struct reply *r)
{
	switch (r->code) {
	case 534: case 535: case 538: case 432:			/* RFC 4954, 4.7 */
		return r->code == 432 && str_eq(r->enhanced, "4.3.2") ? STAGE_UNKNOWN : STAGE_AUTH;
	case 504:
		return str_has_prefix(r->enhanced, "5.7.") ? STAGE_AUTH : STAGE_UNKNOWN;
	default:
		return STAGE_UNKNOWN;
	}
}

/* --- commands of the client in a transcript --- */

static const struct stage_words commands[] = {
	{ "EHLO ", STAGE_EHLO }, { "HELO ", STAGE_EHLO }, { "STARTTLS", STAGE_STARTTLS },
	{ "AUTH LOGIN", STAGE_AUTH },
	{ "AUTH PLAIN", STAGE_AUTH }, { "AUTH XOAUTH2", STAGE_AUTH },
	{ "AUTH OAUTHBEARER", STAGE_AUTH }, { "AUTH CRAM-MD5", STAGE_AUTH },
	{ "AUTH NTLM", STAGE_AUTH }, { "AUTH GSSAPI", STAGE_AUTH }, { "MAIL FROM:", STAGE_MAIL },
	{ "RCPT TO:", STAGE_RCPT },
	/* telnet is connected: what comes next is the greeting */
	{ "Escape character is ", STAGE_GREETING },
};

/*
 * Is what stands before a command the beginning of a line: time stamps, a direction mark, a quote?
 */
static bool at_beginning(struct span line, const char *at)
{
	struct span before = span_trim((struct span) { line.p, (size_t)(at - line.p) });
	char last = before.len ? before.p[before.len - 1] : '>';

	return strchr(">:-~'\"|]*", last) || span_in(before, "C|Sent");
}

/* "STARTTLS extension not supported": a sentence, the command has no argument (RFC 3207, 4). */
static bool in_sentence(struct span t, const char *at, const char *command)
{
	const char *next = at + strlen(command), *end = t.p + t.len;

	return str_eq(command, "STARTTLS") && next + 1 < end && *next == ' ' &&
	       ascii_is_alpha(next[1]);
}

enum stage paste_command(struct span line)
{
	struct span t = span_trim(line);

	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		const char *at = span_find_nocase(t, span_of(commands[i].text));

		if (at && at_beginning(t, at) && !in_sentence(t, at, commands[i].text) &&
		    !(at >= t.p + 4 && ascii_is_digit(at[-2]) && at[-1] == '-'))
			return commands[i].stage;
	}
	if (t.len >= 4 && memcmp(t.p + t.len - 4, "DATA", 4) == 0 &&
	    at_beginning(t, t.p + t.len - 4))
		return STAGE_DATA;
	/* Typed by hand; and the answer that only DATA gets (RFC 5321, 4.3.2). */
	return span_eq_nocase(t, "data") || span_has_prefix_nocase(t, "354 ") ? STAGE_DATA :
	       STAGE_UNKNOWN;
}
