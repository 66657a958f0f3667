#ifndef BASE_STR_H
#define BASE_STR_H

/*
 * str - strings as bytes, without a locale: spans, ASCII classes, comparison, escaping, globs.
 */

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;

/* Some bytes of somebody else's string. Not NUL-terminated, may hold NULs. */
struct span {
	const char	*p;
	size_t		 len;
};

#define SPAN_LITERAL(s) ((struct span) { (s), sizeof(s) - 1 })

struct span span_of(const char *s);		/* NULL gives an empty span */
struct span span_from(struct span s, const char *at);	/* from a place in it to its end */
bool span_has(struct span s, const char *word);		/* letters' case ignored */
/* A line without its line end: an LF and all CRs before it, or CRs at the end. The only place that
 * decides where a line ends. */
struct span span_line(struct span line);
struct span span_trim(struct span s);		/* without blanks, tabs, CR and LF at both ends */
bool span_eq(struct span a, const char *b);
bool span_eq_nocase(struct span a, const char *b);
bool span_has_prefix_nocase(struct span a, const char *prefix);
/*
 * The place of needle in hay, letters' case ignored, or NULL. An empty needle is
 * found at the start.
 */
const char *span_find_nocase(struct span hay, struct span needle);
char *span_dup(struct arena *a, struct span s);

/* Inline: readers of logs call them for each byte. */
static inline bool ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool ascii_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool ascii_is_alnum(char c)
{
	return ascii_is_digit(c) || ascii_is_alpha(c);
}

/* blank, \t \r \n \v \f */
static inline bool ascii_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* 0x20 to 0x7e */
static inline bool ascii_is_print(char c)
{
	return c >= 0x20 && c <= 0x7e;
}

static inline char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static inline char ascii_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* The character of to that stands where c stands in from, else c. Both are of one length. */
char ascii_mapped(char c, const char *from, const char *to);

/* may it stand in a name or address of a host: letter, digit, . - */
bool ascii_is_host(char c);
int ascii_hex(char c);				/* the value of a hexadecimal digit, or -1 */

bool str_eq(const char *a, const char *b);	/* NULLs are equal to each other only */
bool str_eq_nocase(const char *a, const char *b);
bool str_has_prefix(const char *s, const char *prefix);
bool str_has_prefix_nocase(const char *s, const char *prefix);
bool str_has_suffix_nocase(const char *s, const char *suffix);
const char *str_find_nocase(const char *hay, const char *needle);
char *str_lower(struct arena *a, const char *s);	/* a copy in lower case */

/*
 * Does the whole of s match the glob? `*` any bytes, `?` one byte; ASCII letters' case is ignored.
 * Time: the product of the lengths at worst.
 */
bool str_glob(const char *glob, const char *s);

/*
 * Lists of words in one string, joined by "|": one of "a|b|c". Letters' case counts in str_in()
 * alone; NULL is in none.
 */
bool str_in(const char *s, const char *words);
/* does the whole of s match one? Each has 127 bytes at most */
bool str_globs(const char *globs, const char *s);
bool span_in(struct span s, const char *words);
bool span_has_any(struct span s, const char *words);	/* does one of them stand in it? */

/*
 * How many slips lie between two short words: a letter too many, too few, a wrong one, or two that
 * changed places. Of longer words than STR_SLIPS_MOST bytes: that many.
 */
enum { STR_SLIPS_MOST = 64 };
size_t str_slips(const char *a, const char *b);

/* A whole decimal number without sign or blanks, at most max. On failure false, ret_n untouched. */
bool str_number(const char *s, unsigned long max, unsigned long *ret_n);

/* What is behind the last @ of an address; "" without one, or for NULL. */
const char *str_domain(const char *address);

/*
 * Is it 8-4-4-4-12 hexadecimal digits (RFC 4122, 3)? Only such may go into a
 * command that people copy.
 */
bool is_guid(const char *s);

/*
 * Appends bytes of unknown origin in a form that is safe on a terminal and in a file: printable
 * ASCII and valid UTF-8 letters stay; control characters, DEL, C1 controls, bidi overrides and
 * invalid bytes become \xNN, CR and LF \r and \n, a tab \t, and a backslash stays as it is.
 */
void str_escape(struct buf *b, const char *p, size_t n);
char *str_escaped(struct arena *a, const char *p, size_t n);	/* the same as a copy */

/*
 * A copy of bytes as they are, but each NUL as \x00 in four characters: for evidence that
 * is kept as a string.
 */
char *str_without_nul(struct arena *a, const char *p, size_t n);

/*
 * Length of the valid UTF-8 sequence at p (1-4), or 0. Surrogates and over-long forms are invalid.
 */
size_t str_utf8(const char *p, size_t n);

/*
 * Writes a code point as UTF-8 (RFC 3629, 3), unterminated; how many bytes. c is at most 0x10ffff.
 */
size_t utf8_put(char out[4], unsigned long c);

#endif
