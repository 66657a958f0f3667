/*
 * admin-sign-ins - what does the sign-in log say of this account's SMTP logins?
 *
 *	GET auditLogs/signIns of Microsoft Graph, filtered to the user and to Authenticated
 *	SMTP, the last day
 *
 * https://learn.microsoft.com/graph/api/signin-list. The number there (AADSTS) is what the server's
 * reply hides; aadsts.tsv knows it. Runs after the logins, so that ours may be among them; entries
 * appear some minutes late.
 */
#include "base/clock.h"
#include "check/check.h"
#include "microsoft/msgraph.h"
#include "talk/admin.h"

enum { DAY_S = 24 * 3600 };

static bool wanted(const struct ask *ask)
{
	return ask->graph_token != NULL;
}

static enum status verdict(struct probe *p)
{
	const char *weight = probe_get(p, "entra.login.weight"),
		*policy = probe_get(p, "entra.login.policy"), *words;

	if (!probe_has(p, "entra.login.code"))
		return probe_idle(p, "no SMTP login of %s is in the log of the last day; it lags "
				  "some minutes behind, so run this again in ten minutes",
				  talk_admin_mailbox(p));
	words = arena_printf(probe_arena(p), "%s at %s%s%s%s%s", probe_get(p, "entra.login.code"),
			     probe_get(p, "entra.login.time"),
			     *probe_get(p, "entra.login.ip") ? " from " : "",
			     probe_get(p, "entra.login.ip"),
			     *policy ? ", by the policy " : "", policy);
	if (probe_number(p, "entra.login.code", 0) == 0 && talk_admin_refused(p) &&
	    !str_eq(weight, "this-one"))
		return probe_idle(p, "the login that was refused is not in the log yet, which lags "
				  "some minutes behind; the last one there was let in, at %s",
				  probe_get(p, "entra.login.time"));
	if (probe_number(p, "entra.login.code", 0) == 0)
		return probe_pass(p, "let in by Entra ID at %s%s%s",
				  probe_get(p, "entra.login.time"),
				  *probe_get(p, "entra.login.ip") ? " from " : "",
				  probe_get(p, "entra.login.ip"));
	if (talk_admin_accepted(p))
		return probe_pass(p, "refused before: %s; let in now", words);
	if (str_eq(weight, "earlier") || !talk_admin_refused(p))
		return probe_warn(p, "admin.sign-in-refused", "refused: %s", words);
	return probe_fail(p, "admin.sign-in-refused", "refused: %s", words);
}

static enum status run(struct probe *p)
{
	struct admin_case c = talk_admin_case(p);
	struct service_answer answer;
	struct talk_admin door;
	const char *trouble;

	if (!*c.user)
		return probe_idle(p, "whose logins? Give --user");
	trouble = talk_admin_open(p, TALK_GRAPH, probe_ask(p)->graph_token, &door);
	if (trouble)
		return probe_unknown(p, "admin.sign-ins-unread", "%s", trouble);
	msgraph_sign_ins(probe_net(p), probe_arena(p), &door.service, c.user, clock_wall() - DAY_S,
			 &answer);
	if (!talk_admin_take(p, "signIns", &answer))
		return probe_unknown(p, "admin.sign-ins-unread", "%s",
				     talk_admin_why(p, &door, "the sign-in log",
						    "AuditLog.Read.All", &answer));
	admin_join(probe_arena(p), probe_facts(p), &c, ADMIN_SIGN_INS);
	return verdict(p);
}

const struct check check_admin_sign_ins = {
	.id		= "admin.sign-ins",
	.title		= "Entra ID let the account's SMTP logins in",
	.label		= "sign-in log",
	.stage		= STAGE_AUTH,
	.after		= CHECKS("target.provider", "smtp.ehlo-tls", "token.claims", "auth.login",
				 "auth.plain", "auth.xoauth2", "auth.oauthbearer",
				 "smtp.mail-from", "smtp.rcpt-to", "smtp.data", "admin.exchange",
				 "admin.policies"),
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
