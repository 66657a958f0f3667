/*
 * Answers that many ask for: asked once, kept for a time, the ones not asked for longest forgotten.
 */
#include "fiber-case.h"

#include "base/arena.h"
#include "fiber/shared.h"

static struct shared *shared;
static int64_t keep_ms;

/* The answer to "x" is "x!", after a while. */
static bool answers(void *arg, struct arena *a, void **ret_value, int64_t *ret_keep_ms)
{
	if (fiber_sleep(2) < 0)
		return false;
	*ret_value = arena_printf(a, "%s!", (const char *)arg);
	*ret_keep_ms = keep_ms;
	return true;
}

static void asks(void *arg)
{
	struct shared_answer *answer;

	if (shared_ask(shared, arg, answers, arg, &answer) < 0) {
		tell('-');
		return;
	}
	tell(*(const char *)shared_value(answer));
	shared_let(answer);
}

static const char *ask(const char *key, struct shared_answer **ret)
{
	return shared_ask(shared, key, answers, (void *)(uintptr_t)key, ret) == 0 ?
	       shared_value(*ret) : "none";
}

static int all_ask(void *arg)
{
	struct shared_answer *answer;
	struct scope s;

	(void)arg;
	keep_ms = 1000000;
	shared = shared_new(100);
	scope_begin(&s);
	for (int i = 0; i < 40; i++)
		fiber_spawn(&s, "asker", asks, (void *)(uintptr_t)"a");
	fiber_spawn(&s, "asker", asks, (void *)(uintptr_t)"b");
	scope_join(&s);
	is_int((int)shared_asked(shared), 2, "forty who ask at once are answered at once");
	is_str(ask("a", &answer), "a!", "who comes later has the answer, too");
	shared_let(answer);
	is_int((int)shared_asked(shared), 2, "... without asking");
	shared_free(shared);
	return 0;
}

static int failures(void *arg)
{
	struct shared_answer *first, *second;
	struct scope s;

	(void)arg;
	keep_ms = 0;
	shared = shared_new(100);
	scope_begin(&s);
	for (int i = 0; i < 3; i++)
		fiber_spawn(&s, "asker", asks, (void *)(uintptr_t)"a");
	scope_join(&s);
	is_int((int)shared_asked(shared), 1, "those who wait have an answer that is not kept");
	is_int((int)shared_kept(shared), 0, "... and then it is gone");
	is_str(ask("a", &first), "a!", "it is asked again");
	is_str(ask("a", &second), "a!", "... and again, though somebody holds the one before");
	ok(first != second, "... whose answer stays his");
	is_str(shared_value(first), "a!", "... as it was");
	shared_let(first);
	shared_let(second);
	is_int((int)shared_kept(shared), 0, "nothing is left");
	shared_free(shared);
	return 0;
}

static int few(void *arg)
{
	static const char *const keys[] = { "a", "b", "c", "a", "d" };
	struct shared_answer *held, *answer;

	(void)arg;
	keep_ms = 1000000;
	shared = shared_new(3);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		(void)ask(keys[i], &answer);
		shared_let(answer);
	}
	is_int((int)shared_kept(shared), 3, "three are kept");
	is_int((int)shared_asked(shared), 4, "... of four");
	(void)ask("a", &held);
	is_int((int)shared_asked(shared), 4, "what was asked for lately is there");
	(void)ask("b", &answer);
	shared_let(answer);
	is_int((int)shared_asked(shared), 5, "what was not is asked again");
	for (const char *const *k = (const char *const[]) { "e", "f", "g", "h", NULL }; *k; k++) {
		(void)ask(*k, &answer);
		shared_let(answer);
	}
	is_str(shared_value(held), "a!", "what is held stays");
	shared_let(held);
	ok(shared_kept(shared) <= 3, "no more than three at the end");
	shared_free(shared);
	return 0;
}

static void asks_and_is_stopped(void *arg)
{
	asks(arg);
}

static int first_is_stopped(void *arg)
{
	struct scope stopped, s;

	(void)arg;
	keep_ms = 1000000;
	shared = shared_new(100);
	scope_begin(&s);
	scope_begin(&stopped);
	fiber_spawn(&stopped, "first", asks_and_is_stopped, (void *)(uintptr_t)"a");
	fiber_yield();
	fiber_spawn(&stopped, "never", asks_and_is_stopped, (void *)(uintptr_t)"n");
	fiber_yield();
	scope_cancel(&stopped);
	scope_join(&stopped);
	fiber_spawn(&s, "second", asks, (void *)(uintptr_t)"a");
	scope_join(&s);
	is_str(story, "--a", "who was stopped has none, who comes then asks himself");
	is_int((int)shared_kept(shared), 1, "a question that nobody waits for is forgotten");
	shared_free(shared);
	return 0;
}

int main(void)
{
	fiber_virtual_clock(true);
	run(all_ask, NULL);
	run(failures, NULL);
	run(few, NULL);
	run(first_is_stopped, NULL);
	return tap_done();
}
