#ifndef TESTS_PEER_H
#define TESTS_PEER_H

/*
 * peer - the other side of a conversation, for unit tests: a server that follows a script, in a
 * fiber of the same process.
 *
 *	static const char *const script[] = { "> 220 hi", "< EHLO", "> 250-hi", "> 250 SIZE 1000",
 *		"close", NULL };
 *
 *	"> text"	sends text and CRLF
 *	">> text"	sends text as it is; \r \n \0 \xNN are understood
 *	"< PREFIX"	reads a line, which must begin so (else peer.wrong is set and
 *			the peer hangs up)
 *	"= LINE"	reads a line, which must be exactly that
 *	"head"		reads lines to an empty one
 *	"drop"		reads what comes and forgets it
 *	"tls"		serves a TLS handshake with peer.chain
 *	"close" "reset" "hang"	ends the connection, resets it, or says nothing more until the
 *				client is gone
 */

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdbool.h>
#include <stddef.h>

#include "net/net.h"

enum { PEER_NO_CUT = -1 };

struct peer {
	int			 fd;
	const char *const	*script;
	size_t			 chunk;		/* bytes a segment; 0 = all at once */
	/* at this step of the script the connection is cut, PEER_NO_CUT = never ... */
	int			 cut_at;
	const char		*cut;		/* ... by "close", "reset" or "hang" */
	const char		*priority;	/* of GnuTLS; NULL = NORMAL */
	gnutls_certificate_credentials_t credentials;
	gnutls_session_t	 tls;
	bool			 pause;		/* the next segment waits a turn */
	char			 in[8192];	/* read, not consumed */
	size_t			 in_len;
	char			 wrong[256];	/* the line that should not have come, "" if none */
	char			 heard[16384];	/* all lines, each with \n */
};

/* The body of the peer's fiber: arg is a struct peer. Closes the socket. */
void peer_run(void *arg);

/* A connected pair of loopback TCP sockets, both non-blocking. ret[0] is for the client. */
void peer_sockets(int ret[2]);
/* The client's end as net_dial() would tell it. */
struct reached peer_reached(int fd);

/* --- certificates, made on the spot --- */

struct made {
	gnutls_x509_crt_t	crt;
	gnutls_x509_privkey_t	key;
};

struct recipe {
	const char			*cn, *o;
	const char			*dns;		/* a dNSName, or NULL */
	const char			*ip;		/* an IPv4 iPAddress, or NULL */
	/* seconds from now; 0, 0 = yesterday to in 30 days */
	long				 from, to;
	bool				 ca;
	gnutls_pk_algorithm_t		 pk;		/* GNUTLS_PK_UNKNOWN = ECDSA P-256 */
	unsigned			 bits;
	gnutls_digest_algorithm_t	 digest;	/* GNUTLS_DIG_UNKNOWN = SHA-256 */
	/* NULL = serverAuth for those that are no authority */
	const char			*purpose;
	const char			*issuer_url;	/* caIssuers, or NULL */
};

/* issuer NULL = signed by itself. */
void made_new(struct made *ret, const struct recipe *r, const struct made *issuer);
void made_free(struct made *m);
/* Writes it as PEM to a new file of /tmp (TMPDIR); the name is put into ret. */
void made_save(const struct made *m, char ret[static 256]);
/* What a server shows: the leaf's key and the certificates as given. */
gnutls_certificate_credentials_t made_credentials(const struct made *const *chain, size_t n);

#endif
