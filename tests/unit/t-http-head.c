/*
 * t-http-head - header fields: which count, and how much of them is taken.
 */
#include "base/arena.h"
#include "base/limits.h"
#include "base/redact.h"
#include "base/str.h"
#include "net/http-head.h"
#include "net/http-inside.h"
#include "tests/unit/tap.h"

static struct arena *a;
static struct http_answer answer;
static struct http_head head;

static void begin(void)
{
	head = (struct http_head) { .arena = a, .lib = http_lib(), .answer = &answer };
	http_answer_forget(&answer);
}

static bool take(const char *line)
{
	return http_head_line(&head, span_of(arena_printf(a, "%s\r\n", line)));
}

static bool take_all(const char *const *lines)
{
	bool good = true;

	begin();
	for (; *lines; lines++)
		good &= take(*lines);
	return good;
}

static void test_fields(void)
{
	ok(take_all((const char *const[]){ "HTTP/1.1 200 OK",
					   "Content-Type: Application/JSON; charset=x",
					   "LOCATION:  https://x/ ", "WWW-Authenticate: Bearer",
					   "request-id: 1", "x-ms-request-id: 2", "Retry-After: 7",
					   "Date: Thu, 01 Jan 1970 00:01:00 GMT", "", NULL }),
	   "an ordinary head is taken");
	is_str(answer.type, "application/json", "its type");
	is_str(answer.location, "https://x/", "its location");
	is_str(answer.www_authenticate, "Bearer", "its challenge");
	is_str(answer.request_id, "1", "its id");
	is_int(answer.retry_after_s, 7, "its pause");
	is_int(answer.date, 60, "its time");
}

static void test_parts(void)
{
	take_all((const char *const[]){ "HTTP/1.1 103 Early", "Location: early", "Link: x", "",
					"HTTP/1.1 302 Found", "Location: real", "", NULL });
	is_str(answer.location, "real", "an interim answer is forgotten");
	take_all((const char *const[]){ "HTTP/1.1 200 OK", "Content-Type: text/plain", "",
					"Location: late", "Content-Type: text/html",
					"HTTP/1.1 200 OK", "request-id: late", NULL });
	is_str(answer.location, "", "a trailer is nothing to us");
	is_str(answer.type, "text/plain", "... and replaces nothing");
	is_str(answer.request_id, "", "... also where it looks like another answer");
	take_all((const char *const[]){ "HTTP/1.1 200 OK", "Location: first", "Location: second",
					NULL });
	is_str(answer.location, "first", "of a field that comes again the first counts");
}

/* So many lines; how many were taken. */
static size_t flood(const char *line, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!take(line))
			return i;
	return n;
}

static void test_floods(void)
{
	static const struct { const char *title, *first, *line;
	} floods[] = {
		{ "fields", "HTTP/1.1 200 OK", "Location: x" },
		{ "empty lines", "HTTP/1.1 100 Continue", "" },
		{ "interim answers", "HTTP/1.1 100 Continue", "HTTP/1.1 103 Early" },
		{ "trailers", "HTTP/1.1 200 OK\r\n\r\n", "Location: x" },
		{ "bad dates", "HTTP/1.1 200 OK", "Date: never" },
	};

	for (size_t i = 0; i < ARRAY_LEN(floods); i++) {
		size_t taken;

		begin();
		take(floods[i].first);
		if (str_eq(floods[i].title, "trailers"))
			take("");
		taken = flood(floods[i].line, LIMIT_HTTP_HEADERS);
		ok(taken < LIMIT_HTTP_HEADERS / 8 && head.too_large,
		   arena_printf(a, "%s without end: it ends", floods[i].title));
	}
	begin();
	take("HTTP/1.1 200 OK");
	ok(flood("X-Some-Field: of a size that is usual, of which there may be many", 1000) ==
			   1000 &&
		   !head.too_large,
	   "a thousand fields are taken");
}

static void test_secrets(void)
{
	redact_secret("cl13nt-S3cret", 13);
	take_all((const char *const[]){
		"HTTP/1.1 401 No", "WWW-Authenticate: Bearer error=\"cl13nt-S3cret\"",
		"request-id: CL13NT-S3CRET", "Location: https://x/?s=cl13nt%2DS3cret", "", NULL });
	is_str(answer.www_authenticate, "Bearer error=\"*************\"",
	       "a challenge that quotes a secret");
	is_str(answer.request_id, "*************", "an id that is one");
	is_str(answer.location, "https://x/?s=***************", "an address with one in it");
	redact_end();
}

int main(void)
{
	if (!http_lib()) {
		puts("1..0 # SKIP libcurl is not installed");
		return 0;
	}
	a = arena_new();
	test_fields();
	test_parts();
	test_floods();
	test_secrets();
	arena_free(a);
	return tap_done();
}
