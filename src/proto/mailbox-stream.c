/*
 * mailbox-stream - lines and answers of IMAP and POP3, and what it means when they stop. One
 * deadline covers an answer.
 */
#include "proto/mailbox-inside.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/redact.h"
#include "base/scan.h"
#include "base/trace.h"
#include "net/sniff.h"

bool mailbox_fail(struct mailbox *m, enum failure_class class, enum stage stage, const char *fmt,
		  ...)
{
	va_list ap;

	if (m->failure)
		return false;
	va_start(ap, fmt);
	m->failure = failure_new(m->arena, class, stage, 0, m->endpoint, NULL, "%s",
				 arena_vprintf(m->arena, fmt, ap));
	va_end(ap);
	return false;
}

enum mailbox_heard mailbox_heard_of(enum mailbox_kind kind, const char *text)
{
	enum sniffed what = sniff(text, strlen(text));

	switch (what) {
	case SNIFF_IMAP:
		return kind == MAILBOX_IMAP ? MAILBOX_HEARD_RIGHT : MAILBOX_HEARD_IMAP;
	case SNIFF_POP3:
		return kind == MAILBOX_POP3 ? MAILBOX_HEARD_RIGHT : MAILBOX_HEARD_POP3;
	case SNIFF_SMTP:
	case SNIFF_SMTP_REFUSAL:
		return MAILBOX_HEARD_SMTP;
	case SNIFF_HTTP:
	case SNIFF_HTML:
		return MAILBOX_HEARD_HTTP;
	case SNIFF_TLS:
	case SNIFF_TLS_ALERT:
	case SNIFF_SSL2:
		return MAILBOX_HEARD_TLS;
	case SNIFF_NOTHING:
		return MAILBOX_HEARD_NOTHING;
	case SNIFF_SSH:
	case SNIFF_OTHER:
		break;
	}
	return MAILBOX_HEARD_OTHER;
}

/* --- bytes --- */

/* Bytes, 0 = end, or a negative errno. */
static ssize_t plain_read(struct mailbox *m, char *p, size_t n)
{
	for (;;) {
		ssize_t got = recv(m->fd, p, n, MSG_DONTWAIT);
		int err = errno, r;

		if (got >= 0 || (err != EAGAIN && err != EINTR))
			return got >= 0 ? got : -err;
		r = err == EINTR ? 0 : fiber_wait_fd(m->fd, FIBER_READ, NULL);
		if (r < 0)
			return r;
	}
}

static ssize_t plain_write(struct mailbox *m, const char *p, size_t n)
{
	for (;;) {
		ssize_t sent = send(m->fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);
		int err = errno, r;

		if (sent >= 0 || (err != EAGAIN && err != EINTR))
			return sent >= 0 ? sent : -err;
		r = err == EINTR ? 0 : fiber_wait_fd(m->fd, FIBER_WRITE, NULL);
		if (r < 0)
			return r;
	}
}

static bool broke(struct mailbox *m, enum stage stage, ssize_t err)
{
	const char *doing = stage_doing(stage);

	switch ((int)-err) {
	case ECANCELED:
		return mailbox_fail(m, FAILURE_CANCELLED, stage, "cancelled while %s", doing);
	case ETIMEDOUT:
		return mailbox_fail(m, FAILURE_TIMEOUT, stage, "no answer in time while %s",
				    doing);
	case 0:
		return mailbox_fail(m, FAILURE_NET, stage,
				    "the server closed the connection while %s", doing);
	case EPROTO:
		return mailbox_fail(m, FAILURE_TLS, stage, "TLS broke while %s: %s", doing,
				    m->tls ? tls_trouble(m->tls) : "");
	default:
		return mailbox_fail(m, FAILURE_NET, stage, "the connection broke while %s: %s",
				    doing, strerrordesc_np((int)-err) ?: "unknown error");
	}
}

static bool fill(struct mailbox *m, enum stage stage)
{
	char chunk[MAILBOX_CHUNK];
	ssize_t got;

	if (fiber_cancelled())
		return broke(m, stage, -ECANCELED);
	if (deadline_left() == 0)
		return broke(m, stage, -ETIMEDOUT);
	got = m->tls ? tls_read(m->tls, chunk, sizeof(chunk)) :
	      plain_read(m, chunk, sizeof(chunk));
	if (got <= 0)
		return broke(m, stage, got);
	if (buf_add(&m->in, chunk, (size_t)got))
		return true;
	return mailbox_fail(m, FAILURE_PROTOCOL, stage, "an answer of more than %d bytes came "
			    "while %s", MAILBOX_ANSWER_MOST, stage_doing(stage));
}

static bool write_all(struct mailbox *m, enum stage stage, const char *p, size_t n)
{
	while (n) {
		ssize_t sent = m->tls ? tls_write(m->tls, p, n) : plain_write(m, p, n);

		if (sent < 0)
			return broke(m, stage, sent);
		p += sent;
		n -= (size_t)sent;
	}
	return true;
}

/* --- lines --- */

/* "{310}" at the end of a line: so many bytes follow, and then the line goes on (RFC 9051, 4.3). */
static bool literal(struct span line, unsigned long *ret)
{
	const char *open = line.len ? memrchr(line.p, '{', line.len) : NULL;
	struct scan s;

	if (!open || line.p[line.len - 1] != '}')
		return false;
	s = scan_span(span_from(line, open + 1));
	*ret = scan_number(&s, MAILBOX_ANSWER_MOST);
	return scan_accept(&s, '}') && scan_done(&s) && !scan_failed(&s);
}

bool mailbox_line(struct mailbox *m, enum stage stage, struct span *ret)
{
	size_t from = 0, start = 0;

	if (m->failure)
		return false;
	for (;;) {
		char *nl = m->in.len > from ? memchr(m->in.data + from, '\n', m->in.len - from) :
			   NULL;
		unsigned long more = 0;
		struct span piece;

		if (!nl) {
			from = m->in.len;
			if (!fill(m, stage))
				return false;
			continue;
		}
		from = (size_t)(nl - m->in.data) + 1;
		piece = span_line((struct span) { m->in.data + start, from - start });
		if (m->kind == MAILBOX_IMAP && literal(piece, &more)) {
			while (m->in.len < from + more)
				if (!fill(m, stage))
					return false;
			from += more;
			start = from;
			continue;
		}
		break;
	}
	redact(m->in.data, from);
	*ret = span_line((struct span) { arena_strndup(m->arena, m->in.data, from), from });
	buf_consume(&m->in, from);
	transcript_add(m->transcript, TRANSCRIPT_SERVER, ret->p, ret->len);
	trace(TRACE_NET, "%s S: %s", m->endpoint, str_escaped(m->arena, ret->p, ret->len));
	return true;
}

/* --- commands and answers --- */

static bool refused(struct mailbox *m, enum stage stage, struct span status)
{
	return mailbox_fail(m, FAILURE_REFUSED, stage, "%s",
			    str_escaped(m->arena, status.p, status.len));
}

/* The status of IMAP is on the line that begins with our tag; of POP3 on the first. */
static bool read_answer(struct mailbox *m, enum stage stage, const char *tag, bool multi,
			struct strv *ret)
{
	struct span line;
	size_t n = 0, bytes = 0;

	while (mailbox_line(m, stage, &line)) {
		const char *text = arena_strndup(m->arena, line.p, line.len);
		bool status = m->kind == MAILBOX_POP3 ? !n : str_has_prefix(text, tag);

		if (m->kind == MAILBOX_POP3 && n && str_eq(text, "."))
			return true;
		bytes += line.len;
		if (++n > MAILBOX_LINES_MOST || bytes > MAILBOX_BYTES_MOST)
			return mailbox_fail(m, FAILURE_PROTOCOL, stage,
					    "an answer without end came while %s",
					    stage_doing(stage));
		if (!status) {
			if (ret)
				strv_add(ret, m->arena, str_has_prefix(text, "* ") ? text + 2 :
					 text);
			continue;
		}
		text += strlen(tag);
		m->said = str_escaped(m->arena, text, strlen(text));
		if (!str_has_prefix_nocase(text, m->kind == MAILBOX_POP3 ? "+OK" : "OK"))
			return refused(m, stage, span_of(text));
		if (m->kind == MAILBOX_IMAP || !multi)
			return true;
	}
	return false;
}

static const char *next_tag(struct mailbox *m)
{
	return m->kind == MAILBOX_POP3 ? "" : arena_printf(m->arena, "a%u ", ++m->tag);
}

static bool say(struct mailbox *m, enum stage stage, const char *tag, const char *shown,
		const struct buf *command)
{
	const char *line = arena_printf(m->arena, "%s%s", tag, shown);

	if (m->failure)
		return false;
	transcript_add(m->transcript, TRANSCRIPT_CLIENT, line, strlen(line));
	trace(TRACE_NET, "%s C: %s", m->endpoint, line);
	return write_all(m, stage, tag, strlen(tag)) &&
	       write_all(m, stage, command->data, command->len) &&
	       write_all(m, stage, "\r\n", 2);
}

bool mailbox_ask(struct mailbox *m, bool multi, struct strv *ret, const char *fmt, ...)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(MAILBOX_COMMAND_MOST);
	_cleanup_(deadline_end) struct deadline d = deadline_in(net_timeout(m->net));
	const char *tag = next_tag(m);
	enum stage stage;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	if (b.overflow || memchr(buf_str(&b), '\r', b.len) || memchr(buf_str(&b), '\n', b.len))
		return mailbox_fail(m, FAILURE_LOCAL, STAGE_UNKNOWN,
				    "the command is too long, or holds a line end");
	stage = str_has_prefix(buf_str(&b), "ST") ? STAGE_STARTTLS : STAGE_EHLO;
	if (str_has_prefix(buf_str(&b), "USER "))
		stage = STAGE_AUTH;
	if (str_has_prefix(buf_str(&b), "LIST ") || str_has_prefix(buf_str(&b), "EXAMINE ") ||
	    str_has_prefix(buf_str(&b), "UID "))
		stage = STAGE_UNKNOWN;
	return say(m, stage, tag, buf_str(&b), &b) && read_answer(m, stage, tag, multi, ret);
}

bool mailbox_ask_secret(struct mailbox *m, const char *shown, const struct buf *command)
{
	_cleanup_(deadline_end) struct deadline d = deadline_in(net_timeout(m->net));
	const char *tag = next_tag(m);

	return say(m, STAGE_AUTH, tag, shown, command) &&
	       read_answer(m, STAGE_AUTH, tag, false, NULL);
}

/* After the response another "+" is the reason of a refused token: an empty line follows. */
static bool after_response(struct mailbox *m, const char *tag)
{
	struct buf nothing = BUF_INIT(1);
	struct span line;
	size_t n = 0;

	while (n++ < MAILBOX_LINES_MOST && mailbox_line(m, STAGE_AUTH, &line)) {
		const char *text = arena_strndup(m->arena, line.p, line.len);

		if (str_has_prefix(text, "+ ") || str_eq(text, "+")) {
			if (!say(m, STAGE_AUTH, "", "", &nothing))
				return false;
			continue;
		}
		if (m->kind == MAILBOX_IMAP && !str_has_prefix(text, tag))
			continue;
		text += strlen(tag);
		m->said = str_escaped(m->arena, text, strlen(text));
		if (str_has_prefix_nocase(text, m->kind == MAILBOX_POP3 ? "+OK" : "OK"))
			return true;
		return refused(m, STAGE_AUTH, span_of(text));
	}
	return mailbox_fail(m, FAILURE_PROTOCOL, STAGE_AUTH, "the login has no end");
}

bool mailbox_authenticate(struct mailbox *m, const char *mechanism, const struct buf *response)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(MAILBOX_COMMAND_MOST);
	_cleanup_(deadline_end) struct deadline d = deadline_in(net_timeout(m->net));
	const char *tag = next_tag(m), *shown;
	struct span line;

	buf_addf(&b, "%s %s", m->kind == MAILBOX_POP3 ? "AUTH" : "AUTHENTICATE", mechanism);
	if (!say(m, STAGE_AUTH, tag, buf_str(&b), &b) || !mailbox_line(m, STAGE_AUTH, &line))
		return false;
	if (!line.len || line.p[0] != '+' || span_has_prefix_nocase(line, "+OK")) {
		m->said = str_escaped(m->arena, line.p, line.len);
		return refused(m, STAGE_AUTH, line);
	}
	shown = str_eq(mechanism, "PLAIN") ? "<user name and password>" :
		arena_printf(m->arena, "<%zu bytes>", response->len);
	return say(m, STAGE_AUTH, "", shown, response) && after_response(m, tag);
}
