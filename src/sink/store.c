/*
 * store - a received message as a file: what was sent, below the fields that a receiver adds
 * (RFC 5321, 4.4).
 */
#include "sink/receipt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"

/* The words for `with` (RFC 3848; RFC 6531, 4.3). */
static const char *protocol(const struct receipt *l, struct arena *a)
{
	const char *begin = l->utf8 ? "UTF8SMTP" : "ESMTP";

	if (!l->extended)
		return "SMTP";
	return arena_printf(a, "%s%s%s", begin, *l->tls ? "S" : "", l->login ? "A" : "");
}

/* As a comment or a word of Received may have it: no parenthesis, no backslash, no blank. */
static const char *clean(struct arena *a, const char *s)
{
	char *copy = arena_strdup(a, s);

	for (char *p = copy; *p; p++)
		if (*p == ' ' || *p == '(' || *p == ')' || *p == '\\' || *p == ';')
			*p = '?';
	return copy;
}

static void add_trace(struct buf *b, struct receipt *l, const char *host)
{
	struct arena *a = l->arena;

	buf_addf(b, "Return-Path: <%s>\r\n", l->from);
	buf_addf(b, "Received: from %s ([%s%s])\r\n\tby %s with %s id %lu", clean(a, l->helo),
		 strchr(l->client, ':') ? "IPv6:" : "", l->client, host, protocol(l, a), l->number);
	/* The address of one recipient alone: the others must not see each other. */
	if (l->to.n == 1)
		buf_addf(b, "\r\n\tfor <%s>", l->to.v[0]);
	buf_addf(b, ";\r\n\t%s\r\n", clock_date(a, "+0000"));
}

static bool write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t w = write(fd, p, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return false;
		p += w;
		n -= (size_t)w;
	}
	return true;
}

/* Gives the finished file the first name that is free. 0, or an errno. */
static int name_it(struct receipt *l, const char *folder, const char *part)
{
	enum { TRIES = 1000 * 1000 };

	for (unsigned long n = l->number; n < l->number + TRIES; n++) {
		l->file = arena_printf(l->arena, "%s/%04lu.eml", folder, n);
		/* Unlike rename(), link() never takes the place of another message. */
		if (link(part, l->file) == 0)
			return 0;
		if (errno != EEXIST)
			break;
	}
	l->file = "";
	return errno;
}

bool receipt_store(struct receipt *l, const char *folder, const char *host, const char **ret_error)
{
	_cleanup_(buf_release) struct buf head = BUF_INIT(64 * 1024);
	char *part = arena_printf(l->arena, "%s/.part-XXXXXX", folder);
	int fd, err = 0;

	add_trace(&head, l, host);
	fd = mkostemp(part, O_CLOEXEC);	/* mode 0600 */
	if (fd < 0) {
		*ret_error = arena_printf(l->arena, "cannot write to '%s': %s", folder,
					  strerrordesc_np(errno));
		return false;
	}
	if (!write_all(fd, buf_str(&head), head.len) || !write_all(fd, l->text.p, l->text.len))
		err = errno;
	if (close(fd) < 0 && !err)
		err = errno;
	err = err ? err : name_it(l, folder, part);
	unlink(part);
	if (err)
		*ret_error = arena_printf(l->arena, "cannot write to '%s': %s", folder,
					  strerrordesc_np(err));
	return !err;
}
