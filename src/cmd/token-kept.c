/*
 * token-kept - the tokens that are kept: listed, forgotten, and handed to other commands.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/failure.h"
#include "base/mem.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/token-get.h"
#include "fiber/fiber.h"

/* All of them, or those that a name means. */
struct kept {
	struct arena		*arena;
	struct token_cache	*cache;		/* NULL = there is none */
	struct cached		*list;
	size_t			 n;
};

static void kept_release(struct kept *k)
{
	for (size_t i = 0; i < k->n; i++)
		cached_release(&k->list[i]);
	free(k->list);
	token_cache_close(k->cache);
}

/*
 * OPT_GO, or EXIT_USAGE after printing why not. What is damaged or open to others is reported
 * and left out.
 */
static int load(struct arena *a, const char *command, struct kept *ret)
{
	const char *error = NULL;

	*ret = (struct kept) { .arena = a };
	ret->cache = token_cache_open(a, false, &error);
	if (error)
		return opt_wrong(command, "%s", error);
	if (!ret->cache)
		return OPT_GO;
	ret->list = xcalloc(LIMIT_CACHED, sizeof(*ret->list));
	ret->n = token_cache_list(ret->cache, ret->list, &error);
	if (error)
		opt_wrong(command, "%s", error);
	return OPT_GO;
}

/* --- list --- */

static const char *shown(struct arena *a, const char *s)
{
	return str_escaped(a, s, strlen(s));
}

int token_list(struct arena *a, const struct token_options *o)
{
	_cleanup_(kept_release) struct kept k = { .n = 0 };
	int status = load(a, "token", &k);
	struct kept_tokens all = { .n = k.n, .v = arena_alloc(a, (k.n + 1) * sizeof(*all.v)) };
	struct report report;

	if (status != OPT_GO || !output_open(&o->output, "token", &report))
		return EXIT_USAGE;
	for (size_t i = 0; i < k.n; i++) {
		const struct cached *c = &k.list[i];

		all.v[i] = (struct kept_token) {
			.name = c->name, .purpose = c->purpose, .user = c->user,
			.client_id = c->client_id, .token_url = c->token_url, .scope = c->scope,
			.ends = c->expires != 0, .left = c->expires - (int64_t)clock_wall(),
			.has_refresh = c->refresh != NULL,
		};
	}
	report_put(&report, REPORT_TOKENS, &all);
	return output_close(&report, &o->output, "token") ? EXIT_GOOD : EXIT_UNTESTED;
}

/* --- found by name --- */

/* "scan@contoso.com/smtp", or the part before the slash. */
static bool is_called(const char *own, const char *name)
{
	return str_eq_nocase(own, name) ||
	       (str_has_prefix_nocase(own, name) && own[strlen(name)] == '/');
}

/* The newest of that name; *ret_more when there are several. */
static struct cached *find(const struct kept *k, const char *name, enum token_purpose purpose)
{
	struct cached *best = NULL;

	for (size_t i = 0; i < k->n; i++)
		if (str_eq(k->list[i].purpose, token_purpose_name(purpose)) &&
		    is_called(k->list[i].name, name) && (!best || k->list[i].got > best->got))
			best = &k->list[i];
	return best;
}

static int not_kept(const struct kept *k, const char *command, const char *name)
{
	struct strv names = { NULL, 0, 0 };

	for (size_t i = 0; i < k->n; i++)
		strv_add(&names, k->arena, shown(k->arena, k->list[i].name));
	if (!k->n)
		return opt_wrong(command, "no token is kept; 'smtpwhy token get' gets one");
	return opt_wrong(command, "no token is kept by the name '%s'; there is %s",
			 shown(k->arena, name), strv_join(&names, k->arena, ", "));
}

/* By the name of the token, or of its file; NULL = all. */
static bool is_wanted(const void *arg, const char *name, const char *file)
{
	const char *wanted = arg;

	return !wanted || is_called(name, wanted) || str_eq(file, wanted);
}

/* Nothing of that name: says what there is. */
static int nothing_forgotten(struct arena *a, const char *name)
{
	_cleanup_(kept_release) struct kept k = { .n = 0 };
	int status = load(a, "token", &k);

	return status == OPT_GO ? not_kept(&k, "token", name) : status;
}

int token_forget(struct arena *a, const struct token_options *o, const char *name)
{
	_cleanup_(token_cache_closep) struct token_cache *cache = NULL;
	struct strv errors = { NULL, 0, 0 };
	const char *error = NULL;
	size_t gone = 0;

	if (!name == !o->all)
		return opt_wrong("token", name ? "--all and a name are both given; which one is it?"
					       : "which one? 'smtpwhy token list' tells what is "
						 "kept; --all forgets all");
	cache = token_cache_open_to_forget(a, &error);
	if (error)
		return opt_wrong("token", "%s", error);
	if (cache)
		gone = token_cache_forget(cache, is_wanted, name, &errors);
	if (name && !gone && !errors.n)
		return nothing_forgotten(a, name);
	for (size_t i = 0; i < errors.n; i++)
		opt_wrong("token", "%s", errors.v[i]);
	printf("Forgotten: %zu. The service still takes them until they end; to revoke them, sign "
	       "the user out there.\n", gone);
	return fflush(stdout) == 0 && !errors.n ? EXIT_GOOD : EXIT_UNTESTED;
}

/* Why it could not be renewed, with what to do; EXIT_USAGE. */
static int not_renewed(const struct getting *g, const char *command, const char *name)
{
	const struct oauth_answer *r = &g->answer;
	char number[32] = "";

	if (r->error.n_numbers)
		snprintf(number, sizeof(number), ", AADSTS%lu", r->error.numbers[0]);
	if (r->failure)
		return opt_wrong(command,
				 "the token kept as '%s' has ended and could not be renewed: %s",
				 name, r->failure->text);
	return opt_wrong(command, "the token kept as '%s' has ended, and its refresh token is "
			 "refused (%s%s); the same 'smtpwhy token get' as before, with --force, "
			 "signs in anew", name, shown(g->arena, r->error.error), number);
}

/* A public client needs nothing but the refresh token. */
static int renew(struct kept *k, const char *command, struct cached *c,
		 const struct session_options *session)
{
	static const struct token_options plain = { .force = false };
	struct session_options real = *session;
	struct getting g = { .arena = k->arena, .options = &plain, .cache = k->cache, .entry = *c };
	const char *name = shown(k->arena, c->name);
	struct token t;
	int status;

	g.oauth = (struct oauth) { .arena = k->arena, .token_url = c->token_url,
				   .client_id = c->client_id, .scope = c->scope };
	real.lab = NULL;	/* what is kept is no token of the lab's */
	g.session = (struct session) { .command = "token", .arena = k->arena, .options = &real,
				       .work = token_renew, .arg = &g };
	status = session_run(&g.session);
	if (status == EXIT_GOOD && !g.got.kept_before) {
		token_read(k->arena, secret_bytes(g.answer.access), secret_len(g.answer.access),
			   &t);
		token_keep(&g, &t);
	}
	*c = g.entry;
	if (status != EXIT_GOOD && fiber_signal())
		status = 128 + fiber_signal();
	else if (status != EXIT_GOOD && status != EXIT_USAGE)
		status = not_renewed(&g, command, name);
	oauth_answer_release(&g.answer);
	return status == EXIT_GOOD ? OPT_GO : status;
}

int token_kept(struct arena *a, const char *command, const char *name, enum token_purpose purpose,
	       const struct session_options *session, struct secret **ret)
{
	_cleanup_(kept_release) struct kept k = { .n = 0 };
	struct cached *c;
	int status = load(a, command, &k);

	if (status != OPT_GO)
		return status;
	c = find(&k, name, purpose);
	if (!c)
		return not_kept(&k, command, name);
	if (!cached_is_fresh(c, clock_wall()) && c->refresh && str_eq(c->proof, "none"))
		status = renew(&k, command, c, session);
	else if (c->expires && c->expires <= (int64_t)clock_wall())
		status = opt_wrong(command, "the token kept as '%s' has ended; the same 'smtpwhy "
				   "token get' as before %s", shown(a, c->name),
				   c->refresh ? "renews it, and nobody has to sign in" :
				   "gets a new one");
	if (status != OPT_GO)
		return status;
	*ret = secret_new(secret_bytes(c->access), secret_len(c->access));
	return OPT_GO;
}
