#ifndef KNOW_PATH_H
#define KNOW_PATH_H

/*
 * path - the rows of path-findings.tsv and path-choices.tsv: what contradicts a way of sending, and
 * which way fits.
 */

#include "base/status.h"
#include "know/know.h"
#include "know/rule.h"

struct path_finding_row {
	struct rule	 when;
	enum severity	 severity;
	const char	*id, *setting, *cause, *message, *fix, *confidence, *source;
};

struct path_choice_row {
	struct rule	 when;
	const char	*id, *path, *name, *why, *confidence, *source;
	struct strv	 prerequisites, breaks;
};

/* NULL past the end */
const struct path_finding_row *know_path_finding_at(const struct know *k, size_t i);
/* NULL when there is none */
const struct path_finding_row *know_path_finding(const struct know *k, const char *id);
/* NULL past the end */
const struct path_choice_row *know_path_choice_at(const struct know *k, size_t i);

/* Is it the name of a fact that these tables may speak of: "case.host", "policy.NAME"? */
bool path_fact_exists(const char *name);

#endif
