#include "token/scope.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "know/findings.h"
#include "know/know.h"

#define GRAPH_ID "00000003-0000-0000-c000-000000000000"
#define EXCHANGE_ID "00000002-0000-0ff1-ce00-000000000000"

struct linting {
	struct arena			*arena;
	const struct scope_asked	*asked;
	struct scope_finding		*list;
	size_t				 n;
};

const char *token_purpose_name(enum token_purpose p)
{
	static const char *const names[TOKEN_PURPOSES] = {
		[PURPOSE_SMTP] = "smtp", [PURPOSE_GRAPH] = "graph", [PURPOSE_SIGNINS] = "signins",
		[PURPOSE_EXCHANGE] = "exo",
	};

	return p < TOKEN_PURPOSES ? names[p] : "";
}

static bool is_google(const struct scope_asked *asked)
{
	return str_eq(asked->cloud->vendor, "google");
}

/* --- what to ask for --- */

/*
 * The name of the service as an application asks for it. Microsoft writes the administration's name
 * there, where mail has it, too.
 */
static const char *mail_for_app(const struct cloud *c)
{
	return *c->exchange && strv_has(&c->audiences, c->exchange) ? c->exchange :
	       c->audiences.v[0];
}

static const char *service(const struct scope_asked *asked)
{
	const struct cloud *c = asked->cloud;

	if (asked->purpose == PURPOSE_SMTP)
		return asked->app_only ? mail_for_app(c) : c->audiences.v[0];
	return asked->purpose == PURPOSE_EXCHANGE ? c->exchange : c->graph;
}

struct strv scope_default(struct arena *a, const struct scope_asked *asked)
{
	struct strv list = { NULL, 0, 0 };

	if (!asked->cloud)
		return list;
	if (is_google(asked)) {
		if (asked->purpose == PURPOSE_SMTP)
			strv_add(&list, a, asked->cloud->audiences.v[0]);
		return list;
	}
	if (!*service(asked))
		return list;
	if (asked->app_only || asked->purpose == PURPOSE_EXCHANGE)
		strv_addf(&list, a, "%s/.default", service(asked));
	else if (asked->purpose == PURPOSE_SMTP)
		strv_addf(&list, a, "%s/SMTP.Send", service(asked));
	else if (asked->purpose == PURPOSE_GRAPH)
		strv_addf(&list, a, "%s/Mail.Send", service(asked));
	else
		strv_addf(&list, a, "%s/AuditLog.Read.All", service(asked));
	if (!asked->app_only)
		strv_add(&list, a, "offline_access");
	return list;
}

/* --- what is wrong --- */

static void add(struct linting *l, const char *name, const char *message, const char *instead)
{
	const struct finding *f = know_finding(l->asked->know, name);

	assert(f);		/* a row of findings.tsv */
	for (size_t i = 0; i < l->n; i++)
		if (str_eq(l->list[i].finding, name))
			return;
	if (l->n < LIMIT_SCOPE_FINDINGS)
		l->list[l->n++] = (struct scope_finding) {
			name, f->severity, message, instead, f->source
		};
}

static const char *right_scopes(struct linting *l)
{
	struct strv right = scope_default(l->arena, l->asked);

	return strv_join(&right, l->arena, " ");
}

/* OpenID Connect's own: they belong to no service. */
static bool is_common(const char *scope)
{
	return str_in(scope, "openid|profile|email|offline_access");
}

/*
 * "https://outlook.office.com" of "https://outlook.office.com/SMTP.Send"; "" = a permission without
 * a service, which is Graph's.
 */
static const char *service_of(struct arena *a, const char *scope)
{
	const char *slash = strrchr(scope, '/');

	while (slash && slash > scope && slash[-1] == '/')
		slash--;
	return slash ? str_lower(a, arena_strndup(a, scope, (size_t)(slash - scope))) : "";
}

static const char *permission_of(const char *scope)
{
	const char *slash = strrchr(scope, '/');

	return slash ? slash + 1 : scope;
}

static bool is_graph(const char *service)
{
	return !*service || str_eq(service, GRAPH_ID) ||
	       str_glob("https://graph.microsoft.*", service) ||
	       str_glob("https://*graph.microsoft.us", service) ||
	       str_glob("https://microsoftgraph.chinacloudapi.cn", service);
}

static bool is_mail_of(const struct cloud *c, const char *service)
{
	return str_eq(service, EXCHANGE_ID) || (*c->exchange && str_eq(service, c->exchange)) ||
	       strv_has_nocase(&c->audiences, service);
}

/* The cloud, other than the asked one, whose mail service has that name. */
static const struct cloud *other_cloud(struct linting *l, const char *service)
{
	const struct cloud *c;

	for (size_t i = 0; (c = know_cloud_at(l->asked->know, i)); i++)
		if (str_eq(c->vendor, "microsoft") && !str_eq(service, EXCHANGE_ID) &&
		    (is_mail_of(c, service) || str_eq(c->graph, service)))
			return c;
	return NULL;
}

static bool is_right_service(struct linting *l, const char *service)
{
	switch (l->asked->purpose) {
	case PURPOSE_GRAPH:
	case PURPOSE_SIGNINS:
		return !*service || str_eq(service, GRAPH_ID) ||
		       str_eq(service, l->asked->cloud->graph);
	case PURPOSE_EXCHANGE:
		return is_mail_of(l->asked->cloud, service);
	case PURPOSE_SMTP:
	case TOKEN_PURPOSES:
		break;
	}
	return is_mail_of(l->asked->cloud, service);
}

static const char *wanted_by(const struct scope_asked *asked)
{
	if (asked->purpose == PURPOSE_SMTP)
		return "SMTP takes only tokens for";
	return asked->purpose == PURPOSE_EXCHANGE ? "Exchange's administration wants one for" :
	       "Microsoft Graph wants one for";
}

static void wrong_service(struct linting *l, const char *scope, const char *name)
{
	const struct cloud *other = other_cloud(l, name);
	const char *right = right_scopes(l);

	if (l->asked->purpose == PURPOSE_SMTP && is_graph(name) &&
	    (!other || str_eq(l->asked->cloud->graph, name)))
		add(l, "scope.graph-audience",
		    arena_printf(l->arena, "%s asks for a token for Microsoft Graph%s, and SMTP "
				 "takes only tokens for %s: the server would answer 535 5.7.3, "
				 "whatever the permission is called", scope,
				 *name ? "" :
				 " (a permission without an address in front is Graph's)",
				 service(l->asked)),
		    right);
	else if (str_glob("https://ps.outlook.com*", name))
		add(l, "scope.pop-imap-consent",
		    arena_printf(l->arena, "%s is for consent to POP and IMAP; a token for it is "
				 "not taken by SMTP", scope),
		    right);
	else if (str_eq(name, "https://mail.google.com") ||
		 str_glob("https://www.googleapis.com*", name))
		add(l, "scope.other-house",
		    arena_printf(l->arena, "%s is Google's, and Microsoft is asked", scope), right);
	else if (other && !is_mail_of(l->asked->cloud, name) &&
		 !str_eq(other->id, l->asked->cloud->id))
		add(l, "scope.other-cloud",
		    arena_printf(l->arena, "%s belongs to %s (--cloud %s), and %s is asked", scope,
				 other->name, other->id, l->asked->cloud->name),
		    right);
	else
		add(l, "scope.other-service",
		    arena_printf(l->arena, "%s asks for a token for %s, and %s %s", scope,
				 *name ? name : "Microsoft Graph",
				 wanted_by(l->asked), service(l->asked)),
		    right);
}

/* One service a request: the token is for one. */
static void lint_services(struct linting *l)
{
	const struct strv *s = &l->asked->scopes;
	const char *first = NULL;

	for (size_t i = 0; i < s->n; i++) {
		const char *name = is_common(s->v[i]) ? NULL : service_of(l->arena, s->v[i]);

		if (!name)
			continue;
		if (!is_right_service(l, name))
			wrong_service(l, s->v[i], name);
		if (first && !str_eq(first, name) && !(is_graph(first) && is_graph(name)))
			add(l, "scope.mixed-services",
			    arena_printf(l->arena, "permissions of two services are asked for at "
					 "once, %s and %s; a token is for one service only, and "
					 "which one would be left to chance (or the answer is "
					 "AADSTS28000)", *first ? first : "Microsoft Graph",
					 *name ? name : "Microsoft Graph"),
			    right_scopes(l));
		first = first ? first : name;
	}
}

static void lint_app(struct linting *l)
{
	const struct strv *s = &l->asked->scopes;
	const char *tenant = l->asked->tenant;

	for (size_t i = 0; i < s->n; i++) {
		if (str_eq(s->v[i], "offline_access"))
			add(l, "scope.offline-app", "offline_access asks for a refresh token, and "
			    "an application gets none: it simply asks again", right_scopes(l));
		else if (!str_eq(permission_of(s->v[i]), ".default"))
			add(l, "scope.not-default",
			    arena_printf(l->arena, "%s names a permission; with client credentials "
					 "an application gets what an administrator granted, and "
					 "has to ask for /.default (else the answer is "
					 "AADSTS1002012)", s->v[i]),
			    right_scopes(l));
	}
	if (str_eq(l->asked->cloud->tenant, "consumers"))
		add(l, "scope.personal-app",
		    "personal accounts have no client credentials: somebody has to sign in",
		    "--flow device");
	else if (!*tenant || span_in(span_of(tenant), "common|organizations|consumers"))
		add(l, "scope.no-tenant",
		    arena_printf(l->arena, "client credentials are given by one tenant, and "
				 "%s%s%s; /common would answer AADSTS9001023 or AADSTS50059",
				 *tenant ? "'" : "", *tenant ? tenant : "none is named",
				 *tenant ? "' is none" : ""),
		    "--tenant with the tenant's id or domain (contoso.com)");
}

static void lint_user(struct linting *l)
{
	const struct strv *s = &l->asked->scopes;
	bool may_send = l->asked->purpose != PURPOSE_SMTP, right_one = false;

	for (size_t i = 0; i < s->n; i++) {
		const char *permission = permission_of(s->v[i]);

		right_one |= !is_common(s->v[i]) &&
			     is_right_service(l, service_of(l->arena, s->v[i]));
		may_send |= str_eq_nocase(permission, "SMTP.Send") ||
			    str_eq(permission, ".default");
		if (str_glob("*AsApp", permission))
			add(l, "scope.app-permission",
			    arena_printf(l->arena, "%s is a permission of applications; a person "
					 "who signs in is given SMTP.Send", s->v[i]),
			    right_scopes(l));
	}
	if (right_one && !may_send)
		add(l, "scope.not-smtp", "the service is right, but SMTP.Send is not asked for: "
		    "the token could not send", right_scopes(l));
	if (!strv_has(s, "offline_access"))
		add(l, "scope.no-refresh", "offline_access is not asked for: without a refresh "
		    "token somebody has to sign in again about every hour", right_scopes(l));
}

static void lint_google(struct linting *l)
{
	const struct strv *s = &l->asked->scopes;
	const char *mail = l->asked->cloud->audiences.v[0];

	for (size_t i = 0; i < s->n; i++)
		if (str_find_nocase(s->v[i], "outlook.") ||
		    str_find_nocase(s->v[i], "microsoft.") ||
		    str_has_prefix_nocase(s->v[i], "SMTP."))
			add(l, "scope.other-house",
			    arena_printf(l->arena, "%s is Microsoft's, and Google is asked",
					 s->v[i]),
			    mail);
	if (!strv_has(s, mail))
		add(l, "scope.google-not-mail",
		    arena_printf(l->arena, "SMTP at Google wants %s, the whole mailbox; gmail.send "
				 "and the others are for its API only", mail),
		    mail);
	if (l->asked->device)
		add(l, "scope.google-device", "Google gives no device code for mail "
		    "(invalid_scope): its list of what a device may ask for has no mail in it",
		    "--flow browser");
}

size_t scope_lint(struct arena *a, const struct scope_asked *asked, struct scope_finding *ret)
{
	struct linting l = { .arena = a, .asked = asked, .list = ret };

	if (!asked->cloud)
		return 0;
	if (is_google(asked)) {
		lint_google(&l);
		return l.n;
	}
	lint_services(&l);
	if (asked->app_only)
		lint_app(&l);
	else
		lint_user(&l);
	return l.n;
}
