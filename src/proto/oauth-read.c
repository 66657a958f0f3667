/*
 * oauth-read - what a token service answers, strictly.
 */
#include "proto/oauth-inside.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/redact.h"
#include "base/secret.h"
#include "base/str.h"

enum { DEEPEST = 16, WORD_MOST = 128, LONGEST_LIFE_S = 10 * 365 * 86400 };

void oauth_answer_init(struct oauth_answer *r)
{
	*r = (struct oauth_answer) {
		.expires_in = -1, .scope = "", .peer = "", .request_id = "", .date = -1,
		.retry_after_s = -1,
		.error = { .error = "", .description = "", .suberror = "", .correlation = "",
			   .trace = "", .timestamp = "", .claims = "" },
	};
}

void oauth_answer_release(struct oauth_answer *r)
{
	secret_freep(&r->access);
	secret_freep(&r->refresh);
}

/* A member that is a text, without what it quotes of a secret, cut to so many bytes; "". */
static const char *text_of(struct arena *a, const json_t *j, const char *name, size_t most)
{
	const json_t *v = json_object_get(j, name);
	char *text;

	if (!json_is_string(v))
		return "";
	text = redacted(a, json_string_value(v));
	return strlen(text) <= most ? text : arena_strndup(a, text, most);
}

/* What it gives away is a secret even where it's not what was asked for: no other member may repeat
 * it. */
static void hide_tokens(const json_t *j)
{
	static const char *const names[] = { "access_token", "refresh_token", "id_token",
					     "device_code" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const json_t *v = json_object_get(j, names[i]);

		if (json_is_string(v))
			redact_secret(json_string_value(v), json_string_length(v));
	}
}

/* A number, also one that is written as a text. */
static int64_t number_of(const json_t *j, const char *name)
{
	const json_t *v = json_object_get(j, name);
	unsigned long n;

	if (json_is_integer(v) && json_integer_value(v) >= 0 &&
	    json_integer_value(v) <= LONGEST_LIFE_S)
		return json_integer_value(v);
	if (json_is_string(v) && str_number(json_string_value(v), LONGEST_LIFE_S, &n))
		return (int64_t)n;
	return -1;
}

/* Visible ASCII, as every token is (RFC 6749, A.12). The copy in the parsed answer is wiped. */
static struct secret *secret_of(const json_t *j, const char *name)
{
	const json_t *v = json_object_get(j, name);
	const char *s = json_string_value(v);
	struct secret *made;
	size_t n;

	if (!s)
		return NULL;
	n = json_string_length(v);
	for (size_t i = 0; i < n; i++)
		if (s[i] <= ' ' || s[i] > '~')
			return NULL;
	made = secret_new(s, n);
	explicit_bzero((char *)(uintptr_t)s, n);
	return made;
}

static void read_numbers(const json_t *j, struct oauth_error *e)
{
	const json_t *list = json_object_get(j, "error_codes"), *one;
	size_t i;

	json_array_foreach(list,
			   i, one) if (json_is_integer(one) && json_integer_value(one) > 0 &&
				       e->n_numbers < OAUTH_NUMBERS) e->numbers[e->n_numbers++] =
		(unsigned long)json_integer_value(one);
}

/* RFC 6749, 5.2. Google's other services have an object there. */
static bool read_error(struct arena *a, const json_t *j, struct oauth_error *e)
{
	const json_t *inner = json_object_get(j, "error");

	if (json_is_object(inner)) {
		e->error = text_of(a, inner, "status", WORD_MOST);
		e->description = text_of(a, inner, "message", OAUTH_TEXT);
		return *e->error != '\0';
	}
	e->error = text_of(a, j, "error", WORD_MOST);
	e->description = text_of(a, j, "error_description", OAUTH_TEXT);
	e->suberror = text_of(a, j, "suberror", WORD_MOST);
	e->correlation = text_of(a, j, "correlation_id", WORD_MOST);
	e->trace = text_of(a, j, "trace_id", WORD_MOST);
	e->timestamp = text_of(a, j, "timestamp", WORD_MOST);
	e->claims = text_of(a, j, "claims", OAUTH_TEXT);
	read_numbers(j, e);
	return *e->error != '\0';
}

static const char *read_token(struct arena *a, const json_t *j, struct oauth_answer *r)
{
	const char *type = text_of(a, j, "token_type", WORD_MOST);

	r->access = secret_of(j, "access_token");
	if (!r->access)
		return "the access token in the answer is no token: it is empty, or has bytes in "
		       "it that no token has";
	if (*type && !str_eq_nocase(type, "Bearer")) {
		secret_freep(&r->access);
		return "the answer has a token that mail servers do not take: its token_type is "
		       "not Bearer";
	}
	r->refresh = secret_of(j, "refresh_token");
	r->has_id_token = json_is_string(json_object_get(j, "id_token"));
	r->expires_in = number_of(j, "expires_in");
	r->scope = text_of(a, j, "scope", OAUTH_TEXT);
	r->good = true;
	return NULL;
}

/* Nothing that a token service says: who says it? */
static const char *not_json(struct arena *a, int status, const char *type, const char *body,
			    size_t n)
{
	if (str_eq(type, "text/html") ||
	    span_has_prefix_nocase(span_trim((struct span) { body, n }), "<"))
		return arena_printf(a, "it answers %d with a web page, not with JSON: another "
				    "service lives at this address, or a guest network's sign-in "
				    "page, a proxy or a firewall answers in its place", status);
	if (n == 0)
		return arena_printf(a, "it answers %d, and nothing else", status);
	if (status == 200)
		return "its answer is no JSON, or ends in the middle";
	return arena_printf(a, "it answers %d, and no reason that can be read", status);
}

const char *oauth_read(struct arena *a, int status, const char *type, const char *body, size_t n,
		       struct oauth_answer *ret)
{
	_cleanup_(json_decrefp) json_t *j = NULL;

	if (json_too_deep(body, n, DEEPEST))
		return "its answer is nested deeper than any token service's";
	j = json_loadb(body, n, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(j))
		return not_json(a, status, type, body, n);
	hide_tokens(j);
	if (read_error(a, j, &ret->error))
		return NULL;
	if (status == 200 && json_is_string(json_object_get(j, "access_token")))
		return read_token(a, j, ret);
	return arena_printf(a,
			    "it answers %d with JSON that has neither a token nor an error in it",
			    status);
}

/* RFC 8628, 3.2. Google says verification_url. */
const char *oauth_read_device(struct arena *a, const char *body, size_t n, struct oauth_device *ret)
{
	_cleanup_(json_decrefp) json_t *j = json_too_deep(body, n, DEEPEST) ? NULL :
					    json_loadb(body, n, JSON_REJECT_DUPLICATES, NULL);
	struct oauth_device d = { .code = NULL };

	hide_tokens(j);
	d.user_code = text_of(a, j, "user_code", WORD_MOST);
	d.url = text_of(a, j, "verification_uri", OAUTH_TEXT);
	if (!*d.url)
		d.url = text_of(a, j, "verification_url", OAUTH_TEXT);
	d.full_url = text_of(a, j, "verification_uri_complete", OAUTH_TEXT);
	d.expires_in = number_of(j, "expires_in");
	d.interval = number_of(j, "interval");
	if (!*d.user_code || !*d.url || !json_is_string(json_object_get(j, "device_code")))
		return "its answer is not what the rules for device codes say: a code or the "
		       "address to open is missing";
	if (!str_has_prefix_nocase(d.url, "https://"))
		return "it wants a page opened that is not https://, where a sign-in does not "
		       "belong";
	if (!str_has_prefix_nocase(d.full_url, "https://"))
		d.full_url = "";
	d.code = secret_of(j, "device_code");
	if (!d.code)
		return "the device code in its answer is none: it is empty, or has bytes in it "
		       "that no code has";
	if (d.expires_in <= 0)
		d.expires_in = 900;
	if (d.interval <= 0)
		d.interval = 5;		/* RFC 8628, 3.2 */
	if (d.interval > OAUTH_INTERVAL_MOST_S)
		d.interval = OAUTH_INTERVAL_MOST_S;
	*ret = d;
	return NULL;
}

void oauth_device_release(struct oauth_device *d)
{
	secret_freep(&d->code);
}
