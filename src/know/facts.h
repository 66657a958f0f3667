#ifndef KNOW_FACTS_H
#define KNOW_FACTS_H

/*
 * facts - which facts there are: rows of facts.tsv. The names are a contract of the JSON reports.
 */

#include <stdbool.h>
#include <stddef.h>

struct know;

enum fact_type { FACT_STRING, FACT_NUMBER, FACT_BOOL, FACT_NONE };

struct fact_kind {
	const char	*name;		/* "tcp.$.state": $ is a port, * a part that varies */
	enum fact_type	 type;		/* as it is kept */
	const char	*form;		/* "string", "number", "bool", "time", "list" */
	/* of a number "ms", of a list what separates it: "blank"; "" = none */
	const char	*unit;
	const char	*by;		/* who leaves it, joined by commas */
	const char	*words;		/* what it says: one sentence, without a full stop */
};

/* The type of the row that a fact's name fits ("tcp.587.state"); FACT_NONE when there is none. */
enum fact_type fact_type_of(const char *name);

/* Its row; NULL when there is none. */
const struct fact_kind *know_fact(const struct know *k, const char *name);
/* In the name of a row $ is a number, * a part without dots, or all the rest where it is last. */
bool fact_name_fits(const char *row, const char *name);
const struct fact_kind *know_fact_at(const struct know *k, size_t i);	/* NULL past the end */

#endif
