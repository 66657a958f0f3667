/*
 * clouds.tsv: who issues tokens, where, and for which names of the mail service.
 */
#include "know/tables.h"

#include "base/str.h"

enum {
	L_ID, L_NAME, L_HOUSE, L_TENANT, L_LOGIN, L_AUTH, L_TOKEN, L_DEVICE, L_AUDIENCES, L_GRAPH, L_EXCHANGE, L_SMTP, L_PROVIDERS, L_ISSUERS,
	L_NOTE, L_SOURCE, L_CONFIDENCE,
};
static const char *const columns[] = {
	"id", "name", "house", "tenant", "login", "auth_url", "token_url", "device_url", "audiences", "graph", "exchange", "smtp", "providers",
	"issuers", "note", "source", "confidence", NULL,
};

/* An address of https:// that has {tenant} only where a tenant can be filled in. */
static const char *load_address(struct load *l, size_t column, bool has_tenant)
{
	const char *s = load_must(l, column);

	if (!str_has_prefix(s, "https://"))
		load_bad(l, column, "'%s' does not begin with https://", s);
	if (has_tenant != (strstr(s, "/{tenant}/") != NULL))
		load_bad(l, column, "'%s' must %s /{tenant}/, as the column 'tenant' says", s, has_tenant ? "have" : "not have");
	return s;
}

static void *read_cloud(struct load *l)
{
	static const char *const houses[] = { "microsoft", "google", NULL };
	struct cloud *c = arena_alloc(l->k->arena, sizeof(*c));
	bool has_tenant;

	c->id = load_must(l, L_ID);
	load_unique(l, TABLE_CLOUDS, L_ID);
	c->name = load_must(l, L_NAME);
	c->house = load_word(l, L_HOUSE, houses, false);
	c->tenant = load_cell(l, L_TENANT);
	has_tenant = *c->tenant != '\0';
	c->login = load_address(l, L_LOGIN, false);
	c->auth_url = load_address(l, L_AUTH, has_tenant);
	c->token_url = load_address(l, L_TOKEN, has_tenant);
	c->device_url = load_address(l, L_DEVICE, has_tenant);
	c->audiences = load_list(l, L_AUDIENCES, ' ');
	load_must(l, L_AUDIENCES);
	c->graph = load_cell(l, L_GRAPH);
	c->exchange = load_cell(l, L_EXCHANGE);
	c->smtp = load_must(l, L_SMTP);
	c->providers = load_list(l, L_PROVIDERS, ' ');
	for (size_t i = 0; i < c->providers.n; i++)
		if (!provider_exists(l->k, c->providers.v[i], NULL))
			load_bad(l, L_PROVIDERS, "'%s' is no provider of providers.tsv", c->providers.v[i]);
	c->issuers = load_list(l, L_ISSUERS, ' ');
	load_must(l, L_ISSUERS);
	c->note = load_cell(l, L_NOTE);
	c->source = load_must(l, L_SOURCE);
	c->confidence = load_confidence(l, L_CONFIDENCE);
	return c;
}

const struct table_kind cloud_table = { "clouds.tsv", columns, read_cloud };

const struct cloud *know_cloud_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_CLOUDS, i);
}

const struct cloud *know_cloud(const struct know *k, const char *id)
{
	return know_cloud_at(k, table_find(k, TABLE_CLOUDS, L_ID, id));
}

const struct cloud *know_cloud_of_provider(const struct know *k, const char *provider)
{
	const struct cloud *c;

	for (size_t i = 0; (c = know_cloud_at(k, i)); i++)
		if (strv_has(&c->providers, provider))
			return c;
	return NULL;
}

bool cloud_issues(const struct cloud *c, const char *issuer)
{
	for (size_t i = 0; i < c->issuers.n; i++)
		if (str_glob(c->issuers.v[i], issuer))
			return true;
	return false;
}

const struct cloud *know_cloud_of_issuer(const struct know *k, const char *issuer)
{
	const struct cloud *c;

	for (size_t i = 0; (c = know_cloud_at(k, i)); i++)
		if (cloud_issues(c, issuer))
			return c;
	return NULL;
}
