/*
 * auth-login - is the password accepted with AUTH LOGIN?
 *
 *	AUTH LOGIN, 334, user name, 334, password, 235
 *
 * No RFC; draft-murchison-sasl-login. Whether it is the one to use is decided in auth-mechanisms.c;
 * what a refusal means, by its text, in data/error-codes.tsv.
 */
#include "check/check.h"
#include "talk/talk.h"

static const struct talk_login_findings names = {
	.refused = "login.refused",
	.broken = "login.broken",
	.timeout = "login.timeout",
	.withheld = "login.withheld",
};

static enum status run(struct probe *p)
{
	return talk_login(p, SASL_LOGIN, &names);
}

const struct check check_auth_login = {
	.id		= "auth.login",
	.title		= "The password is accepted with AUTH LOGIN",
	.label		= "LOGIN",
	.stage		= STAGE_AUTH,
	.needs		= FACTS("smtp.$.session", "auth.$.offered"),
	.gives		= FACTS("auth.$.accepted"),
	.ports		= true,
	.talks		= true,
	.in_turn	= true,
	.part		= CHECK_MAIN,
	.run		= run,
};
