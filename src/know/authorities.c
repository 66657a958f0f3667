/*
 * authorities.tsv: by which names CAA records mean the issuer of a certificate.
 */
#include "know/tables.h"

#define AT(member) .at = offsetof(struct authority, member)

static const struct column columns[] = {
	{ "issuer", cell_text, AT(issuer), MUST | KEY },
	{ "domains", cell_list, AT(domains), MUST, .sep = ' ' },
	{ "source", cell_text, AT(source), MUST },
	{ "confidence", cell_confidence, AT(confidence), MUST },
};

const struct table_kind authority_table = {
	"authorities.tsv", "authority", columns, ARRAY_LEN(columns), sizeof(struct authority), NULL,
};

const struct authority *know_authority_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_AUTHORITIES, i);
}

const struct authority *know_authority(const struct know *k, const char *organisation)
{
	const struct authority *r;

	for (size_t i = 0; k && (r = know_authority_at(k, i)); i++)
		if (str_glob(r->issuer, organisation))
			return r;
	return NULL;
}
