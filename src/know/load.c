/*
 * Causes, providers and symptoms: rows into structs, and found by their cells.
 */
#include "know/tables.h"

#include "base/str.h"

/* --- causes.tsv --- */

enum { C_ID, C_TITLE, C_WHO, C_RETRY, C_MEANING, C_FIX, C_VERIFY, C_DECIDE, C_NEXT, C_SOURCES };
static const char *const cause_columns[] = {
	"id", "title", "who", "retry", "meaning", "fix", "verify", "decide", "next", "sources", NULL,
};

static void *read_cause(struct load *l)
{
	struct cause *c = arena_alloc(l->k->arena, sizeof(*c));

	c->id = load_must(l, C_ID);
	load_unique(l, TABLE_CAUSES, C_ID);
	c->title = load_must(l, C_TITLE);
	c->who = load_who(l, C_WHO, false);
	c->roles = load_roles(l, C_WHO);
	if (str_eq(c->who, "tenant-admin") && !c->roles.n)
		load_bad(l, C_WHO, "which administrator? tenant-admin/ROLE, from roles.tsv");
	c->retry = load_retry(l, C_RETRY, false);
	c->meaning = load_must(l, C_MEANING);
	c->verify = load_must(l, C_VERIFY);
	c->decide = load_cell(l, C_DECIDE);
	load_must(l, C_FIX);
	c->fix = load_fix(l, C_FIX);
	load_must(l, C_SOURCES);
	c->sources = load_list(l, C_SOURCES, ';');
	c->next = load_causes(l, C_NEXT);
	return c;
}

const struct table_kind cause_table = { "causes.tsv", cause_columns, read_cause };

bool cause_exists(const struct know *k, const char *id)
{
	return table_find(k, TABLE_CAUSES, C_ID, id) < table_size(k, TABLE_CAUSES);
}

bool cause_like_exists(const struct know *k, const char *glob)
{
	const struct tsv *t = k->tables[TABLE_CAUSES].t;
	size_t i = 0;

	while (i < t->n && !str_glob(glob, tsv_cell(t, i, C_ID)))
		i++;
	return i < t->n;
}

const struct cause *know_cause(const struct know *k, const char *id)
{
	return know_cause_at(k, table_find(k, TABLE_CAUSES, C_ID, id));
}

/* --- providers.tsv --- */

enum { P_ID, P_NAME, P_PATH, P_HOSTS, P_MX, P_BANNER, P_TRAILER, P_LIKE, P_PORTS, P_AUTH, P_TLS_MIN, P_LIMITS, P_NOTE, P_SOURCES };
static const char *const provider_columns[] = {
	"provider", "name", "path", "hosts", "mx", "banner", "trailer", "like", "ports", "auth", "tls_min", "limits", "note", "sources", NULL,
};

/* "587:starttls,465:implicit" */
static void provider_ports(struct load *l, struct provider *p)
{
	struct strv list = load_list(l, P_PORTS, ',');

	p->ports = arena_alloc(l->k->arena, (list.n + 1) * sizeof(*p->ports));
	for (size_t i = 0; i < list.n; i++) {
		char *s = arena_strdup(l->k->arena, list.v[i]), *mode = strchr(s, ':');
		unsigned long port = 0;

		if (mode)
			*mode++ = '\0';
		if (!mode || !str_number(s, 65535, &port) || !port ||
		    (!str_eq(mode, "starttls") && !str_eq(mode, "implicit") && !str_eq(mode, "plain")))
			load_bad(l, P_PORTS, "'%s' is not written as PORT:starttls, PORT:implicit or PORT:plain", list.v[i]);
		else
			p->ports[p->n_ports++] = (struct provider_port) { (unsigned)port, str_eq(mode, "implicit") };
	}
}

/* The row with this id and path, path NULL = the first of the id; the table's size when there is none. */
static size_t find_provider(const struct know *k, const char *id, const char *path)
{
	const struct tsv *t = k->tables[TABLE_PROVIDERS].t;
	size_t i = table_find(k, TABLE_PROVIDERS, P_ID, id);

	while (i < t->n && !(str_eq(tsv_cell(t, i, P_ID), id) && (!path || str_eq(tsv_cell(t, i, P_PATH), path))))
		i++;
	return i;
}

bool provider_exists(const struct know *k, const char *id, const char *path)
{
	return find_provider(k, id, path) < table_size(k, TABLE_PROVIDERS);
}

const struct provider *know_provider(const struct know *k, const char *id, const char *path)
{
	return know_provider_at(k, find_provider(k, id, path));
}

const struct provider *know_provider_login(const struct know *k, const char *id)
{
	static const char *const paths[] = { "client-submission", "personal-outlook", "third-party" };

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

static void provider_like(struct load *l, struct provider *p)
{
	p->like = load_list(l, P_LIKE, ' ');
	for (size_t i = 0; i < p->like.n; i++) {
		if (!provider_exists(l->k, p->like.v[i], NULL))
			load_bad(l, P_LIKE, "'%s' is no provider of this table", p->like.v[i]);
	}
}

static void *read_provider(struct load *l)
{
	struct provider *p = arena_alloc(l->k->arena, sizeof(*p));

	p->id = load_must(l, P_ID);
	p->name = load_must(l, P_NAME);
	p->path = load_cell(l, P_PATH);
	if (find_provider(l->k, p->id, p->path) != l->row)
		load_bad(l, P_PATH, "'%s' with path '%s' is there twice", p->id, p->path);
	p->hosts = load_list(l, P_HOSTS, ' ');
	p->mx = load_list(l, P_MX, ' ');
	p->mechanisms = load_list(l, P_AUTH, ' ');
	provider_like(l, p);
	p->banner = load_cell(l, P_BANNER);
	p->trailer = load_cell(l, P_TRAILER);
	load_pattern(l, P_BANNER, &l->k->banners[l->row]);
	load_pattern(l, P_TRAILER, &l->k->trailers[l->row]);
	provider_ports(l, p);
	p->tls_min = load_cell(l, P_TLS_MIN);
	p->limits = load_cell(l, P_LIMITS);
	p->note = load_cell(l, P_NOTE);
	p->sources = load_must(l, P_SOURCES);
	return p;
}

const struct table_kind provider_table = { "providers.tsv", provider_columns, read_provider };

enum { NAME_SIZE = 256 };	/* longer ones are no host names (RFC 1035, 2.3.4) */

/* How exact a glob is: its literal bytes, more when there's no wildcard. */
static void add_globs(struct know *k, size_t row, size_t column)
{
	struct strv list = { 0 };

	strv_split(&list, k->arena, tsv_cell(k->tables[TABLE_PROVIDERS].t, row, column), ' ');
	for (size_t i = 0; i < list.n; i++) {
		size_t weight = strlen(list.v[i]) + (strpbrk(list.v[i], "*?") ? 0 : 1000);

		k->globs[k->n_globs++] = (struct host_glob) { list.v[i], weight, row };
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
	const struct tsv *t = k->tables[TABLE_PROVIDERS].t;
	size_t most = 1;

	for (size_t i = 0; i < t->n; i++)
		most += blanks(tsv_cell(t, i, P_HOSTS)) + blanks(tsv_cell(t, i, P_MX)) + 2;
	k->globs = arena_alloc(k->arena, most * sizeof(*k->globs));
	for (size_t i = 0; i < t->n; i++) {
		add_globs(k, i, P_HOSTS);
		add_globs(k, i, P_MX);
	}
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
		if (g->weight > weight && str_glob(g->glob, name)) {
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

/* How long the text is that was found in it; 0 = none. */
static size_t found_len(const struct pattern *p, const char *folded)
{
	size_t len = 0;

	return p && pattern_find(p, folded, NULL, &len) ? len : 0;
}

const struct provider *provider_of_folded(const struct know *k, const char *folded)
{
	const struct tsv *t = k->tables[TABLE_PROVIDERS].t;
	size_t best = t->n, weight = 0;
	_cleanup_(arena_freep) struct arena *a = arena_new();

	folded = without_addresses(a, folded);
	for (size_t i = 0; i < t->n; i++) {
		/* A service is more than the product it runs on. */
		size_t service = *tsv_cell(t, i, P_HOSTS) || *tsv_cell(t, i, P_MX) ? 1000 : 0;
		size_t banner = found_len(pattern_once(k, tsv_cell(t, i, P_BANNER), &k->banners[i]), folded);
		size_t trailer = found_len(pattern_once(k, tsv_cell(t, i, P_TRAILER), &k->trailers[i]), folded);
		size_t len = banner > trailer ? banner : trailer;

		if (len && len + service > weight) {
			best = i;
			weight = len + service;
		}
	}
	return know_provider_at(k, best);
}

/* --- symptoms.tsv --- */

enum { S_ID, S_PATTERN, S_STAGE, S_CAUSE, S_CERTAINTY, S_MEANING, S_SOURCE, S_EXAMPLE };
static const char *const symptom_columns[] = {
	"id", "pattern", "stage", "cause", "certainty", "meaning", "source", "example", NULL,
};

static void *read_symptom(struct load *l)
{
	struct symptom *s = arena_alloc(l->k->arena, sizeof(*s));

	s->id = load_must(l, S_ID);
	load_unique(l, TABLE_SYMPTOMS, S_ID);
	load_must(l, S_PATTERN);
	load_pattern(l, S_PATTERN, &l->k->symptoms[l->row]);
	s->stage = str_eq(load_cell(l, S_STAGE), "*") ? STAGE_UNKNOWN : stage_of(load_cell(l, S_STAGE));
	if (s->stage == STAGE_UNKNOWN && !str_eq(load_cell(l, S_STAGE), "*"))
		load_bad(l, S_STAGE, "'%s' is no stage", load_cell(l, S_STAGE));
	s->cause = load_cause(l, S_CAUSE);
	s->certainty = load_certainty(l, S_CERTAINTY);
	s->meaning = load_cell(l, S_MEANING);
	s->source = load_must(l, S_SOURCE);
	s->example = load_must(l, S_EXAMPLE);
	return s;
}

const struct table_kind symptom_table = { "symptoms.tsv", symptom_columns, read_symptom };

const struct pattern *symptom_pattern(const struct know *k, size_t i)
{
	return pattern_once(k, tsv_cell(k->tables[TABLE_SYMPTOMS].t, i, S_PATTERN), &k->symptoms[i]);
}

/* Steps in which the server has not said anything yet; a row for any step tells how a connection
 * ended. */
static bool stage_of_socket(enum stage s)
{
	return s < STAGE_EHLO || s == STAGE_STARTTLS || s == STAGE_TLS;
}

bool symptom_of_socket(const struct symptom *s)
{
	return stage_of_socket(s->stage);
}

static bool row_of_socket(const struct tsv *t, size_t row)
{
	const char *cell = tsv_cell(t, row, S_STAGE);

	return stage_of_socket(str_eq(cell, "*") ? STAGE_UNKNOWN : stage_of(cell));
}

/* The longest of the rows found, of the vague ones ("possible") or of the others. */
struct longest { size_t row, len; const char *fragment; };

static void keep_longest(struct longest *l, size_t row, size_t len, const char *fragment)
{
	if (len > l->len)
		*l = (struct longest) { row, len, fragment };
}

const struct symptom *know_symptom(const struct know *k, struct arena *a, const char *text,
				   size_t n, bool in_reply, const char **ret_fragment)
{
	const char *folded = fold_span(a, (struct span) { text, n }), *fragment;
	size_t all = table_size(k, TABLE_SYMPTOMS), len;
	const struct tsv *t = k->tables[TABLE_SYMPTOMS].t;
	struct longest vague = { all, 0, "" }, exact = { all, 0, "" }, *best;

	for (size_t i = 0; i < all; i++) {
		if (!(in_reply && row_of_socket(t, i)) &&
		    pattern_find(symptom_pattern(k, i), folded, &fragment, &len))
			keep_longest(str_eq(tsv_cell(t, i, S_CERTAINTY), "possible") ? &vague : &exact, i, len, fragment);
	}
	/* What a program says to sum up stands beside the reason and is often longer; but "the read operation timed out" is more than the half of it. */
	best = exact.len && !(vague.len && strstr(vague.fragment, exact.fragment)) ? &exact : &vague;
	*ret_fragment = best->fragment;
	return know_symptom_at(k, best->row);
}
