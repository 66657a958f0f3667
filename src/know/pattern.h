#ifndef KNOW_PATTERN_H
#define KNOW_PATTERN_H

/*
 * pattern - the text column of the tables: a literal part of a text, compared without regard to
 * case, runs of white space folded into one blank, typographic quotes into plain ones; " ... "
 * stands for anything in between, " | " separates alternatives, `*` is any text.
 *
 *	const struct pattern *p = pattern_new(a, "locked ... policy | locked out");
 *	pattern_find(p, fold(a, text), &fragment);
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct arena;
struct pattern;

/*
 * The text as patterns are compared with it: lower case, blanks folded and trimmed, NULs as blanks.
 */
char *fold_span(struct arena *a, struct span text);
char *fold(struct arena *a, const char *text);

/* NULL when it's empty or has an empty alternative or piece. The text must live as long. */
const struct pattern *pattern_new(struct arena *a, const char *text);
bool pattern_is_any(const struct pattern *p);

/*
 * Is it in the folded text? *ret_alternative (may be NULL) is the alternative that was found, as
 * written but folded; "" for `*`. *ret_len: its length without the dots: how exact it is.
 */
bool pattern_find(const struct pattern *p, const char *folded, const char **ret_alternative,
		  size_t *ret_len);

/* Does the alternative (as pattern_find() answers it) hold a word that nobody writes by chance: an
 * identifier (SendAsDenied, RESOLVER.ADR), a tag ([TSS04], S3150), an address of a page? Prose does
 * not: "Mailbox unavailable". */
bool pattern_peculiar(const struct pattern *p, const char *alternative);

/*
 * Cuts the next alternative off a pattern's text and answers its longest piece, without which it is
 * in no text; false after the last, and for `*`. *rest: what is left of the text, at first
 * pattern_plain() of it.
 */
bool pattern_next_piece(struct span *rest, struct span *ret);
/* The text of a pattern, or a folded copy where folding changes more than letters' case. */
struct span pattern_plain(struct arena *a, const char *text);

#endif
