/*
 * peer - the other side of a conversation, for unit tests.
 */
#include "tests/unit/peer.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/abstract.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"
#include "fiber/fiber.h"

/* --- sockets --- */

static int loopback(struct sockaddr_in *ret)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*ret = (struct sockaddr_in) { .sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	assert(fd >= 0);
	return fd;
}

void peer_sockets(int ret[2])
{
	struct sockaddr_in sa;
	socklen_t len = sizeof(sa);
	int listener = loopback(&sa), yes = 1;

	assert(bind(listener, (struct sockaddr *)&sa, len) == 0);
	assert(listen(listener, 1) == 0);
	assert(getsockname(listener, (struct sockaddr *)&sa, &len) == 0);
	ret[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert(connect(ret[0], (struct sockaddr *)&sa, len) == 0);
	ret[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	assert(ret[1] >= 0);
	close(listener);
	assert(fcntl(ret[0], F_SETFL, O_NONBLOCK) == 0);
	for (int i = 0; i < 2; i++)
		assert(setsockopt(ret[i], IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes)) == 0);
}

struct reached peer_reached(int fd)
{
	struct reached r = { .reach = REACH_OPEN, .fd = fd, .port = 25 };

	assert(net_address_parse("192.0.2.25", &r.address));
	return r;
}

/* --- bytes --- */

static bool wait_for(struct peer *p, unsigned what)
{
	return fiber_wait_fd(p->fd, what, NULL) == 0;
}

static ssize_t some_out(struct peer *p, const char *bytes, size_t n)
{
	ssize_t r = p->tls ? gnutls_record_send(p->tls, bytes, n) :
		    send(p->fd, bytes, n, MSG_NOSIGNAL);

	if (p->tls ? r == GNUTLS_E_AGAIN : r < 0 && errno == EAGAIN)
		return wait_for(p, FIBER_WRITE) ? 0 : -1;
	return r;
}

static bool out(struct peer *p, const char *bytes, size_t n)
{
	while (n) {
		ssize_t r = some_out(p, bytes, p->chunk && p->chunk < n ? p->chunk : n);

		if (r < 0 || (p->chunk && fiber_yield() < 0))
			return false;
		bytes += r;
		n -= (size_t)r;
	}
	return true;
}

static ssize_t some_in(struct peer *p, char *bytes, size_t n)
{
	for (;;) {
		ssize_t r = p->tls ? gnutls_record_recv(p->tls, bytes, n) :
			    recv(p->fd, bytes, n, 0);

		if (p->tls ? r != GNUTLS_E_AGAIN : r >= 0 || errno != EAGAIN)
			return r;
		if (!wait_for(p, FIBER_READ))
			return -1;
	}
}

static void remember(struct peer *p, const char *line, size_t n)
{
	size_t len = strlen(p->heard);

	if (len + n + 2 < sizeof(p->heard)) {
		memcpy(p->heard + len, line, n);
		p->heard[len + n] = '\n';
		p->heard[len + n + 1] = '\0';
	}
}

/* Reads a line; true when it begins as it should. */
static bool expect(struct peer *p, const char *prefix, bool whole)
{
	size_t n, eaten, want = strlen(prefix);
	char *nl;

	while (!(nl = memchr(p->in, '\n', p->in_len))) {
		ssize_t r = p->in_len < sizeof(p->in) ?
			    some_in(p, p->in + p->in_len, sizeof(p->in) - p->in_len) : -1;

		if (r <= 0)
			return false;
		p->in_len += (size_t)r;
	}
	n = eaten = (size_t)(nl - p->in);
	if (n && p->in[n - 1] == '\r')
		n--;
	remember(p, p->in, n);
	if (n < want || memcmp(p->in, prefix, want) != 0 || (whole && n != want)) {
		snprintf(p->wrong, sizeof(p->wrong), "%.*s", (int)n, p->in);
		return false;
	}
	p->in_len -= eaten + 1;
	memmove(p->in, nl + 1, p->in_len);
	return true;
}

/* \r \n \0 \xNN */
static size_t unescape(const char *text, char *ret)
{
	size_t n = 0;
	unsigned byte;

	for (; *text; text++) {
		if (*text != '\\') {
			ret[n++] = *text;
		} else if (text[1] == 'x' && sscanf(text + 2, "%2x", &byte) == 1) {
			ret[n++] = (char)byte;
			text += 3;
		} else {
			text++;
			byte = *text == 'n' ? '\n' : '\0';
			ret[n++] = *text == 'r' ? '\r' : (char)byte;
		}
	}
	return n;
}

/* --- steps --- */

/*
 * GnuTLS's bytes, a chunk a segment: each second call answers "again", so that the
 * client runs in between.
 */
static ssize_t push_little(gnutls_transport_ptr_t arg, const void *bytes, size_t n)
{
	struct peer *p = arg;

	p->pause = !p->pause;
	if (p->pause) {
		gnutls_transport_set_errno(p->tls, EAGAIN);
		return -1;
	}
	return send(p->fd, bytes, n < p->chunk ? n : p->chunk, MSG_NOSIGNAL);
}

static ssize_t pull_plainly(gnutls_transport_ptr_t arg, void *bytes, size_t n)
{
	struct peer *p = arg;

	return recv(p->fd, bytes, n, 0);
}

static bool serve_tls(struct peer *p)
{
	int r;

	gnutls_init(&p->tls, GNUTLS_SERVER | GNUTLS_NONBLOCK);
	gnutls_priority_set_direct(p->tls, p->priority ? p->priority : "NORMAL", NULL);
	gnutls_credentials_set(p->tls, GNUTLS_CRD_CERTIFICATE, p->credentials);
	gnutls_transport_set_int(p->tls, p->fd);
	if (p->chunk) {
		gnutls_transport_set_ptr(p->tls, p);
		gnutls_transport_set_push_function(p->tls, push_little);
		gnutls_transport_set_pull_function(p->tls, pull_plainly);
	}
	while ((r = gnutls_handshake(p->tls)) < 0) {
		if (r == GNUTLS_E_AGAIN) {
			if (!wait_for(p, gnutls_record_get_direction(p->tls) ? FIBER_WRITE :
					 FIBER_READ))
				return false;
		} else if (gnutls_error_is_fatal(r)) {
			gnutls_alert_send_appropriate(p->tls, r);
			return false;
		}
	}
	return true;
}

/* Lines to an empty one: the rest of an HTTP request's head. The body after it stays unread. */
static bool head(struct peer *p)
{
	size_t before;

	do {
		before = strlen(p->heard);
		if (!expect(p, "", false))
			return false;
	} while (!str_eq(p->heard + before, "\n"));
	return true;
}

static bool end(struct peer *p, const char *how)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };
	char sink[256];

	if (str_eq(how, "reset"))
		setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	else if (str_eq(how, "hang"))
		while (some_in(p, sink, sizeof(sink)) > 0)
			;
	return false;
}

static bool step(struct peer *p, const char *what)
{
	char bytes[3072];

	if (str_has_prefix(what, "> "))
		return out(p, bytes, (size_t)snprintf(bytes, sizeof(bytes), "%s\r\n", what + 2));
	if (str_has_prefix(what, ">> "))
		return out(p, bytes, unescape(what + 3, bytes));
	if (str_has_prefix(what, "< ") || str_has_prefix(what, "= "))
		return expect(p, what + 2, what[0] == '=');
	if (str_eq(what, "tls"))
		return serve_tls(p);
	if (str_eq(what, "head"))
		return head(p);
	if (str_eq(what, "drop"))
		return some_in(p, bytes, sizeof(bytes)) > 0;
	return end(p, what);
}

void peer_run(void *arg)
{
	struct peer *p = arg;

	for (int i = 0; p->script[i]; i++)
		if (i == p->cut_at ? !end(p, p->cut) : !step(p, p->script[i]))
			break;
	if (p->tls)
		gnutls_deinit(p->tls);
	p->tls = NULL;
	close(p->fd);
}

/* --- certificates --- */

/* What was made lacks some of what GnuTLS keeps of what it reads. */
static void read_again(struct made *m)
{
	gnutls_datum_t der = { NULL, 0 };

	assert(gnutls_x509_crt_export2(m->crt, GNUTLS_X509_FMT_DER, &der) == 0);
	gnutls_x509_crt_deinit(m->crt);
	assert(gnutls_x509_crt_init(&m->crt) == 0 &&
	       gnutls_x509_crt_import(m->crt, &der, GNUTLS_X509_FMT_DER) == 0);
	gnutls_free(der.data);
}

void made_new(struct made *ret, const struct recipe *r, const struct made *issuer)
{
	gnutls_pk_algorithm_t pk = r->pk == GNUTLS_PK_UNKNOWN ? GNUTLS_PK_ECDSA : r->pk;
	gnutls_digest_algorithm_t digest = r->digest == GNUTLS_DIG_UNKNOWN ? GNUTLS_DIG_SHA256 :
					   r->digest;
	const char *purpose = r->purpose ? r->purpose : GNUTLS_KP_TLS_WWW_SERVER;
	time_t now = clock_wall();
	unsigned char serial[4] = { 1, 2, 3, 4 };
	static unsigned char count;
	struct net_address address;

	assert(gnutls_x509_privkey_init(&ret->key) == 0 && gnutls_x509_crt_init(&ret->crt) == 0);
	assert(gnutls_x509_privkey_generate(ret->key, pk,
					    r->bits ? r->bits :
					    GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0) ==
	       0);
	serial[3] = ++count;
	gnutls_x509_crt_set_version(ret->crt, 3);
	gnutls_x509_crt_set_serial(ret->crt, serial, sizeof(serial));
	gnutls_x509_crt_set_activation_time(ret->crt, now + (r->from ? r->from : -86400));
	gnutls_x509_crt_set_expiration_time(ret->crt, now + (r->to ? r->to : 30 * 86400));
	gnutls_x509_crt_set_dn_by_oid(ret->crt, GNUTLS_OID_X520_COMMON_NAME, 0, r->cn,
				      (unsigned)strlen(r->cn));
	if (r->o)
		gnutls_x509_crt_set_dn_by_oid(ret->crt, GNUTLS_OID_X520_ORGANIZATION_NAME, 0, r->o,
					      (unsigned)strlen(r->o));
	if (r->dns)
		gnutls_x509_crt_set_subject_alt_name(ret->crt, GNUTLS_SAN_DNSNAME, r->dns,
						     (unsigned)strlen(r->dns), GNUTLS_FSAN_APPEND);
	if (r->ip && net_address_parse(r->ip, &address))
		gnutls_x509_crt_set_subject_alt_name(ret->crt, GNUTLS_SAN_IPADDRESS,
						     &((struct sockaddr_in *)&address.sa)->sin_addr,
						     4, GNUTLS_FSAN_APPEND);
	gnutls_x509_crt_set_ca_status(ret->crt, r->ca);
	gnutls_x509_crt_set_key_usage(ret->crt,
				      r->ca ? GNUTLS_KEY_KEY_CERT_SIGN :
				      GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_KEY_ENCIPHERMENT);
	if (!r->ca)
		gnutls_x509_crt_set_key_purpose_oid(ret->crt, purpose, 0);
	if (r->issuer_url) {
		gnutls_datum_t url = { (unsigned char *)r->issuer_url,
				       (unsigned)strlen(r->issuer_url) };

		gnutls_x509_crt_set_authority_info_access(ret->crt, GNUTLS_IA_CAISSUERS_URI, &url);
	}
	assert(gnutls_x509_crt_set_key(ret->crt, ret->key) == 0);
	assert(gnutls_x509_crt_sign2(ret->crt, issuer ? issuer->crt : ret->crt,
				     issuer ? issuer->key : ret->key, digest, 0) == 0);
	read_again(ret);
}

void made_free(struct made *m)
{
	gnutls_x509_crt_deinit(m->crt);
	gnutls_x509_privkey_deinit(m->key);
}

void made_save(const struct made *m, char ret[static 256])
{
	gnutls_datum_t pem = { NULL, 0 };
	int fd;

	snprintf(ret, 256, "%s/smtpwhy-test-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	fd = mkstemp(ret);
	assert(fd >= 0 && gnutls_x509_crt_export2(m->crt, GNUTLS_X509_FMT_PEM, &pem) == 0);
	assert(write(fd, pem.data, pem.size) == (ssize_t)pem.size);
	gnutls_free(pem.data);
	close(fd);
}

gnutls_certificate_credentials_t made_credentials(const struct made *const *chain, size_t n)
{
	gnutls_certificate_credentials_t c;
	gnutls_privkey_t key;
	gnutls_pcert_st certs[8];

	/* As given: gnutls_certificate_set_x509_key() would put them in order. */
	for (size_t i = 0; i < n; i++)
		assert(gnutls_pcert_import_x509(&certs[i], chain[i]->crt, 0) == 0);
	assert(gnutls_privkey_init(&key) == 0);
	assert(gnutls_privkey_import_x509(key, chain[0]->key, GNUTLS_PRIVKEY_IMPORT_COPY) == 0);
	assert(gnutls_certificate_allocate_credentials(&c) == 0);
	assert(gnutls_certificate_set_key(c, NULL, 0, certs, (int)n, key) == 0);
	return c;
}
