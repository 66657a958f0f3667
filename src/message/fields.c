/*
 * Header fields out of a text: RFC 5322, 2.2, and what people make of it when they copy it.
 */
#include "message/fields.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/scan.h"

/* Names without a hyphen, or that often stand first. All others must have a hyphen. */
static const char *const known[] = {
	"Received",       "From",         "To",           "Cc",           "Bcc",
	"Subject",        "Date",         "Sender",       "Message-ID",   "Return-Path",
	"Reply-To",       "MIME-Version", "Content-Type", "Delivered-To", "Importance",
	"Precedence",     "Priority",     "References",   "In-Reply-To",  "Organization",
	"Comments",       "Keywords",     "Sensitivity",  "Autocrypt",    "Authentication-Results",
	"DKIM-Signature", "Feedback-ID",  "Received-SPF", "Status",
};

/* What servers write on the way; a `*` at the end stands for the rest. */
static const char *const trace[] = {
	"Received",
	"Received-SPF",
	"Return-Path",
	"Delivered-To",
	"Authentication-Results*",
	"ARC-*",
	"DKIM-Signature",
	"DomainKey-Signature",
	"X-Forefront-*",
	"X-Microsoft-*",
	"X-MS-*",
	"X-Ms-*",
	"X-Spam*",
	"X-Greylist*",
	"X-SID-*",
	"X-Google-*",
	"X-Gm-*",
	"X-Received",
	"X-Original-To",
	"X-CustomSpam",
	"X-OriginatorOrg",
	"X-EOP*",
	"X-Mailgun-*",
	"X-SES-*",
	"X-Rspamd*",
	"X-Yandex-*",
	"X-Proofpoint*",
	"X-Mimecast*",
	"X-Envelope-*",
	"X-Virus-*",
	"X-OrganizationHeadersPreserved",
	"X-CrossPremises*",
	"X-Forwarded-*",
	"X-Ham-Report",
	"X-Barracuda-*",
	"X-IncomingTopHeaderMarker",
};

bool field_is_trace(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(trace); i++)
		if (str_glob(trace[i], name))
			return true;
	return false;
}

static bool is_known(struct span name)
{
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (span_eq_nocase(name, known[i]))
			return true;
	return false;
}

static bool name_char(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_';
}

static bool has_hyphen(struct span name)
{
	return name.len && memchr(name.p, '-', name.len) != NULL;
}

/* "Lines", "Xref": not "SCL" and "ucf", which stand before a colon inside Microsoft's fields. */
static bool is_word(struct span name)
{
	for (size_t i = 1; i < name.len; i++)
		if (name.p[i] < 'a' || name.p[i] > 'z')
			return false;
	return name.len > 3 && name.p[0] >= 'A' && name.p[0] <= 'Z';
}

size_t field_begins(struct span line, bool known_only)
{
	enum { LONGEST = 76 };
	struct scan s = scan_span(line);
	struct span name = scan_while(&s, name_char);

	scan_blanks(&s);
	if (!name.len || name.len > LONGEST || !ascii_is_alpha(name.p[0]) || scan_peek(&s) != ':')
		return 0;
	if (is_known(name))
		return name.len;
	if (!has_hyphen(name))
		return !known_only && is_word(name) && scan_looking_at(&s, ": ") ? name.len : 0;
	if (name.p[name.len - 1] == '-')
		return 0;
	return !known_only || span_has_prefix_nocase(name, "X-") ||
			       span_has_prefix_nocase(name, "ARC-") ||
			       span_has_prefix_nocase(name, "List-")
		       ? name.len
		       : 0;
}

/* --- one block while it is read --- */

struct reading {
	struct arena	*arena;
	struct fields	*f;
	struct scan	 s;
	int		 line;
	bool		 open;		/* lines go on with the last field */
	bool loose; /* prose came before, or the block goes on behind an empty line */
	size_t		 unfolded;	/* lines that went on without a blank before them */
	size_t		*chunk_ends;	/* n when an empty line came */
	size_t		 n_chunks, cap_chunks;
	size_t		 bytes;
};

static void begin_field(struct reading *r, struct span raw, size_t name_len)
{
	struct fields *f = r->f;

	r->open = f->n < LIMIT_HEADER_FIELDS;
	f->cut |= !r->open;
	if (!r->open)
		return;
	f->v = arena_grow(r->arena, f->v, f->n, &f->cap, sizeof(*f->v));
	f->v[f->n++] = (struct field){
		.raw = raw,
		.name = arena_strndup(r->arena, raw.p, name_len),
		.value = "",
		.line = r->line,
	};
}

/* Up to and with the line end: all that the line is in the text. */
static struct span raw_line(struct reading *r, struct span *ret_line)
{
	const char *from = r->s.p;

	*ret_line = scan_line(&r->s);
	r->line++;
	return (struct span) { from, (size_t)(r->s.p - from) };
}

static bool is_blank(struct span line)
{
	return span_trim(line).len == 0;
}

static void end_chunk(struct reading *r)
{
	r->open = false;
	if (r->n_chunks && r->chunk_ends[r->n_chunks - 1] == r->f->n)
		return;
	r->chunk_ends = arena_grow(r->arena, r->chunk_ends, r->n_chunks, &r->cap_chunks,
				   sizeof(*r->chunk_ends));
	r->chunk_ends[r->n_chunks++] = r->f->n;
}

/* Is a field of servers further on in the text, when there is none so far? Then what was read is
 * the header of a mail or a form in which somebody pasted the real one. */
static bool trace_follows(struct reading *r)
{
	enum { FAR = 64 * 1024 };
	struct scan ahead = r->s;

	for (size_t i = 0; i < r->f->n; i++)
		if (field_is_trace(r->f->v[i].name))
			return false;
	while (!scan_done(&ahead) && ahead.p - r->s.p < FAR) {
		struct span line = scan_line(&ahead);
		size_t n = field_begins(line, true);

		if (n && field_is_trace(span_dup(r->arena, (struct span) { line.p, n })))
			return true;
	}
	return false;
}

/* Behind an empty line: does the header go on? Where every line has one behind it, or in a paste.
 */
static bool goes_on(struct reading *r, size_t lines)
{
	struct scan ahead = r->s;
	struct span next = { NULL, 0 };

	while (!scan_done(&ahead) && is_blank(next))
		next = scan_line(&ahead);
	if (is_blank(next))
		return false;
	if (lines == 1 && (*next.p == ' ' || *next.p == '\t' || field_begins(next, false)))
		return true;
	return r->loose ? field_begins(next, false) : trace_follows(r);
}

/* A line that is neither folded nor a field: of a field whose fold was lost, or no longer of the
 * header. */
static void stray(struct reading *r, struct span raw, struct span line)
{
	enum { MOST = 400, LONGEST = 2000 };
	struct field *last = r->f->n ? &r->f->v[r->f->n - 1] : NULL;

	if (!r->open || !last || line.len > LONGEST || r->unfolded >= MOST) {
		r->loose = true;
		r->open = false;
		return;
	}
	r->unfolded++;
	last->raw.len = (size_t)(raw.p + raw.len - last->raw.p);
}

static void read_lines(struct reading *r)
{
	size_t lines = 0;

	while (!scan_done(&r->s) && r->bytes < LIMIT_HEADER_BLOCK) {
		struct span line, raw = raw_line(r, &line);
		size_t name = field_begins(line, !r->open);
		struct field *last = r->f->n ? &r->f->v[r->f->n - 1] : NULL;

		r->bytes += r->f->n ? raw.len : 0;
		if (is_blank(line)) {
			bool more = !lines || goes_on(r, lines);

			/* A fold that is only blanks belongs to its field (RFC 5322, 4.2). */
			if (lines && !more && !r->loose) {
				r->f->body = scan_rest(&r->s);
				return;
			}
			/* Behind each line an empty one: the field may go on. */
			if (lines > 1)
				end_chunk(r);
			r->loose |= lines > 0;
			lines = 0;
			continue;
		}
		lines++;
		if (r->open && last && (line.p[0] == ' ' || line.p[0] == '\t'))
			last->raw.len = (size_t)(raw.p + raw.len - last->raw.p);
		else if (name)
			begin_field(r, raw, name);
		else
			stray(r, raw, line);
	}
	r->f->cut |= !scan_done(&r->s);
}

/* --- what was read, made good --- */

/* In a paste: the part with lines of servers; a mail program's "From: To: Subject:" above it is
 * about something else. */
static void keep_trace(struct reading *r)
{
	struct fields *f = r->f;
	size_t from = f->n, to = 0, start = 0;

	end_chunk(r);
	for (size_t i = 0; i < r->n_chunks; i++) {
		bool has = false;

		for (size_t k = start; k < r->chunk_ends[i]; k++)
			has |= field_is_trace(f->v[k].name);
		if (has && start < from)
			from = start;
		if (has)
			to = r->chunk_ends[i];
		start = r->chunk_ends[i];
	}
	if (from >= to)
		return;
	memmove(f->v, f->v + from, (to - from) * sizeof(*f->v));
	f->n = to - from;
}

/* Line ends become one blank each with the blanks beside them; a NUL is a blank, too. */
static const char *unfold(struct arena *a, struct span raw, bool *cut)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_HEADER_VALUE);
	const char *colon = memchr(raw.p, ':', raw.len);
	struct scan s = scan_over(colon + 1, raw.len - (size_t)(colon + 1 - raw.p));

	while (!scan_done(&s)) {
		struct span line = span_trim(scan_line(&s));

		if (!line.len)
			continue;
		if (b.len)
			buf_addc(&b, ' ');
		if (line.len > b.limit - b.len) {
			*cut = true;
			line.len = b.limit - b.len;
		}
		buf_add(&b, line.p, line.len);
		for (size_t i = b.len - line.len; i < b.len; i++)
			if (b.data[i] == '\0')
				b.data[i] = ' ';
	}
	return arena_strndup(a, buf_str(&b), b.len);
}

/* "From user@host Mon ...", the first line of each message in an mbox (RFC 4155). */
static void skip_mbox_line(struct scan *s, int *line)
{
	if (scan_looking_at(s, "From ")) {
		scan_line(s);
		++*line;
	}
}

void fields_read(struct arena *a, struct span text, struct fields *ret)
{
	struct reading r = { .arena = a, .f = ret };
	struct span plain;

	*ret = (struct fields) { .exact = true, .body = { text.p, 0 } };
	plain = fields_plain(a, text, &ret->notes);
	ret->exact = plain.p == text.p;
	r.s = scan_span(plain);
	skip_mbox_line(&r.s, &r.line);
	read_lines(&r);
	if (r.loose)
		keep_trace(&r);
	for (size_t i = 0; i < ret->n; i++)
		ret->v[i].value = unfold(a, ret->v[i].raw, &ret->cut);
	if (r.unfolded)
		strv_add(&ret->notes, a,
			 "Some folded lines had lost their indentation; they were joined again.");
	ret->exact &= !r.loose && !r.unfolded;
	if (ret->cut)
		strv_add(&ret->notes, a,
			 "The header is longer than what is read of one; the rest was left out.");
}

const struct field *fields_find(const struct fields *f, const char *name, const struct field *after)
{
	for (size_t i = after ? (size_t)(after - f->v) + 1 : 0; i < f->n; i++)
		if (str_eq_nocase(f->v[i].name, name))
			return &f->v[i];
	return NULL;
}

const char *fields_value(const struct fields *f, const char *name)
{
	const struct field *found = fields_find(f, name, NULL);

	return found ? found->value : "";
}
