/*
 * print-text - for people: items with an empty line between them.
 */
#include "base/arena.h"
#include "report/printer.h"

static void put(struct report *r, enum report_noun noun, const void *of)
{
	static text_writer *const texts[REPORT_NOUNS] = {
		[REPORT_CHECK] = text_of_check,
		[REPORT_SEND] = text_of_send,
		[REPORT_EXPLANATION] = text_of_explanation,
		[REPORT_INSPECTION] = text_of_inspection,
		[REPORT_TOKEN_GOT] = text_of_token_got,
		[REPORT_TOKENS] = text_of_tokens,
		[REPORT_SUMMARY] = text_of_summary,
		[REPORT_SEEN] = text_of_seen,
		[REPORT_LINT] = text_of_lint,
		[REPORT_HEADERS] = text_of_headers,
		[REPORT_UNREAD] = text_of_unread,
		[REPORT_CODES] = text_of_codes,
		[REPORT_DIFF] = text_of_diff,
		[REPORT_SINK_PLACE] = text_of_sink_place,
		[REPORT_RECEIPT] = text_of_receipt,
		[REPORT_SINK_SUMMARY] = text_of_sink_summary,
	};
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct out o;

	if (r->n && noun != REPORT_SEEN)
		fputc('\n', r->to);
	out_begin(&o, r->to, a, &r->style);
	texts[noun](&o, of);
}

static void end(struct report *r)
{
	if ((r->last == REPORT_LINT || r->last == REPORT_UNREAD) && !r->style.quiet)
		fputs("\nNothing was sent, and no server was asked.\n", r->to);
}

const struct printer printer_text = {
	.name = "text",
	.nouns = (1u << REPORT_NOUNS) - 1,
	.for_people = true,
	.put = put,
	.end = end,
};
