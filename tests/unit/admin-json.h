#ifndef TESTS_ADMIN_JSON_H
#define TESTS_ADMIN_JSON_H

/*
 * admin-json - what the services answer an administrator, as tests write it: JSON with ' for ".
 */

#include "base/arena.h"

#define APPID "11111111-2222-3333-4444-abcdefabcdef"
#define OID "99999999-2222-3333-4444-abcdefabcdef"
#define OTHER "88888888-2222-3333-4444-abcdefabcdef"
#define ME "'PrimarySmtpAddress':'scan@contoso.com','UserPrincipalName':'scan@contoso.com'"

static inline char *json(struct arena *a, const char *text)
{
	char *s = arena_strdup(a, text);

	for (char *p = s; *p; p++)
		*p = *p == '\'' ? '"' : *p;
	return s;
}

#endif
