/*
 * t-cert - certificates without a network: stapled OCSP answers, dates under another clock, and
 * names that try to deceive.
 */
#include <assert.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"
#include "net/cert-judge.h"
#include "net/tls.h"
#include "tests/unit/peer.h"
#include "tests/unit/tap.h"

#define DAY 86400L

/* --- an OCSP answer, made by hand: GnuTLS reads them only (RFC 6960, 4.2.1) --- */

enum { SEQUENCE = 0x30, OCTETS = 0x04, BITS = 0x03, INTEGER = 0x02, ENUMERATED = 0x0a,
       TIME = 0x18 };

/* Puts a tag and a length before what is in b from `start` on. */
static void wrap(struct buf *b, size_t start, unsigned char tag)
{
	size_t n = b->len - start;
	unsigned char head[4] = { tag, 0x82, (unsigned char)(n >> 8), (unsigned char)n };

	buf_add(b, head, sizeof(head));
	memmove(b->data + start + sizeof(head), b->data + start, n);
	memcpy(b->data + start, head, sizeof(head));
}

static void put(struct buf *b, unsigned char tag, const void *p, size_t n)
{
	size_t start = b->len;

	buf_add(b, p, n);
	wrap(b, start, tag);
}

/* "20261120120000Z" */
static void put_time(struct buf *b, time_t t)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	size_t start = b->len;

	for (const char *p = clock_utc(a, t); *p; p++)
		if (ascii_is_digit(*p) || *p == 'Z')
			buf_addc(b, *p);
	wrap(b, start, TIME);
}

struct answer {
	bool	revoked;
	/* thisUpdate and nextUpdate, seconds from now; to 0 = there is none */
	long	from, to;
	bool	spoiled;		/* the signature is wrong */
};

static const unsigned char sha1[] = { 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a,
				      0x05, 0x00 };
static const unsigned char ecdsa_sha256[] = { 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d,
					      0x04, 0x03, 0x02 };
static const unsigned char basic[] = { 0x06, 0x09, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30,
				       0x01, 0x01 };

static void put_single(struct buf *b, const struct answer *w, const struct made *leaf,
		       const gnutls_datum_t *issuer_name)
{
	size_t start = b->len, id = start;
	unsigned char hash[20], serial[32];
	size_t n = sizeof(serial);

	assert(gnutls_hash_fast(GNUTLS_DIG_SHA1, issuer_name->data, issuer_name->size, hash) == 0);
	assert(gnutls_x509_crt_get_serial(leaf->crt, serial, &n) == 0);
	buf_add(b, sha1, sizeof(sha1));
	put(b, OCTETS, hash, sizeof(hash));
	put(b, OCTETS, hash, sizeof(hash));
	put(b, INTEGER, serial, n);
	wrap(b, id, SEQUENCE);
	if (w->revoked) {
		size_t info = b->len;

		put_time(b, clock_wall() - DAY);
		wrap(b, info, 0xa1);
	} else {
		buf_add(b, "\x80\x00", 2);
	}
	put_time(b, clock_wall() + w->from);
	id = b->len;
	if (w->to) {
		put_time(b, clock_wall() + w->to);
		wrap(b, id, 0xa0);
	}
	wrap(b, start, SEQUENCE);
}

static void put_data(struct buf *b, const struct answer *w, const struct made *leaf,
		     const struct made *signer)
{
	gnutls_datum_t name = { NULL, 0 };
	size_t start = b->len, part;

	assert(gnutls_x509_crt_get_raw_dn(signer->crt, &name) == 0);
	part = b->len;
	buf_add(b, name.data, name.size);
	wrap(b, part, 0xa1);
	put_time(b, clock_wall() + w->from);
	part = b->len;
	put_single(b, w, leaf, &name);
	wrap(b, part, SEQUENCE);
	wrap(b, start, SEQUENCE);
	gnutls_free(name.data);
}

static void answer_of(struct buf *b, const struct answer *w, const struct made *leaf,
		      const struct made *signer)
{
	gnutls_datum_t data, signature = { NULL, 0 };
	gnutls_privkey_t key;
	size_t bits;

	put_data(b, w, leaf, signer);
	data = (gnutls_datum_t) { (unsigned char *)b->data, (unsigned)b->len };
	assert(gnutls_privkey_init(&key) == 0 &&
	       gnutls_privkey_import_x509(key, signer->key, 0) == 0);
	assert(gnutls_privkey_sign_data(key, GNUTLS_DIG_SHA256, 0, &data, &signature) == 0);
	if (w->spoiled)
		b->data[b->len - 3] ^= 1;
	buf_add(b, ecdsa_sha256, sizeof(ecdsa_sha256));
	bits = b->len;
	buf_addc(b, '\0');
	buf_add(b, signature.data, signature.size);
	wrap(b, bits, BITS);
	wrap(b, 0, SEQUENCE);
	wrap(b, 0, OCTETS);
	buf_add(b, basic, sizeof(basic));
	memmove(b->data + sizeof(basic), b->data, b->len - sizeof(basic));
	memcpy(b->data, basic, sizeof(basic));
	wrap(b, 0, SEQUENCE);
	wrap(b, 0, 0xa0);
	buf_add(b, "\x0a\x01\x00", 3);
	memmove(b->data + 3, b->data, b->len - 3);
	memcpy(b->data, "\x0a\x01\x00", 3);
	wrap(b, 0, SEQUENCE);
	gnutls_free(signature.data);
	gnutls_privkey_deinit(key);
}

static void staples(void)
{
	static const struct { const char *title; struct answer w; const char *says;
			      bool other, stranger; } table[] = {
		{ "good", { .from = -3600, .to = DAY }, "good", false, false },
		{ "revoked", { .revoked = true, .from = -3600, .to = DAY }, "revoked",
		  false, false },
		{ "out of date", { .from = -3 * DAY, .to = -DAY }, "invalid", false, false },
		{ "of tomorrow", { .from = DAY, .to = 2 * DAY }, "invalid", false, false },
		{ "without an end, of an hour ago", { .from = -3600 }, "good", false, false },
		{ "without an end, of nine days ago", { .from = -9 * DAY }, "good", false, false },
		{ "without an end, of eleven days ago", { .from = -11 * DAY }, "invalid", false,
			false },
		{ "without an end, of tomorrow", { .from = DAY }, "invalid", false, false },
		{ "revoked, without an end, of a year ago", { .revoked = true, .from = -365 * DAY },
			"revoked", false, false },
		{ "changed on the way", { .from = -3600, .to = DAY, .spoiled = true }, "invalid",
		  false, false },
		{ "about another certificate", { .from = -3600, .to = DAY }, "invalid",
		  true, false },
		{ "signed by somebody else", { .from = -3600, .to = DAY }, "invalid", false, true },
	};
	struct made root, stranger, leaf, other;

	made_new(&root, &(struct recipe) { .cn = "Root", .ca = true }, NULL);
	made_new(&stranger, &(struct recipe) { .cn = "Root", .ca = true }, NULL);
	made_new(&leaf, &(struct recipe) { .cn = "mx", .dns = "mx.example" }, &root);
	made_new(&other, &(struct recipe) { .cn = "mx", .dns = "mx.example" }, &root);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		_cleanup_(arena_freep) struct arena *a = arena_new();
		_cleanup_(buf_release) struct buf b = BUF_INIT(4096);
		gnutls_x509_crt_t chain[] = { leaf.crt, root.crt };
		struct cert_question q = { .name = "mx.example", .unjudged = "not asked" };
		struct cert_chain *c;
		gnutls_datum_t staple;

		answer_of(&b, &table[i].w, table[i].other ? &other : &leaf,
			  table[i].stranger ? &stranger : &root);
		staple = (gnutls_datum_t) { (unsigned char *)b.data, (unsigned)b.len };
		is_str(cert_staple(&staple, leaf.crt, root.crt), table[i].says, table[i].title);
		q.staple = &staple;
		c = cert_judge(a, chain, 2, &q);
		is_str(c->ocsp, table[i].says, "... in a chain");
		is_int(c->trouble, table[i].w.revoked ? CERT_REVOKED : 0, "... and what it means");
		is_str(c->unjudged, "not asked", "... where trust was not judged");
		is_str(cert_staple(&staple, leaf.crt, NULL), "invalid",
		       "... without the issuer nobody knows");
	}
	is_str(cert_staple(&(gnutls_datum_t) { (unsigned char *)"nonsense", 8 }, leaf.crt,
			   root.crt),
	       "invalid", "nonsense");
	made_free(&root);
	made_free(&stranger);
	made_free(&leaf);
	made_free(&other);
}

/* --- dates --- */

static void another_clock(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct tls_trust *ours = tls_trust_new(a, NULL);	/* sets GnuTLS's clock to ours */
	gnutls_x509_trust_list_t trust;
	struct made root, leaf;
	gnutls_x509_crt_t chain[1], roots[1];
	struct cert_question q = { .name = "mx.example" };
	char then[32];

	made_new(&root, &(struct recipe) { .cn = "Root", .ca = true, .to = 300 * DAY }, NULL);
	made_new(&leaf, &(struct recipe) { .cn = "mx", .dns = "mx.example", .to = 30 * DAY },
		 &root);
	chain[0] = leaf.crt;
	roots[0] = root.crt;
	assert(gnutls_x509_trust_list_init(&trust, 0) == 0 &&
	       gnutls_x509_trust_list_add_cas(trust, roots, 1, 0) == 1);
	q.trust = trust;
	is_int(cert_judge(a, chain, 1, &q)->trouble, 0, "today it holds");
	snprintf(then, sizeof(then), "%lld", (long long)time(NULL) + 31 * DAY);
	setenv("SMTPWHY_NOW", then, 1);
	is_int(cert_judge(a, chain, 1, &q)->trouble, CERT_EXPIRED, "in 31 days it has expired");
	snprintf(then, sizeof(then), "%lld", (long long)time(NULL) - 2 * DAY);
	setenv("SMTPWHY_NOW", then, 1);
	is_int(cert_judge(a, chain, 1, &q)->trouble & CERT_NOT_YET, CERT_NOT_YET,
	       "two days ago it was not valid yet");
	unsetenv("SMTPWHY_NOW");
	gnutls_x509_trust_list_deinit(trust, 0);
	tls_trust_free(ours);
	made_free(&root);
	made_free(&leaf);
}

/* --- names --- */

static void names(void)
{
	static const struct { const char *pattern, *name; bool match; } table[] = {
		{ "mx.example", "mx.example", true },
		{ "MX.example", "mx.EXAMPLE", true },
		{ "mx.example", "mx.example.", true },
		{ "mx.example", "a.mx.example", false },
		{ "*.mx.example", "a.mx.example", true },
		{ "*.mx.example", "A.MX.Example.", true },
		{ "*.mx.example", ".mx.example", false },
		{ "*.mx.example", "mx.example", false },
		{ "*.mx.example", "a.b.mx.example", false },
		{ "a*.mx.example", "ab.mx.example", false },
		{ "a.*.example", "a.b.example", false },
		{ "*", "mx", false },
		{ "*.", "mx.", false },
		{ "*.example", "mx.example", false },
		{ "", "", false },
		{ "mx.example\\x00.evil.example", "mx.example", false },
		{ "192.0.2.1", "192.0.2.1", false },
	};
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct cert_names addresses = { .dns = { NULL, 0, 0 } };

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct cert_names n = { .dns = { NULL, 0, 0 } };
		char what[160];

		strv_add(&n.dns, a, table[i].pattern);
		snprintf(what, sizeof(what), "'%s' for '%s'", table[i].pattern, table[i].name);
		is_int(cert_names_match(&n, table[i].name), table[i].match, what);
	}
	strv_add(&addresses.ip, a, "2001:db8::1");
	ok(cert_names_match(&addresses, "2001:DB8:0::1"), "an address in another spelling");
	ok(!cert_names_match(&addresses, "2001:db8::2"), "another address");
}

static void nothing(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct cert_chain *c = cert_judge(a, NULL, 0,
					  &(struct cert_question) { .name = "mx.example" });

	is_int(c->trouble, CERT_INVALID, "no certificate at all");
	is_str(c->verdict, "The server sent no certificate.", "is said so");
}

int main(void)
{
	staples();
	another_clock();
	names();
	nothing();
	return tap_done();
}
