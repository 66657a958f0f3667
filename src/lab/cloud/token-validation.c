/*
 * token-validation - claims against mailboxes: in the silent manner of Exchange Online, the
 * explicit one of High Volume Email, and Gmail's.
 */
#include "lab/cloud/cloud.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/scan.h"
#include "lab/cloud/jwt.h"
#include "lab/dialogue.h"

enum { HVE_MARGIN = 600 };

static bool is_for_outlook(const char *aud, enum tenant_cloud cloud)
{
	static const struct { const char *aud; enum tenant_cloud cloud; } list[] = {
		{ "https://outlook.office.com", CLOUD_WORLDWIDE },
		{ "https://outlook.office365.com", CLOUD_WORLDWIDE },
		{ "https://outlook.office365.us", CLOUD_USGOV },
		{ "https://outlook-dod.office365.us", CLOUD_USGOV },
		{ "https://partner.outlook.cn", CLOUD_CHINA },
	};

	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		if (str_eq(aud, list[i].aud) && list[i].cloud == cloud)
			return true;
	return str_eq(aud, "00000002-0000-0ff1-ce00-000000000000");
}

static bool app_reaches(const struct tenant_app *app, const char *mailbox)
{
	for (size_t i = 0; i < app->access.n; i++)
		if (str_glob(app->access.v[i], mailbox))
			return true;
	return false;
}

/*
 * May the app of this token act for the mailbox: by permission, by what Exchange was told of it,
 * and by a right on the mailbox?
 */
static bool app_may(const struct lab_tenant *t, const json_t *claims, const char *mailbox)
{
	const struct tenant_app *app = tenant_app(t, jwt_text(claims, "appid"));

	if (!app || !cloud_permits(claims, "SMTP.SendAsApp"))
		return false;
	if (*app->registered && !str_eq_nocase(app->registered, jwt_text(claims, "oid")))
		return false;
	return app_reaches(app, mailbox);
}

static bool person_may(const struct lab_tenant *t, const json_t *claims,
		       const struct tenant_user *mailbox)
{
	const struct tenant_user *u = tenant_user(t, jwt_text(claims, "upn"));

	return u && !u->disabled && cloud_permits(claims, "SMTP.Send") &&
	       (u == mailbox || strv_has_nocase(&u->access, mailbox->name));
}

/* SMTP AUTH switched off is the one thing that Exchange Online says aloud. */
static const char *switched_off(const struct lab_tenant *t, const struct tenant_user *mailbox)
{
	if (mailbox->smtp_auth == SWITCH_OFF)
		return "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is "
		       "disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more "
		       "information. [{trailer}]";
	if (mailbox->smtp_auth == SWITCH_INHERIT && t->smtp_auth_off)
		return "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is "
		       "disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more "
		       "information. [{trailer}]";
	return NULL;
}

static enum token_verdict outlook(const struct smtp_dialogue *t, const json_t *claims,
				  const char *user, const char **ret_line)
{
	const struct lab_tenant *tenant = tenant_of_address(t->d->scenario, user);
	const struct tenant_user *mailbox = tenant ? tenant_user(tenant, user) : NULL;
	bool may;

	if (!mailbox || str_in(mailbox->mailbox, "none|mailuser"))
		return VERDICT_WRONG;
	if (jwt_number(claims, "exp", 0) <= tenant_now(tenant) ||
	    !str_eq(jwt_text(claims, "tid"), tenant->id))
		return VERDICT_WRONG;
	if (!is_for_outlook(jwt_text(claims, "aud"), cloud_of_host(t->d->server->host)))
		return VERDICT_WRONG;
	may = str_eq(jwt_text(claims, "idtyp"), "app") ? app_may(tenant, claims, user) :
	      person_may(tenant, claims, mailbox);
	if (!may)
		return VERDICT_WRONG;
	*ret_line = switched_off(tenant, mailbox);
	return *ret_line ? VERDICT_ANSWERED : VERDICT_RIGHT;
}

/* It names what Exchange Online keeps to itself. */
static enum token_verdict hve(const struct smtp_dialogue *t, const json_t *claims, const char *user,
			      const char **ret_line)
{
	const struct lab_tenant *tenant = tenant_of_address(t->d->scenario, user);
	const struct tenant_app *app = tenant ? tenant_app(tenant, jwt_text(claims, "appid")) :
				       NULL;
	bool here = tenant && str_eq(jwt_text(claims, "tid"), tenant->id) &&
		    tenant_user(tenant, user);
	long long left = jwt_number(claims, "exp", 0) -
			 (tenant ? tenant_now(tenant) : (long long)clock_wall());

	if (!here || !is_for_outlook(jwt_text(claims, "aud"), CLOUD_WORLDWIDE))
		return VERDICT_WRONG;
	if (left <= 0)
		*ret_line = "535 5.7.143 Expired token [{trailer}]";
	else if (left < HVE_MARGIN)
		*ret_line = "535 5.7.142 Token will expire soon [{trailer}]";
	else if (!cloud_permits(claims, "Mail.Send"))
		*ret_line = "535 5.7.144 XOAUTH2 authentication failed. Invalid API permissions "
			    "[{trailer}]";
	else if (!app || !app_reaches(app, user))
		*ret_line = "550 5.7.240 The application is not allowed for use with this High "
			    "Volume Email account [{trailer}]";
	return *ret_line ? VERDICT_ANSWERED : VERDICT_RIGHT;
}

static enum token_verdict google(const json_t *claims, const char *user, const char **ret_challenge)
{
	bool expired = jwt_number(claims, "exp", 0) <= (long long)clock_wall();

	if (!expired && str_eq_nocase(jwt_text(claims, "upn"), user) &&
	    str_find_nocase(jwt_text(claims, "scope"), "https://mail.google.com/"))
		return VERDICT_RIGHT;
	*ret_challenge = expired ? "{\"status\":\"401\",\"schemes\":\"bearer mac\","
			 "\"scope\":\"https://mail.google.com/\"}" :
			 "{\"status\":\"400\",\"schemes\":\"Bearer\","
			 "\"scope\":\"https://mail.google.com/\"}";
	return VERDICT_WRONG;
}

enum token_verdict validate_token(struct smtp_dialogue *t, const char *user, const char *token,
				  const char **ret_line, const char **ret_challenge)
{
	enum token_rules rules = t->d->server->token_rules;
	json_t *claims = NULL;
	enum token_verdict verdict = VERDICT_NOT_OURS;

	if (rules == TOKEN_RULES_GOOGLE)
		claims = token_unseal("ya29.a0", token);
	else if (rules != TOKEN_RULES_NONE)
		claims = token_store_verify(t->d->tokens, t->arena, token);
	if (!claims && rules == TOKEN_RULES_OUTLOOK)
		claims = token_unseal("EwB", token);
	if (claims && rules == TOKEN_RULES_GOOGLE)
		verdict = google(claims, user, ret_challenge);
	else if (claims && rules == TOKEN_RULES_HVE)
		verdict = hve(t, claims, user, ret_line);
	else if (claims)
		verdict = outlook(t, claims, user, ret_line);
	json_decref(claims);
	return verdict;
}

/*
 * Which number belongs to which part is public for the address alone; the order of the response is
 * our guess for the others.
 */
const char *validate_initial_response(const struct smtp_dialogue *t, struct span response)
{
	struct scan s = scan_span(response);
	struct span user;

	if (t->d->server->token_rules != TOKEN_RULES_HVE)
		return NULL;
	if (!scan_accept_str(&s, "user="))
		return "501 5.5.121 Invalid XOAUTH2 auth data - The data is not in the expected "
		       "format [{trailer}]";
	user = scan_until(&s, "\x01");
	if (user.len == 0)
		return "501 5.5.122 Invalid XOAUTH2 auth data - User address is missing "
		       "[{trailer}]";
	if (!memchr(user.p, '@', user.len) || memchr(user.p, '%', user.len))
		return "501 5.5.124 Invalid XOAUTH2 auth data - User address provided is not "
		       "valid. Please ensure the auth data is in the expected format [{trailer}]";
	if (!scan_accept(&s, '\x01') || !scan_accept_str(&s, "auth="))
		return "501 5.5.123 Invalid XOAUTH2 auth data - Token is missing [{trailer}]";
	if (!scan_accept_str(&s, "Bearer "))
		return "501 5.5.125 Invalid XOAUTH2 auth data - The token type is not Bearer "
		       "[{trailer}]";
	if (scan_until(&s, "\x01").len == 0)
		return "501 5.5.126 Invalid XOAUTH2 auth data - Token is empty [{trailer}]";
	return NULL;
}
