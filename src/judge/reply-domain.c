/*
 * The sender's domain that a refusal names: "sending domain CONTOSO.COM does not meet ..."
 */
#include "judge/weigh.h"

#include "base/arena.h"
#include "base/str.h"

enum { NAME_MOST = 253 };

/* What stands before it in the words of receivers about SPF, DKIM and DMARC. */
static const char *const leads[] = {
	"sending domain ", "mail from domain ", "unauthenticated email from ", "domain of ",
	"from domain ", "sender domain ", "smtp.mailfrom=", "header.from=",
	"spf [",	/* Google: "SPF [contoso.com] with ip: [203.0.113.7] = did not pass" */
};

static bool is_of_name(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '.';
}

/*
 * A name that is safe in a command: letters, digits and hyphens in two labels or more, the last one
 * no number (RFC 1123, 2.1). NULL = it is none.
 */
static const char *name_of(struct arena *a, const char *p, size_t n)
{
	const char *last = p;
	char *name;

	while (n && p[n - 1] == '.')
		n--;
	if (!n || n > NAME_MOST || p[0] == '.' || p[0] == '-')
		return NULL;
	for (size_t i = 1; i < n; i++) {
		if (p[i] == '.' && p[i - 1] == '.')
			return NULL;
		if (p[i] == '.')
			last = p + i + 1;
	}
	if (last == p || ascii_is_digit(*last))
		return NULL;
	name = arena_strndup(a, p, n);
	for (char *c = name; *c; c++)
		*c = ascii_lower(*c);
	return name;
}

/* The domain behind the lead: alone, or of an address; in brackets or quotes, or not. */
static const char *behind(struct arena *a, const char *p)
{
	size_t n = 0, at = 0;

	while (*p && strchr(" [<'\"", *p))
		p++;
	while (p[n] && !strchr(" ]>'\",;()", p[n]) && n <= 2 * NAME_MOST) {
		if (p[n] == '@')
			at = n + 1;
		n++;
	}
	for (size_t i = at; i < n; i++)
		if (!is_of_name(p[i]))
			return NULL;
	return name_of(a, p + at, n - at);
}

const char *reply_domain(struct arena *a, const struct reply *r)
{
	const char *text = r ? reply_flat(r, a) : "", *found = "";

	for (size_t i = 0; i < ARRAY_LEN(leads); i++) {
		const char *at = text;

		while ((at = str_find_nocase(at, leads[i]))) {
			const char *name;

			at += strlen(leads[i]);
			name = behind(a, at);
			if (name && *found && !str_eq(name, found))
				return "";
			if (name)
				found = name;
		}
	}
	return found;
}
