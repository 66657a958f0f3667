/*
 * token-kept - the tokens that are kept, for people and as data: smtpwhy.tokens/1.
 */
#include "base/arena.h"
#include "report/json-parts.h"
#include "report/printer.h"
#include "token/token.h"

static const char *life(struct arena *a, const struct kept_token *t)
{
	const char *refresh = t->has_refresh ? "; there is a refresh token" : "";

	if (!t->ends)
		return "its end is not known";
	if (t->left <= 0)
		return arena_printf(a, "ended%s", refresh);
	return arena_printf(a, "good for %s%s", token_span_words(a, t->left), refresh);
}

void text_of_tokens(struct out *o, const void *of)
{
	const struct kept_tokens *k = of;

	if (!k->n) {
		out_put(o, "No token is kept.");
		out_line(o);
	}
	for (size_t i = 0; i < k->n; i++) {
		const struct kept_token *t = &k->v[i];

		out_put(o, arena_printf(o->arena, "%-40s %s, from %s", t->name, life(o->arena, t),
					t->token_url));
		out_line(o);
	}
}

json_t *json_of_tokens(struct arena *a _unused_, const void *of)
{
	const struct kept_tokens *k = of;
	json_t *j = json_object(), *list = json_array();

	for (size_t i = 0; i < k->n; i++) {
		const struct kept_token *t = &k->v[i];
		json_t *one = json_object();

		json_put_text(one, "name", t->name);
		json_put_text(one, "for", t->purpose);
		json_put_word(one, "user", t->user);
		json_put_text(one, "client_id", t->client_id);
		json_put_text(one, "token_url", t->token_url);
		json_put_text(one, "scope", t->scope);
		json_put(one, "expires_in_s", t->ends ? json_integer(t->left) : json_null());
		json_put_bool(one, "has_refresh_token", t->has_refresh);
		json_push(list, one);
	}
	json_put_text(j, "schema", "smtpwhy.tokens/1");
	json_put(j, "tokens", list);
	return j;
}
