/*
 * audit-options - the options of `audit`. What is said here holds for every target; what a line of
 * the list says outranks it.
 */
#include "cmd/audit.h"

#include <stddef.h>

#define AT(member) offsetof(struct audit_options, check.member)

/* The options of a network and of an output stand in `check`. */
static const struct opt table[] = {
	OPT_HEAD("What is asked of each target:"),
	OPT(TEXT, "ports", "LIST", AT(ports), "as for check, where the line names none"),
	OPT(LIST, "only", "GLOB", AT(ask.only),
	    "run these checks and what they need; may be repeated"),
	OPT(LIST, "skip-check", "GLOB", AT(ask.skip),
	    "leave these checks out; may be repeated"),
	OPT_SWITCH("dry-run", offsetof(struct audit_options, dry_run),
		   "ask nothing: tell for each target which credential would go where"),

	OPT_HEAD("How it is asked:"),
	OPT(TEXT, "jobs", "N", offsetof(struct audit_options, jobs),
	    "so many targets at once (16), of which 4 at one host; at a provider as its row of "
	    "providers.tsv says"),
	OPT(SECONDS, "pause", "SEC", offsetof(struct audit_options, pause_ms),
	    "leave a provider alone for so long when it answers 421 (60)"),
	OPT(TEXT, "resolver", "ADDR[:PORT]", AT(session.net.resolver),
	    "ask this resolver instead of the system's"),
	OPT(LIST, "connect-to", "HOST:PORT:ADDR:PORT", AT(session.net.connect_to),
	    "dial ADDR:PORT when HOST:PORT is meant; may be repeated"),
	OPT(TEXT, "ca-file", "FILE", AT(session.net.ca_file),
	    "trust the certificates in FILE (PEM) instead of the system's"),
	OPT_SWITCH("allow-untrusted-auth", AT(ask.allow_untrusted_auth),
	    "send the secret even if the certificate does not prove whose server it is"),
	OPT(SECONDS, "timeout", "SEC", AT(session.net.timeout_ms), "for one step (15)"),
	OPT(SECONDS, "max-time", "SEC", AT(ask.max_time_ms), "for one target (120)"),
	OPT(TEXT, "lab", "SCENARIO", AT(session.lab),
	    "start a simulated server and ask that; 'smtpwhy lab --list' names them"),

	OPT_HEAD("What is kept:"),
	OPT(TEXT, "journal", "FILE", offsetof(struct audit_options, journal),
	    "keep the evidence of each target in FILE as it ends, so that the audit can go on "
	    "after a crash"),
	OPT_SWITCH("resume", offsetof(struct audit_options, resume),
		   "go on with the audit in the journal: ask only what it does not have"),
	OPT(TEXT, "shard", "K/N", offsetof(struct audit_options, shard),
	    "ask the K-th of N parts of the list only; 'slurm' or 'kubernetes/N': K by the "
	    "environment of the job"),

	OPT_HEAD("The result:"),
	{ OPT_FORMAT, 0, "format", NULL, AT(output.format),
	  "how to print what was found of each target (evidence)", NULL },
	{ OPT_TEXT, 'o', "output", "FILE", AT(output.file), "write it to FILE", NULL },
	{ OPT_CHOICE, 0, "color", "WHEN", AT(output.color),
	  "auto (on a terminal, unless NO_COLOR is set), always or never", color_choices },
	OPT_SWITCH("strict", AT(ask.strict), "a warning counts as a problem"),
	OPT(TEXT, "codes", "FILE", AT(codes), "more rows of a table, before the built-in ones"),
	OPT_SWITCH("no-progress", AT(no_progress), "no line of progress on the terminal"),
	OPT(TEXT, "trace", "LIST", AT(session.trace),
	    "tell on standard error what the program does, as for check"),
	OPT_END
};

const struct opt_command audit_command = {
	.name = "audit",
	.operands = "FILE|-",
	.about = "Runs the checks on each target of a list: one a line, CSV with a header, or one "
		 "JSON object a line. What was seen is printed as each target ends, the summary "
		 "at the end on standard error. Exit status: 0 all good, 1 a problem was found, "
		 "2 wrong usage, 3 some could not be tested or a line was left out.",
	.table = table,
	.nouns = 1u << REPORT_CHECK,
};
