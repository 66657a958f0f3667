/*
 * switch - stacks, and the change from one to another. Plain swapcontext(): it costs 0.3 us, of
 * which most is the signal mask, and in return shadow stacks, debuggers and _FORTIFY_SOURCE work.
 * Only the hub switches to fibers, fibers only to the hub.
 */
#include "fiber/hub.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/mem.h"

#ifdef HAVE_VALGRIND_VALGRIND_H
#include <valgrind/memcheck.h>
#include <valgrind/valgrind.h>
#endif

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN
#endif
#endif

#ifdef WITH_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102			/* Linux 6.13 */
#endif

enum {
	/* Larger than any frame, so that none jumps over it. Address space only. */
	GUARD_SIZE	= 64 * 1024,
	/* Sanitizers put red zones around every variable. */
#ifdef WITH_ASAN
	STACK_SIZE	= 2 * LIMIT_STACK,
#else
	STACK_SIZE	= LIMIT_STACK,
#endif
	POOL_SIZE	= 64,
	PAINT		= 0xa5,
};

/* --- stacks --- */

bool stacks_painted;

static struct {
	struct stack	*free;
	unsigned	 n;
} pool;

/*
 * A guard made by mprotect() costs two mappings a stack, one made by madvise() none: stacks side by
 * side stay one mapping.
 */
static void install_guard(char *p)
{
	if (madvise(p, GUARD_SIZE, MADV_GUARD_INSTALL) == 0)
		return;
	if (mprotect(p, GUARD_SIZE, PROT_NONE) != 0)
		hub_die("no guard below a stack: %m");
}

static struct stack *stack_new(void)
{
	struct stack *s = xcalloc(1, sizeof(*s));

	s->size = STACK_SIZE;
	s->map_size = GUARD_SIZE + STACK_SIZE;
	s->map = mmap(NULL, s->map_size, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
	if (s->map == MAP_FAILED)
		hub_die("no memory for the stack of a fiber: %m");
	s->base = s->map + GUARD_SIZE;
	/*
	 * A huge page would make resident what is never touched. Older kernels don't know
	 * that from MAP_STACK.
	 */
	(void)madvise(s->map, s->map_size, MADV_NOHUGEPAGE);
	install_guard(s->map);
#ifdef HAVE_VALGRIND_VALGRIND_H
	s->valgrind_id = (unsigned)VALGRIND_STACK_REGISTER(s->base, s->base + s->size);
#endif
	if (stacks_painted)
		stack_paint(s);
	return s;
}

static void stack_free(struct stack *s)
{
#ifdef HAVE_VALGRIND_VALGRIND_H
	VALGRIND_STACK_DEREGISTER(s->valgrind_id);
#endif
	munmap(s->map, s->map_size);
	free(s);
}

/* The fiber has returned: what checkers of memory know about its frames no longer holds. */
static void forget_frames(const struct stack *s)
{
#ifdef WITH_ASAN
	__asan_unpoison_memory_region(s->base, s->size);
#endif
#ifdef HAVE_VALGRIND_VALGRIND_H
	(void)VALGRIND_MAKE_MEM_DEFINED(s->base, s->size);
#endif
	(void)s;
}

struct stack *stack_get(void)
{
	struct stack *s = pool.free;

	if (!s)
		return stack_new();
	pool.free = s->next;
	pool.n--;
	return s;
}

void stack_put(struct stack *s)
{
	forget_frames(s);
	if (pool.n >= POOL_SIZE) {
		stack_free(s);
		return;
	}
	if (stacks_painted)
		stack_paint(s);
	s->next = pool.free;
	pool.free = s;
	pool.n++;
}

void stacks_release(void)
{
	while (pool.free) {
		struct stack *s = pool.free;

		pool.free = s->next;
		stack_free(s);
	}
	pool.n = 0;
}

bool stack_guards(const struct stack *s, const void *p)
{
	return (const char *)p >= s->map && (const char *)p < s->base;
}

void stack_paint(struct stack *s)
{
	forget_frames(s);
	memset(s->base, PAINT, s->size);
}

size_t stack_painted(const struct stack *s)
{
	const unsigned char *p = (const unsigned char *)s->base;
	size_t untouched = 0;

	forget_frames(s);
	while (untouched < s->size && p[untouched] == PAINT)
		untouched++;
	return s->size - untouched;
}

/* --- the switch --- */

/*
 * AddressSanitizer must know which stack we are about to be on, and when we are. Leaving, it is
 * told the stack we go to and keeps in *fake what belongs to the one we leave (NULL: we never come
 * back). Arriving, it gets back what it kept, and answers where we came from.
 */
static inline void leave(void **fake, const void *base, size_t size)
{
#ifdef WITH_ASAN
	__sanitizer_start_switch_fiber(fake, base, size);
#else
	(void)fake, (void)base, (void)size;
#endif
}

static inline void arrive(void *fake, const void **ret_base, size_t *ret_size)
{
#ifdef WITH_ASAN
	__sanitizer_finish_switch_fiber(fake, ret_base, ret_size);
#else
	(void)fake, (void)ret_base, (void)ret_size;
#endif
}

static void fiber_start(void)
{
	arrive(NULL, &fiber_hub.stack_base, &fiber_hub.stack_size);

	struct fiber *f = fiber_hub.current;

	f->fn(f->arg);
	if (f->scopes)
		hub_die("fiber %s returned without scope_join()", f->name);
	if (fiber_hub.no_wait)
		hub_die("fiber %s returned without no_wait_end()", f->name);
	f->state = FIBER_DONE;
	switch_to_hub();
	hub_die("fiber %s was resumed after its end", f->name);
}

void switch_prepare(struct fiber *f)
{
	if (getcontext(&f->ctx) != 0)
		hub_die("getcontext: %m");
	f->ctx.uc_stack.ss_sp = f->stack->base;
	f->ctx.uc_stack.ss_size = f->stack->size;
	f->ctx.uc_link = NULL;
	makecontext(&f->ctx, fiber_start, 0);
}

void switch_to_fiber(struct fiber *f)
{
	assert(!fiber_hub.current);
	fiber_hub.current = f;
	fiber_hub.stats.switches++;
	f->state = FIBER_RUNNING;
	leave(&fiber_hub.fake_stack, f->stack->base, f->stack->size);
	if (swapcontext(&fiber_hub.ctx, &f->ctx) != 0)
		hub_die("swapcontext: %m");
	arrive(fiber_hub.fake_stack, NULL, NULL);
	fiber_hub.current = NULL;
}

void switch_to_hub(void)
{
	struct fiber *f = fiber_hub.current;

	f->sp = (uintptr_t)__builtin_frame_address(0);
	leave(f->state == FIBER_DONE ? NULL : &f->fake_stack, fiber_hub.stack_base,
	      fiber_hub.stack_size);
	if (swapcontext(&f->ctx, &fiber_hub.ctx) != 0)
		hub_die("swapcontext: %m");
	arrive(f->fake_stack, &fiber_hub.stack_base, &fiber_hub.stack_size);
}
