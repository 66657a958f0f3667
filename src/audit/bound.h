#ifndef AUDIT_BOUND_H
#define AUDIT_BOUND_H

/*
 * bound - which provider a credential of a list belongs to, and which logins were refused. A
 * credential is known by its file, whatever name it is reached by, never by what is in it: two
 * copies of one secret are two credentials.
 */

#include <stdbool.h>

struct arena;
struct bound;

struct bound *bound_new(struct arena *a);
/*
 * Which file a reference names, in the arena: "pw", "./pw" and a link to it are one. The reference
 * itself where there is no such file.
 */
const char *bound_file(struct arena *a, const char *reference);
/*
 * Binds a credential to whom it goes to, unless it is bound already. Answers whom it is bound to:
 * another than `to` means that it must not be used here.
 */
const char *bound_to(struct bound *b, const char *reference, const char *to);

/* A login of this user with this credential was refused: asking again may lock the account. */
void bound_refused(struct bound *b, const char *reference, const char *user);
bool bound_is_refused(const struct bound *b, const char *reference, const char *user);

#endif
