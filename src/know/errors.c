/*
 * error-codes.tsv, and the user's own tables of the same form (in his configuration folder, --codes): entries ready to be matched, and the
 * rows behind them.
 */
#include "know/tables.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/map.h"
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
static bool code_range(struct span s, struct code_range *ret)
{
	struct code_range r = { 0, 0 };

	if (s.len != 3 || s.p[0] < '2' || s.p[0] > '5')
		return false;
	for (size_t i = 0; i < s.len; i++) {
		bool any = s.p[i] == 'x';

		if (!any && !ascii_is_digit(s.p[i]))
			return false;
		r.from = r.from * 10 + (any ? 0 : s.p[i] - '0');
		r.to = r.to * 10 + (any ? 9 : s.p[i] - '0');
	}
	*ret = r;
	return true;
}

static void load_codes(struct load *l, struct error_entry *e)
{
	const char *cell = load_must(l, E_CODE);
	struct span rest = span_of(cell), one;

	if (str_eq(cell, "*"))
		return;
	e->codes = arena_alloc(l->k->arena, (rest.len / 4 + 1) * sizeof(*e->codes));	/* "535," */
	while (list_next(&rest, ',', &one)) {
		if (code_range(one, &e->codes[e->n_codes]))
			e->n_codes++;
		else
			load_bad(l, E_CODE, "'%.*s' is no reply code: 535, 5xx, or * for any", (int)one.len, one.p);
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

static bool enhanced_range(struct span text, struct enhanced_range *ret)
{
	struct scan s = scan_span(text);

	for (int i = 0; i < 3; i++) {
		if ((i && !scan_accept(&s, '.')) || !enhanced_part(&s, &ret->from[i], &ret->to[i]))
			return false;
	}
	return scan_done(&s) && !scan_failed(&s);
}

static void load_enhanced(struct load *l, struct error_entry *e)
{
	const char *cell = load_must(l, E_ENHANCED);
	struct span rest = span_of(cell), one;

	if (str_eq(cell, "*"))
		return;
	e->enhanced = arena_alloc(l->k->arena, (rest.len / 6 + 1) * sizeof(*e->enhanced));	/* "5.7.1," */
	while (list_next(&rest, ',', &one)) {
		if (enhanced_range(one, &e->enhanced[e->n_enhanced]))
			e->n_enhanced++;
		else
			load_bad(l, E_ENHANCED, "'%.*s' is no enhanced code: 5.7.139, 5.7.606-649, 5.7.*, or * for any", (int)one.len, one.p);
	}
}

/* --- what is read when somebody wants it --- */

/* The bits of a stage cell; *ret_bad is the piece that is no stage, if there is one. */
static unsigned stages_of(const char *cell, struct span *ret_bad)
{
	struct span rest = span_of(cell), one;
	unsigned bits = 0;

	if (str_eq(cell, "*"))
		return 0;
	while (list_next(&rest, ',', &one)) {
		enum stage s = STAGE_UNKNOWN + 1;

		while (s < STAGE_COUNT && !span_eq(one, stage_name(s)))
			s++;
		if (s < STAGE_COUNT)
			bits |= 1u << s;
		else
			*ret_bad = one;
	}
	return bits;
}

unsigned error_stages(const struct error_entry *e)
{
	struct span bad = { NULL, 0 };

	return stages_of(tsv_cell(e->t, e->at, E_STAGE), &bad);
}

bool error_row_has_stage(const struct error_row *row, enum stage s)
{
	struct span bad = { NULL, 0 };
	unsigned bits = stages_of(row->stages, &bad);

	return !bits || (bits & (1u << s));
}

const struct pattern *error_pattern(const struct know *k, struct error_entry *e)
{
	return pattern_once(k, tsv_cell(e->t, e->at, E_PATTERN), &e->pattern);
}

static const char *load_stages(struct load *l)
{
	const char *cell = load_must(l, E_STAGE);
	struct span bad = { NULL, 0 };

	if (!stages_of(cell, &bad) && !bad.len && !str_eq(cell, "*"))
		load_bad(l, E_STAGE, "must not be empty");
	if (bad.len)
		load_bad(l, E_STAGE, "'%.*s' is none of: dns, connect, greeting, ehlo, starttls, tls, auth, mail, rcpt, data, accepted, or * for any",
			 (int)bad.len, bad.p);
	return cell;
}

static void *read_error(struct load *l)
{
	struct error_row *r = arena_alloc(l->k->arena, sizeof(*r));

	r->id = load_must(l, E_ID);
	r->provider = load_must(l, E_PROVIDER);
	if (!str_eq(r->provider, "*") && !provider_exists(l->k, r->provider, NULL))
		load_bad(l, E_PROVIDER, "'%s' is no provider of providers.tsv", r->provider);
	r->stages = load_stages(l);
	r->codes = load_cell(l, E_CODE);
	r->enhanced = load_cell(l, E_ENHANCED);
	r->pattern = load_must(l, E_PATTERN);
	r->cause = load_cause(l, E_CAUSE);
	r->certainty = load_certainty(l, E_CERTAINTY);
	r->meaning = load_cell(l, E_MEANING);
	r->fix = load_fix(l, E_FIX);
	r->who = load_who(l, E_WHO, true);
	r->roles = load_roles(l, E_WHO);
	r->retry = load_retry(l, E_RETRY, true);
	r->also = load_causes(l, E_ALSO);
	r->source = load_must(l, E_SOURCE);
	r->confidence = load_confidence(l, E_CONFIDENCE);
	r->example = load_must(l, E_EXAMPLE);
	r->file = l->t->name;
	r->line = tsv_line(l->t, l->row);
	return r;
}

const struct error_row *error_row_of(const struct know *k, struct error_entry *e)
{
	if (!e->row) {
		struct load l = load_at(k, e->t, e->at);

		e->row = read_error(&l);
		load_sure(&l);
	}
	return e->row;
}

/* --- what is read at the start --- */

static struct error_entry *add_entry(struct know *k)
{
	if (k->n_errors == k->cap_errors) {
		struct error_entry *bigger;

		k->cap_errors = 2 * k->cap_errors + table_size(k, TABLE_ERRORS);
		bigger = arena_alloc(k->arena, k->cap_errors * sizeof(*bigger));
		if (k->n_errors)
			memcpy(bigger, k->errors, k->n_errors * sizeof(*bigger));
		k->errors = bigger;
	}
	return &k->errors[k->n_errors++];
}

/* What the row l->row is found by. */
static struct error_entry *load_entry(struct load *l, unsigned user)
{
	struct error_entry *e = add_entry(l->k);

	*e = (struct error_entry) { .provider = load_cell(l, E_PROVIDER), .user = user, .t = l->t, .at = l->row };
	load_codes(l, e);
	load_enhanced(l, e);
	return e;
}

/* All of a built-in row, for know_check(): also what it is found by. */
static void *check_error(struct load *l)
{
	struct error_entry e = { .t = l->t, .at = l->row };

	load_unique(l, TABLE_ERRORS, E_ID);
	load_codes(l, &e);
	load_enhanced(l, &e);
	if (!error_pattern(l->k, &e))
		load_bad(l, E_PATTERN, "an empty piece beside '|' or '...'");
	return read_error(l);
}

const struct table_kind error_table = { "error-codes.tsv", error_columns, check_error };

/* The rows of a user's table l->t, all of them. What was loaded before takes the place of a row of the same id. */
static bool load_own_rows(struct load *l, struct map *by_id, unsigned user)
{
	for (l->row = 0; l->row < l->t->n; l->row++) {
		const struct error_row *r = read_error(l), *old = map_get(by_id, r->id);
		struct error_entry *e;

		if (old && old->file == r->file)
			load_bad(l, E_ID, "'%s' is there twice, first in line %d", r->id, old->line);
		if (!old)
			map_set(by_id, r->id, (void *)r);
		e = load_entry(l, user);
		e->row = r;
		if (!error_pattern(l->k, e))
			load_bad(l, E_PATTERN, "an empty piece beside '|' or '...'");
		if (l->error)
			return false;
		if (old)
			l->k->n_errors--;	/* the stronger table came first */
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
	return l->t && load_own_rows(l, by_id, user);
}

/* The strongest first: the last of the user's files, ... the first, what is built in. */
bool error_row_exists(const struct know *k, const char *id)
{
	return table_find(k, TABLE_ERRORS, E_ID, id) < table_size(k, TABLE_ERRORS);
}

bool load_error_tables(struct load *l, const char *const *files, size_t n)
{
	struct map *by_id = map_new(l->k->arena);

	for (; n > 0; n--)
		if (!load_own_table(l, files[n - 1], by_id, (unsigned)n))
			return false;
	l->t = l->k->tables[TABLE_ERRORS].t;
	for (l->row = 0; l->row < l->t->n; l->row++)
		if (!map_count(by_id) || !map_get(by_id, load_cell(l, E_ID)))
			load_entry(l, 0);
	return !l->error;
}
