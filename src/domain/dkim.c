/*
 * dkim - the signatures of a message. RFC 6376, 6.
 */
#include "domain/dkim-inside.h"

const char *dkim_result_name(enum dkim_result r)
{
	static const char *const names[] = {
		[DKIM_NONE] = "none",
		[DKIM_PASS] = "pass",
		[DKIM_FAIL] = "fail",
		[DKIM_POLICY] = "policy",
		[DKIM_PERMERROR] = "permerror",
		[DKIM_TEMPERROR] = "temperror",
	};

	return names[r];
}

const char *dkim_fault_name(enum dkim_fault f)
{
	static const char *const names[DKIM_FAULT_COUNT] = {
		[DKIM_OK] = "ok",
		[DKIM_SYNTAX] = "syntax",
		[DKIM_DUPLICATE] = "duplicate",
		[DKIM_MISSING] = "missing",
		[DKIM_VALUE] = "value",
		[DKIM_VERSION] = "version",
		[DKIM_ALGORITHM] = "algorithm",
		[DKIM_CANONICAL] = "canonicalization",
		[DKIM_QUERY] = "query",
		[DKIM_IDENTITY] = "identity",
		[DKIM_FROM] = "from-unsigned",
		[DKIM_TIMES] = "times",
		[DKIM_EXPIRED] = "expired",
		[DKIM_TOO_MUCH] = "too-much",
		[DKIM_NO_KEY] = "no-key",
		[DKIM_DNS] = "dns",
		[DKIM_KEYS] = "keys",
		[DKIM_KEY_SYNTAX] = "key-syntax",
		[DKIM_KEY_VERSION] = "key-version",
		[DKIM_KEY_REVOKED] = "key-revoked",
		[DKIM_KEY_TYPE] = "key-type",
		[DKIM_KEY_HASH] = "key-hash",
		[DKIM_KEY_SERVICE] = "key-service",
		[DKIM_KEY_STRICT] = "key-strict",
		[DKIM_KEY_DATA] = "key-data",
		[DKIM_KEY_SHORT] = "key-short",
		[DKIM_SHA1] = "sha1",
		[DKIM_BODY_HASH] = "body-hash",
		[DKIM_SIGNATURE] = "signature",
	};

	return names[f];
}

enum dkim_hash dkim_hash_of(const struct dkim_sig *sig)
{
	return sig->algorithm == DKIM_RSA_SHA1 ? DKIM_HASH_SHA1 : DKIM_HASH_SHA256;
}

/* Can it be computed at all? What is wrong besides is told with the outcome. */
static bool computable(const struct dkim_sig *sig)
{
	switch (sig->fault) {
	case DKIM_SYNTAX:
	case DKIM_DUPLICATE:
	case DKIM_MISSING:
	case DKIM_VALUE:
	case DKIM_ALGORITHM:
	case DKIM_CANONICAL:
	case DKIM_QUERY:
	case DKIM_TOO_MUCH:
		return false;
	default:
		return sig->b.len && sig->bh.len && *sig->key_name;
	}
}

static const char *shown_identity_domain(const struct dkim_sig *sig)
{
	const char *at = strrchr(sig->identity, '@');

	return at ? at + 1 : "";
}

static void judge_key(struct arena *a, struct dkim_sig *sig, const struct dkim_key *key)
{
	sig->key = key;
	if (key->fault != DKIM_OK)
		dkim_wrong(sig, key->fault, arena_printf(a, "the key at %s: %s", sig->key_name,
							 key->why));
	if (key->ed25519 != (sig->algorithm == DKIM_ED25519))
		dkim_wrong(sig, DKIM_KEY_TYPE,
			   arena_printf(a, "the key at %s is of another type than a=%s",
					sig->key_name, sig->algorithm_text));
	if (sig->algorithm == DKIM_RSA_SHA1 ? key->no_sha1 : key->no_sha256)
		dkim_wrong(sig, DKIM_KEY_HASH,
			   arena_printf(a, "the key at %s does not allow the hash of a=%s (h=)",
					sig->key_name, sig->algorithm_text));
	if (key->strict && *sig->identity &&
	    !str_eq_nocase(shown_identity_domain(sig), sig->domain))
		dkim_wrong(sig, DKIM_KEY_STRICT,
			   arena_printf(a, "the key at %s is for addresses of %s alone (t=s), not "
					   "for i=%s",
					sig->key_name, sig->domain, sig->identity));
}

/* --- the digest of the header --- */

void dkim_hash_bytes(struct dkim_sink *k, const char *p, size_t n)
{
	dkim_hasher_add(((struct dkim_hash_sink *)k)->hasher, p, n);
}

size_t dkim_header_digest(struct arena *a, const struct dkim_message *m,
			  const struct dkim_sig *sig, bool relaxed, size_t skip,
			  struct span replace, unsigned char ret[DKIM_DIGEST_MOST])
{
	_cleanup_(dkim_hasher_freep) struct dkim_hasher *h = dkim_hasher_new(dkim_hash_of(sig));
	struct dkim_hash_sink k = { { dkim_hash_bytes, NULL }, h };
	/* name -> 1 + number of the field that was taken last; the next one is above it (5.4.2) */
	struct map *taken = map_new(a);

	for (size_t i = 0; i < sig->n_headers; i++) {
		const char *name = str_lower(a, span_dup(a, sig->headers[i]));
		size_t last = (size_t)(uintptr_t)map_get(taken, name), at;

		at = last ? m->v[last - 1].above : (size_t)(uintptr_t)map_get(m->last, name);
		/* Behind the topmost there is none any more: the null string. */
		if (!at)
			continue;
		map_set(taken, name, (void *)(uintptr_t)at);
		if (i == skip)
			continue;
		if (replace.len && span_eq_nocase(sig->headers[i], "subject"))
			dkim_canon_field(&k.sink, replace, relaxed);
		else
			dkim_canon_field(&k.sink, m->v[at - 1].raw, relaxed);
	}
	dkim_canon_own(a, &k.sink, sig->raw, relaxed);
	return dkim_hasher_digest(h, ret);
}

/* --- the body --- */

struct body_sink {
	struct dkim_sink	 sink;
	struct dkim_hasher	*hasher;
	uint64_t		 left;		/* that l= allows */
	uint64_t		 total;
};

static void body_bytes(struct dkim_sink *k, const char *p, size_t n)
{
	struct body_sink *b = (struct body_sink *)k;
	size_t most = n < b->left ? n : (size_t)b->left;

	dkim_hasher_add(b->hasher, p, most);
	b->left -= most;
	b->total += n;
}

static void judge_body(struct arena *a, struct dkim_sig *sig, const struct dkim_message *m)
{
	_cleanup_(dkim_hasher_freep) struct dkim_hasher *h = dkim_hasher_new(dkim_hash_of(sig));
	struct body_sink k = { .sink = { body_bytes, NULL }, .hasher = h };
	unsigned char digest[DKIM_DIGEST_MOST];
	size_t n;

	k.left = sig->has_length ? sig->length : UINT64_MAX;
	dkim_canon_body(&k.sink, m->body, sig->body_relaxed);
	n = dkim_hasher_digest(h, digest);
	sig->body_judged = true;
	sig->body_holds = n == sig->bh.len && memcmp(digest, sig->bh.p, n) == 0;
	if (sig->has_length && k.total < sig->length) {
		/* RFC 6376, 3.5: a value larger than the body is invalid */
		sig->body_holds = false;
		strv_addf(&sig->notes, a, "l= counts %llu bytes, the body has only %llu: its end "
					  "was cut off, or the signature is wrong",
			  (unsigned long long)sig->length, (unsigned long long)k.total);
	} else if (sig->has_length && k.total > sig->length) {
		sig->unsigned_bytes = k.total - sig->length;
		strv_addf(&sig->notes, a,
			  "the last %llu bytes of the body are not signed (l=%llu): anybody may "
			  "have appended them",
			  (unsigned long long)sig->unsigned_bytes, (unsigned long long)sig->length);
	}
}

static void judge_header(struct arena *a, struct dkim_sig *sig, const struct dkim_message *m)
{
	unsigned char digest[DKIM_DIGEST_MOST];
	struct span nothing = { "", 0 };
	size_t n = dkim_header_digest(a, m, sig, sig->header_relaxed, sig->n_headers, nothing,
				      digest);

	sig->header_judged = true;
	sig->header_holds = dkim_key_signed(sig->key, dkim_hash_of(sig),
					    (struct span){ (char *)digest, n }, sig->b);
}

static bool can_judge_header(const struct dkim_sig *sig)
{
	return sig->key && sig->key->bits &&
	       sig->key->ed25519 == (sig->algorithm == DKIM_ED25519);
}

void dkim_judge_bits(struct arena *a, struct dkim_sig *sig)
{
	if (sig->key && sig->key->bits && !sig->key->ed25519 && sig->key->bits < DKIM_BITS_LEAST)
		dkim_wrong(sig, DKIM_KEY_SHORT,
			   arena_printf(a, "the key at %s has %u bits; fewer than %d no longer "
					   "count (RFC 8301, 3.2)",
					sig->key_name, sig->key->bits, DKIM_BITS_LEAST));
}

static void judge_message(struct arena *a, struct dkim_sig *sig, const struct dkim_message *m)
{
	judge_body(a, sig, m);
	if (can_judge_header(sig))
		judge_header(a, sig, m);
	sig->verifies = sig->body_holds && sig->header_holds;
	if (!sig->body_holds) {
		dkim_wrong(sig, DKIM_BODY_HASH, "the body was changed after it was signed");
		dkim_body_change(a, sig, m);
	}
	if (sig->header_judged && !sig->header_holds) {
		dkim_wrong(sig, DKIM_SIGNATURE,
			   "a signed header field was changed, or another key signed");
		dkim_header_change(a, sig, m);
	}
	if (sig->draft)
		dkim_wrong(sig, DKIM_VERSION, "v=1 is missing: it is a signature of a draft");
	if (sig->algorithm == DKIM_RSA_SHA1)
		dkim_wrong(sig, DKIM_SHA1, "rsa-sha1 no longer counts (RFC 8301, 3.1)");
	dkim_judge_bits(a, sig);
	if (sig->fault == DKIM_OK && sig->verifies)
		sig->result = DKIM_PASS;
}

void dkim_find_key(struct arena *a, const struct domain_dns *dns, struct dkim_sig *sig)
{
	const struct dkim_key *key;
	enum dkim_fault fault;
	const char *why;

	key = dkim_key_ask(a, dns, sig->key_name, &sig->status, &fault, &why);
	if (key)
		judge_key(a, sig, key);
	else
		dkim_wrong(sig, fault, why);
}

void dkim_judge(struct arena *a, const struct domain_dns *dns, struct dkim_sig *sig,
		const struct dkim_message *m, int64_t now)
{
	if (!computable(sig))
		return;
	if (now && sig->expires && sig->expires < now)
		dkim_wrong(sig, DKIM_EXPIRED, "it has expired (x=)");
	dkim_find_key(a, dns, sig);
	judge_message(a, sig, m);
}

static void ask_ahead(const struct domain_dns *dns, const struct dkim *d)
{
	struct dns_question q[DKIM_SIGS_MOST];
	size_t n = 0;

	for (const struct dkim_sig *s = d->sigs; s; s = s->next)
		if (computable(s))
			q[n++] = (struct dns_question){ .name = s->key_name, .type = DNS_TXT };
	if (n)
		dns->ask_all(dns->arg, q, n);
}

const struct dkim *dkim_verify(struct arena *a, const struct domain_dns *dns,
			       struct span message, int64_t now)
{
	struct dkim *d = arena_alloc(a, sizeof(*d));
	struct dkim_sig **end = &d->sigs;
	struct dkim_message m;

	*d = (struct dkim){ .n_sigs = 0 };
	dkim_message_read(a, message, &m);
	d->cut = m.cut;
	for (size_t i = 0; i < m.n; i++) {
		if (!span_eq_nocase(m.v[i].name, "dkim-signature"))
			continue;
		if (d->n_sigs++ >= DKIM_SIGS_MOST)
			continue;
		*end = dkim_sig_read(a, m.v[i].raw);
		(*end)->field = i;
		end = &(*end)->next;
	}
	ask_ahead(dns, d);
	for (struct dkim_sig *s = d->sigs; s; s = s->next)
		dkim_judge(a, dns, s, &m, now);
	return d;
}
