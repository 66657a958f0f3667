/*
 * token-ask - the asking itself, in the first fiber.
 */
#include "cmd/token-get.h"

#include <errno.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/failure.h"
#include "base/str.h"
#include "cmd/browser.h"
#include "cmd/cmd.h"
#include "cmd/token-screen.h"
#include "fiber/fiber.h"
#include "fiber/watchdog.h"
#include "proto/loopback.h"

enum {
	MAX_TIME_MS = 60000,
	BROWSER_MS = 600000,		/* a person looks for the password and the telephone */
	LOCK_MS = 10000, LOCK_STEP_MS = 100,
};

static bool failed(struct getting *g, enum failure_class class, const char *why)
{
	g->answer.failure = failure_new(g->arena, class, STAGE_AUTH, 0, "", NULL, "%s", why);
	return false;
}

/* --- somebody signs in --- */

static bool by_device(struct getting *g)
{
	_cleanup_(oauth_device_release) struct oauth_device d = { .code = NULL };
	struct token_screen screen;
	bool good;

	if (!oauth_device_begin(&g->oauth, &d, &g->answer))
		return false;
	token_screen_init(&screen);
	token_screen_code(&screen, g->got.user, d.url, d.user_code, d.expires_in,
			  screen.terminal && !g->options->no_browser && browser_open(d.url));
	good = oauth_device_wait(&g->oauth, &d, token_screen_tick, &screen, &g->answer);
	token_screen_end(&screen);
	return good;
}

/* Came back with a refusal: the same words as the token service's. */
static bool refused(struct getting *g, const struct loopback_came *came)
{
	g->answer.error.error = came->error;
	g->answer.error.description = came->description;
	return false;
}

static bool wait_for_browser(struct getting *g, struct loopback *l, struct oauth_code_flow *v,
			     struct loopback_came *ret)
{
	_cleanup_(deadline_end) struct deadline limit = deadline_in(BROWSER_MS);
	struct token_screen screen;
	const char *url = oauth_code_flow_url(&g->oauth, v);
	int r;

	if (!url)
		return failed(g, FAILURE_LOCAL, "this machine has no random numbers to give");
	token_screen_init(&screen);
	token_screen_visit(&screen, g->got.user, url, !g->options->no_browser && browser_open(url));
	r = loopback_wait(l, v->state, ret);
	if (r == -ETIMEDOUT)
		return failed(g, FAILURE_TIMEOUT,
			      "nobody came back from the sign-in in the browser in time");
	if (r < 0)
		return failed(g, r == -ECANCELED ? FAILURE_CANCELLED : FAILURE_LOCAL,
			      r == -ECANCELED ? "cancelled" : strerrordesc_np(-r));
	return true;
}

static bool by_browser(struct getting *g)
{
	unsigned long port = 0;
	const char *error = "";
	struct loopback_came came = { .code = NULL };
	struct loopback *l;
	struct oauth_code_flow v;
	bool good;

	str_number(g->options->redirect_port ? g->options->redirect_port : "0", 65535, &port);
	l = loopback_open(g->arena, (unsigned)port, &error);
	if (!l)
		return failed(g, FAILURE_LOCAL, error);
	v = (struct oauth_code_flow) {
		.redirect = loopback_url(l), .login_hint = g->got.user,
		.prompt = str_eq(g->got.house, "microsoft") ? "select_account" : "",
		.offline = str_eq(g->got.house, "google")
	};
	good = wait_for_browser(g, l, &v, &came);
	loopback_close(l);
	if (!good)
		return false;
	if (!came.code)
		return refused(g, &came);
	good = oauth_for_code(&g->oauth, &v, came.code, &g->answer);
	secret_free(came.code);
	return good;
}

/* --- nobody does --- */

/*
 * One program at a time: the one that comes second takes what the first one got. True when there is
 * a fresh one now.
 */
static bool was_renewed(struct getting *g, int *ret_lock)
{
	_cleanup_(deadline_end) struct deadline limit = deadline_in(LOCK_MS);
	struct cached again = g->entry;
	const char *error;

	while ((*ret_lock = token_cache_lock(g->cache)) < 0 && fiber_sleep(LOCK_STEP_MS) == 0)
		;
	again.access = again.refresh = NULL;
	if (!token_cache_find(g->cache, &again, &error))
		return false;
	cached_release(&g->entry);
	g->entry = again;
	g->got.kept_before = !g->options->force && !g->refresh_only &&
			     cached_is_fresh(&g->entry, clock_wall());
	return g->got.kept_before;
}

static bool by_refresh(struct getting *g)
{
	struct oauth_answer *r = &g->answer;
	int lock = -1;
	bool good = was_renewed(g, &lock);

	if (!good) {
		g->got.flow = "refresh";
		good = oauth_refresh(&g->oauth, g->entry.refresh, r);
		/* A service that gives no new one lets the old one stand (RFC 6749, 6). */
		if (good && !r->refresh)
			r->refresh = secret_new(secret_bytes(g->entry.refresh),
						secret_len(g->entry.refresh));
	}
	if (lock >= 0)
		token_cache_unlock(lock);
	return good;
}

static bool ask(struct getting *g)
{
	/*
	 * --force means that nothing kept will do; --flow refresh, that what is
	 * kept is to be renewed.
	 */
	bool renews = g->cache && g->entry.refresh && (!g->options->force || g->refresh_only),
		is_person = !g->app_only && !renews;
	int64_t usual = is_person ? -1 : MAX_TIME_MS;
	int64_t most = g->options->max_time_ms ? g->options->max_time_ms : usual;
	_cleanup_(deadline_end) struct deadline limit = deadline_in(most);

	if (renews)
		return by_refresh(g);
	if (g->app_only && g->key && str_eq(g->got.house, "google"))
		return oauth_for_service_account(&g->oauth, *g->got.user ? g->got.user : NULL,
						 &g->answer);
	if (g->app_only)
		return oauth_for_app(&g->oauth, &g->answer);
	return g->device ? by_device(g) : by_browser(g);
}

static bool renew(struct getting *g)
{
	_cleanup_(deadline_end) struct deadline limit = deadline_in(MAX_TIME_MS);

	return by_refresh(g);
}

static int asked_by(struct getting *g, bool (*asking)(struct getting *g))
{
	bool good;

	oauth_answer_init(&g->answer);
	g->oauth.net = g->session.net;
	watchdog_begin(g->options->max_time_ms);
	good = asking(g);
	watchdog_end();
	if (!good)
		return g->answer.failure ? EXIT_UNTESTED : EXIT_PROBLEM;
	return EXIT_GOOD;
}

int token_renew(void *arg)
{
	return asked_by(arg, renew);
}

int token_ask(void *arg)
{
	return asked_by(arg, ask);
}
