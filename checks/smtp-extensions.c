/*
 * smtp-extensions - is what the server offers whole, and the same story before and after TLS?
 *
 *	judges the two lists of keywords
 *
 * RFC 3207, 4.2; RFC 1870 (SIZE). What AUTH offers is judged in auth-mechanisms.c.
 */
#include "check/check.h"
#include "proto/banner.h"
#include "talk/talk.h"

enum { SMALL_SIZE = 10 * 1024 * 1024 };

/* Keywords of the list before TLS that are gone after it. STARTTLS has to go (RFC 3207, 4.2). */
static const char *lost(struct probe *p)
{
	struct arena *a = probe_arena(p);
	struct strv before = { NULL, 0, 0 }, after = { NULL, 0, 0 }, gone = { NULL, 0, 0 };

	strv_split(&before, a, probe_get(p, "smtp.$.ehlo.keywords"), ' ');
	strv_split(&after, a, probe_get(p, "smtp.$.ehlo-tls.keywords"), ' ');
	for (size_t i = 0; i < before.n; i++)
		if (!strv_has_nocase(&after, before.v[i]) &&
		    !str_eq_nocase(before.v[i], "STARTTLS") && !banner_is_masked(before.v[i]))
			strv_add(&gone, a, before.v[i]);
	return strv_join(&gone, a, " ");
}

static enum status run(struct probe *p)
{
	int64_t size = probe_number(p, "smtp.$.ehlo-tls.size", -1);
	const char *gone = lost(p);

	if (probe_true(p, "smtp.$.ehlo-tls.starttls"))
		return probe_warn(p, "extensions.starttls-twice",
				  "STARTTLS is still offered inside TLS");
	if (*gone)
		return probe_warn(p, "extensions.lost",
				  "offered before TLS and not after it: %s", gone);
	if (size > 0 && size < SMALL_SIZE)
		return probe_warn(p, "extensions.small", "messages may have %s only",
				  talk_size(probe_arena(p), size));
	return probe_pass(p, "%s",
			  *probe_get(p, "smtp.$.ehlo-tls.keywords") ?
			  probe_get(p, "smtp.$.ehlo-tls.keywords") : "none");
}

const struct check check_smtp_extensions = {
	.id		= "smtp.extensions",
	.title		= "The extensions fit together",
	.label		= "extensions",
	.stage		= STAGE_EHLO,
	.needs		= FACTS("smtp.$.ehlo-tls.keywords"),
	.ports		= true,
	.run		= run,
};
