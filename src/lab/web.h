#ifndef LAB_WEB_H
#define LAB_WEB_H

/*
 * web - HTTP/1.1 as the lab's servers speak it (RFC 9110; RFC 9112). Written over wire.c and not
 * with a library: the faults that the lab exists for are in the bytes that a library would see to.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"
#include "base/str.h"

struct arena;
struct map;

enum {
	WEB_MAX_HEAD	= 48 * 1024,	/* request line and fields */
	WEB_MAX_FIELDS	= 100,
	WEB_MAX_BODY	= 1024 * 1024,
};

struct web_request {
	const char	*method;	/* "GET" */
	/* "/common/oauth2?x=1" as it was sent, without scheme and host */
	const char	*target;
	const char	*path;		/* decoded, without query */
	const char	*query;		/* as it was sent, "" = none */
	/* header fields, names in lower case; of several of a name the last */
	struct map	*fields;
	bool		 close;		/* the peer wants it to be the last, or must (HTTP/1.0) */
	bool		 chunked;
	bool		 expects;	/* Expect: 100-continue */
	size_t		 length;	/* of the body, where it is not chunked */
	const char	*body;
	size_t		 body_len;
};

/*
 * Request line and header fields, each with its line end, without the empty line. 0, or the status
 * to refuse it with: 400, 413, 431, 501,
 * 505. `body` is "".
 */
int web_head(struct arena *a, const char *bytes, size_t len, struct web_request *ret);
/* The size of a chunk, from its line (RFC 9112, 7.1). False when it is none. */
bool web_chunk_size(struct span line, size_t *ret);
/* A header field, "" when it is not there. */
const char *web_field(const struct web_request *r, const char *name);
/*
 * Names and values of a query or a form (application/x-www-form-urlencoded), decoded. A name that
 * is there twice has its last value.
 */
struct map *web_form(struct arena *a, const char *text, size_t len);
/* The same for one value: %XX and, in a form, + for a blank. NULs end it. */
char *web_decode(struct arena *a, struct span text, bool form);
/* For a query: what RFC 3986, 2.3 reserves not stays. */
char *web_encode(struct arena *a, const char *text);

/* An answer as a role gives it. */
struct web_reply {
	int		 status;	/* 0 = none yet */
	const char	*type;		/* "" = none is said */
	const char	*fields;	/* further ones, each with CRLF */
	const char	*body;
	size_t		 len;
};

const char *web_reason(int status);	/* "Not Found" */
void web_text(struct web_reply *r, int status, const char *type, const char *text);
void web_json(struct web_reply *r, struct arena *a, int status, json_t *stolen);
/* "Name: value" */
void web_add_field(struct web_reply *r, struct arena *a, const char *name, const char *value);

#endif
