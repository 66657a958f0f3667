#ifndef CMD_TOKEN_GET_H
#define CMD_TOKEN_GET_H

/*
 * token-get - asking for a token, from the options to the result. What token-get.c (before and
 * after) and token-ask.c (the asking itself) share.
 */

#include "cmd/token-cache.h"
#include "cmd/token-options.h"
#include "know/know.h"
#include "token/got.h"
#include "proto/jwt.h"
#include "proto/oauth.h"

struct getting {
	struct arena			*arena;
	const struct token_options	*options;
	const struct cloud		*cloud;		/* NULL = another service, by --token-url */
	enum token_purpose		 purpose;
	bool				 app_only, device, refresh_only;
	struct secret			*secret, *key_bytes, *cert_bytes, *key_password, *assertion;
	struct jwt_key			*key;
	struct session			 session;
	struct oauth			 oauth;
	struct oauth_answer		 answer;
	struct token_cache		*cache;		/* NULL = nothing is kept */
	struct cached			 entry;
	struct token_got		 got;	/* first what is asked, then what came of it */
};

/*
 * token-plan.c: reads options and credentials, finds the scope, lints it. OPT_GO, or an exit status
 * after it was told why not.
 */
int token_plan(struct getting *g);
/*
 * One line on standard error; it's about this machine, not about the command line: EXIT_UNTESTED.
 */
int token_not_asked(const char *why);

/* token-ask.c: all that waits, in the first fiber: the work of its session. The exit status; got,
 * answer and entry are filled. */
int token_ask(void *getting);
/* The same from the kept refresh token alone: of getting, only arena, options, session, oauth,
 * cache and entry need be there. */
int token_renew(void *getting);
/* Puts the answer into the entry, and keeps that; t: what the token says. */
void token_keep(struct getting *g, const struct token *t);

/* token-kept.c */
int token_list(struct arena *a, const struct token_options *o);
int token_forget(struct arena *a, const struct token_options *o, const char *name);
/*
 * The token that is kept by that name, or of that user, for that purpose. One that is about to end
 * is renewed first, where the refresh token is all it takes. An exit status after an error was
 * told, else OPT_GO. Not from inside a fiber.
 */
int token_kept(struct arena *a, const char *command, const char *name, enum token_purpose purpose,
	       const struct session_options *session, struct secret **ret);

int token_get(struct arena *a, const struct token_options *o);

#endif
