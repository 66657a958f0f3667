/*
 * report - a document of one or several items.
 */
#include "report/report.h"

#include <assert.h>
#include <errno.h>

#include "base/arena.h"
#include "base/str.h"
#include "report/printer.h"

/* The formats, in the order in which help and errors list them. */
static const struct printer *const printers[] = {
	&printer_text, &printer_json, &printer_ndjson, &printer_csv, &printer_github,
	&printer_junit, &printer_sarif, &printer_evidence, &printer_markdown,
};

static const struct printer *find(const char *format)
{
	for (size_t i = 0; i < ARRAY_LEN(printers); i++)
		if (str_eq(printers[i]->name, format))
			return printers[i];
	return NULL;
}

bool report_knows(const char *format, enum report_noun noun)
{
	const struct printer *p = find(format);

	return p && (p->nouns & 1u << noun);
}

const char *const *report_formats(struct arena *a, unsigned nouns)
{
	struct strv names = { NULL, 0, 0 };

	for (size_t i = 0; i < ARRAY_LEN(printers); i++)
		if (printers[i]->nouns & nouns)
			strv_add(&names, a, printers[i]->name);
	return names.v;
}

bool report_is_for_people(const char *format)
{
	return find(format)->for_people;
}

void report_begin(struct report *r, FILE *to, const char *format, const struct report_style *style)
{
	*r = (struct report) { .to = to, .printer = find(format), .style = *style };
	assert(r->printer);
}

/* As a whole or not at all: nothing of an item waits in the buffer while the next one is made. */
static void flush(struct report *r)
{
	if ((fflush(r->to) != 0 || ferror(r->to)) && !r->error)
		r->error = errno ? errno : EIO;
}

void report_put(struct report *r, enum report_noun noun, const void *of)
{
	assert(r->printer->nouns & 1u << noun);
	errno = 0;
	if (!r->n && r->printer->begin)
		r->printer->begin(r);
	r->printer->put(r, noun, of);
	r->last = noun;
	r->n++;
	flush(r);
}

void report_put_evidence(struct report *r, const char *line)
{
	assert(r->printer == &printer_evidence);
	errno = 0;
	fputs(line, r->to);
	fputc('\n', r->to);
	r->last = REPORT_CHECK;
	r->n++;
	flush(r);
}

int report_end(struct report *r)
{
	bool written = r->n || r->printer->whole;

	errno = 0;
	if (written && !r->n && r->printer->begin)
		r->printer->begin(r);
	if (written && r->printer->end)
		r->printer->end(r);
	flush(r);
	return r->error;
}

int report_alone(FILE *to, const char *format, const struct report_style *style,
		 enum report_noun noun, const void *of)
{
	struct report r;

	report_begin(&r, to, format, style);
	report_put(&r, noun, of);
	errno = report_end(&r);
	return errno ? -1 : 0;
}
