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

/*
 * A condition, or a text, about a fact that nobody leaves would never hold, or be
 * "unknown" for ever.
 */
static void cell_case(struct load *l, size_t column, void *to)
{
	const struct rule *r = to;

	cell_when(l, column, to);
	for (size_t i = 0; i < r->n_terms; i++) {
		const struct rule_term *t = &r->terms[i];

		if (t->subject != SUBJECT_FACT || r->per_port || t->over != OVER_ANY)
			load_bad(l, column, "only facts can be asked for here");
		else if (!path_fact_exists(t->name))
			load_bad(l, column, "'%s' is no fact of a case", t->name);
	}
}

static void check_facts(struct load *l, size_t column)
{
	const char *text = load_cell(l, column);

	for (const char *s = strchr(text, '{'); s && !l->sure; s = strchr(s + 1, '{')) {
		const char *end = strchr(s, '}');
		size_t n = end ? (size_t)(end - s) - 1 : 0;
		const char *name = span_dup(l->k->arena, (struct span) { s + 1, n });

		if (!path_fact_exists(name))
			load_bad(l, column, "'{%s}' is no fact of a case", name);
	}
}

static void cell_said(struct load *l, size_t column, void *to)
{
	check_facts(l, column);
	cell_text(l, column, to);
}

static void cell_said_list(struct load *l, size_t column, void *to)
{
	check_facts(l, column);
	cell_list(l, column, to);
}

/* --- path-findings.tsv --- */

#define FINDING(member) .at = offsetof(struct path_finding_row, member)

static const struct column finding_columns[] = {
	{ "id", cell_text, FINDING(id), MUST | KEY },
	{ "when", cell_case, FINDING(when), MUST },
	{ "severity", cell_severity, FINDING(severity), MUST },
	{ "setting", cell_text, FINDING(setting), MUST },
	{ "cause", cell_ref, FINDING(cause), .table = TABLE_CAUSES },
	{ "message", cell_said, FINDING(message), MUST },
	{ "fix", cell_said, FINDING(fix), MUST },
	{ "confidence", cell_confidence, FINDING(confidence), MUST },
	{ "source", cell_text, FINDING(source), MUST },
};

static void finish_finding(struct load *l, void *row)
{
	const struct path_finding_row *r = row;

	if (!str_has_prefix(r->id, "path."))
		load_bad(l, 0, "'%s' does not begin with path.", r->id);
}

const struct table_kind path_finding_table = {
	"path-findings.tsv", "finding", finding_columns, ARRAY_LEN(finding_columns),
	sizeof(struct path_finding_row), finish_finding,
};

const struct path_finding_row *know_path_finding_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_PATH_FINDINGS, i);
}

const struct path_finding_row *know_path_finding(const struct know *k, const char *id)
{
	return table_row_of(k, TABLE_PATH_FINDINGS, id);
}

/* --- path-choices.tsv --- */

#define CHOICE(member) .at = offsetof(struct path_choice_row, member)

static const char *const paths[] = {
	"client-submission", "direct-send", "smtp-relay", "high-volume-email",
	"azure-communication-services", "graph", "third-party", "personal-outlook", NULL,
};
static const struct column choice_columns[] = {
	{ "rule", cell_text, CHOICE(id), MUST | KEY },
	{ "when", cell_case, CHOICE(when), MUST },
	{ "path", cell_word, CHOICE(path), MUST, .words = paths },
	{ "name", cell_said, CHOICE(name), MUST },
	{ "why", cell_said, CHOICE(why), MUST },
	{ "prerequisites", cell_said_list, CHOICE(prerequisites), MUST, .sep = '|' },
	{ "breaks", cell_said_list, CHOICE(breaks), MUST, .sep = '|' },
	{ "confidence", cell_confidence, CHOICE(confidence), MUST },
	{ "source", cell_text, CHOICE(source), MUST },
};

const struct table_kind path_choice_table = {
	"path-choices.tsv", "choice", choice_columns, ARRAY_LEN(choice_columns),
	sizeof(struct path_choice_row), NULL,
};

const struct path_choice_row *know_path_choice_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_PATH_CHOICES, i);
}
