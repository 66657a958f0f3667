/*
 * from-list - reads the wanted senders.
 */
#include "cmd/from-list.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/input.h"
#include "base/scan.h"
#include "config/shown.h"

enum { FILE_MOST = 128 * 1024 };

bool is_mail_address(const char *s)
{
	const char *at = strrchr(s, '@');

	if (!at || at == s || !at[1] || strlen(s) > 254)
		return false;
	/* RFC 5321, 4.1.2: an atom has no colon in it. It would be a login with its password. */
	if (*s != '"' && memchr(s, ':', (size_t)(at - s)))
		return false;
	for (; *s; s++)
		if ((unsigned char)*s <= ' ' || *s == '\x7f' || *s == '<' || *s == '>')
			return false;
	return true;
}

static bool is_utf8(struct span s)
{
	for (size_t i = 0, n; i < s.len; i += n) {
		n = str_utf8(s.p + i, s.len - i);
		if (n == 0)
			return false;
	}
	return true;
}

const char *from_list_parse(struct arena *a, struct span text, struct strv *ret)
{
	struct scan s = scan_span(text);

	for (unsigned line = 1; !scan_done(&s); line++) {
		struct span word = span_trim(scan_line(&s));
		const char *address = span_dup(a, word);

		if (!word.len || word.p[0] == '#')
			continue;
		if (strlen(address) != word.len || !is_mail_address(address) || !is_utf8(word))
			/*
			 * Nor is it told what is there: the file may be another than was meant,
			 * with passwords in it.
			 */
			return arena_printf(a, "line %u: not a valid mail address (%s)", line,
					    shape_of(a, address));
		if (strv_has_nocase(ret, address))
			continue;
		if (ret->n == FROM_LIST_MOST)
			return arena_printf(a, "line %u: more than %d senders", line,
					    FROM_LIST_MOST);
		strv_add(ret, a, address);
	}
	return ret->n ? NULL : "there is no address in it";
}

const char *from_list_read(struct arena *a, const char *path, struct strv *ret)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(FILE_MOST);
	_cleanup_(input_freep) struct input *in = input_open(path);
	const char *p;
	ssize_t n;

	while ((n = input_read(in, &p)) > 0)
		if (!buf_add(&b, p, (size_t)n))
			return arena_printf(a, "it is larger than %d kB", FILE_MOST / 1024);
	if (n < 0)
		return arena_printf(a, "it %s", input_trouble(in));
	return from_list_parse(a, (struct span) { b.data, b.len }, ret);
}
