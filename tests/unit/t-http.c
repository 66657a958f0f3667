/*
 * t-http - one request and its answer: what is understood, what is named as broken, and what is
 * never sent. How the server is reached: t-http-way.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/failure.h"
#include "base/limits.h"
#include "base/secret.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "tests/unit/http-run.h"
#include "tests/unit/peer.h"
#include "tests/unit/tap.h"

#define NO_FAILURE (-1)

/* --- answers and troubles, by table --- */

struct exchange {
	const char		*title;
	const char *const	*scripts[CONNECTIONS];
	int			 tries;
	int			 timeout_ms;
	int			 class;		/* of the failure, NO_FAILURE */
	int			 status;
	const char		*within;	/* the body, or the failure's text */
};

#define ANSWER(text) SCRIPT("< GET /path?query HTTP/1.1", "head", ">> " text, "hang")

static const struct exchange exchanges[] = {
	{ "a plain answer", { ANSWER("HTTP/1.1 200 OK\\r\\nContent-Type: application/json; "
				     "charset=utf-8\\r\\nContent-Length: 5\\r\\n\\r\\nhello") },
	  1, 0, NO_FAILURE, 200, "hello" },
	{ "no length, the end is the end",
	  { SCRIPT("< GET", "head", ">> HTTP/1.0 200 OK\\r\\n\\r\\nhello", "close") }, 1, 0,
	  NO_FAILURE, 200, "hello" },
	{ "chunks", { ANSWER("HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n3\\r\\n"
			     "hel\\r\\n2\\r\\nlo\\r\\n0\\r\\n\\r\\n") },
	  1, 0, NO_FAILURE, 200, "hello" },
	{ "an interim answer first",
	  { ANSWER("HTTP/1.1 103 Early Hints\\r\\nLocation: /x\\r\\n\\r\\nHTTP/1.1 200 OK\\r\\n"
		   "Content-Length: 2\\r\\n\\r\\nhi") },
	  1, 0, NO_FAILURE, 200, "hi" },
	{ "an error with a body",
	  { ANSWER("HTTP/1.1 400 Bad Request\\r\\nContent-Length: 2\\r\\n\\r\\n{}") }, 1, 0,
	  NO_FAILURE, 400, "{}" },
	{ "a redirect is not followed",
	  { ANSWER("HTTP/1.1 302 Found\\r\\nLocation: https://elsewhere.example/\\r\\n"
		   "Content-Length: 0\\r\\n\\r\\n") },
	  1, 0, NO_FAILURE, 302, "" },
	{ "429, then the answer",
	  { ANSWER("HTTP/1.1 429 Slow down\\r\\nRetry-After: 0\\r\\nContent-Length: 0\\r\\n"
		   "Connection: close\\r\\n\\r\\n"),
	    ANSWER("HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok") },
	  3, 0, NO_FAILURE, 200, "ok" },
	{ "503 to the end", { ANSWER("HTTP/1.1 503 Busy\\r\\nRetry-After: 0\\r\\n"
				     "Content-Length: 0\\r\\nConnection: close\\r\\n\\r\\n"),
			      ANSWER("HTTP/1.1 503 Busy\\r\\nRetry-After: 0\\r\\n"
				     "Content-Length: 3\\r\\nConnection: close\\r\\n\\r\\nend") },
	  2, 0, NO_FAILURE, 503, "end" },
	{ "cut, then the answer",
	  { SCRIPT("< GET", "reset"),
	    ANSWER("HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok") },
	  2, 0, NO_FAILURE, 200, "ok" },
	{ "501 is not asked again",
	  { ANSWER("HTTP/1.1 501 No\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n"),
	    SCRIPT("hang") },
	  3, 0, NO_FAILURE, 501, "" },
	{ "half a body",
	  { SCRIPT("< GET", "head",
		   ">> HTTP/1.1 200 OK\\r\\nContent-Length: 100\\r\\n\\r\\nhello", "close") },
	  1, 0, FAILURE_NET, 0, "ends in the middle" },
	{ "half a chunk", { SCRIPT("< GET", "head", ">> HTTP/1.1 200 OK\\r\\nTransfer-Encoding: "
				   "chunked\\r\\n\\r\\nff\\r\\nhello", "close") },
	  1, 0, FAILURE_NET, 0, "ends in the middle" },
	{ "no answer", { SCRIPT("< GET", "head", "close") }, 1, 0, FAILURE_NET, 0,
	  "closed the connection without an answer" },
	{ "a reset", { SCRIPT("< GET", "head", "reset") }, 1, 0, FAILURE_NET, 0,
	  "broke before the answer was whole" },
	{ "silence", { SCRIPT("< GET", "hang") }, 1, 200, FAILURE_TIMEOUT, 0,
	  "no whole answer in time" },
	{ "silence in the middle",
	  { SCRIPT("< GET", "head",
		   ">> HTTP/1.1 200 OK\\r\\nContent-Length: 100\\r\\n\\r\\nhello", "hang") },
	  1, 200, FAILURE_TIMEOUT, 0, "no whole answer in time" },
	{ "a mail server", { SCRIPT("> 220 mail.example ESMTP", "hang") }, 1, 2000,
	  FAILURE_PROTOCOL, 0, "no HTTP" },
	{ "noise", { SCRIPT("< GET", "head", ">> \\x00\\xff\\x1b[2J\\r\\n\\r\\n", "close") }, 1,
	  2000, FAILURE_PROTOCOL, 0, "no HTTP" },
};

static void check_exchange(const struct exchange *e)
{
	struct run r = { .request.tries = e->tries, .options.timeout_ms = e->timeout_ms };
	char what[256];
	const char *text;

	for (; r.server.n_scripts < CONNECTIONS && e->scripts[r.server.n_scripts];
	     r.server.n_scripts++)
		r.server.scripts[r.server.n_scripts] = e->scripts[r.server.n_scripts];
	run(&r);
	snprintf(what, sizeof(what), "%s: failure class", e->title);
	is_str(r.answer.failure ? failure_class_name(r.answer.failure->class) : "none",
	       e->class == NO_FAILURE ? "none" : failure_class_name((enum failure_class)e->class),
	       what);
	snprintf(what, sizeof(what), "%s: status", e->title);
	is_int(r.answer.status, e->status, what);
	snprintf(what, sizeof(what), "%s: true where there is an answer", e->title);
	ok(r.good == (e->class == NO_FAILURE), what);
	text = r.answer.failure ? r.answer.failure->text : r.answer.body;
	snprintf(what, sizeof(what), "%s: text", e->title);
	if (!ok(r.answer.failure ? strstr(text, e->within) != NULL : str_eq(text, e->within), what))
		printf("#   got   %s\n#   want  %s\n", text, e->within);
	run_end(&r);
}

static void check_headers(void)
{
	struct run r = { .server.n_scripts = 1, .server.scripts = { ANSWER(
		"HTTP/1.1 401 No\\r\\nDate: Fri, 20 Nov 2026 12:00:00 GMT\\r\\n"
		"Retry-After: Fri, 20 Nov 2026 12:02:00 GMT\\r\\n"
		"WWW-Authenticate: Bearer realm=x\\r\\nx-ms-request-id: abc\\r\\n"
		"Content-Type: Text/HTML; charset=x\\r\\nContent-Length: 0\\r\\n\\r\\n") } };
	char *peer;

	run(&r);
	is_int(r.answer.date, 1795176000, "the server's clock");
	is_int(r.answer.retry_after_s, 120, "Retry-After as a date counts from the server's clock");
	is_str(r.answer.www_authenticate, "Bearer realm=x", "WWW-Authenticate");
	is_str(r.answer.request_id, "abc", "the request id");
	is_str(r.answer.type, "text/html", "the media type alone");
	peer = arena_printf(r.arena, "127.0.0.1:%u", r.server.port);
	is_str(r.answer.peer, peer, "who it was");
	run_end(&r);
}

/* --- what is never sent --- */

static void refused(const struct http_request *request, const char *within, const char *what)
{
	struct run r = { .request = *request };

	run(&r);
	ok(!r.good && r.answer.failure && r.answer.failure->class == FAILURE_LOCAL, what);
	if (!ok(r.answer.failure && strstr(r.answer.failure->text, within),
		"... and the words say why"))
		printf("#   got   %s\n", r.answer.failure ? r.answer.failure->text : "nothing");
	run_end(&r);
}

static void check_refused(void)
{
	struct secret *broken = secret_new("abc\r\nX-Evil: 1", 13),
		*nul = secret_new("abc\0def", 7);
	struct strv headers = { (const char *[]) { "X: a\r\nEvil: 1", NULL }, 1, 2 };

	refused(&(struct http_request) { .url = "http://192.0.2.1/" }, "could be read on the way",
		"clear text to another machine");
	refused(&(struct http_request) { .url = "http://localhost.example.com/" },
		"could be read on the way", "a name that only looks like loopback");
	refused(&(struct http_request) { .url = "ftp://192.0.2.1/" }, "is no URL",
		"another scheme");
	refused(&(struct http_request) { .url = "file:///etc/passwd" }, "is no URL", "a file");
	refused(&(struct http_request) { .url = "https://a b/" }, "is no URL",
		"a blank in the host");
	refused(&(struct http_request) { .url = "https://x/\r\nEvil: 1" }, "is no URL",
		"a line end in the URL");
	refused(&(struct http_request) { .url = "" }, "is no URL", "nothing");
	refused(&(struct http_request) { .url = "http://127.0.0.1:1/", .bearer = broken },
		"control character", "a token with a line end");
	refused(&(struct http_request) { .url = "http://127.0.0.1:1/", .bearer = nul },
		"control character", "a token with a NUL");
	refused(&(struct http_request) { .url = "http://127.0.0.1:1/", .headers = headers },
		"control character", "a header with a line end");
	secret_free(broken);
	secret_free(nul);
}

static void check_not_connected(void)
{
	struct run r = { .options.timeout_ms = 2000 };

	listen_on(&r.server);
	close(r.server.listener);
	r.arena = arena_new();
	r.request.url = arena_printf(r.arena, "http://127.0.0.1:%u/", r.server.port);
	r.net = net_new(r.arena, &r.options, &(const char *) { NULL });
	r.server.listener = dup(STDIN_FILENO);
	fiber_run(conversation, &r);
	ok(r.answer.failure && r.answer.failure->class == FAILURE_NET &&
	   strstr(r.answer.failure->text, "refused"),
	   "nobody listens");
	run_end(&r);
}

/* --- sizes --- */

static void sized(size_t n, bool secret, bool fits, const char *what)
{
	struct run r = { .server.body = n, .request.secret_answer = secret };

	run(&r);
	ok(r.good == fits, what);
	if (fits)
		is_int((int64_t)(secret ? secret_len(r.answer.secret) : r.answer.body_len),
		       (int64_t)n, "... whole");
	else
		ok(r.answer.failure && r.answer.failure->class == FAILURE_PROTOCOL &&
		   strstr(r.answer.failure->text, "longer than"),
		   "... and says so");
	run_end(&r);
}

/* --- secrets --- */

static void check_secrets(void)
{
	struct secret *token = secret_new("tok-en.123", 10),
		*value = secret_new("a b+c&d=\xc3\xa4~", 11);
	struct buf form = BUF_INIT(1000);
	struct run r = {.server.n_scripts = 1,
			.request = { .bearer = token, .secret_answer = true }, .server.scripts = {
			 SCRIPT("< POST /path?query HTTP/1.1", "head",
				">> HTTP/1.1 200 OK\\r\\nContent-Length: 6\\r\\n\\r\\nsecret",
				"hang") } };

	http_form_add(&form, "grant_type", "client credentials");
	http_form_add_secret(&form, "client_secret", value);
	r.request.secret_body = secret_new_mixed(buf_str(&form), form.len);
	is_str(secret_bytes(r.request.secret_body),
	       "grant_type=client%20credentials&client_secret=a%20b%2Bc%26d%3D%C3%A4~", "a form");
	run(&r);
	is_str(secret_bytes(r.answer.secret), "secret", "a secret answer is a secret");
	is_str(r.answer.body, "", "... and nothing else");
	run_end(&r);
	secret_free((struct secret *)r.request.secret_body);
	secret_free(token);
	secret_free(value);
	buf_release(&form);
}

/* --- cancelled, out of time --- */

static void check_cancel(void)
{
	bool all_good = true;
	int n;

	for (n = 1; n < 200; n++) {
		struct run r = { .server.n_scripts = 2, .request.tries = 2, .server.scripts = {
				 ANSWER("HTTP/1.1 429 x\\r\\nRetry-After: 0\\r\\n"
					"Content-Length: 0\\r\\nConnection: close\\r\\n\\r\\n"),
				 ANSWER("HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok") } };
		bool cancelled;

		run_begin(&r);
		fiber_cancel_at((uint64_t)n);
		fiber_run(conversation, &r);
		cancelled = !r.good;
		if (cancelled &&
		    (!r.answer.failure || r.answer.failure->class != FAILURE_CANCELLED))
			all_good = false;
		run_end(&r);
		if (!cancelled)
			break;
	}
	fiber_cancel_at(0);
	ok(all_good && n > 3 && n < 200,
	   "cancelled at each of its waits, it says so and leaves nothing behind");
}

static void check_no_waiting_too_long(void)
{
	struct run r = {.time_ms = 3000, .request.tries = 3, .server.n_scripts = 1,
			.server.scripts = {
			 ANSWER("HTTP/1.1 429 x\\r\\nRetry-After: 60\\r\\nContent-Length: 0\\r\\n"
				"\\r\\n") } };

	run(&r);
	is_int(r.answer.status, 429,
	       "Retry-After past the time that is left: the answer is the answer");
	is_int(r.answer.tried, 1, "... at once");
	is_int(r.answer.retry_after_s, 60, "... with its words");
	run_end(&r);
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(exchanges); i++)
		check_exchange(&exchanges[i]);
	check_headers();
	check_refused();
	check_not_connected();
	sized(LIMIT_HTTP_BODY, false, true, "the longest body");
	sized(LIMIT_HTTP_BODY + 1, false, false, "a byte more");
	sized(LIMIT_SECRET, true, true, "the longest secret");
	sized(LIMIT_SECRET + 1, true, false, "a byte more of it");
	check_secrets();
	check_cancel();
	check_no_waiting_too_long();
	return tap_done();
}
