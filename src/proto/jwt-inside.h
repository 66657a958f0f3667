#ifndef PROTO_JWT_INSIDE_H
#define PROTO_JWT_INSIDE_H

/*
 * jwt-inside - a key as jwt.c and jwt-key.c share it.
 */

#include "proto/jwt.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include <gnutls/abstract.h>
#include <gnutls/pkcs12.h>
#include <gnutls/x509.h>

#include "base/attr.h"
#include "base/secret.h"

struct jwt_key {
	gnutls_privkey_t	 key;
	gnutls_x509_crt_t	 cert;		/* NULL = none */
	const char		*x5t, *thumbprint, *owner, *id;
	unsigned		 bits;
};

#endif
