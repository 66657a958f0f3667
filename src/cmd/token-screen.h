#ifndef CMD_TOKEN_SCREEN_H
#define CMD_TOKEN_SCREEN_H

/*
 * token-screen - what a person has to do for a sign-in, on standard error: the code in letters that
 * can be read across a desk, and a line that counts down.
 */

#include <stdbool.h>
#include <stdint.h>

#include "cmd/progress.h"

struct token_screen {
	struct progress	 progress;
	bool		 terminal;
	bool		 color, unicode;
	unsigned	 columns;
	/* the last trouble that was told, when there's no terminal */
	const char	*told;
};

void token_screen_init(struct token_screen *s);
/* user: "" unknown. opened: a browser was started with the page. */
void token_screen_code(const struct token_screen *s, const char *user, const char *url,
		       const char *code, int64_t expires_in, bool opened);
void token_screen_visit(const struct token_screen *s, const char *user, const char *url,
			bool opened);
/* Fits oauth_device_wait(). */
void token_screen_tick(void *screen, int64_t left_s, const char *trouble);
void token_screen_end(struct token_screen *s);

#endif
