#include "know/know.h"

#include "base/data.h"
#include "base/str.h"
#include "know/tables.h"

const char *certainty_name(enum certainty c)
{
	static const char *const names[] = {
		[CERTAINTY_NONE] = "none", [POSSIBLE] = "possible", [LIKELY] = "likely", [CERTAIN] = "certain",
	};

	return names[c];
}

struct know *know_new(struct arena *a, const char *codes_file, const char **ret_error)
{
	return know_load(a, &codes_file, codes_file ? 1 : 0, ret_error);
}

struct know *know_load(struct arena *a, const char *const *files, size_t n, const char **ret_error)
{
	static const struct table_kind *const kinds[TABLE_COUNT] = {
		[TABLE_CAUSES] = &cause_table, [TABLE_PROVIDERS] = &provider_table, [TABLE_SYMPTOMS] = &symptom_table,
		[TABLE_ERRORS] = &error_table, [TABLE_AADSTS] = &aadsts_table, [TABLE_POLICIES] = &policy_table, [TABLE_APART] = &apart_table,
		[TABLE_CLOUDS] = &cloud_table, [TABLE_OAUTH] = &oauth_table,
		[TABLE_RULES] = &rule_table,
		[TABLE_ROLES] = &role_table,
		[TABLE_FINDINGS] = &finding_table, [TABLE_FACTS] = &fact_table,
		[TABLE_PATH_FINDINGS] = &path_finding_table, [TABLE_PATH_CHOICES] = &path_choice_table,
	};
	struct know *k = arena_alloc(a, sizeof(*k));
	struct load l = { .k = k };
	size_t providers;

	k->arena = a;
	for (enum table_id id = 0; id < TABLE_COUNT; id++) {
		k->tables[id].kind = kinds[id];
		table_open(k, id, tsv_of_data(a, data_table_find(kinds[id]->name), kinds[id]->columns));
	}
	providers = table_size(k, TABLE_PROVIDERS) + 1;
	k->banners = arena_alloc(a, providers * sizeof(*k->banners));
	k->trailers = arena_alloc(a, providers * sizeof(*k->trailers));
	k->symptoms = arena_alloc(a, (table_size(k, TABLE_SYMPTOMS) + 1) * sizeof(*k->symptoms));
	if (load_error_tables(&l, files, n))
		return k;
	*ret_error = l.error;
	return NULL;
}

const struct cause *know_cause_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_CAUSES, i);
}

const struct error_row *know_error_at(const struct know *k, size_t i)
{
	return i < k->n_errors ? error_row_of(k, &k->errors[i]) : NULL;
}

const struct provider *know_provider_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_PROVIDERS, i);
}

const struct symptom *know_symptom_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_SYMPTOMS, i);
}

const struct provider *know_provider_of_text(const struct know *k, const char *text)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();

	return provider_of_folded(k, fold(a, text));
}
