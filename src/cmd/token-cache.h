#ifndef CMD_TOKEN_CACHE_H
#define CMD_TOKEN_CACHE_H

/*
 * token-cache - tokens that were got, kept for the next time: one file each below
 * $XDG_STATE_HOME/smtpwhy/tokens (without that variable ~/.local/state). Nothing encrypts them but
 * the disk: who may read the file has the token, and so the folder is 0700, each file 0600, and
 * what others can read is refused. A client secret, a key or a password is never kept.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"
#include "base/strv.h"

struct arena;

struct cached {
	/*
	 * What it was asked with: two requests that differ in one of these have two
	 * entries. Never NULL.
	 */
	const char	*cloud, *token_url, *client_id, *scope, *user, *flow;
	const char	*name, *purpose;	/* "scan@contoso.com/smtp"; "smtp" */
	/* "none": a public client, whose refresh token is all it takes to get a new one */
	const char	*proof;
	int64_t		 got, expires;		/* seconds since 1970; expires 0 = not said */
	struct secret	*access, *refresh;	/* refresh: NULL = none */
	const char	*file;			/* its name in the folder; "" before it is kept */
};

void cached_release(struct cached *c);		/* wipes the secrets */

/* Less than this before its end a token is not handed out any more. */
enum { TOKEN_MARGIN_S = 600 };
bool cached_is_fresh(const struct cached *c, int64_t now);

struct token_cache;

/*
 * Opens the folder; makes it when `make` is set. NULL and *ret_error when it is not ours alone.
 * NULL and *ret_error NULL: nothing was ever kept.
 */
struct token_cache *token_cache_open(struct arena *a, bool make, const char **ret_error);
void token_cache_close(struct token_cache *c);
void token_cache_closep(struct token_cache **c);
const char *token_cache_folder(const struct token_cache *c);

/*
 * The entry of such a request: reads it into *c, whose first line is filled. False: there is none,
 * or *ret_error says what is wrong with it.
 */
bool token_cache_find(struct token_cache *t, struct cached *c, const char **ret_error);
/* Writes it whole or not at all. False and *ret_error. */
bool token_cache_keep(struct token_cache *t, struct cached *c, const char **ret_error);
/*
 * All entries, by name. At most LIMIT_CACHED; what cannot be read is left out and told in
 * *ret_error (the last one), which is NULL otherwise.
 */
enum { LIMIT_CACHED = 256 };
size_t token_cache_list(struct token_cache *t, struct cached *ret, const char **ret_error);

/* Opens the folder to remove what is in it: it only has to be ours, whoever may look into it. Else
 * as token_cache_open() without `make`. */
struct token_cache *token_cache_open_to_forget(struct arena *a, const char **ret_error);
/*
 * Removes the files that `wanted` says yes to: all that this module makes, whatever their state
 * (open to others, damaged, left over from a run that was killed). It is told the name by which the
 * token was kept, "" where that cannot be read, and the file's. Answers how many are gone;
 * *ret_errors: a line for each that is still there.
 */
size_t token_cache_forget(struct token_cache *t,
			  bool (*wanted)(const void *arg, const char *name, const char *file),
			  const void *arg, struct strv *ret_errors);

/*
 * One program at a time renews a token. -1 when another one has it, or the file it is taken from.
 */
int token_cache_lock(struct token_cache *t);
void token_cache_unlock(int lock);

#endif
