/*
 * ptr - names of an address, confirmed.
 */
#include "domain/ptr.h"

#include "base/arena.h"
#include "base/buf.h"

const char *ptr_name(struct arena *a, const unsigned char *octets, size_t len)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(128);

	for (size_t i = len; i-- > 0;) {
		if (len == 4)
			buf_addf(&b, "%u.", octets[i]);
		else
			buf_addf(&b, "%x.%x.", octets[i] & 15u, octets[i] >> 4);
	}
	buf_adds(&b, len == 4 ? "in-addr.arpa" : "ip6.arpa");
	return arena_strdup(a, buf_str(&b));
}

static const unsigned char *octets_of(const struct net_address *address, size_t *ret_len)
{
	bool four = net_address_family(address) == AF_INET;

	*ret_len = four ? 4 : 16;
	return four ? (const unsigned char *)&((const struct sockaddr_in *)&address->sa)->sin_addr
		    : (const unsigned char *)&((const struct sockaddr_in6 *)&address->sa)
			       ->sin6_addr;
}

const char *ptr_name_of(struct arena *a, const struct net_address *address)
{
	size_t len;
	const unsigned char *octets = octets_of(address, &len);

	return ptr_name(a, octets, len);
}

struct ptr_names ptr_look(struct arena *a, const struct domain_dns *dns, const char *ip)
{
	struct ptr_names r = { .found = PTR_NONE, .status = DNS_BAD_NAME, .why = "" };
	const struct dns_answer *ptr;
	const unsigned char *octets;
	struct net_address address;
	bool unknown = false;
	size_t len;

	if (!net_address_parse(ip, &address))
		return r;
	octets = octets_of(&address, &len);
	ptr = dns->ask(dns->arg, ptr_name(a, octets, len), DNS_PTR);
	r.status = ptr->status;
	r.why = ptr->why;
	if (ptr->status != DNS_OK) {
		r.found = ptr->status == DNS_NXDOMAIN || ptr->status == DNS_NODATA ? PTR_NONE
										   : PTR_NO_ANSWER;
		return r;
	}
	for (const struct dns_record *p = ptr->records; p && r.names.n < PTR_NAMES_MOST;
	     p = p->next) {
		const struct dns_answer *back =
			dns->ask(dns->arg, p->name, len == 4 ? DNS_A : DNS_AAAA);

		strv_add(&r.names, a, p->name);
		unknown |= back->status != DNS_OK && back->status != DNS_NXDOMAIN &&
			   back->status != DNS_NODATA;
		for (const struct dns_record *d = back->records; d; d = d->next) {
			size_t n;

			if (memcmp(octets_of(&d->address, &n), octets, len) == 0 && n == len) {
				strv_add(&r.confirmed, a, p->name);
				break;
			}
		}
	}
	r.found = PTR_NOT_CONFIRMED;
	if (r.confirmed.n)
		r.found = PTR_CONFIRMED;
	else if (unknown)
		r.found = PTR_NO_ANSWER;
	if (r.found == PTR_NO_ANSWER)
		r.why = "the addresses of its names cannot be looked up";
	return r;
}
