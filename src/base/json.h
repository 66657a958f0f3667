#ifndef BASE_JSON_H
#define BASE_JSON_H

/*
 * json - jansson with our manners: strings of unknown origin become valid UTF-8,
 * nothing is ever NULL.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * A JSON string of any bytes: invalid ones and control characters are escaped as str_escape() does.
 * NULL gives null.
 */
json_t *json_safe(const char *s);
/* Sets key to a new reference (stolen); out of memory dies. */
void json_put(json_t *object, const char *key, json_t *value);
/* Several texts, each as json_safe() has it: key, text, key, text ... NULL. */
void json_put_texts(json_t *object, const char *key, const char *text, ...)
	__attribute__((sentinel));
void json_push(json_t *array, json_t *value);

/*
 * Are brackets nested deeper than that? To be asked before json_loadb(): it follows them with its
 * own stack, and a fiber's is small.
 */
bool json_too_deep(const char *p, size_t n, size_t depth);

/* For clean-up: _cleanup_(json_decrefp) json_t *j; it comes with jansson. */

#endif
