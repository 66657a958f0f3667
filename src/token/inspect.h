#ifndef TOKEN_INSPECT_H
#define TOKEN_INSPECT_H

/*
 * token-inspect - a token, or a captured login string, judged alone: no server is asked. The rules
 * are those of a live target (data/rules.tsv), with the fact token.alone. Pure; does not wait.
 */

#include "judge/diagnosis.h"
#include "token/token.h"

struct secret;

enum inspection_verdict { INSPECTION_FIT, INSPECTION_PROBLEM, INSPECTION_UNJUDGED };
const char *inspection_verdict_name(enum inspection_verdict v);	/* "fit", "problem", "unjudged" */

struct inspection {
	const struct know	*know;
	bool			 string;	/* a login string, not a token alone */
	const char		*user;		/* in the string; "" */
	struct token		 token;
	/* what it was judged for; "" */
	const char		*host, *provider, *wanted_user, *tenant;
	time_t			 now;
	enum inspection_verdict	 verdict;
	/* with verdict fit: what is left if a server refuses it all the same */
	struct diagnosed	*diagnosis;
	size_t			 n_diagnosis;
	struct strv		 next;		/* cause ids */
	/* sentences: what was not looked at, and why it can't be judged */
	struct strv		 notes;
};

/* host, user, tenant: "" unknown. Never NULL. */
struct inspection *inspect(struct arena *a, const struct know *know, struct secret *secret,
			   bool string, const char *host, const char *user,
			   const char *tenant);

#endif
