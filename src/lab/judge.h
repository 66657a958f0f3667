#ifndef LAB_JUDGE_H
#define LAB_JUDGE_H

/*
 * judge - what an SMTP server thinks of a token that the lab's own token servers issued. Others are none of its business: for them a scenario
 * has `token` and `right-token`.
 */

#include "lab/talk.h"

enum verdict {
	VERDICT_NOT_OURS,
	VERDICT_RIGHT,
	VERDICT_WRONG,		/* refused in the server's ordinary way */
	VERDICT_SAID,		/* refused with the line in *ret_line */
};

/* For this mailbox. A challenge that goes before the refusal is *ret_challenge, where there is one. */
enum verdict judge_token(struct talk *t, const char *user, const char *token, const char **ret_line, const char **ret_challenge);
/* What High Volume Email says of a login string that is malformed; NULL = nothing is wrong with it. */
const char *judge_string(const struct talk *t, struct span string);

#endif
