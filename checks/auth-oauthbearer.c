/*
 * auth-oauthbearer - is the token accepted with AUTH OAUTHBEARER?
 *
 *	AUTH OAUTHBEARER and the token, 235; or 334 with a reason, a dummy answer, and the refusal
 *
 * RFC 7628. Whether it is the one to use is decided in auth-mechanisms.c; what a refusal means, by
 * its text, in data/error-codes.tsv.
 */
#include "check/check.h"
#include "talk/talk.h"

static const struct talk_login_findings names = {
	.refused = "oauthbearer.refused",
	.broken = "oauthbearer.broken",
	.timeout = "oauthbearer.timeout",
	.withheld = "oauthbearer.withheld",
};

static enum status run(struct probe *p)
{
	return talk_login(p, SASL_OAUTHBEARER, &names);
}

const struct check check_auth_oauthbearer = {
	.id		= "auth.oauthbearer",
	.title		= "The token is accepted with AUTH OAUTHBEARER",
	.label		= "OAUTHBEARER",
	.stage		= STAGE_AUTH,
	.needs		= FACTS("smtp.$.session", "auth.$.offered"),
	.gives		= FACTS("auth.$.accepted"),
	.ports		= true,
	.talks		= true,
	.in_turn	= true,
	.part		= CHECK_MAIN,
	.run		= run,
};
