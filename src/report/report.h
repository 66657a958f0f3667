#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

/*
 * report - a document of one or several items, and its printers. A command opens one document,
 * hands it each item once, and closes it; the printer behind --format writes what belongs before,
 * between and after them. A printer reads a result and writes; it never decides.
 *
 *	report_begin(&r, stdout, "json", &style);
 *	report_put(&r, REPORT_CHECK, result);
 *	error = report_end(&r);
 *
 * A new format is one file and one row of the table in report.c.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "paste/explain.h"
#include "check/result.h"
#include "logs/tally.h"
#include "token/got.h"
#include "token/inspect.h"

struct lint;
struct message_judged;
struct printer;

struct report_style {
	bool		color;
	bool		unicode;	/* symbols; false = ASCII */
	bool		quiet;		/* only what is not pass, and the diagnosis */
	bool		verbose;	/* times of the stages and the transcript */
	unsigned	columns;	/* 80 */
};

/* What an item is; in JSON each is a schema of its own. */
enum report_noun {
	REPORT_CHECK,		/* struct result: what was asked of a target */
	REPORT_SEND,		/* struct sent: one message sent on purpose */
	REPORT_EXPLANATION,	/* struct explanation */
	REPORT_INSPECTION,	/* struct inspection: what is in a token */
	REPORT_TOKEN_GOT,	/* struct token_got: what became of asking for a token */
	REPORT_TOKENS,		/* struct kept_tokens */
	REPORT_SUMMARY,		/* struct log_read: causes first, then relays and senders */
	/* struct tally_cause: one that a followed log has for the first time */
	REPORT_SEEN,
	REPORT_LINT,		/* struct lint: a program's mail settings */
	REPORT_HEADERS,		/* struct message_judged: what a delivered message's header says */
	REPORT_UNREAD,		/* struct unread_file */
	REPORT_CODES,		/* struct code_rows */
	REPORT_DIFF,		/* struct drift_report: what changed between two runs */
	REPORT_SINK_PLACE,	/* struct sink_place: where the sandbox listens */
	REPORT_RECEIPT,		/* struct receipt: a message that it received */
	REPORT_SINK_SUMMARY,	/* struct sink_summary */
	REPORT_NOUNS
};

/* What was found in the recipient's mailbox. */
struct arrival {
	enum arrival_state { ARRIVAL_FOUND, ARRIVAL_MISSING, ARRIVAL_UNREAD } state;
	const char	*mailbox;	/* "ann@example.net at imap.example.net" */
	const char	*folder;	/* as the server names it; "" = not found */
	bool		 inbox, junk;	/* the folder is that */
	int64_t		 after_ms;	/* from its acceptance until it was found, or given up */
	size_t		 n_folders;	/* that were looked into */
	const char	*trouble;	/* of ARRIVAL_UNREAD: why the mailbox could not be read */
	/* of ARRIVAL_FOUND: what the header of the copy says */
	const struct message_judged *judged;
};

struct sent {
	const struct result	*result;	/* of asking the server, or Graph */
	/* NULL = it was not looked for, or there was nothing to look for */
	const struct arrival	*arrival;
};

struct log_read {
	const struct tally_sum	*sum;
	const char	**names;	/* as the user wrote them; "-" is standard input */
	size_t		  n;
	bool		  packed;	/* one of them is packed */
	bool		  followed;	/* a line may be elsewhere by now */
	const char	 *trouble;	/* "" = all of it was read */
};

/* A file whose settings could not be read or recognised. error: why, in one line. */
struct unread_file {
	const char	*file, *error;
};

/* What `codes` lists. */
struct code_rows {
	struct code_row {
		const struct row_words	*words;
		const struct error_row	*reply;		/* NULL = a number of Entra ID */
	}	*v;
	size_t	 n;
};

/* Tokens that are kept on this machine, without their secrets. */
struct kept_tokens {
	struct kept_token {
		const char	*name, *purpose, *user, *client_id, *token_url, *scope;
		bool		 ends;		/* its end is known: */
		int64_t		 left;		/* seconds until then; negative = since then */
		bool		 has_refresh;
	}	*v;
	size_t	 n;
};

/* A document while it is written. Set `several` and `strict` before the first item. */
struct report {
	FILE			*to;
	const struct printer	*printer;
	struct report_style	 style;
	/* items follow each other: JSON takes one line for each */
	bool			 several;
	bool			 strict;	/* a warning counts as a problem */
	size_t			 n;		/* items so far */
	enum report_noun	 last;		/* of the last of them */
	/* a printer's own, from its begin() to its end() */
	void			*kept;
	int			 error;		/* errno of the first write that failed, 0 = none */
};

/* The format must be one of report_formats(). Nothing is written before the first item. */
void report_begin(struct report *r, FILE *to, const char *format, const struct report_style *style);
/* Writes the item and flushes it. The format must know the noun: report_knows(). */
void report_put(struct report *r, enum report_noun noun, const void *of);
/* The same for evidence in one line that was printed before. The format must be evidence. */
void report_put_evidence(struct report *r, const char *line);
/*
 * Writes what ends the document, if it has an item or its format wants a whole one. 0, or the
 * errno of the first write that failed.
 */
int report_end(struct report *r);
/* A document of one item: 0, or -1 and errno. */
int report_alone(FILE *to, const char *format, const struct report_style *style,
		 enum report_noun noun, const void *of);

/* Can the format print such an item? */
bool report_knows(const char *format, enum report_noun noun);
/* The formats of a command that prints these nouns (bits: 1u << REPORT_CHECK), NULL-terminated. */
const char *const *report_formats(struct arena *a, unsigned nouns);
/* Do people read it? What they were told on standard error is then not repeated in it. */
bool report_is_for_people(const char *format);

#endif
