/*
 * path-findings.tsv and path-choices.tsv: rows into structs.
 */
#include "know/path.h"

#include "base/str.h"
#include "know/facts.h"
#include "know/tables.h"

bool path_fact_exists(const char *name)
{
	return (str_has_prefix(name, "case.") || str_has_prefix(name, "seen.") ||
		str_has_prefix(name, "policy.")) && fact_type_of(name) != FACT_NONE;
}

/* A condition, or a text, about a fact that nobody leaves would never hold, or be "unknown" for ever. */
static void load_when(struct load *l, size_t column, struct rule *ret)
{
	const char *error = rule_parse(l->k->arena, load_must(l, column), ret);

	if (error)
		load_bad(l, column, "%s", error);
	for (size_t i = 0; !error && i < ret->n_terms; i++) {
		const struct rule_term *t = &ret->terms[i];

		if (t->subject != SUBJECT_FACT || ret->per_port || t->over != OVER_ANY)
			load_bad(l, column, "only facts can be asked for here");
		else if (!path_fact_exists(t->name))
			load_bad(l, column, "'%s' is no fact of a case", t->name);
	}
}

static void load_placeholders(struct load *l, size_t column, const char *text)
{
	for (const char *s = strchr(text, '{'); s; s = strchr(s + 1, '{')) {
		const char *end = strchr(s, '}');
		const char *name = end ? span_dup(l->k->arena, (struct span) { s + 1, (size_t)(end - s) - 1 }) : "";

		if (!path_fact_exists(name))
			load_bad(l, column, "'{%s}' is no fact of a case", name);
	}
}

static const char *load_text(struct load *l, size_t column)
{
	const char *text = load_must(l, column);

	load_placeholders(l, column, text);
	return text;
}

static struct strv load_texts(struct load *l, size_t column)
{
	struct strv list = load_list(l, column, '|');

	load_must(l, column);
	load_placeholders(l, column, load_cell(l, column));
	return list;
}

/* --- path-findings.tsv --- */

enum { F_ID, F_WHEN, F_SEVERITY, F_SETTING, F_CAUSE, F_MESSAGE, F_FIX, F_CONFIDENCE, F_SOURCE };
static const char *const finding_columns[] = {
	"id", "when", "severity", "setting", "cause", "message", "fix", "confidence", "source", NULL,
};

static void *read_finding(struct load *l)
{
	struct path_finding_row *row = arena_alloc(l->k->arena, sizeof(*row));

	row->id = load_must(l, F_ID);
	load_unique(l, TABLE_PATH_FINDINGS, F_ID);
	if (!str_has_prefix(row->id, "path."))
		load_bad(l, F_ID, "'%s' does not begin with path.", row->id);
	load_when(l, F_WHEN, &row->when);
	row->severity = load_severity(l, F_SEVERITY);
	row->setting = load_must(l, F_SETTING);
	row->cause = *load_cell(l, F_CAUSE) ? load_cause_id(l, F_CAUSE) : "";
	row->message = load_text(l, F_MESSAGE);
	row->fix = load_text(l, F_FIX);
	row->confidence = load_confidence(l, F_CONFIDENCE);
	row->source = load_must(l, F_SOURCE);
	return row;
}

const struct table_kind path_finding_table = { "path-findings.tsv", finding_columns, read_finding };

const struct path_finding_row *know_path_finding_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_PATH_FINDINGS, i);
}

const struct path_finding_row *know_path_finding(const struct know *k, const char *id)
{
	return know_path_finding_at(k, table_find(k, TABLE_PATH_FINDINGS, F_ID, id));
}

/* --- path-choices.tsv --- */

enum { C_RULE, C_WHEN, C_PATH, C_NAME, C_WHY, C_PREREQUISITES, C_BREAKS, C_CONFIDENCE, C_SOURCE };
static const char *const choice_columns[] = {
	"rule", "when", "path", "name", "why", "prerequisites", "breaks", "confidence", "source", NULL,
};

static void *read_choice(struct load *l)
{
	static const char *const paths[] = {
		"client-submission", "direct-send", "smtp-relay", "high-volume-email", "azure-communication-services", "graph", "third-party",
		"personal-outlook", NULL,
	};
	struct path_choice_row *row = arena_alloc(l->k->arena, sizeof(*row));

	row->id = load_must(l, C_RULE);
	load_unique(l, TABLE_PATH_CHOICES, C_RULE);
	load_when(l, C_WHEN, &row->when);
	row->path = load_word(l, C_PATH, paths, false);
	row->name = load_text(l, C_NAME);
	row->why = load_text(l, C_WHY);
	row->prerequisites = load_texts(l, C_PREREQUISITES);
	row->breaks = load_texts(l, C_BREAKS);
	row->confidence = load_confidence(l, C_CONFIDENCE);
	row->source = load_must(l, C_SOURCE);
	return row;
}

const struct table_kind path_choice_table = { "path-choices.tsv", choice_columns, read_choice };

const struct path_choice_row *know_path_choice_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_PATH_CHOICES, i);
}
