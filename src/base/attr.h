#ifndef BASE_ATTR_H
#define BASE_ATTR_H

/*
 * attr - the compiler extensions we use, under names that say what they mean. Nothing
 * else of GNU C is used.
 */

/* unused: some are there for their end alone */
#define _cleanup_(f)	__attribute__((cleanup(f), unused))
#define _printf_(a, b)	__attribute__((format(printf, a, b)))
#define _must_		__attribute__((warn_unused_result))
#define _unused_	__attribute__((unused))
#define _noreturn_	__attribute__((noreturn))

/*
 * Marks a function that may suspend the calling fiber: nothing reached through a shared pointer is
 * safe across it.
 */
#define _waits_

#define ARRAY_LEN(a)	(sizeof(a) / sizeof((a)[0]))

#endif
