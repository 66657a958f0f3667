/*
 * arc - the Authenticated Received Chain. RFC 8617, 5.2.
 */
#include "domain/arc.h"

#include "domain/dkim-inside.h"

struct arc_run {
	struct arena			*arena;
	const struct domain_dns		*dns;
	struct dkim_message		 m;
	struct arc			*arc;
	int64_t				 now;
};

const char *arc_result_name(enum arc_result r)
{
	static const char *const names[] = {
		[ARC_NONE] = "none",
		[ARC_PASS] = "pass",
		[ARC_FAIL] = "fail",
		[ARC_TEMPERROR] = "temperror",
	};

	return names[r];
}

/* The first reason stays. */
static void broken(struct arc_run *r, size_t instance, const char *why)
{
	if (r->arc->result != ARC_NONE)
		return;
	r->arc->result = ARC_FAIL;
	r->arc->failed = (unsigned)instance;
	r->arc->why = why;
}

static const char *of_set(struct arc_run *r, size_t instance, const char *what)
{
	return arena_printf(r->arena, "set i=%zu: %s", instance, what);
}

/* An instance is one or two digits, 1 to 50 (4.2.1); 0 = it is none. */
static size_t instance_of(struct arc_run *r, struct span v)
{
	unsigned long n;

	if (!v.len || v.len > 2 || !str_number(span_dup(r->arena, v), ARC_SETS_MOST, &n))
		return 0;
	return n;
}

/* Whether the place is free; it makes room for the instance. */
static struct arc_set *set_of(struct arc_run *r, size_t instance, const char *field)
{
	if (!instance) {
		broken(r, 0, arena_printf(r->arena, "a field %s has no valid instance (i=)",
					  field));
		return NULL;
	}
	if (instance > r->arc->n)
		r->arc->n = instance;
	return &r->arc->sets[instance - 1];
}

static void twice(struct arc_run *r, size_t instance, const char *field)
{
	broken(r, instance, arena_printf(r->arena, "set i=%zu: %s stands there twice", instance,
					 field));
}

/* "i=1; ..." (4.1.1): the instance comes first. */
static void take_results(struct arc_run *r, struct span raw)
{
	struct scan s = scan_span(span_from(raw, memchr(raw.p, ':', raw.len)));
	struct arc_set *set;
	struct span name, v = { "", 0 }, rest;
	size_t i;

	scan_take(&s, 1);
	name = span_trim(scan_until(&s, "=;"));
	if (span_eq(name, "i") && scan_accept(&s, '='))
		v = span_trim(scan_until(&s, ";"));
	if (!scan_accept(&s, ';'))
		v.len = 0;
	i = instance_of(r, v);
	set = set_of(r, i, "ARC-Authentication-Results");
	if (!set)
		return;
	if (set->raw.len)
		twice(r, i, "ARC-Authentication-Results");
	set->raw = raw;
	rest = span_trim(scan_rest(&s));
	set->results = str_escaped(r->arena, rest.p, rest.len);
}

static void take_signature(struct arc_run *r, struct span raw, enum dkim_kind kind)
{
	const char *field = kind == DKIM_SEAL ? "ARC-Seal" : "ARC-Message-Signature";
	struct dkim_sig *sig = dkim_sig_new(r->arena, raw);
	struct dkim_tags *t = arena_alloc(r->arena, sizeof(*t));
	struct dkim_sig **place;
	struct arc_set *set;
	struct span cv;
	size_t i;

	dkim_tags_read(r->arena, span_from(raw, (char *)memchr(raw.p, ':', raw.len) + 1), t);
	i = instance_of(r, dkim_tag(t, "i"));
	set = set_of(r, i, field);
	if (!set)
		return;
	dkim_sig_tags(r->arena, sig, t, kind);
	place = kind == DKIM_SEAL ? &set->seal : &set->message;
	if (*place)
		twice(r, i, field);
	*place = sig;
	if (kind != DKIM_SEAL) {
		set->no_canon = !dkim_tag(t, "c").p;
		return;
	}
	cv = dkim_tag(t, "cv");
	set->cv = domain_shown(r->arena, cv.p ? cv.p : "", cv.len);
	/* 4.1.3: a seal is not made for a choice of fields */
	if (dkim_tag(t, "h").p)
		dkim_wrong(sig, DKIM_VALUE, "the seal has a tag h=");
}

static void collect(struct arc_run *r)
{
	for (size_t i = 0; i < ARC_SETS_MOST; i++)
		r->arc->sets[i] = (struct arc_set){ .results = "", .cv = "" };
	for (size_t i = 0; i < r->m.n; i++) {
		const struct dkim_field *f = &r->m.v[i];

		if (span_eq_nocase(f->name, "arc-authentication-results"))
			take_results(r, f->raw);
		else if (span_eq_nocase(f->name, "arc-message-signature"))
			take_signature(r, f->raw, DKIM_ARC_MESSAGE);
		else if (span_eq_nocase(f->name, "arc-seal"))
			take_signature(r, f->raw, DKIM_SEAL);
	}
}

/* 5.2, 3: every set is whole, and says what its place demands. */
static void judge_structure(struct arc_run *r)
{
	for (size_t i = 1; i <= r->arc->n; i++) {
		const struct arc_set *s = &r->arc->sets[i - 1];

		if (!s->raw.len)
			broken(r, i, of_set(r, i, "ARC-Authentication-Results is missing"));
		else if (!s->message)
			broken(r, i, of_set(r, i, "ARC-Message-Signature is missing"));
		else if (!s->seal)
			broken(r, i, of_set(r, i, "ARC-Seal is missing"));
		else if (!str_eq(s->cv, i == 1 ? "none" : "pass"))
			broken(r, i, of_set(r, i, str_eq(s->cv, "fail")
						      ? "the chain was already broken (cv=fail)"
						      : "cv= is not what its place demands"));
		else if (s->seal->fault != DKIM_OK)
			broken(r, i, of_set(r, i, arena_printf(r->arena, "ARC-Seal: %s",
							       s->seal->why)));
	}
}

static void ask_ahead(struct arc_run *r)
{
	struct dns_question q[ARC_SETS_MOST + 1];
	size_t n = 0;

	for (size_t i = 0; i < r->arc->n; i++)
		q[n++] = (struct dns_question){ .name = r->arc->sets[i].seal->key_name,
						.type = DNS_TXT };
	if (*r->arc->sets[r->arc->n - 1].message->key_name)
		q[n++] = (struct dns_question){
			.name = r->arc->sets[r->arc->n - 1].message->key_name, .type = DNS_TXT
		};
	r->dns->ask_all(r->dns->arg, q, n);
}

/* A seal signs all sets up to its own (5.1.1), always relaxed. */
static size_t seal_digest(struct arc_run *r, size_t instance, unsigned char *ret)
{
	_cleanup_(dkim_hasher_freep) struct dkim_hasher *h = dkim_hasher_new(DKIM_HASH_SHA256);
	struct dkim_hash_sink k = { { dkim_hash_bytes, NULL }, h };

	for (size_t i = 1; i <= instance; i++) {
		const struct arc_set *s = &r->arc->sets[i - 1];

		dkim_canon_field(&k.sink, s->raw, true);
		dkim_canon_field(&k.sink, s->message->raw, true);
		if (i < instance)
			dkim_canon_field(&k.sink, s->seal->raw, true);
		else
			dkim_canon_own(r->arena, &k.sink, s->seal->raw, true);
	}
	return dkim_hasher_digest(h, ret);
}

static void judge_seal(struct arc_run *r, size_t instance)
{
	struct arc_set *s = &r->arc->sets[instance - 1];
	unsigned char digest[DKIM_DIGEST_MOST];
	struct dkim_sig *seal = s->seal;
	size_t n;

	dkim_find_key(r->arena, r->dns, seal);
	if (seal->key && seal->key->bits) {
		n = seal_digest(r, instance, digest);
		seal->header_judged = true;
		seal->header_holds = dkim_key_signed(seal->key, DKIM_HASH_SHA256,
						     (struct span){ (char *)digest, n }, seal->b);
		if (!seal->header_holds)
			dkim_wrong(seal, DKIM_SIGNATURE,
				   "a field of the chain was changed, or another key sealed");
		dkim_judge_bits(r->arena, seal);
	}
	if (seal->fault == DKIM_OK)
		seal->result = DKIM_PASS;
	s->sealed = seal->result == DKIM_PASS;
}

static void bad_signature(struct arc_run *r, size_t instance, const char *field,
			  const struct dkim_sig *sig)
{
	bool later = r->arc->result == ARC_NONE && sig->result == DKIM_TEMPERROR;

	broken(r, instance, of_set(r, instance, arena_printf(r->arena, "%s: %s", field, sig->why)));
	if (later)
		r->arc->result = ARC_TEMPERROR;
}

/* Without c= both are simple (RFC 6376, 3.5). Sealers exist that mean relaxed, and the public suite
 * of ARC counts those: what holds in either form is what was signed. */
static void judge_newest(struct arc_run *r)
{
	struct arc_set *set = &r->arc->sets[r->arc->n - 1];
	struct dkim_sig again = *set->message;

	dkim_judge(r->arena, r->dns, set->message, &r->m, r->now);
	if (set->message->result == DKIM_FAIL && set->no_canon) {
		again.header_relaxed = again.body_relaxed = true;
		dkim_judge(r->arena, r->dns, &again, &r->m, r->now);
		if (again.result == DKIM_PASS)
			*set->message = again;
	}
	if (set->message->result != DKIM_PASS)
		bad_signature(r, r->arc->n, "ARC-Message-Signature", set->message);
}

/* 5.2, 4 and 6: the newest message signature, then all seals from the newest down. */
static void judge_signatures(struct arc_run *r)
{
	struct arc *c = r->arc;

	ask_ahead(r);
	judge_newest(r);
	for (size_t i = c->n; i > 0; i--) {
		judge_seal(r, i);
		if (!c->sets[i - 1].sealed)
			bad_signature(r, i, "ARC-Seal", c->sets[i - 1].seal);
	}
}

const struct arc *arc_verify(struct arena *a, const struct domain_dns *dns, struct span message,
			     int64_t now)
{
	struct arc *c = arena_alloc(a, sizeof(*c));
	struct arc_run *r = arena_alloc(a, sizeof(*r));

	*c = (struct arc){ .why = "" };
	*r = (struct arc_run){ .arena = a, .dns = dns, .arc = c, .now = now };
	dkim_message_read(a, message, &r->m);
	collect(r);
	judge_structure(r);
	if (c->n && c->result == ARC_NONE)
		judge_signatures(r);
	if (c->n && c->result == ARC_NONE)
		c->result = ARC_PASS;
	if (c->result == ARC_NONE)
		c->why = "no forwarder sealed it";
	return c;
}
