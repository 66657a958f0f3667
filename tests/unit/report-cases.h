#ifndef TESTS_REPORT_CASES_H
#define TESTS_REPORT_CASES_H

/*
 * report-cases - results made by hand, for the printers' tests.
 */

#include "paste/explain.h"
#include "check/result.h"

/* One port, a refused login, a certain diagnosis: the example of the manual. */
struct result *case_refused(struct arena *a);
/*
 * Two ports and a domain; certificate warning, an unreachable port with what it kept from being
 * tested, an uncertain diagnosis.
 */
struct result *case_mixed(struct arena *a);
/* The same, with tests that tell its causes apart and with what nobody can tell. */
struct result *case_apart(struct arena *a);
/* All is well. */
struct result *case_good(struct arena *a);
/*
 * Bytes from a peer that want to do harm: control characters, other directions, invalid
 * UTF-8, very long words.
 */
struct result *case_hostile(struct arena *a);

struct explanation *case_explained(struct arena *a);
struct explanation *case_unknown(struct arena *a, const char *decoded);

#endif
