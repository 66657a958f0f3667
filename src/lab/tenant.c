/*
 * tenant - the lines of a scenario's `tenant` section, and who is who in it.
 */
#include "lab/tenant.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "lab/line.h"
#include "lab/scenario.h"
#include "lab/setting.h"
#include "lab/tenant-entry.h"

enum { TENANT_MAX_SECONDS = 10 * 365 * 86400, DEVICE_MOST = 100000 };

#define AT(member) .place = offsetof(struct lab_tenant, member)

/* "EU", "USGov DODCON" */
static const char *set_region(void *object, struct arena *a, struct span value)
{
	struct lab_tenant *t = object;
	struct scan s = scan_span(value);

	t->region = span_dup(a, line_word(&s));
	t->sub_region = span_dup(a, line_word(&s));
	return NULL;
}

/* "managed", "federated https://sts.contoso.com/adfs/ls/" */
static const char *set_realm(void *object, struct arena *a, struct span value)
{
	struct lab_tenant *t = object;
	struct scan s = scan_span(value);
	int federated = setting_choose(line_word(&s), "managed federated");
	struct span url = line_word(&s);

	if (federated != (url.len > 0))
		return "`realm managed`, or `realm federated URL`";
	t->sts = span_dup(a, url);
	return NULL;
}

/* "ahead 600s", "behind 600s" */
static const char *set_clock(void *object, struct arena *a, struct span value)
{
	static const struct lab_setting time = {
		"clock", SETTING_SECONDS, AT(clock_s), .most = 1000UL * TENANT_MAX_SECONDS,
		.expected = "`clock ahead TIME` or `clock behind TIME`",
	};
	struct lab_tenant *t = object;
	struct scan s = scan_span(value);
	int ahead = setting_choose(line_word(&s), "behind ahead");
	const char *wrong = setting_set(&time, t, a, line_word(&s));

	if (ahead == 0)
		t->clock_s = -t->clock_s;
	return ahead < 0 ? time.expected : wrong;
}

static const char *set_device(void *object, struct arena *a, struct span value)
{
	static const struct lab_setting list[] = {
		{ "pending", SETTING_NUMBER, AT(device.pending), .most = DEVICE_MOST },
		{ "slow-down", SETTING_NUMBER, AT(device.slow_down), .most = DEVICE_MOST },
		{ "interval", SETTING_NUMBER, AT(device.interval), .most = DEVICE_MOST },
		{ "lasts", SETTING_NUMBER, AT(device.lasts), .most = DEVICE_MOST },
		{ "ends", SETTING_WORD, AT(device.end), .words = "approved declined expired" },
	};
	struct scan s = scan_span(value);

	return pairs_set(list, ARRAY_LEN(list), object, a, &s) ? NULL :
	       "`device` and some of pending=N slow-down=N interval=SECONDS lasts=SECONDS "
	       "ends=approved|declined|expired";
}

static const struct lab_setting settings[] = {
	{ "id", SETTING_TEXT, AT(id) },
	{ "domains", SETTING_LIST, AT(domains), .separator = ' ' },
	{ "region", SETTING_OTHER, .set = set_region },
	{ "cloud", SETTING_WORD, AT(cloud), .words = "worldwide usgov china personal google" },
	{ "brand", SETTING_TEXT, AT(brand) },
	{ "realm", SETTING_OTHER, .set = set_realm },
	{ "visitor", SETTING_TEXT, AT(visitor) },
	{ "security-defaults", SETTING_FLAG, AT(security_defaults), .words = "off on",
	  .expected = "`on` or `off`" },
	{ "smtp-auth", SETTING_FLAG, AT(smtp_auth_off), .words = "on off",
	  .expected = "`on` or `off`" },
	{ "premium", SETTING_FLAG, AT(no_premium), .words = "on off", .expected = "`on` or `off`" },
	{ "clock", SETTING_OTHER, .set = set_clock },
	{ "lifetime", SETTING_SECONDS, AT(lifetime_s), .most = 1000UL * TENANT_MAX_SECONDS,
	  .expected = "`lifetime` and a time like 3599s" },
	{ "device", SETTING_OTHER, .set = set_device },
};

static const char *words(struct arena *a)
{
	return arena_printf(a, "%s%s", setting_names(settings, ARRAY_LEN(settings), a),
			    setting_names(tenant_entries, TENANT_ENTRIES, a));
}

const char *tenant_line(struct lab_tenant *t, struct arena *a, struct span line, unsigned layer)
{
	struct tenant_cursor c = { .tenant = t, .layer = layer };
	struct scan s = scan_span(line);
	struct span word = line_word(&s), value = line_rest(&s);
	const struct lab_setting *row = setting_find(settings, ARRAY_LEN(settings), word);

	if (value.len == 0)
		return arena_printf(a, "a word and a value:%s", words(a));
	if (row)
		return setting_set(row, t, a, value);
	row = setting_find(tenant_entries, TENANT_ENTRIES, word);
	if (!row)
		return arena_printf(a, "one of%s", words(a));
	if (t->n_entries++ == TENANT_MAX_ENTRIES)
		return "fewer lines in one tenant";
	return setting_set(row, &c, a, value);
}

struct lab_tenant *tenant_section(struct scenario *s, struct arena *a, struct span rest,
				  const char **ret_expected)
{
	struct lab_tenant **link = &s->tenants;
	const char *domain = str_lower(a, span_dup(a, rest));
	size_t n = 0;

	*ret_expected = "the name of a domain after `tenant`";
	if (rest.len == 0 || memchr(rest.p, ' ', rest.len))
		return NULL;
	for (; *link; link = &(*link)->next, n++)
		if (str_eq((*link)->domain, domain))
			return *link;
	*ret_expected = "fewer tenants";
	if (n == TENANT_MAX)
		return NULL;
	*link = arena_alloc(a, sizeof(**link));
	**link = (struct lab_tenant) {
		.domain = domain, .id = "11111111-2222-3333-4444-555555555555", .region = "EU",
		.sub_region = "", .brand = domain, .sts = "", .visitor = "", .lifetime_s = 3599,
		.device = { .interval = 5, .lasts = 900 }
	};
	return *link;
}

bool tenant_has_domain(const struct lab_tenant *t, const char *domain)
{
	return str_eq_nocase(t->domain, domain) || strv_has_nocase(&t->domains, domain);
}

const struct tenant_user *tenant_user(const struct lab_tenant *t, const char *name)
{
	for (const struct tenant_user *u = t->users; u; u = u->next)
		if (str_eq_nocase(u->name, name) || str_eq_nocase(u->id, name))
			return u;
	return NULL;
}

const struct tenant_app *tenant_app(const struct lab_tenant *t, const char *id)
{
	for (const struct tenant_app *p = t->apps; p; p = p->next)
		if (str_eq_nocase(p->id, id))
			return p;
	return NULL;
}

const struct lab_tenant *tenant_of_address(const struct scenario *s, const char *address)
{
	const char *at = strrchr(address, '@');

	for (const struct lab_tenant *t = s->tenants; at && t; t = t->next)
		if (tenant_has_domain(t, at + 1))
			return t;
	return NULL;
}

const struct tenant_refusal *tenant_refusal(const struct lab_tenant *t, const char *at)
{
	for (const struct tenant_refusal *r = t->refusals; r; r = r->next)
		if (str_eq(r->at, at) || str_eq(r->at, "*"))
			return r;
	return NULL;
}

int64_t tenant_now(const struct lab_tenant *t)
{
	return (int64_t)clock_wall() + t->clock_s;
}
