/*
 * The words of HTML, for reading: no tree, no scripts, one pass.
 */
#include "paste/mail.h"

#include "base/attr.h"
#include "base/scan.h"

/* Tags that end a line. */
static const char *const breaking[] = {
	"br", "p", "div", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
	"pre", "blockquote", "title", "body", "head", "dt", "dd", "dl", "section", "article",
	"header", "footer", "option", "tbody", "thead", "caption", NULL,
};
/* Tags that do not. */
static const char *const inline_tags[] = {
	"a", "b", "i", "u", "s", "em", "strong", "span", "font", "td", "th", "img", "code", "tt",
	"small", "big", "sub", "sup", "html", "meta", "link", "center", "style", "script", "base",
	"col", "colgroup", "wbr", "o:p", "v:shape", "xml", "abbr", "nobr", "kbd", "samp", "var",
	"button", "label", "form", "input", "svg", "path", "main", "nav", "figure", "iframe",
	"object", "strike", "ins", "del", "q", "cite", "map", "area", "textarea", "select", NULL,
};

static bool name_char(char c)
{
	return ascii_is_alnum(c) || c == ':' || c == '-';
}

static bool listed(const char *const *list, struct span name)
{
	for (; *list; list++) {
		if (span_eq_nocase(name, *list))
			return true;
	}
	return false;
}

/* --- entities --- */

/* A character as UTF-8; one that is none, or that nobody sees, as a blank. */
static void add_char(struct buf *to, unsigned long c)
{
	char bytes[4];

	if (c == 0xa0 || c == 0 || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff ||
	    (c < 0x20 && c != '\n' && c != '\t')) {
		buf_addc(to, ' ');
	} else {
		buf_add(to, bytes, utf8_put(bytes, c));
	}
}

static bool hex_char(char c)
{
	return ascii_hex(c) >= 0;
}

/* "&#x2019;" and "&#8217;": behind the '#'. */
static bool numeric(struct scan *s, unsigned long *ret)
{
	bool hex = scan_accept(s, 'x') || scan_accept(s, 'X');
	struct span digits = scan_while(s, hex ? hex_char : ascii_is_digit);
	unsigned long c = 0;

	if (!digits.len || digits.len > 8)
		return false;
	for (size_t i = 0; i < digits.len; i++) {
		char d = ascii_lower(digits.p[i]);

		c = c * (hex ? 16 : 10) +
		    (unsigned long)(ascii_is_digit(d) ? d - '0' : d - 'a' + 10);
	}
	*ret = c;
	return true;
}

/* At a '&': the character it stands for, or the '&' itself. */
static void entity(struct buf *to, struct scan *s)
{
	static const struct { const char *name; unsigned long c; } named[] = {
		{ "lt", '<' }, { "gt", '>' }, { "amp", '&' }, { "quot", '"' }, { "apos", '\'' },
		{ "nbsp", ' ' }, { "rsquo", 0x2019 }, { "lsquo", 0x2018 },
		{ "rdquo", 0x201d }, { "ldquo", 0x201c }, { "ndash", 0x2013 }, { "mdash", 0x2014 },
		{ "hellip", 0x2026 }, { "auml", 0xe4 }, { "ouml", 0xf6 },
		{ "uuml", 0xfc }, { "szlig", 0xdf }, { "eacute", 0xe9 }, { "egrave", 0xe8 },
		{ "agrave", 0xe0 }, { "copy", 0xa9 }, { "zwnj", ' ' }, { "shy", ' ' },
		{ "commat", '@' }, { "colon", ':' }, { "period", '.' }, { "num", '#' },
		{ "lpar", '(' }, { "rpar", ')' },
	};
	struct scan try = *s;
	unsigned long c = 0;
	struct span name;

	scan_take(&try, 1);
	if (scan_accept(&try, '#')) {
		if (numeric(&try, &c)) {
			scan_accept(&try, ';');
			add_char(to, c);
			*s = try;
			return;
		}
	} else {
		name = scan_while(&try, ascii_is_alnum);
		for (size_t i = 0; i < ARRAY_LEN(named); i++) {
			if (!span_eq(name, named[i].name) || !scan_accept(&try, ';'))
				continue;
			add_char(to, named[i].c);
			*s = try;
			return;
		}
	}
	buf_addc(to, '&');
	scan_take(s, 1);
}

/* --- tags --- */

/*
 * Up to and with the end of a tag; quoted values may hold '>'. A tag that never
 * ends is the '<' alone.
 */
static bool tag_end(struct scan *s)
{
	enum { LONGEST = 64 * 1024 };
	struct scan try = *s;
	char quote = '\0';

	for (size_t n = 0; !scan_done(&try) && n < LONGEST; n++) {
		char c = scan_take(&try, 1).p[0];

		if (quote)
			quote = c == quote ? '\0' : quote;
		else if ((c == '"' || c == '\'') && n && try.p[-2] == '=')
			quote = c;
		else if (c == '>') {
			*s = try;
			return true;
		}
	}
	/* An open quote: the next '>' will do. */
	scan_until(s, ">");
	return scan_accept(s, '>');
}

/* Behind what begins with `open`: to behind `close`, or to the end. */
static void skip_past(struct scan *s, const char *close)
{
	const char *at = span_find_nocase((struct span) { s->p, scan_left(s) }, span_of(close));

	scan_take(s, at ? (size_t)(at - s->p) : scan_left(s));
	if (at)
		scan_take(s, strlen(close));
}

/* At a '<'. False = it is none of ours, and the '<' is a character. */
static bool tag(struct buf *to, struct scan *s)
{
	struct scan try = *s;
	struct span name;
	bool closing, breaks;

	if (scan_accept_str(&try, "<!--")) {
		*s = try;
		skip_past(s, "-->");
		return true;
	}
	scan_take(&try, 1);
	if (scan_peek(&try) == '!' || scan_peek(&try) == '?') {
		scan_until(&try, ">");
		if (!scan_accept(&try, '>'))
			return false;
		*s = try;
		return true;
	}
	closing = scan_accept(&try, '/');
	name = scan_while(&try, name_char);
	breaks = listed(breaking, name);
	if ((!breaks && !listed(inline_tags, name)) || scan_done(&try) ||
	    !strchr(" \t\r\n/>", scan_peek(&try)) || !tag_end(&try))
		return false;
	*s = try;
	if (!closing && span_eq_nocase(name, "script"))
		skip_past(s, "</script>");
	else if (!closing && span_eq_nocase(name, "style"))
		skip_past(s, "</style>");
	if (breaks)
		buf_addc(to, '\n');
	else if (span_in(name, "td|th"))
		buf_addc(to, ' ');
	return true;
}

/* A line end in HTML is a blank, except in <pre>: there it stays. */
static void blank(struct buf *to, bool pre, char c)
{
	if (pre && c == '\n')
		buf_addc(to, '\n');
	else if (to->len && to->data[to->len - 1] != ' ' && to->data[to->len - 1] != '\n')
		buf_addc(to, ' ');
}

void html_add(struct buf *to, struct span html)
{
	struct scan s = scan_span(html);
	/* Behind the last '>' no tag ends: nothing is looked for there, again and again. */
	const char *last = html.len ? memrchr(html.p, '>', html.len) : NULL;
	bool pre = false;

	while (!scan_done(&s) && !to->overflow) {
		char c = (char)scan_peek(&s);

		if (scan_looking_at(&s, "<pre") || scan_looking_at(&s, "</pre"))
			pre = s.p[1] != '/';
		if (c == '<' && last && s.p < last && tag(to, &s))
			continue;
		if (c == '&') {
			entity(to, &s);
			continue;
		}
		if (c == '<' || !ascii_is_space(c))
			buf_addc(to, c);
		else
			blank(to, pre, c);
		scan_take(&s, 1);
	}
	buf_addc(to, '\n');
}

bool html_likely(struct span text)
{
	static const char *const marks[] = { "</p>", "<br>", "<br/>", "<br />", "</div>", "</td>",
					     "</tr>", "</table>", "</span>", "</body>",
					     "</html>", "</font>" };
	struct span head = span_trim((struct span) { text.p, text.len < 65536 ? text.len : 65536 });
	size_t found = 0;

	if (!head.len || !memchr(head.p, '<', head.len))
		return false;
	if (span_has_prefix_nocase(head, "<!doctype html") || span_has_prefix_nocase(head, "<html"))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		const char *at = span_find_nocase(head, span_of(marks[i]));

		found += at != NULL;
		/* The same one again. */
		if (at &&
		    span_find_nocase((struct span) { at + 1, (size_t)(head.p + head.len - at - 1) },
				     span_of(marks[i])))
			found++;
	}
	return found >= 3;
}
