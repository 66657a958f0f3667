/*
 * smtp-stream - bytes out, replies in, and what it means when either stops.
 *
 * A reply is left in the buffer until it's whole, so it may come in any number of
 * segments. One deadline covers it: a peer that sends a byte a second gets no more time
 * than one that sends nothing.
 */
#include "proto/smtp-inside.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/redact.h"
#include "base/scan.h"
#include "base/str.h"
#include "base/trace.h"
#include "fiber/fiber.h"
#include "net/sniff.h"

/* --- bytes --- */

static ssize_t plain_read(struct smtp *s, char *p, size_t n)
{
	for (;;) {
		ssize_t got = recv(s->fd, p, n, MSG_DONTWAIT);
		int err = errno, r;

		if (got >= 0)
			return got;
		if (err == EINTR)
			continue;
		if (err != EAGAIN)
			return -err;
		r = fiber_wait_fd(s->fd, FIBER_READ, NULL);
		if (r < 0)
			return r;
	}
}

static ssize_t plain_write(struct smtp *s, const char *p, size_t n)
{
	for (;;) {
		ssize_t sent = send(s->fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);
		int err = errno, r;

		if (sent >= 0)
			return sent;
		if (err == EINTR)
			continue;
		if (err != EAGAIN)
			return -err;
		r = fiber_wait_fd(s->fd, FIBER_WRITE, NULL);
		if (r < 0)
			return r;
	}
}

/* Reads what is there, or waits for some. Bytes, 0 = end, or a negative errno. */
static ssize_t fill(struct smtp *s)
{
	char chunk[SMTP_CHUNK];
	ssize_t got;

	/* Bytes that come without end need no waiting; the time limit holds all the same. */
	if (fiber_cancelled())
		return -ECANCELED;
	if (deadline_left() == 0)
		return -ETIMEDOUT;
	got = s->tls ? tls_read(s->tls, chunk, sizeof(chunk)) : plain_read(s, chunk, sizeof(chunk));
	if (got > 0)
		buf_add(&s->in, chunk, (size_t)got);
	return got;
}

static int write_all(struct smtp *s, struct span bytes)
{
	while (bytes.len) {
		ssize_t sent = s->tls ? tls_write(s->tls, bytes.p, bytes.len) :
			       plain_write(s, bytes.p, bytes.len);

		if (sent < 0)
			return (int)sent;
		bytes.p += sent;
		bytes.len -= (size_t)sent;
	}
	return 0;
}

/* --- what went wrong --- */

static const struct reply *broke(struct smtp *s, enum stage stage, int err, int64_t since,
				 const struct reply *r)
{
	const char *doing = stage_doing(stage);

	switch (-err) {
	case ECANCELED:
		smtp_fail(s, FAILURE_CANCELLED, stage, ECANCELED, r, "cancelled while %s", doing);
		break;
	case ETIMEDOUT:
		smtp_fail(s, FAILURE_TIMEOUT, stage, ETIMEDOUT, r, "no %s within %.1f s while %s",
			  s->in.len ? "complete reply" : "reply",
			  (double)(clock_us() - since) / 1e6, doing);
		break;
	case 0:
		smtp_fail(s, FAILURE_NET, stage, 0, r,
			  "the server closed the connection while %s", doing);
		break;
	case ECONNRESET:
	case EPIPE:
		smtp_fail(s, FAILURE_NET, stage, ECONNRESET, r,
			  "the connection was reset while %s", doing);
		break;
	case EHOSTUNREACH:
	case ENETUNREACH:
	case ENETDOWN:
	case EHOSTDOWN:
	case ECONNABORTED:
		smtp_fail(s, FAILURE_NET, stage, -err, r, "the connection was lost while %s: %s",
			  doing, strerrordesc_np(-err));
		break;
	case EPROTO:
		smtp_fail(s, FAILURE_TLS, stage, EPROTO, r, "TLS broke while %s: %s", doing,
			  s->tls ? tls_trouble(s->tls) : "");
		break;
	default:
		smtp_fail(s, FAILURE_LOCAL, stage, -err, r, "cannot go on %s: %s", doing,
			  strerrordesc_np(-err) ?: "unknown error");
		break;
	}
	if (err != -ECANCELED)
		smtp_note(s, "%s", s->failure->text);
	return NULL;
}

static const struct reply *nonsense(struct smtp *s, enum stage stage, const char *p, size_t n)
{
	if (n > SMTP_EVIDENCE)
		n = SMTP_EVIDENCE;
	smtp_fail(s, FAILURE_PROTOCOL, stage, 0, NULL,
		  "what came while %s is no SMTP reply: \"%s\"", stage_doing(stage),
		  str_escaped(s->arena, p, n));
	return NULL;
}

/* Something else than SMTP speaks here. A little more of it makes it easier to name. */
static const struct reply *garbage(struct smtp *s)
{
	_cleanup_(deadline_end) struct deadline d = deadline_in(500);
	enum sniffed what;
	size_t n;

	while (s->in.len < 64 && !memchr(s->in.data, '\n', s->in.len) && fill(s) > 0)
		;
	n = s->in.len < SMTP_EVIDENCE ? s->in.len : SMTP_EVIDENCE;
	what = sniff(s->in.data, n);
	redact(s->in.data, s->in.len);
	s->garbage = str_escaped(s->arena, s->in.data, n);
	transcript_add(s->transcript, TRANSCRIPT_SERVER, s->in.data, n);
	if (what == SNIFF_OTHER)
		return nonsense(s, STAGE_GREETING, s->in.data, n);
	smtp_fail(s, FAILURE_PROTOCOL, STAGE_GREETING, 0, NULL,
		  "the server greeted with %s where an SMTP greeting was due",
		  sniff_words(what));
	return NULL;
}

/* --- replies --- */

/* How far the reading of one reply has come. Offsets, for the buffer moves. */
struct reading {
	enum stage	 stage;
	size_t		 line;		/* where the line being read starts */
	size_t		 seen;		/* no line end before here */
	size_t		 lines;
	bool		 whole;
	int64_t		 at_ms[LIMIT_REPLY_LINES + 1];	/* when each line came */
};

/* The lines that were taken, as a reply. NULL only with a failure: take_line() has accepted each of
 * them, so none is expected. */
static const struct reply *make_reply(struct smtp *s, const struct reading *rd)
{
	struct span *lines = arena_alloc(s->arena, (rd->lines ? rd->lines : 1) * sizeof(*lines));
	struct scan sc = scan_over(s->in.data, rd->line);
	struct reply *r;

	smtp_heard(s, rd->line, rd->at_ms);
	for (size_t i = 0; i < rd->lines; i++)
		lines[i] = scan_line(&sc);
	r = reply_of_lines(s->arena, rd->stage, lines, rd->lines);
	if (!r)
		return nonsense(s, rd->stage, s->in.data, rd->line);
	buf_consume(&s->in, rd->line);
	return r;
}

/* Takes the line up to `end`, which follows its line end. False when it makes no sense. */
static bool take_line(struct smtp *s, struct reading *rd, size_t end)
{
	char *p = s->in.data + rd->line;
	size_t n = span_line((struct span) { p, end - rd->line }).len;
	/*
	 * A line end of any length is no way around the limit, in however many segments it comes.
	 */
	bool too_long = n > LIMIT_REPLY_LINE || end - rd->line > LIMIT_REPLY_LINE + 2;
	struct reply_line line;

	rd->at_ms[rd->lines] = clock_ms();
	if (too_long || rd->lines == LIMIT_REPLY_LINES ||
	    !reply_parse_line((struct span) { p, n }, &line))
		smtp_heard(s, end, rd->at_ms);
	if (too_long)
		return smtp_fail(s, FAILURE_PROTOCOL, rd->stage, 0, NULL,
				 "a reply line of more than %d bytes came while %s",
				 LIMIT_REPLY_LINE, stage_doing(rd->stage));
	if (!reply_parse_line((struct span) { p, n }, &line)) {
		nonsense(s, rd->stage, p, n);
		return false;
	}
	if (rd->lines == LIMIT_REPLY_LINES)
		return smtp_fail(s, FAILURE_PROTOCOL, rd->stage, 0, NULL,
				 "a reply of more than %d lines came while %s", LIMIT_REPLY_LINES,
				 stage_doing(rd->stage));
	rd->line = rd->seen = end;
	rd->lines++;
	rd->whole = line.last;
	return true;
}

/* Takes the lines that are there. False when they make no sense. */
static bool take_lines(struct smtp *s, struct reading *rd)
{
	while (!rd->whole) {
		const char *nl = rd->seen < s->in.len ?
				 memchr(s->in.data + rd->seen, '\n', s->in.len - rd->seen) : NULL;

		if (!nl) {
			rd->seen = s->in.len;
			if (rd->seen - rd->line > LIMIT_REPLY_LINE + 2)
				return take_line(s, rd, rd->seen);
			return true;
		}
		if (!take_line(s, rd, (size_t)(nl - s->in.data) + 1))
			return false;
	}
	return true;
}

/*
 * The connection ended in the middle of a reply. A last line that lacks only its line end is
 * believed: what a server says before it hangs up is the best evidence there is. Of anything else
 * the failure quotes what came.
 */
static const struct reply *cut_short(struct smtp *s, struct reading *rd, int err, int64_t since)
{
	const struct reply *r;

	s->ended = true;
	if (rd->line < s->in.len) {
		if (!take_line(s, rd, s->in.len))
			return NULL;
		if (rd->whole) {
			smtp_note(s, "the connection ended without a line end");
			return make_reply(s, rd);
		}
	}
	r = rd->lines ? make_reply(s, rd) : NULL;
	return broke(s, rd->stage, err, since, r);
}

static const struct reply *read_reply(struct smtp *s, enum stage stage, int64_t since)
{
	struct reading rd = { .stage = stage };

	for (;;) {
		ssize_t got;

		if (stage == STAGE_GREETING && rd.lines == 0 &&
		    !sniff_may_be_reply(s->in.data, s->in.len))
			return garbage(s);
		if (!take_lines(s, &rd))
			return NULL;
		if (rd.whole)
			return make_reply(s, &rd);
		got = fill(s);
		if (got == 0 || got == -ECONNRESET || got == -EPIPE || got == -EPROTO)
			return cut_short(s, &rd, (int)got, since);
		if (got < 0) {
			smtp_heard(s, rd.line, rd.at_ms);
			return broke(s, stage, (int)got, since, NULL);
		}
	}
}

static void count_time(struct smtp *s, enum stage stage, int64_t us)
{
	int64_t *place = NULL;

	if (stage == STAGE_GREETING)
		place = &s->times.greeting;
	else if (stage == STAGE_EHLO)
		place = s->tls ? &s->times.ehlo_tls : &s->times.ehlo;
	else if (stage == STAGE_STARTTLS)
		place = &s->times.starttls;
	else if (stage == STAGE_AUTH)
		place = &s->times.auth;
	if (place)
		*place = (*place < 0 ? 0 : *place) + us;
}

const struct reply *smtp_exchange(struct smtp *s, enum stage stage, struct span shown,
				  struct span sent)
{
	return smtp_exchange_in(s, stage, shown, sent, net_timeout(s->net));
}

const struct reply *smtp_exchange_in(struct smtp *s, enum stage stage, struct span shown,
				     struct span sent, int64_t ms)
{
	_cleanup_(deadline_end) struct deadline d = deadline_in(ms);
	int64_t since = clock_us();
	const struct reply *r;
	int err = 0;

	if (!smtp_may(s, stage))
		return NULL;
	if (sent.len) {
		transcript_add(s->transcript, TRANSCRIPT_CLIENT, shown.p, shown.len);
		trace(TRACE_SMTP, "%s C: %s", s->peer, str_escaped(s->arena, shown.p, shown.len));
		err = write_all(s, sent);
	}
	/* A server that hangs up may have said why before: what it said is still to be read. */
	if (err < 0 && err != -ECONNRESET && err != -EPIPE)
		return broke(s, stage, err, since, NULL);
	r = read_reply(s, stage, since);
	/* Callers look at the failure where there is no reply. */
	assert(r || s->failure);
	if (!r)
		return NULL;
	count_time(s, stage, clock_us() - since);
	s->reply = r;
	if (err < 0)
		s->ended = true;
	trace(TRACE_SMTP, "%s S: %s", s->peer,
	      str_escaped(s->arena, r->text[r->lines - 1], strlen(r->text[r->lines - 1])));
	/* After a 421 the server closes (RFC 5321, 3.8). */
	if (r->code == 421)
		s->ended = true;
	return r;
}
