/*
 * The words of a refusal as a number. The same refusal comes a million times with another address,
 * another id, another time in it: those are left out. Reply codes, enhanced codes, ports, names of
 * hosts and the codes of Entra (AADSTS50126) stay: they can tell causes apart.
 */
#include "logs/inside.h"

#include <string.h>

#include "base/scan.h"

/* A number this long, or a word of letters and digits mixed, is an id. */
enum { LONG_NUMBER = 6, ID_LEAST = 6, ADDRESS_MOST = 320 };

static uint64_t add(uint64_t h, char c)
{
	return (h ^ (unsigned char)c) * 1099511628211u;		/* FNV-1a */
}

static bool id_char(char c)
{
	return ascii_is_alnum(c) || c == '_';
}

/*
 * Letters and digits in turn, as ids have them; "AADSTS50126" and "xoauth2" end in
 * digits, and are words.
 */
static bool is_mixed(struct span w)
{
	bool digit = false, letter_after = false, letter = false;

	for (size_t i = 0; i < w.len; i++) {
		letter_after |= digit && ascii_is_alpha(w.p[i]);
		digit |= ascii_is_digit(w.p[i]);
		letter |= ascii_is_alpha(w.p[i]);
	}
	return w.len >= ID_LEAST && digit && letter && letter_after;
}

static bool is_number(struct span w)
{
	for (size_t i = 0; i < w.len; i++)
		if (!ascii_is_digit(w.p[i]))
			return false;
	return w.len > 0;
}

/* "192.0.2.1", "12:00:00": how long it is, 0 when it's neither. */
static size_t address_or_time(const char *p, const char *end)
{
	const char *q = p, *colon = NULL;
	unsigned dots = 0, colons = 0;

	if (end - p > ADDRESS_MOST)
		end = p + ADDRESS_MOST;
	while (q < end && (ascii_is_digit(*q) ||
			   ((*q == '.' || *q == ':') && q + 1 < end && ascii_is_digit(q[1])))) {
		dots += *q == '.' && !colons;
		colons += *q == ':';
		colon = *q == ':' && !colon ? q : colon;
		q++;
	}
	if (dots == 3)
		return (size_t)((colon ? colon : q) - p);
	return colons == 2 && q - p >= 7 ? (size_t)(q - p) : 0;
}

/* "<a@b>", "<>": what stands between. An address without brackets: all of it. */
static size_t mail_address(const char *p, const char *end)
{
	const char *q = p, *at = NULL;

	if (end - p > ADDRESS_MOST)
		end = p + ADDRESS_MOST;
	if (*p == '<') {
		while (q < end && !ascii_is_space(*q) && *q != '>')
			q++;
		return q < end && *q == '>' ? (size_t)(q + 1 - p) : 0;
	}
	while (q < end && (ascii_is_alnum(*q) || strchr("._-+=%@", *q) != NULL) && *q) {
		if (*q == '@')
			at = q;
		q++;
	}
	return at && at > p && q > at + 1 ? (size_t)(q - p) : 0;
}

/* The next part of words joined by dots and hyphens; the place behind it. */
static struct span part_at(const char *p, const char *end)
{
	const char *q = p;

	while (q < end && id_char(*q))
		q++;
	return (struct span) { p, (size_t)(q - p) };
}

/* Another part behind this one? */
static bool goes_on(const char *q, const char *end)
{
	return end - q >= 2 && (*q == '.' || *q == '-') && id_char(q[1]);
}

static bool is_id(struct span w)
{
	return is_mixed(w) || (w.len >= LONG_NUMBER && is_number(w));
}

/*
 * A word, or several joined: "31-20020a05aa.49" is an id, of "BL1PR01MB1234.prod.example" the end
 * stays. Answers where it ends.
 */
static const char *add_word(uint64_t *h, const char *p, const char *end)
{
	bool any = false;
	const char *q;
	struct span w;

	if (end - p > ADDRESS_MOST)
		end = p + ADDRESS_MOST;
	for (q = p; !any; q++) {
		w = part_at(q, end);
		any = is_id(w);
		q += w.len;
		if (!goes_on(q, end))
			break;
	}
	for (;; p++) {
		w = part_at(p, end);
		if (any && (is_id(w) || is_number(w)))
			*h = add(*h, '*');
		else
			for (size_t i = 0; i < w.len; i++)
				*h = add(*h, ascii_lower(w.p[i]));
		p += w.len;
		if (!goes_on(p, end))
			return p;
		*h = add(*h, any ? '.' : *p);
	}
}

/* How long the name is that stands between blanks at p; 0 when there is none. */
static size_t name_at(const struct vocabulary *v, struct span text, const char *p)
{
	const char *end = text.p + text.len, *q = p;

	if (p > text.p && p[-1] != ' ')
		return 0;
	while (q < end && ascii_is_alpha(*q))
		q++;
	if ((q < end && *q != ' ') || !vocabulary_is_name(v, (struct span) { p, (size_t)(q - p) }))
		return 0;
	return (size_t)(q - p);
}

uint64_t tally_key(uint64_t seed, struct span text, struct span relay, const struct vocabulary *v)
{
	const char *p = text.p, *end = p + text.len;
	uint64_t h = seed;

	while (p < end) {
		size_t n = 0;

		if (relay.len && *p == *relay.p && (size_t)(end - p) >= relay.len &&
		    memcmp(p, relay.p, relay.len) == 0)
			n = relay.len;
		else if (ascii_is_digit(*p))
			n = address_or_time(p, end);
		if (!n && (*p == '<' || id_char(*p)))
			n = mail_address(p, end);
		if (!n && v && ascii_is_alpha(*p) && (n = name_at(v, text, p)) > 0) {
			h = add(h, '~');
			p += n;
		} else if (n) {
			h = add(h, '#');
			p += n;
		} else if (id_char(*p)) {
			p = add_word(&h, p, end);
		} else if (ascii_is_space(*p)) {
			h = p > text.p && ascii_is_space(p[-1]) ? h : add(h, ' ');
			p++;
		} else {
			h = add(h, *p++);
		}
	}
	return h;
}
