/*
 * exo - Exchange Online's door for its own PowerShell module: cmdlets by POST, answered with the
 * objects that the scenario has of them. It is not documented by its maker; what it looks like is
 * known from programs that use it.
 */
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/scan.h"
#include "lab/cloud/jwt.h"
#include "lab/cloud/cloud.h"

enum { EXO_PAGE = 1000 };

static void refuse(struct cloud_call *c, int status, const char *code, const char *message)
{
	json_t *j = json_object(), *error = json_object(), *inner = json_object(),
		*exception = json_object(), *details = json_array(), *detail = json_object();

	json_put_texts(error, "code", code,
		"message", "Error executing request.", NULL);
	json_put_texts(detail, "code", "Context",
		"target", "",
		"message", message, NULL);
	json_push(details, detail);
	json_put(error, "details", details);
	json_put(exception, "message", json_safe(message));
	json_put(inner, "message", json_string("Error executing cmdlet"));
	json_put(inner, "internalException", exception);
	json_put(error, "innererror", inner);
	json_put(j, "error", error);
	web_json(c->reply, c->arena, status, j);
}

/* The tenant of "/adminapi/beta/TENANT/InvokeCommand"; NULL = another path. */
static const char *tenant_in_path(struct cloud_call *c)
{
	const char *rest = cloud_path(c, "/adminapi/beta/");
	struct scan s;
	struct span name;

	if (!rest)
		return NULL;
	s = scan_over(rest, strlen(rest));
	name = scan_until(&s, "/");
	return span_eq_nocase(scan_rest(&s), "/InvokeCommand") ? span_dup(c->arena, name) : NULL;
}

/* Who asks; NULL = refused. */
static const struct lab_tenant *identify(struct cloud_call *c, const char *name)
{
	const struct lab_tenant *t = c->scenario->tenants;
	const char *why = "", *aud;
	json_t *claims = cloud_bearer(c, &why);

	aud = jwt_text(claims, "aud");
	while (t && !(str_eq(t->id, jwt_text(claims, "tid")) &&
		      (str_eq_nocase(t->id, name) || tenant_has_domain(t, name))))
		t = t->next;
	if (!claims || !(str_find_nocase(aud, "outlook") ||
			 str_eq(aud, "00000002-0000-0ff1-ce00-000000000000"))) {
		/* No body: that is how it says no to a token that is not for it. */
		web_text(c->reply, 401, "", "");
		web_add_field(c->reply, c->arena, "WWW-Authenticate",
			      arena_printf(c->arena, "Bearer error=\"invalid_token\", "
					   "error_description=\"%s\"",
					   claims ? "Invalid audience" : why));
		t = NULL;
	} else if (!t) {
		refuse(c, 403, "Forbidden", "The token is of another organization.");
	} else if (!cloud_permits(claims, "Exchange.ManageAsApp") &&
		   !cloud_permits(claims, "Exchange.Manage")) {
		refuse(c, 403, "Forbidden",
		       "The role assigned to the application isn't supported in this scenario.");
		t = NULL;
	}
	json_decref(claims);
	return t;
}

/* Is the object the one of this identity? One that has no name is everybody's. */
static bool is_wanted(const json_t *object, const char *identity)
{
	static const char *const names[] = { "Identity", "Name", "PrimarySmtpAddress",
					     "UserPrincipalName", "AppId", "ObjectId", "DomainName",
					     "Id", "SenderAddress" };
	bool named = false;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *value = json_string_value(json_object_get(object, names[i]));

		if (value && str_eq_nocase(value, identity))
			return true;
		named |= value != NULL;
	}
	return !named;
}

/* All objects of a cmdlet. False: not allowed. */
static bool objects_of(const struct lab_tenant *t, const char *cmdlet, const char *identity,
		       json_t *list, bool *ret_any)
{
	for (const struct tenant_cmdlet *o = t->cmdlets; o; o = o->next) {
		json_t *j;

		if (!str_eq_nocase(o->name, cmdlet))
			continue;
		if (!o->json)
			return false;
		j = json_loads(o->json, 0, NULL);
		*ret_any |= j != NULL;
		if (j && (!*identity || is_wanted(j, identity)))
			json_push(list, json_incref(j));
		json_decref(j);
	}
	return true;
}

/* "Prefer: odata.maxpagesize=2" */
static size_t page_size(const struct cloud_call *c)
{
	const char *prefer = str_find_nocase(web_field(c->request, "prefer"), "odata.maxpagesize=");
	struct scan s = scan_over(prefer ? prefer + 18 : "", prefer ? strlen(prefer + 18) : 0);
	unsigned long n = scan_number(&s, EXO_PAGE);

	return scan_failed(&s) || n == 0 ? EXO_PAGE : n;
}

static void send_page(struct cloud_call *c, const json_t *list)
{
	struct map *query = web_form(c->arena, c->request->query, strlen(c->request->query));
	size_t n = json_array_size(list), page = page_size(c);
	const char *at = map_get(query, "$skiptoken");
	json_t *j = json_object(), *value = json_array();
	unsigned long from = 0;

	str_number(at ? at : "", n, &from);
	for (size_t i = from; i < n && i < from + page; i++)
		json_push(value, json_incref(json_array_get(list, i)));
	json_put(j,
		 "@odata.context", json_safe(arena_printf(c->arena, "https://%s/adminapi/"
							  "beta/$metadata#Collection(Edm.Untyped)",
							  c->server->host)));
	if (from + page < n)
		json_put(j, "@odata.nextLink",
			 json_safe(arena_printf(c->arena, "https://%s%s?$skiptoken=%zu",
						c->server->host, c->request->path, from + page)));
	json_put(j, "value", value);
	web_json(c->reply, c->arena, 200, j);
}

/* The module's newer names of the same: Get-EXOMailbox and its like. */
static const char *plain_name(struct arena *a, const char *cmdlet)
{
	return str_has_prefix_nocase(cmdlet, "Get-EXO") ? arena_printf(a, "Get-%s", cmdlet + 7) :
	       cmdlet;
}

static void run(struct cloud_call *c, const struct lab_tenant *t, const json_t *input)
{
	const char *cmdlet = plain_name(c->arena, jwt_text(input, "CmdletName")),
		*identity = jwt_text(json_object_get(input, "Parameters"), "Identity");
	json_t *list = json_array();
	bool any = false;

	if (!str_has_prefix_nocase(cmdlet, "Get-") && !str_has_prefix_nocase(cmdlet, "Test-"))
		refuse(c, 403, "Forbidden",
		       arena_printf(c->arena, "|System.UnauthorizedAccessException|The operation "
				    "isn't allowed: '%s'.", cmdlet));
	else if (!objects_of(t, cmdlet, identity, list, &any))
		refuse(c, 403, "Forbidden", arena_printf(
			c->arena, "|System.Management.Automation.CommandNotFoundException|The term "
			"'%s' is not recognized as the name of a cmdlet.", cmdlet));
	else if (any && json_array_size(list) == 0)
		refuse(c, 404, "NotFound", arena_printf(
			c->arena, "Ex6F9304|"
			"Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|"
			"The operation couldn't be performed because object '%s' couldn't be "
			"found.", identity));
	else
		send_page(c, list);
	json_decref(list);
}

void exo_answer(struct cloud_call *c)
{
	const char *name = tenant_in_path(c);
	const struct lab_tenant *t;
	json_t *j;

	if (!name || !str_eq(c->request->method, "POST"))
		return;
	t = identify(c, name);
	if (!t)
		return;
	j = json_loadb(c->request->body, c->request->body_len, 0, NULL);
	if (json_object_get(j, "CmdletInput"))
		run(c, t, json_object_get(j, "CmdletInput"));
	else
		refuse(c, 400, "BadRequest", "The request body is no CmdletInput.");
	json_decref(j);
}
