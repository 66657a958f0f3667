/*
 * setting - rows of a table, and the members that they set.
 */
#include "lab/setting.h"

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/strv.h"
#include "lab/line.h"

enum { NAMES_MAX = 1024 };

/* They are written through a pointer to unsigned. */
_Static_assert(sizeof(enum setting_kind) == sizeof(unsigned), "an enum is as large as an int");

int setting_choose(struct span word, const char *words)
{
	struct scan s = scan_span(span_of(words));
	int i = 0;

	for (struct span w = line_word(&s); w.len > 0; w = line_word(&s), i++)
		if (w.len == word.len && memcmp(w.p, word.p, w.len) == 0)
			return i;
	return -1;
}

const struct lab_setting *setting_find(const struct lab_setting *list, size_t n, struct span name)
{
	for (size_t i = 0; i < n; i++)
		if (span_eq(name, list[i].name))
			return &list[i];
	return NULL;
}

static bool set_word(const struct lab_setting *s, void *member, struct span value)
{
	int i = setting_choose(value, s->words);

	if (i < 0)
		return false;
	if (s->kind == SETTING_FLAG)
		*(bool *)member = i == 1;
	else
		*(unsigned *)member = (unsigned)i;
	return true;
}

static bool set_time(const struct lab_setting *s, int64_t *member, struct span value)
{
	int64_t ms;

	if (!line_duration(value, s->most, &ms))
		return false;
	*member = s->kind == SETTING_SECONDS ? ms / 1000 : ms;
	return true;
}

static bool set_number(const struct lab_setting *s, unsigned *member, struct span value)
{
	unsigned long n;

	if (!line_number(value, s->most, &n))
		return false;
	*member = (unsigned)n;
	return true;
}

/* False: the value is wrong. */
static bool set_member(const struct lab_setting *s, void *member, struct arena *a,
		       struct span value)
{
	switch (s->kind) {
	case SETTING_TEXT:
		*(const char **)member = span_dup(a, value);
		return value.len > 0 || !s->expected;
	case SETTING_FLAG:
		if (!s->words) {
			*(bool *)member = !span_eq(value, "no");
			return true;
		}
		return set_word(s, member, value);
	case SETTING_WORD:
		return set_word(s, member, value);
	case SETTING_TIME:
	case SETTING_SECONDS:
		return set_time(s, member, value);
	case SETTING_NUMBER:
		return set_number(s, member, value);
	case SETTING_LIST:
		*(struct strv *)member = (struct strv) { .n = 0 };
		strv_split(member, a, span_dup(a, value), s->separator);
		return true;
	case SETTING_OTHER:
		break;
	}
	return false;
}

const char *setting_set(const struct lab_setting *s, void *object, struct arena *a,
			struct span value)
{
	if (s->set)
		return s->set(object, a, value);
	if (set_member(s, (char *)object + s->place, a, value))
		return NULL;
	if (s->expected)
		return s->expected;
	return arena_printf(a, "`%s` and one of %s", s->name, s->words ? s->words : "");
}

const char *setting_names(const struct lab_setting *list, size_t n, struct arena *a)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(NAMES_MAX);

	for (size_t i = 0; i < n; i++)
		buf_addf(&b, " %s", list[i].name);
	return arena_strdup(a, buf_str(&b));
}

bool pair_next(struct scan *s, struct arena *a, struct pair *ret)
{
	struct span name, value = { "", 0 };

	scan_blanks(s);
	name = scan_until(s, "= \t");
	if (name.len == 0)
		return false;
	if (scan_accept(s, '=')) {
		bool quoted = scan_accept(s, '"');

		value = scan_until(s, quoted ? "\"" : " \t");
		if (quoted)
			scan_accept(s, '"');
	}
	*ret = (struct pair) { .name = span_dup(a, name), .value = span_dup(a, value) };
	return true;
}

bool pairs_set(const struct lab_setting *list, size_t n, void *object, struct arena *a,
	       struct scan *s)
{
	struct pair p;

	while (pair_next(s, a, &p)) {
		const struct lab_setting *row = setting_find(list, n, span_of(p.name));

		if (!row || setting_set(row, object, a, span_of(p.value)))
			return false;
	}
	return true;
}
