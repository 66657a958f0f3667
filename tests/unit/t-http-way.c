/*
 * t-http-way - the way a request takes: the lab's map, --connect-to, a proxy, and TLS with a server
 * that proves its name, or does not.
 */
#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/failure.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "tests/unit/big-key.h"
#include "tests/unit/http-run.h"
#include "tests/unit/peer.h"
#include "tests/unit/tap.h"

static void map_to_server(struct run *r)
{
	struct net_address from, to;

	assert(net_address_parse("192.0.2.10", &from) && net_address_parse("127.0.0.1", &to));
	net_map(r->net, &from, 8080, &to, r->server.port);
}

static void check_map(void)
{
	struct run r = {
		.server.n_scripts = 1, .more = map_to_server,
		.server.scripts = { SCRIPT("< GET / HTTP/1.1", "= Host: 192.0.2.10:8080", "head",
					   ">> HTTP/1.1 204 x\\r\\n\\r\\n", "hang") },
		.request = { .url = "http://192.0.2.10:8080/", .allow_plaintext = true }
	};

	run(&r);
	is_int(r.answer.status, 204, "the lab's map holds");
	is_str(r.answer.peer, "192.0.2.10:8080", "... and does not show");
	is_str(r.server.peers[0].wrong, "", "... nor in the request");
	run_end(&r);
}

static void redirect_to_server(struct run *r)
{
	struct strv connect_to = { NULL, 0, 0 };

	strv_addf(&connect_to, r->arena, "login.example:80:127.0.0.1:%u", r->server.port);
	r->options.connect_to = connect_to;
	net_free(r->net);
	r->net = net_new(r->arena, &r->options, &(const char *) { NULL });
}

static void check_connect_to(void)
{
	struct run r = {
		.server.n_scripts = 1, .more = redirect_to_server,
		.server.scripts = { SCRIPT("< GET / HTTP/1.1", "= Host: login.example", "head",
					   ">> HTTP/1.1 204 x\\r\\n\\r\\n", "hang") },
		.request = { .url = "http://login.example/", .allow_plaintext = true }
	};

	setenv("http_proxy", "http://127.0.0.1:1", 1);
	run(&r);
	unsetenv("http_proxy");
	is_int(r.answer.status, 204, "--connect-to holds, past any proxy");
	is_str(r.server.peers[0].wrong, "", "... and the host asked for is the name");
	run_end(&r);
}

static void proxy_is_server(struct run *r)
{
	r->options.proxy = arena_printf(r->arena, "http://127.0.0.1:%u", r->server.port);
	net_free(r->net);
	r->net = net_new(r->arena, &r->options, &(const char *) { NULL });
}

static void check_proxy(void)
{
	struct run r = {.server.n_scripts = 1, .more = proxy_is_server,
			.request.url = "https://login.example/", .server.scripts = {
			 SCRIPT("< CONNECT login.example:443 HTTP/1.1", "head",
				">> HTTP/1.1 407 Who are you\\r\\nContent-Length: 0\\r\\n\\r\\n",
				"hang") } };

	run(&r);
	ok(r.answer.failure && strstr(r.answer.failure->text, "the proxy does not let the request "
				      "through to login.example:443: it answers 407"),
	   "what a proxy refuses is the proxy's word");
	is_str(r.server.peers[0].wrong, "", "... which looks the name up itself");
	run_end(&r);
}

/* --- TLS --- */

static void over_tls(const char *name, const char *ca_file, const struct made *const *chain,
		     size_t n, const char *trouble, const char *what)
{
	struct run r = {
		.server.n_scripts = 1, .options.ca_file = ca_file, .options.timeout_ms = 30000,
		.server.credentials = made_credentials(chain, n),
		.server.scripts = { SCRIPT("tls", "< GET / HTTP/1.1", "head",
					   ">> HTTP/1.1 204 x\\r\\n\\r\\n", "hang") }
	};

	listen_on(&r.server);
	r.server.peers = xcalloc(CONNECTIONS, sizeof(struct peer));
	r.arena = arena_new();
	strv_addf(&r.options.connect_to, r.arena, "%s:443:127.0.0.1:%u", name, r.server.port);
	r.request.url = arena_printf(r.arena, "https://%s/", name);
	r.net = net_new(r.arena, &r.options, &(const char *) { NULL });
	fiber_run(conversation, &r);
	ok(r.good == !trouble, what);
	if (!trouble)
		is_int(r.answer.status, 204, "... and is answered");
	else
		ok(r.answer.failure && r.answer.failure->class == FAILURE_TLS &&
		   strstr(r.answer.failure->text, trouble),
		   "... and says so");
	if (r.good != !trouble || (trouble && r.answer.failure->class != FAILURE_TLS))
		printf("#   got   %s\n", r.answer.failure ? r.answer.failure->text : "an answer");
	run_end(&r);
	gnutls_certificate_free_credentials(r.server.credentials);
}

static void check_tls(void)
{
	struct made root, leaf, huge = { .crt = big_crt(LIMIT_RSA_BITS + 1, PLAIN_EXPONENT) };
	char ca_file[256];

	made_new(&root, &(struct recipe) { .cn = "Test Root", .ca = true }, NULL);
	made_new(&leaf, &(struct recipe) { .cn = "login.example", .dns = "login.example" }, &root);
	made_save(&root, ca_file);
	over_tls("login.example", ca_file, (const struct made *const[]) { &leaf, &root }, 2, NULL,
		 "a certificate of the --ca-file");
	over_tls("login.example", NULL, (const struct made *const[]) { &leaf, &root }, 2,
		 "does not prove", "one nobody knows");
	over_tls("other.example", ca_file, (const struct made *const[]) { &leaf, &root }, 2,
		 "does not prove", "one for another name");
	over_tls("login.example", ca_file, (const struct made *const[]) { &leaf, &root, &huge }, 3,
		 "the TLS handshake failed", "a key that is too large");
	gnutls_x509_crt_deinit(huge.crt);
	unlink(ca_file);
	made_free(&leaf);
	made_free(&root);
}

int main(void)
{
	check_map();
	check_connect_to();
	check_proxy();
	check_tls();
	return tap_done();
}
