#ifndef LAB_LINE_H
#define LAB_LINE_H

/*
 * line - words of one line of a scenario.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/scan.h"
#include "base/str.h"

struct span line_word(struct scan *s);		/* the next word, empty at the end */
struct span line_rest(struct scan *s);		/* what is left, trimmed */
bool line_number(struct span w, unsigned long max, unsigned long *ret);
/* "250ms", "2s". */
bool line_duration(struct span w, unsigned long max_ms, int64_t *ret_ms);

#endif
