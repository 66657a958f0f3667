/*
 * One Received field: who handed the message to whom, when, how, and with which TLS. Every mail
 * server has its own shape of it.
 */
#include "message/parts.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/scan.h"

/* --- clauses --- */

enum clause { FROM, BY, WITH, ID, VIA, FOR, CLAUSES };
static const char *const clause_names[CLAUSES] = { "from", "by", "with", "id", "via", "for" };

/* The ';' before the date: the last one outside comments and quotes. NULL: none. brackets: heed
 * them. */
static const char *last_semicolon(struct span v, bool brackets)
{
	const char *at = NULL;
	bool quote = false;
	size_t depth = 0;

	for (size_t i = 0; i < v.len; i++) {
		char c = v.p[i];

		if (c == '"')
			quote = !quote && depth == 0;
		else if (quote)
			continue;
		else if (c == '(' && brackets)
			depth++;
		else if (c == ')' && depth)
			depth--;
		else if (c == ';' && !depth)
			at = v.p + i;
	}
	return at;
}

/* Without a semicolon: "... id filter0652 2018-04-22 02:54:17.03 +0000 UTC". NULL: there is no
 * date. */
static const char *bare_date(struct span v)
{
	for (size_t i = 0; i + 11 < v.len; i++) {
		const char *p = v.p + i;

		if (p[0] == ' ' && p[5] == '-' && p[8] == '-' && ascii_is_digit(p[1]) &&
		    ascii_is_digit(p[4]) && ascii_is_digit(p[6]) && ascii_is_digit(p[10]) &&
		    p[11] == ' ')
			return p;
	}
	return NULL;
}

static int clause_of(struct span word)
{
	for (int c = 0; c < CLAUSES; c++)
		if (span_eq_nocase(word, clause_names[c]))
			return c;
	return -1;
}

/* One word, or a comment as a whole. */
static struct span next_word(struct scan *s, bool brackets)
{
	const char *from = s->p;

	if (brackets && scan_peek(s) == '(') {
		struct span none = { NULL, 0 };
		struct scan try = *s;

		part_skip(&try, &none);
		/* The blanks behind it are not its own. */
		*s = try;
		return (struct span) { from, (size_t)(try.p - from) };
	}
	scan_until(s, brackets ? " \t(" : " \t");
	if (s->p == from && !scan_done(s))
		scan_take(s, 1);
	return (struct span) { from, (size_t)(s->p - from) };
}

static void split(struct span head, bool brackets, struct span clauses[CLAUSES])
{
	struct scan s = scan_span(head);
	bool seen[CLAUSES] = { false };
	int open = -1;

	memset(clauses, 0, CLAUSES * sizeof(*clauses));
	while (!scan_done(&s)) {
		struct span word;
		int c;

		scan_blanks(&s);
		word = next_word(&s, brackets);
		c = clause_of(word);
		if (c >= 0 && !seen[c]) {
			open = c;
			seen[c] = true;
			clauses[c] = (struct span) { s.p, 0 };
		} else if (open >= 0) {
			clauses[open].len = (size_t)(s.p - clauses[open].p);
		}
	}
	for (int c = 0; c < CLAUSES; c++)
		clauses[c] = clauses[c].p ? span_trim(clauses[c]) : (struct span) { "", 0 };
}

/* --- hosts and addresses --- */

static bool is_address(const char *s)
{
	struct in6_addr six;
	struct in_addr four;

	return inet_pton(AF_INET, s, &four) == 1 || inet_pton(AF_INET6, s, &six) == 1;
}

/* The address in a from clause: the last one, which is the server's own look at the client. */
static const char *address_in(struct arena *a, struct span clause)
{
	enum { LONGEST = 46 };
	struct scan s = scan_span(clause);
	const char *best = "";

	while (!scan_done(&s)) {
		struct span word = scan_until(&s, " \t()[]<>,;=\"");
		char text[LONGEST + 1];

		if (span_has_prefix_nocase(word, "IPv6:")) {
			word.p += 5;
			word.len -= 5;
		}
		if (word.len >= 2 && word.len <= LONGEST) {
			memcpy(text, word.p, word.len);
			text[word.len] = '\0';
			if (is_address(text))
				best = arena_strdup(a, text);
		}
		if (!scan_done(&s))
			scan_take(&s, 1);
	}
	return best;
}

static const char *first_word(struct arena *a, struct span clause)
{
	struct scan s = scan_span(clause);
	struct span w = scan_until(&s, " \t(;");

	return span_dup(a, w);
}

/* "smtp.github.com (out-3.smtp.github.com [192.0.2.1])": the name in the comment. */
static const char *name_in(struct arena *a, struct span clause)
{
	struct scan s = scan_span(clause);
	struct span word;

	scan_until(&s, "(");
	if (!scan_accept(&s, '('))
		return "";
	if (scan_accept_str(&s, "HELO ") || scan_accept_str(&s, "EHLO ") ||
	    scan_accept_str(&s, "helo="))
		return "";
	word = scan_until(&s, " \t[()");
	return memchr(word.p, '.', word.len) && !is_address(span_dup(a, word)) ? span_dup(a, word)
									       : "";
}

/* --- how: protocol and TLS --- */

/* With its blanks gone where they are only the fold's: "TLS1_2" is TLS 1.2. */
static const char *tls_name(struct arena *a, struct span word)
{
	struct scan s = scan_span(word);
	char major, minor = '0';

	scan_accept_str(&s, "TLS");
	scan_accept_str(&s, "v");
	if (scan_left(&s) < 1 || !ascii_is_digit((char)scan_peek(&s)))
		return span_dup(a, word);
	major = *scan_take(&s, 1).p;
	if ((scan_accept(&s, '.') || scan_accept(&s, '_')) && scan_left(&s))
		minor = *scan_take(&s, 1).p;
	return ascii_is_digit(minor) ? arena_printf(a, "TLS %c.%c", major, minor)
				     : span_dup(a, word);
}

/* The word behind a mark, up to a stop. */
static struct span behind(struct span in, const char *mark)
{
	const char *at = span_find_nocase(in, span_of(mark));
	struct scan s;

	if (!at)
		return (struct span) { "", 0 };
	at += strlen(mark);
	s = scan_over(at, in.len - (size_t)(at - in.p));
	return scan_until(&s, " \t,;()");
}

static void read_tls(struct arena *a, struct span head, struct hop *h)
{
	struct span v = behind(head, "version="), c;

	if (!v.len)
		v = behind(head, "(using ");
	if (!v.len && span_find_nocase(head, span_of("(TLSv1")))
		v = (struct span) { span_find_nocase(head, span_of("(TLSv1")) + 1, 7 };
	else if (!v.len && span_find_nocase(head, span_of("(TLS1")))
		v = (struct span) { span_find_nocase(head, span_of("(TLS1")) + 1, 6 };
	if (v.len && (span_has_prefix_nocase(v, "TLS") || span_has_prefix_nocase(v, "SSL")))
		h->tls_version = tls_name(a, v);
	c = behind(head, "cipher=");
	if (!c.len)
		c = behind(head, "with cipher ");
	if (!c.len)
		c = behind(head, ") tls ");
	if (!c.len)
		c = behind(head, "ESMTP/TLS/");
	h->cipher = c.len && !span_eq(c, "none") && !span_eq(c, "NONE") ? span_dup(a, c) : "";
	h->tls = *h->tls_version || *h->cipher || span_find_nocase(head, span_of("(TLS)")) ||
		 span_find_nocase(head, span_of("encrypted"));
}

/* RFC 3848, RFC 6531: what the letters behind the protocol's name say. */
static void read_letters(struct hop *h)
{
	static const char *const names[] = { "UTF8SMTP", "UTF8LMTP", "ESMTP",
					     "LMTP",     "SMTP",     "ASMTP" };
	const char *rest = NULL;
	bool mail = false;

	for (size_t i = 0; i < ARRAY_LEN(names) && !rest; i++)
		if (str_has_prefix_nocase(h->protocol, names[i]))
			rest = h->protocol + strlen(names[i]);
	for (; rest && (ascii_lower(*rest) == 's' || ascii_lower(*rest) == 'a'); rest++) {
		h->tls |= ascii_lower(*rest) == 's';
		h->login |= ascii_lower(*rest) == 'a';
	}
	mail = rest || str_has_prefix_nocase(h->protocol, "Microsoft SMTP");
	h->clear = mail && !h->tls && !str_has_prefix_nocase(h->protocol, "LMTP");
}

static const char *protocol_of(struct arena *a, const char *with)
{
	static const char *const names[] = { "UTF8", "ESMTP", "SMTP",  "LMTP",
					     "HTTP", "mapi",  "ASMTP", "local" };
	struct scan s = scan_span(span_of(with));

	if (str_has_prefix_nocase(with, "Microsoft SMTP"))
		return "Microsoft SMTP Server";
	/* "IBM ESMTP SMTP Gateway": the word that is a protocol. */
	while (!scan_done(&s)) {
		struct span word = scan_until(&s, " \t(;");

		for (size_t i = 0; i < ARRAY_LEN(names); i++)
			if (span_has_prefix_nocase(word, names[i]) &&
			    !memchr(word.p, '.', word.len))
				return span_dup(a, word);
		if (!scan_done(&s))
			scan_take(&s, 1);
	}
	return first_word(a, span_of(with));
}

static bool is_unclosed(struct span v)
{
	size_t depth = 0;

	for (size_t i = 0; i < v.len; i++) {
		if (v.p[i] == '(')
			depth++;
		else if (v.p[i] == ')' && depth)
			depth--;
	}
	return depth > 0;
}

void received_read(struct arena *a, const char *value, struct hop *ret)
{
	struct span v = span_of(value), head = v, date = { "", 0 }, c[CLAUSES];
	const char *end = last_semicolon(v, true);

	if (!end)
		end = last_semicolon(v, false);
	if (!end)
		end = bare_date(v);
	if (end) {
		head.len = (size_t)(end - v.p);
		date = (struct span) { end + 1, v.len - head.len - 1 };
	}
	split(head, true, c);
	/* A bracket that is never closed has swallowed the rest. */
	if (!c[BY].len && is_unclosed(head))
		split(head, false, c);
	*ret = (struct hop){
		.from = span_dup(a, c[FROM]),
		.by = span_dup(a, c[BY]),
		.with = span_dup(a, c[WITH]),
		.id = span_dup(a, c[ID]),
		.via = span_dup(a, c[VIA]),
		.recipient = span_dup(a, c[FOR]),
		.helo = first_word(a, c[FROM]),
		.by_host = first_word(a, c[BY]),
		.name = name_in(a, c[FROM]),
		.address = address_in(a, c[FROM]),
		.tls_version = "",
		.cipher = "",
		.when = date_read(a, date),
	};
	ret->protocol = protocol_of(a, ret->with);
	read_tls(a, head, ret);
	read_letters(ret);
	ret->login |= span_find_nocase(head, span_of("(Authenticated sender:")) != NULL;
}
