/*
 * client-token - the pairs of an `issue` line, and the token they describe.
 */
#include "lab/cloud/cloud.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/scan.h"
#include "lab/cloud/entra.h"
#include "lab/setting.h"

enum { ISSUE_MAX_S = 10 * 365 * 86400 };

struct order {
	const struct lab_tenant	*tenant;
	const char		*domain, *app, *user, *scope;
	int64_t			 age_ms, lasts_ms;	/* lasts -1 = the tenant's own lifetime */
};

static const struct lab_tenant *tenant_named(const struct scenario *s, const char *name)
{
	const struct lab_tenant *t = s->tenants;

	while (t && !tenant_has_domain(t, name))
		t = t->next;
	return t;
}

#define AT(member) .place = offsetof(struct order, member)

static const struct lab_setting order_settings[] = {
	{ "tenant", SETTING_TEXT, AT(domain) },
	{ "app", SETTING_TEXT, AT(app) },
	{ "user", SETTING_TEXT, AT(user) },
	{ "scope", SETTING_TEXT, AT(scope) },
	{ "age", SETTING_TIME, AT(age_ms), .most = 1000UL * ISSUE_MAX_S },
	{ "lasts", SETTING_TIME, AT(lasts_ms), .most = 1000UL * ISSUE_MAX_S },
};

/* NULL, or what was expected. */
static const char *read_order(struct arena *a, const struct scenario *s, struct order *o)
{
	struct scan scan = scan_over(s->client_token, strlen(s->client_token));

	*o = (struct order) { .domain = "", .app = "", .lasts_ms = -1,
			      .scope = "https://outlook.office.com/SMTP.Send" };
	if (!pairs_set(order_settings, ARRAY_LEN(order_settings), o, a, &scan))
		return "some of tenant= app= user= scope= age=TIME lasts=TIME";
	o->tenant = tenant_named(s, o->domain);
	if (!o->tenant || !tenant_app(o->tenant, o->app))
		return "a tenant and an app of it that the scenario has";
	return o->user && !tenant_user(o->tenant, o->user) ? "a user of the tenant" : NULL;
}

static const char *make(struct arena *a, const struct scenario *s, struct token_store *tokens,
			const struct order *o)
{
	struct cloud_call c = { .arena = a, .scenario = s, .tokens = tokens };
	struct lab_tenant tenant = *o->tenant;
	const struct tenant_app *app = tenant_app(&tenant, o->app);
	const struct tenant_user *user = o->user ? tenant_user(&tenant, o->user) : NULL;
	struct entra e = { .c = &c, .cloud = tenant.cloud, .tenant = &tenant, .app = app,
			   .acr = o->user ? 0 : 1 };
	long long at = tenant_now(&tenant) - o->age_ms / 1000;
	struct oauth_scope scope;

	if (o->lasts_ms >= 0)
		tenant.lifetime_s = o->lasts_ms / 1000;
	if (tenant.cloud == CLOUD_GOOGLE)
		return google_mint(a, app, user, o->scope, at + tenant.lifetime_s);
	return scope_read(a, o->scope, &scope) == 0 ? entra_mint(&e, user, &scope, at) : NULL;
}

bool client_token_issue(struct arena *a, struct scenario *s, struct token_store *tokens,
			const char **ret_error)
{
	struct order o;
	const char *expected;

	if (!s->client_token)
		return true;
	expected = read_order(a, s, &o);
	if (!expected) {
		s->token = make(a, s, tokens, &o);
		expected = s->token ? NULL : "a scope of one resource that is known";
	}
	if (expected)
		*ret_error = arena_printf(a, "`issue %s`: expected %s", s->client_token, expected);
	s->token = s->token ? s->token : "";
	/* Whether it is right is the servers' to say. */
	if (!s->right_token)
		s->right_token = "";
	return !expected;
}
