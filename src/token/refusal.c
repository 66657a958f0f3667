#include "token/refusal.h"

#include "base/arena.h"
#include "base/str.h"
#include "token/token.h"

struct explaining {
	const struct token_refusal	*r;
	struct candidates		 list;
	const char			*clock;		/* token_skew_words() */
};

char *token_skew_words(struct arena *a, const struct token_refusal *r)
{
	int64_t off = r->skew_s < 0 ? -r->skew_s : r->skew_s;

	if (!r->knows_skew || off <= TOKEN_SKEW_S)
		return NULL;
	return arena_printf(a, "this machine's clock is %s %s the clock of %s",
			    token_span_words(a, off), r->skew_s < 0 ? "ahead of" : "behind",
			    r->service);
}

static void add_row(struct explaining *x, const struct row_words *row, enum certainty certainty,
		    const char *because, const char *by)
{
	struct candidate c = {
		.cause = row->cause, .certainty = certainty, .stage = STAGE_AUTH,
		.rank = RANK_REPLY - (long)x->list.n, .row = row, .because = because,
		.matched_by = by,
	};

	/* An assertion is refused for its time, and the clocks differ: no other reading is left. */
	if (x->clock && str_eq(row->cause->id, "clock-skew")) {
		c.certainty = CERTAIN;
		c.because = arena_printf(x->list.arena, "%s, and %s", because, x->clock);
	}
	candidates_add(&x->list, &c);
}

static void add_numbers(struct explaining *x)
{
	const struct token_refusal *r = x->r;

	for (size_t i = 0; i < r->n_numbers; i++) {
		const struct aadsts_row *row = know_aadsts(x->list.know, r->numbers[i]);

		if (row)
			add_row(x, &row->words, row->words.certainty,
				arena_printf(x->list.arena, "%s answered with the number %s%s%s",
					     r->service, row->words.id,
					     *row->name ? ", " : "", row->name),
				arena_printf(x->list.arena, "%s, by its number", row->words.id));
	}
}

/* What no table knows: the number is printed, and where it is explained. */
static char *unknown_words(struct explaining *x)
{
	const struct token_refusal *r = x->r;
	struct arena *a = x->list.arena;

	if (r->n_numbers)
		return arena_printf(a, "AADSTS%lu is not in our table; "
				    "https://login.microsoftonline.com/error?code=%lu tells what "
				    "it means today", r->numbers[0],
				    r->numbers[0]);
	return arena_printf(a, "%s answered with the error \"%s\", which no standard knows",
			    r->service, str_escaped(a, r->error, strlen(r->error)));
}

static void add_cause(struct explaining *x, const char *id, enum certainty certainty,
		      const char *because, const char *by)
{
	candidates_add(&x->list, &(struct candidate) {
		.cause = know_cause(x->list.know, id), .certainty = certainty, .stage = STAGE_AUTH,
		.rank = RANK_FINDING, .because = because, .matched_by = by,
	});
}

static void add_word(struct explaining *x)
{
	const struct token_refusal *r = x->r;
	const struct oauth_row *row = know_oauth(x->list.know, r->error, r->house);
	struct arena *a = x->list.arena;

	if (row)
		add_row(x, &row->words,
			r->n_numbers && row->words.certainty > POSSIBLE ? row->words.certainty - 1 :
			row->words.certainty,
			arena_printf(a, "%s answered with the error \"%s\"%s%s", r->service,
				     row->error, r->n_numbers ? "; " : "",
				     r->n_numbers ? unknown_words(x) : ""),
			arena_printf(a, "%s, by its name", row->error));
	else
		add_cause(x, r->busy ? "transient-server-error" : "oauth-token-request-invalid",
			  POSSIBLE, unknown_words(x), "no row");
}

/* Whose administrators the token service belongs to. */

struct diagnosed *refusal_explain(struct arena *a, const struct know *know,
				  const struct token_refusal *r, const struct filling *f,
				  size_t *ret_n)
{
	const struct provider *issuer = know_provider_of_vendor(know, r->house);
	struct explaining x = {
		.r = r, .list = { .arena = a, .know = know, .issuer = issuer ? issuer->id : "" },
		.clock = token_skew_words(a, r),
	};

	add_numbers(&x);
	if (!x.list.n)
		add_word(&x);
	/* Google and the standard have no number for it. */
	if (x.clock && str_eq(r->error, "invalid_grant") && !r->n_numbers)
		add_cause(&x, "clock-skew", LIKELY, x.clock, "the clocks differ");
	return candidates_weigh(&x.list, f, ret_n);
}
