#ifndef NET_TLS_INSIDE_H
#define NET_TLS_INSIDE_H

/*
 * tls-inside - what the files of proto/tls share. Nobody else includes it.
 */

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "base/strv.h"
#include "fiber/once.h"
#include "net/tls.h"

struct arena;

struct tls_trust {
	struct arena				*arena;
	const char				*ca_file;	/* NULL = the system's */
	struct once				 loading;
	/* NULL when it could not be loaded */
	gnutls_x509_trust_list_t		 list;
	const char				*error;
	/* one for all sessions: it costs more than it holds */
	gnutls_certificate_credentials_t	 credentials;
	gnutls_priority_t			 priorities[TLS_1_3 + 1];
	gnutls_priority_t			 by_key[TLS_KEY_ECDSA + 1];
	/* organisations of the store; read when first asked for */
	struct strv				 authorities;
	bool					 authorities_read;
};

/*
 * Loads the store, once for all who ask, on the hub's stack. 0 also when it can't be loaded (then
 * list is NULL and error says why); -ECANCELED, -ETIMEDOUT.
 */
_waits_ int tls_trust_load(struct tls_trust *t);
const struct strv *tls_trust_authorities(struct tls_trust *t);

/* What to offer: cached. NULL when system policy or the library forbids it. */
gnutls_priority_t tls_priority(struct tls_trust *t, enum tls_version only);
/* The same for one kind of key; TLS_KEY_ANY is tls_priority(t, TLS_ANY). */
gnutls_priority_t tls_priority_of_key(struct tls_trust *t, enum tls_key key);
/* NULL: GnuTLS has no memory left */
gnutls_certificate_credentials_t tls_credentials(struct tls_trust *t);

/* Uses it in this session. GnuTLS's error, or 0. */
int tls_identity_show(struct tls_identity *id, gnutls_session_t session);

/* "protocol_version" for 70 (RFC 8446, 6; IANA's TLS Alerts); "unknown" otherwise. */
const char *tls_alert_name(int alert);

/* --- tls-guard.c --- */

/* What gnutls_handshake() answers when the peer's key is too large to compute with: LIMIT_RSA_BITS,
 * LIMIT_RSA_EXPONENT, LIMIT_DH_BITS. */
enum { TLS_TOO_LARGE = GNUTLS_E_CONSTRAINT_ERROR };
/* Sees to that in this session. gnutls_init() has done it already where the dynamic linker lets it;
 * twice is fine. */
void tls_guard(gnutls_session_t session);
/* The last one that was too large: "an RSA key of 32768 bits (at most 16384 are accepted)". To be
 * asked before anything else is done. */
const char *tls_guard_words(void);

/* --- tls-chain.c --- */

/*
 * What is thought of the certificates of this session, of which the trust store is loaded. Of many
 * targets, each chain is judged once for a name. It lives as long as the arena, or the view.
 */
_waits_ const struct cert_chain *tls_chain(struct net *n, struct arena *a, gnutls_session_t session,
					   struct tls_trust *trust, const char *name);

/* GnuTLS's error codes that are about us, not about the peer. */
bool tls_error_local(int err);
/* Our words for GnuTLS's code: what failed first, no capital, no full stop. */
const char *tls_error_text(int err);

#endif
