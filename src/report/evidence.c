/*
 * evidence - what was seen, said and asked for, before it is judged: one line of JSON each, input of
 * `smtpwhy judge` (judge/saved.h).
 */
#include <stdlib.h>

#include "base/mem.h"
#include "judge/saved.h"
#include "report/printer.h"

static void put(struct report *r, enum report_noun noun, const void *of)
{
	const struct explanation *e = of;
	_cleanup_(json_decrefp) json_t *j =
		evidence_json(noun == REPORT_CHECK ? result_evidence(of) : e->evidence);
	char *text = json_dumps(j, JSON_COMPACT);

	if (!text)
		out_of_memory();
	fputs(text, r->to);
	free(text);
	fputc('\n', r->to);
}

const struct printer printer_evidence = {
	.name = "evidence",
	.nouns = 1u << REPORT_CHECK | 1u << REPORT_EXPLANATION,
	.put = put,
};
