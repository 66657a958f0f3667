#include "diag/know-tables.h"

#include "base/str.h"

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
	struct know *k = arena_alloc(a, sizeof(*k));
	struct load l = { .k = k };

	k->arena = a;
	k->cause_by_id = map_new(a);
	if (load_cause_table(&l) && load_provider_table(&l) && load_symptom_table(&l) && load_error_tables(&l, files, n) &&
	    load_aadsts_table(&l) && load_policy_table(&l) && load_rule_table(&l))
		return k;
	*ret_error = l.error;
	return NULL;
}

const struct cause *know_cause(const struct know *k, const char *id)
{
	return map_get(k->cause_by_id, id);
}

const struct cause *know_cause_at(const struct know *k, size_t i)
{
	return i < k->n_causes ? &k->causes[i] : NULL;
}

const struct error_row *know_error_at(const struct know *k, size_t i)
{
	return i < k->n_errors ? &k->errors[i]->row : NULL;
}

const struct provider *know_provider_at(const struct know *k, size_t i)
{
	return i < k->n_providers ? &k->providers[i].row : NULL;
}

const struct symptom *know_symptom_at(const struct know *k, size_t i)
{
	return i < k->n_symptoms ? &k->symptoms[i].row : NULL;
}

/* --- providers --- */

const struct provider *know_provider(const struct know *k, const char *id, const char *path)
{
	for (size_t i = 0; i < k->n_providers; i++) {
		const struct provider *p = &k->providers[i].row;

		if (str_eq(p->id, id) && (!path || str_eq(p->path, path)))
			return p;
	}
	return NULL;
}

/* How exact the best matching glob is: its literal bytes, more when there's no wildcard; 0 = none matches. */
static size_t glob_weight(const struct strv *globs, const char *host)
{
	size_t best = 0;

	for (size_t i = 0; i < globs->n; i++) {
		size_t n = strlen(globs->v[i]) + (strpbrk(globs->v[i], "*?") ? 0 : 1000);

		if (n > best && str_glob(globs->v[i], host))
			best = n;
	}
	return best;
}

const struct provider *know_provider_of_host(const struct know *k, const char *host)
{
	const struct provider *best = NULL;
	size_t weight = 0, len = strlen(host);
	char name[256];		/* longer ones are no host names (RFC 1035, 2.3.4) */

	if (len && host[len - 1] == '.')
		len--;
	if (len >= sizeof(name))
		return NULL;
	memcpy(name, host, len);
	name[len] = '\0';

	for (size_t i = 0; i < k->n_providers; i++) {
		const struct provider *p = &k->providers[i].row;
		size_t hosts = glob_weight(&p->hosts, name), mx = glob_weight(&p->mx, name);

		if (hosts > weight || mx > weight) {
			best = p;
			weight = hosts > mx ? hosts : mx;
		}
	}
	return best;
}

/* A copy with what follows an @ blanked out: somebody's mailbox is not who speaks. */
static const char *without_addresses(struct arena *a, const char *folded)
{
	char *copy = arena_strdup(a, folded), *p = copy;

	while ((p = strchr(p, '@'))) {
		while (*p == '@' || ascii_is_alnum(*p) || *p == '.' || *p == '-')
			*p++ = ' ';
	}
	return copy;
}

const struct provider_entry *provider_entry_of_text(const struct know *k, const char *folded)
{
	const struct provider_entry *best = NULL;
	size_t weight = 0;
	_cleanup_(arena_freep) struct arena *a = arena_new();

	folded = without_addresses(a, folded);
	for (size_t i = 0; i < k->n_providers; i++) {
		const struct provider_entry *e = &k->providers[i];
		/* A service is more than the product it runs on. */
		size_t service = e->row.hosts.n || e->row.mx.n ? 1000 : 0, len;

		if (e->banner && pattern_find(e->banner, folded, NULL, &len) && len + service > weight) {
			best = e;
			weight = len + service;
		}
		if (e->trailer && pattern_find(e->trailer, folded, NULL, &len) && len + service > weight) {
			best = e;
			weight = len + service;
		}
	}
	return best;
}

const struct provider *know_provider_of_text(const struct know *k, const char *text)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const struct provider_entry *e = provider_entry_of_text(k, fold(a, text));

	return e ? &e->row : NULL;
}
