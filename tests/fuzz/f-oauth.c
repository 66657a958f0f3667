/*
 * f-oauth - any bytes as a token service's answer, and as its answer to a request for a device
 * code: a token, a refusal, or words.
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"
#include "proto/oauth-inside.h"
#include "tests/fuzz/fuzz.h"

static void visible(const struct secret *s)
{
	for (size_t i = 0; s && i < secret_len(s); i++)
		assert(secret_bytes(s)[i] > ' ' && secret_bytes(s)[i] <= '~');
}

static void answer(struct arena *a, int status, const char *p, size_t n)
{
	struct oauth_answer r;
	const char *why;

	oauth_answer_init(&r);
	why = oauth_read(a, status, "application/json", p, n, &r);
	assert(!why || (*why && strlen(why) < 400));
	assert(r.good == (r.access != NULL));
	assert((why != NULL) + r.good + (*r.error.error != '\0') == 1);
	assert(strlen(r.error.description) <= OAUTH_TEXT && strlen(r.scope) <= OAUTH_TEXT &&
	       r.error.n_numbers <= OAUTH_NUMBERS);
	assert(r.expires_in >= -1);
	visible(r.access);
	visible(r.refresh);
	oauth_answer_release(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct oauth_device d = { .code = NULL };
	const char *p = (const char *)data, *why;

	answer(a, 200, p, size);
	answer(a, 400, p, size);
	why = oauth_read_device(a, p, size, &d);
	assert(!why == (d.code != NULL));
	if (!why) {
		assert(strncasecmp(d.url, "https://", 8) == 0);
		assert(*d.user_code && d.interval > 0 && d.expires_in > 0);
	}
	oauth_device_release(&d);
	arena_free(a);
	return 0;
}
