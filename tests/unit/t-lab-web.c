/*
 * t-lab-web - the lab's web server: how it reads requests, what a scenario's answers become on the
 * wire, and its faults.
 */
#include <gnutls/gnutls.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "lab/lab.h"
#include "lab/web.h"
#include "tests/unit/lab-client.h"
#include "tests/unit/tap.h"

static const char scenario[] =
	"title web\n"
	"target plain.example.net:8080\n"
	"server tls.example.net:443\n\tspeaks http\n\tget </ok> 200 {\"tls\":1}\n"
	"server plain.example.net:8080\n\tspeaks http\n\ttls none\n"
	"\tget </ok*> 200 {\"a\":1}\n"
	"\tget </html> 200 <html>{target} {host} {client} {none}\n"
	"\tget </moved> header Location: https://{host}/ok\n\t\t302\n"
	"\tget </type> header Content-Type: image/png\n\t\t200 {}\n"
	"\tget </date> header Date: yesterday\n\t\t200 x\n"
	"\tpost </token> <*grant=a*> 200 first\n"
	"\tpost </token> 400 {\"error\":\"other\"}\n"
	"\tget </then> header Retry-After: 3\n\t\t429 no\n\t\tthen 503 no\n\t\tthen 200 yes\n"
	"\tget </half> length 5000 200 half\n\t\tdrop\n"
	"\tget </short> length 2 200 longer\n"
	"\tget </endless> length none 200 to the end\n"
	"\tget </fill> 200 a\n\t\tfill 300000\n\t\tsend z\n"
	"\tget </chunked> chunked 200 abc\n\t\tsend defg\n"
	"\tget </bad-chunk> header Transfer-Encoding: chunked\n\t\tlength none 200\n"
	"\t\tsend zz\\r\\n\n"
	"\tget </raw> send 220 smtp\\r\\n\n"
	"\tget </nothing> drop\n"
	"\tget </reset> reset\n"
	"\tget </empty> 204\n"
	"\tget </slow> slow 2ms 200 slow\n"
	"\trequest </any> 200 any\n";

static const char *exchange(struct lab *l, const char *request)
{
	return http(l, "plain.example.net", 8080, request);
}

static const char *get(struct lab *l, const char *path)
{
	return exchange(l, arena_printf(client_arena, "GET %s HTTP/1.1\r\nHost: x\r\n"
					"Connection: close\r\n\r\n", path));
}

static void test_answers(struct lab *l)
{
	has(get(l, "/ok?x=1"), "HTTP/1.1 200 OK\r\n", "a status line");
	has(get(l, "/ok"),
	    "Content-Type: application/json; charset=utf-8\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
	    "JSON, with its length");
	has(get(l, "/html"), "text/html; charset=utf-8\r\nContent-Length: 48\r\n\r\n"
	    "<html>/html plain.example.net 203.0.113.7 {none}",
	    "HTML, placeholders filled in");
	has(get(l, "/moved"), "302 Found\r\n", "a redirect");
	has(get(l, "/moved"), "Location: https://plain.example.net/ok\r\n",
	    "a field with a placeholder");
	has(get(l, "/type"), "Content-Type: image/png\r\n", "another type");
	ok(!str_find_nocase(get(l, "/type"), "json"), "and no second one");
	has(get(l, "/date"), "Date: yesterday\r\n", "another date");
	has(get(l, "/date"), "Content-Length: 1\r\n", "nothing is said twice");
	has(get(l, "/empty"), "HTTP/1.1 204 No Content\r\n", "an answer without a body");
	ok(!str_find_nocase(get(l, "/empty"), "Content-Length"), "has no length");
	has(get(l, "/nowhere"), "HTTP/1.1 404 Not Found\r\n", "what nobody mentioned");
	has(get(l, "/token"), "HTTP/1.1 405 Method Not Allowed\r\n", "another method");
	has(get(l, "/token"), "Allow: POST\r\n", "and which would do");
	has(get(l, "/any"), "\r\n\r\nany", "any method: GET");
	has(exchange(l, "PATCH /any HTTP/1.0\r\n\r\n"), "\r\n\r\nany",
	    "any method: PATCH, and HTTP/1.0 closes");
	has(exchange(l, "HEAD /ok HTTP/1.0\r\n\r\n"), "Content-Length: 7\r\n\r\n",
	    "HEAD has the length");
	ok(!str_find_nocase(exchange(l, "HEAD /ok HTTP/1.0\r\n\r\n"), "{"), "and no body");
	has(get(l, "/then"), "HTTP/1.1 429 Too Many Requests\r\n", "then: first");
	has(get(l, "/then"), "HTTP/1.1 503 Service Unavailable\r\n", "then: second");
	has(get(l, "/then"), "\r\n\r\nyes", "then: third");
	has(get(l, "/then"), "\r\n\r\nyes", "then: the last one stays");
	ok(!str_find_nocase(get(l, "/then"), "Retry-After"), "then: fields are of one answer");
}

static void test_bodies(struct lab *l)
{
	static const char form[] = "POST /token HTTP/1.1\r\nContent-Length: 7\r\n\r\ngrant=a"
				   "POST /token HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
				   "3;x=y\r\ngra\r\n4\r\nnt=a\r\n0\r\nTrailer: x\r\n\r\n"
				   "\r\nPOST /token HTTP/1.1\r\nConnection: close\r\n"
				   "Content-Length: 1\r\n\r\nb";
	const char *got = exchange(l, form);

	has(got, "\r\n\r\nfirstHTTP/1.1 200 OK\r\n", "a body with a length, the connection stays");
	ok(str_find_nocase(str_find_nocase(got, "first") + 5, "\r\n\r\nfirst") != NULL,
	   "a body in chunks");
	has(got, "HTTP/1.1 400 Bad Request\r\n", "the body decides which answer it is");
	has(exchange(l, "POST /token HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 7\r\n\r\n"
		     "grant=a"),
	    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200", "who waits for a 100 gets it");
	has(exchange(l, "POST /token HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n"), "HTTP/1.1 413 ",
	    "too large by its length");
	has(exchange(l, "POST /token HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n"),
	    "HTTP/1.1 413 ", "too large by a chunk");
	has(exchange(l, "POST /token HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"),
	    "HTTP/1.1 400 ", "a chunk that is none");
	has(exchange(l, "POST /token HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"),
	    "HTTP/1.1 400 ", "a chunk that is longer than it says");
	has(exchange(l, "garbage\r\n\r\n"), "HTTP/1.1 400 ", "no request");
	is_str(exchange(l, "GET /nothing HTTP/1.1\r\n\r\n"), "", "no answer at all");
}

static void test_faults(struct lab *l)
{
	int64_t from = clock_ms();

	has(get(l, "/half"), "Content-Length: 5000\r\n\r\nhalf", "half a body");
	has(get(l, "/short"), "Content-Length: 2\r\n\r\nlonger", "a length that is too small");
	ok(!str_find_nocase(get(l, "/endless"), "Content-Length"), "no length at all");
	has(get(l, "/endless"), "\r\n\r\nto the end", "the end of the connection says it");
	has(get(l, "/fill"), "Content-Length: 300002\r\n\r\naxxx", "a large body");
	ok(str_has_suffix_nocase(get(l, "/fill"), "xxz"), "comes whole");
	has(get(l, "/chunked"),
	    "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n", "chunks");
	has(get(l, "/bad-chunk"), "chunked\r\n\r\nzz\r\n", "a bad chunk");
	is_str(get(l, "/raw"), "220 smtp\r\n", "bytes that are no HTTP");
	is_str(get(l, "/reset"), "(reset)", "a reset");
	from = clock_ms();
	has(get(l, "/slow"), "\r\n\r\nslow", "a slow answer");
	ok(clock_ms() - from > 150, "takes its time");
}

static void test_tls(struct lab *l)
{
	char piece[1024] = "";
	unsigned status = 1;
	struct peer p;

	dial(&p, l, "tls.example.net", 443);
	is_int(secure(&p, l, "tls.example.net", "NORMAL", &status), 0, "TLS from the first byte");
	is_int(status, 0, "with a chain that holds");
	gnutls_record_send(p.tls, "GET /ok HTTP/1.1\r\n\r\n", 20);
	{
		_cleanup_(deadline_end) struct deadline d = deadline_in(5000);

		read_some(&p, piece, sizeof(piece) - 1);
	}
	has(piece, "{\"tls\":1}", "an answer over TLS");
	hang_up(&p);
}

/* Requests taken apart, without a connection. */
static void test_requests(void)
{
	static const struct { const char *head; int want; } cases[] = {
		{ "GET / HTTP/1.1\r\n", 0 },
		{ "GET  HTTP/1.1\r\n", 400 },
		{ "GET /\r\n", 400 },
		{ "GET / HTTP/2.0\r\n", 505 },
		{ "G{T / HTTP/1.1\r\n", 400 },
		{ "GET / HTTP/1.1\r\nno field\r\n", 400 },
		{ "GET / HTTP/1.1\r\nName : x\r\n", 400 },
		{ "GET / HTTP/1.1\r\n folded\r\n", 400 },
		{ "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n", 0 },
		{ "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n", 400 },
		{ "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n", 400 },
		{ "POST / HTTP/1.1\r\nContent-Length: -1\r\n", 400 },
		{ "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n", 400 },
		{ "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n", 501 },
	};
	static const char proxied[] = "GET https://h:1/a%20b?c=%26 HTTP/1.1\r\nX-Y:  z \r\n";
	struct web_request r;
	struct map *form;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_int(web_head(client_arena, cases[i].head, strlen(cases[i].head), &r),
		       cases[i].want,
		       str_escaped(client_arena, cases[i].head, strlen(cases[i].head)));
	is_int(web_head(client_arena, proxied, strlen(proxied), &r), 0,
	       "a request as a proxy gets it");
	is_str(r.path, "/a b", "the path is decoded");
	is_str(r.query, "c=%26", "the query is not");
	is_str(r.target, "/a%20b?c=%26", "the target is as it was sent");
	is_str(web_field(&r, "x-y"), "z", "a field");
	form = web_form(client_arena, "a=1+2&b=%2B%zz&&=x&a=3&c", 24);
	is_str(map_get(form, "a"), "3", "the last value of a name");
	is_str(map_get(form, "b"), "+%zz", "percent-encoding, and what is none");
	is_str(map_get(form, "c"), "", "a name without a value");
	is_int(map_count(form), 3, "and no more");
	is_str(web_encode(client_arena, "a b/~\xc3\xa4"), "a%20b%2F~%C3%A4", "encoding");
}

static void test_all(struct lab *l, const char *error, const void *arg)
{
	(void)arg;
	if (!started(l, error))
		return;
	test_answers(l);
	test_bodies(l);
	test_faults(l);
	test_tls(l);
}

/* One request and its answer, in TLS. */
static void ask_once(struct lab *l, const char *error, const void *arg)
{
	(void)error;
	(void)arg;
	if (l)
		https_get(l, "tls.example.net", "/ok", "");
}

int main(void)
{
	client_arena = arena_new();
	test_requests();
	with_lab(scenario, test_all, NULL);
	ok(cancel_everywhere(scenario, ask_once) > 5,
	   "cancelled at each of more than five waits, a request ends cleanly");
	arena_free(client_arena);
	return tap_done();
}
