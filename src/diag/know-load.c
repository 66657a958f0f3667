/*
 * Causes, providers and symptoms: rows into structs.
 */
#include "diag/know-tables.h"

#include "base/str.h"

/* --- causes.tsv --- */

enum { C_ID, C_TITLE, C_WHO, C_RETRY, C_MEANING, C_FIX, C_VERIFY, C_DECIDE, C_NEXT, C_SOURCES };
static const char *const cause_columns[] = {
	"id", "title", "who", "retry", "meaning", "fix", "verify", "decide", "next", "sources", NULL,
};

static bool cause_row(struct load *l)
{
	struct cause *c = &l->k->causes[l->row];

	if (know_cause(l->k, load_must(l, C_ID)))
		return load_bad(l, C_ID, "'%s' is there twice", load_cell(l, C_ID));
	c->id = load_cell(l, C_ID);
	c->title = load_must(l, C_TITLE);
	c->who = load_who(l, C_WHO, false);
	c->retry = load_retry(l, C_RETRY, false);
	c->meaning = load_must(l, C_MEANING);
	c->verify = load_must(l, C_VERIFY);
	c->decide = load_cell(l, C_DECIDE);
	load_must(l, C_FIX);
	c->fix = load_fix(l, C_FIX);
	load_must(l, C_SOURCES);
	c->sources = load_list(l, C_SOURCES, ';');
	map_set(l->k->cause_by_id, c->id, c);
	l->k->n_causes++;
	return !l->error;
}

bool load_cause_table(struct load *l)
{
	struct know *k = l->k;

	if (!load_open(l, "causes.tsv", cause_columns))
		return false;
	k->causes = arena_alloc(k->arena, (l->t->n + 1) * sizeof(*k->causes));
	for (; l->row < l->t->n; l->row++) {
		if (!cause_row(l))
			return false;
	}
	for (l->row = 0; l->row < l->t->n; l->row++)
		k->causes[l->row].next = load_causes(l, C_NEXT);	/* may name a later row */
	return !l->error;
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

static const struct pattern *provider_pattern(struct load *l, size_t column)
{
	const char *text = load_cell(l, column);
	const struct pattern *p = *text ? pattern_new(l->k->arena, text) : NULL;

	if (*text && (!p || pattern_is_any(p)))
		load_bad(l, column, "'%s' is no text to look for", text);
	return p;
}

static bool provider_row(struct load *l)
{
	struct provider_entry *e = &l->k->providers[l->k->n_providers];
	struct provider *p = &e->row;

	p->id = load_must(l, P_ID);
	p->name = load_must(l, P_NAME);
	p->path = load_cell(l, P_PATH);
	if (know_provider(l->k, p->id, p->path))
		return load_bad(l, P_PATH, "'%s' with path '%s' is there twice", p->id, p->path);
	p->hosts = load_list(l, P_HOSTS, ' ');
	p->mx = load_list(l, P_MX, ' ');
	p->mechanisms = load_list(l, P_AUTH, ' ');
	p->like = load_list(l, P_LIKE, ' ');
	p->banner = load_cell(l, P_BANNER);
	p->trailer = load_cell(l, P_TRAILER);
	e->banner = provider_pattern(l, P_BANNER);
	e->trailer = provider_pattern(l, P_TRAILER);
	provider_ports(l, p);
	p->tls_min = load_cell(l, P_TLS_MIN);
	p->limits = load_cell(l, P_LIMITS);
	p->note = load_cell(l, P_NOTE);
	p->sources = load_must(l, P_SOURCES);
	l->k->n_providers++;
	return !l->error;
}

bool load_provider_table(struct load *l)
{
	struct know *k = l->k;

	if (!load_open(l, "providers.tsv", provider_columns))
		return false;
	k->providers = arena_alloc(k->arena, (l->t->n + 1) * sizeof(*k->providers));
	for (; l->row < l->t->n; l->row++) {
		if (!provider_row(l))
			return false;
	}
	for (l->row = 0; l->row < k->n_providers; l->row++) {
		const struct strv *like = &k->providers[l->row].row.like;

		for (size_t i = 0; i < like->n; i++) {
			if (!know_provider(k, like->v[i], NULL))
				load_bad(l, P_LIKE, "'%s' is no provider of this table", like->v[i]);
		}
	}
	return !l->error;
}

/* --- symptoms.tsv --- */

enum { S_ID, S_PATTERN, S_STAGE, S_CAUSE, S_CERTAINTY, S_MEANING, S_SOURCE, S_EXAMPLE };
static const char *const symptom_columns[] = {
	"id", "pattern", "stage", "cause", "certainty", "meaning", "source", "example", NULL,
};

static bool symptom_row(struct load *l, struct map *seen)
{
	struct symptom_entry *e = &l->k->symptoms[l->k->n_symptoms];
	struct symptom *s = &e->row;

	s->id = load_must(l, S_ID);
	if (map_get(seen, s->id))
		return load_bad(l, S_ID, "'%s' is there twice", s->id);
	map_set(seen, s->id, e);
	e->pattern = pattern_new(l->k->arena, load_must(l, S_PATTERN));
	if (!e->pattern || pattern_is_any(e->pattern))
		return load_bad(l, S_PATTERN, "'%s' is no text to look for", load_cell(l, S_PATTERN));
	s->stage = str_eq(load_cell(l, S_STAGE), "*") ? STAGE_UNKNOWN : stage_of(load_cell(l, S_STAGE));
	if (s->stage == STAGE_UNKNOWN && !str_eq(load_cell(l, S_STAGE), "*"))
		return load_bad(l, S_STAGE, "'%s' is no stage", load_cell(l, S_STAGE));
	s->cause = load_cause(l, S_CAUSE);
	s->certainty = load_certainty(l, S_CERTAINTY);
	s->meaning = load_cell(l, S_MEANING);
	s->source = load_must(l, S_SOURCE);
	s->example = load_must(l, S_EXAMPLE);
	l->k->n_symptoms++;
	return !l->error;
}

bool load_symptom_table(struct load *l)
{
	struct know *k = l->k;
	struct map *seen = map_new(k->arena);

	if (!load_open(l, "symptoms.tsv", symptom_columns))
		return false;
	k->symptoms = arena_alloc(k->arena, (l->t->n + 1) * sizeof(*k->symptoms));
	for (; l->row < l->t->n; l->row++) {
		if (!symptom_row(l, seen))
			return false;
	}
	return true;
}
