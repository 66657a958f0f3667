/*
 * dialogue - a transcript of SMTP in a paste: who said what, and where it stopped.
 *
 *	swaks, PHPMailer, Nodemailer, JavaMail, smtplib, msmtp, curl, openssl s_client, smtpwhy -v
 *
 * RFC 5321, 4.1 (commands) and 4.2 (replies). Of several dialogues the last counts.
 */
#include "paste/dialogue.h"

#include "base/scan.h"

enum { LIMIT_PREFIX = 100, LIMIT_KEYWORDS = 2048 };

/* --- one line --- */

/* What stands before the words of either side. */
static const struct { const char *mark; enum speaker who; } marks[] = {
	{ "SERVER -> CLIENT:", SERVER }, { "CLIENT -> SERVER:", CLIENT }, { "<** ", SERVER },
	{ "<-- ", SERVER }, { "--> ", CLIENT }, { "<~* ", SERVER }, { "<~ ", SERVER },
	{ "~> ", CLIENT },
	{ "<- ", SERVER }, { "-> ", CLIENT }, { ">>> ", CLIENT }, { "<<< ", SERVER },
	{ "S: ", SERVER },
	{ "C: ", CLIENT }, { "reply: ", SERVER }, { "send: ", CLIENT }, { "RCV: ", SERVER },
	{ "SND: ", CLIENT },
	{ "< ", SERVER }, { "> ", CLIENT },
};

static const struct { const char *words; enum stage stage; } commands[] = {
	{ "EHLO ", STAGE_EHLO }, { "HELO ", STAGE_EHLO }, { "STARTTLS", STAGE_STARTTLS },
	{ "AUTH ", STAGE_AUTH },
	{ "MAIL FROM:", STAGE_MAIL }, { "RCPT TO:", STAGE_RCPT }, { "DATA", STAGE_DATA },
	{ "BDAT ", STAGE_DATA },
	{ "QUIT", STAGE_UNKNOWN }, { "RSET", STAGE_UNKNOWN }, { "NOOP", STAGE_UNKNOWN },
};

/* A reply's line: three digits of which the first is 2 to 5, and a blank, a hyphen or the end. */
static bool is_reply(struct span s)
{
	return s.len >= 3 && s.p[0] >= '2' && s.p[0] <= '5' && ascii_is_digit(s.p[1]) &&
	       ascii_is_digit(s.p[2]) && (s.len == 3 || s.p[3] == ' ' || s.p[3] == '-');
}

static bool is_command(struct span s, enum stage *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		size_t n = strlen(commands[i].words);
		bool whole = commands[i].words[n - 1] != ' ' && commands[i].words[n - 1] != ':';

		if (s.len < n || (whole && s.len != n) ||
		    !span_eq_nocase((struct span) { s.p, n }, commands[i].words))
			continue;
		*ret = commands[i].stage;
		return true;
	}
	return false;
}

/* Without quotes of a program's own ("b'250-SIZE\r\n'"), and the line end written out in them. */
static struct span unquoted(struct span s)
{
	static const char *const ends[] = { "\\r\\n'", "\\r\\n\"", "\\r\\n", "'", "\"" };

	s = span_trim(s);
	if (s.len > 1 && s.p[0] == 'b' && (s.p[1] == '\'' || s.p[1] == '"'))
		s = (struct span) { s.p + 2, s.len - 2 };
	else if (s.len && (s.p[0] == '\'' || s.p[0] == '"'))
		s = (struct span) { s.p + 1, s.len - 1 };
	else
		return s;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		size_t n = strlen(ends[i]);

		if (s.len >= n && memcmp(s.p + s.len - n, ends[i], n) == 0)
			return (struct span) { s.p, s.len - n };
	}
	return s;
}

/* The mark that comes first in the line, at the beginning of a word. */
static bool marked(struct span line, enum speaker *ret_who, struct span *ret)
{
	const char *first = NULL;

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		struct span head = { line.p, line.len < LIMIT_PREFIX ? line.len : LIMIT_PREFIX };
		const char *at = span_find_nocase(head, span_of(marks[i].mark));
		size_t n = strlen(marks[i].mark);

		if (!at || (first && at >= first) ||
		    (at > line.p && at[-1] != ' ' && at[-1] != '\t'))
			continue;
		first = at;
		*ret_who = marks[i].who;
		*ret = unquoted((struct span) { at + n, (size_t)(line.p + line.len - at) - n });
	}
	return first != NULL;
}

enum speaker paste_dialogue_line(struct span line, struct span *ret, enum stage *ret_command)
{
	enum speaker who = NOBODY;

	*ret_command = STAGE_UNKNOWN;
	if (!marked(line, &who, ret))
		*ret = span_trim(line);
	if (who != CLIENT && is_reply(*ret))
		return SERVER;
	if (who == SERVER || !is_command(*ret, ret_command))
		return NOBODY;
	/* Without a mark a program may be speaking: "Auth method requested: LOGIN". */
	if (who == NOBODY && *ret_command == STAGE_AUTH && memcmp(ret->p, "AUTH", 4) != 0)
		return NOBODY;
	return CLIENT;
}

/* --- the whole --- */

static bool has(struct span line, const char *words)
{
	return span_find_nocase(line, span_of(words)) != NULL;
}

/* A program says that TLS stands. */
static bool tls_begins(struct span line)
{
	static const char *const words[] = {
		"TLS started", "SSL connection using", "TLS connection established",
		"TLSv1.2 encryption", "New, TLSv1", "Verify return code:",
		"Secure connection established", "Connection upgraded with STARTTLS",
		"TLS handshake: ok",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (has(line, words[i]))
			return true;
	}
	return false;
}

static void add_word(struct buf *b, struct span word)
{
	if (b->len)
		buf_addc(b, ' ');
	buf_add(b, word.p, word.len);
}

/* One line of an EHLO answer: "250-AUTH LOGIN XOAUTH2" (RFC 5321, 4.1.1.1). */
static void take_keyword(struct offered *o, struct span text)
{
	size_t n = 0;
	struct span rest;

	while (n < text.len && text.p[n] != ' ' && text.p[n] != '=')
		n++;
	rest = span_trim((struct span) { text.p + n, text.len - n });
	if (rest.len && rest.p[0] == '=')
		rest = span_trim((struct span) { rest.p + 1, rest.len - 1 });
	o->seen = true;
	if (span_eq_nocase((struct span) { text.p, n }, "AUTH") && !o->auth.len)
		buf_add(&o->auth, rest.p, rest.len);
	add_word(&o->keywords, (struct span) { text.p, n });
	o->starttls |= span_eq_nocase((struct span) { text.p, n }, "STARTTLS");
}

static void greeted(struct dialogue *d, struct span text, int code)
{
	d->greeting_code = code;
	d->greeting = text;
	d->expected = STAGE_UNKNOWN;
}

/* The answer that ends here belongs to the command before it. */
static void answered(struct dialogue *d, int code)
{
	enum stage of = d->expected;

	d->expected = STAGE_UNKNOWN;
	if (of == STAGE_STARTTLS)
		d->in_tls |= code == 220;
	else if (of == STAGE_AUTH && code == 334)
		d->expected = STAGE_AUTH;
	if (code >= 400)
		d->refused = of;
}

/* The words of one line of a reply, and whether it is the last (RFC 5321, 4.2.1). */
static void one_line(struct dialogue *d, int code, struct span text, bool last)
{
	bool first = !d->open;

	d->open = !last;
	d->spoken = true;
	if (first && d->expected == STAGE_GREETING && code == 220) {
		greeted(d, text, code);
		return;
	}
	/*
	 * Some logs show the server's side alone: a list before any command is the answer to EHLO.
	 */
	if (d->expected <= STAGE_GREETING && d->last == STAGE_UNKNOWN && code == 250 && first &&
	    !last)
		d->expected = STAGE_EHLO;
	if (d->expected == STAGE_EHLO && code == 250 && first)
		d->hello = text;
	else if (d->expected == STAGE_EHLO && code == 250)
		take_keyword(d->in_tls ? &d->tls : &d->clear, text);
	if (last)
		answered(d, code);
}

/* Where the next line of a reply begins that lost its line ends: "250-SIZE 1000250-8BITMIME". */
static size_t next_line(struct span line)
{
	for (size_t i = 4; line.len > 3 && line.p[3] == '-' && i + 4 <= line.len; i++) {
		if (memcmp(line.p + i, line.p, 3) == 0 &&
		    (line.p[i + 3] == '-' || line.p[i + 3] == ' '))
			return i;
	}
	return line.len;
}

static void from_server(struct dialogue *d, struct span line)
{
	int code = (line.p[0] - '0') * 100 + (line.p[1] - '0') * 10 + line.p[2] - '0';

	while (line.len >= 3) {
		size_t n = next_line(line);
		struct span text = n > 4 ? (struct span) { line.p + 4, n - 4 } : SPAN_LITERAL("");

		one_line(d, code, span_trim(text), n == 3 || line.p[3] == ' ');
		line = (struct span) { line.p + n, line.len - n };
	}
}

/* The address between < and > of MAIL FROM and RCPT TO. */
static struct span path_in(struct span line)
{
	const char *from = memchr(line.p, '<', line.len), *to;
	struct span rest;

	if (!from)
		return SPAN_LITERAL("");
	rest = (struct span) { from + 1, (size_t)(line.p + line.len - from) - 1 };
	to = memchr(rest.p, '>', rest.len);
	return to ? (struct span) { rest.p, (size_t)(to - rest.p) } : SPAN_LITERAL("");
}

static void from_client(struct dialogue *d, struct span line, enum stage command)
{
	d->expected = command;
	d->open = false;
	d->last = command ? command : d->last;
	if (command == STAGE_EHLO) {
		d->helo |= ascii_lower(line.p[0]) == 'h';
		d->ehlo |= ascii_lower(line.p[0]) == 'e';
	} else if (command == STAGE_AUTH) {
		struct scan s = scan_over(line.p + 5, line.len - 5);

		scan_blanks(&s);
		d->mechanism = scan_until(&s, " ");
	} else if (command == STAGE_MAIL) {
		d->from = path_in(line);
	} else if (command == STAGE_RCPT) {
		d->to = path_in(line);
	}
}

/* A greeting where none is due begins another conversation. */
static bool begins_anew(const struct dialogue *d, struct span line)
{
	bool hello = line.len > 4 && memcmp(line.p, "220", 3) == 0 &&
		     (has(line, "SMTP") || has(line, " ready"));

	return hello && d->expected != STAGE_GREETING && d->expected != STAGE_STARTTLS && !d->open;
}

static void start(struct dialogue *d)
{
	paste_dialogue_release(d);
	*d = (struct dialogue) {
		.expected = STAGE_GREETING,
		.clear = { BUF_INIT(LIMIT_KEYWORDS), BUF_INIT(LIMIT_KEYWORDS), false, false },
		.tls = { BUF_INIT(LIMIT_KEYWORDS), BUF_INIT(LIMIT_KEYWORDS), false, false },
	};
}

void paste_dialogue_release(struct dialogue *d)
{
	buf_release(&d->clear.keywords);
	buf_release(&d->clear.auth);
	buf_release(&d->tls.keywords);
	buf_release(&d->tls.auth);
}

void paste_dialogue_read(struct dialogue *d, const struct paste_lines *lines)
{
	*d = (struct dialogue) { .expected = STAGE_UNKNOWN };
	start(d);
	for (size_t i = 0; i < lines->n; i++) {
		struct span line = { lines->v[i].text, lines->v[i].len }, said;
		enum stage command;
		enum speaker who = paste_dialogue_line(line, &said, &command);

		if (who == SERVER && begins_anew(d, said))
			start(d);
		if (who == SERVER) {
			from_server(d, said);
		} else if (who == CLIENT) {
			from_client(d, said, command);
			d->last_line = i;
		} else if (tls_begins(line)) {
			d->in_tls = true;
		}
	}
}
