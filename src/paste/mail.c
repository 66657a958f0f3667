#include "paste/mail.h"

#include "base/attr.h"
#include "base/limits.h"
#include "base/scan.h"
#include "paste/gmime.h"

/*
 * Lines of headers that are looked at; nested parts a message may speak of before it's read as
 * text: GMime calls itself for each.
 */
enum { LIMIT_HEAD = 2000, LIMIT_NESTING = 200 };
/* Bytes that make a text part worth more than the same in HTML. */
enum { ENOUGH = 40 };

/* --- what is it? --- */

static bool header_name_char(char c)
{
	return c > 0x20 && c < 0x7f && c != ':';
}

/* RFC 5322, 2.2: "Name: value". */
static bool is_header(struct span line, struct span *ret_name)
{
	struct scan s = scan_span(line);
	struct span name = scan_while(&s, header_name_char);

	if (!name.len || name.len > 76 || !scan_accept(&s, ':'))
		return false;
	*ret_name = name;
	return true;
}

/* Headers that only messages have. */
static bool is_mail_header(struct span name)
{
	static const char names[] =
		"Received|Return-Path|Message-ID|MIME-Version|Content-Type|"
		"Content-Transfer-Encoding|Delivered-To|X-Failed-Recipients|"
		"DKIM-Signature";

	return span_in(name, names);
}

/* From blank lines and an mbox's "From " line on. */
static struct span without_mbox_line(struct span text)
{
	struct scan s = scan_span(text);

	while (!scan_done(&s) && ascii_is_space((char)scan_peek(&s)))
		scan_take(&s, 1);
	if (scan_looking_at(&s, "From ") || scan_looking_at(&s, ">From "))
		scan_line(&s);
	return scan_rest(&s);
}

/* A block of headers, at least three, one of them of mail, and something behind its blank line. */
static bool is_message(struct span text)
{
	struct scan s = scan_span(text);
	size_t headers = 0;
	bool of_mail = false;

	for (size_t i = 0; i < LIMIT_HEAD && !scan_done(&s); i++) {
		struct span line = scan_line(&s), name;

		if (!span_trim(line).len)
			return headers >= 3 && of_mail && !scan_done(&s);
		if (headers && (line.p[0] == ' ' || line.p[0] == '\t'))
			continue;
		if (!is_header(line, &name))
			return false;
		headers++;
		of_mail |= is_mail_header(name);
	}
	return false;
}

/*
 * The inside of a message: "--boundary", then "Content-Type: ...". The boundary, or an empty span.
 */
static struct span boundary_of(struct span text)
{
	struct scan s = scan_span(text);
	struct span first = span_trim(scan_line(&s)), next = scan_line(&s);

	if (first.len < 3 || first.len > 72 || memcmp(first.p, "--", 2) != 0 ||
	    !span_has_prefix_nocase(next, "Content-"))
		return (struct span) { first.p, 0 };
	for (size_t i = 2; i < first.len; i++) {
		if (first.p[i] <= ' ' || first.p[i] >= 0x7f || first.p[i] == '"' ||
		    first.p[i] == '\\')
			return (struct span) { first.p, 0 };
	}
	return (struct span) { first.p + 2, first.len - 2 };
}

static size_t count(struct span text, const char *word)
{
	size_t n = 0;

	for (const char *at;
	     n <= LIMIT_NESTING && (at = span_find_nocase(text, span_of(word))) != NULL; n++) {
		at += strlen(word);
		text = (struct span) { at, (size_t)(text.p + text.len - at) };
	}
	return n;
}

static bool is_outlook_file(struct span text)
{
	return text.len > 512 && memcmp(text.p, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) == 0;
}

/* --- a message --- */

struct reading {
	struct arena	*arena;
	struct mail	*mail;
	struct buf	 text;
	size_t		 choice_from;	/* where the first one of a multipart/alternative began */
};

static void keep(struct arena *a, const char **to, const char *value)
{
	if (!**to)
		*to = span_dup(a, span_trim(span_of(value)));
}

static void original_header(struct reading *r, const char *name, const char *value)
{
	if (str_eq_nocase(name, "From"))
		keep(r->arena, &r->mail->from, value);
	else if (str_eq_nocase(name, "To"))
		keep(r->arena, &r->mail->to, value);
	else if (str_eq_nocase(name, "Message-ID"))
		keep(r->arena, &r->mail->id, value);
}

static void on_header(void *arg, int depth, bool original, const char *name, const char *value)
{
	static const char *const shown[] = { "From", "To", "Subject", "X-Failed-Recipients" };
	struct reading *r = arg;

	(void)depth;
	if (original) {
		original_header(r, name, value);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
		if (str_eq_nocase(name, shown[i])) {
			struct span v = span_trim(span_of(value));

			buf_addf(&r->text, "%s: ", name);
			for (size_t j = 0; j < v.len; j++)
				buf_addc(&r->text, v.p[j] == '\n' || v.p[j] == '\r' ? ' ' : v.p[j]);
			buf_addc(&r->text, '\n');
		}
	}
}

/* "text/rfc822-headers": the headers alone of what came back (RFC 6522). */
static void original_headers(struct reading *r, struct span text)
{
	struct scan s = scan_span(text);

	for (size_t i = 0; i < LIMIT_HEAD && !scan_done(&s); i++) {
		struct span line = scan_line(&s), name;

		if (is_header(line, &name))
			original_header(r, span_dup(r->arena, name),
					span_dup(r->arena, (struct span) {
				name.p + name.len + 1, line.len - name.len - 1
			}));
	}
}

static void on_part(void *arg, const struct mime_part *p)
{
	struct reading *r = arg;
	struct buf utf8 = BUF_INIT(LIMIT_PASTE);
	bool html = str_eq_nocase(p->subtype, "html");

	if (p->choice == 0)
		r->choice_from = r->text.len;
	if (p->choice > 0 && r->text.len - r->choice_from >= ENOUGH)
		return;
	if (str_eq_nocase(p->subtype, "rfc822-headers")) {
		original_headers(r, p->bytes);
		return;
	}
	charset_add(&utf8, p->charset, p->bytes);
	if (html)
		html_add(&r->text, (struct span) { buf_str(&utf8), utf8.len });
	else
		buf_add(&r->text, buf_str(&utf8), utf8.len);
	buf_addc(&r->text, '\n');
	buf_release(&utf8);
}

static void settle(struct reading *r, enum mail_kind kind)
{
	char *copy = arena_alloc(r->arena, r->text.len + 1);

	if (r->text.len)
		memcpy(copy, r->text.data, r->text.len);
	r->mail->text = (struct span) { copy, r->text.len };
	r->mail->kind = kind;
}

static void read_message(struct reading *r, struct span text, const char *library)
{
	struct mime_visit v = { .arg = r, .header = on_header, .part = on_part };
	enum mime_result result;

	if (count(text, "multipart/") + count(text, "message/") > LIMIT_NESTING) {
		r->mail->note = "It is a message with very many parts in each other; it was read "
				"as plain text.";
		return;
	}
	result = gmime_read(text, library, &v);
	if (result == MIME_NO_LIBRARY)
		r->mail->note = "It is a message, but the library that takes messages apart (GMime "
				"3) is not on this system; it was read as plain text.";
	else if (result == MIME_READ &&
		 span_trim((struct span) { buf_str(&r->text), r->text.len }).len)
		settle(r, MAIL_MESSAGE);
}

static void read_inside(struct reading *r, struct span text, struct span boundary,
			const char *library)
{
	struct buf whole = BUF_INIT(LIMIT_PASTE + 512);

	const char *type = span_find_nocase(text, SPAN_LITERAL("message/delivery-status")) ?
			   "report" : "mixed";

	buf_addf(&whole, "MIME-Version: 1.0\nContent-Type: multipart/%s; boundary=\"%.*s\"\n\n",
		 type, (int)boundary.len, boundary.p);
	buf_add(&whole, text.p, text.len);
	read_message(r, (struct span) { buf_str(&whole), whole.len }, library);
	buf_release(&whole);
}

/* --- Outlook's files, and HTML --- */

static void read_html(struct reading *r, struct span text)
{
	struct buf decoded = BUF_INIT(LIMIT_PASTE);

	if (span_find_nocase(text, SPAN_LITERAL("=3D")) && span_has_any(text, "=\n|=\r\n")) {
		quoted_printable_add(&decoded, text);
		text = (struct span) { buf_str(&decoded), decoded.len };
	}
	html_add(&r->text, text);
	settle(r, MAIL_HTML);
	buf_release(&decoded);
}

static void read_outlook(struct reading *r, struct span bytes)
{
	struct buf runs = BUF_INIT(LIMIT_PASTE);
	struct span text;

	readable_add(&runs, bytes);
	text = (struct span) { buf_str(&runs), runs.len };
	if (html_likely(text))
		html_add(&r->text, text);
	else
		buf_add(&r->text, text.p, text.len);
	settle(r, MAIL_OUTLOOK);
	r->mail->note = "It is a file of Outlook (.msg); its readable text was taken out of it, in "
			"the order of the file.";
	buf_release(&runs);
}

struct mail mail_none(struct span paste)
{
	return (struct mail) { .kind = MAIL_NONE, .text = paste, .note = "", .from = "", .to = "",
			       .id = "" };
}

void mail_read(struct arena *a, struct span paste, const char *library, struct mail *ret)
{
	struct span text = without_mbox_line(paste), boundary;
	struct reading r = { .arena = a, .mail = ret, .text = BUF_INIT(LIMIT_PASTE) };

	*ret = mail_none(paste);
	boundary = boundary_of(text);
	if (is_outlook_file(paste))
		read_outlook(&r, paste);
	else if (boundary.len)
		read_inside(&r, text, boundary, library);
	else if (is_message(text))
		read_message(&r, text, library);
	else if (html_likely(text))
		read_html(&r, text);
	buf_release(&r.text);
}
