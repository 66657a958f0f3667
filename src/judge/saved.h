#ifndef JUDGE_SAVED_H
#define JUDGE_SAVED_H

/*
 * saved - evidence as JSON (smtpwhy.evidence/1, doc/evidence.schema.json) and back: what was seen
 * today can be judged by the rules of another day, without network.
 */

#include "base/json.h"
#include "judge/evidence.h"

/* A new object; text of unknown origin is escaped in it. */
json_t *evidence_json(const struct evidence *e);

/*
 * Reads one object, for these tables. NULL and *ret_error, one line in the arena that says what is
 * wrong and where ("verdicts[3].status: ..."), when it is none. Facts, signs and findings that
 * the tables no longer know are left out.
 */
struct evidence *evidence_of_json(struct arena *a, const struct know *k, const json_t *j,
				  const char **ret_error);

#endif
