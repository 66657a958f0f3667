/*
 * admin-policies - does a policy of Entra ID stop a password over SMTP, or the account itself?
 *
 *	GET of Microsoft Graph: security defaults, conditional access policies, the user
 *
 * https://learn.microsoft.com/graph/api/identitysecuritydefaultsenforcementpolicy-get,
 * .../conditionalaccessroot-list-policies, .../user-get. What a policy does to one account is
 * judged as far as users are named in it; groups and roles are not followed.
 */
#include "check/check.h"
#include "microsoft/msgraph.h"
#include "talk/admin.h"

static bool wanted(const struct ask *ask)
{
	return ask->graph_token != NULL;
}

/* Fails where a login with a password was refused, warns where one would be. */
static enum status against(struct probe *p, const char *finding, const char *words)
{
	if (talk_admin_accepted(p))
		return probe_warn(p, finding, "%s; the login was let in all the same", words);
	return talk_admin_refused(p) ? probe_fail(p, finding, "%s", words) :
	       probe_warn(p, finding, "%s", words);
}

static enum status verdict(struct probe *p, const char *unread)
{
	const char *facts[] = { "entra.security-defaults", "entra.policies-against" };
	bool password = !probe_ask(p)->token;
	struct strv words = { NULL, 0, 0 };

	if (password && str_eq(probe_get(p, "entra.user.enabled"), "false"))
		return against(p, "admin.account-disabled", "the account is disabled");
	if (password && probe_true(p, "entra.security-defaults"))
		return against(p, "admin.security-defaults",
			       admin_word(probe_arena(p), probe_facts(p),
					  "entra.security-defaults"));
	if (password && probe_has(p, "entra.policies-against"))
		return against(p, "admin.policy-against", admin_word(probe_arena(p), probe_facts(p),
								     "entra.policies-against"));
	if (*unread)
		return probe_unknown(p, "admin.policies-unread", "%s", unread);
	for (size_t i = 0; i < ARRAY_LEN(facts); i++)
		if (*admin_word(probe_arena(p), probe_facts(p), facts[i]))
			strv_add(&words, probe_arena(p),
				 admin_word(probe_arena(p), probe_facts(p), facts[i]));
	if (!probe_has(p, "entra.policies-against"))
		strv_add(&words, probe_arena(p),
			 probe_has(p, "entra.policies-maybe") ?
			 admin_word(probe_arena(p), probe_facts(p), "entra.policies-maybe") :
			 "No policy stops passwords over SMTP");
	return probe_pass(p, "%s", strv_join(&words, probe_arena(p), ". "));
}

/* Reads one; the first that cannot be read is reported. */
static void take(struct probe *p, const struct talk_admin *door, const char *what,
		 const char *called, const char *permission,
		 const struct service_answer *answer, const char **unread)
{
	/* That nobody has that name is an answer. */
	if (!talk_admin_take(p, what, answer) && answer->state != SERVICE_NOT_FOUND && !**unread)
		*unread = talk_admin_why(p, door, called, permission, answer);
}

static enum status run(struct probe *p)
{
	struct admin_case c = talk_admin_case(p);
	const char *unread = "", *trouble;
	struct service_answer answer;
	struct talk_admin door;

	trouble = talk_admin_open(p, TALK_GRAPH, probe_ask(p)->graph_token, &door);
	if (trouble)
		return probe_unknown(p, "admin.policies-unread", "%s", trouble);
	msgraph_security_defaults(probe_net(p), probe_arena(p), &door.service, &answer);
	take(p, &door, "securityDefaults", "security defaults", "Policy.Read.All", &answer,
	     &unread);
	if (answer.state == SERVICE_UNAUTHORIZED || answer.state == SERVICE_UNREACHED)
		return probe_unknown(p, "admin.policies-unread", "%s", unread);
	msgraph_policies(probe_net(p), probe_arena(p), &door.service, &answer);
	take(p, &door, "policies", "conditional access policies", "Policy.Read.All", &answer,
	     &unread);
	if (*probe_ask(p)->user && *c.user) {
		msgraph_user(probe_net(p), probe_arena(p), &door.service, c.user, &answer);
		take(p, &door, "user", "the account", "User.Read.All", &answer, &unread);
	}
	admin_join(probe_arena(p), probe_facts(p), &c, ADMIN_POLICIES);
	return verdict(p, unread);
}

const struct check check_admin_policies = {
	.id		= "admin.policies",
	.title		= "No policy of Entra ID stops the login",
	.label		= "policies",
	.stage		= STAGE_AUTH,
	.after		= CHECKS("target.provider", "smtp.ehlo-tls", "token.claims", "auth.login",
				 "auth.plain", "auth.xoauth2", "auth.oauthbearer",
				 "smtp.mail-from", "smtp.rcpt-to", "smtp.data", "admin.exchange"),
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
