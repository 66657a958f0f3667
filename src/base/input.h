#ifndef BASE_INPUT_H
#define BASE_INPUT_H

/*
 * input - the bytes of a file or of standard input, block by block; what gzip has packed is
 * unpacked on the way, recognised by its first bytes, not by its name.
 *
 *	_cleanup_(input_freep) struct input *in = input_open("-");
 *	while ((n = input_read(in, &p)) > 0)
 *		use(p, n);
 *	if (n < 0)
 *		complain(input_trouble(in));
 *
 * Reading blocks: not for fibers.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct input;

/* "-" is standard input. Never NULL: what can't be opened fails at the first read. */
struct input *input_open(const char *path);
void input_free(struct input *in);		/* NULL is fine */
void input_freep(struct input **in);

/*
 * The next bytes, valid until the next call; 0 at the end, -1 when it can't be read, or not
 * unpacked. Both stay.
 */
ssize_t input_read(struct input *in, const char **ret_p);
/* What is wrong, in words: "cannot be read: No such file or directory". "" while nothing is. */
const char *input_trouble(const struct input *in);

/* How many bytes of the file itself were taken so far. */
int64_t input_taken(const struct input *in);
bool input_is_packed(const struct input *in);

/* Does it begin with the bytes that gzip writes (RFC 1952, 2.3.1)? */
bool input_looks_packed(const char *p, size_t n);

#endif
