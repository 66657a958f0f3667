#ifndef MICROSOFT_SERVICE_H
#define MICROSOFT_SERVICE_H

/*
 * service - one read of a service that speaks JSON and OData and wants a bearer token: Microsoft
 * Graph, Exchange Online's door for its PowerShell module. What came back is sorted by what it
 * means for the one who holds the token.
 *
 *	struct service_answer answer;
 *	msgraph_security_defaults(net, arena, &service, &answer);
 *	if (answer.state == SERVICE_ANSWERED) ... answer.body
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

enum service_state {
	SERVICE_ANSWERED,	/* body is JSON */
	SERVICE_UNAUTHORIZED,	/* 401: the token is not one it takes */
	SERVICE_FORBIDDEN,	/* 403: it is, and lacks a permission */
	SERVICE_NOT_FOUND,	/* 404: what was asked about is not there, or may not be seen */
	SERVICE_THROTTLED,	/* 429 or 503, again and again */
	/* another status from 400 on: the request is not understood, or the service is ill */
	SERVICE_REFUSED,
	SERVICE_UNEXPECTED,	/* no answer to the question: a redirect, HTML, half of it */
	SERVICE_UNREACHED,	/* failure says why */
};

struct service {
	const char		*base;		/* "https://graph.microsoft.com" */
	const struct secret	*token;
};

struct service_request {
	const char	*path;			/* begins with a slash */
	const char	*body;			/* JSON, for POST; NULL = GET */
	struct strv	 headers;
	unsigned	 pages;			/* at most so many; 0 = 1 */
};

/* Strings are "" when there are none; all but base are of unknown origin. */
struct service_answer {
	enum service_state	 state;
	int			 status;	/* of HTTP; 0 = none */
	/*
	 * of several pages: {"value": [all rows], "@odata.nextLink": what was not asked any more}
	 */
	const char		*body;
	size_t			 body_len;
	/* what the service says against it, else what came instead, a sentence */
	const char		*why;
	/* its own name for that: "Authorization_RequestDenied" */
	const char		*code;
	int64_t			 retry_after_s;	/* -1 = not said */
	const char		*request_id;
	const struct failure	*failure;	/* SERVICE_UNREACHED */
};

/*
 * Asks, and again while it is told to come back later (RFC 9110, 10.2.3; three times in all),
 * within the fiber's deadline. Further pages are asked of the same host only: a link elsewhere is
 * not followed, the token stays here.
 */
_waits_ void service_ask(struct net *n, struct arena *a, const struct service *s,
			 const struct service_request *r, struct service_answer *ret);

/* Is that link one of the same host and scheme as base? Pure. */
bool service_same_host(const char *base, const char *link);
/* Reads an answer: fills state, why, code, body. Pure, for tests. */
void service_judge(struct arena *a, int status, const char *type, const char *body, size_t n,
		   struct service_answer *ret);

#endif
