/*
 * dkim-key - key records. RFC 6376, 3.6.1 and 6.1.2.
 */
#include "domain/dkim-inside.h"

static void wrong(struct dkim_key *k, enum dkim_fault f, const char *why)
{
	if (k->fault == DKIM_OK) {
		k->fault = f;
		k->why = why;
	}
}

static void read_type(struct arena *a, struct dkim_key *k, const struct dkim_tags *t)
{
	struct span v = dkim_tag(t, "k");

	k->ed25519 = span_eq(v, "ed25519");
	if (v.p && !k->ed25519 && !span_eq(v, "rsa"))
		wrong(k, DKIM_KEY_TYPE, arena_printf(a, "the key type k=%s is unknown",
						     domain_shown(a, v.p, v.len)));
}

static void read_limits(struct arena *a, struct dkim_key *k, const struct dkim_tags *t)
{
	struct span h = dkim_tag(t, "h"), s = dkim_tag(t, "s"), flags = dkim_tag(t, "t");

	k->no_sha1 = h.p && !dkim_list_has(h, "sha1");
	k->no_sha256 = h.p && !dkim_list_has(h, "sha256");
	if (k->no_sha1 && k->no_sha256)
		wrong(k, DKIM_KEY_HASH, arena_printf(a, "h=%s allows no hash that is in use",
						     domain_shown(a, h.p, h.len)));
	if (s.p && !dkim_list_has(s, "*") && !dkim_list_has(s, "email"))
		wrong(k, DKIM_KEY_SERVICE, arena_printf(a, "the key is not for email (s=%s)",
							domain_shown(a, s.p, s.len)));
	k->testing = dkim_list_has(flags, "y");
	k->strict = dkim_list_has(flags, "s");
}

static const char *no_key_why(struct arena *a, const struct dkim_key *k, struct span p)
{
	if (memchr(p.p, '"', p.len) || memchr(p.p, '\\', p.len))
		return "p= holds quotation marks or backslashes: the text of a zone file was "
		       "pasted into the record's value";
	if (span_find_nocase(p, SPAN_LITERAL("-----BEGIN")))
		return "p= holds the lines BEGIN and END of a PEM file: only what stands between "
		       "them belongs there";
	if (!k->data.len)
		return "p= is not base64";
	if (k->ed25519)
		return arena_printf(a, "p= has %zu bytes; an Ed25519 key has 32 (RFC 8463, 4)",
				    k->data.len);
	if (k->data.len == 32)
		return "p= has 32 bytes, as an Ed25519 key, and k=ed25519 is missing";
	return "p= is no RSA key: characters are missing or changed";
}

static void read_data(struct arena *a, struct dkim_key *k, const struct dkim_tags *t)
{
	struct span p = dkim_tag(t, "p");

	if (!p.p) {
		wrong(k, DKIM_KEY_SYNTAX, "the tag p= with the key is missing");
		return;
	}
	k->revoked = !p.len;
	if (k->revoked) {
		wrong(k, DKIM_KEY_REVOKED, "the key was revoked: p= is empty");
		return;
	}
	if (dkim_base64(a, p, &k->data))
		k->bits = dkim_key_bits(k->data, k->ed25519);
	if (!k->bits)
		wrong(k, DKIM_KEY_DATA, no_key_why(a, k, p));
}

struct dkim_key *dkim_key_read(struct arena *a, struct span text)
{
	struct dkim_key *k = arena_alloc(a, sizeof(*k));
	struct dkim_tags *t = arena_alloc(a, sizeof(*t));
	struct span v;

	*k = (struct dkim_key){ .why = "" };
	dkim_tags_read(a, text, t);
	v = dkim_tag(t, "v");
	k->looks_like = (!v.p && dkim_tag(t, "p").p) || span_eq(v, "DKIM1");
	if (v.p && !span_eq(v, "DKIM1"))
		wrong(k, DKIM_KEY_VERSION, arena_printf(a, "v=%s is not v=DKIM1",
							domain_shown(a, v.p, v.len)));
	else if (v.p && t->n && !span_eq(t->v[0].name, "v"))
		wrong(k, DKIM_KEY_VERSION, "v=DKIM1 is not the first tag");
	if (t->fault != DKIM_OK) {
		struct span p = dkim_tag(t, "p");

		/* A semicolon that was escaped for a zone file is told as what it is. */
		wrong(k, DKIM_KEY_SYNTAX,
		      memchr(text.p ? text.p : "", '\\', text.len)
			      ? "it holds backslashes: the text of a zone file was pasted into the "
				"record's value"
			      : t->why);
		k->looks_like |= p.len > 0;
	}
	read_type(a, k, t);
	read_data(a, k, t);
	read_limits(a, k, t);
	return k;
}

static const struct dkim_key *from_answer(struct arena *a, const struct dns_answer *ans,
					  enum dkim_fault *ret_fault, const char **ret_why)
{
	const struct dkim_key *found = NULL, *only = NULL;
	size_t n = 0;

	for (const struct dns_record *r = ans->records; r; r = r->next) {
		only = dkim_key_read(a, (struct span){ r->text, r->text_len });
		if (only->looks_like) {
			found = found ? found : only;
			n++;
		}
	}
	*ret_fault = DKIM_KEYS;
	if (n > 1) {
		*ret_why = arena_printf(a, "there are %zu key records at %s, and what receivers do "
					   "then is not defined (RFC 6376, 3.6.2.2)",
					n, ans->name);
		return NULL;
	}
	if (!found && ans->count > 1) {
		*ret_why = arena_printf(a, "none of the %zu records at %s is a key", ans->count,
					ans->name);
		return NULL;
	}
	found = found ? found : only;
	*ret_fault = found->fault;
	*ret_why = found->why;
	return found;
}

const struct dkim_key *dkim_key_ask(struct arena *a, const struct domain_dns *dns,
				    const char *name, enum dns_status *ret_status,
				    enum dkim_fault *ret_fault, const char **ret_why)
{
	const struct dns_answer *ans = dns->ask(dns->arg, name, DNS_TXT);

	*ret_status = ans->status;
	switch (ans->status) {
	case DNS_OK:
		return from_answer(a, ans, ret_fault, ret_why);
	case DNS_NXDOMAIN:
	case DNS_NODATA:
	case DNS_BAD_NAME:
		*ret_fault = DKIM_NO_KEY;
		*ret_why = ans->cnames.n
				   ? arena_printf(a, "%s leads to %s, where there is no key", name,
						  ans->cnames.v[ans->cnames.n - 1])
				   : arena_printf(a, "there is no key at %s", name);
		return NULL;
	default:
		*ret_fault = DKIM_DNS;
		*ret_why = arena_printf(a, "%s cannot be looked up (%s)", name, ans->why);
		return NULL;
	}
}
