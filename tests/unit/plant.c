/*
 * plant - a secret in every place of a configuration file.
 */
#include "tests/unit/plant.h"

#include <assert.h>
#include <string.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/str.h"

/* --- secrets --- */

static char one_of(const char *set)
{
	unsigned char byte;
	ssize_t n = getrandom(&byte, 1, 0);

	assert(n == 1);
	return set[byte % strlen(set)];
}

/* a: a letter, A: a capital, 1: a digit, h: an odd hexadecimal letter; others as they are. */
static void fill(char *to, const char *pattern)
{
	for (; *pattern; pattern++)
		switch (*pattern) {
		case 'a':
			*to++ = one_of("abcdefghijkmnpqrstuvwxyz");
			break;
		case 'A':
			*to++ = one_of("ABCDEFGHJKLMNPQRSTUVWXYZ");
			break;
		case '1':
			*to++ = one_of("23456789");
			break;
		case 'h':
			*to++ = one_of("abcdef");
			break;
		default:
			*to++ = *pattern;
		}
	*to = '\0';
}

void plant_secret(unsigned kind, struct planted *ret)
{
	static const struct { const char *what, *pieces[PIECES_MOST],
			      *between; } kinds[PLANT_SECRETS] = {
		{ "letters and digits", { "a1Aa1A1aA1", "A1a1aA1a1A" }, "" },
		{ "with punctuation", { "A1a1aA1a1A", "a1Aa1A1aA1", "1aA1a1Aa1A" }, "!&/" },
		{ "hexadecimal digits", { "h1h1h1h1h1", "1h1h1h1h1h", "h1h1h1h1h1" }, "" },
		{ "a token", { "a1A1a1Aa1A", "A1aA1a1A1a", "1Aa1A1a1aA" }, "." },
		{ "with blanks", { "A1a1aA1a1A", "a1Aa1A1aA1" }, " " },
		{ "an app password", { "aaaaaaaaaaaaaaaa" }, "" },
	};

	assert(kind < PLANT_SECRETS);
	*ret = (struct planted) { .what = kinds[kind].what, .letters = kind == 5 };
	for (size_t i = 0; i < PIECES_MOST && kinds[kind].pieces[i]; i++) {
		char between[2] = {
			i && *kinds[kind].between ?
			kinds[kind].between[(i - 1) % strlen(kinds[kind].between)] : '\0',
			'\0'
		};
		size_t n = strlen(ret->whole);

		fill(ret->pieces[i], kinds[kind].pieces[i]);
		assert(n + strlen(ret->pieces[i]) + 2 < sizeof(ret->whole));
		memcpy(ret->whole + n, between, sizeof(between));
		memcpy(ret->whole + n + strlen(between), ret->pieces[i],
		       strlen(ret->pieces[i]) + 1);
		ret->n_pieces++;
	}
}

/* --- places --- */

struct finder {
	const char	*p;
	struct place	*to;
	size_t		 n, most;
	unsigned	 line;
	size_t		 begin, end;	/* of the line */
};

static void found(struct finder *f, size_t from, size_t to)
{
	size_t next = to;

	while (from < to && ascii_is_space(f->p[from]))
		from++;
	while (to > from && (ascii_is_space(f->p[to - 1]) || strchr(",;", f->p[to - 1])))
		to--;
	if (from == to && !(from > f->begin && strchr("\"'`>=:", f->p[from - 1])))
		return;
	for (size_t i = f->n; i-- > 0 && f->to[i].line == f->line;)
		if (f->to[i].from == from && f->to[i].to == to)
			return;
	while (next < f->end && strchr("\"'` ]", f->p[next]))
		next++;
	if (f->n < f->most)
		f->to[f->n++] = (struct place) {
			from, to, f->line,
			f->p[f->begin] == '[' || (next < f->end && strchr("=:(", f->p[next])),
		};
}

static void in_quotes(struct finder *f)
{
	for (size_t i = f->begin; i < f->end; i++) {
		const char *close = strchr("\"'`", f->p[i]) ?
				    memchr(f->p + i + 1, f->p[i], f->end - i - 1) : NULL;

		if (!close)
			continue;
		found(f, i + 1, (size_t)(close - f->p));
		i = (size_t)(close - f->p);
	}
}

static void between_tags(struct finder *f)
{
	for (size_t i = f->begin; i < f->end; i++) {
		const char *open = f->p[i] == '>' ? memchr(f->p + i, '<', f->end - i) : NULL;

		if (open)
			found(f, i + 1, (size_t)(open - f->p));
	}
}

/* What follows the first blank, and each separator; every word, and every part between colons. */
static void words(struct finder *f)
{
	size_t start = f->begin;

	for (size_t i = f->begin; i < f->end; i++)
		if (f->p[i] == '=' || f->p[i] == ':')
			found(f, i + 1, f->end);
	for (size_t i = f->begin; i <= f->end; i++) {
		if (i < f->end && !ascii_is_space(f->p[i]) && f->p[i] != ':')
			continue;
		/* A name with its value is no place of its own. */
		if (!memchr(f->p + start, '=', i - start))
			found(f, start, i);
		if (i < f->end && ascii_is_space(f->p[i]) && start == f->begin && i > start)
			found(f, i, f->end);
		start = i + 1;
	}
}

size_t plant_places(const char *p, size_t n, struct place *ret, size_t most)
{
	struct finder f = { .p = p, .to = ret, .most = most };

	while (f.begin < n) {
		const char *end = memchr(p + f.begin, '\n', n - f.begin);
		size_t blank = f.begin;

		f.end = end ? (size_t)(end - p) : n;
		f.line++;
		while (blank < f.end && ascii_is_space(p[blank]))
			blank++;
		/* Comments are nobody's value. */
		if (blank < f.end && p[blank] != '#' && p[blank] != ';' &&
		    strncmp(p + blank, "//", 2) != 0) {
			in_quotes(&f);
			between_tags(&f);
			words(&f);
		}
		f.begin = f.end + 1;
	}
	return f.n;
}

/* --- forms --- */

const struct plant_form plant_forms[] = {
	{ "%", true }, { "\"%\"", true }, { "'%'", true }, { "user:%", true }, { "%:user", true },
	{ "static:user:%", true },
	{ "smtp://user:%@smtp.example.com:587", true }, { "smtp://%@smtp.example.com", true },
	{ "sendgrid+api://%@default", true }, { "gmail+smtp://user:%p@default?x=%", true },
	{ "scan@contoso.com:%", true },
	{ "smtp.example.com:%", true }, { "[%]:587", true }, { "%p", true }, { "user:%p", true },
	{ "%b", true }, { "%B", true },
	{ "% # x", true }, { "x % y", true }, { "\\\n  %", true }, { "x \\\n\t%", true },
	{ "%,%", true }, { "%|%|%", true },
	{ "DOMAIN\\%", false }, { "${X:-%}", true }, { "${%}", true }, { "!secret %", true },
	{ "vault:%", true },
	{ "%@smtp.example.com", false }, { "Name <%@contoso.com>", false },
	{ "%.example.com", false },
	{ "$__file{/run/%}", false }, { "hash:/etc/%", false }, { "/etc/ssl/%.pem", false },
	{ "https://user:%@login.example.com/t?s=%", true },
	{ "https://login.example.com/%/token", false },
	{ "account % : %", false }, { NULL, false },
};

static const char *in_percent(struct arena *a, const char *s)
{
	const char *out = "";

	for (; *s; s++)
		out = arena_printf(a, ascii_is_alnum(*s) ? "%s%c" : "%s%%%02X", out,
				   (unsigned char)*s);
	return out;
}

static const char *in_base64(struct arena *a, const char *p, size_t n)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(1024);

	base64_encode(&b, p, n);
	return arena_strdup(a, buf_str(&b));
}

const char *plant_written(struct arena *a, const char *form, const struct planted *s)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(4096);
	size_t n = strlen(s->whole);

	for (; *form; form++) {
		if (*form != '%') {
			buf_addc(&b, *form);
		} else if (form[1] == 'p') {
			buf_adds(&b, in_percent(a, s->whole));
			form++;
		} else if (form[1] == 'b') {
			buf_adds(&b, in_base64(a, s->whole, n));
			form++;
		} else if (form[1] == 'B') {
			char plain[256] = "\0user";

			memcpy(plain + 6, s->whole, n);
			buf_adds(&b, in_base64(a, plain, n + 6));
			form++;
		} else {
			buf_adds(&b, s->whole);
		}
	}
	return arena_strdup(a, buf_str(&b));
}
