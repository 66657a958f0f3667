/*
 * t-tls - handshakes with a server of our own: what a chain's faults are called, what a failed
 * handshake is put down to.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "net/cert.h"
#include "net/net.h"
#include "net/tls.h"
#include "tests/unit/peer.h"
#include "tests/unit/tap.h"
#include "tests/unit/tls-chains.h"

#define SCRIPT(...) (const char *const[]) { __VA_ARGS__, NULL }

static char ca_file[256];

struct run {
	struct peer		 peer;
	int			 client_fd;
	struct arena		*arena;
	struct net		*net;
	struct tls_ask		 ask;
	struct tls_failure	 why;
	bool			 connected;
	struct tls_info		 info;
	char			 said[64];
	ssize_t			 last;
};

static int conversation(void *arg)
{
	struct run *r = arg;
	struct scope scope;
	struct tls *t;

	scope_begin(&scope);
	if (fiber_spawn(&scope, "peer", peer_run, &r->peer) < 0)
		close(r->peer.fd);
	{
		_cleanup_(deadline_end) struct deadline d = deadline_in(net_timeout(r->net));

		t = tls_connect(r->net, r->arena, r->client_fd, &r->ask, &r->why);
	}
	r->connected = t != NULL;
	if (t) {
		r->info = *tls_info(t);
		r->last = tls_write(t, "hello\r\n", 7);
		for (size_t n = 0; r->last > 0 && n + 1 < sizeof(r->said); n += (size_t)r->last)
			r->last = tls_read(t, r->said + n, sizeof(r->said) - 1 - n);
		tls_bye(t);
	}
	tls_free(t);
	close(r->client_fd);
	scope_join(&scope);
	return 0;
}

static struct run *run_begin(const char *const *script,
			     gnutls_certificate_credentials_t credentials, const char *name,
			     const char *file)
{
	struct net_options o = { .timeout_ms = 3000, .ca_file = file };
	struct run *r = xcalloc(1, sizeof(*r));
	const char *error = NULL;
	int fds[2];

	peer_sockets(fds);
	r->client_fd = fds[0];
	r->peer = (struct peer) { .fd = fds[1], .script = script, .cut_at = PEER_NO_CUT,
				  .credentials = credentials };
	r->ask = (struct tls_ask) { .name = name };
	r->arena = arena_new();
	r->net = net_new(r->arena, &o, &error);
	assert(r->net);
	return r;
}

static void run_end(struct run *r)
{
	net_free(r->net);
	arena_free(r->arena);
	free(r);
}

static const char *const good_script[] = { "tls", "< hello", "> 220 hi", "close", NULL };

/* --- chains --- */

static const char *trouble_names(struct arena *a, unsigned trouble)
{
	struct strv names = { NULL, 0, 0 };

	for (unsigned bit = CERT_UNTRUSTED; bit <= CERT_INVALID; bit <<= 1)
		if (trouble & bit)
			strv_add(&names, a, cert_trouble_name((enum cert_trouble)bit));
	return strv_join(&names, a, " ");
}

static void chain_of(const struct chain_case *c)
{
	struct made leaf;
	const struct made *sent[3] = { &leaf, c->sent[0], c->sent[1] };
	size_t n = 1 + (sent[1] != NULL) + (sent[2] != NULL);
	gnutls_certificate_credentials_t credentials;
	struct run *r;
	char what[256];

	made_new(&leaf, &c->leaf, c->issuer);
	credentials = made_credentials(sent, n);
	r = run_begin(good_script, credentials, c->name, ca_file);
	fiber_run(conversation, r);
	snprintf(what, sizeof(what), "%s: the handshake succeeds", c->title);
	if (ok(r->connected, what)) {
		const struct cert_chain *chain = r->info.chain;

		snprintf(what, sizeof(what), "%s: trouble", c->title);
		if (!is_str(trouble_names(r->arena, chain->trouble), c->trouble, what))
			printf("#   says  %s\n", chain->verdict);
		snprintf(what, sizeof(what), "%s: whose dates are out", c->title);
		is_int(chain->dated_at == chain->n ? 99 : chain->dated_at, c->dated_at, what);
		is_str(r->said, "220 hi\r\n", "and the dialogue goes on");
		is_int(chain->n, n, "as many certificates as were sent");
		is_str(chain->ocsp, "none", "no OCSP answer was stapled");
	} else {
		printf("#   says  %s\n", r->why.text);
	}
	run_end(r);
	gnutls_certificate_free_credentials(credentials);
	made_free(&leaf);
}

static void facts_of_a_chain(void)
{
	struct made leaf;
	const struct made *sent[] = { &leaf, &intermediate };
	gnutls_certificate_credentials_t credentials;
	const struct cert *c;
	struct run *r;

	made_new(&leaf, &(struct recipe) { .cn = "mx.example", .o = "Example", .dns = "mx.example",
					   .ip = "192.0.2.7" },
		 &intermediate);
	credentials = made_credentials(sent, 2);
	r = run_begin(good_script, credentials, "mx.example", ca_file);
	fiber_run(conversation, r);
	assert(r->connected);
	c = &r->info.chain->certs[0];
	is_str(c->subject, "O=Example,CN=mx.example", "subject");
	is_str(c->subject_cn, "mx.example", "common name");
	is_str(c->issuer_cn, "Test Intermediate CA", "issuer's common name");
	is_str(c->issuer_o, "Test Trust", "issuer's organisation");
	is_str(strv_join(&c->names, r->arena, " "), "mx.example 192.0.2.7", "names");
	is_str(c->key, "ECDSA P-256", "key");
	is_str(c->signature, "ECDSA-SHA256", "signature");
	ok(strlen(c->sha256) == 64 && strlen(c->serial) == 8,
	   "fingerprint and serial number in hex");
	ok(!c->ca && !c->self_signed && r->info.chain->certs[1].ca, "who is an authority");
	is_int(c->not_after - c->not_before, 31 * DAY, "dates");
	is_str(r->info.version, "TLS1.3", "version");
	ok(str_has_prefix(r->info.cipher, "TLS_AES_"), "cipher, as IANA names it");
	is_str(r->info.group, "X25519", "group");
	is_str(r->info.chain->verdict, "The certificate is trusted.", "verdict");
	is_str(r->info.chain->checked_name, "mx.example", "the name it was checked against");
	ok(r->info.us > 0, "time");
	run_end(r);
	gnutls_certificate_free_credentials(credentials);
	made_free(&leaf);
}

/* No trust store: that's our side, and no verdict about the server. */
static void without_trust(gnutls_certificate_credentials_t credentials)
{
	struct run *r = run_begin(good_script, credentials, "mx.example", "/nonexistent/ca.pem");

	fiber_run(conversation, r);
	ok(r->connected, "without a trust store the handshake succeeds");
	ok(r->connected && r->info.chain->unjudged &&
	   strstr(r->info.chain->unjudged, "/nonexistent/ca.pem"),
	   "and says why trust was not judged");
	is_str(r->connected ? trouble_names(r->arena, r->info.chain->trouble) : "", "",
	       "which is no trouble of the server's");
	ok(tls_trust_error(net_trust(r->net)) != NULL, "the store says so too");
	run_end(r);
}

/* --- versions --- */

static void version(gnutls_certificate_credentials_t credentials, enum tls_version only,
		    const char *server, const char *want, const char *alert)
{
	struct run *r = run_begin(good_script, credentials, "mx.example", ca_file);
	char what[256];

	r->ask.only = only;
	r->ask.no_verify = only != TLS_ANY;
	r->peer.priority = server;
	fiber_run(conversation, r);
	snprintf(what, sizeof(what), "%s to a server with %s", tls_version_name(only), server);
	is_str(r->connected ? r->info.version : "refused", want, what);
	if (!r->connected) {
		is_str(r->why.alert_name, alert, "the alert");
		ok(strstr(r->why.text, alert) != NULL, "is in the text");
		ok(!r->why.timeout && !r->why.local && !r->why.cancelled && !r->why.closed &&
		   !r->why.reset,
		   "and it's nothing else");
	} else {
		is_str(r->said, "220 hi\r\n", "bytes go both ways");
		ok(r->info.chain == NULL || only == TLS_ANY, "not verified when not asked to");
	}
	run_end(r);
}

static void versions(gnutls_certificate_credentials_t credentials)
{
	static const enum tls_version all[] = { TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 };

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		if (!tls_version_possible(all[i]))
			continue;
		version(credentials, all[i], "NORMAL", tls_version_name(all[i]), "");
		if (all[i] < TLS_1_2)
			version(credentials, all[i], "NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.3",
				"refused", "protocol_version");
	}
	version(credentials, TLS_1_3, "NORMAL:-VERS-ALL:+VERS-TLS1.2", "refused",
		"handshake_failure");
	version(credentials, TLS_1_2, "NORMAL:-VERS-ALL:+VERS-TLS1.3", "refused",
		"handshake_failure");
	version(credentials, TLS_ANY, "NORMAL:-VERS-ALL:+VERS-TLS1.2", "TLS1.2", "");
	version(credentials, TLS_ANY, "NORMAL:-VERS-ALL:+VERS-TLS1.3", "TLS1.3", "");
	version(credentials, TLS_ANY, "NORMAL:-GROUP-ALL:+GROUP-SECP384R1", "TLS1.3", "");
}

/* --- what is no handshake --- */

static const char *kind_of(const struct tls_failure *f)
{
	if (f->timeout)
		return "timeout";
	if (f->closed)
		return "closed";
	if (f->reset)
		return "reset";
	if (f->local)
		return "local";
	return f->alert >= 0 ? "alert" : "other";
}

static void broken(const char *title, const char *const *script, const char *text,
		   const char *bytes, const char *how)
{
	struct run *r = run_begin(script, NULL, "mx.example", ca_file);
	char what[256];

	fiber_run(conversation, r);
	snprintf(what, sizeof(what), "%s: no handshake", title);
	ok(!r->connected, what);
	snprintf(what, sizeof(what), "%s: text", title);
	is_str(r->why.text, text, what);
	snprintf(what, sizeof(what), "%s: the bytes that came", title);
	is_str(r->why.peer_bytes, bytes, what);
	snprintf(what, sizeof(what), "%s: kind", title);
	is_str(kind_of(&r->why), how, what);
	run_end(r);
}

/* unrecognized_name as a warning, which servers do send: once is harmless, without end is the
 * server's fault and not ours. */
#define WARNING "\\x15\\x03\\x03\\x00\\x02\\x01\\x70"
#define WARNINGS_8 WARNING WARNING WARNING WARNING WARNING WARNING WARNING WARNING

static void warnings(void)
{
	const char *const text = "the server sent a message out of turn";

	broken("sixteen warnings", SCRIPT("drop", ">> " WARNINGS_8 WARNINGS_8, "hang"),
	       "the TLS handshake was not finished in time", "", "timeout");
	broken("seventeen warnings", SCRIPT("drop", ">> " WARNINGS_8 WARNINGS_8 WARNING, "hang"),
	       text, "", "other");
	broken("sixty-four warnings", SCRIPT("drop", ">> " WARNINGS_8 WARNINGS_8 WARNINGS_8
					     WARNINGS_8 WARNINGS_8 WARNINGS_8 WARNINGS_8 WARNINGS_8,
					     "hang"),
	       text, "", "other");
	broken("warnings before anything was asked",
	       SCRIPT(">> " WARNINGS_8 WARNINGS_8 WARNINGS_8 WARNINGS_8, "hang"), text,
	       "", "other");
}

static void no_handshakes(void)
{
	broken("a greeting", SCRIPT("> 220 mx.example ESMTP", "hang"),
	       "the server answered the TLS handshake with an SMTP reply in the clear",
	       "220 mx.example ESMTP\\r\\n", "other");
	broken("a refusal", SCRIPT("> 454 4.7.0 TLS not available", "close"),
	       "the server answered the TLS handshake with an SMTP refusal in the clear",
	       "454 4.7.0 TLS not available\\r\\n", "other");
	broken("HTTP", SCRIPT("> HTTP/1.1 400 Bad Request", "close"),
	       "the server answered the TLS handshake with HTTP",
	       "HTTP/1.1 400 Bad Request\\r\\n", "other");
	broken("noise", SCRIPT(">> \\xff\\xfe\\xfd\\xfc\\xfb\\xfa", "hang"),
	       "the server answered the TLS handshake with bytes of no known protocol",
	       "\\xff\\xfe\\xfd\\xfc\\xfb\\xfa", "other");
	broken("the end", SCRIPT("drop", "close"),
	       "the server closed the connection during the TLS handshake", "", "closed");
	broken("a reset", SCRIPT("reset"), "the connection was reset during the TLS handshake",
	       "", "reset");
	broken("an alert", SCRIPT(">> \\x15\\x03\\x03\\x00\\x02\\x02\\x50", "hang"),
	       "the server sent the alert internal_error (80)", "", "alert");
	broken("an alert nobody knows", SCRIPT(">> \\x15\\x03\\x03\\x00\\x02\\x02\\xc8", "hang"),
	       "the server sent the alert unknown (200)", "", "alert");
	broken("half a record, then the end",
	       SCRIPT(">> \\x16\\x03\\x03\\x00\\x40\\x02", "drop", "close"),
	       "the server closed the connection during the TLS handshake", "", "closed");
	broken("half a record, then a reset", SCRIPT(">> \\x16\\x03\\x03\\x00\\x40\\x02", "reset"),
	       "the connection was reset during the TLS handshake", "", "reset");
}

static void silence(const char *const *script, const char *text)
{
	struct run *r = run_begin(script, NULL, "mx.example", ca_file);
	struct net_options o = { .timeout_ms = 60, .ca_file = ca_file };
	const char *error;

	net_free(r->net);
	r->net = net_new(r->arena, &o, &error);
	fiber_run(conversation, r);
	is_str(r->why.text, text, "silence: text");
	ok(r->why.timeout && !r->why.local, "silence: a time-out");
	run_end(r);
}

/* --- torture --- */

static void cancelled(gnutls_certificate_credentials_t credentials)
{
	bool reached = true, good = true;
	uint64_t n = 0;

	while (reached && n < 100) {
		struct run *r = run_begin(good_script, credentials, "mx.example", ca_file);

		fiber_cancel_at(++n);
		fiber_run(conversation, r);
		fiber_cancel_at(0);
		reached = (!r->connected && r->why.cancelled) ||
			  (r->connected && r->last == -ECANCELED);
		good = good && (reached || str_eq(r->said, "220 hi\r\n"));
		run_end(r);
	}
	printf("# %d suspensions\n", (int)n - 1);
	ok(good && n > 3, "cancelled at each suspension, a handshake says so");
}

static void in_bytes(gnutls_certificate_credentials_t credentials, const char *priority)
{
	struct run *r = run_begin(good_script, credentials, "mx.example", ca_file);

	r->peer.priority = priority;
	r->peer.chunk = 1;
	fiber_run(conversation, r);
	ok(r->connected && r->info.chain->trouble == 0, "a handshake that comes byte by byte");
	is_str(r->said, "220 hi\r\n", "and bytes under it");
	run_end(r);
}

static void cut_off(gnutls_certificate_credentials_t credentials)
{
	static const char *const ways[] = { "close", "reset" };
	bool good = true;

	for (size_t w = 0; w < ARRAY_LEN(ways); w++)
		for (int i = 0; good_script[i]; i++) {
			struct run *r = run_begin(good_script, credentials, "mx.example", ca_file);

			r->peer.cut_at = i;
			r->peer.cut = ways[w];
			fiber_run(conversation, r);
			good = good && !r->why.local &&
			       (r->connected ? r->last <= 0 : r->why.closed || r->why.reset);
			run_end(r);
		}
	ok(good, "cut off at each step, it's the connection's fault");
}

static void names(void)
{
	is_str(tls_version_name(TLS_1_0), "TLS1.0", "version names");
	ok(tls_version_possible(TLS_1_2) && tls_version_possible(TLS_1_3),
	   "the library can do what is in use");
	is_str(cert_trouble_name(CERT_SELF_SIGNED), "self-signed", "trouble names");
}

int main(void)
{
	struct made leaf;
	const struct made *sent[] = { &leaf, &intermediate };
	gnutls_certificate_credentials_t credentials;

	made_new(&root,
		 &(struct recipe) { .cn = "Test Root", .o = "Test Trust", .ca = true }, NULL);
	made_new(&intermediate,
		 &(struct recipe) { .cn = "Test Intermediate CA", .o = "Test Trust", .ca = true },
		 &root);
	made_new(&old_intermediate, &(struct recipe) { .cn = "Old Test CA", .o = "Test Trust",
						       .ca = true, .from = -10 * DAY, .to = -DAY },
		 &root);
	made_new(&stranger, &(struct recipe) { .cn = "Stranger", .o = "Nobody", .ca = true }, NULL);
	made_new(&leaf, &(struct recipe) { GOOD }, &intermediate);
	made_save(&root, ca_file);
	credentials = made_credentials(sent, 2);

	names();
	for (size_t i = 0; i < ARRAY_LEN(chains); i++)
		chain_of(&chains[i]);
	facts_of_a_chain();
	without_trust(credentials);
	versions(credentials);
	no_handshakes();
	warnings();
	silence(SCRIPT("hang"), "the server did not answer the TLS handshake in time");
	silence(SCRIPT(">> \\x16\\x03\\x03\\x00\\x40\\x02", "hang"),
		"the TLS handshake was not finished in time");
	cancelled(credentials);
	cut_off(credentials);
	in_bytes(credentials, "NORMAL:-VERS-ALL:+VERS-TLS1.3");
	in_bytes(credentials, "NORMAL:-VERS-ALL:+VERS-TLS1.2");

	gnutls_certificate_free_credentials(credentials);
	made_free(&leaf);
	made_free(&root);
	made_free(&intermediate);
	made_free(&old_intermediate);
	made_free(&stranger);
	unlink(ca_file);
	return tap_done();
}
