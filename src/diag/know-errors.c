/*
 * error-codes.tsv, and the user's own tables of the same form (in his configuration folder, --codes): rows into entries ready to be matched.
 */
#include "diag/know-tables.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/scan.h"
#include "base/str.h"

enum {
	E_ID, E_PROVIDER, E_STAGE, E_CODE, E_ENHANCED, E_PATTERN, E_CAUSE, E_CERTAINTY, E_MEANING, E_FIX, E_WHO, E_RETRY, E_ALSO,
	E_SOURCE, E_CONFIDENCE, E_EXAMPLE,
};
static const char *const error_columns[] = {
	"id", "provider", "stage", "code", "enhanced", "pattern", "cause", "certainty", "meaning", "fix", "who", "retry", "also",
	"source", "confidence", "example", NULL,
};

/* "535", "5xx", "55x" */
static bool code_range(const char *s, struct code_range *ret)
{
	struct code_range r = { 0, 0 };

	if (strlen(s) != 3 || s[0] < '2' || s[0] > '5')
		return false;
	for (; *s; s++) {
		bool any = *s == 'x';

		if (!any && !ascii_is_digit(*s))
			return false;
		r.from = r.from * 10 + (any ? 0 : *s - '0');
		r.to = r.to * 10 + (any ? 9 : *s - '0');
	}
	*ret = r;
	return true;
}

static void load_codes(struct load *l, struct error_entry *e)
{
	struct strv list = { 0 };

	if (str_eq(load_must(l, E_CODE), "*"))
		return;
	list = load_list(l, E_CODE, ',');
	e->codes = arena_alloc(l->k->arena, (list.n + 1) * sizeof(*e->codes));
	for (size_t i = 0; i < list.n; i++) {
		if (code_range(list.v[i], &e->codes[e->n_codes]))
			e->n_codes++;
		else
			load_bad(l, E_CODE, "'%s' is no reply code: 535, 5xx, or * for any", list.v[i]);
	}
}

/* "5", "606-649", "*" */
static bool enhanced_part(struct scan *s, int *ret_from, int *ret_to)
{
	if (scan_accept(s, '*')) {
		*ret_from = 0;
		*ret_to = 999;
		return true;
	}
	*ret_from = *ret_to = (int)scan_number(s, 999);
	if (scan_accept(s, '-'))
		*ret_to = (int)scan_number(s, 999);
	return !scan_failed(s) && *ret_from <= *ret_to;
}

static bool enhanced_range(const char *text, struct enhanced_range *ret)
{
	struct scan s = scan_span(span_of(text));

	for (int i = 0; i < 3; i++) {
		if ((i && !scan_accept(&s, '.')) || !enhanced_part(&s, &ret->from[i], &ret->to[i]))
			return false;
	}
	return scan_done(&s) && !scan_failed(&s);
}

static void load_enhanced(struct load *l, struct error_entry *e)
{
	struct strv list = { 0 };

	if (str_eq(load_must(l, E_ENHANCED), "*"))
		return;
	list = load_list(l, E_ENHANCED, ',');
	e->enhanced = arena_alloc(l->k->arena, (list.n + 1) * sizeof(*e->enhanced));
	for (size_t i = 0; i < list.n; i++) {
		if (enhanced_range(list.v[i], &e->enhanced[e->n_enhanced]))
			e->n_enhanced++;
		else
			load_bad(l, E_ENHANCED, "'%s' is no enhanced code: 5.7.139, 5.7.606-649, 5.7.*, or * for any", list.v[i]);
	}
}

static void load_words(struct load *l, struct error_row *r)
{
	r->cause = load_cause(l, E_CAUSE);
	r->certainty = load_certainty(l, E_CERTAINTY);
	r->meaning = load_cell(l, E_MEANING);
	r->fix = load_fix(l, E_FIX);
	r->who = load_who(l, E_WHO, true);
	r->retry = load_retry(l, E_RETRY, true);
	r->also = load_causes(l, E_ALSO);
	r->source = load_must(l, E_SOURCE);
	r->confidence = load_confidence(l, E_CONFIDENCE);
	r->example = load_must(l, E_EXAMPLE);
}

static struct error_entry *error_row(struct load *l, unsigned user)
{
	struct error_entry *e = arena_alloc(l->k->arena, sizeof(*e));
	struct error_row *r = &e->row;

	r->id = load_must(l, E_ID);
	r->provider = load_must(l, E_PROVIDER);
	if (!str_eq(r->provider, "*") && !know_provider(l->k, r->provider, NULL))
		load_bad(l, E_PROVIDER, "'%s' is no provider of providers.tsv", r->provider);
	r->stages = load_must(l, E_STAGE);
	e->stages = load_stages(l, E_STAGE);
	r->codes = load_cell(l, E_CODE);
	load_codes(l, e);
	r->enhanced = load_cell(l, E_ENHANCED);
	load_enhanced(l, e);
	r->pattern = load_must(l, E_PATTERN);
	e->pattern = pattern_new(l->k->arena, r->pattern);
	if (!e->pattern)
		load_bad(l, E_PATTERN, "an empty piece beside '|' or '...'");
	load_words(l, r);
	r->file = l->t->name;
	r->line = l->t->rows[l->row].line;
	e->user = user;
	return e;
}

static void add_entry(struct know *k, struct error_entry *e)
{
	if (k->n_errors == k->cap_errors) {
		struct error_entry **bigger;

		k->cap_errors = k->cap_errors ? 2 * k->cap_errors : 1024;
		bigger = arena_alloc(k->arena, k->cap_errors * sizeof(*bigger));
		if (k->n_errors)
			memcpy(bigger, k->errors, k->n_errors * sizeof(*bigger));
		k->errors = bigger;
	}
	k->errors[k->n_errors++] = e;
}

/* Adds the rows of the table l->t. What was loaded before takes the place of a row of the same id. */
static bool add_rows(struct load *l, struct map *by_id, unsigned user)
{
	for (l->row = 0; l->row < l->t->n; l->row++) {
		struct error_entry *e = error_row(l, user);
		struct error_entry *old = map_get(by_id, e->row.id);

		if (old && old->row.file == e->row.file)
			load_bad(l, E_ID, "'%s' is there twice, first in line %d", e->row.id, old->row.line);
		if (l->error)
			return false;
		if (old)
			continue;		/* the stronger table came first */
		map_set(by_id, e->row.id, e);
		add_entry(l->k, e);
	}
	return true;
}

static bool read_file(struct load *l, const char *path, struct buf *b)
{
	char chunk[1024];
	size_t n;
	FILE *f = fopen(path, "re");

	if (!f) {
		l->error = arena_printf(l->k->arena, "%s: can't be opened: %m", path);
		return false;
	}
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_add(b, chunk, n);
	if (ferror(f))
		l->error = arena_printf(l->k->arena, "%s: can't be read", path);
	else if (b->overflow)
		l->error = arena_printf(l->k->arena, "%s: longer than %d bytes", path, LIMIT_TABLE);
	fclose(f);
	return !l->error;
}

static bool load_own_table(struct load *l, const char *path, struct map *by_id, unsigned user)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_TABLE);

	if (!read_file(l, path, &b))
		return false;
	l->t = tsv_parse(l->k->arena, arena_strdup(l->k->arena, path), buf_str(&b), b.len, error_columns, &l->error);
	return l->t && add_rows(l, by_id, user);
}

/* The strongest first: the last of the user's files, ... the first, what is built in. */
bool load_error_tables(struct load *l, const char *const *files, size_t n)
{
	struct map *by_id = map_new(l->k->arena);

	for (; n > 0; n--)
		if (!load_own_table(l, files[n - 1], by_id, (unsigned)n))
			return false;
	return load_open(l, "error-codes.tsv", error_columns) && add_rows(l, by_id, 0);
}
