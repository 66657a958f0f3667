#ifndef LAB_ECHO_H
#define LAB_ECHO_H

/*
 * echo - what a client sent, for servers that repeat it: {response} {secret} {body}, and the ways
 *to spell it.
 *
 *	login-wrong  535 5.7.8 Cannot decode "{response/from 24}"
 *	post </token> 401 {"error":"invalid_client","error_description":"{secret/json}"}
 */

#include "base/str.h"

struct arena;
struct web_request;

/*
 * `text` in the ways that follow `name` in a placeholder: "secret/from 3/base64". NULL when the
 * placeholder has another name, or a way is not known: base64, url (base64 for URLs), percent (each
 * byte), hex, json (each character as \uXXXX), upper, from N, first N.
 */
const char *echo_value(struct arena *a, struct span placeholder, const char *name,
		       const char *text);

/* The password or token in a response to AUTH: what is behind the last NUL or "Bearer ", else all
 * of it. "" when it's no base64. */
const char *echo_of_response(struct arena *a, const char *response);
/* The first of client_secret, refresh_token, assertion, client_assertion, code, device_code in a
 * form, else the bearer token. */
const char *echo_of_request(struct arena *a, const struct web_request *r);

#endif
