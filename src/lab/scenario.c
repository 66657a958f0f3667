/*
 * scenario - reads a scenario file: the lines at the margin, the sections, and
 * the files it is like.
 */
#include "lab/scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/data.h"
#include "lab/line.h"
#include "lab/server.h"
#include "lab/setting.h"

/* One file being read. */
struct scenario_reader {
	struct arena		*arena;
	struct scenario		*scenario;
	const char		*name;		/* for messages */
	unsigned		*layers;	/* files read so far, all levels */
	unsigned		 layer;
	unsigned		 depth;
	unsigned		 line;
	enum { AT_TOP, IN_DNS, IN_SERVER, IN_TENANT } section;
	struct server_cursor	 cursor;	/* of the server section */
	struct lab_tenant	*tenant;	/* of the tenant section */
	const char		*error;		/* the whole message, from whatever file */
};

static bool load(struct scenario_reader *r, const char *name);

#define AT(member) .place = offsetof(struct scenario, member)

/* Those of which nothing is expected may be empty. */
static const struct lab_setting keys[] = {
	{ "title", SETTING_TEXT, AT(title), .expected = "one line that says what is simulated" },
	{ "target", SETTING_TEXT, AT(target),
	  .expected = "what to check, such as smtp.office365.com:587" },
	{ "user", SETTING_TEXT, AT(user) },
	{ "password", SETTING_TEXT, AT(password) },
	{ "token", SETTING_TEXT, AT(token) },
	{ "right-password", SETTING_TEXT, AT(right_password),
	  .expected = "the password that the server takes" },
	{ "right-token", SETTING_TEXT, AT(right_token),
	  .expected = "the token that the server takes" },
	{ "issue", SETTING_TEXT, AT(client_token),
	  .expected = "tenant=, app= and what else a token is made from" },
	{ "client", SETTING_TEXT, AT(client),
	  .expected = "the client's address as servers see it" },
	{ "options", SETTING_LIST, AT(options), .separator = ' ' },
	{ "expect", SETTING_TEXT, AT(expect) },
};

/* An unindented "KEY VALUE". NULL, or what was expected. */
static const char *top_key(struct scenario_reader *r, struct span key, struct span value)
{
	const struct lab_setting *row = setting_find(keys, ARRAY_LEN(keys), key);

	return row ? setting_set(row, r->scenario, r->arena, value) :
	       arena_printf(r->arena, "one of like%s dns server tenant",
			    setting_names(keys, ARRAY_LEN(keys), r->arena));
}

static const char *top_line(struct scenario_reader *r, struct span line)
{
	struct scan s = scan_span(line);
	struct span key = line_word(&s), value = line_rest(&s);

	r->section = AT_TOP;
	if (span_eq(key, "like")) {
		if (r->layer != 0)
			return "`like` before everything else";
		if (value.len == 0)
			return "the name of a scenario after `like`";
		load(r, span_dup(r->arena, value));
		r->layer = ++*r->layers;
		return NULL;
	}
	if (r->layer == 0)
		r->layer = ++*r->layers;
	if (span_eq(key, "dns")) {
		r->section = IN_DNS;
		return value.len == 0 ? NULL : "nothing after `dns`";
	}
	if (span_eq(key, "server")) {
		r->section = IN_SERVER;
		return server_section(&r->cursor, r->scenario, r->arena, value, r->layer);
	}
	if (span_eq(key, "tenant")) {
		const char *expected = NULL;

		r->section = IN_TENANT;
		r->tenant = tenant_section(r->scenario, r->arena, value, &expected);
		return r->tenant ? NULL : expected;
	}
	return top_key(r, key, value);
}

/* "ad", "truncate" and "delay 300ms" are about the whole server, all else is a record. */
static const char *dns_line(struct scenario_reader *r, struct span line)
{
	struct zone *z = &r->scenario->zone;
	struct scan s = scan_span(line);
	struct span first = line_word(&s), second = line_word(&s);

	if (span_eq(first, "ad") && second.len == 0)
		z->ad = true;
	else if (span_eq(first, "truncate") && second.len == 0)
		z->truncate = true;
	else if (span_eq(first, "delay") && scan_left(&s) == 0)
		return line_duration(second, SCENARIO_MAX_WAIT_MS, &z->delay_ms) ? NULL :
		       "a time like 300ms after `delay`";
	else
		return zone_parse(z, r->arena, line, r->layer);
	return NULL;
}

static const char *one_line(struct scenario_reader *r, struct span line)
{
	bool indented = line.len > 0 && (line.p[0] == ' ' || line.p[0] == '\t');
	struct span words = span_trim(line);

	if (words.len == 0 || words.p[0] == '#')
		return NULL;
	if (!indented)
		return top_line(r, words);
	switch (r->section) {
	case IN_DNS:	return dns_line(r, words);
	case IN_SERVER:	return server_line(&r->cursor, r->arena, words);
	case IN_TENANT:	return tenant_line(r->tenant, r->arena, words, r->layer);
	default:	return "an indented line only below `dns`, `server` or `tenant`";
	}
}

static bool read_lines(struct scenario_reader *r, const char *bytes, size_t len)
{
	struct scan s = scan_over(bytes, len);

	if (len > SCENARIO_MAX_FILE || memchr(bytes, '\0', len)) {
		r->error = arena_printf(r->arena, "%s:1: expected a text of at most %d bytes",
					r->name, SCENARIO_MAX_FILE);
		return false;
	}
	while (!scan_done(&s)) {
		const char *expected;

		r->line++;
		expected = one_line(r, scan_line(&s));
		if (expected && !r->error)
			r->error = arena_printf(r->arena, "%s:%u: expected %s", r->name,
						r->line, expected);
		if (r->error)
			return false;
	}
	return true;
}

static bool read_file(struct scenario_reader *r, const char *path, struct buf *b)
{
	char piece[2048];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = -1;

	if (fd >= 0) {
		while ((n = read(fd, piece, sizeof(piece))) > 0)
			if (!buf_add(b, piece, (size_t)n))
				break;
		close(fd);
	}
	if (n < 0)
		r->error = arena_printf(r->arena, "%s: cannot be read", path);
	else if (n > 0)
		r->error = arena_printf(r->arena, "%s: more than %d bytes", path,
					SCENARIO_MAX_FILE);
	return n == 0;
}

/* Reads another file into the same scenario, as a file of its own. */
static bool load(struct scenario_reader *r, const char *name)
{
	struct scenario_reader inner = { .arena = r->arena, .scenario = r->scenario, .name = name,
					 .layers = r->layers, .depth = r->depth + 1 };
	bool good = false;

	if (r->depth >= SCENARIO_MAX_LIKE) {
		inner.error = arena_printf(r->arena, "%s:%u: expected fewer than %d files, one "
					   "like the other", r->name, r->line,
					   SCENARIO_MAX_LIKE);
	} else if (strchr(name, '/')) {
		_cleanup_(buf_release) struct buf b = BUF_INIT(SCENARIO_MAX_FILE);

		/* The strings that are kept are copies, so the buffer may go. */
		good = read_file(&inner, name, &b) && read_lines(&inner, buf_str(&b), b.len);
	} else {
		const struct data_file *f = data_find(arena_printf(r->arena,
								   "scenarios/%s.scenario", name));

		if (f)
			good = read_lines(&inner, f->bytes, f->len);
		else
			inner.error = arena_printf(r->arena, "%s: there is no scenario of this "
						   "name (`smtpwhy lab --list` shows them)",
						   name);
	}
	if (!good)
		r->error = inner.error;
	return good;
}

static struct scenario *scenario_new(struct arena *a)
{
	struct scenario *s = arena_alloc(a, sizeof(*s));

	*s = (struct scenario) { .title = "", .target = "", .user = "", .password = "", .token = "",
				 .client = "203.0.113.7", .expect = "" };
	return s;
}

struct scenario *scenario_load(struct arena *a, const char *name, const char **ret_error)
{
	unsigned layers = 0;
	struct scenario_reader r = { .arena = a, .scenario = scenario_new(a), .name = name,
				     .layers = &layers };

	if (load(&r, name))
		return r.scenario;
	*ret_error = r.error;
	return NULL;
}

struct scenario *scenario_parse(struct arena *a, const char *name, const char *bytes, size_t len,
				const char **ret_error)
{
	unsigned layers = 0;
	struct scenario_reader r = { .arena = a, .scenario = scenario_new(a), .name = name,
				     .layers = &layers };

	if (read_lines(&r, bytes, len))
		return r.scenario;
	*ret_error = r.error;
	return NULL;
}
