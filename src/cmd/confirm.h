#ifndef CMD_CONFIRM_H
#define CMD_CONFIRM_H

/*
 * confirm - the question on the terminal before something that cannot be taken back.
 */

#include <stdbool.h>

#include "base/attr.h"

/* Can anybody be asked: is standard error a terminal, and is there one to read from? */
bool confirm_possible(void);

/*
 * Asks; true after "y" or "yes". False after anything else, without a terminal, and when the fiber
 * is cancelled. No time limit of its own.
 */
_waits_ bool confirm_ask(const char *question);

#endif
