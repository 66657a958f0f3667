/*
 * look - who is there and what they wait for.
 */
#include "fiber/hub.h"

#include "base/attr.h"

struct fiber *fiber_self(void)
{
	return fiber_hub.current;
}

const char *fiber_name(void)
{
	return fiber_hub.current ? fiber_hub.current->name : "hub";
}

static void list_one(FILE *to, const struct fiber *f)
{
	fprintf(to, "fiber %-32s ", f->name);
	if (f->state == FIBER_PARKED && f->what) {
		fprintf(to, "waits %s", f->what);
		if (f->fd >= 0)
			fprintf(to, " fd %d", f->fd);
		if (f->which)
			fprintf(to, " %s", f->which);
		fprintf(to, ", %lld ms", (long long)(hub_now() - f->since));
		if (f->deadline != FIBER_NEVER)
			fprintf(to, ", deadline in %lld ms", (long long)(f->deadline - hub_now()));
	} else {
		fputs(f->state == FIBER_RUNNING ? "runs" : "is ready", to);
	}
	if (f->sp && f->state != FIBER_RUNNING)
		fprintf(to, ", %zu bytes of stack",
			(size_t)((uintptr_t)f->stack->base + f->stack->size - f->sp));
	fputs(f->cancelled ? ", cancelled\n" : "\n", to);
}

void fiber_list(FILE *to)
{
	const struct fiber *f = fiber_hub.all;

	fprintf(to, "fibers: %u live, %u at most, %llu waits\n", fiber_hub.stats.live,
		fiber_hub.stats.peak, (unsigned long long)fiber_hub.stats.waits);
	if (!f)
		return;
	do {
		list_one(to, f);
		f = f->all_next;
	} while (f != fiber_hub.all);
}

void fiber_stats(struct fiber_stats *ret)
{
	*ret = fiber_hub.stats;
}

int fiber_signal(void)
{
	return fiber_hub.signal;
}

void fiber_cancel_at(uint64_t n)
{
	fiber_hub.cancel_at = n;
}

void fiber_virtual_clock(bool on)
{
	fiber_hub.virtual_clock = on;
}

void no_wait_begin(void)
{
	fiber_hub.no_wait++;
}

void no_wait_end(void)
{
	if (!fiber_hub.no_wait)
		hub_die("no_wait_end() without no_wait_begin()");
	fiber_hub.no_wait--;
}
