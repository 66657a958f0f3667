#include "paste/bounce.h"

#include "base/buf.h"
#include "base/scan.h"

/* Lines of a bounce that are looked at: more is a log. */
enum { LIMIT_BOUNCE_LINES = 5000, LIMIT_WORD = 254 };

/* What stands behind the word; an empty span when it's not there. */
static struct span behind(struct span line, const char *word)
{
	const char *at = span_find_nocase(line, span_of(word));

	return at ? span_trim(span_from(line, at + strlen(word))) : (struct span) { line.p, 0 };
}

/* --- addresses and names --- */

static bool address_char(char c)
{
	return ascii_is_alnum(c) || strchr("!#$%&'*+-/=?^_`{|}~.@", c) || (unsigned char)c >= 0x80;
}

struct span paste_address(struct span line)
{
	struct scan s = scan_span(line);

	while (!scan_done(&s)) {
		struct span word = scan_while(&s, address_char);
		const char *at = word.len ? memchr(word.p, '@', word.len) : NULL;

		while (word.len && strchr(".'", word.p[word.len - 1]))
			word.len--;
		if (at && at > word.p && word.len <= LIMIT_WORD && at + 1 < word.p + word.len &&
		    ascii_is_alnum(at[1]) &&
		    !memchr(at + 1, '@', (size_t)(word.p + word.len - at - 1)))
			return word;
		if (!scan_done(&s))
			scan_take(&s, 1);
	}
	return (struct span) { line.p, 0 };
}

/* The name, or the IP address, that the span begins with. */
static struct span host_at(struct span t)
{
	struct scan s = scan_span(t);
	struct span host;

	while (!scan_done(&s) && strchr(" \t<[(\"'", scan_peek(&s)))
		scan_take(&s, 1);
	host = scan_while(&s, ascii_is_host);
	while (host.len && host.p[host.len - 1] == '.')
		host.len--;
	if (host.len < 4 || host.len > LIMIT_WORD || !memchr(host.p, '.', host.len) ||
	    scan_peek(&s) == '@')
		host.len = 0;
	return host;
}

/* Value of a field "dns; mx.example.com" or "rfc822;a@b": behind the type. */
static struct span typed(struct span value)
{
	const char *semicolon = value.len ? memchr(value.p, ';', value.len) : NULL;

	return span_trim(semicolon ? span_from(value, semicolon + 1) : value);
}

/* --- reading --- */

struct reader {
	struct arena		*arena;
	struct bounce		 b;
	struct delivery		 now;		/* what is known so far */
	bool			 open;		/* `now` is a recipient of a delivery report */
	bool			 delivered;	/* ... which did get it */
	const struct paste_lines *lines;
	const struct found_replies *found;
};

static void set(struct reader *r, const char **to, struct span value)
{
	if (value.len && value.len <= LIMIT_WORD)
		*to = span_dup(r->arena, value);
}

static struct delivery nobody(void)
{
	return (struct delivery) { .recipient = "", .server = "", .status = "",
				   .stage = STAGE_UNKNOWN };
}

static void emit(struct reader *r)
{
	if (r->b.n < LIMIT_DELIVERIES)
		r->b.v[r->b.n++] = r->now;
}

/* The recipient of a report holds until its end. */
static void close_report(struct reader *r)
{
	if (r->open && !r->delivered && (r->now.has_text || *r->now.status))
		emit(r);
	if (r->open)
		r->now = nobody();
	r->open = r->delivered = false;
}

/* One field of a delivery report (RFC 3464, 2.2 and 2.3). False = it is none. */
static bool report_field(struct reader *r, struct span line, size_t i)
{
	struct scan s = scan_span(line);
	struct span name = scan_until(&s, ":"), value;

	scan_accept(&s, ':');
	value = span_trim(scan_rest(&s));
	if (span_eq_nocase(name, "Reporting-MTA")) {
		close_report(r);
		set(r, &r->b.reporter, typed(value));
	} else if (span_in(name, "Final-Recipient|Original-Recipient")) {
		/* Either comes first. */
		if (!r->open || r->now.has_text || *r->now.status)
			close_report(r);
		if (!r->open)
			r->now = nobody();
		r->open = true;
		r->now.line = i;
		if (span_eq_nocase(name, "Final-Recipient") || !*r->now.recipient)
			set(r, &r->now.recipient, paste_address(typed(value)));
	} else if (span_eq_nocase(name, "Remote-MTA")) {
		set(r, &r->now.server, typed(value));
	} else if (r->open && span_eq_nocase(name, "Status")) {
		set(r, &r->now.status, value);
		r->now.line = r->now.has_text ? r->now.line : i;
	} else if (r->open && span_eq_nocase(name, "Action")) {
		r->delivered = span_has_any(value, "delivered|relayed|expanded");
	} else if (r->open && span_eq_nocase(name, "Diagnostic-Code")) {
		r->now.line = i;
		r->now.has_text = true;
	} else {
		return r->open && name.len < line.len && !memchr(name.p, ' ', name.len);
	}
	return true;
}

/* Words behind which a server's name stands. */
static void look_for_server(struct reader *r, struct span line)
{
	static const char *const words[] = {
		"Remote server at ", "Remote server:", "Message rejected by:", "while talking to ",
		"relay=", "Connected to ", ": host ", "> host ", "the relay ", "host ",
		"from remote mail server: host ",
	};

	/*
	 * Exchange 2007: "mx.example.com #<mx.example.com #5.1.1 smtp; 550 ...> #SMTP#"; Google:
	 * "the recipient domain example.com by mx.example.com."
	 */
	if (span_has(line, "#SMTP#"))
		set(r, &r->now.server, host_at(line));
	if (span_has(line, "recipient domain "))
		set(r, &r->now.server, host_at(behind(behind(line, "recipient domain "), " by ")));
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct span rest = behind(line, words[i]), host = host_at(rest);

		if (!host.len || rest.p == line.p)
			continue;
		if (i == ARRAY_LEN(words) - 2 && !span_has_prefix_nocase(line, words[i]))
			continue;
		set(r, &r->now.server, host);
		return;
	}
}

/* qmail tells the step in words of its own: "192.0.2.25 does not like recipient." */
static void look_for_step(struct reader *r, struct span line)
{
	static const struct { const char *words; enum stage stage; } table[] = {
		{ "does not like recipient", STAGE_RCPT },
		{ "failed after I sent the message", STAGE_DATA },
		{ "failed on DATA command", STAGE_DATA },
		{ "but sender was rejected", STAGE_MAIL },
		{ "but greeting failed", STAGE_GREETING },
		{ "but my name was rejected", STAGE_EHLO },
		{ "unable to start TLS", STAGE_STARTTLS },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (!span_has(line, table[i].words))
			continue;
		r->now.stage = table[i].stage;
		set(r, &r->now.server, host_at(line));
	}
}

/*
 * Does the line name a recipient: an address alone, "<a@b>: host ...", "Your message to a@b
 * couldn't be delivered", "RCPT TO:<a@b>"?
 */
static struct span recipient_in(struct span line)
{
	static const char *const words[] = {
		"RCPT TO:", "wasn't delivered to ", "Your message to ",
		"could not be delivered to ", "was not delivered to ", "couldn't be delivered to ",
		"Recipient Address:", "X-Failed-Recipients:", "Recipient:",
		"The following message to ", "delivering to ", "failed permanently:",
	};
	struct span a = paste_address(line), none = { line.p, 0 };
	const char *end = a.p + a.len;
	size_t before = (size_t)(a.p - line.p), after = (size_t)(line.p + line.len - end);

	if (!a.len)
		return none;
	/* ">>> a@b (after RCPT TO): 550 ..." */
	if (before <= 5 && span_has_prefix_nocase(line, ">>> "))
		before = 0;
	/* Alone, but for brackets and a colon; or at the beginning, with its bracket and colon. */
	if ((before <= 1 && after <= 2) ||
	    (before <= 1 && after > 2 &&
	     (memcmp(end, ">:", 2) == 0 || (*end == ' ' && end[1] == '('))))
		return a;
	/* "a@b<mailto:a@b>" and "Name (a@b)", as Exchange's reports become when they're copied. */
	if (before <= 1 && after && (*end == '<' || *end == '('))
		return a;
	if (after == 1 && *end == ')' && before < 80 && a.p[-1] == '(')
		return a;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct span rest = behind(line, words[i]);

		if (rest.len)
			return paste_address(rest);
	}
	return none;
}

/* "550 5.1.1 unknown", a piece of the reply that its other copies have, too. */
static struct span wording(const struct reply *r)
{
	const char *t = r->text[0];
	size_t n = 0;

	while (t[n] && n < 40 && !(n > 10 && (strchr("<[(@'\"", t[n]) || ascii_is_digit(t[n]))))
		n++;
	return span_trim((struct span) { t, n });
}

static bool about(const struct paste_lines *lines, size_t line, const struct found_reply *f)
{
	struct span key = wording(f->reply), text = { lines->v[line].text, lines->v[line].len };

	return line == f->line || (key.len >= 9 && span_find_nocase(text, key));
}

static bool has_refusal(const struct reader *r, size_t i)
{
	for (size_t j = 0; j < r->found->n; j++) {
		if (about(r->lines, i, &r->found->v[j]))
			return true;
	}
	return false;
}

static void look_for_reporter(struct reader *r, struct span line)
{
	static const char *const words[] = {
		"Generating server:", "Generierender Server:", "DSN generated by:",
		"the mail system at host ", "qmail-send program at ", "Sent by:",
	};

	for (size_t i = 0; i < ARRAY_LEN(words) && !*r->b.reporter; i++)
		set(r, &r->b.reporter, host_at(behind(line, words[i])));
}

static void read_line(struct reader *r, size_t i)
{
	struct span line = { r->lines->v[i].text, r->lines->v[i].len }, recipient;

	if (report_field(r, line, i))
		return;
	close_report(r);
	look_for_reporter(r, line);
	recipient = recipient_in(line);
	if (recipient.len && !span_eq_nocase(recipient, r->now.recipient)) {
		r->now = nobody();
		set(r, &r->now.recipient, recipient);
	}
	look_for_server(r, line);
	look_for_step(r, line);
	if (has_refusal(r, i)) {
		r->now.line = i;
		r->now.has_text = true;
		emit(r);
	} else if (memchr(line.p, '.', line.len) && host_at(line).len == line.len) {
		/* A host's name alone on its line: Exchange, above "Remote Server returned". */
		set(r, &r->now.server, line);
	}
}

struct bounce bounce_read(struct arena *a, const struct paste_lines *lines,
			  const struct found_replies *found)
{
	struct reader r = { .arena = a, .lines = lines, .found = found, .now = nobody() };

	r.b.v = arena_alloc(a, LIMIT_DELIVERIES * sizeof(*r.b.v));
	r.b.reporter = "";
	for (size_t i = 0; i < lines->n && i < LIMIT_BOUNCE_LINES; i++)
		read_line(&r, i);
	close_report(&r);
	return r.b;
}

size_t bounce_end(const struct paste_lines *lines)
{
	static const char *const marks[] = {
		"This is a copy of the message", "Below this line is a copy of the message",
		"Original message headers:", "Original message follows", "Unsent message below",
		"Message header follows", "The header of the original message is following",
		"----- Original message -----", "Message contents follow",
	};

	for (size_t i = 1; i < lines->n && i < LIMIT_BOUNCE_LINES; i++) {
		struct span line = { lines->v[i].text, lines->v[i].len };

		for (size_t j = 0; j < ARRAY_LEN(marks); j++) {
			const char *at = span_find_nocase(line, span_of(marks[j]));

			/*
			 * Outlook writes "-----Original Message-----" above what it quotes: that
			 * may be the bounce.
			 */
			if (at && line.len < 120)
				return i;
		}
	}
	return lines->n;
}

/* --- a status without words --- */

static bool told_elsewhere(const struct bounce *b, const struct delivery *d,
			   const struct found_replies *found)
{
	for (size_t i = 0; i < b->n; i++) {
		if (b->v[i].has_text && str_eq_nocase(b->v[i].recipient, d->recipient))
			return true;
	}
	for (size_t i = 0; i < found->n; i++) {
		if (!found->v[i].reply->code && str_eq(found->v[i].reply->enhanced, d->status))
			return true;
	}
	return false;
}

void bounce_add_statuses(struct arena *a, const struct bounce *b, const struct paste_lines *lines,
			 struct found_replies *found)
{
	for (size_t i = 0; i < b->n && found->n < LIMIT_PASTE_REPLIES; i++) {
		const struct delivery *d = &b->v[i];
		struct reply *r;

		/* "5.0.0" says no more than that it failed (RFC 3463, 3.1). */
		if (d->has_text || !enhanced_valid(span_of(d->status)) || d->status[0] == '2' ||
		    str_has_suffix_nocase(d->status, ".0.0") || told_elsewhere(b, d, found))
			continue;
		r = arena_alloc(a, sizeof(*r));
		r->enhanced = d->status;
		r->text = arena_alloc(a, 2 * sizeof(*r->text));
		r->text[r->lines++] = "";
		r->source_line = lines->v[d->line].number;
		found->v[found->n++] = (struct found_reply) { .reply = r, .line = d->line };
	}
}

/* --- who a reply is about --- */

static bool named_before(const struct bounce *b, const bool *mine, size_t i)
{
	for (size_t j = 0; j < i; j++) {
		if (mine[j] && str_eq_nocase(b->v[j].recipient, b->v[i].recipient))
			return true;
	}
	return false;
}

static char *recipients(struct arena *a, const struct bounce *b, const bool *mine)
{
	enum { NAMED = 3 };
	_cleanup_(buf_release) struct buf list = BUF_INIT(4096);
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++) {
		if (!mine[i] || !*b->v[i].recipient || named_before(b, mine, i))
			continue;
		if (n < NAMED)
			buf_addf(&list, "%s%s", n ? ", " : "", b->v[i].recipient);
		n++;
	}
	if (n > NAMED)
		buf_addf(&list, " and %zu more", n - NAMED);
	return arena_strdup(a, buf_str(&list));
}

size_t bounce_of_reply(struct arena *a, const struct bounce *b, const struct paste_lines *lines,
		       const struct found_reply *f, const char **ret_server,
		       const char **ret_recipients)
{
	bool mine[LIMIT_DELIVERIES] = { false };
	const char *server = "";
	size_t first = 0;

	for (size_t i = 0; i < b->n; i++) {
		mine[i] = about(lines, b->v[i].line, f) ||
			  (!f->reply->code && str_eq(b->v[i].status, f->reply->enhanced));
		if (!mine[i])
			continue;
		if (!*server)
			server = b->v[i].server;
		if (f->reply->stage == STAGE_UNKNOWN || f->reply->stage == STAGE_ACCEPTED)
			f->reply->stage = b->v[i].stage != STAGE_UNKNOWN ? b->v[i].stage :
					  f->reply->stage;
		if (!first && *b->v[i].recipient)
			first = i + 1;
	}
	*ret_server = server;
	*ret_recipients = recipients(a, b, mine);
	/* The same recipient again, told by another part of the bounce. */
	for (size_t i = 0; first && i + 1 < first; i++) {
		if (str_eq_nocase(b->v[i].recipient, b->v[first - 1].recipient))
			return i + 1;
	}
	return first;
}
