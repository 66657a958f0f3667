/*
 * What fibers share: gates, questions asked once, callbacks of libraries.
 */
#include "fiber-case.h"

#include <netinet/in.h>

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

	is_int(once_do(&once, slow_answer, NULL), want,
	       want ? "the one that was stopped says so" : "the answer is there");
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
	is_int(once_do(&once, slow_answer, NULL), -ETIMEDOUT,
	       "who waits for another's answer keeps its own deadline");
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

/*
 * Timers set in no order, every third one stopped again: the rest ring by time, and of one time as
 * they were set.
 */
enum { TIMERS = 200 };

static struct timer *timers[TIMERS];
static int rung, last_rung, disorder;

static int time_of(int i)
{
	return (i * 7919 + i * i) % 97;
}

static void on_one_of_many(void *arg)
{
	int i = (int)(intptr_t)arg;

	disorder += i % 3 == 0 || time_of(i) < time_of(last_rung) ||
		    (time_of(i) == time_of(last_rung) && i < last_rung);
	last_rung = i;
	rung++;
}

static int many_timers(void *arg)
{
	(void)arg;
	rung = disorder = 0;
	last_rung = 0;
	for (intptr_t i = 0; i < TIMERS; i++)
		timers[i] = timer_new(on_one_of_many, (void *)i);
	for (int i = 0; i < TIMERS; i++)
		timer_in(timers[i], 1000 + 10 * time_of(i));
	for (int i = 0; i < TIMERS; i += 3)
		timer_stop(timers[i]);
	fiber_sleep(5000);
	is_int(rung, TIMERS - (TIMERS + 2) / 3, "many timers: those that were not stopped ring");
	is_int(disorder, 0, "each in its turn");
	for (int i = 0; i < TIMERS; i++)
		timer_free(timers[i]);
	return 0;
}

/* Some libraries answer "again, now" for as long as a socket has not told them otherwise. */
static void at_once(void *arg)
{
	(void)arg;
	calls++;
	if (!done.set)
		timer_in(timer, 0);
}

static void on_socket(void *arg, int fd, unsigned ready)
{
	(void)fd, (void)ready;
	event_set(arg);
}

static int hasty(void *arg)
{
	int pair[2];

	(void)arg;
	make_pair(pair);
	event_init(&done);
	calls = 0;
	timer = timer_new(at_once, NULL);
	timer_in(timer, 0);
	some_turns();
	ok(calls > 10 && calls < 100, "a timer that sets itself again at once rings once a turn");
	watch = watch_new(pair[0], FIBER_WRITE, on_socket, &done);
	is_int(event_wait(&done), 0, "and leaves the sockets theirs");
	watch_free(watch);
	timer_free(timer);
	close(pair[0]);
	close(pair[1]);
	return 0;
}

/* A socket whose connection is refused: an error, not readiness, to epoll. */
static int refused_socket(void)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
	};
	socklen_t size = sizeof(to);
	int closed = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
		fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	/* Bound but not listening: nobody else gets that port meanwhile. */
	if (bind(closed, (struct sockaddr *)&to, size) != 0 ||
	    getsockname(closed, (struct sockaddr *)&to, &size) != 0 ||
	    (connect(fd, (struct sockaddr *)&to, size) != 0 && errno != EINPROGRESS &&
	     errno != ECONNREFUSED))
		ok(false, "a connection to a port where nobody listens");
	close(closed);
	return fd;
}

static void on_refused(void *arg, int fd, unsigned ready)
{
	(void)fd;
	is_int(ready, FIBER_WRITE, "an error is told as what was asked for");
	/* The library looks away the first time. */
	if (++calls == 2)
		event_set(arg);
}

static int refused(void *arg)
{
	int fd = refused_socket(), error = 0;
	socklen_t size = sizeof(error);
	unsigned ready = 0;

	(void)arg;
	is_int(fiber_wait_fd(fd, FIBER_WRITE, &ready), 0,
	       "a refused connection ends the wait to write");
	ok((ready & FIBER_WRITE) != 0, "as if it were ready");
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	is_int(error, ECONNREFUSED, "and the socket tells why");
	close(fd);

	calls = 0;
	event_init(&done);
	fd = refused_socket();
	watch = watch_new(fd, FIBER_WRITE, on_refused, &done);
	is_int(event_wait(&done), 0, "a watch tells it again and again");
	watch_free(watch);
	close(fd);
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
	run(many_timers, NULL);
	fiber_virtual_clock(false);
	run(hasty, NULL);
	run(refused, NULL);
	dies_saying(forgotten, "1 watches or timers were not freed",
		    "what a library forgets is found");
	return tap_done();
}
