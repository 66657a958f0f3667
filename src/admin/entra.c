/*
 * What Microsoft Graph says, fact for fact: sign-ins, security defaults, conditional access
 * policies, the user.
 */
#include "admin/inside.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/scan.h"
#include "judge/facts.h"

/* RFC 3339, or "/Date(1763683200000)/" as PowerShell 5 writes it. 0 = neither. */
static time_t time_of(const char *text)
{
	struct scan s = scan_span(span_of(text));
	unsigned long ms;
	time_t t;

	if (clock_parse(text, &t) == 0)
		return t > 0 ? t : 0;
	if (!scan_accept_str(&s, "/Date("))
		return 0;
	ms = scan_number(&s, 253402300799000ul);
	return scan_failed(&s) ? 0 : (time_t)(ms / 1000);
}

/* The names of the policies that refused, in quotes. */
static const char *refusing(struct arena *a, const json_t *row)
{
	const json_t *list = json_object_get(row, "appliedConditionalAccessPolicies");
	struct strv names = { NULL, 0, 0 };

	for (size_t i = 0; i < admin_rows(list) && i < LIMIT_ADMIN_ROWS; i++) {
		const json_t *policy = admin_row(list, i);
		const char *name = policy ? admin_text(a, policy, "displayName") : "";

		if (*name && str_eq_nocase(admin_text(a, policy, "result"), "failure"))
			strv_addf(&names, a, "\"%.200s\"", name);
	}
	return strv_join(&names, a, ", ");
}

void admin_take_signin(struct admin_row *r)
{
	const json_t *status = json_object_get(r->row, "status");
	const json_t *code = json_object_get(status, "errorCode");
	time_t when = time_of(admin_text(r->arena, r->row, "createdDateTime"));
	unsigned long number;

	/* Without a number or a time it decides nothing. */
	if (!when || !str_number(admin_text(r->arena, status, "errorCode"), 999999999, &number) ||
	    json_is_boolean(code))
		return;
	admin_put_number(r, "code", (long long)number);
	admin_put(r, "time", clock_utc(r->arena, when));
	admin_put(r, "reason", admin_text(r->arena, status, "failureReason"));
	admin_put(r, "policy", refusing(r->arena, r->row));
	admin_copy(r, "userPrincipalName", "user");
	admin_copy(r, "ipAddress", "ip");
	admin_copy(r, "appDisplayName", "app");
	admin_copy(r, "clientAppUsed", "client");
	admin_copy(r, "conditionalAccessStatus", "ca-status");
}

void admin_take_defaults(struct admin_row *r)
{
	r->area = "entra";
	admin_copy_yes(r, "isEnabled", "security-defaults");
}

static bool has_word(struct arena *a, const json_t *row, const char *member, const char *word)
{
	struct strv words = { NULL, 0, 0 };

	strv_split(&words, a, admin_text(a, row, member), ' ');
	return strv_has_nocase(&words, word);
}

void admin_take_policy(struct admin_row *r)
{
	struct arena *a = r->arena;
	const json_t *conditions = json_object_get(r->row, "conditions"),
		*users = json_object_get(conditions, "users");
	bool legacy = has_word(a, conditions, "clientAppTypes", "all") ||
		      has_word(a, conditions, "clientAppTypes", "other");

	admin_copy(r, "displayName", "name");
	admin_copy(r, "state", "state");
	/*
	 * A password over SMTP is "other clients"; whatever such a policy demands, it cannot give.
	 */
	admin_put_yes(r, "legacy", legacy);
	admin_put(r, "demands",
		  admin_text(a, json_object_get(r->row, "grantControls"), "builtInControls"));
	admin_put_yes(r, "everybody", has_word(a, users, "includeUsers", "All"));
	admin_put(r, "users", admin_text(a, users, "includeUsers"));
	admin_put(r, "excluded", admin_text(a, users, "excludeUsers"));
}

/* Is Exchange in the account's plan, and switched on? Many plans may have it. */
static int licensed(const json_t *row, struct arena *a)
{
	const json_t *plans = json_object_get(row, "assignedPlans");

	if (!json_is_array(plans))
		return -1;
	for (size_t i = 0; i < admin_rows(plans); i++) {
		const json_t *plan = admin_row(plans, i);

		if (plan && str_eq_nocase(admin_text(a, plan, "service"), "exchange") &&
		    str_eq_nocase(admin_text(a, plan, "capabilityStatus"), "Enabled"))
			return 1;
	}
	return 0;
}

void admin_take_user(struct admin_row *r)
{
	admin_put_yes(r, "exists", 1);
	admin_copy(r, "id", "id");
	admin_copy_yes(r, "accountEnabled", "enabled");
	admin_copy(r, "userPrincipalName", "upn");
	admin_put_yes(r, "licensed", licensed(r->row, r->arena));
}
