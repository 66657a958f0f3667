/*
 * token-claims - does the token itself say why a server would refuse it?
 *
 *	judges form, time, audience, permission and user of the token given; nothing is sent
 *
 * RFC 7519; what is looked at, and in which order: src/token/judge.c. The login is in
 * auth-xoauth2.c, and is tried whatever is found here. This waits for it, because the server's word
 * counts for more, and because only its replies tell its clock.
 */
#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "check/check.h"
#include "token/token.h"

static const struct { const char *finding; bool certain; } verdicts[TOKEN_FAULTS] = {
	[FAULT_DAMAGED]		= { "token.damaged", true },
	[FAULT_WRONG_KIND]	= { "token.wrong-kind", true },
	[FAULT_EXPIRED]		= { "token.expired", true },
	[FAULT_EARLY]		= { "token.early", false },
	[FAULT_FOREIGN]		= { "token.foreign", true },
	[FAULT_CLOUD]		= { "token.cloud", true },
	[FAULT_AUDIENCE]	= { "token.audience", true },
	[FAULT_SCOPE]		= { "token.scope", true },
	[FAULT_ROLES]		= { "token.roles", false },
	[FAULT_TENANT]		= { "token.tenant", true },
	[FAULT_PERSONAL]	= { "token.personal", false },
	[FAULT_APP_AS_USER]	= { "token.app-as-user", true },
	[FAULT_USER]		= { "token.user", false },
	[FAULT_SIGNATURE]	= { "token.signature", true },
};

static bool wanted(const struct ask *ask)
{
	return ask->token != NULL;
}

/*
 * The tenant that has the mailbox: as told, or of its domain, when that was the one
 * that was asked about.
 */
static const char *tenant_of(struct probe *p)
{
	const char *at = strrchr(probe_ask(p)->user, '@');

	if (*probe_ask(p)->tenant)
		return probe_ask(p)->tenant;
	return at && str_eq_nocase(at + 1, probe_get(p, "tenant.domain")) ?
	       probe_get(p, "tenant.id") : "";
}

/* The server's clock if any of its ports told it, else ours. */
static struct token_wanted wanted_of(struct probe *p)
{
	const struct fact *skew = facts_match(probe_facts(p), "smtp.*.clock-skew-s", NULL);

	return (struct token_wanted) {
		.purpose = str_eq(probe_ask(p)->via, "graph") ? PURPOSE_GRAPH : PURPOSE_SMTP,
		.know = probe_ask(p)->know, .host = probe_host(p),
		.provider = probe_get(p, "target.provider"), .path = probe_get(p, "target.path"),
		.user = probe_ask(p)->user,
		.tenant = tenant_of(p), .now = clock_wall() - (time_t)(skew ? skew->number : 0),
		.server_clock = skew != NULL,
	};
}

static bool accepted(struct probe *p)
{
	const struct fact *f = NULL;

	while ((f = facts_match(probe_facts(p), "auth.*.accepted", f)))
		if (f->number)
			return true;
	return false;
}

static enum status verdict(struct probe *p, const struct token *t,
			   const struct token_faults *faults, bool good)
{
	enum token_fault first = token_first_fault(faults);
	const char *words = token_words(probe_arena(p), t, wanted_of(p).now);

	if (first == TOKEN_FAULTS && !t->readable)
		return probe_idle(p, "the token is %s: only the server can judge it", t->form);
	if (first == TOKEN_FAULTS)
		return probe_pass(p, "%s", words);
	if (good && first == FAULT_USER)
		return probe_pass(p, "%s; it may use the mailbox of %s", words, probe_ask(p)->user);
	if (good)
		return probe_warn(p, verdicts[first].finding,
				  "%s; the server accepts it all the same", faults->why[first]);
	if (!verdicts[first].certain || (first == FAULT_WRONG_KIND && t->guessed))
		return probe_warn(p, verdicts[first].finding, "%s", faults->why[first]);
	return probe_fail(p, verdicts[first].finding, "%s", faults->why[first]);
}

static enum status run(struct probe *p)
{
	const struct secret *secret = probe_ask(p)->token;
	struct token_wanted w = wanted_of(p);
	bool good = accepted(p);
	struct token_faults faults;
	struct token t;

	token_read(probe_arena(p), secret_bytes(secret), secret_len(secret), &t);
	token_judge(probe_arena(p), &t, &w, &faults);
	token_facts(probe_facts(p), &t, &w);
	/* What the server took is no fault to any rule. */
	if (!good) {
		token_fault_facts(probe_facts(p), &t, &faults);
		if (faults.why[FAULT_EXPIRED] && w.server_clock && t.exp > clock_wall())
			probe_fact_bool(p, "token.clocks-differ", true);
	}
	return verdict(p, &t, &faults, good);
}

const struct check check_token_claims = {
	.id		= "token.claims",
	.title		= "Nothing in the token speaks against it",
	.label		= "token",
	.stage		= STAGE_AUTH,
	.needs		= FACTS("target.host"),
	.after		= CHECKS("target.provider", "tenant.discovery", "smtp.greeting",
				 "auth.xoauth2", "auth.oauthbearer"),
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
