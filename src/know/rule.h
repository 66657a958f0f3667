#ifndef KNOW_RULE_H
#define KNOW_RULE_H

/*
 * rule - the conditions of rules.tsv: a small language over what is known of one target.
 *
 *	term & term & ...			all of them
 *	name					a fact that is there and neither false nor empty
 *	name = value				also != (is there and differs), < <= > >= (numbers)
 *	name ~ glob				also !~; alternatives in values: filtered|refused;
 *						@NAME is a set of sets.tsv
 *	!term
 *	any(name = v)  all(name = v)  none(name = v)  count(name = v) > 1 over all facts a name with
 *						      `*` stands for; all
 *						needs at least one. A bare name with `*` means any.
 *	finding:NAME  check:ID = status  cause:ID  reply:STAGE ~ glob	the outcomes (names may be
 *									globs), the diagnosis so
 *									far,
 *						replies of outcomes that did not pass, code
 *						and text in one line
 *
 * `$` in a name is one port, the same in the whole rule: the rule is tried for each port asked.
 * Names that begin with "ask." and "provider." speak of what was asked (user password token from to
 * host domain kind submission redirected port-given) and of the provider's row (id path auth,
 * port.587 = starttls).
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/strv.h"
#include "base/arena.h"
#include "know/know.h"

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
	const char		*source, *confidence;
	/* where it knows more than its cause; "" and no step = as the cause says */
	const char		*title, *meaning, *verify;
	struct fix		 fix;
};

/*
 * Reads a condition; k: whose sets it may name (NULL: none). NULL, or what is wrong
 * with it and where.
 */
const char *rule_parse(const struct know *k, struct arena *a, const char *when, struct rule *ret);

/*
 * Ranks of what does not come from a rule. A rule's own rank counts from that of a reply; below
 * zero it may stand behind a reply, but before a symptom or a finding.
 */
enum { RANK_FINDING = 10, RANK_SYMPTOM = 20, RANK_REPLY = 50 };

#endif
