/*
 * entra-discovery - what the token service tells about an organisation to anybody who asks.
 */
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "lab/cloud/entra.h"

static const struct cloud {
	const char	*host, *instance, *graph, *msgraph, *rbac, *urn;
} clouds[] = {
	[CLOUD_WORLDWIDE] = { "login.microsoftonline.com", "microsoftonline.com",
			      "graph.windows.net", "graph.microsoft.com",
			      "https://pas.windows.net", "urn:federation:MicrosoftOnline" },
	[CLOUD_USGOV]	  = { "login.microsoftonline.us", "microsoftonline.us", "graph.windows.net",
			      "graph.microsoft.us",
			      "https://pasff.usgovcloudapi.net", "urn:federation:MicrosoftOnline" },
	[CLOUD_CHINA]	  = { "login.partner.microsoftonline.cn", "partner.microsoftonline.cn",
			      "graph.chinacloudapi.cn",
			      "microsoftgraph.chinacloudapi.cn", "https://pas.chinacloudapi.cn",
			      "urn:federation:partner.microsoftonline.cn" },
	[CLOUD_PERSONAL]  = { "login.microsoftonline.com", "microsoftonline.com",
			      "graph.windows.net", "graph.microsoft.com",
			      "https://pas.windows.net", "urn:federation:MicrosoftOnline" },
	[CLOUD_GOOGLE]	  = { "", "", "", "", "", "" },
};

const char *entra_host(enum tenant_cloud cloud)
{
	return clouds[cloud].host;
}

static void put_list(json_t *to, const char *name, const char *const *list, size_t n)
{
	json_t *j = json_array();

	for (size_t i = 0; i < n; i++)
		json_push(j, json_string(list[i]));
	json_put(to, name, j);
}

static void put_region(json_t *j, const struct lab_tenant *t)
{
	json_put(j, "tenant_region_scope", t ? json_safe(t->region) : json_null());
	if (t && *t->sub_region)
		json_put(j, "tenant_region_sub_scope", json_safe(t->sub_region));
}

void entra_configuration(struct entra *e, bool v2)
{
	static const char *const methods[] = { "client_secret_post", "private_key_jwt",
					       "client_secret_basic" };
	static const char *const types[] = { "code", "id_token", "code id_token",
					     "id_token token" };
	static const char *const modes[] = { "query", "fragment", "form_post" };
	static const char *const scopes[] = { "openid", "profile", "email", "offline_access" };
	const struct cloud *k = &clouds[e->cloud];
	struct arena *a = e->c->arena;
	const char *id = e->tenant ? e->tenant->id : "{tenantid}",
		*name = e->tenant ? id : e->authority, *v = v2 ? "/v2.0" : "";
	const char *base = arena_printf(a, "https://%s/%s", k->host, name);
	json_t *j = json_object();

	json_put(j, "token_endpoint", json_safe(arena_printf(a, "%s/oauth2%s/token", base, v)));
	put_list(j, "token_endpoint_auth_methods_supported", methods, ARRAY_LEN(methods));
	json_put(j, "jwks_uri", json_safe(arena_printf(a, "%s/discovery%s/keys", base, v)));
	put_list(j, "response_modes_supported", modes, ARRAY_LEN(modes));
	put_list(j, "response_types_supported", types, ARRAY_LEN(types));
	put_list(j, "scopes_supported", scopes, ARRAY_LEN(scopes));
	if (v2)
		json_put(j, "issuer",
			 json_safe(arena_printf(a, "https://%s/%s/v2.0", k->host, id)));
	else
		json_put(j, "issuer",
			 json_safe(arena_printf(a, "https://%s/%s/",
						e->cloud == CLOUD_CHINA ? "sts.chinacloudapi.cn" :
						"sts.windows.net", id)));
	json_put_texts(j,
		"authorization_endpoint", arena_printf(a, "%s/oauth2%s/authorize", base, v),
		"device_authorization_endpoint",
		arena_printf(a, "%s/oauth2%s/devicecode", base, v), NULL);
	put_region(j, e->tenant);
	json_put_texts(j, "cloud_instance_name", k->instance,
		"cloud_graph_host_name", k->graph,
		"msgraph_host", e->tenant && str_eq(e->tenant->sub_region, "DOD") ?
		"dod-graph.microsoft.us" : k->msgraph,
		"rbac_url", k->rbac, NULL);
	web_json(e->c->reply, a, 200, j);
}

/* Whose domain it is in this cloud; NULL = nobody's. */
static const struct lab_tenant *owner(const struct cloud_call *c, const char *login,
				      enum tenant_cloud cloud)
{
	const struct lab_tenant *t = tenant_of_address(c->scenario, login);

	return t &&
	       (t->cloud == cloud || (cloud == CLOUD_WORLDWIDE && t->cloud == CLOUD_PERSONAL)) ?
	       t : NULL;
}

static const char *domain_of(const char *login)
{
	const char *at = strrchr(login, '@');

	return at ? at + 1 : login;
}

static enum tenant_cloud cloud_of(const struct cloud_call *c)
{
	for (int i = CLOUD_WORLDWIDE; i <= CLOUD_CHINA; i++)
		if (str_eq_nocase(c->server->host, clouds[i].host))
			return (enum tenant_cloud)i;
	return CLOUD_WORLDWIDE;
}

static const char *account_type(const struct lab_tenant *t)
{
	if (!t)
		return "Unknown";
	return *t->sts ? "Federated" : "Managed";
}

void entra_realm(struct cloud_call *c)
{
	struct map *query = web_form(c->arena, c->request->query, strlen(c->request->query));
	const char *login = map_get(query, "login");
	enum tenant_cloud cloud = cloud_of(c);
	const struct lab_tenant *t;
	json_t *j = json_object();
	bool federated;

	login = login ? login : "";
	t = owner(c, login, cloud);
	federated = t && *t->sts;
	json_put(j, "State", json_integer(federated ? 3 : 4));
	json_put(j, "UserState", json_integer(federated ? 2 : 1));
	json_put_texts(j, "Login", login, "NameSpaceType", account_type(t), NULL);
	if (t)
		json_put(j, "DomainName", json_safe(domain_of(login)));
	if (federated) {
		json_put(j, "FederationGlobalVersion", json_integer(-1));
		json_put(j, "AuthURL", json_safe(arena_printf(
			c->arena, "%s?username=%s&wa=wsignin1.0&wtrealm=%s&wctx=", t->sts,
			web_encode(c->arena, login), web_encode(c->arena, clouds[cloud].urn))));
	}
	if (t) {
		json_put_texts(j, "FederationBrandName", t->brand,
			"CloudInstanceName", clouds[cloud].instance,
			"CloudInstanceIssuerUri", clouds[cloud].urn, NULL);
	}
	web_json(c->reply, c->arena, 200, j);
}

/* "https://sts.contoso.com/adfs/ls/" -> "sts.contoso.com" */
static const char *host_of(struct arena *a, const char *url)
{
	const char *from = strstr(url, "://");

	from = from ? from + 3 : url;
	return arena_strndup(a, from, strcspn(from, "/:?"));
}

void entra_user_realm(struct cloud_call *c, const char *login, enum tenant_cloud cloud)
{
	const struct lab_tenant *t = owner(c, login, cloud);
	bool federated = t && *t->sts;
	json_t *j = json_object();

	json_put_texts(j, "ver", "1.0", "account_type", account_type(t), NULL);
	if (t)
		json_put(j, "domain_name", json_safe(domain_of(login)));
	if (federated) {
		const char *host = host_of(c->arena, t->sts);

		json_put_texts(j, "federation_protocol", "WSTrust",
			"federation_metadata_url",
			arena_printf(c->arena, "https://%s/adfs/services/trust/mex", host), NULL);
		json_put(j, "federation_active_auth_url",
			 json_safe(arena_printf(c->arena,
						"https://%s/adfs/services/trust/2005/usernamemixed",
						host)));
	}
	json_put_texts(j, "cloud_instance_name", clouds[cloud].instance,
		"cloud_audience_urn", clouds[cloud].urn, NULL);
	web_json(c->reply, c->arena, 200, j);
}
