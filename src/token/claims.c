/*
 * The claims of a JWT (RFC 7519), and which of them are reported.
 */
#include "token/token.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"

/*
 * What helps, and is no key to anything. Not here: nonce, sid, uti, sub, puid, rh, aio and whatever
 * else is somebody's handle.
 */
static const char *const told[] = {
	"aud", "iss", "tid", "oid", "idtyp", "scp", "roles", "appid", "azp", "appidacr", "azpacr",
	"app_displayname", "upn", "unique_name", "preferred_username", "email", "ver", "exp",
	"nbf", "iat",
};
static_assert(ARRAY_LEN(told) <= LIMIT_CLAIMS, "room for all");

/*
 * The value as text: a string, a list of strings, a number, true or false. Anything
 * deeper is left out.
 */
static bool add_text(struct buf *b, const json_t *v)
{
	size_t i;
	const json_t *member;

	if (json_is_string(v))
		return buf_add(b, json_string_value(v), json_string_length(v));
	if (json_is_integer(v))
		return buf_addf(b, "%lld", (long long)json_integer_value(v));
	if (json_is_real(v))
		return buf_addf(b, "%.0f", json_real_value(v));
	if (json_is_boolean(v))
		return buf_adds(b, json_is_true(v) ? "true" : "false");
	json_array_foreach(v, i, member) {
		if (!json_is_string(member))
			continue;
		if (b->len && !buf_addc(b, ' '))
			return false;
		if (!buf_add(b, json_string_value(member), json_string_length(member)))
			return false;
	}
	return true;
}

static void add_claim(struct arena *a, struct token *t, const char *name, const json_t *v)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_CLAIM);
	struct token_claim *c = &t->claims[t->n_claims];
	double number = json_number_value(v);
	const char *more = "";

	if (!v || json_is_object(v) || json_is_null(v))
		return;
	/* Of a list that is too long the first members are kept, of a string its beginning. */
	if (!add_text(&b, v)) {
		more = " ...";
		b.overflow = false;
		if (json_is_string(v))
			buf_add(&b, json_string_value(v), LIMIT_CLAIM);
	}
	*c = (struct token_claim) {
		.name = name, .text = arena_printf(a, "%s%s", buf_str(&b), more)
	};
	c->is_number = json_is_number(v) && number > -1e15 && number < 1e15;
	c->number = c->is_number ? (long long)number : 0;
	t->n_claims++;
}

/* A time in seconds since 1970; 0 when it is not there or none of this world. */
static time_t time_of(const struct token *t, const char *name)
{
	const time_t last = 253402300799;	/* the end of the year 9999 */

	for (size_t i = 0; i < t->n_claims; i++)
		if (str_eq(t->claims[i].name, name) && t->claims[i].is_number &&
		    t->claims[i].number > 0)
			return t->claims[i].number > last ? last : (time_t)t->claims[i].number;
	return 0;
}

/*
 * An ID token says who signed in, to the application; an access token what may be
 * done, to the service.
 */
static bool is_id_token(const struct token *t, const json_t *j)
{
	bool access = *token_claim(t, "scp") || *token_claim(t, "roles") ||
		      *token_claim(t, "appid") || *token_claim(t, "idtyp");
	const char *iss = token_claim(t, "iss");

	if (str_eq(iss, "accounts.google.com") ||
	    str_has_prefix(iss, "https://accounts.google.com"))
		return true;
	if (access)
		return false;
	if (json_object_get(j, "nonce") || json_object_get(j, "at_hash") ||
	    json_object_get(j, "c_hash"))
		return true;
	/* Of Entra ID: for a client id, and without a word of who may do what. */
	return !*token_claim(t, "azp") && *token_user(t) && is_guid(token_claim(t, "aud"));
}

static bool is_app_only(const struct token *t)
{
	if (*token_claim(t, "idtyp"))
		return str_eq_nocase(token_claim(t, "idtyp"), "app");
	return !*token_claim(t, "scp") && !*token_user(t) &&
	       (*token_app(t) || *token_claim(t, "roles"));
}

static const char *parse_trouble(const json_error_t *e)
{
	switch (json_error_code(e)) {
	case json_error_duplicate_key:
		return "a claim stands twice in the token, which RFC 7519 forbids: nobody can tell "
		       "which one counts";
	case json_error_premature_end_of_input:
		return "the token's claims end in the middle: letters are missing";
	case json_error_numeric_overflow:
		return "a number in the token's claims is too large for anybody";
	default:
		return "the token's second part is no JSON: letters are missing or changed";
	}
}

const char *token_claims_read(struct arena *a, const char *json, size_t n, struct token *t)
{
	_cleanup_(json_decrefp) json_t *j = NULL;
	json_error_t e;

	if (json_too_deep(json, n, LIMIT_TOKEN_DEPTH))
		return "the token's claims are nested deeper than any service makes them";
	j = json_loadb(json, n, JSON_REJECT_DUPLICATES, &e);
	if (!j)
		return parse_trouble(&e);
	if (!json_is_object(j))
		return "the token's second part holds no claims";
	for (size_t i = 0; i < ARRAY_LEN(told); i++)
		add_claim(a, t, told[i], json_object_get(j, told[i]));
	t->exp = time_of(t, "exp");
	t->begins = time_of(t, "nbf") ? time_of(t, "nbf") : time_of(t, "iat");
	t->readable = true;
	t->kind = is_id_token(t, j) ? TOKEN_ID : TOKEN_ACCESS;
	t->app_only = t->kind == TOKEN_ACCESS && is_app_only(t);
	return NULL;
}
