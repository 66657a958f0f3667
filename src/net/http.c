/*
 * http - one request and its answer over libcurl.
 */
#include "net/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/failure.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/redact.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/trace.h"
#include "net/dns.h"
#include "net/http-head.h"
#include "net/http-inside.h"
#include "net/http-words.h"

enum { TRIES_MAX = 10, PAUSE_MAX_S = 120 };

/* One try. */
struct attempt {
	struct net			*net;
	struct arena			*arena;
	const struct http_request	*request;
	struct http_answer		*answer;
	const struct http_lib		*lib;
	struct transfer			 transfer;
	struct buf			 body;
	bool				 too_large;
	struct http_head		 head;
	char				 error[CURL_ERROR_SIZE];
	struct curl_slist		*headers;	/* may hold a token: wiped */
	struct curl_slist		*resolve;
	struct curl_slist		*connect_to;
	const char			*host;
	unsigned			 port;
	bool				 secure;
	bool				 proxied;
	struct net_address		 last;		/* dialled; len 0 = none */
};

/* --- what libcurl calls --- */

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
	struct attempt *t = arg;

	if (buf_add(&t->body, p, size * n))
		return size * n;
	t->too_large = true;
	return 0;
}

static size_t on_header(char *p, size_t size, size_t n, void *arg)
{
	struct attempt *t = arg;

	return http_head_line(&t->head, (struct span) { p, size * n }) ? size * n : 0;
}

/* Who is dialled, in our words. */
static bool address_of(const struct curl_sockaddr *sa, struct net_address *ret, unsigned *ret_port)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)&sa->addr;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&sa->addr;

	if (sa->family != AF_INET && sa->family != AF_INET6)
		return false;
	net_address_of(sa->family,
		       sa->family == AF_INET ? (const void *)&in->sin_addr : &in6->sin6_addr, ret);
	*ret_port = ntohs(sa->family == AF_INET ? in->sin_port : in6->sin6_port);
	return true;
}

/*
 * The lab's map: the address stays as it was looked up, only what is dialled is another (IPv4, so
 * there is room for it).
 */
static curl_socket_t on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct attempt *t = arg;
	struct net_address dialled;
	unsigned port, asked;

	if (purpose != CURLSOCKTYPE_IPCXN || !address_of(to, &dialled, &port))
		return CURL_SOCKET_BAD;
	if (!t->proxied)
		t->last = dialled;
	asked = port;
	connect_to_map(t->net, &dialled, &port);
	if (port != asked && dialled.len <= to->addrlen) {
		/* sin6_port is at the same place */
		((struct sockaddr_in *)&dialled.sa)->sin_port = htons((uint16_t)port);
		to->family = net_address_family(&dialled);
		to->addrlen = dialled.len;
		memcpy(&to->addr, &dialled.sa, dialled.len);
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, to->protocol);
}

/* --- the request --- */

static bool fail(struct attempt *t, enum failure_class class, enum stage stage, int err,
		 const char *text)
{
	t->answer->status = 0;
	t->answer->failure = failure_new(t->arena, class, stage, err, t->answer->peer, NULL,
					 "%s", text);
	return false;
}

static bool has_controls(const char *s)
{
	for (; s && *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return true;
	return false;
}

static bool is_loopback(const char *host)
{
	struct net_address a;

	if (str_eq_nocase(host, "localhost"))
		return true;
	if (!net_address_parse(host, &a))
		return false;
	return str_has_prefix(a.text, "127.") || str_eq(a.text, "::1");
}

/*
 * Scheme, host and port of the URL, by libcurl's own reader: two readers that differ are how
 * requests go astray.
 */
static bool read_url(struct attempt *t)
{
	char *scheme = NULL, *host = NULL, *port = NULL;
	CURLU *u = t->lib->curl_url();
	unsigned long n = 0;
	bool good =
		u && !has_controls(t->request->url) &&
		t->lib->curl_url_set(u, CURLUPART_URL, t->request->url, CURLU_NON_SUPPORT_SCHEME) ==
		CURLUE_OK &&
		t->lib->curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
		t->lib->curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
		t->lib->curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
		str_number(port, 65535, &n);

	if (good) {
		size_t len = strlen(host);

		t->host = host[0] == '[' ? arena_strndup(t->arena, host + 1, len - 2) :
			  arena_strdup(t->arena, host);
		t->port = (unsigned)n;
		t->secure = str_eq_nocase(scheme, "https");
		good = t->secure || str_eq_nocase(scheme, "http");
	}
	t->lib->curl_free(scheme);
	t->lib->curl_free(host);
	t->lib->curl_free(port);
	t->lib->curl_url_cleanup(u);
	if (!good)
		return fail(t, FAILURE_LOCAL, STAGE_UNKNOWN, 0,
			    arena_printf(t->arena, "'%s' is no URL of the form https://HOST/...",
					 str_escaped(t->arena, t->request->url,
						     strcspn(t->request->url, "?#"))));
	t->answer->peer = arena_printf(t->arena, strchr(t->host, ':') ? "[%s]:%u" : "%s:%u",
				       t->host, t->port);
	if (!t->secure && !t->request->allow_plaintext && !is_loopback(t->host))
		return fail(t, FAILURE_LOCAL, STAGE_UNKNOWN, 0,
			    arena_printf(t->arena, "http://%s is not asked: what is sent could be "
					 "read on the way; use https://", t->host));
	return true;
}

static bool uses_proxy(const struct attempt *t, const struct net_address *redirected)
{
	static const char *const names[] = { "https_proxy", "HTTPS_PROXY", "all_proxy",
					     "ALL_PROXY" };
	const char *option = net_options(t->net)->proxy;

	/* Who says where it is to be dialled means that, and the lab is here. */
	if (redirected->len || t->net->mapped || is_loopback(t->host))
		return false;
	if (option)
		return *option != '\0';
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (getenv(names[i]) && *getenv(names[i]))
			return true;
	return false;
}

static void add(struct attempt *t, struct curl_slist **list, const char *text)
{
	struct curl_slist *l = t->lib->curl_slist_append(*list, text);

	if (!l)
		out_of_memory();
	*list = l;
}

/* Where the name leads, by our resolver: handed to libcurl, which then looks nothing up. */
_waits_ static bool look_up(struct attempt *t)
{
	struct net_address to = { .len = 0 };
	struct buf list = BUF_INIT(8192);
	struct dns_addresses found;
	unsigned to_port;

	if (net_connect_to(t->net, t->host, t->port, &to, &to_port))
		add(t, &t->connect_to,
		    arena_printf(t->arena, "::%s:%u",
				 net_address_family(&to) == AF_INET6 ?
				 arena_printf(t->arena, "[%s]", to.text) : to.text, to_port));
	t->proxied = uses_proxy(t, &to);
	if (to.len || t->proxied || net_address_parse(t->host, &to))
		return true;
	found = dns_addresses(net_dns(t->net), t->arena, t->host, net_options(t->net)->family);
	if (found.status != DNS_OK || !found.count)
		return fail(t, found.status == DNS_LOCAL ? FAILURE_LOCAL : FAILURE_DNS, STAGE_DNS,
			    0,
			    arena_printf(t->arena, "cannot look up %s: %s", t->host,
					 dns_status_name(found.status)));
	buf_addf(&list, "%s:%u:", t->host, t->port);
	for (size_t i = 0; i < found.count; i++)
		buf_addf(&list, net_address_family(&found.list[i]) == AF_INET6 ? "%s[%s]" : "%s%s",
			 i ? "," : "", found.list[i].text);
	add(t, &t->resolve, buf_str(&list));
	buf_release(&list);
	return true;
}

static bool set_headers(struct attempt *t)
{
	const struct http_request *r = t->request;
	struct buf line = BUF_INIT(LIMIT_SECRET + 64);

	for (size_t i = 0; i < r->headers.n; i++) {
		if (has_controls(r->headers.v[i]))
			return fail(t, FAILURE_LOCAL, STAGE_UNKNOWN, 0,
				    "a header of the request holds a control character");
		add(t, &t->headers, r->headers.v[i]);
	}
	if (r->body || r->secret_body)
		add(t, &t->headers,
		    arena_printf(t->arena, "Content-Type: %s",
				 r->type ? r->type : "application/x-www-form-urlencoded"));
	/* No round trip to ask whether a body is welcome. */
	add(t, &t->headers, "Expect:");
	if (!r->bearer)
		return true;
	if (has_controls(secret_bytes(r->bearer)) ||
	    strlen(secret_bytes(r->bearer)) != secret_len(r->bearer))
		return fail(t, FAILURE_LOCAL, STAGE_UNKNOWN, 0, "the token holds a control "
			    "character: it is no token, or wrapped in something");
	redact_secret(secret_bytes(r->bearer), secret_len(r->bearer));
	buf_addf(&line, "Authorization: Bearer %s", secret_bytes(r->bearer));
	add(t, &t->headers, buf_str(&line));
	buf_wipe(&line);
	buf_release(&line);
	return true;
}

#define SET(option, value) t->lib->curl_easy_setopt(t->transfer.easy, (option), (value))

static void set_body(struct attempt *t)
{
	const struct http_request *r = t->request;

	if (r->secret_body || r->body) {
		SET(CURLOPT_POST, 1L);
		SET(CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)(r->secret_body ? secret_len(r->secret_body) : r->body_len));
		/* Not copied by libcurl: a secret stays where it is. */
		SET(CURLOPT_POSTFIELDS, r->secret_body ? secret_bytes(r->secret_body) : r->body);
	}
	if (str_eq(r->method, "HEAD"))
		SET(CURLOPT_NOBODY, 1L);
	else if (r->method)
		SET(CURLOPT_CUSTOMREQUEST, r->method);
}

/*
 * One store: libcurl would read the system's folder of certificates beside the file, the user's or
 * its own, one by one and for each connection.
 */
static void set_trust(struct attempt *t)
{
	const char *ca_file = net_options(t->net)->ca_file;

	if (ca_file)
		SET(CURLOPT_CAINFO, ca_file);
	if (ca_file || t->lib->curl_version_info(CURLVERSION_NOW)->cainfo)
		SET(CURLOPT_CAPATH, NULL);
}

static long ip_versions(int family)
{
	if (family == AF_INET)
		return CURL_IPRESOLVE_V4;
	return family == AF_INET6 ? CURL_IPRESOLVE_V6 : CURL_IPRESOLVE_WHATEVER;
}

static void set_way(struct attempt *t)
{
	const struct net_options *o = net_options(t->net);

	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_RESOLVE, t->resolve);
	SET(CURLOPT_CONNECT_TO, t->connect_to);
	SET(CURLOPT_IPRESOLVE, ip_versions(o->family));
	if (o->source)
		SET(CURLOPT_INTERFACE, arena_printf(t->arena, "host!%s", t->net->source.text));
	set_trust(t);
	if (!t->proxied)
		SET(CURLOPT_PROXY, "");
	else if (o->proxy)
		SET(CURLOPT_PROXY, o->proxy);
	SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	SET(CURLOPT_OPENSOCKETFUNCTION, on_open);
	SET(CURLOPT_OPENSOCKETDATA, t);
}

static void set_up(struct attempt *t)
{
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_URL, t->request->url);
	SET(CURLOPT_USERAGENT, "smtpwhy/" PACKAGE_VERSION);
	SET(CURLOPT_ERRORBUFFER, t->error);
	SET(CURLOPT_HTTPHEADER, t->headers);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_HEADERDATA, t);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, t);
	SET(CURLOPT_HTTP_CONTENT_DECODING, 1L);
	set_body(t);
	set_way(t);
}

/* --- the answer --- */

static void note_peer(struct attempt *t)
{
	if (t->last.len && !str_eq(t->last.text, t->host))
		t->answer->peer = arena_printf(t->arena, "%s[%s]:%u", t->host, t->last.text,
					       t->port);
}

static void keep_body(struct attempt *t)
{
	if (t->request->secret_answer) {
		t->answer->secret = secret_new_mixed(buf_str(&t->body), t->body.len);
		return;
	}
	redact(t->body.data, t->body.len);
	t->answer->body_len = t->body.len;
	t->answer->body = arena_alloc(t->arena, t->body.len + 1);
	memcpy((char *)t->answer->body, buf_str(&t->body), t->body.len);
}

static bool finish(struct attempt *t, int waited)
{
	long status = 0, os = 0, proxy = 0;
	struct http_trouble trouble = { .code = t->transfer.code, .waited = waited,
					.too_large = t->too_large, .limit = t->body.limit,
					.proxied = t->proxied, .said = t->error };

	note_peer(t);
	t->lib->curl_easy_getinfo(t->transfer.easy, CURLINFO_RESPONSE_CODE, &status);
	if (waited == 0 && t->transfer.code == CURLE_OK && status >= 100) {
		t->answer->status = (int)status;
		keep_body(t);
		return true;
	}
	t->lib->curl_easy_getinfo(t->transfer.easy, CURLINFO_OS_ERRNO, &os);
	t->lib->curl_easy_getinfo(t->transfer.easy, CURLINFO_HTTP_CONNECTCODE, &proxy);
	trouble.err = (int)os;
	trouble.proxy_status = (int)proxy;
	trouble.headers = t->head.too_large;
	redact(t->error, strlen(t->error));
	t->answer->status = 0;
	t->answer->failure = http_trouble(t->arena, t->answer->peer, &trouble);
	return false;
}

static void release(struct attempt *t)
{
	for (struct curl_slist *l = t->headers; l; l = l->next)
		explicit_bzero(l->data, strlen(l->data));
	t->lib->curl_slist_free_all(t->headers);
	t->lib->curl_slist_free_all(t->resolve);
	t->lib->curl_slist_free_all(t->connect_to);
	if (t->transfer.easy)
		t->lib->curl_easy_cleanup(t->transfer.easy);
	buf_wipe(&t->body);
	buf_release(&t->body);
}

_waits_ static bool once(struct net *n, struct arena *a, const struct http_lib *lib,
			 const struct http_request *r, struct http_answer *ret)
{
	_cleanup_(deadline_end) struct deadline limit = deadline_in(net_timeout(n));
	struct attempt t = {
		.net = n, .arena = a, .request = r, .answer = ret, .lib = lib,
		.head = { .arena = a, .lib = lib, .answer = ret },
		.body = BUF_INIT(r->secret_answer ? (size_t)LIMIT_SECRET : (size_t)LIMIT_HTTP_BODY)
	};
	bool good = read_url(&t) && look_up(&t) && set_headers(&t);
	const char *usual = r->body || r->secret_body ? "POST" : "GET";

	if (good) {
		t.transfer.easy = lib->curl_easy_init();
		if (!t.transfer.easy)
			out_of_memory();
		set_up(&t);
		good = finish(&t, http_perform(net_http(n), &t.transfer));
	}
	release(&t);
	trace(TRACE_HTTP, "%s %.*s: %d%s%s", r->method ? r->method : usual,
	      (int)strcspn(r->url, "?#"), r->url, ret->status, ret->failure ? ", " : "",
	      ret->failure ? ret->failure->text : "");
	return good;
}

/* --- again --- */

static bool worth_again(const struct http_answer *r)
{
	if (r->failure)
		return r->failure->class == FAILURE_NET || r->failure->class == FAILURE_TIMEOUT;
	return r->status == 408 || r->status == 429 ||
	       (r->status >= 500 && r->status != 501 && r->status != 505);
}

static int64_t pause_ms(const struct http_answer *r, int tried)
{
	if (r->retry_after_s >= 0)
		return (r->retry_after_s > PAUSE_MAX_S ? PAUSE_MAX_S + 1 : r->retry_after_s) * 1000;
	return (int64_t)1000 << (tried - 1);
}

static void load(void *arg)
{
	*(const struct http_lib **)arg = http_lib();
}

bool http_ask(struct net *n, struct arena *a, const struct http_request *r, struct http_answer *ret)
{
	int wanted = r->tries > 0 ? r->tries : 1, tries = wanted > TRIES_MAX ? TRIES_MAX : wanted;
	const struct http_lib *lib = NULL;
	int64_t start = clock_us(), wait, left;
	bool good = false;

	*ret = (struct http_answer) { .peer = "" };
	http_answer_forget(ret);
	fiber_on_hub(load, &lib);
	if (!lib) {
		ret->failure = failure_new(a, FAILURE_LOCAL, STAGE_UNKNOWN, 0, "", NULL, "%s",
					   http_missing());
		return false;
	}
	for (int i = 1; i <= tries; i++) {
		http_answer_forget(ret);
		ret->tried = i;
		good = once(n, a, lib, r, ret);
		if (i == tries || !worth_again(ret))
			break;
		wait = pause_ms(ret, i);
		left = deadline_left();
		/* What would come too late is not waited for: this answer is the answer. */
		if (wait > PAUSE_MAX_S * 1000 || (left >= 0 && wait >= left))
			break;
		secret_freep(&ret->secret);
		if (fiber_sleep(wait) < 0) {
			ret->failure = failure_new(a, FAILURE_CANCELLED, STAGE_UNKNOWN, 0,
						   ret->peer, NULL, "cancelled");
			ret->status = 0;
			return false;
		}
	}
	ret->us = clock_us() - start;
	return good;
}
