#ifndef TOKEN_REFUSAL_H
#define TOKEN_REFUSAL_H

/*
 * token-refusal - why a token service gave no token: Microsoft's number first (data/aadsts.tsv),
 * else the word of the standard (data/oauth-errors.tsv). The service's sentences are evidence and
 * decide nothing. Pure.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/weigh.h"

struct token_refusal {
	const char		*error, *suberror;	/* "invalid_grant"; "" */
	const unsigned long	*numbers;		/* AADSTS..., the first says most */
	size_t			 n_numbers;
	const char		*house;			/* "microsoft", "google"; "" */
	/* who refused: "login.microsoftonline.com" */
	const char		*service;
	int64_t			 skew_s;		/* its clock minus ours */
	bool			 knows_skew;
	bool			 busy;			/* 429 or 5xx */
};

enum { TOKEN_SKEW_S = 300 };	/* clocks that differ by more are worth a word */

/*
 * The strongest first; never empty: what is in no table is reported as a request that was
 * refused.
 */
struct diagnosed *refusal_explain(struct arena *a, const struct know *know,
				  const struct token_refusal *r, const struct filling *f,
				  size_t *ret_n);

/*
 * "the clock of this machine is 12 minutes ahead of login.example's"; NULL when it
 * isn't worth a word.
 */
char *token_skew_words(struct arena *a, const struct token_refusal *r);

#endif
