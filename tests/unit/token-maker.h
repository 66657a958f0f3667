#ifndef TESTS_TOKEN_MAKER_H
#define TESTS_TOKEN_MAKER_H

/*
 * token-maker - made-up tokens and login strings for tests: base64 of what the test says, and a
 * signature of as many letters s.
 */

#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/str.h"

#define RS256 "{\"typ\":\"JWT\",\"alg\":\"RS256\"}"
#define TENANT "11111111-2222-3333-4444-555555555555"
#define APP "aaaaaaaa-0000-4000-8000-000000000001"
#define OBJECT "bbbbbbbb-0000-4000-8000-000000000002"
#define ISS \
	"\"iss\":\"https://sts.windows.net/" TENANT "/\",\"tid\":\"" TENANT \
	"\",\"exp\":2000000000,\"nbf\":1700000000,"
#define OUTLOOK "\"aud\":\"https://outlook.office.com\","
#define USER_CLAIMS \
	"\"scp\":\"IMAP.AccessAsUser.All SMTP.Send\",\"upn\":\"scan@contoso.com\",\"appid\":\"" \
	APP "\",\"oid\":\"" OBJECT "\""
#define APP_CLAIMS \
	"\"roles\":[\"SMTP.SendAsApp\"],\"idtyp\":\"app\",\"appid\":\"" APP "\",\"oid\":\"" \
	OBJECT "\""
#define USER_TOKEN "{" OUTLOOK ISS USER_CLAIMS "}"
#define APP_TOKEN "{" OUTLOOK ISS APP_CLAIMS "}"

static inline char *in_base64(struct arena *a, const char *p, size_t n)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(1 << 18);

	base64_encode(&b, p, n);
	return arena_strdup(a, buf_str(&b));
}

/* As in a URL: no padding. */
static inline char *part_of(struct arena *a, const char *text)
{
	char *s = in_base64(a, text, strlen(text));

	s[strcspn(s, "=")] = '\0';
	for (char *c = s; *c; c++)
		*c = ascii_mapped(*c, "+/", "-_");
	return s;
}

static inline char *signed_token(struct arena *a, const char *header, const char *claims,
				 size_t signature)
{
	char *letters = arena_alloc(a, signature + 1);

	memset(letters, 's', signature);
	return arena_printf(a, "%s.%s.%s", part_of(a, header), part_of(a, claims),
			    part_of(a, letters));
}

static inline char *token_of(struct arena *a, const char *claims)
{
	return signed_token(a, RS256, claims, 256);
}

/* "user=USER^Aauth=Bearer TOKEN^A^A", with ^A as written here for the byte. */
static inline char *string_of(struct arena *a, const char *pattern, const char *token)
{
	char *text = arena_printf(a, pattern, token), *to = text;
	size_t n;

	for (char *from = text; *from; from++) {
		bool separator = from[0] == '^' && from[1] == 'A';

		*to++ = (char)(separator ? '\x01' : *from);
		from += separator;
	}
	n = (size_t)(to - text);
	return in_base64(a, text, n);
}

#endif
