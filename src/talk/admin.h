#ifndef TALK_ADMIN_H
#define TALK_ADMIN_H

/*
 * admin - what the checks admin.* share: where an administrator's token leads, whom it is asked
 * about, and what a refusal is told as.
 */

#include "admin/admin.h"
#include "check/check.h"
#include "microsoft/service.h"

enum talk_admin_service { TALK_GRAPH, TALK_EXCHANGE };

struct talk_admin {
	struct service	 service;
	const char	*name;		/* "Microsoft Graph", "Exchange Online" */
	const char	*tenant;	/* GUID of the token, else a domain */
};

/*
 * Where the token leads: by its audience, if that can be read, else by the target's provider. Never
 * anywhere but to the names of clouds.tsv. NULL, or why it is not even tried, a sentence.
 */
const char *talk_admin_open(struct probe *p, enum talk_admin_service which,
			    const struct secret *token, struct talk_admin *ret);

/* The mailbox that is asked about: the login's, the target's, the sender's; "" none. */
const char *talk_admin_mailbox(struct probe *p);
/* What is read is joined with this. */
struct admin_case talk_admin_case(struct probe *p);
/* Was a login accepted, was one refused? */
bool talk_admin_accepted(struct probe *p);
bool talk_admin_refused(struct probe *p);

/* Takes an answer into the facts, or says there why there is none. False when there is none. */
bool talk_admin_take(struct probe *p, const char *what, const struct service_answer *answer);
/*
 * In words: what was not read and what it takes: "Microsoft Graph does not show the sign-in log:
 * the token lacks AuditLog.Read.All (...)".
 */
const char *talk_admin_why(struct probe *p, const struct talk_admin *door, const char *what,
			   const char *permission, const struct service_answer *answer);

#endif
