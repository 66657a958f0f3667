/*
 * blocklists.tsv: lists of addresses and domains that DNS answers for, and what they answer.
 */
#include "know/tables.h"

#define AT(member) .at = offsetof(struct blocklist, member)

static const char *const kinds[] = { "ip", "domain", NULL };
static const char *const uses[] = { "open", "registered", "dead", "elsewhere", NULL };

enum { ANSWERS = 4 };
static const struct column columns[] = {
	{ "zone", cell_text, AT(zone), MUST | KEY },
	{ "name", cell_text, AT(name), MUST },
	{ "kind", cell_word, AT(kind), MUST, .words = kinds },
	{ "use", cell_word, AT(use), MUST, .words = uses },
	[ANSWERS] = { "answers", cell_list, AT(answers), .sep = '|' },
	{ "refusals", cell_list, AT(refusals), .sep = ' ' },
	{ "test", cell_text, AT(test) },
	{ "terms", cell_text, AT(terms) },
	{ "delist", cell_text, AT(delist) },
	{ "source", cell_text, AT(source), MUST },
	{ "confidence", cell_confidence, AT(confidence), MUST },
};

/* "127.0.0.2 what it means", or "bits 2 what it means": a list that is asked says what it means. */
static void finish(struct load *l, void *row)
{
	const struct blocklist *b = row;

	if (str_eq(b->use, "open") != (b->answers.n > 0))
		load_bad(l, ANSWERS, "must %s for a list that is %s",
			 b->answers.n ? "be empty" : "not be empty", b->use);
	for (size_t i = 0; i < b->answers.n && !l->sure; i++)
		if (!strchr(b->answers.v[i], ' '))
			load_bad(l, ANSWERS, "'%s' has no words behind the answer",
				 b->answers.v[i]);
}

const struct table_kind blocklist_table = {
	"blocklists.tsv", "blocklist", columns, ARRAY_LEN(columns), sizeof(struct blocklist),
	finish,
};

const struct blocklist *know_blocklist_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_BLOCKLISTS, i);
}
