/*
 * graph - Microsoft Graph, as far as it tells why mail can't be sent: the sign-in
 * log, policies, users.
 */
#include "lab/cloud/graph.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/scan.h"
#include "lab/cloud/entra.h"
#include "lab/cloud/jwt.h"
#include "lab/line.h"

enum { GRAPH_PAGE = 100 };

void graph_refuse(struct graph_request *g, int status, const char *code, const char *message)
{
	struct arena *a = g->c->arena;
	json_t *j = json_object(), *error = json_object(), *inner = json_object();
	const char *id = guid_new(a);

	json_put_texts(inner, "date", clock_utc(a, clock_wall()),
		"request-id", id,
		"client-request-id", id, NULL);
	json_put_texts(error, "code", code,
		"message", message, NULL);
	json_put(error, "innerError", inner);
	json_put(j, "error", error);
	web_json(g->c->reply, a, status, j);
	web_add_field(g->c->reply, a, "request-id", id);
}

bool graph_may(struct graph_request *g, const char *permissions)
{
	struct scan s = scan_over(permissions, strlen(permissions));

	for (struct span w = line_word(&s); w.len > 0; w = line_word(&s))
		if (cloud_permits(g->claims, span_dup(g->c->arena, w)))
			return true;
	graph_refuse(g, 403, "Authorization_RequestDenied",
		     "Insufficient privileges to complete the operation.");
	return false;
}

static const char *query(const struct graph_request *g, const char *name)
{
	const char *value = map_get(g->query, name);

	return value ? value : "";
}

void graph_list(struct graph_request *g, json_t *list)
{
	struct arena *a = g->c->arena;
	unsigned long top = GRAPH_PAGE, from = 0;
	json_t *j = json_object(), *page = json_array();
	size_t n = json_array_size(list);

	str_number(query(g, "$top"), 1000, &top);
	str_number(query(g, "$skiptoken"), n, &from);
	for (size_t i = from; i < n && i < from + top; i++)
		json_push(page, json_incref(json_array_get(list, i)));
	json_put(j, "@odata.context",
		 json_safe(arena_printf(a, "https://%s/v1.0/$metadata", g->c->server->host)));
	if (from + top < n)
		json_put(j, "@odata.nextLink", json_safe(arena_printf(
			a, "https://%s%s?$top=%lu&$filter=%s&$skiptoken=%lu", g->c->server->host,
			g->c->request->path, top, web_encode(a, query(g, "$filter")), from + top)));
	json_put(j, "value", page);
	json_decref(list);
	web_json(g->c->reply, a, 200, j);
}

/* --- the sign-in log --- */

/* What a filter wants; the only clauses that are known. */
struct filter {
	const char	*user, *client;
	time_t		 since;
	bool		 failed;
};

/*
 * "clientAppUsed eq 'Authenticated SMTP' and createdDateTime ge 2026-11-20T00:00:00Z". False: a
 * clause that nobody knows.
 */
static bool read_filter(struct arena *a, const char *text, struct filter *f)
{
	struct scan s = scan_over(text, strlen(text));

	*f = (struct filter) { .user = NULL };
	for (scan_blanks(&s); !scan_done(&s); scan_blanks(&s)) {
		struct span name = line_word(&s), operator = line_word(&s), value;

		scan_blanks(&s);
		if (scan_accept(&s, '\'')) {
			value = scan_until(&s, "'");
			if (!scan_accept(&s, '\''))
				return false;
		} else {
			value = line_word(&s);
		}
		if (span_eq(name, "userPrincipalName") && span_eq(operator, "eq"))
			f->user = span_dup(a, value);
		else if (span_eq(name, "clientAppUsed") && span_eq(operator, "eq"))
			f->client = span_dup(a, value);
		else if (span_eq(name, "status/errorCode") && span_eq(operator, "ne") &&
			 span_eq(value, "0"))
			f->failed = true;
		else if (!span_eq(name, "createdDateTime") ||
			 !(span_eq(operator, "ge") || span_eq(operator, "gt")) ||
			 clock_parse(span_dup(a, value), &f->since) != 0)
			return false;
		scan_blanks(&s);
		if (!scan_done(&s) && !span_eq(line_word(&s), "and"))
			return false;
	}
	return true;
}

static json_t *policies_of(const struct tenant_signin *l)
{
	json_t *list = json_array(), *one;

	if (!*l->policy)
		return list;
	one = json_object();
	json_put_texts(one, "displayName", l->policy,
		"result", l->number ? "failure" : "success", NULL);
	json_push(list, one);
	return list;
}

static json_t *signin_of(struct graph_request *g, const struct tenant_signin *l)
{
	const struct tenant_user *u = tenant_user(g->tenant, l->user);
	json_t *j = json_object(), *status = json_object();
	time_t when = (time_t)(tenant_now(g->tenant) - (int64_t)l->minutes * 60);
	const char *applied = l->number ? "failure" : "success";

	json_put_texts(j, "id", guid_new(g->c->arena),
		"createdDateTime", clock_utc(g->c->arena, when),
		"userPrincipalName", l->user,
		"userId", u ? u->id : "00000000-0000-0000-0000-000000000000",
		"appDisplayName", l->app,
		"resourceDisplayName", "Office 365 Exchange Online",
		"ipAddress", l->ip,
		"clientAppUsed", l->client,
		"correlationId", guid_new(g->c->arena),
		"conditionalAccessStatus", *l->policy ? applied : "notApplied", NULL);
	json_put(j, "appliedConditionalAccessPolicies", policies_of(l));
	json_put(status, "errorCode", json_integer(l->number));
	json_put(status, "failureReason",
		 json_safe(l->number ? entra_reason(g->c->arena, l->number) : "Other."));
	json_put(j, "status", status);
	return j;
}

static void signins(struct graph_request *g)
{
	json_t *list;
	struct filter f;

	if (!cloud_permits(g->claims, "AuditLog.Read.All")) {
		graph_refuse(g, 403, "Authentication_MSGraphPermissionMissing",
			     "The principal does not have required Microsoft Graph permission(s): "
			     "AuditLog.Read.All to call this API.");
		return;
	}
	if (g->tenant->no_premium) {
		graph_refuse(g, 403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
			     "Neither tenant is B2C or tenant doesn't have premium license");
		return;
	}
	if (!read_filter(g->c->arena, query(g, "$filter"), &f)) {
		graph_refuse(g, 400, "BadRequest", "Invalid filter clause");
		return;
	}
	list = json_array();
	for (const struct tenant_signin *l = g->tenant->signins; l; l = l->next) {
		int64_t when = tenant_now(g->tenant) - (int64_t)l->minutes * 60;

		if ((!f.user || str_eq_nocase(f.user, l->user)) &&
		    (!f.client || str_eq_nocase(f.client, l->client)) &&
		    (!f.failed || l->number != 0) && when >= (int64_t)f.since)
			json_push(list, signin_of(g, l));
	}
	graph_list(g, list);
}

/* --- policies --- */

static void security_defaults(struct graph_request *g)
{
	json_t *j;

	if (!graph_may(g, "Policy.Read.All"))
		return;
	j = json_object();
	json_put_texts(j, "id", "00000000-0000-0000-0000-000000000005",
		"displayName", "Security Defaults", NULL);
	json_put(j, "isEnabled", json_boolean(g->tenant->security_defaults));
	web_json(g->c->reply, g->c->arena, 200, j);
}

static json_t *policy_of(struct graph_request *g, const struct tenant_policy *p)
{
	json_t *j = json_object(), *conditions = json_object(), *clients = json_array(),
		*grant = json_object(), *controls = json_array();
	struct scan s = scan_over(p->clients, strlen(p->clients));

	while (!scan_done(&s)) {
		json_push(clients, json_safe(span_dup(g->c->arena, scan_until(&s, ","))));
		scan_accept(&s, ',');
	}
	json_put(conditions, "clientAppTypes", clients);
	json_push(controls, json_string("block"));
	json_put(grant, "builtInControls", controls);
	json_put_texts(j, "id", guid_new(g->c->arena),
		"displayName", p->name,
		"state", p->state, NULL);
	json_put(j, "conditions", conditions);
	json_put(j, "grantControls", grant);
	return j;
}

static void policies(struct graph_request *g)
{
	json_t *list;

	if (!graph_may(g, "Policy.Read.All Policy.Read.ConditionalAccess"))
		return;
	list = json_array();
	for (const struct tenant_policy *p = g->tenant->policies; p; p = p->next)
		json_push(list, policy_of(g, p));
	graph_list(g, list);
}

/* --- users --- */

const struct tenant_user *graph_user(struct graph_request *g, const char *path,
				     const char **ret_rest)
{
	struct scan s = scan_over(path, strlen(path));
	const struct tenant_user *u = g->me;

	*ret_rest = NULL;
	if (scan_accept_str(&s, "/me")) {
		if (!scan_done(&s) && scan_peek(&s) != '/')
			return NULL;
		*ret_rest = span_dup(g->c->arena, scan_rest(&s));
		if (!u)
			graph_refuse(g, 400, "BadRequest", "/me request is only valid with "
				     "delegated authentication flow.");
		return u;
	}
	if (!scan_accept_str(&s, "/users/"))
		return NULL;
	u = tenant_user(g->tenant, span_dup(g->c->arena, scan_until(&s, "/")));
	*ret_rest = span_dup(g->c->arena, scan_rest(&s));
	if (!u)
		graph_refuse(g, 404, "Request_ResourceNotFound", "Resource does not exist or one "
			     "of its queried reference-property objects are not present.");
	return u;
}

static void put_wanted(const struct graph_request *g, json_t *to, const char *name, json_t *stolen)
{
	const char *select = query(g, "$select");

	if (!*select || str_find_nocase(select, name))
		json_put(to, name, stolen);
	else
		json_decref(stolen);
}

static void user(struct graph_request *g, const struct tenant_user *u)
{
	struct arena *a = g->c->arena;
	json_t *j, *plans, *proxies, *plan;
	bool mailbox = str_in(u->mailbox, "user|shared");

	if (!graph_may(g, u == g->me ? "User.Read User.Read.All Directory.Read.All" :
			  "User.Read.All Directory.Read.All User.ReadBasic.All"))
		return;
	j = json_object();
	plans = json_array();
	proxies = json_array();
	if (str_eq(u->mailbox, "user")) {
		plan = json_object();
		json_put_texts(plan, "service", "exchange",
			"capabilityStatus", "Enabled", NULL);
		json_push(plans, plan);
	}
	if (!str_eq(u->mailbox, "none"))
		json_push(proxies, json_safe(arena_printf(a, "SMTP:%s", u->name)));
	put_wanted(g, j, "id", json_safe(u->id));
	put_wanted(g, j, "userPrincipalName", json_safe(u->name));
	put_wanted(g, j, "displayName", json_safe(u->display));
	put_wanted(g, j, "mail",
		   mailbox || str_eq(u->mailbox, "mailuser") ? json_safe(u->name) : json_null());
	put_wanted(g, j, "accountEnabled", json_boolean(!u->disabled));
	put_wanted(g, j, "assignedPlans", plans);
	put_wanted(g, j, "proxyAddresses", proxies);
	put_wanted(g, j, "onPremisesSyncEnabled",
		   str_eq(u->mailbox, "mailuser") ? json_true() : json_null());
	web_json(g->c->reply, a, 200, j);
}

/* --- who asks, and what --- */

static const char *token_trouble(const char *why)
{
	if (str_eq(why, "missing"))
		return "Access token is empty.";
	if (str_eq(why, "expired"))
		return "Lifetime validation failed, the token is expired.";
	return "IDX14100: JWT is not well formed.";
}

static bool identify(struct graph_request *g)
{
	const char *why, *aud;

	g->claims = cloud_bearer(g->c, &why);
	if (!g->claims) {
		graph_refuse(g, 401, "InvalidAuthenticationToken", token_trouble(why));
		return false;
	}
	aud = jwt_text(g->claims, "aud");
	if (!str_eq(aud, arena_printf(g->c->arena, "https://%s", g->c->server->host)) &&
	    !str_eq(aud, "00000003-0000-0000-c000-000000000000")) {
		graph_refuse(g, 401, "InvalidAuthenticationToken",
			     "Access token validation failure. Invalid audience.");
		return false;
	}
	for (const struct lab_tenant *t = g->c->scenario->tenants; t && !g->tenant; t = t->next)
		if (str_eq(t->id, jwt_text(g->claims, "tid")))
			g->tenant = t;
	if (!g->tenant) {
		graph_refuse(g, 401, "InvalidAuthenticationToken",
			     "The tenant of the token is not known.");
		return false;
	}
	g->me = tenant_user(g->tenant, jwt_text(g->claims, "upn"));
	g->app = tenant_app(g->tenant, jwt_text(g->claims, "appid"));
	return true;
}

static void ask(struct graph_request *g, const char *path)
{
	bool get = str_eq(g->c->request->method, "GET");
	const struct tenant_user *u;
	const char *rest;

	if (get && str_eq_nocase(path, "/auditLogs/signIns")) {
		signins(g);
	} else if (get &&
		   str_eq_nocase(path, "/policies/identitySecurityDefaultsEnforcementPolicy")) {
		security_defaults(g);
	} else if (get && str_eq_nocase(path, "/identity/conditionalAccess/policies")) {
		policies(g);
	} else {
		u = graph_user(g, path, &rest);
		if (u && get && !*rest)
			user(g, u);
		else if ((u && !graph_mailbox(g, u, rest)) || (!u && !rest))
			graph_refuse(g, 400, "BadRequest", "Resource not found for the segment.");
	}
}

void graph_answer(struct cloud_call *c)
{
	struct graph_request g = {
		.c = c, .query = web_form(c->arena, c->request->query, strlen(c->request->query))
	};
	const char *path = cloud_path(c, "/v1.0");

	if (!path)
		path = cloud_path(c, "/beta");
	if (!path)
		return;
	if (identify(&g))
		ask(&g, path);
	json_decref((json_t *)g.claims);
}
