#ifndef CMD_FROM_LIST_H
#define CMD_FROM_LIST_H

/*
 * from-list - the file of --from-list: one address a line; empty lines, and lines that begin with
 * #, count for nothing.
 */

#include "base/str.h"
#include "base/strv.h"

struct arena;

enum { FROM_LIST_MOST = 200 };

/*
 * Could it stand in MAIL FROM or RCPT TO? A local part and a domain, no blank, no line end, no
 * brackets, no colon in the local part (RFC 5321, 4.1.2).
 */
bool is_mail_address(const char *s);

/*
 * Reads it. NULL, or one line saying what is wrong and where: "line 3: not a valid mail address
 * (1 character)"; the bytes of the file are not quoted. An address that is there twice is taken
 * once.
 */
const char *from_list_parse(struct arena *a, struct span text, struct strv *ret);
/* The same of a file; "-" is standard input. Blocks: not for fibers. */
const char *from_list_read(struct arena *a, const char *path, struct strv *ret);

#endif
