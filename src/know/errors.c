/*
 * error-codes.tsv: replies, ready to be matched, and the rows behind them.
 */
#include "know/tables.h"

#include "base/scan.h"

enum { PROVIDER = 1, STAGE, CODE, ENHANCED, PATTERN };

/* --- what a row is found by --- */

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

struct code_range *load_codes(struct load *l, size_t column, size_t *ret_n)
{
	const char *cell = load_cell(l, column);
	struct span rest = span_of(cell), one;
	struct code_range *codes;

	*ret_n = 0;
	if (str_eq(cell, "*"))
		return NULL;
	codes = arena_alloc(l->k->arena, (rest.len / 4 + 1) * sizeof(*codes));	/* "535," */
	while (list_next(&rest, ',', &one)) {
		if (code_range(one, &codes[*ret_n]))
			++*ret_n;
		else
			load_bad(l, column, "'%.*s' is no reply code: 535, 5xx, or * for any",
				 (int)one.len, one.p);
	}
	return codes;
}

static void read_codes(struct load *l, struct error_entry *e)
{
	e->codes = load_codes(l, CODE, &e->n_codes);
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

static void read_enhanced(struct load *l, struct error_entry *e)
{
	const char *cell = load_cell(l, ENHANCED);
	struct span rest = span_of(cell), one;

	if (str_eq(cell, "*"))
		return;
	/* "5.7.1," */
	e->enhanced = arena_alloc(l->k->arena, (rest.len / 6 + 1) * sizeof(*e->enhanced));
	while (list_next(&rest, ',', &one)) {
		if (enhanced_range(one, &e->enhanced[e->n_enhanced]))
			e->n_enhanced++;
		else
			load_bad(l, ENHANCED, "'%.*s' is no enhanced code: 5.7.139, 5.7.606-649, "
				 "5.7.*, or * for any", (int)one.len, one.p);
	}
}

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

bool error_row_has_stage(const struct error_row *row, enum stage s)
{
	struct span bad = { NULL, 0 };
	unsigned bits = stages_of(row->stages, &bad);

	return !bits || (bits & (1u << s));
}

bool error_is_any(const struct know *k, size_t row)
{
	return str_eq(tsv_cell(table_tsv(k, TABLE_ERRORS), row, PATTERN), "*");
}

const struct error_entry *know_error(const struct know *k, size_t row)
{
	struct load l = {
		.k = (struct know *)k, .id = TABLE_ERRORS, .t = table_tsv(k, TABLE_ERRORS),
		.row = row, .sure = true,
	};
	struct span bad = { NULL, 0 };
	struct error_entry *e;

	if (!k->errors)
		l.k->errors = arena_alloc(k->arena, (l.t->n + 1) * sizeof(*k->errors));
	e = &k->errors[row];
	if (e->pattern)
		return e;
	*e = (struct error_entry) {
		.provider = load_cell(&l, PROVIDER), .user = tsv_user(l.t, row), .at = row,
		.stages = stages_of(load_cell(&l, STAGE), &bad),
		.pattern = pattern_new(k->arena, load_cell(&l, PATTERN)),
	};
	read_codes(&l, e);
	read_enhanced(&l, e);
	return e;
}

/* --- the rows --- */

void cell_stages(struct load *l, size_t column, void *to)
{
	const char *cell = load_cell(l, column);
	struct span bad = { NULL, 0 };

	cell_text(l, column, to);
	if (!l->sure && !stages_of(cell, &bad) && !bad.len && !str_eq(cell, "*"))
		load_bad(l, column, "must not be empty");
	if (bad.len)
		load_bad(l, column, "'%.*s' is none of: dns, connect, greeting, ehlo, starttls, "
			 "tls, auth, mail, rcpt, data, accepted, or * for any", (int)bad.len,
			 bad.p);
}

#define AT(member) .at = offsetof(struct error_row, member)

static const struct column columns[] = {
	{ "id", cell_text, AT(words.id), MUST | KEY },
	[PROVIDER] = { "provider", cell_ref, AT(words.provider), MUST | STAR,
		       .table = TABLE_PROVIDERS },
	[STAGE] = { "stage", cell_stages, AT(stages), MUST },
	[CODE] = { "code", cell_text, AT(codes), MUST },
	[ENHANCED] = { "enhanced", cell_text, AT(enhanced), MUST },
	[PATTERN] = { "pattern", cell_text, AT(pattern), MUST },
	WORDS_COLUMNS(struct error_row, 0),
	{ "also", cell_refs, AT(words.also), .table = TABLE_CAUSES },
	{ "example", cell_text, AT(example), MUST },
	LEAD_COLUMNS(struct error_row),
};

static void finish(struct load *l, void *row)
{
	struct error_row *r = row;
	struct error_entry e = { .provider = NULL };

	load_place(l, &r->words);
	if (l->sure)
		return;
	read_codes(l, &e);
	read_enhanced(l, &e);
	if (!pattern_new(l->k->arena, r->pattern))
		load_bad(l, PATTERN, "an empty piece beside '|' or '...'");
}

const struct table_kind error_table = {
	"error-codes.tsv", "row", columns, ARRAY_LEN(columns), sizeof(struct error_row), finish,
};

const struct error_row *know_error_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_ERRORS, i);
}
