/*
 * auth-xoauth2 - is the token accepted with AUTH XOAUTH2?
 *
 *	AUTH XOAUTH2 and the token, 235; or 334 with a reason, an empty line, and the refusal
 *
 * Google's and Microsoft's descriptions of XOAUTH2. Whether it is the one to use is decided in
 * auth-mechanisms.c; what a refusal means, by its text, in data/error-codes.tsv.
 */
#include "check/check.h"
#include "talk/talk.h"

static const struct talk_login_findings names = {
	.refused = "xoauth2.refused",
	.broken = "xoauth2.broken",
	.timeout = "xoauth2.timeout",
	.withheld = "xoauth2.withheld",
};

static enum status run(struct probe *p)
{
	return talk_login(p, SASL_XOAUTH2, &names);
}

const struct check check_auth_xoauth2 = {
	.id		= "auth.xoauth2",
	.title		= "The token is accepted with AUTH XOAUTH2",
	.label		= "XOAUTH2",
	.stage		= STAGE_AUTH,
	.needs		= FACTS("smtp.$.session", "auth.$.offered"),
	.gives		= FACTS("auth.$.accepted"),
	.ports		= true,
	.talks		= true,
	.in_turn	= true,
	.part		= CHECK_MAIN,
	.run		= run,
};
