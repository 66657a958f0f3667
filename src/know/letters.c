/*
 * Sentences as the lexicon compares them. Two passes: letters first (narrow()), then words.
 */
#include "know/letters.h"

#include "base/arena.h"
#include "base/attr.h"

/* --- letters --- */

/* U+00C0 to U+017F: the letter without its accent. A sharp s is two (below). */
static const char latin[] =
	"aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty"
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrr"
	"ssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/* The sequence at p as a code point; a byte that begins none is one of ISO 8859-1. */
static unsigned long code_point(const char *p, size_t left, size_t *ret_n)
{
	size_t n = str_utf8(p, left);
	unsigned long c = (unsigned char)*p;

	*ret_n = n ? n : 1;
	if (n < 2)
		return c;
	c &= 0x7fU >> n;
	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)p[i] & 0x3f);
	return c;
}

/* Marks and blanks beyond ASCII as the ASCII that means the same; 0 = it is none of them. */
static char plain_mark(unsigned long c)
{
	static const struct { unsigned short c; char as; } marks[] = {
		{ 0xa0, ' ' }, { 0xa1, ' ' }, { 0xab, '"' }, { 0xb4, '\'' }, { 0xb7, ' ' },
		{ 0xbb, '"' },
		{ 0xbf, ' ' }, { 0x2011, '-' }, { 0x2013, '-' }, { 0x2014, ' ' }, { 0x2018, '\'' },
		{ 0x2019, '\'' }, { 0x201a, '\'' }, { 0x201c, '"' }, { 0x201d, '"' },
		{ 0x201e, '"' }, { 0x2026, ' ' }, { 0x200b, ' ' }, { 0x3000, ' ' }, { 0x3001, ' ' },
		{ 0x3002, ';' }, { 0x300c, '"' }, { 0x300d, '"' }, { 0x30fb, ' ' }, { 0xfeff, ' ' },
	};

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		if (marks[i].c == c)
			return marks[i].as;
	}
	return 0;
}

/* Cyrillic letters: small ones; yo as ye. */
static unsigned long cyrillic(unsigned long c)
{
	if (c == 0x401 || c == 0x451)
		return 0x435;
	if (c >= 0x410 && c <= 0x42f)
		return c + 0x20;
	return c >= 0x400 && c <= 0x40f ? c + 0x50 : c;
}

/* Is it a capital of those? In U+0139 to U+0148 and from U+0179 on the odd ones are. */
static bool latin_capital(unsigned long c)
{
	if (c < 0x100)
		return c < 0xdf;
	return ((c >= 0x139 && c <= 0x148) || c >= 0x179 ? c & 1 : !(c & 1)) && c != 0x17f;
}

static char *put_letter(char *to, unsigned long c)
{
	char mark;

	if (c >= 0xff01 && c <= 0xff5e)		/* full-width forms */
		c -= 0xfee0;
	if (c < 0x80) {
		*to++ = c < ' ' || c == 0x7f ? ' ' : (char)c;
		return to;
	}
	mark = plain_mark(c);
	if (mark) {
		*to++ = mark;
	} else if (c == 0xdf || c == 0x1e9e) {	/* sharp s */
		*to++ = 's';
		*to++ = 's';
	} else if (c >= 0xc0 && c < 0xc0 + sizeof(latin) - 1) {
		*to++ = latin_capital(c) ? ascii_upper(latin[c - 0xc0]) : latin[c - 0xc0];
	} else if (c < 0xa0 || (c >= 0x300 && c <= 0x36f)) {
		;				/* controls, accents that stand alone */
	} else {
		to += utf8_put(to, cyrillic(c));
	}
	return to;
}

/* Never longer: what becomes two bytes had two. But a byte that was no UTF-8 may become two. */
static struct span narrow(struct arena *a, struct span text)
{
	char *out = arena_alloc(a, 2 * text.len + 4), *to = out;

	for (size_t i = 0, n; i < text.len; i += n) {
		n = 1;
		if (ascii_is_print(text.p[i]))		/* most are */
			*to++ = text.p[i];
		else
			to = put_letter(to, code_point(text.p + i, text.len - i, &n));
	}
	return (struct span) { out, (size_t)(to - out) };
}

bool letters_word_at(const char *p)
{
	unsigned char c = (unsigned char)*p;

	return ascii_is_alnum(*p) || (c >= 0xc2 && c < 0xe0);
}

bool letters_word_before(const char *start, const char *p)
{
	if (p == start)
		return false;
	if ((unsigned char)p[-1] < 0x80)
		return ascii_is_alnum(p[-1]);
	for (p--; p > start && ((unsigned char)*p & 0xc0) == 0x80; p--)
		;
	return letters_word_at(p);
}

/* --- words --- */

struct writer {
	char	*start, *to;
};

static void put_blank(struct writer *w)
{
	if (w->to > w->start && w->to[-1] != ' ' && w->to[-1] != '\n')
		*w->to++ = ' ';
}

static void put_end(struct writer *w)
{
	if (w->to > w->start && w->to[-1] == ' ')
		w->to--;
	if (w->to > w->start && w->to[-1] != '\n')
		*w->to++ = '\n';
}

static void put_sign(struct writer *w, char sign)
{
	put_blank(w);
	*w->to++ = sign;
	put_blank(w);
}

/* Letters and digits; everything else is between words, and so is the seam in "MailboxFull". */
static void put_words(struct writer *w, struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (!ascii_is_alnum(c)) {
			put_blank(w);
			continue;
		}
		if (i && c >= 'A' && c <= 'Z' && s.p[i - 1] >= 'a' && s.p[i - 1] <= 'z')
			put_blank(w);
		*w->to++ = ascii_lower(c);
	}
}

static bool is_ip(struct span s)
{
	size_t dots = 0, colons = 0, digits = 0;

	for (size_t i = 0; i < s.len; i++) {
		dots += s.p[i] == '.';
		colons += s.p[i] == ':';
		digits += ascii_is_digit(s.p[i]);
		if (s.p[i] == '/' && dots + colons > 2)
			break;
		if (s.p[i] != '.' && s.p[i] != ':' && ascii_hex(s.p[i]) < 0)
			return false;
		if (ascii_is_alpha(s.p[i]) && dots)
			return false;
	}
	return digits && ((dots == 3 && colons < 2) || colons > 2);
}

/* "mx1.contoso.com", "contoso-com.mail.protection.outlook.com"; but not "rejected.Please", "5.7.1",
 * "e.g". */
static bool is_host(struct span s)
{
	size_t last = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (!ascii_is_host(s.p[i]) && s.p[i] != '_')
			return false;
		if (s.p[i] == '.')
			last = i + 1;
	}
	if (!last || s.len - last < 2 || s.len - last > 6 || !ascii_is_alpha(s.p[last]))
		return false;
	return s.p[last] >= 'a' || !(s.p[last + 1] >= 'a');
}

static int sign_of(struct span s)
{
	const char *at = memchr(s.p, '@', s.len);
	struct span domain = at ? span_from(s, at + 1) : s;

	if (at && at > s.p && domain.len)
		return LETTER_ADDRESS;
	if (memmem(s.p, s.len, "://", 3) || span_has_prefix_nocase(s, "www."))
		return LETTER_PAGE;
	if (is_ip(s))
		return LETTER_IP;
	if (memchr(s.p, '/', s.len) && is_host((struct span) {
		s.p, (size_t)((const char *)memchr(s.p, '/', s.len) - s.p) }))
		return LETTER_PAGE;
	return is_host(s) ? LETTER_HOST : 0;
}

/* One run of ASCII without a blank or bracket, and what ends the sentence behind it. */
static void put_token(struct writer *w, struct span s, bool ends)
{
	size_t n = s.len, whole = n;
	const char *colon;
	int sign;

	while (n && strchr(".:-_/?,;!*'", s.p[n - 1]))
		n--;
	ends = ends && s.len == n + 1 && s.p[n] == '.';
	s.len = n;
	/* "smtp:jo@contoso.com", "recipient:jo@contoso.com" */
	colon = n ? memchr(s.p, ':', n) : NULL;
	if (colon && memchr(s.p, '@', n) && !memchr(s.p, '@', (size_t)(colon - s.p))) {
		put_words(w, (struct span) { s.p, (size_t)(colon - s.p) });
		s = span_from(s, colon + 1);
	}
	sign = s.len ? sign_of(s) : 0;
	if (sign)
		put_sign(w, (char)sign);
	else
		put_words(w, s);
	if (ends)
		put_end(w);
	else if (n < whole)
		put_blank(w);
}

static bool in_token(char c)
{
	return ascii_is_alnum(c) || (ascii_is_print(c) && !strchr(" <>()[]{}\"',;|=!?*`", c));
}

/* Where a token ends that begins at i: the address of a page has more marks in it. */
static size_t token_end(struct span in, size_t i)
{
	bool page = false;

	for (; i < in.len; i++) {
		page |= in.p[i] == '/' && i && in.p[i - 1] == '/';
		if (!in_token(in.p[i]) && !(page && in.p[i] && strchr("?=&,;!*'", in.p[i])))
			break;
	}
	return i;
}

static char *words_of(struct arena *a, struct span in)
{
	struct writer w;

	w.start = w.to = arena_alloc(a, 3 * in.len + 4);
	for (size_t i = 0; i < in.len;) {
		size_t from = i;

		i = token_end(in, i);
		if (i > from) {
			put_token(&w, (struct span) { in.p + from, i - from },
				  i == in.len || ascii_is_space(in.p[i]));
			continue;
		}
		if (strchr(";!?", in.p[i]) && in.p[i])
			put_end(&w);
		else if (in.p[i] > 0 && in.p[i] < ' ')
			put_sign(&w, in.p[i]);	/* of a wording */
		else if ((unsigned char)in.p[i] < 0x80)
			put_blank(&w);
		else
			*w.to++ = in.p[i];
		i++;
	}
	if (w.to > w.start && w.to[-1] == ' ')
		w.to--;
	*w.to = '\0';
	return w.start;
}

char *letters_plain(struct arena *a, struct span text)
{
	return words_of(a, narrow(a, text));
}

char *letters_of_wording(struct arena *a, struct span text)
{
	static const struct { const char *name; char sign; } signs[] = {
		{ "{ip}", LETTER_IP }, { "{address}", LETTER_ADDRESS }, { "{page}", LETTER_PAGE },
		{ "{host}", LETTER_HOST },
	};
	struct span s = narrow(a, text);
	char *p = (char *)s.p;

	for (size_t i = 0; memchr(p, '{', s.len) && i < ARRAY_LEN(signs); i++) {
		char *at = memmem(p, s.len, signs[i].name, strlen(signs[i].name));

		if (!at)
			continue;
		memset(at, ' ', strlen(signs[i].name));
		*at = signs[i].sign;
	}
	return words_of(a, s);
}
