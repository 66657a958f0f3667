/*
 * http-head - the header fields of an answer.
 */
#include "net/http-head.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/redact.h"
#include "base/scan.h"
#include "net/http-inside.h"

enum { HEADER_MAX = 1024 };

static const char *header_value(struct http_head *h, struct span line, const char *name)
{
	if (!span_has_prefix_nocase(line, name))
		return NULL;
	line.p += strlen(name);
	line.len -= strlen(name);
	line = span_trim(line);
	if (line.len > HEADER_MAX)
		line.len = HEADER_MAX;
	return redacted(h->arena, span_dup(h->arena, line));
}

/* "Retry-After: 120" or a date (RFC 9110, 10.2.3). */
static int64_t seconds_until(struct http_head *h, const char *text)
{
	unsigned long n;
	time_t when;

	if (str_number(text, 1000000, &n))
		return (int64_t)n;
	when = h->lib->curl_getdate(text, NULL);
	if (when == -1)
		return -1;
	if (h->answer->date >= 0)
		return when > h->answer->date ? when - h->answer->date : 0;
	return when > clock_wall() ? when - clock_wall() : 0;
}

/* Of a field that comes again and again the first counts: no answer grows with their number. */
static bool take_text(struct http_head *h, struct span line, const char *name, const char **to)
{
	const char *v = **to ? NULL : header_value(h, line, name);

	if (v)
		*to = v;
	return v != NULL;
}

static void read_header(struct http_head *h, struct span line)
{
	static const char *const ids[] = { "request-id:", "x-ms-request-id:",
					   "client-request-id:" };
	struct http_answer *to = h->answer;
	const char *v;

	if (take_text(h, line, "content-type:", &to->type))
		to->type = str_lower(h->arena,
				     arena_strndup(h->arena, to->type, strcspn(to->type, "; \t")));
	take_text(h, line, "location:", &to->location);
	take_text(h, line, "www-authenticate:", &to->www_authenticate);
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		take_text(h, line, ids[i], &to->request_id);
	if (to->date < 0 && (v = header_value(h, line, "date:")))
		to->date = h->lib->curl_getdate(v, NULL);
	if (to->retry_after_s < 0 && (v = header_value(h, line, "retry-after:")))
		to->retry_after_s = seconds_until(h, v);
}

void http_answer_forget(struct http_answer *r)
{
	r->status = 0;
	r->type = r->body = r->location = r->www_authenticate = r->request_id = "";
	r->body_len = 0;
	r->secret = NULL;
	r->retry_after_s = r->date = -1;
	r->failure = NULL;
}

/* The status of "HTTP/1.1 200 OK"; 0 when it's no status line. */
static int status_of(struct span line)
{
	struct scan s = scan_span(line);

	if (!span_has_prefix_nocase(line, "HTTP/"))
		return 0;
	scan_until(&s, " ");
	scan_blanks(&s);
	return (int)scan_number(&s, 999);
}

bool http_head_line(struct http_head *h, struct span line)
{
	int status = h->ended ? 0 : status_of(line);

	/* Each line counts for more than its bytes: empty ones cost time, too. */
	h->bytes += line.len + 8;
	if (h->bytes > LIMIT_HTTP_HEADERS) {
		h->too_large = true;
		return false;
	}
	/* A new status line: what came before was an interim answer (RFC 9110, 15.2). Trailers are
	 * not for us (6.5.1). */
	if (status) {
		http_answer_forget(h->answer);
		h->interim = status / 100 == 1;
	} else if (span_trim(line).len == 0) {
		h->ended = !h->interim;
	} else if (!h->ended) {
		read_header(h, line);
	}
	return true;
}
