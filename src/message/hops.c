/*
 * The way of a message: its Received lines, the oldest first, who waited, whose clock is wrong, and
 * where the receiving organization begins.
 */
#include "message/inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/map.h"
#include "base/scan.h"

enum {
	NOISE_MS = 2000,        /* clocks differ by that much everywhere */
	NOTABLE_MS = 60 * 1000, /* a wrong clock worth a word */
	HOUR_MS = 3600 * 1000,
	MANY_HOPS = 25,
	QUEUE_DAYS =
		30, /* no server keeps a message that long; RFC 5321, 4.5.4.1 advises 4 to 5 days */
};

/* --- order --- */

/* Somebody may have copied them the other way round: every line is then younger than the one above.
 */
static bool is_reversed(const struct message *m)
{
	size_t up = 0, down = 0;

	for (size_t i = 1; i < m->n_hops; i++) {
		int64_t d = m->hops[i].when.ms - m->hops[i - 1].when.ms;

		if (!m->hops[i].when.known || !m->hops[i - 1].when.known)
			continue;
		up += d > NOISE_MS;
		down += d < -NOISE_MS;
	}
	return up >= 2 && down == 0 && !m->fields.exact;
}

static void reverse(struct message *m)
{
	for (size_t i = 0; i < m->n_hops / 2; i++) {
		struct hop h = m->hops[i];

		m->hops[i] = m->hops[m->n_hops - 1 - i];
		m->hops[m->n_hops - 1 - i] = h;
	}
}

static void read_hops(struct message *m)
{
	size_t at = 0;

	for (const struct field *r = NULL; (r = fields_find(&m->fields, "Received", r)); at++) {
		struct hop h;

		if (m->n_hops >= LIMIT_HOPS)
			continue;
		received_read(m->arena, r->value, &h);
		h.field = (size_t)(r - m->fields.v);
		m->hops = arena_grow(m->arena, m->hops, m->n_hops, &m->cap_hops, sizeof(*m->hops));
		m->hops[m->n_hops++] = h;
	}
	if (at > m->n_hops)
		strv_addf(&m->fields.notes, m->arena,
			  "There are %zu Received lines; the newest %zu were read.", at, m->n_hops);
	if (is_reversed(m))
		strv_add(&m->fields.notes, m->arena,
			 "The Received lines stood with the oldest first; they were turned round.");
	else
		reverse(m);
}

size_t hop_field(const struct message *m, size_t hop)
{
	return hop < m->n_hops ? m->hops[hop].field : m->fields.n;
}

/* --- delays and clocks --- */

static void set_delays(struct message *m)
{
	const struct hop *before = NULL;

	for (size_t i = 0; i < m->n_hops; i++) {
		struct hop *h = &m->hops[i];

		if (!h->when.known)
			continue;
		if (before) {
			h->has_delay = true;
			h->delay_ms = h->when.ms - before->when.ms;
			h->clock = h->delay_ms < -NOISE_MS;
		}
		before = h;
	}
}

static bool alike(int64_t a, int64_t b)
{
	int64_t off = llabs(a - b);

	return off <= 120 * 1000 && off * 4 <= llabs(a) + llabs(b);
}

static bool near_whole_hours(int64_t ms)
{
	int64_t off = llabs(ms) % HOUR_MS;

	return llabs(ms) > HOUR_MS / 2 && (off < 90 * 1000 || off > HOUR_MS - 90 * 1000);
}

static const char *host_of(const struct message *m, size_t hop)
{
	return *m->hops[hop].by_host ? m->hops[hop].by_host : "a server that does not name itself";
}

static void clock_says(struct message *m, const char *host, int64_t off)
{
	enum { MOST = 8 };
	const char *kind = near_whole_hours(off) ? ", nearly whole hours: a wrong time zone" : "";

	if (m->clocks.n < MOST)
		strv_addf(&m->clocks, m->arena, "the clock of %s is %s %s%s", host,
			  message_span(m->arena, llabs(off)), off > 0 ? "ahead" : "behind", kind);
}

/* A jump back at hop i: by how much, and because of whom. A jump forward of the same size before it
 * is the same clock's. */
static void judge_jump(struct message *m, size_t i)
{
	int64_t back = -m->hops[i].delay_ms;

	for (size_t k = i; k-- > 1; ) {
		if (m->hops[k].has_delay && alike(m->hops[k].delay_ms, back)) {
			m->hops[k].clock = true;
			if (back >= NOTABLE_MS)
				clock_says(m, host_of(m, i - 1), back);
			return;
		}
	}
	for (size_t k = i + 1; k < m->n_hops; k++) {
		if (m->hops[k].has_delay && alike(m->hops[k].delay_ms, back)) {
			m->hops[k].clock = true;
			if (back >= NOTABLE_MS)
				clock_says(m, host_of(m, i), -back);
			return;
		}
	}
	if (back < NOTABLE_MS)
		return;
	if (m->date.known && i == 1 && alike(m->hops[0].when.ms - m->date.ms, back))
		clock_says(m, host_of(m, 0), back);
	else if (m->clocks.n < 8)
		strv_addf(&m->clocks, m->arena,
			  "%s seems to have had the message %s before %s: one of the two clocks is "
			  "wrong%s",
			  host_of(m, i), message_span(m->arena, back), host_of(m, i - 1),
			  near_whole_hours(back) ? ", by its time zone" : "");
}

static void judge_clocks(struct message *m)
{
	enum { MOST = 64 };
	size_t jumps = 0;

	for (size_t i = 1; i < m->n_hops && jumps < MOST; i++) {
		if (m->hops[i].has_delay && m->hops[i].delay_ms < -NOISE_MS) {
			judge_jump(m, i);
			jumps++;
		}
	}
	for (size_t i = 1; i < m->n_hops; i++) {
		struct hop *h = &m->hops[i];

		if (!h->has_delay || h->clock || h->delay_ms < QUEUE_DAYS * 24 * (int64_t)HOUR_MS)
			continue;
		h->clock = true;
		if (m->clocks.n < 8)
			strv_addf(&m->clocks, m->arena,
				  "%s had the message %s after the server before it: a wrong "
				  "clock, or it was sent anew",
				  host_of(m, i), message_span(m->arena, h->delay_ms));
	}
	/* The sender's own clock: Date later than the first server saw it. */
	if (m->date.known && m->n_hops && m->hops[0].when.known &&
	    m->date.ms - m->hops[0].when.ms > 5 * NOTABLE_MS)
		strv_addf(&m->clocks, m->arena,
			  "the Date field is %s later than the first server received the message: "
			  "the sender's clock or time zone is wrong",
			  message_span(m->arena, m->date.ms - m->hops[0].when.ms));
}

/* --- where the receiver begins --- */

bool host_is_microsoft(const char *host)
{
	static const char *const ends[] = {
		".outlook.com",          ".office365.com",
		".outlook.office365.us", ".protection.outlook.com",
		".mx.microsoft",         ".partner.outlook.cn",
		".office365.us",
	};

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (str_has_suffix_nocase(host, ends[i]))
			return true;
	return false;
}

/* A name that says nothing of an organization: "localhost", an address, "IMSVA". */
static bool is_inner(const char *host)
{
	return !strchr(host, '.') || ascii_is_digit(host[strlen(host) - 1]) || strchr(host, ':') ||
	       str_has_suffix_nocase(host, ".local") || str_has_suffix_nocase(host, ".internal") ||
	       str_has_suffix_nocase(host, ".lan") || str_has_prefix_nocase(host, "localhost");
}

/* Into Exchange Online from elsewhere, or from another tenant of it. */
static bool enters_microsoft(const struct hop *h)
{
	return host_is_microsoft(h->by_host) &&
	       (!host_is_microsoft(h->helo) || str_find_nocase(h->helo, ".outbound.protection."));
}

/* Exchange Online has servers under several names. */
static bool same_organization(const char *a, const char *b)
{
	return domain_same_org(a, b) || (host_is_microsoft(a) && host_is_microsoft(b));
}

static void find_border(struct message *m)
{
	const char *org = "";

	m->border = m->n_hops;
	for (size_t i = m->n_hops; i-- > 0; ) {
		const struct hop *h = &m->hops[i];

		if (is_inner(h->by_host))
			continue;
		if (!*org)
			org = h->by_host;
		if (!same_organization(org, h->by_host))
			break;
		m->border = i;
		if (enters_microsoft(h) ||
		    (*h->helo && !is_inner(h->helo) && !same_organization(org, h->helo) &&
		     *h->address && !str_has_prefix(h->address, "127.")))
			break;
	}
}

/* --- who waited --- */

static void find_longest(struct message *m)
{
	struct lateness *l = &m->late;
	int64_t first = 0, last = 0;
	size_t dated = 0;

	l->where = "";
	for (size_t i = 0; i < m->n_hops; i++) {
		const struct hop *h = &m->hops[i];

		if (!h->when.known)
			continue;
		first = dated++ ? first : h->when.ms;
		last = h->when.ms;
		if (h->has_delay && !h->clock && h->delay_ms > l->wait_ms) {
			l->wait_ms = h->delay_ms;
			l->hop = i;
		}
	}
	if (dated && m->date.known && first > m->date.ms &&
	    first - m->date.ms < QUEUE_DAYS * 24 * (int64_t)HOUR_MS &&
	    !near_whole_hours(first - m->date.ms))
		l->before_ms = first - m->date.ms;
	l->known = dated > 1;
	l->total_ms = last - first > 0 ? last - first : 0;
	if (!l->wait_ms)
		return;
	if (l->hop == m->border || (m->border == m->n_hops && l->hop + 1 == m->n_hops))
		l->where = "border";
	else
		l->where = l->hop > m->border ? "receiver" : "sender";
}

/* The same server twice, with others between, or very many of them (RFC 5321, 6.3). */
static void find_loop(struct message *m)
{
	struct map *seen = map_new(m->arena);
	enum { TWICE = 3 };

	m->loop = "";
	for (size_t i = 0; i < m->n_hops && !*m->loop; i++) {
		const struct hop *h = &m->hops[i];
		size_t *count;

		if (!*h->by_host || is_inner(h->by_host) ||
		    (i && str_eq_nocase(m->hops[i - 1].by_host, h->by_host)))
			continue;
		count = map_get(seen, h->by_host);
		if (!count) {
			count = arena_alloc(m->arena, sizeof(*count));
			map_set(seen, h->by_host, count);
		}
		if (++*count >= TWICE)
			m->loop = h->by_host;
	}
	if (!*m->loop && m->n_hops > MANY_HOPS)
		m->loop = m->hops[m->n_hops - 1].by_host;
}

/* --- greylisting --- */

/* "delayed 1804 seconds by postgrey-1.37 at boromir; Wed, ..." */
static void read_greylist(struct message *m)
{
	const char *v = fields_value(&m->fields, "X-Greylist"),
		   *at = str_find_nocase(v, "delayed ");
	struct scan s;
	unsigned long n;

	m->greylisted_by = "";
	if (!at)
		return;
	s = scan_span(span_of(at + strlen("delayed ")));
	n = scan_number(&s, 10000000);
	if (scan_failed(&s))
		return;
	m->greylisted_s = (int64_t)n;
	at = str_find_nocase(v, " at ");
	if (at) {
		s = scan_span(span_of(at + 4));
		m->greylisted_by = span_dup(m->arena, scan_until(&s, " ;"));
	}
}

void hops_read(struct message *m)
{
	read_hops(m);
	set_delays(m);
	judge_clocks(m);
	find_border(m);
	find_longest(m);
	find_loop(m);
	read_greylist(m);
}

char *message_span(struct arena *a, int64_t ms)
{
	long long s = (long long)(ms + 500) / 1000, min = s / 60, h = min / 60;

	if (ms < 1000)
		return arena_printf(a, "%lld ms", (long long)ms);
	if (s < 120)
		return arena_printf(a, "%lld s", s);
	if (min < 60)
		return s % 60 ? arena_printf(a, "%lld min %lld s", min, s % 60)
			      : arena_printf(a, "%lld min", min);
	if (h < 48)
		return arena_printf(a, "%lld h %lld min", h, min % 60);
	if (h < 240)
		return arena_printf(a, "%lld days %lld h", h / 24, h % 24);
	return arena_printf(a, "%lld days", h / 24);
}
