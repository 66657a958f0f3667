/*
 * replay - runs a harness over the files of tests/fuzz/corpus/NAME (NAME is the program's, without
 * "f-") and over systematic changes of each: cut at every length, every byte replaced, pieces
 * doubled. A file is one test; a harness that asserts ends the program.
 *
 *	tests/fuzz/f-reply [FILE...]
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/strv.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/tap.h"

enum { MOST = 256 * 1024 };

/* Where the current input came from, for whoever looks at a core or an abort message. */
static const char *current;

static void feed(const char *p, size_t n)
{
	/* A copy of exactly that size, so that a sanitizer sees a step past its end. */
	char *copy = xmalloc(n);

	if (n)
		memcpy(copy, p, n);
	LLVMFuzzerTestOneInput((const uint8_t *)copy, n);
	free(copy);
}

static unsigned vary(const char *p, size_t n)
{
	static const char bytes[] = { '\0', '\n', '\r', '\t', ' ', '-', '.', '9', '\x7f',
				      '\x80', '\xff' };
	_cleanup_(buf_release) struct buf b = BUF_INIT(4 * MOST);
	size_t step = n / (&fuzz_places ? fuzz_places : FUZZ_PLACES) + 1;
	unsigned count = 1;

	feed(p, n);
	for (size_t i = 0; i <= n; i += step, count += 2) {
		feed(p, i);			/* the beginning */
		feed(p + i, n - i);		/* the end */
	}
	for (size_t i = 0; i < n; i += step) {
		for (size_t k = 0; k < sizeof(bytes); k++, count++) {
			buf_clear(&b);
			buf_add(&b, p, n);
			b.data[i] = bytes[k];
			feed(b.data, b.len);
		}
		buf_clear(&b);			/* what follows, once more */
		buf_add(&b, p, n);
		buf_add(&b, p + i, n - i);
		feed(b.data, b.len);
		count++;
	}
	return count;
}

static void replay(const char *path, struct arena *a)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(MOST);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char chunk[2048];
	ssize_t n;

	current = path;
	if (fd < 0) {
		ok(false, arena_printf(a, "%s can be read", path));
		return;
	}
	while ((n = read(fd, chunk, sizeof(chunk))) > 0 && buf_add(&b, chunk, (size_t)n))
		;
	close(fd);
	alarm(120);			/* a harness that hangs is ended */
	ok(!b.overflow, arena_printf(a, "%s: %u variants", path, vary(buf_str(&b), b.len)));
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void list_corpus(struct arena *a, const char *program, struct strv *ret)
{
	const char *base = strrchr(program, '/'), *top = getenv("top_srcdir"), *folder;
	struct dirent *e;
	DIR *d;

	base = base ? base + 1 : program;
	folder = arena_printf(a, "%s/tests/fuzz/corpus/%s", top ? top : ".",
			      str_has_prefix(base, "f-") ? base + 2 : base);
	d = opendir(folder);
	while (d && (e = readdir(d)))
		if (e->d_name[0] != '.')
			strv_addf(ret, a, "%s/%s", folder, e->d_name);
	if (d)
		closedir(d);
	if (ret->n)
		qsort(ret->v, ret->n, sizeof(*ret->v), by_name);
	else
		ok(false, arena_printf(a, "there are files in %s", folder));
}

int main(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct strv files = { NULL, 0, 0 };

	for (int i = 1; i < argc; i++)
		strv_add(&files, a, argv[i]);
	if (argc == 1)
		list_corpus(a, argv[0], &files);
	feed("", 0);
	for (size_t i = 0; i < files.n; i++)
		replay(files.v[i], a);
	return tap_done();
}
