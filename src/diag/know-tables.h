#ifndef DIAG_KNOW_TABLES_H
#define DIAG_KNOW_TABLES_H

/*
 * know-tables - the tables as they are kept: what know*.c and the rules share. Nobody else includes it.
 */

#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/map.h"
#include "base/tsv.h"
#include "diag/know.h"
#include "diag/pattern.h"

/* "535" is 535 to 535, "5xx" 500 to 599. */
struct code_range { int from, to; };

/* Each part from-to; "5.7.606-649" is 5-5, 7-7, 606-649; "*" in a part is 0-999. */
struct enhanced_range { int from[3], to[3]; };

struct error_entry {
	struct error_row	 row;		/* first: a row's address is its entry's */
	unsigned		 stages;	/* bits of enum stage; 0 = any */
	struct code_range	*codes;		/* none = any */
	size_t			 n_codes;
	struct enhanced_range	*enhanced;	/* none = any */
	size_t			 n_enhanced;
	const struct pattern	*pattern;
	unsigned		 user;		/* which of the user's files it is from, the strongest highest; 0 = built in */
};

struct provider_entry {
	struct provider		 row;
	const struct pattern	*banner, *trailer;	/* NULL = none */
};

struct symptom_entry {
	struct symptom		 row;
	const struct pattern	*pattern;
};

struct rule;

struct know {
	struct arena		*arena;
	struct map		*cause_by_id;
	struct cause		*causes;
	size_t			 n_causes;
	struct provider_entry	*providers;
	size_t			 n_providers;
	struct error_entry	**errors;	/* the user's first */
	size_t			 n_errors, cap_errors;
	struct symptom_entry	*symptoms;
	size_t			 n_symptoms;
	struct aadsts_row	*aadsts;
	size_t			 n_aadsts;
	struct map		*aadsts_by_code;
	struct policy_row	*policies;	/* sorted by date */
	size_t			 n_policies;
	struct rule		*rules;
	size_t			 n_rules;
};

/* --- reading one table, cell by cell; the first mistake is kept --- */

struct load {
	struct know		*k;
	const struct tsv	*t;
	size_t			 row;
	const char		*error;		/* "FILE:LINE: column 'cause': ..." */
};

const char *load_cell(const struct load *l, size_t column);
/* Keeps the mistake, if it's the first; answers false. */
bool load_bad(struct load *l, size_t column, const char *fmt, ...) _printf_(3, 4);
/* A cell that must not be empty. */
const char *load_must(struct load *l, size_t column);
/* One of the words (NULL-terminated); empty is fine when may_be_empty. */
const char *load_word(struct load *l, size_t column, const char *const *words, bool may_be_empty);
const char *load_who(struct load *l, size_t column, bool may_be_empty);
const char *load_retry(struct load *l, size_t column, bool may_be_empty);
const char *load_confidence(struct load *l, size_t column);
enum certainty load_certainty(struct load *l, size_t column);
const struct cause *load_cause(struct load *l, size_t column);
/* A comma list of cause ids. */
struct strv load_causes(struct load *l, size_t column);
struct strv load_list(struct load *l, size_t column, char sep);
struct fix load_fix(struct load *l, size_t column);
unsigned load_stages(struct load *l, size_t column);

/* A table of data/ by name; NULL and l->error when it's bad. */
const struct tsv *load_open(struct load *l, const char *name, const char *const *columns);

/* know-load.c, know-errors.c, know-aadsts.c, know-policy.c, rule-load.c: one table each. False and l->error on a mistake. */
bool load_cause_table(struct load *l);
bool load_provider_table(struct load *l);
bool load_symptom_table(struct load *l);
bool load_error_tables(struct load *l, const char *const *files, size_t n);
bool load_aadsts_table(struct load *l);
bool load_policy_table(struct load *l);
bool load_rule_table(struct load *l);
/* The same for a table's text. */
bool load_aadsts_text(struct load *l, const char *name, const char *p, size_t n);
bool load_policy_text(struct load *l, const char *name, const char *p, size_t n);

/* Does the name begin one of {user} {from} {to} {host} {port} {domain} {ip}? The length with braces, 0 if not. */
size_t placeholder_len(const char *p);

const struct provider_entry *provider_entry_of_text(const struct know *k, const char *folded);

#endif
