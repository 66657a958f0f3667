#ifndef BASE_REDACT_H
#define BASE_REDACT_H

/*
 * redact - what a peer says must not bring a secret of this run into the report: a server may quote
 * the command that it did not understand, an HTTP service the client secret that it refuses.
 *
 * One filter, at the places where text enters evidence: replies, header fields, bodies, decoded
 * members. It finds any run of 8 or more bytes of a secret (the whole of one of 4 to 7 bytes;
 * shorter ones would be found in any text), letters' case ignored, as it is, in base64 (at any
 * offset, padded or not, either alphabet), in hexadecimal, percent-encoded, escaped as in JSON,
 * HTML or quoted-printable, and these inside each other, up to three deep. What is found is
 * overwritten with stars, so a text keeps its length.
 *
 * What is public in this run is left alone, even if a secret has it in common: names that
 * redact_public() was told, and the words of the table of known replies. To strike "Password" out
 * of a server's usual sentence would hide nothing: it would tell what is in the secret, and hide
 * the cause.
 *
 * Not for use by two threads. Never waits. Time: linear in the text; a text of 2 MB takes some
 * hundredths of a second.
 */

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* From now on p[0..n) is a secret, to the end of the run. It is copied into memory that no core
 * file holds. secret_new() does it. Of more than LIMIT_REDACT bytes of secrets in all, the oldest
 * are forgotten. */
void redact_secret(const char *p, size_t n);
/* The private key in a text: the lines between BEGIN and END of each key in PEM, also where a JSON
 * string holds it. */
void redact_private_key(const char *p, size_t n);
/* What everybody may read: a host, a user name, an address, an argument of the command line. NULL
 * is fine; copied. */
void redact_public(const char *text);

/* Overwrites what p[0..n) holds of a secret with stars. True when there was something. */
bool redact(char *p, size_t n);
/* The same for a text that was cut into pieces, such as the lines of a reply: also finds what
 * begins in one and goes on in the next. */
struct redact_piece {
	char	*p;
	size_t	 n;
};
bool redact_pieces(const struct redact_piece *pieces, size_t count);
/* A copy of text without what it holds of a secret. */
char *redacted(struct arena *a, const char *text);

/* Forgets all secrets, and wipes the memory that held them. For the end of the run. */
void redact_end(void);

#endif
