/*
 * t-tenant - what a sign-in service's answers about a domain are read as.
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "microsoft/tenant.h"

#define ID "11111111-2222-3333-4444-555555555555"
#define LOGIN "https://login.microsoftonline.com/"

static const struct {
	const char *what;
	int status;
	const char *body;
	bool good;
	enum tenant_state state;
	const char *id, *region, *sub_region, *instance;
} tenants[] = {
	{ "a tenant in Europe", 200, "{\"issuer\":\"" LOGIN ID
	  "/v2.0\",\"tenant_region_scope\":\"EU\",\"cloud_instance_name\":\"microsoftonline.com\"}",
	  true, TENANT_FOUND, ID, "EU", "", "microsoftonline.com" },
	{ "the first version's issuer", 200, "{\"issuer\":\"https://sts.windows.net/" ID "/\"}",
	  true, TENANT_FOUND, ID, "", "", "" },
	{ "letters become small", 200,
	  "{\"issuer\":\"" LOGIN "AAAAAAAA-2222-3333-4444-555555555555/v2.0\"}", true, TENANT_FOUND,
	  "aaaaaaaa-2222-3333-4444-555555555555", "", "", "" },
	{ "only the token endpoint names it", 200, "{\"issuer\":7,\"token_endpoint\":\"" LOGIN ID
	  "/oauth2/v2.0/token\"}", true, TENANT_FOUND, ID, "", "", "" },
	{ "GCC High", 200, "{\"issuer\":\"https://login.microsoftonline.us/" ID
	  "/v2.0\",\"tenant_region_scope\":\"USGov\","
	  "\"tenant_region_sub_scope\":\"DODCON\",\"cloud_instance_name\":\"microsoftonline.us\"}",
	  true, TENANT_FOUND, ID, "USGov", "DODCON", "microsoftonline.us" },
	{ "no GUID in it", 200, "{\"issuer\":\"" LOGIN "{tenantid}/v2.0\"}", false, TENANT_UNKNOWN,
	  "", "", "", "" },
	{ "a GUID that is one digit short", 200, "{\"issuer\":\"" LOGIN
	  "1111111-2222-3333-4444-555555555555/v2.0\"}", false, TENANT_UNKNOWN, "", "", "", "" },
	{ "unknown, by name", 400, "{\"error\":\"invalid_tenant\",\"error_description\":\"x\"}",
	  true, TENANT_NONE, "", "", "", "" },
	{ "unknown, by number", 400, "{\"error\":\"invalid_request\",\"error_codes\":[90002]}",
	  true, TENANT_NONE, "", "", "", "" },
	{ "unknown, by the number in the text", 400,
	  "{\"error_description\":\"AADSTS90002: Tenant 'x' not found.\"}", true, TENANT_NONE, "",
	  "", "", "" },
	{ "an error of another kind", 400,
	  "{\"error\":\"invalid_request\",\"error_codes\":[900971]}", false, TENANT_UNKNOWN, "", "",
	  "", "" },
	{ "an error does not say who it is", 500, "{\"issuer\":\"" LOGIN ID "/v2.0\"}", false,
	  TENANT_UNKNOWN, "", "", "", "" },
	{ "unknown and 200 is nonsense", 200, "{\"error\":\"invalid_tenant\"}", false,
	  TENANT_UNKNOWN, "", "", "", "" },
	{ "a page of a guest network", 200, "<html>Sign in</html>", false, TENANT_UNKNOWN, "", "",
	  "", "" },
	{ "a list", 200, "[\"issuer\"]", false, TENANT_UNKNOWN, "", "", "", "" },
	{ "cut off", 200, "{\"issuer\":\"" LOGIN ID, false, TENANT_UNKNOWN, "", "", "", "" },
	{ "nothing", 200, "", false, TENANT_UNKNOWN, "", "", "", "" },
	{ "nested too deep", 400, "{\"error\":\"invalid_tenant\",\"x\":[[[[[[[[[]]]]]]]]]}", false,
	  TENANT_UNKNOWN, "", "", "", "" },
};

static void configurations(struct arena *a)
{
	for (size_t i = 0; i < sizeof(tenants) / sizeof(tenants[0]); i++) {
		struct tenant t = { .id = "", .region = "", .sub_region = "", .instance = "" };
		bool good = tenant_read_configuration(a, tenants[i].status, tenants[i].body,
						      strlen(tenants[i].body), &t);

		ok(good == tenants[i].good && t.state == tenants[i].state, tenants[i].what);
		is_str(t.id, tenants[i].id, "its id");
		is_str(t.region, tenants[i].region, "its region");
		is_str(t.sub_region, tenants[i].sub_region, "its part of the region");
		is_str(t.instance, tenants[i].instance, "its cloud");
	}
}

static void realms(struct arena *a)
{
	static const struct { const char *what, *body, *realm, *brand, *sts; } cases[] = {
		{ "managed", "{\"NameSpaceType\":\"Managed\",\"FederationBrandName\":\"Contoso\"}",
		  "managed", "Contoso", "" },
		{ "federated", "{\"NameSpaceType\":\"Federated\","
		  "\"AuthURL\":\"https://STS.contoso.com:443/adfs/ls/?username=x\"}", "federated",
		  "", "sts.contoso.com" },
		{ "in nobody's directory", "{\"NameSpaceType\":\"Unknown\"}", "unknown", "", "" },
		{ "a host with a name before it",
		  "{\"NameSpaceType\":\"Federated\",\"AuthURL\":\"https://a:b@sts.contoso.com/\"}",
		  "federated", "", "sts.contoso.com" },
		{ "a host that is none",
		  "{\"NameSpaceType\":\"Federated\",\"AuthURL\":\"https://sts\\u001b[31m/\"}",
		  "federated", "", "" },
		{ "no address of the web",
		  "{\"NameSpaceType\":\"Federated\",\"AuthURL\":\"javascript://x\"}", "federated",
		  "", "" },
		{ "another kind", "{\"NameSpaceType\":\"Other\"}", NULL, "", "" },
		{ "no kind", "{}", NULL, "", "" },
		{ "no JSON", "<html>", NULL, "", "" },
	};
	struct tenant t = { .realm = "" };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool good;

		t = (struct tenant) { .realm = "", .brand = "", .sts = "" };
		good = tenant_read_realm(a, 200, cases[i].body, strlen(cases[i].body), &t);
		ok(good == (cases[i].realm != NULL), cases[i].what);
		is_str(t.realm, cases[i].realm ? cases[i].realm : "", "its kind");
		is_str(t.brand, cases[i].brand, "its name");
		is_str(t.sts, cases[i].sts, "its server");
	}
	ok(!tenant_read_realm(a, 404, cases[0].body, strlen(cases[0].body), &t),
	   "an error is no answer");
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();

	configurations(a);
	realms(a);
	return tap_done();
}
