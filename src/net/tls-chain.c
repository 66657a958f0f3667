/*
 * tls-chain - what is thought of the certificates that came in a handshake.
 */
#include "net/tls-inside.h"

#include <gnutls/crypto.h>

#include "base/arena.h"
#include "net/cert-judge.h"
#include "net/inside.h"
#include "net/view.h"

static struct cert_chain *judge(struct arena *a, gnutls_session_t session,
				struct tls_trust *trust, const char *name)
{
	gnutls_x509_crt_t crts[CERT_MOST];
	gnutls_datum_t staple = { NULL, 0 };
	unsigned sent = 0, n = 0;
	const gnutls_datum_t *raw = gnutls_certificate_get_peers(session, &sent);
	struct cert_question q = {
		.name = name,
		.trust = trust->list,
		.unjudged = trust->error,
	};
	struct cert_chain *c;

	while (raw && n < sent && n < CERT_MOST) {
		if (gnutls_x509_crt_init(&crts[n]) < 0)
			break;
		n++;
		if (gnutls_x509_crt_import(crts[n - 1], &raw[n - 1], GNUTLS_X509_FMT_DER) < 0) {
			gnutls_x509_crt_deinit(crts[--n]);
			break;
		}
	}
	if (gnutls_ocsp_status_request_get(session, &staple) >= 0 && staple.size)
		q.staple = &staple;
	c = cert_judge(a, crts, n, &q);
	if ((c->trouble & CERT_UNTRUSTED) && !(c->trouble & (CERT_SELF_SIGNED | CERT_INCOMPLETE))) {
		q.authorities = tls_trust_authorities(trust);
		c = cert_judge(a, crts, n, &q);
	}
	if (n < sent && n < CERT_MOST)
		c->trouble |= CERT_INVALID;
	while (n > 0)
		gnutls_x509_crt_deinit(crts[--n]);
	return c;
}

enum { JUDGED_MS = 60 * 60 * 1000 };	/* a verdict is good for so long */

struct judging { gnutls_session_t session; struct tls_trust *trust; const char *name; };

static bool find_verdict(void *arg, struct arena *a, void **ret_value, int64_t *ret_keep_ms)
{
	const struct judging *g = arg;
	struct cert_chain *c = judge(a, g->session, g->trust,
				    g->name ? arena_strdup(a, g->name) : NULL);

	*ret_value = c;
	*ret_keep_ms = c->unjudged ? 0 : JUDGED_MS;
	return true;
}

/* All that a verdict depends on but the time: the chain, the OCSP answer, the name. */
static const char *question(struct arena *a, gnutls_session_t session, const char *name)
{
	gnutls_hash_hd_t h;
	unsigned char digest[32];
	char hex[2 * sizeof(digest) + 1] = "";
	gnutls_datum_t staple = { NULL, 0 };
	unsigned n = 0;
	const gnutls_datum_t *raw = gnutls_certificate_get_peers(session, &n);

	if (gnutls_hash_init(&h, GNUTLS_DIG_SHA256) < 0)
		return NULL;
	for (unsigned i = 0; raw && i < n; i++) {
		gnutls_hash(h, &raw[i].size, sizeof(raw[i].size));
		gnutls_hash(h, raw[i].data, raw[i].size);
	}
	if (gnutls_ocsp_status_request_get(session, &staple) >= 0 && staple.size)
		gnutls_hash(h, staple.data, staple.size);
	gnutls_hash_deinit(h, digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	return arena_printf(a, "chain %s %s", hex, name ? name : "");
}

const struct cert_chain *tls_chain(struct net *n, struct arena *a, gnutls_session_t session,
				   struct tls_trust *trust, const char *name)
{
	struct judging g = { session, trust, name };
	const char *key = n->root ? question(a, session, name) : NULL;
	void *chain;

	if (key && net_once(n, key, find_verdict, &g, &chain) == 0)
		return chain;
	return judge(a, session, trust, name);
}
