#ifndef FIBER_GATE_H
#define FIBER_GATE_H

/*
 * gate - so many at once, per key: at most N connections to one provider, one check at a time on
 * one connection. First come, first in.
 */

#include "fiber/fiber.h"

struct gate;

struct gate *gate_new(unsigned per_key);
void gate_free(struct gate *g);				/* nobody may be inside; NULL is fine */
/* 0 = inside, must leave; -ECANCELED, -ETIMEDOUT = not inside. */
_waits_ int gate_enter(struct gate *g, const char *key);
void gate_leave(struct gate *g, const char *key);

#endif
