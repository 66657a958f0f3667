#ifndef MESSAGE_INSIDE_H
#define MESSAGE_INSIDE_H

/*
 * inside - the steps in which message_read() reads a header, in this order. Nobody else includes
 * it.
 */

#include "message/message.h"

/* hops.c: Received lines in order, delays, clocks, who waited, loops; the border of the receiver.
 */
void hops_read(struct message *m);
/* Is it a host of Microsoft's mail service? */
bool host_is_microsoft(const char *host);
/* Which field is the Received line of that hop; fields.n when there is none. */
size_t hop_field(const struct message *m, size_t hop);

/* microsoft.c: what Microsoft wrote, what only looks like it. */
void microsoft_read(struct message *m);
bool microsoft_found_clean(const struct message *m);
bool microsoft_found_spam(const struct message *m);

/* auth.c: who says what about the sender, and whose words count. */
void auth_read(struct message *m);
void auth_of_filter(struct message *m);

/* path.c: by which way it came. */
void path_read(struct message *m);

/* verified.c: what message_verify() left. */
void verified_facts(const struct message *m, struct facts *f);

/* decode.c: what the table knows of the fields' values. */
void decode_all(struct message *m);

#endif
