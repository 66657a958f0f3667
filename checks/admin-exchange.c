/*
 * admin-exchange - what do the settings of Exchange Online say about this mailbox and this sender?
 *
 *	the cmdlets of the admin script, one after the other, by the door that the PowerShell module
 *	uses (not a documented one)
 *
 * Reads only. https://learn.microsoft.com/powershell/module/exchange. After the logins, whose
 * replies it is joined with.
 */
#include "check/check.h"
#include "microsoft/exo.h"
#include "talk/admin.h"

static bool wanted(const struct ask *ask)
{
	return ask->exo_token != NULL;
}

/* What a read is good for: then it is made. */
enum need { ALWAYS, MAILBOX, NO_MAILBOX, OTHER_FROM, APPLICATION, RIGHTS, KNOWN_APPLICATION,
	    HIGH_VOLUME };

static const struct { const char *cmdlet; enum need need; } reads[] = {
	{ "Get-TransportConfig", ALWAYS }, { "Get-CASMailbox", MAILBOX },
	{ "Get-Mailbox", MAILBOX }, { "Get-Recipient", NO_MAILBOX },
	{ "Get-User", MAILBOX }, { "Get-OrganizationConfig", ALWAYS },
	{ "Get-AuthenticationPolicy", ALWAYS },
	{ "Get-RecipientPermission", OTHER_FROM }, { "Get-ServicePrincipal", APPLICATION },
	{ "Get-MailboxPermission", RIGHTS },
	{ "Test-ServicePrincipalAuthorization", KNOWN_APPLICATION },
	{ "Get-InboundConnector", ALWAYS }, { "Get-AcceptedDomain", ALWAYS },
	{ "Get-DkimSigningConfig", ALWAYS }, { "Get-BlockedSenderAddress", ALWAYS },
	{ "Get-HVEAccountBillingPolicy", HIGH_VOLUME },
};

static bool is_needed(struct probe *p, const struct admin_case *c, enum need need)
{
	switch (need) {
	case MAILBOX:
		return *c->user != '\0';
	case NO_MAILBOX:
		return *c->user && str_eq(probe_get(p, "exo.mailbox.exists"), "false");
	case OTHER_FROM:
		return *c->user && *c->from && !str_eq_nocase(c->from, c->user);
	case APPLICATION:
	case RIGHTS:
		return *c->user && *c->appid;
	case KNOWN_APPLICATION:
		return *c->user && *c->appid &&
		       probe_has(p, arena_printf(probe_arena(p), "exo.sp.%s.object-id",
						 str_lower(probe_arena(p), c->appid)));
	case HIGH_VOLUME:
		return *c->user && str_eq(probe_get(p, "target.path"), "high-volume-email");
	default:
		return true;
	}
}

/* Whom the cmdlet is asked about. */
static void parameters_of(struct probe *p, const struct admin_case *c, enum need need,
			  struct exo_parameter ret[3])
{
	unsigned n = 0;

	if (need == KNOWN_APPLICATION) {
		ret[n++] = (struct exo_parameter) {
			"Identity", probe_get(p, arena_printf(probe_arena(p), "exo.sp.%s.object-id",
							      str_lower(probe_arena(p), c->appid)))
		};
		ret[n++] = (struct exo_parameter) { "Resource", c->user };
	} else if (need == OTHER_FROM) {
		ret[n++] = (struct exo_parameter) { "Identity", c->from };
	} else if (need != ALWAYS && need != APPLICATION) {
		ret[n++] = (struct exo_parameter) { "Identity", c->user };
	}
	ret[n] = (struct exo_parameter) { NULL, NULL };
}

/*
 * How many could not be read; *ret_why of the first. -1: nobody is there to ask, or
 * the token is none.
 */
static int read_all(struct probe *p, const struct exo *x, const struct talk_admin *door,
		    const struct admin_case *c, const char **ret_why)
{
	int unread = 0;

	for (size_t i = 0; i < ARRAY_LEN(reads); i++) {
		struct exo_parameter parameters[3];
		struct service_answer answer;

		if (!is_needed(p, c, reads[i].need))
			continue;
		parameters_of(p, c, reads[i].need, parameters);
		exo_invoke(probe_net(p), probe_arena(p), x, reads[i].cmdlet, parameters, &answer);
		if (talk_admin_take(p, reads[i].cmdlet, &answer))
			continue;
		/* That it is not there is an answer. */
		if (reads[i].need != ALWAYS && (answer.state == SERVICE_NOT_FOUND ||
						str_find_nocase(answer.why, "couldn't be found")))
			continue;
		if (!unread++)
			*ret_why = talk_admin_why(p, door, reads[i].cmdlet,
						  "the role View-Only Organization Management (or "
						  "Exchange.ManageAsApp and Global Reader)",
						  &answer);
		if (answer.state == SERVICE_UNREACHED || answer.state == SERVICE_UNAUTHORIZED ||
		    (i == 0 && answer.state == SERVICE_FORBIDDEN))
			return -1;
	}
	return unread;
}

/*
 * What stands in the way, the gravest first; where a login is not even wanted its
 * settings do not matter.
 */
static const struct { const char *fact, *values, *finding; bool of_login, warns; } judged[] = {
	{ "exo.mailbox-home", "on-premises|no-mailbox|nowhere|unlicensed", "admin.no-mailbox",
	  true, false },
	{ "exo.smtp-auth", "off-mailbox|off-tenant", "admin.smtp-auth-off", true, false },
	{ "exo.basic-smtp", "blocked", "admin.basic-blocked", true, false },
	{ "exo.app.known", "false", "admin.application", true, false },
	{ "exo.app.fits", "false", "admin.application", true, false },
	{ "exo.hve.billing-status", NULL, "admin.billing", true, false },
	{ "exo.blocked-sender", NULL, "admin.sender-blocked", false, false },
	{ "exo.send-as", "denied|alias-off", "admin.send-as", false, false },
	{ "exo.login-by-alias", "true", "admin.login-by-alias", true, true },
	{ "exo.from-accepted", "false", "admin.from-foreign", false, true },
	{ "exo.dkim-of-from", "off|absent", "admin.dkim-off", false, true },
};

static bool is_one_of(struct probe *p, const char *list, const char *word)
{
	struct strv words = { NULL, 0, 0 };

	if (!list)
		return *word != '\0';
	strv_split(&words, probe_arena(p), list, '|');
	return strv_has(&words, word);
}

static enum status verdict(struct probe *p, int unread, const char *why)
{
	const char *of_login[] = { "exo.smtp-auth", "exo.mailbox-home", "exo.send-as" };
	const char *of_others[] = { "exo.org.reject-direct-send", "exo.connectors",
				    "exo.connector-fits" };
	bool login = *probe_ask(p)->user != '\0', in = talk_admin_accepted(p);
	const char **shown = login ? of_login : of_others;
	struct strv words = { NULL, 0, 0 };

	for (size_t i = 0; i < ARRAY_LEN(judged); i++) {
		const char *value = probe_get(p, judged[i].fact),
			*said = admin_word(probe_arena(p), probe_facts(p), judged[i].fact);

		if (!is_one_of(p, judged[i].values, value) || (judged[i].of_login && !login) ||
		    str_eq(value, "BillingPolicyValid"))
			continue;
		if (str_eq(judged[i].finding, "admin.basic-blocked") && probe_ask(p)->token)
			continue;
		if (in && judged[i].of_login)
			return probe_warn(p, judged[i].finding, "%s; the login was let in all the "
					  "same: a change takes up to an hour", said);
		return judged[i].warns ? probe_warn(p, judged[i].finding, "%s", said) :
		       probe_fail(p, judged[i].finding, "%s", said);
	}
	if (unread)
		return probe_unknown(p, "admin.exchange-unread", "%s%s", why,
				     unread > 1 ?
				     arena_printf(probe_arena(p), "; %d more could not be read",
						  unread - 1) : "");
	for (size_t i = 0; i < ARRAY_LEN(of_login); i++)
		if (*admin_word(probe_arena(p), probe_facts(p), shown[i]))
			strv_add(&words, probe_arena(p),
				 admin_word(probe_arena(p), probe_facts(p), shown[i]));
	return probe_pass(p, "%s",
			  words.n ? strv_join(&words, probe_arena(p), ". ") : "nothing in the way");
}

static enum status run(struct probe *p)
{
	struct admin_case c = talk_admin_case(p);
	struct talk_admin door;
	const char *why = talk_admin_open(p, TALK_EXCHANGE, probe_ask(p)->exo_token, &door);
	struct exo x = { .service = door.service, .tenant = door.tenant };
	int unread;

	if (why)
		return probe_unknown(p, "admin.exchange-unread", "%s", why);
	why = "";
	probe_fact(p, "exo.read-by", "%s", "InvokeCommand, the door of Microsoft's PowerShell "
		   "module, which is not documented");
	unread = read_all(p, &x, &door, &c, &why);
	if (unread < 0)
		return probe_unknown(p, "admin.exchange-unread", "%s", why);
	admin_join(probe_arena(p), probe_facts(p), &c, ADMIN_EXCHANGE);
	return verdict(p, unread, why);
}

const struct check check_admin_exchange = {
	.id		= "admin.exchange",
	.title		= "The settings of Exchange Online let the sender through",
	.label		= "Exchange Online",
	.stage		= STAGE_AUTH,
	.after		= CHECKS("target.provider", "smtp.ehlo-tls", "token.claims", "auth.login",
				 "auth.plain", "auth.xoauth2", "auth.oauthbearer",
				 "smtp.mail-from", "smtp.rcpt-to", "smtp.data"),
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
