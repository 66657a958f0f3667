/*
 * reference - values that say where the value is kept.
 */
#include <string.h>

#include "base/attr.h"
#include "base/str.h"
#include "config/shown.h"

static bool is_one_of(const char *value, const char *const *globs)
{
	for (; *globs; globs++)
		if (str_glob(*globs, value))
			return true;
	return false;
}

/* Of templates and of programs that put the environment into their settings. */
static const char *const anything[] = {
	"${*}", "$(*)", "{{*}}", "#{*}", "#{*}#", "<%*%>", "%env(*)%", "$__*{*}", "@@*@@", "__*__",
	"env:*", "ENV[*]", "vault:*", "ref+*://*", "op://*", "arn:aws:secretsmanager:*",
	"arn:aws:ssm:*", "secretsmanager:*", "ssm:*", "sm://*", "gcp-sm:*", "akv:*", "keyvault:*",
	"azurekeyvault:*", "@Microsoft.KeyVault(*)", "!secret *", "!vault*", "!env_var *", "!Ref *",
	"!Sub *", "doppler:*", "bws:*", "conjur:*", NULL,
};

/*
 * Jasypt's ENC(...), Spring Cloud Config's {cipher}, keyrings, files and commands; what an export
 * prints in place of a password.
 */
static const char *const for_secrets[] = {
	"ENC(*)", "DEC(*)", "{cipher}*", "{aes}*", "{vault}*", "file:/*", "file:.*", "file://*",
	"@/*", "/run/secrets/*", "/var/run/secrets/*", "keyring:*", "keychain:*", "pass:*",
	"secret:*", "secrets:*", "cmd:*", "command:*", "exec:*", "sops:*", "kv:*", "{AES}*", "{{*",
	"<hidden>", "<redacted>", "[redacted]", "[REDACTED]", "REDACTED", "(hidden)", "<secret>",
	"<password>", NULL,
};

/* $NAME, %NAME%: upper case with an underscore, so that a password with a $ in front is none. */
static bool is_variable(const char *value)
{
	size_t n = strlen(value), first = 1, last = n;
	bool underscore = false;

	if (n < 4 || (*value != '$' && *value != '%'))
		return false;
	if (*value == '%' && value[--last] != '%')
		return false;
	for (size_t i = first; i < last; i++) {
		if (!(value[i] >= 'A' && value[i] <= 'Z') && !ascii_is_digit(value[i]) &&
		    value[i] != '_')
			return false;
		underscore |= value[i] == '_';
	}
	return underscore;
}

bool is_reference(const char *value, bool secret)
{
	size_t stars = value ? strspn(value, "*") : 0;

	if (!value || !*value)
		return false;
	if (is_variable(value) || is_one_of(value, anything))
		return true;
	return secret && ((stars >= 4 && !value[stars]) || is_one_of(value, for_secrets));
}
