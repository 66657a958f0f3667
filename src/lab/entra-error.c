/*
 * entra-error - refusals of the token service: the members of its JSON, and the words it writes.
 */
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "lab/entra.h"

/* {} = what it is about. Words are the service's own, shortened; what counts is the number. */
static const struct refusal {
	unsigned	 number;
	int		 status;
	const char	*error;
	const char	*suberror;
	const char	*text;
} refusals[] = {
	{ 50012, 401, "invalid_client", "", "Authentication failed. {}" },
	{ 50027, 401, "invalid_client", "", "JWT token is invalid or malformed. {}" },
	{ 50034, 400, "invalid_grant", "", "The user account {} does not exist in the directory." },
	{ 50053, 400, "invalid_grant", "", "The account is locked, you've tried to sign in too many times with an incorrect user ID or password." },
	{ 50055, 400, "invalid_grant", "user_password_expired", "The password is expired." },
	{ 50057, 400, "invalid_grant", "", "The user account is disabled." },
	{ 50059, 400, "invalid_request", "", "No tenant-identifying information found in either the request or implied by any provided credentials." },
	{ 50076, 400, "invalid_grant", "basic_action", "Due to a configuration change made by your administrator, or because you moved to a new "
	  "location, you must use multi-factor authentication to access '{}'." },
	{ 50079, 400, "invalid_grant", "basic_action", "Due to a configuration change made by your administrator, you must enroll in multi-factor "
	  "authentication to access '{}'." },
	{ 50105, 400, "invalid_grant", "", "Your administrator has configured the application to block users unless they are specifically granted access." },
	{ 50126, 400, "invalid_grant", "", "Error validating credentials due to invalid username or password." },
	{ 50173, 400, "invalid_grant", "bad_token", "The provided grant has expired due to it being revoked, a fresh auth token is needed." },
	{ 50194, 400, "invalid_request", "", "Application '{}' is not configured as a multi-tenant application." },
	{ 53000, 400, "invalid_grant", "message_only", "Device is not in required device state: compliant." },
	{ 53003, 400, "invalid_grant", "message_only", "Access has been blocked by Conditional Access policies. The access policy does not allow token "
	  "issuance." },
	{ 530035, 400, "invalid_grant", "message_only", "Access has been blocked by security defaults." },
	{ 54005, 400, "invalid_grant", "", "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh "
	  "token." },
	{ 65001, 400, "invalid_grant", "consent_required", "The user or administrator has not consented to use the application with ID '{}'. Send an "
	  "interactive authorization request for this user and resource." },
	{ 65004, 400, "access_denied", "", "User declined to consent to access the app." },
	{ 70000, 400, "invalid_grant", "", "Provided grant is invalid or malformed. {}" },
	{ 70003, 400, "unsupported_grant_type", "", "The app requested an unsupported grant type '{}'." },
	{ 70008, 400, "invalid_grant", "bad_token", "The provided authorization code or refresh token has expired due to inactivity." },
	{ 70011, 400, "invalid_scope", "", "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' "
	  "is not valid. {}" },
	{ 70016, 400, "authorization_pending", "", "OAuth 2.0 device flow error. Authorization is pending. Continue polling." },
	{ 70018, 400, "bad_verification_code", "", "Invalid verification code. {}" },
	{ 70020, 400, "expired_token", "", "The provided value for the input parameter 'device_code' is not valid. This device code has expired." },
	{ 70043, 400, "invalid_grant", "bad_token", "The refresh token has expired or is invalid due to sign-in frequency checks by conditional access." },
	{ 90002, 400, "invalid_tenant", "", "Tenant '{}' not found. Check to make sure you have the correct tenant ID and are signing into the correct "
	  "cloud." },
	{ 90094, 400, "access_denied", "", "An administrator of the organization has set a policy that prevents you from granting {} the permissions it is "
	  "requesting." },
	{ 28000, 400, "invalid_request", "", "Provided value for the input parameter scope is not valid because it contains more than one resource." },
	{ 500011, 400, "invalid_resource", "", "The resource principal named {} was not found in the tenant." },
	{ 500112, 401, "invalid_client", "", "The reply address '{}' does not match the reply address provided when requesting Authorization code." },
	{ 50011, 400, "invalid_request", "", "The redirect URI '{}' specified in the request does not match the redirect URIs configured for the "
	  "application." },
	{ 501481, 400, "invalid_grant", "", "The Code_Verifier does not match the code_challenge supplied in the authorization request." },
	{ 700003, 400, "invalid_grant", "", "Device object was not found in the tenant directory." },
	{ 700016, 400, "unauthorized_client", "", "Application with identifier '{}' was not found in the directory. This can happen if the application has "
	  "not been installed by the administrator of the tenant or consented to by any user in the tenant." },
	{ 700024, 401, "invalid_client", "", "Client assertion is not within its valid time range. {}" },
	{ 700025, 401, "invalid_client", "", "Client is public so neither 'client_assertion' nor 'client_secret' should be presented." },
	{ 700027, 401, "invalid_client", "", "Client assertion failed signature validation. {}" },
	{ 700082, 400, "invalid_grant", "bad_token", "The refresh token has expired due to inactivity." },
	{ 700211, 401, "invalid_client", "", "No matching federated identity record found for presented assertion issuer '{}'." },
	{ 700212, 401, "invalid_client", "", "No matching federated identity record found for presented assertion audience '{}'." },
	{ 700213, 401, "invalid_client", "", "No matching federated identity record found for presented assertion subject '{}'." },
	{ 7000112, 400, "unauthorized_client", "", "Application '{}' is disabled." },
	{ 7000215, 401, "invalid_client", "", "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not "
	  "the client secret ID, for a secret added to app '{}'." },
	{ 7000218, 401, "invalid_client", "", "The request body must contain the following parameter: 'client_assertion' or 'client_secret'." },
	{ 7000222, 401, "invalid_client", "", "The provided client secret keys for app '{}' are expired." },
	{ 900144, 400, "invalid_request", "", "The request body must contain the following parameter: '{}'." },
	{ 900561, 400, "invalid_request", "", "The endpoint only accepts POST requests. Received a {} request." },
	{ 9001023, 400, "invalid_request", "", "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or "
	  "tenant-specific endpoint." },
	{ 9002332, 400, "invalid_request", "", "Application '{}' is configured for use by Microsoft Entra ID users only. Please do not use the /consumers "
	  "endpoint to serve this request." },
	{ 1002012, 400, "invalid_scope", "", "The provided value for scope {} is not valid. Client credential flows must have a scope value with /.default "
	  "suffixed to the resource identifier (application ID URI)." },
	/* What we have no words for. */
	{ 0, 400, "invalid_grant", "", "The request was refused." },
};

static const struct refusal *refusal_of(unsigned number)
{
	const struct refusal *r = refusals;

	while (r->number != 0 && r->number != number)
		r++;
	return r;
}

static char *filled_in(struct arena *a, const char *text, const char *detail)
{
	const char *hole = strstr(text, "{}");

	return hole ? arena_printf(a, "%.*s%s%s", (int)(hole - text), text, detail ? detail : "", hole + 2) : arena_strdup(a, text);
}

char *entra_reason(struct arena *a, unsigned number)
{
	return filled_in(a, refusal_of(number)->text, "Office 365 Exchange Online");
}

/* "2026-11-20 12:00:00Z" */
static char *timestamp(struct entra *e)
{
	time_t now = e->tenant ? (time_t)tenant_now(e->tenant) : clock_wall();
	char *text = clock_utc(e->c->arena, now);

	for (char *p = text; *p; p++)
		if (*p == 'T')
			*p = ' ';
	return text;
}

/* What each refusal has besides its words. */
struct marks {
	const char *trace, *correlation, *time;
};

static struct marks marks_of(struct entra *e)
{
	const char *asked = web_field(e->c->request, "client-request-id");

	return (struct marks) { .trace = desk_guid(e->c->arena), .correlation = *asked ? asked : desk_guid(e->c->arena), .time = timestamp(e) };
}

static char *words(struct entra *e, unsigned number, const char *text, const char *detail, const struct marks *m)
{
	const char *said = text && *text ? text : refusal_of(number)->text;

	return arena_printf(e->c->arena, "AADSTS%u: %s Trace ID: %s Correlation ID: %s Timestamp: %s", number,
			    filled_in(e->c->arena, said, detail), m->trace, m->correlation, m->time);
}

char *entra_words(struct entra *e, unsigned number, const char *text, const char *detail, const char **ret_error)
{
	struct marks m = marks_of(e);

	*ret_error = refusal_of(number)->error;
	return words(e, number, text, detail, &m);
}

void entra_refuse_text(struct entra *e, unsigned number, const char *text, const char *detail)
{
	const struct refusal *r = refusal_of(number);
	struct arena *a = e->c->arena;
	struct marks m = marks_of(e);
	json_t *j = json_object(), *codes = json_array();

	json_put(j, "error", json_string(r->error));
	json_put(j, "error_description", json_safe(words(e, number, text, detail, &m)));
	json_push(codes, json_integer(number));
	json_put(j, "error_codes", codes);
	json_put(j, "timestamp", json_safe(m.time));
	json_put(j, "trace_id", json_safe(m.trace));
	json_put(j, "correlation_id", json_safe(m.correlation));
	json_put(j, "error_uri", json_safe(arena_printf(a, "https://%s/error?code=%u", e->c->server->host, number)));
	if (*r->suberror)
		json_put(j, "suberror", json_string(r->suberror));
	if (str_eq(r->suberror, "basic_action") || str_eq(r->suberror, "message_only"))
		json_put(j, "claims", json_safe(arena_printf(a, "{\"access_token\":{\"capolids\":{\"essential\":true,\"values\":[\"%s\"]}}}",
							     desk_guid(a))));
	web_json(e->c->reply, a, r->status, j);
	web_add_field(e->c->reply, a, "x-ms-request-id", m.trace);
	web_add_field(e->c->reply, a, "Cache-Control", "no-store, no-cache");
}

void entra_refuse(struct entra *e, unsigned number, const char *detail)
{
	entra_refuse_text(e, number, NULL, detail);
}
