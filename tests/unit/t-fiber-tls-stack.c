/*
 * Is a fiber's stack deep enough for any handshake? The peer chooses the key, so the peer chooses
 * how deep we go: RSA with 16,384 bits must leave half of the stack free, and no modulus at all may
 * use more than three quarters.
 */
#include "fiber-case.h"

#include <gnutls/abstract.h>

#include "base/arena.h"
#include "base/limits.h"
#include "net/net.h"
#include "net/tls.h"
#include "tests/unit/peer.h"

static char root_file[512], leaf_file[512], key_file[512];

static size_t depth(void)
{
	struct fiber_stats stats;

	fiber_stats(&stats);
	return stats.stack_peak;
}

/* --- handshakes with a server in another process, whose own stack is not our concern --- */

static const struct handshake {
	const char		*title;
	enum tls_version	 only;
	const char		*priority;	/* the server's */
} handshakes[] = {
	{ "TLS 1.3, RSA-16384", TLS_1_3, "NORMAL" },
	{ "TLS 1.2 with ECDHE, RSA-16384", TLS_1_2, "NORMAL" },
	{ "TLS 1.2 with DHE of 4096 bits, RSA-16384", TLS_1_2,
	  "NORMAL:-KX-ALL:+DHE-RSA:-GROUP-ALL:+GROUP-FFDHE4096" },
	{ "TLS 1.2 with RSA key exchange, RSA-16384", TLS_1_2, "NORMAL:-KX-ALL:+RSA" },
};

static int serve(void *arg)
{
	peer_run(arg);
	return 0;
}

static pid_t start_server(const struct handshake *h, int fd, int other_fd)
{
	static const char *const script[] = { "tls", "< hello", "> 220 hi", "close", NULL };
	struct peer *p = calloc(1, sizeof(*p));
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		close(other_fd);
		unsetenv("SMTPWHY_PAINT");
		*p = (struct peer) { .fd = fd, .script = script, .cut_at = PEER_NO_CUT,
				     .priority = h->priority };
		gnutls_certificate_allocate_credentials(&p->credentials);
		if (gnutls_certificate_set_x509_key_file(p->credentials, leaf_file, key_file,
							 GNUTLS_X509_FMT_PEM) < 0)
			_exit(2);
		_exit(fiber_run(serve, p));
	}
	close(fd);
	free(p);
	return pid;
}

struct client {
	const struct handshake	*h;
	int			 fd;
	char			 said[64];
};

static void shake_hands(struct client *c, struct arena *a, struct net *n)
{
	struct tls_ask ask = { .name = "big.example", .only = c->h->only };
	struct tls_failure why = { .text = "" };
	struct tls *t = tls_connect(n, a, c->fd, &ask, &why);

	if (!ok(t != NULL, c->h->title)) {
		printf("#   why   %s\n", why.text);
		return;
	}
	is_str(tls_info(t)->version, tls_version_name(c->h->only), "the version");
	is_int(tls_info(t)->chain ? (intmax_t)tls_info(t)->chain->trouble : -1, 0,
	       "the chain is good: all its signatures were looked at");
	printf("# %s, %s\n", tls_info(t)->cipher, tls_info(t)->group);
	if (tls_write(t, "hello\r\n", 7) == 7)
		for (ssize_t got, at = 0;
		     at < 60 && (got = tls_read(t, c->said + at, (size_t)(60 - at))) > 0; at += got)
			;
	is_str(c->said, "220 hi\r\n", "and they talk");
	tls_bye(t);
	tls_free(t);
}

static int client(void *arg)
{
	struct client *c = arg;
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct net_options o = { .timeout_ms = 60000, .ca_file = root_file };
	const char *error = NULL;
	_cleanup_(net_freep) struct net *n = net_new(a, &o, &error);
	_cleanup_(deadline_end) struct deadline d = deadline_in(60000);

	if (!ok(n != NULL, "there is a net"))
		return 1;
	shake_hands(c, a, n);
	close(c->fd);
	return 0;
}

static void handshake(const struct handshake *h)
{
	struct client c = { .h = h };
	int fds[2], status;

	peer_sockets(fds);
	c.fd = fds[0];
	pid_t pid = start_server(h, fds[1], fds[0]);
	run(client, &c);
	waitpid(pid, &status, 0);
	printf("# %s: %zu bytes of stack\n", h->title, depth());
	ok(depth() > 16 * 1024, "the handshake ran on the fiber");
	ok(depth() < LIMIT_STACK / 2, "and left half of the stack free");
}

/*
 * --- moduli that no honest server has: they need not be products of primes to be computed with ---
 */

static int verify_with(void *arg)
{
	size_t n = *(size_t *)arg / 8;
	unsigned char *modulus = malloc(n), *signature = malloc(n), exponent[] = { 1, 0, 1 };
	gnutls_datum_t m = { modulus, (unsigned)n }, e = { exponent, sizeof(exponent) },
		s = { signature, (unsigned)n };
	gnutls_datum_t data = { (unsigned char *)(uintptr_t)"data", 4 };
	gnutls_pubkey_t key;

	for (size_t i = 0; i < n; i++) {
		modulus[i] = (unsigned char)(i * 167 + 13);
		signature[i] = (unsigned char)(i * 59 + 7);
	}
	modulus[0] |= 0x80;
	modulus[n - 1] |= 1;
	signature[0] = 0x11;
	gnutls_pubkey_init(&key);
	int r = gnutls_pubkey_import_rsa_raw(key, &m, &e);
	if (r == 0)
		r = gnutls_pubkey_verify_data2(key, GNUTLS_SIGN_RSA_SHA256, 0, &data, &s);
	gnutls_pubkey_deinit(key);
	free(modulus);
	free(signature);
	return r;
}

static void moduli(void)
{
	size_t deepest = 0, at = 0;

	for (size_t bits = 16 * 1024; bits <= 256 * 1024;
	     bits += bits < 96 * 1024 ? 4096 : 32 * 1024) {
		if (run(verify_with, &bits) != GNUTLS_E_PK_SIG_VERIFY_FAILED)
			ok(false, "a signature is computed, and is wrong");
		if (depth() > deepest) {
			deepest = depth();
			at = bits;
		}
	}
	printf("# deepest with a modulus of %zu bits: %zu bytes\n", at, deepest);
	ok(deepest > 32 * 1024, "large moduli go deep");
	ok(deepest < LIMIT_STACK / 4 * 3, "but never near the end of the stack");
}

int main(void)
{
	const char *top = getenv("top_srcdir");

	snprintf(root_file, sizeof(root_file), "%s/tests/data/rsa-16384/root.pem", top ? top : ".");
	snprintf(leaf_file, sizeof(leaf_file), "%s/tests/data/rsa-16384/leaf.pem", top ? top : ".");
	snprintf(key_file, sizeof(key_file), "%s/tests/data/rsa-16384/key.pem", top ? top : ".");
	setenv("SMTPWHY_PAINT", "1", 1);
	for (size_t i = 0; i < ARRAY_LEN(handshakes); i++)
		handshake(&handshakes[i]);
	moduli();
	return tap_done();
}
