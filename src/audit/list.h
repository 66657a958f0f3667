#ifndef AUDIT_LIST_H
#define AUDIT_LIST_H

/*
 * list - what an audit is to ask: targets one a line, CSV with a header, or JSON objects one a
 * line. Which of them it is, the first line tells that is neither empty nor a comment.
 *
 *	const char *error = audit_list_begin(&l, a, spool);
 *	while ((is = audit_list_next(&l, line_arena, &target, &error)) != LIST_END)
 *		...
 */

#include <stddef.h>

#include "audit/spool.h"
#include "base/scan.h"
#include "base/str.h"

struct arena;

enum { LIST_COLUMNS = 11, LIST_LINE_MOST = 16 * 1024 };

/* Every text is "" when the line does not have it, and has no control characters. */
struct list_target {
	unsigned	 line;		/* from 1 */
	int64_t		 at;		/* where it begins */
	const char	*target;	/* a host, a domain or an address; never "" */
	const char	*host;		/* the column of that name */
	const char	*domain;
	const char	*client;	/* whose it is; else the domain, else the target */
	const char	*user, *from, *to, *path, *ports;
	const char	*password_file, *token_file;
};

enum list_form { LIST_PLAIN, LIST_CSV, LIST_JSON };
enum list_is { LIST_END, LIST_TARGET, LIST_BAD };

struct list {
	enum list_form	 form;
	char		 separator;			/* CSV: a comma, a semicolon or a tab */
	size_t		 columns[LIST_COLUMNS];		/* CSV: which key each column is */
	size_t		 n_columns;
	struct spool	*from;
	int64_t		 at;				/* where the next line begins */
	/* that was read last, and where it begins */
	unsigned	 line;
	int64_t		 begun;
};

/*
 * Begins at the first line of what was spooled, which must outlive the list. NULL, or one line in
 * the arena that says what is wrong with the header: nothing can be read then.
 */
const char *audit_list_begin(struct list *l, struct arena *a, struct spool *from);
/*
 * The next line that is neither empty nor a comment (#). LIST_BAD: *ret_error says in one line
 * what is wrong; it has no number, which is l->line, and nothing of a secret. All in the arena.
 */
enum list_is audit_list_next(struct list *l, struct arena *a, struct list_target *ret,
			     const char **ret_error);
/* The line that begins at `at`, which is one that was read before: as audit_list_next(). */
enum list_is audit_list_at(const struct list *l, struct arena *a, int64_t at, unsigned line,
			   struct list_target *ret, const char **ret_error);

#endif
