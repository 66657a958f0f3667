#ifndef MICROSOFT_TENANT_H
#define MICROSOFT_TENANT_H

/*
 * tenant - what Microsoft's sign-in service tells of a mail domain to anybody who asks: whose
 * directory it is in, in which cloud, and where its users sign in. Two questions about the domain,
 * none about a user, no credentials.
 *
 *	static const char *const logins[] = { "https://login.microsoftonline.com", NULL };
 *	const struct tenant *t = tenant_ask(net, "contoso.com", logins);
 *
 * The first is the OpenID configuration (OpenID Connect Discovery 1.0, 4) of the directory
 * called by the domain's name; the further members tenant_region_scope and cloud_instance_name
 * are Microsoft's. The second, GetUserRealm.srf, is no documented contract, but what
 * Microsoft's own sign-in pages ask: its answer is the same for every name in a domain, and the
 * name asked here is nobody's.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct arena;
struct net;

enum tenant_state {
	TENANT_UNKNOWN,		/* it could not be asked: why says so */
	TENANT_FOUND,
	/* every sign-in service asked says that the domain is in no directory of its cloud */
	TENANT_NONE,
};
const char *tenant_state_name(enum tenant_state s);	/* "unknown", "found", "none" */

/* Strings are "" when not told. All are of unknown origin but for id, login and realm. */
struct tenant {
	const char		*domain;
	enum tenant_state	 state;
	/* what came instead of an answer; our words and host names only */
	const char		*why;
	const char		*id;		/* GUID in lower case */
	const char		*login;		/* of those asked, who knew it */
	const char		*region;	/* "NA", "EU", "USGov" ... */
	const char		*sub_region;	/* "GCC", "DODCON", "DOD" */
	/* "microsoftonline.com", "microsoftonline.us", "partner.microsoftonline.cn" */
	const char		*instance;
	const char		*graph;		/* "graph.microsoft.com" */
	/* "managed", "federated", "unknown"; "" = could not be asked: realm_why */
	const char		*realm;
	const char		*realm_why;
	const char		*brand;		/* the organisation's name for its sign-in page */
	/* host of the sign-in server it is federated with */
	const char		*sts;
	int64_t			 us;		/* it took */
};

/*
 * Asks the sign-in services in turn (NULL-terminated; the next one only when one says that it does
 * not know the domain), within the fiber's deadline. Once per domain and run: later askers share
 * the answer; what was cancelled is asked again. Never NULL, lives as long as the net. Domain: as
 * DNS has it; a name that is none is TENANT_UNKNOWN. Waits.
 */
_waits_ const struct tenant *tenant_ask(struct net *n, const char *domain,
					const char *const *logins);

/* --- the answers (tenant-read.c): pure --- */

/*
 * An answer to the first question: false when it is none that makes sense. Fills state (found or
 * none) and what is told.
 */
bool tenant_read_configuration(struct arena *a, int status, const char *body, size_t n,
			       struct tenant *t);
/* To the second: fills realm, brand, sts. False when it makes no sense. */
bool tenant_read_realm(struct arena *a, int status, const char *body, size_t n, struct tenant *t);

#endif
