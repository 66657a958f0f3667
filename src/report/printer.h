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
	void		(*begin)(struct report *r);	/* before the first item; NULL = nothing */
	void		(*put)(struct report *r, enum report_noun noun, const void *of);
	void		(*end)(struct report *r);	/* after the last one; NULL = nothing */
};

extern const struct printer printer_text, printer_json, printer_ndjson, printer_csv, printer_github,
	printer_junit;

/* The item for people. */
void text_of_check(struct out *o, const void *of);
void text_of_send(struct out *o, const void *of);
void text_of_explanation(struct out *o, const void *of);
void text_of_inspection(struct out *o, const void *of);
void text_of_token_got(struct out *o, const void *of);
void text_of_tokens(struct out *o, const void *of);
void text_of_summary(struct out *o, const void *of);
void text_of_seen(struct out *o, const void *of);
void text_of_lint(struct out *o, const void *of);
void text_of_unread(struct out *o, const void *of);
void text_of_codes(struct out *o, const void *of);

/* The item as a document, a new object. The arena is for what is made up on the way. */
json_t *json_of_check(struct arena *a, const void *of);
json_t *json_of_send(struct arena *a, const void *of);
json_t *json_of_explanation(struct arena *a, const void *of);
json_t *json_of_inspection(struct arena *a, const void *of);
json_t *json_of_token_got(struct arena *a, const void *of);
json_t *json_of_tokens(struct arena *a, const void *of);
json_t *json_of_summary(struct arena *a, const void *of);
json_t *json_of_lint(struct arena *a, const void *of);
json_t *json_of_unread(struct arena *a, const void *of);
json_t *json_of_codes(struct arena *a, const void *of);

#endif
