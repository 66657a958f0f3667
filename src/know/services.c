/*
 * services.tsv: what a domain publishes so that a provider or service may send in its name.
 */
#include "know/tables.h"

#define AT(member) .at = offsetof(struct sending_service, member)

static const char *const envelopes[] = { "customer", "service", "either", NULL };
static const char *const forms[] = { "txt", "cname", "either", NULL };

static const struct column columns[] = {
	{ "id", cell_text, AT(id), MUST | KEY },
	{ "name", cell_text, AT(name), MUST },
	{ "spf", cell_list, AT(includes), .sep = ' ' },
	{ "envelope", cell_word, AT(envelope), MUST, .words = envelopes },
	{ "selectors", cell_list, AT(selectors), .sep = ' ' },
	{ "form", cell_word, AT(form), .words = forms },
	{ "discover", cell_list, AT(discover), .sep = ' ' },
	{ "note", cell_text, AT(note) },
	{ "source", cell_text, AT(source), MUST },
	{ "confidence", cell_confidence, AT(confidence), MUST },
};

const struct table_kind service_table = {
	"services.tsv", "service", columns, ARRAY_LEN(columns), sizeof(struct sending_service),
	NULL,
};

const struct sending_service *know_service_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_SERVICES, i);
}

const struct sending_service *know_service(const struct know *k, const char *id)
{
	return table_row_of(k, TABLE_SERVICES, id);
}

const struct sending_service *know_service_of_include(const struct know *k, const char *name)
{
	const struct sending_service *s;

	for (size_t i = 0; (s = know_service_at(k, i)); i++)
		if (strv_glob(&s->includes, name))
			return s;
	return NULL;
}

const struct sending_service *know_service_of_discovery(const struct know *k,
							const char *name)
{
	const struct sending_service *s;

	for (size_t i = 0; (s = know_service_at(k, i)); i++)
		if (strv_glob(&s->discover, name))
			return s;
	return NULL;
}

const char *service_include(const struct sending_service *s)
{
	for (size_t i = 0; i < s->includes.n; i++)
		if (!strpbrk(s->includes.v[i], "*?"))
			return s->includes.v[i];
	return "";
}
