/*
 * tls - a handshake, and bytes under it (RFC 8446, RFC 5246), by GnuTLS.
 *
 * GnuTLS never waits: its pull and push answer EAGAIN, and we wait outside. Pull reads ahead, for
 * GnuTLS asks for a record's head and body in two reads. Whether to wait is decided by what pull
 * and push last met, not by what GnuTLS answered: it says "again" also after a session ticket with
 * more data behind it.
 */
#include "net/tls-inside.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/trace.h"
#include "fiber/fiber.h"
#include "net/dns.h"
#include "net/net.h"
#include "net/sniff.h"

enum {
	READ_AHEAD	= 8 * 1024,
	FIRST_BYTES	= 160,		/* kept, to name what is no TLS */
	/* alerts and tickets in a row that a peer may make us look at without waiting */
	WARNINGS_MOST	= 16,
};

struct tls {
	gnutls_session_t	 session;
	struct arena		*arena;
	int			 fd;
	bool			 tcp;		/* has TCP_QUICKACK */
	bool			 blocked;	/* the last pull or push would have waited */
	bool			 ended;		/* the peer closed the connection */
	int			 err;		/* errno of the last pull or push that failed */
	const char		*trouble;
	struct tls_info		 info;
	char			 first[FIRST_BYTES];
	size_t			 first_len;
	size_t			 in_at, in_len;
	char			 in[READ_AHEAD];
};

/* --- what GnuTLS calls: never waits --- */

/*
 * A delayed ACK makes a server that sends its last flight and its next reply in two segments wait
 * 40 ms for us (Nagle). The kernel forgets the option, so it's set again for each read.
 */
static void ack_quickly(struct tls *t)
{
	int yes = 1;

	if (t->tcp && setsockopt(t->fd, IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof(yes)) < 0)
		t->tcp = false;
}

static ssize_t fail_with(struct tls *t, int err)
{
	t->blocked = err == EAGAIN || err == EWOULDBLOCK;
	if (!t->blocked)
		t->err = err;
	gnutls_transport_set_errno(t->session, t->blocked ? EAGAIN : err);
	return -1;
}

static ssize_t take(struct tls *t, void *p, size_t n)
{
	if (n > t->in_len - t->in_at)
		n = t->in_len - t->in_at;
	memcpy(p, t->in + t->in_at, n);
	t->in_at += n;
	return (ssize_t)n;
}

static ssize_t pull(gnutls_transport_ptr_t arg, void *p, size_t n)
{
	struct tls *t = arg;
	ssize_t got;

	t->blocked = false;
	if (t->in_at < t->in_len)
		return take(t, p, n);
	ack_quickly(t);
	do
		got = recv(t->fd, t->in, sizeof(t->in), MSG_DONTWAIT);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return fail_with(t, errno);
	if (got == 0)
		t->ended = true;
	t->in_at = 0;
	t->in_len = (size_t)got;
	if (t->first_len < sizeof(t->first)) {
		size_t more = sizeof(t->first) - t->first_len;

		if (more > t->in_len)
			more = t->in_len;
		memcpy(t->first + t->first_len, t->in, more);
		t->first_len += more;
	}
	return take(t, p, n);
}

static ssize_t push(gnutls_transport_ptr_t arg, const giovec_t *v, int n)
{
	struct tls *t = arg;
	struct msghdr m = { .msg_iov = (struct iovec *)v, .msg_iovlen = (size_t)n };
	ssize_t sent;

	t->blocked = false;
	do
		sent = sendmsg(t->fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? fail_with(t, errno) : sent;
}

/* --- the session --- */

static int wait_for_peer(struct tls *t)
{
	return fiber_wait_fd(t->fd,
			     gnutls_record_get_direction(t->session) ? FIBER_WRITE : FIBER_READ,
			     NULL);
}

void tls_free(struct tls *t)
{
	if (!t)
		return;
	if (t->session)
		gnutls_deinit(t->session);
	free(t);
}

static int session_new(struct tls *t, struct tls_trust *trust, struct tls_identity *identity,
		       const struct tls_ask *ask, const char *name)
{
	gnutls_priority_t offer = ask->only == TLS_ANY ? tls_priority_of_key(trust, ask->key) :
				  tls_priority(trust, ask->only);
	gnutls_certificate_credentials_t credentials = tls_credentials(trust);
	struct net_address literal;
	int r;

	if (!offer)
		return GNUTLS_E_NO_PRIORITIES_WERE_SET;
	if (!credentials)
		return GNUTLS_E_MEMORY_ERROR;
	/* No tickets: nothing is ever resumed, and each would be another record to wait for. */
	r = gnutls_init(&t->session,
			GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL | GNUTLS_NO_TICKETS |
			GNUTLS_KEY_SHARE_TOP);
	if (r >= 0)
		r = gnutls_priority_set(t->session, offer);
	if (r >= 0)
		r = identity ? tls_identity_show(identity, t->session) :
		    gnutls_credentials_set(t->session, GNUTLS_CRD_CERTIFICATE, credentials);
	/* A literal address is not allowed in server_name (RFC 6066, 3). */
	if (r >= 0 && name && *name && !net_address_parse(name, &literal))
		r = gnutls_server_name_set(t->session, GNUTLS_NAME_DNS, name, strlen(name));
	if (r < 0)
		return r;
	tls_guard(t->session);
	gnutls_transport_set_ptr(t->session, t);
	gnutls_transport_set_pull_function(t->session, pull);
	gnutls_transport_set_vec_push_function(t->session, push);
	return 0;
}

/*
 * Until it's done: 0, GnuTLS's error, or *ret_err when waiting failed. The trust store is read
 * while the ClientHello travels.
 */
static int shake(struct tls *t, struct tls_trust *trust, const struct tls_ask *ask, int *ret_err)
{
	int r, warnings = 0;

	for (;;) {
		r = gnutls_handshake(t->session);
		if (r == 0)
			return 0;
		if (r == GNUTLS_E_WARNING_ALERT_RECEIVED)
			trace(TRACE_TLS, "warning %s",
			      tls_alert_name((int)gnutls_alert_get(t->session)));
		if (gnutls_error_is_fatal(r))
			/* GnuTLS, too, gives up after sixteen, and calls it an error of its own. */
			return warnings >= WARNINGS_MOST && r == GNUTLS_E_INTERNAL_ERROR ?
			       GNUTLS_E_UNEXPECTED_PACKET : r;
		if (!t->blocked || r == GNUTLS_E_WARNING_ALERT_RECEIVED) {
			if (++warnings > WARNINGS_MOST)
				return GNUTLS_E_UNEXPECTED_PACKET;
			continue;
		}
		*ret_err = ask->no_verify ? 0 : tls_trust_load(trust);
		if (*ret_err == 0)
			*ret_err = wait_for_peer(t);
		if (*ret_err < 0)
			return GNUTLS_E_AGAIN;
	}
}

/* --- what it came to --- */

static const char *no_tls_text(struct tls *t, const char **ret_bytes)
{
	enum sniffed what = sniff(t->first, t->first_len);

	if (sniff_is_tls(what))
		return NULL;
	*ret_bytes = str_escaped(t->arena, t->first, t->first_len);
	return arena_printf(t->arena, "the server answered the TLS handshake with %s",
			    sniff_words(what));
}

static const char *alert_text(struct tls *t, int alert)
{
	return arena_printf(t->arena, "the server sent the alert %s (%d)",
			    tls_alert_name(alert), alert);
}

/* Words for an error of GnuTLS, in a handshake or after it. */
static const char *error_words(struct tls *t, int err, const char *doing)
{
	if (err == GNUTLS_E_FATAL_ALERT_RECEIVED)
		return alert_text(t, (int)gnutls_alert_get(t->session));
	if (err == TLS_TOO_LARGE)
		return arena_printf(t->arena, "the server uses %s", tls_guard_words());
	if (t->err == ECONNRESET || t->err == EPIPE)
		return arena_printf(t->arena, "the connection was reset %s", doing);
	if (t->err)
		return arena_printf(t->arena, "the connection broke %s: %s", doing,
				    strerrordesc_np(t->err) ?: "unknown error");
	if (t->ended)
		return arena_printf(t->arena, "the server closed the connection %s", doing);
	return tls_error_text(err);
}

static void explain(struct tls *t, int err, int waiting, struct tls_failure *ret)
{
	struct tls_failure f = { .err = err, .alert = -1, .alert_name = "", .peer_bytes = "" };

	f.too_large = err == TLS_TOO_LARGE;
	f.cancelled = waiting == -ECANCELED;
	f.timeout = waiting == -ETIMEDOUT;
	if (err == GNUTLS_E_FATAL_ALERT_RECEIVED) {
		f.alert = (int)gnutls_alert_get(t->session);
		f.alert_name = tls_alert_name(f.alert);
	} else if (waiting == 0 && !tls_error_local(err)) {
		f.reset = t->err == ECONNRESET || t->err == EPIPE;
		f.closed = !f.reset && t->ended && !f.too_large;
	}
	f.local = tls_error_local(err) || (waiting < 0 && !f.cancelled && !f.timeout) ||
		  (t->err && !f.reset && t->err != ETIMEDOUT);

	if (f.cancelled)
		f.text = "cancelled during the TLS handshake";
	else if (f.timeout && t->first_len == 0)
		f.text = "the server did not answer the TLS handshake in time";
	else if (f.timeout)
		f.text = "the TLS handshake was not finished in time";
	else if (waiting < 0)
		f.text = arena_printf(t->arena, "cannot wait for the connection: %s",
				      strerrordesc_np(-waiting) ?: "unknown error");
	else
		f.text = error_words(t, err, "during the TLS handshake");
	if (!f.cancelled && f.alert < 0 && !tls_error_local(err)) {
		const char *words = no_tls_text(t, &f.peer_bytes);

		if (words)
			f.text = words;
	}
	trace(TRACE_TLS, "failed: %s", f.text);
	*ret = f;
}

static void tell(struct tls *t)
{
	gnutls_protocol_t version = gnutls_protocol_get_version(t->session);
	gnutls_group_t group = gnutls_group_get(t->session);
	const char *named = group == GNUTLS_GROUP_INVALID ? NULL : gnutls_group_get_name(group);

	t->info.version = gnutls_protocol_get_name(version) ?: "unknown";
	t->info.cipher = arena_strdup(t->arena, gnutls_ciphersuite_get(t->session) ?: "unknown");
	t->info.group = named ?: "";
	t->info.resumed = gnutls_session_is_resumed(t->session) != 0;
	t->info.identity_asked = gnutls_certificate_client_get_request_status(t->session) != 0;
	t->info.identity_shown = t->info.identity_asked &&
				 gnutls_certificate_get_ours(t->session) != NULL;
	t->info.ems = version == GNUTLS_TLS1_3 ||
		      gnutls_session_ext_master_secret_status(t->session) != 0;
	trace(TRACE_TLS, "%s %s %s", t->info.version, t->info.cipher, t->info.group);
}

struct tls *tls_connect(struct net *n, struct arena *a, int fd, const struct tls_ask *ask,
			struct tls_failure *ret_why)
{
	struct tls_trust *trust = net_trust(n);
	struct tls_identity *identity = ask->anonymous || ask->no_verify ? NULL :
					net_options(n)->identity;
	struct tls *t = xmalloc(sizeof(*t));
	int64_t start = clock_us();
	int waiting = 0, r;
	const char *name = NULL;

	memset(t, 0, offsetof(struct tls, in));
	t->arena = a;
	t->fd = fd;
	t->tcp = true;
	if (ask->name && *ask->name)
		name = dns_ascii_name(a, ask->name) ?: ask->name;
	r = session_new(t, trust, identity, ask, name);
	if (r == 0)
		r = shake(t, trust, ask, &waiting);
	if (r == 0) {
		t->info.us = clock_us() - start;
		waiting = ask->no_verify ? 0 : tls_trust_load(trust);
	}
	if (r < 0 || waiting < 0) {
		explain(t, r, waiting, ret_why);
		if (r == TLS_TOO_LARGE)
			(void)gnutls_alert_send(t->session, GNUTLS_AL_FATAL,
						GNUTLS_A_UNSUPPORTED_CERTIFICATE);
		else if (r < 0 && waiting == 0 && t->session)
			gnutls_alert_send_appropriate(t->session, r);
		tls_free(t);
		return NULL;
	}
	tell(t);
	if (!ask->no_verify)
		t->info.chain = tls_chain(n, t->arena, t->session, trust, name);
	return t;
}

const struct tls_info *tls_info(const struct tls *t)
{
	return &t->info;
}

const char *tls_trouble(const struct tls *t)
{
	return t->trouble ?: "";
}

/* --- bytes --- */

/* What an error of GnuTLS means to a reader or writer: 0 = try again, else a negative errno. */
static int settle(struct tls *t, ssize_t r, int *warnings)
{
	if (r == GNUTLS_E_REHANDSHAKE)
		/*
		 * Renegotiation is of no use to us, and a server may be told so (RFC 5246, 7.2.2).
		 */
		gnutls_alert_send(t->session, GNUTLS_AL_WARNING, GNUTLS_A_NO_RENEGOTIATION);
	else if (gnutls_error_is_fatal((int)r)) {
		t->trouble = error_words(t, (int)r, "under TLS");
		return t->err == ECONNRESET || t->err == EPIPE ? -ECONNRESET : -EPROTO;
	}
	if (t->blocked) {
		*warnings = 0;
		return wait_for_peer(t);
	}
	if (++*warnings > WARNINGS_MOST) {
		t->trouble = "the server sends TLS messages without end";
		return -EPROTO;
	}
	return 0;
}

ssize_t tls_read(struct tls *t, void *p, size_t n)
{
	int warnings = 0, r;

	for (;;) {
		ssize_t got = gnutls_record_recv(t->session, p, n);

		if (got >= 0)
			return got;
		/*
		 * Many servers close without close_notify: for a dialogue in lines that
		 * ends like any other.
		 */
		if (got == GNUTLS_E_PREMATURE_TERMINATION)
			return 0;
		r = settle(t, got, &warnings);
		if (r < 0)
			return r;
	}
}

ssize_t tls_write(struct tls *t, const void *p, size_t n)
{
	int warnings = 0, r;

	for (;;) {
		ssize_t sent = gnutls_record_send(t->session, p, n);

		if (sent >= 0)
			return sent;
		r = settle(t, sent, &warnings);
		if (r < 0)
			return r;
	}
}

void tls_say(struct tls *t, const void *p, size_t n)
{
	(void)gnutls_record_send(t->session, p, n);
}

void tls_bye(struct tls *t)
{
	(void)gnutls_bye(t->session, GNUTLS_SHUT_WR);
}
