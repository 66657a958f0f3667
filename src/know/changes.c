/*
 * changes.tsv: rows into structs.
 */
#include "know/changes.h"

#include "base/str.h"
#include "know/facts.h"
#include "know/tables.h"

enum { C_ID, C_OF, C_WHEN, C_VALUES, C_ONLY, C_SEVERITY, C_TITLE };

static const char *const severities[] = {
	"noise", "note", "improvement", "warning", "regression", NULL,
};
static const char *const whens[] = {
	"any", "added", "removed", "less", "more", "to", "along", "lost", "gained", "above",
	"below", NULL,
};

const char *change_severity_name(enum change_severity s)
{
	return severities[s];
}

static unsigned place_of(const char *const *words, const char *word)
{
	unsigned i = 0;

	while (words[i] && !str_eq(words[i], word))
		i++;
	return i;
}

/* A condition that may be missing. */
static void cell_only(struct load *l, size_t column, void *to)
{
	if (*load_cell(l, column))
		cell_when(l, column, to);
}

/* A text about what changed: nothing else can be filled in. */
static void cell_told(struct load *l, size_t column, void *to)
{
	const char *text = load_cell(l, column);

	cell_text(l, column, to);
	for (const char *s = strchr(text, '{'); s && !l->sure; s = strchr(s + 1, '{')) {
		const char *end = strchr(s, '}');
		struct span name = { s + 1, end ? (size_t)(end - s) - 1 : 0 };

		if (!span_in(name, "was|now|gone|new|port"))
			load_bad(l, column, "only {was}, {now}, {gone}, {new} and {port} are "
				 "filled in here");
	}
}

#define AT(member) .at = offsetof(struct change_row, member)

static const struct column columns[] = {
	{ "id", cell_text, AT(id), MUST | KEY },
	{ "of", cell_text, AT(of), MUST },
	{ "when", cell_word, AT(when_word), MUST, .words = whens },
	{ "values", cell_list, AT(values), .sep = '|' },
	{ "only", cell_only, AT(only) },
	{ "severity", cell_word, AT(severity_word), MUST, .words = severities },
	{ "title", cell_told, AT(title) },
	{ "why", cell_told, AT(why), MUST },
	{ "who", cell_who, AT(who) },
	{ "who", cell_roles, AT(roles) },
	{ "do", cell_told, AT(act) },
	{ "confidence", cell_confidence, AT(confidence), MUST },
	{ "source", cell_text, AT(source), MUST },
};

/* A name that the row of facts.tsv stands for. */
static const char *example_of(struct arena *a, const char *row)
{
	char *name = arena_strdup(a, row);

	for (char *s = name; *s; s++) {
		if (*s == '$')
			*s = '1';
		else if (*s == '*')
			*s = 'x';
	}
	return name;
}

static bool has_row(struct load *l, const char *of)
{
	const struct tsv *t;

	if (str_has_prefix(of, "finding:"))
		return table_has_like(l->k, TABLE_FINDINGS, of + strlen("finding:"));
	t = table_tsv(l->k, TABLE_FACTS);
	for (size_t i = 0; i < t->n; i++)
		if (fact_name_fits(of, example_of(l->k->arena, tsv_cell(t, i, 0))))
			return true;
	return false;
}

static void check(struct load *l, const struct change_row *r)
{
	bool valued = r->when >= WHEN_TO;

	if (!has_row(l, r->of))
		load_bad(l, C_OF, "'%s' is no fact of facts.tsv and no finding of findings.tsv",
			 r->of);
	if (str_has_prefix(r->of, "finding:") && r->when > WHEN_REMOVED)
		load_bad(l, C_WHEN, "a finding is added, removed or any");
	if (valued != (r->values.n > 0))
		load_bad(l, C_VALUES, valued ? "must not be empty for '%s'" : "is not for '%s'",
			 r->when_word);
	if (r->when == WHEN_ALONG && r->values.n < 2)
		load_bad(l, C_VALUES, "names less than two values in order");
	/* What is noise is told nobody. */
	if (r->severity != CHANGE_NOISE && !*r->title)
		load_bad(l, C_TITLE, "must not be empty");
}

static void finish(struct load *l, void *row)
{
	struct change_row *r = row;

	r->when = (enum change_when)place_of(whens, r->when_word);
	r->severity = (enum change_severity)place_of(severities, r->severity_word);
	if ((r->when == WHEN_ABOVE || r->when == WHEN_BELOW) &&
	    (r->values.n != 1 || !str_number(r->values.v[0], 1000000000, &r->limit)))
		load_bad(l, C_VALUES, "is not one number");
	if (!l->sure)
		check(l, r);
}

const struct table_kind change_table = {
	"changes.tsv", "change", columns, ARRAY_LEN(columns), sizeof(struct change_row), finish,
};

const struct change_row *know_change_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_CHANGES, i);
}
