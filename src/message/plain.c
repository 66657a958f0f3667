/*
 * A pasted header made plain again: without the marks of a reply, the indentation of a code block,
 * and what a browser or a ticket system escaped.
 */
#include "message/fields.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/charset.h"
#include "base/limits.h"
#include "base/scan.h"

/* --- what must be undone? --- */

struct marks {
	size_t	quote;		/* lines that begin with > or | */
	size_t	lines;
	size_t	indent;		/* blanks before the first field */
	bool	indented;
	bool	html;		/* &lt; and its like, or tags */
};

static struct span without_quote(struct span line)
{
	struct scan s = scan_span(line);
	struct scan try = s;
	bool any = false;

	scan_blanks(&try);
	while (scan_accept(&try, '>') || scan_accept(&try, '|')) {
		any = true;
		/* One blank belongs to the mark, more are the fold. */
		scan_accept(&try, ' ');
		s = try;
	}
	return any ? scan_rest(&s) : line;
}

static bool has_html(struct span text)
{
	static const char *const marks[] = { "&lt;", "&gt;", "&nbsp;", "<br>", "<br/>", "<br />" };

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (span_find_nocase(text, span_of(marks[i])))
			return true;
	return false;
}

/* From the first field up to an empty line: a body may well be HTML. Without a field all of it, to
 * a limit. */
static struct span header_of(struct span text, const char *first)
{
	enum { LONGEST = 64 * 1024 };
	struct span from = { first ? first : text.p,
			     first ? text.len - (size_t)(first - text.p) : text.len };
	const char *end;

	if (from.len > LONGEST)
		from.len = LONGEST;
	end = span_find_nocase(from, span_of("\n\n"));
	if (!end)
		end = span_find_nocase(from, span_of("\r\n\r\n"));
	return (struct span) { from.p, first && end ? (size_t)(end - from.p) : from.len };
}

static void look(struct marks *m, struct span text)
{
	enum { ENOUGH = 200 };
	struct scan s = scan_span(text);
	const char *first = NULL;

	while (!scan_done(&s) && m->lines < ENOUGH) {
		struct span line = scan_line(&s), bare = without_quote(line);

		if (!span_trim(line).len)
			continue;
		m->lines++;
		m->quote += bare.p != line.p;
		if (!m->indented && field_begins(span_trim(line), true)) {
			m->indented = true;
			m->indent = (size_t)(span_trim(line).p - line.p);
			first = line.p;
		}
	}
	m->html = has_html(header_of(text, first));
}

/* --- undoing it --- */

/* A tag with attributes, and not the beginning of a long text: passed over. */
static bool tag(struct scan *s)
{
	enum { LONGEST = 400 };
	static const char *const tags[] = { "<span ", "<div ", "<pre ", "<p ", "<td ", "<code " };
	struct scan try = scan_over(s->p, scan_left(s) < LONGEST ? scan_left(s) : LONGEST);

	for (size_t i = 0; i < ARRAY_LEN(tags); i++) {
		if (!scan_looking_at(&try, tags[i]))
			continue;
		scan_until(&try, ">");
		if (!scan_accept(&try, '>'))
			return false;
		scan_take(s, scan_pos(&try));
		return true;
	}
	return false;
}

/* At a '&' or a '<': what it stands for. False: itself. */
static bool unescape(struct buf *to, struct scan *s)
{
	static const struct { const char *mark, *is;
	} marks[] = {
		{ "&lt;", "<" },    { "&gt;", ">" },   { "&amp;", "&" },   { "&quot;", "\"" },
		{ "&nbsp;", " " },  { "&#39;", "'" },  { "&#34;", "\"" },  { "&#64;", "@" },
		{ "&#9;", "\t" },   { "&#x27;", "'" }, { "<br>", "\n" },   { "<br/>", "\n" },
		{ "<br />", "\n" }, { "</p>", "\n" },  { "</div>", "\n" }, { "<p>", "" },
		{ "</pre>", "\n" }, { "</span>", "" }, { "<pre>", "" },    { "<div>", "" },
		{ "<wbr>", "" },    { "<b>", "" },     { "</b>", "" },     { "<code>", "" },
		{ "</code>", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		if (scan_accept_str(s, marks[i].mark)) {
			buf_adds(to, marks[i].is);
			return true;
		}
	}
	return tag(s);
}

static struct span without_html(struct arena *a, struct span text)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_PASTE);
	struct scan s = scan_span(text);

	while (!scan_done(&s)) {
		struct span run = scan_until(&s, "&<");

		buf_add(&b, run.p, run.len);
		if (!scan_done(&s) && !unescape(&b, &s))
			buf_addc(&b, *scan_take(&s, 1).p);
	}
	return (struct span) { memcpy(arena_alloc(a, b.len + 1), buf_str(&b), b.len), b.len };
}

static struct span without_marks(struct arena *a, struct span text, const struct marks *m)
{
	bool quoted = m->quote * 2 > m->lines;
	char *copy = arena_alloc(a, text.len + 1), *to = copy;
	struct scan s = scan_span(text);

	while (!scan_done(&s)) {
		struct span line = scan_line(&s);
		size_t blanks = 0;

		if (quoted)
			line = without_quote(line);
		while (blanks < m->indent && blanks < line.len &&
		       (line.p[blanks] == ' ' || line.p[blanks] == '\t'))
			blanks++;
		if (!quoted && blanks == m->indent) {
			line.p += blanks;
			line.len -= blanks;
		}
		if (line.len)
			memcpy(to, line.p, line.len);
		to += line.len;
		*to++ = '\n';
	}
	return (struct span) { copy, (size_t)(to - copy) };
}

/* A form or a chat that joined the lines: each name of a field begins a new one. */
static struct span with_lines(struct arena *a, struct span text)
{
	enum { NAME = 80 };
	_cleanup_(buf_release) struct buf b = BUF_INIT(2 * LIMIT_PASTE);

	for (size_t i = 0; i < text.len; i++) {
		struct span rest = { text.p + i + 1, text.len - i - 1 };
		size_t n = 0;

		if (rest.len > NAME)
			rest.len = NAME;
		if (text.p[i] == ' ' && rest.len && ascii_is_alpha(*rest.p))
			n = field_begins(rest, true);
		buf_addc(&b, n && n + 1 < rest.len && rest.p[n] == ':' && rest.p[n + 1] == ' '
				     ? '\n'
				     : text.p[i]);
	}
	return (struct span) { memcpy(arena_alloc(a, b.len + 1), buf_str(&b), b.len), b.len };
}

static bool is_joined(const struct marks *m, struct span text)
{
	enum { FEW_LINES = 3, MUCH = 300 };

	return m->lines <= FEW_LINES && text.len > MUCH &&
	       span_find_nocase(text, span_of(" Received: "));
}

/* A saved Outlook item holds the header as a text of its own, UTF-16 or ASCII. */
static bool is_ole(struct span text)
{
	return text.len > 512 && memcmp(text.p, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) == 0;
}

static bool is_utf16(struct span text)
{
	return text.len > 2 &&
	       (memcmp(text.p, "\xff\xfe", 2) == 0 || memcmp(text.p, "\xfe\xff", 2) == 0);
}

static struct span decoded(struct arena *a, struct span text)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_PASTE);

	if (is_ole(text))
		readable_add(&b, text);
	else
		charset_add(&b, "utf-16", text);
	return (struct span) { memcpy(arena_alloc(a, b.len + 1), buf_str(&b), b.len), b.len };
}

struct span fields_plain(struct arena *a, struct span text, struct strv *notes)
{
	struct marks m = { 0 };

	if (text.len >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0) {
		text.p += 3;
		text.len -= 3;
	}
	if (is_ole(text) || is_utf16(text)) {
		if (is_ole(text))
			strv_add(notes, a,
				 "This is a saved Outlook item; its readable text was searched for "
				 "the header.");
		text = decoded(a, text);
	}
	look(&m, text);
	if (m.html) {
		text = without_html(a, text);
		m = (struct marks) { 0 };
		look(&m, text);
		strv_add(notes, a, "The header was copied from HTML; its escapes were undone.");
	}
	if (m.quote * 2 > m.lines || m.indent) {
		text = without_marks(a, text, &m);
		strv_add(notes, a,
			 m.indent && !m.quote
				 ? "The header was indented; the indentation was removed."
				 : "The header was quoted; the quote marks were removed.");
	}
	if (is_joined(&m, text)) {
		text = with_lines(a, text);
		strv_add(notes, a,
			 "The header had lost its line ends; it was divided at the names of its "
			 "fields.");
	}
	return text;
}
