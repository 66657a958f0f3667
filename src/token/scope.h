#ifndef TOKEN_SCOPE_H
#define TOKEN_SCOPE_H

/*
 * scope - which permissions to ask a token service for, and what is wrong with those that somebody
 * wants to ask for: told before the request, because the mail server will only say "authentication
 * unsuccessful" of the token that came of it. Pure functions.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "base/strv.h"

struct arena;
struct cloud;
struct know;

enum token_purpose { PURPOSE_SMTP, PURPOSE_GRAPH, PURPOSE_SIGNINS, PURPOSE_EXCHANGE,
		     TOKEN_PURPOSES };
const char *token_purpose_name(enum token_purpose p);	/* "smtp", "graph", "signins", "exo" */

struct scope_asked {
	const struct know	*know;
	/* NULL = a service that is not in clouds.tsv: then nothing is judged */
	const struct cloud	*cloud;
	enum token_purpose	 purpose;
	bool			 app_only;	/* client credentials: nobody signs in */
	bool			 device;	/* by device code */
	const char		*tenant;	/* "" = not said */
	struct strv		 scopes;
};

struct scope_finding {
	const char	*finding;	/* "scope.graph-audience": a contract */
	/* error: the request or the token will be refused; else it can work */
	enum severity	 severity;
	const char	*message;	/* a sentence, without a full stop */
	const char	*instead;	/* what to write; "" */
	const char	*source;	/* an address, "field report", "expert judgement" */
};

enum { LIMIT_SCOPE_FINDINGS = 12 };

/* The right ones for the purpose; empty where there are none (Google has no Graph). */
struct strv scope_default(struct arena *a, const struct scope_asked *asked);
/* What is wrong with it; at most LIMIT_SCOPE_FINDINGS. */
size_t scope_lint(struct arena *a, const struct scope_asked *asked, struct scope_finding *ret);

#endif
