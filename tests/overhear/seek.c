/*
 * seek - is a secret in a text? Each is looked for as it is, in base64 (at any offset), and
 * percent-encoded; of a token its claims and its signature as well. So is any part of it of eight
 * bytes, also in hexadecimal and in JSON's escapes: a server may have said it.
 */
#include "tests/overhear/seek.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "tests/overhear/disguise.h"

enum { PATTERNS_MAX = 1024, PART = 8, PARTS_MAX = 1 << 20 };

static struct text patterns[PATTERNS_MAX];
static size_t n_patterns;

/* --- in which disguise --- */

static void add_pattern(const char *p, size_t n)
{
	/*
	 * Of something long, a piece of its middle is enough, and is found in
	 * what was cut off, too.
	 */
	if (n > 96) {
		p += n / 2 - 24;
		n = 48;
	}
	if (n >= SECRET_LEAST && n_patterns < PATTERNS_MAX)
		patterns[n_patterns++] = copy_of(p, n);
}

static void add_disguise(void *to, const char *p, size_t n)
{
	(void)to;
	add_pattern(p, n);
}

/* --- and in parts --- */

/*
 * What eight bytes become in each spelling, by a hash of it: a table of them, at most half full. It
 * grows with what is in it, for a run has few, and pages that are touched here and there cost more
 * than the run that is listened to.
 */
struct part_table { uint64_t *hashes; size_t slots, n; };

static struct part_table parts;

static uint64_t hash_of(const char *p, size_t n)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * 0x100000001b3u;
	return h ? h : 1;
}

static uint64_t *slot_of(const struct part_table *t, uint64_t hash)
{
	size_t i = (size_t)hash & (t->slots - 1);

	while (t->hashes[i] && t->hashes[i] != hash)
		i = (i + 1) & (t->slots - 1);
	return &t->hashes[i];
}

static void add_part(struct part_table *t, uint64_t hash)
{
	uint64_t *slot = slot_of(t, hash);

	t->n += !*slot;
	*slot = hash;
}

static void grow(void)
{
	struct part_table bigger = { .slots = parts.slots ? 2 * parts.slots : 1024 };

	bigger.hashes = need(calloc(bigger.slots, sizeof(*bigger.hashes)));
	for (size_t i = 0; i < parts.slots; i++)
		if (parts.hashes[i])
			add_part(&bigger, parts.hashes[i]);
	free(parts.hashes);
	parts = bigger;
}

/* Each part of so many characters, one that begins every `step` characters. */
static void add_parts(const char *p, size_t n, size_t length, size_t step)
{
	for (size_t i = 0; i + length <= n && parts.n < PARTS_MAX; i += step) {
		if (2 * (parts.n + 1) > parts.slots)
			grow();
		add_part(&parts, hash_of(p + i, length));
	}
}

/* Each byte as a format says, in so many characters. */
static void add_spelt(const struct text *s, const char *format, size_t width)
{
	struct text b = { need(malloc(s->n * width + 1)), 0 };

	for (size_t i = 0; i < s->n; i++)
		b.n += (size_t)snprintf(b.p + b.n, width + 1, format, (unsigned char)s->p[i]);
	add_parts(b.p, b.n, PART * width, width);
	free(b.p);
}

/* Of a token (JWT) its signature: header and claims are what a program may tell of it. */
static struct text secret_part(const struct text *s)
{
	const char *dot = memrchr(s->p, '.', s->n);
	struct text signature;

	if (strncmp(s->p, "eyJ", 3) != 0 || !dot)
		return *s;
	signature.p = s->p + (dot + 1 - s->p);
	signature.n = s->n - (size_t)(signature.p - s->p);
	return signature;
}

static void add_all_parts(const struct text *whole)
{
	struct text part = secret_part(whole), *s = &part;
	struct text b = { need(malloc(s->n / 3 * 4 + 8)), 0 };

	for (size_t skip = 0; skip < 3 && skip < s->n; skip++) {
		b.n = disguise_base64(s->p, s->n, skip, b.p);
		add_parts(b.p, b.n, PART, 1);
	}
	free(b.p);
	add_spelt(s, "%c", 1);
	add_spelt(s, "%02x", 2);
	add_spelt(s, "%%%02X", 3);
	add_spelt(s, "\\u%04x", 6);
}

void seek_add(const struct text *secret)
{
	disguise(secret->p, secret->n, add_disguise, NULL);
	add_all_parts(secret);
}

/* --- looking --- */

/* Where a part is; NULL. */
static const char *find_part(const struct text *t)
{
	static const size_t lengths[] = { PART, 2 * PART, 3 * PART, 6 * PART };

	for (size_t k = 0; k < ARRAY_LEN(lengths) && parts.n; k++)
		for (size_t i = 0; i + lengths[k] <= t->n; i++)
			if (*slot_of(&parts, hash_of(t->p + i, lengths[k])))
				return t->p + i;
	return NULL;
}

const char *seek(const struct text *t, const char **ret_what)
{
	const char *at;

	for (size_t i = 0; t->p && i < n_patterns; i++) {
		at = memmem(t->p, t->n, patterns[i].p, patterns[i].n);
		if (at) {
			*ret_what = "a secret";
			return at;
		}
	}
	at = t->p ? find_part(t) : NULL;
	if (at)
		*ret_what = "a part of a secret";
	return at;
}
