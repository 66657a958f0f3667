#ifndef KNOW_TABLES_H
#define KNOW_TABLES_H

/*
 * tables - how the tables are read: what the files of src/know and the judge share. Nobody else
 * includes it.
 *
 * A table is a struct table_kind: the struct that a row becomes, and a struct column for each cell:
 * its name, what kind of cell it is, and where in the struct the value goes. What no kind of cell
 * can say (two cells that contradict each other) is the table's function `finish`.
 *
 * The built-in tables are cut into cells when the program is built, and are part of it: they are
 * right, or `make check` fails (know_check()). So nothing is done with a row before somebody wants
 * it: then it is read, once. The user's own tables are read and checked at once.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"
#include "base/tsv.h"
#include "know/know.h"
#include "know/pattern.h"

enum table_id {
	TABLE_ERRORS, TABLE_CAUSES, TABLE_PROVIDERS, TABLE_SYMPTOMS, TABLE_AADSTS, TABLE_POLICIES,
	TABLE_CLOUDS, TABLE_OAUTH, TABLE_RULES, TABLE_PATH_FINDINGS, TABLE_PATH_CHOICES,
	TABLE_APART, TABLE_ROLES, TABLE_SETS, TABLE_HEADERS, TABLE_SERVICES,
	TABLE_CONCEPTS, TABLE_READINGS,
	TABLE_AUTHORITIES, TABLE_BLOCKLISTS, TABLE_RECEIVER_RULES, TABLE_CHANGES,
	TABLE_FINDINGS, TABLE_FACTS,
	TABLE_COUNT,
	/* from here on: the program says what is in them, no user */
	TABLE_FIXED = TABLE_FINDINGS
};

struct load;

/* MUST: the cell is not empty. KEY: no two rows of a table have the same cells in all such columns.
 * STAR: `*` stands for any. AS_CAUSE: an empty cell means what the row's cause says. MAYBE: a file
 * need not have the column. */
enum column_flags { MUST = 1, KEY = 2, STAR = 4, AS_CAUSE = 8, MAYBE = 16 };

struct column {
	const char	*name;
	/* Reads the cell of this column into *to, and keeps a mistake (load_bad()). NULL: `finish`
	 * reads it. */
	void		(*read)(struct load *l, size_t column, void *to);
	size_t		 at;		/* where in the row's struct */
	unsigned	 flags;
	/* What some kinds of cell want to know besides: */
	const char *const *words;	/* the words it may be, NULL-terminated */
	enum table_id	 table;		/* whose ids it names */
	char		 sep;		/* between the parts of a list; 0: a comma */
	unsigned long	 most;		/* of a number */
};

struct table_kind {
	const char		*name;		/* "causes.txt" */
	const char		*noun;		/* what one row is: "cause" */
	const struct column	*columns;
	size_t			 n_columns;
	size_t			 size;		/* of the struct of a row */
	void			(*finish)(struct load *l, void *row);	/* NULL = nothing to do */
};
extern const struct table_kind cause_table, provider_table, symptom_table, error_table,
	aadsts_table, policy_table, cloud_table, oauth_table, rule_table, path_finding_table,
	path_choice_table, apart_table, role_table, set_table, finding_table, fact_table,
	header_table, service_table, authority_table, blocklist_table, receiver_rule_table,
	concept_table, reading_table, change_table;

struct table {
	const struct tsv	*t;		/* NULL until it is opened: table_tsv() */
	void			**rows;		/* each NULL until it is read */
};

struct code_rows;
struct error_entry;
struct finder;
struct host_glob;
struct lexicon;
struct reading_entry;
struct rule;
struct rule_entry;

struct know {
	struct arena		*arena;
	struct table		 tables[TABLE_COUNT];
	/* All of these are NULL, and each of the patterns is, until somebody looks for one. */
	struct error_entry	*errors;	/* as many as rows of the table: know_error() */
	struct code_rows	*code_rows;	/* match.c */
	struct finder		*finder;	/* found.c */
	const struct pattern	**banners, **trailers;	/* of the providers */
	struct host_glob	*globs;			/* of the providers' hosts and MX */
	size_t			 n_globs;
	const struct pattern	**symptoms;		/* of the symptoms */
	struct rule_entry	*rules;			/* sorted by rank: know_rules() */
	struct lexicon		*lexicon;		/* of the concepts */
	struct reading_entry	*readings;		/* as many as rows of the table */
};

/* --- table.c: a whole table --- */

const struct table_kind *table_kind(enum table_id id);
/* its columns as tsv_parse() wants them, NULL-terminated */
const char *const *table_names(struct arena *a, enum table_id id);
/* What a row is told apart by from the others: the cells of the key. */
const char *table_key(struct arena *a, enum table_id id, const struct tsv *t, size_t row);
/* Reads every row of t, which has the form of the table, and keeps none. False and *ret_error on a
 * mistake. */
bool table_check(struct know *k, enum table_id id, const struct tsv *t, const char **ret_error);
/* The cells of a table. */
const struct tsv *table_tsv(const struct know *k, enum table_id id);
/* The row as its struct; NULL past the end. */
const void *table_row(const struct know *k, enum table_id id, size_t row);
size_t table_size(const struct know *k, enum table_id id);
/* The first row with this text in the column; the table's size when there is none. */
size_t table_find(const struct know *k, enum table_id id, size_t column, const char *text);
/* The row whose first cell, its id, is the text; NULL when there is none. */
const void *table_row_of(const struct know *k, enum table_id id, const char *text);
/* Is there a row with this id, or with one that the glob matches? Asks without reading it. */
bool table_has(const struct know *k, enum table_id id, const char *text);
bool table_has_like(const struct know *k, enum table_id id, const char *glob);
/* Puts a text in the place of a table and reads every row. False and *ret_error on a mistake. For
 * tests. */
bool table_read_text(struct know *k, enum table_id id, const char *name, const char *p, size_t n,
		     const char **ret_error);
/*
 * The pattern of a cell, made when it's first looked for. *made: one for each row of the table,
 * made with the first. NULL: the cell is empty.
 */
const struct pattern *pattern_once(const struct know *k, enum table_id id, size_t row,
				   size_t column, const struct pattern ***made);

/* --- cell.c: one row, cell by cell; the first mistake is kept --- */

struct load {
	struct know		*k;
	enum table_id		 id;
	const struct tsv	*t;
	size_t			 row;
	/* it has been checked: nothing can be wrong with it */
	bool			 sure;
	const char		*error;		/* "FILE:LINE: column 'cause': ..." */
};

const char *load_cell(const struct load *l, size_t column);
/* Keeps the mistake, if it's the first; answers false. */
bool load_bad(struct load *l, size_t column, const char *fmt, ...) _printf_(3, 4);
/* A comma list, or what else the column has between its parts; sets (@NAME) are filled in. */
struct strv load_list(struct load *l, size_t column);
/* The next piece of a list, without blanks around it; false at the end. */
bool list_next(struct span *rest, char sep, struct span *ret);

/* Kinds of cells. What they fill in is said behind them. */
void cell_text(struct load *l, size_t column, void *to);	/* const char * */
/* the same; placeholders are known */
void cell_filled(struct load *l, size_t column, void *to);
void cell_word(struct load *l, size_t column, void *to);	/* the same; one of .words */
void cell_confidence(struct load *l, size_t column, void *to);	/* the same */
void cell_who(struct load *l, size_t column, void *to);	/* the same: the word before a / */
void cell_retry(struct load *l, size_t column, void *to);	/* the same */
void cell_pattern(struct load *l, size_t column, void *to);	/* the same: texts to look for */
void cell_ref(struct load *l, size_t column, void *to);	/* the same: an id of .table */
void cell_severity(struct load *l, size_t column, void *to);	/* enum severity */
void cell_certainty(struct load *l, size_t column, void *to);	/* enum certainty */
void cell_stage(struct load *l, size_t column, void *to);	/* enum stage; * with STAR */
void cell_number(struct load *l, size_t column, void *to);	/* unsigned long, up to .most */
void cell_cause(struct load *l, size_t column, void *to);	/* const struct cause * */
void cell_fix(struct load *l, size_t column, void *to);	/* struct fix */
void cell_list(struct load *l, size_t column, void *to);	/* struct strv */
void cell_refs(struct load *l, size_t column, void *to);	/* the same: ids of .table */
/* the same: each matches one of them */
void cell_globs(struct load *l, size_t column, void *to);
/* the same: ids behind the / of a cell_who */
void cell_roles(struct load *l, size_t column, void *to);
/* struct rule: a condition (rules.c) */
void cell_when(struct load *l, size_t column, void *to);

/* What leads and what ends a diagnosis, where a row knows more than its cause: last in a table. */
#define LEAD_COLUMNS(row) \
	{ "title", cell_filled, .at = offsetof(row, words.title), MAYBE }, \
	{ "verify", cell_filled, .at = offsetof(row, words.verify), MAYBE }

/* The columns of a row that says something in place of its cause, into its struct row_words. */
#define WORDS_COLUMNS(row, meaning_flags) \
	{ "cause", cell_cause, .at = offsetof(row, words.cause), MUST }, \
	{ "certainty", cell_certainty, .at = offsetof(row, words.certainty), MUST }, \
	{ "meaning", cell_text, .at = offsetof(row, words.meaning), meaning_flags }, \
	{ "fix", cell_fix, .at = offsetof(row, words.fix) }, \
	{ "who", cell_who, .at = offsetof(row, words.who), AS_CAUSE }, \
	{ "who", cell_roles, .at = offsetof(row, words.roles) }, \
	{ "retry", cell_retry, .at = offsetof(row, words.retry), AS_CAUSE }, \
	{ "source", cell_text, .at = offsetof(row, words.source), MUST }, \
	{ "confidence", cell_confidence, .at = offsetof(row, words.confidence), MUST }
/* Fills in where the row stands. */
void load_place(const struct load *l, struct row_words *words);

/*
 * Does the name begin one of {user} {from} {to} {host} {port} {domain} {ip} {appid} {oid}? The
 * length with braces, 0 if not.
 */
size_t placeholder_len(const char *p);

/* own.c: adds the user's files, the strongest last. False and *ret_error on a mistake. */
bool know_own(struct know *k, const struct know_file *files, size_t n, const char **ret_error);

/* --- what one table's file offers the others --- */

/* sets.c: "@NAME" of a list becomes what the set has. NULL, or the name of no set. */
const char *sets_expand(const struct know *k, struct strv *list);

/* symptoms.c */
const struct pattern *symptom_pattern(const struct know *k, size_t i);

/* found.c: which rows are worth comparing with a text. */
enum found_kind { FOUND_ERROR, FOUND_SYMPTOM, FOUND_BANNER, FOUND_TRAILER, FOUND_KINDS };
struct found {
	const unsigned	*first;		/* of each kind: the place of its first row's bit */
	uint64_t	*bits;
};
/* Looks in a folded text for the words of all rows, once. In the arena. */
struct found know_found(const struct know *k, struct arena *a, const char *folded);
/*
 * A bit for each row of the kind, for needles_next(). Where it is not set, the row's words are not
 * in the text; where it is, pattern_find() knows. Rows of any text (`*`) have none.
 */
uint64_t *found_rows(const struct found *f, enum found_kind kind);
/*
 * The needles of all rows, made now: those of tables that were compiled in are compiled in, too.
 * first: of each kind, the tag of its first row.
 */
struct needles;
const struct needles *know_needles(const struct know *k, const unsigned *first);
/* The cell of a row with its words: the text of a pattern. */
const char *know_words_of(const struct know *k, enum found_kind kind, size_t row);

/* errors.c */

/* "535" is 535 to 535, "5xx" 500 to 599. */
struct code_range { int from, to; };

/* Each part from-to; "5.7.606-649" is 5-5, 7-7, 606-649; "*" in a part is 0-999. */
struct enhanced_range { int from[3], to[3]; };

/* The codes of a cell; NULL and 0 for "*". A piece that is none is a mistake of the row. */
struct code_range *load_codes(struct load *l, size_t column, size_t *ret_n);
/* const char *: a comma list of stages, or "*" */
void cell_stages(struct load *l, size_t column, void *to);

/* A row of error-codes.tsv: what it is found by. */
struct error_entry {
	const char		*provider;
	struct code_range	*codes;		/* none = any */
	size_t			 n_codes;
	struct enhanced_range	*enhanced;	/* none = any */
	size_t			 n_enhanced;
	/* which of the user's files it is from, the strongest highest; 0 = built in */
	unsigned		 user;
	size_t			 at;		/* its row */
	unsigned		 stages;	/* bits of enum stage; 0 = any */
	const struct pattern	*pattern;	/* NULL until the entry is read */
};
/* That of a row, read when it's first asked for. */
const struct error_entry *know_error(const struct know *k, size_t row);
bool error_is_any(const struct know *k, size_t row);	/* its pattern is `*` */
/* rules.c: what can be said of a rule before its condition is read. */
struct rule_entry {
	const char	*id;
	/* glob of a fact: without one it does not hold; "" = may hold */
	const char	*lead;
	uint64_t	 area;		/* rule_area() of lead */
	long		 rank;
	bool		 refutes;
	size_t		 row;
};
/*
 * A bit for what a fact's name begins with, up to the first dot; all bits when that is no plain
 * word. Two facts with the same beginning have the same bit, and others may.
 */
uint64_t rule_area(const char *fact);
/* By rank, the highest first. */
const struct rule_entry *know_rules(const struct know *k, size_t *ret_n);
const struct rule *know_rule(const struct know *k, const struct rule_entry *entry);

/* apart.c: one row of tell-apart.tsv. */
struct apart_row {
	const char		*id, *kind;	/* "test", "unknown" */
	struct strv		 causes;	/* globs */
	unsigned long		 least;		/* so many of them must be in question */
	struct rule		*when;		/* NULL = always */
	unsigned long		 cost;
	const char		*test, *command, *decides, *who, *source, *confidence;
	struct strv		 roles;		/* behind who */
};
const struct apart_row *know_apart_at(const struct know *k, size_t i);	/* NULL past the end */

/* providers.c */
const struct provider *provider_of_folded(const struct know *k, const char *folded,
					  const struct found *found);
/* Is there such a provider with such a path? Asks without reading it. */
bool provider_exists(const struct know *k, const char *id, const char *path);
/* Is the first row of the provider one of this vendor? */
bool provider_is_of(const struct know *k, const char *id, const char *vendor);

/* clouds.c: NULL-terminated */
extern const char *const cloud_vendors[];

#endif
