/*
 * dkim-change - what can be said of a change when a signature does not hold: each sentence is
 * something that was tried, and with which the hash or the signature fits.
 */
#include "domain/dkim-inside.h"

enum {
	LINES_MOST	= 20000,	/* of a body, behind which a footer is looked for */
	BYTES_MOST	= 1024 * 1024,	/* of one, in which a banner is looked for */
	NAMES_MOST	= 64,		/* in h=, with more none is tried without */
};

/* --- the body --- */

struct try {
	struct dkim_sink		 sink;
	struct dkim_hasher		*hasher;
	const struct dkim_sig		*sig;
	uint64_t			 left;		/* that l= allows */
	size_t				 lines;
	struct span			 behind;	/* what was appended */
	bool				 found;
};

static void add(struct dkim_sink *k, const char *p, size_t n)
{
	struct try *t = (struct try *)k;
	size_t most = n < t->left ? n : (size_t)t->left;

	dkim_hasher_add(t->hasher, p, most);
	t->left -= most;
}

/* With lone LFs for line ends, as a signer that was given the text of a Unix file hashes it. */
static void add_lf(struct dkim_sink *k, const char *p, size_t n)
{
	if (n == 2 && memcmp(p, "\r\n", 2) == 0)
		add(k, "\n", 1);
	else
		add(k, p, n);
}

static bool fits(const struct try *t)
{
	unsigned char digest[DKIM_DIGEST_MOST];
	size_t n = dkim_hasher_digest(t->hasher, digest);

	return n == t->sig->bh.len && memcmp(digest, t->sig->bh.p, n) == 0;
}

static void at_line(struct dkim_sink *k, struct span behind)
{
	struct try *t = (struct try *)k;

	if (t->found || ++t->lines > LINES_MOST || !fits(t))
		return;
	t->found = true;
	t->behind = behind;
}

/* The body by another rule: does it fit then? */
static bool fits_as(const struct dkim_sig *sig, const struct dkim_message *m, bool relaxed,
		    bool lf)
{
	_cleanup_(dkim_hasher_freep) struct dkim_hasher *h = dkim_hasher_new(dkim_hash_of(sig));
	struct try t = { .sink = { lf ? add_lf : add, NULL }, .hasher = h, .sig = sig };

	t.left = sig->has_length ? sig->length : UINT64_MAX;
	dkim_canon_body(&t.sink, m->body, relaxed);
	return fits(&t);
}

/* The signed body stands at the beginning: something was appended. */
static bool was_appended(const struct dkim_sig *sig, const struct dkim_message *m, bool relaxed,
			 struct span *ret)
{
	_cleanup_(dkim_hasher_freep) struct dkim_hasher *h = dkim_hasher_new(dkim_hash_of(sig));
	struct try t = { .sink = { add, at_line }, .hasher = h, .sig = sig };

	t.left = sig->has_length ? sig->length : UINT64_MAX;
	dkim_canon_body(&t.sink, m->body, relaxed);
	*ret = t.behind;
	return t.found;
}

/* The signed body stands at the end, behind a few lines that were put before it. */
static bool was_put_before(const struct dkim_sig *sig, const struct dkim_message *m, size_t *ret)
{
	enum { MOST = 12 };
	struct dkim_message rest = *m;

	if (m->body.len > BYTES_MOST)
		return false;
	for (size_t n = 1; n <= MOST && rest.body.len; n++) {
		const char *lf = memchr(rest.body.p, '\n', rest.body.len);

		if (!lf)
			return false;
		rest.body = span_from(rest.body, lf + 1);
		*ret = n;
		if (fits_as(sig, &rest, sig->body_relaxed, false))
			return true;
	}
	return false;
}

static bool is_nothing(const struct dkim_sig *sig)
{
	/* The hash of a body without a byte, or of one CRLF. */
	struct dkim_message none = { .n = 0 };

	return fits_as(sig, &none, sig->body_relaxed, false);
}

void dkim_body_change(struct arena *a, struct dkim_sig *sig, const struct dkim_message *m)
{
	struct span behind;
	size_t lines;

	if (!sig->body_relaxed && fits_as(sig, m, true, false))
		strv_add(&sig->notes, a,
			 "only blanks of the body were changed: with c=relaxed for the body its "
			 "hash fits");
	else if (fits_as(sig, m, sig->body_relaxed, true))
		strv_add(&sig->notes, a,
			 "the signer hashed lines that end in LF instead of CRLF: the fault is "
			 "the signer's");
	else if (was_appended(sig, m, sig->body_relaxed, &behind))
		strv_addf(&sig->notes, a,
			  "%zu bytes were appended to the body, from '%s' on: without them its "
			  "hash fits",
			  behind.len, domain_shown(a, span_trim(behind).p, span_trim(behind).len));
	else if (m->body.len && is_nothing(sig))
		strv_add(&sig->notes, a, "the body was empty when it was signed");
	else if (was_put_before(sig, m, &lines))
		strv_addf(&sig->notes, a,
			  "%zu %s put before the body: without %s its hash fits", lines,
			  lines == 1 ? "line was" : "lines were", lines == 1 ? "it" : "them");
	else if (!m->body.len)
		strv_add(&sig->notes, a,
			 "there is no body here, and there was one when it was signed");
}

/* --- the header --- */

static bool holds(struct arena *a, const struct dkim_sig *sig, const struct dkim_message *m,
		  bool relaxed, size_t skip, struct span subject)
{
	unsigned char digest[DKIM_DIGEST_MOST];
	size_t n = dkim_header_digest(a, m, sig, relaxed, skip, subject, digest);

	return dkim_key_signed(sig->key, dkim_hash_of(sig), (struct span){ (char *)digest, n },
			       sig->b);
}

/* The Subject field without the words that lists and gateways put before it: "[list] ",
 * "EXTERNAL: ". Empty when there are none. */
static struct span bare_subject(struct arena *a, const struct dkim_message *m)
{
	size_t at = (size_t)(uintptr_t)map_get(m->last, "subject");
	struct span raw = { "", 0 }, value, tag = raw;
	const char *colon, *end;
	struct scan s;

	if (!at)
		return raw;
	raw = m->v[at - 1].raw;
	colon = memchr(raw.p, ':', raw.len);
	value = span_trim(span_from(raw, colon + 1));
	s = scan_span(value);
	end = value.len ? memchr(value.p, *value.p == '[' ? ']' : ':', value.len) : NULL;
	if (!end || (*value.p != '[' && end - value.p > 20))
		return (struct span){ "", 0 };
	tag = scan_take(&s, (size_t)(end + 1 - value.p));
	scan_blanks(&s);
	value = scan_rest(&s);
	if (!tag.len || !value.len)
		return (struct span){ "", 0 };
	return span_of(arena_printf(a, "%.*s: %.*s\r\n", (int)m->v[at - 1].name.len, raw.p,
				    (int)value.len, value.p));
}

/* One of the fields was not there when it was signed, although h= names it. */
static bool without_one(struct arena *a, struct dkim_sig *sig, const struct dkim_message *m)
{
	for (size_t i = 0; i < sig->n_headers && sig->n_headers <= NAMES_MOST; i++) {
		if (!map_get(m->last, str_lower(a, span_dup(a, sig->headers[i]))) ||
		    !holds(a, sig, m, sig->header_relaxed, i, (struct span){ "", 0 }))
			continue;
		strv_addf(&sig->notes, a,
			  "a field %s was added: without it the signature fits",
			  domain_shown(a, sig->headers[i].p, sig->headers[i].len));
		return true;
	}
	return false;
}

void dkim_header_change(struct arena *a, struct dkim_sig *sig, const struct dkim_message *m)
{
	struct span nothing = { "", 0 }, subject = bare_subject(a, m);

	if (!sig->header_relaxed && holds(a, sig, m, true, sig->n_headers, nothing))
		strv_add(&sig->notes, a,
			 "only blanks or letters' case of the signed fields were changed: with "
			 "c=relaxed for the header the signature fits");
	else if (subject.len &&
		 holds(a, sig, m, sig->header_relaxed, sig->n_headers, subject))
		strv_add(&sig->notes, a,
			 "words were put before the subject: without them the signature fits");
	else if (!without_one(a, sig, m) && sig->body_holds)
		strv_add(&sig->notes, a, "the body is as it was signed");
}
