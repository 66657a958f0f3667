/*
 * t-dns-packet - questions as bytes, answers read: ordinary ones, and those of somebody
 * who means us harm.
 *
 * Packets stand here as text: "\x" pairs and names as "3www7example3com0" would be hard to read, so
 * a small language is used: words are hex octets, 'text is the text's octets, .name is a name as
 * labels with the final zero.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/scan.h"
#include "net/dns-packet.h"
#include "tests/unit/tap.h"

static unsigned hex(char c)
{
	return (unsigned)(strchr("0123456789abcdef", c) - "0123456789abcdef");
}

static void add_name(struct buf *b, struct span name)
{
	struct scan s = scan_span(name);

	while (!scan_done(&s)) {
		struct span label = scan_until(&s, ".");

		buf_addc(b, (char)label.len);
		buf_add(b, label.p, label.len);
		scan_accept(&s, '.');
	}
	buf_addc(b, '\0');
}

static void packet(struct buf *b, const char *text)
{
	struct scan s = scan_over(text, strlen(text));

	buf_clear(b);
	while (scan_blanks(&s), !scan_done(&s)) {
		struct span w = scan_until(&s, " ");

		if (w.p[0] == '.')
			add_name(b, (struct span) { w.p + 1, w.len - 1 });
		else if (w.p[0] == '\'')
			buf_add(b, w.p + 1, w.len - 1);
		else
			for (size_t i = 0; i + 1 < w.len; i += 2)
				buf_addc(b, (char)(hex(w.p[i]) << 4 | hex(w.p[i + 1])));
	}
}

/* A header: id, flags of an answer, one question, so many answers. */
#define HEAD(flags, n)	"0001 " flags " 0001 " n " 0000 0000 "
#define Q(type)		".example.com 00" type " 0001 "
/* An owner that points to the question's name (octet 12). */
#define RR(type, ttl, len) "c00c 00" type " 0001 " ttl " " len " "

/* All that was read as one line. */
static const char *told(struct arena *a, const struct dns_answer *r)
{
	struct strv l = { NULL, 0, 0 };

	strv_addf(&l, a, "%s ttl=%u%s", dns_status_name(r->status), (unsigned)r->ttl,
		  r->ad ? " ad" : "");
	for (size_t i = 0; i < r->cnames.n; i++)
		strv_addf(&l, a, "cname %s", r->cnames.v[i]);
	for (const struct dns_record *d = r->records; d; d = d->next) {
		switch (d->type) {
		case DNS_A:
		case DNS_AAAA:
			strv_add(&l, a, d->address.text);
			break;
		case DNS_MX:
			strv_addf(&l, a, "%u <%s>", d->priority, d->name);
			break;
		case DNS_SRV:
			strv_addf(&l, a, "%u %u %u <%s>", d->priority, d->weight, d->port, d->name);
			break;
		case DNS_TXT:
			strv_addf(&l, a, "%zu:%s", d->text_len,
				  str_escaped(a, d->text, d->text_len));
			break;
		case DNS_TLSA:
			strv_addf(&l, a, "%u %u %u %s", d->usage, d->selector, d->matching,
				  d->text);
			break;
		case DNS_CAA:
			strv_addf(&l, a, "%u %s %s", d->flags, d->tag, d->text);
			break;
		case DNS_SOA:
			strv_addf(&l, a, "<%s> %u %u", d->name, (unsigned)d->serial,
				  (unsigned)d->minimum);
			break;
		default:
			strv_addf(&l, a, "<%s>", d->name);
		}
	}
	return strv_join(&l, a, "; ");
}

static const struct { enum dns_type type; const char *what, *text, *want; } answers[] = {
	{ DNS_A, "one address",
	  HEAD("8180", "0001") Q("01") RR("01", "0000012c", "0004") "c0000201",
	  "ok ttl=300; 192.0.2.1" },
	{ DNS_A, "validated", HEAD("81a0", "0001") Q("01") RR("01", "0000012c", "0004") "c0000201",
	  "ok ttl=300 ad; 192.0.2.1" },
	{ DNS_AAAA, "IPv6",
	  HEAD("8180", "0001") Q("1c") RR("1c",
					  "0000012c", "0010") "20010db8000000000000000000000001",
	  "ok ttl=300; 2001:db8::1" },
	{ DNS_A, "no such name", HEAD("8183", "0000") Q("01"), "nxdomain ttl=0" },
	{ DNS_A, "no such type", HEAD("8180", "0000") Q("01"), "nodata ttl=0" },
	{ DNS_A, "SERVFAIL", HEAD("8182", "0000") Q("01"), "servfail ttl=0" },
	{ DNS_A, "REFUSED without the question", "0001 8185 0000 0000 0000 0000", "refused ttl=0" },
	{ DNS_A, "NOTIMP", HEAD("8184", "0000") Q("01"), "bad-answer ttl=0" },
	{ DNS_A, "a referral from a server that doesn't recurse", HEAD("8100", "0000") Q("01"),
	  "refused ttl=0" },
	{ DNS_A, "the name in other letters",
	  HEAD("8180", "0001") ".EXAMPLE.com 0001 0001 " RR("01", "0000012c", "0004") "c0000201",
	  "ok ttl=300; 192.0.2.1" },
	{ DNS_MX, "by priority, names pointing back",
	  HEAD("8180", "0003") Q("0f") RR("0f", "00000e10", "0008") "0014 03 'mx2 c00c" RR(
		"0f", "0000003c", "0008") "000a 03 'mx1 c00c"
					  RR("0f", "00000e10", "0008") "0014 03 'mx3 c00c",
	  "ok ttl=60; 10 <mx1.example.com>; 20 <mx2.example.com>; 20 <mx3.example.com>" },
	{ DNS_MX, "null MX", HEAD("8180", "0001") Q("0f") RR("0f", "00000e10", "0003") "0000 00",
	  "ok ttl=3600; 0 <>" },
	{ DNS_TXT, "strings are joined",
	  HEAD("8180", "0001") Q("10") RR("10", "00000e10", "000d") "07 'v=spf1+ 04 '-all",
	  "ok ttl=3600; 11:v=spf1+-all" },
	{ DNS_TXT, "an empty one, and one with a NUL",
	  HEAD("8180", "0002") Q("10") RR("10", "00000e10", "0001") "00 "
								    RR("10", "00000e10",
								       "0004") "03 61 00 62",
	  "ok ttl=3600; 0:; 3:a\\x00b" },
	{ DNS_TLSA, "TLSA",
	  HEAD("8180", "0001") Q("34") RR("34", "00000e10", "0007") "03 01 01 deadbeef",
	  "ok ttl=3600; 3 1 1 deadbeef" },
	{ DNS_SRV, "SRV",
	  HEAD("8180", "0001") Q("21") RR("21", "00000e10", "000c") "0000 0001 024b 03 'sub c00c",
	  "ok ttl=3600; 0 1 587 <sub.example.com>" },
	{ DNS_SOA, "SOA",
	  HEAD("8180", "0001") Q("06") RR("06", "00000e10",
					  "001a") "01 'a c00c c00c 00000007 00000001 00000002 "
						  "00000003 0000003c",
	  "ok ttl=3600; <a.example.com> 7 60" },
	{ DNS_A, "through a CNAME, in the wrong order, the least TTL counts",
	  HEAD("8180", "0002") Q("01") "01 'b c00c 0001 0001 00000100 0004 c0000202 "
				       RR("05", "00000010", "0004") "01 'b c00c",
	  "ok ttl=16; cname b.example.com; 192.0.2.2" },
	{ DNS_A, "a CNAME to a name that does not exist",
	  HEAD("8183", "0001") Q("01") RR("05", "00000010", "0004") "01 'b c00c",
	  "nxdomain ttl=16; cname b.example.com" },
	{ DNS_A, "a CNAME to a name without addresses",
	  HEAD("8180", "0001") Q("01") RR("05", "00000010", "0004") "01 'b c00c",
	  "nodata ttl=16; cname b.example.com" },
	{ DNS_CNAME, "a CNAME asked for itself",
	  HEAD("8180", "0001") Q("05") RR("05", "00000010", "0004") "01 'b c00c",
	  "ok ttl=16; <b.example.com>" },
	{ DNS_A, "records of other names and types are left out",
	  HEAD("8180",
	       "0003") Q("01") ".evil.example 0001 0001 00000100 0004 c0000263 "
			       RR("2e", "00000100", "0002") "dead "
							    RR("01", "0000012c", "0004") "c0000201",
	  "ok ttl=300; 192.0.2.1" },
	{ DNS_A, "another class is left out", HEAD("8180",
		"0002") Q("01") "c00c 0001 0003 00000100 0004 c0000202"
	  RR("01", "0000012c", "0004") "c0000201", "ok ttl=300; 192.0.2.1" },
	{ DNS_A, "no such type, with the SOA that says so",
		"0001 8180 0001 0000 0001 0000 " Q("01") "c00c 0006 0001 00000100 0018 "
	  "c00c c00c 00000007 00000001 00000002 00000003 0000003c", "nodata ttl=0" },
	{ DNS_A, "no such type, from a server that knows, with its NS",
		"0001 8580 0001 0000 0001 0000 " Q("01")
	  "c00c 0002 0001 00000100 0004 01 'n c00c", "nodata ttl=0" },
	{ DNS_A, "a referral that a resolver hands on",
		"0001 8180 0001 0000 0001 0000 " Q("01") "c00c 0002 0001 00000100 0004 01 'n c00c",
	  "refused ttl=0" },
	{ DNS_A, "a referral behind a CNAME", "0001 8180 0001 0001 0001 0000 " Q("01") RR("05",
		"00000010", "0004") "01 'b c00c "
	  "c00c 0002 0001 00000100 0004 01 'n c00c", "refused ttl=16; cname b.example.com" },
	{ DNS_A, "a TTL with the highest bit is none",
	  HEAD("8180", "0001") Q("01") RR("01", "80000001", "0004") "c0000201",
	  "ok ttl=0; 192.0.2.1" },
	{ DNS_A, "truncated: records are not looked at", HEAD("8380", "0009") Q("01"),
		"bad-answer ttl=0" },
	{ DNS_A, "truncated, and no such name", HEAD("8383", "0000") Q("01"), "bad-answer ttl=0" },
	{ DNS_PTR, "letters become small, odd octets are escaped",
	  HEAD("8180", "0001") Q("0c") RR("0c", "00000e10", "0007") "05 4d 2e 0a ff 5c 00",
	  "ok ttl=3600; <m\\.\\010\\255\\\\>" },
};

static const struct { const char *what, *text; } hostile[] = {
	{ "nothing", "" },
	{ "a header cut short", "0001 8180 0001" },
	{ "a question, not an answer", HEAD("0100", "0000") Q("01") },
	{ "an update", HEAD("a980", "0000") Q("01") },
	{ "another name",
	  HEAD("8180", "0001") ".example.net 0001 0001 c00c 0001 0001 00000100 0004 c0000201" },
	{ "another type", HEAD("8180", "0001") Q("1c") RR("01", "00000100", "0004") "c0000201" },
	{ "no question, yet an answer",
	  "0001 8180 0000 0001 0000 0000 .example.com 0001 0001 00000100 0004 c0000201" },
	{ "two questions", "0001 8180 0002 0000 0000 0000 " Q("01") Q("01") },
	{ "a count that lies",
	  HEAD("8180", "ffff") Q("01") RR("01", "00000100", "0004") "c0000201" },
	{ "one record too few",
	  HEAD("8180", "0002") Q("01") RR("01", "00000100", "0004") "c0000201" },
	{ "data longer than the message",
	  HEAD("8180", "0001") Q("01") RR("01", "00000100", "0040") "c0000201" },
	{ "an address of three octets",
	  HEAD("8180", "0001") Q("01") RR("01", "00000100", "0003") "c00002" },
	{ "an address of five octets",
	  HEAD("8180", "0001") Q("01") RR("01", "00000100", "0005") "c000020101" },
	{ "a pointer to itself",
	  HEAD("8180", "0001") Q("01") "c01d 0001 0001 00000100 0004 c0000201" },
	{ "a pointer forward",
	  HEAD("8180", "0001") Q("01") "c020 0001 0001 00000100 0004 c0000201" },
	{ "a pointer into the middle of the record it stands in",
	  HEAD("8180", "0001") Q("01") "01 'a c01d 0001 0001 00000100 0004 c0000201" },
	{ "a pointer past the end",
	  HEAD("8180", "0001") Q("01") "ffff 0001 0001 00000100 0004 c0000201" },
	{ "a label type that does not exist",
	  HEAD("8180", "0001") Q("01") "41 'a 00 0001 0001 00000100 0004 c0000201" },
	{ "a label longer than the message", HEAD("8180", "0001") Q("01") "3f 'a" },
	{ "a name that never ends", HEAD("8180", "0001") Q("01") "01 'a 01 'b" },
	{ "CNAMEs in a circle",
	  HEAD("8180", "0002") Q("01") RR("05", "00000010", "0004") "01 'b c00c 01 'b c00c 0005 "
								    "0001 00000010 0002 c00c" },
	{ "a CNAME to itself", HEAD("8180", "0001") Q("01") RR("05", "00000010", "0002") "c00c" },
	{ "a name denied without saying which", "0001 8183 0000 0000 0000 0000" },
	{ "a name denied, and a record of it", HEAD("8183", "0001") Q("01") RR("01", "00000100",
		"0004") "c0000201" },
	{ "records of another name alone", HEAD("8180",
		"0001") Q("01") ".evil.example 0001 0001 00000100 0004 c0000263" },
	{ "records of another type alone", HEAD("8180", "0001") Q("01") RR("1c", "00000100",
		"0010") "20010db8000000000000000000000001" },
	{ "records of another class alone", HEAD("8180",
		"0001") Q("01") "c00c 0001 0003 00000100 0004 c0000201" },
	{ "a label of 64 octets", HEAD("8180", "0001") Q("01") "40 'abc 00 0001 0001 00000100 0004 "
		"c0000201" },
	{ "a CNAME to a pointer forward", HEAD("8180", "0001") Q("01") RR("05", "00000010",
		"0002") "ffff" },
	{ "a CNAME with too much", HEAD("8180", "0001") Q("01") RR("05", "00000010",
		"0003") "00 dead" },
	{ "an authority section that is not there", "0001 8180 0001 0000 0003 0000 " Q("01") },
	{ "an authority record cut short", "0001 8183 0001 0000 0001 0000 " Q("01") "c00c 0006 "
		"0001 00000100 0018 c00c" },
};

static void test_answers(void)
{
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct arena *a = arena_new();
		struct buf b = BUF_INIT(65536);
		struct dns_answer r;
		bool truncated;

		packet(&b, answers[i].text);
		dns_packet_read(a, b.data, b.len, "example.com", answers[i].type, &r, &truncated);
		is_str(told(a, &r), answers[i].want, answers[i].what);
		buf_release(&b);
		arena_free(a);
	}
}

static void test_hostile(void)
{
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		struct arena *a = arena_new();
		struct buf b = BUF_INIT(65536);
		struct dns_answer r;
		bool truncated;

		packet(&b, hostile[i].text);
		ok(!dns_packet_read(a, buf_str(&b), b.len, "example.com", DNS_A, &r, &truncated) &&
		   r.status == DNS_BAD_ANSWER && r.count == 0 && r.why[0],
		   hostile[i].what);
		buf_release(&b);
		arena_free(a);
	}
}

/* 127 labels of one octet are the longest name (255 octets); one more is too long. */
static void test_longest_name(void)
{
	for (unsigned labels = 127; labels <= 128; labels++) {
		struct arena *a = arena_new();
		struct buf b = BUF_INIT(65536), name = BUF_INIT(1000);
		struct dns_answer r;
		bool truncated;

		for (unsigned i = 0; i < labels; i++)
			buf_adds(&name, "\001a");
		buf_addc(&name, '\0');
		packet(&b, HEAD("8180", "0001") Q("0c") RR("0c", "00000e10", "00"));
		buf_addc(&b, (char)(name.len & 0xff));
		b.data[b.len - 2] = (char)(name.len >> 8);
		buf_add(&b, name.data, name.len);
		dns_packet_read(a, b.data, b.len, "example.com", DNS_PTR, &r, &truncated);
		is_str(dns_status_name(r.status), labels == 127 ? "ok" : "bad-answer",
		       labels == 127 ? "a name of 255 octets is read" :
		       "a name of 257 octets is not");
		buf_release(&b);
		buf_release(&name);
		arena_free(a);
	}
}

/* Every prefix of a good answer is refused, and never read past: what ASan is for. */
static void test_cut_short(void)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(65536);
	size_t good = 0;

	packet(&b, answers[10].text);
	for (size_t n = 0; n < b.len; n++) {
		char *copy = malloc(n ? n : 1);
		struct dns_answer r;
		bool truncated;

		if (!copy)
			abort();
		memcpy(copy, b.data, n);
		good += dns_packet_read(a, copy, n, "example.com", DNS_MX, &r, &truncated);
		free(copy);
	}
	is_int((long)good, 0, "no prefix of an answer is taken for one");
	buf_release(&b);
	arena_free(a);
}

static void test_ask(void)
{
	struct buf b = BUF_INIT(600), want = BUF_INIT(600);
	char label[70], name[300];

	packet(&want, "1234 0120 0001 0000 0000 0001 .mx.example.com 000f 0001 00 0029 04d0 0000 "
	       "0000 0000");
	ok(dns_packet_ask(&b, 0x1234, "mx.example.com", DNS_MX, false) && b.len == want.len &&
	   !memcmp(b.data, want.data, b.len),
	   "a question: recursion and AD asked for, EDNS with 1232 octets");
	buf_clear(&b);
	buf_clear(&want);
	packet(&want, "1234 0120 0001 0000 0000 0000 .mx.example.com 000f 0001");
	ok(dns_packet_ask(&b, 0x1234, "mx.example.com", DNS_MX, true) && b.len == want.len &&
	   !memcmp(b.data, want.data, b.len),
	   "the same without EDNS");
	buf_clear(&b);
	memset(label, 'a', 64);
	label[64] = '\0';
	ok(!dns_packet_ask(&b, 1, label, DNS_A, false), "a label of 64 octets can't be asked");
	buf_clear(&b);
	ok(!dns_packet_ask(&b, 1, "a..b", DNS_A, false), "an empty label can't be asked");
	buf_clear(&b);
	memset(name, 'a', 255);
	for (size_t i = 63; i < 255; i += 64)
		name[i] = '.';
	name[254] = '\0';
	ok(!dns_packet_ask(&b, 1, name, DNS_A, false), "a name of 256 octets can't be asked");
	buf_clear(&b);
	name[253] = '\0';
	ok(dns_packet_ask(&b, 1, name, DNS_A, false), "a name of 255 octets can");
	buf_release(&b);
	buf_release(&want);
}

int main(void)
{
	test_answers();
	test_hostile();
	test_longest_name();
	test_cut_short();
	test_ask();
	return tap_done();
}
