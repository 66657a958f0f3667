/*
 * The form of a token: what it is, by its letters and its parts (RFC 7515, RFC 7516, RFC 6750).
 */
#include "token/token.h"

#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/scan.h"

enum { LIMIT_PARTS = 6 };

const char *token_kind_name(enum token_kind k)
{
	static const char *const names[] = {
		[TOKEN_UNKNOWN] = "unknown", [TOKEN_ACCESS] = "access", [TOKEN_ID] = "id",
		[TOKEN_REFRESH] = "refresh",
		[TOKEN_OPAQUE] = "opaque", [TOKEN_GOOGLE] = "google",
	};

	return names[k];
}

const char *token_claim(const struct token *t, const char *name)
{
	for (size_t i = 0; i < t->n_claims; i++)
		if (str_eq(t->claims[i].name, name))
			return t->claims[i].text;
	return "";
}

const char *token_app(const struct token *t)
{
	return *token_claim(t, "appid") ? token_claim(t, "appid") : token_claim(t, "azp");
}

const char *token_user(const struct token *t)
{
	static const char *const names[] = { "upn", "unique_name", "preferred_username", "email" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (*token_claim(t, names[i]))
			return token_claim(t, names[i]);
	return "";
}

/* --- what stands around it --- */

static bool is_quote(char c)
{
	return c == '"' || c == '\'' || c == '`';
}

/* "result.AccessToken", "$TOKEN", "{{access_token}}", "<token>": short, and it says so itself. */
static bool is_variable(struct span s)
{
	bool mark = s.len && strchr("$<{%[", s.p[0]);

	for (size_t i = 0; i < s.len; i++)
		if (ascii_is_digit(s.p[i]) && !mark)
			return false;
	return s.len < 64 && span_find_nocase(s, SPAN_LITERAL("token")) &&
	       (mark || !memchr(s.p, '-', s.len));
}

/* Takes off what people leave around a token; the first fault found is told. */
static struct span unwrapped(struct span s, const char **damage)
{
	struct span bare = span_trim(s);

	if (bare.len != s.len)
		*damage = "blanks or a line end stand before or behind the token";
	if (bare.len >= 2 && is_quote(bare.p[0])) {
		*damage = "the token stands in quotes";
		bare.p++;
		bare.len -= 1 + (bare.p[bare.len - 2] == bare.p[-1]);
	}
	if (span_has_prefix_nocase(bare, "Bearer ")) {
		*damage = "the word \"Bearer\" stands before the token; give the token alone";
		bare = span_trim((struct span) { bare.p + 7, bare.len - 7 });
	}
	return bare;
}

/* What no token can be; NULL = it may be one. */
static const char *no_token(struct span s)
{
	if (!s.len)
		return "there is nothing in it";
	if (s.p[0] == '{' && !is_variable(s))
		return "this is JSON, most likely the token service's whole answer; the token is "
		       "the value of access_token alone";
	if (is_variable(s))
		return "this is the name of a variable, not its value";
	for (size_t i = 0; i < s.len; i++) {
		if (ascii_is_space(s.p[i]))
			return "blanks or line ends are inside the token";
		if (!s.p[i])
			return "every other byte is NUL: it was written as UTF-16, which no server "
			       "takes; write it as ASCII or UTF-8";
		if (!ascii_is_print(s.p[i]) || is_quote(s.p[i]) || s.p[i] == '\\')
			return "bytes are in it that no token has";
	}
	return NULL;
}

/* --- a JWT: three parts in base64url --- */

/* The part decoded. False when it is no base64. */
static bool decoded(struct span part, struct buf *b)
{
	return part.len && base64_decode(b, part.p, part.len);
}

/*
 * The header's algorithm, one the name of which we know; "" = another. NULL when the
 * header is no JSON.
 */
static const char *algorithm(struct span part)
{
	static const char *const names[] = { "none", "RS256", "RS384", "RS512", "PS256", "PS384",
					     "PS512", "ES256", "ES384", "EdDSA", "HS256" };
	_cleanup_(buf_wipe_release) struct buf b = BUF_INIT(LIMIT_SECRET);
	_cleanup_(json_decrefp) json_t *j = NULL;
	const char *alg;

	/*
	 * A header is an object of strings: brackets of lists have no business there, and deep ones
	 * are trouble for the parser.
	 */
	if (!decoded(part, &b) || memchr(b.data, '[', b.len))
		return NULL;
	for (size_t i = 1; i < b.len; i++)
		if (b.data[i] == '{')
			return NULL;
	j = json_loadb(b.data, b.len, JSON_REJECT_DUPLICATES, NULL);
	alg = json_string_value(json_object_get(j, "alg"));
	if (!json_is_object(j))
		return NULL;
	for (size_t i = 0; alg && i < ARRAY_LEN(names); i++)
		if (str_eq_nocase(alg, names[i]))
			return names[i];
	return "";
}

/*
 * A signature made with RSA is as long as the key, 2048 bits at least: a shorter one was cut off.
 */
static const char *signature_trouble(struct arena *a, const char *alg, struct span part)
{
	_cleanup_(buf_wipe_release) struct buf b = BUF_INIT(LIMIT_SECRET);
	bool rsa = alg[0] && alg[1] == 'S' && (alg[0] == 'R' || alg[0] == 'P');

	if (str_eq(alg, "none"))
		return "the token is not signed (alg is none): no server takes it";
	if (!part.len)
		return "the token's third part, the signature, is missing: no server takes it";
	if (!base64_decode(&b, part.p, part.len))
		return "the token's third part, the signature, is no base64: letters are missing "
		       "or changed";
	if (rsa && b.len < 256)
		return arena_printf(a, "the token's signature has %zu bytes, and one by %s has 256 "
				    "or more: the end is missing", b.len, alg);
	return "";
}

static void read_jwt(struct arena *a, const struct span *part, struct token *t)
{
	_cleanup_(buf_wipe_release) struct buf b = BUF_INIT(LIMIT_SECRET);
	const char *alg = algorithm(part[0]), *trouble;

	t->form = "a JWT";
	if (!alg) {
		t->damage = "the token's first part, the header, is no JSON in base64: letters are "
			    "missing or changed";
		return;
	}
	if (!decoded(part[1], &b)) {
		t->damage = "the token's second part, the claims, is no base64: letters are "
			    "missing or changed";
		return;
	}
	trouble = token_claims_read(a, b.data, b.len, t);
	if (trouble)
		t->damage = trouble;
	else
		t->signature = signature_trouble(a, alg, part[2]);
}

/* --- the whole --- */

static size_t split(struct span s, struct span *part)
{
	struct scan c = scan_span(s);
	size_t n = 0;

	do
		part[n++] = scan_until(&c, ".");
	while (n < LIMIT_PARTS && scan_accept(&c, '.'));
	return n;
}

/* Tokens that tell nothing but by their first letters, which their makers promise to nobody. */
static bool known_by_prefix(struct span s, struct token *t)
{
	static const struct { const char *prefix; enum token_kind kind; bool guessed;
			      const char *form; } table[] = {
		{ "ya29.", TOKEN_GOOGLE, false, "an access token of Google" },
		{ "1//", TOKEN_REFRESH, false, "a refresh token of Google" },
		{ "0.A", TOKEN_REFRESH, false, "a refresh token of Microsoft Entra ID" },
		{ "1.A", TOKEN_REFRESH, false, "a refresh token of Microsoft Entra ID" },
		{ "M.C", TOKEN_REFRESH, true,
		  "a refresh token or a code of a personal Microsoft account" },
		{ "Ew", TOKEN_OPAQUE, true,
		  "an access token of a personal Microsoft account, without claims to read" },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (s.len < strlen(table[i].prefix) ||
		    memcmp(s.p, table[i].prefix, strlen(table[i].prefix)) != 0)
			continue;
		t->kind = table[i].kind;
		t->guessed = table[i].guessed;
		t->form = table[i].form;
		return true;
	}
	return false;
}

static void read_form(struct arena *a, struct span s, struct token *t)
{
	struct span part[LIMIT_PARTS];
	size_t n = split(s, part);
	bool jose = s.len > 3 && memcmp(s.p, "eyJ", 3) == 0;	/* '{"' */

	if (known_by_prefix(s, t))
		return;
	if (n == 5 && jose) {
		t->kind = TOKEN_OPAQUE;
		t->form = "an encrypted token (JWE), which only its service can read";
	} else if (n == 3 && jose) {
		read_jwt(a, part, t);
	} else if (jose) {
		t->form = "a JWT";
		t->damage =
			n < 3
			? arena_printf(a, "the token has %zu part%s with dots between, and a whole "
				       "one has 3: the end is missing", n, n == 1 ? "" : "s")
			: arena_printf(a, "the token has %zu%s parts with dots between, and a "
				       "whole one has 3", n, n == LIMIT_PARTS ? " or more" : "");
	} else {
		t->kind = TOKEN_OPAQUE;
		t->guessed = true;
		t->form = "no JWT: a token without claims to read, or something else";
	}
}

void token_read(struct arena *a, const char *p, size_t n, struct token *ret)
{
	struct token t = { .form = "", .damage = "", .signature = "", .len = n };
	const char *around = "", *trouble;
	struct span s = unwrapped((struct span) { p, n }, &around);

	t.damage = around;
	trouble = n > LIMIT_SECRET ? "the token is longer than 65536 bytes" : no_token(s);
	if (trouble)
		t.damage = trouble;
	else
		read_form(a, s, &t);
	*ret = t;
}
