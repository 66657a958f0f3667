/*
 * wire - bytes in and out of one server connection.
 */
#include "lab/wire.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/scan.h"
#include "fiber/fiber.h"

void wire_init(struct wire *w, int fd)
{
	int on = 1;

	*w = (struct wire) { .fd = fd };
	buf_init(&w->in, WIRE_MAX_LINE);
	buf_init(&w->out, WIRE_MAX_OUT);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

void wire_release(struct wire *w)
{
	if (w->tls)
		gnutls_deinit(w->tls);
	if (w->fd >= 0)
		close(w->fd);
	w->tls = NULL;
	w->fd = -1;
	buf_wipe_release(&w->in);	/* logins came this way */
	buf_release(&w->out);
}

void wire_abort(struct wire *w)
{
	struct linger l = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(w->fd, SOL_SOCKET, SO_LINGER, &l, sizeof(l));
}

void wire_bye(struct wire *w)
{
	if (w->tls)
		gnutls_bye(w->tls, GNUTLS_SHUT_WR);
}

void wire_add(struct wire *w, const void *p, size_t n)
{
	buf_add(&w->out, p, n);
}

/* Waits for what a TLS call wants next. */
static int wait_tls(struct wire *w)
{
	return fiber_wait_fd(w->fd,
			     gnutls_record_get_direction(w->tls) ? FIBER_WRITE : FIBER_READ, NULL);
}

static int tls_error(ssize_t n)
{
	if (n == GNUTLS_E_PREMATURE_TERMINATION || n == GNUTLS_E_PULL_ERROR ||
	    n == GNUTLS_E_PUSH_ERROR)
		return -EPIPE;
	return -EPROTO;
}

static int send_some(struct wire *w, const char *p, size_t n, size_t *ret_sent)
{
	for (;;) {
		ssize_t sent = w->tls ? gnutls_record_send(w->tls, p, n) :
			       send(w->fd, p, n, MSG_NOSIGNAL);
		int e;

		if (sent > 0) {
			*ret_sent = (size_t)sent;
			return 0;
		}
		if (w->tls && (sent == GNUTLS_E_AGAIN || sent == GNUTLS_E_INTERRUPTED))
			e = wait_tls(w);
		else if (!w->tls && (errno == EAGAIN || errno == EINTR))
			e = fiber_wait_fd(w->fd, FIBER_WRITE, NULL);
		else
			return w->tls ? tls_error(sent) : -EPIPE;
		if (e < 0)
			return e;
	}
}

int wire_flush(struct wire *w)
{
	while (w->out.len > 0) {
		size_t sent = 0;
		int e = send_some(w, w->out.data, w->slow ? 1 : w->out.len, &sent);

		if (e < 0)
			return e;
		buf_consume(&w->out, sent);
		if (!w->slow)
			continue;
		e = w->slow_ms > 0 ? fiber_sleep(w->slow_ms) : fiber_yield();
		if (e < 0)
			return e;
	}
	/* What was too much is forgotten: the next answer has room again. */
	buf_clear(&w->out);
	return 0;
}

/* Appends what comes next to w->in, or forgets it. */
static int receive(struct wire *w, bool keep)
{
	char piece[2048];

	for (;;) {
		ssize_t n = w->tls ? gnutls_record_recv(w->tls, piece, sizeof(piece)) :
			    recv(w->fd, piece, sizeof(piece), 0);
		int e;

		if (n > 0)
			return !keep || buf_add(&w->in, piece, (size_t)n) ? 0 : -EMSGSIZE;
		if (n == 0)
			return -EPIPE;
		if (w->tls && (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED))
			e = wait_tls(w);
		else if (!w->tls && (errno == EAGAIN || errno == EINTR))
			e = fiber_wait_fd(w->fd, FIBER_READ, NULL);
		else
			return w->tls ? tls_error(n) : -EPIPE;
		if (e < 0)
			return e;
	}
}

static void forget_taken(struct wire *w)
{
	buf_consume(&w->in, w->taken);
	w->taken = 0;
}

int wire_line(struct wire *w, struct span *ret)
{
	const char *end;
	int e = wire_flush(w);

	forget_taken(w);
	while (e == 0 && !(end = w->in.len > 0 ? memchr(w->in.data, '\n', w->in.len) : NULL))
		e = receive(w, true);
	if (e < 0)
		return e;
	*ret = (struct span) { w->in.data, (size_t)(end - w->in.data) };
	w->taken = ret->len + 1;
	if (ret->len > 0 && end[-1] == '\r')
		ret->len--;
	return 0;
}

/* Reads n bytes, to be kept in `to` or forgotten. */
static int take(struct wire *w, size_t n, struct buf *to)
{
	int e = wire_flush(w);

	forget_taken(w);
	while (e == 0 && n > 0) {
		size_t here = w->in.len < n ? w->in.len : n;

		if (to && !buf_add(to, buf_str(&w->in), here))
			return -EMSGSIZE;
		buf_consume(&w->in, here);
		n -= here;
		if (n > 0)
			e = receive(w, true);
	}
	return e;
}

int wire_take(struct wire *w, size_t n, struct buf *to)
{
	return take(w, n, to);
}

int wire_skip(struct wire *w, size_t n)
{
	return take(w, n, NULL);
}

int wire_peek(struct wire *w)
{
	int e = wire_flush(w);

	forget_taken(w);
	return e == 0 && w->in.len == 0 ? receive(w, true) : e;
}

int wire_piece(struct wire *w, struct span *ret)
{
	int e = wire_peek(w);

	if (e == 0)
		*ret = (struct span) { w->in.data, w->in.len };
	return e;
}

void wire_used(struct wire *w, size_t n)
{
	w->taken = n;
}

int wire_silence(struct wire *w)
{
	int e = wire_flush(w);

	while (e == 0)
		e = receive(w, false);
	return e;
}

/* Refuses a handshake without a name, when the scenario wants one (RFC 6066, 3). */
static int check_name(gnutls_session_t tls)
{
	char name[256];
	size_t n = sizeof(name);
	unsigned type;

	return gnutls_server_name_get(tls, name, &n, &type, 0) == 0 ? 0 :
	       GNUTLS_E_UNRECOGNIZED_NAME;
}

static int set_priority(gnutls_session_t tls, const char *versions)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(256);
	struct scan s = scan_over(versions, strlen(versions));

	/* TLS 1.0 and 1.1 sign with SHA-1 (RFC 4346, 7.4.3). */
	buf_adds(&b, "NORMAL:+SIGN-ECDSA-SHA1:-VERS-ALL");
	while (!scan_done(&s)) {
		struct span v;

		scan_blanks(&s);
		v = scan_until(&s, " \t");
		if (v.len > 0)
			buf_addf(&b, ":+VERS-TLS%.*s", (int)v.len, v.p);
	}
	return gnutls_priority_set_direct(tls, buf_str(&b), NULL);
}

int wire_secure(struct wire *w, gnutls_certificate_credentials_t credentials,
		const struct lab_server *s)
{
	gnutls_session_t tls;
	int e = wire_flush(w), t;

	if (e < 0)
		return e;
	forget_taken(w);
	buf_clear(&w->in);
	if (!credentials ||
	    gnutls_init(&tls, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) != 0)
		return -EPROTO;
	w->tls = tls;
	gnutls_transport_set_int(tls, w->fd);
	if (s->needs_sni)
		gnutls_handshake_set_post_client_hello_function(tls, check_name);
	if (set_priority(tls, s->versions) != 0 ||
	    gnutls_credentials_set(tls, GNUTLS_CRD_CERTIFICATE, credentials) != 0)
		return -EPROTO;
	for (;;) {
		t = gnutls_handshake(tls);
		if (t == 0)
			return 0;
		if (t == GNUTLS_E_AGAIN || t == GNUTLS_E_INTERRUPTED)
			e = wait_tls(w);
		else if (gnutls_error_is_fatal(t))
			break;
		if (e < 0)
			return e;
	}
	/* Best effort: the peer should learn why. */
	if (t != GNUTLS_E_PUSH_ERROR && t != GNUTLS_E_PULL_ERROR &&
	    t != GNUTLS_E_FATAL_ALERT_RECEIVED)
		gnutls_alert_send_appropriate(tls, t);
	return tls_error(t);
}
