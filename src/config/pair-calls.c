/*
 * pair-calls - arguments that have no names: of functions that libraries for mail have, in
 * whatever language. Go: net/smtp, gomail; Python: smtplib; .NET: System.Net.Mail, MailKit; Java:
 * Commons Email, Simple Java Mail; Rust: lettre. Their documentation is the source.
 */
#include <string.h>

#include "base/arena.h"
#include "config/pairs.h"

enum { ARGUMENTS_MOST = 5, TOKENS_MOST = 12 };

/* h host, p port, u user, w password, f from, a "host:port"; - something else. */
static const struct { const char *name, *arguments; enum pair_setting tls; } calls[] = {
	{ "plainauth", "-uwh", PAIR_NONE },
	{ "newdialer", "hpuw", PAIR_NONE }, { "newplaindialer", "hpuw", PAIR_NONE },
	{ "smtp", "hp", PAIR_NONE }, { "smtp_ssl", "hp", PAIR_SSL },
	{ "smtpclient", "hp", PAIR_NONE }, { "smtpserver", "hp", PAIR_NONE },
	{ "connect", "hp", PAIR_NONE }, { "connectasync", "hp", PAIR_NONE },
	{ "withsmtpserver", "hpuw", PAIR_NONE },
	{ "login", "uw", PAIR_NONE }, { "authenticate", "uw", PAIR_NONE },
	{ "authenticateasync", "uw", PAIR_NONE }, { "networkcredential", "uw", PAIR_NONE },
	{ "passwordauthentication", "uw", PAIR_NONE }, { "setauthentication", "uw", PAIR_NONE },
	{ "defaultauthenticator", "uw", PAIR_NONE }, { "credentials", "uw", PAIR_NONE },
	{ "relay", "h", PAIR_SSL }, { "starttls_relay", "h", PAIR_STARTTLS },
	{ "builder_dangerous", "h", PAIR_NONE },
	{ "sendmail", "af", PAIR_NONE }, { "setfrom", "f", PAIR_NONE }, { "from", "f", PAIR_NONE },
	{ "dial", "a", PAIR_NONE },
};

static enum pair_setting setting_of(char c)
{
	const char *letters = "hpuwfa", *at = strchr(letters, c);
	static const enum pair_setting of[] = { PAIR_HOST, PAIR_PORT, PAIR_USER, PAIR_PASSWORD,
						PAIR_FROM, PAIR_HOST };

	return c && at ? of[at - letters] : PAIR_NONE;
}

/* Behind the last sign that joins a member to what has it. */
static struct span member(struct span name)
{
	for (size_t i = name.len; i-- > 0;)
		if (name.p[i] == '.')
			return (struct span) { name.p + i + 1, name.len - i - 1 };
	return name;
}

static bool is_sign(const struct pairs *x, size_t i, char sign)
{
	return i < x->t.n && x->t.v[i].kind == PAIR_SIGN && *x->t.v[i].text.p == sign;
}

static void argument(struct pairs *x, size_t call, size_t from, size_t end, char letter)
{
	struct pair_found f = { .setting = setting_of(letter), .at = call };
	/* The library says which argument is the user. */
	bool is_sure = letter == 'u' && from < x->t.n && x->t.v[from].kind == PAIR_TEXT &&
		       span_has_any(x->t.v[call].text, "plainauth|credential|dialer");

	/* An address may stand where a function of the same name has the host. */
	if (!f.setting || end == from || end - from > 3 || is_sign(x, from, ',') ||
	    !pair_value(x, from, x->t.v[from].line, &f))
		return;
	if (memchr(f.value.p, '@', f.value.len) && letter == 'a')
		f.setting = PAIR_FROM;
	f.of_mail = true;
	if (pair_fits(x, &f, is_sure))
		pair_add(x, &f);
}

static void arguments(struct pairs *x, size_t call, const char *letters)
{
	size_t i = call + 2, from = i, n = 0;
	unsigned depth = 0;

	for (; i < x->t.n && i < call + 2 + ARGUMENTS_MOST * TOKENS_MOST; i++) {
		bool ends = !depth && (is_sign(x, i, ',') || is_sign(x, i, ')'));

		if (ends) {
			argument(x, call, from, i, letters[n]);
			from = i + 1;
			if (!letters[++n] || is_sign(x, i, ')'))
				return;
		}
		depth += is_sign(x, i, '(') || is_sign(x, i, '[') || is_sign(x, i, '{');
		if (depth && (is_sign(x, i, ')') || is_sign(x, i, ']') || is_sign(x, i, '}')))
			depth--;
	}
}

void pair_calls(struct pairs *x)
{
	for (size_t i = 0; i + 1 < x->t.n; i++) {
		if (x->t.v[i].kind != PAIR_WORD || !is_sign(x, i + 1, '('))
			continue;
		for (size_t k = 0; k < ARRAY_LEN(calls); k++) {
			struct pair_found tls = { .setting = calls[k].tls, .at = i,
						  .line = x->t.v[i].line, .of_mail = true,
						  .value = span_of("true") };

			if (!span_eq_nocase(member(x->t.v[i].text), calls[k].name))
				continue;
			arguments(x, i, calls[k].arguments);
			if (tls.setting)
				pair_add(x, &tls);
		}
	}
}
