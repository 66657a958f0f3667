/*
 * roles.tsv: which administrator can do it.
 */
#include "know/tables.h"

#define AT(member) .at = offsetof(struct role, member)

static void cell_title(struct load *l, size_t column, void *to)
{
	const char *title = load_cell(l, column);

	if (!str_has_prefix(title, "a ") && !str_has_prefix(title, "an ") &&
	    !str_has_prefix(title, "the "))
		load_bad(l, column, "begins with none of: a, an, the");
	cell_text(l, column, to);
}

static const struct column columns[] = {
	{ "id", cell_text, AT(id), MUST | KEY },
	{ "title", cell_title, AT(title), MUST },
	{ "providers", cell_globs, AT(providers), MUST, .table = TABLE_PROVIDERS, .sep = ' ' },
	{ "can", cell_text, AT(can), MUST },
	{ "source", cell_text, AT(source), MUST },
	{ "confidence", cell_confidence, AT(confidence), MUST },
};

const struct table_kind role_table = {
	"roles.tsv", "role", columns, ARRAY_LEN(columns), sizeof(struct role), NULL,
};

const struct role *know_role_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_ROLES, i);
}

const struct role *know_role(const struct know *k, const char *id)
{
	return table_row_of(k, TABLE_ROLES, id);
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

const struct role *know_role_for(const struct know *k, const struct strv *named,
				 const char *provider)
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

