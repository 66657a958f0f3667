#ifndef PROTO_MAILBOX_FIND_H
#define PROTO_MAILBOX_FIND_H

/*
 * mailbox-find - one message among those of a mailbox that is read by IMAP: its folders, which of
 * them is for junk (RFC 6154), and the header of the message that a mark stands in. Reads only:
 * folders are opened with EXAMINE, headers fetched with BODY.PEEK (RFC 9051, 6.3.3 and 6.4.5), so
 * nothing is marked as read.
 *
 *	struct mailbox_folders all;
 *	struct mailbox_found found;
 *
 *	if (mailbox_folders(m, &all))
 *		for (...)
 *			if (mailbox_find(m, &all.v[i], mark, since, &found) && found.header)
 *				...
 */

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/attr.h"
#include "proto/mailbox.h"

/* In the order in which they are looked at. */
enum folder_role { FOLDER_INBOX, FOLDER_JUNK, FOLDER_OTHER, FOLDER_OWN /* sent, drafts */ };
/* "inbox", "junk", "other", "own" */
const char *folder_role_name(enum folder_role r);

enum { MAILBOX_FOLDERS_MOST = 200 };

struct mailbox_folder {
	const char		*name;		/* as the server writes it, modified UTF-7 */
	enum folder_role	 role;
	bool			 closed;	/* \Noselect: it can't be opened */
};

struct mailbox_folders {
	struct mailbox_folder	*v;		/* INBOX first, then those for junk */
	size_t			 n;
};

/* All of them, at most MAILBOX_FOLDERS_MOST. False when the server refused (mailbox_failure()). */
_waits_ bool mailbox_folders(struct mailbox *m, struct mailbox_folders *ret);

struct mailbox_found {
	const char	*header;	/* as it is stored, at most 128 KiB; NULL = not there */
};

/*
 * Looks into one folder for a message that has the mark in its Message-ID or its text and that came
 * since the day before `since`. The mark holds letters, digits and hyphens. False when the server
 * refused or the session broke; a folder that can't be opened is one that holds nothing.
 */
_waits_ bool mailbox_find(struct mailbox *m, const struct mailbox_folder *folder, const char *mark,
			  time_t since, struct mailbox_found *ret);

/* --- the answers; pure --- */

/* 'LIST (\HasNoChildren \Junk) "/" "Junk Email"'. False when it is nothing of the kind. */
bool mailbox_read_folder(struct arena *a, const char *line, struct mailbox_folder *ret);
/* "SEARCH 4 7 12": the last number; 0 = none, or another line. */
unsigned long mailbox_read_search(const char *line);
/* '12 FETCH (BODY[HEADER]<0> {310}', then the bytes: those; NULL = another line. */
const char *mailbox_read_header(struct arena *a, const char *line);

#endif
