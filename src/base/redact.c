/*
 * redact - the secrets of a run, and what is struck out of a peer's text.
 */
#include "base/redact-inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"

enum { PUBLICS_MOST = 64 * 1024 };

/* The filter of this run. */
static struct {
	struct redact_text	*secrets, *publics;	/* the newest first */
	size_t			 secret_bytes, public_bytes;
	struct redact_index	*index;			/* NULL = to be made anew */
	struct redact_view	*views;			/* REDACT_DEEP + 1 of them */
} filter;

/* --- what is known --- */

static struct redact_text *known(struct redact_text *list, const char *p, size_t n)
{
	while (list && (list->n != n || memcmp(list->p, p, n) != 0))
		list = list->next;
	return list;
}

static void add(struct redact_text **list, const char *p, size_t n)
{
	size_t size = sizeof(struct redact_text) + n;
	struct redact_text *t = secret_pages(size);

	t->size = size;
	t->n = n;
	memcpy(t->p, p, n);
	t->next = *list;
	*list = t;
	redact_index_free(filter.index);
	filter.index = NULL;
}

static void free_texts(struct redact_text *list)
{
	while (list) {
		struct redact_text *next = list->next;

		secret_pages_free(list, list->size);
		list = next;
	}
}

/* The oldest go when there are too many. */
static void forget_oldest(void)
{
	size_t bytes = 0;

	for (struct redact_text *t = filter.secrets; t; t = t->next) {
		bytes += t->n;
		if (t->next && bytes + t->next->n > LIMIT_REDACT) {
			free_texts(t->next);
			t->next = NULL;
			filter.secret_bytes = bytes;
		}
	}
}

void redact_secret(const char *p, size_t n)
{
	if (n < REDACT_LEAST || n > LIMIT_SECRET || known(filter.secrets, p, n))
		return;
	secret_hide();
	add(&filter.secrets, p, n);
	filter.secret_bytes += n;
	if (filter.secret_bytes > LIMIT_REDACT)
		forget_oldest();
}

void redact_public(const char *text)
{
	size_t n = text ? strlen(text) : 0;

	if (n < REDACT_LEAST || n > PUBLICS_MOST - filter.public_bytes ||
	    known(filter.publics, text, n))
		return;
	add(&filter.publics, text, n);
	filter.public_bytes += n;
}

/* One line of a key. JSON's "\n" ends it like a line end. */
static size_t line_of(const char *p, const char *end)
{
	size_t n = 0;

	while (p + n < end && p[n] != '\n' && p[n] != '\r' && p[n] != '\\')
		n++;
	return n;
}

void redact_private_key(const char *p, size_t n)
{
	static const char begin[] = "PRIVATE KEY-----", stop[] = "-----END ";
	const char *end = p + n, *at, *last;

	while ((at = memmem(p, (size_t)(end - p), begin, sizeof(begin) - 1))) {
		at += sizeof(begin) - 1;
		last = memmem(at, (size_t)(end - at), stop, sizeof(stop) - 1) ?: end;
		while (at < last) {
			size_t length = line_of(at, last);

			/* Not "Proc-Type: 4,ENCRYPTED" and its like. */
			if (length >= REDACT_GRAM && !memchr(at, ':', length))
				redact_secret(at, length);
			at += length;
			if (at < last)
				at += *at == '\\' ? 2 : 1;
		}
		p = last < end ? last + sizeof(stop) - 1 : end;
	}
}

void redact_end(void)
{
	free_texts(filter.secrets);
	free_texts(filter.publics);
	redact_index_free(filter.index);
	secret_pages_free(filter.views, (REDACT_DEEP + 1) * sizeof(*filter.views));
	memset(&filter, 0, sizeof(filter));
}

/* --- a text --- */

/* What was found: one byte for each of the text's. */
struct finding {
	unsigned char			*mask;		/* of the window */
	const struct redact_view	*view;
	bool				 found;
};

static void mark(void *arg, size_t from, size_t to)
{
	struct finding *f = arg;

	for (size_t i = from; i < to; i++)
		memset(f->mask + f->view->from[i], 1, (size_t)(f->view->to[i] - f->view->from[i]));
	f->found = true;
}

/* Looks through a view, and through what it decodes to. */
static void look(struct finding *f, unsigned depth, unsigned deepest)
{
	const struct redact_view *v = &filter.views[depth];
	struct redact_view *next = &filter.views[depth + 1];
	size_t least = redact_index_least(filter.index);

	f->view = v;
	redact_index_search(filter.index, v->bytes, v->n, mark, f);
	if (depth == deepest)
		return;
	if (redact_unescape(v, next))
		look(f, depth + 1, deepest);
	for (unsigned phase = 0; phase < 4; phase++)
		if (redact_base64(v, phase, least, next))
			look(f, depth + 1, deepest);
	for (unsigned phase = 0; phase < 2; phase++)
		if (redact_hex(v, phase, least, next))
			look(f, depth + 1, deepest);
}

static void look_at(struct finding *f, const char *p, size_t n, unsigned deepest)
{
	struct redact_view *v = &filter.views[0];

	memcpy(v->bytes, p, n);
	for (size_t i = 0; i < n; i++) {
		v->from[i] = (uint16_t)i;
		v->to[i] = (uint16_t)(i + 1);
	}
	v->n = n;
	look(f, 0, deepest);
}

/* Of a letter in UTF-8 all bytes go, or none. */
static bool is_tail(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static void strike(char *p, size_t n, unsigned char *mask)
{
	for (size_t i = 1; i < n; i++)
		if (mask[i - 1] && is_tail(p[i]))
			mask[i] = 1;
	for (size_t i = n; i-- > 1; )
		if (mask[i] && is_tail(p[i]))
			mask[i - 1] = 1;
	for (size_t i = 0; i < n; i++)
		if (mask[i])
			p[i] = '*';
}

static bool is_ready(void)
{
	if (!filter.secrets)
		return false;
	if (!filter.index)
		filter.index = redact_index_new(filter.secrets, filter.publics);
	if (!filter.views)
		filter.views = secret_pages((REDACT_DEEP + 1) * sizeof(*filter.views));
	return true;
}

bool redact(char *p, size_t n)
{
	/* What fits into one window is looked at more closely: a long text is no single line that
	 * somebody quotes. */
	unsigned deepest = n <= REDACT_WINDOW ? REDACT_DEEP : REDACT_DEEP - 1;
	struct finding f = { .found = false };
	unsigned char *mask;

	if (n < REDACT_LEAST || !is_ready())
		return false;
	mask = xcalloc(n, 1);
	for (size_t at = 0; ; at += REDACT_WINDOW - REDACT_OVERLAP) {
		size_t left = n - at;

		f.mask = mask + at;
		look_at(&f, p + at, left < REDACT_WINDOW ? left : (size_t)REDACT_WINDOW, deepest);
		if (left <= REDACT_WINDOW)
			break;
	}
	if (f.found)
		strike(p, n, mask);
	free(mask);
	return f.found;
}

bool redact_pieces(const struct redact_piece *pieces, size_t count)
{
	size_t n = 0, at = 0;
	char *joined;
	bool found;

	for (size_t i = 0; i < count; i++)
		n += pieces[i].n;
	if (n < REDACT_LEAST || !filter.secrets)
		return false;
	joined = xmalloc(n);
	for (size_t i = 0; i < count; at += pieces[i++].n)
		memcpy(joined + at, pieces[i].p, pieces[i].n);
	found = redact(joined, n);
	at = 0;
	for (size_t i = 0; found && i < count; at += pieces[i++].n)
		memcpy(pieces[i].p, joined + at, pieces[i].n);
	explicit_bzero(joined, n);
	free(joined);
	return found;
}

char *redacted(struct arena *a, const char *text)
{
	char *copy = arena_strdup(a, text);

	redact(copy, strlen(copy));
	return copy;
}
