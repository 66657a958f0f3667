/*
 * shapes - inputs that a reader may stumble over: many of something, long ones, nested ones, what
 * is never closed.
 */
#include "tests/linear/linear.h"

#include <string.h>

/* The text again and again; %u counts. */
static void again(struct buf *b, size_t n, const char *fmt)
{
	for (unsigned i = 0, j; b->len < n; i++) {
		j = i * 2654435761u;	/* other numbers far apart */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		buf_addf(b, fmt, i, j % 65536, i, j % 255);
#pragma GCC diagnostic pop
	}
}

#define AGAIN(name, text) static void name(struct buf *b, size_t n) { again(b, n, text); }

/* --- lines and words --- */
AGAIN(letters, "x")
AGAIN(blanks, " ")
AGAIN(line_ends, "\n")
AGAIN(short_lines, "a b%u\n")
AGAIN(words, "word%u ")
AGAIN(commas, "a%u,")
AGAIN(folded, "a:\n b%u\n\tc\n")
AGAIN(carriage, "\r\r\n\r")
AGAIN(nuls, "ab%.0u%c\n")
AGAIN(escapes, "\\n\\r\\t\\u00%u")
AGAIN(control, "\x1b[2J\x07\xff\xfe%u")
AGAIN(wide, "\xe6\x97\xa5\xe6\x9c\xac%u ")
AGAIN(quotes, "\"a'b%u")
AGAIN(open_quote, "x=\"a%u ")
AGAIN(brackets, "[({<")
AGAIN(closing, ">})]")
AGAIN(angles, "<a%u@b>")
AGAIN(colons, "a%u:b::")
AGAIN(equals, "a%u=b==")
AGAIN(percent, "%%%u%%0a+")
AGAIN(dots, "a%u.b.")
AGAIN(at_signs, "@a%u@")
AGAIN(slashes, "//a%u\\\\/*")
AGAIN(hashes, "#a%u\n")
AGAIN(dollars, "${a%u")
AGAIN(base64_line, "QUJD")
AGAIN(base64_wall,
      "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3\n")
AGAIN(hex, "=%02X=\n")
AGAIN(backspaces, "a\b")

/* --- replies --- */
AGAIN(replies, "550 5.1.1 <user%u@host%u.example>: user %u is unknown here (%u)\n")
AGAIN(same_reply, "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled "
      "for the Tenant.\n")
AGAIN(many_codes, "550 5.7.%u no %u\n450 4.2.%u later %u\n")
AGAIN(reply_lines, "550-5.7.1 line %u\n")
AGAIN(reply_in_line, "550 5.1.1 no %u; ")
AGAIN(codes_in_line, "5.7.%u 535 ")
AGAIN(wrapped, "550 5.7.1 a reply that a mail\nprogram wrapped %u\n")
AGAIN(nested, "530 5.7.57 Error: 535 5.7.3 (said: ")
AGAIN(prompts, "334 VXNlcm5hbWU6\n535 no %u\n")
AGAIN(challenges, "334 eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIn0=%u\n")
AGAIN(transcript, "S: 250-mail%u\nC: MAIL FROM:<a%u@b.example>\nS: 550 5.7.60 no %u\n")
AGAIN(aadsts, "AADSTS%u: x ")
AGAIN(aadsts_lines, "AADSTS50%u: the user %u\nTrace ID: %u\n")
AGAIN(symptoms, "connect ECONNREFUSED 192.0.2.1:%u at Socket%u\n")
AGAIN(hosts, "mx%u.host%u.example[192.0.2.%u] said: 550 no %u\n")
AGAIN(addresses, "a%u@b%u.example ")
AGAIN(stamps, "2026-11-30T09:%u:00Z Nov 30 ")
AGAIN(bounce, "<user%u@host%u.example>: host mx%u.example[192.0.2.%u] said: 550 5.1.1 no\n\n")
AGAIN(report_fields,
      "Final-Recipient: rfc822; user%u@host%u.example\nAction: failed\nStatus: 5.%u.1\n"
      "Diagnostic-Code: smtp; 550 5.1.1 no %u\n\n")

/* --- logs --- */
AGAIN(postfix, "Nov 30 09:00:00 mx postfix/smtp[%u]: 4X%u: to=<u%u@b.example>, "
      "relay=mx%u.b.example[192.0.2.1]:25, delay=1, dsn=5.1.1, status=bounced (host mx.b.example "
      "said: 550 5.1.1 unknown (in reply to RCPT TO command))\n")
AGAIN(exim,
      "2026-11-30 09:00:00 1tD%u-0001 ** u%u@b.example R=dnslookup T=remote_smtp H=mx%u.b.example "
      "[192.0.2.%u]: SMTP error from remote mail server after RCPT TO: 550 5.1.1 no\n")
AGAIN(causes, "Nov 30 09:00:00 app: 5%u 5.7.%u new words number%u here%u\n")
AGAIN(trace, "Traceback (most recent call last):\n  File \"a%u.py\", line %u, in send\n"
      "smtplib.SMTPAuthenticationError: (535, b'5.7.8 no %u')\n")

/* --- messages --- */
AGAIN(headers, "X-Header-%u: value %u\n")
AGAIN(received, "Received: from a%u.example (b%u.example [192.0.2.1])\n"
      "\tby c%u.example; Mon, 30 Nov 2026 09:00:00 +0000\n")
AGAIN(parts, "--b\nContent-Type: text/plain\n\n550 5.1.1 no %u\n")
AGAIN(deep_parts, "--b\nContent-Type: multipart/mixed; boundary=b%u\n\n")
AGAIN(boundaries, "--b\n")
AGAIN(encoded_words, "Subject: =?utf-8?B?QUJD?= =?utf-8?Q?a=20b?=\n")
AGAIN(parameters, "Content-Type: text/plain; a%u=b; c*%u=d\n")
AGAIN(tags, "<div><p>550 5.1.1 no %u")
AGAIN(open_tags, "<a href=\"x%u")
AGAIN(entities, "&lt;&#%u;&nope&amp")
AGAIN(comments, "<!-- a%u ")
AGAIN(scripts, "<script>a%u</scrip")

/* --- JSON --- */
AGAIN(json_arrays, "[")
AGAIN(json_objects, "{\"a\":")

static void json_of(struct buf *b, size_t n, const char *head, const char *one, const char *tail)
{
	buf_adds(b, head);
	again(b, n, one);
	b->len -= b->data[b->len - 1] == ',';
	buf_adds(b, tail);
}

static void json_keys(struct buf *b, size_t n)
{
	json_of(b, n, "{", "\"key%u\":\"value%u\",", "}");
}

static void json_same_key(struct buf *b, size_t n)
{
	json_of(b, n, "{", "\"value\":%u,", "}");
}

static void json_rows(struct buf *b, size_t n)
{
	json_of(b, n, "{\"value\":[", "{\"id\":\"%u\",\"displayName\":\"Policy %u\","
		"\"state\":\"enabled\",\"Identity\":\"u%u@contoso.com\"},", "]}");
}

static void json_error(struct buf *b, size_t n)
{
	json_of(b, n, "{\"error\":\"invalid_client\",\"error_codes\":[", "%u,",
		"],\"error_description\":\"AADSTS7000215: no\"}");
}

static void json_text(struct buf *b, size_t n)
{
	json_of(b, n, "{\"error\":\"invalid_grant\",\"error_description\":\"",
		"AADSTS%u: a\\n|\\\\ ", "\"}");
}

static void json_report(struct buf *b, size_t n)
{
	json_of(b, n,
		"-----BEGIN SMTPWHY ADMIN REPORT-----\n{\"schema\":\"smtpwhy.admin/1\",\"reads\":[",
		"{\"what\":\"Get-CASMailbox\",\"answer\":{\"Identity\":\"u%u\","
		"\"SmtpClientAuthenticationDisabled\":null}},\n", "]}\n");
}

/* --- settings and tables --- */
AGAIN(set_lines, "KEY%u=value%u\n")
AGAIN(same_key, "MAIL_HOST=mail%u.example.com\n")
AGAIN(sections, "[section%u]\nhost = a%u\n")
AGAIN(yaml_deep, "a:\n - b%u: {")
AGAIN(yaml_lines, "a%u: b\n")
AGAIN(yaml_indent, "  - ")
AGAIN(xml_deep, "<a%u>")
AGAIN(xml_lines, "<add key=\"k%u\" value=\"v\"/>\n")
AGAIN(code_calls, "f(a%u, ")
AGAIN(code_lines, "x%u = \"a\" + y # c\n")
AGAIN(references, "k%u = ${k%u} $k\n")
AGAIN(continued, "k%u = a \\\n")
AGAIN(heredocs, "x = <<EOT%u\n")
AGAIN(tab_rows, "row%u\ttitle %u\n")
AGAIN(tabs, "\t")
AGAIN(scenario_rows, "server mail%u.example:25\n\tgreeting 220 hi\n\trcpt <u%u@*> 550 5.1.1 no\n")
AGAIN(scenario_answers, "\trcpt <u%u@*> 550 5.1.1 no %u\n")

/* --- EHLO --- */
AGAIN(ehlo_keywords, "250-KEY%u a b\n")
AGAIN(ehlo_same, "250-SIZE 99999999\n")

/* Lines of 8 KB, as long as a line may be. */
static void wide_lines(struct buf *b, size_t n, const char *begin, const char *one)
{
	size_t line = 0;

	for (unsigned i = 0; b->len < n; i++) {
		if (i == 0 || b->len - line > 8000) {
			buf_adds(b, i ? "\n" : "");
			line = b->len;
			buf_adds(b, begin);
		}
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		buf_addf(b, one, i);
#pragma GCC diagnostic pop
	}
	buf_adds(b, "\n");
}

static void ehlo_mechanisms(struct buf *b, size_t n)
{
	wide_lines(b, n, "250-AUTH", " M%u");
}

static void ehlo_wide_same(struct buf *b, size_t n)
{
	wide_lines(b, n, "250-SIZE", " %u");
}

/* --- bytes --- */
static void zeros(struct buf *b, size_t n)
{
	while (b->len < n)
		buf_addc(b, '\0');
}

static void all_bytes(struct buf *b, size_t n)
{
	for (unsigned i = 0; b->len < n; i++)
		buf_addc(b, (char)(i * 2654435761u >> 24));
}

static void utf16(struct buf *b, size_t n)
{
	for (unsigned i = 0; b->len < n; i++) {
		buf_addc(b, i % 30 ? (char)('a' + i % 26) : '\n');
		buf_addc(b, '\0');
	}
}

#define SHAPE(name) { #name, name }
const struct shape shapes[] = {
	SHAPE(letters), SHAPE(blanks), SHAPE(line_ends), SHAPE(short_lines), SHAPE(words),
	SHAPE(commas), SHAPE(folded), SHAPE(carriage),
	SHAPE(nuls), SHAPE(escapes), SHAPE(control), SHAPE(wide), SHAPE(quotes), SHAPE(open_quote),
	SHAPE(brackets), SHAPE(closing),
	SHAPE(angles), SHAPE(colons), SHAPE(equals), SHAPE(percent), SHAPE(dots), SHAPE(at_signs),
	SHAPE(slashes), SHAPE(hashes),
	SHAPE(dollars), SHAPE(base64_line), SHAPE(base64_wall), SHAPE(hex), SHAPE(backspaces),
	SHAPE(replies), SHAPE(same_reply),
	SHAPE(many_codes), SHAPE(reply_lines), SHAPE(reply_in_line), SHAPE(codes_in_line),
	SHAPE(wrapped), SHAPE(nested), SHAPE(prompts),
	SHAPE(challenges), SHAPE(transcript), SHAPE(aadsts), SHAPE(aadsts_lines), SHAPE(symptoms),
	SHAPE(hosts), SHAPE(addresses),
	SHAPE(stamps), SHAPE(bounce), SHAPE(report_fields), SHAPE(postfix), SHAPE(exim),
	SHAPE(causes), SHAPE(trace), SHAPE(headers),
	SHAPE(received), SHAPE(parts), SHAPE(deep_parts), SHAPE(boundaries), SHAPE(encoded_words),
	SHAPE(parameters), SHAPE(tags),
	SHAPE(open_tags), SHAPE(entities), SHAPE(comments), SHAPE(scripts), SHAPE(json_arrays),
	SHAPE(json_objects), SHAPE(json_keys),
	SHAPE(json_same_key), SHAPE(json_rows), SHAPE(json_error), SHAPE(json_text),
	SHAPE(json_report), SHAPE(set_lines), SHAPE(same_key),
	SHAPE(sections), SHAPE(yaml_deep), SHAPE(yaml_lines), SHAPE(yaml_indent), SHAPE(xml_deep),
	SHAPE(xml_lines), SHAPE(code_calls),
	SHAPE(code_lines), SHAPE(references), SHAPE(continued), SHAPE(heredocs), SHAPE(tab_rows),
	SHAPE(tabs), SHAPE(scenario_rows),
	SHAPE(scenario_answers), SHAPE(ehlo_keywords), SHAPE(ehlo_same), SHAPE(ehlo_mechanisms),
	SHAPE(ehlo_wide_same),
	SHAPE(zeros), SHAPE(all_bytes), SHAPE(utf16), { NULL, NULL },
};
