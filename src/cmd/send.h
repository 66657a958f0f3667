#ifndef CMD_SEND_H
#define CMD_SEND_H

/*
 * send - what the files of `send` share: its options, the message made of them, and one run.
 */

#include "base/buf.h"
#include "cmd/check-options.h"
#include "cmd/progress.h"
#include "cmd/send-fetch.h"
#include "proto/letter.h"

struct send_options {
	struct ask			 ask;
	struct session_options		 session;
	struct output_options		 output;
	struct credential_options	 credentials;
	struct strv			 attach;
	struct fetch			 fetch;
	const char			*cloud, *size, *client_cert, *client_key;
	bool				 mx, yes, no_progress;
};

/* One run of the command. */
struct send_run {
	struct arena		*arena;
	struct send_options	 options;
	struct strv		 operands;
	/* the same as options of a check: that is how the server is asked */
	struct check_options	 check;
	struct session		 session;
	struct progress		 progress;
	bool			 graph;		/* by Microsoft Graph, not by SMTP */
	bool			 any_cloud;	/* nobody said which Graph is meant */
	struct ask		 ask;
	struct letter_file	 files[LETTER_FILES_MOST];
	struct buf		 file_bytes;
	struct buf		 bytes;		/* of the letter */
	struct letter_sent	 letter;
	const char		*mark;		/* "" = nothing is looked for afterwards */
	struct sent		*sent;
};

extern const struct opt_command send_command;

/*
 * Reads the command line. OPT_GO, or the exit status to end with: what can be said to be wrong
 * before anything is loaded is told, and nobody being there to consent is an error, too.
 */
int send_options_read(struct send_run *run, int argc, char **argv);

/* Reads the files of --attach. OPT_GO, or EXIT_USAGE after an error was told. */
int send_files_read(struct send_run *run);
/* Writes the message into run->letter, as run->ask says. OPT_GO, or EXIT_USAGE as above. */
int send_letter_write(struct send_run *run);
/* Its subject, also where none is given. */
const char *send_subject(const struct ask *ask);

#endif
