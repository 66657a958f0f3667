#ifndef NET_HTTP_INSIDE_H
#define NET_HTTP_INSIDE_H

/*
 * http-inside - what http.c (a request and its answer), http-lib.c (libcurl, loaded) and
 * http-loop.c (its sockets on our loop) share. Nobody else includes it.
 */

#define CURL_DISABLE_TYPECHECK		/* its macros name functions, and ours are pointers */
#include <curl/curl.h>

#include "fiber/fiber.h"
#include "net/http.h"
#include "net/inside.h"

/*
 * Every function we use. The pointers have the types of libcurl's header, so a wrong call is still
 * a compile error.
 */
#define HTTP_FUNCTIONS(X) \
	X(curl_global_init) X(curl_version_info) X(curl_easy_init) X(curl_easy_setopt) \
	X(curl_easy_getinfo) X(curl_easy_cleanup) X(curl_easy_strerror) X(curl_multi_init) \
	X(curl_multi_setopt) X(curl_multi_assign) X(curl_multi_add_handle) \
	X(curl_multi_remove_handle) X(curl_multi_socket_action) X(curl_multi_info_read) \
	X(curl_multi_cleanup) X(curl_slist_append) X(curl_slist_free_all) X(curl_url) \
	X(curl_url_set) X(curl_url_get) X(curl_url_cleanup) X(curl_free) X(curl_getdate)

#define HTTP_POINTER(name) __typeof__(name) *name;
struct http_lib {
	HTTP_FUNCTIONS(HTTP_POINTER)
};

/*
 * Loads it, once a process. NULL when it is not there. To be called on the hub's stack, or
 * before fibers are.
 */
const struct http_lib *http_lib(void);

/* --- http-loop.c --- */

/* A transfer on its way. */
struct transfer {
	CURL		*easy;
	struct event	 done;
	CURLcode	 code;
};

struct http;

/* Made at a run's first request. */
struct http *http_new(const struct http_lib *lib);
void http_free(struct http *h);			/* no transfer may be on its way; NULL is fine */

/*
 * Runs it to its end. 0 and t->code, -ETIMEDOUT or -ECANCELED; either way the handle is the
 * caller's again.
 */
_waits_ int http_perform(struct http *h, struct transfer *t);

#endif
