#ifndef SENDING_DIRECT_SEND_H
#define SENDING_DIRECT_SEND_H

/*
 * direct-send - does a tenant's MX take a message in the tenant's own name from here, without a
 * login? What was tried and what came of it (check direct-send.test). Everything lives in the
 * result's arena.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/reply.h"

enum direct_send_verdict {
	DIRECT_SEND_UNTESTED,		/* it did not come to that: why says it */
	/* as far as RCPT TO: says nothing of what would come after the message */
	DIRECT_SEND_TAKEN,
	DIRECT_SEND_REFUSED,
	DIRECT_SEND_LATER,		/* 4yz */
};
/* "untested", "taken", "refused", "later" */
const char *direct_send_verdict_name(enum direct_send_verdict v);

/* One attempt. */
struct direct_send_try {
	const char		*host;
	/* the tenant's own name at Microsoft, where the MX is another's */
	bool			 tenant_host;
	bool			 certificate;	/* with --client-cert */
	bool			 tls;		/* it came to TLS: asked and shown are known */
	/* did the server ask for a certificate, and get one? */
	bool			 asked, shown;
	enum direct_send_verdict verdict;
	enum stage		 stage;		/* where it was decided */
	const struct reply	*reply;		/* NULL if none */
	const char		*why;		/* "" unless untested */
};

enum { DIRECT_SEND_MOST = 4 };

struct direct_send {
	const char		*domain, *from, *to;
	/* the address the server sees us under; "" unknown */
	const char		*egress;
	const char		*identity;	/* subject of the certificate; "" without one */
	size_t			 n;
	struct direct_send_try	 tries[DIRECT_SEND_MOST];
};

/*
 * What the attempts mean together: sentences, the most important first. Never says more
 * than RCPT TO can show.
 */
struct strv direct_send_words(struct arena *a, const struct direct_send *d);

/*
 * "contoso-com.mail.protection.outlook.com" for "contoso.com": the usual name; a
 * tenant may have another.
 */
char *direct_send_tenant_host(struct arena *a, const char *domain);

#endif
