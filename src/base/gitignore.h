#ifndef BASE_GITIGNORE_H
#define BASE_GITIGNORE_H

/*
 * gitignore - which files a repository leaves out, by the patterns of its .gitignore files and of
 * .git/info/exclude (gitignore(5)). The last pattern that matches decides, so the files are added
 * from the outside in, and taken back when their folder has been left:
 *
 *	gitignore_init(&g, arena);
 *	gitignore_add(&g, "", bytes, len);		// .gitignore of the top folder
 *	mark = g.n;
 *	gitignore_add(&g, "src/", bytes, len);		// src/.gitignore
 *	ignored = gitignore_match(&g, "src/x.o", false);
 *	g.n = mark;
 *
 * Pure. What is below an ignored folder is ignored, too, whatever its own patterns say: who walks
 * does not enter it. The index is not looked at: a file that is tracked although a pattern names it
 * counts as ignored.
 */

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum { GITIGNORE_MOST = 10000 };	/* patterns at once; those after them do nothing */

struct gitignore {
	struct arena	*arena;
	struct gitignore_rule {
		const char	*folder;	/* relative to the top: "", or "src/" */
		const char	*pattern;	/* without !, and / at either end */
		bool		 wanted;	/* it began with ! */
		bool		 folders;	/* it ended in /: folders only */
		bool		 anywhere;	/* no / in it: the name alone, at any depth */
	}	*v;
	size_t	 n, cap;
};

void gitignore_init(struct gitignore *g, struct arena *a);
/* The lines of a file that lies in this folder. */
void gitignore_add(struct gitignore *g, const char *folder, const char *bytes, size_t len);
/* path: relative to the top, without / at either end. */
bool gitignore_match(const struct gitignore *g, const char *path, bool is_folder);

/*
 * Does the whole of the path match the pattern? As git's wildmatch with slashes apart: `*`, `?` and
 * [...] match no /, a part that is `**` matches any number of parts. Letters' case counts. Time:
 * the product of the lengths at worst.
 */
bool gitignore_glob(const char *pattern, const char *path);

#endif
