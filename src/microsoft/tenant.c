/*
 * tenant - the two questions about a domain, once a run.
 */
#include "microsoft/tenant.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/failure.h"
#include "base/map.h"
#include "base/str.h"
#include "base/trace.h"
#include "fiber/fiber.h"
#include "fiber/once.h"
#include "net/dns.h"
#include "net/http.h"
#include "net/inside.h"

/* The name that is asked about stands for its domain: it has to be one that no mailbox has. */
#define NOBODY "smtpwhy-asks-about-the-domain"

/* A domain of this run, asked once. */
struct asked {
	struct net		*net;
	struct once		 once;
	struct tenant		 tenant;
	const char *const	*logins;
};

static struct tenant unknown(const char *domain, const char *why)
{
	return (struct tenant) {
		.domain = domain, .state = TENANT_UNKNOWN, .why = why, .id = "", .login = "",
		.region = "", .sub_region = "", .instance = "",
		.graph = "", .realm = "", .realm_why = "", .brand = "", .sts = "",
	};
}

/* "https://login.microsoftonline.com" -> "login.microsoftonline.com" */
static const char *host_of(const char *login)
{
	return str_has_prefix(login, "https://") ? login + strlen("https://") : login;
}

static bool is_cancelled(const struct http_answer *r)
{
	return r->failure && r->failure->class == FAILURE_CANCELLED;
}

/* What came instead of the answer that was wanted, for a sentence. */
static const char *trouble(struct arena *a, const char *login, const struct http_answer *r)
{
	if (r->failure)
		return arena_strdup(a, r->failure->text);
	return arena_printf(a, "%s answers with %d%s", host_of(login), r->status,
			    r->status == 200 ? ", and not what was asked for" : "");
}

/* Asks one service for the directory. False when cancelled. */
_waits_ static bool ask_directory(struct asked *q, const char *login)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct http_request request = {
		.url = arena_printf(a, "%s/%s/v2.0/.well-known/openid-configuration", login,
				    q->tenant.domain)
	};
	struct http_answer answer;
	struct tenant *t = &q->tenant;

	http_ask(q->net, a, &request, &answer);
	if (is_cancelled(&answer))
		return false;
	t->login = login;
	t->why = "";
	if (answer.failure || !tenant_read_configuration(q->net->arena, answer.status, answer.body,
							 answer.body_len, t)) {
		t->state = TENANT_UNKNOWN;
		t->why = trouble(q->net->arena, login, &answer);
	}
	return true;
}

/* False when cancelled. */
_waits_ static bool ask_realm(struct asked *q)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct tenant *t = &q->tenant;
	struct http_request request = {
		.url = arena_printf(a, "%s/GetUserRealm.srf?login=%s&json=1", t->login,
				    http_encode(a, arena_printf(a, "%s@%s", NOBODY, t->domain)))
	};
	struct http_answer answer;

	http_ask(q->net, a, &request, &answer);
	if (is_cancelled(&answer))
		return false;
	if (answer.failure ||
	    !tenant_read_realm(q->net->arena, answer.status, answer.body, answer.body_len, t))
		t->realm_why = trouble(q->net->arena, t->login, &answer);
	return true;
}

_waits_ static bool ask(void *arg)
{
	struct asked *q = arg;
	int64_t start = clock_us();

	q->tenant = unknown(q->tenant.domain, "no sign-in service is known");
	for (const char *const *login = q->logins; *login; login++) {
		if (!ask_directory(q, *login))
			return false;
		if (q->tenant.state != TENANT_NONE)
			break;
	}
	if (q->tenant.state == TENANT_FOUND && !ask_realm(q))
		return false;
	q->tenant.us = clock_us() - start;
	trace(TRACE_HTTP, "tenant of %s: %s%s%s", q->tenant.domain,
	      tenant_state_name(q->tenant.state), *q->tenant.why ? ", " : "", q->tenant.why);
	return true;
}

/* A list of the caller's may be gone when the answer is still awaited by others. */
static const char *const *kept(struct arena *a, const char *const *logins)
{
	struct strv list = { NULL, 0, 0 };

	for (; *logins; logins++)
		strv_add(&list, a, *logins);
	if (!list.v)
		list.v = arena_alloc(a, sizeof(*list.v));
	return (const char *const *)list.v;
}

static const struct tenant *not_asked(struct net *n, const char *domain, const char *why)
{
	struct tenant *t = arena_alloc(n->arena, sizeof(*t));

	*t = unknown(arena_strdup(n->arena, domain), why);
	return t;
}

/* It becomes part of a URL: nothing but what names of domains are made of. */
static const char *plain_name(struct arena *a, const char *domain)
{
	const char *name = dns_ascii_name(a, domain);

	for (const char *p = name; p && *p; p++)
		if (!ascii_is_alnum(*p) && *p != '-' && *p != '_' && *p != '.')
			return NULL;
	return name;
}

const struct tenant *tenant_ask(struct net *n, const char *domain, const char *const *logins)
{
	const char *name = plain_name(n->arena, domain);
	struct asked *q;

	if (!name)
		return not_asked(n, domain, "it is no name that DNS can hold");
	if (!n->tenants)
		n->tenants = map_new(n->arena);
	q = map_get(n->tenants, name);
	if (!q) {
		q = arena_alloc(n->arena, sizeof(*q));
		*q = (struct asked) { .net = n, .once = ONCE_INIT, .tenant = unknown(name, ""),
				      .logins = kept(n->arena, logins) };
		map_set(n->tenants, name, q);
	}
	if (once_do(&q->once, ask, q) == 0)
		return &q->tenant;
	return not_asked(n, name, "the question was ended before there was an answer");
}
