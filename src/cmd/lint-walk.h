#ifndef CMD_LINT_WALK_H
#define CMD_LINT_WALK_H

/*
 * lint-walk - the files of a folder and of the folders in it, without what its repository leaves
 * out (.gitignore of each folder and of those above it in the repository, .git/info/exclude), the
 * folders of version control, node_modules and vendor. Symbolic links are not followed.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/gitignore.h"
#include "base/strv.h"

struct arena;

enum {
	WALK_FILES	= 100000,	/* files of one run */
	WALK_DEPTH	= 64,		/* folders in each other */
};

struct lint_walk {
	struct arena		*arena;
	struct strv		 files;		/* in the order of their names, folder by folder */
	/* what could not be looked at, and why: a line for each, beginning with its name */
	struct strv		 troubles;
	bool			 full;		/* WALK_FILES was reached: that is one of them */
	struct gitignore	 ignore;
	/* of the folder that is walked: its place in the repository, "" or ending in a slash */
	const char		*place;
};

/* Is there a folder of that name? A link to one is. */
bool lint_is_folder(const char *name);

/*
 * Appends the files of the folder, called by its name and theirs ("src/.env"; without a name in
 * front for "."). The folder itself is walked even where its repository leaves it out.
 */
void lint_walk(struct lint_walk *w, const char *folder);

#endif
