/*
 * dns-addresses - the addresses of a host, in the order in which they are dialled: literals, the
 * hosts file, A and AAAA.
 */
#include "net/dns.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "net/dns-inside.h"

/* Addresses that need no resolver. False when one must be asked. */
static bool known_addresses(struct dns *d, struct arena *a, const char *host, int family,
			    struct dns_addresses *ret)
{
	static const char *const loopback[] = { "::1", "127.0.0.1" };
	struct net_address *list = arena_alloc(a, LIMIT_ADDRESSES * sizeof(*list));
	size_t n = 0, len;
	const char *text, *ascii;

	if (net_address_parse(host, &list[0])) {
		ret->source = "literal";
		n = 1;
	} else if (str_eq_nocase(host, "localhost") || str_has_suffix_nocase(host, ".localhost")) {
		ret->source = "localhost";
		for (size_t i = 0; i < ARRAY_LEN(loopback); i++)
			n += net_address_parse(loopback[i], &list[n]) &&
			     (family == AF_UNSPEC || net_address_family(&list[n]) == family);
	} else {
		ret->source = "hosts";
		text = dns_hosts(d, &len);
		ascii = dns_ascii_name(a, host);
		n = ascii ? dns_hosts_find(text, len, ascii, family, list, LIMIT_ADDRESSES) : 0;
	}
	if (n == 0)
		return false;
	ret->status = DNS_OK;
	ret->list = list;
	ret->count = n;
	return true;
}

struct family_ask {
	struct dns		*dns;
	const char		*host;
	enum dns_type		 type;
	const struct dns_answer	*answer;
};

_waits_ static void ask_family(void *arg)
{
	struct family_ask *f = arg;

	f->answer = dns_ask(f->dns, f->host, f->type);
}

/* An answer may name an address twice; it is dialled once. */
static void add_address(struct dns_addresses *ret, const struct net_address *address)
{
	if (ret->count < LIMIT_ADDRESSES && !net_address_listed(ret->list, ret->count, address))
		ret->list[ret->count++] = *address;
}

/*
 * One of the other family after each, IPv6 first: the spirit of RFC 8305, 4, without asking the
 * routing table.
 */
static void interleave(struct arena *a, const struct dns_answer *v6, const struct dns_answer *v4,
		       struct dns_addresses *ret)
{
	const struct dns_record *six = v6 ? v6->records : NULL, *four = v4 ? v4->records : NULL;

	ret->list = arena_alloc(a, LIMIT_ADDRESSES * sizeof(*ret->list));
	while ((six || four) && ret->count < LIMIT_ADDRESSES) {
		if (six) {
			add_address(ret, &six->address);
			six = six->next;
		}
		if (four) {
			add_address(ret, &four->address);
			four = four->next;
		}
	}
}

/*
 * Of two answers without an address: the one that proves less. A name that exists in one family
 * exists (RFC 8020, 2).
 */
static enum dns_status worse(const struct dns_answer *v6, const struct dns_answer *v4)
{
	static const enum dns_status order[] = { DNS_LOCAL, DNS_BAD_NAME, DNS_TIMEOUT, DNS_SERVFAIL,
						 DNS_REFUSED, DNS_BAD_ANSWER,
						 DNS_NODATA };

	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		if ((v6 && v6->status == order[i]) || (v4 && v4->status == order[i]))
			return order[i];
	return DNS_NXDOMAIN;
}

struct dns_addresses dns_addresses(struct dns *d, struct arena *a, const char *host, int family)
{
	struct dns_addresses ret = { .status = DNS_LOCAL, .source = "dns" };
	struct family_ask six = { d, host, DNS_AAAA, NULL }, four = { d, host, DNS_A, NULL };
	struct scope s;

	if (known_addresses(d, a, host, family, &ret))
		return ret;
	ret.source = "dns";
	scope_begin(&s);
	if (family != AF_INET)
		fiber_spawn(&s, "dns AAAA", ask_family, &six);
	if (family != AF_INET6)
		ask_family(&four);
	scope_join(&s);
	ret.a = four.answer;
	ret.aaaa = six.answer;
	interleave(a, six.answer, four.answer, &ret);
	ret.status = ret.count ? DNS_OK : worse(six.answer, four.answer);
	if (!six.answer && !four.answer)
		ret.status = DNS_LOCAL;
	return ret;
}
