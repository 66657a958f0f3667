/*
 * t-lab-dns - the lab's name server: one query in, one answer out.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "lab/dnsd.h"
#include "tests/unit/tap.h"

static struct arena *a;
static struct zone zone;

static void load(void)
{
	static const char *const lines[] = {
		"a.example A 192.0.2.1 192.0.2.2", "a.example TXT v=spf1 -all",
		"alias.example CNAME a.example", "far.example CNAME nowhere.example",
		"loop.example CNAME loop.example", "down.example servfail", "no.example refused",
		"mute.example silent", "cut.example garbage", "gone.example nxdomain",
		"half.example AAAA servfail", "half.example A 192.0.2.3", "mx.example MX 0 .",
		"srv.example SRV 1 2 587 a.example", "caa.example CAA 0 issue ca.example",
		"tlsa.example TLSA 3 1 1 00ff", "p.example TTL 7 PTR a.example",
	};
	char line[600];

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		if (zone_parse(&zone, a, span_of(lines[i]), 1))
			ok(false, lines[i]);
	/* Three texts of 500 bytes don't fit into 512. */
	for (int i = 0; i < 3; i++) {
		snprintf(line, sizeof(line), "big.example TXT %0500d", i);
		zone_parse(&zone, a, span_of(line), 1);
	}
}

/* A query for name; edns > 0 adds an OPT record of that size. */
static size_t query(char *to, size_t size, const char *name, unsigned type, unsigned edns)
{
	char head[12] = { 0x12, 0x34, 1, 0, 0, 1 };
	struct buf b;
	size_t n;
	unsigned char wire[256];

	buf_init(&b, 512);
	head[11] = edns > 0;
	buf_add(&b, head, sizeof(head));
	n = zone_name_wire(wire, sizeof(wire), span_of(name));
	buf_add(&b, wire, n);
	buf_add(&b, (char[]) { (char)(type >> 8), (char)type, 0, 1 }, 4);
	if (edns > 0)
		buf_add(&b,
			(char[]) { 0, 0, 41, (char)(edns >> 8), (char)edns, 0, 0, 0, 0, 0, 0 }, 11);
	n = b.len < size ? b.len : size;
	memcpy(to, b.data, n);
	buf_release(&b);
	return n;
}

static unsigned at16(const struct buf *b, size_t i)
{
	return b->len > i + 1 ?
	       (unsigned)(unsigned char)b->data[i] << 8 | (unsigned char)b->data[i + 1] : 0;
}

static void test_answers(void)
{
	static const struct { const char *name; unsigned type; unsigned rcode, count; } cases[] = {
		{ "a.example", 1, 0, 2 },	{ "A.Example", 1, 0, 2 },
		{ "a.example", 28, 0, 0 },
		{ "a.example", 16, 0, 1 },	{ "alias.example", 1, 0, 3 },
		{ "alias.example", 5, 0, 1 },
		{ "alias.example", 28, 0, 1 },	{ "far.example", 1, 3, 1 },
		{ "loop.example", 1, 0, 8 },
		{ "down.example", 1, 2, 0 },	{ "down.example", 257, 2, 0 },
		{ "no.example", 1, 5, 0 },
		{ "gone.example", 15, 3, 0 },	{ "half.example", 28, 2, 0 },
		{ "half.example", 1, 0, 1 },
		{ "nobody.example", 1, 3, 0 },	{ "mx.example", 15, 0, 1 },
		{ "srv.example", 33, 0, 1 },
		{ "caa.example", 257, 0, 1 },	{ "tlsa.example", 52, 0, 1 },
		{ "p.example", 12, 0, 1 },
		{ "cut.example", 1, 0, 1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		_cleanup_(buf_release) struct buf out = BUF_INIT(DNSD_MAX_ANSWER);
		char q[512];
		size_t n = query(q, sizeof(q), cases[i].name, cases[i].type, 0);

		ok(dnsd_answer(&zone, q, n, true, &out) && at16(&out, 0) == 0x1234, cases[i].name);
		is_int(at16(&out, 2) & 0xf, cases[i].rcode, "its rcode");
		is_int(at16(&out, 6), cases[i].count, "its number of records");
	}
}

static void test_size(void)
{
	_cleanup_(buf_release) struct buf out = BUF_INIT(DNSD_MAX_ANSWER);
	char q[512];
	size_t n = query(q, sizeof(q), "big.example", 16, 0);

	ok(dnsd_answer(&zone, q, n, true, &out) && at16(&out, 2) & 0x0200,
	   "too big for UDP: truncated");
	is_int(at16(&out, 6), 0, "and empty");
	ok(out.len <= 512, "and small");
	dnsd_answer(&zone, q, n, false, &out);
	is_int(at16(&out, 6), 3, "TCP gives it all");
	n = query(q, sizeof(q), "a.example", 16, 4096);
	ok(dnsd_answer(&zone, q, n, true, &out) && at16(&out, 10) == 1,
	   "EDNS is answered with EDNS");
	n = query(q, sizeof(q), "mute.example", 1, 0);
	ok(!dnsd_answer(&zone, q, n, true, &out), "silent: no answer");
	zone.truncate = true;
	n = query(q, sizeof(q), "a.example", 1, 0);
	ok(dnsd_answer(&zone, q, n, true, &out) && at16(&out, 2) & 0x0200,
	   "truncate: whatever the size");
	zone.truncate = false;
	zone.ad = true;
	ok(dnsd_answer(&zone, q, n, true, &out) && at16(&out, 2) & 0x20, "ad");
	zone.ad = false;
}

/*
 * Every prefix of a query, and every byte of it changed: no crash, and never more than is allowed.
 */
static void test_hostile(void)
{
	_cleanup_(buf_release) struct buf out = BUF_INIT(DNSD_MAX_ANSWER);
	char q[512];
	size_t n = query(q, sizeof(q), "alias.example", 1, 1232);
	bool bounded = true;

	for (size_t i = 0; i <= n; i++)
		bounded &= !dnsd_answer(&zone, q, i, true, &out) || out.len <= DNSD_MAX_UDP;
	ok(!dnsd_answer(&zone, q, 11, true, &out), "half a header gets no answer");
	ok(dnsd_answer(&zone, q, 20, true, &out) && (at16(&out, 2) & 0xf) == 1,
	   "half a question is a format error");
	for (size_t i = 0; i < n; i++) {
		for (unsigned c = 0; c < 256; c++) {
			char before = q[i];

			q[i] = (char)c;
			bounded &= !dnsd_answer(&zone, q, n, true, &out) || out.len <= DNSD_MAX_UDP;
			q[i] = before;
		}
	}
	ok(bounded, "changed and cut queries get bounded answers");
	q[2] |= (char)0x80;
	ok(!dnsd_answer(&zone, q, n, true, &out), "an answer is not answered");
}

int main(void)
{
	a = arena_new();
	load();
	test_answers();
	test_size();
	test_hostile();
	arena_free(a);
	return tap_done();
}
