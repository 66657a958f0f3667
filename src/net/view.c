/*
 * view - the network of one target of many.
 */
#include "net/view.h"

#include <assert.h>
#include <errno.h>

#include "base/arena.h"
#include "net/dns-inside.h"
#include "net/inside.h"

enum { ANSWERS_MOST = 2000 };		/* of some kB each */

struct held {
	struct shared_answer	*answer;
	struct held		*next;
};

struct net *net_view(struct net *n, struct arena *a)
{
	struct net *view = arena_alloc(a, sizeof(*view));

	assert(!n->root);
	if (!n->answers)
		n->answers = shared_new(ANSWERS_MOST);
	*view = *n;
	view->arena = a;
	view->root = n;
	view->held = NULL;
	view->tenants = NULL;
	view->dns = dns_view(n->dns, view, a);
	return view;
}

void net_view_end(struct net *view)
{
	assert(view->root);
	for (struct held *h = view->held; h; h = h->next)
		shared_let(h->answer);
	view->held = NULL;
}

int net_once(struct net *n, const char *key, shared_find *find, void *arg, void **ret_value)
{
	struct shared_answer *answer;
	struct held *h;
	int64_t keep;
	int rc;

	if (!n->root)
		return find(arg, n->arena, ret_value, &keep) ? 0 : -EAGAIN;
	rc = shared_ask(n->root->answers, key, find, arg, &answer);
	if (rc)
		return rc;
	h = arena_alloc(n->arena, sizeof(*h));
	*h = (struct held) { answer, n->held };
	n->held = h;
	*ret_value = shared_value(answer);
	return 0;
}

size_t net_asked(const struct net *n)
{
	return n->answers ? shared_asked(n->answers) : 0;
}
