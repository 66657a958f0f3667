/*
 * sasl-challenge - what stands after a 334.
 */
#include "proto/sasl-challenge.h"

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/redact.h"

/* Such an object is flat. A deep one is an attack on the parser's stack. */
enum { DEEPEST = 16 };

static bool shallow(const char *p, size_t n)
{
	size_t deep = 0;

	for (size_t i = 0; i < n; i++)
		deep += p[i] == '{' || p[i] == '[';
	return deep <= DEEPEST;
}

/* What is decoded may hold a secret that could not be seen before. */
static const char *shown(struct arena *a, const char *p, size_t n)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_REPLY_LINE);
	char *text;

	buf_add(&b, p, n);
	redact(b.data, b.len);
	text = str_escaped(a, buf_str(&b), b.len);
	buf_wipe(&b);
	return text;
}

static const char *member(struct arena *a, const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);

	if (json_is_string(v))
		return shown(a, json_string_value(v), json_string_length(v));
	if (json_is_integer(v))
		return arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
	return "";
}

void sasl_challenge_read(struct arena *a, struct span words, struct sasl_challenge *ret)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_REPLY_LINE);
	struct sasl_challenge c = { .status = "", .scope = "" };
	struct span plain;

	words = span_trim(words);
	if (!base64_decode(&b, words.p, words.len)) {
		buf_clear(&b);
		buf_add(&b, words.p, words.len);
	}
	plain = span_trim((struct span) { buf_str(&b), b.len });
	c.text = shown(a, plain.p, plain.len);
	c.error = plain.len && plain.p[0] == '{';
	if (c.error && shallow(plain.p, plain.len)) {
		_cleanup_(json_decrefp) json_t *object = json_loadb(plain.p, plain.len, 0, NULL);

		c.status = member(a, object, "status");
		c.scope = member(a, object, "scope");
	}
	buf_wipe(&b);
	*ret = c;
}
