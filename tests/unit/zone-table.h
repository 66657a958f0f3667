#ifndef TESTS_UNIT_ZONE_TABLE_H
#define TESTS_UNIT_ZONE_TABLE_H

/*
 * zone-table - DNS from a table, for the evaluators of src/domain: no network, no fibers.
 *
 * What is not in the table does not exist (NXDOMAIN); of a name that is there, other types are
 * NODATA.
 * Lines: NAME TYPE VALUE, TYPE one of A AAAA MX PTR TXT CNAME SERVFAIL TIMEOUT EXISTS; the fault
 * words stand for all types that the name does not have.
 */

#include <stddef.h>

#include "domain/ask.h"

struct zone_table;

struct zone_table *zone_table_new(struct arena *a);
/* False when it is no line of the form above. \xNN, \\ and \t in a TXT value are bytes. */
bool zone_table_add(struct zone_table *z, const char *name, const char *type, const char *value);
struct domain_dns zone_table_dns(struct zone_table *z);

/* What was asked: all questions, and the rounds that were asked side by side. */
size_t zone_table_asked(const struct zone_table *z);
size_t zone_table_rounds(const struct zone_table *z);
/* The questions in order, "TYPE name", joined by ", ". */
const char *zone_table_questions(const struct zone_table *z);

#endif
