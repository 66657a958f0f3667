/*
 * tls-guard - keys that are too large to compute with are refused before anything is computed.
 *
 * The server chooses its key, and in TLS 1.2 it needs neither the private key nor an authority to
 * have the client compute with it: the signature is verified before anybody finds out that it is
 * wrong (RFC 5246, 7.4.3). A modulus of 131,072 bits takes minutes, in which neither a time limit
 * nor a signal is looked at. GnuTLS has a limit, but applies it to the chain only, after the
 * handshake.
 *
 * GnuTLS calls a hook with each message before it reads it. Every client's session of this process
 * must have it, libcurl's too, before the first byte is read: a server may send its whole flight
 * before it has seen a ClientHello. libcurl shows its session only after that, so gnutls_init()
 * itself is ours: the dynamic linker prefers the program's, and ours calls the library's.
 */
#include "net/tls-inside.h"

#include <dlfcn.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/scan.h"

/* The last refusal. Read right after gnutls_handshake() has answered TLS_TOO_LARGE, with no wait in
 * between. */
static char refused[80];

static int refuse(const char *what, unsigned bits, unsigned most)
{
	snprintf(refused, sizeof(refused), "%s of %u bits (at most %u are accepted)", what, bits,
		 most);
	return TLS_TOO_LARGE;
}

const char *tls_guard_words(void)
{
	return refused;
}

/* Bits of a big-endian number; leading zeros don't count. */
static unsigned bits_of(struct span n)
{
	unsigned bits = 0;

	while (n.len && !*n.p) {
		n.p++;
		n.len--;
	}
	if (n.len)
		for (unsigned char top = (unsigned char)*n.p; top; top >>= 1)
			bits++;
	return n.len ? (unsigned)(n.len - 1) * 8 + bits : 0;
}

static unsigned datum_bits(gnutls_datum_t *d)
{
	unsigned bits = bits_of((struct span) { (const char *)d->data, d->size });

	gnutls_free(d->data);
	return bits;
}

static int look_at_rsa(gnutls_x509_crt_t crt)
{
	gnutls_datum_t m = { NULL, 0 }, e = { NULL, 0 };
	unsigned modulus, exponent;

	if (gnutls_x509_crt_get_pk_rsa_raw(crt, &m, &e) < 0)
		return 0;
	modulus = datum_bits(&m);
	exponent = datum_bits(&e);
	if (modulus > LIMIT_RSA_BITS)
		return refuse("an RSA key", modulus, LIMIT_RSA_BITS);
	if (exponent > LIMIT_RSA_EXPONENT)
		return refuse("an RSA key with a public exponent", exponent, LIMIT_RSA_EXPONENT);
	return 0;
}

/* A certificate that can't be read is not refused here: GnuTLS will say what is wrong with it, and
 * has no key to compute with. */
static int look_at_certificate(struct span der)
{
	gnutls_datum_t d = { (unsigned char *)(uintptr_t)der.p, (unsigned)der.len };
	gnutls_x509_crt_t crt;
	unsigned bits = 0;
	int r = 0, pk;

	if (gnutls_x509_crt_init(&crt) < 0)
		return GNUTLS_E_MEMORY_ERROR;
	if (gnutls_x509_crt_import(crt, &d, GNUTLS_X509_FMT_DER) >= 0) {
		pk = gnutls_x509_crt_get_pk_algorithm(crt, &bits);
		if (pk == GNUTLS_PK_RSA || pk == GNUTLS_PK_RSA_PSS)
			r = look_at_rsa(crt);
		else if (bits > LIMIT_DH_BITS)
			r = refuse("a key", bits, LIMIT_DH_BITS);
	}
	gnutls_x509_crt_deinit(crt);
	return r;
}

static size_t scan_u24(struct scan *s)
{
	size_t high = scan_u8(s);

	return high << 16 | scan_u16(s);
}

/* Certificate (RFC 5246, 7.4.2): a list; in TLS 1.3 (RFC 8446, 4.4.2) a context before it, and
 * extensions behind each. */
static int look_at_chain(struct scan s, bool tls13)
{
	int r = 0;

	if (tls13)
		scan_take(&s, scan_u8(&s));
	scan_u24(&s);
	while (r == 0 && !scan_done(&s)) {
		struct span der = scan_take(&s, scan_u24(&s));

		if (tls13)
			scan_take(&s, scan_u16(&s));
		if (!scan_failed(&s))
			r = look_at_certificate(der);
	}
	return r;
}

/* ServerKeyExchange with a prime of the server's choice (RFC 5246, 7.4.3): it comes first. */
static int look_at_prime(gnutls_session_t session, struct scan s)
{
	gnutls_kx_algorithm_t kx = gnutls_kx_get(session);
	unsigned bits;

	if (kx != GNUTLS_KX_DHE_RSA && kx != GNUTLS_KX_DHE_DSS && kx != GNUTLS_KX_ANON_DH)
		return 0;
	bits = bits_of(scan_take(&s, scan_u16(&s)));
	return bits > LIMIT_DH_BITS ? refuse("a Diffie-Hellman prime", bits, LIMIT_DH_BITS) : 0;
}

static int look(gnutls_session_t session, unsigned type, unsigned when _unused_, unsigned incoming,
		const gnutls_datum_t *message)
{
	struct scan s = scan_over(message->data, message->size);

	if (!incoming)
		return 0;
	if (type == GNUTLS_HANDSHAKE_CERTIFICATE_PKT)
		return look_at_chain(s, gnutls_protocol_get_version(session) == GNUTLS_TLS1_3);
	return type == GNUTLS_HANDSHAKE_SERVER_KEY_EXCHANGE ? look_at_prime(session, s) : 0;
}

void tls_guard(gnutls_session_t session)
{
	gnutls_handshake_set_hook_function(session, GNUTLS_HANDSHAKE_ANY, GNUTLS_HOOK_PRE, look);
}

/* Stands before the library's, see above. Servers (the lab) read no chain. */
int gnutls_init(gnutls_session_t *session, unsigned flags)
{
	int (*real)(gnutls_session_t *session, unsigned flags);
	int r;

	*(void **)&real = dlsym(RTLD_NEXT, "gnutls_init");
	if (!real)
		return GNUTLS_E_INTERNAL_ERROR;
	r = real(session, flags);
	if (r >= 0 && !(flags & GNUTLS_SERVER))
		tls_guard(*session);
	return r;
}
