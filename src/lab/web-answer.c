/*
 * web-answer - status line, header fields and body of an answer, faults included
 * (RFC 9112, 4 and 6).
 */
#include "lab/web-answer.h"

#include <string.h>

#include "base/arena.h"
#include "base/scan.h"
#include "fiber/fiber.h"

/* What the steps of one answer make. */
struct plan {
	int		 status;	/* 0 = bytes as they are */
	struct buf	 text;		/* of the line */
	struct buf	 fields;
	bool		 has_type, chunked, says_length;
	int64_t		 length;	/* -1 = none is said */
	bool		 close;
};

static bool is_body(const struct step *s)
{
	return s->kind == STEP_SEND || s->kind == STEP_FILL || s->kind == STEP_GARBAGE ||
	       s->kind == STEP_LINE;
}

static size_t text_size(struct player *p, const struct step *s)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(SCENARIO_MAX_FILE);

	player_fill_in(p, &b, s->text, s->len);
	return b.len;
}

static int64_t body_size(struct player *p, const struct step *s)
{
	if (s->kind == STEP_FILL || s->kind == STEP_GARBAGE)
		return s->n;
	return (int64_t)text_size(p, s) + (s->kind == STEP_LINE ? 2 : 0);
}

/* "200 TEXT" */
static void read_line(struct player *p, struct plan *plan, const struct step *s)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(SCENARIO_MAX_FILE);
	struct scan scan;

	player_fill_in(p, &b, s->text, s->len);
	scan = scan_over(buf_str(&b), b.len);
	plan->status = (int)scan_number(&scan, 999);
	scan_blanks(&scan);
	buf_add(&plan->text, scan.p, scan_left(&scan));
	plan->length = (int64_t)plan->text.len;
}

static void read_steps(struct player *p, struct plan *plan, const struct step *steps)
{
	int64_t said = 0;

	for (const struct step *s = steps; s && s->kind != STEP_THEN; s = s->next) {
		if (s->kind == STEP_HEADER) {
			player_fill_in(p, &plan->fields, s->text, s->len);
			buf_adds(&plan->fields, "\r\n");
			plan->has_type |= str_has_prefix_nocase(s->text, "Content-Type:");
			plan->close |= str_has_prefix_nocase(s->text, "Connection: close");
		} else if (s->kind == STEP_CHUNKED) {
			plan->chunked = true;
		} else if (s->kind == STEP_LENGTH) {
			plan->says_length = true;
			said = s->n;
		} else if (s->kind == STEP_LINE && plan->status == 0) {
			read_line(p, plan, s);
		} else if (plan->status != 0 && is_body(s)) {
			plan->length += body_size(p, s);
		}
	}
	if (plan->says_length) {
		/* Who was told another length can't find the next answer. */
		plan->close |= said != plan->length;
		plan->length = said;
	}
}

static const char *type_of(const struct buf *text)
{
	char c = text->len > 0 ? text->data[0] : '\0';

	if (c == '{' || c == '[')
		return "application/json; charset=utf-8";
	return c == '<' ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
}

static void put(struct player *p, const char *line)
{
	wire_add(&p->wire, line, strlen(line));
}

static void put_number(struct player *p, const char *fmt, long long n)
{
	char line[128];

	snprintf(line, sizeof(line), fmt, n);
	put(p, line);
}

static void put_status(struct player *p, int status)
{
	put_number(p, "HTTP/1.1 %lld ", status);
	put(p, web_reason(status));
	put(p, "\r\n");
}

static void put_date(struct player *p, const struct buf *fields)
{
	if (str_find_nocase(buf_str(fields), "\nDate:") ||
	    str_has_prefix_nocase(buf_str(fields), "Date:"))
		return;
	player_text(p, "Date: {gmt}\r\n", 13);
}

static void put_head(struct player *p, const struct plan *plan)
{
	put_status(p, plan->status);
	put_date(p, &plan->fields);
	if (!plan->has_type && plan->text.len > 0) {
		put(p, "Content-Type: ");
		put(p, type_of(&plan->text));
		put(p, "\r\n");
	}
	wire_add(&p->wire, buf_str(&plan->fields), plan->fields.len);
	if (plan->chunked)
		put(p, "Transfer-Encoding: chunked\r\n");
	else if (plan->length >= 0 && plan->status != 204 && plan->status != 304)
		put_number(p, "Content-Length: %lld\r\n", plan->length);
	put(p, "\r\n");
}

static void put_chunk(struct player *p, const struct plan *plan, int64_t n)
{
	if (plan->chunked && n > 0)
		put_number(p, "%llx\r\n", n);
}

static void end_chunk(struct player *p, const struct plan *plan, int64_t n)
{
	if (plan->chunked && n > 0)
		put(p, "\r\n");
}

/* The body that begins with the text of the line. */
static void put_text(struct player *p, const struct plan *plan)
{
	put_chunk(p, plan, (int64_t)plan->text.len);
	wire_add(&p->wire, buf_str(&plan->text), plan->text.len);
	end_chunk(p, plan, (int64_t)plan->text.len);
}

static int play_one(struct player *p, struct plan *plan, const struct step *s)
{
	int64_t n = plan->status && is_body(s) ? body_size(p, s) : 0;
	int e;

	put_chunk(p, plan, n);
	e = player_step(p, s);
	if (!p->over)
		end_chunk(p, plan, n);
	return e;
}

/*
 * Everything before the line happens before the status line goes out, everything after
 * it within the body.
 */
static int play_all(struct player *p, struct plan *plan, const struct step *steps, bool head_only)
{
	bool begun = plan->status == 0;
	int e = 0;

	for (const struct step *s = steps; s && s->kind != STEP_THEN && e == 0 && !p->over;
	     s = s->next) {
		if (!begun && s->kind == STEP_LINE) {
			begun = true;
			put_head(p, plan);
			if (!head_only)
				put_text(p, plan);
		} else if (!(head_only && begun && is_body(s))) {
			e = play_one(p, plan, s);
		}
	}
	if (e == 0 && !p->over && plan->chunked && !head_only)
		put(p, "0\r\n\r\n");
	return e;
}

int web_send_steps(struct player *p, const struct step *steps, const struct web_request *r)
{
	struct plan plan = { .text = BUF_INIT(SCENARIO_MAX_FILE),
			     .fields = BUF_INIT(SCENARIO_MAX_FILE) };
	int e;

	read_steps(p, &plan, steps);
	e = play_all(p, &plan, steps, str_eq(r->method, "HEAD"));
	if (e == 0 && p->wire.slow)
		e = wire_flush(&p->wire);
	if (e == 0 && !p->over &&
	    (plan.status == 0 || plan.close || (plan.length < 0 && !plan.chunked))) {
		const struct step drop = { .kind = STEP_DROP };

		e = player_step(p, &drop);
	}
	buf_release(&plan.text);
	buf_release(&plan.fields);
	return e;
}

void web_send_reply(struct player *p, const struct web_reply *reply, const struct web_request *r)
{
	const char *fields = reply->fields ? reply->fields : "";

	put_status(p, reply->status);
	player_text(p, "Date: {gmt}\r\n", 13);
	if (reply->type && *reply->type) {
		put(p, "Content-Type: ");
		put(p, reply->type);
		put(p, "\r\n");
	}
	put(p, fields);
	put_number(p, "Content-Length: %lld\r\n\r\n", (long long)reply->len);
	if (!str_eq(r->method, "HEAD"))
		wire_add(&p->wire, reply->body, reply->len);
}
