/*
 * f-http-request - any bytes as a request to the lab's web server: refused with a status, or what
 * was read holds together. Then the same bytes as a form, a token and a seal.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "lab/cloud/token-store.h"
#include "lab/cloud/jwt.h"
#include "lab/web.h"
#include "tests/fuzz/fuzz.h"

static void request(struct arena *a, const char *bytes, size_t size)
{
	struct web_request r;
	int status = web_head(a, bytes, size, &r);

	assert(status == 0 || (status >= 400 && status <= 505));
	if (status != 0)
		return;
	assert(*r.method && *r.target && strlen(r.path) <= size && strlen(r.query) <= size);
	assert(r.length <= WEB_MAX_BODY && map_count(r.fields) <= WEB_MAX_FIELDS);
	assert(!(r.chunked && *web_field(&r, "content-length")));
}

/* What is encoded decodes to the same. */
static void round_trip(struct arena *a, const char *bytes, size_t size)
{
	char *text = arena_strndup(a, bytes, size);
	const char *encoded = web_encode(a, text);

	assert(str_eq(web_decode(a, span_of(encoded), true), text));
}

static void others(struct arena *a, const char *bytes, size_t size)
{
	char *text = arena_strndup(a, bytes, size);
	struct map *form = web_form(a, bytes, size);
	json_t *sealed = token_unseal("", text);
	struct jwt j;
	size_t n;

	for (const struct map_entry *e = map_first(form); e; e = map_next(e))
		assert(strlen(e->key) + strlen(e->value) <= size);
	if (jwt_read(&j, a, text)) {
		assert(json_is_object(j.claims) && j.body.len < strlen(text));
		jwt_release(&j);
	}
	if (web_chunk_size((struct span) { bytes, size }, &n))
		assert(n <= (size_t)WEB_MAX_BODY * 16 + 15);
	/* Nobody guesses a seal. */
	assert(!sealed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();

	request(a, (const char *)data, size);
	round_trip(a, (const char *)data, size);
	others(a, (const char *)data, size);
	arena_free(a);
	return 0;
}
