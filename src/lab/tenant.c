/*
 * tenant - the lines of a scenario's `tenant` section, and who is who in it.
 */
#include "lab/tenant.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "lab/scenario.h"
#include "lab/tenant-entry.h"

enum { TENANT_MAX_SECONDS = 10 * 365 * 86400 };

static int choose(struct span value, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_eq(value, list[i]))
			return (int)i;
	return -1;
}

struct setting {
	const char	*name;
	const char	*(*set)(struct lab_tenant *t, struct arena *a, struct span value);	/* NULL, or what was expected */
};

static const char *set_id(struct lab_tenant *t, struct arena *a, struct span value)
{
	t->id = span_dup(a, value);
	return NULL;
}

static const char *set_domains(struct lab_tenant *t, struct arena *a, struct span value)
{
	t->domains = (struct strv) { .n = 0 };
	strv_split(&t->domains, a, span_dup(a, value), ' ');
	return NULL;
}

/* "EU", "USGov DODCON" */
static const char *set_region(struct lab_tenant *t, struct arena *a, struct span value)
{
	struct scan s = scan_span(value);

	t->region = span_dup(a, line_word(&s));
	t->sub_region = span_dup(a, line_word(&s));
	return NULL;
}

static const char *set_cloud(struct lab_tenant *t, struct arena *a, struct span value)
{
	static const char *const words[] = { "worldwide", "usgov", "china", "personal", "google" };
	int i = choose(value, words, ARRAY_LEN(words));

	(void)a;
	if (i < 0)
		return "`cloud` and one of worldwide usgov china personal google";
	t->cloud = (enum tenant_cloud)i;
	return NULL;
}

static const char *set_brand(struct lab_tenant *t, struct arena *a, struct span value)
{
	t->brand = span_dup(a, value);
	return NULL;
}

static const char *set_visitor(struct lab_tenant *t, struct arena *a, struct span value)
{
	t->visitor = span_dup(a, value);
	return NULL;
}

/* "managed", "federated https://sts.contoso.com/adfs/ls/" */
static const char *set_realm(struct lab_tenant *t, struct arena *a, struct span value)
{
	struct scan s = scan_span(value);
	struct span kind = line_word(&s), url = line_word(&s);

	if (!(span_eq(kind, "managed") && url.len == 0) && !(span_eq(kind, "federated") && url.len > 0))
		return "`realm managed`, or `realm federated URL`";
	t->sts = span_dup(a, url);
	return NULL;
}

static const char *read_switch(struct span value, bool *ret)
{
	if (!span_eq(value, "on") && !span_eq(value, "off"))
		return "`on` or `off`";
	*ret = span_eq(value, "on");
	return NULL;
}

static const char *set_security_defaults(struct lab_tenant *t, struct arena *a, struct span value)
{
	(void)a;
	return read_switch(value, &t->security_defaults);
}

static const char *set_smtp_auth(struct lab_tenant *t, struct arena *a, struct span value)
{
	bool on = true;
	const char *wrong = read_switch(value, &on);

	(void)a;
	t->smtp_auth_off = !on;
	return wrong;
}

static const char *set_premium(struct lab_tenant *t, struct arena *a, struct span value)
{
	bool on = true;
	const char *wrong = read_switch(value, &on);

	(void)a;
	t->no_premium = !on;
	return wrong;
}

/* "ahead 600s", "behind 600s" */
static const char *set_clock(struct lab_tenant *t, struct arena *a, struct span value)
{
	struct scan s = scan_span(value);
	struct span way = line_word(&s);
	int64_t ms = 0;

	(void)a;
	if ((!span_eq(way, "ahead") && !span_eq(way, "behind")) || !line_duration(line_word(&s), 1000UL * TENANT_MAX_SECONDS, &ms))
		return "`clock ahead TIME` or `clock behind TIME`";
	t->clock_s = span_eq(way, "ahead") ? ms / 1000 : -(ms / 1000);
	return NULL;
}

static const char *set_lifetime(struct lab_tenant *t, struct arena *a, struct span value)
{
	int64_t ms = 0;

	(void)a;
	if (!line_duration(value, 1000UL * TENANT_MAX_SECONDS, &ms))
		return "`lifetime` and a time like 3599s";
	t->lifetime_s = ms / 1000;
	return NULL;
}

static const char *set_device(struct lab_tenant *t, struct arena *a, struct span value)
{
	static const char *const ends[] = { "approved", "declined", "expired" };
	struct scan s = scan_span(value);
	struct pair p;

	while (pair_next(&s, a, &p)) {
		int i = choose(span_of(p.value), ends, ARRAY_LEN(ends));
		unsigned long *n = str_eq(p.name, "pending") ? &t->device.pending : str_eq(p.name, "slow-down") ? &t->device.slow_down :
				   str_eq(p.name, "interval") ? &t->device.interval : str_eq(p.name, "lasts") ? &t->device.lasts : NULL;

		if (str_eq(p.name, "ends") && i >= 0)
			t->device.end = (enum device_end)i;
		else if (!n || !str_number(p.value, 100000, n))
			return "`device` and some of pending=N slow-down=N interval=SECONDS lasts=SECONDS ends=approved|declined|expired";
	}
	return NULL;
}

static const struct setting settings[] = {
	{ "id",                set_id },
	{ "domains",           set_domains },
	{ "region",            set_region },
	{ "cloud",             set_cloud },
	{ "brand",             set_brand },
	{ "realm",             set_realm },
	{ "visitor",           set_visitor },
	{ "security-defaults", set_security_defaults },
	{ "smtp-auth",         set_smtp_auth },
	{ "premium",           set_premium },
	{ "clock",             set_clock },
	{ "lifetime",          set_lifetime },
	{ "device",            set_device },
};

const char *tenant_line(struct lab_tenant *t, struct arena *a, struct span line, unsigned layer)
{
	struct scan s = scan_span(line);
	struct span word = line_word(&s), value = line_rest(&s);

	if (value.len == 0)
		return "a word and a value: id domains region cloud brand realm visitor security-defaults smtp-auth premium clock lifetime device user app "
		       "certificate federated refuse sign-in policy cmdlet";
	for (size_t i = 0; i < ARRAY_LEN(settings); i++)
		if (span_eq(word, settings[i].name))
			return settings[i].set(t, a, value);
	if (t->n_entries++ == TENANT_MAX_ENTRIES)
		return "fewer lines in one tenant";
	return tenant_entry(t, a, word, value, layer);
}

struct lab_tenant *tenant_section(struct scenario *s, struct arena *a, struct span rest, const char **ret_expected)
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
	**link = (struct lab_tenant) { .domain = domain, .id = "11111111-2222-3333-4444-555555555555", .region = "EU", .sub_region = "",
				       .brand = domain, .sts = "", .visitor = "", .lifetime_s = 3599,
				       .device = { .interval = 5, .lasts = 900 } };
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
