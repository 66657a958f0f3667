/*
 * A paste into lines as they were meant. Logs escape line ends, mail programs fold lines, bounces
 * come as quoted-printable.
 */
#include "paste/paste.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/scan.h"

/* One logical line may grow to this by folding. */
enum { LIMIT_LOGICAL = 64 * 1024 };
/* A line that is joined with the next one because a sentence of a library was wrapped. */
enum { LIMIT_JOINED = 1000 };

/* --- hex digits --- */

/* The value of n hex digits, -1 when they are none. */
static int hex_value(const char *p, size_t left, size_t n)
{
	int v = 0;

	if (left < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		int h = ascii_hex(p[i]);

		if (h < 0)
			return -1;
		v = v * 16 + h;
	}
	return v;
}

/* --- blanks written as something else --- */

static void replace(char *p, char what, char by)
{
	while ((p = strchr(p, what)))
		*p = by;
}

/*
 * qmail's log has underscores: "Remote_host_said:_550_5.1.1_User_unknown/Giving_up_on_192.0.2.1./"
 */
static void plain_qmail(char *text)
{
	if (!strchr(text, '_') || !(strstr(text, "emote_host_said:_") ||
				    ((strstr(text, " failure: ") || strstr(text, " deferral: ")) &&
				     strstr(text, "delivery "))))
		return;
	replace(text, '_', ' ');
	for (char *p = strchr(text, '/'); p; p = strchr(p + 1, '/')) {
		if (str_has_prefix(p, "/Remote host said") || str_has_prefix(p, "/Giving up on"))
			*p = ' ';
	}
}

/*
 * "550+5.7.68+Direct+Send": logs of IIS, and addresses of web pages ("535%205.7.139").
 * One word of the line.
 */
static void plain_word(char *p)
{
	char *to = p;

	for (; *p && !ascii_is_space(*p); p++) {
		int v = *p == '%' && p[1] && p[2] ? hex_value(p + 1, 2, 2) : -1;

		if (v >= 0x20 && v < 0x7f) {
			*to++ = (char)v;
			p += 2;
		} else {
			*to++ = *p == '+' ? ' ' : *p;
		}
	}
	memmove(to, p, strlen(p) + 1);
}

static void plain_plus(char *text)
{
	for (char *p = text; (p = strpbrk(p, "+%")); p++) {
		bool blank = *p == '+' || str_has_prefix(p, "%20");
		size_t n = *p == '+' ? 1 : 3;

		if (!blank || p < text + 3 || !ascii_is_digit(p[-1]) || !ascii_is_digit(p[-2]) ||
		    (p[-3] != '4' && p[-3] != '5') || p[n] != p[-3] || p[n + 1] != '.')
			continue;
		plain_word(p - 3);
		return;
	}
}

/* UTF-8's no-break space, two bytes, and its zero-width one, three. */
static void plain_blanks(char *text)
{
	char *to = text;

	for (const char *p = text; *p; p++) {
		if (p[0] == '\xc2' && p[1] == '\xa0') {
			*to++ = ' ';
			p++;
		} else if (p[0] != '\xe2' || p[1] != '\x80' || p[2] != '\x8b') {
			*to++ = *p;
		} else {
			p += 2;
		}
	}
	*to = '\0';
}

static char *plain(char *text)
{
	if (strchr(text, '\xc2') || strchr(text, '\xe2'))
		plain_blanks(text);
	plain_qmail(text);
	plain_plus(text);
	return text;
}

/* A console wraps where it likes, also inside the words that tell where the reply begins. */
static bool join_spelt(struct arena *a, struct paste_lines *l, struct span text, int number)
{
	struct paste_line *last = l->n ? &l->v[l->n - 1] : NULL;

	if (!last || number > last->number + 1 || last->len > LIMIT_JOINED ||
	    !paste_spelt_cut((struct span) { last->text, last->len }, text))
		return false;
	last->text = plain(arena_printf(a, "%s %.*s", last->text, (int)text.len, text.p));
	last->len = strlen(last->text);
	return true;
}

static void add_line(struct arena *a, struct paste_lines *l, struct span text, int number)
{
	text = span_trim(text);
	if (!text.len || l->n >= LIMIT_PASTE_LINES || join_spelt(a, l, text, number))
		return;
	if (l->n == l->cap) {
		struct paste_line *bigger;

		l->cap = l->cap ? 2 * l->cap : 64;
		bigger = arena_alloc(a, l->cap * sizeof(*bigger));
		if (l->n)
			memcpy(bigger, l->v, l->n * sizeof(*bigger));
		l->v = bigger;
	}
	l->v[l->n].text = plain(span_dup(a, text));
	l->v[l->n].len = strlen(l->v[l->n].text);
	l->v[l->n++].number = number;
}

/* --- escapes: \r\n, \", <, \/, \x0d --- */

/*
 * Reads one escape at p (behind the backslash): the character it stands for and its length, or 0 =
 * no escape of ours.
 */
static size_t unescape_one(const char *p, size_t left, int *ret)
{
	static const struct { char name; int c; } simple[] = {
		{ 'n', '\n' }, { 'r', '\n' }, { 't', ' ' }, { '"', '"' }, { '\'', '\'' },
		{ '\\', '\\' }, { '/', '/' },
	};

	for (size_t i = 0; left && i < ARRAY_LEN(simple); i++) {
		if (p[0] == simple[i].name) {
			*ret = simple[i].c;
			return 1;
		}
	}
	if (left && p[0] == 'u')
		*ret = hex_value(p + 1, left - 1, 4);
	else if (left && p[0] == 'x')
		*ret = hex_value(p + 1, left - 1, 2);
	else
		return 0;
	if (*ret <= 0 || *ret >= 0x80)
		return 0;
	return p[0] == 'u' ? 5 : 3;
}

/* "C:\new" is a path, not a line end. */
static bool is_path(struct span line, size_t at)
{
	return at >= 2 && line.p[at - 1] == ':' && ascii_is_alpha(line.p[at - 2]) &&
	       (at == 2 || !ascii_is_alnum(line.p[at - 3]));
}

/* Cuts at escaped line ends; each piece is a line of its own with the same number. */
static void add_unescaped(struct arena *a, struct paste_lines *l, struct span line, int number)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_LOGICAL);

	if (!memchr(line.p, '\\', line.len)) {
		add_line(a, l, line, number);
		return;
	}
	for (size_t i = 0; i < line.len; i++) {
		int c = 0;
		size_t n = line.p[i] == '\\' && !is_path(line, i) ?
			   unescape_one(line.p + i + 1, line.len - i - 1, &c) : 0;

		if (!n) {
			buf_addc(&b, line.p[i]);
			continue;
		}
		i += n;
		if (c != '\n' && c != '\r') {
			buf_addc(&b, (char)c);
			continue;
		}
		add_line(a, l, (struct span) { buf_str(&b), b.len }, number);
		buf_clear(&b);
	}
	add_line(a, l, (struct span) { buf_str(&b), b.len }, number);
}

/* --- folded lines --- */

/*
 * Headers and sentences whose rest stands on indented lines: bounces and Exim's and
 * Postfix's reports.
 */
static bool may_be_folded(struct span line)
{
	static const char words[] =
		"Diagnostic-Code:| said:|said:|SMTP error from|Remote Server returned|"
		"Status:|delivery temporarily suspended:";

	return span_has_any(line, words);
}

/* An indented line that begins something of its own. */
static bool begins_anew(struct span line)
{
	struct span t = span_trim(line);
	struct reply_line r;

	return t.len == 0 || span_has_prefix_nocase(t, "at ") ||
	       span_has_prefix_nocase(t, "File \"") || (reply_parse_line(t, &r) && !r.last);
}

static bool is_continuation(struct span raw, bool open)
{
	return open && raw.len && (raw.p[0] == ' ' || raw.p[0] == '\t') && !begins_anew(raw);
}

/* --- quoted-printable --- */

static bool looks_quoted_printable(struct span text)
{
	return span_has_any(text, "quoted-printable|=\n|=\r\n");
}

/*
 * RFC 2045, 6.7: soft line ends joined, =XX decoded (only to what is printable: it's for reading).
 */
static void add_decoded(struct buf *b, struct span line, bool *ret_soft)
{
	*ret_soft = line.len && line.p[line.len - 1] == '=';
	if (*ret_soft)
		line.len--;
	for (size_t i = 0; i < line.len; i++) {
		int v = line.p[i] == '=' ? hex_value(line.p + i + 1, line.len - i - 1, 2) : -1;

		if (v >= 0x20 && v < 0x7f)
			buf_addc(b, (char)v);
		else
			buf_addc(b, v >= 0 ? '\'' : line.p[i]);
		i += v >= 0 ? 2 : 0;
	}
}

/* --- the whole --- */

struct cutter {
	struct arena		*arena;
	struct paste_lines	 lines;
	struct buf		 line;		/* the logical line so far */
	int			 number;	/* its first source line */
	bool			 open;		/* indented lines belong to it */
	bool			 soft;		/* quoted-printable says it goes on */
};

static void flush(struct cutter *c)
{
	if (c->line.len)
		add_unescaped(c->arena, &c->lines, (struct span) { buf_str(&c->line), c->line.len },
			      c->number);
	buf_clear(&c->line);
	c->soft = false;
}

static void take_line(struct cutter *c, struct span raw, int number, bool qp)
{
	bool more = c->soft || is_continuation(raw, c->open);
	bool was_soft = c->soft;

	if (!more || c->line.overflow)
		flush(c);
	if (!c->line.len)
		c->number = number;
	if (more && !was_soft) {
		buf_addc(&c->line, ' ');
		raw = span_trim(raw);
	}
	if (qp)
		add_decoded(&c->line, raw, &c->soft);
	else
		buf_add(&c->line, raw.p, raw.len);
	c->open = raw.len &&
		  (more || may_be_folded((struct span) { buf_str(&c->line), c->line.len }));
}

struct paste_lines paste_lines(struct arena *a, const char *text, size_t n)
{
	struct span all = { text, n };
	struct cutter c = { .arena = a, .line = BUF_INIT(LIMIT_LOGICAL) };
	struct scan s = scan_span(all);
	bool qp = looks_quoted_printable(all);

	for (int number = 1; !scan_done(&s); number++) {
		struct span raw = scan_line(&s);

		if (raw.len > LIMIT_LOGICAL)
			raw.len = LIMIT_LOGICAL;
		take_line(&c, raw, number, qp);
	}
	flush(&c);
	buf_release(&c.line);
	return c.lines;
}
