#ifndef PROTO_OAUTH_INSIDE_H
#define PROTO_OAUTH_INSIDE_H

/*
 * oauth-inside - what oauth*.c share.
 */

#include "proto/oauth.h"

struct buf;

/* A person waits: whatever a service says, it is asked about a device code once a minute (RFC
 * 8628, 3.5, says no upper limit). */
enum { OAUTH_INTERVAL_MOST_S = 60 };

/* The answer to a request for a device code: NULL, or what is wrong with it. */
const char *oauth_read_device(struct arena *a, const char *body, size_t n,
			      struct oauth_device *ret);

/* Puts how the program proves who it is into the form. False: ret->failure says why. */
bool oauth_prove(struct oauth *o, struct buf *form, struct oauth_answer *ret);
/* Posts the form, which is wiped, and reads the answer. tries as in http.h. */
_waits_ bool oauth_post(struct oauth *o, const char *url, struct buf *form, int tries,
			struct oauth_answer *ret);

#endif
