#ifndef NET_VIEW_H
#define NET_VIEW_H

/*
 * view - the network of one target of many: what is asked for it lives in its arena, and what does
 * not depend on who asks is asked once for all of them and kept for a time. Connections, gates and
 * the trust store are those of the whole run.
 *
 *	struct net *mine = net_view(n, arena);
 *	...
 *	net_view_end(mine);		// before the arena is freed
 */

#include "fiber/shared.h"
#include "net/net.h"

struct net *net_view(struct net *n, struct arena *a);
void net_view_end(struct net *view);

/*
 * The answer to a question of this name (fiber/shared.h), which does not depend on the target: a
 * name says all that it depends on. It lives as long as the view. In a net that is no view `find`
 * is run each time, and its answer lives as long as the net. 0, or as shared_ask(). Waits.
 */
_waits_ int net_once(struct net *n, const char *key, shared_find *find, void *arg,
		     void **ret_value);
/* For tests: how many questions were asked for all targets. */
size_t net_asked(const struct net *n);

#endif
