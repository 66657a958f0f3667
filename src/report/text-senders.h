#ifndef REPORT_TEXT_SENDERS_H
#define REPORT_TEXT_SENDERS_H

/*
 * text-senders - whom the login may send as, a line a sender, and what the refused ones need.
 */

#include "check/result.h"
#include "report/out.h"

/* Nothing when nobody asked. */
void text_senders(struct out *o, const struct result *r);

#endif
