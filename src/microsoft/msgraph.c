#include "microsoft/msgraph.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"
#include "net/http.h"

enum { LITERAL_MAX = 2048 };

/* A string of OData: a quote in it is there twice. */
static const char *literal(struct arena *a, const char *text)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LITERAL_MAX);

	for (; *text; text++) {
		if (*text == '\'')
			buf_addc(&b, '\'');
		buf_addc(&b, *text);
	}
	return arena_printf(a, "'%s'", buf_str(&b));
}

char *msgraph_sign_ins_path(struct arena *a, const char *user, time_t since)
{
	/* The log has names in lower case, and compares them byte by byte. */
	const char *filter = arena_printf(a, "userPrincipalName eq %s and clientAppUsed eq "
					  "'Authenticated SMTP' and createdDateTime ge %s",
					  literal(a, str_lower(a, user)), clock_utc(a, since));

	return arena_printf(a, "/v1.0/auditLogs/signIns?$top=50&$filter=%s",
			    http_encode(a, filter));
}

void msgraph_sign_ins(struct net *n, struct arena *a, const struct service *s, const char *user,
		      time_t since, struct service_answer *ret)
{
	service_ask(n, a, s,
		    &(struct service_request) { .path = msgraph_sign_ins_path(a, user, since),
						.pages = 3 },
		    ret);
}

void msgraph_security_defaults(struct net *n, struct arena *a, const struct service *s,
			       struct service_answer *ret)
{
	service_ask(
		n, a, s,
		&(struct service_request) { .path = "/v1.0/policies/"
						    "identitySecurityDefaultsEnforcementPolicy" },
		ret);
}

void msgraph_policies(struct net *n, struct arena *a, const struct service *s,
		      struct service_answer *ret)
{
	service_ask(n, a, s,
		    &(struct service_request) { .path = "/v1.0/identity/conditionalAccess/policies",
						.pages = 4 },
		    ret);
}

void msgraph_user(struct net *n, struct arena *a, const struct service *s, const char *user,
		  struct service_answer *ret)
{
	const char *path = arena_printf(a, "/v1.0/users/%s?$select=id,accountEnabled,"
					"userPrincipalName,assignedPlans", http_encode(a, user));

	service_ask(n, a, s, &(struct service_request) { .path = path }, ret);
}
