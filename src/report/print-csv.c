/*
 * print-csv - the failures of a log for spreadsheets (RFC 4180): a row for each cause, relay and
 * sender domain, to be added up by any of them.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "report/printer.h"

/* One cell. What a spreadsheet would take for a formula gets an apostrophe. */
static void cell(FILE *to, const char *text, char end)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *s = str_escaped(a, text, strlen(text));

	if (*s && strchr("=+-@", *s))
		s = arena_printf(a, "'%s", s);
	if (strpbrk(s, ",\"'; ")) {
		putc('"', to);
		for (; *s; s++) {
			if (*s == '"')
				putc('"', to);
			putc(*s, to);
		}
		putc('"', to);
	} else {
		fputs(s, to);
	}
	if (end == '\n')
		putc('\r', to);
	putc(end, to);
}

static const char *name_of(const struct tally_name *n)
{
	return n->name ? n->name : "(others)";
}

static void begin(struct report *r)
{
	fputs("cause,title,certainty,who,retry,relay,sender_domain,count,deferred,bounced,failed,"
	      "first,"
	      "last,example\r\n", r->to);
}

static void put(struct report *r, enum report_noun noun _unused_, const void *of)
{
	const struct tally_sum *s = ((const struct log_read *)of)->sum;
	FILE *to = r->to;

	for (size_t i = 0; i < s->n_cells; i++) {
		const struct tally_cell *e = s->cells[i];
		const struct tally_cause *c = e->cause;

		cell(to, c->cause ? c->cause->id : "", ',');
		cell(to, c->title, ',');
		cell(to, c->cause ? certainty_name(c->certainty) : "", ',');
		cell(to, c->who, ',');
		cell(to, c->retry, ',');
		cell(to, name_of(e->relay), ',');
		cell(to, name_of(e->sender), ',');
		fprintf(to, "%llu,%llu,%llu,%llu,", (unsigned long long)e->count.all,
			(unsigned long long)e->count.deferred,
			(unsigned long long)e->count.bounced, (unsigned long long)e->count.failed);
		cell(to, e->count.first.text, ',');
		cell(to, e->count.last.text, ',');
		cell(to, c->example, '\n');
	}
}

const struct printer printer_csv = {
	.name = "csv",
	.nouns = 1u << REPORT_SUMMARY,
	.begin = begin,
	.put = put,
};
