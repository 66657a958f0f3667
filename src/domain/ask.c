/*
 * ask - questions of the evaluators, asked by net/dns.h; and names.
 */
#include "domain/ask.h"

#include "base/scan.h"

static const struct dns_answer *ask(void *arg, const char *name, enum dns_type type)
{
	return dns_ask(arg, name, type);
}

static void ask_all(void *arg, struct dns_question *q, size_t n)
{
	dns_ask_all(arg, q, n);
}

struct domain_dns domain_dns_of(struct dns *d)
{
	return (struct domain_dns) { .arg = d, .ask = ask, .ask_all = ask_all };
}

static size_t without_dot(const char *name)
{
	size_t n = strlen(name);

	return n && name[n - 1] == '.' ? n - 1 : n;
}

bool domain_name_fits(const char *name)
{
	size_t n = without_dot(name);
	struct scan s = scan_over(name, n);

	if (!n || n > 253)
		return false;
	for (;;) {
		struct span label = scan_until(&s, ".");

		if (!label.len || label.len > 63)
			return false;
		if (!scan_accept(&s, '.'))
			return true;
	}
}

bool domain_name_under(const char *name, const char *domain)
{
	size_t n = without_dot(name), d = without_dot(domain);
	struct span end;

	if (!d || n < d || (n > d && name[n - d - 1] != '.'))
		return false;
	end = (struct span) { name + n - d, d };
	return span_find_nocase(end, (struct span) { domain, d }) == end.p;
}

const char *domain_shown(struct arena *a, const char *p, size_t n)
{
	enum { MOST = 80 };

	/* Cut before it is escaped: a letter of several bytes that is cut is told as bytes. */
	return str_escaped(a, p, n > MOST ? MOST : n);
}
