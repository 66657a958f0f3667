#ifndef DIAG_RULE_H
#define DIAG_RULE_H

/*
 * rule - the conditions of rules.tsv: a small language over what is known of one target.
 *
 *	term & term & ...			all of them
 *	name					a fact that is there and neither false nor empty
 *	name = value				also != (is there and differs), < <= > >= (numbers)
 *	name ~ glob				also !~; alternatives in values: filtered|refused
 *	!term
 *	any(name = v)  all(name = v)  none(name = v)  count(name = v) > 1		over all facts a name with `*` stands for; all
 *						needs at least one. A bare name with `*` means any.
 *	finding:NAME  check:ID = status  cause:ID  reply:STAGE ~ glob	the outcomes (names may be globs), the diagnosis so far,
 *						replies of outcomes that did not pass, code and text in one line
 *
 * `$` in a name is one port, the same in the whole rule: the rule is tried for each port asked. Names that begin with "ask." and
 * "provider." speak of what was asked (user password token from to host domain kind submission redirected port-given) and of the provider's row
 * (id path auth, port.587 = starttls).
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/strv.h"
#include "diag/result.h"

enum rule_subject { SUBJECT_FACT, SUBJECT_FINDING, SUBJECT_CHECK, SUBJECT_CAUSE, SUBJECT_REPLY };
enum rule_op { OP_THERE, OP_EQ, OP_NE, OP_LE, OP_GE, OP_LT, OP_GT, OP_GLOB, OP_NOT_GLOB };
enum rule_over { OVER_ANY, OVER_ALL, OVER_NONE, OVER_COUNT };

struct rule_term {
	bool			 negated;
	enum rule_over		 over;
	enum rule_subject	 subject;
	const char		*name;
	enum rule_op		 op;
	struct strv		 values;
	long			 number;	/* for < <= > >= */
	enum rule_op		 count_op;
	long			 count;
};

struct rule {
	const char		*id;
	struct rule_term	*terms;
	size_t			 n_terms;
	bool			 per_port;	/* it has a `$` */
	bool			 refutes;	/* says what it is not */
	struct strv		 causes;	/* one cause; when it refutes: globs of cause ids */
	enum certainty		 certainty;
	enum stage		 stage;
	struct strv		 hides;		/* globs of cause ids it explains */
	const char		*because;
	long			 rank;
	const char		*source;
};

/* Reads a condition. NULL, or what is wrong with it and where. */
const char *rule_parse(struct arena *a, const char *when, struct rule *ret);

/* What a condition is asked about. */
struct rule_view {
	struct arena		*arena;
	const struct facts	*facts;
	const struct facts	*asked;		/* "ask." and "provider." */
	const struct outcome	*outcomes;
	size_t			 n_outcomes;
	const struct strv	*causes;	/* diagnosed so far */
};

/* "ask." and "provider." facts of a result. */
struct facts *rule_asked(struct arena *a, const struct result *r);
/* Does the rule hold, with this port for `$` (0 when it has none)? */
bool rule_holds(const struct rule_view *v, const struct rule *r, unsigned port);
/* One term of it. */
bool rule_term_holds(const struct rule_view *v, const struct rule_term *t, unsigned port);
/* A text with its {fact} placeholders filled in; lists for names with `*`, "unknown" for what is not there. */
char *rule_text(const struct rule_view *v, const char *text, unsigned port);
/* The because sentence with its {fact} placeholders filled in; lists for names with `*`, "unknown" for what is not there. */
char *rule_because(const struct rule_view *v, const struct rule *r, unsigned port);

#endif
