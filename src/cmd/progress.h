#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

/*
 * progress - one line on standard error that says what is being done, when that is a terminal;
 * erased at the end.
 */

#include <stdbool.h>

struct progress {
	bool	on;
	bool	dirty;
};

void progress_init(struct progress *p, bool wanted);
void progress_show(void *p, const char *what);	/* fits ask->progress */
void progress_erase(struct progress *p);

#endif
