#ifndef REPORT_TEXT_CHECKS_H
#define REPORT_TEXT_CHECKS_H

/*
 * text-checks - one line a check, by endpoint when there are several; what was skipped is
 * folded by its reason.
 */

#include "check/result.h"
#include "report/out.h"

void text_checks(struct out *o, const struct result *r);

#endif
