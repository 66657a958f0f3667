/*
 * tls-trust - what all sessions of a run share: the trust store, the credentials, the priorities.
 *
 * Nothing is loaded before it's needed. The system's store takes some 6 ms of reading, once:
 * it's read when the first ClientHello is on its way, so that most of it costs no time, and
 * on the hub's stack.
 */
#include "net/tls-inside.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/trace.h"
#include "fiber/fiber.h"

/*
 * X25519 first and its share alone (with GNUTLS_KEY_SHARE_TOP): one key less to make in each
 * handshake. The rest as GnuTLS orders it.
 */
#define OFFER \
	"NORMAL:-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:+GROUP-SECP521R1:" \
	"+GROUP-X448:" \
	"+GROUP-FFDHE2048:+GROUP-FFDHE3072:+GROUP-FFDHE4096"

/*
 * What old servers need besides the version: asked one version at a time, the answer is to be about
 * the version, not the cipher.
 */
#define OLD ":+3DES-CBC:+SHA1"

static const char *const offers[] = {
	[TLS_ANY] = OFFER,
	[TLS_1_0] = OFFER OLD ":-VERS-ALL:+VERS-TLS1.0",
	[TLS_1_1] = OFFER OLD ":-VERS-ALL:+VERS-TLS1.1",
	[TLS_1_2] = OFFER ":-VERS-ALL:+VERS-TLS1.2",
	[TLS_1_3] = OFFER ":-VERS-ALL:+VERS-TLS1.3",
};

/*
 * The same in the plainest words, for libraries built or set up without something of it (FIPS mode
 * has no X25519).
 */
static const char *const plain_offers[] = {
	[TLS_ANY] = "NORMAL",
	[TLS_1_0] = "NORMAL:-VERS-ALL:+VERS-TLS1.0",
	[TLS_1_1] = "NORMAL:-VERS-ALL:+VERS-TLS1.1",
	[TLS_1_2] = "NORMAL:-VERS-ALL:+VERS-TLS1.2",
	[TLS_1_3] = "NORMAL:-VERS-ALL:+VERS-TLS1.3",
};

/* One kind of key: in TLS 1.3 the signature alone decides, before that the key exchange, too. */
static const char *const key_offers[] = {
	[TLS_KEY_RSA] = ":-KX-ALL:+ECDHE-RSA:+DHE-RSA:+RSA:-SIGN-ALL:+SIGN-RSA-SHA256:"
			"+SIGN-RSA-SHA384:+SIGN-RSA-SHA512:+SIGN-RSA-PSS-RSAE-SHA256:"
			"+SIGN-RSA-PSS-RSAE-SHA384:+SIGN-RSA-PSS-RSAE-SHA512:"
			"+SIGN-RSA-PSS-SHA256:+SIGN-RSA-PSS-SHA384:+SIGN-RSA-PSS-SHA512",
	[TLS_KEY_ECDSA] = ":-KX-ALL:+ECDHE-ECDSA:-SIGN-ALL:+SIGN-ECDSA-SHA256:"
			  "+SIGN-ECDSA-SHA384:+SIGN-ECDSA-SHA512:"
			  "+SIGN-ECDSA-SECP256R1-SHA256:+SIGN-ECDSA-SECP384R1-SHA384:"
			  "+SIGN-ECDSA-SECP521R1-SHA512",
};

static time_t our_time(time_t *ret)
{
	time_t now = clock_wall();

	if (ret)
		*ret = now;
	return now;
}

struct tls_trust *tls_trust_new(struct arena *a, const char *ca_file)
{
	struct tls_trust *t = arena_alloc(a, sizeof(*t));
	/* main() keeps it from starting itself; the second time only counts */
	int r = gnutls_global_init();

	t->arena = a;
	t->error = r < 0 ? arena_printf(a, "GnuTLS does not start: %s", gnutls_strerror(r)) : NULL;
	t->ca_file = ca_file ? arena_strdup(a, ca_file) : NULL;
	t->loading = (struct once)ONCE_INIT;
	gnutls_global_set_time_function(our_time);
	return t;
}

void tls_trust_free(struct tls_trust *t)
{
	if (!t)
		return;
	if (t->list)
		gnutls_x509_trust_list_deinit(t->list, 1);
	if (t->credentials)
		gnutls_certificate_free_credentials(t->credentials);
	for (size_t i = 0; i < ARRAY_LEN(t->priorities); i++)
		if (t->priorities[i])
			gnutls_priority_deinit(t->priorities[i]);
	for (size_t i = 0; i < ARRAY_LEN(t->by_key); i++)
		if (t->by_key[i])
			gnutls_priority_deinit(t->by_key[i]);
	t->list = NULL;
	t->credentials = NULL;
	for (size_t i = 0; i < ARRAY_LEN(t->priorities); i++)
		t->priorities[i] = NULL;
	for (size_t i = 0; i < ARRAY_LEN(t->by_key); i++)
		t->by_key[i] = NULL;
}

const char *tls_trust_error(const struct tls_trust *t)
{
	return t->error;
}

/*
 * How many certificates of the file are trusted now, or GnuTLS's error. PEM as
 * everybody has it, else DER.
 */
static int add_file(gnutls_x509_trust_list_t list, const char *file)
{
	int r = gnutls_x509_trust_list_add_trust_file(list, file, NULL, GNUTLS_X509_FMT_PEM, 0, 0);

	if (r <= 0 && r != GNUTLS_E_FILE_ERROR) {
		int der = gnutls_x509_trust_list_add_trust_file(list, file, NULL,
								GNUTLS_X509_FMT_DER, 0, 0);

		if (der > 0)
			return der;
	}
	return r;
}

static void load(void *arg)
{
	struct tls_trust *t = arg;
	int r;

	if (t->error)
		return;
	r = gnutls_x509_trust_list_init(&t->list, 0);
	if (r >= 0)
		r = t->ca_file ? add_file(t->list, t->ca_file) :
		    gnutls_x509_trust_list_add_system_trust(t->list, 0, 0);
	if (r > 0) {
		trace(TRACE_TLS, "%d authorities trusted", r);
		return;
	}
	if (t->list)
		gnutls_x509_trust_list_deinit(t->list, 1);
	t->list = NULL;
	if (t->ca_file)
		t->error = arena_printf(t->arena, "cannot load trusted certificates from '%s': %s",
					t->ca_file,
					r < 0 ? gnutls_strerror(r) : "there are none in it");
	else
		t->error = arena_printf(t->arena, "cannot load the system's trusted certificates "
					"(is ca-certificates installed?): %s",
					r < 0 ? gnutls_strerror(r) : "there are none");
}

static bool load_on_hub(void *arg)
{
	fiber_on_hub(load, arg);
	return true;
}

int tls_trust_load(struct tls_trust *t)
{
	return once_do(&t->loading, load_on_hub, t);
}

/*
 * Read only when a chain failed: copying the store's certificates one by one takes longer than
 * verifying with them.
 */
const struct strv *tls_trust_authorities(struct tls_trust *t)
{
	gnutls_x509_trust_list_iter_t at = NULL;
	gnutls_x509_crt_t crt;
	char name[256];

	if (t->authorities_read || !t->list)
		return &t->authorities;
	t->authorities_read = true;
	while (gnutls_x509_trust_list_iter_get_ca(t->list, &at, &crt) >= 0) {
		size_t n = sizeof(name);

		if (gnutls_x509_crt_get_dn_by_oid(crt, GNUTLS_OID_X520_ORGANIZATION_NAME, 0, 0,
						  name, &n) >= 0) {
			const char *text = str_escaped(t->arena, name, n);

			if (!strv_has(&t->authorities, text))
				strv_add(&t->authorities, t->arena, text);
		}
		gnutls_x509_crt_deinit(crt);
	}
	return &t->authorities;
}

gnutls_priority_t tls_priority(struct tls_trust *t, enum tls_version only)
{
	if (!t->priorities[only] &&
	    gnutls_priority_init(&t->priorities[only], offers[only], NULL) < 0 &&
	    gnutls_priority_init(&t->priorities[only], plain_offers[only], NULL) < 0)
		t->priorities[only] = NULL;
	return t->priorities[only];
}

gnutls_priority_t tls_priority_of_key(struct tls_trust *t, enum tls_key key)
{
	if (key == TLS_KEY_ANY)
		return tls_priority(t, TLS_ANY);
	if (!t->by_key[key]) {
		const char *fine = arena_printf(t->arena, "%s%s", OFFER, key_offers[key]);
		const char *plain = arena_printf(t->arena, "NORMAL%s", key_offers[key]);

		if (gnutls_priority_init(&t->by_key[key], fine, NULL) < 0 &&
		    gnutls_priority_init(&t->by_key[key], plain, NULL) < 0)
			t->by_key[key] = NULL;
	}
	return t->by_key[key];
}

gnutls_certificate_credentials_t tls_credentials(struct tls_trust *t)
{
	if (!t->credentials && gnutls_certificate_allocate_credentials(&t->credentials) < 0)
		t->credentials = NULL;
	return t->credentials;
}

bool tls_version_possible(enum tls_version v)
{
	gnutls_priority_t p = NULL;
	const unsigned *versions;
	bool possible;

	/*
	 * What system policy disables is not in the list that comes back, and a list without a
	 * version is refused.
	 */
	if (gnutls_priority_init(&p, plain_offers[v], NULL) < 0)
		return false;
	possible = gnutls_priority_protocol_list(p, &versions) > 0;
	gnutls_priority_deinit(p);
	return possible;
}
