/*
 * Whose mail a line of a mail server's log is about: what became of one message says nothing of
 * another. Postfix and sendmail write "postfix/smtp[812]: 4F00112233: to=<jo@example.org>, ...",
 * Exim "1r0abc-000aB1-2C ** jo@example.org R=...".
 */
#include "paste/paste.h"

#include "base/map.h"
#include "paste/bounce.h"

/* Messages that are told apart; what comes after belongs to nobody in particular. */
enum { LIMIT_MESSAGES = 1000 };

static struct span none(struct span line)
{
	return (struct span) { line.p, 0 };
}

/* "]: 4F00112233: ": letters and digits, and a digit among them. */
static struct span queue_id(struct span line)
{
	const char *end = line.p + line.len, *from = span_find_nocase(line, SPAN_LITERAL("]: "));
	bool digit = false;
	const char *p;

	if (!from)
		return none(line);
	for (p = from += 3; p < end && ascii_is_alnum(*p); p++)
		digit |= ascii_is_digit(*p);
	if (!digit || p - from < 6 || p - from > 24 || p + 1 >= end || p[0] != ':' || p[1] != ' ')
		return none(line);
	return (struct span) { from, (size_t)(p - from) };
}

/* "<jo@example.org>: host mx.example.org[192.0.2.7] said: ...", a bounce's paragraph. */
static struct span bounced(struct span line)
{
	struct span to = line.len && line.p[0] == '<' ? paste_address(line) : none(line);

	return to.len && to.p == line.p + 1 && to.len + 3 < line.len &&
	       memcmp(to.p + to.len, ">: ", 3) == 0 ? to : none(line);
}

static size_t alnums(const char *p, const char *end)
{
	const char *from = p;

	while (p < end && ascii_is_alnum(*p))
		p++;
	return (size_t)(p - from);
}

/* "1r0abc-000aB1-2C" (since 4.97 "1rAbcD-00000001aBc-2dEf") as a word of its own. */
static struct span exim_id(struct span line)
{
	const char *end = line.p + line.len;

	for (const char *p = line.p; (p = memchr(p, '-', (size_t)(end - p))) != NULL; p++) {
		size_t middle = alnums(p + 1, end), last;
		const char *q = p + 1 + middle;

		if (p - line.p < 6 || alnums(p - 6, end) != 6 || (middle != 6 && middle != 11) ||
		    (p - line.p > 6 && p[-7] != ' ') || q >= end || *q != '-')
			continue;
		last = alnums(q + 1, end);
		if ((last == 2 || last == 4) && (q + 1 + last == end || q[1 + last] == ' '))
			return (struct span) { p - 6, (size_t)(q + 1 + last - p) + 6 };
	}
	return none(line);
}

/* Behind "to=" and Exim's marks of a delivery that failed or is put off. */
static struct span recipient_of(struct span line)
{
	static const char *const marks[] = { " to=<", " to=", " ** ", " == " };

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		const char *at = span_find_nocase(line, span_of(marks[i]));

		if (at)
			return paste_address(span_from(line, at + strlen(marks[i]) - 1));
	}
	return none(line);
}

struct messages {
	struct arena	*arena;
	struct map	*numbers;	/* "ID" of its first recipient, "ID RECIPIENT" of others */
	struct map	*owners;	/* who that first one is; "" not known yet */
	size_t		 n;
};

static struct paste_outcome outcome_of(struct messages *m, struct span line)
{
	struct span id = queue_id(line), to;
	struct paste_outcome nobody = { 0, "" };
	const char *message, *key, *recipient;
	char *owner;
	size_t *n;

	if (!id.len)
		id = exim_id(line);
	if (!id.len)
		id = to = bounced(line);
	else
		to = recipient_of(line);
	if (!id.len || m->n == LIMIT_MESSAGES)
		return nobody;
	message = span_dup(m->arena, id);
	recipient = span_dup(m->arena, to);
	/* What a message's lines told before its first recipient was named is about that one. */
	owner = map_get(m->owners, message);
	if (!owner || !*owner) {
		owner = span_dup(m->arena, to);
		map_set(m->owners, message, owner);
	}
	key = !to.len || str_eq_nocase(owner, recipient) ? message :
	      arena_printf(m->arena, "%s %s", message, recipient);
	n = map_get(m->numbers, key);
	if (!n) {
		n = arena_alloc(m->arena, sizeof(*n));
		*n = ++m->n;
		map_set(m->numbers, key, n);
	}
	return (struct paste_outcome) { *n, recipient };
}

struct paste_outcome *paste_outcomes(struct arena *a, const struct paste_lines *lines)
{
	struct messages m = { .arena = a, .numbers = map_new(a), .owners = map_new(a) };
	struct paste_outcome *v = arena_alloc(a, (lines->n + 1) * sizeof(*v));

	for (size_t i = 0; i < lines->n; i++)
		v[i] = outcome_of(&m, (struct span) { lines->v[i].text, lines->v[i].len });
	return v;
}
