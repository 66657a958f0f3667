/*
 * t-base-redact - no form of a secret gets through the filter, and nothing else is struck out.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/redact.h"
#include "base/secret.h"
#include "base/str.h"
#include "tests/unit/tap.h"

static const char secret[] = "Sup3r S3cret/Passw0rd+Zq9xKv7w";

/* --- forms --- */

static void as_it_is(struct buf *b, const char *p, size_t n)
{
	buf_add(b, p, n);
}

static void upper(struct buf *b, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_addc(b, ascii_upper(p[i]));
}

static void behind(struct buf *b, const char *before, const char *p, size_t n)
{
	_cleanup_(buf_release) struct buf plain = BUF_INIT(100000);

	buf_adds(&plain, before);
	buf_add(&plain, p, n);
	base64_encode(b, plain.data, plain.len);
}

static void base64(struct buf *b, const char *p, size_t n)
{
	behind(b, "", p, n);
}

static void base64_behind_1(struct buf *b, const char *p, size_t n)
{
	behind(b, "u", p, n);
}

static void base64_behind_2(struct buf *b, const char *p, size_t n)
{
	behind(b, "us", p, n);
}

static void base64_url(struct buf *b, const char *p, size_t n)
{
	base64_encode_url(b, p, n);
}

static void percent(struct buf *b, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_addf(b, ascii_is_alnum(p[i]) ? "%c" : "%%%02X", (unsigned char)p[i]);
}

static void percent_all(struct buf *b, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_addf(b, "%%%02x", (unsigned char)p[i]);
}

/* A blank as a plus sign, as a form has it. */
static void form(struct buf *b, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] == ' ')
			buf_addc(b, '+');
		else
			buf_addf(b, ascii_is_alnum(p[i]) ? "%c" : "%%%02X", (unsigned char)p[i]);
}

static void json(struct buf *b, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] == '/')
			buf_add(b, "\\/", 2);
		else
			buf_addf(b, i % 3 && p[i] != '\\' ? "%c" : "\\u%04x", (unsigned char)p[i]);
}

static void c_escapes(struct buf *b, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_addf(b, "\\x%02X", (unsigned char)p[i]);
}

static void html(struct buf *b, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_addf(b, i % 2 ? "&#%u;" : "&#x%X;", (unsigned char)p[i]);
}

static void quoted(struct buf *b, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_addf(b, "=%02X", (unsigned char)p[i]);
}

static void hex(struct buf *b, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_addf(b, "%02x", (unsigned char)p[i]);
}

static void hex_dump(struct buf *b, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_addf(b, "%s%02X", i ? ":" : "", (unsigned char)p[i]);
}

static void odd_hex(struct buf *b, const char *p, size_t n)
{
	buf_adds(b, "7");
	hex(b, p, n);
}

static const struct form {
	const char	*name;
	void		(*make)(struct buf *b, const char *p, size_t n);
} forms[] = {
	{ "as it is", as_it_is },
	{ "in upper case", upper },
	{ "in base64", base64 },
	{ "in base64 behind one byte", base64_behind_1 },
	{ "in base64 behind two bytes", base64_behind_2 },
	{ "in base64 for URLs", base64_url },
	{ "percent-encoded", percent },
	{ "percent-encoded, each byte", percent_all },
	{ "as a form has it", form },
	{ "in JSON's escapes", json },
	{ "in C's escapes", c_escapes },
	{ "in HTML's entities", html },
	{ "quoted-printable", quoted },
	{ "in hexadecimal", hex },
	{ "as a dump", hex_dump },
	{ "in hexadecimal behind a digit", odd_hex },
};

/* Has a run of eight bytes in common with what was sent: then something got through. */
static bool got_through(const char *text, size_t n, const char *sent, size_t sent_n)
{
	for (size_t i = 0; i + 8 <= sent_n; i++)
		if (memmem(text, n, sent + i, 8))
			return true;
	return false;
}

/* One text with the form in its middle: what is around it stays, and of it nothing gets through. */
static void strikes(const struct buf *sent, const char *before, const char *after, const char *what)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	char *text = arena_printf(a, "%s%.*s%s", before, (int)sent->len, sent->data, after);
	size_t n = strlen(text), b = strlen(before), e = strlen(after);

	ok(redact(text, n), arena_printf(a, "%s: found", what));
	ok(!got_through(text, n, sent->data, sent->len) && strlen(text) == n,
	   arena_printf(a, "%s: none of it gets through", what));
	ok(memcmp(text, before, b) == 0 && memcmp(text + n - e, after, e) == 0,
	   arena_printf(a, "%s: what is around it stays", what));
}

static void test_forms(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	size_t n = strlen(secret);

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		_cleanup_(buf_release) struct buf whole = BUF_INIT(4096), head = BUF_INIT(4096),
						  tail = BUF_INIT(4096);

		forms[i].make(&whole, secret, n);
		strikes(&whole, "535 5.7.8 bad: \"", "\", sorry",
			arena_printf(a, "whole, %s", forms[i].name));
		strikes(&whole, "", "", arena_printf(a, "alone, %s", forms[i].name));
		forms[i].make(&head, secret, 9);
		strikes(&head, "value=<", "> (cut)",
			arena_printf(a, "the beginning, %s", forms[i].name));
		forms[i].make(&tail, secret + n - 9, 9);
		strikes(&tail, "... '", "' is no command",
			arena_printf(a, "the end, %s", forms[i].name));
	}
}

/* One encoding in another: a challenge in base64 that quotes the line, JSON that quotes a form. */
static void test_nested(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		for (size_t k = 0; k < ARRAY_LEN(forms); k++) {
			_cleanup_(buf_release) struct buf inner = BUF_INIT(4096),
							  outer = BUF_INIT(16384);

			/* What was turned into upper case no longer decodes. */
			if (forms[k].make == upper)
				continue;
			forms[i].make(&inner, secret, strlen(secret));
			forms[k].make(&outer, inner.data, inner.len);
			strikes(&outer, "{\"x\":\"", "\"}",
				arena_printf(a, "%s, that %s", forms[i].name, forms[k].name));
		}
	}
}

/* What a server turned into upper case does not decode any more; it is the base64 of the secret all
 * the same. */
static void test_upper_base64(void)
{
	static void (*const makes[])(struct buf * b, const char *p,
				     size_t n) = { base64, base64_behind_1, base64_behind_2 };

	for (size_t i = 0; i < ARRAY_LEN(makes); i++) {
		_cleanup_(buf_release) struct buf b = BUF_INIT(4096), up = BUF_INIT(4096);

		makes[i](&b, secret, strlen(secret));
		upper(&up, b.data, b.len);
		strikes(&up, "500 WHAT IS ", "?", "base64 in upper case");
	}
}

/* --- pieces --- */

static void test_pieces(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		for (size_t size = 3; size < 12; size += 4) {
			_cleanup_(buf_release) struct buf b = BUF_INIT(4096);
			struct redact_piece pieces[200];
			size_t n = 0;
			char *text;

			forms[i].make(&b, secret, strlen(secret));
			text = arena_strndup(a, b.data, b.len);
			for (size_t at = 0; at < b.len; at += size, n++)
				pieces[n] =
					(struct redact_piece){ arena_strndup(a, text + at, size),
							       b.len - at < size ? b.len - at
										 : size };
			ok(redact_pieces(pieces, n),
			   arena_printf(a, "%s, in pieces of %zu: found", forms[i].name, size));
			for (size_t k = 0, at = 0; k < n; at += pieces[k++].n)
				memcpy(text + at, pieces[k].p, pieces[k].n);
			ok(!got_through(text, b.len, b.data, b.len),
			   arena_printf(a, "%s, in pieces of %zu: none of it gets through",
					forms[i].name, size));
		}
	}
}

/* Wherever it stands in a long text, also where that is cut for looking at it. */
static void test_everywhere(void)
{
	enum { LONG = 70000 };
	_cleanup_(buf_release) struct buf form = BUF_INIT(4096);
	char *text = xmalloc(LONG);
	size_t missed = 0, places = 0;

	behind(&form, "u", secret, strlen(secret));
	for (size_t at = 0; at + form.len <= LONG; at += at % 16384 > 14000 ? 37 : 1801, places++) {
		for (size_t i = 0; i < LONG; i++)
			text[i] = "no such command, "[i % 17];
		memcpy(text + at, form.data, form.len);
		redact(text, LONG);
		missed += got_through(text, LONG, form.data, form.len);
	}
	ok(places > 200, "many places were tried");
	is_int(missed, 0, "none of them lets a secret through");
	for (size_t i = 0; i < LONG; i++)
		text[i] = "no such command, "[i % 17];
	ok(!redact(text, LONG), "a long text without one stays as it is");
	free(text);
}

/* --- what is left alone --- */

static const char *struck(struct arena *a, const char *text)
{
	return redacted(a, text);
}

static void test_public(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	static const char reply[] =
		"535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.";

	redact_secret("Password123", 11);
	redact_secret("scan@contoso.com!9", 18);
	redact_secret("authentication", 14);
	redact_public("scan@contoso.com");
	redact_public("smtp.office365.com");
	redact_secret("smtp.office365.com", 18);
	is_str(struck(a, reply), reply,
	       "the words of known replies are no secret, even if a password is made of them");
	is_str(struck(a, "535 5.7.8 Username and Password not accepted"),
	       "535 5.7.8 Username and Password not accepted", "... nor is a part of one");
	is_str(struck(a, "Password \"Password123\" not accepted"),
	       "Password \"***********\" not accepted", "... but the password is");
	is_str(struck(a, "550 5.7.60 scan@contoso.com may not"),
	       "550 5.7.60 scan@contoso.com may not", "the user's name is public");
	is_str(struck(a, "scan@contoso.com!9 is wrong"), "****************** is wrong",
	       "... a password that has it in it is not");
	is_str(struck(a, "c2NhbkBjb250b3NvLmNvbQ=="),
	       "c2NhbkBjb250b3NvLmNvbQ==", "... nor is the name a secret in base64");
	is_str(struck(a, "C2NHBKBJB250B3NVLMNVBQ=="),
	       "C2NHBKBJB250B3NVLMNVBQ==", "... nor in that turned into upper case");
	is_str(struck(a, "250 smtp.office365.com Hello"), "250 smtp.office365.com Hello",
	       "a host is public even if it is the password");
	redact_end();
}

static void test_short(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();

	redact_secret("q7X.", 4);
	redact_secret("pass", 4);
	redact_secret("abc", 3);
	redact_public("Tom-pass@example.com");
	is_str(struck(a, "bad: q7X.!"), "bad: ****!", "four bytes are struck out");
	is_str(struck(a, "bad: Q7x."), "bad: ****", "... whatever their case");
	is_str(struck(a, "bad: cTdYLg=="), "bad: ******==", "... in base64");
	is_str(struck(a, "abc abcd"), "abc abcd", "three would be found in any text");
	is_str(struck(a, "550 wrong \"pass\""), "550 wrong \"****\"",
	       "a short password is struck out where it stands alone");
	is_str(struck(a, "535 Password wrong"), "535 Password wrong",
	       "... and not in a server's usual words");
	is_str(struck(a, "550 tom-pass@example.com"), "550 tom-pass@example.com",
	       "... nor in a public name");
	redact_end();
	redact_secret("q7X.b", 5);
	is_str(struck(a, "q7X.q7X.b"), "q7X.*****", "a shorter one is found as a whole only");
	redact_end();
}

static void test_rest(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	char bytes[] = "x\0Geheimnis-4711\0y";

	is_str(struck(a, "Geheimnis-4711"), "Geheimnis-4711",
	       "without a secret there is nothing to strike out");
	secret_free(secret_new("Geheimnis-4711", 14));
	is_str(struck(a, "Geheimnis-4711"), "**************", "a secret that was freed stays one");
	ok(redact(bytes, sizeof(bytes) - 1) &&
		   memcmp(bytes, "x\0**************\0y", sizeof(bytes)) == 0,
	   "NULs in the text are no end");
	secret_free(secret_new_mixed("grant_type=client_credentials", 29));
	is_str(struck(a, "grant_type=client_credentials"), "grant_type=client_credentials",
	       "a form is no secret as a whole");
	redact_secret("gr\xc3\xbc\xc3\x9f-dich-gott", 16);
	is_str(struck(a, "'r\xc3\xbc\xc3\x9f-dich'"), "'**********'",
	       "of a letter of two bytes both go");
	is_str(struck(a, "\xc2\x9f-dich-g!"), "*********!",
	       "... also where the first is not part of what is in common");
	redact_end();
	is_str(struck(a, "Geheimnis-4711"), "Geheimnis-4711", "at the end all is forgotten");
}

static void test_private_key(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	static const char pem[] = "-----BEGIN PRIVATE "
				  "KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\nEFAASCBKcwggSjAgEAAoIBAQ=="
				  "\n-----END PRIVATE KEY-----\n";
	static const char google[] =
		"{\"client_email\":\"robot@project.example.com\",\"private_key\":\"-----BEGIN "
		"PRIVATE KEY-----\\nQUJDREVGR0hJSktM\\n"
		"-----END PRIVATE "
		"KEY-----\\n\",\"token_uri\":\"https://oauth2.googleapis.com/token\"}";

	redact_private_key(pem, sizeof(pem) - 1);
	redact_private_key(google, sizeof(google) - 1);
	is_str(struck(a, "MIIEvQIBADAN"), "************", "a key's lines are secrets");
	is_str(struck(a, "QUJDREVGR0hJSktM"), "****************", "... in JSON, too");
	is_str(struck(a, "-----BEGIN PRIVATE KEY-----"), "-----BEGIN PRIVATE KEY-----",
	       "... what is around them is not");
	is_str(struck(a, "https://oauth2.googleapis.com/token robot@project.example.com"),
	       "https://oauth2.googleapis.com/token robot@project.example.com",
	       "... nor is the rest of the file");
	redact_end();
}

/* More secrets than are kept: the newest count. */
static void test_many(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	char *big = xmalloc(60000);
	unsigned x = 7;

	redact_secret("The-Oldest-One", 14);
	for (int k = 0; k < 20; k++) {
		for (size_t i = 0; i < 60000; i++)
			big[i] = (char)('!' + ((x = x * 1664525 + 1013904223) >> 24) % 90);
		redact_secret(big, 60000);
	}
	redact_secret("The-Newest-One", 14);
	is_str(struck(a, "The-Newest-One"), "**************",
	       "of very many secrets the newest is known");
	is_str(struck(a, arena_strndup(a, big + 59980, 20)), "********************",
	       "... and the one before");
	is_str(struck(a, "The-Oldest-One"), "The-Oldest-One", "... and the oldest was forgotten");
	free(big);
	redact_end();
}

int main(void)
{
	redact_secret(secret, strlen(secret));
	test_forms();
	test_nested();
	test_upper_base64();
	test_pieces();
	test_everywhere();
	redact_end();
	test_public();
	test_short();
	test_rest();
	test_private_key();
	test_many();
	return tap_done();
}
