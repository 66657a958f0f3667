/*
 * Domains in header fields, and which belong together.
 */
#include "message/parts.h"

#include <string.h>

#include "base/arena.h"
#include "base/scan.h"
#include "domain/dmarc.h"

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

bool domain_same_org(const char *a, const char *b)
{
	return *a && *b && str_eq_nocase(psl_org(a), psl_org(b));
}

bool domain_within(const char *name, const char *parent)
{
	size_t n = strlen(name), p = strlen(parent);

	if (!p || n < p || !str_eq_nocase(name + n - p, parent))
		return false;
	return n == p || name[n - p - 1] == '.';
}
