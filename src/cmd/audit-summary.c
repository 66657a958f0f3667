/*
 * audit-summary - what an audit found, in the order in which it is worth reading: how many are in
 * order, what is wrong most often and who can mend it, whose it is.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "cmd/audit.h"

enum { CLIENTS_SHOWN = 40 };

static const char *escaped(struct arena *a, const char *s)
{
	return str_escaped(a, s, strlen(s));
}

static void put_causes(const struct audit_tally *t, struct arena *a, FILE *to)
{
	struct audit_cause **c = audit_tally_causes(t, a);

	if (*c)
		fputs("\nCauses, the most frequent first:\n", to);
	for (; *c; c++) {
		fprintf(to, "%6zu  %s: %s\n", (*c)->n, (*c)->id, (*c)->title);
		fprintf(to, "        who must act: %s\n", (*c)->who);
		if (*(*c)->step)
			fprintf(to, "        first step, for %s: %s\n",
				escaped(a, (*c)->examples[0]), escaped(a, (*c)->step));
		fputs("        targets:", to);
		for (size_t i = 0; i < TALLY_EXAMPLES && (*c)->examples[i]; i++)
			fprintf(to, "%s %s", i ? "," : "", escaped(a, (*c)->examples[i]));
		fputs((*c)->n > TALLY_EXAMPLES ? " ...\n" : "\n", to);
	}
}

static void put_actors(const struct audit_tally *t, struct arena *a, FILE *to)
{
	struct audit_actor **actor = audit_tally_actors(t, a);

	if (*actor)
		fputs("\nWho must act:\n", to);
	for (; *actor; actor++)
		fprintf(to, "%6zu  %s\n", (*actor)->n, (*actor)->who);
}

static void put_busy(const struct audit_tally *t, struct arena *a, FILE *to)
{
	struct audit_actor **busy = audit_tally_busy(t, a);

	if (*busy)
		fputs("\nWho sent us away for now (421), so often; those targets were asked once "
		      "more:\n", to);
	for (size_t i = 0; busy[i] && i < CLIENTS_SHOWN; i++)
		fprintf(to, "%6zu  %s\n", busy[i]->n, escaped(a, busy[i]->who));
}

static void put_clients(const struct audit_tally *t, struct arena *a, FILE *to)
{
	struct audit_client **c = audit_tally_clients(t, a);
	size_t shown = 0, more = 0;

	for (; *c; c++) {
		size_t bad = (*c)->failed + (*c)->warned + (*c)->untested;

		if (!bad)
			continue;
		if (shown == CLIENTS_SHOWN) {
			more++;
			continue;
		}
		if (!shown++)
			fputs("\nClients, those with the most problems first:\n", to);
		fprintf(to, "%6zu of %zu  %s%s%s\n", bad, (*c)->n, escaped(a, (*c)->name),
			(*c)->cause ? ": " : "", (*c)->cause ? (*c)->cause : "");
	}
	if (more)
		fprintf(to, "        and %zu more\n", more);
}

void audit_summary(struct audit_run *run, FILE *to, bool stopped)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const struct audit_tally *t = &run->tally;

	fprintf(to, "%zu of %zu targets: %zu good, %zu with a warning, %zu with a problem, "
		"%zu not tested\n", t->n, run->n_targets, t->passed, t->warned, t->failed,
		t->untested);
	if (stopped)
		fprintf(to, "It was stopped: %zu targets were not asked, or not to the end.\n",
			run->n_targets - t->n);
	if (run->n_bad)
		fprintf(to, "Left out of the list: %zu line%s, named above.\n", run->n_bad,
			run->n_bad == 1 ? "" : "s");
	put_causes(t, a, to);
	if (t->unnamed)
		fprintf(to, "%6zu  without a cause: judge the evidence, or check them one by one\n",
			t->unnamed);
	put_actors(t, a, to);
	put_clients(t, a, to);
	put_busy(t, a, to);
}
