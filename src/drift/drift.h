#ifndef DRIFT_DRIFT_H
#define DRIFT_DRIFT_H

/*
 * drift - what changed between two runs of the same target: findings and facts, each with what it
 * means by changes.tsv. Pure.
 *
 * A fact counts as gone, or new, only where the checks that left it in one run went as far in the
 * other: what was not asked did not change. What a finding explains stands under it.
 */

#include <stdbool.h>
#include <stddef.h>

#include "drift/runs.h"
#include "know/changes.h"

enum drift_kind { DRIFT_FINDING, DRIFT_FACT };
enum drift_how { DRIFT_ADDED, DRIFT_REMOVED, DRIFT_CHANGED };
enum drift_in { DRIFT_IN_BOTH, DRIFT_IN_OLD, DRIFT_IN_NEW };

const char *drift_how_name(enum drift_how how);		/* "added", "removed", "changed" */

/* Texts are never NULL; values have their whole length and are of unknown origin. */
struct drift_change {
	enum drift_kind		 kind;
	enum drift_how		 how;
	enum change_severity	 severity;	/* never noise */
	const char		*name;		/* of the finding or the fact */
	const char		*check;		/* id of the check: "tcp.587"; "" of a fact */
	unsigned		 port;		/* 0 = of the whole target */
	const char		*row;		/* id in changes.tsv, "" = no row knows it */
	const char		*title;		/* one sentence without a full stop */
	const char		*was, *now;	/* of a finding what the check said; "" = nothing */
	struct strv		 gone, come;	/* of a list: its parts */
	const char		*why, *who, *act;
	const struct role	*role;		/* NULL = none is named */
	const char		*under;		/* finding that explains it; "" = none */
};

struct drift {
	const char		*target;
	enum drift_in		 in;
	struct drift_change	*v;		/* the gravest first */
	size_t			 n;
	enum change_severity	 severity;	/* the gravest; noise = nothing changed */
	size_t			 count[CHANGE_SEVERITIES];	/* without those under another */
	/* ids of checks that had a verdict then: without one now, and those that were tried */
	struct strv		 untested, unknown;
	struct run_cause	 cause;		/* of the new run, where it failed; id "" = none */
};

struct drift_report {
	const char		*old_name, *new_name;	/* files; "-" = standard input */
	struct drift		*v;		/* the gravest first */
	size_t			 n, cap;
	/* targets by their gravest change */
	size_t			 count[CHANGE_SEVERITIES];
	size_t			 only_old, only_new, unknown;	/* targets */
};

/* Compares two runs. All of *ret is in the arena, and nothing of the runs is needed any more. */
void drift_compare(struct arena *a, const struct know *k, const struct run *old,
		   const struct run *now, struct drift *ret);
/* Takes one target into the report; what it points to must live as long. */
void drift_add(struct drift_report *r, struct arena *a, const struct drift *d);
/*
 * Compares all of two files, target by target. False and *ret_error, one line in the arena with
 * the file's name, when an object cannot be read.
 */
bool drift_all(struct arena *a, const struct know *k, struct runs *old, struct runs *now,
	       struct drift_report *ret, const char **ret_error);
/* Puts the gravest first. Once, when all are in. */
void drift_sort(struct drift_report *r);

#endif
