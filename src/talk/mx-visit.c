/*
 * mx-visit - what a sender meets at each address of a domain's MX hosts: mail in clear text, then
 * STARTTLS with an RSA key and with an ECDSA key. Addresses side by side, those conversations one
 * after the other.
 */
#include "domain/ask.h"
#include "fiber/fiber.h"
#include "fiber/gate.h"
#include "net/cert.h"
#include "net/dns.h"
#include "net/tls.h"
#include "net/view.h"
#include "talk/talk.h"

enum { HOSTS_MOST = 10, PER_HOST = 4, CERTS_MOST = 12, ROWS_MOST = 2 };

/* Where port 25 is filtered, as in most homes, tcp.25 has waited for it already. */
enum { DIAL_MOST_MS = 5000 };

enum { KEPT_MS = 60 * 60 * 1000 };

/* What was seen at an address with one kind of key: the same for whoever asks there. */
struct seen_row {
	struct delivery_seen	 row;		/* without what DANE says */
	struct dane_chain	 chain;
};

struct seen {
	struct seen_row		 row[ROWS_MOST];
	size_t			 n;
};

struct visit {
	struct probe		*p;
	const char		*host;
	struct net_address	 to;
	unsigned		 port;
	const struct dane_found	*tlsa;
	struct seen		*seen;		/* NULL = interrupted */
	/* where words live while it lasts, and where those of the rows do */
	struct arena		*work, *keep;
};

/* What all rows of an address have in common. */
static struct delivery_seen plain_row(const struct visit *v, enum delivery_reach reach,
				      const char *why)
{
	return (struct delivery_seen) { .host = v->host, .address = v->to.text, .key = "",
					.reach = reach, .why = why, .distrust = "" };
}

static struct smtp *dial(struct visit *v, struct delivery_seen *ret)
{
	struct net *n = probe_net(v->p);
	int64_t time = net_timeout(n) < DIAL_MOST_MS ? net_timeout(n) : DIAL_MOST_MS;
	struct reached where;
	bool ours;

	if (gate_enter(net_gate(n, NET_GATE_CONNECTIONS), v->to.text) < 0) {
		*ret = plain_row(v, DELIVERY_NOT_TRIED, "interrupted");
		return NULL;
	}
	net_dial(n, &v->to, v->port, time, &where);
	if (where.reach == REACH_OPEN)
		return smtp_new(n, v->work, arena_printf(v->work, "%s:%u", v->host, v->port),
				v->host, &where, SMTP_CLEAR);
	gate_leave(net_gate(n, NET_GATE_CONNECTIONS), v->to.text);
	ours = where.reach == REACH_NO_ROUTE || where.reach == REACH_LOCAL ||
	       where.reach == REACH_CANCELLED;
	*ret = plain_row(v, ours ? DELIVERY_NOT_TRIED : DELIVERY_UNREACHED,
			 arena_printf(v->work, "port %u is %s", v->port, reach_name(where.reach)));
	return NULL;
}

static void hang_up(struct visit *v, struct smtp *s)
{
	smtp_close(s);
	gate_leave(net_gate(probe_net(v->p), NET_GATE_CONNECTIONS), v->to.text);
}

/* Is it TLS that the reply to MAIL FROM asks for (RFC 3207, 4: 530)? */
static enum delivery_clear clear_of(struct arena *a, const struct reply *r)
{
	if (r->code / 100 == 2)
		return CLEAR_ACCEPTED;
	if (r->code != 530 && !str_find_nocase(reply_words(r, a), "TLS"))
		return CLEAR_UNKNOWN;
	return r->code / 100 == 5 ? CLEAR_REFUSED : CLEAR_DEFERRED;
}

/* Before TLS: does the server speak to us, does it offer STARTTLS, and does it take mail without?
 * False when no handshake is worth trying; then *ret is the row. */
static bool in_clear(struct visit *v, enum delivery_clear *ret_clear, struct delivery_seen *ret)
{
	struct arena *a = v->work;
	struct smtp *s = dial(v, ret);
	const struct reply *r;
	bool offered;

	if (!s)
		return false;
	if (!smtp_greeting(s) || !smtp_ehlo(s, probe_ask(v->p)->helo)) {
		*ret = plain_row(v, DELIVERY_NOT_TRIED, smtp_failure(s)->text);
		hang_up(v, s);
		return false;
	}
	offered = smtp_offers(s, "STARTTLS");
	r = smtp_try(s, STAGE_MAIL, "MAIL FROM:<>");
	*ret_clear = r ? clear_of(a, r) : CLEAR_UNKNOWN;
	*ret = plain_row(v, DELIVERY_NO_STARTTLS, "STARTTLS is not offered");
	ret->clear = *ret_clear;
	if (r && *ret_clear > CLEAR_ACCEPTED)
		ret->why = arena_printf(a, "STARTTLS is not offered (MAIL FROM: %d)", r->code);
	hang_up(v, s);
	return offered;
}

static const char *troubles(struct arena *a, unsigned trouble)
{
	struct strv names = { NULL, 0, 0 };

	/* A weak key still proves whose it is. */
	for (unsigned bit = 1; bit && bit <= trouble; bit <<= 1)
		if (trouble & bit & ~(unsigned)CERT_WEAK)
			strv_add(&names, a, cert_trouble_name(bit));
	return strv_join(&names, a, ", ");
}

static void keep_chain(const struct visit *v, const struct cert_chain *c, struct seen_row *to)
{
	struct arena *a = v->keep;
	struct dane_cert *certs = arena_alloc(a, CERTS_MOST * sizeof(*certs));

	to->chain = (struct dane_chain) { .certs = certs };
	for (size_t i = 0; i < c->n && i < CERTS_MOST; i++)
		certs[to->chain.n++] = (struct dane_cert) {
			arena_strdup(a, c->certs[i].sha256),
			arena_strdup(a, c->certs[i].key_sha256),
			arena_strdup(a, c->certs[i].sha512),
			arena_strdup(a, c->certs[i].key_sha512)
		};
	to->chain.expired = c->trouble & (CERT_EXPIRED | CERT_NOT_YET);
	to->chain.other_name = c->trouble & CERT_NAME;
	to->row.trust_known = !c->unjudged;
	to->row.distrust = troubles(a, c->trouble);
	to->row.key = c->n ? arena_strndup(a, c->certs[0].key, strcspn(c->certs[0].key, " ")) : "";
}

/* Into what is kept, whose words are its own. */
static void keep_row(const struct visit *v, const struct seen_row *from)
{
	struct seen_row *to = &v->seen->row[v->seen->n++];

	*to = *from;
	to->row.host = to->row.address = "";
	to->row.why = arena_strdup(v->keep, from->row.why);
}

/* One conversation up to TLS. False when it did not come to it; then *ret says why. */
static bool shake(struct visit *v, enum tls_key key, struct seen_row *ret)
{
	struct tls_ask ask = { .name = v->host, .only = TLS_ANY, .key = key };
	struct smtp *s;
	bool good;

	ret->chain = (struct dane_chain) { .n = 0 };
	s = dial(v, &ret->row);
	if (!s)
		return false;
	good = smtp_greeting(s) && smtp_ehlo(s, probe_ask(v->p)->helo) &&
	       smtp_ask(s, STAGE_STARTTLS, 220, "STARTTLS") && smtp_secure_as(s, &ask);
	ret->row = plain_row(v, good ? DELIVERY_TLS : DELIVERY_TLS_FAILED,
			     good ? "" : smtp_failure(s)->text);
	if (!good && (smtp_failure(s)->class == FAILURE_LOCAL ||
		      smtp_failure(s)->class == FAILURE_CANCELLED))
		ret->row.reach = DELIVERY_NOT_TRIED;
	if (good && smtp_tls(s)->chain)
		keep_chain(v, smtp_tls(s)->chain, ret);
	hang_up(v, s);
	return good;
}

static void see(struct visit *v)
{
	static const enum tls_key keys[] = { TLS_KEY_RSA, TLS_KEY_ECDSA };
	enum delivery_clear clear = CLEAR_UNKNOWN;
	struct seen_row one = { .chain = { .n = 0 } };
	struct seen *seen = v->seen;

	if (!in_clear(v, &clear, &one.row)) {
		keep_row(v, &one);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		/* Some servers show what they have, whatever is asked for. */
		if (shake(v, keys[i], &one) &&
		    !(seen->n && str_eq(one.row.key, seen->row[0].row.key)))
			keep_row(v, &one);
	if (!seen->n) {
		(void)shake(v, TLS_KEY_ANY, &one);
		keep_row(v, &one);
	}
	for (size_t i = 0; i < seen->n; i++)
		seen->row[i].row.clear = clear;
}

/* For all targets with this MX host. What could not be tried may be tried again at once. */
_waits_ static bool find(void *arg, struct arena *a, void **ret_value, int64_t *ret_keep_ms)
{
	_cleanup_(arena_freep) struct arena *work = arena_new();
	struct visit v = *(const struct visit *)arg;
	bool tried = true;

	v.work = work;
	v.keep = a;
	v.seen = arena_alloc(a, sizeof(*v.seen));
	see(&v);
	if (fiber_cancelled())
		return false;
	for (size_t i = 0; i < v.seen->n; i++)
		tried &= v.seen->row[i].row.reach != DELIVERY_NOT_TRIED &&
			 v.seen->row[i].row.reach != DELIVERY_UNREACHED;
	*ret_value = v.seen;
	*ret_keep_ms = tried ? KEPT_MS : 0;
	return true;
}

_waits_ static void visit(void *arg)
{
	struct visit *v = arg;
	void *seen;

	if (net_once(probe_net(v->p), arena_printf(probe_arena(v->p), "mx-visit %s %s %u %s",
						   v->host, v->to.text, v->port,
						   probe_ask(v->p)->helo), find, v, &seen) == 0)
		v->seen = seen;
}

/* A row for this target: with its host's TLSA records, where there is a chain or not. */
static struct delivery_seen row_of(const struct visit *v, const struct seen_row *from)
{
	struct delivery_seen row = from->row;

	row.host = v->host;
	row.address = v->to.text;
	row.dane = dane_judge(probe_arena(v->p), v->tlsa->tlsa, v->tlsa->secure, &from->chain);
	return row;
}

/* The addresses of one MX host; those beyond PER_HOST are not visited. */
static size_t addresses(struct probe *p, const char *host, struct visit *ret)
{
	struct net *n = probe_net(p);
	struct arena *a = probe_arena(p);
	struct domain_dns dns = domain_dns_of(net_dns(n));
	struct dane_found *tlsa = arena_alloc(a, sizeof(*tlsa));
	struct dns_addresses found;
	struct visit v = { .p = p, .host = host, .tlsa = tlsa, .port = 25 };
	size_t count = 0;

	*tlsa = dane_find(a, &dns, n, host);
	if (net_connect_to(n, host, 25, &v.to, &v.port)) {
		ret[0] = v;
		return 1;
	}
	found = dns_addresses(net_dns(n), a, host, net_options(n)->family);
	for (; count < found.count && count < PER_HOST; count++) {
		v.to = found.list[count];
		ret[count] = v;
	}
	return count;
}

static size_t plan(struct probe *p, struct visit *v)
{
	const char *domain = probe_ask(p)->domain;
	const struct dns_answer *mx = dns_ask(net_dns(probe_net(p)), domain, DNS_MX);
	struct net_address literal;
	size_t n = 0, hosts = 0;

	for (const struct dns_record *r = mx->records; r && hosts < HOSTS_MOST; r = r->next) {
		if (!*r->name || net_address_parse(r->name, &literal))
			continue;
		n += addresses(p, r->name, &v[n]);
		hosts++;
	}
	/* Without an MX record the domain itself is its host (RFC 5321, 5.1). */
	if (mx->status == DNS_NODATA)
		n += addresses(p, domain, &v[n]);
	return n;
}

size_t talk_mx_visit(struct probe *p, struct delivery_seen **ret)
{
	struct arena *a = probe_arena(p);
	struct visit *v = arena_alloc(a, HOSTS_MOST * PER_HOST * sizeof(*v));
	size_t n = plan(p, v), rows = 0;
	struct scope s;

	scope_begin(&s);
	for (size_t i = 0; i < n; i++)
		if (fiber_spawn(&s, v[i].to.text, visit, &v[i]) < 0)
			break;
	if (scope_join(&s) < 0)
		return 0;
	*ret = arena_alloc(a, (n * ROWS_MOST + 1) * sizeof(**ret));
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; v[i].seen && j < v[i].seen->n; j++)
			(*ret)[rows++] = row_of(&v[i], &v[i].seen->row[j]);
	return rows;
}
