/*
 * oauth - the requests to a token service, one function each.
 */
#include "proto/oauth-inside.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/failure.h"
#include "base/limits.h"
#include "base/redact.h"
#include "base/secret.h"
#include "base/str.h"
#include "net/http.h"
#include "proto/jwt.h"

#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

enum {
	TRIES = 3,
	SKEW_MATTERS_S = 60,		/* an assertion is good for ten minutes */
	VERIFIER_OCTETS = 32, STATE_OCTETS = 16,
};

static bool failed(struct oauth *o, struct oauth_answer *r, enum failure_class class,
		   const char *why)
{
	r->failure = failure_new(o->arena, class, STAGE_AUTH, 0, r->peer, NULL, "%s", why);
	return false;
}

/* --- one request --- */

/* A redirect is not followed: what goes there may be a secret. */
static bool redirected(struct oauth *o, const struct http_answer *h, struct oauth_answer *r)
{
	char *to = str_escaped(o->arena, h->location, strlen(h->location));

	return failed(o, r, FAILURE_PROTOCOL,
		      arena_printf(o->arena, "%s: it answers %d and sends us to %s; that is not "
				   "followed, because there is a secret in the request. Is the "
				   "address right, or is a guest network or a proxy in between?",
				   h->peer, h->status, *to ? to : "nowhere"));
}

static void take_clock(struct oauth *o, int64_t theirs)
{
	if (theirs <= 0)
		return;
	o->skew_s = theirs - (int64_t)clock_wall();
	o->knows_skew = true;
}

/*
 * Microsoft's refusals tell the time of the service itself, "2026-11-21 02:46:56Z";
 * Date may be a proxy's.
 */
static int64_t refused_at(struct oauth *o, const struct oauth_error *e)
{
	char *text = arena_strdup(o->arena, e->timestamp), *blank = strchr(text, ' ');
	time_t t;

	if (blank)
		*blank = 'T';
	return clock_parse(text, &t) == 0 ? (int64_t)t : -1;
}

static bool read_answer(struct oauth *o, const struct http_answer *h, struct oauth_answer *r)
{
	const char *body = h->secret ? secret_bytes(h->secret) : "";
	const char *why;

	r->status = h->status;
	r->peer = h->peer;
	r->request_id = h->request_id;
	r->date = h->date;
	r->retry_after_s = h->retry_after_s;
	r->tried = h->tried;
	take_clock(o, h->date);
	if (h->status >= 300 && h->status < 400)
		return redirected(o, h, r);
	why = oauth_read(o->arena, h->status, h->type, body,
			 h->secret ? secret_len(h->secret) : 0, r);
	if (why)
		return failed(o, r, FAILURE_PROTOCOL,
			      arena_printf(o->arena, "%s: %s", h->peer, why));
	take_clock(o, refused_at(o, &r->error));
	return r->good;
}

/* What is sent is a secret as a whole. */
static bool ask(struct oauth *o, const char *url, struct buf *form, int tries,
		struct http_answer *ret, struct oauth_answer *r)
{
	_cleanup_(secret_freep) struct secret *body =
		form->overflow ? NULL : secret_new_mixed(buf_str(form), form->len);
	struct strv headers = { NULL, 0, 0 };

	buf_wipe(form);
	if (!body)
		return failed(o, r, FAILURE_LOCAL, "the request would be longer than 64 KB: the "
			      "assertion or the refresh token is too long");
	strv_add(&headers, o->arena, "Accept: application/json");
	if (http_ask(o->net, o->arena,
		     &(struct http_request) { .url = url, .headers = headers, .secret_body = body,
					      .secret_answer = true, .tries = tries }, ret))
		return true;
	r->peer = ret->peer;
	r->tried = ret->tried;
	r->failure = ret->failure;
	return false;
}

bool oauth_post(struct oauth *o, const char *url, struct buf *form, int tries,
		struct oauth_answer *ret)
{
	struct http_answer h = { .secret = NULL };
	bool good = ask(o, url, form, tries, &h, ret) && read_answer(o, &h, ret);

	secret_freep(&h.secret);
	return good;
}

/* --- who asks --- */

/* By the service's clock, once it has told it: ours may be wrong. */
static time_t service_time(const struct oauth *o)
{
	return clock_wall() + (time_t)(o->knows_skew ? o->skew_s : 0);
}

static bool prove_by_key(struct oauth *o, struct buf *form, struct oauth_answer *ret)
{
	const struct jwt_says says = {
		.issuer = o->client_id, .subject = o->client_id, .audience = o->token_url,
		.now = service_time(o), .pkcs1 = o->pkcs1,
	};
	const char *error = "";
	_cleanup_(secret_freep) struct secret *assertion = jwt_sign(o->arena, o->key, &says,
								    &error);

	if (!assertion)
		return failed(o, ret, FAILURE_LOCAL, error);
	http_form_add(form, "client_assertion_type", ASSERTION_TYPE);
	http_form_add_secret(form, "client_assertion", assertion);
	return true;
}

bool oauth_prove(struct oauth *o, struct buf *form, struct oauth_answer *ret)
{
	http_form_add(form, "client_id", o->client_id);
	if (o->key)
		return prove_by_key(o, form, ret);
	if (o->assertion) {
		http_form_add(form, "client_assertion_type", ASSERTION_TYPE);
		http_form_add_secret(form, "client_assertion", o->assertion);
	} else if (o->secret) {
		http_form_add_secret(form, "client_secret", o->secret);
	}
	return true;
}

/* --- the grants --- */

static bool ask_for_app(struct oauth *o, struct oauth_answer *ret)
{
	_cleanup_(buf_wipe_release) struct buf form = BUF_INIT(LIMIT_SECRET);

	oauth_answer_init(ret);
	http_form_add(&form, "grant_type", "client_credentials");
	http_form_add(&form, "scope", o->scope);
	return oauth_prove(o, &form, ret) && oauth_post(o, o->token_url, &form, TRIES, ret);
}

/*
 * What we signed by our clock was refused, and the answer shows that our clock is wrong:
 * once more, by theirs.
 */
static bool is_clock_to_blame(const struct oauth *o, const struct oauth_answer *r, bool knew)
{
	return o->key && !r->good && *r->error.error && !knew && o->knows_skew &&
	       (o->skew_s > SKEW_MATTERS_S || o->skew_s < -SKEW_MATTERS_S);
}

bool oauth_for_app(struct oauth *o, struct oauth_answer *ret)
{
	bool knew = o->knows_skew;

	if (ask_for_app(o, ret))
		return true;
	return is_clock_to_blame(o, ret, knew) ? ask_for_app(o, ret) : false;
}

static bool ask_for_service_account(struct oauth *o, const char *user, struct oauth_answer *ret)
{
	const char *owner = *jwt_key_owner(o->key) ? jwt_key_owner(o->key) : o->client_id,
		*error = "";
	const struct jwt_says says = {
		.issuer = owner, .subject = user ? user : owner, .audience = o->token_url,
		.scope = o->scope, .now = service_time(o), .pkcs1 = true,
	};
	_cleanup_(secret_freep) struct secret *assertion = jwt_sign(o->arena, o->key, &says,
								    &error);
	_cleanup_(buf_wipe_release) struct buf form = BUF_INIT(LIMIT_SECRET);

	oauth_answer_init(ret);
	if (!assertion)
		return failed(o, ret, FAILURE_LOCAL, error);
	http_form_add(&form, "grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
	http_form_add_secret(&form, "assertion", assertion);
	return oauth_post(o, o->token_url, &form, TRIES, ret);
}

bool oauth_for_service_account(struct oauth *o, const char *user, struct oauth_answer *ret)
{
	bool knew = o->knows_skew;

	if (ask_for_service_account(o, user, ret))
		return true;
	return is_clock_to_blame(o, ret, knew) ? ask_for_service_account(o, user, ret) : false;
}

bool oauth_refresh(struct oauth *o, const struct secret *refresh, struct oauth_answer *ret)
{
	_cleanup_(buf_wipe_release) struct buf form = BUF_INIT(LIMIT_SECRET);

	oauth_answer_init(ret);
	http_form_add(&form, "grant_type", "refresh_token");
	http_form_add_secret(&form, "refresh_token", refresh);
	if (*o->scope)
		http_form_add(&form, "scope", o->scope);
	return oauth_prove(o, &form, ret) && oauth_post(o, o->token_url, &form, TRIES, ret);
}

/* --- a browser --- */

char *oauth_code_flow_url(const struct oauth *o, struct oauth_code_flow *v)
{
	_cleanup_(buf_release) struct buf query = BUF_INIT(16 * 1024);
	struct arena *a = o->arena;

	v->verifier = jwt_random(a, VERIFIER_OCTETS);
	v->state = jwt_random(a, STATE_OCTETS);
	if (!v->verifier || !v->state)
		return NULL;
	http_form_add(&query, "response_type", "code");
	http_form_add(&query, "client_id", o->client_id);
	http_form_add(&query, "redirect_uri", v->redirect);
	http_form_add(&query, "scope", o->scope);
	http_form_add(&query, "state", v->state);
	http_form_add(&query, "code_challenge", jwt_digest(a, v->verifier));
	http_form_add(&query, "code_challenge_method", "S256");
	if (*v->login_hint)
		http_form_add(&query, "login_hint", v->login_hint);
	if (*v->prompt)
		http_form_add(&query, "prompt", v->prompt);
	if (v->offline)
		http_form_add(&query, "access_type", "offline");
	return arena_printf(a, "%s%c%s", o->auth_url, strchr(o->auth_url, '?') ? '&' : '?',
			    buf_str(&query));
}

bool oauth_for_code(struct oauth *o, const struct oauth_code_flow *v, const struct secret *code,
		    struct oauth_answer *ret)
{
	_cleanup_(buf_wipe_release) struct buf form = BUF_INIT(LIMIT_SECRET);

	oauth_answer_init(ret);
	http_form_add(&form, "grant_type", "authorization_code");
	http_form_add_secret(&form, "code", code);
	http_form_add(&form, "redirect_uri", v->redirect);
	redact_secret(v->verifier, strlen(v->verifier));
	http_form_add(&form, "code_verifier", v->verifier);
	/*
	 * A code is good for one use: asking again after a lost answer would be refused
	 * (54005), and says why.
	 */
	return oauth_prove(o, &form, ret) && oauth_post(o, o->token_url, &form, 1, ret);
}
