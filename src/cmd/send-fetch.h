#ifndef CMD_SEND_FETCH_H
#define CMD_SEND_FETCH_H

/*
 * send-fetch - whether the message arrived: it is looked for in the recipient's mailbox by IMAP,
 * and the copy that was delivered is read as `headers` does (--fetch).
 *
 * By our own dialogue (proto/mailbox.h), not by libcurl: it has the rules for secrets, the limits,
 * the certificate's judgement and the trace that the rest of the program has.
 */

#include "base/attr.h"
#include "cmd/credentials.h"
#include "cmd/opt.h"
#include "report/report.h"

struct arena;
struct know;
struct mailbox;
struct net;
struct progress;

struct fetch {
	/* of the options */
	const char			*from;		/* "imaps://ann@imap.example.net"; NULL */
	struct mailbox_source		 secret;
	int64_t				 wait_ms;	/* 0 = as usual */
	bool				 untrusted;	/* --allow-untrusted-auth */

	/* of fetch_read() and fetch_credentials() */
	const char			*url, *host, *user;
	struct secret			*password, *token;

	/* of the session */
	struct net			*net;
	struct arena			*arena;
	struct mailbox			*mailbox;
	struct arrival			 arrival;
};

#define FETCH_OPTIONS(type) \
	OPT(TEXT, "fetch", "URL", offsetof(type, fetch.from), \
	    "look for the message in the recipient's mailbox, imaps://USER@HOST or imap:// with " \
	    "STARTTLS, inbox and junk, and say why it is there"), \
	OPT(SECONDS, "wait", "SEC", offsetof(type, fetch.wait_ms), \
	    "look for so long, at most an hour (60)"), \
	OPT(TEXT, "fetch-password-file", "FILE", offsetof(type, fetch.secret.password_file), \
	    "read the mailbox's password from FILE"), \
	OPT(TEXT, "fetch-password-command", "COMMAND", \
	    offsetof(type, fetch.secret.password_command), \
	    "run COMMAND and take what it prints; else the environment's SMTPWHY_FETCH_PASSWORD, " \
	    "else you are asked"), \
	OPT(TEXT, "fetch-token-file", "FILE", offsetof(type, fetch.secret.token_file), \
	    "read an OAuth access token for IMAP from FILE"), \
	OPT(TEXT, "fetch-token-command", "COMMAND", offsetof(type, fetch.secret.token_command), \
	    "run COMMAND and take what it prints; else the environment's SMTPWHY_FETCH_TOKEN")

/* Reads the address of the mailbox. OPT_GO, or EXIT_USAGE after an error was told. */
int fetch_read(struct fetch *f, struct arena *a);
/* Gets the secret. OPT_GO, or EXIT_USAGE as above. */
int fetch_credentials(struct fetch *f);

/*
 * Connects and logs in, before anything is sent: a mailbox that can't be read is known in time.
 * NULL, or why it can't.
 */
_waits_ const char *fetch_open(struct fetch *f);
/* Looks for the message until it is there or the time is over: f->arrival. */
_waits_ void fetch_look(struct fetch *f, const char *mark, const struct know *know,
			struct progress *progress);
void fetch_close(struct fetch *f);

#endif
