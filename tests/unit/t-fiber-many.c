/*
 * Thousands of fibers: what they cost, and the most there can be.
 */
#include "fiber-case.h"

#include <sys/mman.h>

#include "base/clock.h"
#include "base/limits.h"

enum { PARKED = 5000 };

static struct event go;
static unsigned arrived;

static void parks(void *arg)
{
	char used[1024];

	memset(used, 1, sizeof(used));
	__asm__ volatile("" : : "r"(used) : "memory");
	(void)arg;
	if (event_wait(&go) == 0)
		arrived++;
}

static long resident_kib(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	long size, pages = 0;

	if (!f)
		return -1;
	if (fscanf(f, "%ld %ld", &size, &pages) != 2)
		pages = -1;
	fclose(f);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static long mappings(void)
{
	FILE *f = fopen("/proc/self/maps", "re");
	long n = 0;

	if (!f)
		return -1;
	for (int c; (c = getc(f)) != EOF;)
		n += c == '\n';
	fclose(f);
	return n;
}

/* MADV_GUARD_INSTALL came with Linux 6.13; emulators may lack it too. */
static bool kernel_has_guards(void)
{
	void *p = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool has = p != MAP_FAILED && madvise(p, 65536, 102) == 0;

	if (p != MAP_FAILED)
		munmap(p, 65536);
	return has;
}

static int many(void *arg)
{
	struct scope s;
	struct fiber_stats stats;
	long kib = resident_kib(), maps = mappings();
	int64_t start = clock_ms();

	(void)arg;
	event_init(&go);
	arrived = 0;
	scope_begin(&s);
	for (int i = 0; i < PARKED; i++)
		fiber_spawn(&s, "parks", parks, NULL);
	fiber_yield();
	fiber_yield();
	fiber_stats(&stats);
	is_int(stats.live, PARKED + 1, "all are alive");
	kib = resident_kib() - kib;
	maps = mappings() - maps;
	printf("# %d parked fibers: %ld KiB resident, %ld mappings more, after %lld ms\n", PARKED,
	       kib, maps, (long long)(clock_ms() - start));
	ok(kib / PARKED < 48, "a parked fiber keeps less than 48 KiB");
	if (kernel_has_guards())
		ok(maps < 100, "guards of this kernel cost no mappings");
	else
		ok(maps <= 2 * PARKED + 100, "guards cost two mappings a stack");
	event_set(&go);
	scope_join(&s);
	is_int(arrived, PARKED, "all got on");
	printf("# all of it: %lld ms\n", (long long)(clock_ms() - start));
	return 0;
}

/* --- the most there can be --- */

static struct scope *all;
static unsigned born, refused, begun;

static void counts(void *arg)
{
	(void)arg;
	begun++;
	event_wait(&go);
}

static void spawns_one_more(void *arg)
{
	(void)arg;
	if (fiber_spawn(all, "more", counts, NULL) == 0)
		born++;
	else
		refused++;
}

static int64_t vain_until;

static void spawns_in_vain(void *arg)
{
	(void)arg;
	{
		_cleanup_(deadline_end) struct deadline d = deadline_in(200);
		vain_until = clock_ms() + 200;
		is_int(fiber_spawn(all, "vain", counts, NULL), -ETIMEDOUT,
		       "a deadline ends the wait for room");
	}
	event_wait(&go);
}

static struct event leave;

/* Ends, and so makes room for the first in line, whose deadline passes in that very moment. */
static void leaves(void *arg)
{
	(void)arg;
	event_wait(&leave);
	while (clock_ms() <= vain_until)
		;
}

/*
 * With the first fiber, as many as there may be: three who want one more, the two of the
 * case, and the rest.
 */
static void fill_up(struct scope *s, struct scope *other, void (*one)(void *arg),
		    void (*two)(void *arg))
{
	event_init(&go);
	event_init(&leave);
	born = refused = begun = 0;
	all = s;
	fiber_spawn(other, "one", one, NULL);
	for (int i = 0; i < 3; i++)
		fiber_spawn(s, "one more", spawns_one_more, NULL);
	fiber_spawn(s, "two", two, NULL);
	for (int i = 0; i < LIMIT_FIBERS - 6; i++)
		fiber_spawn(s, "parks", counts, NULL);
	fiber_yield();
	fiber_yield();
	struct fiber_stats stats;
	fiber_stats(&stats);
	is_int(stats.live, LIMIT_FIBERS, "as many as there may be");
}

static void all_go(struct scope *s, unsigned want_begun)
{
	struct fiber_stats stats;

	is_int(born, 3, "the others get room as soon as there is some");
	event_set(&go);
	scope_join(s);
	fiber_stats(&stats);
	is_int(stats.peak, LIMIT_FIBERS, "and there never were more");
	is_int(begun, want_begun, "everyone ran");
}

static int one_is_stopped(void *arg)
{
	struct scope s, stopped;

	(void)arg;
	scope_begin(&s);
	scope_begin(&stopped);
	fill_up(&s, &stopped, spawns_one_more, counts);
	is_int(begun, LIMIT_FIBERS - 5, "those who spawn more wait");
	scope_cancel(&stopped);
	scope_join(&stopped);
	is_int(refused, 1, "one of them is stopped, and spawns nobody");
	some_turns();
	all_go(&s, LIMIT_FIBERS - 5 + 3);
	return 0;
}

static int one_is_late(void *arg)
{
	struct scope s;

	(void)arg;
	scope_begin(&s);
	fill_up(&s, &s, spawns_in_vain, leaves);
	event_set(&leave);
	some_turns();
	all_go(&s, LIMIT_FIBERS - 6 + 3);
	return 0;
}

int main(void)
{
	run(many, NULL);
	run(one_is_stopped, NULL);
	run(one_is_late, NULL);
	return tap_done();
}
