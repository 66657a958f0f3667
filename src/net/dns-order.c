/*
 * dns-order - MX and SRV records by priority, which many an answer does not have them in.
 */
#include "net/dns-packet.h"

/* Both are in order; of equals those of a go first. */
static struct dns_record *merged(struct dns_record *a, struct dns_record *b)
{
	struct dns_record *first = NULL, **end = &first;

	while (a && b) {
		struct dns_record **least = b->priority < a->priority ? &b : &a, *r = *least;

		*least = r->next;
		*end = r;
		end = &r->next;
	}
	*end = a ? a : b;
	return first;
}

struct dns_record *dns_by_priority(struct dns_record *list, size_t n)
{
	struct dns_record **half = &list, *rest;

	if (n < 2)
		return list;
	for (size_t i = 0; i < n / 2; i++)
		half = &(*half)->next;
	rest = *half;
	*half = NULL;
	return merged(dns_by_priority(list, n / 2), dns_by_priority(rest, n - n / 2));
}
