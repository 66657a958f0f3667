#ifndef CMD_LINT_FIX_H
#define CMD_LINT_FIX_H

/*
 * lint-fix - the lines to write as a unified diff. Nothing is written to the files. What is printed
 * was tried: with all of it in place, each finding it is for is gone, and no new one came. Lines
 * without context, because a neighbour may hold a password; and no line is taken out whose words
 * are not all proven to be none.
 */

#include <stdio.h>

struct arena;
struct know;
struct lint_file;
struct path_means;

struct lint_fix {
	struct arena			*arena;
	const struct know		*know;
	const struct path_means		*means;
	const char			*application;	/* as for lint_files; NULL */
	FILE				*to;
};

/*
 * The diff of one file, if there is anything to write; patch -p0 and git apply -p0 --unidiff-zero
 * take it. Findings that it does not clear are told on standard error, a line for each.
 */
void lint_fix(struct lint_fix *x, const struct lint_file *f);

#endif
