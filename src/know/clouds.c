/*
 * clouds.tsv: who issues tokens, where, and for which names of the mail service.
 */
#include "know/tables.h"

#define AT(member) .at = offsetof(struct cloud, member)

const char *const cloud_vendors[] = { "microsoft", "google", NULL };

enum { LOGIN = 4, AUTH, TOKEN, DEVICE, PROVIDERS = 12 };
static const struct column columns[] = {
	{ "id", cell_text, AT(id), MUST | KEY },
	{ "name", cell_text, AT(name), MUST },
	{ "vendor", cell_word, AT(vendor), MUST, .words = cloud_vendors },
	{ "tenant", cell_text, AT(tenant) },
	[LOGIN] = { "login", cell_text, AT(login), MUST },
	[AUTH] = { "auth_url", cell_text, AT(auth_url), MUST },
	[TOKEN] = { "token_url", cell_text, AT(token_url), MUST },
	[DEVICE] = { "device_url", cell_text, AT(device_url), MUST },
	{ "audiences", cell_list, AT(audiences), MUST, .sep = ' ' },
	{ "graph", cell_text, AT(graph) },
	{ "exchange", cell_text, AT(exchange) },
	{ "smtp", cell_text, AT(smtp), MUST },
	[PROVIDERS] = { "providers", cell_refs, AT(providers), .table = TABLE_PROVIDERS,
			.sep = ' ' },
	{ "issuers", cell_list, AT(issuers), MUST, .sep = ' ' },
	{ "note", cell_text, AT(note) },
	{ "source", cell_text, AT(source), MUST },
	{ "confidence", cell_confidence, AT(confidence), MUST },
};

/* The providers that it issues tokens for are its vendor's: what is said of one is said of all. */
static void check_vendor(struct load *l, const struct cloud *c)
{
	for (size_t i = 0; i < c->providers.n && !l->sure; i++) {
		if (!provider_is_of(l->k, c->providers.v[i], c->vendor))
			load_bad(l, PROVIDERS, "'%s' has another vendor in providers.tsv",
				 c->providers.v[i]);
	}
}

/* Addresses of https:// that have {tenant} only where a tenant can be filled in. */
static void finish(struct load *l, void *row)
{
	const struct cloud *c = row;

	check_vendor(l, c);
	for (size_t i = LOGIN; i <= DEVICE; i++) {
		const char *s = load_cell(l, i);
		bool has_tenant = i != LOGIN && *c->tenant;

		if (!str_has_prefix(s, "https://"))
			load_bad(l, i, "'%s' does not begin with https://", s);
		if (has_tenant != (strstr(s, "/{tenant}/") != NULL))
			load_bad(l, i, "'%s' must %s /{tenant}/, as the column 'tenant' says", s,
				 has_tenant ? "have" : "not have");
	}
}

const struct table_kind cloud_table = {
	"clouds.tsv", "cloud", columns, ARRAY_LEN(columns), sizeof(struct cloud), finish,
};

const struct cloud *know_cloud_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_CLOUDS, i);
}

const struct cloud *know_cloud(const struct know *k, const char *id)
{
	return table_row_of(k, TABLE_CLOUDS, id);
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
