#include "judge/vendor.h"

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/scan.h"
#include "base/str.h"

bool vendor_is_microsoft(const char *provider)
{
	return provider && (str_eq(provider, "m365") || str_has_prefix(provider, "m365-") ||
			    str_in(provider, "outlook.com|exchange"));
}

/* What stands before "-" in the name of a cmdlet ("Set-Mailbox"). */
static bool has_cmdlet(const char *text)
{
	static const char *const verbs[] = {
		"Get-", "Set-", "New-", "Add-", "Remove-", "Test-", "Start-", "Update-",
		"Release-", "Connect-", "Enable-",
	};

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		for (const char *p = text; (p = strstr(p, verbs[i])) != NULL; p++) {
			const char *noun = p + strlen(verbs[i]);

			if ((p == text || !ascii_is_alnum(p[-1])) && *noun >= 'A' && *noun <= 'Z')
				return true;
		}
	}
	return false;
}

bool vendor_speaks_microsoft(const char *text)
{
	static const char *const places[] = {
		"Exchange admin center", "Exchange Online PowerShell", "Microsoft 365 admin center",
		"Microsoft Defender", "Microsoft Graph PowerShell", "Microsoft 365 support",
		"Entra ", "Outlook on the web", "Microsoft 365 High Volume Email",
	};

	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		if (strstr(text, places[i]))
			return true;
	}
	return has_cmdlet(text);
}

/* Where the sentence ends: behind its full stop or semicolon, and the blanks after it. */
static const char *sentence_end(const char *p)
{
	while (*p && !((*p == '.' || *p == ';') && (p[1] == ' ' || !p[1])))
		p++;
	while (*p == '.' || *p == ';' || *p == ' ')
		p++;
	return p;
}

/* The sentences of the text that do not speak of Microsoft's tools. */
static const char *others(struct arena *a, const char *text)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_FACT);
	const char *end;
	size_t n;

	if (!vendor_speaks_microsoft(text))
		return text;
	for (const char *p = text; *p; p = end) {
		char *one;

		end = sentence_end(p);
		one = arena_strndup(a, p, (size_t)(end - p));
		if (!vendor_speaks_microsoft(one))
			buf_adds(&b, one);
	}
	for (n = strlen(buf_str(&b)); n && strchr("; ", buf_str(&b)[n - 1]); n--)
		;
	return arena_strndup(a, buf_str(&b), n);
}

static bool is_for_others(const struct fix_step *s, const char *provider)
{
	if (s->role && !role_is_at(s->role, provider))
		return true;
	return vendor_speaks_microsoft(s->where) || vendor_speaks_microsoft(s->command);
}

void vendor_leave_out_microsoft(struct arena *a, struct diagnosed *d, const char *provider)
{
	struct fix kept = { .steps = d->fix.steps };

	for (size_t i = 0; i < d->fix.n; i++) {
		struct fix_step s = d->fix.steps[i];

		if (is_for_others(&s, provider))
			continue;
		s.act = others(a, s.act);
		if (*s.act)
			kept.steps[kept.n++] = s;
	}
	d->fix.n = kept.n;
	d->verify = others(a, d->verify);
	d->decide = others(a, d->decide);
}
