/*
 * dane - TLSA records against a chain. RFC 6698, 2.1; RFC 7671, 4 and 5; RFC 7672, 2 and 3.
 */
#include "domain/dane.h"

#include "domain/dkim-inside.h"

enum { USAGE_TA = 2, USAGE_EE = 3, SHA256_HEX = 64, SHA512_HEX = 128, SHOWN = 16 };

const char *dane_result_name(enum dane_result r)
{
	static const char *const names[] = {
		[DANE_NONE] = "none",	      [DANE_INSECURE] = "insecure",
		[DANE_NO_ANSWER] = "broken",  [DANE_NOT_ASKED] = "unknown",
		[DANE_UNUSABLE] = "unusable", [DANE_FITS] = "matches",
		[DANE_MISFITS] = "mismatch",  [DANE_UNSEEN] = "not-compared",
	};

	return names[r];
}

const char *dane_name(struct arena *a, const char *host)
{
	return arena_printf(a, "_25._tcp.%s", host);
}

static bool is_secure(const struct dns_answer *ans)
{
	return ans->status == DNS_OK && ans->ad;
}

static bool failed(const struct dns_answer *ans)
{
	return ans->status == DNS_SERVFAIL;
}

/* The same answer with what we found out ourselves. */
static const struct dns_answer *validated(struct arena *a, const struct dns_answer *ans,
					  enum dnssec_state state)
{
	struct dns_answer *r = arena_alloc(a, sizeof(*r));

	*r = *ans;
	r->ad = state == DNSSEC_SECURE;
	if (state == DNSSEC_BOGUS) {
		r->status = DNS_SERVFAIL;
		r->records = NULL;
		r->count = 0;
	}
	return r;
}

/* What the resolver's word leaves open: an answer without AD, and a failure. */
_waits_ static void find_out(struct arena *a, struct net *n, struct dane_found *f,
			     const struct dns_answer *address)
{
	bool found = f->tlsa->status == DNS_OK;

	if (found ? f->tlsa->ad && f->secure : !failed(f->tlsa) && !failed(address))
		return;
	if (failed(address)) {
		f->dnssec = dnssec_validate(n, a, address->name, address->type);
		return;
	}
	f->dnssec = dnssec_validate(n, a, f->tlsa->name, DNS_TLSA);
	if (f->dnssec.state == DNSSEC_UNKNOWN)
		return;
	if (found || f->dnssec.state == DNSSEC_BOGUS)
		f->tlsa = validated(a, f->tlsa, f->dnssec.state);
	if (!f->secure)
		f->secure = dnssec_validate(n, a, address->name, address->type).state ==
			    DNSSEC_SECURE;
}

struct dane_found dane_find(struct arena *a, const struct domain_dns *dns, struct net *n,
			    const char *host)
{
	const struct dns_answer *v4 = dns->ask(dns->arg, host, DNS_A);
	const struct dns_answer *v6 = dns->ask(dns->arg, host, DNS_AAAA);
	struct dane_found f = { .base = host, .secure = is_secure(v4) || is_secure(v6),
				.dnssec = { DNSSEC_UNKNOWN, "" } };
	const struct dns_answer *alias = v4->cnames.n ? v4 : v6;

	if (alias->cnames.n)
		f.base = alias->cnames.v[alias->cnames.n - 1];
	f.tlsa = dns->ask(dns->arg, dane_name(a, f.base), DNS_TLSA);
	if (f.tlsa->status != DNS_OK && f.base != host) {
		f.base = host;
		f.tlsa = dns->ask(dns->arg, dane_name(a, host), DNS_TLSA);
	}
	if (n)
		find_out(a, n, &f, v4->status == DNS_OK || failed(v4) ? v4 : v6);
	return f;
}

static unsigned nibble(char c)
{
	return ascii_is_digit(c) ? (unsigned)(c - '0') : (unsigned)(ascii_lower(c) - 'a' + 10);
}

/* SHA-256 of what is there whole (matching type 0), as hex. */
static const char *digest_of(struct arena *a, const char *hex, size_t n)
{
	struct dkim_hasher *h = dkim_hasher_new(DKIM_HASH_SHA256);
	unsigned char sum[DKIM_DIGEST_MOST];
	char *text = arena_alloc(a, SHA256_HEX + 1);

	for (size_t i = 0; i + 1 < n; i += 2) {
		unsigned char byte = (unsigned char)(nibble(hex[i]) << 4 | nibble(hex[i + 1]));

		dkim_hasher_add(h, &byte, 1);
	}
	dkim_hasher_digest(h, sum);
	dkim_hasher_freep(&h);
	for (size_t i = 0; i < sizeof(sum); i++)
		snprintf(text + 2 * i, 3, "%02x", sum[i]);
	return text;
}

/* What is to be compared: the digest of a certificate, or of its key. */
static const char *digest_in(const struct dane_cert *c, unsigned selector, bool long_one)
{
	if (long_one)
		return selector ? c->key_sha512 : c->sha512;
	return selector ? c->key_sha256 : c->sha256;
}

static const char *unknown(struct arena *a, const struct dns_record *r)
{
	if (r->usage > USAGE_EE || r->selector > 1 || r->matching > 2)
		return arena_printf(a, "%u %u %u is not defined", r->usage, r->selector,
				    r->matching);
	if (!r->text_len)
		return "it holds no data";
	if (r->matching && r->text_len != (r->matching == 1 ? SHA256_HEX : SHA512_HEX))
		return arena_printf(a, "a digest of %zu bytes, where SHA-%s has %d",
				    r->text_len / 2, r->matching == 1 ? "256" : "512",
				    r->matching == 1 ? 32 : 64);
	return NULL;
}

/* The certificate that a record means; chain->n when it is none of those sent. */
static size_t found_in(struct arena *a, const struct dns_record *r, const struct dane_chain *chain)
{
	const char *want = r->matching ? r->text : digest_of(a, r->text, r->text_len);
	/* Usage 3 is about the server's own alone, usage 2 about who signed it (RFC 7671, 5). */
	size_t from = r->usage == USAGE_EE ? 0 : 1, to = r->usage == USAGE_EE ? 1 : chain->n;

	for (size_t i = from; i < to && i < chain->n; i++)
		if (str_eq_nocase(digest_in(&chain->certs[i], r->selector, r->matching == 2), want))
			return i;
	return chain->n;
}

static void compare(struct arena *a, const struct dns_record *r, const struct dane_chain *chain,
		    struct dane_record *ret)
{
	ret->state = DANE_RECORD_UNSEEN;
	ret->why = "the host was not seen, so there is nothing to compare it with";
	if (!chain->n)
		return;
	ret->at = found_in(a, r, chain);
	ret->state = DANE_RECORD_DIFFERS;
	ret->why = r->usage == USAGE_EE ? "for another key or certificate than the server's" :
		   "for none of the issuers' certificates that the server sends";
	if (ret->at == chain->n)
		return;
	ret->state = DANE_RECORD_MATCHES;
	ret->why = r->usage == USAGE_EE ? "matches" : "matches an issuer";
	/* Names and dates count for usage 2 alone (RFC 7672, 3.1.1 and 3.1.2). */
	if (r->usage == USAGE_TA && chain->expired) {
		ret->state = DANE_RECORD_EXPIRED;
		ret->why = "matches, but a certificate of the chain is not valid today";
	} else if (r->usage == USAGE_TA && chain->other_name) {
		ret->state = DANE_RECORD_NAME;
		ret->why = "matches, but the certificate is not for the MX host, as usage 2 needs";
	}
}

static struct dane_record judge_record(struct arena *a, const struct dns_record *r,
				       const struct dane_chain *chain)
{
	struct dane_record d = { .usage = r->usage, .selector = r->selector,
				 .matching = r->matching };
	const char *why = unknown(a, r);

	d.data = r->text_len > SHOWN ? arena_printf(a, "%.*s...", SHOWN, r->text) : r->text;
	if (why) {
		d.state = DANE_RECORD_UNKNOWN;
		d.why = arena_printf(a, "not usable: %s", why);
	} else if (r->usage < USAGE_TA) {
		d.state = DANE_RECORD_PKIX;
		d.why = arena_printf(a, "not usable: mail servers do not use usage %u", r->usage);
	} else {
		compare(a, r, chain, &d);
	}
	return d;
}

static enum dane_result of_answer(const struct dns_answer *tlsa, bool secure)
{
	switch (tlsa->status) {
	case DNS_OK:
		return secure && tlsa->ad ? DANE_UNUSABLE : DANE_INSECURE;
	case DNS_NXDOMAIN:
	case DNS_NODATA:
	case DNS_BAD_NAME:
		return DANE_NONE;
	case DNS_LOCAL:
		return DANE_NOT_ASKED;
	case DNS_SERVFAIL:
	case DNS_REFUSED:
	case DNS_TIMEOUT:
	case DNS_BAD_ANSWER:
		break;
	}
	/* Where the addresses are not signed, no sender asks. */
	return secure ? DANE_NO_ANSWER : DANE_NONE;
}

const struct dane *dane_judge(struct arena *a, const struct dns_answer *tlsa, bool secure,
			      const struct dane_chain *chain)
{
	struct dane *d = arena_alloc(a, sizeof(*d));

	d->result = of_answer(tlsa, secure);
	for (const struct dns_record *r = tlsa->records; r && d->n < DANE_RECORDS_MOST; r = r->next)
		d->v[d->n++] = judge_record(a, r, chain);
	for (size_t i = 0; i < d->n; i++) {
		d->matching += d->v[i].state == DANE_RECORD_MATCHES;
		d->usable += d->v[i].state < DANE_RECORD_PKIX;
	}
	if (d->result != DANE_UNUSABLE || !d->usable)
		return d;
	if (!chain->n)
		d->result = DANE_UNSEEN;
	else
		d->result = d->matching ? DANE_FITS : DANE_MISFITS;
	return d;
}
