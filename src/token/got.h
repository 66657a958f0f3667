#ifndef TOKEN_GOT_H
#define TOKEN_GOT_H

/*
 * token-got - what became of asking for a token: for the reports. The token itself is in it only
 * where it is to be shown.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "token/scope.h"
#include "token/inspect.h"

struct failure;
struct secret;

struct token_got {
	const struct know	*know;
	/* What was asked, of whom. Strings are "" when unknown. */
	/* "device", "browser", "client-credentials", "refresh" */
	const char		*flow;
	/* "none", "secret", "certificate", "assertion", "service-account" */
	const char		*proof;
	const char		*purpose;	/* "smtp", "graph", "signins", "exo" */
	const char		*house, *cloud;
	const char		*service;	/* "login.microsoftonline.com" */
	const char		*tenant, *client_id, *user, *scope;
	const struct scope_finding *findings;	/* of the scope, those that did not stop it */
	size_t			 n_findings;
	/* What came of it. */
	bool			 good, kept_before;	/* kept_before: nobody was asked */
	int64_t			 expires_in;	/* seconds; -1 = not said */
	bool			 has_refresh;
	const char		*granted;	/* the scope; "" = as asked */
	const char		*name, *folder;	/* kept as, and where; "" = it was not kept */
	const char		*next;		/* a command line that uses it; "" */
	const struct inspection	*inspection;	/* of the token; NULL */
	const struct secret	*shown;		/* the token, with --show; NULL */
	/* Why there is none. */
	const struct failure	*failure;	/* nobody answered, or nothing that makes sense */
	int			 status;	/* HTTP's, 0 = no answer */
	/* the service's words */
	const char		*error, *suberror, *description, *correlation, *trace, *timestamp,
		*request_id;
	const unsigned long	*numbers;
	size_t			 n_numbers;
	struct diagnosed	*diagnosis;
	size_t			 n_diagnosis;
	struct strv		 notes;		/* sentences */
};

#endif
