#ifndef REPORT_TEXT_PATH_H
#define REPORT_TEXT_PATH_H

/*
 * text-path - the way of sending: what contradicts it, and which way fits.
 */

#include "sending/path.h"
#include "check/result.h"
#include "report/out.h"

/*
 * Below a check: what does not fit and what to set, when something does not; which way fits, when
 * options said what the sender can do, or everything is wanted.
 */
bool text_has_path(const struct out *o, const struct result *r);	/* else there is nothing */
bool text_path_speaks_against(const struct result *r);	/* does something not fit? */
void text_path(struct out *o, const struct result *r);
/*
 * The way it is, in a block of its own; the choices, with what they need and what would break them;
 * the questions.
 */
void text_path_on(struct out *o, const struct path_judgement *j);
void text_path_choices(struct out *o, const struct path_judgement *j);

#endif
