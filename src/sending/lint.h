#ifndef SENDING_LINT_H
#define SENDING_LINT_H

/*
 * lint - what is wrong with a program's mail settings before anything is sent: what the reader
 * noted, what the judge of paths finds, each with its place in the file and the lines to write
 * instead. Pure: nothing is dialled, nothing looked up.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

struct arena;
struct know;
struct mail_settings;
struct path_judgement;
struct path_means;

/* What holds of a finding in every file: HOST, PORT ... stand for what a file says. */
struct lint_rule {
	const char	*about, *advice;	/* what is wrong; what to change, "" */
	enum severity	 gravest;
};

struct lint_finding {
	struct lint_finding	*next;
	/* "lint.both-tls-modes", "path.implicit-tls-on-587" */
	const char		*finding;
	const char		*cause;		/* id of causes.txt; "" */
	enum severity		 severity;
	const char		*file;
	unsigned		 line;		/* 0 = it is nowhere written */
	const char		*key;		/* of the setting it is about, as written; "" */
	const char		*message;
	/* what to change, in words or as it is to be written; "" */
	const char		*fix;
	/* the lines of this program, each ending in LF but the last; "" */
	const char		*write;
	/* "official", "observed", "disputed", "expert"; "" */
	const char		*confidence;
	const char		*source;
	struct lint_rule	 rule;
};

enum lint_verdict { LINT_FINE, LINT_WARNING, LINT_PROBLEM, LINT_UNJUDGED };
/* "fine", "warning", "problem", "unjudged" */
const char *lint_verdict_name(enum lint_verdict v);

struct lint {
	const struct mail_settings	*settings;
	const char			*title;		/* of the program */
	const struct path_judgement	*judgement;
	struct lint_finding		*findings;	/* worst first */
	size_t				 n_errors, n_warnings;
	/* something was said of the sender: the recommendation is wanted */
	bool				 asked;
	enum lint_verdict		 verdict;	/* unjudged: not even the server is known */
};

/*
 * Lives in the arena, as the settings must. means: what the options say of the
 * sender, NULL = nothing.
 */
struct lint *lint_judge(struct arena *a, const struct know *know, const struct mail_settings *s,
			const struct path_means *means);

#endif
