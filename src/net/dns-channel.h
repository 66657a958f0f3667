#ifndef NET_DNS_CHANNEL_H
#define NET_DNS_CHANNEL_H

/*
 * dns-line - one way to one resolver: c-ares' channel with our loop under it. UDP and TCP are two
 * lines, so that we know by which an answer came.
 *
 * c-ares repeats and times; it neither builds the question nor reads the answer. When nobody waits
 * any more it is told to drop all, so no socket and no timer outlives the last waiter.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct ares_addr_port_node;
struct line;

/*
 * tcp: by TCP only. try_ms is the time of the first try; there are three, each twice as long as the
 * one before. NULL when c-ares can't.
 */
struct line *line_new(const struct ares_addr_port_node *server, bool tcp, int try_ms);
void line_free(struct line *l);			/* nobody may be waiting; NULL is fine */

/*
 * An id for the next question that none on its way has: random, since it is what keeps forged
 * answers out (RFC 5452).
 */
uint16_t line_id(const struct line *l);

struct heard {
	/* malloc'ed: the caller frees; NULL when there is no answer */
	unsigned char	*bytes;
	size_t		 len;
	int		 ares;		/* c-ares' own status */
};

/*
 * Sends a question and waits for its answer. 0 when c-ares came to an end (*ret filled), else
 * -ECANCELED or -ETIMEDOUT: the fiber's deadline passed.
 */
_waits_ int line_ask(struct line *l, const void *question, size_t n, struct heard *ret);

#endif
