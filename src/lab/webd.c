/*
 * webd - the requests of one connection (RFC 9112).
 */
#include "lab/webd.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/scan.h"
#include "base/trace.h"
#include "fiber/fiber.h"
#include "lab/echo.h"
#include "lab/player.h"
#include "lab/cloud/cloud.h"
#include "lab/web-answer.h"

enum { WEBD_PATIENCE_MS = 600 * 1000, WEBD_MAX_REQUESTS = 1000 };

/* A conversation in progress. */
struct visit {
	struct player		 player;	/* first: placeholders find the visit by it */
	const struct webd	*d;
	struct arena		*arena;		/* of one request */
	struct web_request	 request;
};

static const char *value_of(struct player *p, struct span name)
{
	struct visit *v = (struct visit *)p;
	const char *value;

	if (span_eq(name, "host") || span_eq(name, "front"))
		return v->d->server->host;
	if (span_eq(name, "client"))
		return v->d->scenario->client;
	if (v->request.body && (value = echo_value(v->arena, name, "body", v->request.body)))
		return value;
	if (v->request.target &&
	    (value = echo_value(v->arena, name, "secret", echo_of_request(v->arena, &v->request))))
		return value;
	if (span_eq(name, "target"))
		return v->request.target ? v->request.target : "";
	return span_eq(name, "gmt") ? clock_date(v->arena, "GMT") : player_time(v->arena, name);
}

/* --- reading --- */

/* Line by line up to the empty one. 0, a status to refuse it with, or a negative errno. */
static int read_head(struct visit *v)
{
	_cleanup_(buf_release) struct buf head = BUF_INIT(WEB_MAX_HEAD);
	struct span line;
	int e;

	while ((e = wire_line(&v->player.wire, &line)) == 0) {
		/* RFC 9112, 2.2: an empty line before a request is nothing. */
		if (line.len == 0 && head.len == 0)
			continue;
		if (line.len == 0)
			return web_head(v->arena, buf_str(&head), head.len, &v->request);
		if (!buf_add(&head, line.p, line.len) || !buf_adds(&head, "\r\n"))
			return 431;
	}
	return e == -EMSGSIZE ? 431 : e;
}

static int read_chunks(struct visit *v, struct buf *body)
{
	struct span line;
	size_t n = 1;
	int e = 0;

	while (e == 0 && n > 0) {
		e = wire_line(&v->player.wire, &line);
		if (e == 0 && !web_chunk_size(line, &n))
			return 400;
		if (e == 0 && body->len + n > WEB_MAX_BODY)
			return 413;
		if (e == 0 && n > 0)
			e = wire_take(&v->player.wire, n, body);
		if (e == 0)
			e = wire_line(&v->player.wire, &line);
		/* Trailers (RFC 9112, 7.1.2) are read and forgotten. */
		while (e == 0 && n == 0 && line.len > 0)
			e = wire_line(&v->player.wire, &line);
		if (e == 0 && line.len > 0)
			return 400;
	}
	return e == -EMSGSIZE ? 400 : e;
}

static int read_body(struct visit *v)
{
	_cleanup_(buf_release) struct buf body = BUF_INIT(WEB_MAX_BODY);
	struct web_request *r = &v->request;
	char *copy;
	int e;

	if (!r->chunked && r->length == 0)
		return 0;
	if (r->expects)
		wire_add(&v->player.wire, "HTTP/1.1 100 Continue\r\n\r\n", 25);
	e = r->chunked ? read_chunks(v, &body) : wire_take(&v->player.wire, r->length, &body);
	if (e != 0)
		return e;
	copy = arena_alloc(v->arena, body.len + 1);
	memcpy(copy, buf_str(&body), body.len);
	r->body = copy;
	r->body_len = body.len;
	return 0;
}

/* --- answering --- */

static const struct step *steps_for(const struct visit *v)
{
	const struct web_request *r = &v->request;
	const struct lab_server *s = v->d->server;
	const struct step *steps = NULL;

	if (str_in(r->method, "GET|HEAD"))
		steps = server_next_answer(s, POINT_GET, r->target, r->body);
	else if (str_eq(r->method, "POST"))
		steps = server_next_answer(s, POINT_POST, r->target, r->body);
	return steps ? steps : server_next_answer(s, POINT_REQUEST, r->target, r->body);
}

/* Nobody said anything: 404, or 405 where another method would be answered. */
static void refuse(struct visit *v, struct web_reply *reply)
{
	const struct web_request *r = &v->request;

	if (server_answer(v->d->server, POINT_GET, r->target) ||
	    server_answer(v->d->server, POINT_POST, r->target)) {
		web_text(reply, 405, "text/plain", "Method Not Allowed\n");
		web_add_field(reply, v->arena, "Allow",
			      server_answer(v->d->server, POINT_GET, r->target) ? "GET, HEAD" :
			      "POST");
		return;
	}
	web_text(reply, 404, "text/plain", "Not Found\n");
}

static int reply_plain(struct visit *v, int status)
{
	struct web_reply reply = { .status = 0 };

	web_text(&reply, status, "text/plain", web_reason(status));
	web_add_field(&reply, v->arena, "Connection", "close");
	v->request.method = v->request.method ? v->request.method : "GET";
	web_send_reply(&v->player, &reply, &v->request);
	return wire_flush(&v->player.wire);
}

static int answer(struct visit *v)
{
	const struct step *steps = steps_for(v);
	struct web_reply reply = { .status = 0 };
	struct cloud_call call = { .arena = v->arena, .scenario = v->d->scenario,
				   .server = v->d->server, .tokens = v->d->tokens,
				   .request = &v->request, .reply = &reply };

	trace(TRACE_LAB, "%s:%u is asked %s %s%s", v->d->server->host, v->d->server->port,
	      v->request.method, v->request.path, steps ? ", as the scenario says" : "");
	if (steps)
		return web_send_steps(&v->player, steps, &v->request);
	cloud_answer(&call);
	if (reply.status == 0)
		refuse(v, &reply);
	if (v->request.close)
		web_add_field(&reply, v->arena, "Connection", "close");
	web_send_reply(&v->player, &reply, &v->request);
	return wire_flush(&v->player.wire);
}

/* One request and its answer. False = that was the last. */
static bool one_request(struct visit *v)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	int e;

	v->arena = a;
	v->request = (struct web_request) { .method = NULL };
	v->player.wire.slow = v->d->server->pace_ms >= 0;
	v->player.wire.slow_ms = v->d->server->pace_ms;
	e = read_head(v);
	if (e == 0)
		e = read_body(v);
	if (e > 0)
		reply_plain(v, e);
	else if (e == 0)
		e = answer(v);
	v->player.over |= e != 0 || v->request.close;
	return !v->player.over;
}

/* The handshake, or what the scenario does in its place. */
static void handshake(struct visit *v)
{
	const struct step *steps = server_next_answer(v->d->server, POINT_HANDSHAKE, "", "");
	int e = 0;

	for (; steps && steps->kind != STEP_THEN && e == 0 && !v->player.over; steps = steps->next)
		e = player_step(&v->player, steps);
	v->player.wire.slow = false;
	if (e == 0 && !v->player.over)
		e = wire_secure(&v->player.wire, v->d->credentials, v->d->server);
	v->player.over |= e < 0;
	v->player.secure = !v->player.over;
}

void webd_serve(const struct webd *d, int fd)
{
	_cleanup_(deadline_end) struct deadline deadline = deadline_in(WEBD_PATIENCE_MS);
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct visit v = { .player.value = value_of, .d = d, .arena = a };

	wire_init(&v.player.wire, fd);
	trace(TRACE_LAB, "%s:%u takes a connection", d->server->host, d->server->port);
	if (d->server->implicit_tls)
		handshake(&v);
	for (unsigned n = 0; n < WEBD_MAX_REQUESTS && !v.player.over && one_request(&v); n++)
		;
	if (wire_flush(&v.player.wire) == 0 && v.player.secure)
		wire_bye(&v.player.wire);
	wire_release(&v.player.wire);
}
