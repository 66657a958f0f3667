#ifndef KNOW_TABLES_H
#define KNOW_TABLES_H

/*
 * know-tables - the tables as they are kept: what know*.c and the rules share. Nobody else includes it.
 */

#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/status.h"
#include "base/str.h"
#include "base/tsv.h"
#include "know/know.h"
#include "know/pattern.h"

/* "535" is 535 to 535, "5xx" 500 to 599. */
struct code_range { int from, to; };

/* Each part from-to; "5.7.606-649" is 5-5, 7-7, 606-649; "*" in a part is 0-999. */
struct enhanced_range { int from[3], to[3]; };

/* A row of error-codes.tsv: what it is found by, and where the rest is. */
struct error_entry {
	const char		*provider;
	struct code_range	*codes;		/* none = any */
	size_t			 n_codes;
	struct enhanced_range	*enhanced;	/* none = any */
	size_t			 n_enhanced;
	unsigned		 user;		/* which of the user's files it is from, the strongest highest; 0 = built in */
	const struct tsv	*t;
	size_t			 at;		/* its row there */
	const struct pattern	*pattern;	/* NULL until looked for: error_pattern() */
	const struct error_row	*row;		/* NULL until handed out: error_row_of() */
};

struct host_glob {
	const char	*glob;
	size_t		 weight;
	size_t		 row;		/* of its provider */
};

struct rule;
struct load;

/*
 * The built-in tables are cut into cells when the program is built, and are part of it: they are right, or `make check` fails (know_check()).
 * So nothing is done with a row before somebody wants it: then it is read, once. The user's own tables are read and checked at once.
 */
enum table_id {
	TABLE_CAUSES, TABLE_PROVIDERS, TABLE_SYMPTOMS, TABLE_ERRORS, TABLE_AADSTS, TABLE_POLICIES, TABLE_CLOUDS, TABLE_OAUTH, TABLE_RULES,
	TABLE_PATH_FINDINGS, TABLE_PATH_CHOICES, TABLE_APART, TABLE_ROLES,
	TABLE_FINDINGS, TABLE_FACTS,
	TABLE_COUNT
};

/* How a table is read. */
struct table_kind {
	const char		*name;		/* "causes.tsv" */
	const char *const	*columns;	/* NULL-terminated */
	void			*(*read)(struct load *l);	/* the row l->row as its struct; l->error is set when it's bad */
};
extern const struct table_kind cause_table, provider_table, symptom_table, error_table, aadsts_table, policy_table, cloud_table,
	oauth_table, rule_table,
	path_finding_table, path_choice_table, apart_table, role_table,
	finding_table, fact_table;

struct table {
	const struct table_kind	*kind;
	const struct tsv	*t;
	void			**rows;		/* each NULL until it is read */
};

struct know {
	struct arena		*arena;
	struct table		 tables[TABLE_COUNT];
	struct error_entry	*errors;	/* the user's first */
	size_t			 n_errors, cap_errors;
	const struct pattern	**banners, **trailers;	/* of the providers; each NULL until looked for: pattern_once() */
	struct host_glob	*globs;			/* of the providers' hosts and MX; NULL until one is looked for */
	size_t			 n_globs;
	const struct pattern	**symptoms;		/* of the symptoms, the same */
	const struct rule	**rules;	/* sorted by rank; NULL until asked for: know_rules() */
};

/* know-table.c */
/* t: the table's rows; those read before are forgotten. */
void table_open(struct know *k, enum table_id id, const struct tsv *t);
/* The row as its struct; NULL past the end. */
const void *table_row(const struct know *k, enum table_id id, size_t row);
size_t table_size(const struct know *k, enum table_id id);
/* The first row with this text in the column; the table's size when there is none. */
size_t table_find(const struct know *k, enum table_id id, size_t column, const char *text);
/* Puts a text in the place of a table and reads every row. False and *ret_error on a mistake. For tests. */
bool table_read_text(struct know *k, enum table_id id, const char *name, const char *p, size_t n, const char **ret_error);
/* The pattern of a cell, made when it's first looked for. NULL: the cell is empty. */
const struct pattern *pattern_once(const struct know *k, const char *cell, const struct pattern **made);

/* --- reading one row, cell by cell; the first mistake is kept --- */

struct load {
	struct know		*k;
	const struct tsv	*t;
	size_t			 row;
	bool			 sure;		/* built in: what it names was looked up when it was tested */
	const char		*error;		/* "FILE:LINE: column 'cause': ..." */
};

/* One whose rows are sure: what goes wrong is a bug of ours (load_sure()). Where a struct know is const, reading on is no change of it. */
struct load load_at(const struct know *k, const struct tsv *t, size_t row);
void load_sure(const struct load *l);

const char *load_cell(const struct load *l, size_t column);
/* Keeps the mistake, if it's the first; answers false. */
bool load_bad(struct load *l, size_t column, const char *fmt, ...) _printf_(3, 4);
/* A cell that must not be empty. */
const char *load_must(struct load *l, size_t column);
/* One of the words (NULL-terminated); empty is fine when may_be_empty. */
const char *load_word(struct load *l, size_t column, const char *const *words, bool may_be_empty);
/* "tenant-admin/security-admin": the word before the /. */
const char *load_who(struct load *l, size_t column, bool may_be_empty);
const char *load_retry(struct load *l, size_t column, bool may_be_empty);
const char *load_confidence(struct load *l, size_t column);
enum severity load_severity(struct load *l, size_t column);
enum certainty load_certainty(struct load *l, size_t column);
const struct cause *load_cause(struct load *l, size_t column);
const char *load_cause_id(struct load *l, size_t column);
/* A comma list of cause ids. */
struct strv load_causes(struct load *l, size_t column);
struct strv load_list(struct load *l, size_t column, char sep);
/* A comma list of globs, each of which matches some cause. */
struct strv load_cause_globs(struct load *l, size_t column);
struct fix load_fix(struct load *l, size_t column);
/* A text whose placeholders are all known. */
const char *load_filled(struct load *l, size_t column);
/* No other row of the table may have this cell. */
void load_unique(struct load *l, enum table_id id, size_t column);
/* Texts to look for: what `*` stands for is none. */
void load_pattern(struct load *l, size_t column, const struct pattern **made);
/* The next piece of a list, without blanks around it; false at the end. */
bool list_next(struct span *rest, char sep, struct span *ret);

/* know-roles.c */
/* The ids behind the / of a cell that load_who() reads; none where there is no /. */
struct strv load_roles(struct load *l, size_t column);
/* The role of that id; NULL and a mistake kept when there is none. */
const struct role *load_role(struct load *l, size_t column, const char *id);

/* know-load.c */
const struct pattern *symptom_pattern(const struct know *k, size_t i);

/* know-errors.c */
bool load_error_tables(struct load *l, const char *const *files, size_t n);
const struct pattern *error_pattern(const struct know *k, struct error_entry *e);
const struct error_row *error_row_of(const struct know *k, struct error_entry *e);
unsigned error_stages(const struct error_entry *e);	/* bits of enum stage; 0 = any */

/* rule-load.c: by rank, the highest first. */
const struct rule *const *know_rules(const struct know *k, size_t *ret_n);

/* know-apart.c: one row of tell-apart.tsv. */
struct apart_row {
	const char		*id, *kind;	/* "test", "unknown" */
	struct strv		 causes;	/* globs */
	size_t			 least;		/* so many of them must be in question */
	struct rule		*when;		/* NULL = always */
	unsigned long		 cost;
	const char		*test, *command, *decides, *who, *source, *confidence;
	struct strv		 roles;		/* behind who */
};
const struct apart_row *know_apart_at(const struct know *k, size_t i);	/* NULL past the end */

/* Does the name begin one of {user} {from} {to} {host} {port} {domain} {ip} {appid} {oid}? The length with braces, 0 if not. */
size_t placeholder_len(const char *p);

const struct provider *provider_of_folded(const struct know *k, const char *folded);
/* Is there such a cause, such a provider? Asks without reading it. path NULL = any. */
bool cause_exists(const struct know *k, const char *id);
bool error_row_exists(const struct know *k, const char *id);	/* a built-in one */
bool cause_like_exists(const struct know *k, const char *glob);
bool provider_exists(const struct know *k, const char *id, const char *path);

#endif
