#include "diag/pattern.h"

#include "base/arena.h"
#include "base/attr.h"
#include "base/strv.h"

/* One alternative: pieces that must come in this order. */
struct alternative {
	const char	*text;
	size_t		 len;
	struct strv	 pieces;
};

struct pattern {
	bool			 any;
	struct alternative	*alternatives;
	size_t			 n;
};

/* The plain character a typographic one stands for, and its length in bytes; 0 when it's not one of them. */
static char plain(const char *p, size_t left, size_t *ret_len)
{
	static const struct { const char *utf8; char c; } table[] = {
		{ "\xc2\xa0", ' ' }, { "\xe2\x80\x98", '\'' }, { "\xe2\x80\x99", '\'' }, { "\xe2\x80\x9c", '"' }, { "\xe2\x80\x9d", '"' },
		{ "\xe2\x80\x93", '-' }, { "\xe2\x80\x94", '-' }, { "\xe2\x80\x8b", ' ' }, { "\xef\xbb\xbf", ' ' },
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

/* A separator at either end of a piece: an empty piece was meant to be between it and the next one. */
static bool hanging(const char *piece)
{
	size_t n = strlen(piece);

	return n == 0 || str_has_prefix(piece, "| ") || str_has_prefix(piece, "... ") ||
	       (n >= 2 && memcmp(piece + n - 2, " |", 2) == 0) || (n >= 4 && memcmp(piece + n - 4, " ...", 4) == 0);
}

/* Cuts s at each separator into pieces; false when one is empty. */
static bool cut(struct arena *a, char *s, const char *separator, struct strv *ret)
{
	size_t n = strlen(separator);

	for (;;) {
		char *next = strstr(s, separator);

		if (next)
			*next = '\0';
		if (hanging(s))
			return false;
		strv_add(ret, a, s);
		if (!next)
			return true;
		s = next + n;
	}
}

const struct pattern *pattern_new(struct arena *a, const char *text)
{
	struct pattern *p = arena_alloc(a, sizeof(*p));
	struct strv alternatives = { 0 };

	if (str_eq(text, "*")) {
		p->any = true;
		return p;
	}
	if (!cut(a, fold(a, text), " | ", &alternatives))
		return NULL;
	p->alternatives = arena_alloc(a, alternatives.n * sizeof(*p->alternatives));
	for (; p->n < alternatives.n; p->n++) {
		struct alternative *alt = &p->alternatives[p->n];

		alt->text = alternatives.v[p->n];
		if (!cut(a, arena_strdup(a, alt->text), " ... ", &alt->pieces))
			return NULL;
		for (size_t i = 0; i < alt->pieces.n; i++)
			alt->len += strlen(alt->pieces.v[i]);
	}
	return p;
}

bool pattern_is_any(const struct pattern *p)
{
	return p->any;
}

static bool found(const struct alternative *alt, const char *folded)
{
	for (size_t i = 0; i < alt->pieces.n; i++) {
		folded = strstr(folded, alt->pieces.v[i]);
		if (!folded)
			return false;
		folded += strlen(alt->pieces.v[i]);
	}
	return true;
}

bool pattern_find(const struct pattern *p, const char *folded, const char **ret_alternative, size_t *ret_len)
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

bool pattern_piece(const struct pattern *p, size_t i, struct span *ret)
{
	struct span longest = { "", 0 };

	if (i >= p->n)
		return false;
	for (size_t k = 0; k < p->alternatives[i].pieces.n; k++) {
		struct span piece = span_of(p->alternatives[i].pieces.v[k]);

		if (piece.len > longest.len)
			longest = piece;
	}
	*ret = longest;
	return true;
}
