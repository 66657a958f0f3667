/*
 * Conditions, as rules.tsv and other tables have them, into terms; mistakes are told with their
 * place.
 */
#include "know/rule.h"

#include "base/scan.h"
#include "base/status.h"
#include "base/str.h"
#include "know/tables.h"

/* One condition while it is read. */
struct reader {
	const struct know *know;
	struct arena	*arena;
	struct scan	 s;
	const char	*error;
};

static bool bad(struct reader *r, const char *what)
{
	if (!r->error)
		r->error = arena_printf(r->arena, "at %zu: %s", scan_pos(&r->s) + 1, what);
	return false;
}

static bool name_char(char c)
{
	return ascii_is_alnum(c) || strchr(".:-*$?", c);
}

/* The longest operator first. */
static const struct { const char *text; enum rule_op op; } operators[] = {
	{ "!=", OP_NE }, { "!~", OP_NOT_GLOB }, { "<=", OP_LE }, { ">=", OP_GE }, { "=", OP_EQ },
	{ "~", OP_GLOB }, { "<", OP_LT }, { ">", OP_GT },
};

static bool read_op(struct reader *r, enum rule_op *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(operators); i++) {
		if (!scan_accept_str(&r->s, operators[i].text))
			continue;
		*ret = operators[i].op;
		scan_blanks(&r->s);
		return true;
	}
	return false;
}

static bool is_number_op(enum rule_op op)
{
	return op == OP_LT || op == OP_GT || op == OP_LE || op == OP_GE;
}

static bool read_number(struct reader *r, long *ret)
{
	bool minus = scan_accept(&r->s, '-');
	long n = (long)scan_number(&r->s, 1000000000);

	if (scan_failed(&r->s))
		return bad(r, "expected a number");
	*ret = minus ? -n : n;
	return true;
}

/* Up to " & ", the closing parenthesis, or the end. */
static struct span read_value(struct reader *r, bool inside)
{
	size_t from = scan_pos(&r->s);
	const char *p = r->s.p;

	while (!scan_done(&r->s) && !scan_looking_at(&r->s, " & ") &&
	       !(inside && scan_peek(&r->s) == ')'))
		scan_take(&r->s, 1);
	return span_trim((struct span) { p, scan_pos(&r->s) - from });
}

static enum rule_subject subject_of(const char **name)
{
	static const struct { const char *prefix; enum rule_subject subject; } table[] = {
		{ "finding:", SUBJECT_FINDING }, { "check:", SUBJECT_CHECK },
		{ "cause:", SUBJECT_CAUSE }, { "reply:", SUBJECT_REPLY },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (str_has_prefix(*name, table[i].prefix)) {
			*name += strlen(table[i].prefix);
			return table[i].subject;
		}
	}
	return SUBJECT_FACT;
}

/* A status or a stage that does not exist would never be found. */
static bool known_words(struct reader *r, const struct rule_term *t)
{
	if (t->subject == SUBJECT_REPLY && !str_eq(t->name, "*") &&
	    stage_of(t->name) == STAGE_UNKNOWN)
		return bad(r, "no such stage");
	if (t->subject == SUBJECT_REPLY && t->op == OP_THERE)
		return true;
	if ((t->subject == SUBJECT_FINDING || t->subject == SUBJECT_CAUSE) && t->op != OP_THERE)
		return bad(r, "a finding or a cause is there or not: no comparison");
	for (size_t i = 0; t->subject == SUBJECT_CHECK && i < t->values.n; i++) {
		bool found = false;

		for (enum status s = STATUS_PASS; s <= STATUS_UNKNOWN; s++)
			found |= str_eq(status_name(s), t->values.v[i]);
		if (!found)
			return bad(r, "no such status");
	}
	return true;
}

/* name [op value] */
static bool read_atom(struct reader *r, struct rule_term *t, bool inside)
{
	struct span name = scan_while(&r->s, name_char), value;
	const char *set;

	if (!name.len)
		return bad(r, "expected a name");
	t->name = span_dup(r->arena, name);
	t->subject = subject_of(&t->name);
	if (!scan_done(&r->s) && !scan_looking_at(&r->s, " & ") && scan_peek(&r->s) != ')') {
		scan_blanks(&r->s);
		if (!read_op(r, &t->op))
			return bad(r, "expected = != ~ !~ < <= > or >=");
		if (is_number_op(t->op))
			return read_number(r, &t->number);
		value = read_value(r, inside);
		strv_split(&t->values, r->arena, span_dup(r->arena, value), '|');
		if (!t->values.n)
			return bad(r, "expected a value");
		set = r->know ? sets_expand(r->know, &t->values) : NULL;
		if (set)
			return bad(r, arena_printf(r->arena, "'%s' is no set of sets.tsv", set));
	}
	return known_words(r, t);
}

static bool read_over(struct reader *r, struct rule_term *t)
{
	static const struct { const char *text; enum rule_over over; } words[] = {
		{ "any(", OVER_ANY }, { "all(", OVER_ALL }, { "none(", OVER_NONE },
		{ "count(", OVER_COUNT },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (scan_accept_str(&r->s, words[i].text)) {
			t->over = words[i].over;
			return true;
		}
	}
	return false;
}

static bool read_term(struct reader *r, struct rule_term *t)
{
	t->negated = scan_accept(&r->s, '!');
	if (!read_over(r, t))
		return read_atom(r, t, false);
	if (!read_atom(r, t, true))
		return false;
	if (!scan_accept(&r->s, ')'))
		return bad(r, "expected )");
	if (t->over != OVER_COUNT)
		return true;
	scan_blanks(&r->s);
	if (!read_op(r, &t->count_op) || t->count_op == OP_GLOB || t->count_op == OP_NOT_GLOB)
		return bad(r, "expected a comparison with a number after count()");
	return read_number(r, &t->count);
}

const char *rule_parse(const struct know *k, struct arena *a, const char *when, struct rule *ret)
{
	struct reader r = { .know = k, .arena = a, .s = scan_span(span_of(when)) };
	size_t n = 1;

	for (const char *p = when; (p = strstr(p, " & ")); p++)
		n++;
	ret->terms = arena_alloc(a, n * sizeof(*ret->terms));
	do {
		struct rule_term *t = &ret->terms[ret->n_terms++];

		scan_blanks(&r.s);
		if (!read_term(&r, t))
			return r.error;
		ret->per_port |= strchr(t->name, '$') != NULL;
	} while (scan_accept_str(&r.s, " & "));
	if (!scan_done(&r.s))
		bad(&r, "expected ' & ' or the end");
	return r.error;
}

