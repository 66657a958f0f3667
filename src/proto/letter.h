#ifndef PROTO_LETTER_H
#define PROTO_LETTER_H

/*
 * letter - writes a test message as RFC 5322 text: header, a text, and files as MIME parts
 * (RFC 2045, RFC 2046), padded to a size that was asked for.
 *
 *	struct letter l = { .from = "a@example.com", .to = "b@example.net", .subject = "Test",
 *			    .mark = letter_mark(a), .text = "Hello.\r\n" };
 *	struct letter_sent out;
 *	const char *why = letter_write(&b, a, &l, &out);
 *
 * It is marked as made by a machine (RFC 3834) and carries nothing that reports back. Pure but for
 * the clock and the random numbers of the mark.
 */

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;

/* bytes; 150 MB is the most that Exchange Online can be set to accept */
enum { LETTER_MOST = 150 * 1024 * 1024, LETTER_FILES_MOST = 16 };

struct letter_file {
	const char	*name;		/* without a folder; any UTF-8 without control characters */
	const char	*bytes;
	size_t		 n;
};

struct letter {
	const char		*from, *to;	/* bare addresses */
	const char		*subject;	/* UTF-8 without control characters */
	const char		*mark;		/* letter_mark() */
	const char		*text;		/* lines that end in CRLF, at most 998 bytes each */
	const struct letter_file *files;	/* base64; at most LETTER_FILES_MOST */
	size_t			 n_files;
	size_t			 size;		/* octets in all (RFC 1870, 3); 0 = as it comes */
};

/* A message that is ready: what a client has to tell the server about it. */
struct letter_sent {
	const char	*bytes;			/* in the buffer it was written to */
	size_t		 n;			/* octets as RFC 1870, 3 counts them */
	const char	*id;			/* Message-ID with brackets */
	const char	*mark;
	bool		 eight_bit;		/* BODY=8BITMIME has to be declared (RFC 6152, 3) */
};

/* "smtpwhy-" and 32 hexadecimal digits: found again in Message-ID and text. */
const char *letter_mark(struct arena *a);

/* Appends the message to b. NULL, or why it can't be written: one sentence without a full stop. */
const char *letter_write(struct buf *b, struct arena *a, const struct letter *l,
			 struct letter_sent *ret);

#endif
