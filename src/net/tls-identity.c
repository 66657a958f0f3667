/*
 * tls-identity - a certificate of our own, shown to servers that ask for one (RFC 8446,
 * 4.3.2; RFC 5246, 7.4.4).
 *
 * GnuTLS would keep it back where the server names authorities it does not come from. Exchange
 * Online and most mail servers look at the name, not at the authority they named, so it's shown to
 * every server that asks: that is what was asked for on the command line.
 */
#include "net/tls-inside.h"

#include <gnutls/abstract.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/secret.h"
#include "base/str.h"

enum { CHAIN_MOST = 8, ID_MOST = 64 };

struct tls_identity {
	gnutls_certificate_credentials_t credentials;
	gnutls_pcert_st			 chain[CHAIN_MOST];
	unsigned			 n;
	gnutls_privkey_t		 key;
	const char			*name;		/* "CN=mail.contoso.com,O=Contoso" */
	time_t				 not_after;
};

/* Called by GnuTLS when a server asks. */
static int retrieve(gnutls_session_t s, const gnutls_datum_t *authorities _unused_,
		    int n_authorities _unused_, const gnutls_pk_algorithm_t *algorithms _unused_,
		    int n_algorithms _unused_, gnutls_pcert_st **ret_chain, unsigned *ret_n,
		    gnutls_privkey_t *ret_key)
{
	struct tls_identity *id = gnutls_session_get_ptr(s);

	*ret_n = 0;
	if (!id)
		return 0;
	*ret_chain = id->chain;
	*ret_n = id->n;
	*ret_key = id->key;
	return 0;
}

static bool same_key(const struct tls_identity *id)
{
	unsigned char of_key[ID_MOST], of_chain[ID_MOST];
	size_t n = sizeof(of_key), m = sizeof(of_chain);
	gnutls_pubkey_t key;
	bool same;

	if (gnutls_pubkey_init(&key) < 0)
		return false;
	same = gnutls_pubkey_import_privkey(key, id->key, 0, 0) >= 0 &&
	       gnutls_pubkey_get_key_id(key, 0, of_key, &n) >= 0 &&
	       gnutls_pubkey_get_key_id(id->chain[0].pubkey, 0, of_chain, &m) >= 0 && n == m &&
	       memcmp(of_key, of_chain, n) == 0;
	gnutls_pubkey_deinit(key);
	return same;
}

static const char *take_chain(struct arena *a, struct tls_identity *id, struct span text)
{
	gnutls_datum_t data = { (unsigned char *)(uintptr_t)text.p, (unsigned)text.len };
	gnutls_datum_t dn = { NULL, 0 };
	gnutls_x509_crt_t crt;
	int r;

	id->n = CHAIN_MOST;
	r = gnutls_pcert_list_import_x509_raw(id->chain, &id->n, &data, GNUTLS_X509_FMT_PEM, 0);
	if (r < 0) {
		id->n = 0;
		return arena_printf(a, "no certificate can be read (PEM: -----BEGIN "
				    "CERTIFICATE-----): %s", gnutls_strerror(r));
	}
	r = gnutls_pcert_export_x509(&id->chain[0], &crt);
	if (r < 0)
		return gnutls_strerror(r);
	id->name = "";
	if (gnutls_x509_crt_get_dn3(crt, &dn, 0) >= 0 && dn.data) {
		id->name = str_escaped(a, (const char *)dn.data, dn.size);
		gnutls_free(dn.data);
	}
	gnutls_x509_crt_deinit(crt);
	return NULL;
}

static const char *take_key(struct arena *a, struct tls_identity *id, const struct secret *key)
{
	gnutls_datum_t data = { (unsigned char *)(uintptr_t)secret_bytes(key),
				(unsigned)secret_len(key) };
	int r = gnutls_privkey_init(&id->key);

	if (r >= 0)
		r = gnutls_privkey_import_x509_raw(id->key, &data, GNUTLS_X509_FMT_PEM, NULL, 0);
	if (r == GNUTLS_E_DECRYPTION_FAILED || r == GNUTLS_E_PK_INVALID_PRIVKEY ||
	    strstr(secret_bytes(key), "ENCRYPTED"))
		return "the key is encrypted; it has to be without a passphrase";
	return r < 0 ? arena_printf(a, "no private key can be read (PEM): %s", gnutls_strerror(r)) :
	       NULL;
}

struct tls_identity *tls_identity_new(struct arena *a, struct span certificates,
				      const struct secret *key, const char **ret_error)
{
	struct tls_identity *id = arena_alloc(a, sizeof(*id));
	int r = gnutls_global_init();		/* counted: tls_trust_new() does it, too */

	*ret_error = r < 0 ? gnutls_strerror(r) : NULL;
	if (!*ret_error)
		*ret_error = take_chain(a, id, certificates);
	if (!*ret_error)
		*ret_error = take_key(a, id, key);
	if (!*ret_error && !same_key(id))
		*ret_error = "the key does not belong to the certificate";
	if (!*ret_error && gnutls_certificate_allocate_credentials(&id->credentials) < 0)
		*ret_error = "GnuTLS has no memory left";
	if (*ret_error) {
		tls_identity_free(id);
		return NULL;
	}
	gnutls_certificate_set_retrieve_function2(id->credentials, retrieve);
	return id;
}

void tls_identity_free(struct tls_identity *id)
{
	if (!id)
		return;
	if (id->credentials)
		gnutls_certificate_free_credentials(id->credentials);
	for (unsigned i = 0; i < id->n; i++)
		gnutls_pcert_deinit(&id->chain[i]);
	if (id->key)
		gnutls_privkey_deinit(id->key);
	id->credentials = NULL;
	id->key = NULL;
	id->n = 0;
}

const char *tls_identity_name(const struct tls_identity *id)
{
	return id->name;
}

int tls_identity_show(struct tls_identity *id, gnutls_session_t session)
{
	gnutls_session_set_ptr(session, id);
	return gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, id->credentials);
}
