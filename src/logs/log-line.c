/*
 * log-line - what the lines of mail servers' logs say.
 */
#include "logs/log-line.h"

#include <string.h>

#include "base/attr.h"
#include "base/scan.h"

/* How far into a line the name of the program is looked for. */
enum { HEAD = 160, ID_MOST = 40 };

static struct span head(struct span line)
{
	return (struct span) { line.p, line.len < HEAD ? line.len : HEAD };
}

/*
 * What follows the word, or an empty span. Case counts: it is what programs print, and it is fast.
 */
static struct span after(struct span line, const char *word)
{
	size_t n = strlen(word);
	const char *at = line.len >= n ? memmem(line.p, line.len, word, n) : NULL;

	return at ? span_from(line, at + n) : (struct span) { "", 0 };
}

static bool begins(struct span s, const char *word)
{
	size_t n = strlen(word);

	return s.len >= n && memcmp(s.p, word, n) == 0;
}

static struct span upto(struct span s, const char *stops)
{
	struct scan c = scan_span(s);

	return scan_until(&c, stops);
}

/* "a@b>" to "b"; "" for "<>". False when it is no address. */
static bool domain_of(struct span s, struct span *ret)
{
	struct span address = upto(s, "> ,;\t\"");
	const char *at = address.len ? memrchr(address.p, '@', address.len) : NULL;

	if (!address.len && s.len && s.p[0] == '>')
		*ret = (struct span) { "", 0 };
	else if (at && at + 1 < address.p + address.len)
		*ret = span_from(address, at + 1);
	else
		return false;
	return true;
}

/* The sender, as programs write it: from=<a@b>, F=<a@b>, MAIL FROM:<a@b>. */
static void find_sender(struct log_line *l, struct span line)
{
	static const char *const words[] = { "from=<", " F=<", "MAIL FROM:<", "mail from:<",
					     "sender=<", "from=", " F=" };

	for (size_t i = 0; i < ARRAY_LEN(words) && !l->has_sender; i++) {
		struct span s = after(line, words[i]);

		l->has_sender = s.len && domain_of(s, &l->sender);
	}
}

/* --- the other side --- */

static bool host_char(char c)
{
	return ascii_is_host(c) || c == '_';
}

/*
 * "mx.example[192.0.2.1]:25", "mx.example. [192.0.2.1]", "[192.0.2.1]:25", "unknown[192.0.2.1]":
 * the name, else the address.
 */
static struct span host_at(struct span s)
{
	struct scan c = scan_span(s);
	struct span name = scan_while(&c, host_char), literal;

	while (name.len && name.p[name.len - 1] == '.')
		name.len--;
	if (name.len && !span_eq(name, "unknown"))
		return span_eq(name, "none") || span_eq(name, "local") ? (struct span) { "", 0 } :
		       name;
	/* "H=(says.example) [192.0.2.1]" */
	if (scan_accept(&c, '('))
		scan_until(&c, ")[,;");
	scan_accept(&c, ')');
	scan_blanks(&c);
	if (!scan_accept(&c, '['))
		return (struct span) { "", 0 };
	literal = scan_until(&c, "] ,;");
	return scan_peek(&c) == ']' ? literal : (struct span) { "", 0 };
}

/* Words that a host follows. The first that is found counts. */
static struct span find_relay(struct span line)
{
	static const char *const words[] = {
		"relay=", " H=", "host ", "connect to ", "Connected to ", "connected to ",
		"server ", "from ", "dial tcp: lookup ", "dial tcp ", "ENOTFOUND ", "EAI_AGAIN ",
		"ECONNREFUSED ", "ETIMEDOUT ", "ECONNRESET ", "host=", "host: '", "\"host\":\"",
		"hostname=", "lookup ",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct span host = host_at(after(line, words[i]));

		/* "server replied": a host has a dot, unless it says relay=. */
		if (host.len && (i < 2 || memchr(host.p, '.', host.len)) &&
		    (host.len < 4 || !ascii_is_digit(host.p[0]) || memchr(host.p, '.', host.len)))
			return host;
	}
	return (struct span) { "", 0 };
}

/* --- syslog: "Nov 20 12:00:00 host postfix/smtp[123]: 4AB12: ..." --- */

/* The program's name and what it said; false when the line is not of that form. */
static bool program_of(struct span line, struct span *ret_name, struct span *ret_rest)
{
	struct span rest = after(head(line), "]: ");
	const char *end, *p;

	if (!rest.len)
		return false;
	end = memrchr(line.p, '[', (size_t)(rest.p - line.p));
	if (!end || end == line.p)
		return false;
	for (p = end; p > line.p && p[-1] != ' ' && p[-1] != '\t'; p--)
		;
	*ret_name = (struct span) { p, (size_t)(end - p) };
	*ret_rest = span_from(line, rest.p);
	return true;
}

static struct span queue_id(struct span rest)
{
	struct scan s = scan_span(rest);
	struct span id = scan_while(&s, ascii_is_alnum);

	if (scan_peek(&s) != ':' || id.len < 5 || id.len > ID_MOST || span_eq(id, "NOQUEUE") ||
	    span_eq(id, "warning") || span_eq(id, "error") || span_eq(id, "fatal"))
		id.len = 0;
	return id;
}

/* "status=deferred (reason)": true when the line says so, whichever program wrote it. */
static bool read_status(struct log_line *l, struct span line)
{
	static const struct { const char *word; enum fate fate; } words[] = {
		{ "sent", FATE_NONE }, { "deferred", FATE_DEFERRED }, { "bounced", FATE_BOUNCED },
		{ "expired", FATE_BOUNCED },
		{ "SOFTBOUNCE", FATE_DEFERRED }, { "deliverable", FATE_NONE },
		{ "undeliverable", FATE_BOUNCED },
	};
	struct span s = after(line, "status="), dsn;

	for (size_t i = 0; s.len && i < ARRAY_LEN(words); i++) {
		if (!begins(s, words[i].word))
			continue;
		l->fate = words[i].fate;
		dsn = after(line, "dsn=");
		l->said = dsn.len && dsn.p < s.p ? span_from(line, dsn.p - strlen("dsn=")) : s;
		return true;
	}
	return false;
}

/*
 * Programs of Postfix that take mail, and so refuse it in their own name; the others report
 * outcomes by status= alone.
 */
static bool takes_mail(struct span program)
{
	return span_has_any(program, "smtpd|postscreen|cleanup|submission|smtps|policy");
}

static void read_postfix(struct log_line *l, struct span program, struct span rest,
			 bool sender_only)
{
	bool takes;

	l->kind = LOG_POSTFIX;
	l->id = queue_id(rest);
	find_sender(l, rest);
	if (sender_only)
		return;
	if (read_status(l, rest)) {
		if (l->fate != FATE_NONE)
			l->relay = find_relay(rest);
		return;
	}
	/* "lost connection after CONNECT from ..." is a scanner: no mail was refused. */
	takes = takes_mail(program);
	if (takes &&
	    (after(rest, "reject").len || after(rest, "authentication failed").len))
		l->fate = FATE_OPEN;
	l->said = rest;
	l->attempt = l->fate == FATE_NONE && !takes;
	if (l->fate != FATE_NONE)
		l->relay = find_relay(rest);
}

static void read_sendmail(struct log_line *l, struct span rest)
{
	struct span stat = after(rest, "stat="), dsn = after(rest, "dsn=");

	l->kind = LOG_SENDMAIL;
	l->id = queue_id(rest);
	find_sender(l, rest);
	l->relay = find_relay(rest);
	l->said = stat.len ? span_from(rest, stat.p - strlen("stat=")) : rest;
	if (stat.len && dsn.len && dsn.p < stat.p)
		l->said = span_from(rest, dsn.p - strlen("dsn="));
	if (!stat.len)
		l->fate = after(rest, "reject=").len ||
			  span_find_nocase(rest, SPAN_LITERAL("auth fail")) ?
			  FATE_OPEN : FATE_NONE;
	else if (begins(stat, "Sent") || begins(stat, "queued") || begins(stat, "quarantine"))
		l->fate = FATE_NONE;
	else
		l->fate = begins(stat, "Deferred") || begins(dsn, "4") ? FATE_DEFERRED :
			  FATE_BOUNCED;
}

/*
 * "... mta delivery evpid=1 from=<a@b> to=<c@d> ... relay="192.0.2.1 (mx.example)" ...
 * result="TempFail" stat="451 ...""
 */
static bool read_opensmtpd(struct log_line *l, struct span rest)
{
	struct span result = after(rest, "result=\""), relay = after(rest, "relay=\""), name;

	if (!result.len)
		return false;
	l->kind = LOG_OPENSMTPD;
	find_sender(l, rest);
	name = after(upto(relay, "\""), "(");
	l->relay = name.len ? upto(name, ")") : upto(relay, "\" ");
	l->said = after(rest, "stat=\"");
	l->said = l->said.len ? upto(l->said, "\"") : result;
	if (begins(result, "Ok"))
		l->fate = FATE_NONE;
	else
		l->fate = begins(result, "TempFail") ? FATE_DEFERRED : FATE_BOUNCED;
	return true;
}

static bool read_syslog(struct log_line *l, struct span line, bool sender_only)
{
	struct span program, rest;

	if (!program_of(line, &program, &rest))
		return false;
	if (begins(program, "postfix")) {
		read_postfix(l, program, rest, sender_only);
		return true;
	}
	if (begins(program, "sendmail") || begins(program, "sm-mta") || begins(program, "sm-msp")) {
		read_sendmail(l, rest);
		return true;
	}
	return begins(program, "smtpd") && read_opensmtpd(l, rest);
}

/*
 * --- Exim: "2026-11-20 12:00:00 1tDabc-000000-0A == user@example.com R=smarthost T=remote defer
 * (-44): ..." ---
 */

/* "1tDabc-000000-0A", since 4.97 "1tDabc-000000000001-0A2b" */
static bool message_id(struct scan *s, struct span *ret)
{
	struct scan try = *s;
	struct span a = scan_while(&try, ascii_is_alnum), b, c;

	if (!scan_accept(&try, '-'))
		return false;
	b = scan_while(&try, ascii_is_alnum);
	if (!scan_accept(&try, '-'))
		return false;
	c = scan_while(&try, ascii_is_alnum);
	if (a.len != 6 || (b.len != 6 && b.len != 11) || (c.len != 2 && c.len != 4) ||
	    !scan_accept(&try, ' '))
		return false;
	*ret = (struct span) { a.p, (size_t)(c.p + c.len - a.p) };
	*s = try;
	return true;
}

/* "2026-11-20 12:00:00", then maybe ".123", "+0100" and "[pid]". */
static bool exim_time(struct scan *s)
{
	struct span t = scan_take(s, 19);

	if (scan_failed(s) || t.p[4] != '-' || t.p[7] != '-' || t.p[10] != ' ' || t.p[13] != ':' ||
	    t.p[16] != ':')
		return false;
	scan_until(s, " ");
	scan_accept(s, ' ');
	if (scan_peek(s) == '+' || scan_peek(s) == '-') {
		scan_until(s, " ");
		scan_accept(s, ' ');
	}
	if (scan_peek(s) == '[') {
		scan_until(s, " ");
		scan_accept(s, ' ');
	}
	return true;
}

/* What follows the address, the router and the transport of an outcome. */
static struct span exim_reason(struct span rest)
{
	struct span defer = after(rest, " defer ");
	struct span s = defer.len ? defer : after(rest, ": ");

	return s.len ? s : rest;
}

static bool read_exim(struct log_line *l, struct span line)
{
	struct scan s = scan_span(line);
	struct span rest;

	if (!exim_time(&s) || !message_id(&s, &l->id))
		return false;
	l->kind = LOG_EXIM;
	rest = scan_rest(&s);
	l->said = rest;
	l->relay = host_at(after(rest, " H="));
	if (begins(rest, "<= ")) {
		struct span sender = upto(span_from(rest, rest.p + 3), " ");

		l->has_sender = domain_of(sender, &l->sender) || span_eq(sender, "<>");
		return true;
	}
	find_sender(l, rest);
	if (begins(rest, "== ") || begins(rest, "** ")) {
		l->fate = rest.p[0] == '=' ? FATE_DEFERRED : FATE_BOUNCED;
		l->said = exim_reason(rest);
		if (!l->relay.len)
			l->relay = find_relay(l->said);
	} else if (after(rest, " rejected ").len) {
		l->fate = FATE_OPEN;
	} else {
		l->attempt = !begins(rest, "=> ") && !begins(rest, "-> ");
	}
	return true;
}

/*
 * --- Exchange: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,
 *     event,data,context ---
 */

enum { X_TIME, X_CONNECTOR, X_SESSION, X_SEQUENCE, X_LOCAL, X_REMOTE, X_EVENT, X_FIELDS };

static bool read_exchange(struct log_line *l, struct span line)
{
	struct scan s = scan_span(line);
	struct span field[X_FIELDS], data;

	for (int i = 0; i < X_FIELDS; i++) {
		field[i] = scan_until(&s, ",");
		if (!scan_accept(&s, ','))
			return false;
	}
	if (field[X_TIME].len < 19 || field[X_TIME].p[10] != 'T' || field[X_EVENT].len != 1 ||
	    !strchr("+-<>*", field[X_EVENT].p[0]))
		return false;
	l->kind = LOG_EXCHANGE;
	l->id = field[X_SESSION].len <= ID_MOST ? field[X_SESSION] : (struct span) { "", 0 };
	scan_accept(&s, '"');
	data = scan_rest(&s);
	if (data.len && data.p[data.len - 1] == ',')
		data.len--;
	l->said = data;
	l->relay = host_at(field[X_REMOTE]);
	if (begins(data, "MAIL FROM:<") || begins(data, "mail from:<"))
		l->has_sender = domain_of(span_from(data, data.p + 11), &l->sender);
	else
		l->fate = FATE_OPEN;
	return true;
}

/* --- the rest --- */

/* Behind what stands at the start of nearly every log: the time, a level in brackets. */
static struct span without_time(struct span line)
{
	struct scan s = scan_span(line);

	while (!scan_done(&s) && !ascii_is_alpha((char)scan_peek(&s)) && scan_pos(&s) < 40)
		scan_take(&s, 1);
	/* The digits of a reply are no time. */
	return scan_pos(&s) > 14 ? scan_rest(&s) : line;
}

static struct log_line read_line(struct span line, bool sender_only)
{
	struct span none = { "", 0 };
	struct log_line l = { .fate = FATE_NONE, .id = none, .sender = none, .relay = none,
			      .said = line };

	if (line.len && ascii_is_digit(line.p[0]) &&
	    (read_exim(&l, line) || read_exchange(&l, line)))
		return l;
	l.id = none;
	if (read_syslog(&l, line, sender_only))
		return l;
	l.kind = LOG_OTHER;
	find_sender(&l, line);
	if (sender_only)
		return l;
	if (read_status(&l, line)) {
		l.relay = l.fate != FATE_NONE ? find_relay(line) : none;
		return l;
	}
	/* What web servers log has the same numbers. */
	if (after(line, " HTTP/").len)
		return l;
	l.fate = FATE_OPEN;
	l.said = without_time(line);
	l.relay = find_relay(line);
	return l;
}

struct log_line log_line_read(struct span line)
{
	return read_line(line, false);
}

struct log_line log_line_sender(struct span line)
{
	return read_line(line, true);
}
