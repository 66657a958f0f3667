/*
 * redact-index - all runs of eight bytes of all secrets, and of their base64, in one table: a text
 * is looked through once, whatever there is to be found.
 *
 * Everything is compared folded: letters in lower case, the alphabets of base64 as one, a blank as
 * the plus sign that a form has for it. The base64 in the table is for what was turned into upper
 * case on the way, which no longer decodes; all other base64 is decoded first.
 */
#include "base/redact-inside.h"

#include <string.h>

#include "base/base64.h"
#include "base/buf.h"
#include "base/data.h"
#include "base/secret.h"
#include "base/str.h"

enum { PLAIN = 1, PUBLIC = 2, BASE64 = 4 };		/* what a run is */

enum {
	PASSWORD_MOST	= 256,			/* a longer secret was not made of words */
	EXCUSES		= 64,
	SIEVE		= 1 << 18,
};

/* A secret of 4 to 7 bytes, and where it is part of something public. */
struct brief {
	struct brief	*next;
	size_t		 n;
	char		 p[REDACT_GRAM];
	size_t		 excuses;
	struct excuse {
		const char	*p;		/* the public text */
		size_t		 n, at;		/* where the secret is in it */
	}		 excuse[EXCUSES];
};

struct redact_index {
	size_t		 slots;		/* a power of two; at most half are taken */
	uint64_t	*keys;		/* eight folded bytes */
	unsigned char	*kinds;		/* 0 = the slot is free */
	unsigned char *sieve; /* a bit for each of SIEVE values of a hash: most of a text is in no
				 slot, and this tells it faster */
	struct brief	*briefs;
	unsigned char	 fold[256];
};

static void make_fold(unsigned char *fold)
{
	for (unsigned c = 0; c < 256; c++)
		fold[c] = (unsigned char)ascii_lower((char)c);
	fold[' '] = fold['-'] = '+';
	fold['_'] = '/';
}

/* --- the table --- */

static size_t slot_of(const struct redact_index *x, uint64_t key)
{
	size_t i = (size_t)((key * 0x9e3779b97f4a7c15ULL) >> 32) & (x->slots - 1);

	while (x->kinds[i] && x->keys[i] != key)
		i = (i + 1) & (x->slots - 1);
	return i;
}

static size_t sieve_bit(uint64_t key)
{
	return (size_t)((key * 0x9e3779b97f4a7c15ULL) >> 46);
}

static unsigned kind_of(const struct redact_index *x, uint64_t key)
{
	size_t bit = sieve_bit(key);

	return x->sieve[bit / 8] & 1u << bit % 8 ? x->kinds[slot_of(x, key)] : 0;
}

static void add_gram(struct redact_index *x, uint64_t key, unsigned kind)
{
	size_t i = slot_of(x, key), bit = sieve_bit(key);

	x->sieve[bit / 8] |= (unsigned char)(1u << bit % 8);
	x->keys[i] = key;
	/* Public only as long as all that it is are. */
	if (x->kinds[i] && !(kind & PUBLIC))
		x->kinds[i] &= (unsigned char)~PUBLIC;
	else if (x->kinds[i])
		kind &= ~(unsigned)PUBLIC;
	x->kinds[i] |= (unsigned char)kind;
}

static uint64_t next_key(const struct redact_index *x, uint64_t key, char c)
{
	return key << 8 | x->fold[(unsigned char)c];
}

static void add_plain(struct redact_index *x, const struct redact_text *t)
{
	uint64_t key = 0;

	for (size_t i = 0; i < t->n; i++) {
		key = next_key(x, key, t->p[i]);
		if (i + 1 >= REDACT_GRAM)
			add_gram(x, key, PLAIN);
	}
}

/* What is public of the secrets' own runs. */
static void mark_public(struct redact_index *x, const char *p, size_t n)
{
	uint64_t key = 0;

	for (size_t i = 0; i < n; i++) {
		key = next_key(x, key, p[i]);
		if (i + 1 >= REDACT_GRAM && kind_of(x, key))
			x->kinds[slot_of(x, key)] |= PUBLIC;
	}
}

/* Sets mask[i] where byte i of the secret is in a public run. */
static void public_bytes(const struct redact_index *x, const struct redact_text *t,
			 unsigned char *mask)
{
	uint64_t key = 0;

	for (size_t i = 0; i < t->n; i++) {
		key = next_key(x, key, t->p[i]);
		if (i + 1 >= REDACT_GRAM && (kind_of(x, key) & PUBLIC))
			memset(mask + i + 1 - REDACT_GRAM, 1, REDACT_GRAM);
	}
}

/* The digits that depend on the secret alone, where it begins at each of the three places in a
 * group. */
static void add_base64(struct redact_index *x, const struct redact_text *t)
{
	size_t room = t->n / 3 * 4 + 8;
	char *text = secret_pages(room);
	unsigned char *mask = secret_pages(t->n + 1);

	public_bytes(x, t, mask);
	for (size_t skip = 0; skip < 3 && skip < t->n; skip++) {
		struct buf b = { .data = text, .cap = room, .limit = room - 1 };
		uint64_t key = 0;

		base64_encode(&b, t->p + skip, (t->n - skip) / 3 * 3);
		for (size_t i = 0; i < b.len; i++) {
			size_t first = i + 1 >= REDACT_GRAM ? skip + (i + 1 - REDACT_GRAM) * 3 / 4
							    : 0,
			       last = skip + i * 3 / 4;
			unsigned open = 1;

			key = next_key(x, key, text[i]);
			if (i + 1 < REDACT_GRAM)
				continue;
			for (size_t k = first; k <= last && open; k++)
				open = mask[k];
			add_gram(x, key, open ? BASE64 | PUBLIC : BASE64);
		}
	}
	secret_pages_free(text, room);
	secret_pages_free(mask, t->n + 1);
}

/* --- short secrets --- */

static void add_brief(struct redact_index *x, const struct redact_text *t)
{
	struct brief *b = secret_pages(sizeof(*b));

	b->n = t->n;
	for (size_t i = 0; i < t->n; i++)
		b->p[i] = (char)x->fold[(unsigned char)t->p[i]];
	b->next = x->briefs;
	x->briefs = b;
}

static bool is_at(const struct redact_index *x, const char *p, const char *folded, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (x->fold[(unsigned char)p[i]] != (unsigned char)folded[i])
			return false;
	return true;
}

static bool has_excuse(const struct brief *b, const char *p, size_t n, size_t at)
{
	for (size_t i = 0; i < b->excuses; i++)
		if (b->excuse[i].at == at && b->excuse[i].n == n &&
		    memcmp(b->excuse[i].p, p, n) == 0)
			return true;
	return false;
}

/* A secret that is public as a whole is excused too; one that only is a word of replies is not. */
static void excuse_briefs(struct redact_index *x, const char *p, size_t n, bool name)
{
	for (struct brief *b = x->briefs; b; b = b->next)
		for (size_t i = 0; (b->n < n || name) && i + b->n <= n && b->excuses < EXCUSES; i++)
			if (is_at(x, p + i, b->p, b->n) && !has_excuse(b, p, n, i))
				b->excuse[b->excuses++] = (struct excuse) { p, n, i };
}

/* Is the short secret that was found at `at` part of something public that stands there? */
static bool is_excused(const struct redact_index *x, const struct brief *b,
		       const unsigned char *folded, size_t n, size_t at)
{
	for (size_t i = 0; i < b->excuses; i++) {
		const struct excuse *e = &b->excuse[i];
		size_t k = 0;

		if (at < e->at || at - e->at + e->n > n)
			continue;
		while (k < e->n && x->fold[(unsigned char)e->p[k]] == folded[at - e->at + k])
			k++;
		if (k == e->n)
			return true;
	}
	return false;
}

static void search_brief(const struct redact_index *x, const struct brief *b,
			 const unsigned char *folded, size_t n,
			 void (*hit)(void *arg, size_t from, size_t to), void *arg)
{
	const unsigned char *at = folded;

	while ((at = memmem(at, n - (size_t)(at - folded), b->p, b->n))) {
		size_t from = (size_t)(at - folded);

		if (!is_excused(x, b, folded, n, from))
			hit(arg, from, from + b->n);
		at++;
	}
}

/* --- the words of known replies --- */

static void excuse_words(struct redact_index *x, const char *text)
{
	while (*text) {
		size_t n = 0;

		while (ascii_is_alpha(text[n]))
			n++;
		if (n > REDACT_LEAST) {
			mark_public(x, text, n);
			excuse_briefs(x, text, n, false);
		}
		text += n ? n : 1;
	}
}

static void excuse_vocabulary(struct redact_index *x)
{
	const struct data_table *t = data_table_find("error-codes.tsv");

	for (size_t column = 0; t && column < t->width; column++) {
		const unsigned *cells = t->cells + column * (t->n + 1);

		if (!str_eq(t->text + cells[0], "pattern") &&
		    !str_eq(t->text + cells[0], "example"))
			continue;
		for (size_t i = 1; i <= t->n; i++)
			excuse_words(x, t->text + cells[i]);
	}
}

/* --- the whole --- */

struct redact_index *redact_index_new(const struct redact_text *secrets,
				      const struct redact_text *publics)
{
	struct redact_index *x = secret_pages(sizeof(*x));
	bool words = false;
	size_t grams = 1;

	make_fold(x->fold);
	for (const struct redact_text *t = secrets; t; t = t->next) {
		grams += t->n * 5;
		words |= t->n <= PASSWORD_MOST;
	}
	for (x->slots = 1024; x->slots < grams * 2; x->slots *= 2)
		;
	x->keys = secret_pages(x->slots * sizeof(*x->keys));
	x->kinds = secret_pages(x->slots);
	x->sieve = secret_pages(SIEVE / 8);
	for (const struct redact_text *t = secrets; t; t = t->next) {
		if (t->n >= REDACT_GRAM)
			add_plain(x, t);
		else
			add_brief(x, t);
	}
	for (const struct redact_text *t = publics; t; t = t->next) {
		mark_public(x, t->p, t->n);
		excuse_briefs(x, t->p, t->n, true);
	}
	if (words)
		excuse_vocabulary(x);
	for (const struct redact_text *t = secrets; t; t = t->next)
		if (t->n >= REDACT_GRAM)
			add_base64(x, t);
	return x;
}

size_t redact_index_least(const struct redact_index *x)
{
	return x->briefs ? REDACT_LEAST : REDACT_GRAM;
}

void redact_index_free(struct redact_index *x)
{
	if (!x)
		return;
	for (struct brief *b = x->briefs, *next; b; b = next) {
		next = b->next;
		secret_pages_free(b, sizeof(*b));
	}
	secret_pages_free(x->keys, x->slots * sizeof(*x->keys));
	secret_pages_free(x->kinds, x->slots);
	secret_pages_free(x->sieve, SIEVE / 8);
	secret_pages_free(x, sizeof(*x));
}

/* A run ends: it counts unless all of it is public. Base64 that cannot be decoded any more: up to a
 * group at its ends is half the secret's. */
static void end_run(const unsigned char *text, size_t n, size_t from, size_t to, unsigned kinds,
		    void (*hit)(void *arg, size_t from, size_t to), void *arg)
{
	if (kinds == BASE64) {
		for (size_t i = 0; i < 3 && from && redact_base64_value(text[from - 1]) >= 0; i++)
			from--;
		for (size_t i = 0; i < 3 && to < n && redact_base64_value(text[to]) >= 0; i++)
			to++;
		while (to < n && text[to] == '=')
			to++;
	}
	hit(arg, from, to);
}

void redact_index_search(const struct redact_index *x, const unsigned char *text, size_t n,
			 void (*hit)(void *arg, size_t from, size_t to), void *arg)
{
	static unsigned char folded[REDACT_WINDOW];
	size_t from = 0;		/* of the run that is open, while kinds is not 0 */
	unsigned kinds = 0;
	bool secret = false;
	uint64_t key = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned kind = 0;

		folded[i] = x->fold[text[i]];
		key = key << 8 | folded[i];
		if (i + 1 >= REDACT_GRAM)
			kind = kind_of(x, key);
		if (!kind && kinds) {
			if (secret)
				end_run(text, n, from, i, kinds & ~(unsigned)PUBLIC, hit, arg);
			kinds = 0;
			secret = false;
		}
		if (!kind)
			continue;
		if (!kinds)
			from = i + 1 - REDACT_GRAM;
		kinds |= kind;
		secret |= !(kind & PUBLIC);
	}
	if (kinds && secret)
		end_run(text, n, from, n, kinds & ~(unsigned)PUBLIC, hit, arg);
	for (const struct brief *b = x->briefs; b; b = b->next)
		search_brief(x, b, folded, n, hit, arg);
	explicit_bzero(folded, n);
}
