#ifndef CMD_LINT_FILES_H
#define CMD_LINT_FILES_H

/*
 * lint-files - the files that `lint` judges: those that are named, and in folders those that have
 * mail settings.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/strv.h"

struct arena;
struct mail_settings;

/* A file that was named or found: its settings, or why there are none. */
struct lint_file {
	const char		*name;
	struct mail_settings	*list;		/* freed by lint_files_release() */
	const char		*error;		/* one line; it begins with the file's name */
	/* in a folder, or passed over where it has none: neither is an error */
	bool			 found;
};

struct lint_files {
	struct arena		*arena;
	const char		*application;	/* who reads them; NULL = recognise it */
	/* named files without mail settings are passed over, as those of a folder are */
	bool			 skip_others;
	struct lint_file	*v;
	size_t			 n, cap;
	size_t			 n_read;	/* of v: those that have settings */
	bool			 folders;	/* one was named */
	size_t			 n_looked_at;	/* files that might have been passed over */
	/* of folders: what could not be looked at */
	struct strv		 troubles;
	/* found, with words of mail in them and a mistake that keeps them from being read */
	struct strv		 mistaken;
};

/* Reads all that the names mean, in their order. What is wrong with one stops no other. */
void lint_files_read(struct lint_files *f, const struct strv *names);
void lint_files_release(struct lint_files *f);

#endif
