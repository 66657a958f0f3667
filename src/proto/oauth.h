#ifndef PROTO_OAUTH_H
#define PROTO_OAUTH_H

/*
 * oauth - asking a token service for a token (RFC 6749), by each of the ways there are. No opinion
 * on what is asked for.
 *
 *	struct oauth o = { .net = net, .arena = a, .token_url = url, .client_id = id,
 *		.secret = secret, .scope = scope };
 *	_cleanup_(oauth_answer_release) struct oauth_answer answer;
 *
 *	if (!oauth_for_app(&o, &answer))
 *		... answer.failure (nobody answered, or nothing that makes sense), or
 *		answer.error (it refused)
 *
 * Tokens, codes and assertions are secrets from the first byte on. The words of an error are the
 * service's: evidence, never trusted.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct arena;
struct failure;
struct jwt_key;
struct net;
struct secret;

struct oauth {
	struct net		*net;
	struct arena		*arena;
	const char		*token_url, *device_url, *auth_url;
	const char		*client_id;
	/* How the program proves who it is: at most one of them; none for a public client. */
	const struct secret	*secret;	/* a client secret */
	const struct jwt_key	*key;		/* signs a client assertion (RFC 7523) */
	/* one that another service signed: a federated credential */
	const struct secret	*assertion;
	bool			 pkcs1;		/* sign with RS256, not PS256 */
	const char		*scope;		/* blanks between */
	/* the service's clock is so far ahead of ours; oauth_*() set it when an answer tells */
	int64_t			 skew_s;
	bool			 knows_skew;
};

/*
 * What it says in refusing (RFC 6749, 5.2), and what Microsoft adds. "" = not said.
 * Of unknown origin.
 */
struct oauth_error {
	const char	*error;			/* "invalid_grant" */
	const char	*description;		/* cut to OAUTH_TEXT bytes */
	const char	*suberror, *correlation, *trace, *timestamp, *claims;
	unsigned long	 numbers[8];		/* error_codes: AADSTS... */
	size_t		 n_numbers;
};

enum { OAUTH_TEXT = 1024, OAUTH_NUMBERS = 8 };

struct oauth_answer {
	bool			 good;		/* there is a token */
	struct secret		*access, *refresh;	/* refresh: NULL = none was given */
	bool			 has_id_token;	/* it is not kept */
	int64_t			 expires_in;	/* seconds; -1 = not said */
	/* what was granted; "" = as asked (RFC 6749, 5.1) */
	const char		*scope;
	struct oauth_error	 error;		/* .error "" = it did not refuse */
	const struct failure	*failure;	/* no answer, or none that makes sense; NULL */
	int			 status;	/* HTTP's; 0 = no answer */
	const char		*peer, *request_id;
	int64_t			 date;		/* the service's clock, -1 = not said */
	int64_t			 retry_after_s;	/* -1 = not said */
	int			 tried;
};

void oauth_answer_init(struct oauth_answer *r);
void oauth_answer_release(struct oauth_answer *r);

/*
 * Reads the body of an answer: a token, a refusal, or why it is neither. NULL, or what is wrong
 * with it in words without a byte of it; then ret has neither. Bounded: LIMIT_SECRET bytes, 16
 * brackets deep. Nothing of the rest of ret is touched.
 */
const char *oauth_read(struct arena *a, int status, const char *type, const char *body, size_t n,
		       struct oauth_answer *ret);

/* --- for an application (RFC 6749, 4.4; with Google's service accounts RFC 7523, 2.1) --- */

_waits_ bool oauth_for_app(struct oauth *o, struct oauth_answer *ret);
/* user: in whose name, a mailbox of the organisation; NULL = its own. */
_waits_ bool oauth_for_service_account(struct oauth *o, const char *user, struct oauth_answer *ret);

/* --- from a refresh token (RFC 6749, 6) --- */

_waits_ bool oauth_refresh(struct oauth *o, const struct secret *refresh, struct oauth_answer *ret);

/* --- by a browser elsewhere (RFC 8628) --- */

struct oauth_device {
	struct secret	*code;			/* ours; freed by oauth_device_release() */
	const char	*user_code;		/* for the person: "HWZ2K7Q9L" */
	/* https://microsoft.com/devicelogin; full_url has the code in it, "" = not told */
	const char	*url, *full_url;
	int64_t		 expires_in, interval;	/* seconds */
};

void oauth_device_release(struct oauth_device *d);
/* False: ret_answer says why. */
_waits_ bool oauth_device_begin(struct oauth *o, struct oauth_device *ret,
				struct oauth_answer *ret_answer);
/*
 * Asks again and again, as often as allowed, until the person has signed in or refused or the code
 * has expired; goes on when the network fails meanwhile (RFC 8628, 3.5). tick is called about every
 * second with the seconds that are left and what is wrong at the moment (NULL).
 */
_waits_ bool oauth_device_wait(struct oauth *o, const struct oauth_device *d,
			       void (*tick)(void *arg, int64_t left_s, const char *trouble),
			       void *arg, struct oauth_answer *ret);

/* --- by a browser here (RFC 6749, 4.1; RFC 7636; RFC 8252) --- */

struct oauth_code_flow {
	const char	*verifier;		/* made by oauth_code_flow_url() */
	const char	*state;
	const char	*redirect;		/* "http://localhost:49152/": set by the caller */
	const char	*login_hint;		/* "" = none */
	const char	*prompt;		/* "" = none: "select_account", "consent" */
	bool		 offline;		/* Google: access_type=offline */
};

/*
 * Where to send the browser. There is no secret in it. NULL when there is no randomness to be had.
 */
char *oauth_code_flow_url(const struct oauth *o, struct oauth_code_flow *v);
_waits_ bool oauth_for_code(struct oauth *o, const struct oauth_code_flow *v,
			    const struct secret *code, struct oauth_answer *ret);

#endif
