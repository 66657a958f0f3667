/*
 * facts.tsv: rows into structs, and the row that a fact's name fits.
 */
#include "know/facts.h"

#include "base/data.h"
#include "base/str.h"
#include "know/tables.h"

/* As the file has them: fact_type_of() reads the compiled-in cells. */
enum { F_NAME, F_TYPE, F_UNIT, F_BY, F_WORDS };

static enum fact_type type_of(const char *form)
{
	if (*form == 'n')
		return FACT_NUMBER;
	return *form == 'b' ? FACT_BOOL : FACT_STRING;
}

#define AT(member) .at = offsetof(struct fact_kind, member)

static const char *const forms[] = { "string", "number", "bool", "time", "list", NULL };
static const char *const units[] = {
	"s", "ms", "days", "bytes", "count", "blank", "comma", NULL,
};
static const struct column columns[] = {
	{ "name", cell_text, AT(name), MUST | KEY },
	{ "type", cell_word, AT(form), MUST, .words = forms },
	{ "unit", cell_word, AT(unit), .words = units },
	{ "by", cell_text, AT(by), MUST },
	{ "words", cell_text, AT(words), MUST },
};

static void finish(struct load *l, void *row)
{
	struct fact_kind *f = row;

	f->type = type_of(f->form);
	if (!strchr(f->name, '.'))
		load_bad(l, F_NAME, "'%s' has no area", f->name);
	if (!l->sure && l->row && strcmp(tsv_cell(l->t, l->row - 1, F_NAME), f->name) > 0)
		load_bad(l, F_NAME, "'%s' is not in order", f->name);
}

const struct table_kind fact_table = {
	"facts.tsv", "fact", columns, ARRAY_LEN(columns), sizeof(struct fact_kind), finish,
};

const struct fact_kind *know_fact_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_FACTS, i);
}

bool fact_name_fits(const char *row, const char *name)
{
	for (; *row; row++) {
		size_t n = 1;

		if (*row == '$')
			n = strspn(name, "0123456789");
		else if (*row == '*')
			n = row[1] ? strcspn(name, ".") : strlen(name);
		else if (*row != *name)
			return false;
		if (!n)
			return false;
		name += n;
	}
	return !*name;
}

static const char *cell(const struct data_table *d, size_t row, size_t column)
{
	return d->text + d->cells[column * (d->n + 1) + 1 + row];
}

/* The first row whose name is not before it: the rows are in order. */
static size_t place(const struct data_table *d, const char *name)
{
	size_t from = 0, to = d->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (strcmp(cell(d, middle, F_NAME), name) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* "tcp.$.state" of "tcp.587.state": most rows with a pattern have a port in the second place. */
static void as_of_port(const char *name, size_t area, char *to, size_t size)
{
	const char *rest = name + area + strspn(name + area, "0123456789");
	size_t n = strlen(rest) + 1;

	*to = '\0';
	if (area + 1 + n > size)
		return;
	memcpy(to, name, area);
	to[area] = '$';
	memcpy(to + area + 1, rest, n);
}

/* The row that the name of a fact fits; past the end when there is none. */
static size_t row_of(const struct data_table *d, const char *name)
{
	size_t row = place(d, name), area = strcspn(name, ".") + 1;
	char of_port[64];

	if (row < d->n && str_eq(cell(d, row, F_NAME), name))
		return strpbrk(name, "$*") ? d->n : row;
	if (!name[area - 1])
		return d->n;
	as_of_port(name, area, of_port, sizeof(of_port));
	row = place(d, of_port);
	if (row < d->n && str_eq(cell(d, row, F_NAME), of_port) && fact_name_fits(of_port, name))
		return row;
	/* An address, a number in a list: among the rows of the area, which stand together. */
	if (!*of_port)
		row = place(d, name);
	while (row && strncmp(cell(d, row - 1, F_NAME), name, area) == 0)
		row--;
	for (; row < d->n && strncmp(cell(d, row, F_NAME), name, area) == 0; row++)
		if (fact_name_fits(cell(d, row, F_NAME) + area, name + area))
			return row;
	return d->n;
}

enum fact_type fact_type_of(const char *name)
{
	const struct data_table *d = data_table_find("facts.tsv");
	size_t row = row_of(d, name);

	return row < d->n ? type_of(cell(d, row, F_TYPE)) : FACT_NONE;
}

const struct fact_kind *know_fact(const struct know *k, const char *name)
{
	return know_fact_at(k, row_of(data_table_find("facts.tsv"), name));
}
