#ifndef PROTO_SMTP_OFFER_H
#define PROTO_SMTP_OFFER_H

/*
 * smtp-offer - what an EHLO reply offers (RFC 5321, 4.1.1.1). Pure: for proto/smtp and for tests.
 */

#include <stdbool.h>

#include "base/strv.h"

struct arena;
struct map;
struct reply;

struct smtp_offer {
	/* as sent, without code, the first line (the server's name) left out */
	struct strv	 lines;
	struct strv	 mechanisms;	/* of AUTH and of the old AUTH=, upper case, each once */
	struct map	*keywords;	/* upper case -> parameters; NULL when nothing is offered */
	const char	*left_out;	/* what went past a limit, in words, or NULL */
};

/*
 * Reads a 250 to EHLO. ret is overwritten. The work is bounded, whatever the reply:
 * LIMIT_REPLY_LINES keywords, LIMIT_KEYWORD bytes of parameters each, LIMIT_MECHANISMS mechanisms.
 */
void smtp_offer_read(struct arena *a, const struct reply *r, struct smtp_offer *ret);
/* NULL when it's not offered */
const char *smtp_offer_parameters(const struct smtp_offer *o, const char *keyword);

#endif
