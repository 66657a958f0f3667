#ifndef CMD_BROWSER_H
#define CMD_BROWSER_H

/*
 * browser - opens a page in the person's browser, if there is one.
 */

#include <stdbool.h>

/*
 * True when a browser was started (xdg-open, without a shell); whether it shows anything nobody
 * knows. The address is seen by everybody on this machine: no secret in it.
 */
bool browser_open(const char *url);

#endif
