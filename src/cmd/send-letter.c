/*
 * send-letter - the message that is sent by SMTP: a text that says what it is, files, and padding.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/send.h"

const char *send_subject(const struct ask *ask)
{
	return *ask->subject ? ask->subject : "Test message of smtpwhy";
}

/* --- files --- */

/* 0, or errno: EFBIG when all files together are larger than a message can be. */
static int read_file(const char *path, struct buf *b)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), err = 0;
	char chunk[2048];
	struct stat st;
	ssize_t n = 0;

	if (fd < 0)
		return errno;
	if (fstat(fd, &st) < 0)
		err = errno;
	else if (!S_ISREG(st.st_mode))
		err = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
	while (!err && (n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno != EINTR)
			err = errno;
		else if (n > 0 && !buf_add(b, chunk, (size_t)n))
			err = EFBIG;
	}
	close(fd);
	return err;
}

static const char *reason(int err)
{
	if (err == EFBIG)
		return "the files together are too large for a message";
	return err == EINVAL ? "it is not a regular file" : strerrordesc_np(err);
}

static bool has_control(const char *s)
{
	for (size_t n = strlen(s), len; n; s += len, n -= len) {
		len = str_utf8(s, n);
		if (!len || (unsigned char)*s < ' ' || *s == '\x7f')
			return true;
	}
	return false;
}

int send_files_read(struct send_run *run)
{
	const struct strv *paths = &run->options.attach;
	size_t start[LETTER_FILES_MOST + 1] = { 0 };

	for (size_t i = 0; i < paths->n; i++) {
		const char *path = paths->v[i], *slash = strrchr(path, '/');
		int err = read_file(path, &run->file_bytes);

		if (err)
			return opt_wrong("send", "--attach: cannot read '%s': %s", path,
					 reason(err));
		run->files[i].name = slash ? slash + 1 : path;
		if (has_control(run->files[i].name))
			return opt_wrong("send", "--attach: the name of file %zu has control "
					 "characters in it, or is not UTF-8", i + 1);
		start[i + 1] = run->file_bytes.len;
	}
	/* The buffer moves no more. */
	for (size_t i = 0; i < paths->n; i++) {
		run->files[i].bytes = buf_str(&run->file_bytes) + start[i];
		run->files[i].n = start[i + 1] - start[i];
	}
	return OPT_GO;
}

/* --- the message --- */

static const char *text_of(struct send_run *run)
{
	const struct ask *ask = &run->ask;

	return arena_printf(
		run->arena, "This is a test. Somebody ran smtpwhy send to find out whether mail\r\n"
		"from\r\n    %s\r\n"
		"reaches\r\n    %s\r\n"
		"through %s.\r\n"
		"\r\n"
		"It does: you are reading it. There is nothing to do, and nobody is told\r\n"
		"that you opened it. It may be deleted.\r\n"
		"\r\n"
		"Mark: %s\r\n",
		ask->from, ask->to, *ask->host ? ask->host : "the recipient's mail server",
		run->mark);
}

/* "25000000", "35M", "1200k", in octets. */
static bool read_size(struct arena *a, const char *text, size_t *ret)
{
	size_t n = strlen(text);
	unsigned long number, unit = 1;
	char last = n ? ascii_lower(text[n - 1]) : '0';

	if (last == 'k' || last == 'm') {
		unit = last == 'k' ? 1024 : 1024 * 1024;
		n--;
	}
	if (!str_number(arena_strndup(a, text, n), LETTER_MOST / unit, &number) || !number)
		return false;
	*ret = number * unit;
	return true;
}

int send_letter_write(struct send_run *run)
{
	struct letter l = {
		.from = run->ask.from, .to = run->ask.to, .subject = send_subject(&run->ask),
		.mark = run->mark, .text = text_of(run),
		.files = run->files, .n_files = run->options.attach.n,
	};
	const char *size = run->options.size, *why;

	if (size && !read_size(run->arena, size, &l.size))
		return opt_wrong("send", "--size: '%s' is no size: octets, at most %d, or a number "
				 "with k or M", str_escaped(run->arena, size, strlen(size)),
				 LETTER_MOST);
	buf_clear(&run->bytes);
	why = letter_write(&run->bytes, run->arena, &l, &run->letter);
	if (why)
		return opt_wrong("send", "%s: %s", size ? "--size" : "--attach", why);
	run->ask.letter = &run->letter;
	return OPT_GO;
}
