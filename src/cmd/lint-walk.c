/*
 * lint-walk - the files of a folder.
 */
#include "cmd/lint-walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

enum { RULES_MOST = 1024 * 1024 };	/* bytes of one .gitignore */

bool lint_is_folder(const char *name)
{
	struct stat st;

	return stat(name, &st) == 0 && S_ISDIR(st.st_mode);
}

/* --- small files of git's --- */

/* Its bytes; false when there is none: that is usual. More than RULES_MOST are not read. */
static bool read_small(const char *path, struct buf *ret)
{
	FILE *f = fopen(path, "re");
	char block[1024];
	struct stat st;
	size_t n;

	if (!f)
		return false;
	if (fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode))
		while ((n = fread(block, 1, sizeof(block), f)) > 0 && buf_add(ret, block, n))
			;
	fclose(f);
	return ret->len > 0;
}

static void add_rules(struct lint_walk *w, const char *file, const char *place)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(RULES_MOST);

	if (read_small(file, &b))
		gitignore_add(&w->ignore, place, buf_str(&b), b.len);
}

/* The first line of a file such as .git ("gitdir: PATH") or commondir, behind the prefix. */
static const char *line_of(struct lint_walk *w, const char *file, const char *prefix)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(PATH_MAX);
	const char *s = read_small(file, &b) ? buf_str(&b) : "";

	if (!str_has_prefix(s, prefix))
		return NULL;
	s += strlen(prefix);
	return span_dup(w->arena, span_trim((struct span) { s, strcspn(s, "\n") }));
}

static const char *joined(struct lint_walk *w, const char *folder, const char *path)
{
	return *path == '/' ? path : arena_printf(w->arena, "%s/%s", folder, path);
}

/*
 * Where the repository whose top this is keeps what is common to its work trees: .git, or what .git
 * names in a work tree or submodule (gitrepository-layout(5)).
 */
static const char *common_of(struct lint_walk *w, const char *top)
{
	const char *git = arena_printf(w->arena, "%s/.git", top), *dir, *common;

	if (lint_is_folder(git))
		return git;
	dir = line_of(w, git, "gitdir: ");
	if (!dir)
		return git;
	dir = joined(w, top, dir);
	common = line_of(w, arena_printf(w->arena, "%s/commondir", dir), "");
	return common ? joined(w, dir, common) : dir;
}

/*
 * The patterns of the repository that the folder is in, of the folders above it; and its place
 * there. Outside of a repository only those of the walked folders count.
 */
static void begin(struct lint_walk *w, const char *folder)
{
	char *found = realpath(folder, NULL);
	const char *real = arena_strdup(w->arena, found ? found : "");
	size_t top, n, from;

	gitignore_init(&w->ignore, w->arena);
	w->place = "";
	free(found);
	n = top = strlen(real);
	while (access(arena_printf(w->arena, "%.*s/.git", (int)top, real), F_OK) != 0) {
		while (top && real[--top] != '/')
			;
		if (!top)
			return;
	}
	add_rules(w, arena_printf(w->arena, "%s/info/exclude",
				  common_of(w, arena_strndup(w->arena, real, top))), "");
	from = top + (top < n);
	w->place = n > from ? arena_printf(w->arena, "%s/", real + from) : "";
	for (size_t at = top; at < n; at += 1 + strcspn(real + at + 1, "/"))
		add_rules(w, arena_printf(w->arena, "%.*s/.gitignore", (int)at, real),
			  at < from ? "" :
			  arena_printf(w->arena, "%.*s/", (int)(at - from), real + from));
}

/* --- the walk --- */

static bool is_left_out(const char *name)
{
	return str_in(name, ".git|.hg|.svn|.bzr|node_modules|vendor");
}

static void trouble(struct lint_walk *w, const char *name, const char *why)
{
	strv_add(&w->troubles, w->arena, arena_printf(w->arena, "%s %s", name, why));
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names in order; those that begin with "." are among them. False: it was told. */
static bool names_of(struct lint_walk *w, const char *folder, struct strv *ret)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	int err;

	if (!d) {
		trouble(w, folder, arena_printf(w->arena, "cannot be opened: %s",
						strerrordesc_np(errno)));
		return false;
	}
	for (errno = 0; ret->n < WALK_FILES && (e = readdir(d)); errno = 0)
		if (!str_in(e->d_name, ".|.."))
			strv_add(ret, w->arena, e->d_name);
	err = errno;
	closedir(d);
	if (err)
		trouble(w, folder, arena_printf(w->arena, "cannot be read: %s",
						strerrordesc_np(err)));
	if (ret->n)
		qsort(ret->v, ret->n, sizeof(*ret->v), by_name);
	return true;
}

static void take_file(struct lint_walk *w, const char *name)
{
	if (w->files.n < WALK_FILES) {
		strv_add(&w->files, w->arena, name);
		return;
	}
	if (!w->full)
		trouble(w, name, arena_printf(w->arena, "and what follows was not looked at: more "
					      "than %d files", WALK_FILES));
	w->full = true;
}

/*
 * front: what stands before the names of its files, "" or ending in a slash. place: the same within
 * the repository.
 */
static void walk(struct lint_walk *w, const char *folder, const char *front, const char *place,
		 unsigned depth)
{
	struct strv names = { NULL, 0, 0 };
	size_t mark = w->ignore.n;

	if (depth > WALK_DEPTH) {
		trouble(w, folder, arena_printf(w->arena, "was not looked at: more than %d folders "
						"in each other", WALK_DEPTH));
		return;
	}
	if (!names_of(w, folder, &names))
		return;
	add_rules(w, arena_printf(w->arena, "%s/.gitignore", folder), place);
	for (size_t i = 0; i < names.n && !w->full; i++) {
		const char *at = arena_printf(w->arena, "%s%s", place, names.v[i]),
			*name = arena_printf(w->arena, "%s%s", front, names.v[i]);
		struct stat st;

		if (is_left_out(names.v[i]) || lstat(name, &st) != 0 ||
		    !(S_ISDIR(st.st_mode) || S_ISREG(st.st_mode)) ||
		    gitignore_match(&w->ignore, at, S_ISDIR(st.st_mode)))
			continue;
		if (S_ISREG(st.st_mode))
			take_file(w, name);
		else
			walk(w, name, arena_printf(w->arena, "%s/", name),
			     arena_printf(w->arena, "%s/", at), depth + 1);
	}
	w->ignore.n = mark;
}

void lint_walk(struct lint_walk *w, const char *folder)
{
	size_t n = strlen(folder);
	const char *front;

	while (n > 1 && folder[n - 1] == '/')
		n--;
	folder = arena_strndup(w->arena, folder, n);
	front = str_eq(folder, "/") ? "/" : arena_printf(w->arena, "%s/", folder);
	begin(w, folder);
	walk(w, folder, str_eq(folder, ".") ? "" : front, w->place, 0);
}
