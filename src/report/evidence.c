/*
 * evidence - what was seen, said and asked for, before it is judged: one line of JSON each, input
 * of `smtpwhy judge` (judge/saved.h).
 */
#include <stdlib.h>

#include "base/mem.h"
#include "judge/saved.h"
#include "message/message.h"
#include "report/printer.h"
#include "sending/lint.h"
#include "sending/path.h"

/* NULL: a file that could not be read leaves none. */
static const struct evidence *evidence_of(enum report_noun noun, const void *of)
{
	switch (noun) {
	case REPORT_CHECK:
		return result_evidence(of);
	case REPORT_EXPLANATION:
		return ((const struct explanation *)of)->evidence;
	case REPORT_HEADERS:
		return ((const struct message_judged *)of)->evidence;
	case REPORT_LINT:
		return ((const struct lint *)of)->judgement->evidence;
	default:
		return NULL;
	}
}

static void put(struct report *r, enum report_noun noun, const void *of)
{
	const struct evidence *e = evidence_of(noun, of);
	_cleanup_(json_decrefp) json_t *j = e ? evidence_json(e) : NULL;
	char *text;

	if (!j)
		return;
	text = json_dumps(j, JSON_COMPACT);

	if (!text)
		out_of_memory();
	fputs(text, r->to);
	free(text);
	fputc('\n', r->to);
}

const struct printer printer_evidence = {
	.name = "evidence",
	.nouns = 1u << REPORT_CHECK | 1u << REPORT_EXPLANATION | 1u << REPORT_HEADERS |
		 1u << REPORT_LINT | 1u << REPORT_UNREAD,
	.put = put,
};
