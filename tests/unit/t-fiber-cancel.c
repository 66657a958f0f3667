/*
 * Cancellation: from every kind of wait, sticky, before data and deadlines; and at each suspension
 * of a whole dialogue.
 */
#include "fiber-case.h"

#include "fiber/gate.h"
#include "fiber/once.h"

/* --- one that waits is cancelled --- */

static struct event event;
static struct gate *gate;
static struct once once;
static int pair[2];
static int got;

static void in_sleep(void *arg)
{
	(void)arg;
	got = fiber_sleep(100000);
}

static void in_fd(void *arg)
{
	(void)arg;
	got = fiber_wait_fd(pair[0], FIBER_READ, NULL);
}

static void in_event(void *arg)
{
	(void)arg;
	got = event_wait(&event);
}

static void in_gate(void *arg)
{
	(void)arg;
	got = gate_enter(gate, "k");
}

static bool answers(void *arg)
{
	(void)arg;
	return true;
}

static void in_once(void *arg)
{
	(void)arg;
	got = once_do(&once, answers, NULL);
}

static bool dawdles(void *arg)
{
	(void)arg;
	return fiber_sleep(100000) == 0;
}

static void in_own_once(void *arg)
{
	struct once own = ONCE_INIT;

	(void)arg;
	got = once_do(&own, dawdles, NULL);
}

static void sleeper(void *arg)
{
	(void)arg;
	got = fiber_sleep(100000);
	tell('s');
}

static void in_join(void *arg)
{
	struct scope s;

	(void)arg;
	scope_begin(&s);
	fiber_spawn(&s, "sleeper", sleeper, NULL);
	got = scope_join(&s);
	tell('j');
}

static const struct {
	const char	*name;
	void		(*fn)(void *arg);
} waits[] = {
	{ "in fiber_sleep()", in_sleep },
	{ "in fiber_wait_fd()", in_fd },
	{ "in event_wait()", in_event },
	{ "in gate_enter()", in_gate },
	{ "in once_do(), for another's answer", in_once },
	{ "in once_do(), looking for the answer", in_own_once },
	{ "in scope_join(), with its child", in_join },
};

static int cancel_in_wait(void *arg)
{
	struct scope s;
	size_t i = *(size_t *)arg;

	event_init(&event);
	gate = gate_new(1);
	gate_enter(gate, "k");
	once = (struct once) { .running = true };
	make_pair(pair);
	got = 1;
	scope_begin(&s);
	fiber_spawn(&s, "waits", waits[i].fn, NULL);
	fiber_yield();
	fiber_yield();
	is_int(got, 1, "it waits");
	scope_cancel(&s);
	is_int(got, 1, "to cancel does not wait");
	is_int(scope_join(&s), 0, "the owner of the scope was not cancelled");
	is_int(got, -ECANCELED, waits[i].name);
	gate_leave(gate, "k");
	gate_free(gate);
	ok(event.waiters == NULL && once.changed.waiters == NULL, "nobody is left in a list");
	close(pair[0]);
	close(pair[1]);
	return 0;
}

/* --- before, after, and what outranks what --- */

static void late(void *arg)
{
	(void)arg;
	tell('r');
	ok(fiber_cancelled(), "who is cancelled before it first ran knows");
	is_int(fiber_sleep(100000), -ECANCELED, "at its first wait");
	struct scope s;
	scope_begin(&s);
	is_int(fiber_spawn(&s, "never", sleeper, NULL), -ECANCELED, "it can't spawn");
	is_int(scope_join(&s), -ECANCELED, "and its joins say so");
}

static int before_first_run(void *arg)
{
	struct scope s;

	(void)arg;
	scope_begin(&s);
	fiber_spawn(&s, "late", late, NULL);
	scope_cancel(&s);
	fiber_spawn(&s, "later", late, NULL);
	is_int(scope_join(&s), 0, "join");
	is_str(story, "rr", "one cancelled before its first run does run, so that it can clean up; "
	       "so do later children of the scope");
	return 0;
}

static void hears_it(void *arg)
{
	unsigned ready = 9;

	(void)arg;
	event_wait(&event);
	_cleanup_(deadline_end) struct deadline d = deadline_in(0);
	for (int i = 0; i < 2; i++) {
		is_int(event_wait(&event), -ECANCELED,
		       "cancellation outranks the deadline, and the event");
		is_int(fiber_wait_fd(pair[0], FIBER_WRITE, &ready), -ECANCELED, "again and again");
		is_int(ready, 9, "results are untouched");
		is_int(fiber_sleep(0), -ECANCELED, "in every wait");
		is_int(fiber_yield(), -ECANCELED, "a yield too");
		is_int(gate_enter(gate, "k"), -ECANCELED, "a gate that is open");
		is_int(once_do(&once, answers, NULL), -ECANCELED, "an answer that is there");
	}
}

static int outranks(void *arg)
{
	struct scope s;

	(void)arg;
	event_init(&event);
	gate = gate_new(1);
	once = (struct once) { .done = true };
	make_pair(pair);
	scope_begin(&s);
	fiber_spawn(&s, "hears it", hears_it, NULL);
	fiber_yield();
	/* Both in one turn: woken by the event, and cancelled before it runs. */
	event_set(&event);
	scope_cancel(&s);
	scope_join(&s);
	gate_free(gate);
	close(pair[0]);
	close(pair[1]);
	return 0;
}

static void cancels_itself(void *arg)
{
	(void)arg;
	fiber_cancel(fiber_self());
	is_int(fiber_sleep(1), -ECANCELED, "a fiber may cancel itself");
}

static struct scope *siblings;

static void fails(void *arg)
{
	(void)arg;
	fiber_sleep(1);
	scope_cancel(siblings);
	tell('f');
}

static int one_for_all(void *arg)
{
	struct scope s;

	(void)arg;
	scope_begin(&s);
	siblings = &s;
	for (int i = 0; i < 3; i++)
		fiber_spawn(&s, "sleeper", sleeper, NULL);
	fiber_spawn(&s, "fails", fails, NULL);
	fiber_spawn(&s, "itself", cancels_itself, NULL);
	return scope_join(&s);
}

static void deep(void *arg)
{
	intptr_t depth = (intptr_t)arg;
	struct scope s;

	scope_begin(&s);
	if (depth)
		fiber_spawn(&s, "deep", deep, (void *)(depth - 1));
	else
		fiber_spawn(&s, "sleeper", sleeper, NULL);
	is_int(scope_join(&s), -ECANCELED, "cancellation goes down through all generations");
}

static int generations(void *arg)
{
	struct scope s, empty;

	(void)arg;
	scope_begin(&s);
	scope_begin(&empty);
	fiber_spawn(&s, "deep", deep, (void *)(intptr_t)20);
	some_turns();
	scope_join(&empty);
	scope_cancel(&s);
	return scope_join(&s);
}

static void in_two_scopes(void *arg)
{
	struct scope outer, inner;

	(void)arg;
	scope_begin(&outer);
	fiber_spawn(&outer, "sleeper", sleeper, NULL);
	scope_begin(&inner);
	fiber_spawn(&inner, "sleeper", sleeper, NULL);
	is_int(scope_join(&inner), -ECANCELED, "the inner scope's join is told");
	is_int(got, -ECANCELED, "its child was stopped");
	is_int(scope_join(&outer), -ECANCELED, "the outer one's too");
	is_int(fiber_cancelled(), 1, "it stays cancelled");
}

static int two_scopes(void *arg)
{
	struct scope s;

	(void)arg;
	scope_begin(&s);
	fiber_spawn(&s, "two scopes", in_two_scopes, NULL);
	some_turns();
	scope_cancel(&s);
	some_turns();
	is_str(story, "ss", "the children of all its scopes end at once");
	return scope_join(&s);
}

/* --- torture: a dialogue with all that can wait, cancelled at each suspension in turn --- */

static int opened;			/* what a correct body has closed at its end */

static void closep(int *fd)
{
	if (*fd >= 0) {
		close(*fd);
		opened--;
	}
}

static void freep(char **p)
{
	if (*p)
		opened--;
	free(*p);
}

static bool read_line(int fd, char *line, size_t size)
{
	for (size_t n = 0; n + 1 < size;) {
		ssize_t got_n = read(fd, line + n, 1);

		if (got_n == 1 && line[n] == '\n') {
			line[n] = '\0';
			return true;
		}
		if (got_n == 1)
			n++;
		else if (got_n == 0 || errno != EAGAIN || fiber_wait_fd(fd, FIBER_READ, NULL) != 0)
			return false;
	}
	return false;
}

static bool ask(int fd, const char *words, const char *want)
{
	_cleanup_(freep) char *line = malloc(80);

	opened++;
	return fiber_wait_fd(fd, FIBER_WRITE, NULL) == 0 &&
	       write(fd, words, strlen(words)) == (ssize_t)strlen(words) &&
	       read_line(fd, line, 80) && strcmp(line, want) == 0;
}

static void server(void *arg)
{
	_cleanup_(closep) int fd = *(int *)arg;
	char line[80];

	while (read_line(fd, line, sizeof(line))) {
		fiber_sleep(10);
		if (write(fd, "250 ", 4) != 4 || write(fd, line, strlen(line)) < 0 ||
		    write(fd, "\n", 1) != 1)
			break;
	}
}

static bool looks_up(void *arg)
{
	(void)arg;
	return fiber_sleep(5) == 0;
}

static void client(void *arg)
{
	_cleanup_(closep) int fd = *(int *)arg;

	if (once_do(&once, looks_up, NULL) != 0 || gate_enter(gate, "mx") != 0)
		return;
	_cleanup_(deadline_end) struct deadline d = deadline_in(60000);
	if (ask(fd, "EHLO a\n", "250 EHLO a") && fiber_yield() == 0 &&
	    ask(fd, "QUIT\n", "250 QUIT"))
		tell('q');
	gate_leave(gate, "mx");
	event_set(&event);
}

static int dialogue(void *arg)
{
	struct scope s;
	int fd[2][2];

	(void)arg;
	once = (struct once) ONCE_INIT;
	gate = gate_new(1);
	event_init(&event);
	scope_begin(&s);
	for (int i = 0; i < 2; i++) {
		make_pair(fd[i]);
		opened += 2;
		if (fiber_spawn(&s, "server", server, &fd[i][1]) != 0)
			closep(&fd[i][1]);
		if (fiber_spawn(&s, "client", client, &fd[i][0]) != 0)
			closep(&fd[i][0]);
	}
	int r = event_wait(&event);
	int joined = scope_join(&s);
	gate_free(gate);
	return r ? r : joined;
}

static void torture(void)
{
	struct fiber_stats stats;
	unsigned whole = 0, clean = 0;

	fiber_virtual_clock(true);
	is_int(run(dialogue, NULL), 0, "the dialogue, undisturbed");
	is_str(story, "qq", "two clients came to the end");
	is_int(opened, 0, "and everything is closed");
	fiber_stats(&stats);
	uint64_t n = stats.waits;
	ok(n > 20, "it has suspensions to try");
	printf("# %u suspensions\n", (unsigned)n);
	for (uint64_t k = 1; k <= n; k++) {
		fiber_cancel_at(k);
		int r = run(dialogue, NULL);

		whole += r == -ECANCELED;
		clean += opened == 0;
	}
	is_int(whole, (intmax_t)n, "cancelled at each of them, it ends and says so");
	is_int(clean, (intmax_t)n, "and everything is closed each time");
	is_int(run(dialogue, NULL), 0, "the torture does not outlast its run");
	setenv("SMTPWHY_CANCEL_AT", "3", 1);
	is_int(run(dialogue, NULL), -ECANCELED, "the environment can ask for it too");
	unsetenv("SMTPWHY_CANCEL_AT");
	fiber_virtual_clock(false);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(waits); i++)
		run(cancel_in_wait, &i);
	is_str(story, "sj", "a cancelled parent still waits for its child");
	run(before_first_run, NULL);
	run(outranks, NULL);
	is_int(run(one_for_all, NULL), 0, "one child may cancel its siblings");
	is_str(story, "fsss", "which all end, and long before their time");
	is_int(run(generations, NULL), 0, "twenty generations");
	is_str(story, "s", "end from the youngest up");
	is_int(run(two_scopes, NULL), 0, "a fiber in the midst of two scopes");
	torture();
	return tap_done();
}
