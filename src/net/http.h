#ifndef NET_HTTP_H
#define NET_HTTP_H

/*
 * http - one request and its answer over libcurl, written as a straight line: it waits on the loop
 * the fibers wait on. Names are asked of our resolver, so --resolver, --connect-to, -4/-6 and the
 * lab hold for HTTPS, too; the trust store is that of --ca-file.
 *
 *	struct http_answer answer;
 *	if (!http_ask(net, arena, &(struct http_request) { .url = url }, &answer))
 *		... answer.failure says why
 *
 * HTTPS only, unless the host is this machine's loopback (RFC 8252, 7.3) or .allow_plaintext.
 * Certificates are always checked. Redirects are not followed: they are an answer, and a token must
 * not go where nobody meant it to go. No cookies, no credentials of ~/.netrc. A proxy is
 * net_options.proxy, else the environment's (https_proxy, no_proxy ...); then it is the proxy that
 * looks up names. libcurl is loaded at the first request, not with the program: dlopen keeps
 * `explain` fast.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/strv.h"

struct arena;
struct failure;
struct net;
struct secret;

struct http_request {
	const char		*url;		/* absolute */
	const char		*method;	/* NULL = GET, or POST with a body */
	struct strv		 headers;	/* "Name: value"; no secret among them */
	const struct secret	*bearer;	/* sent as Authorization: Bearer; NULL = none */
	/* Content-Type of the body; NULL = application/x-www-form-urlencoded */
	const char		*type;
	const char		*body;		/* not a secret; or */
	const struct secret	*secret_body;	/* a form with a secret in it, a token request */
	size_t			 body_len;	/* of body */
	/*
	 * in all, while the answer is 408, 429, 5xx or the connection failed; 0 = 1. Waits
	 * Retry-After (RFC 9110, 10.2.3), else 1, 2, 4 s; never past the fiber's deadline
	 */
	int			 tries;
	bool			 allow_plaintext;	/* http:// to another machine */
	bool secret_answer; /* the body holds a token: it goes into .secret, at most LIMIT_SECRET
			     * bytes, not into .body. All else that comes back is looked through for
			     * secrets of this run, this body is not */
};

struct http_answer {
	int			 status;	/* 200 ...; 0 when no answer came */
	const char		*type;		/* media type, lower case, without parameters; "" */
	/* at most LIMIT_HTTP_BODY; NUL-terminated, may hold NULs */
	const char		*body;
	size_t			 body_len;
	/* with .secret_answer; the caller frees; NULL when empty */
	struct secret		*secret;
	const char		*location;	/* of a redirect; "" */
	const char		*www_authenticate;	/* "" */
	/* request-id, x-ms-request-id or client-request-id; "" */
	const char		*request_id;
	int64_t			 retry_after_s;	/* -1 = not said */
	/* the server's clock (Date), seconds since 1970; -1 = not said */
	int64_t			 date;
	const char		*peer;		/* "login.microsoftonline.com[192.0.2.1]:443" */
	int			 tried;		/* how often it was asked */
	int64_t			 us;
	/* NULL when there is an answer with any status. Else: no such host, refused, time-out, TLS,
	 * not HTTP, cut in the middle, too large (a body of more than LIMIT_HTTP_BODY, or
	 * LIMIT_HTTP_HEADERS of header fields, interim answers and trailers included) ... */
	const struct failure	*failure;
};

/*
 * Asks, and waits for the whole answer, within the fiber's deadline and the net's timeout for one
 * try. True when an answer came, whatever its status. Everything told lives in the arena; nothing
 * of a secret is kept, and the body of an answer is never traced.
 */
_waits_ bool http_ask(struct net *n, struct arena *a, const struct http_request *r,
		      struct http_answer *ret);

/*
 * Percent-encodes for a form or a query (the unreserved characters of RFC 3986, 2.3 stay); at most
 * 64 Ki characters.
 */
char *http_encode(struct arena *a, const char *text);

/* Appends "name=value" to a form (http-form.c). The second one for what no peer is to be quoted
 * with (base/redact.h): the form is to be wiped after use. */
struct buf;
void http_form_add(struct buf *form, const char *name, const char *value);
void http_form_add_secret(struct buf *form, const char *name, const struct secret *value);

/* Is the library there? NULL, or one line that says what to install. */
const char *http_missing(void);

#endif
