/*
 * echo - what a client sent, spelt in some way.
 */
#include "lab/echo.h"

#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/scan.h"
#include "lab/line.h"
#include "lab/web.h"

enum { ECHO_MAX = 512 * 1024 };

static void base64(struct buf *b, const char *p, size_t n)
{
	base64_encode(b, p, n);
}

static void url(struct buf *b, const char *p, size_t n)
{
	base64_encode_url(b, p, n);
}

static void percent(struct buf *b, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_addf(b, "%%%02X", (unsigned char)p[i]);
}

static void hex(struct buf *b, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_addf(b, "%02x", (unsigned char)p[i]);
}

static void json(struct buf *b, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_addf(b, "\\u%04x", (unsigned char)p[i]);
}

static void upper(struct buf *b, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_addc(b, ascii_upper(p[i]));
}

static const struct {
	const char	*name;
	void		(*spell)(struct buf *b, const char *p, size_t n);
} ways[] = {
	{ "base64", base64 }, { "url", url },   { "percent", percent },
	{ "hex", hex },       { "json", json }, { "upper", upper },
};

/* "from 3", "first 12" */
static bool part(struct span way, struct span *text)
{
	struct scan s = scan_span(way);
	struct span word = line_word(&s);
	unsigned long n;

	if (!line_number(line_rest(&s), ECHO_MAX, &n))
		return false;
	n = n < text->len ? n : text->len;
	if (span_eq(word, "from"))
		*text = (struct span) { text->p + n, text->len - n };
	else if (span_eq(word, "first"))
		text->len = n;
	else
		return false;
	return true;
}

static bool spell(struct arena *a, struct span way, struct span *text)
{
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		_cleanup_(buf_release) struct buf b = BUF_INIT(ECHO_MAX);

		if (!span_eq(way, ways[i].name))
			continue;
		ways[i].spell(&b, text->p, text->len);
		*text = span_of(arena_strdup(a, buf_str(&b)));
		return true;
	}
	return part(way, text);
}

const char *echo_value(struct arena *a, struct span placeholder, const char *name, const char *text)
{
	struct scan s = scan_span(placeholder);
	struct span value = span_of(text);

	if (!span_eq(scan_until(&s, "/"), name))
		return NULL;
	while (scan_accept(&s, '/'))
		if (!spell(a, scan_until(&s, "/"), &value))
			return NULL;
	return span_dup(a, value);
}

const char *echo_of_response(struct arena *a, const char *response)
{
	static const char bearer[] = "Bearer ";
	_cleanup_(buf_release) struct buf b = BUF_INIT(ECHO_MAX);
	const char *p, *nul;
	size_t n;

	if (!base64_decode(&b, response, strlen(response)) || !b.len)
		return "";
	p = memmem(b.data, b.len, bearer, sizeof(bearer) - 1);
	nul = memrchr(b.data, '\0', b.len);
	if (p)
		p += sizeof(bearer) - 1;
	else
		p = nul ? nul + 1 : b.data;
	n = (size_t)(b.data + b.len - p);
	return arena_strndup(a, p,
			     memchr(p, 1, n) ? (size_t)((const char *)memchr(p, 1, n) - p) : n);
}

const char *echo_of_request(struct arena *a, const struct web_request *r)
{
	static const char *const names[] = { "client_secret",    "refresh_token", "assertion",
					     "client_assertion", "code",          "device_code" };
	static const char bearer[] = "Bearer ";
	struct map *form = web_form(a, r->body ? r->body : "", r->body_len);
	const char *field = r->fields ? web_field(r, "authorization") : "", *value;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if ((value = map_get(form, names[i])))
			return value;
	return str_has_prefix_nocase(field, bearer) ? field + sizeof(bearer) - 1 : "";
}
