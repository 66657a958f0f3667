/*
 * OAuth answers hidden in base64: "334 eyJzdGF0dXMiOiI0MDEiLC..."
 */
#include "paste/paste.h"

#include "base/base64.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/scan.h"

static bool base64_char(char c)
{
	return ascii_is_alnum(c) || c == '+' || c == '/' || c == '=' || c == '-' || c == '_';
}

char *paste_challenge(struct arena *a, struct span line)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_REPLY_LINE);
	const char *at = span_find_nocase(line, SPAN_LITERAL("eyJ"));	/* '{"' */
	struct scan s;
	struct span word;

	if (!at)
		return NULL;
	s = scan_over(at, (size_t)(line.p + line.len - at));
	word = scan_while(&s, base64_char);
	if (!base64_decode(&b, word.p, word.len) || !str_has_prefix(buf_str(&b), "{\"") ||
	    memchr(b.data, '\0', b.len))
		return NULL;
	return arena_strdup(a, buf_str(&b));
}
