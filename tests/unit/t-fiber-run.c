/*
 * Fibers: who runs when, birth and end, scopes, the hub's stack.
 */
#include "fiber-case.h"

#include "base/limits.h"

static void say_twice(void *arg)
{
	char c = *(const char *)arg;

	tell(c);
	fiber_yield();
	tell(c);
}

static void spawn_letters(struct scope *s, const char *letters)
{
	for (const char *p = letters; *p; p++)
		fiber_spawn(s, "letter", say_twice, (void *)(uintptr_t)p);
}

/* --- order --- */

static int in_order(void *arg)
{
	struct scope s;

	(void)arg;
	scope_begin(&s);
	spawn_letters(&s, "abc");
	tell('-');
	is_int(s.live, 3, "three children are alive before the join");
	int r = scope_join(&s);
	tell('.');
	is_int(s.live, 0, "none after it");
	return r;
}

static int nested(void *arg)
{
	struct scope outer, inner;

	(void)arg;
	scope_begin(&outer);
	spawn_letters(&outer, "a");
	scope_begin(&inner);
	spawn_letters(&inner, "xy");
	scope_join(&inner);
	tell('1');
	scope_join(&outer);
	tell('2');
	return 0;
}

static void grandchild(void *arg)
{
	(void)arg;
	fiber_sleep(5);
	tell('g');
}

static void child(void *arg)
{
	struct scope s;

	(void)arg;
	scope_begin(&s);
	fiber_spawn(&s, "grandchild", grandchild, NULL);
	scope_join(&s);
	tell('c');
}

static int generations(void *arg)
{
	struct scope s;

	(void)arg;
	scope_begin(&s);
	fiber_spawn(&s, "child", child, NULL);
	scope_join(&s);
	tell('p');
	return 0;
}

static struct scope *lent;

static void spawns_elsewhere(void *arg)
{
	(void)arg;
	spawn_letters(lent, "k");
	tell('s');
}

static int into_another_scope(void *arg)
{
	struct scope s;

	(void)arg;
	scope_begin(&s);
	lent = &s;
	fiber_spawn(&s, "listener", spawns_elsewhere, NULL);
	scope_join(&s);
	tell('.');
	return 0;
}

static int empty_scope(void *arg)
{
	struct scope s;
	struct fiber_stats stats;

	(void)arg;
	scope_begin(&s);
	is_int(scope_join(&s), 0, "a scope without children is joined at once");
	fiber_stats(&stats);
	is_int((intmax_t)stats.waits, 0, "and nobody waited for that");
	return 0;
}

static void order(void)
{
	is_int(run(in_order, NULL), 0, "the result of the first fiber comes back");
	is_str(story, "-abcabc.",
	       "children run when the parent waits, in the order of their birth, by turns");
	run(nested, NULL);
	is_str(story, "axyaxy12", "an inner scope is joined while the outer one's children run");
	run(generations, NULL);
	is_str(story, "gcp", "nobody ends before those it began");
	run(into_another_scope, NULL);
	is_str(story, "skk.",
	       "a child may spawn into the scope it lives in, and that scope waits for it");
	run(empty_scope, NULL);
}

/* --- run again, results, names --- */

static int answer(void *arg)
{
	return *(int *)arg;
}

static int names(void *arg)
{
	char long_name[100];
	struct scope s;

	(void)arg;
	is_str(fiber_name(), "first", "the first fiber has a name");
	ok(fiber_self() != NULL, "and it's somebody");
	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	scope_begin(&s);
	fiber_spawn(&s, long_name, grandchild, NULL);
	memset(long_name, 'y', 60);
	return scope_join(&s);
}

static void who_am_i(void *arg)
{
	*(const char **)arg = fiber_name();
	tell(fiber_self() ? 'f' : 'h');
}

static int on_the_hub(void *arg)
{
	const char *name = "";
	struct scope s;

	(void)arg;
	scope_begin(&s);
	spawn_letters(&s, "a");
	fiber_on_hub(who_am_i, &name);
	is_str(name, "hub", "work on the hub's stack is nobody's");
	is_str(story, "h", "and nobody else runs meanwhile");
	fiber_on_hub(who_am_i, &name);
	is_str(story, "hh", "it can be done again");
	return scope_join(&s);
}

static int with_a_handle(void *arg)
{
	(void)arg;
	return fiber_sleep(1);
}

static void again(void)
{
	int want = 42;

	is_str(fiber_name(), "hub", "outside of fiber_run() there is only the hub");
	ok(fiber_self() == NULL, "and no fiber");
	for (int i = 0; i < 3; i++, want++)
		is_int(run(answer, &want), want, "fiber_run() can be called again");
	run(names, NULL);
	run(on_the_hub, NULL);
	for (int i = 0; i < 3; i++)
		is_int(run(with_a_handle, NULL), 0, "and again, with timers");

	const char *name = "";
	fiber_on_hub(who_am_i, &name);
	is_str(name, "hub", "outside of a fiber, work for the hub is done where we are");
}

/* --- numbers --- */

static int counted(void *arg)
{
	struct fiber_stats stats;
	struct scope s;

	(void)arg;
	scope_begin(&s);
	spawn_letters(&s, "abcd");
	fiber_stats(&stats);
	is_int(stats.live, 5, "live: the first and four more");
	scope_join(&s);
	fiber_stats(&stats);
	is_int(stats.live, 1, "live: the first");
	is_int(stats.peak, 5, "peak");
	is_int((intmax_t)stats.waits, 5, "waits: four yields and one join");
	return 0;
}

/* --- misuse is a bug, and said so --- */

static void opens_a_scope(void *arg)
{
	scope_begin(arg);
}

static int scope_left_open(void *arg)
{
	struct scope s, theirs;

	(void)arg;
	scope_begin(&s);
	fiber_spawn(&s, "sloppy", opens_a_scope, &theirs);
	return scope_join(&s);
}

static int wrong_order(void *arg)
{
	struct scope a, b;

	(void)arg;
	scope_begin(&a);
	scope_begin(&b);
	return scope_join(&a);
}

static int waits_in_no_wait(void *arg)
{
	(void)arg;
	no_wait_begin();
	return fiber_sleep(1);
}

static void sleeps(void *arg)
{
	(void)arg;
	fiber_sleep(1);
}

static int waits_on_hub(void *arg)
{
	(void)arg;
	fiber_on_hub(sleeps, NULL);
	return 0;
}

static int never(void *arg)
{
	struct event e;

	(void)arg;
	event_init(&e);
	return event_wait(&e);
}

static void misuse(void)
{
	dies_saying(scope_left_open, "fiber sloppy returned without scope_join()",
		    "a scope left open is found");
	dies_saying(wrong_order, "scope_join() out of order in fiber first",
		    "so are joins out of order");
	dies_saying(waits_in_no_wait, "fiber first waits between no_wait_begin() and no_wait_end()",
		    "so is a wait where none may be");
	dies_saying(waits_on_hub, "a call that waits was made outside of a fiber",
		    "so is a wait on the hub");
	dies_saying(never, "nothing is left that could wake one",
		    "so is a wait that can never end");
}

int main(void)
{
	order();
	again();
	run(counted, NULL);
	misuse();
	return tap_done();
}
