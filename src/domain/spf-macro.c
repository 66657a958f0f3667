/*
 * spf-macro - macros of SPF: are they right, and what do they stand for? RFC 7208, 7.
 */
#include "domain/spf-inside.h"

enum {
	MOST_PARTS = 128
}; /* a name has no more labels; a greater number means all (RFC 7208, 7.3) */

/* What stands in %{...}. */
struct macro {
	char		letter;		/* as written: an upper one is URL-escaped */
	unsigned long	parts;		/* 0 = all */
	bool		reverse;
	struct span	delimiters;
};

static bool is_delimiter(char c)
{
	return c && strchr(".-+,/_=", c);
}

/* After "%{". False when it's none. */
static bool read_macro(struct scan *s, struct macro *m)
{
	size_t digits = 0;

	m->letter = (char)scan_u8(s);
	if (scan_failed(s) || !m->letter || !strchr("slodiphcrtv", ascii_lower(m->letter)))
		return false;
	m->parts = 0;
	for (; ascii_is_digit((char)scan_peek(s)) && scan_peek(s) >= 0; digits++) {
		unsigned d = scan_u8(s) - '0';

		m->parts = m->parts < 10 * MOST_PARTS ? 10 * m->parts + d : m->parts;
	}
	if (digits && !m->parts)
		return false;
	m->reverse = scan_accept(s, 'r') || scan_accept(s, 'R');
	m->delimiters = scan_while(s, is_delimiter);
	return scan_accept(s, '}');
}

/* domain-end = ( "." toplabel [ "." ] ) / macro-expand; RFC 7208, 7.1 */
static bool ends_as_name(struct span text)
{
	size_t n = text.len, at;
	bool other = false;

	if (n && text.p[n - 1] == '.')
		n--;
	for (at = n; at && text.p[at - 1] != '.'; at--)
		;
	if (!at || at == n || !ascii_is_alnum(text.p[at]) || !ascii_is_alnum(text.p[n - 1]))
		return false;
	for (size_t i = at; i < n; i++) {
		if (!ascii_is_alnum(text.p[i]) && text.p[i] != '-')
			return false;
		other |= !ascii_is_digit(text.p[i]);
	}
	return other;
}

const char *spf_macro_fault(struct span text, bool domain, bool exp)
{
	struct scan s = scan_span(text);
	bool macro_last = false;
	struct macro m;

	while (!scan_done(&s)) {
		macro_last = scan_accept(&s, '%');
		if (!macro_last) {
			scan_u8(&s);
			continue;
		}
		if (scan_accept(&s, '%') || scan_accept(&s, '_') || scan_accept(&s, '-'))
			continue;
		if (!scan_accept(&s, '{'))
			return "'%' must be followed by '{', '%', '_' or '-'";
		if (!read_macro(&s, &m))
			return "the macro is not valid";
		if (!exp && strchr("crt", ascii_lower(m.letter)))
			return "the macros c, r and t may only stand in an explanation";
	}
	if (domain && !text.len)
		return "the domain is empty";
	if (domain && !macro_last && !ends_as_name(text))
		return "it does not end in a valid top-level domain";
	return NULL;
}

static void add_dotted_ip(const struct spf_run *r, struct buf *to)
{
	for (size_t i = 0; i < r->ip_len; i++) {
		if (r->ip_len == 4)
			buf_addf(to, "%s%u", i ? "." : "", r->ip[i]);
		else
			buf_addf(to, "%s%X.%X", i ? "." : "", r->ip[i] >> 4, r->ip[i] & 15u);
	}
}

/* The name of the address that fits best (RFC 7208, 7.3): the domain, one below it, any. */
static const char *best_name(struct spf_run *r, const char *domain)
{
	const struct strv *names = spf_names(r);

	for (size_t i = 0; i < names->n; i++)
		if (domain_name_under(names->v[i], domain) &&
		    domain_name_under(domain, names->v[i]))
			return names->v[i];
	for (size_t i = 0; i < names->n; i++)
		if (domain_name_under(names->v[i], domain))
			return names->v[i];
	return names->n ? names->v[0] : "unknown";
}

/* What the letter stands for. */
static enum spf_expanded value_of(struct spf_run *r, const char *domain, char letter, bool ahead,
				  struct buf *to)
{
	switch (letter) {
	case 's':
		buf_addf(to, "%s@%s", r->local, r->from_domain);
		return SPF_EXPANDED;
	case 'l':
		buf_adds(to, r->local);
		return SPF_EXPANDED;
	case 'o':
		buf_adds(to, r->from_domain);
		return SPF_EXPANDED;
	case 'd':
		buf_adds(to, domain);
		return SPF_EXPANDED;
	case 'h':
		buf_adds(to, r->ask->helo ? r->ask->helo : "");
		return SPF_EXPANDED;
	case 'r':
		buf_adds(to, r->ask->receiver && *r->ask->receiver ? r->ask->receiver : "unknown");
		return SPF_EXPANDED;
	case 't':
		buf_addf(to, "%lld", (long long)r->ask->now);
		return SPF_EXPANDED;
	}
	if (!r->ip_len || (letter == 'p' && ahead))
		return SPF_UNCLEAR;
	if (letter == 'i')
		add_dotted_ip(r, to);
	else if (letter == 'c')
		buf_adds(to, r->spf->ip);
	else if (letter == 'v')
		buf_adds(to, r->ip_len == 4 ? "in-addr" : "ip6");
	else
		buf_adds(to, best_name(r, domain));
	return SPF_EXPANDED;
}

static void add_part(struct buf *to, struct span part, bool escaped)
{
	for (size_t i = 0; i < part.len; i++) {
		char c = part.p[i];

		/* RFC 3986, 2.3: all but unreserved characters */
		if (escaped && !ascii_is_alnum(c) && !(c && strchr("-._~", c)))
			buf_addf(to, "%%%02X", (unsigned char)c);
		else
			buf_addc(to, c);
	}
}

/* Splits at the delimiters, turns round, keeps the last parts, joins by dots. RFC 7208, 7.3 */
static void transform(struct arena *a, struct span value, const struct macro *m, struct buf *to)
{
	struct span delimiters = m->delimiters.len ? m->delimiters : SPAN_LITERAL(".");
	struct span *parts = arena_alloc(a, (value.len + 1) * sizeof(*parts));
	size_t n = 0, start = 0, keep;

	if (!m->parts && !m->reverse && !m->delimiters.len) {
		add_part(to, value, ascii_lower(m->letter) != m->letter);
		return;
	}
	for (size_t i = 0; i <= value.len; i++) {
		if (i < value.len && !memchr(delimiters.p, value.p[i], delimiters.len))
			continue;
		parts[n++] = (struct span) { value.p + start, i - start };
		start = i + 1;
	}
	keep = m->parts && m->parts < n ? m->parts : n;
	for (size_t i = n - keep; i < n; i++) {
		/* Turned round first, so the part i of the result is this one. */
		size_t which = m->reverse ? n - 1 - i : i;

		if (i > n - keep)
			buf_addc(to, '.');
		add_part(to, parts[which], ascii_lower(m->letter) != m->letter);
	}
}

enum spf_expanded spf_expand(struct spf_run *r, const char *domain, struct span text, bool ahead,
			     struct buf *to)
{
	struct scan s = scan_span(text);

	while (!scan_done(&s)) {
		_cleanup_(buf_release) struct buf value = BUF_INIT(4096);
		struct span plain = scan_until(&s, "%");
		enum spf_expanded e;
		struct macro m;

		if (plain.len)
			buf_add(to, plain.p, plain.len);
		if (!scan_accept(&s, '%'))
			break;
		if (scan_accept(&s, '%')) {
			buf_addc(to, '%');
		} else if (scan_accept(&s, '_')) {
			buf_addc(to, ' ');
		} else if (scan_accept(&s, '-')) {
			buf_adds(to, "%20");
		} else {
			if (!scan_accept(&s, '{') || !read_macro(&s, &m))
				return SPF_NO_ROOM;
			e = value_of(r, domain, ascii_lower(m.letter), ahead, &value);
			if (e != SPF_EXPANDED)
				return e;
			transform(r->arena, (struct span) { buf_str(&value), value.len }, &m, to);
		}
	}
	return to->overflow ? SPF_NO_ROOM : SPF_EXPANDED;
}

const char *spf_target(struct spf_run *r, const struct spf_record *rec, struct span spec,
		       bool ahead)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(16384);
	const char *name, *dot;

	if (!spec.len)
		return rec->domain;
	switch (spf_expand(r, rec->domain, spec, ahead, &b)) {
	case SPF_UNCLEAR:
		return NULL;
	case SPF_NO_ROOM:
		return "";
	default:
		break;
	}
	if (b.len && b.data[b.len - 1] == '.')
		b.data[--b.len] = '\0';
	for (name = buf_str(&b); strlen(name) > 253; name = dot + 1) {
		dot = strchr(name, '.');
		if (!dot)
			return "";
	}
	return arena_strdup(r->arena, name);
}
