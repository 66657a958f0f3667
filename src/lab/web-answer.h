#ifndef LAB_WEB_ANSWER_H
#define LAB_WEB_ANSWER_H

/*
 * web-answer - what goes out for one request: a scenario's steps, or a role's reply.
 * Used by webd.c only.
 */

#include "base/attr.h"
#include "lab/player.h"
#include "lab/web.h"

/*
 * Steps that have a line "200 TEXT" make an answer with header fields: TEXT and the bytes of the
 * steps after it are the body. Steps without one are sent as they are, and close the connection.
 */
_waits_ int web_send_steps(struct player *p, const struct step *steps, const struct web_request *r);
/* Gathers a reply for sending. */
void web_send_reply(struct player *p, const struct web_reply *reply, const struct web_request *r);

#endif
