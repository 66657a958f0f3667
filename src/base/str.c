/*
 * str - strings as bytes, without a locale. Escaping and UTF-8 are in escape.c.
 */
#include "base/str.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"

struct span span_of(const char *s)
{
	return (struct span) { s ? s : "", s ? strlen(s) : 0 };
}

/* A line ends in CRLF (RFC 5321, 2.3.8). Senders that convert LF twice write CR CR LF; others write
 * LF alone. */
struct span span_line(struct span line)
{
	if (line.len && line.p[line.len - 1] == '\n')
		line.len--;
	while (line.len && line.p[line.len - 1] == '\r')
		line.len--;
	return line;
}

static bool is_edge(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct span span_trim(struct span s)
{
	while (s.len && is_edge(s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len && is_edge(s.p[s.len - 1]))
		s.len--;
	return s;
}

static bool same_nocase(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ascii_lower(a[i]) != ascii_lower(b[i]))
			return false;
	return true;
}

bool span_eq(struct span a, const char *b)
{
	return a.len == strlen(b) && (a.len == 0 || memcmp(a.p, b, a.len) == 0);
}

bool span_eq_nocase(struct span a, const char *b)
{
	return a.len == strlen(b) && same_nocase(a.p, b, a.len);
}

bool span_has_prefix_nocase(struct span a, const char *prefix)
{
	size_t n = strlen(prefix);

	return a.len >= n && same_nocase(a.p, prefix, n);
}

/* The place of the needle's rarest-looking byte: there are fewer places to compare. */
static size_t telling_byte(struct span needle)
{
	static const bool frequent[256] = {
		[' '] = true, ['a'] = true, ['e'] = true, ['i'] = true, ['l'] = true, ['n'] = true,
		['o'] = true, ['r'] = true, ['s'] = true, ['t'] = true,
	};

	for (size_t i = 0; i < needle.len; i++)
		if (!frequent[(unsigned char)ascii_lower(needle.p[i])])
			return i;
	return 0;
}

/* The byte at p or later, before end; end when it is not there. */
static const char *next_byte(const char *p, const char *end, char c)
{
	const char *at = p < end ? memchr(p, c, (size_t)(end - p)) : NULL;

	return at ? at : end;
}

const char *span_find_nocase(struct span hay, struct span needle)
{
	const char *p, *end, *low, *up;
	size_t at;
	char lower, upper;

	if (needle.len == 0)
		return hay.p;
	if (needle.len > hay.len)
		return NULL;
	at = telling_byte(needle);
	lower = ascii_lower(needle.p[at]);
	upper = ascii_upper(lower);
	p = hay.p + at;
	end = p + (hay.len - needle.len) + 1;
	low = next_byte(p, end, lower);
	up = upper == lower ? end : next_byte(p, end, upper);
	while ((p = low < up ? low : up) < end) {
		if (same_nocase(p - at, needle.p, needle.len))
			return p - at;
		if (p == low)
			low = next_byte(p + 1, end, lower);
		else
			up = next_byte(p + 1, end, upper);
	}
	return NULL;
}

struct span span_from(struct span s, const char *at)
{
	return (struct span) { at, (size_t)(s.p + s.len - at) };
}

bool span_has(struct span s, const char *word)
{
	return span_find_nocase(s, span_of(word)) != NULL;
}

char *span_dup(struct arena *a, struct span s)
{
	char *p = arena_alloc(a, s.len + 1);

	if (s.len)
		memcpy(p, s.p, s.len);
	return p;
}

bool str_eq(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool str_eq_nocase(const char *a, const char *b)
{
	return a && b ? span_eq_nocase(span_of(a), b) : a == b;
}

bool str_has_prefix(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_has_prefix_nocase(const char *s, const char *prefix)
{
	return span_has_prefix_nocase(span_of(s), prefix);
}

bool str_has_suffix_nocase(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && same_nocase(s + n - m, suffix, m);
}

const char *str_find_nocase(const char *hay, const char *needle)
{
	return span_find_nocase(span_of(hay), span_of(needle));
}

char *str_lower(struct arena *a, const char *s)
{
	char *p = arena_strdup(a, s);

	for (char *c = p; *c; c++)
		*c = ascii_lower(*c);
	return p;
}

/*
 * On a mismatch only the last star is tried again, one byte further: an earlier
 * one can't do better.
 */
bool str_glob(const char *glob, const char *s)
{
	const char *star = NULL, *from = NULL;

	while (*s) {
		if (*glob == '*') {
			star = ++glob;
			from = s;
		} else if (*glob == '?' || (*glob && ascii_lower(*glob) == ascii_lower(*s))) {
			glob++;
			s++;
		} else if (star) {
			glob = star;
			s = ++from;
		} else {
			return false;
		}
	}
	while (*glob == '*')
		glob++;
	return *glob == '\0';
}

bool str_number(const char *s, unsigned long max, unsigned long *ret_n)
{
	unsigned long n = 0;

	if (!*s)
		return false;
	for (; *s; s++) {
		unsigned long digit = (unsigned long)(*s - '0');

		if (!ascii_is_digit(*s) || digit > max || n > (max - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*ret_n = n;
	return true;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The next of the words joined by "|"; false behind the last. */
static bool next_word(const char **words, struct span *ret)
{
	if (!**words)
		return false;
	*ret = (struct span) { *words, strcspn(*words, "|") };
	*words += ret->len;
	*words += **words == '|';
	return true;
}

bool str_in(const char *s, const char *words)
{
	struct span w;

	while (s && next_word(&words, &w))
		if (strncmp(s, w.p, w.len) == 0 && !s[w.len])
			return true;
	return false;
}

bool span_in(struct span s, const char *words)
{
	struct span w;

	while (next_word(&words, &w))
		if (s.len == w.len && span_find_nocase(s, w))
			return true;
	return false;
}

bool span_has_any(struct span s, const char *words)
{
	struct span w;

	while (next_word(&words, &w))
		if (span_find_nocase(s, w))
			return true;
	return false;
}

bool str_globs(const char *globs, const char *s)
{
	for (;; globs++) {
		size_t n = strcspn(globs, "|");
		char word[128];

		if (n >= sizeof(word))
			return false;
		memcpy(word, globs, n);
		word[n] = '\0';
		if (str_glob(word, s))
			return true;
		globs += n;
		if (!*globs)
			return false;
	}
}

size_t str_slips(const char *a, const char *b)
{
	size_t rows[3][STR_SLIPS_MOST + 1], n = strlen(a), m = strlen(b);

	if (n > STR_SLIPS_MOST || m > STR_SLIPS_MOST)
		return STR_SLIPS_MOST;
	for (size_t j = 0; j <= m; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		/* two rows up, one row up */
		const size_t *before = rows[(i + 1) % 3], *above = rows[(i - 1) % 3];
		size_t *row = rows[i % 3];

		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			row[j] = least(above[j], row[j - 1]) + 1;
			row[j] = least(row[j],
				       above[j - 1] +
				       (ascii_lower(a[i - 1]) != ascii_lower(b[j - 1])));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
	}
	return rows[n % 3][m];
}

char ascii_mapped(char c, const char *from, const char *to)
{
	const char *at = strchr(from, c);

	return at ? to[at - from] : c;
}

bool ascii_is_host(char c)
{
	return ascii_is_alnum(c) || c == '.' || c == '-';
}

int ascii_hex(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

const char *str_domain(const char *address)
{
	const char *at = address ? strrchr(address, '@') : NULL;

	return at ? at + 1 : "";
}

bool is_guid(const char *s)
{
	size_t i;

	for (i = 0; s[i] && i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s[i] != '-' : ascii_hex(s[i]) < 0)
			return false;
	}
	return i == 36 && !s[i];
}

size_t utf8_put(char out[4], unsigned long c)
{
	size_t n = 1;

	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	n += (c >= 0x800) + (c >= 0x10000);
	out[0] = (char)((0xff00 >> (n + 1) & 0xff) | c >> 6 * n);
	for (size_t i = n; i; i--)
		out[n + 1 - i] = (char)(0x80 | (c >> 6 * (i - 1) & 0x3f));
	return n + 1;
}
