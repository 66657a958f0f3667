/*
 * dkim-read - the field DKIM-Signature. RFC 6376, 3.5 and 6.1.1.
 */
#include "domain/dkim-inside.h"

void dkim_wrong(struct dkim_sig *sig, enum dkim_fault f, const char *why)
{
	if (sig->fault != DKIM_OK)
		return;
	sig->fault = f;
	sig->why = why;
	if (f == DKIM_DNS)
		sig->result = DKIM_TEMPERROR;
	else if (f == DKIM_BODY_HASH || f == DKIM_SIGNATURE)
		sig->result = DKIM_FAIL;
	else if (f == DKIM_SHA1 || f == DKIM_KEY_SHORT)
		sig->result = DKIM_POLICY;
	else
		sig->result = DKIM_PERMERROR;
}

/* The texts of a tag that has to be there; NULL, and a fault, when it is not. */
static bool needed(struct arena *a, struct dkim_sig *sig, const struct dkim_tags *t,
		   const char *name, struct span *ret)
{
	*ret = dkim_tag(t, name);
	if (!ret->p)
		dkim_wrong(sig, DKIM_MISSING, arena_printf(a, "the tag %s= is missing", name));
	else if (!ret->len)
		dkim_wrong(sig, DKIM_VALUE, arena_printf(a, "the tag %s= is empty", name));
	return ret->len;
}

static void bad_value(struct arena *a, struct dkim_sig *sig, enum dkim_fault f, const char *name,
		      struct span value)
{
	dkim_wrong(sig, f, arena_printf(a, "the value of %s= is not valid: '%s'", name,
					domain_shown(a, value.p, value.len)));
}

static void read_algorithm(struct arena *a, struct dkim_sig *sig, const struct dkim_tags *t,
			   enum dkim_kind kind)
{
	static const char *const names[] = {
		[DKIM_RSA_SHA256] = "rsa-sha256",
		[DKIM_RSA_SHA1] = "rsa-sha1",
		[DKIM_ED25519] = "ed25519-sha256",
	};
	struct span v;

	if (!needed(a, sig, t, "a", &v))
		return;
	sig->algorithm_text = domain_shown(a, v.p, v.len);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (span_eq(v, names[i])) {
			sig->algorithm = (enum dkim_algorithm)i;
			/* RFC 8617, 4.1: those of RFC 6376 as updated by RFC 8301 */
			if (kind != DKIM_MESSAGE && i == DKIM_RSA_SHA1)
				bad_value(a, sig, DKIM_SHA1, "a", v);
			return;
		}
	bad_value(a, sig, DKIM_ALGORITHM, "a", v);
}

static bool canon(struct span word, bool *ret_relaxed)
{
	*ret_relaxed = span_eq(word, "relaxed");
	return *ret_relaxed || span_eq(word, "simple");
}

static void read_canon(struct arena *a, struct dkim_sig *sig, const struct dkim_tags *t)
{
	struct span v = dkim_tag(t, "c"), header;
	struct scan s = scan_span(v);

	if (!v.p)
		return;
	header = scan_until(&s, "/");
	if (!canon(header, &sig->header_relaxed) ||
	    (scan_accept(&s, '/') && !canon(scan_rest(&s), &sig->body_relaxed)))
		bad_value(a, sig, DKIM_CANONICAL, "c", v);
}

static void read_headers(struct arena *a, struct dkim_sig *sig, const struct dkim_tags *t,
			 enum dkim_kind kind)
{
	bool arc = kind == DKIM_ARC_MESSAGE;
	struct span v = dkim_tag(t, "h"), name;
	struct scan s = scan_span(v);
	size_t cap = 0;
	bool from = false;

	if (!v.p || (!v.len && !arc)) {
		needed(a, sig, t, "h", &v);
		return;
	}
	while (dkim_word(&s, &name)) {
		if (sig->n_headers == DKIM_HEADERS_MOST) {
			dkim_wrong(sig, DKIM_TOO_MUCH, "h= names more than 1000 fields");
			return;
		}
		sig->headers = arena_grow(a, sig->headers, sig->n_headers, &cap,
					  sizeof(*sig->headers));
		sig->headers[sig->n_headers++] = name;
		from |= span_eq_nocase(name, "from");
		/* RFC 8617, 4.1.2: a seal is never signed by the set's own signature */
		if (arc && span_eq_nocase(name, "arc-seal"))
			dkim_wrong(sig, DKIM_VALUE, "h= names ARC-Seal");
	}
	if (!from && !arc)
		dkim_wrong(sig, DKIM_FROM, "From is not among the signed fields (h=)");
}

static bool read_number(struct arena *a, struct dkim_sig *sig, const struct dkim_tags *t,
			const char *name, unsigned long max, unsigned long *ret)
{
	struct span v = dkim_tag(t, name);

	if (!v.p)
		return false;
	if (v.len && v.len <= 76 && str_number(span_dup(a, v), max, ret))
		return true;
	bad_value(a, sig, DKIM_VALUE, name, v);
	return false;
}

static void read_numbers(struct arena *a, struct dkim_sig *sig, const struct dkim_tags *t)
{
	const unsigned long LATEST = 999999999999; /* RFC 6376, 3.5: at least until 200000 */
	unsigned long n;

	if (read_number(a, sig, t, "t", LATEST, &n))
		sig->signed_at = (int64_t)n;
	if (read_number(a, sig, t, "x", LATEST, &n))
		sig->expires = (int64_t)n;
	if (sig->expires && sig->signed_at && sig->expires <= sig->signed_at)
		dkim_wrong(sig, DKIM_TIMES, "it expires (x=) before it was made (t=)");
	if (read_number(a, sig, t, "l", INT64_MAX, &n)) {
		sig->has_length = true;
		sig->length = n;
	}
}

static void read_hashes(struct arena *a, struct dkim_sig *sig, const struct dkim_tags *t,
			enum dkim_kind kind)
{
	size_t want = sig->algorithm == DKIM_RSA_SHA1 ? 20 : 32;
	struct span v;

	if (needed(a, sig, t, "b", &v) && !dkim_base64(a, v, &sig->b))
		dkim_wrong(sig, DKIM_VALUE, "b= is not base64");
	if (kind == DKIM_SEAL || !needed(a, sig, t, "bh", &v))
		return;
	if (!dkim_base64(a, v, &sig->bh))
		dkim_wrong(sig, DKIM_VALUE, "bh= is not base64");
	else if (sig->fault == DKIM_OK && sig->bh.len != want)
		dkim_wrong(sig, DKIM_VALUE,
			   arena_printf(a, "bh= has %zu bytes instead of the %zu of its hash",
					sig->bh.len, want));
}

static void read_names(struct arena *a, struct dkim_sig *sig, const struct dkim_tags *t)
{
	struct span v;

	if (needed(a, sig, t, "d", &v)) {
		if (!dkim_is_domain(v, 1))
			bad_value(a, sig, DKIM_VALUE, "d", v);
		sig->domain = str_lower(a, domain_shown(a, v.p, v.len > 253 ? 253 : v.len));
		if (dkim_is_domain(v, 1))
			sig->domain = str_lower(a, span_dup(a, v));
	}
	if (needed(a, sig, t, "s", &v)) {
		if (!dkim_is_domain(v, 1))
			bad_value(a, sig, DKIM_VALUE, "s", v);
		sig->selector = domain_shown(a, v.p, v.len);
		if (dkim_is_domain(v, 1))
			sig->selector = span_dup(a, v);
	}
	if (*sig->domain && *sig->selector)
		sig->key_name = arena_printf(a, "%s._domainkey.%s", sig->selector, sig->domain);
	if (*sig->key_name && !domain_name_fits(sig->key_name))
		dkim_wrong(sig, DKIM_VALUE, "s= and d= are too long for a name");
}

void dkim_sig_tags(struct arena *a, struct dkim_sig *sig, const struct dkim_tags *t,
		   enum dkim_kind kind)
{
	if (t->fault != DKIM_OK)
		dkim_wrong(sig, t->fault, t->why);
	read_algorithm(a, sig, t, kind);
	read_names(a, sig, t);
	if (kind != DKIM_SEAL) {
		read_canon(a, sig, t);
		read_headers(a, sig, t, kind);
	}
	read_hashes(a, sig, t, kind);
	read_numbers(a, sig, t);
}

struct dkim_sig *dkim_sig_new(struct arena *a, struct span raw)
{
	struct dkim_sig *sig = arena_alloc(a, sizeof(*sig));

	*sig = (struct dkim_sig){ .why = "", .domain = "", .selector = "", .identity = "",
				  .algorithm_text = "", .key_name = "", .raw = raw };
	return sig;
}

/* Quoted-printable of RFC 6376, 2.11: "=" and two hexadecimal digits. */
static const char *unquoted(struct arena *a, struct span v)
{
	char *out = arena_alloc(a, v.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < v.len; i++) {
		if (v.p[i] == '=' && i + 2 < v.len && ascii_hex(v.p[i + 1]) >= 0 &&
		    ascii_hex(v.p[i + 2]) >= 0) {
			out[n++] = (char)(ascii_hex(v.p[i + 1]) * 16 + ascii_hex(v.p[i + 2]));
			i += 2;
		} else if (!ascii_is_space(v.p[i])) {
			out[n++] = v.p[i];
		}
	}
	return str_escaped(a, out, n);
}

static void read_identity(struct arena *a, struct dkim_sig *sig, const struct dkim_tags *t)
{
	struct span v = dkim_tag(t, "i");
	const char *at;

	sig->identity = arena_printf(a, "@%s", sig->domain);
	if (!v.p)
		return;
	sig->identity = unquoted(a, v);
	at = strrchr(sig->identity, '@');
	if (!at || !at[1])
		bad_value(a, sig, DKIM_VALUE, "i", v);
	else if (*sig->domain && !domain_name_under(at + 1, sig->domain))
		dkim_wrong(sig, DKIM_IDENTITY,
			   arena_printf(a, "i= (%s) is not within d= (%s)",
					domain_shown(a, at + 1, strlen(at + 1)), sig->domain));
}

struct dkim_sig *dkim_sig_read(struct arena *a, struct span field)
{
	struct dkim_sig *sig = dkim_sig_new(a, field);
	struct dkim_tags *t = arena_alloc(a, sizeof(*t));
	const char *colon = field.len ? memchr(field.p, ':', field.len) : NULL;
	struct span v, q;

	if (!colon) {
		dkim_wrong(sig, DKIM_SYNTAX, "it is not a header field");
		return sig;
	}
	dkim_tags_read(a, span_from(field, colon + 1), t);
	v = dkim_tag(t, "v");
	if (t->fault == DKIM_OK && v.p && !span_eq(v, "1") && !span_eq(v, "0.5"))
		bad_value(a, sig, DKIM_VERSION, "v", v);
	dkim_sig_tags(a, sig, t, DKIM_MESSAGE);
	read_identity(a, sig, t);
	q = dkim_tag(t, "q");
	if (q.p && !dkim_list_has(q, "dns/txt") && !dkim_list_has(q, "dns"))
		bad_value(a, sig, DKIM_QUERY, "q", q);
	sig->draft = !v.p || span_eq(v, "0.5");
	return sig;
}
