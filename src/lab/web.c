/*
 * web - requests taken apart, answers put together: no connection here.
 */
#include "lab/web.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/scan.h"
#include "lab/line.h"

/* RFC 9110, 5.6.2 */
static bool is_token(char c)
{
	return ascii_is_alnum(c) || (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool all_tokens(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_token(s.p[i]))
			return false;
	return s.len > 0;
}

char *web_decode(struct arena *a, struct span text, bool form)
{
	char *out = arena_alloc(a, text.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		if (c == '%' && i + 2 < text.len && ascii_hex(text.p[i + 1]) >= 0 &&
		    ascii_hex(text.p[i + 2]) >= 0) {
			c = (char)(ascii_hex(text.p[i + 1]) * 16 + ascii_hex(text.p[i + 2]));
			i += 2;
		} else if (form && c == '+') {
			c = ' ';
		}
		out[n++] = c;
	}
	out[n] = '\0';
	return out;
}

char *web_encode(struct arena *a, const char *text)
{
	static const char digits[] = "0123456789ABCDEF";
	char *out = arena_alloc(a, strlen(text) * 3 + 1), *to = out;

	for (const char *p = text; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (ascii_is_alnum(*p) || strchr("-._~", *p)) {
			*to++ = *p;
			continue;
		}
		*to++ = '%';
		*to++ = digits[c >> 4];
		*to++ = digits[c & 15];
	}
	*to = '\0';
	return out;
}

struct map *web_form(struct arena *a, const char *text, size_t len)
{
	struct map *m = map_new(a);
	struct scan s = scan_over(text, len);

	while (!scan_done(&s)) {
		struct span pair = scan_until(&s, "&"), name;
		struct scan in = scan_span(pair);

		scan_accept(&s, '&');
		name = scan_until(&in, "=");
		scan_accept(&in, '=');
		if (name.len > 0)
			map_set(m, web_decode(a, name, true), web_decode(a, scan_rest(&in), true));
	}
	return m;
}

/* "https://host/path" is a request to a proxy, and to us the same as "/path" (RFC 9112, 3.2.2). */
static struct span without_origin(struct span target)
{
	struct scan s = scan_span(target);

	if (!scan_accept_str(&s, "http://") && !scan_accept_str(&s, "https://"))
		return target;
	scan_until(&s, "/?");
	return scan_rest(&s);
}

static int request_line(struct arena *a, struct span line, struct web_request *r)
{
	struct scan s = scan_span(line), in;
	struct span method = scan_until(&s, " "), target, version;

	scan_accept(&s, ' ');
	target = without_origin(scan_until(&s, " "));
	scan_accept(&s, ' ');
	version = scan_rest(&s);
	if (!all_tokens(method) || target.len == 0 || memchr(line.p, '\0', line.len))
		return 400;
	if (!span_eq(version, "HTTP/1.1") && !span_eq(version, "HTTP/1.0"))
		return version.len > 5 && memcmp(version.p, "HTTP/", 5) == 0 ? 505 : 400;
	r->method = span_dup(a, method);
	r->target = span_dup(a, target);
	in = scan_span(target);
	r->path = web_decode(a, scan_until(&in, "?"), false);
	scan_accept(&in, '?');
	r->query = span_dup(a, scan_rest(&in));
	r->close = span_eq(version, "HTTP/1.0");
	return 0;
}

/* What frames the body (RFC 9112, 6.3), and what goes with the connection. */
static int set_meaning(struct web_request *r, const char *name, const char *value)
{
	unsigned long n;

	if (str_eq(name, "content-length")) {
		if (!str_number(value, 1UL << 40, &n))
			return 400;
		r->length = n;
		return n > WEB_MAX_BODY ? 413 : 0;
	}
	if (str_eq(name, "transfer-encoding")) {
		r->chunked = str_eq_nocase(value, "chunked");
		return r->chunked ? 0 : 501;
	}
	if (str_eq(name, "connection") && str_eq_nocase(value, "close"))
		r->close = true;
	if (str_eq(name, "expect") && str_eq_nocase(value, "100-continue"))
		r->expects = true;
	return 0;
}

static int field_line(struct arena *a, struct span line, struct web_request *r)
{
	struct scan s = scan_span(line);
	struct span name = scan_until(&s, ":");
	const char *lower, *value;

	if (!all_tokens(name) || !scan_accept(&s, ':') || memchr(line.p, '\0', line.len))
		return 400;
	lower = str_lower(a, span_dup(a, name));
	value = span_dup(a, span_trim(scan_rest(&s)));
	/*
	 * Two lengths, or a length and chunks: that is how requests are smuggled (RFC 9112, 6.3).
	 */
	if (str_eq(lower, "content-length") && map_get(r->fields, lower) &&
	    !str_eq(map_get(r->fields, lower), value))
		return 400;
	map_set(r->fields, lower, (void *)value);
	if (map_count(r->fields) > WEB_MAX_FIELDS)
		return 431;
	return set_meaning(r, lower, value);
}

int web_head(struct arena *a, const char *bytes, size_t len, struct web_request *ret)
{
	struct web_request r = { .fields = map_new(a), .body = "" };
	struct scan s = scan_over(bytes, len);
	int status = request_line(a, scan_line(&s), &r);

	while (status == 0 && !scan_done(&s))
		status = field_line(a, scan_line(&s), &r);
	if (status == 0 && r.chunked && map_get(r.fields, "content-length"))
		status = 400;
	if (status == 0)
		*ret = r;
	return status;
}

bool web_chunk_size(struct span line, size_t *ret)
{
	size_t n = 0, i;

	for (i = 0; i < line.len && ascii_hex(line.p[i]) >= 0; i++) {
		if (n > WEB_MAX_BODY)
			return false;
		n = n * 16 + (size_t)ascii_hex(line.p[i]);
	}
	if (i == 0 || (i < line.len && !strchr("; \t", line.p[i])))
		return false;
	*ret = n;
	return true;
}

const char *web_field(const struct web_request *r, const char *name)
{
	const char *value = map_get(r->fields, name);

	return value ? value : "";
}

const char *web_reason(int status)
{
	static const struct { int status; const char *words; } list[] = {
		{ 100, "Continue" }, { 200, "OK" }, { 201, "Created" }, { 202, "Accepted" },
		{ 204, "No Content" },
		{ 301, "Moved Permanently" }, { 302, "Found" }, { 303, "See Other" },
		{ 304, "Not Modified" },
		{ 307, "Temporary Redirect" }, { 308, "Permanent Redirect" },
		{ 400, "Bad Request" }, { 401, "Unauthorized" },
		{ 403, "Forbidden" }, { 404, "Not Found" }, { 405, "Method Not Allowed" },
		{ 407, "Proxy Authentication Required" },
		{ 408, "Request Timeout" }, { 411, "Length Required" },
		{ 413, "Content Too Large" }, { 415, "Unsupported Media Type" },
		{ 428, "Precondition Required" }, { 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" }, { 501, "Not Implemented" },
		{ 502, "Bad Gateway" }, { 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" }, { 505, "HTTP Version Not Supported" },
	};

	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		if (list[i].status == status)
			return list[i].words;
	return "Status";
}

void web_text(struct web_reply *r, int status, const char *type, const char *text)
{
	r->status = status;
	r->type = type;
	r->body = text;
	r->len = strlen(text);
	if (!r->fields)
		r->fields = "";
}

void web_json(struct web_reply *r, struct arena *a, int status, json_t *stolen)
{
	char *text = json_dumps(stolen, JSON_COMPACT | JSON_ENSURE_ASCII);

	json_decref(stolen);
	web_text(r, status, "application/json; charset=utf-8", arena_strdup(a, text ? text : "{}"));
	free(text);
}

void web_add_field(struct web_reply *r, struct arena *a, const char *name, const char *value)
{
	r->fields = arena_printf(a, "%s%s: %s\r\n", r->fields ? r->fields : "", name, value);
}
