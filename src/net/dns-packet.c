/*
 * dns-packet - DNS messages as bytes. RFC 1035, 4; RFC 6891 (EDNS); RFC 2782 (SRV); RFC 6698
 * (TLSA); RFC 8659 (CAA).
 */
#include "net/dns-packet.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/scan.h"

enum {
	CLASS_IN	= 1,
	FLAG_QR		= 0x8000,	/* it is an answer */
	FLAG_OPCODE	= 0x7800,
	FLAG_AA		= 0x0400,
	FLAG_TC		= 0x0200,
	FLAG_RD		= 0x0100,
	FLAG_RA		= 0x0080,
	FLAG_AD		= 0x0020,
	FLAG_RCODE	= 0x000f,
	RCODE_NXDOMAIN	= 3,
	MAX_OCTETS	= 255,		/* of a name (RFC 1035, 2.3.4) */
	MAX_TEXT	= 4 * MAX_OCTETS + 1,
	MAX_RECORDS	= 4096,		/* of an answer section */
	MAX_CHAIN	= 16,		/* CNAMEs followed */
};

/* A record of the answer section: where its data lies. */
struct raw {
	const char	*owner;
	unsigned	 type;
	uint32_t	 ttl;
	size_t		 at;
	size_t		 len;
};

struct section {
	struct raw	*raw;
	size_t		 n;
};

static bool add_u16(struct buf *b, unsigned v)
{
	char octets[2] = { (char)(v >> 8 & 0xff), (char)(v & 0xff) };

	return buf_add(b, octets, sizeof(octets));
}

static bool add_name(struct buf *b, const char *name)
{
	struct scan s = scan_over(name, strlen(name));

	while (!scan_done(&s)) {
		struct span label = scan_until(&s, ".");

		if (!label.len || label.len > 63 || !buf_addc(b, (char)label.len) ||
		    !buf_add(b, label.p, label.len))
			return false;
		scan_accept(&s, '.');
	}
	return buf_addc(b, '\0');
}

bool dns_packet_ask(struct buf *b, uint16_t id, const char *name, enum dns_type type, bool plain)
{
	size_t start = b->len;
	/*
	 * Header: one question, no answers, no authority, one additional record: OPT, unless plain.
	 */
	bool good = add_u16(b, id) && add_u16(b, FLAG_RD | FLAG_AD) && add_u16(b, 1) &&
		    add_u16(b, 0) && add_u16(b, 0) && add_u16(b, plain ? 0 : 1) &&
		    add_name(b, name) && b->len - start - 12 <= MAX_OCTETS && add_u16(b, type) &&
		    add_u16(b, CLASS_IN);

	/* OPT (RFC 6891, 6.1.2): root, type 41, our size for the class, no flags, no options. */
	return good && (plain || (buf_addc(b, '\0') && add_u16(b, 41) && add_u16(b, DNS_UDP_SIZE) &&
				  add_u16(b, 0) && add_u16(b, 0) && add_u16(b, 0)));
}

/*
 * One label as text: a dot inside it and what is not printable are escaped (RFC 1035, 5.1). text
 * has room: see MAX_TEXT.
 */
static size_t label_text(char *text, struct span label)
{
	size_t n = 0;

	for (size_t i = 0; i < label.len; i++) {
		unsigned char c = (unsigned char)label.p[i];

		if (c == '.' || c == '\\') {
			text[n++] = '\\';
			text[n++] = (char)c;
		} else if (c <= ' ' || c >= 0x7f) {
			text[n++] = '\\';
			text[n++] = (char)('0' + c / 100);
			text[n++] = (char)('0' + c / 10 % 10);
			text[n++] = (char)('0' + c % 10);
		} else {
			text[n++] = ascii_lower((char)c);
		}
	}
	return n;
}

/*
 * Reads a name, compressed or not (RFC 1035, 4.1.4). A pointer must lead before the piece it ends,
 * so each one leads further back.
 */
static const char *read_name(struct arena *a, struct scan *s)
{
	char text[MAX_TEXT];
	struct scan at = *s;
	size_t n = 0, octets = 1, floor = scan_pos(s);
	bool jumped = false;

	for (;;) {
		unsigned len = scan_u8(&at);

		if (scan_failed(&at) || (len >= 0x40 && len < 0xc0))
			break;
		if (len >= 0xc0) {
			size_t to = (size_t)(len & 0x3f) << 8 | scan_u8(&at);

			if (scan_failed(&at) || to >= floor)
				break;
			if (!jumped)
				*s = at;
			jumped = true;
			floor = to;
			scan_seek(&at, to);
			continue;
		}
		if (len == 0) {
			if (!jumped)
				*s = at;
			return arena_strndup(a, text, n);
		}
		octets += 1 + len;
		if (octets > MAX_OCTETS)
			break;
		if (n)
			text[n++] = '.';
		n += label_text(text + n, scan_take(&at, len));
	}
	scan_fail(s);
	return "";
}

static const char *read_hex(struct arena *a, struct scan *s, size_t n)
{
	struct span bytes = scan_take(s, n);
	char *hex = arena_alloc(a, 2 * bytes.len + 1);

	for (size_t i = 0; i < bytes.len; i++) {
		hex[2 * i] = "0123456789abcdef"[(unsigned char)bytes.p[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[(unsigned char)bytes.p[i] & 15];
	}
	return hex;
}

static void read_address(struct scan *s, int family, struct net_address *ret)
{
	struct span bytes = scan_take(s, family == AF_INET ? 4 : 16);

	if (!scan_failed(s))
		net_address_of(family, bytes.p, ret);
}

/* The character strings of a TXT record joined without anything between (RFC 7208, 3.3). */
static void read_text(struct arena *a, struct scan *s, size_t end, struct dns_record *r)
{
	char *text = arena_alloc(a, end - scan_pos(s) + 1);

	while (!scan_failed(s) && scan_pos(s) < end) {
		struct span piece = scan_take(s, scan_u8(s));

		if (scan_pos(s) > end)
			scan_fail(s);
		else if (piece.len) {
			memcpy(text + r->text_len, piece.p, piece.len);
			r->text_len += piece.len;
		}
	}
	r->text = text;
}

static void read_caa(struct arena *a, struct scan *s, size_t end, struct dns_record *r)
{
	r->flags = scan_u8(s);
	r->tag = span_dup(a, scan_take(s, scan_u8(s)));
	if (scan_failed(s) || scan_pos(s) > end) {
		scan_fail(s);
		return;
	}
	r->text_len = end - scan_pos(s);
	r->text = span_dup(a, scan_take(s, r->text_len));
}

static void read_soa(struct arena *a, struct scan *s, struct dns_record *r)
{
	r->name = read_name(a, s);
	read_name(a, s);
	r->serial = scan_u32(s);
	scan_u32(s);
	scan_u32(s);
	scan_u32(s);
	r->minimum = scan_u32(s);
}

/*
 * Reads the data of one record; s is over the whole message, for the names' pointers. False when it
 * does not fill its length exactly.
 */
static bool read_record(struct arena *a, struct scan s, const struct raw *raw, struct dns_record *r)
{
	size_t end = raw->at + raw->len;

	r->type = raw->type;
	r->ttl = raw->ttl;
	r->name = r->text = r->tag = "";
	scan_seek(&s, raw->at);
	switch (r->type) {
	case DNS_A:
	case DNS_AAAA:
		read_address(&s, r->type == DNS_A ? AF_INET : AF_INET6, &r->address);
		break;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
		r->name = read_name(a, &s);
		break;
	case DNS_MX:
		r->priority = scan_u16(&s);
		r->name = read_name(a, &s);
		break;
	case DNS_SRV:
		r->priority = scan_u16(&s);
		r->weight = scan_u16(&s);
		r->port = scan_u16(&s);
		r->name = read_name(a, &s);
		break;
	case DNS_TXT:
		read_text(a, &s, end, r);
		break;
	case DNS_TLSA:
		r->usage = scan_u8(&s);
		r->selector = scan_u8(&s);
		r->matching = scan_u8(&s);
		r->text = read_hex(a, &s, raw->len > 3 ? raw->len - 3 : 0);
		r->text_len = strlen(r->text);
		break;
	case DNS_CAA:
		read_caa(a, &s, end, r);
		break;
	case DNS_SOA:
		read_soa(a, &s, r);
		break;
	}
	return !scan_failed(&s) && scan_pos(&s) == end;
}

static bool read_section(struct arena *a, struct scan *s, size_t count, struct section *ret)
{
	/*
	 * The least record has 11 octets, so a count that lies is found before
	 * memory is taken for it.
	 */
	if (count > MAX_RECORDS || count > scan_left(s) / 11)
		return false;
	ret->raw = arena_alloc(a, (count + 1) * sizeof(*ret->raw));
	for (size_t i = 0; i < count; i++) {
		struct raw *r = &ret->raw[i];
		unsigned class;

		r->owner = read_name(a, s);
		r->type = scan_u16(s);
		class = scan_u16(s);
		r->ttl = scan_u32(s);
		if (r->ttl > INT32_MAX)		/* RFC 2181, 8 */
			r->ttl = 0;
		r->len = scan_u16(s);
		r->at = scan_pos(s);
		scan_take(s, r->len);
		if (class != CLASS_IN)
			r->type = 0;
	}
	ret->n = count;
	return !scan_failed(s);
}

/*
 * Follows the CNAMEs from the name asked and answers the last one. Order in the message does not
 * matter; a circle ends.
 */
static const char *follow(struct arena *a, struct scan s, const struct section *sec,
			  struct dns_answer *ret, bool *ret_bad)
{
	const char *name = ret->name;

	if (ret->type == DNS_CNAME)
		return name;
	for (int steps = 0; steps < MAX_CHAIN; steps++) {
		struct dns_record r = { .next = NULL };
		const struct raw *found = NULL;

		for (size_t i = 0; i < sec->n && !found; i++)
			if (sec->raw[i].type == DNS_CNAME && str_eq_nocase(sec->raw[i].owner, name))
				found = &sec->raw[i];
		if (!found)
			return name;
		if (!read_record(a, s, found, &r)) {
			*ret_bad = true;
			return name;
		}
		if (found->ttl < ret->ttl)
			ret->ttl = found->ttl;
		strv_add(&ret->cnames, a, r.name);
		name = r.name;
	}
	*ret_bad = true;
	return name;
}

static bool bad(struct dns_answer *ret, const char *why)
{
	ret->status = DNS_BAD_ANSWER;
	ret->records = NULL;
	ret->count = 0;
	ret->why = why;
	return false;
}

static bool collect(struct arena *a, struct scan s, const struct section *sec,
		    struct dns_answer *ret)
{
	struct dns_record **end = &ret->records;
	bool wrong = false;
	const char *owner = follow(a, s, sec, ret, &wrong);

	if (wrong)
		return bad(ret, "the CNAME chain goes in circles, is too long or can't be read");
	for (size_t i = 0; i < sec->n; i++) {
		struct dns_record *r;

		if (sec->raw[i].type != (unsigned)ret->type ||
		    !str_eq_nocase(sec->raw[i].owner, owner))
			continue;
		r = arena_alloc(a, sizeof(*r));
		if (!read_record(a, s, &sec->raw[i], r))
			return bad(ret, "a record in the answer is malformed");
		r->next = NULL;
		*end = r;
		end = &r->next;
		ret->count++;
		if (r->ttl < ret->ttl)
			ret->ttl = r->ttl;
	}
	/* All others have none: they stay in the order of the answer. */
	ret->records = dns_by_priority(ret->records, ret->count);
	return true;
}

/* Does the authority section send us on to other servers (RFC 2308, 2.2: NS records and no SOA)? */
static bool refers(const struct section *authority)
{
	bool ns = false;

	for (size_t i = 0; i < authority->n; i++) {
		if (authority->raw[i].type == DNS_SOA)
			return false;
		ns |= authority->raw[i].type == DNS_NS;
	}
	return ns;
}

/*
 * What an answer without a record of the type says: of a name that a CNAME led to, or of the name
 * asked.
 */
static enum dns_status nothing(const struct dns_answer *ans, unsigned flags,
	const struct section *authority)
{
	bool recurses = flags & FLAG_RA, knows = flags & FLAG_AA;

	/*
	 * A referral, from a server that looks nothing up for others: it's no word about the name.
	 */
	if (!knows && (refers(authority) || (!recurses && !ans->cnames.n)))
		return DNS_REFUSED;
	return DNS_NODATA;
}

static enum dns_status status_of(const struct dns_answer *ans, unsigned flags,
	const struct section *authority)
{
	switch (ans->rcode) {
	case 0:
		return ans->count ? DNS_OK : nothing(ans, flags, authority);
	case 2:
		return DNS_SERVFAIL;
	case RCODE_NXDOMAIN:
		return DNS_NXDOMAIN;
	case 5:
		return DNS_REFUSED;
	default:
		return DNS_BAD_ANSWER;
	}
}

/*
 * Do the records contradict what the answer says? "There is no such name" beside a record of that
 * name, or an answer that holds nothing but what was not asked for. That is no proof that there is
 * nothing (RFC 2308, 2).
 */
static const char *contradiction(const struct dns_answer *ans, const struct section *answers)
{
	if (ans->rcode == RCODE_NXDOMAIN && ans->count)
		return "it says that the name does not exist, and gives a record of it";
	if (ans->rcode == 0 && !ans->count && !ans->cnames.n && answers->n)
		return "the answer holds only records that were not asked for";
	return NULL;
}

/*
 * Is it the question we asked? Some servers leave it out of a refusal; what denies the name has to
 * say which.
 */
static bool same_question(struct arena *a, struct scan *s, unsigned count,
			  const struct dns_answer *ans)
{
	const char *name;
	unsigned type, class;

	if (count == 0)
		return ans->rcode != 0 && ans->rcode != RCODE_NXDOMAIN;
	name = read_name(a, s);
	type = scan_u16(s);
	class = scan_u16(s);
	return count == 1 && !scan_failed(s) && str_eq_nocase(name, ans->name) &&
	       type == (unsigned)ans->type && class == CLASS_IN;
}

bool dns_packet_read(struct arena *a, const void *p, size_t n, const char *name, enum dns_type type,
		     struct dns_answer *ret, bool *ret_truncated)
{
	struct scan s = scan_over(p, n);
	struct section sec = { NULL, 0 }, authority = { NULL, 0 };
	unsigned flags, questions, answers, authorities;
	const char *wrong;

	*ret = (struct dns_answer) { .name = arena_strdup(a, name), .type = type, .ttl = INT32_MAX,
				     .server = "", .why = "" };
	*ret_truncated = false;
	scan_u16(&s);
	flags = scan_u16(&s);
	questions = scan_u16(&s);
	answers = scan_u16(&s);
	authorities = scan_u16(&s);
	scan_u16(&s);
	if (scan_failed(&s))
		return bad(ret, "the answer is shorter than a DNS header");
	if (!(flags & FLAG_QR) || (flags & FLAG_OPCODE))
		return bad(ret, "what came is no answer to a query");
	ret->rcode = (int)(flags & FLAG_RCODE);
	ret->ad = flags & FLAG_AD;
	if (!same_question(a, &s, questions, ret))
		return bad(ret, "the answer belongs to another question");
	*ret_truncated = flags & FLAG_TC;
	if (*ret_truncated) {
		/* Whatever else it says, it is not all: by TCP that must not be (RFC 7766, 5). */
		bad(ret, "the answer is cut short, even by TCP");
		ret->ttl = 0;
		return true;
	}
	if (!read_section(a, &s, answers, &sec) || !read_section(a, &s, authorities, &authority))
		return bad(ret, "the answer ends in the middle of its records");
	if (!collect(a, s, &sec, ret))
		return false;
	wrong = contradiction(ret, &sec);
	if (wrong)
		return bad(ret, wrong);
	ret->status = status_of(ret, flags, &authority);
	if (ret->ttl == INT32_MAX)
		ret->ttl = 0;
	return true;
}
