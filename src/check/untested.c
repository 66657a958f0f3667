/*
 * What could not be tested, and what would allow it: one sentence each, for the end of a report.
 */
#include "check/result.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"

static bool asked(const struct result *r, const char *glob)
{
	for (size_t i = 0; i < r->n_outcomes; i++) {
		if (str_glob(glob, r->outcomes[i].id))
			return true;
	}
	return false;
}

/* What to do where the secret was kept back, because DNS alone named the host. */
static void consent(struct result *r)
{
	const struct fact *how = facts_match(r->facts, "auth.*.consent", NULL);

	if (how)
		strv_addf(&r->untested, r->arena, "The login was not tested: DNS named the server, "
			"and DNS answers can be forged. Ask whose "
			  "server %s is; if it is the right one, name it: %s", r->host,
				how->string);
}

/* Is it told there? */
static bool is_withheld(const struct outcome *o)
{
	return str_has_prefix(o->id, "auth.") && str_has_suffix_nocase(o->finding, ".withheld");
}

static void login(struct result *r)
{
	const struct ask *ask = r->ask;

	consent(r);

	if (facts_match(r->facts, "auth.*.withheld", NULL))
		strv_add(&r->untested, r->arena, "The login was not tested: the certificate does "
			 "not prove whose server this is, so the secret was not shown to it. Mend "
			 "the certificate, or name its issuer with --ca-file.");
	if (!asked(r, "auth.*") || ask->direct_send || ask->token || ask->password)
		return;
	if (!*ask->user)
		strv_add(&r->untested, r->arena, "The login was not tested: give --user with "
			 "--password-file, --password-command, --token-file or --token-command.");
	else
		strv_addf(&r->untested, r->arena, "The login of %s was not tested: give "
			  "--password-file, --password-command, --token-file or --token-command.",
			  ask->user);
}

static void envelope(struct result *r)
{
	const struct ask *ask = r->ask;

	if (ask->only.n || ask->senders.n || ask->direct_send)
		return;		/* somebody who picks single checks, or brings a list, knows */
	if (!*ask->from)
		strv_add(&r->untested, r->arena,
			 "Whether a sender is allowed was not tested: give --from ADDRESS.");
	if (!*ask->to)
		strv_add(&r->untested, r->arena,
			 "Whether a recipient is accepted was not tested: give --to ADDRESS.");
}

/* Without the full stop that a library put behind it. */
static const char *bare(const struct result *r, const char *sentence)
{
	size_t n = strlen(sentence);

	return arena_strndup(r->arena, sentence, n && sentence[n - 1] == '.' ? n - 1 : n);
}

/* Each check that could not be judged; those that did not get their turn are counted. */
static void open_questions(struct result *r)
{
	const struct outcome *waiting = NULL;
	size_t n = 0;

	for (size_t i = 0; i < r->n_outcomes; i++) {
		const struct outcome *o = &r->outcomes[i];

		if (o->status != STATUS_UNKNOWN || is_withheld(o))
			continue;
		if (o->us) {
			strv_addf(&r->untested, r->arena, "%s at %s could not be judged: %s.",
				  o->id, o->endpoint, bare(r, o->summary));
			continue;
		}
		waiting = waiting ? waiting : o;
		n++;
	}
	if (n == 1)
		strv_addf(&r->untested, r->arena, "%s was not tested: %s.", waiting->id,
			  waiting->summary);
	else if (n)
		strv_addf(&r->untested, r->arena, "%zu checks, from %s on, were not tested: %s.", n,
			  waiting->id, waiting->summary);
}

void untested(struct result *r)
{
	if (r->ask->redirected)
		strv_add(&r->untested, r->arena, "DNS was not tested, because --connect-to or an "
			 "address was given in its place.");
	login(r);
	envelope(r);
	open_questions(r);
}
