#ifndef LAB_SERVER_H
#define LAB_SERVER_H

/*
 * server - the `server` sections of a scenario, read line by line. Used by scenario.c only.
 */

#include "base/str.h"
#include "lab/scenario.h"

enum { SERVER_SECTION_MAX = 8 };	/* HOST:PORTs of one section */

/* Where we are: the servers of the section, and the answers that the next line may go on with. */
struct server_cursor {
	struct lab_server	*servers[SERVER_SECTION_MAX];
	struct answer		*open[SERVER_SECTION_MAX];
	size_t			 n;
	unsigned		 layer;
};

/*
 * "HOST:PORT..." after `server`: goes on with servers that are known, makes the others. NULL, or
 * what was expected.
 */
const char *server_section(struct server_cursor *c, struct scenario *s, struct arena *a,
			   struct span places, unsigned layer);
/* One line below it. */
const char *server_line(struct server_cursor *c, struct arena *a, struct span line);

#endif
