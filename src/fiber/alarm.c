/*
 * alarm - times at which something happens: a binary heap. One alarm for each fiber that waits with
 * a limit, one for each timer.
 */
#include "fiber/hub.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

static struct {
	struct alarm	**v;			/* v[1] rings first */
	size_t		  n;
	size_t		  cap;
	uint64_t	  order;
} heap;

static bool before(const struct alarm *a, const struct alarm *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void place(struct alarm *a, size_t pos)
{
	heap.v[pos] = a;
	a->pos = pos;
}

static void sift_up(struct alarm *a, size_t pos)
{
	for (; pos > 1 && before(a, heap.v[pos / 2]); pos /= 2)
		place(heap.v[pos / 2], pos);
	place(a, pos);
}

static void sift_down(struct alarm *a, size_t pos)
{
	for (size_t child; (child = 2 * pos) <= heap.n; pos = child) {
		if (child < heap.n && before(heap.v[child + 1], heap.v[child]))
			child++;
		if (!before(heap.v[child], a))
			break;
		place(heap.v[child], pos);
	}
	place(a, pos);
}

void alarm_set(struct alarm *a, int64_t at)
{
	alarm_stop(a);
	if (heap.n + 2 > heap.cap) {
		heap.cap = heap.cap ? 2 * heap.cap : 64;
		heap.v = xrealloc(heap.v, heap.cap * sizeof(heap.v[0]));
	}
	a->at = at;
	a->order = ++heap.order;
	sift_up(a, ++heap.n);
}

void alarm_stop(struct alarm *a)
{
	size_t pos = a->pos;

	if (!pos)
		return;
	assert(pos <= heap.n && heap.v[pos] == a);
	a->pos = 0;
	struct alarm *last = heap.v[heap.n--];
	if (last == a)
		return;
	/* The last one takes its place, and may belong further up or further down. */
	if (pos > 1 && before(last, heap.v[pos / 2]))
		sift_up(last, pos);
	else
		sift_down(last, pos);
}

int64_t alarm_next(void)
{
	return heap.n ? heap.v[1]->at : FIBER_NEVER;
}

void alarms_ring(void)
{
	int64_t now = hub_now();
	uint64_t last = heap.order;

	/*
	 * One that a ring sets anew waits for the next turn: a timer of 0 ms must not
	 * starve the sockets.
	 */
	while (heap.n && heap.v[1]->at <= now && heap.v[1]->order <= last) {
		struct alarm *a = heap.v[1];

		alarm_stop(a);
		a->ring(a);
	}
}

void alarms_release(void)
{
	assert(heap.n == 0);
	free(heap.v);
	heap.v = NULL;
	heap.cap = 0;
}
