/*
 * roles.tsv: which administrator can do it, and the cells of the other tables that name one:
 * "tenant-admin/security-admin".
 */
#include "know/tables.h"

#include "base/str.h"

enum { R_ID, R_TITLE, R_PROVIDERS, R_CAN, R_SOURCE };
static const char *const columns[] = { "id", "title", "providers", "can", "source", NULL };

static bool provider_like_exists(const struct know *k, const char *glob)
{
	for (size_t i = 0; i < table_size(k, TABLE_PROVIDERS); i++)
		if (str_glob(glob, know_provider_at(k, i)->id))
			return true;
	return false;
}

static void *read_role(struct load *l)
{
	struct role *r = arena_alloc(l->k->arena, sizeof(*r));

	r->id = load_must(l, R_ID);
	load_unique(l, TABLE_ROLES, R_ID);
	r->title = load_must(l, R_TITLE);
	if (!str_has_prefix(r->title, "a ") && !str_has_prefix(r->title, "an ") &&
	    !str_has_prefix(r->title, "the "))
		load_bad(l, R_TITLE, "begins with none of: a, an, the");
	load_must(l, R_PROVIDERS);
	r->providers = load_list(l, R_PROVIDERS, ' ');
	for (size_t i = 0; i < r->providers.n; i++) {
		if (!provider_like_exists(l->k, r->providers.v[i]))
			load_bad(l, R_PROVIDERS, "'%s' matches no provider of providers.tsv", r->providers.v[i]);
	}
	r->can = load_must(l, R_CAN);
	r->source = load_must(l, R_SOURCE);
	return r;
}

const struct table_kind role_table = { "roles.tsv", columns, read_role };

const struct role *know_role_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_ROLES, i);
}

const struct role *know_role(const struct know *k, const char *id)
{
	return know_role_at(k, table_find(k, TABLE_ROLES, R_ID, id));
}

bool role_is_at(const struct role *r, const char *provider)
{
	for (size_t i = 0; i < r->providers.n; i++)
		if (str_glob(r->providers.v[i], provider))
			return true;
	return false;
}

/* The first of the table that fits; the last row fits all. */
static const struct role *usual_role(const struct know *k, const char *provider)
{
	size_t i = 0;

	while (i + 1 < table_size(k, TABLE_ROLES) &&
	       !role_is_at(know_role_at(k, i), provider))
		i++;
	return know_role_at(k, i);
}

const struct role *know_role_for(const struct know *k, const struct strv *named, const char *provider)
{
	bool unknown = !provider || !*provider;

	if (unknown && named->n == 1)
		return know_role(k, named->v[0]);
	for (size_t i = 0; !unknown && i < named->n; i++) {
		const struct role *r = know_role(k, named->v[i]);

		if (role_is_at(r, provider))
			return r;
	}
	return usual_role(k, unknown ? "" : provider);
}

/* --- cells that name a role --- */

static bool is_role(struct load *l, size_t column, const char *id)
{
	if (table_find(l->k, TABLE_ROLES, R_ID, id) == table_size(l->k, TABLE_ROLES))
		return load_bad(l, column, "'%s' is no role of roles.tsv", id);
	return true;
}

const struct role *load_role(struct load *l, size_t column, const char *id)
{
	return is_role(l, column, id) ? know_role(l->k, id) : NULL;
}

struct strv load_roles(struct load *l, size_t column)
{
	const char *cell = load_cell(l, column), *slash = strchr(cell, '/');
	struct strv list = { 0 };

	if (!slash)
		return list;
	if (!str_has_prefix(cell, "tenant-admin/"))
		load_bad(l, column, "only tenant-admin has roles");
	strv_split(&list, l->k->arena, slash + 1, ',');
	if (!list.n)
		load_bad(l, column, "no role behind the /");
	for (size_t i = 0; i < list.n; i++)
		is_role(l, column, list.v[i]);
	return list;
}
