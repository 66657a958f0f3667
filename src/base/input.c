/*
 * input - reads a file in blocks, through zlib when gzip has packed it.
 */
#include "base/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/mem.h"
#include "base/str.h"

enum { BLOCK = 256 * 1024 };

struct input {
	int		 fd;
	bool		 begun, packed, ended, failed;
	bool		 between;		/* behind a whole gzip member: the end may come */
	char		*in, *out;		/* BLOCK bytes each; out only when packed */
	/* bytes in `in` that were read ahead to see what it is */
	size_t		 held;
	int64_t		 taken;
	z_stream	 z;
	char		 trouble[160];
};

static ssize_t fail(struct input *in, const char *what, const char *why)
{
	in->failed = true;
	snprintf(in->trouble, sizeof(in->trouble), "%s%s%s", what, *why ? ": " : "", why);
	return -1;
}

struct input *input_open(const char *path)
{
	struct input *in = xcalloc(1, sizeof(*in));
	struct stat st;

	in->fd = str_eq(path, "-") ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (in->fd < 0 || fstat(in->fd, &st) != 0) {
		fail(in, "cannot be opened", strerrordesc_np(errno));
		return in;
	}
	if (S_ISDIR(st.st_mode))
		fail(in, "is a directory", "");
	in->in = xmalloc(BLOCK);
	return in;
}

void input_free(struct input *in)
{
	if (!in)
		return;
	if (in->packed)
		inflateEnd(&in->z);
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	xfreep(&in->in);
	xfreep(&in->out);
	xfreep(&in);
}

void input_freep(struct input **in)
{
	input_free(*in);
	*in = NULL;
}

const char *input_trouble(const struct input *in)
{
	return in->trouble;
}

int64_t input_taken(const struct input *in)
{
	return in->taken;
}

bool input_is_packed(const struct input *in)
{
	return in->packed;
}

bool input_looks_packed(const char *p, size_t n)
{
	return n >= 3 && memcmp(p, "\x1f\x8b\x08", 3) == 0;
}

/* Fills in->in from `from` on; how many bytes came, 0 at the end, -1. */
static ssize_t fill(struct input *in, size_t from)
{
	ssize_t n;

	do {
		n = read(in->fd, in->in + from, BLOCK - from);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return fail(in, "cannot be read", strerrordesc_np(errno));
	in->taken += n;
	return n;
}

/* Reads as much as it takes to see whether it's packed: a pipe may give one byte at a time. */
static bool begin(struct input *in)
{
	in->begun = true;
	while (in->held < 3) {
		ssize_t n = fill(in, in->held);

		if (n < 0)
			return false;
		if (n == 0)
			break;
		in->held += (size_t)n;
	}
	if (!input_looks_packed(in->in, in->held))
		return true;
	if (inflateInit2(&in->z, 15 + 16) != Z_OK)	/* 16: a gzip header is expected */
		out_of_memory();
	in->packed = true;
	in->out = xmalloc(BLOCK);
	in->z.next_in = (Bytef *)in->in;
	in->z.avail_in = (uInt)in->held;
	in->held = 0;
	return true;
}

/*
 * Behind a member: another one, or zeros or rubbish to the end of the file, which gzip passes over,
 * too. Also the end itself.
 */
static bool next_member(struct input *in)
{
	while (in->z.avail_in < 3) {
		ssize_t n;

		memmove(in->in, in->z.next_in, in->z.avail_in);
		n = fill(in, in->z.avail_in);
		in->z.next_in = (Bytef *)in->in;
		if (n <= 0)
			return false;
		in->z.avail_in += (uInt)n;
	}
	in->between = false;
	return input_looks_packed((const char *)in->z.next_in, in->z.avail_in) &&
	       inflateReset(&in->z) == Z_OK;
}

static ssize_t read_packed(struct input *in, const char **ret_p)
{
	in->z.next_out = (Bytef *)in->out;
	in->z.avail_out = BLOCK;
	while (in->z.avail_out == BLOCK) {
		int status;

		if (in->between && !next_member(in)) {
			in->ended = true;
			return in->failed ? -1 : 0;
		}
		if (!in->z.avail_in) {
			ssize_t n = fill(in, 0);

			if (n <= 0)
				return n < 0 ? -1 :
				       fail(in, "ends in the middle of what gzip has packed", "");
			in->z.next_in = (Bytef *)in->in;
			in->z.avail_in = (uInt)n;
		}
		status = inflate(&in->z, Z_NO_FLUSH);
		if (status == Z_STREAM_END)
			in->between = true;
		else if (status != Z_OK && status != Z_BUF_ERROR)
			return fail(in, "cannot be unpacked",
				    in->z.msg ? in->z.msg : "it is damaged");
	}
	*ret_p = in->out;
	return BLOCK - (ssize_t)in->z.avail_out;
}

ssize_t input_read(struct input *in, const char **ret_p)
{
	ssize_t n;

	if (in->failed || (!in->begun && !begin(in)))
		return -1;
	if (in->ended)
		return 0;
	if (in->packed)
		return read_packed(in, ret_p);
	n = in->held ? (ssize_t)in->held : fill(in, 0);
	in->held = 0;
	in->ended = n == 0;
	*ret_p = in->in;
	return n;
}
