/*
 * bimi - records of BIMI: default._bimi.DOMAIN.
 */
#include "domain/bimi.h"

#include "base/arena.h"
#include "base/scan.h"

static bool is_https(struct span url)
{
	static const char begin[] = "https://";
	struct span head = { url.p, sizeof(begin) - 1 };

	return url.len > head.len && span_eq_nocase(head, begin);
}

static bool ends_in(struct span url, const char *end)
{
	size_t n = strlen(end);
	struct scan s = scan_over(url.p, url.len);
	struct span path = scan_until(&s, "?#");

	return path.len > n &&
	       span_eq_nocase((struct span){ path.p + path.len - n, n }, end);
}

/* An address as it is, escaped; cut where it is longer than any that is meant. */
static const char *address(struct arena *a, struct span s)
{
	enum { MOST = 1000 };

	return str_escaped(a, s.p ? s.p : "", s.len > MOST ? MOST : s.len);
}

static void take(struct arena *a, struct span key, struct span value, struct bimi *ret)
{
	const char *shown = address(a, value);

	if (span_eq_nocase(key, "l")) {
		ret->logo = shown;
		if (!value.len && ret->found == BIMI_FOUND)
			ret->found = BIMI_DECLINED;
		if (value.len && (!is_https(value) || !ends_in(value, ".svg"))) {
			ret->found = BIMI_SYNTAX;
			ret->why = arena_printf(a, "l=%s is not an https: address of an SVG file",
						shown);
		}
	} else if (span_eq_nocase(key, "a")) {
		ret->evidence = shown;
		if (value.len && !is_https(value) && !span_eq_nocase(value, "self")) {
			ret->found = BIMI_SYNTAX;
			ret->why = arena_printf(a, "a=%s is not an https: address", shown);
		}
	}
}

bool bimi_read(struct arena *a, struct span text, struct bimi *ret)
{
	struct scan s = scan_over(text.p, text.len);
	struct span first = scan_until(&s, ";"), key, value;
	bool has_logo = false;
	struct scan v = scan_over(first.p, first.len);

	key = span_trim(scan_until(&v, "="));
	scan_accept(&v, '=');
	value = span_trim(scan_until(&v, ""));
	if (!span_eq(key, "v") || !span_eq(value, "BIMI1"))
		return false;
	ret->found = BIMI_FOUND;
	ret->record = address(a, text);
	while (scan_accept(&s, ';')) {
		struct span tag = span_trim(scan_until(&s, ";"));

		if (!tag.len)
			continue;
		v = scan_over(tag.p, tag.len);
		key = span_trim(scan_until(&v, "="));
		if (!scan_accept(&v, '=')) {
			ret->found = BIMI_SYNTAX;
			ret->why = arena_printf(a, "the tag '%s' has no value",
						domain_shown(a, tag.p, tag.len));
			return true;
		}
		has_logo |= span_eq_nocase(key, "l");
		take(a, key, span_trim(scan_until(&v, "")), ret);
	}
	if (!has_logo) {
		ret->found = BIMI_SYNTAX;
		ret->why = "the tag l=, the address of the logo, is missing";
	}
	return true;
}

static struct bimi look_at(struct arena *a, const struct domain_dns *dns, const char *domain)
{
	const char *name = arena_printf(a, "default._bimi.%s", domain);
	struct bimi b = { .found = BIMI_NONE, .domain = domain, .record = "", .logo = "",
			  .evidence = "", .why = "" };
	const struct dns_answer *ans;
	size_t n = 0;

	if (!domain_name_fits(name))
		return b;
	ans = dns->ask(dns->arg, name, DNS_TXT);
	if (ans->status != DNS_OK && ans->status != DNS_NXDOMAIN && ans->status != DNS_NODATA) {
		b.found = BIMI_NO_ANSWER;
		b.why = ans->why;
	}
	for (const struct dns_record *r = ans->records; r; r = r->next) {
		struct bimi one = b;

		if (!bimi_read(a, (struct span){ r->text, r->text_len }, &one))
			continue;
		if (!n++)
			b = one;
	}
	if (n > 1) {
		b.found = BIMI_SEVERAL;
		b.why = arena_printf(a, "%zu BIMI records at %s: receivers use none of them", n,
				     name);
	}
	return b;
}

struct bimi bimi_look(struct arena *a, const struct domain_dns *dns, const char *domain,
		      const char *org_domain)
{
	struct bimi b = look_at(a, dns, domain);

	if (b.found == BIMI_NONE && *org_domain && !str_eq_nocase(domain, org_domain))
		return look_at(a, dns, org_domain);
	return b;
}
