/*
 * t-token-string - captured login strings: what is wrong with the string, and with the token in it.
 */
#include "tests/unit/tap.h"

#include "base/str.h"
#include "token/token.h"
#include "tests/unit/token-maker.h"

#define GOOD "user=scan@contoso.com^Aauth=Bearer %s^A^A"

struct captured {
	const char *what, *pattern;	/* before base64; %s is a good token */
	const char *fault;		/* a piece of the one there is; "" = none */
	const char *user, *kind;
};

static const struct captured cases[] = {
	{ "all in order", GOOD, "", "scan@contoso.com", "access" },
	{ "two at the end are one", "user=scan@contoso.com^Aauth=Bearer %s^A", "2 bytes 0x01",
	  "scan@contoso.com", "access" },
	{ "none at the end", "user=scan@contoso.com^Aauth=Bearer %s", "1 byte 0x01",
	  "scan@contoso.com", "access" },
	{ "one too many", "user=scan@contoso.com^Aauth=Bearer %s^A^A^A", "4 bytes 0x01",
	  "scan@contoso.com", "access" },
	{ "two behind the user", "user=scan@contoso.com^A^Aauth=Bearer %s^A", "does not end in two",
	  "scan@contoso.com", "unknown" },
	{ "a line end at the end", GOOD "\n", "line end", "scan@contoso.com", "access" },
	{ "a line end behind the token", "user=scan@contoso.com^Aauth=Bearer %s\n^A^A", "",
	  "scan@contoso.com", "access" },
	{ "the separator written out", "user=scan@contoso.com\\x01auth=Bearer %s\\x01\\x01",
	  "written out", "", "unknown" },
	{ "no user=", "scan@contoso.com^Aauth=Bearer %s^A^A", "begin with \"user=\"",
	  "", "access" },
	{ "User=", "User=scan@contoso.com^Aauth=Bearer %s^A^A", "\"user=\" is not in lower case",
	  "scan@contoso.com", "access" },
	{ "an empty user", "user=^Aauth=Bearer %s^A^A", "user is empty", "", "access" },
	{ "a user as in a URL", "user=scan%%40contoso.com^Aauth=Bearer %s^A^A", "%40",
	  "scan%40contoso.com", "access" },
	{ "a user without @", "user=scan^Aauth=Bearer %s^A^A", "no @", "scan", "access" },
	{ "a user twice", "user=scan@contoso.comscan@contoso.com^Aauth=Bearer %s^A^A", "twice",
	  "scan@contoso.comscan@contoso.com", "access" },
	{ "user= twice", "user=user=scan@contoso.com^Aauth=Bearer %s^A^A", "twice",
	  "user=scan@contoso.com", "access" },
	{ "brackets", "user=<scan@contoso.com>^Aauth=Bearer %s^A^A", "brackets",
	  "<scan@contoso.com>", "access" },
	{ "letters of Unicode are no fault", "user=sc\xc3\xa4n@contoso.com^Aauth=Bearer %s^A^A", "",
	  "sc\xc3\xa4n@contoso.com", "access" },
	{ "no auth=", "user=scan@contoso.com^ABearer %s^A^A", "\"auth=Bearer \"",
	  "scan@contoso.com", "unknown" },
	{ "Auth=", "user=scan@contoso.com^AAuth=Bearer %s^A^A", "\"auth=\" is not",
	  "scan@contoso.com", "access" },
	{ "no Bearer", "user=scan@contoso.com^Aauth=%s^A^A", "Bearer is missing",
	  "scan@contoso.com", "access" },
	{ "bearer", "user=scan@contoso.com^Aauth=bearer %s^A^A", "capital",
	  "scan@contoso.com", "access" },
	{ "two blanks", "user=scan@contoso.com^Aauth=Bearer  %s^A^A", "one blank",
	  "scan@contoso.com", "access" },
	{ "no blank", "user=scan@contoso.com^Aauth=Bearer%s^A^A", "one blank",
	  "scan@contoso.com", "access" },
	{ "the token in quotes", "user=scan@contoso.com^Aauth=Bearer \"%s\"^A^A", "",
	  "scan@contoso.com", "access" },
	{ "a variable", "user=scan@contoso.com^Aauth=Bearer result.AccessToken^A^A", "",
	  "scan@contoso.com", "unknown" },
	{ "OAUTHBEARER",
	  "n,a=scan@contoso.com,^Ahost=smtp.office365.com^Aport=587^Aauth=Bearer %s^A^A",
	  "OAUTHBEARER", "scan@contoso.com", "access" },
	{ "no separator behind the user", "user=scan@contoso.comauth=Bearer %s^A^A",
	  "looks like a token", "", "unknown" },
	{ "user and token swapped", "user=%s^Aauth=Bearer scan@contoso.com^A^A",
	  "looks like a token", "", "opaque" },
	{ "an opaque token as the user",
	  "user=EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA^Aauth=Bearer x^A^A", "looks like a token",
	  "", "opaque" },
	{ "a token glued to the user",
	  "user=scan@contoso.comEwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAABCDEFGHIJKLMNOPQRSTUVWXYZ"
	  "^Aauth=Bearer x^A^A", "looks like a token", "", "opaque" },
	{ "nothing but words", "hello world", "begin with \"user=\"", "", "unknown" },
};

static const char *fault_of(struct arena *a, const struct initial_response *l)
{
	return strv_join(&l->faults, a, "; ");
}

static void is_string(struct arena *a, const struct initial_response *l, const char *fault,
		      const char *what)
{
	if (*fault)
		ok(strstr(fault_of(a, l), fault) != NULL,
		   arena_printf(a, "%s: %s", what, fault_of(a, l)));
	else
		is_str(fault_of(a, l), "", what);
}

static void patterns(struct arena *a)
{
	const char *token = token_of(a, USER_TOKEN);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *text = string_of(a, cases[i].pattern, token);
		struct initial_response l;

		login_string_read(a, text, strlen(text), &l);
		is_string(a, &l, cases[i].fault, cases[i].what);
		is_str(l.user, cases[i].user, "... its user");
		is_str(token_kind_name(l.token.kind), cases[i].kind, "... its token");
	}
}

static char *utf16(struct arena *a, const char *s)
{
	size_t n = strlen(s);
	char *wide = arena_alloc(a, 2 * n);

	for (size_t i = 0; i < n; i++)
		wide[2 * i] = s[i];
	return in_base64(a, wide, 2 * n);
}

static void wrappings(struct arena *a)
{
	const char *token = token_of(a, USER_TOKEN), *good = string_of(a, GOOD, token);
	char *url = arena_strdup(a, string_of(a, "user=s?>n@contoso.com^Aauth=Bearer %s~~~???^A^A",
					      token));
	const struct { const char *what, *text, *fault, *kind; } table[] = {
		{ "as a transcript has it", arena_printf(a, "C: AUTH XOAUTH2 %s\r\n", good),
		  "", "access" },
		{ "in lower case", arena_printf(a, "auth xoauth2 %s", good), "", "access" },
		{ "cut into lines", arena_printf(a, "%.76s\r\n%s", good, good + 76),
		  "line breaks", "access" },
		{ "without padding", arena_strndup(a, good, strcspn(good, "=")),
		  strchr(good, '=') ? "padding" : "", "access" },
		{ "twice", in_base64(a, good, strlen(good)), "base64 twice", "access" },
		{ "not at all",
		  arena_printf(a, "user=scan@contoso.com\x01" "auth=Bearer %s\x01\x01", token),
		  "not encoded", "access" },
		{ "a token alone", token, "a token alone", "access" },
		{ "no base64", "*** not base64 ***", "no base64", "unknown" },
		{ "nothing", "", "nothing in it", "unknown" },
		{ "nothing behind the command", "AUTH XOAUTH2 ", "nothing in it", "unknown" },
		{ "UTF-16", utf16(a, "user=scan@contoso.com"), "UTF-16", "unknown" },
		{ "Microsoft's own example", "dXNlcj10ZXN0QGNvbnRvc28ub25taWNyb3NvZnQuY29tAWF1dGg9"
		  "QmVhcmVyIEV3QkFBbDNCQUFVRkZwVUFvN0ozVmUwYmpMQldaV0NjbFJDM0VvQUEBAQ==",
		  "", "opaque" },
	};
	struct initial_response l;

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		login_string_read(a, table[i].text, strlen(table[i].text), &l);
		is_string(a, &l, table[i].fault, table[i].what);
		is_str(token_kind_name(l.token.kind), table[i].kind, "... its token");
	}
	for (char *c = url; *c; c++)
		*c = ascii_mapped(*c, "+/", "-_");
	login_string_read(a, url, strlen(url), &l);
	is_string(a, &l, strpbrk(url, "-_") ? "for URLs" : "impossible", "the alphabet of URLs");
}

static void too_large(struct arena *a)
{
	char *huge = arena_alloc(a, 12000);
	const char *text;
	struct initial_response l;

	memset(huge, 'x', 11999);
	text = string_of(a, GOOD, huge);
	login_string_read(a, text, strlen(text), &l);
	is_string(a, &l, "the token is too large", "more than a line of AUTH may hold");
}

int main(void)
{
	struct arena *a = arena_new();

	patterns(a);
	wrappings(a);
	too_large(a);
	arena_free(a);
	return tap_done();
}
