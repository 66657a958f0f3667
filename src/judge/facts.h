#ifndef JUDGE_FACTS_H
#define JUDGE_FACTS_H

/*
 * facts - what was seen, typed and named: smtp.587.starttls.version = "TLS1.3". Rules judge them.
 *
 * Names are rows of facts.tsv, with their type: another name or type is a bug of ours. They are
 * lower case, dotted, area first, [a-z0-9.:-]; parts that hold an address keep its colons. A fact
 * is set once; setting it again with another value is a bug of ours. Values of unknown origin are
 * bounded by LIMIT_FACT and kept as they came.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "know/facts.h"

struct arena;
struct facts;

struct fact {
	const char	*name;
	enum fact_type	 type;
	const char	*string;	/* every type has its text: "587", "true" */
	int64_t		 number;	/* FACT_NUMBER; 0 or 1 for FACT_BOOL */
};

struct facts *facts_new(struct arena *a);

/*
 * The name with the port put in for each `$`: "smtp.$.ehlo" is "smtp.587.ehlo". Also for sentences
 * with such names.
 */
char *name_with_port(struct arena *a, const char *name, unsigned port);

void facts_set(struct facts *f, const char *name, const char *value);		/* a string */
void facts_setf(struct facts *f, const char *name, const char *fmt, ...) _printf_(3, 4);
void facts_set_number(struct facts *f, const char *name, int64_t value);
void facts_set_bool(struct facts *f, const char *name, bool value);

const struct fact *facts_get(const struct facts *f, const char *name);	/* NULL when not known */
const char *facts_string(const struct facts *f, const char *name);	/* "" when not known */
int64_t facts_number(const struct facts *f, const char *name, int64_t otherwise);
bool facts_true(const struct facts *f, const char *name);			/* known and true */

/*
 * Walks the facts whose name matches the glob ("tcp.*.state"), in order of
 * setting: pass NULL first.
 */
const struct fact *facts_match(const struct facts *f, const char *glob, const struct fact *after);

#endif
