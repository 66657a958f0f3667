/*
 * out - writing for people.
 */
#include "report/out.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "report/width.h"

void out_begin(struct out *o, FILE *to, struct arena *a, const struct report_style *style)
{
	*o = (struct out) { .to = to, .arena = a, .style = style,
			    .columns = style->columns < 40 ? 40 : style->columns };
}

static const char *sequence(enum ink ink)
{
	switch (ink) {
	case INK_NONE:
		return "\033[0m";
	case INK_GOOD:
		return "\033[32m";
	case INK_WARN:
		return "\033[33m";
	case INK_BAD:
		return "\033[1;31m";
	case INK_UNKNOWN:
		return "\033[35m";
	case INK_DIM:
		return "\033[2m";
	case INK_STRONG:
		return "\033[1m";
	case INK_COMMAND:
		return "\033[36m";
	}
	return "";
}

static void show_ink(struct out *o, enum ink ink)
{
	if (!o->to || !o->style->color || o->shown == ink)
		return;
	if (o->shown != INK_NONE && ink != INK_NONE)
		fputs(sequence(INK_NONE), o->to);
	fputs(sequence(ink), o->to);
	o->shown = ink;
}

static void put_safe(struct out *o, const char *s)
{
	if (!*s)
		return;
	if (o->at < o->col && o->to) {
		show_ink(o, INK_NONE);
		fprintf(o->to, "%*s", (int)(o->col - o->at), "");
	}
	show_ink(o, o->ink);
	if (o->to)
		fputs(s, o->to);
	o->col += width_of(s);
	o->at = o->col;
}

void out_put(struct out *o, const char *s)
{
	put_safe(o, str_escaped(o->arena, s, strlen(s)));
}

void out_ink(struct out *o, enum ink ink)
{
	o->ink = ink;
}

void out_to(struct out *o, unsigned col)
{
	if (o->col < col)
		o->col = col;
}

void out_line(struct out *o)
{
	show_ink(o, INK_NONE);
	if (o->to)
		fputc('\n', o->to);
	/* A command is never broken: the terminal does it. */
	o->lines += 1 + (o->at ? (o->at - 1) / o->columns : 0);
	o->col = o->at = 0;
	o->ink = INK_NONE;
}

struct strv out_split(struct arena *a, const char *text, unsigned width)
{
	const char *p = str_escaped(a, text, strlen(text)), *line = NULL, *end = NULL;
	struct strv lines = { NULL, 0, 0 };

	for (;;) {
		size_t len;

		while (*p == ' ')
			p++;
		len = strcspn(p, " ");
		if (line && (len == 0 || width_of_bytes(line, (size_t)(p + len - line)) > width)) {
			strv_add(&lines, a, arena_strndup(a, line, (size_t)(end - line)));
			line = NULL;
		}
		if (len == 0)
			return lines;
		if (!line)
			line = p;
		p = end = p + len;
	}
}

char *out_dotted(struct arena *a, const char *line, unsigned width)
{
	char *copy = arena_strdup(a, line), *blank;

	while (width_of(copy) + 4 > width && (blank = strrchr(copy, ' ')))
		*blank = '\0';
	return arena_printf(a, "%s ...", copy);
}

/* most: of lines; SIZE_MAX = all. */
static void put_lines(struct out *o, unsigned left, const char *text, size_t most)
{
	unsigned width = o->columns > left + 20 ? o->columns - left : 20;
	struct strv lines = out_split(o->arena, text, width);
	enum ink ink = o->ink;

	for (size_t i = 0; i < lines.n && i < most; i++) {
		out_ink(o, ink);
		out_to(o, left);
		put_safe(o, i + 1 == most && most < lines.n ?
			 out_dotted(o->arena, lines.v[i], width) : lines.v[i]);
		out_line(o);
	}
	if (lines.n == 0)
		out_line(o);
}

void out_wrapped(struct out *o, unsigned left, const char *text)
{
	put_lines(o, left, text, SIZE_MAX);
}

void out_list(struct out *o, unsigned left, const char *mark, const char *text)
{
	out_list_cut(o, left, mark, text, SIZE_MAX);
}

void out_list_cut(struct out *o, unsigned left, const char *mark, const char *text, size_t most)
{
	out_to(o, left);
	out_put(o, mark);
	put_lines(o, left + width_of(mark), text, most);
}

const char *out_reply(struct arena *a, const struct reply *r)
{
	enum { REPLY_MOST = 100 };
	const char *flat = r ? reply_flat(r, a) : "";
	size_t n = strlen(flat);

	if (n <= REPLY_MOST)
		return flat;
	for (n = REPLY_MOST; n > REPLY_MOST / 2 && flat[n] != ' '; n--)
		;
	while (n && ((unsigned char)flat[n] & 0xc0) == 0x80)
		n--;
	return arena_printf(a, "%.*s ...", (int)n, flat);
}

const char *out_time(struct arena *a, int64_t us)
{
	if (us < 500)
		return "";
	if (us < 999500)
		return arena_printf(a, "%lld ms", (long long)((us + 500) / 1000));
	return arena_printf(a, "%.1f s", (double)us / 1e6);
}
