/*
 * print-github - findings as annotations of GitHub.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "sending/lint.h"
#include "report/printer.h"

/* A value of a workflow command: %, line ends and what separates its parts are written as %XX. */
static const char *escaped(struct arena *a, const char *s, bool property)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(64 * 1024);

	s = str_escaped(a, s, strlen(s));
	for (; *s; s++) {
		if (*s == '%' || *s == '\n' || (property && (*s == ':' || *s == ',')))
			buf_addf(&b, "%%%02X", (unsigned char)*s);
		else
			buf_addc(&b, *s);
	}
	return arena_strdup(a, buf_str(&b));
}

/*
 * docs.github.com, "Workflow commands for GitHub Actions": setting an error, warning
 * or notice message.
 */
static void put_lint(FILE *to, struct arena *a, const struct lint *l)
{
	for (const struct lint_finding *f = l->findings; f; f = f->next) {
		const char *fix = *f->fix ? arena_printf(a, " %s", f->fix) : "";

		fprintf(to, "::%s file=%s,line=%u,title=%s::%s%s\n",
			f->severity == INFO ? "notice" : severity_name(f->severity),
			escaped(a, f->file, true),
			f->line ? f->line : 1, escaped(a, f->finding, true),
			escaped(a, f->message, false), escaped(a, fix, false));
	}
}

static void put(struct report *r, enum report_noun noun, const void *of)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const struct unread_file *f = of;

	if (noun == REPORT_LINT)
		put_lint(r->to, a, of);
	else
		fprintf(r->to, "::error file=%s,line=1,title=lint.unread::%s\n",
			escaped(a, f->file, true), escaped(a, f->error, false));
}

const struct printer printer_github = {
	.name = "github",
	.nouns = 1u << REPORT_LINT | 1u << REPORT_UNREAD,
	.put = put,
};
