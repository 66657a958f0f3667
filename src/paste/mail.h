#ifndef PASTE_MAIL_H
#define PASTE_MAIL_H

/*
 * mail - a paste that is a message, a saved Outlook item or HTML, made into the text that a person
 * would see. What it is not, stays as it is.
 *
 *	message (headers, MIME)		its text parts and delivery reports; of a message that comes
 *					back only whom it was from and to
 *	.msg (OLE compound file)	its readable runs of text
 *	HTML				its words
 *
 * Bounded by LIMIT_PASTE. Nothing in it is executed or fetched.
 */

#include "base/arena.h"
#include "base/buf.h"
#include "base/charset.h"
#include "base/str.h"

enum mail_kind { MAIL_NONE, MAIL_MESSAGE, MAIL_OUTLOOK, MAIL_HTML };

struct mail {
	enum mail_kind	 kind;		/* MAIL_NONE: read the paste itself */
	struct span	 text;		/* what to read in its place; in the arena; may hold NULs */
	/* how it was read, if that is worth knowing: one sentence; "" = nothing to say */
	const char	*note;
	/* Of the message that came back; "" unknown. As they stand in its headers. */
	const char	*from, *to, *id;
};

/* What is no message: the paste as it is. */
struct mail mail_none(struct span paste);

/*
 * Never fails: what can't be read as a message is left for the caller to read as text, and the note
 * says so. library: GMime's file, NULL = its usual name. On the main stack only.
 */
void mail_read(struct arena *a, struct span paste, const char *library, struct mail *ret);

/* --- the parts it is made of --- */

/*
 * html.c: the words of HTML: tags left out, entities decoded, blocks and line breaks as line ends,
 * scripts and styles skipped. An address in angle brackets is no tag.
 */
void html_add(struct buf *to, struct span html);
/* Is it HTML, and not a text that names a tag? */
bool html_likely(struct span text);

#endif
