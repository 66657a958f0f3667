/*
 * token - what a token says and what is wrong with it, for people and as data: smtpwhy.token/1. The
 * schema is in doc/.
 */
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "report/json-parts.h"
#include "report/printer.h"
#include "report/text-diagnosis.h"

static const char *kind_of(const struct inspection *i)
{
	return i->string ? "xoauth2-blob" : token_kind_name(i->token.kind);
}

/* --- data --- */

static json_t *json_claims(const struct token *t)
{
	json_t *j = json_object();

	for (size_t i = 0; i < t->n_claims; i++) {
		const struct token_claim *c = &t->claims[i];

		json_put(j, c->name, c->is_number ? json_integer(c->number) : json_safe(c->text));
	}
	return j;
}

static json_t *json_for(const struct inspection *i)
{
	json_t *j = json_object();

	json_put_word(j, "host", i->host);
	json_put_word(j, "provider", i->provider);
	json_put_word(j, "user", i->wanted_user);
	json_put_word(j, "tenant", i->tenant);
	return j;
}

json_t *json_of_inspection(struct arena *a _unused_, const void *of)
{
	const struct inspection *i = of;
	json_t *j = json_object();

	json_put_text(j, "schema", "smtpwhy.token/1");
	json_put_text(j, "kind", kind_of(i));
	json_put_text(j, "token_kind", token_kind_name(i->token.kind));
	json_put_text(j, "verdict", inspection_verdict_name(i->verdict));
	json_put(j, "judged_for", json_for(i));
	json_put_word(j, "login_user", i->user);
	json_put(j, "app_only", i->token.readable ? json_boolean(i->token.app_only) : json_null());
	json_put(j, "expires_in_s",
		 i->token.exp ? json_integer((json_int_t)(i->token.exp - i->now)) : json_null());
	json_put(j, "claims", json_claims(&i->token));
	json_put_list(j, "notes", &i->notes);
	json_put(j, "diagnosis", json_diagnosis(i->diagnosis, i->n_diagnosis));
	json_put_list(j, "next_blockers", &i->next);
	return j;
}

/* --- text --- */

static const char *kind_words(const struct token *t)
{
	if (t->kind == TOKEN_UNKNOWN)
		return "no token that can be read";
	if (t->kind == TOKEN_ID)
		return "an ID token";
	if (t->kind != TOKEN_ACCESS)
		return t->form;
	if (t->app_only)
		return "an access token of an application, for which nobody signed in";
	return "an access token";
}

static const char *headline(struct arena *a, const struct inspection *i)
{
	const char *what = kind_words(&i->token);

	if (!i->string)
		return arena_printf(a, "%c%s", ascii_upper(*what), what + 1);
	return arena_printf(a, "A login string%s%s, with %s in it", *i->user ? " for " : "",
			    i->user, what);
}

/* A time as people read it, too. */
static const char *claim_words(struct arena *a, const struct inspection *i,
			       const struct token_claim *c)
{
	long long away = c->number - (long long)i->now;

	if (!c->is_number || !str_in(c->name, "exp|nbf|iat"))
		return c->text;
	return arena_printf(a, "%s (%s%s%s)", clock_utc(a, (time_t)c->number),
			    away > 0 ? "in " : "", token_span_words(a, away < 0 ? -away : away),
			    away > 0 ? "" : " ago");
}

static void put_claims(struct out *o, const struct inspection *i)
{
	for (size_t k = 0; k < i->token.n_claims; k++) {
		const struct token_claim *c = &i->token.claims[k];

		if (k == 0)
			out_line(o);
		out_to(o, 1);
		out_put(o, c->name);
		out_to(o, o->col < 20 ? 20 : o->col + 1);
		out_wrapped(o, 20, claim_words(o->arena, i, c));
	}
}

static void put_verdict(struct out *o, const struct inspection *i)
{
	if (i->verdict == INSPECTION_PROBLEM)
		return;
	out_line(o);
	if (i->verdict == INSPECTION_FIT) {
		text_block(o, "Good");
		out_wrapped(o, TEXT_LEFT,
			    "Nothing in the token speaks against sending by SMTP with it.");
	} else {
		text_block(o, "Unknown");
		out_wrapped(o, TEXT_LEFT, "Whether it is good for sending by SMTP cannot be told "
			    "from the token.");
	}
}

static void put_notes(struct out *o, const struct inspection *i)
{
	for (size_t k = 0; k < i->notes.n; k++) {
		if (k == 0) {
			out_line(o);
			text_block(o, "Note");
		}
		out_list(o, TEXT_LEFT, "- ", i->notes.v[k]);
	}
}

void text_of_inspection(struct out *o, const void *of)
{
	const struct inspection *i = of;
	const char *at = strrchr(i->wanted_user, '@');
	struct advice advice = {
		.know = i->know, .of = at ? at + 1 : "",
		.first = i->verdict == INSPECTION_PROBLEM ? NULL : "If refused",
	};
	struct parts p = parts_new(o->arena);

	out_ink(o, INK_STRONG);
	out_wrapped(o, 0, headline(o->arena, i));
	put_claims(o, i);
	put_verdict(o, i);
	p.all = true;
	text_diagnosis(o, &p, i->diagnosis, i->n_diagnosis, &advice);
	if (i->verdict == INSPECTION_PROBLEM)
		text_next(&p, &i->next, &advice);
	parts_put(o, &p);
	put_notes(o, i);
}
