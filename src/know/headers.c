/*
 * headers.tsv: what the values in a delivered message's header mean, and which services sign as
 * whom.
 */
#include "know/tables.h"

#define AT(member) .at = offsetof(struct header_row, member)

enum { HEADER, KEY_IN_IT };
static const struct column columns[] = {
	[HEADER] = { "header", cell_text, AT(header), MUST | KEY },
	[KEY_IN_IT] = { "key", cell_text, AT(key), MUST | KEY },
	{ "value", cell_list, AT(values), MUST | KEY, .sep = '|' },
	{ "meaning", cell_text, AT(meaning), MUST },
	{ "source", cell_text, AT(source), MUST },
	{ "confidence", cell_confidence, AT(confidence), MUST },
};

const struct table_kind header_table = {
	"headers.tsv", "value", columns, ARRAY_LEN(columns), sizeof(struct header_row), NULL,
};

const struct header_row *know_header_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_HEADERS, i);
}

const struct header_row *know_header(const struct know *k, const char *header, const char *key,
				     const char *value)
{
	const struct tsv *t = table_tsv(k, TABLE_HEADERS);

	for (size_t i = 0; i < t->n; i++) {
		const struct header_row *r;

		if (!str_eq_nocase(tsv_cell(t, i, KEY_IN_IT), key) ||
		    !str_glob(tsv_cell(t, i, HEADER), header))
			continue;
		r = know_header_at(k, i);
		if (strv_glob(&r->values, value))
			return r;
	}
	return NULL;
}
