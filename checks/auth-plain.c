/*
 * auth-plain - is the password accepted with AUTH PLAIN?
 *
 *	AUTH PLAIN and both in one line, 235
 *
 * RFC 4616. Whether it is the one to use is decided in auth-mechanisms.c; what a refusal means, by
 * its text, in data/error-codes.tsv.
 */
#include "check/check.h"
#include "talk/talk.h"

static const struct talk_login_findings names = {
	.refused = "plain.refused",
	.broken = "plain.broken",
	.timeout = "plain.timeout",
	.withheld = "plain.withheld",
};

static enum status run(struct probe *p)
{
	return talk_login(p, SASL_PLAIN, &names);
}

const struct check check_auth_plain = {
	.id		= "auth.plain",
	.title		= "The password is accepted with AUTH PLAIN",
	.label		= "PLAIN",
	.stage		= STAGE_AUTH,
	.needs		= FACTS("smtp.$.session", "auth.$.offered"),
	.gives		= FACTS("auth.$.accepted"),
	.ports		= true,
	.talks		= true,
	.in_turn	= true,
	.part		= CHECK_MAIN,
	.run		= run,
};
