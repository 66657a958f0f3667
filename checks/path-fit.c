/*
 * path-fit - does the way of sending fit what was asked, and itself?
 *
 *	judges host, port, login, sender and recipient against data/path-findings.tsv;
 *		nothing is sent
 *
 * What the server accepted outranks what the table expects, so this waits for the others.
 * Its findings are the rows of that table; which way would fit better is in the
 * judgement, for the report.
 */
#include "check/check.h"
#include "sending/path.h"

static const char *words_of_path(struct arena *a, const char *path)
{
	char *words = arena_strdup(a, path);

	for (char *c = words; *c; c++)
		if (*c == '-')
			*c = ' ';
	return words;
}

static void leave_facts(struct probe *p, const struct path_judgement *j)
{
	unsigned n = 0;

	if (*j->path) {
		probe_fact(p, "path.on", "%s", j->path);
		probe_fact(p, "path.why", "%s", j->path_why);
	}
	for (const struct path_finding *f = j->findings; f; f = f->next)
		probe_fact(p, arena_printf(probe_arena(p), "path.finding.%u", ++n), "%s",
			   f->finding);
	if (j->n_recommended) {
		probe_fact(p, "path.recommended", "%s", j->recommended[0].path);
		probe_fact(p, "path.rule", "%s", j->recommended[0].rule);
	}
}

static enum status run(struct probe *p)
{
	const struct ask *ask = probe_ask(p);
	const struct path_judgement *j;
	const struct path_finding *worst;
	struct path_case c;

	if (!ask->know)
		return probe_idle(p, "there are no tables");
	path_case_seen(probe_arena(p), ask, probe_facts(p), &c);
	j = path_judge(probe_arena(p), ask->know, &c);
	leave_facts(p, j);
	probe_path_fit(p, j);
	worst = j->findings;
	if (worst && worst->severity == ERROR)
		return probe_fail(p, worst->finding, "%s", worst->message);
	if (worst && worst->severity == WARNING)
		return probe_warn(p, worst->finding, "%s", worst->message);
	if (!*j->path)
		return probe_idle(p, "which way of sending it is can't be told from the name");
	return probe_pass(p, "%s", words_of_path(probe_arena(p), j->path));
}

const struct check check_path_fit = {
	.id		= "path.fit",
	.title		= "The way of sending fits",
	.label		= "path",
	.stage		= STAGE_UNKNOWN,
	.after		= CHECKS("target.provider", "dns.mx", "dns.address", "tcp.$",
				 "tls.certificate", "auth.mechanisms", "auth.login", "auth.plain",
				 "auth.xoauth2", "auth.oauthbearer", "smtp.mail-from",
				 "smtp.rcpt-to"),
	.quiet		= true,
	.run		= run,
};
