#ifndef REPORT_TEXT_DIRECT_SEND_H
#define REPORT_TEXT_DIRECT_SEND_H

/*
 * text-direct-send - what the MX did with mail in its own name, a line an attempt,
 * and what that means.
 */

#include "check/result.h"
#include "report/out.h"

/* Nothing when nobody asked. */
void text_direct_send(struct out *o, const struct result *r);

#endif
