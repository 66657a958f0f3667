/*
 * progress - one live line on standard error.
 */
#include "cmd/progress.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "report/out.h"

enum { PROGRESS_COLUMNS = 78 };

void progress_init(struct progress *p, bool wanted)
{
	const char *term = getenv("TERM");

	p->on = wanted && isatty(STDERR_FILENO) && term && !str_eq(term, "dumb");
	p->dirty = false;
}

static void put(struct progress *p, const char *bytes, size_t n)
{
	if (write(STDERR_FILENO, bytes, n) < 0)
		p->on = false;
}

void progress_show(void *arg, const char *what)
{
	struct progress *p = arg;
	_cleanup_(arena_freep) struct arena *a = NULL;
	_cleanup_(buf_release) struct buf b = BUF_INIT(4096);
	struct strv lines;

	if (!p->on)
		return;
	a = arena_new();
	lines = out_split(a, what, PROGRESS_COLUMNS);
	buf_addf(&b, "\r\033[K%s%s", lines.n ? lines.v[0] : "", lines.n > 1 ? " ..." : "");
	put(p, b.data, b.len);
	p->dirty = true;
}

void progress_erase(struct progress *p)
{
	if (p->dirty)
		put(p, "\r\033[K", 4);
	p->dirty = false;
}
