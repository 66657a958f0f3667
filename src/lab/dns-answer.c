/*
 * dns-answer - one query in, one answer out: no sockets here.
 */
#include <string.h>

#include "base/buf.h"
#include "base/scan.h"
#include "lab/dnsd.h"

enum {
	RCODE_OK = 0, RCODE_FORMERR = 1, RCODE_SERVFAIL = 2, RCODE_NXDOMAIN = 3, RCODE_NOTIMP = 4,
	RCODE_REFUSED = 5,
	TYPE_CNAME = 5, TYPE_OPT = 41, MAX_CHAIN = 8,
};

struct dns_query {
	unsigned	id, flags;
	char		name[256];	/* lower case, no final dot */
	unsigned	type, class;
	size_t		question_end;	/* where the question ends in the message */
	size_t		udp_size;	/* what the client takes (RFC 6891, 6.2.3) */
	bool		edns;
};

/* A name without compression: nobody compresses in a question. */
static void read_name(struct scan *s, char *to, size_t size)
{
	size_t n = 0;

	for (;;) {
		unsigned len = scan_u8(s);
		struct span label;

		if (scan_failed(s) || len == 0)
			break;
		label = scan_take(s, len);
		if (len > 63 || n + label.len + 2 > size || scan_failed(s)) {
			scan_fail(s);
			break;
		}
		if (n > 0)
			to[n++] = '.';
		for (size_t i = 0; i < label.len; i++)
			to[n++] = ascii_lower(label.p[i]);
	}
	to[n] = '\0';
}

/* False: not even a header, or no query. */
static bool read_query(struct scan *s, struct dns_query *q, bool *ret_good)
{
	unsigned questions, additional;

	q->id = scan_u16(s);
	q->flags = scan_u16(s);
	questions = scan_u16(s);
	scan_take(s, 4);
	additional = scan_u16(s);
	if (scan_failed(s) || q->flags & 0x8000)
		return false;
	read_name(s, q->name, sizeof(q->name));
	q->type = scan_u16(s);
	q->class = scan_u16(s);
	*ret_good = questions == 1 && !scan_failed(s);
	q->question_end = scan_pos(s);
	q->udp_size = 512;
	if (*ret_good && additional > 0 && scan_u8(s) == 0 && scan_u16(s) == TYPE_OPT) {
		unsigned size = scan_u16(s);

		q->edns = !scan_failed(s);
		if (size > DNSD_MAX_UDP)
			size = DNSD_MAX_UDP;
		q->udp_size = size < 512 ? 512 : size;
	}
	return true;
}

static void put16(struct buf *b, unsigned n)
{
	buf_addc(b, (char)(n >> 8));
	buf_addc(b, (char)n);
}

static void put_record(struct buf *b, const char *owner, const struct zone_record *r)
{
	unsigned char name[256];
	size_t n = zone_name_wire(name, sizeof(name), span_of(owner));

	buf_add(b, name, n);
	put16(b, r->type);
	put16(b, 1);
	put16(b, r->ttl >> 16);
	put16(b, r->ttl & 0xffff);
	put16(b, (unsigned)r->len);
	buf_add(b, r->data, r->len);
}

static void set16(struct buf *b, size_t at, unsigned n)
{
	b->data[at] = (char)(n >> 8);
	b->data[at + 1] = (char)n;
}

/* What was found: the fault, the number of records written, and the rcode. */
struct found {
	enum zone_fault	fault;
	unsigned	count, rcode;
};

/* Follows the CNAMEs and writes what there is. */
static struct found answer_records(const struct zone *z, const struct dns_query *q, struct buf *out)
{
	const char *name = q->name;
	struct found f = { .rcode = RCODE_OK };

	for (int hop = 0; hop < MAX_CHAIN; hop++) {
		const struct zone_record *r = zone_find(z, name, q->type);

		if (!r) {
			f.rcode = zone_has_name(z, name) ? RCODE_OK : RCODE_NXDOMAIN;
			return f;
		}
		f.fault = r->fault;
		if (r->fault != ZONE_NONE)
			return f;
		if (r->type != TYPE_CNAME || q->type == TYPE_CNAME) {
			for (; r; r = zone_next(r), f.count++)
				put_record(out, name, r);
			return f;
		}
		put_record(out, name, r);
		f.count++;
		name = r->target;
	}
	return f;
}

static unsigned rcode_of(const struct found *f)
{
	switch (f->fault) {
	case ZONE_NXDOMAIN:	return RCODE_NXDOMAIN;
	case ZONE_SERVFAIL:	return RCODE_SERVFAIL;
	case ZONE_REFUSED:	return RCODE_REFUSED;
	default:		return f->rcode;
	}
}

/* Header and question; the counts are zero yet. */
static void put_head(struct buf *out, const struct dns_query *q, const void *message)
{
	put16(out, q->id);
	put16(out, 0);
	put16(out, 1);
	put16(out, 0);
	put16(out, 0);
	put16(out, 0);
	buf_add(out, (const char *)message + 12, q->question_end - 12);
}

static void put_opt(struct buf *out)
{
	buf_addc(out, 0);
	put16(out, TYPE_OPT);
	put16(out, DNSD_MAX_UDP);
	put16(out, 0);
	put16(out, 0);
	put16(out, 0);
	set16(out, 10, 1);
}

bool dnsd_answer(const struct zone *z, const void *query, size_t n, bool udp, struct buf *out)
{
	struct scan s = scan_over(query, n);
	struct dns_query q = { .id = 0 };
	struct found f = { .count = 0 };
	bool good = false;
	unsigned flags;
	size_t head;

	buf_clear(out);
	if (!read_query(&s, &q, &good))
		return false;
	/* An answer, recursion available; what was asked about recursion is repeated. */
	flags = 0x8080 | (q.flags & 0x7900) | (z->ad ? 0x20 : 0);
	if (!good) {
		put16(out, q.id);
		put16(out, flags | RCODE_FORMERR);
		buf_add(out, "\0\0\0\0\0\0\0\0", 8);
		return true;
	}
	put_head(out, &q, query);
	head = out->len;
	if ((q.flags & 0x7800) != 0)
		f.rcode = RCODE_NOTIMP;
	else if (q.class != 1)
		f.rcode = RCODE_REFUSED;
	else
		f = answer_records(z, &q, out);
	if (f.fault == ZONE_SILENT)
		return false;
	if (f.fault == ZONE_GARBAGE) {
		set16(out, 2, flags);
		set16(out, 6, 1);
		buf_add(out, "\xc0\x0c\x00\x01\x00\x01\x00", 7);
		return true;
	}
	if (udp && (z->truncate || out->len + 11 > q.udp_size)) {
		out->len = head;
		f.count = 0;
		flags |= 0x0200;
	}
	set16(out, 2, flags | rcode_of(&f));
	set16(out, 6, f.count);
	if (q.edns)
		put_opt(out);
	return true;
}
