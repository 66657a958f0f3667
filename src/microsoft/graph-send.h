#ifndef MICROSOFT_GRAPH_SEND_H
#define MICROSOFT_GRAPH_SEND_H

/*
 * graph-send - a mailbox by Microsoft Graph: whose account it is, whether it can be read, and one
 * message sent from it. https://learn.microsoft.com/graph/api/user-get, mailboxsettings and
 * user-sendmail; errors: https://learn.microsoft.com/graph/errors
 *
 *	struct graph_answer r;
 *	if (graph_account(net, arena, &door, &r))
 *		... r.mail
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct arena;
struct failure;
struct net;
struct secret;

struct graph_door {
	const char		*base;		/* "https://graph.microsoft.com" */
	const struct secret	*token;
	/* a user's principal name, address or id; "" = of the one who signed in (/me) */
	const char		*mailbox;
};

/* Strings are "" when not told, and of unknown origin. */
struct graph_answer {
	int			 status;	/* of HTTP; 0 = no answer: failure says why */
	bool			 good;		/* 2xx, and what was to be there is */
	const char		*code;		/* Graph's name of the error: "ErrorSendAsDenied" */
	const char		*message;	/* its words */
	const char		*request_id;
	int64_t			 retry_after_s;	/* -1 = not said */
	const char		*peer;
	/* of the account: mail is "" when it has no address */
	const char		*id, *name, *mail;
	const struct failure	*failure;
	int64_t			 us;
};

/*
 * GET users/MAILBOX?$select=id,mail,userPrincipalName: answers r->good. Waits, within
 * the fiber's deadline.
 */
_waits_ bool graph_account(struct net *n, struct arena *a, const struct graph_door *d,
			   struct graph_answer *r);
/*
 * GET users/MAILBOX/mailboxSettings, or mailFolders/inbox: nothing of what is read is kept. It
 * tells whether there is a mailbox in the cloud, and whether the application may use it.
 */
_waits_ bool graph_mailbox_settings(struct net *n, struct arena *a, const struct graph_door *d,
				    struct graph_answer *r);
_waits_ bool graph_inbox(struct net *n, struct arena *a, const struct graph_door *d,
			 struct graph_answer *r);

struct graph_message {
	const char	*from;		/* "" = the mailbox itself */
	const char	*to;
	const char	*subject, *text;
};
/*
 * POST users/MAILBOX/sendMail, once: an answer that did not come is not asked for again, for the
 * message may be on its way. Good = 202.
 */
_waits_ bool graph_send(struct net *n, struct arena *a, const struct graph_door *d,
			const struct graph_message *m, struct graph_answer *r);

/* Reads an answer (pure). want: the status that is good; 200 must have a JSON object. */
void graph_read(struct arena *a, int status, int want, const char *body, size_t n,
		struct graph_answer *r);
/* The request's body (pure). */
char *graph_message_json(struct arena *a, const struct graph_message *m);

#endif
