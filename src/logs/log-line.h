#ifndef LOGS_LOG_LINE_H
#define LOGS_LOG_LINE_H

/*
 * log-line - one line of a mail server's log: whose it is, which message it is about, what became
 * of it. Pure functions; spans point into the line.
 *
 * Postfix, Exim, Sendmail, OpenSMTPD and Exchange's protocol logs are known by their form. Servers
 * log several lines about one failure (each attempt, then the outcome): where a log says what
 * became of the message, only that line counts.
 */

#include <stdbool.h>

#include "base/str.h"

enum log_kind { LOG_OTHER, LOG_POSTFIX, LOG_EXIM, LOG_SENDMAIL, LOG_OPENSMTPD, LOG_EXCHANGE };

enum fate {
	/* not a failure: delivered, or an attempt whose outcome has a line of its own */
	FATE_NONE,
	FATE_DEFERRED,		/* the server keeps the message and will try again */
	FATE_BOUNCED,		/* the server gave up */
	/* the log does not say: whether it is a failure is to be found out by its words */
	FATE_OPEN,
};

struct log_line {
	enum log_kind	 kind;
	enum fate	 fate;
	bool		 attempt;	/* FATE_NONE, and one of the lines before the outcome */
	/* of the message or the session, empty when there is none */
	struct span	 id;
	bool		 has_sender;	/* it says who sent it */
	struct span	 sender;	/* the domain; empty for the null sender <> */
	/* the other side: a host's name, else its address; empty when it is not said */
	struct span	 relay;
	struct span	 said;		/* the part of the line that tells why */
};

struct log_line log_line_read(struct span line);
/* Only whose line it is, which message it is about and who sent it: of the rest nothing is true. */
struct log_line log_line_sender(struct span line);

#endif
