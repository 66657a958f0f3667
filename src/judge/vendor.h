#ifndef JUDGE_VENDOR_H
#define JUDGE_VENDOR_H

/*
 * vendor - steps that only a tenant at Microsoft can take are no help to anybody else.
 */

#include "judge/diagnosis.h"

/* Is the provider (its id; NULL or "" = unknown) one whose customers have Microsoft's tools? */
bool vendor_is_microsoft(const char *provider);

/* Does the text name an admin center, a cmdlet or a portal of Microsoft's? */
bool vendor_speaks_microsoft(const char *text);

/*
 * Takes out of the steps and of the sentences of a diagnosis what only Microsoft's administrators
 * can do, and steps for administrators of anybody but the provider (its id). What is left is
 * allocated in the arena.
 */
void vendor_leave_out_microsoft(struct arena *a, struct diagnosed *d, const char *provider);

#endif
