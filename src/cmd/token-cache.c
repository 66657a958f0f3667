#include "cmd/token-cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/str.h"
#include "proto/jwt.h"

#define SCHEMA "smtpwhy.cached-token/1"
#define SUFFIX ".json"

enum { FILE_MOST = 4 * LIMIT_SECRET, DEEPEST = 4 };

struct token_cache {
	struct arena	*arena;
	const char	*folder;
	int		 fd;
};

void cached_release(struct cached *c)
{
	secret_freep(&c->access);
	secret_freep(&c->refresh);
}

bool cached_is_fresh(const struct cached *c, int64_t now)
{
	return c->access && c->expires && c->expires - now > TOKEN_MARGIN_S;
}

/* --- the folder --- */

/* Without a home there is nowhere to keep it. */
static const char *folder_of(struct arena *a)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state && *state == '/')
		return arena_printf(a, "%s/smtpwhy/tokens", state);
	return home && *home == '/' ? arena_printf(a, "%s/.local/state/smtpwhy/tokens", home) :
	       NULL;
}

/* Each part of the path that is missing. Only the last two are ours. */
static void make_folders(struct arena *a, const char *path)
{
	for (const char *p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/'))
		mkdir(arena_strndup(a, path, (size_t)(p - path)), 0700);
	mkdir(path, 0700);
}

/* Is it ours alone? NULL, or what is wrong. */
static const char *not_ours(struct arena *a, const char *name, const struct stat *st,
			    const char *fitting)
{
	if (st->st_uid != geteuid())
		return arena_printf(a, "'%s' belongs to somebody else (user %u): what is in it is "
				    "not taken", name, (unsigned)st->st_uid);
	if (st->st_mode & 077)
		return arena_printf(a, "others on this machine have access to '%s' (mode %04o), "
				    "and tokens are kept in it: chmod %s it, and get new tokens if "
				    "somebody may have looked", name,
				    (unsigned)(st->st_mode & 07777), fitting);
	return NULL;
}

static struct token_cache *open_folder(struct arena *a, bool make, struct stat *ret,
				       const char **ret_error)
{
	struct token_cache *t = arena_alloc(a, sizeof(*t));

	*ret_error = NULL;
	*t = (struct token_cache) { .arena = a, .folder = folder_of(a), .fd = -1 };
	if (!t->folder) {
		*ret_error = make ?
			     "neither XDG_STATE_HOME nor HOME says where tokens can be kept" : NULL;
		return NULL;
	}
	if (make)
		make_folders(a, t->folder);
	t->fd = open(t->folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (t->fd < 0 && errno == ENOENT && !make)
		return NULL;
	if (t->fd >= 0 && fstat(t->fd, ret) == 0)
		return t;
	*ret_error = arena_printf(a, "cannot open the folder of kept tokens, '%s': %s", t->folder,
				  strerrordesc_np(errno));
	token_cache_close(t);
	return NULL;
}

struct token_cache *token_cache_open(struct arena *a, bool make, const char **ret_error)
{
	struct stat st;
	struct token_cache *t = open_folder(a, make, &st, ret_error);

	if (t)
		*ret_error = not_ours(a, t->folder, &st, "700");
	if (!*ret_error)
		return t;
	token_cache_close(t);
	return NULL;
}

struct token_cache *token_cache_open_to_forget(struct arena *a, const char **ret_error)
{
	struct stat st;
	struct token_cache *t = open_folder(a, false, &st, ret_error);

	if (!t || st.st_uid == geteuid())
		return t;
	*ret_error = not_ours(a, t->folder, &st, "700");
	token_cache_close(t);
	return NULL;
}

void token_cache_close(struct token_cache *t)
{
	if (t && t->fd >= 0)
		close(t->fd);
	if (t)
		t->fd = -1;
}

void token_cache_closep(struct token_cache **t)
{
	token_cache_close(*t);
}

const char *token_cache_folder(const struct token_cache *t)
{
	return t->folder;
}

int token_cache_lock(struct token_cache *t)
{
	int fd = openat(t->fd, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

void token_cache_unlock(int lock)
{
	close(lock);
}

/* --- one entry --- */

static const char *text_of(struct arena *a, const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return arena_strdup(a, s ? s : "");
}

static struct secret *secret_of(const json_t *j, const char *name)
{
	const json_t *v = json_object_get(j, name);
	const char *s = json_string_value(v);
	struct secret *made = s ? secret_new_mixed(s, json_string_length(v)) : NULL;

	if (s)
		explicit_bzero((char *)(uintptr_t)s, json_string_length(v));
	return made;
}

static void read_entry(struct arena *a, const json_t *j, struct cached *c)
{
	*c = (struct cached) {
		.cloud = text_of(a, j, "cloud"), .token_url = text_of(a, j, "token_url"),
		.client_id = text_of(a, j, "client_id"),
		.scope = text_of(a, j, "scope"), .user = text_of(a, j, "user"),
		.flow = text_of(a, j, "flow"), .name = text_of(a, j, "name"),
		.purpose = text_of(a, j, "for"), .proof = text_of(a, j, "proof"),
		.got = json_integer_value(json_object_get(j, "got")),
		.expires = json_integer_value(json_object_get(j, "expires")),
		.access = secret_of(j, "access_token"), .refresh = secret_of(j, "refresh_token"),
		.file = "",
	};
}

static bool read_all(int fd, struct buf *b)
{
	char chunk[1024];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) > 0 && buf_add(b, chunk, (size_t)n))
		;
	explicit_bzero(chunk, sizeof(chunk));
	return n == 0;
}

static const char *not_opened(struct arena *a, const char *path, int error)
{
	if (error == ELOOP)
		return arena_printf(a, "'%s' is a link, which is not followed: tokens are kept in "
				    "plain files", path);
	return arena_printf(a, "cannot read '%s': %s", path, strerrordesc_np(error));
}

/* Reads the file into *ret. False: it is not there (*ret_error NULL), or must not be taken. */
static bool read_file(struct token_cache *t, const char *file, struct cached *ret,
		      const char **ret_error)
{
	_cleanup_(buf_wipe_release) struct buf b = BUF_INIT(FILE_MOST);
	_cleanup_(json_decrefp) json_t *j = NULL;
	const char *path = arena_printf(t->arena, "%s/%s", t->folder, file);
	int fd = openat(t->fd, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	bool good;

	*ret_error = NULL;
	if (fd < 0) {
		*ret_error = errno == ENOENT ? NULL : not_opened(t->arena, path, errno);
		return false;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		*ret_error = not_ours(t->arena, path, &st, "600");
	else
		*ret_error = arena_printf(t->arena, "'%s' is no plain file", path);
	good = !*ret_error && read_all(fd, &b) && !json_too_deep(buf_str(&b), b.len, DEEPEST);
	close(fd);
	j = good ? json_loadb(buf_str(&b), b.len, JSON_REJECT_DUPLICATES, NULL) : NULL;
	if (j && str_eq(text_of(t->arena, j, "schema"), SCHEMA)) {
		read_entry(t->arena, j, ret);
		ret->file = file;
		if (ret->access)
			return true;
		cached_release(ret);
	}
	if (!*ret_error)
		*ret_error = arena_printf(t->arena, "'%s' is damaged; remove it, or get the token "
					  "again with --force", path);
	return false;
}

/* Its name says which request it was, not whose: a listing of the folder tells nothing. */
static const char *file_of(struct arena *a, const struct cached *c)
{
	return arena_printf(a, "%s" SUFFIX,
			    jwt_digest(a, arena_printf(a, "%s\n%s\n%s\n%s\n%s\n%s", c->cloud,
						       c->token_url, c->client_id, c->scope,
						       c->user, c->flow)));
}

bool token_cache_find(struct token_cache *t, struct cached *c, const char **ret_error)
{
	struct cached found;

	if (!read_file(t, file_of(t->arena, c), &found, ret_error))
		return false;
	*c = found;
	return true;
}

/* Secrets go in as they are: each is visible ASCII. */
static json_t *entry(const struct cached *c)
{
	json_t *j = json_object();

	json_put(j, "schema", json_safe(SCHEMA));
	json_put(j, "name", json_safe(c->name));
	json_put(j, "for", json_safe(c->purpose));
	json_put(j, "cloud", json_safe(c->cloud));
	json_put(j, "token_url", json_safe(c->token_url));
	json_put(j, "client_id", json_safe(c->client_id));
	json_put(j, "scope", json_safe(c->scope));
	json_put(j, "user", json_safe(c->user));
	json_put(j, "flow", json_safe(c->flow));
	json_put(j, "proof", json_safe(c->proof));
	json_put(j, "got", json_integer(c->got));
	json_put(j, "expires", json_integer(c->expires));
	json_put(j, "access_token", json_safe(secret_bytes(c->access)));
	if (c->refresh)
		json_put(j, "refresh_token", json_safe(secret_bytes(c->refresh)));
	return j;
}

static bool write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno != EINTR)
			return false;
		if (done > 0) {
			p += done;
			n -= (size_t)done;
		}
	}
	return fsync(fd) == 0;
}

bool token_cache_keep(struct token_cache *t, struct cached *c, const char **ret_error)
{
	_cleanup_(json_decrefp) json_t *j = entry(c);
	const char *file = file_of(t->arena, c),
		*fresh = arena_printf(t->arena, ".%s.%ld", file, (long)getpid());
	char *text = json_dumps(j, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	int fd = text ?
		 openat(t->fd, fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600) :
		 -1;
	bool good = fd >= 0 && write_all(fd, text, strlen(text));
	int err = errno;

	if (fd >= 0 && close(fd) != 0 && good) {
		good = false;
		err = errno;
	}
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
	if (good && renameat(t->fd, fresh, t->fd, file) == 0) {
		c->file = file;
		return true;
	}
	err = good ? errno : err;
	unlinkat(t->fd, fresh, 0);
	*ret_error = arena_printf(t->arena, "the token cannot be kept in '%s': %s", t->folder,
				  strerrordesc_np(err));
	return false;
}

/* --- all of them --- */

static int by_name(const void *a, const void *b)
{
	const struct cached *x = a, *y = b;
	int r = strcmp(x->name, y->name);

	return r ? r : strcmp(x->file, y->file);
}

size_t token_cache_list(struct token_cache *t, struct cached *ret, const char **ret_error)
{
	int fd = openat(t->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *e;
	const char *error;
	size_t n = 0;

	*ret_error = NULL;
	while (d && n < LIMIT_CACHED && (e = readdir(d))) {
		if (*e->d_name == '.' || !str_has_suffix_nocase(e->d_name, SUFFIX))
			continue;
		if (read_file(t, arena_strdup(t->arena, e->d_name), &ret[n], &error))
			n++;
		else if (error)
			*ret_error = error;
	}
	if (d)
		closedir(d);
	qsort(ret, n, sizeof(*ret), by_name);
	return n;
}

/* --- removed --- */

/* "DIGEST.json", and ".DIGEST.json.PID" of a run that was killed while it wrote. */
static bool is_of_ours(const char *file)
{
	const char *end = strstr(file, SUFFIX);

	return end && end != file &&
	       (*file == '.' ? end[strlen(SUFFIX)] == '.' : end[strlen(SUFFIX)] == '\0');
}

/* The name that stands in it, also where what follows is damaged. */
static const char *name_in(struct token_cache *t, const char *file)
{
	static const char key[] = "\"name\": \"";
	_cleanup_(buf_wipe_release) struct buf b = BUF_INIT(FILE_MOST);
	int fd = openat(t->fd, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	const char *at;
	struct stat st;

	if (fd < 0)
		return "";
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		read_all(fd, &b);
	close(fd);
	at = strstr(buf_str(&b), key);
	return at ? arena_strndup(t->arena, at + sizeof(key) - 1,
				  strcspn(at + sizeof(key) - 1, "\"\n"))
		  : "";
}

size_t token_cache_forget(struct token_cache *t,
			  bool (*wanted)(const void *arg, const char *name, const char *file),
			  const void *arg, struct strv *ret_errors)
{
	int fd = openat(t->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *e;
	size_t gone = 0;

	while (d && (e = readdir(d))) {
		if (!is_of_ours(e->d_name) || !wanted(arg, name_in(t, e->d_name), e->d_name))
			continue;
		if (unlinkat(t->fd, e->d_name, 0) == 0)
			gone++;
		else
			strv_addf(ret_errors, t->arena, "cannot remove '%s/%s': %s", t->folder,
				  str_escaped(t->arena, e->d_name, strlen(e->d_name)),
				  strerrordesc_np(errno));
	}
	if (d)
		closedir(d);
	return gone;
}
