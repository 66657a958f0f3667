/*
 * trace - what we are doing, for us. One write a line, so that lines of several programs don't mix.
 */
#include "base/trace.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/redact.h"
#include "base/str.h"

unsigned trace_on;
const char *(*trace_who)(void);

static const struct { const char *name; enum trace_area area; } areas[] = {
	{ "fiber", TRACE_FIBER },
	{ "dns", TRACE_DNS },
	{ "net", TRACE_NET },
	{ "tls", TRACE_TLS },
	{ "smtp", TRACE_SMTP },
	{ "checks", TRACE_CHECKS },
	{ "rules", TRACE_RULES },
	{ "lab", TRACE_LAB },
	{ "http", TRACE_HTTP },
};

static unsigned area_of(struct span word)
{
	if (span_eq(word, "all"))
		return ~0u;
	for (size_t i = 0; i < ARRAY_LEN(areas); i++)
		if (span_eq(word, areas[i].name))
			return areas[i].area;
	return 0;
}

bool trace_set(const char *list, const char **ret_bad)
{
	unsigned on = 0;

	for (const char *p = list; ; ) {
		size_t len = strcspn(p, ",");
		unsigned area = area_of((struct span) { p, len });

		if (!area) {
			*ret_bad = p;
			return false;
		}
		on |= area;
		if (!p[len])
			break;
		p += len + 1;
	}
	trace_on = on;
	return true;
}

static const char *area_name(enum trace_area area)
{
	for (size_t i = 0; i < ARRAY_LEN(areas); i++)
		if (areas[i].area & area)
			return areas[i].name;
	return "?";
}

void trace_line(enum trace_area area, const char *fmt, ...)
{
	_cleanup_(buf_release) struct buf raw = BUF_INIT(16 * 1024), line = BUF_INIT(80 * 1024);
	int64_t us = clock_us();
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&raw, fmt, ap);
	va_end(ap);
	redact(raw.data, raw.len);

	buf_addf(&line, "%5lld.%06lld %-5s %s: ", (long long)(us / 1000000),
		 (long long)(us % 1000000), area_name(area), trace_who ? trace_who() : "main");
	if (raw.overflow)
		buf_adds(&line, "(a line too long to show)");
	str_escape(&line, buf_str(&raw), raw.len);
	buf_addc(&line, '\n');
	if (write(STDERR_FILENO, line.data, line.len) < 0)
		trace_on = 0;		/* nobody can read it */
}
