#ifndef REPORT_WIDTH_H
#define REPORT_WIDTH_H

/*
 * width - how many columns of a terminal a text takes: East Asian wide letters and emoji take
 * two, combining marks none. The text is valid UTF-8 without control characters, as
 * str_escape() makes it.
 */

#include <stddef.h>

unsigned width_of(const char *s);
unsigned width_of_bytes(const char *p, size_t n);

#endif
