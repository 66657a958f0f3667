/*
 * token-get - from a request to a result: a kept token or a new one, judged and told.
 */
#include "cmd/token-get.h"

#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/tables.h"
#include "cmd/token-out.h"
#include "token/refusal.h"
#include "fiber/fiber.h"

static const char me[] = "token";

/* --- the cache --- */

/* A kept one that is good for a while: nobody is asked. */
static int look_in_cache(struct getting *g)
{
	const char *error = NULL;

	if (g->options->no_cache || g->options->session.lab)
		return OPT_GO;
	g->cache = token_cache_open(g->arena, true, &error);
	if (!g->cache)
		return opt_wrong(me, "%s (--no-cache does without)", error);
	g->got.kept_before = token_cache_find(g->cache, &g->entry, &error);
	if (!g->got.kept_before && error && !g->options->force)
		return opt_wrong(me, "%s", error);
	if (g->got.kept_before &&
	    (g->options->force || g->refresh_only || !cached_is_fresh(&g->entry, clock_wall())))
		g->got.kept_before = false;
	if (g->refresh_only && !g->entry.refresh)
		return opt_wrong(me, "no refresh token is kept for this request; sign in with "
				 "--flow device or --flow browser");
	return OPT_GO;
}

/* Who it is for, as far as anybody said: the user, else who signed in, else the application. */
static const char *name_of(struct getting *g, const struct token *t)
{
	const char *who = *g->got.user || t->app_only ? g->got.user : token_user(t);

	if (!*who)
		who = g->got.client_id;
	return arena_printf(g->arena, "%s/%s", str_escaped(g->arena, who, strlen(who)),
			    token_purpose_name(g->purpose));
}

void token_keep(struct getting *g, const struct token *t)
{
	const struct oauth_answer *r = &g->answer;
	const char *error;

	cached_release(&g->entry);
	g->entry.access = secret_new(secret_bytes(r->access), secret_len(r->access));
	g->entry.refresh = r->refresh ?
			   secret_new(secret_bytes(r->refresh), secret_len(r->refresh)) : NULL;
	g->entry.got = clock_wall();
	g->entry.expires = r->expires_in >= 0 ? g->entry.got + r->expires_in : t->exp;
	if (!*g->entry.name)
		g->entry.name = name_of(g, t);
	if (g->cache && !token_cache_keep(g->cache, &g->entry, &error))
		strv_addf(&g->got.notes, g->arena, "It was not kept: %s.", error);
}

/* --- the result --- */

static const char *mail_host(const struct getting *g)
{
	if (g->options->host)
		return str_lower(g->arena, arena_strndup(g->arena, g->options->host,
							 strcspn(g->options->host, ":")));
	return g->cloud ? g->cloud->smtp : "";
}

/* Its id: a tenant that was named by a domain is the one that gave the token. */
static const char *tenant_of(const struct getting *g, const struct token *t)
{
	const char *tenant = g->got.tenant;

	if (is_guid(tenant))
		return tenant;
	return strchr(tenant, '.') ? token_claim(t, "tid") : "";
}

static const char *mailbox_of(const struct getting *g, const struct token *t)
{
	if (*g->got.user)
		return g->got.user;
	return *token_user(t) && !t->app_only ? token_user(t) : "MAILBOX";
}

static void describe(struct getting *g)
{
	struct token_got *got = &g->got;
	struct token t;

	token_read(g->arena, secret_bytes(g->entry.access), secret_len(g->entry.access), &t);
	got->good = true;
	got->expires_in = g->entry.expires ? g->entry.expires - (int64_t)clock_wall() : -1;
	got->has_refresh = g->entry.refresh != NULL;
	if (g->cache && *g->entry.file) {
		got->name = g->entry.name;
		got->folder = token_cache_folder(g->cache);
	}
	/* The judge of tokens knows what SMTP takes, and nothing else. */
	if (g->purpose == PURPOSE_SMTP)
		got->inspection = inspect(g->arena, got->know, g->entry.access, false, mail_host(g),
					  got->user, tenant_of(g, &t));
	else
		strv_addf(&got->notes, g->arena, "It is %s.",
			  token_words(g->arena, &t, clock_wall()));
	if (*got->name && g->purpose == PURPOSE_SMTP && *mail_host(g))
		got->next = arena_printf(g->arena, "smtpwhy check %s --user %s --token-cached %s",
					 mail_host(g), mailbox_of(g, &t), got->name);
	if (g->options->show)
		got->shown = g->entry.access;
}

static void explain(struct getting *g)
{
	const struct oauth_answer *r = &g->answer;
	const struct token_refusal refusal = {
		.error = r->error.error, .suberror = r->error.suberror, .numbers = r->error.numbers,
		.n_numbers = r->error.n_numbers, .house = g->got.house,
		.service = g->got.service, .skew_s = g->oauth.skew_s,
		.knows_skew = g->oauth.knows_skew, .busy = r->status == 429 || r->status >= 500,
	};
	struct token_got *got = &g->got;
	const struct filling f = {
		.user = *got->user ? got->user : NULL, .host = mail_host(g),
		.appid = is_guid(got->client_id) ? got->client_id : NULL,
	};

	got->failure = r->failure;
	got->status = r->status;
	got->error = r->error.error;
	got->suberror = r->error.suberror;
	got->description = r->error.description;
	got->correlation = r->error.correlation;
	got->trace = r->error.trace;
	got->timestamp = r->error.timestamp;
	got->request_id = r->request_id;
	got->numbers = r->error.numbers;
	got->n_numbers = r->error.n_numbers;
	if (!r->failure)
		got->diagnosis = refusal_explain(g->arena, got->know, &refusal, &f,
						 &got->n_diagnosis);
	if (token_skew_words(g->arena, &refusal))
		strv_addf(&got->notes, g->arena, "By its answer, %s. Set the clock: what is signed "
			  "or judged by time goes wrong.", token_skew_words(g->arena, &refusal));
}

/* The token alone, for a program that takes it from a file. */
static bool write_token(const struct getting *g)
{
	const char *path = g->options->token_out,
		   *error = path ? token_out(g->arena, path, g->entry.access) : NULL;

	if (error)
		opt_wrong(me, "cannot write the token to '%s': %s", path, error);
	return !error;
}

static int print(const struct getting *g)
{
	const struct token_options *o = g->options;
	struct report report, beside;

	/* A file with the token in it is for its owner alone. */
	if (o->show)
		umask(077);
	if (!output_open(&o->output, me, &report))
		return EXIT_USAGE;
	if (o->show && g->got.good && report_is_for_people(o->output.format)) {
		struct report_style style = output_style(&o->output, stderr);

		report_begin(&beside, stderr, o->output.format, &style);
		report_put(&beside, REPORT_TOKEN_GOT, &g->got);
		fprintf(report.to, "%s\n", secret_bytes(g->entry.access));
	} else {
		report_put(&report, REPORT_TOKEN_GOT, &g->got);
	}
	return output_close(&report, &o->output, me) ? OPT_GO : EXIT_UNTESTED;
}

static int finish(struct getting *g, int asked)
{
	int status;
	struct token t;

	if (fiber_signal())
		return 128 + fiber_signal();
	if (asked == EXIT_GOOD && !g->got.kept_before) {
		token_read(g->arena, secret_bytes(g->answer.access), secret_len(g->answer.access),
			   &t);
		token_keep(g, &t);
		g->got.granted = g->answer.scope;
	}
	if (asked == EXIT_GOOD)
		describe(g);
	if (!g->got.kept_before)
		explain(g);
	if (asked == EXIT_GOOD && !write_token(g))
		return EXIT_UNTESTED;
	status = print(g);
	return status == OPT_GO ? asked : status;
}

static void release(struct getting *g)
{
	oauth_answer_release(&g->answer);
	cached_release(&g->entry);
	token_cache_close(g->cache);
	jwt_key_free(g->key);
	secret_free(g->secret);
	secret_free(g->key_bytes);
	secret_free(g->cert_bytes);
	secret_free(g->key_password);
	secret_free(g->assertion);
}

int token_get(struct arena *a, const struct token_options *o)
{
	_cleanup_(release) struct getting g = { .arena = a, .options = o };
	int status;

	g.session = (struct session) { .command = me, .arena = a, .options = &o->session,
				       .work = token_ask, .arg = &g };
	g.got.know = tables_load(a, NULL, me);
	if (!g.got.know)
		return EXIT_USAGE;
	status = token_plan(&g);
	if (status == OPT_GO)
		status = look_in_cache(&g);
	if (status != OPT_GO)
		return status;
	status = g.got.kept_before ? EXIT_GOOD : session_run(&g.session);
	if (status < 0)
		return EXIT_UNTESTED;
	return status == EXIT_USAGE ? status : finish(&g, status);
}
