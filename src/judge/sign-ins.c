/*
 * The causes that a sign-in log names by number.
 */
#include "judge/weigh.h"

#include "base/arena.h"
#include "judge/facts.h"

static enum certainty at_most(enum certainty c, const char *weight)
{
	enum certainty most = str_has_prefix(weight, "same-") ? LIKELY : POSSIBLE;

	return str_eq(weight, "this-one") || c < most ? c : most;
}

static const char *login_words(const char *weight)
{
	if (str_eq(weight, "this-one"))
		return "this login";
	if (str_eq(weight, "same-place"))
		return "the last SMTP login from here";
	return "the last SMTP login";
}

static const char *sign_in_words(struct arena *a, const struct facts *f, const char *name)
{
	const char *policy = facts_string(f, "entra.login.policy"),
		*reason = facts_string(f, "entra.login.reason"),
		*ip = facts_string(f, "entra.login.ip");
	const char *whose = login_words(facts_string(f, "entra.login.weight"));

	return arena_printf(a, "the sign-in log says of %s (%s%s%s): %lld%s%s%s%s%s%s", whose,
			    facts_string(f, "entra.login.time"), *ip ? ", from " : "", ip,
			    (long long)facts_number(f, "entra.login.code", 0), *name ? ", " : "",
			    name, *policy ? ", by the policy " : "", policy,
			    *reason ? ": " : "", arena_strndup(a, reason, 300));
}

void candidates_of_sign_in(struct candidates *c, const struct facts *f)
{
	int64_t number = facts_number(f, "entra.login.code", 0);
	const struct aadsts_row *row = number > 0 ? know_aadsts(c->know, (unsigned long)number) :
				       NULL;

	if (!row)
		return;
	candidates_add(c, &(struct candidate) {
		.cause = row->words.cause,
		.certainty = at_most(row->words.certainty, facts_string(f, "entra.login.weight")),
		.stage = STAGE_AUTH,
		/* The log knows more than the reply: it leads where both are as certain. */
		.rank = RANK_REPLY + 1,
		.row = &row->words,
		.because = sign_in_words(c->arena, f, row->name),
		.matched_by = arena_printf(c->arena, "%s, by its number in the sign-in log",
					   row->words.id),
	});
}
