/*
 * t-dns-name - names as DNS wants them; the hosts file.
 */
#include "base/arena.h"
#include "net/dns.h"
#include "tests/unit/tap.h"

#define L63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct { const char *what, *name, *want; } names[] = {
	{ "as it is", "mx.example.com", "mx.example.com" },
	{ "small letters", "MX.Example.COM", "mx.example.com" },
	{ "a final dot goes", "example.com.", "example.com" },
	{ "underscores are for services", "_25._tcp.mx.example.com", "_25._tcp.mx.example.com" },
	{ "one label", "localhost", "localhost" },
	{ "U-labels", "bücher.example", "xn--bcher-kva.example" },
	{ "capital U-labels", "BÜCHER.example", "xn--bcher-kva.example" },
	{ "sharp s stays one (IDNA 2008)", "straße.example", "xn--strae-oqa.example" },
	{ "A-labels stay", "xn--bcher-kva.example", "xn--bcher-kva.example" },
	{ "an ideographic full stop", "例え。example", "xn--r8jz45g.example" },
	{ "nothing", "", NULL },
	{ "a dot", ".", NULL },
	{ "two dots", "a..b", NULL },
	{ "a dot at the start", ".example.com", NULL },
	{ "two dots at the end", "example.com..", NULL },
	{ "a blank", "mx example.com", NULL },
	{ "a line end", "mx.example.com\r\n", NULL },
	{ "an address is no name", "scan@contoso.com", NULL },
	{ "a port is no part of it", "mx.example.com:25", NULL },
	{ "a label of 63", L63 ".example", L63 ".example" },
	{ "a label of 64", L63 "a.example", NULL },
	{ "over 253 in all", L63 "." L63 "." L63 "." L63, NULL },
	{ "invalid UTF-8", "b\xfc" "cher.example", NULL },
	{ "a bidi override", "a\xe2\x80\xae" "b.example", NULL },
};

static const char hosts[] =
	"127.0.0.1 localhost\n"
	"# 192.0.2.9 relay\n"
	"192.0.2.1\trelay relay.example.com. # 192.0.2.99 comment.example\r\n"
	"  2001:db8::1   RELAY\n"
	"not-an-address relay\n"
	"192.0.2.2\n"
	"192.0.2.1 relay\n"
	"192.0.2.3 relayed relay2";

static void test_hosts(void)
{
	struct net_address found[4];

	is_int((long)dns_hosts_find(hosts, strlen(hosts), "relay", AF_UNSPEC, found, 4), 2,
	       "both families, each address once");
	is_str(found[0].text, "192.0.2.1", "in the order of the file");
	is_str(found[1].text, "2001:db8::1", "letters' case does not matter");
	is_int((long)dns_hosts_find(hosts, strlen(hosts), "relay", AF_INET6, found, 4), 1,
	       "one family");
	is_int((long)dns_hosts_find(hosts, strlen(hosts), "relay", AF_UNSPEC, found, 1), 1,
	       "no more than there is room for");
	is_int((long)dns_hosts_find(hosts, strlen(hosts), "relay.example.com", AF_UNSPEC, found, 4),
	       1, "an alias with a final dot");
	is_int((long)dns_hosts_find(hosts, strlen(hosts), "comment.example", AF_UNSPEC, found, 4),
	       0, "comments are no names");
	is_int((long)dns_hosts_find(hosts, strlen(hosts), "relay2", AF_UNSPEC, found, 4), 1,
	       "the last line without its end");
	is_int((long)dns_hosts_find(hosts, strlen(hosts), "rel", AF_UNSPEC, found, 4), 0,
	       "whole words only");
	is_int((long)dns_hosts_find("", 0, "relay", AF_UNSPEC, found, 4), 0, "an empty file");
}

int main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		is_str(dns_ascii_name(a, names[i].name), names[i].want, names[i].what);
	test_hosts();
	arena_free(a);
	return tap_done();
}
