#ifndef LAB_PKI_H
#define LAB_PKI_H

/*
 * pki - the lab's own certification authority: made at start, in memory, with one file that says
 * whom to trust. ECDSA P-256, which takes a millisecond; for servers that are to have an
 * RSA key, too, the lab's built-in one.
 */

#include <gnutls/gnutls.h>

#include "lab/scenario.h"

struct arena;
struct pki;

/* Makes the root and writes it into a private temporary folder. NULL and *ret_error. */
struct pki *pki_new(struct arena *a, const char **ret_error);
void pki_free(struct pki *p);			/* removes file and folder; NULL is fine */

const char *pki_ca_file(const struct pki *p);

/*
 * The credentials of a server, faults included. They live until pki_free(). NULL
 * when GnuTLS refuses.
 */
gnutls_certificate_credentials_t pki_credentials(struct pki *p, const struct lab_server *s);

#endif
