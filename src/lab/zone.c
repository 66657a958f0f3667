/*
 * zone - lines of a scenario's dns section to records in wire form (RFC 1035, 3.3; RFC 2782,
 * 3596, 6698, 8659).
 */
#include "lab/zone.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/arena.h"
#include "base/scan.h"
#include "lab/line.h"

enum { ZONE_MAX_DATA = 2048, ZONE_TTL = 300, TYPE_CNAME = 5 };

/* Record data while it is put together. */
struct rdata {
	unsigned char	bytes[ZONE_MAX_DATA];
	size_t		len;
	bool		failed;
};

static void put(struct rdata *w, const void *p, size_t n)
{
	if (n > sizeof(w->bytes) - w->len) {
		w->failed = true;
		return;
	}
	memcpy(w->bytes + w->len, p, n);
	w->len += n;
}

static void put8(struct rdata *w, unsigned long n)
{
	put(w, (unsigned char[]) { (unsigned char)n }, 1);
}

static void put16(struct rdata *w, unsigned long n)
{
	put8(w, n >> 8 & 0xff);
	put8(w, n & 0xff);
}

static void put32(struct rdata *w, unsigned long n)
{
	put16(w, n >> 16 & 0xffff);
	put16(w, n & 0xffff);
}

size_t zone_name_wire(unsigned char *to, size_t size, struct span name)
{
	struct scan s = scan_span(name);
	size_t n = 0;

	if (span_eq(name, "."))
		scan_take(&s, 1);
	while (!scan_done(&s)) {
		struct span label = scan_until(&s, ".");

		if (label.len == 0 || label.len > 63 || n + label.len + 2 > size ||
		    n + label.len + 2 > 255)
			return 0;
		to[n++] = (unsigned char)label.len;
		memcpy(to + n, label.p, label.len);
		n += label.len;
		scan_accept(&s, '.');
	}
	if (size == n)
		return 0;
	to[n++] = 0;
	return n;
}

static void put_name(struct rdata *w, struct span name)
{
	unsigned char bytes[256];
	size_t n = zone_name_wire(bytes, sizeof(bytes), name);

	if (n == 0 || name.len == 0)
		w->failed = true;
	else
		put(w, bytes, n);
}

static void put_number(struct rdata *w, struct scan *s, unsigned long max,
		       void (*how)(struct rdata *, unsigned long))
{
	unsigned long n = 0;

	if (!line_number(line_word(s), max, &n))
		w->failed = true;
	how(w, n);
}

static void value_a(struct rdata *w, struct scan *s)
{
	char text[INET6_ADDRSTRLEN + 1] = "";
	unsigned char bytes[4];
	struct span word = line_word(s);

	if (word.len < sizeof(text))
		memcpy(text, word.p, word.len);
	w->failed |= inet_pton(AF_INET, text, bytes) != 1;
	put(w, bytes, sizeof(bytes));
}

static void value_aaaa(struct rdata *w, struct scan *s)
{
	char text[INET6_ADDRSTRLEN + 1] = "";
	unsigned char bytes[16];
	struct span word = line_word(s);

	if (word.len < sizeof(text))
		memcpy(text, word.p, word.len);
	w->failed |= inet_pton(AF_INET6, text, bytes) != 1;
	put(w, bytes, sizeof(bytes));
}

static void value_name(struct rdata *w, struct scan *s)
{
	put_name(w, line_word(s));
}

static void value_mx(struct rdata *w, struct scan *s)
{
	put_number(w, s, 0xffff, put16);
	put_name(w, line_word(s));
}

static void value_srv(struct rdata *w, struct scan *s)
{
	put_number(w, s, 0xffff, put16);
	put_number(w, s, 0xffff, put16);
	put_number(w, s, 0xffff, put16);
	put_name(w, line_word(s));
}

static void value_soa(struct rdata *w, struct scan *s)
{
	put_name(w, line_word(s));
	put_name(w, line_word(s));
	put_number(w, s, 0xffffffff, put32);
	put32(w, 3600);
	put32(w, 600);
	put32(w, 86400);
	put32(w, ZONE_TTL);
}

/* The rest of the line is one text, cut into strings of at most 255 octets. */
static void value_txt(struct rdata *w, struct scan *s)
{
	struct span text = line_rest(s);

	do {
		size_t n = text.len > 255 ? 255 : text.len;

		put8(w, n);
		put(w, text.p, n);
		text.p += n;
		text.len -= n;
	} while (text.len > 0);
}

static void value_caa(struct rdata *w, struct scan *s)
{
	struct span tag, value;

	put_number(w, s, 255, put8);
	tag = line_word(s);
	value = line_rest(s);
	w->failed |= tag.len == 0 || tag.len > 255;
	put8(w, tag.len);
	put(w, tag.p, tag.len);
	put(w, value.p, value.len);
}

static void value_tlsa(struct rdata *w, struct scan *s)
{
	struct span hex;

	put_number(w, s, 255, put8);
	put_number(w, s, 255, put8);
	put_number(w, s, 255, put8);
	hex = line_word(s);
	w->failed |= hex.len == 0 || hex.len % 2 != 0;
	for (size_t i = 0; i + 1 < hex.len; i += 2) {
		int high = ascii_hex(hex.p[i]), low = ascii_hex(hex.p[i + 1]);

		w->failed |= high < 0 || low < 0;
		put8(w, (unsigned long)(high * 16 + low) & 0xff);
	}
}

static const struct zone_type {
	const char	*name;
	unsigned	 type;
	bool		 many;		/* several values in one line */
	void		(*value)(struct rdata *w, struct scan *s);
	const char	*expected;
} types[] = {
	{ "A",     1,   true,  value_a,    "IPv4 addresses" },
	{ "NS",    2,   false, value_name, "a host name" },
	{ "CNAME", TYPE_CNAME,   false, value_name, "a host name" },
	{ "SOA",   6,   false, value_soa,  "MNAME RNAME SERIAL" },
	{ "PTR",   12,  false, value_name, "a host name" },
	{ "MX",    15,  false, value_mx,   "PRIORITY HOST" },
	{ "TXT",   16,  false, value_txt,  "a text" },
	{ "AAAA",  28,  true,  value_aaaa, "IPv6 addresses" },
	{ "SRV",   33,  false, value_srv,  "PRIORITY WEIGHT PORT HOST" },
	{ "TLSA",  52,  false, value_tlsa, "USAGE SELECTOR MATCHING HEX" },
	{ "CAA",   257, false, value_caa,  "FLAGS TAG VALUE" },
};

static const char *const faults[] = {
	[ZONE_NXDOMAIN]	= "nxdomain",
	[ZONE_NODATA]	= "nodata",
	[ZONE_SERVFAIL]	= "servfail",
	[ZONE_REFUSED]	= "refused",
	[ZONE_SILENT]	= "silent",
	[ZONE_GARBAGE]	= "garbage",
};

static const struct zone_type *type_of(struct span word)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (span_eq_nocase(word, types[i].name))
			return &types[i];
	return NULL;
}

static enum zone_fault fault_of(struct span word)
{
	for (size_t i = ZONE_NXDOMAIN; i < ARRAY_LEN(faults); i++)
		if (span_eq(word, faults[i]))
			return (enum zone_fault)i;
	return ZONE_NONE;
}

/* A CNAME has no other record beside it (RFC 1034, 3.6.2), nor has a fault of all types. */
static bool alone(unsigned type)
{
	return type == TYPE_CNAME || type == ZONE_ANY;
}

/* Appends; records of older layers with that name and type go. */
static struct zone_record *add(struct zone *z, struct arena *a, const char *name, unsigned type,
			       unsigned layer)
{
	struct zone_record **link = &z->records, *r;

	while (*link) {
		bool same = (*link)->type == type || alone(type) || alone((*link)->type);

		if (same && (*link)->layer < layer && str_eq((*link)->name, name))
			*link = (*link)->next;
		else
			link = &(*link)->next;
	}
	z->n++;
	r = arena_alloc(a, sizeof(*r));
	*r = (struct zone_record) { .name = name, .type = type, .layer = layer, .ttl = ZONE_TTL,
				    .target = "" };
	*link = r;
	return r;
}

static const char *add_values(struct zone *z, struct arena *a, const char *name,
			      const struct zone_type *t, struct scan *s,
			      unsigned layer, unsigned long ttl)
{
	do {
		struct rdata w = { .len = 0 };
		struct span value;
		struct zone_record *r;

		if (z->n == ZONE_MAX)
			return "fewer records";
		scan_blanks(s);
		value = span_trim((struct span) { s->p, scan_left(s) });
		t->value(&w, s);
		scan_blanks(s);
		if (w.failed || (!t->many && scan_left(s) > 0))
			return t->expected;
		r = add(z, a, name, t->type, layer);
		r->ttl = (uint32_t)ttl;
		r->data = memcpy(arena_alloc(a, w.len + 1), w.bytes, w.len);
		r->len = w.len;
		if (t->type == TYPE_CNAME)
			r->target = str_lower(a, span_dup(a, value));
	} while (scan_left(s) > 0);
	return NULL;
}

const char *zone_parse(struct zone *z, struct arena *a, struct span line, unsigned layer)
{
	struct scan s = scan_span(line);
	struct span owner = line_word(&s), word = line_word(&s);
	const struct zone_type *t = type_of(word);
	unsigned long ttl = ZONE_TTL;
	enum zone_fault fault;
	char *name;

	if (z->n == ZONE_MAX)
		return "fewer records";
	if (owner.len > 0 && owner.p[owner.len - 1] == '.')
		owner.len--;
	name = str_lower(a, span_dup(a, owner));
	if (span_eq_nocase(word, "TTL")) {
		if (!line_number(line_word(&s), 0x7fffffff, &ttl))
			return "TTL and a number of seconds";
		t = type_of(line_word(&s));
		if (!t)
			return "a record type after the TTL";
	}
	if (t) {
		struct scan ahead = s;

		word = line_word(&ahead);
		fault = fault_of(word);
		if (fault == ZONE_NONE || line_rest(&ahead).len > 0)
			return add_values(z, a, name, t, &s, layer, ttl);
		add(z, a, name, t->type, layer)->fault = fault;
		return NULL;
	}
	fault = fault_of(word);
	if (fault == ZONE_NONE || line_rest(&s).len > 0)
		return "NAME TYPE VALUE, or NAME and one of nxdomain nodata servfail refused "
		       "silent garbage";
	add(z, a, name, ZONE_ANY, layer)->fault = fault;
	return NULL;
}

static bool covers(const struct zone_record *r, unsigned type)
{
	return r->type == type || r->type == ZONE_ANY ||
	       (r->type == TYPE_CNAME && r->fault == ZONE_NONE);
}

const struct zone_record *zone_find(const struct zone *z, const char *name, unsigned type)
{
	for (const struct zone_record *r = z->records; r; r = r->next)
		if (str_eq(r->name, name) && covers(r, type))
			return r;
	if (zone_has_name(z, name))
		return NULL;
	for (const struct zone_record *r = z->records; r; r = r->next)
		if (str_glob(r->name, name) && covers(r, type))
			return r;
	return NULL;
}

const struct zone_record *zone_next(const struct zone_record *r)
{
	for (const struct zone_record *n = r->next; n; n = n->next)
		if (n->type == r->type && str_eq(n->name, r->name))
			return n;
	return NULL;
}

bool zone_has_name(const struct zone *z, const char *name)
{
	for (const struct zone_record *r = z->records; r; r = r->next)
		if (str_eq(r->name, name))
			return true;
	return false;
}
