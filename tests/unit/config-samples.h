#ifndef TESTS_CONFIG_SAMPLES_H
#define TESTS_CONFIG_SAMPLES_H

/*
 * config-samples - files of programs that are rows alone, what their variables are written in, and
 * values that are judged whatever the program; for t-config.
 */

#include <stddef.h>

/* A text, and what it says: "host port tls auth user password from | notes". */
struct config_sample { const char *what, *file, *text, *want; };

extern const struct config_sample config_samples[];
extern const size_t n_config_samples;

#endif
