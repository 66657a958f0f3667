/*
 * providers.tsv: providers and server products, found by id, by host and by their words.
 */
#include "know/tables.h"

#include "base/needles.h"

/* "587:starttls,465:implicit" */
static void cell_ports(struct load *l, size_t column, void *to)
{
	struct strv list = load_list(l, column);
	struct provider *p = to;

	p->ports = arena_alloc(l->k->arena, (list.n + 1) * sizeof(*p->ports));
	for (size_t i = 0; i < list.n; i++) {
		const char *mode = strchr(list.v[i], ':');
		size_t len = mode ? (size_t)(mode - list.v[i]) : 0;
		bool implicit = mode && str_eq(mode, ":implicit");
		unsigned long port = 0;

		if ((!implicit && !(mode && str_eq(mode, ":starttls"))) ||
		    !str_number(arena_strndup(l->k->arena, list.v[i], len), 65535, &port) || !port)
			load_bad(l, column, "'%s' is not written as PORT:starttls or PORT:implicit",
				 list.v[i]);
		p->ports[p->n_ports++] = (struct provider_port) { (unsigned)port, implicit };
	}
}

/* "8/4": at once, and a second */
static void cell_pace(struct load *l, size_t column, void *to)
{
	enum { PACE_MOST = 1000 };
	const char *text = load_cell(l, column), *slash = strchr(text, '/');
	unsigned long at_once = 0, per_second = 0;
	struct provider *p = to;

	if (!*text)
		return;
	if (!slash || !str_number(slash + 1, PACE_MOST, &per_second) || !per_second ||
	    !str_number(arena_strndup(l->k->arena, text, (size_t)(slash - text)), PACE_MOST,
			&at_once) || !at_once)
		load_bad(l, column, "'%s' is not written as AT_ONCE/A_SECOND, each from 1 to %d",
			 text, PACE_MOST);
	p->at_once = (unsigned)at_once;
	p->per_second = (unsigned)per_second;
}

#define AT(member) .at = offsetof(struct provider, member)

enum { ID, NAME, PATH, HOSTS, MX, BANNER, TRAILER, VENDOR = 14 };
static const struct column columns[] = {
	[ID] = { "provider", cell_text, AT(id), MUST | KEY },
	[NAME] = { "name", cell_text, AT(name), MUST },
	[PATH] = { "path", cell_text, AT(path), KEY },
	[HOSTS] = { "hosts", cell_list, AT(hosts), .sep = ' ' },
	[MX] = { "mx", cell_list, AT(mx), .sep = ' ' },
	[BANNER] = { "banner", cell_pattern, AT(banner) },
	[TRAILER] = { "trailer", cell_pattern, AT(trailer) },
	{ "like", cell_refs, AT(like), .table = TABLE_PROVIDERS, .sep = ' ' },
	{ "ports", cell_ports, .at = 0 },
	{ "auth", cell_list, AT(mechanisms), .sep = ' ' },
	{ "tls_min", cell_text, AT(tls_min) },
	{ "limits", cell_text, AT(limits) },
	{ "note", cell_text, AT(note) },
	{ "sources", cell_text, AT(sources), MUST },
	[VENDOR] = { "vendor", cell_word, AT(vendor), .words = cloud_vendors },
	{ "confidence", cell_confidence, AT(confidence), MUST },
	{ "pace", cell_pace, .flags = MAYBE },
};

const struct table_kind provider_table = {
	"providers.tsv", "provider", columns, ARRAY_LEN(columns), sizeof(struct provider), NULL,
};

const struct provider *know_provider_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_PROVIDERS, i);
}

/* --- by id --- */

/* The row with this id and path, path NULL = the first of the id; the table's size when there is
 * none. */
static size_t find(const struct know *k, const char *id, const char *path)
{
	const struct tsv *t = table_tsv(k, TABLE_PROVIDERS);
	size_t i = table_find(k, TABLE_PROVIDERS, ID, id);

	while (i < t->n && !(str_eq(tsv_cell(t, i, ID), id) &&
			     (!path || str_eq(tsv_cell(t, i, PATH), path))))
		i++;
	return i;
}

bool provider_exists(const struct know *k, const char *id, const char *path)
{
	return find(k, id, path) < table_size(k, TABLE_PROVIDERS);
}

const struct provider *know_provider(const struct know *k, const char *id, const char *path)
{
	return know_provider_at(k, find(k, id, path));
}

bool provider_is_of(const struct know *k, const char *id, const char *vendor)
{
	size_t row = table_find(k, TABLE_PROVIDERS, ID, id);

	return str_eq(tsv_cell(table_tsv(k, TABLE_PROVIDERS), row, VENDOR), vendor);
}

const struct provider *know_provider_of_vendor(const struct know *k, const char *vendor)
{
	return *vendor ? know_provider_at(k, table_find(k, TABLE_PROVIDERS, VENDOR, vendor)) : NULL;
}

const struct provider *know_provider_login(const struct know *k, const char *id)
{
	static const char *const paths[] = { "client-submission", "personal-outlook",
					     "third-party" };

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		const struct provider *row = know_provider(k, id, paths[i]);

		if (row && row->hosts.n && row->n_ports)
			return row;
	}
	return NULL;
}

const char *provider_host(const struct provider *p)
{
	for (size_t i = 0; i < p->hosts.n; i++)
		if (!strpbrk(p->hosts.v[i], "*?"))
			return p->hosts.v[i];
	return "";
}

/* --- by host --- */

struct host_glob {
	const char	*glob;
	size_t		 len, weight;
	size_t		 row;		/* of its provider */
};

enum { NAME_SIZE = 256 };	/* longer ones are no host names (RFC 1035, 2.3.4) */

/* How exact a glob is: its literal bytes, more when there's no wildcard. */
static void add_globs(struct know *k, size_t row, size_t column)
{
	struct strv list = { 0 };

	strv_split(&list, k->arena, tsv_cell(table_tsv(k, TABLE_PROVIDERS), row, column), ' ');
	for (size_t i = 0; i < list.n; i++) {
		size_t len = strlen(list.v[i]);
		size_t weight = len + (strpbrk(list.v[i], "*?") ? 0 : 1000);

		k->globs[k->n_globs++] = (struct host_glob) { list.v[i], len, weight, row };
	}
}

static size_t blanks(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += *s == ' ';
	return n;
}

/* The host and MX globs of all providers, when the first host is looked for. */
static void make_globs(struct know *k)
{
	const struct tsv *t = table_tsv(k, TABLE_PROVIDERS);
	size_t most = 1;

	for (size_t i = 0; i < t->n; i++)
		most += blanks(tsv_cell(t, i, HOSTS)) + blanks(tsv_cell(t, i, MX)) + 2;
	k->globs = arena_alloc(k->arena, most * sizeof(*k->globs));
	for (size_t i = 0; i < t->n; i++) {
		add_globs(k, i, HOSTS);
		add_globs(k, i, MX);
	}
}

/* Does the name end as the glob does, up to its last wildcard? Most don't, and it is soon seen. */
static bool ends_like(const struct host_glob *g, const char *name, size_t len)
{
	const char *end = g->glob + g->len;

	while (end > g->glob && end[-1] != '*' && end[-1] != '?') {
		if (!len || ascii_lower(*--end) != ascii_lower(name[--len]))
			return false;
	}
	return true;
}

const struct provider *know_provider_of_host(const struct know *k, const char *host)
{
	size_t best = table_size(k, TABLE_PROVIDERS), weight = 0, len = strlen(host);
	char name[NAME_SIZE];

	if (len && host[len - 1] == '.')
		len--;
	if (len >= sizeof(name))
		return NULL;
	memcpy(name, host, len);
	name[len] = '\0';

	if (!k->globs)
		make_globs((struct know *)k);
	for (const struct host_glob *g = k->globs; g < k->globs + k->n_globs; g++) {
		if (g->weight > weight && ends_like(g, name, len) && str_glob(g->glob, name)) {
			best = g->row;
			weight = g->weight;
		}
	}
	return know_provider_at(k, best);
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

/* How long the row's text is that was found; 0 = none. */
static size_t words_len(const struct know *k, size_t row, size_t column, const char *folded)
{
	struct know *keep = (struct know *)k;
	const struct pattern *p = pattern_once(k, TABLE_PROVIDERS, row, column,
					       column == BANNER ? &keep->banners : &keep->trailers);
	size_t len = 0;

	return p && pattern_find(p, folded, NULL, &len) ? len : 0;
}

/* A row whose words may be in the text: weighs them against the best so far. */
static void weigh_words(const struct know *k, const char *folded, size_t row, size_t *best,
			size_t *weight)
{
	const struct tsv *t = table_tsv(k, TABLE_PROVIDERS);
	/* A service is more than the product it runs on. */
	size_t service = *tsv_cell(t, row, HOSTS) || *tsv_cell(t, row, MX) ? 1000 : 0;
	size_t banner = words_len(k, row, BANNER, folded);
	size_t trailer = words_len(k, row, TRAILER, folded);
	size_t len = banner > trailer ? banner : trailer;

	if (len && len + service > *weight) {
		*best = row;
		*weight = len + service;
	}
}

const struct provider *provider_of_folded(const struct know *k, const char *folded,
					  const struct found *found)
{
	size_t n = table_size(k, TABLE_PROVIDERS), best = n, weight = 0;
	_cleanup_(arena_freep) struct arena *a = NULL;
	const uint64_t *banners, *trailers;
	struct found here = *found;

	if (strchr(folded, '@')) {
		a = arena_new();
		folded = without_addresses(a, folded);
		here = know_found(k, a, folded);
	}
	banners = found_rows(&here, FOUND_BANNER);
	trailers = found_rows(&here, FOUND_TRAILER);
	for (size_t i = 0; i < n; i++) {
		if (needles_has(banners, (unsigned)i) || needles_has(trailers, (unsigned)i))
			weigh_words(k, folded, i, &best, &weight);
	}
	return know_provider_at(k, best);
}

const struct provider *know_provider_of_text(const struct know *k, const char *text)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *folded = fold(a, text);
	struct found found = know_found(k, a, folded);

	return provider_of_folded(k, folded, &found);
}
