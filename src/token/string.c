/*
 * The string behind AUTH XOAUTH2: base64 of "user=" mailbox 0x01 "auth=Bearer " token 0x01 0x01
 * (Microsoft's and Google's description of XOAUTH2), and the one of OAUTHBEARER (RFC 7628, 3.1).
 */
#include "token/token.h"

#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/scan.h"

enum {
	ROOM = LIMIT_SECRET * 2,
	MOST_AUTH = 12288,	/* octets of a line of base64 within AUTH (RFC 4954, 4) */
	LIMIT_USER = 254,
	LONGEST_PART = 64,
	SHORT_NAME = 20,
};

struct reading {
	struct arena		*arena;
	struct initial_response	*l;
	bool			 oauthbearer;
};

static void fault(struct reading *r, const char *words)
{
	if (!strv_has(&r->l->faults, words))
		strv_add(&r->l->faults, r->arena, words);
}

/* --- the base64 --- */

/* Without what a transcript has before it: "C: AUTH XOAUTH2 ". */
static struct span bare(struct span s)
{
	static const char *const mechanisms[] = { "XOAUTH2", "OAUTHBEARER" };

	s = span_trim(s);
	for (size_t i = 0; i < ARRAY_LEN(mechanisms); i++) {
		struct span head = { s.p, s.len < 64 ? s.len : 64 };
		const char *at = span_find_nocase(head, SPAN_LITERAL("AUTH "));

		at = at ? span_find_nocase((struct span) { at, (size_t)(head.p + head.len - at) },
					   span_of(mechanisms[i])) :
		     NULL;
		if (at) {
			at += strlen(mechanisms[i]);
			return span_trim((struct span) { at, (size_t)(s.p + s.len - at) });
		}
	}
	return s;
}

/* Without blanks and line ends, which are a fault, but hide nothing. */
static void joined(struct reading *r, struct span s, struct buf *b)
{
	for (size_t i = 0; i < s.len; i++) {
		if (ascii_is_space(s.p[i]))
			fault(r, "line breaks or blanks are in the base64; it has to be one line");
		else
			buf_addc(b, s.p[i]);
	}
}

static void lint_base64(struct reading *r, const struct buf *b)
{
	if (memchr(b->data, '-', b->len) || memchr(b->data, '_', b->len))
		fault(r, "it is base64 for URLs (with - and _); SASL takes the standard alphabet "
		      "with + and /");
	if (b->len % 4 != 0)
		fault(r, "its base64 lacks the padding (=) at the end");
	if (b->len > MOST_AUTH)
		fault(r, arena_printf(r->arena, "it has %zu octets, and a server need not take "
				      "more than %d (RFC 4954, 4): the token is too large",
				      b->len, MOST_AUTH));
}

/* --- what is inside --- */

static bool is_address_byte(char c)
{
	return ascii_is_print(c) && c != ' ' && c != '"' && c != '<' && c != '>';
}

/*
 * May it be shown? Where the separator is missing, or the two are swapped, the token stands
 * in the user's place.
 */
static bool is_no_token(struct span user)
{
	static const char *const signs[] = { "auth=", "Bearer", "eyJ", "ya29.", "0.A", "1.A",
					     "1//", "M.C" };
	bool address = span_has_any(user, "@|%40");
	size_t run = 0;

	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (span_find_nocase(user, span_of(signs[i])))
			return false;
	/* No part of a name is longer (RFC 5321, 4.5.3.1.1; RFC 1035, 2.3.4). */
	for (size_t i = 0; i < user.len; i++) {
		run = user.p[i] == '.' || user.p[i] == '@' ? 0 : run + 1;
		if (run > LONGEST_PART)
			return false;
	}
	return user.len <= LIMIT_USER && (address || user.len <= SHORT_NAME);
}

static void lint_user(struct reading *r, struct span user)
{
	const char *at = user.len ? memchr(user.p, '@', user.len) : NULL;
	size_t half = user.len / 2;

	if (is_no_token(user))
		r->l->user = span_dup(r->arena, user);
	else
		fault(r, "what stands as the user looks like a token or is far too long: a 0x01 is "
		      "missing, or user and token are swapped");
	if (!user.len)
		fault(r, "the user is empty");
	if (span_find_nocase(user, SPAN_LITERAL("%40")))
		fault(r, "the user is written as in a URL (%40 in place of @)");
	else if (user.len && !at)
		fault(r, "the user is no mail address: it has no @");
	if (span_find_nocase(user, SPAN_LITERAL("user=")) ||
	    (half && user.len % 2 == 0 && at < user.p + half &&
	     memcmp(user.p, user.p + half, half) == 0))
		fault(r, "the user stands there twice");
	for (size_t i = 0; i < user.len; i++)
		if (!is_address_byte(user.p[i]) && (unsigned char)user.p[i] < 0x80)
			fault(r, "the user holds blanks, quotes, brackets or control characters");
}

/* "auth=Bearer TOKEN" */
static void lint_auth(struct reading *r, struct span field)
{
	struct scan s = scan_span(field);

	if (!scan_accept_str(&s, "auth=")) {
		fault(r, "the second part does not begin with \"auth=Bearer \"");
		return;
	}
	if (field.len < 5 || memcmp(field.p, "auth=", 5) != 0)
		fault(r, "\"auth=\" is not in lower case");
	if (!scan_accept_str(&s, "Bearer")) {
		fault(r, "the word Bearer is missing behind \"auth=\"");
	} else {
		if (memcmp(s.p - 6, "Bearer", 6) != 0)
			fault(r, "the word is not written Bearer, with one capital letter");
		if (scan_blanks(&s) != 1)
			fault(r, "between Bearer and the token there has to be exactly one blank");
	}
	token_read(r->arena, s.p, scan_left(&s), &r->l->token);
}

/* The fields between the separators; how many there are, the empty ones too, at most max. */
static size_t fields(struct span s, struct span *field, size_t max)
{
	struct scan c = scan_span(s);
	size_t n = 0;

	do
		field[n++] = scan_until(&c, "\x01");
	while (n < max && scan_accept(&c, '\x01'));
	return n;
}

static void count_separators(struct reading *r, struct span s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.p[i] == '\x01';
	if (s.len && (s.p[s.len - 1] == '\n' || s.p[s.len - 1] == '\r'))
		fault(r, "a line end stands behind the last 0x01");
	if (n == 0 && span_has_any(s, "^A|\\x01|\\001"))
		fault(r, "the separator is written out (^A, \\x01) in place of the one byte 0x01");
	else if (n != 3 && !r->oauthbearer)
		fault(r, arena_printf(r->arena, "it has %zu byte%s 0x01; there are three: one "
				      "behind the user, two at the end", n, n == 1 ? "" : "s"));
	else if (n == 3 && !r->oauthbearer &&
		 !(s.p[s.len - 1] == '\x01' && s.p[s.len - 2] == '\x01'))
		fault(r, "it does not end in two bytes 0x01");
}

/* "n,a=user,^Ahost=mail.example^Aport=587^Aauth=Bearer TOKEN^A^A" */
static void read_oauthbearer(struct reading *r, struct span s)
{
	struct span field[8];
	size_t n = fields(s, field, ARRAY_LEN(field));
	const char *user = span_find_nocase(field[0], SPAN_LITERAL(",a="));

	fault(r, "it is the form of OAUTHBEARER (n,a=...), which Microsoft's servers do not offer; "
	      "XOAUTH2's begins with \"user=\"");
	if (user) {
		struct scan c = scan_over(user + 3, (size_t)(field[0].p + field[0].len - user - 3));

		lint_user(r, scan_until(&c, ","));
	}
	for (size_t i = 1; i < n; i++)
		if (span_has_prefix_nocase(field[i], "auth="))
			lint_auth(r, field[i]);
}

static void read_inside(struct reading *r, struct span s)
{
	struct span field[5];
	size_t n;

	r->oauthbearer = s.len > 2 && memchr("nyp", s.p[0], 3) && s.p[1] == ',';
	count_separators(r, s);
	if (r->oauthbearer) {
		read_oauthbearer(r, s);
		return;
	}
	n = fields(s, field, ARRAY_LEN(field));
	if (!span_has_prefix_nocase(field[0], "user="))
		fault(r, "it does not begin with \"user=\"");
	else if (memcmp(field[0].p, "user=", 5) != 0)
		fault(r, "\"user=\" is not in lower case");
	if (span_has_prefix_nocase(field[0], "user=") && n > 1)
		lint_user(r, (struct span) { field[0].p + 5, field[0].len - 5 });
	for (size_t i = 0; i < n; i++)
		if (i == 1 || span_has_prefix_nocase(field[i], "auth=")) {
			lint_auth(r, field[i]);
			return;
		}
}

/* Decoded it is base64 again: somebody's library encodes by itself. */
static bool twice(const struct buf *once, struct buf *again)
{
	return once->len && base64_decode(again, once->data, once->len) && again->len > 5 &&
	       (memcmp(again->data, "user=", 5) == 0 || memcmp(again->data, "n,a=", 4) == 0);
}

static void no_string(struct reading *r, struct span s, const char *words)
{
	fault(r, words);
	token_read(r->arena, s.p, s.len, &r->l->token);
}

static void read_string(struct reading *r, struct span s)
{
	_cleanup_(buf_wipe_release) struct buf text = BUF_INIT(ROOM), inside = BUF_INIT(ROOM),
		again = BUF_INIT(ROOM);
	struct span found;

	joined(r, s, &text);
	if (!text.len) {
		fault(r, "there is nothing in it");
		return;
	}
	if (memchr(text.data, '.', text.len) && text.len > 3 && memcmp(text.data, "eyJ", 3) == 0) {
		no_string(r, s, "it is a token alone, not the string that goes behind AUTH "
			  "XOAUTH2, which is base64 of \"user=...\" and the token");
		return;
	}
	if (span_has_prefix_nocase(s, "user=")) {
		fault(r, "it was not encoded: behind AUTH XOAUTH2 goes base64");
		read_inside(r, s);
		return;
	}
	if (!base64_decode(&inside, text.data, text.len)) {
		fault(r, "it is no base64: letters are missing, changed or too many");
		return;
	}
	lint_base64(r, &text);
	if (twice(&inside, &again))
		fault(r, "it was encoded in base64 twice");
	found = again.len ? (struct span) { again.data, again.len } :
		(struct span) { inside.data, inside.len };
	if (memchr(found.p, '\0', found.len)) {
		fault(r, "it holds NUL bytes: it was encoded from UTF-16 (Encoding.Unicode); take "
		      "ASCII or UTF-8");
		return;
	}
	read_inside(r, found);
}

void login_string_read(struct arena *a, const char *p, size_t n, struct initial_response *ret)
{
	struct initial_response l = {
		.user = "",
		.token = { .form = "", .signature = "", .damage = "no token was found in it" }
	};
	struct reading r = { .arena = a, .l = &l };

	read_string(&r, bare((struct span) { p, n < ROOM ? n : ROOM }));
	*ret = l;
}
