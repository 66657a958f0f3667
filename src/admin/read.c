/*
 * What Exchange Online says, fact for fact: the answers of the read-only cmdlets.
 */
#include "admin/inside.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "judge/facts.h"
#include "token/token.h"

/* --- one row of each cmdlet --- */

static void take_transport(struct admin_row *r)
{
	admin_copy_yes(r, "SmtpClientAuthenticationDisabled", "smtp-auth-disabled");
	admin_copy_yes(r, "AllowLegacyTLSClients", "legacy-tls");
}

/*
 * Three values: blank (null, "") inherits what the organisation has. A member that is not
 * there says nothing.
 */
static void take_cas(struct admin_row *r)
{
	static const char member[] = "SmtpClientAuthenticationDisabled";
	int yes = admin_yes(r->row, member);

	admin_put_yes(r, "exists", 1);
	if (yes >= 0)
		admin_put(r, "smtp-auth-disabled", yes ? "true" : "false");
	else if (admin_has(r->row, member) && !*admin_text(r->arena, r->row, member))
		admin_put(r, "smtp-auth-disabled", "inherit");
}

/* RecipientTypeDetails as a number, where nobody made a word of it (msExchRecipientTypeDetails). */
static const char *recipient_type(struct arena *a, const json_t *row)
{
	static const struct { const char *number, *name; } table[] = {
		{ "1", "UserMailbox" }, { "2", "LinkedMailbox" }, { "4", "SharedMailbox" },
		{ "8", "LegacyMailbox" }, { "16", "RoomMailbox" },
		{ "32", "EquipmentMailbox" }, { "64", "MailContact" }, { "128", "MailUser" },
		{ "2147483648", "RemoteUserMailbox" },
		{ "8589934592", "RemoteRoomMailbox" }, { "17179869184", "RemoteEquipmentMailbox" },
		{ "34359738368", "RemoteSharedMailbox" },
	};
	const char *text = admin_text(a, row, "RecipientTypeDetails");

	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (str_eq(table[i].number, text))
			return table[i].name;
	return text;
}

/* "SMTP:scan@contoso.com smtp:printer@contoso.com SIP:..." without what is no mail address. */
static const char *addresses(struct arena *a, const json_t *row)
{
	struct strv all = { NULL, 0, 0 }, mail = { NULL, 0, 0 };

	strv_split(&all, a, admin_text(a, row, "EmailAddresses"), ' ');
	for (size_t i = 0; i < all.n; i++) {
		const char *s = all.v[i];

		if (str_has_prefix_nocase(s, "smtp:"))
			strv_add(&mail, a, s + 5);
		else if (strchr(s, '@') && !strchr(s, ':'))
			strv_add(&mail, a, s);
	}
	return strv_join(&mail, a, " ");
}

static void take_mailbox(struct admin_row *r)
{
	admin_put_yes(r, "exists", 1);
	admin_put(r, "type", recipient_type(r->arena, r->row));
	admin_copy(r, "UserPrincipalName", "upn");
	admin_copy(r, "PrimarySmtpAddress", "primary");
	admin_put(r, "aliases", addresses(r->arena, r->row));
	admin_copy_yes(r, "SKUAssigned", "licensed");
	admin_copy(r, "MaxSendSize", "max-send-size");
	admin_copy(r, "RecipientLimits", "recipient-limits");
}

static void take_recipient(struct admin_row *r)
{
	admin_put_yes(r, "exists", 1);
	admin_put(r, "type", recipient_type(r->arena, r->row));
	admin_copy(r, "PrimarySmtpAddress", "primary");
}

static void take_user(struct admin_row *r)
{
	admin_put_yes(r, "exists", 1);
	/* There and blank is something else than not there. */
	if (admin_has(r->row, "AuthenticationPolicy")) {
		const char *policy = admin_text(r->arena, r->row, "AuthenticationPolicy");

		admin_put(r, "auth-policy", *policy ? policy : "none");
	}
	admin_copy_yes(r, "AccountDisabled", "account-disabled");
}

static void take_organisation(struct admin_row *r)
{
	if (admin_has(r->row, "DefaultAuthenticationPolicy")) {
		const char *policy = admin_text(r->arena, r->row, "DefaultAuthenticationPolicy");

		admin_put(r, "default-auth-policy", *policy ? policy : "none");
	}
	admin_copy_yes(r, "RejectDirectSend", "reject-direct-send");
	admin_copy_yes(r, "SendFromAliasEnabled", "send-from-alias");
}

static void take_auth_policy(struct admin_row *r)
{
	admin_copy(r, "Name", "name");
	admin_copy_yes(r, "AllowBasicAuthSmtp", "basic-smtp");
}

static void take_recipient_permission(struct admin_row *r)
{
	admin_copy(r, "Trustee", "trustee");
	admin_copy(r, "AccessRights", "rights");
}

static void take_mailbox_permission(struct admin_row *r)
{
	if (admin_yes(r->row, "Deny") == 1)
		return;
	admin_copy(r, "User", "user");
	admin_copy(r, "AccessRights", "rights");
}

/*
 * By its application's id: that is what a token names. Nothing but a GUID may become part of a name
 * or of a command.
 */
static void take_service_principal(struct admin_row *r)
{
	const char *appid = str_lower(r->arena, admin_text(r->arena, r->row, "AppId")),
		*oid = admin_text(r->arena, r->row, "ObjectId");
	struct admin_row named = *r;

	if (!is_guid(appid))
		return;
	named.area = arena_printf(r->arena, "exo.sp.%s", appid);
	named.n = 0;
	if (is_guid(oid))
		admin_put(&named, "object-id", str_lower(r->arena, oid));
	admin_copy(&named, "DisplayName", "name");
	admin_copy(&named, "Sid", "sid");
}

static void take_authorization(struct admin_row *r)
{
	admin_copy(r, "RoleName", "role");
	admin_copy_yes(r, "InScope", "in-scope");
}

static void take_connector(struct admin_row *r)
{
	admin_copy(r, "Name", "name");
	admin_copy_yes(r, "Enabled", "enabled");
	admin_copy(r, "ConnectorType", "type");
	admin_copy(r, "SenderIPAddresses", "ips");
	admin_copy(r, "SenderDomains", "domains");
	admin_copy(r, "TlsSenderCertificateName", "certificate");
	admin_copy_yes(r, "RequireTls", "require-tls");
	admin_copy_yes(r, "RestrictDomainsToIPAddresses", "restrict-ips");
	admin_copy_yes(r, "RestrictDomainsToCertificate", "restrict-certificate");
}

static void take_domain(struct admin_row *r)
{
	admin_copy(r, "DomainName", "name");
	admin_copy(r, "Name", "name");
	admin_copy(r, "DomainType", "type");
}

static void take_dkim(struct admin_row *r)
{
	admin_copy(r, "Domain", "domain");
	admin_copy(r, "Name", "domain");
	admin_copy_yes(r, "Enabled", "enabled");
	admin_copy(r, "Status", "status");
}

static void take_blocked(struct admin_row *r)
{
	admin_copy(r, "SenderAddress", "address");
	admin_copy(r, "Reason", "reason");
}

static void take_hve(struct admin_row *r)
{
	admin_copy(r, "BillingPolicyStatus", "billing-status");
}

/* --- all of them --- */

static const struct {
	const char	*what, *area;
	bool		 many;		/* a list: a fact says how many rows there are */
	void		(*take)(struct admin_row *r);
} readers[] = {
	{ "Get-TransportConfig", "exo.transport", false, take_transport },
	{ "Get-CASMailbox", "exo.cas", false, take_cas },
	{ "Get-Mailbox", "exo.mailbox", false, take_mailbox },
	{ "Get-EXOMailbox", "exo.mailbox", false, take_mailbox },
	{ "Get-Recipient", "exo.recipient", false, take_recipient },
	{ "Get-User", "exo.user", false, take_user },
	{ "Get-OrganizationConfig", "exo.org", false, take_organisation },
	{ "Get-AuthenticationPolicy", "exo.auth-policy", true, take_auth_policy },
	{ "Get-RecipientPermission", "exo.recipient-permission", true, take_recipient_permission },
	{ "Get-MailboxPermission", "exo.mailbox-permission", true, take_mailbox_permission },
	{ "Get-ServicePrincipal", "exo.sp", true, take_service_principal },
	{ "Test-ServicePrincipalAuthorization", "exo.sp-authorization", true, take_authorization },
	{ "Get-InboundConnector", "exo.connector", true, take_connector },
	{ "Get-AcceptedDomain", "exo.accepted-domain", true, take_domain },
	{ "Get-DkimSigningConfig", "exo.dkim", true, take_dkim },
	{ "Get-BlockedSenderAddress", "exo.blocked", true, take_blocked },
	{ "Get-HVEAccountBillingPolicy", "exo.hve", false, take_hve },
	{ "Get-HVEAccountSettings", "exo.hve", false, take_hve },
	{ "signIns", "entra.signin", true, admin_take_signin },
	{ "securityDefaults", "entra.defaults", false, admin_take_defaults },
	{ "policies", "entra.ca", true, admin_take_policy },
	{ "user", "entra.user", false, admin_take_user },
};

static void take_rows(struct arena *a, struct facts *f, size_t reader, const json_t *answer)
{
	struct admin_row r = { .arena = a, .facts = f, .area = readers[reader].area };
	size_t rows = admin_rows(answer), most = readers[reader].many ? LIMIT_ADMIN_ROWS : 1;
	struct admin_row whole = r;
	const char *next = "@odata.nextLink";

	for (size_t i = 0; i < rows && i < most; i++) {
		r.row = admin_row(answer, i);
		r.n = readers[reader].many ? (unsigned)i + 1 : 0;
		if (r.row)
			readers[reader].take(&r);
	}
	if (readers[reader].many) {
		admin_put_number(&whole, "rows", (long long)rows);
		if (rows > most || json_is_string(json_object_get(answer, next)) ||
		    json_is_string(json_object_get(json_object_get(answer, "value"), next)))
			admin_put_yes(&whole, "partial", 1);
	} else if (!rows) {
		admin_put_yes(&whole, "exists", 0);
	}
}

void admin_unread(struct arena *a, struct facts *f, const char *what, const char *why)
{
	struct admin_row r = { .arena = a, .facts = f, .area = "exo.unread" };
	const char *none[] = { "couldn't be found", "could not be found",
			       "ManagementObjectNotFound", "wasn't found", "isn't a mailbox user",
			       "doesn't exist" };

	for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
		if (!str_eq(readers[i].what, what))
			continue;
		if (str_has_prefix(readers[i].area, "entra"))
			r.area = "entra.unread";
		admin_put(&r, str_lower(a, what),
			  arena_strndup(a, *why ? why : "no reason was given", LIMIT_ADMIN_TEXT));
		/* That it is not there is an answer, and not a failure. */
		r.area = readers[i].area;
		for (size_t j = 0; j < ARRAY_LEN(none) && !readers[i].many; j++)
			if (str_find_nocase(why, none[j]))
				admin_put_yes(&r, "exists", 0);
		return;
	}
}

static bool take(struct arena *a, struct facts *f, const char *what, const json_t *answer)
{
	for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
		if (str_eq(readers[i].what, what)) {
			take_rows(a, f, i, answer);
			return true;
		}
	}
	return false;
}

bool admin_take(struct arena *a, struct facts *f, const char *what, const char *json, size_t n)
{
	_cleanup_(json_decrefp) json_t *j = NULL;

	if (n > LIMIT_ADMIN_JSON || json_too_deep(json, n, LIMIT_ADMIN_DEPTH))
		return false;
	j = json_loadb(json, n, 0, NULL);
	return j && take(a, f, what, j);
}

/* --- the report --- */

/* {"Get-CASMailbox": {"value": ..., "error": null}, ...} */
static void read_answers(struct arena *a, const json_t *answers, struct facts *f,
			 struct admin_report *ret)
{
	const char *what;
	json_t *answer;

	json_object_foreach((json_t *)answers, what, answer) {
		const char *error = admin_text(a, answer, "error");

		if (*error) {
			admin_unread(a, f, what, error);
			if (ret->unread.n < LIMIT_ADMIN_ROWS)
				strv_addf(&ret->unread, a, "%.80s: %s", what, error);
		} else if (json_object_get(answer, "value") && take(a, f, what, answer)) {
			ret->reads++;
		}
	}
}

/* It becomes part of a command that people copy. */
static const char *address_of(struct arena *a, const json_t *j, const char *member)
{
	const char *s = admin_text(a, j, member);

	for (const char *p = s; *p; p++)
		if (!ascii_is_alnum(*p) && !strchr("@.-_+'", *p))
			return "";
	return strchr(s, '@') && *s != '-' ? s : "";
}

const char *admin_read(struct arena *a, const char *json, size_t n, struct facts *f,
		       struct admin_report *ret)
{
	_cleanup_(json_decrefp) json_t *j = NULL;
	json_error_t e;

	*ret = (struct admin_report) { .user = "", .from = "" };
	if (n > LIMIT_ADMIN_JSON)
		return "it is longer than 1 MiB, and no organisation's report is";
	if (json_too_deep(json, n, LIMIT_ADMIN_DEPTH))
		return "it is nested deeper than the script writes it";
	j = json_loadb(json, n, 0, &e);
	if (!j || !json_is_object(j))
		return arena_printf(a,
				    "it is no JSON any more: something is wrong near its line %d",
				    j ? 1 : e.line);
	if (!str_eq(admin_text(a, j, "schema"), "smtpwhy.admin/1"))
		return "its first member is not \"schema\": \"smtpwhy.admin/1\"";
	ret->user = address_of(a, j, "user");
	ret->from = address_of(a, j, "from");
	if (clock_parse(admin_text(a, j, "made"), &ret->made) != 0)
		ret->made = 0;
	read_answers(a, json_object_get(j, "exo"), f, ret);
	read_answers(a, json_object_get(j, "entra"), f, ret);
	return ret->reads || ret->unread.n ? NULL : "there is no answer in it";
}
