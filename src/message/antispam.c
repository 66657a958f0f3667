/*
 * What filters write of their verdict: Microsoft's pairs, SpamAssassin's and rspamd's lists of
 * tests.
 */
#include "message/parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/scan.h"

/* --- Microsoft: KEY:VALUE; a value may hold colons, "(null)" is nothing, the last ';' may be
 * missing --- */

static bool key_char(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_';
}

static void add_pair(struct arena *a, struct antispam *to, struct span key, struct span value)
{
	enum { LONGEST = 1024 };

	if (to->n >= LIMIT_ANTISPAM || !key.len)
		return;
	if (value.len > LONGEST)
		value.len = LONGEST;
	to->v = arena_grow(a, to->v, to->n, &to->cap, sizeof(*to->v));
	to->v[to->n++] = (struct antispam_pair) { span_dup(a, key), span_dup(a, span_trim(value)) };
}

void antispam_read(struct arena *a, const char *value, struct antispam *ret)
{
	struct scan s = scan_span(span_of(value));

	*ret = (struct antispam) { NULL, 0, 0 };
	while (!scan_done(&s)) {
		struct span key, v;

		while (scan_accept(&s, ';') || scan_blanks(&s) || scan_accept_str(&s, "(null)"))
			;
		key = scan_while(&s, key_char);
		if (!scan_accept(&s, ':')) {
			if (!key.len && !scan_done(&s))
				scan_take(&s, 1);
			continue;
		}
		scan_accept_str(&s, "(null)");
		v = scan_until(&s, ";");
		add_pair(a, ret, key, v);
	}
}

const char *antispam_value(const struct antispam *s, const char *key)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eq_nocase(s->v[i].key, key) && *s->v[i].value)
			return s->v[i].value;
	return "";
}

/* --- SpamAssassin: "Yes, score=7.1 required=5.0 tests=A=1.2,B autolearn=no" --- */

static void add_test(struct arena *a, struct spam_status *to, struct span name, const char *score)
{
	struct spam_test t = { .name = "", .score = 0 };
	char *end;

	if (!name.len || name.len > 80 || to->n_tests >= LIMIT_SPAM_TESTS ||
	    span_eq_nocase(name, "none"))
		return;
	t.name = span_dup(a, name);
	t.score = strtod(score, &end);
	t.has_score = end != score;
	if (!(t.score > -100000 && t.score < 100000))
		t.score = 0;
	to->tests = arena_grow(a, to->tests, to->n_tests, &to->cap_tests, sizeof(*to->tests));
	to->tests[to->n_tests++] = t;
}

static bool test_char(char c)
{
	return ascii_is_alnum(c) || c == '_';
}

static void read_tests(struct arena *a, struct scan *s, struct spam_status *ret)
{
	bool boxed = scan_accept(s, '[');

	while (!scan_done(s)) {
		struct span name;

		while (scan_blanks(s) || scan_accept(s, ','))
			;
		name = scan_while(s, test_char);
		if (!name.len)
			break;
		if (!boxed && scan_peek(s) == '=' && (ascii_is_alpha(s->p[1]) || !name.len))
			break;	/* "autolearn=no": the next key */
		add_test(a, ret, name,
			 scan_accept(s, '=') ? span_dup(a, scan_until(s, ", ]")) : "");
	}
}

static const char *number_behind(struct arena *a, const char *value, const char *key)
{
	const char *at = str_find_nocase(value, key);
	struct scan s;

	if (!at)
		return "";
	s = scan_span(span_of(at + strlen(key)));
	return span_dup(a, scan_until(&s, " ,;]"));
}

void spam_status_read(struct arena *a, const char *value, struct spam_status *ret)
{
	const char *tests = str_find_nocase(value, "tests=");
	struct scan s;

	*ret = (struct spam_status) { .there = *value != '\0', .score = "", .required = "" };
	ret->yes = str_has_prefix_nocase(value, "yes");
	ret->score = number_behind(a, value, "score=");
	if (!*ret->score)
		ret->score = number_behind(a, value, "hits=");
	ret->required = number_behind(a, value, "required=");
	if (tests) {
		s = scan_span(span_of(tests + strlen("tests=")));
		read_tests(a, &s, ret);
	}
}

/* --- rspamd: "default: False [1.50 / 15.00]; R_SPF_ALLOW(-0.20)[+mx]; ..." --- */

void rspamd_result_read(struct arena *a, const char *value, struct spam_status *ret)
{
	struct scan s = scan_span(span_of(value));

	*ret = (struct spam_status) { .there = *value != '\0', .score = "", .required = "" };
	scan_until(&s, ":");
	scan_accept(&s, ':');
	scan_blanks(&s);
	ret->yes = scan_looking_at(&s, "True");
	scan_until(&s, "[;");
	if (scan_accept(&s, '[')) {
		scan_blanks(&s);
		ret->score = span_dup(a, scan_until(&s, " /]"));
		scan_blanks(&s);
		scan_accept(&s, '/');
		scan_blanks(&s);
		ret->required = span_dup(a, scan_until(&s, " ]"));
	}
	while (!scan_done(&s)) {
		struct span name;

		scan_until(&s, ";");
		scan_accept(&s, ';');
		scan_blanks(&s);
		name = scan_while(&s, test_char);
		if (scan_accept(&s, '('))
			add_test(a, ret, name, span_dup(a, scan_until(&s, ")")));
	}
}
