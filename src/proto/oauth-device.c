/*
 * oauth-device - a sign-in on another screen (RFC 8628): get a code, and ask until it was used.
 */
#include "proto/oauth-inside.h"

#include <errno.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/failure.h"
#include "base/limits.h"
#include "base/secret.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "net/http.h"

enum { TRIES = 3, SLOWER_S = 5, SLOWEST_S = OAUTH_INTERVAL_MOST_S };

/* The answer is not a token: it is read by other rules, unless it's a refusal. */
static bool read_codes(struct oauth *o, const struct http_answer *h, struct oauth_device *ret,
		       struct oauth_answer *r)
{
	const char *body = h->secret ? secret_bytes(h->secret) : "", *why;
	size_t n = h->secret ? secret_len(h->secret) : 0;

	if (h->status == 200) {
		why = oauth_read_device(o->arena, body, n, ret);
	} else if (h->status >= 300 && h->status < 400) {
		why = arena_printf(o->arena,
				   "it answers %d and sends us elsewhere; that is not followed",
				   h->status);
	} else {
		why = oauth_read(o->arena, h->status, h->type, body, n, r);
		/* A token in answer to a question that was none for it. */
		secret_freep(&r->access);
		secret_freep(&r->refresh);
		r->good = false;
		if (!why)
			return false;
	}
	if (why)
		r->failure = failure_new(o->arena, FAILURE_PROTOCOL, STAGE_AUTH, 0, h->peer, NULL,
					 "%s: %s", h->peer, why);
	return !why;
}

bool oauth_device_begin(struct oauth *o, struct oauth_device *ret, struct oauth_answer *r)
{
	_cleanup_(buf_release) struct buf form = BUF_INIT(16 * 1024);
	struct http_answer h;
	bool good;

	oauth_answer_init(r);
	http_form_add(&form, "client_id", o->client_id);
	http_form_add(&form, "scope", o->scope);
	good = http_ask(o->net, o->arena,
			&(struct http_request) { .url = o->device_url, .body = buf_str(&form),
						 .body_len = form.len, .secret_answer = true,
						 .tries = TRIES },
			&h);
	r->peer = h.peer;
	r->status = h.status;
	r->request_id = h.request_id;
	r->date = h.date;
	r->tried = h.tried;
	r->failure = h.failure;
	good = good && read_codes(o, &h, ret, r);
	secret_freep(&h.secret);
	return good;
}

/* One question. */
static bool ask_once(struct oauth *o, const struct oauth_device *d, struct oauth_answer *ret)
{
	_cleanup_(buf_wipe_release) struct buf form = BUF_INIT(LIMIT_SECRET);

	oauth_answer_release(ret);
	oauth_answer_init(ret);
	http_form_add(&form, "grant_type", "urn:ietf:params:oauth:grant-type:device_code");
	http_form_add_secret(&form, "device_code", d->code);
	return oauth_prove(o, &form, ret) && oauth_post(o, o->token_url, &form, 1, ret);
}

/* Sleeps so many seconds, or to the deadline. 0, -ETIMEDOUT, -ECANCELED. */
static int pause_s(int64_t seconds, void (*tick)(void *, int64_t, const char *), void *arg,
		   const char *trouble)
{
	int r = 0;

	for (int64_t i = 0; i < seconds && r == 0; i++) {
		if (tick)
			tick(arg, deadline_left() / 1000, trouble);
		r = fiber_sleep(1000);
	}
	return r;
}

static const char *trouble_of(const struct oauth_answer *r)
{
	if (r->failure)
		return r->failure->text;
	return r->status == 429 || r->status >= 500 ? "the token service is busy" : NULL;
}

/* Is it worth to ask again? *interval grows where it has to. */
static bool goes_on(const struct oauth_answer *r, int64_t *interval)
{
	if (str_eq(r->error.error, "authorization_pending"))
		return true;
	if (str_eq(r->error.error, "slow_down")) {
		*interval = *interval + SLOWER_S < SLOWEST_S ? *interval + SLOWER_S : SLOWEST_S;
		return true;
	}
	/*
	 * Between us and it, not its word: it may pass. Slower each time, as RFC
	 * 8628, 3.5 wants it.
	 */
	if ((r->failure && r->failure->class != FAILURE_LOCAL &&
	     r->failure->class != FAILURE_CANCELLED && r->failure->class != FAILURE_TLS) ||
	    r->status == 429 || r->status >= 500) {
		*interval = *interval * 2 < SLOWEST_S ? *interval * 2 : SLOWEST_S;
		if (r->retry_after_s > *interval)
			*interval = r->retry_after_s;
		return true;
	}
	return false;
}

bool oauth_device_wait(struct oauth *o, const struct oauth_device *d,
		       void (*tick)(void *arg, int64_t left_s, const char *trouble), void *arg,
		       struct oauth_answer *ret)
{
	_cleanup_(deadline_end) struct deadline limit = deadline_in(d->expires_in * 1000);
	const char *trouble = NULL;
	int64_t interval = d->interval;
	int r;

	oauth_answer_init(ret);
	while ((r = pause_s(interval, tick, arg, trouble)) == 0) {
		if (ask_once(o, d, ret) || !goes_on(ret, &interval))
			return ret->good;
		trouble = trouble_of(ret);
	}
	if (r == -ECANCELED)
		ret->failure = failure_new(o->arena, FAILURE_CANCELLED, STAGE_AUTH, 0, ret->peer,
					   NULL, "cancelled");
	else if (!ret->failure)
		ret->error.error = "expired_token";
	ret->good = false;
	return false;
}
