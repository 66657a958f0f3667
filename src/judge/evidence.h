#ifndef JUDGE_EVIDENCE_H
#define JUDGE_EVIDENCE_H

/*
 * evidence - what was seen, what was said, and what was asked for. Every reader fills one: checks
 * by probing, a paste from a transcript, a log or a bounce, a token, an administrator's read;
 * judge.h weighs it and asks nobody else. All of it lives in the arena of its reader.
 *
 *	facts		seen: typed and named (facts.h)
 *	asked		"ask." and "provider.": host, port, user ... and what the table
 *			knows of the provider
 *	verdicts	of checks, in the order of their list
 *	said		replies of servers that are not part of a verdict
 *	signs		what programs say where there is no reply
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "judge/diagnosis.h"
#include "judge/facts.h"

/* What a check said. Strings are never NULL but where it is said. */
struct verdict {
	const char		*check;		/* its id in the list: "tcp.$" */
	const char		*id;		/* the port put in: "tcp.587" */
	const char		*endpoint;	/* "host:587" */
	unsigned		 port;		/* 0 = of the whole target */
	enum status		 status;
	enum stage		 stage;		/* the step it speaks of */
	const char		*finding;	/* "" = none */
	const char		*summary;
	const struct reply	*reply;		/* NULL = none */
	const char		*replier;	/* the host that said it; NULL = the endpoint's */
};

struct error_match;

/* A refusal that somebody was told. */
struct said {
	const struct reply	*reply;		/* with the stage it came in */
	const char		*provider;	/* whose reply it is; "" = the evidence's */
	const char		*server;	/* that said it; "" = not known */
	const char		*recipients;	/* of a bounce: whose mail it was about; "" */
	/* the same as a number, from 1, also of each message in a log; 0 = of all */
	size_t			 recipient;
	/*
	 * Where the reader has looked it up already, and the reply is the one that reply_known()
	 * answers: the match, its row NULL when there is none. NULL = not looked up.
	 */
	const struct error_match *match;
};

/* A line in which a program says what went wrong, known by a row of symptoms.tsv or aadsts.tsv. */
struct sign {
	const struct symptom	*symptom;	/* one of the two */
	const struct aadsts_row	*number;
	const char		*text;		/* the line, at most LIMIT_SIGN bytes */
	const char		*words;		/* of it, that the row knows */
	enum certainty		 most;		/* no more certain than that */
	/* the line is a server's, or goes on with a reply */
	bool			 in_reply;
	size_t			 recipient;	/* as in struct said */
};

enum { LIMIT_SIGN = 300 };

struct evidence {
	struct arena	*arena;
	const struct know *know;	/* the tables it is judged by */
	const struct facts *facts;
	struct facts	*asked;
	const char	*provider;	/* id; "" unknown */
	const char	*path;		/* "" unknown */
	/* of a paste: "reply", "bounce" ...; "" = seen by ourselves */
	const char	*kind;
	bool		 partial;	/* a text: what is not in it may be true all the same */
	/* of a list: whose target it is, "" = nobody's; its line there, 0 = of no list */
	const char	*client;
	unsigned	 line;
	/* a record of many: what tells its causes apart is not asked */
	bool		 counted;
	struct verdict	*verdicts;
	size_t		 n_verdicts;
	struct said	*said;
	size_t		 n_said;
	struct sign	*signs;
	size_t		 n_signs;
};

/* Nothing seen, said or asked. */
struct evidence *evidence_new(struct arena *a, const struct know *k);

/*
 * Sets what the tables know of the provider and its way ("provider."), and how sender, login and
 * recipient stand to each other ("ask.from-is", "ask.to-is"). Once, when provider, path and "ask."
 * are set.
 */
void evidence_complete(struct evidence *e);

/* Sets a fact when there is something to set. */
void evidence_ask(struct evidence *e, const char *name, const char *value);

#endif
