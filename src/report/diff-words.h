#ifndef REPORT_DIFF_WORDS_H
#define REPORT_DIFF_WORDS_H

/*
 * diff-words - what the printers of a comparison for people say alike. All in the arena; values
 * are of unknown origin and not escaped.
 */

#include "drift/drift.h"

struct arena;

/* "Worse", "Warning", "Same", "Changed", "Better", "Unknown": of the whole. */
const char *diff_verdict(const struct drift_report *r);
/* "2 of 40 targets got worse, 1 has a warning, 37 did not change." */
const char *diff_headline(struct arena *a, const struct drift_report *r);
/* "1 regression, 2 notes"; "no change" */
const char *diff_counts(struct arena *a, const struct drift *d);
/* The title as a sentence, with the port where it does not say it. */
const char *diff_title(struct arena *a, const struct drift_change *c);
/* "A before, B now" */
const char *diff_values(struct arena *a, const struct drift_change *c);
/* Does the title have the values already? */
bool diff_says_values(const struct drift_change *c);
/* With a capital letter and a full stop; "" stays. */
const char *diff_sentence(struct arena *a, const char *text);

#endif
