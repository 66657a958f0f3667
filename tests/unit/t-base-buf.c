/*
 * t-base-buf - arena and buf: growth, limits at their edge, wiping.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "tests/unit/tap.h"

static void test_arena(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	bool aligned = true, zeroed = true, apart = true;
	char *last = NULL;

	for (size_t n = 0; n < 600; n++) {
		char *p = arena_alloc(a, n);

		aligned &= (uintptr_t)p % _Alignof(max_align_t) == 0;
		for (size_t i = 0; i < n; i++)
			zeroed &= p[i] == 0;
		memset(p, 0xaa, n);
		apart &= p != last;
		last = p;
	}
	ok(aligned, "arena: every allocation is aligned for any type");
	ok(zeroed, "arena: memory is zeroed, and no two allocations overlap");
	ok(apart, "arena: even an empty allocation is a place of its own");

	char *big = arena_alloc(a, 1024 * 1024);

	ok(big[0] == 0 && big[1024 * 1024 - 1] == 0, "arena: one larger than a chunk");
	is_str(arena_printf(a, "%s[%s]:%u", "mx", "192.0.2.1", 25u), "mx[192.0.2.1]:25",
	       "arena_printf");
	is_str(arena_strndup(a, "abcdef", 3), "abc", "arena_strndup cuts");
	is_str(arena_strndup(a, "ab\0cdef", 6), "ab", "arena_strndup stops at a NUL");
	is_str(arena_strndup(a, NULL, 0), "", "arena_strndup of nothing");
	arena_free(NULL);
}

static void test_limit(void)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(10);

	is_str(buf_str(&b), "", "buf: an untouched buffer is the empty string");
	ok(buf_adds(&b, "0123456789"), "buf: the limit itself fits");
	ok(!buf_addc(&b, 'x') && b.overflow, "buf: one more does not, and is remembered");
	is_str(buf_str(&b), "0123456789", "buf: what does not fit adds nothing");
	ok(!buf_add(&b, "", 0), "buf: after an overflow even nothing is refused");
	buf_consume(&b, 4);
	is_str(buf_str(&b), "456789", "buf: consume drops from the front");
	ok(!buf_addc(&b, 'x'), "buf: an overflow stays until clear");
	buf_clear(&b);
	ok(buf_addf(&b, "%05d|%s", 42, "abcd"), "buf: addf up to the limit");
	is_str(buf_str(&b), "00042|abcd", "buf: addf's text");
	buf_clear(&b);
	ok(!buf_addf(&b, "%011d", 1) && b.len == 0, "buf: addf past the limit adds nothing");
	buf_clear(&b);
	buf_consume(&b, 99);
	is_int(b.len, 0, "buf: consume of more than there is");
	buf_release(&b);
	ok(buf_adds(&b, "again") && b.limit == 10,
	   "buf: usable after release, with the same limit");
}

static void test_growth(void)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(100000);

	for (int i = 0; i < 100000; i++)
		if (!buf_addc(&b, (char)('a' + i % 26)))
			break;
	is_int(b.len, 100000, "buf: grows a byte at a time to its limit");
	ok(b.data[99999] == 'a' + 99999 % 26 && b.data[100000] == '\0',
	   "buf: content and NUL after growth");
	buf_clear(&b);
	buf_add(&b, "a\0b", 3);
	ok(b.len == 3 && memcmp(b.data, "a\0b", 4) == 0, "buf: NULs are bytes like others");
}

static void test_wipe(void)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(4096);
	bool clean = true;

	for (int i = 0; i < 100; i++)
		buf_adds(&b, "secret");
	buf_wipe(&b);
	for (size_t i = 0; i < b.cap; i++)
		clean &= b.data[i] == 0;
	ok(clean && b.len == 0, "buf_wipe overwrites all of the memory");
}

static void test_mem(void)
{
	_cleanup_(xfreep) char *s = xstrndup("abcdef", 3), *t = xstrdup("x");
	_cleanup_(xfreep) unsigned char *z = xcalloc(3, 7);
	unsigned sum = 0;

	for (int i = 0; i < 21; i++)
		sum += z[i];
	is_str(s, "abc", "xstrndup");
	is_str(t, "x", "xstrdup");
	is_int(sum, 0, "xcalloc zeroes");
	s = xrealloc(s, 100);
	is_str(s, "abc", "xrealloc keeps the content");
	xfreep(&t);
	ok(t == NULL, "xfreep forgets");
}

int main(void)
{
	test_arena();
	test_limit();
	test_growth();
	test_wipe();
	test_mem();
	return tap_done();
}
