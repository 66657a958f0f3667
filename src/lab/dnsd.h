#ifndef LAB_DNSD_H
#define LAB_DNSD_H

/*
 * dnsd - the lab's name server: answers from a zone, over UDP and TCP, faults included (RFC 1035;
 * RFC 6891; RFC 7766).
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "lab/zone.h"

enum { DNSD_MAX_UDP = 1232, DNSD_MAX_ANSWER = 65535, DNSD_MAX_QUERY = 4096 };

struct buf;

/* The answer to one query. False = none is to be given. `out` is cleared first. */
bool dnsd_answer(const struct zone *z, const void *query, size_t n, bool udp, struct buf *out);

struct dnsd {
	const struct zone	*zone;
	int			 udp, tcp;	/* bound; tcp listens */
};

/* Serve until cancelled. */
_waits_ void dnsd_udp(void *dnsd);
_waits_ void dnsd_tcp(void *dnsd);

#endif
