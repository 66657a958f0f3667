#ifndef REPORT_JSON_PARTS_H
#define REPORT_JSON_PARTS_H

/*
 * json-parts - what a report and an explanation have in common. Each answers a new object.
 */

#include "base/json.h"
#include "base/strv.h"
#include "sending/path.h"
#include "check/result.h"

json_t *json_role(const struct role *role);	/* its id; null when NULL */
/* Into the object: a string; one that is null when it is "" or NULL; strings; yes or no. */
void json_put_text(json_t *j, const char *key, const char *s);
void json_put_word(json_t *j, const char *key, const char *s);
void json_put_list(json_t *j, const char *key, const struct strv *l);
void json_put_bool(json_t *j, const char *key, bool b);
json_t *json_word(const char *s);		/* null when "" or NULL */
json_t *json_reply(const struct reply *r, bool with_line);	/* null when NULL */
json_t *json_diagnosis(const struct diagnosed *list, size_t n);
json_t *json_path_finding(const struct path_finding *f);
json_t *json_path_fit(const struct path_judgement *j);
/* Puts tell_apart and unknowable into the object. */
void json_apart(json_t *j, const struct apart *apart);

/* All of them, numbers and yes or no as such. */
json_t *json_facts(const struct facts *facts);

#endif
