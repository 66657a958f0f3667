/*
 * tenant-read - the answers of a sign-in service about a domain: JSON of somebody else, of which a
 * few members are taken.
 */
#include "microsoft/tenant.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"

enum { LIMIT_MEMBER = 256, LIMIT_NAME = 253, LIMIT_DEPTH = 8 };

const char *tenant_state_name(enum tenant_state s)
{
	static const char *const names[] = { [TENANT_UNKNOWN] = "unknown", [TENANT_FOUND] = "found",
					     [TENANT_NONE] = "none" };

	return names[s];
}

/* NULL when it is no JSON of a sane form. */
static json_t *parsed(const char *body, size_t n)
{
	return json_too_deep(body, n, LIMIT_DEPTH) ? NULL :
	       json_loadb(body, n, JSON_ALLOW_NUL, NULL);
}

/*
 * A member's string in the arena, cut to what anybody would send; "" when it is not there or none.
 */
static const char *member(struct arena *a, const json_t *j, const char *name)
{
	const char *s = json_string_value(json_object_get(j, name));

	return s ? arena_strndup(a, s, LIMIT_MEMBER) : "";
}

/*
 * The first part of the path that is a GUID: "https://login.microsoftonline.com/11111111-.../v2.0".
 * "" when none is.
 */
static const char *guid_in(struct arena *a, const char *url)
{
	for (const char *p = url;; p++) {
		const char *part = arena_strndup(a, p, strcspn(p, "/?#"));

		if (is_guid(part))
			return str_lower(a, part);
		p = strchr(p, '/');
		if (!p)
			return "";
	}
}

/*
 * Says the error that the directory does not exist? The number first, then the name; the sentence
 * may be in any language.
 */
static bool is_unknown_tenant(const json_t *j)
{
	const json_t *codes = json_object_get(j, "error_codes"), *code;
	const char *error = json_string_value(json_object_get(j, "error")),
		*text = json_string_value(json_object_get(j, "error_description"));
	size_t i;

	json_array_foreach(codes, i, code)
		if (json_integer_value(code) == 90002)
			return true;
	return (text && strstr(text, "AADSTS90002")) || str_eq(error, "invalid_tenant");
}

bool tenant_read_configuration(struct arena *a, int status, const char *body, size_t n,
			       struct tenant *t)
{
	_cleanup_(json_decrefp) json_t *j = parsed(body, n);

	if (!json_is_object(j))
		return false;
	if (status >= 400 && status < 500 && is_unknown_tenant(j)) {
		t->state = TENANT_NONE;
		return true;
	}
	if (status != 200)
		return false;
	t->id = guid_in(a, member(a, j, "issuer"));
	if (!*t->id)
		t->id = guid_in(a, member(a, j, "token_endpoint"));
	if (!*t->id)
		return false;
	t->state = TENANT_FOUND;
	t->region = member(a, j, "tenant_region_scope");
	t->sub_region = member(a, j, "tenant_region_sub_scope");
	t->instance = str_lower(a, member(a, j, "cloud_instance_name"));
	t->graph = str_lower(a, member(a, j, "msgraph_host"));
	return true;
}

/*
 * "https://sts.contoso.com:443/adfs/ls/?x" -> "sts.contoso.com"; "" when it is no
 * address of the web.
 */
static const char *host_in(struct arena *a, const char *url)
{
	const char *p = strstr(url, "://"), *host, *at;

	if (!p || !str_has_prefix_nocase(url, "http"))
		return "";
	host = arena_strndup(a, p + 3, strcspn(p + 3, "/?#"));
	at = strrchr(host, '@');
	host = at ? at + 1 : host;
	host = str_lower(a, arena_strndup(a, host, strcspn(host, ":")));
	for (const char *c = host; *c; c++)
		if (!ascii_is_alnum(*c) && *c != '-' && *c != '.' && *c != '_')
			return "";
	return strlen(host) <= LIMIT_NAME ? host : "";
}

bool tenant_read_realm(struct arena *a, int status, const char *body, size_t n, struct tenant *t)
{
	static const char *const kinds[] = { "managed", "federated", "unknown" };
	_cleanup_(json_decrefp) json_t *j = status == 200 ? parsed(body, n) : NULL;
	const char *kind = member(a, j, "NameSpaceType");

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (!str_eq_nocase(kind, kinds[i]))
			continue;
		t->realm = kinds[i];
		t->brand = member(a, j, "FederationBrandName");
		t->sts = host_in(a, member(a, j, "AuthURL"));
		return true;
	}
	return false;
}
