#ifndef LAB_PORTS_H
#define LAB_PORTS_H

/*
 * ports - which addresses and ports a scenario's hosts have, as a client sees them.
 */

#include <stddef.h>

#include "lab/lab.h"
#include "lab/scenario.h"

enum { PORTS_MAX = 1024 };

struct port_list {
	struct lab_port			*list;		/* state and real_port are not filled in */
	const struct lab_server		**servers;	/* who serves it; NULL = nobody */
	size_t				 n;
};

/*
 * Gives an address (192.0.2.N) to hosts of `server` sections that the dns section does not mention.
 */
void ports_add_names(struct scenario *s, struct arena *a);
/*
 * Each address of the zone with each port that some server has there, and those that
 * people ask anyway.
 */
void ports_make(struct port_list *l, struct arena *a, const struct scenario *s);

#endif
