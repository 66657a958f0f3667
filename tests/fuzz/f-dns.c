/*
 * f-dns - any bytes as a DNS answer: nothing is read outside them, and what is told keeps to the
 * limits of names and answers. The first two octets choose the type that was asked; a hosts file is
 * read from the same bytes.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "net/dns-packet.h"
#include "tests/fuzz/fuzz.h"

/* 255 octets, each escaped as \DDD at worst. */
static void name_short(const char *name)
{
	assert(strlen(name) <= 4 * 255);
}

static void record(const struct dns_record *r, enum dns_type type, size_t packet)
{
	assert(r->type == type && r->name && r->text && r->tag);
	name_short(r->name);
	assert(r->text_len <= 2 * packet && strlen(r->text) <= r->text_len + 1);
	if (type == DNS_A || type == DNS_AAAA)
		assert(net_address_family(&r->address) == (type == DNS_A ? AF_INET : AF_INET6) &&
		       r->address.text[0]);
	assert(!r->next || (type != DNS_MX && type != DNS_SRV) || r->priority <= r->next->priority);
}

static void answer(struct arena *a, const uint8_t *data, size_t size, enum dns_type type)
{
	struct dns_answer ans;
	bool truncated = false,
		good = dns_packet_read(a, data, size, "example.com", type, &ans, &truncated);
	size_t n = 0;

	assert(good || (ans.status == DNS_BAD_ANSWER && ans.why[0]));
	for (const struct dns_record *r = ans.records; r; r = r->next, n++)
		record(r, type, size);
	assert(n == ans.count);
	assert(ans.status != DNS_OK || n > 0);
	assert(ans.cnames.n <= 16);
	for (size_t i = 0; i < ans.cnames.n; i++)
		name_short(ans.cnames.v[i]);
}

static void question(struct arena *a, const uint8_t *data, size_t size)
{
	char *text = arena_strndup(a, (const char *)data, size), *name = dns_ascii_name(a, text);
	struct buf b = BUF_INIT(600);

	if (name) {
		assert(name[0] && strlen(name) <= 253);
		assert(dns_packet_ask(&b, 7, name, DNS_A, false));
	}
	buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum dns_type types[] = { DNS_A, DNS_NS, DNS_CNAME, DNS_SOA, DNS_PTR, DNS_MX,
					       DNS_TXT, DNS_AAAA, DNS_SRV, DNS_TLSA,
					       DNS_CAA };
	struct net_address found[8];
	struct arena *a = arena_new();

	if (size >= 2)
		answer(a, data + 2, size - 2, types[data[1] % ARRAY_LEN(types)]);
	question(a, data, size);
	assert(dns_hosts_find((const char *)data, size, "example.com", AF_UNSPEC, found,
			      ARRAY_LEN(found)) <= ARRAY_LEN(found));
	arena_free(a);
	return 0;
}
