#include "know/pattern.h"

#include "base/arena.h"
#include "base/attr.h"

/* One alternative: pieces that must come in this order. */
struct alternative {
	const char	*text;
	size_t		 len;		/* without the dots */
	struct span	*pieces;
	size_t		 n;
};

struct pattern {
	const char		*written;	/* with its capitals */
	bool			 any;
	struct alternative	*alternatives;
	size_t			 n;
};

/*
 * The plain character a typographic one stands for, and its length in bytes; 0 when
 * it's not one of them.
 */
static char plain(const char *p, size_t left, size_t *ret_len)
{
	static const struct { const char *utf8; char c; } table[] = {
		{ "\xc2\xa0", ' ' }, { "\xe2\x80\x98", '\'' }, { "\xe2\x80\x99", '\'' },
		{ "\xe2\x80\x9c", '"' }, { "\xe2\x80\x9d", '"' },
		{ "\xe2\x80\x93", '-' }, { "\xe2\x80\x94", '-' }, { "\xe2\x80\x8b", ' ' },
		{ "\xef\xbb\xbf", ' ' },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		size_t n = strlen(table[i].utf8);

		if (left >= n && memcmp(p, table[i].utf8, n) == 0) {
			*ret_len = n;
			return table[i].c;
		}
	}
	return 0;
}

char *fold_span(struct arena *a, struct span text)
{
	char *out = arena_alloc(a, text.len + 1), *to = out;

	for (size_t i = 0, n; i < text.len; i += n) {
		char c = text.p[i];

		n = 1;
		if (c > ' ' && c < 0x7f) {		/* most are */
			*to++ = ascii_lower(c);
			continue;
		}
		if ((unsigned char)c >= 0xc2) {
			char other = plain(text.p + i, text.len - i, &n);

			c = other ? other : c;
		}
		if (ascii_is_space(c) || c == '\0') {
			if (to > out && to[-1] != ' ')
				*to++ = ' ';
		} else {
			*to++ = ascii_lower(c);
		}
	}
	if (to > out && to[-1] == ' ')
		to--;
	*to = '\0';
	return out;
}

char *fold(struct arena *a, const char *text)
{
	return fold_span(a, span_of(text));
}

/*
 * A separator at either end of a piece: an empty piece was meant to be between it and the next one.
 */
static bool hanging(const char *piece, size_t n)
{
	if (n == 0)
		return true;
	if (*piece != '|' && *piece != '.' && piece[n - 1] != '|' && piece[n - 1] != '.')
		return false;
	return str_has_prefix(piece, "| ") || str_has_prefix(piece, "... ") ||
	       (n >= 2 && memcmp(piece + n - 2, " |", 2) == 0) ||
	       (n >= 4 && memcmp(piece + n - 4, " ...", 4) == 0);
}

static size_t pieces_of(const char *s, const char *separator)
{
	size_t n = 1;

	for (; (s = strstr(s, separator)); s++)
		n++;
	return n;
}

/* Cuts the next piece off *s, which is NULL after the last; NULL when it is empty. */
static const char *cut(char **s, const char *separator, size_t *ret_len)
{
	char *piece = *s, *end = strstr(piece, separator);

	*s = NULL;
	if (end) {
		*end = '\0';
		*s = end + strlen(separator);
	}
	*ret_len = strlen(piece);
	return hanging(piece, *ret_len) ? NULL : piece;
}

static bool cut_alternative(struct arena *a, struct alternative *alt)
{
	char *s = (char *)alt->text;
	size_t n = pieces_of(s, " ... "), len;

	if (n > 1)
		s = arena_strdup(a, s);
	alt->pieces = arena_alloc(a, n * sizeof(*alt->pieces));
	while (s) {
		const char *piece = cut(&s, " ... ", &len);

		if (!piece)
			return false;
		alt->pieces[alt->n++] = (struct span) { piece, len };
		alt->len += len;
	}
	return true;
}

/* --- whose words --- */

/* Terms of the standards, which every server writes. */
static bool common_term(struct span word)
{
	static const char *const terms[] = {
		"ipv4", "ipv6", "smtputf8", "rfc", "oauth2", "xoauth2"
	};

	for (size_t i = 0; i < ARRAY_LEN(terms); i++) {
		if (span_find_nocase(word, span_of(terms[i])))
			return true;
	}
	return false;
}

/* "SendAsDenied", "RESOLVER.ADR", "S3150", "[TSS04]", "aka.ms/mailboxfull", "x-dg-ref_2": no word
 * of a language. */
static bool peculiar_word(struct span word)
{
	bool letters = false, digits = false;

	for (size_t i = 0; i < word.len; i++) {
		char c = word.p[i], before = i ? word.p[i - 1] : ' ',
		     next = i + 1 < word.len ? word.p[i + 1] : ' ';

		letters |= ascii_is_alpha(c);
		digits |= ascii_is_digit(c);
		if (c == '_' || (c == '.' && ascii_is_alnum(before) && ascii_is_alnum(next)))
			return !common_term(word);
		if (ascii_is_alpha(before) && ascii_lower(before) == before && ascii_is_alpha(c) &&
		    ascii_lower(c) != c)
			return !common_term(word);
	}
	return letters && digits && !common_term(word);
}

/* The words of one alternative, before their case is forgotten. */
static bool peculiar(struct span text)
{
	size_t from = 0;

	for (size_t i = 0; i <= text.len; i++) {
		if (i < text.len && text.p[i] != ' ')
			continue;
		if (peculiar_word((struct span) { text.p + from, i - from }))
			return true;
		from = i + 1;
	}
	return false;
}

/* The text of the ith alternative as it was written. */
static struct span written(const char *text, size_t i)
{
	const char *end;

	for (; i > 0; i--)
		text = strstr(text, " | ") + 3;
	end = strstr(text, " | ");
	return (struct span) { text, end ? (size_t)(end - text) : strlen(text) };
}

const struct pattern *pattern_new(struct arena *a, const char *text)
{
	struct pattern *p = arena_alloc(a, sizeof(*p));
	char *s;
	size_t len;

	p->written = text;
	if (str_eq(text, "*")) {
		p->any = true;
		return p;
	}
	s = fold(a, text);
	p->alternatives = arena_alloc(a, pieces_of(s, " | ") * sizeof(*p->alternatives));
	while (s) {
		struct alternative *alt = &p->alternatives[p->n++];

		alt->text = cut(&s, " | ", &len);
		if (!alt->text || !cut_alternative(a, alt))
			return NULL;
	}
	return p;
}

bool pattern_peculiar(const struct pattern *p, const char *alternative)
{
	/* Runs of blanks around a bar are folded, too: then nobody's words are peculiar. */
	if (p->any || pieces_of(p->written, " | ") != p->n)
		return false;
	for (size_t i = 0; i < p->n; i++) {
		if (p->alternatives[i].text == alternative)
			return peculiar(written(p->written, i));
	}
	return false;
}

bool pattern_is_any(const struct pattern *p)
{
	return p->any;
}

static bool found(const struct alternative *alt, const char *folded)
{
	for (size_t i = 0; i < alt->n; i++) {
		folded = strstr(folded, alt->pieces[i].p);
		if (!folded)
			return false;
		folded += alt->pieces[i].len;
	}
	return true;
}

bool pattern_find(const struct pattern *p, const char *folded, const char **ret_alternative,
		  size_t *ret_len)
{
	const struct alternative *best = NULL;

	for (size_t i = 0; i < p->n; i++) {
		const struct alternative *alt = &p->alternatives[i];

		if ((!best || alt->len > best->len) && found(alt, folded))
			best = alt;
	}
	if (!best && !p->any)
		return false;
	if (ret_alternative)
		*ret_alternative = best ? best->text : "";
	if (ret_len)
		*ret_len = best ? best->len : 0;
	return true;
}

/* --- what to look for first --- */

struct span pattern_plain(struct arena *a, const char *text)
{
	char before = ' ';
	const char *p = text;

	for (; *p > ' ' || (*p == ' ' && before != ' '); p++)
		before = *p;
	return span_of(*p || before == ' ' ? fold(a, text) : text);
}

/* Cuts off what is before the separator. */
static struct span cut_span(struct span *rest, struct span separator)
{
	const char *end = rest->len ? memmem(rest->p, rest->len, separator.p, separator.len) : NULL;
	struct span piece = { rest->p, end ? (size_t)(end - rest->p) : rest->len };

	*rest = end ? span_from(*rest, end + separator.len) : (struct span) { "", 0 };
	return piece;
}

bool pattern_next_piece(struct span *rest, struct span *ret)
{
	struct span alternative, piece;

	if (!rest->len)
		return false;
	alternative = cut_span(rest, SPAN_LITERAL(" | "));
	*ret = (struct span) { "", 0 };
	while (alternative.len) {
		piece = cut_span(&alternative, SPAN_LITERAL(" ... "));
		if (piece.len > ret->len)
			*ret = piece;
	}
	return true;
}
