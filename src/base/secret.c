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
#include "base/redact.h"

struct secret {
	size_t	size;		/* of the whole */
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

static size_t whole_pages(size_t n)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (n + page - 1) / page * page;
}

void *secret_pages(size_t n)
{
	size_t size = whole_pages(n);
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		out_of_memory();
	madvise(p, size, MADV_DONTDUMP);
	return p;
}

void secret_pages_free(void *p, size_t n)
{
	if (!p)
		return;
	explicit_bzero(p, n);
	munmap(p, whole_pages(n));
}

struct secret *secret_new_mixed(const void *p, size_t n)
{
	size_t size = sizeof(struct secret) + n + 1;
	struct secret *s;

	if (n == 0 || n > LIMIT_SECRET)
		return NULL;
	secret_hide();
	s = secret_pages(size);
	s->size = size;
	s->len = n;
	memcpy(s->bytes, p, n);
	return s;
}

struct secret *secret_new(const void *p, size_t n)
{
	struct secret *s = secret_new_mixed(p, n);

	if (s)
		redact_secret(p, n);
	return s;
}

void secret_free(struct secret *s)
{
	if (s)
		secret_pages_free(s, s->size);
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
