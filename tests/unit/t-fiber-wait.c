/*
 * What a fiber can wait for: sockets, time, events; deadlines; a virtual clock.
 */
#include "fiber-case.h"

#include "base/clock.h"

/* --- sockets --- */

static int pair[2];

static void reader(void *arg)
{
	unsigned ready = 0;

	is_int(fiber_wait_fd(pair[0], FIBER_READ, &ready), 0, "a byte comes: the wait for it ends");
	is_int(ready, FIBER_READ, "and says what the socket is ready for");
	tell('r');
	(void)arg;
}

static void writer(void *arg)
{
	(void)arg;
	fiber_sleep(2);
	tell('w');
	is_int(write(pair[1], "x", 1), 1, "the byte is written");
}

static int byte_comes(void *arg)
{
	struct scope s;
	unsigned ready = 0;

	(void)arg;
	make_pair(pair);
	scope_begin(&s);
	fiber_spawn(&s, "reader", reader, NULL);
	fiber_spawn(&s, "writer", writer, NULL);
	scope_join(&s);
	is_int(fiber_wait_fd(pair[0], FIBER_READ, NULL), 0,
	       "level triggered: the byte is still there");
	is_int(fiber_wait_fd(pair[0], FIBER_READ | FIBER_WRITE, &ready), 0,
	       "a wait for either direction");
	is_int(ready, FIBER_READ | FIBER_WRITE, "tells both when both are possible");
	close(pair[0]);
	close(pair[1]);
	return 0;
}

static void fill(int fd)
{
	static const char block[4096];

	while (write(fd, block, sizeof(block)) > 0)
		;
}

static void waits_to_write(void *arg)
{
	unsigned ready = 0;

	(void)arg;
	is_int(fiber_wait_fd(pair[0], FIBER_WRITE, &ready), 0, "one waits for room to write");
	is_int(ready, FIBER_WRITE, "and gets that alone");
	tell('w');
}

static void waits_to_read(void *arg)
{
	unsigned ready = 0;

	(void)arg;
	is_int(fiber_wait_fd(pair[0], FIBER_READ, &ready), 0,
	       "another one waits to read from the same socket");
	is_int(ready, FIBER_READ, "and gets that alone");
	tell('r');
}

static int both_directions(void *arg)
{
	struct scope s;
	char block[2048];

	(void)arg;
	make_pair(pair);
	fill(pair[0]);
	scope_begin(&s);
	fiber_spawn(&s, "to write", waits_to_write, NULL);
	fiber_spawn(&s, "to read", waits_to_read, NULL);
	fiber_sleep(2);
	is_str(story, "", "neither is ready yet");
	is_int(write(pair[1], "x", 1), 1, "a byte for the reader");
	fiber_sleep(2);
	is_str(story, "r", "the reader got on, the writer did not");
	while (read(pair[1], block, sizeof(block)) > 0)
		;
	scope_join(&s);
	is_str(story, "rw", "now the writer too");
	close(pair[0]);
	close(pair[1]);
	return 0;
}

static void closes_later(void *arg)
{
	fiber_sleep(2);
	close(*(int *)arg);
}

static int peer_closes(void *arg)
{
	struct scope s;
	char c;

	(void)arg;
	make_pair(pair);
	scope_begin(&s);
	fiber_spawn(&s, "peer", closes_later, &pair[1]);
	is_int(fiber_wait_fd(pair[0], FIBER_READ, NULL), 0, "the peer closes: the wait ends");
	is_int(read(pair[0], &c, 1), 0, "and reading tells the end");
	unsigned ready = 0;
	is_int(fiber_wait_fd(pair[0], FIBER_WRITE, &ready), 0,
	       "waiting to write to a closed peer ends too");
	is_int(write(pair[0], "x", 1), -1, "writing fails, and SIGPIPE does not end us");
	close(pair[0]);
	return scope_join(&s);
}

static int bad_fds(void *arg)
{
	char path[] = "/tmp/smtpwhy-fiber-XXXXXX";
	int fd = mkstemp(path);
	unsigned ready = 77;

	(void)arg;
	unlink(path);
	is_int(fiber_wait_fd(-1, FIBER_READ, &ready), -EBADF, "no socket");
	is_int(fiber_wait_fd(fd, FIBER_READ, &ready), -EPERM, "a regular file can't be waited for");
	close(fd);
	is_int(fiber_wait_fd(fd, FIBER_READ, &ready), -EBADF, "nor can what was closed");
	is_int(ready, 77, "the result is untouched on failure");
	return 0;
}

/* --- a number used again --- */

static void patient(void *arg)
{
	is_int(fiber_wait_fd(*(int *)arg, FIBER_READ, NULL), 0,
	       "who waits for one socket is not disturbed by others");
	tell('p');
}

static int number_again(void *arg)
{
	struct scope s;
	int calm[2], old[2], fresh[2], kept;

	(void)arg;
	make_pair(calm);
	scope_begin(&s);
	fiber_spawn(&s, "patient", patient, &calm[0]);
	fiber_yield();
	for (int i = 0; i < 20; i++) {
		make_pair(old);
		is_int(write(old[1], "x", 1), 1, "the old socket has a byte");
		/* A copy keeps it open in the kernel: an epoll registration would live on. */
		kept = dup(old[0]);
		int r = fiber_wait_fd(old[0], FIBER_READ, NULL);
		close(old[0]);
		make_pair(fresh);
		_cleanup_(deadline_end) struct deadline d = deadline_in(1);
		if (r != 0 || (fresh[0] != old[0] && fresh[1] != old[0]) ||
		    fiber_wait_fd(old[0], FIBER_READ, NULL) != -ETIMEDOUT)
			ok(false, "a new socket under an old number is taken for the old one");
		close(kept);
		close(old[1]);
		close(fresh[0]);
		close(fresh[1]);
	}
	is_str(story, "", "the patient one still waits");
	is_int(write(calm[1], "x", 1), 1, "until its byte comes");
	scope_join(&s);
	is_str(story, "p", "and then gets it");
	close(calm[0]);
	close(calm[1]);
	return 0;
}

static void sockets(void)
{
	run(byte_comes, NULL);
	is_str(story, "wr", "first the byte, then its reader");
	run(both_directions, NULL);
	run(peer_closes, NULL);
	run(bad_fds, NULL);
	run(number_again, NULL);
}

static void waits_for_pair(void *arg)
{
	(void)arg;
	fiber_wait_fd(pair[0], FIBER_READ, NULL);
}

static int two_readers(void *arg)
{
	struct scope s;

	(void)arg;
	make_pair(pair);
	scope_begin(&s);
	fiber_spawn(&s, "one", waits_for_pair, NULL);
	fiber_spawn(&s, "two", waits_for_pair, NULL);
	return scope_join(&s);
}

/* --- events --- */

static struct event event;

static void waits_for_event(void *arg)
{
	is_int(event_wait(&event), 0, "the event comes");
	tell(*(const char *)arg);
}

static int three_wait(void *arg)
{
	struct scope s;
	char a = 'a', b = 'b', c = 'c';

	(void)arg;
	event_init(&event);
	scope_begin(&s);
	fiber_spawn(&s, "a", waits_for_event, &a);
	fiber_spawn(&s, "b", waits_for_event, &b);
	fiber_spawn(&s, "c", waits_for_event, &c);
	fiber_yield();
	is_str(story, "", "they wait");
	event_set(&event);
	/* Gone before they run: who was woken does not look at it again. */
	event_clear(&event);
	memset(&event, 0xee, sizeof(event));
	return scope_join(&s);
}

static int set_early(void *arg)
{
	struct fiber_stats before, after;

	(void)arg;
	event_init(&event);
	event_set(&event);
	fiber_stats(&before);
	is_int(event_wait(&event), 0, "an event set before the wait is not lost");
	is_int(event_wait(&event), 0, "and stays set");
	fiber_stats(&after);
	is_int((intmax_t)(after.waits - before.waits), 0, "nobody parks for it");
	event_clear(&event);
	_cleanup_(deadline_end) struct deadline d = deadline_in(1);
	is_int(event_wait(&event), -ETIMEDOUT, "until it's cleared");
	return 0;
}

/* --- deadlines: on a virtual clock, so that seconds cost nothing --- */

static int nested_deadlines(void *arg)
{
	(void)arg;
	is_int(deadline_left(), -1, "no deadline");
	{
		_cleanup_(deadline_end) struct deadline outer = deadline_in(10000);
		{
			_cleanup_(deadline_end) struct deadline inner = deadline_in(60000);
			ok(deadline_left() <= 10000,
			   "an inner deadline can't be farther than the outer one");
		}
		{
			_cleanup_(deadline_end) struct deadline inner = deadline_in(4000);
			is_int(fiber_sleep(5000), -ETIMEDOUT, "the inner one ends the wait");
			is_int(deadline_left(), 0, "and has passed");
			is_int(fiber_sleep(0), -ETIMEDOUT, "so every later wait ends at once");
			is_int(fiber_yield(), -ETIMEDOUT, "a yield too");
		}
		ok(deadline_left() > 5000 && deadline_left() <= 6000, "the outer one holds again");
		is_int(fiber_sleep(5000), 0, "and there's time left");
		{
			_cleanup_(deadline_end) struct deadline none = deadline_in(-1);
			ok(deadline_left() <= 1000, "no limit of its own keeps the outer one");
			is_int(fiber_sleep(60000), -ETIMEDOUT, "which ends the wait");
		}
	}
	is_int(deadline_left(), -1, "no deadline, as before");
	is_int(fiber_sleep(60000), 0, "nothing ends a wait now");
	return 0;
}

static void inherits(void *arg)
{
	(void)arg;
	ok(deadline_left() > 0 && deadline_left() <= 3000, "a child has its parent's deadline");
	is_int(fiber_sleep(60000), -ETIMEDOUT,
	       "so a join can't last longer than the parent wanted");
}

static int deadline_of_children(void *arg)
{
	struct scope s;

	(void)arg;
	_cleanup_(deadline_end) struct deadline d = deadline_in(3000);
	scope_begin(&s);
	fiber_spawn(&s, "child", inherits, NULL);
	is_int(scope_join(&s), 0, "a join answers 0 even past the deadline: the children are gone");
	is_int(fiber_sleep(0), -ETIMEDOUT, "the deadline has passed");
	return 0;
}

/*
 * It has the deadline of the one that waits, and keeps everybody from running
 * until that has passed.
 */
static void sets_event_late(void *arg)
{
	(void)arg;
	fiber_sleep(deadline_left() - 10);
	while (deadline_left() > 0)
		;
	event_set(&event);
}

static int late_data(void *arg)
{
	struct scope s;

	(void)arg;
	event_init(&event);
	scope_begin(&s);
	{
		_cleanup_(deadline_end) struct deadline d = deadline_in(1000);
		fiber_spawn(&s, "setter", sets_event_late, NULL);
		is_int(event_wait(&event), -ETIMEDOUT, "a passed deadline outranks what came");
	}
	scope_join(&s);
	is_int(event_wait(&event), 0, "which is still there");
	return 0;
}

static int woken;

static void sleeps_for(void *arg)
{
	int i = (int)(intptr_t)arg;

	/* 0..99 in a scrambled order, so that the heap has something to do. */
	fiber_sleep((i * 37 % 100) * 10);
	ok(woken == i * 37 % 100, "sleepers wake in the order of their times");
	woken++;
}

static int many_sleepers(void *arg)
{
	struct scope s;

	(void)arg;
	scope_begin(&s);
	for (intptr_t i = 0; i < 100; i++)
		fiber_spawn(&s, "sleeper", sleeps_for, (void *)i);
	return scope_join(&s);
}

static void deadlines(void)
{
	int64_t start = clock_ms();

	fiber_virtual_clock(true);
	run(nested_deadlines, NULL);
	run(deadline_of_children, NULL);
	run(late_data, NULL);
	run(many_sleepers, NULL);
	run(byte_comes, NULL);
	fiber_virtual_clock(false);
	ok(clock_ms() - start < 10000, "a minute and more of sleep took no time");
}

static int real_sleep(void *arg)
{
	int64_t start = clock_ms();

	(void)arg;
	is_int(fiber_sleep(30), 0, "a sleep on the real clock");
	ok(clock_ms() - start >= 30, "is not too short");
	is_int(fiber_sleep(-5), 0, "a negative time is none");
	return 0;
}

int main(void)
{
	sockets();
	dies_saying(two_readers, "fibers one and two wait to read on fd",
		    "two may not wait for the same thing on one socket");
	run(three_wait, NULL);
	is_str(story, "abc", "those who wait for an event wake in the order in which they came");
	run(set_early, NULL);
	deadlines();
	run(real_sleep, NULL);
	return tap_done();
}
