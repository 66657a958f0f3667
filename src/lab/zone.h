#ifndef LAB_ZONE_H
#define LAB_ZONE_H

/*
 * zone - the names the lab's DNS knows: records by name and type, and faults in their place.
 *
 * A name may be a glob ("*.example.net"); an exact name goes before a glob. A name nobody mentioned
 * does not exist (NXDOMAIN).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;

enum zone_fault {
	ZONE_NONE,
	ZONE_NXDOMAIN,
	ZONE_NODATA,
	ZONE_SERVFAIL,
	ZONE_REFUSED,
	ZONE_SILENT,		/* no answer at all */
	ZONE_GARBAGE,		/* an answer that is cut in the middle of a record */
};

enum {
	ZONE_ANY	= 255,	/* a fault for all types of a name */
	ZONE_MAX	= 2048,	/* records */
};

struct zone_record {
	struct zone_record	*next;
	const char		*name;		/* lower case, no final dot */
	unsigned		 type;
	unsigned		 layer;
	uint32_t		 ttl;
	enum zone_fault		 fault;
	const char		*target;	/* CNAME: where it leads; else "" */
	const unsigned char	*data;		/* in wire form */
	size_t			 len;
};

struct zone {
	struct zone_record	*records;
	size_t			 n;		/* ever added */
	bool			 ad;		/* answers carry the AD bit */
	bool			 truncate;	/* UDP answers are all truncated */
	int64_t			 delay_ms;
};

/*
 * One line: "NAME [TTL n] TYPE VALUE..." or "NAME [TYPE] FAULT". NULL, or what was expected.
 * Records of an older layer with that name and type are replaced.
 */
const char *zone_parse(struct zone *z, struct arena *a, struct span line, unsigned layer);

/*
 * The first record of this name (lower case) and type, or a fault record for it, or a CNAME; NULL =
 * none. zone_next() goes on.
 */
const struct zone_record *zone_find(const struct zone *z, const char *name, unsigned type);
/* the next of the same name and type */
const struct zone_record *zone_next(const struct zone_record *r);
bool zone_has_name(const struct zone *z, const char *name);

/* Writes a name in wire form (at most 255 octets); 0 = not a name. */
size_t zone_name_wire(unsigned char *to, size_t size, struct span name);

#endif
