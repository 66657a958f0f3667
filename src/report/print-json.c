/*
 * print-json - each item as a document of its own: indented, or where several follow each other and
 * as NDJSON in one line.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "report/printer.h"

static void put(struct report *r, enum report_noun noun, const void *of)
{
	static json_maker *const documents[REPORT_NOUNS] = {
		[REPORT_CHECK] = json_of_check,
		[REPORT_SEND] = json_of_send,
		[REPORT_EXPLANATION] = json_of_explanation,
		[REPORT_INSPECTION] = json_of_inspection,
		[REPORT_TOKEN_GOT] = json_of_token_got,
		[REPORT_TOKENS] = json_of_tokens,
		[REPORT_SUMMARY] = json_of_summary,
		[REPORT_LINT] = json_of_lint,
		[REPORT_HEADERS] = json_of_headers,
		[REPORT_UNREAD] = json_of_unread,
		[REPORT_CODES] = json_of_codes,
		[REPORT_DIFF] = json_of_diff,
		[REPORT_SINK_PLACE] = json_of_sink_place,
		[REPORT_RECEIPT] = json_of_receipt,
		[REPORT_SINK_SUMMARY] = json_of_sink_summary,
	};
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(json_decrefp) json_t *j = documents[noun](a, of);
	bool one_line = r->several || r->printer == &printer_ndjson;
	char *text = json_dumps(j,
		(one_line ? JSON_COMPACT : JSON_INDENT(2)) | JSON_REAL_PRECISION(6));

	/* A reader must not find the first half of an object. */
	if (!text)
		out_of_memory();
	fputs(text, r->to);
	free(text);
	fputc('\n', r->to);
}

const struct printer printer_json = {
	.name = "json",
	.nouns = ((1u << REPORT_NOUNS) - 1) & ~(1u << REPORT_SEEN),
	.put = put,
};

const struct printer printer_ndjson = {
	.name = "ndjson",
	.nouns = 1u << REPORT_CHECK | 1u << REPORT_LINT | 1u << REPORT_UNREAD |
		 1u << REPORT_SINK_PLACE | 1u << REPORT_RECEIPT | 1u << REPORT_SINK_SUMMARY,
	.put = put,
};
