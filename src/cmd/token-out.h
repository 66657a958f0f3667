#ifndef CMD_TOKEN_OUT_H
#define CMD_TOKEN_OUT_H

/*
 * token-out - a token alone in a file, for a program that takes it from there (--token-out).
 */

struct arena;
struct secret;

/*
 * Writes it whole or not at all, into a new file that only we can read and that then takes the
 * place of what stood there: who had opened that one before, or has a link to it, sees nothing of
 * it. A link, and a file of somebody else, are refused; a pipe or a device is written to. NULL, or
 * what is wrong.
 */
const char *token_out(struct arena *a, const char *path, const struct secret *token);

#endif
