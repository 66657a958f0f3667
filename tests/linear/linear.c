/*
 * linear - reads every shape with every reader that it is for, at three sizes, four times as large
 * each, and lets callgrind count the instructions, or tells how much memory was held at most.
 * tests/meta/t-linear.sh judges.
 *
 *	linear [--full] [--size N] [READER/SHAPE-GLOB...]	under valgrind --tool=callgrind
 *								--collect-atstart=no
 *	linear --memory [--full] [--size N] [GLOB...]		"READER/SHAPE BYTES HELD"
 *	linear --list [--full]
 *
 * With callgrind each size of each case is a dump of its own, called "READER/SHAPE BYTES".
 */
#include "tests/linear/linear.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#define CALLGRIND_TOGGLE_COLLECT
#define CALLGRIND_ZERO_STATS
#define CALLGRIND_DUMP_STATS_AT(name) ((void)(name))
#endif

#include "base/arena.h"
#include "base/limits.h"
#include "base/str.h"

enum { SIZES = 3, TIMES = 4, SIZE = 2048, MEMORY_SIZE = 2 * 1024 * 1024 };

struct work {
	const struct reader	*reader;
	const struct shape	*shape;
	char			 name[64];
};

static void make(const struct work *w, size_t n, struct buf *b)
{
	buf_clear(b);
	if (w->reader->head)
		buf_adds(b, w->reader->head);
	w->shape->make(b, n);
	assert(!b->overflow && b->len >= n);
}

/* Exactly that many bytes, and nothing readable behind them by accident. */
static void read_once(const struct work *w, const char *p, size_t n, const char *dump)
{
	struct arena *a = arena_new();

	if (w->reader->prepare)
		w->reader->prepare(a, p, n);
	if (dump) {
		CALLGRIND_ZERO_STATS;
		CALLGRIND_TOGGLE_COLLECT;
	}
	w->reader->read(a, p, n);
	arena_free(a);
	if (dump) {
		CALLGRIND_TOGGLE_COLLECT;
		CALLGRIND_DUMP_STATS_AT(dump);
	}
}

static void count(const struct work *w, size_t size)
{
	struct buf b = BUF_INIT(LIMIT_PASTE);
	char dump[96];

	/* What is loaded or made at the first time is not counted. */
	make(w, size, &b);
	read_once(w, b.data, b.len, NULL);
	for (unsigned i = 0; i < SIZES; i++, size *= TIMES) {
		make(w, size, &b);
		snprintf(dump, sizeof(dump), "%s %zu", w->name, size);
		read_once(w, b.data, b.len, dump);
	}
	buf_release(&b);
}

/* A line of /proc/self/status in bytes. */
static size_t status_of(const char *what)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[256];
	size_t n = strlen(what), found = 0;

	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, what, n) == 0 && line[n] == ':')
			found = strtoul(line + n + 1, NULL, 10) * 1024;
	if (f)
		fclose(f);
	return found;
}

/* In a process of its own: what was freed before is nobody's. */
static void weigh(const struct work *w, size_t size)
{
	struct buf b = BUF_INIT(LIMIT_PASTE);
	pid_t pid;
	int status = 0;

	make(w, 1024, &b);
	read_once(w, b.data, b.len, NULL);
	make(w, size, &b);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		size_t before = status_of("VmRSS");
		int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);

		/* The peak begins anew (proc(5)). */
		if (fd < 0 || write(fd, "5", 1) != 1)
			_exit(3);
		read_once(w, b.data, b.len, NULL);
		printf("%s %zu %zu\n", w->name, b.len, status_of("VmHWM") - before);
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		printf("%s %zu failed\n", w->name, b.len);
	buf_release(&b);
}

static bool is_in(const char *words, const char *shape)
{
	size_t n = strlen(shape);

	for (const char *p = words; p && *p; p = strchr(p, ' ') ? strchr(p, ' ') + 1 : NULL)
		if (strncmp(p, shape, n) == 0 && (p[n] == ' ' || p[n] == '\0'))
			return true;
	return false;
}

static bool wanted(const char *name, char *const *globs)
{
	if (!*globs)
		return true;
	for (; *globs; globs++)
		if (str_glob(*globs, name))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	bool list = false, memory = false, full = false;
	size_t size = 0, n = 0;
	int at = 1;

	for (; at < argc && argv[at][0] == '-'; at++) {
		list |= str_eq(argv[at], "--list");
		full |= str_eq(argv[at], "--full");
		memory |= str_eq(argv[at], "--memory");
		if (str_eq(argv[at], "--size") && at + 1 < argc)
			size = strtoul(argv[++at], NULL, 10);
	}
	for (const struct reader *r = readers; r->name; r++)
		for (const struct shape *s = shapes; s->name; s++) {
			struct work w = { .reader = r, .shape = s };
			size_t usual = r->size ? r->size : SIZE;

			snprintf(w.name, sizeof(w.name), "%s/%s", r->name, s->name);
			if ((!is_in(r->shapes, s->name) && !(full && is_in(r->more, s->name))) ||
			    !wanted(w.name, argv + at))
				continue;
			n++;
			if (list)
				puts(w.name);
			else if (memory)
				weigh(&w, size ? size : MEMORY_SIZE);
			else
				count(&w, size ? size : usual);
		}
	if (!list && !memory && !RUNNING_ON_VALGRIND)
		fputs("linear: nothing was counted: valgrind is not there\n", stderr);
	return n ? 0 : 2;
}
