#ifndef PASTE_EXPLAIN_H
#define PASTE_EXPLAIN_H

/*
 * explain - a pasted text: the replies and other failures in it, and what they mean. Pure
 * functions; bounded by LIMIT_PASTE.
 */

#include "judge/evidence.h"

enum paste_kind { PASTE_UNKNOWN, PASTE_REPLY, PASTE_LOG, PASTE_TRACE, PASTE_TRANSCRIPT,
		  PASTE_BOUNCE, PASTE_MESSAGE, PASTE_ADMIN, PASTE_EVIDENCE };
const char *paste_kind_name(enum paste_kind k);		/* "reply", "log", "trace", ... */

/* One who did not get the message of a bounce. Strings are "" when unknown. */
struct missed {
	const char	*recipient, *server;	/* that refused it */
	const char	*status;		/* of a delivery report: "5.1.1" */
};

struct explanation {
	struct arena		*arena;
	const struct know	*know;		/* the tables it was judged by */
	enum paste_kind		 kind;
	const char		*provider;	/* "" unknown */
	/* the server that was dialled, when the text names just one; "" */
	const char		*host;
	unsigned		 port;		/* 0 = not named */
	/*
	 * in order of appearance; nested ones (530 ... Error: 535 ...) unwrapped
	 * after their wrapper
	 */
	const struct reply	**replies;
	size_t			 n_replies;
	struct evidence		*evidence;	/* what was read of it, as it was judged */
	struct diagnosed	*diagnosis;	/* empty when nothing was recognised */
	size_t			 n_diagnosis;
	struct apart		 apart;
	struct strv		 next_blockers;	/* cause ids */
	/* how the paste was read (a message, a file of Outlook), "" = as it is */
	const char		*note;
	/* of the message that came back, as in its headers; "" unknown */
	const char		*from, *to, *id;
	const char		*reporter;	/* the server that wrote the bounce; "" */
	struct missed		*missed;	/* of a bounce, each recipient once */
	size_t			 n_missed;
	/* of an administrator's report: what was read, sentences */
	struct strv		 seen;
	/* ... and what could not be: "Get-CASMailbox: ..." */
	struct strv		 unread;
	/* why the report in the text could not be read, a sentence; "" */
	const char		*trouble;
	const struct facts	*facts;		/* of the report; NULL = there is none */
	/*
	 * when nothing was recognised: the reply by RFC 3463 and RFC 5321 class, "" if there's none
	 */
	const char		*decoded;
};

/*
 * Never NULL. A message is taken apart by a library that is loaded for it: on the main stack only.
 */
struct explanation *explain_text(struct arena *a, const struct know *k, const char *text, size_t n);
/* The same for a piece of a log, which is never taken for a message: on any stack. */
struct explanation *explain_record(struct arena *a, const struct know *k, const char *text,
				   size_t n);

/* Saved evidence (judge/saved.h), judged anew. Never NULL. */
struct explanation *explain_evidence(struct evidence *e);

#endif
