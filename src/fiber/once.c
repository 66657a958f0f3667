/*
 * once - one asks, all get the answer.
 */
#include "fiber/once.h"

#include <errno.h>

#include "fiber/hub.h"

/* Those who wait look again: the first of them runs fn if there is no answer yet. */
static void tell(struct once *o)
{
	event_set(&o->changed);
	event_clear(&o->changed);
}

int once_do(struct once *o, bool (*fn)(void *arg), void *arg)
{
	int r = hub_check();

	while (!r && !o->done && o->running)
		r = event_wait(&o->changed);
	if (r || o->done)
		return r;
	o->running = true;
	o->done = fn(arg);
	o->running = false;
	tell(o);
	if (o->done)
		return 0;
	r = hub_check();
	return r ? r : -EAGAIN;
}
