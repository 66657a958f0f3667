/*
 * What is seen of a token, as facts and in a line.
 */
#include "token/token.h"

#include "base/arena.h"
#include "judge/facts.h"

static void set_given(struct facts *f, const char *name, const char *value)
{
	if (*value)
		facts_set(f, name, value);
}

void token_facts(struct facts *f, const struct token *t, const struct token_wanted *w)
{
	facts_set(f, "token.kind", token_kind_name(t->kind));
	facts_set_bool(f, "token.guessed", t->guessed);
	facts_set_bool(f, "token.readable", t->readable);
	if (!t->readable)
		return;
	set_given(f, "token.aud", token_claim(t, "aud"));
	set_given(f, "token.iss", token_claim(t, "iss"));
	set_given(f, "token.scp", token_claim(t, "scp"));
	set_given(f, "token.roles", token_claim(t, "roles"));
	set_given(f, "token.tid", token_claim(t, "tid"));
	set_given(f, "token.oid", token_claim(t, "oid"));
	set_given(f, "token.appid", token_app(t));
	set_given(f, "token.upn", token_user(t));
	set_given(f, "token.idtyp", token_claim(t, "idtyp"));
	facts_set_bool(f, "token.app-only", t->app_only);
	facts_set(f, "token.clock", w->server_clock ? "server" : "local");
	if (t->exp)
		facts_set_number(f, "token.expires-in-s", (int64_t)(t->exp - w->now));
}

void token_fault_facts(struct facts *f, const struct token *t, const struct token_faults *faults)
{
	bool fit = t->readable && faults->judged;
	char name[64];

	for (enum token_fault i = 0; i < TOKEN_FAULTS; i++) {
		if (!faults->why[i])
			continue;
		snprintf(name, sizeof(name), "token.fault.%s", token_fault_name(i));
		facts_set(f, name, faults->why[i]);
		/* Whose mailbox it is may be right all the same: by rights on it. */
		fit &= i == FAULT_USER;
	}
	facts_set_bool(f, "token.fit", fit);
	facts_set_bool(f, "token.user-fits", faults->user_fits);
}

static const char *permission(const struct token *t)
{
	return *token_claim(t, "scp") ? token_claim(t, "scp") : token_claim(t, "roles");
}

char *token_words(struct arena *a, const struct token *t, time_t now)
{
	const char *who = t->app_only ? token_app(t) : token_user(t), *may = permission(t);
	const char *left =
		t->exp > now ?
		arena_printf(a, ", %s left", token_span_words(a, (long long)(t->exp - now))) : "";

	if (!t->readable)
		return arena_printf(a, "%s", t->form);
	return arena_printf(a, "for %s%s%s%s%s%s%s",
			    *token_claim(t, "aud") ? token_claim(t, "aud") : "nobody",
			    *may ? ", " : "", may,
			    *who ? ", " : "", t->app_only ? "the application " : "", who, left);
}
