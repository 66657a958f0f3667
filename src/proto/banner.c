/*
 * banner - what servers tell in passing.
 */
#include "proto/banner.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/reply.h"
#include "base/scan.h"

bool banner_egress(const char *line, struct net_address *ret)
{
	struct scan s = scan_over(line, strlen(line));

	for (;;) {
		char text[64];
		struct span inside;

		scan_until(&s, "[");
		if (!scan_accept(&s, '['))
			return false;
		scan_accept_str(&s, "IPv6:");
		inside = scan_until(&s, "]");
		if (inside.len == 0 || inside.len >= sizeof(text) || scan_done(&s))
			continue;
		memcpy(text, inside.p, inside.len);
		text[inside.len] = '\0';
		if (net_address_parse(text, ret))
			return true;
	}
}

bool banner_date(const char *line, time_t *ret)
{
	static const char *const days[] = { "Mon,", "Tue,", "Wed,", "Thu,", "Fri,",
					    "Sat,", "Sun," };

	for (size_t i = 0; i < ARRAY_LEN(days); i++) {
		const char *at = str_find_nocase(line, days[i]);

		if (at && clock_parse(at, ret) == 0)
			return true;
	}
	return false;
}

static bool not_blank(char c)
{
	return !ascii_is_space(c) && ascii_is_print(c);
}

bool banner_trailer(struct arena *a, const char *line, struct banner_trailer *ret)
{
	const char *open = strrchr(line, '[');
	struct scan s = scan_over(open ? open + 1 : "", open ? strlen(open + 1) : 0);
	struct span host, date, session;
	time_t t;

	host = scan_while(&s, not_blank);
	scan_blanks(&s);
	date = scan_while(&s, not_blank);
	scan_blanks(&s);
	session = scan_until(&s, "] \t\r\n");
	scan_blanks(&s);
	if (!scan_accept(&s, ']') || host.len == 0 || session.len == 0 ||
	    !memchr(host.p, '.', host.len) || session.len > 64 ||
	    host.len > 255 || clock_parse(span_dup(a, date), &t) < 0)
		return false;
	*ret = (struct banner_trailer) { .frontend = span_dup(a, host),
					 .session = span_dup(a, session), .time = t };
	return true;
}

/* What may be an id: no blanks, nothing that ends a sentence or a bracket. */
static bool of_id(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '+' || c == '/' ||
	       c == '=';
}

static const char *id_in(struct arena *a, struct span id)
{
	while (id.len && id.p[id.len - 1] == '.')
		id.len--;
	return id.len >= 4 && id.len <= 128 && !enhanced_valid(id) ? span_dup(a, id) : NULL;
}

const char *banner_queue_id(struct arena *a, const char *line)
{
	/* Postfix, Haraka; Exim; Exchange; sendmail and OpenSMTPD, whose id comes first. */
	static const char *const before[] = { "queued as ", "queued mail for delivery as ", " id=",
					      "[InternalId=" };
	static const char after[] = " Message accepted for delivery";
	const char *at;

	for (size_t i = 0; i < ARRAY_LEN(before); i++) {
		at = str_find_nocase(line, before[i]);
		if (at) {
			struct scan s = scan_over(at + strlen(before[i]),
						  strlen(at + strlen(before[i])));

			return id_in(a, scan_while(&s, of_id));
		}
	}
	at = str_find_nocase(line, after);
	if (at) {
		const char *begin = at;

		while (begin > line && of_id(begin[-1]))
			begin--;
		return id_in(a, (struct span) { begin, (size_t)(at - begin) });
	}
	return NULL;
}

/* A run of at least so many of c. */
static bool run_of(const char *text, char c, size_t n)
{
	size_t run = 0;

	for (; *text && run < n; text++)
		run = *text == c ? run + 1 : 0;
	return run == n;
}

bool banner_is_masked(const char *text)
{
	return run_of(text, '*', 8) || run_of(text, 'X', 6);
}
