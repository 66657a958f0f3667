/*
 * What fibers share: gates, questions asked once, callbacks of libraries.
 */
#include "fiber-case.h"

#include "fiber/gate.h"
#include "fiber/once.h"
#include "fiber/watch.h"

/* --- gate --- */

static struct gate *gate;
static int inside, most_inside;

static void passes(void *arg)
{
	const char *letter = arg;

	if (gate_enter(gate, "mx.example") != 0)
		return;
	tell(*letter);
	if (++inside > most_inside)
		most_inside = inside;
	fiber_sleep(5);
	inside--;
	gate_leave(gate, "mx.example");
	/* Back at once: those who waited come first all the same. */
	if (*letter == 'a') {
		is_int(gate_enter(gate, "mx.example"), 0, "one may enter again");
		tell('A');
		gate_leave(gate, "mx.example");
	}
}

static int one_at_a_time(void *arg)
{
	struct scope s;
	static const char letters[] = "abcdef";

	inside = most_inside = 0;
	gate = gate_new(*(unsigned *)arg);
	scope_begin(&s);
	for (int i = 0; letters[i]; i++)
		fiber_spawn(&s, "guest", passes, (void *)(uintptr_t)&letters[i]);
	fiber_sleep(1);
	is_int(gate_enter(gate, "other.example"), 0, "another key is another gate");
	gate_leave(gate, "other.example");
	scope_join(&s);
	gate_free(gate);
	return 0;
}

static void enters_in_vain(void *arg)
{
	(void)arg;
	_cleanup_(deadline_end) struct deadline d = deadline_in(3);
	is_int(gate_enter(gate, "k"), -ETIMEDOUT, "a deadline ends the wait at a gate");
	tell('t');
}

static void enters_and_is_stopped(void *arg)
{
	(void)arg;
	is_int(gate_enter(gate, "k"), -ECANCELED, "so does cancellation");
	tell('c');
}

static void enters_at_last(void *arg)
{
	(void)arg;
	is_int(gate_enter(gate, "k"), 0, "the next in line is not forgotten");
	tell('l');
	gate_leave(gate, "k");
}

static int left_waiting(void *arg)
{
	struct scope s, stopped;

	(void)arg;
	gate = gate_new(1);
	is_int(gate_enter(gate, "k"), 0, "inside");
	scope_begin(&s);
	fiber_spawn(&s, "in vain", enters_in_vain, NULL);
	scope_begin(&stopped);
	fiber_spawn(&stopped, "stopped", enters_and_is_stopped, NULL);
	fiber_yield();
	fiber_spawn(&s, "at last", enters_at_last, NULL);
	fiber_sleep(10);
	/* The place goes to the stopped one in the moment in which it is stopped. */
	gate_leave(gate, "k");
	scope_cancel(&stopped);
	scope_join(&stopped);
	scope_join(&s);
	is_int(gate_enter(gate, "k"), 0, "and the gate is free again");
	gate_leave(gate, "k");
	gate_free(gate);
	gate_free(NULL);
	return 0;
}

static void gates(void)
{
	unsigned n = 1;

	fiber_virtual_clock(true);
	run(one_at_a_time, &n);
	is_str(story, "abcdefA", "first come, first in");
	is_int(most_inside, 1, "never more than one");
	n = 3;
	run(one_at_a_time, &n);
	is_int(most_inside, 3, "never more than three");
	run(left_waiting, NULL);
	is_str(story, "tcl", "who gives up makes way");
	fiber_virtual_clock(false);
}

/* --- once --- */

static struct once once;
static int asked, refusals;

static bool slow_answer(void *arg)
{
	(void)arg;
	asked++;
	return fiber_sleep(10) == 0;
}

static void asks(void *arg)
{
	int want = *(int *)arg;

	is_int(once_do(&once, slow_answer, NULL), want, want ? "the one that was stopped says so" : "the answer is there");
	tell(want ? 'x' : 'a');
}

static int ask_together(void *arg)
{
	struct scope s;
	int good = 0;

	(void)arg;
	once = (struct once) ONCE_INIT;
	asked = 0;
	scope_begin(&s);
	for (int i = 0; i < 5; i++)
		fiber_spawn(&s, "asker", asks, &good);
	scope_join(&s);
	is_int(once_do(&once, slow_answer, NULL), 0, "later too");
	return 0;
}

static int first_is_stopped(void *arg)
{
	struct scope s, stopped;
	int good = 0, bad = -ECANCELED;

	(void)arg;
	once = (struct once) ONCE_INIT;
	asked = 0;
	scope_begin(&s);
	scope_begin(&stopped);
	fiber_spawn(&stopped, "stopped", asks, &bad);
	fiber_yield();
	for (int i = 0; i < 3; i++)
		fiber_spawn(&s, "asker", asks, &good);
	fiber_sleep(2);
	scope_cancel(&stopped);
	scope_join(&stopped);
	scope_join(&s);
	return 0;
}

static bool refuses(void *arg)
{
	(void)arg;
	refusals++;
	fiber_yield();
	return false;
}

static void asks_in_vain(void *arg)
{
	(void)arg;
	is_int(once_do(&once, refuses, NULL), -EAGAIN, "no answer, and nobody was stopped");
}

static int no_answer(void *arg)
{
	struct scope s;

	(void)arg;
	once = (struct once) ONCE_INIT;
	scope_begin(&s);
	fiber_spawn(&s, "one", asks_in_vain, NULL);
	fiber_spawn(&s, "two", asks_in_vain, NULL);
	scope_join(&s);
	is_int(refusals, 2, "each asks for itself");
	return 0;
}

static void asks_impatiently(void *arg)
{
	(void)arg;
	_cleanup_(deadline_end) struct deadline d = deadline_in(3);
	is_int(once_do(&once, slow_answer, NULL), -ETIMEDOUT, "who waits for another's answer keeps its own deadline");
	tell('t');
}

static int impatient(void *arg)
{
	struct scope s;
	int good = 0;

	(void)arg;
	once = (struct once) ONCE_INIT;
	asked = 0;
	scope_begin(&s);
	fiber_spawn(&s, "asker", asks, &good);
	fiber_spawn(&s, "impatient", asks_impatiently, NULL);
	return scope_join(&s);
}

static void questions(void)
{
	fiber_virtual_clock(true);
	run(ask_together, NULL);
	is_int(asked, 1, "asked once");
	is_str(story, "aaaaa", "answered to all");
	run(first_is_stopped, NULL);
	is_int(asked, 2, "the first was stopped: the question is asked again, once");
	is_str(story, "xaaa", "and answered to those who still want to know");
	run(no_answer, NULL);
	run(impatient, NULL);
	is_str(story, "ta", "the others get the answer");
	is_int(asked, 1, "of the one question");
	fiber_virtual_clock(false);
}

/* --- watch and timer --- */

static struct watch *watch;
static struct timer *timer;
static struct event done;
static int calls;

static void on_ready(void *arg, int fd, unsigned ready)
{
	char c;

	ok(fiber_self() == NULL, "callbacks run on the hub");
	is_int(ready, FIBER_READ, "and are told what is ready");
	calls++;
	if (read(fd, &c, 1) == 1)
		tell(c);
	if (c == '.') {
		/* From inside its own callback, as libraries do. */
		watch_free(watch);
		event_set(arg);
	}
}

static int watched(void *arg)
{
	int pair[2];

	(void)arg;
	calls = 0;
	make_pair(pair);
	event_init(&done);
	watch = watch_new(pair[0], 0, on_ready, &done);
	is_int(write(pair[1], "ab.", 3), 3, "three bytes");
	fiber_sleep(3);
	is_int(calls, 0, "a watch for nothing is silent");
	watch_set(watch, FIBER_READ);
	is_int(event_wait(&done), 0, "a callback sets an event, a fiber gets it");
	is_int(calls, 3, "level triggered: called as long as there is something");
	close(pair[0]);
	close(pair[1]);
	watch_free(NULL);
	return 0;
}

static void on_hangup(void *arg, int fd, unsigned ready)
{
	char c;

	ok((ready & FIBER_READ) != 0 && read(fd, &c, 1) == 0, "the peer's end is a callback too");
	watch_set(watch, 0);
	event_set(arg);
}

static int hangup(void *arg)
{
	int pair[2];

	(void)arg;
	make_pair(pair);
	event_init(&done);
	watch = watch_new(pair[0], FIBER_READ | FIBER_WRITE, on_hangup, &done);
	close(pair[1]);
	is_int(event_wait(&done), 0, "a library learns that the peer has gone");
	watch_free(watch);
	close(pair[0]);
	return 0;
}

static void on_time(void *arg)
{
	ok(fiber_self() == NULL, "timers run on the hub");
	calls++;
	if (calls < 3)
		timer_in(timer, 1000);
	else
		event_set(arg);
}

static int timed(void *arg)
{
	(void)arg;
	calls = 0;
	event_init(&done);
	timer = timer_new(on_time, &done);
	timer_in(timer, 60000);
	timer_in(timer, 1000);
	is_int(event_wait(&done), 0, "a timer sets itself again, then an event");
	is_int(calls, 3, "three times");
	timer_in(timer, 1000);
	timer_stop(timer);
	fiber_sleep(5000);
	is_int(calls, 3, "a stopped timer is silent");
	timer_in(timer, 1000);
	timer_free(timer);
	timer_free(NULL);
	fiber_sleep(5000);
	is_int(calls, 3, "so is one that was freed");
	return 0;
}

static int forgotten(void *arg)
{
	(void)arg;
	timer_new(on_time, NULL);
	return 0;
}

int main(void)
{
	gates();
	questions();
	run(watched, NULL);
	is_str(story, "ab.", "in order");
	run(hangup, NULL);
	fiber_virtual_clock(true);
	run(timed, NULL);
	fiber_virtual_clock(false);
	dies_saying(forgotten, "1 watches or timers were not freed", "what a library forgets is found");
	return tap_done();
}
