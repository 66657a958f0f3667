/*
 * Domains in header fields, and which belong together.
 */
#include "message/parts.h"

#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/scan.h"

static bool domain_char(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '.' || c == '_' || (unsigned char)c >= 0x80;
}

/* Behind the last '@', in angle brackets if there are any: a name in quotes may hold an '@', too.
 */
const char *domain_of_address(struct arena *a, const char *value)
{
	const char *open = strrchr(value, '<'), *at = strrchr(open ? open : value, '@');
	struct scan s;
	struct span d;

	s = scan_span(span_of(at ? at + 1 : value));
	d = scan_while(&s, domain_char);
	while (d.len && d.p[d.len - 1] == '.')
		d.len--;
	if (!d.len || (!at && (strpbrk(value, " <\"") || !strchr(value, '.'))))
		return "";
	return str_lower(a, span_dup(a, d));
}

/* Second-level names under which registrations are made, by their shape: "co.uk", "com.au". The
 * public suffix list says it better; a receiver's own dmarc= outranks what is guessed here. */
static bool is_suffix_word(struct span w)
{
	static const char *const words[] = {
		"co", "com", "net", "org", "gov", "edu", "ac", "ne",
		"or", "go",  "gob", "nom", "ltd", "plc", "me",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (span_eq_nocase(w, words[i]))
			return true;
	return false;
}

static const char *label_before(const char *domain, const char *p)
{
	while (p > domain && p[-1] != '.')
		p--;
	return p;
}

const char *domain_org(const char *domain)
{
	const char *end = domain + strlen(domain), *tld = label_before(domain, end), *second,
		   *third;

	if (tld == domain)
		return domain;
	second = label_before(domain, tld - 1);
	if (second == domain)
		return domain;
	if (end - tld != 2 || !is_suffix_word((struct span) { second, (size_t)(tld - 1 - second) }))
		return second;
	third = label_before(domain, second - 1);
	return third;
}

bool domain_same_org(const char *a, const char *b)
{
	return *a && *b && str_eq_nocase(domain_org(a), domain_org(b));
}

bool domain_within(const char *name, const char *parent)
{
	size_t n = strlen(name), p = strlen(parent);

	if (!p || n < p || !str_eq_nocase(name + n - p, parent))
		return false;
	return n == p || name[n - p - 1] == '.';
}
