/*
 * What a diagnosis advises under a provider that is not Microsoft: every cause is rendered under
 * each of them, and no admin center, portal or cmdlet of Microsoft's may be named.
 */
#include "tests/unit/tap.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "judge/vendor.h"
#include "judge/weigh.h"
#include "know/tables.h"

static struct know *know;

/* The test's own list: what somebody without a tenant can't open or run. */
static const char *const foreign[] = {
	"Exchange admin center", "Exchange Online PowerShell", "Microsoft 365 admin center",
	"Entra admin center", "Defender portal", "Set-Mailbox", "Get-Mailbox", "Set-CASMailbox",
	"Get-CASMailbox", "Get-TransportConfig", "Set-OrganizationConfig", "Get-Recipient",
	"Add-RecipientPermission", "Get-LimitsEnforcementStatus", "Get-InboxRule",
	"Set-DistributionGroup", "Get-BlockedSenderAddress", "New-InboundConnector",
};

/* Causes that anybody's server can mean: a step must be left for them. */
static const char anybody[] =
	"wrong-credentials|app-password-required|account-locked|account-disabled|"
	"auth-failed-unspecified|not-authenticated|starttls-required|send-as-denied|relay-denied|"
	"throttled-rate|throttled-connections|submission-quota|recipient-limit|message-too-large|"
	"ip-blocklisted|sender-blocked|spam-rejected|policy-rejected|mailbox-full|"
	"unknown-recipient|recipient-restricted|spf-fail|dkim-fail|dmarc-fail|"
	"transient-server-error|routing-loop|greylisted|reverse-dns-missing";

static struct diagnosed *diagnosed(struct arena *a, const struct cause *cause,
				   const char *provider)
{
	struct candidates c = { .arena = a, .know = know, .provider = provider };
	struct filling f = { .user = "" };
	struct diagnosed *list;
	size_t n;

	candidates_add(&c, &(struct candidate) {
		.cause = cause, .certainty = LIKELY, .stage = STAGE_ACCEPTED,
		.rank = RANK_REPLY, .because = "the test says so", .matched_by = "the test",
	});
	list = candidates_weigh(&c, &f, &n);
	return n == 1 ? list : NULL;
}

static const char *foreign_in(const char *text)
{
	for (size_t i = 0; text && i < ARRAY_LEN(foreign); i++) {
		if (strstr(text, foreign[i]))
			return foreign[i];
	}
	return "";
}

static const char *first_foreign(const struct diagnosed *d)
{
	const char *found = foreign_in(d->verify);

	if (!*found)
		found = foreign_in(d->decide);
	for (size_t i = 0; i < d->fix.n && !*found; i++) {
		const struct fix_step *s = &d->fix.steps[i];
		const char *const parts[] = { s->where, s->act, s->command };

		for (size_t j = 0; j < ARRAY_LEN(parts) && !*found; j++)
			found = foreign_in(parts[j]);
	}
	return found;
}

static void under(const char *provider)
{
	const struct cause *cause;

	for (size_t i = 0; (cause = know_cause_at(know, i)); i++) {
		_cleanup_(arena_freep) struct arena *a = arena_new();
		const struct diagnosed *d = diagnosed(a, cause, provider);

		if (!ok(d != NULL, arena_printf(a, "%s: %s is told", provider, cause->id)))
			continue;
		is_str(first_foreign(d), "",
		       arena_printf(a, "%s: %s names no tool of Microsoft's", provider,
				    cause->id));
		if (str_in(cause->id, anybody))
			ok(d->fix.n > 0,
			   arena_printf(a, "%s: %s has a step left", provider, cause->id));
	}
}

/* And where the tools are there, they are named. */
static void at_home(const char *provider)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const struct diagnosed *d = diagnosed(a, know_cause(know, "mailbox-full"), provider);

	ok(d && *first_foreign(d), *provider ? provider : "an unknown provider: all steps stay");
}

static void words(void)
{
	ok(vendor_speaks_microsoft("run Set-Mailbox -Identity X"), "a cmdlet");
	ok(!vendor_speaks_microsoft("Set-up of the mailbox"), "no cmdlet");
	ok(!vendor_speaks_microsoft("the header List-Unsubscribe"), "a header");
	ok(vendor_is_microsoft("m365-gcch") && vendor_is_microsoft("outlook.com"), "Microsoft");
	ok(!vendor_is_microsoft("google") && !vendor_is_microsoft(NULL), "others, and nobody");
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error = NULL;

	know = know_new(a, NULL, &error);
	ok(know != NULL, "the tables");
	words();
	under("google");
	under("qq");
	under("ses");
	under("postfix");
	at_home("m365");
	at_home("");
	return tap_done();
}
