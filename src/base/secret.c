/*
 * secret - a password or a token, in pages of its own that no core file holds.
 */
#include "base/secret.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/mem.h"

struct secret {
	size_t	pages;		/* bytes of the whole mapping */
	size_t	len;
	char	bytes[];
};

void secret_hide(void)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__)	/* its leak checker looks at the memory from outside */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

struct secret *secret_new(const void *p, size_t n)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), size;
	struct secret *s;

	if (n == 0 || n > LIMIT_SECRET)
		return NULL;
	secret_hide();
	size = (sizeof(*s) + n + 1 + page - 1) / page * page;
	s = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (s == MAP_FAILED)
		out_of_memory();
	madvise(s, size, MADV_DONTDUMP);
	s->pages = size;
	s->len = n;
	memcpy(s->bytes, p, n);
	return s;
}

void secret_free(struct secret *s)
{
	size_t pages;

	if (!s)
		return;
	pages = s->pages;
	explicit_bzero(s, pages);
	munmap(s, pages);
}

void secret_freep(struct secret **s)
{
	secret_free(*s);
	*s = NULL;
}

const char *secret_bytes(const struct secret *s)
{
	return s->bytes;
}

size_t secret_len(const struct secret *s)
{
	return s->len;
}

char *secret_shown(const struct secret *s, struct arena *a)
{
	return arena_printf(a, "<%zu byte%s>", s->len, s->len == 1 ? "" : "s");
}
