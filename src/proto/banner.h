#ifndef PROTO_BANNER_H
#define PROTO_BANNER_H

/*
 * banner - what servers tell in passing: the address they see us under, their clock, their name for
 * this session. Pure functions over the words of a reply; none of it is promised by a standard, so
 * each may find nothing.
 */

#include <stdbool.h>
#include <time.h>

#include "net/net.h"

struct arena;

/*
 * The address in an EHLO answer's first line: "250-FE01 Hello [203.0.113.7]", "mx Hello
 * probe.example [IPv6:2001:db8::1]".
 */
bool banner_egress(const char *line, struct net_address *ret);

/* The date in a greeting (RFC 5322): "220 ... ready at Fri, 20 Nov 2026 12:00:00 +0000". */
bool banner_date(const char *line, time_t *ret);

/*
 * The bracket at the end of an Exchange reply: "[AM0PR01CA0001.eurprd01.prod.exchangelabs.com
 * 2026-11-20T12:00:00.123Z 08DE2222AAAABBBB]": the server in front, its time, and the session that
 * Microsoft's support asks for.
 */
struct banner_trailer {
	const char	*frontend;
	const char	*session;
	time_t		 time;
};
bool banner_trailer(struct arena *a, const char *line, struct banner_trailer *ret);

/*
 * The name a server gave the message, from its answer to the dot: "250 2.0.0 Ok: queued as
 * 4F1A2B3C4D", "250 OK id=1tD1aB-0001", Exchange's "[InternalId=1234, ...". In the arena; NULL when
 * none is recognised. What the administrator of that server can look for in its log.
 */
const char *banner_queue_id(struct arena *a, const char *line);

/*
 * What a firewall that "inspects" SMTP leaves behind: a greeting of asterisks, or a keyword of X's
 * (XXXXXXXA for STARTTLS).
 */
bool banner_is_masked(const char *text);

#endif
