/*
 * aadsts.tsv: the numbers of Microsoft Entra ID, found by number.
 */
#include "know/tables.h"

#include <stdio.h>

/* Bounds of a number; Microsoft's have five to seven digits. */
enum { SMALLEST = 10000, LARGEST = 99999999 };

static void cell_code(struct load *l, size_t column, void *to)
{
	const char *code = load_cell(l, column);
	unsigned long *number = to;

	if (!str_number(code, LARGEST, number) || *number < SMALLEST || *code == '0')
		load_bad(l, column, "'%s' is no number of five to eight digits", code);
}

#define AT(member) .at = offsetof(struct aadsts_row, member)

static const struct column columns[] = {
	{ "code", cell_code, AT(code), MUST | KEY },
	{ "name", cell_text, AT(name) },
	WORDS_COLUMNS(struct aadsts_row, MUST),
	LEAD_COLUMNS(struct aadsts_row),
};

static void finish(struct load *l, void *row)
{
	struct aadsts_row *number = row;

	load_place(l, &number->words);
	number->words.id = arena_printf(l->k->arena, "AADSTS%s", load_cell(l, 0));
	number->words.provider = "*";
}

const struct table_kind aadsts_table = {
	"aadsts.tsv", "number", columns, ARRAY_LEN(columns), sizeof(struct aadsts_row), finish,
};

const struct aadsts_row *know_aadsts(const struct know *k, unsigned long code)
{
	char key[24];

	snprintf(key, sizeof(key), "%lu", code);
	return table_row_of(k, TABLE_AADSTS, key);
}

const struct aadsts_row *know_aadsts_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_AADSTS, i);
}
