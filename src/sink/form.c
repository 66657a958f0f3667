/*
 * form - what receivers refuse or mark in a message whoever sent it: RFC 5321 and RFC 5322.
 */
#include "sink/receipt.h"

#include <string.h>

#include "base/arena.h"
#include "base/scan.h"
#include "message/parts.h"

enum { LINE_MOST = 998 };	/* octets without CRLF (RFC 5322, 2.1.1) */

/* --- bytes --- */

static void line_ends(struct receipt *l)
{
	if (l->false_ends)
		receipt_fault_add(l, true, "false-end", "RFC 5321, 4.1.1.4",
			"a line with a dot alone does not end in CRLF, which some servers take for "
			"the end of the message (SMTP smuggling)",
			"send CRLF at the end of each line, and put a dot before each line that "
			"begins with one");
	if (l->bare_lf)
		receipt_fault_add(l, true, "bare-lf", "RFC 5321, 2.3.8", arena_printf(l->arena,
			"%lu line%s in LF without CR", l->bare_lf,
			l->bare_lf == 1 ? " ends" : "s end"), "send CRLF at the end of each line");
	if (l->bare_cr)
		receipt_fault_add(l, true, "bare-cr", "RFC 5321, 2.3.8", arena_printf(l->arena,
			"a CR stands without LF behind it, %lu time%s", l->bare_cr,
			l->bare_cr == 1 ? "" : "s"), "send CRLF at the end of each line");
	if (l->nuls)
		receipt_fault_add(l, true, "nul", "RFC 5322, 4", "there are NUL bytes in it",
			"encode the content as base64");
	if (l->lf_commands)
		receipt_fault_add(l, false, "bare-lf-command", "RFC 5321, 2.3.8",
			"the client ended SMTP commands in LF without CR",
			"send CRLF at the end of each command");
}

struct bytes {
	size_t	longest, where;		/* of the lines, and its number from 1 */
	bool	high;			/* a byte over 127 */
};

static struct bytes look_at(struct span text)
{
	struct bytes b = { .longest = 0 };
	struct scan s = scan_span(text);

	for (size_t n = 1; !scan_done(&s); n++) {
		struct span line = scan_line(&s);

		if (line.len > b.longest)
			b.longest = line.len, b.where = n;
		for (size_t i = 0; i < line.len && !b.high; i++)
			b.high = (unsigned char)line.p[i] > 0x7f;
	}
	return b;
}

static struct span header_text(const struct receipt *l)
{
	return (struct span) { l->text.p, l->text.len - l->header.body.len };
}

static void bytes(struct receipt *l)
{
	struct bytes all = look_at(l->text), head = look_at(header_text(l)),
		     body = look_at(l->header.body);

	if (all.longest > LINE_MOST)
		receipt_fault_add(l, true, "line-too-long", "RFC 5322, 2.1.1",
			arena_printf(l->arena, "line %zu has %zu bytes; 998 are allowed",
				     all.where, all.longest),
			"fold header fields, and encode the body as quoted-printable or base64");
	if (head.high && !l->utf8)
		receipt_fault_add(l, true, "8bit-header", "RFC 6532, 3.7",
			"the header has bytes over 127, and the client did not ask for SMTPUTF8",
			"encode the text of header fields (RFC 2047)");
	if (body.high && !str_eq(l->body, "8BITMIME"))
		receipt_fault_add(l, false, "8bit-undeclared", "RFC 6152, 3",
			"the body has bytes over 127, and MAIL FROM had no BODY=8BITMIME",
			"add BODY=8BITMIME where the server offers it, else encode the body");
}

/* --- fields --- */

/* Of a list of addresses: how many @ stand outside of quotes and comments. */
static size_t mailboxes(const char *value)
{
	size_t n = 0, depth = 0;
	bool quoted = false;

	for (const char *p = value; *p; p++) {
		if (*p == '\\' && p[1])
			p++;
		else if (*p == '"' && !depth)
			quoted = !quoted;
		else if (*p == '(' && !quoted)
			depth++;
		else if (*p == ')' && depth && !quoted)
			depth--;
		else
			n += *p == '@' && !quoted && !depth;
	}
	return n;
}

static void author(struct receipt *l)
{
	size_t n = receipt_field(&l->header, l->arena, "From", &l->author), many;

	l->author_domain = domain_of_address(l->arena, l->author);
	many = mailboxes(l->author);
	if (n == 0)
		receipt_fault_add(l, true, "from-missing", "RFC 5322, 3.6.2",
			"there is no From field", "add From with one address");
	else if (n > 1)
		receipt_fault_add(l, true, "from-twice", "RFC 5322, 3.6", arena_printf(l->arena,
			"there are %zu From fields", n), "send one From field with one address");
	else if (!many || !*l->author_domain)
		receipt_fault_add(l, true, "from-invalid", "RFC 5322, 3.6.2",
			"From has no mail address", "write From as Name <user@example.com>");
	else if (many > 1)
		receipt_fault_add(l, true, "from-several", "RFC 9989, 5.3.1", arena_printf(l->arena,
			"From has %zu addresses, to which DMARC cannot be applied", many),
			"put one address into From");
}

static void date(struct receipt *l)
{
	const char *value;
	size_t n = receipt_field(&l->header, l->arena, "Date", &value);

	if (n == 0)
		receipt_fault_add(l, true, "date-missing", "RFC 5322, 3.6.1",
			"there is no Date field", "add Date");
	else if (!date_read(l->arena, span_of(value)).known)
		receipt_fault_add(l, true, "date-invalid", "RFC 5322, 3.3", "Date cannot be read",
			"write Date as Tue, 01 Dec 2026 12:00:00 +0000");
}

/* Fields that may stand there once (RFC 5322, 3.6; RFC 2045). From is looked at above. */
static void repeated(struct receipt *l)
{
	static const char *const once[] = {
		"Date", "Sender", "Reply-To", "To", "Cc", "Message-ID", "In-Reply-To", "References",
		"Subject", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
	};

	for (size_t i = 0; i < ARRAY_LEN(once); i++) {
		size_t n = receipt_field(&l->header, l->arena, once[i], NULL);

		if (n > 1)
			receipt_fault_add(l, true, "field-twice", "RFC 5322, 3.6",
				arena_printf(l->arena, "there are %zu %s fields", n, once[i]),
				arena_printf(l->arena, "send one %s field", once[i]));
	}
}

static void other_fields(struct receipt *l)
{
	const char *transfer;

	receipt_field(&l->header, l->arena, "Subject", &l->subject);
	if (!receipt_field(&l->header, l->arena, "Message-ID", &l->id))
		receipt_fault_add(l, false, "message-id-missing", "RFC 5322, 3.6.4",
			"there is no Message-ID field, without which Gmail may refuse a message",
			"add Message-ID");
	else if (!str_glob("<?*@?*>", l->id))
		receipt_fault_add(l, false, "message-id-invalid", "RFC 5322, 3.6.4",
			"Message-ID is not of the form <left@right>", "write it as <left@right>");
	if (receipt_field(&l->header, l->arena, "Bcc", NULL))
		receipt_fault_add(l, false, "bcc-shown", "RFC 5322, 3.6.3",
			"Bcc is in the header: every recipient can see it",
			"remove Bcc before the message is sent");
	if (receipt_field(&l->header, l->arena, "Content-Type", NULL) &&
	    !receipt_field(&l->header, l->arena, "MIME-Version", NULL))
		receipt_fault_add(l, false, "mime-version-missing", "RFC 2045, 4",
			"there is Content-Type, and no MIME-Version", "add MIME-Version: 1.0");
	receipt_field(&l->header, l->arena, "Content-Transfer-Encoding", &transfer);
	if (look_at(l->header.body).high && str_in(transfer, "7bit|7BIT|quoted-printable|base64"))
		receipt_fault_add(l, true, "transfer-encoding-wrong", "RFC 2045, 6.2",
			"the body has bytes over 127, and Content-Transfer-Encoding says that it "
			"has none", "name the encoding that the body has");
}

static void odd_lines(struct receipt *l)
{
	for (size_t i = 0; i < l->header.n; i++) {
		if (!l->header.v[i].odd)
			continue;
		receipt_fault_add(l, true, "header-line-invalid", "RFC 5322, 2.2",
			arena_printf(l->arena, "part %zu of the header is not a field", i + 1),
			"put an empty line between header and body");
		return;
	}
}

void receipt_form(struct receipt *l)
{
	receipt_header_read(l->arena, l->text, &l->header);
	line_ends(l);
	bytes(l);
	odd_lines(l);
	author(l);
	date(l);
	repeated(l);
	other_fields(l);
	if (!l->extended)
		receipt_fault_add(l, false, "helo", "RFC 5321, 3.2",
			"the client said HELO, so that it can use neither TLS nor a login",
			"let it say EHLO");
}
