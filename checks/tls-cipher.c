/*
 * tls-cipher - is what the dialogue agreed on strong enough?
 *
 *	judges the cipher suite
 *
 * RFC 9325, 4.1 and 4.2.
 */
#include "check/check.h"

static const char *get(struct probe *p, const char *what)
{
	const char *way = probe_implicit_tls(p) ? "tls" : "starttls";

	return probe_get(p, arena_printf(probe_arena(p), "smtp.$.%s.%s", way, what));
}

static bool weak(const char *cipher)
{
	static const char *const words[] = { "NULL", "EXPORT", "anon", "RC4", "ARCFOUR", "3DES",
					     "DES_CBC", "RC2", "IDEA", "_MD5" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_find_nocase(cipher, words[i]))
			return true;
	return false;
}

static enum status run(struct probe *p)
{
	const char *cipher = get(p, "cipher"), *group = get(p, "group");

	if (weak(cipher))
		return probe_fail(p, "cipher.weak", "%s is broken or gives no protection", cipher);
	if (str_has_prefix_nocase(cipher, "TLS_RSA_WITH"))
		return probe_warn(p, "cipher.no-forward-secrecy",
				  "%s has no forward secrecy: a stolen key opens old recordings",
				  cipher);
	return probe_pass(p, "%s%s%s", cipher, *group ? ", " : "", group);
}

const struct check check_tls_cipher = {
	.id		= "tls.cipher",
	.title		= "The cipher suite is strong",
	.label		= "cipher",
	.stage		= STAGE_TLS,
	.needs		= FACTS("smtp.$.secure"),
	.ports		= true,
	.run		= run,
};
