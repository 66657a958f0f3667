#ifndef PASTE_BOUNCE_H
#define PASTE_BOUNCE_H

/*
 * bounce - who of the recipients did not get it, which server refused it, and which one says so:
 * read from the fields of a delivery report (RFC 3464) and from the words of Exchange, Exim,
 * Postfix, qmail, sendmail, Google and their kin.
 */

#include "base/failure.h"
#include "paste/paste.h"

/* One recipient that failed. Strings are "" when unknown. */
struct delivery {
	const char	*recipient;	/* address */
	const char	*server;	/* that refused it: the name, else the address */
	const char	*status;	/* of the report: "5.1.1" */
	size_t		 line;		/* of paste_lines: where the refusal stands */
	/* a server's or a program's words are there, not a status alone */
	bool		 has_text;
	enum stage	 stage;		/* by words around it (qmail); STAGE_UNKNOWN */
};

struct bounce {
	struct delivery	*v;
	size_t		 n;
	const char	*reporter;	/* the server that wrote the bounce; "" */
};

enum { LIMIT_DELIVERIES = 256 };

/* The first mail address in a line; an empty span when there is none. */
struct span paste_address(struct span line);

/* found: the replies of these lines, which tell where refusals are. */
struct bounce bounce_read(struct arena *a, const struct paste_lines *lines,
			  const struct found_replies *found);

/*
 * Adds a reply for each recipient of whom the report has a status and no words ("Status:
 * 5.4.4"), once each.
 */
void bounce_add_statuses(struct arena *a, const struct bounce *b, const struct paste_lines *lines,
			 struct found_replies *found);

/*
 * Where the message that came back begins: the lines from there on are not the mail system's.
 * lines->n when nothing came back.
 */
size_t bounce_end(const struct paste_lines *lines);

/*
 * The deliveries a reply is about, as one number for all of the same set (from 1; 0 = none is
 * known), the first server of theirs, and a list of their recipients for a sentence: "a@x, b@x and
 * 3 more"; "" = none.
 */
size_t bounce_of_reply(struct arena *a, const struct bounce *b, const struct paste_lines *lines,
		       const struct found_reply *f, const char **ret_server,
		       const char **ret_recipients);

#endif
