/*
 * disguise - the forms in which a secret may stand in an output.
 */
#include "tests/overhear/disguise.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void adder(void *to, const char *p, size_t n);

static char *room(size_t n)
{
	char *p = malloc(n);

	if (!p) {
		perror("disguise");
		abort();
	}
	return p;
}

size_t disguise_base64(const char *p, size_t n, size_t skip, char *to)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz01234567"
				      "89+/";
	size_t len = 0;

	for (size_t i = skip; i + 3 <= n; i += 3) {
		unsigned long v = (unsigned long)(unsigned char)p[i] << 16 |
				  (unsigned long)(unsigned char)p[i + 1] << 8 |
				  (unsigned char)p[i + 2];

		for (int k = 18; k >= 0; k -= 6)
			to[len++] = letters[v >> k & 63];
	}
	return len;
}

/* The letters that depend on the secret alone, whatever stands before and behind it. */
static void base64(const char *p, size_t n, adder *add, void *to)
{
	char *out = room(n / 3 * 4 + 8);

	for (size_t skip = 0; skip < 3 && skip + 6 <= n; skip++)
		add(to, out, disguise_base64(p, n, skip, out));
	free(out);
}

static void percent(const char *p, size_t n, adder *add, void *to)
{
	char *out = room(n * 3 + 4);
	size_t len = 0;
	bool changed = false;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];
		bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			     (c >= 'a' && c <= 'z') || (c && strchr("-._~", c));

		changed |= !plain;
		len += (size_t)snprintf(out + len, 4, plain ? "%c" : "%%%02X", c);
	}
	if (changed)
		add(to, out, len);
	free(out);
}

void disguise(const char *p, size_t n, adder *add, void *to)
{
	const char *dot = memchr(p, '.', n),
		*second = dot ? memchr(dot + 1, '.', n - (size_t)(dot + 1 - p)) : NULL;

	if (n > 3 && strncmp(p, "eyJ", 3) == 0 && second) {
		add(to, dot + 1, (size_t)(second - dot - 1));
		if (n - (size_t)(second + 1 - p) >= 16)
			add(to, second + 1, n - (size_t)(second + 1 - p));
	} else {
		add(to, p, n);
	}
	base64(p, n, add, to);
	percent(p, n, add, to);
}
