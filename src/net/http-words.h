#ifndef NET_HTTP_WORDS_H
#define NET_HTTP_WORDS_H

/*
 * http-words - why there is no answer, as a failure. Used by http.c alone.
 */

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct failure;

struct http_trouble {
	int		 code;		/* CURLcode */
	int		 waited;	/* 0, -ETIMEDOUT, -ECANCELED: how the wait for it ended */
	int		 err;		/* errno; 0 = none */
	int		 proxy_status;	/* what the proxy answered to CONNECT; 0 = nothing */
	bool		 proxied;
	bool		 too_large;	/* the body, or */
	bool		 headers;	/* ... its header fields, interim answers and trailers */
	size_t		 limit;		/* bytes of a body */
	const char	*said;		/* libcurl's words, for what we have none for */
};

const struct failure *http_trouble(struct arena *a, const char *peer, const struct http_trouble *t);

#endif
