/*
 * frame - what harnesses share.
 */
#include "tests/fuzz/frame.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "know/know.h"

/* --- the input --- */

struct food food_of(const uint8_t *data, size_t size)
{
	return (struct food) { { (const char *)data, size } };
}

unsigned food_choice(struct food *f, unsigned n)
{
	unsigned byte;

	if (!f->rest.len)
		return 0;
	byte = (unsigned char)f->rest.p[0];
	f->rest.p++;
	f->rest.len--;
	return byte % n;
}

static bool upto(struct food *f, char end, struct span *ret)
{
	const char *at;

	if (!f->rest.len)
		return false;
	at = memchr(f->rest.p, end, f->rest.len);
	*ret = (struct span) { f->rest.p, at ? (size_t)(at - f->rest.p) : f->rest.len };
	f->rest.p += ret->len + (at != NULL);
	f->rest.len -= ret->len + (at != NULL);
	return true;
}

bool food_piece(struct food *f, struct span *ret)
{
	return upto(f, FOOD_CUT, ret);
}

bool food_line(struct food *f, struct span *ret)
{
	return upto(f, '\n', ret);
}

/* --- what is made once --- */

struct arena *frame_forever(void)
{
	static struct arena *forever;

	if (!forever)
		forever = arena_new();
	return forever;
}

const struct know *frame_know(void)
{
	static struct know *know;
	const char *error;

	if (!know)
		know = know_new(frame_forever(), NULL, &error);
	assert(know);
	return know;
}

const char *frame_file(const void *p, size_t n)
{
	static char path[32];
	static int fd = -1;

	if (fd >= 0)
		close(fd);
	fd = memfd_create("fuzz", MFD_CLOEXEC);
	assert(fd >= 0 && (n == 0 || write(fd, p, n) == (ssize_t)n));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return path;
}

/* --- what is printed --- */

char *frame_printed(struct arena *a, int (*print)(FILE *to, void *arg), void *arg)
{
	char *text = NULL, *copy;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);

	assert(to);
	assert(print(to, arg) == 0);
	assert(fclose(to) == 0);
	assert(strlen(text) == n);
	copy = arena_strdup(a, text);
	free(text);
	return copy;
}

static bool turns_direction(const char *p)
{
	static const char *const marks[] = {
		"\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac", "\xe2\x80\xad", "\xe2\x80\xae",
		"\xe2\x81\xa6", "\xe2\x81\xa7", "\xe2\x81\xa8", "\xe2\x81\xa9",
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (strncmp(p, marks[i], 3) == 0)
			return true;
	return false;
}

void frame_shown(const char *text)
{
	for (size_t left = strlen(text), n; left; text += n, left -= n) {
		unsigned char c = (unsigned char)*text;

		n = str_utf8(text, left);
		assert(n > 0);
		assert(n > 1 || (c >= ' ' && c != 0x7f) || c == '\n');
		assert(n != 2 || c != 0xc2 || (unsigned char)text[1] >= 0xa0);
		assert(n != 3 || !turns_direction(text));
	}
}

void frame_json(const char *text, bool whole)
{
	struct food f = { span_of(text) };
	struct span part;

	while (whole ? f.rest.len > 0 : food_line(&f, &part)) {
		json_t *j;

		if (whole)
			part = f.rest;
		j = json_loadb(part.p, part.len, JSON_REJECT_DUPLICATES, NULL);
		assert(j);
		json_decref(j);
		if (whole)
			break;
	}
}

static void hides(const char *text, const char *bytes, size_t n)
{
	char piece[9] = "";

	for (size_t i = 0; i + 8 <= n; i++) {
		memcpy(piece, bytes + i, 8);
		assert(!strstr(text, piece));
	}
}

void frame_hides(const char *text, const char *secret)
{
	size_t n = strlen(secret);

	hides(text, secret, n);
	/*
	 * Where the secret begins at another place of a group of three, its base64 form is another.
	 * What the bytes before and after it decide is left out at both ends.
	 */
	for (size_t shift = 0; shift < 3; shift++) {
		char moved[256] = "xx";
		struct buf b = BUF_INIT(1024);

		assert(n + 3 < sizeof(moved));
		memcpy(moved + shift, secret, n);
		base64_encode(&b, moved, shift + n);
		assert(b.len > 8);
		hides(text, b.data + 4, b.len - 8);
		buf_release(&b);
	}
}
