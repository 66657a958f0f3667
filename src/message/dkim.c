/*
 * The tags of a DKIM-Signature (RFC 6376, 3.5), and what is wrong with them before any key is asked
 * for.
 */
#include "message/parts.h"

#include <string.h>

#include "base/arena.h"
#include "base/scan.h"

static const char *without_blanks(struct arena *a, struct span s)
{
	char *copy = arena_alloc(a, s.len + 1), *to = copy;

	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_space(s.p[i]))
			*to++ = s.p[i];
	return copy;
}

static void add_headers(struct arena *a, struct span value, struct dkim_signature *d)
{
	struct scan s = scan_span(value);

	while (!scan_done(&s)) {
		struct span name = span_trim(scan_until(&s, ":"));

		scan_accept(&s, ':');
		if (!name.len || name.len > 80)
			continue;
		d->signs_from |= span_eq_nocase(name, "from");
		if (d->headers.n < LIMIT_SIGNED)
			strv_add(&d->headers, a, span_dup(a, name));
	}
}

static int64_t seconds(struct arena *a, struct span value)
{
	unsigned long n;

	return str_number(without_blanks(a, value), 253402300799ul, &n) ? (int64_t)n : 0;
}

static void tag(struct arena *a, struct span name, struct span value, struct dkim_signature *d,
		bool *has_body)
{
	if (span_eq(name, "d"))
		d->domain = str_lower(a, without_blanks(a, value));
	else if (span_eq(name, "s"))
		d->selector = without_blanks(a, value);
	else if (span_eq(name, "a"))
		d->algorithm = str_lower(a, without_blanks(a, value));
	else if (span_eq(name, "i"))
		d->identity = without_blanks(a, value);
	else if (span_eq(name, "c"))
		d->canonical = str_lower(a, without_blanks(a, value));
	else if (span_eq(name, "h"))
		add_headers(a, value, d);
	else if (span_eq(name, "t"))
		d->signed_at = seconds(a, value);
	else if (span_eq(name, "x"))
		d->expires = seconds(a, value);
	else if (span_eq(name, "l"))
		d->has_length = true;
	else if (span_eq(name, "b") || span_eq(name, "bh"))
		*has_body |= value.len > 0;
}

static const char *fault_of(const struct dkim_signature *d, bool has_body)
{
	const char *at = strrchr(d->identity, '@');

	if (!*d->domain || !*d->selector || !*d->algorithm || !d->headers.n || !has_body)
		return "a required tag is missing (a=, b=, bh=, d=, h= or s=)";
	if (!d->signs_from)
		return "From is not among the signed fields (h=)";
	if (*d->identity && !domain_within(at ? at + 1 : d->identity, d->domain))
		return "i= is not within d=";
	if (d->expires && d->signed_at && d->expires < d->signed_at)
		return "it expires (x=) before it was made (t=)";
	if (str_eq(d->algorithm, "rsa-sha1"))
		return "rsa-sha1 no longer counts (RFC 8301, 3.1)";
	return "";
}

void dkim_read(struct arena *a, const char *value, struct dkim_signature *ret)
{
	struct scan s = scan_span(span_of(value));
	bool has_body = false;

	*ret = (struct dkim_signature){
		.domain = "",
		.selector = "",
		.algorithm = "",
		.identity = "",
		.canonical = "",
		.fault = "",
	};
	while (!scan_done(&s)) {
		struct span name = span_trim(scan_until(&s, "=;"));

		if (scan_accept(&s, '='))
			tag(a, name, span_trim(scan_until(&s, ";")), ret, &has_body);
		scan_accept(&s, ';');
	}
	ret->fault = fault_of(ret, has_body);
}
