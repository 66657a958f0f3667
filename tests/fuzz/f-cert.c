/*
 * f-cert - any bytes as what a server shows: a chain of certificates, in PEM or in DER, and an OCSP
 * answer behind it. The first byte says how it is read: bit 0 = DER, bit 1 = the last piece of DER
 * is the OCSP answer.
 */
#include <assert.h>
#include <string.h>

#include <gnutls/x509.h>

#include "base/arena.h"
#include "base/clock.h"
#include "net/cert-judge.h"
#include "tests/fuzz/frame.h"
#include "tests/fuzz/fuzz.h"

const unsigned fuzz_places = 100;

enum { MOST = 24 };

struct shown {
	gnutls_x509_crt_t	crts[MOST];
	unsigned		n;
	gnutls_datum_t		staple;
};

/*
 * How long the piece of DER at the front is (X.690, 8.1.3), with its head; 0 = there is
 * none, or it is cut.
 */
static size_t der_length(struct span s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t n = s.len > 1 ? p[1] : 0, head = 2, more;

	if (s.len < 2)
		return 0;
	if (n >= 0x80) {
		more = n - 0x80;
		if (more > 3 || s.len < 2 + more)
			return 0;
		n = 0;
		for (size_t i = 0; i < more; i++)
			n = n << 8 | p[2 + i];
		head += more;
	}
	return n <= s.len - head ? head + n : 0;
}

static void add_der(struct shown *s, gnutls_datum_t der)
{
	gnutls_x509_crt_t crt;

	if (s->n == MOST || gnutls_x509_crt_init(&crt) < 0)
		return;
	if (gnutls_x509_crt_import(crt, &der, GNUTLS_X509_FMT_DER) < 0)
		gnutls_x509_crt_deinit(crt);
	else
		s->crts[s->n++] = crt;
}

static void read_der(struct shown *s, struct span rest, bool staple_last)
{
	size_t n;

	while ((n = der_length(rest)) > 0) {
		gnutls_datum_t der = { (unsigned char *)(uintptr_t)rest.p, (unsigned)n };

		rest.p += n;
		rest.len -= n;
		if (staple_last && !der_length(rest))
			s->staple = der;
		else
			add_der(s, der);
	}
}

static void read_pem(struct shown *s, struct span text)
{
	gnutls_datum_t pem = { (unsigned char *)(uintptr_t)text.p, (unsigned)text.len };

	s->n = MOST;
	if (gnutls_x509_crt_list_import(s->crts, &s->n, &pem, GNUTLS_X509_FMT_PEM,
					GNUTLS_X509_CRT_LIST_IMPORT_FAIL_IF_EXCEED) < 0)
		s->n = 0;
}

/*
 * What is trusted is the last of the chain itself: so that a path is found, and the
 * rest is looked at.
 */
static gnutls_x509_trust_list_t trusted(const struct shown *s)
{
	gnutls_x509_trust_list_t list;

	assert(gnutls_x509_trust_list_init(&list, 1) == 0);
	if (s->n)
		gnutls_x509_trust_list_add_cas(list, &s->crts[s->n - 1], 1, 0);
	return list;
}

static void holds(const struct cert_chain *c, const struct shown *s)
{
	assert(c->n == (s->n < CERT_MOST ? s->n : CERT_MOST));
	assert(c->dated_at <= c->n && c->verdict && c->ocsp);
	assert(c->n || c->trouble);
	for (size_t i = 0; i < c->n; i++) {
		const struct cert *one = &c->certs[i];
		const char *const all[] = { one->subject, one->subject_cn, one->issuer,
					    one->issuer_cn, one->issuer_o, one->key,
					    one->signature, one->serial, one->sha256 };

		for (size_t k = 0; k < ARRAY_LEN(all); k++)
			frame_shown(all[k]);
		assert(one->names.n <= CERT_NAMES_MOST && strlen(one->sha256) == 64);
		for (size_t k = 0; k < one->names.n; k++)
			frame_shown(one->names.v[k]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct food f = food_of(data, size);
	unsigned how = food_choice(&f, 4);
	struct shown s = { .n = 0 };
	struct arena *a = arena_new();
	struct cert_question q = { .name = "mail.example.com" };

	if (how & 1)
		read_der(&s, f.rest, how & 2);
	else
		read_pem(&s, f.rest);
	q.staple = s.staple.data ? &s.staple : NULL;
	q.trust = trusted(&s);
	holds(cert_judge(a, s.crts, s.n, &q), &s);
	gnutls_x509_trust_list_deinit(q.trust, 0);
	q.trust = NULL;
	holds(cert_judge(a, s.crts, s.n, &q), &s);
	for (unsigned i = 0; i < s.n; i++)
		gnutls_x509_crt_deinit(s.crts[i]);
	arena_free(a);
	return 0;
}
