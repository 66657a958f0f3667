/*
 * A paste out of a mail or a ticket: each line begins with the ">" of the one who quoted it. A
 * transcript has the same mark before what the client says; that one stays.
 */
#include "paste/paste.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/scan.h"

/* Levels of quoting that are taken away; a longer text is a log, and no mail. */
enum { MOST_LEVELS = 5, LONGEST = 1024 * 1024 };

/* The line without the mark, and the blank behind it; false = it is not quoted. */
static bool unquote(struct span line, struct span *ret)
{
	size_t i = 0;

	while (i < line.len && (line.p[i] == ' ' || line.p[i] == '\t'))
		i++;
	/* sendmail's ">>> RCPT TO:<...>" is what was said. */
	if (i == line.len || line.p[i] != '>' ||
	    (line.len - i >= 3 && memcmp(line.p + i, ">>>", 3) == 0))
		return false;
	i++;
	i += i < line.len && line.p[i] == ' ';
	*ret = (struct span) { line.p + i, line.len - i };
	return true;
}

/* Is it a mail that is quoted? Then it is more than a line, and no client speaks. */
static bool is_quoted(struct span text)
{
	struct scan s = scan_span(text);
	size_t quoted = 0;

	while (!scan_done(&s)) {
		struct span line = scan_line(&s), rest;

		if (span_has_prefix_nocase(line, "< "))
			return false;
		if (!unquote(line, &rest))
			continue;
		if (paste_command(rest) > STAGE_GREETING || span_eq_nocase(span_trim(rest), "QUIT"))
			return false;
		quoted++;
	}
	return quoted > 1;
}

struct span paste_unquoted(struct arena *a, struct span text)
{
	for (int level = 0; level < MOST_LEVELS; level++) {
		struct scan s = scan_span(text);
		char *copy, *to;

		if (!text.len || text.len > LONGEST || !memchr(text.p, '>', text.len) ||
		    !is_quoted(text))
			break;
		copy = to = arena_alloc(a, text.len + 1);
		while (!scan_done(&s)) {
			struct span line = scan_line(&s), rest = line;

			unquote(line, &rest);
			memcpy(to, rest.p, rest.len);
			to += rest.len;
			*to++ = '\n';
		}
		text = (struct span) { copy, (size_t)(to - copy) };
	}
	return text;
}
