#ifndef KNOW_CHANGES_H
#define KNOW_CHANGES_H

/*
 * changes - what it means that a fact or a finding of a target changed between two runs:
 * changes.tsv. The first row that fits decides; what no row knows is a note.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/strv.h"
#include "know/rule.h"

struct know;

/* The higher the number, the more it is worth telling. */
enum change_severity {
	CHANGE_NOISE,		/* it changes by itself and says nothing */
	CHANGE_NOTE,
	CHANGE_IMPROVEMENT,
	CHANGE_WARNING,		/* it may break something, or already is less safe */
	CHANGE_REGRESSION,	/* something that worked does not work any more */
	CHANGE_SEVERITIES
};

const char *change_severity_name(enum change_severity s);	/* "regression" */

enum change_when {
	WHEN_ANY,		/* whatever the change */
	WHEN_ADDED,		/* it was not there before */
	WHEN_REMOVED,		/* it is not there any more */
	WHEN_LESS,		/* of a number */
	WHEN_MORE,
	/* the new value matches one of the globs; "absent" = there is none */
	WHEN_TO,
	WHEN_ALONG,		/* it moved to the right in a list of values, from one to another */
	WHEN_LOST,		/* a part of the list that matches is gone */
	WHEN_GAINED,		/* a part of the list that matches is new */
	WHEN_ABOVE,		/* the number passed a limit upwards */
	WHEN_BELOW,		/* the number fell below a limit */
	WHEN_COUNT
};

struct change_row {
	const char		*id;
	/* a name as in facts.tsv, with `$` and `*`, or a glob of findings behind "finding:" */
	const char		*of;
	const char		*when_word;
	enum change_when	 when;
	struct strv		 values;	/* globs, or in order */
	unsigned long		 limit;		/* of WHEN_ABOVE and WHEN_BELOW */
	struct rule		 only;		/* of the new run; no terms = always */
	const char		*severity_word;
	enum change_severity	 severity;
	/* {was} {now} {gone} {new} {port} are filled in; "" where the row is noise */
	const char		*title, *why;
	/* as in causes.txt; "" = nobody has to */
	const char		*who;
	struct strv		 roles;
	const char		*act;		/* what to do, one sentence; "" = nothing */
	const char		*confidence, *source;
};

/* NULL past the end */
const struct change_row *know_change_at(const struct know *k, size_t i);

#endif
