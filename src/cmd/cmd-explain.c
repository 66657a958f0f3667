/*
 * cmd-explain - what a pasted error means. It loads the tables and nothing else: it has
 * to answer at once.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/input.h"
#include "base/limits.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/logs.h"
#include "cmd/not-text.h"
#include "cmd/opt.h"
#include "cmd/output.h"
#include "cmd/tables.h"
#include "message/message.h"
#include "paste/explain.h"

struct explain_options {
	struct output_options	 output;
	const char		*codes;
	bool			 summary, follow, no_progress;
};

static const struct opt table[] = {
	OPT_SWITCH("summary", offsetof(struct explain_options, summary),
		   "count the failures in logs of any size, packed by gzip or not: by cause, by "
		   "relay, by sender's domain"),
	OPT_SWITCH("follow", offsetof(struct explain_options, follow), "read a log and what is "
		   "still being written to it; tell each new cause; the summary comes at Ctrl-C"),
	OUTPUT_OPTIONS(struct explain_options),
	{ OPT_FLAG, 'v', "verbose", NULL, offsetof(struct explain_options, output.verbose),
	  "show every reply that was found", NULL },
	OPT(TEXT, "codes", "FILE", offsetof(struct explain_options, codes),
	    "more rows of a table, before the built-in ones"),
	OPT_SWITCH("no-progress", offsetof(struct explain_options, no_progress),
		   "no line of progress on the terminal"),
	OPT_END
};

static const struct opt_command explain_command = {
	.name = "explain",
	.operands = "[TEXT|FILE|-] ...",
	.about = "Says what a mail server's error means and what to do about it. Takes the reply "
		 "itself, a log, a program's stack trace, a transcript, a bounce or a whole "
		 "message (.eml, .msg, HTML): as text, as a file, or on standard input; with "
		 "--summary or --follow whole logs. Exit status: 0 something was recognised, 1 "
		 "nothing was, 2 wrong usage.",
	.table = table,
	.nouns = 1u << REPORT_EXPLANATION | 1u << REPORT_SUMMARY,
};

/* What gzip has packed is unpacked: logs that were put away are. */
static int read_input(struct arena *a, const char *path, struct buf *b)
{
	_cleanup_(input_freep) struct input *in = input_open(path);
	bool standard = str_eq(path, "-");
	const char *name = standard ? "standard input" : arena_printf(a, "'%s'", path), *p, *what;
	ssize_t n;

	if (standard && isatty(STDIN_FILENO))
		fprintf(stderr, "Paste the error, then press Enter and Ctrl-D:\n");
	while ((n = input_read(in, &p)) > 0) {
		if (!buf_add(b, p, (size_t)n)) {
			b->overflow = false;
			buf_add(b, p, b->limit - b->len);
			opt_wrong("explain",
				  "%s is longer than 16 MiB; only the beginning is read", name);
			return OPT_GO;
		}
	}
	if (n < 0)
		return opt_wrong("explain", "%s %s", name, input_trouble(in));
	if (!span_trim((struct span) { buf_str(b), b->len }).len)
		return opt_wrong("explain", "%s is empty: there is nothing to explain", name);
	what = not_text((struct span) { buf_str(b), b->len });
	return what ? opt_wrong("explain", "%s is %s; give the words of the error as text", name,
				what) : OPT_GO;
}

/*
 * One word that is a file is read; anything else is the text itself, however many words
 * the shell made of it. Without any the terminal is read: quoting what is pasted is hard.
 */
static int read_operands(struct arena *a, const struct strv *operands, struct buf *b)
{
	struct stat st;

	if (operands->n == 0 || (operands->n == 1 && str_eq(operands->v[0], "-")))
		return read_input(a, "-", b);
	if (operands->n == 1 && stat(operands->v[0], &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return opt_wrong("explain",
					 "'%s' is a directory; give a file, or the text in quotes",
					 operands->v[0]);
		return read_input(a, operands->v[0], b);
	}
	if (operands->n == 1 && looks_like_file(operands->v[0]))
		return opt_wrong("explain", "there is no file '%s'", operands->v[0]);
	if (!buf_adds(b, strv_join(operands, a, " ")))
		return opt_wrong("explain", "the text is longer than 16 MiB");
	return span_trim((struct span) { buf_str(b), b->len }).len ? OPT_GO :
	       opt_wrong("explain", "nothing to explain: give the error text");
}

/*
 * No reply, but the header of a message that was delivered: what `smtpwhy headers` says of it.
 * NULL: it is none. As data it stays an explanation, whose note names the command.
 */
static const struct message_judged *delivered(struct arena *a, const struct know *know,
					      const struct buf *text, struct explanation *e,
					      const char *format)
{
	const struct message *m;

	if (e->n_replies || e->facts || e->kind == PASTE_BOUNCE ||
	    (e->n_diagnosis && e->kind != PASTE_MESSAGE))
		return NULL;
	m = message_read(a, know, (struct span) { buf_str(text), text->len });
	if (!m->fields.n || !message_delivered(m))
		return NULL;
	if (str_eq(format, "text"))
		return message_judge(m);
	if (!*e->note)
		e->note = "This is the header of a delivered message: 'smtpwhy headers' says what "
			  "it shows.";
	return NULL;
}

static int explain_paste(struct arena *a, const struct explain_options *options,
			 const struct strv *operands)
{
	_cleanup_(buf_release) struct buf text = BUF_INIT(LIMIT_PASTE);
	const struct message_judged *headers;
	struct explanation *e;
	const struct know *know;
	const char *format = options->output.format;
	struct report report;
	int status;

	if (!report_knows(format, REPORT_EXPLANATION))
		return opt_wrong("explain", "--format %s is for --summary and --follow", format);
	status = read_operands(a, operands, &text);
	if (status != OPT_GO)
		return status;
	know = tables_load(a, options->codes, "explain");
	if (!know)
		return EXIT_USAGE;
	e = explain_text(a, know, buf_str(&text), text.len);
	headers = delivered(a, know, &text, e, format);
	if (!output_open(&options->output, "explain", &report))
		return EXIT_USAGE;
	if (headers)
		report_put(&report, REPORT_HEADERS, headers);
	else
		report_put(&report, REPORT_EXPLANATION, e);
	if (!output_close(&report, &options->output, "explain"))
		return EXIT_UNTESTED;
	return e->n_diagnosis || e->facts || headers ? EXIT_GOOD : EXIT_PROBLEM;
}

int cmd_explain(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct explain_options options = { .output = { .format = "text", .color = "auto" } };
	struct strv operands = { NULL, 0, 0 };
	struct logs logs = { .arena = a, .output = &options.output, .operands = &operands };
	int status = opt_parse(&explain_command, a, argc, argv, &options, &operands);

	if (status != OPT_GO)
		return status;
	if (!options.summary && !options.follow)
		return explain_paste(a, &options, &operands);
	logs.codes = options.codes;
	logs.progress = !options.no_progress;
	return options.follow ? logs_follow(&logs) : logs_summary(&logs);
}
