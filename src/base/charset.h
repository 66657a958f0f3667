#ifndef BASE_CHARSET_H
#define BASE_CHARSET_H

/*
 * charset - bytes into text: charsets, quoted-printable, and the readable part of a file that is
 * none. Nothing fails: what a buffer can't hold is left out (its overflow says so).
 */

#include "base/buf.h"
#include "base/str.h"

/*
 * Bytes in that charset as UTF-8. An unknown charset, and bytes that are wrong in it, are
 * taken for Windows-1252.
 */
void charset_add(struct buf *to, const char *charset, struct span bytes);
/* Quoted-printable undone (RFC 2045, 6.7). */
void quoted_printable_add(struct buf *to, struct span text);
/* The readable runs in a file: UTF-16LE and ASCII, each on a line of its own. */
void readable_add(struct buf *to, struct span bytes);

#endif
