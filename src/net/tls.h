#ifndef NET_TLS_H
#define NET_TLS_H

/*
 * tls - a handshake on a connected socket, client side, by GnuTLS. The chain is looked at, not
 * obeyed: a handshake with a bad certificate succeeds and says what is bad, so that the dialogue
 * goes on and the diagnosis is whole.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/attr.h"
#include "base/str.h"
#include "net/cert.h"

struct arena;
struct net;
struct tls;
struct secret;
struct tls_identity;
struct tls_trust;

/*
 * The trust store of a run: loaded at the first handshake (on the hub's stack), shared by
 * all. ca_file NULL = the system's. GnuTLS is started here, not with the program: nothing of
 * it may be used before.
 */
struct tls_trust *tls_trust_new(struct arena *a, const char *ca_file);
void tls_trust_free(struct tls_trust *t);
/* Why it could not be loaded, or NULL. */
const char *tls_trust_error(const struct tls_trust *t);

/*
 * A certificate of our own, with what leads from it to its root, and its key without a passphrase,
 * both as PEM: net_options.identity. It is shown to every server that asks for one. NULL and
 * *ret_error, which never quotes the key. Not for fibers: GnuTLS wants a big stack.
 */
struct tls_identity *tls_identity_new(struct arena *a, struct span certificates,
				      const struct secret *key, const char **ret_error);
void tls_identity_free(struct tls_identity *id);	/* NULL is fine */
/* its subject, escaped: "CN=mail.contoso.com" */
const char *tls_identity_name(const struct tls_identity *id);

enum tls_version { TLS_ANY, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 };
const char *tls_version_name(enum tls_version v);	/* "TLS1.0" ... "TLS1.3" */
/*
 * Can the library itself offer it (system policy may forbid)? When not, a check answers
 * unknown, never fail.
 */
bool tls_version_possible(enum tls_version v);

/*
 * The kind of key that the server may prove itself with: a server that has certificates of both
 * kinds shows one or the other by what the client can verify (RFC 8446, 4.2.3; RFC 8422, 2).
 */
enum tls_key { TLS_KEY_ANY, TLS_KEY_RSA, TLS_KEY_ECDSA };

struct tls_ask {
	/* SNI and the name to check; an address literal sends no SNI */
	const char		*name;
	enum tls_version	 only;		/* TLS_ANY, or the one version to offer */
	enum tls_key		 key;		/* with TLS_ANY only */
	bool			 no_verify;	/* the chain is not looked at (version matrix) */
	/* our own certificate is not shown, though there is one */
	bool			 anonymous;
};

struct tls_info {
	const char		*version;	/* "TLS1.3" */
	const char		*cipher;	/* "TLS_AES_256_GCM_SHA384": the IANA name */
	const char		*group;		/* "X25519", "" if none */
	bool			 resumed;
	/* the server asked for a certificate of ours */
	bool			 identity_asked;
	bool			 identity_shown;	/* ... and got it */
	bool			 ems;		/* extended master secret, or TLS 1.3 */
	const struct cert_chain	*chain;		/* NULL when not verified */
	int64_t			 us;		/* time of the handshake */
};

/*
 * What went wrong in a handshake: err is GnuTLS's code, alert the peer's alert (-1 if none), text
 * our words ("the server sent the alert protocol_version (70)"). peer_bytes: the first bytes that
 * were no TLS, escaped, "" if none: a greeting, HTTP ...
 */
struct tls_failure {
	int		 err;
	int		 alert;
	const char	*alert_name;
	const char	*text;
	const char	*peer_bytes;
	bool		 timeout, cancelled, local;
	/* the server ended the connection without an alert */
	bool		 closed;
	bool		 reset;			/* ... by a reset */
	bool		 too_large;		/* its key is larger than we compute with */
};

/*
 * Handshakes on fd (non-blocking). Answers the session, or NULL and fills ret_why. The fd stays the
 * caller's. Everything told lives in the arena. Obeys the fiber's deadline. Waits.
 */
_waits_ struct tls *tls_connect(struct net *n, struct arena *a, int fd, const struct tls_ask *ask,
				struct tls_failure *ret_why);
void tls_free(struct tls *t);	/* no close_notify, no waiting; NULL is fine */
const struct tls_info *tls_info(const struct tls *t);

/*
 * As read(2) and write(2): bytes, 0 = end, or a negative errno (-ETIMEDOUT, -ECANCELED,
 * -ECONNRESET, -EPROTO for TLS trouble). Wait.
 */
_waits_ ssize_t tls_read(struct tls *t, void *p, size_t n);
_waits_ ssize_t tls_write(struct tls *t, const void *p, size_t n);
/*
 * What -EPROTO or -ECONNRESET was about: "the server sent the alert certificate_required (116)"; ""
 * when there was none.
 */
const char *tls_trouble(const struct tls *t);
/*
 * Without waiting: sends what goes out at once (a last word, then close_notify), forgets the rest.
 */
void tls_say(struct tls *t, const void *p, size_t n);
void tls_bye(struct tls *t);

#endif
