#ifndef REPORT_TEXT_VERBOSE_H
#define REPORT_TEXT_VERBOSE_H

/*
 * text-verbose - for -v: how long each stage took, and the conversations word by word.
 */

#include "check/result.h"
#include "report/out.h"

void text_verbose(struct out *o, const struct result *r);

#endif
