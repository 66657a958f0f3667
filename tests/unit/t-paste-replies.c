/*
 * t-paste-replies - where replies begin and end in a paste, and who said them: all that are found,
 * each with its stage and its words.
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "paste/explain.h"
#include "know/know.h"

static const struct know *know;

struct pasted {
	const char	*what, *text;
	const char	*replies;	/* "STAGE: REPLY", joined by " | "; "" = none */
};

static const struct pasted cases[] = {
	/* --- where one ends --- */
	{ "a frame of .NET behind it in the same line",
	  "SmtpException: Mailbox unavailable. The server response was: 5.7.1 Relaying denied   at "
	  "System.Net.Mail.MailCommand.CheckResponse(SmtpStatusCode c)",
	  "unknown: 550 5.7.1 Relaying denied" },
	{ "PowerShell's place behind it",
	  "Exception calling \"Send\" with \"1\" argument(s): \"Mailbox unavailable. The server "
	  "response was: 5.7.1 Relaying denied\" At D:\\jobs\\report.ps1:12 char:3",
	  "unknown: 550 5.7.1 Relaying denied" },
	{ "an inner exception behind it",
	  "send: 550 5.7.1 Relaying denied ---> System.IO.IOException: closed",
	  "unknown: 550 5.7.1 Relaying denied" },
	{ "a word at a place is no frame", "550 5.7.1 Not allowed at this time (see policy)",
	  "unknown: 550 5.7.1 Not allowed at this time (see policy)" },
	{ "quotes of print", "error: \342\200\2345.6.0 ends here",
	  "unknown: 5.6.0 ends here" },
	{ "a quote that opened before the code",
	  "but got code 554, with message \"554 5.7.1 Not today. \" (send); jo@example.com",
	  "unknown: 554 5.7.1 Not today." },
	{ "names in quotes inside of it",
	  "{'jo@example.com': (550, b'5.1.1 User \\'jo\\' not known here')}",
	  "unknown: 550 5.1.1 User 'jo' not known here" },
	{ "apostrophes inside of it",
	  "returned '550 5.7.1 Your organization's rule for users' mail can't allow it'; next",
	  "unknown: 550 5.7.1 Your organization's rule for users' mail can't allow it" },
	{ "a field of SQL behind it", "VALUES (7, N'Sending failed: 550 5.7.1 Not today', 0, N'x')",
	  "unknown: 550 5.7.1 Not today" },
	{ "its quote closes some lines below",
	  "Remote server returned '550 5.7.1 This mail of yours can not be\ntaken here because of "
	  "what\nit holds'\nNext steps: none",
	  "accepted: 550 5.7.1 This mail of yours can not be taken here because of what it holds" },
	{ "code in Markdown, which ends in the line",
	  "Mostly `smtplib.SMTPDataError: 554 5.7.1 Not today` means that From differs",
	  "data: 554 5.7.1 Not today" },
	{ "a code in passing", "our tenant is on trial, they block (550 5.7.708) to all of them",
	  "unknown: 550 5.7.708" },
	{ "a code in brackets, and its words", "SMTP error (550 5.7.1) Relaying denied",
	  "unknown: 550 5.7.1 Relaying denied" },
	{ "a quote that closes nowhere",
	  "msg=\"550 5.7.1 Not today\nanother line\nand one more",
	  "unknown: 550 5.7.1 Not today" },
	{ "two replies that one program announces alike",
	  "Job 1: no luck. Response: 501 5.5.4 Bad name Job 2: no luck. Response: 554 5.5.1 No "
	  "valid recipients Job 3: no luck. Response: 221 2.0.0 Bye",
	  "unknown: 501 5.5.4 Bad name | unknown: 554 5.5.1 No valid recipients" },
	{ "a reply that tells of another server's is one",
	  "451 4.4.0 Primary target responded with: 421 4.4.2 Dropped",
	  "unknown: 451 4.4.0 Primary target responded with: 421 4.4.2 Dropped | "
	  "unknown: 421 4.4.2 Dropped" },
	{ "the library's sentence is wrapped",
	  "Exception calling \"Send\": \"Service not available, closing transmission channel. The "
	  "server\nresponse was: 4.7.0 [192.0.2.1      15] Your network sends too much\"",
	  "unknown: 421 4.7.0 [192.0.2.1 15] Your network sends too much" },
	{ "Portuguese", "SmtpException: Falha na transa\303\247\303\243o. A resposta do servidor "
	  "foi: 5.2.2 No room", "unknown: 554 5.2.2 No room" },
	{ "Chinese", "\351\202\256\347\256\261\344\270\215\345\217\257\347\224\250\343\200\202 "
	  "\346\234\215\345\212\241\345\231\250\345\223\215\345\272\224\344\270\272:No such box",
	  "unknown: 550 No such box" },
	{ "telnet, and nobody said anything before",
	  "554 mx.example.com Go away\nConnection closed by foreign host.",
	  "greeting: 554 mx.example.com Go away" },
	{ "JavaMail and the greeting",
	  "Could not connect to SMTP host: mx.example.com, port: 25, response: 554", "greeting: "
	  "554" },
	/* --- codes in fields --- */
	{ "a field of another kind behind the code",
	  "{ response: Not now, responseCode: 550, command: 'AUTH LOGIN' }", "auth: 550" },
	{ "the words in a field of their own",
	  "reply: retcode (554); Msg: b'5.7.1 Not today'", "unknown: 554 5.7.1 Not today" },
	{ "JSON", "{\"code\":554,\"message\":\"Not today\",\"id\":7}",
	  "unknown: 554 Not today" },
	{ "a value that begins like a field", "(550, 'User: jo is unknown')",
	  "unknown: 550 User: jo is unknown" },
	{ "the number announces the reply",
	  "Expected response code 250 but got code \"554\", with message \"554 Not today\"",
	  "unknown: 554 Not today" },
	{ "PHPMailer's words between code and enhanced code",
	  "SMTP code: 554 Additional SMTP info: 5.7.1 Not today", "unknown: 554 5.7.1 Not today" },
	{ "an argument of a function", "    self.connect(host, 550)", "" },
	{ "a line that begins with the client's address",
	  "550-Log in first or\n550 [192.0.2.4]:5123 may not relay here",
	  "unknown: 550 Log in first or [192.0.2.4]:5123 may not relay here" },
	{ "PHP's place behind it", "SMTP server response: 550 Not today in C:\\web\\f.php on line "
	  "5",
	  "unknown: 550 Not today" },
	{ "a word in brackets, and a code in them",
	  "smtp;550 5.7.1 [S2] Not from here\nerror [554 5.7.1] Not today",
	  "unknown: 550 5.7.1 [S2] Not from here | unknown: 554 5.7.1 Not today" },
	/* --- digits that a log hides --- */
	{ "in the enhanced code", "send: 535 5.7.***39 Authentication unsuccessful",
	  "auth: 535 Authentication unsuccessful" },
	{ "in the code", "***35 5.7.139 Authentication unsuccessful",
	  "unknown: 5.7.139 Authentication unsuccessful" },
	/* --- no replies --- */
	{ "the version of a library", "DEBUG made by mailer (4.7.1; "
	  "+https://mailer.example/)", "" },
	{ "Postfix's own status", "postfix/smtp[9]: 4F1A2: to=<jo@example.com>, relay=none, "
	  "dsn=4.7.5, status=deferred (Server certificate not trusted)", "" },
	/* --- who speaks --- */
	{ "quoted in a mail, and wrapped there",
	  "They wrote:\n> 535 5.7.139 Authentication unsuccessful, basic\n> authentication is "
	  "disabled.\n", "auth: 535 5.7.139 Authentication unsuccessful, basic authentication is "
	  "disabled." },
	{ "quoted twice", ">> 550 5.7.60 SMTP; Client does not have permissions\n>> to send as "
	  "this "
	  "sender\n", "unknown: 550 5.7.60 SMTP; Client does not have permissions to send as this "
	  "sender" },
	{ "a client's mark is no quote",
	  "> EHLO app.example\n< 250 mx\n> AUTH LOGIN\n< 504 5.7.4 Not this one\n> QUIT\n",
	  "auth: 504 5.7.4 Not this one" },
	{ "a mechanism that was refused before another let the client in",
	  "220 mx ESMTP\nEHLO app\n250 AUTH CRAM-MD5 LOGIN\nAUTH CRAM-MD5\n504 5.7.4 Not this one\n"
	  "AUTH LOGIN\n235 2.7.0 Welcome\nMAIL FROM:<a@b.example>\n550 5.7.1 Not you\n",
	  "mail: 550 5.7.1 Not you" },
	{ "... is the failure where none lets it in",
	  "220 mx ESMTP\nEHLO app\n250 AUTH CRAM-MD5\nAUTH CRAM-MD5\n504 5.7.4 Not this "
	  "one\nQUIT\n",
	  "auth: 504 5.7.4 Not this one" },
	{ "... and so it is in another session",
	  "220 mx ESMTP\nAUTH LOGIN\n535 5.7.8 No\n220 mx ESMTP\nAUTH LOGIN\n235 2.7.0 Welcome\n",
	  "auth: 535 5.7.8 No" },
	/* --- the step --- */
	{ "typed by hand, the message in between",
	  "rcpt to:<jo@example.com>\n250 Ok\ndata\n354 Go on\nSubject: test\n.\n550 No\n",
	  "data: 550 No" },
	{ "the server names it", "responded: 5.7.1 <DATA>: Data command rejected: not today",
	  "data: 5.7.1 <DATA>: Data command rejected: not today" },
};

static char *found(struct arena *a, const struct explanation *e)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(4096);

	for (size_t i = 0; i < e->n_replies; i++)
		buf_addf(&b, "%s%s: %s", i ? " | " : "", stage_name(e->replies[i]->stage),
			 reply_flat(e->replies[i], a));
	return arena_strdup(a, buf_str(&b));
}

static void one(const struct pasted *c)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const struct explanation *e = explain_text(a, know, c->text, strlen(c->text));

	is_str(found(a, e), c->replies, c->what);
}

/* What became of one message hides nothing of another: how many causes are told. */
static void each_message(void)
{
	static const struct { const char *what, *text; const char *causes; } table[] = {
		{ "three messages of one log",
		  "mx postfix/smtp[1]: AAAA111111: to=<a@x.example>, "
		  "relay=mx.x.example[192.0.2.1]:25, "
		  "status=bounced (host mx.x.example[192.0.2.1] said: 550 5.1.1 <a@x.example>: "
		  "User "
		  "unknown (in reply to RCPT TO command))\n"
		  "mx postfix/smtp[1]: BBBB222222: to=<b@y.example>, "
		  "relay=mx.y.example[192.0.2.2]:25, "
		  "status=deferred (host mx.y.example[192.0.2.2] said: 452 4.2.2 Mailbox full (in "
		  "reply "
		  "to end of DATA command))\n"
		  "mx postfix/smtp[1]: CCCC333333: to=<c@z.example>, "
		  "relay=mx.z.example[192.0.2.3]:25, "
		  "status=deferred (host mx.z.example[192.0.2.3] said: 451 4.3.0 Try again later "
		  "(in "
		  "reply to end of DATA command))",
		  "unknown-recipient mailbox-full transient-server-error" },
		{ "two recipients of one message",
		  "x 1r0abc-000aB1-2C ** a@x.example R=r T=smtp: SMTP error from remote mail "
		  "server "
		  "after RCPT TO:<a@x.example>: 550 5.1.1 User unknown\n"
		  "x 1r0abc-000aB1-2C == b@y.example R=r T=smtp defer (0): SMTP error from remote "
		  "mail "
		  "server after end of data: 451 4.3.0 Try again later",
		  "unknown-recipient transient-server-error" },
		{ "two paragraphs of a bounce",
		  "<a@x.example>: host mx.x.example[192.0.2.1] said: 550 5.1.1 User unknown (in "
		  "reply "
		  "to RCPT TO command)\n\n<b@y.example>: host mx.y.example[192.0.2.2] said: 451 "
		  "4.3.0 "
		  "Try again later (in reply to end of DATA command)",
		  "unknown-recipient transient-server-error" },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		_cleanup_(arena_freep) struct arena *a = arena_new();
		const struct explanation *e = explain_text(a, know, table[i].text,
							   strlen(table[i].text));
		struct strv causes = { 0 };

		for (size_t j = 0; j < e->n_diagnosis; j++)
			strv_add(&causes, a, e->diagnosis[j].cause->id);
		is_str(strv_join(&causes, a, " "), table[i].causes, table[i].what);
	}
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error = NULL;

	know = know_new(a, NULL, &error);
	is_str(error, NULL, "the tables can be read");
	for (size_t i = 0; know && i < ARRAY_LEN(cases); i++)
		one(&cases[i]);
	if (know)
		each_message();
	return tap_done();
}
