#ifndef REPORT_PRINTER_H
#define REPORT_PRINTER_H

/*
 * printer - one format: which nouns it knows, and how it writes them. Text and JSON know an item by
 * a function for each noun; NDJSON writes JSON's documents, one per line.
 */

#include "base/json.h"
#include "report/out.h"
#include "report/report.h"

struct printer {
	const char	*name;		/* of --format */
	unsigned	 nouns;		/* bits: 1u << REPORT_CHECK */
	bool		 for_people;
	/* the document is written even where it has no item */
	bool		 whole;
	void		(*begin)(struct report *r);	/* before the first item; NULL = nothing */
	void		(*put)(struct report *r, enum report_noun noun, const void *of);
	void		(*end)(struct report *r);	/* after the last one; NULL = nothing */
};

extern const struct printer printer_text, printer_json, printer_ndjson, printer_csv, printer_github,
	printer_junit, printer_sarif, printer_evidence, printer_markdown;

/* The item for people. */
typedef void text_writer(struct out *o, const void *of);
text_writer text_of_check, text_of_send, text_of_explanation, text_of_inspection, text_of_token_got,
	text_of_tokens, text_of_summary, text_of_seen, text_of_lint, text_of_headers,
	text_of_unread, text_of_codes, text_of_diff, text_of_sink_place, text_of_receipt,
	text_of_sink_summary;

/* The item as a document, a new object. The arena is for what is made up on the way. */
typedef json_t *json_maker(struct arena *a, const void *of);
json_maker json_of_check, json_of_send, json_of_explanation, json_of_inspection, json_of_token_got,
	json_of_tokens, json_of_summary, json_of_lint, json_of_headers,
	json_of_unread, json_of_codes, json_of_diff, json_of_sink_place, json_of_receipt,
	json_of_sink_summary;

#endif
