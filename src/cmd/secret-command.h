#ifndef CMD_SECRET_COMMAND_H
#define CMD_SECRET_COMMAND_H

/*
 * secret-command - runs a command of the shell for the secret that it prints: --password-command
 * and its like.
 *
 * It has 60 seconds (or what SMTPWHY_COMMAND_TIME says, 1 to 86400): a command that waits for
 * somebody who is not there, or leaves a process behind that holds its output open, must not hold
 * us up for ever. Then it is killed, with all that it started where there is no terminal; at one it
 * stays in the terminal's foreground, for it may have to ask, and it alone is killed.
 */

#include <stdbool.h>

struct arena;
struct buf;

/*
 * Puts what the command prints into b, which is to be wiped. False and *ret_error, the end of a
 * sentence that begins with "the password command": "failed with status 3". *ret_signal: the signal
 * that we got meanwhile, 0 = none. Not from inside a fiber.
 */
bool secret_command(struct arena *a, const char *command, struct buf *b, const char **ret_error,
		    int *ret_signal);

#endif
