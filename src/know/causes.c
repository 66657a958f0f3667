/*
 * causes.txt: every reason that can be named, and what to do about it.
 */
#include "know/tables.h"

#define AT(member) .at = offsetof(struct cause, member)

enum { WHO = 2 };
static const struct column columns[] = {
	{ "id", cell_text, AT(id), MUST | KEY },
	{ "title", cell_text, AT(title), MUST },
	[WHO] = { "who", cell_who, AT(who), MUST },
	{ "who", cell_roles, AT(roles) },
	{ "retry", cell_retry, AT(retry), MUST },
	{ "meaning", cell_text, AT(meaning), MUST },
	{ "fix", cell_fix, AT(fix), MUST },
	{ "verify", cell_text, AT(verify), MUST },
	{ "decide", cell_text, AT(decide) },
	{ "next", cell_refs, AT(next), .table = TABLE_CAUSES },
	{ "sources", cell_list, AT(sources), MUST, .sep = ';' },
	{ "confidence", cell_confidence, AT(confidence), MUST },
};

static void finish(struct load *l, void *row)
{
	struct cause *c = row;

	if (str_eq(c->who, "tenant-admin") && !c->roles.n)
		load_bad(l, WHO, "which administrator? tenant-admin/ROLE, from roles.tsv");
}

const struct table_kind cause_table = {
	"causes.txt", "cause", columns, ARRAY_LEN(columns), sizeof(struct cause), finish,
};

const char *row_title(const struct row_words *words)
{
	return words->title && *words->title ? words->title : words->cause->title;
}

const struct cause *know_cause_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_CAUSES, i);
}

const struct cause *know_cause(const struct know *k, const char *id)
{
	return table_row_of(k, TABLE_CAUSES, id);
}
