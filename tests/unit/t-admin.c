/*
 * t-admin - an administrator's read of the tenant: what PowerShell 5 and 7 and the services write
 * becomes the same facts, and those facts answers. The report in a paste: t-admin-report.
 */
#include "tests/unit/tap.h"

#include "admin/inside.h"
#include "base/arena.h"
#include "base/str.h"
#include "judge/facts.h"
#include "tests/unit/admin-json.h"

/* --- one answer, one fact --- */

static const struct { const char *what, *json, *fact, *want; } answer_cases[] = {
	{ "Get-TransportConfig", "[{'SmtpClientAuthenticationDisabled':true}]",
	  "exo.transport.smtp-auth-disabled", "true" },
	{ "Get-TransportConfig", "{'SmtpClientAuthenticationDisabled':'False'}",
	  "exo.transport.smtp-auth-disabled", "false" },
	{ "Get-TransportConfig",
	  "{'value':[{'SmtpClientAuthenticationDisabled':1}],'@odata.context':'x'}",
	  "exo.transport.smtp-auth-disabled", "true" },
	{ "Get-TransportConfig", "{'value':[{'SmtpClientAuthenticationDisabled':7}],'Count':1}",
	  "exo.transport.smtp-auth-disabled", "" },
	{ "Get-TransportConfig",
	  "{'value':{'value':[{'SmtpClientAuthenticationDisabled':1}],'Count':1},'error':null}",
	  "exo.transport.smtp-auth-disabled", "true" },
	{ "Get-TransportConfig", "{'SmtpClientAuthenticationDisabled':null}",
	  "exo.transport.smtp-auth-disabled", "" },
	{ "Get-CASMailbox", "{'SmtpClientAuthenticationDisabled':null}",
	  "exo.cas.smtp-auth-disabled", "inherit" },
	{ "Get-CASMailbox", "[{'SmtpClientAuthenticationDisabled':''}]",
	  "exo.cas.smtp-auth-disabled", "inherit" },
	{ "Get-CASMailbox", "[{'SmtpClientAuthenticationDisabled':false}]",
	  "exo.cas.smtp-auth-disabled", "false" },
	{ "Get-CASMailbox", "[{'SmtpClientAuthenticationDisabled':'True'}]",
	  "exo.cas.smtp-auth-disabled", "true" },
	{ "Get-CASMailbox", "[{'Name':'scan'}]", "exo.cas.smtp-auth-disabled", "" },
	{ "Get-CASMailbox", "[{'SmtpClientAuthenticationDisabled':'perhaps'}]",
	  "exo.cas.smtp-auth-disabled", "" },
	{ "Get-CASMailbox", "[]", "exo.cas.exists", "false" },
	{ "Get-CASMailbox", "{'value':null}", "exo.cas.exists", "false" },
	{ "Get-CASMailbox", "[null]", "exo.cas.exists", "" },
	{ "Get-EXOMailbox", "{'RecipientTypeDetails':2147483648}", "exo.mailbox.type",
	  "RemoteUserMailbox" },
	{ "Get-EXOMailbox", "{'RecipientTypeDetails':'1'}", "exo.mailbox.type", "UserMailbox" },
	{ "Get-EXOMailbox", "{'RecipientTypeDetails':'SharedMailbox'}", "exo.mailbox.type",
	  "SharedMailbox" },
	{ "Get-EXOMailbox", "{'RecipientTypeDetails':{'value':4,'Value':'SharedMailbox'}}",
	  "exo.mailbox.type", "SharedMailbox" },
	{ "Get-EXOMailbox",
	  "{'EmailAddresses':['SMTP:a@b.example','SIP:a@b.example','smtp:c@b.example']}",
	  "exo.mailbox.aliases", "a@b.example c@b.example" },
	{ "Get-EXOMailbox", "{'EmailAddresses':'SMTP:a@b.example smtp:c@b.example'}",
	  "exo.mailbox.aliases", "a@b.example c@b.example" },
	{ "Get-EXOMailbox", "{'EmailAddresses':{'value':['SMTP:a@b.example'],'Count':1}}",
	  "exo.mailbox.aliases", "a@b.example" },
	{ "Get-User", "{'AuthenticationPolicy':null}", "exo.user.auth-policy", "none" },
	{ "Get-User", "{}", "exo.user.auth-policy", "" },
	{ "Get-ServicePrincipal", "{'AppId':'11111111-2222-3333-4444-ABCDEFABCDEF',"
	  "'ObjectId':'99999999-2222-3333-4444-ABCDEFABCDEF'}",
	  "exo.sp.11111111-2222-3333-4444-abcdefabcdef.object-id",
	  "99999999-2222-3333-4444-abcdefabcdef" },
	{ "Get-ServicePrincipal",
	  "{'AppId':'11111111-2222-3333-4444-ABCDEFABCDEF','ObjectId':'x; Remove-Mailbox y'}",
	  "exo.sp.11111111-2222-3333-4444-abcdefabcdef.object-id", "" },
	{ "Get-ServicePrincipal", "[]", "exo.sp.rows", "0" },
	{ "Get-InboundConnector",
	  "[{'Name':'a'},{'Name':'b','SenderIPAddresses':['192.0.2.1','198.51.100.0/24']}]",
	  "exo.connector.2.ips", "192.0.2.1 198.51.100.0/24" },
	{ "Get-InboundConnector", "{'value':[],'@odata.nextLink':'https://x.example'}",
	  "exo.connector.partial", "true" },
	{ "Get-MailboxPermission", "[{'User':'a','AccessRights':['FullAccess'],'Deny':true}]",
	  "exo.mailbox-permission.1.user", "" },
	{ "signIns", "[{'createdDateTime':'2026-11-21T01:58:00Z','status':{'errorCode':53003}}]",
	  "entra.signin.1.code", "53003" },
	{ "signIns",
	  "[{'createdDateTime':'\\/Date(1763683200000)\\/','status':{'errorCode':'50126'}}]",
	  "entra.signin.1.time", "2025-11-21T00:00:00Z" },
	{ "signIns", "[{'createdDateTime':'yesterday','status':{'errorCode':50126}}]",
	  "entra.signin.1.code", "" },
	{ "signIns", "[{'createdDateTime':'2026-11-21T01:58:00Z','status':{'errorCode':-1}}]",
	  "entra.signin.1.code", "" },
	{ "signIns", "[{'createdDateTime':'2026-11-21T01:58:00Z','status':{'errorCode':true}}]",
	  "entra.signin.1.code", "" },
	{ "signIns", "[{'createdDateTime':'2026-11-21T01:58:00Z','status':{'errorCode':1},"
	  "'appliedConditionalAccessPolicies':[{'displayName':'A','result':'success'},"
	  "{'displayName':'B','result':'failure'},null,7,{'displayName':'C','result':'failure'}]}]",
	  "entra.signin.1.policy", "\"B\", \"C\"" },
	{ "securityDefaults", "{'isEnabled':true}", "entra.security-defaults", "true" },
	{ "policies", "[{'displayName':'P','state':'enabled',"
	  "'conditions':{'clientAppTypes':['exchangeActiveSync','other']}}]",
	  "entra.ca.1.legacy", "true" },
	{ "policies",
	  "[{'displayName':'P','state':'enabled','conditions':{'clientAppTypes':['browser']}}]",
	  "entra.ca.1.legacy", "false" },
	{ "user", "{'accountEnabled':false,'assignedPlans':[{'service':'exchange',"
	  "'capabilityStatus':'Deleted'}]}", "entra.user.licensed", "false" },
	{ "user", "{'accountEnabled':false}", "entra.user.enabled", "false" },
};

static void answers(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(answer_cases); i++) {
		struct facts *f = facts_new(a);
		const char *text = json(a, answer_cases[i].json);

		ok(admin_take(a, f, answer_cases[i].what, text, strlen(text)), "it is read");
		is_str(facts_string(f, answer_cases[i].fact), answer_cases[i].want,
		       arena_printf(a, "%s %s: %s", answer_cases[i].what, answer_cases[i].json,
				    answer_cases[i].fact));
	}
}

static void bounds(struct arena *a)
{
	struct facts *f = facts_new(a);
	char *deep = arena_alloc(a, 2 * LIMIT_ADMIN_DEPTH + 4), *many = arena_strdup(a, "["), *text;
	char *wide = arena_alloc(a, LIMIT_ADMIN_TEXT + 100);

	memset(deep, '[', LIMIT_ADMIN_DEPTH + 1);
	ok(!admin_take(a, f, "Get-CASMailbox", deep, strlen(deep)), "what is too deep is not read");
	ok(!admin_take(a, f, "Get-Everything", "{}", 2), "an unknown answer is not read");
	ok(!admin_take(a, f, "Get-CASMailbox", "{", 1), "half an answer is not read");
	ok(!admin_take(a, f, "Get-CASMailbox", "", 0), "no answer is not read");
	for (int i = 0; i < LIMIT_ADMIN_ROWS + 1; i++)
		many = arena_printf(a, "%s%s{\"Name\":\"c%d\"}", many, i ? "," : "", i + 1);
	many = arena_printf(a, "%s]", many);
	ok(admin_take(a, f, "Get-InboundConnector", many, strlen(many)), "many rows are read");
	is_str(facts_string(f, "exo.connector.200.name"), "c200", "up to the limit");
	is_str(facts_string(f, "exo.connector.201.name"), "", "and no further");
	is_str(facts_string(f, "exo.connector.partial"), "true", "which is said");
	memset(wide, 'x', LIMIT_ADMIN_TEXT + 50);
	text = arena_printf(a, "{\"UserPrincipalName\":\"%s\"}", wide);
	ok(admin_take(a, f, "Get-EXOMailbox", text, strlen(text)), "a long value is read");
	ok(strlen(facts_string(f, "exo.mailbox.upn")) <= LIMIT_ADMIN_TEXT, "and cut");
	ok(admin_take(a, f, "Get-EXOMailbox", "{\"UserPrincipalName\":\"other\"}", 29),
	   "the same again, and different");
	ok(str_has_prefix(facts_string(f, "exo.mailbox.upn"), "xxx"), "what came first counts");
}

static void addresses(void)
{
	static const struct { const char *listed, *address; int want; } cases[] = {
		{ "192.0.2.1", "192.0.2.1", 1 }, { "192.0.2.1", "192.0.2.2", 0 },
		{ "192.0.2.0/24", "192.0.2.255", 1 }, { "192.0.2.0/25", "192.0.2.128", 0 },
		{ "192.0.2.4/31", "192.0.2.5", 1 }, { "192.0.2.4/31", "192.0.2.6", 0 },
		{ "0.0.0.0/0", "203.0.113.9", 1 }, { "192.0.2.1/33", "192.0.2.1", -1 },
		{ "192.0.2.1-192.0.2.9", "192.0.2.9", 1 },
		{ "192.0.2.1-192.0.2.9", "192.0.2.10", 0 }, { "192.0.2.1-x", "192.0.2.1", -1 },
		{ "2001:db8::/32", "2001:db8:1::5", 1 }, { "2001:db8::/32", "192.0.2.1", 0 },
		{ "printer", "192.0.2.1", -1 }, { "", "192.0.2.1", -1 },
		{ "192.0.2.1", "", -1 }, { "2001:db8::1/128", "2001:db8::1", 1 },
		{ "2001:db8::1/127", "2001:db8::2", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_int(admin_address_in(cases[i].listed, cases[i].address), cases[i].want,
		       cases[i].listed);
}

/* --- facts that are answers --- */

static const struct { const char *what, *reads[6], *from, *ip, *fact, *want; } join_cases[] = {
	{ "blank inherits off",
	  { "Get-CASMailbox", "{'SmtpClientAuthenticationDisabled':null}", "Get-TransportConfig",
	    "{'SmtpClientAuthenticationDisabled':true}" },
	  .fact = "exo.smtp-auth", .want = "off-tenant" },
	{ "blank inherits on",
	  { "Get-CASMailbox", "{'SmtpClientAuthenticationDisabled':''}", "Get-TransportConfig",
	    "{'SmtpClientAuthenticationDisabled':false}" },
	  .fact = "exo.smtp-auth", .want = "on-tenant" },
	{ "the mailbox beats the organisation",
	  { "Get-CASMailbox", "{'SmtpClientAuthenticationDisabled':false}", "Get-TransportConfig",
	    "{'SmtpClientAuthenticationDisabled':true}" },
	  .fact = "exo.smtp-auth", .want = "on-mailbox" },
	{ "... both ways", { "Get-CASMailbox", "{'SmtpClientAuthenticationDisabled':true}",
			     "Get-TransportConfig", "{'SmtpClientAuthenticationDisabled':false}" },
	  .fact = "exo.smtp-auth", .want = "off-mailbox" },
	{ "half of it says nothing",
	  { "Get-TransportConfig", "{'SmtpClientAuthenticationDisabled':true}" },
	  .fact = "exo.smtp-auth", .want = "" },
	{ "a policy of its own",
	  { "Get-User", "{'AuthenticationPolicy':'contoso.onmicrosoft.com\\\\Block'}",
	    "Get-AuthenticationPolicy", "[{'Name':'Block','AllowBasicAuthSmtp':false}]" },
	  .fact = "exo.basic-smtp", .want = "blocked" },
	{ "the default policy",
	  { "Get-User", "{'AuthenticationPolicy':null}", "Get-OrganizationConfig",
	    "{'DefaultAuthenticationPolicy':'B'}",
	    "Get-AuthenticationPolicy", "[{'Name':'B','AllowBasicAuthSmtp':false}]" },
	  .fact = "exo.basic-smtp-whose", .want = "the organisation's default" },
	{ "its own before the default", { "Get-User", "{'AuthenticationPolicy':'Allow'}",
					  "Get-OrganizationConfig",
					  "{'DefaultAuthenticationPolicy':'B'}",
					  "Get-AuthenticationPolicy",
					  "[{'Name':'B','AllowBasicAuthSmtp':false},"
					  "{'Name':'Allow','AllowBasicAuthSmtp':true}]" },
	  .fact = "exo.basic-smtp", .want = "allowed" },
	{ "no policy at all", { "Get-User", "{'AuthenticationPolicy':''}", "Get-OrganizationConfig",
				"{'DefaultAuthenticationPolicy':null}" },
	  .fact = "exo.basic-smtp", .want = "allowed" },
	{ "a policy that was not listed",
	  { "Get-User", "{'AuthenticationPolicy':'X'}", "Get-AuthenticationPolicy", "[]" },
	  .fact = "exo.basic-smtp", .want = "" },
	{ "a mail user lives elsewhere",
	  { "Get-EXOMailbox", "[]", "Get-Recipient", "{'RecipientTypeDetails':'MailUser'}" },
	  .fact = "exo.mailbox-home", .want = "on-premises" },
	{ "nobody knows it", { "Get-EXOMailbox", "[]", "Get-Recipient", "[]" },
	  .fact = "exo.mailbox-home", .want = "nowhere" },
	{ "a mailbox that was not found, and no more", { "Get-EXOMailbox", "[]" },
	  .fact = "exo.mailbox-home", .want = "" },
	{ "no licence",
	  { "Get-EXOMailbox", "{'RecipientTypeDetails':'UserMailbox','SKUAssigned':false}" },
	  .fact = "exo.mailbox-home", .want = "unlicensed" },
	{ "a shared one needs none",
	  { "Get-EXOMailbox", "{'RecipientTypeDetails':'SharedMailbox','SKUAssigned':false}" },
	  .fact = "exo.mailbox-home", .want = "cloud" },
	{ "logging in by an alias",
	  { "Get-EXOMailbox",
	    "{'UserPrincipalName':'s@contoso.com','EmailAddresses':['smtp:scan@contoso.com']}" },
	  .fact = "exo.login-by-alias", .want = "true" },
	{ "the object id fits",
	  { "Get-ServicePrincipal", "{'AppId':'" APPID "','ObjectId':'" OID "'}" },
	  .fact = "exo.app.fits", .want = "true" },
	{ "the object id is another",
	  { "Get-ServicePrincipal", "{'AppId':'" APPID "','ObjectId':'" OTHER "'}" },
	  .fact = "exo.app.fits", .want = "false" },
	{ "the application is not there",
	  { "Get-ServicePrincipal", "{'AppId':'" OTHER "','ObjectId':'" OID "'}" },
	  .fact = "exo.app.known", .want = "false" },
	{ "... in half a list", { "Get-ServicePrincipal", "{'value':[],'@odata.nextLink':'x'}" },
	  .fact = "exo.app.known", .want = "" },
	{ "it has a right, by its name",
	  { "Get-ServicePrincipal", "{'AppId':'" APPID "','ObjectId':'" OID
	    "','DisplayName':'Scanner'}", "Get-MailboxPermission",
	    "[{'User':'Scanner','AccessRights':['FullAccess']}]" },
	  .fact = "exo.app.granted", .want = "true" },
	{ "it has none", { "Get-ServicePrincipal", "{'AppId':'" APPID "','ObjectId':'" OID
			   "','DisplayName':'Scanner'}", "Get-MailboxPermission",
			   "[{'User':'bob','AccessRights':['FullAccess']}]" },
	  .fact = "exo.app.granted", .want = "false" },
	{ "it has a role", { "Get-ServicePrincipal", "{'AppId':'" APPID "','ObjectId':'" OID "'}",
			     "Test-ServicePrincipalAuthorization",
			     "[{'RoleName':'Application SMTP.SendAsApp','InScope':'True'}]" },
	  .fact = "exo.app.granted", .want = "true" },
	{ "a role for others", { "Get-ServicePrincipal", "{'AppId':'" APPID "','ObjectId':'"
				 OID "'}", "Test-ServicePrincipalAuthorization",
				 "[{'RoleName':'Application SMTP.SendAsApp','InScope':false}]",
				 "Get-MailboxPermission", "[]" },
	  .fact = "exo.app.granted", .want = "false" },
	{ "From is its own", { "Get-EXOMailbox", "{" ME "}" }, "SCAN@contoso.com",
	  .fact = "exo.send-as", .want = "own" },
	{ "From is an alias, which is off",
	  { "Get-EXOMailbox", "{" ME ",'EmailAddresses':['smtp:x@contoso.com']}",
	    "Get-OrganizationConfig", "{'SendFromAliasEnabled':false}" },
	  "x@contoso.com", .fact = "exo.send-as", .want = "alias-off" },
	{ "Send As is granted",
	  { "Get-EXOMailbox", "{" ME ",'EmailAddresses':['SMTP:scan@contoso.com']}",
	    "Get-RecipientPermission",
	    "[{'Trustee':'scan@contoso.com','AccessRights':['SendAs']}]" },
	  "boss@contoso.com", .fact = "exo.send-as", .want = "granted" },
	{ "Send As is somebody else's",
	  { "Get-EXOMailbox", "{" ME ",'EmailAddresses':['SMTP:scan@contoso.com']}",
	    "Get-RecipientPermission", "[{'Trustee':'bob@contoso.com','AccessRights':['SendAs']},"
	    "{'Trustee':'NT AUTHORITY\\\\SELF','AccessRights':['SendAs']}]" },
	  "boss@contoso.com", .fact = "exo.send-as", .want = "denied" },
	{ "Send As is a group's",
	  { "Get-EXOMailbox", "{" ME ",'EmailAddresses':['SMTP:scan@contoso.com']}",
	    "Get-RecipientPermission", "[{'Trustee':'Senders','AccessRights':['SendAs']}]" },
	  "boss@contoso.com", .fact = "exo.send-as", .want = "not-named" },
	{ "nothing is known of Send As", { "Get-EXOMailbox", "{" ME "}" }, "boss@contoso.com",
	  .fact = "exo.send-as", .want = "" },
	{ "a foreign domain", { "Get-AcceptedDomain", "[{'DomainName':'contoso.com'}]" },
	  "x@elsewhere.example", .fact = "exo.from-accepted", .want = "false" },
	{ "an accepted one",
	  { "Get-AcceptedDomain",
	    "[{'DomainName':'a.example'},{'Name':'b','DomainName':'Contoso.com'}]" },
	  .fact = "exo.from-accepted", .want = "true" },
	{ "no DKIM for it",
	  { "Get-AcceptedDomain", "[{'DomainName':'contoso.com'}]", "Get-DkimSigningConfig", "[]" },
	  .fact = "exo.dkim-of-from", .want = "absent" },
	{ "DKIM is off", { "Get-DkimSigningConfig", "[{'Domain':'contoso.com','Enabled':false}]" },
	  .fact = "exo.dkim-of-from", .want = "off" },
	{ "the connector lists us",
	  { "Get-InboundConnector", "[{'Name':'c','Enabled':true,'ConnectorType':'OnPremises',"
	    "'SenderIPAddresses':['203.0.113.0/24']}]" },
	  .ip = "203.0.113.7", .fact = "exo.connector-match", .want = "c" },
	{ "the connector lists others",
	  { "Get-InboundConnector", "[{'Name':'c','Enabled':true,'ConnectorType':'OnPremises',"
	    "'SenderIPAddresses':['192.0.2.1']}]" },
	  .ip = "203.0.113.7", .fact = "exo.connector-fits", .want = "false" },
	{ "a connector that is off", { "Get-InboundConnector",
				       "[{'Enabled':false,'ConnectorType':'OnPremises',"
				       "'SenderIPAddresses':['203.0.113.7']}]" },
	  .ip = "203.0.113.7", .fact = "exo.connectors", .want = "0" },
	{ "a partner's is none of ours",
	  { "Get-InboundConnector",
	    "[{'Enabled':true,'ConnectorType':'Partner','SenderIPAddresses':['203.0.113.7']}]" },
	  .ip = "203.0.113.7", .fact = "exo.connectors", .want = "0" },
	{ "a list nobody understands",
	  { "Get-InboundConnector",
	    "[{'Enabled':true,'ConnectorType':'OnPremises','SenderIPAddresses':['somewhere']}]" },
	  .ip = "203.0.113.7", .fact = "exo.connector-fits", .want = "" },
	{ "blocked",
	  { "Get-BlockedSenderAddress",
	    "[{'SenderAddress':'scan@contoso.com','Reason':'OutboundSpamLast24Hours=20'}]" },
	  .fact = "exo.blocked-sender", .want = "scan@contoso.com" },
	{ "somebody else is blocked",
	  { "Get-BlockedSenderAddress", "[{'SenderAddress':'bob@contoso.com'}]" },
	  .fact = "exo.blocked-sender", .want = "" },
	{ "a policy for everybody",
	  { "policies", "[{'displayName':'P','state':'enabled',"
	    "'conditions':{'clientAppTypes':['other'],'users':{'includeUsers':['All']}},"
	    "'grantControls':{'builtInControls':['block']}}]" },
	  .fact = "entra.policies-against", .want = "\"P\"" },
	{ "... but this one",
	  { "policies", "[{'displayName':'P','state':'enabled',"
	    "'conditions':{'clientAppTypes':['other'],'users':{'includeUsers':['All'],"
	    "'excludeUsers':['u1']}},'grantControls':{'builtInControls':['block']}}]", "user",
	    "{'id':'u1'}" },
	  .fact = "entra.policies-against", .want = "" },
	{ "a policy that only reports",
	  { "policies", "[{'displayName':'P','state':'enabledForReportingButNotEnforced',"
	    "'conditions':{'clientAppTypes':['other'],"
	    "'users':{'includeUsers':['All']}},'grantControls':{'builtInControls':['block']}}]" },
	  .fact = "entra.policies-against", .want = "" },
	{ "a policy for groups",
	  { "policies", "[{'displayName':'P','state':'enabled',"
	    "'conditions':{'clientAppTypes':['all'],'users':{'includeGroups':['g']}},"
	    "'grantControls':{'builtInControls':['mfa']}}]" },
	  .fact = "entra.policies-maybe", .want = "\"P\"" },
	{ "our own login", { "signIns", "[{'createdDateTime':'2027-01-15T07:50:00Z',"
			     "'ipAddress':'203.0.113.7','status':{'errorCode':50126}},"
			     "{'createdDateTime':'2027-01-15T07:59:00Z','ipAddress':'198.51.100.9',"
			     "'status':{'errorCode':0}}]" },
	  .ip = "203.0.113.7", .fact = "entra.login.code", .want = "50126" },
	{ "... weighs most", { "signIns", "[{'createdDateTime':'2027-01-15T07:50:00Z',"
			       "'ipAddress':'203.0.113.7','status':{'errorCode':50126}}]" },
	  .ip = "203.0.113.7", .fact = "entra.login.weight", .want = "this-one" },
	{ "from here, that day", { "signIns", "[{'createdDateTime':'2027-01-14T12:00:00Z',"
				   "'ipAddress':'203.0.113.7','status':{'errorCode':50126}}]" },
	  .ip = "203.0.113.7", .fact = "entra.login.weight", .want = "same-place" },
	{ "from elsewhere", { "signIns", "[{'createdDateTime':'2027-01-15T07:50:00Z',"
			      "'ipAddress':'198.51.100.9','status':{'errorCode':50126}}]" },
	  .ip = "203.0.113.7", .fact = "entra.login.weight", .want = "earlier" },
	{ "that day, from who knows where",
	  { "signIns",
	    "[{'createdDateTime':'2027-01-15T07:50:00Z','status':{'errorCode':50126}}]" },
	  .fact = "entra.login.weight", .want = "same-day" },
	{ "somebody else's, or another program's",
	  { "signIns", "[{'createdDateTime':'2027-01-15T07:50:00Z',"
	    "'userPrincipalName':'bob@contoso.com','status':{'errorCode':1}},"
	    "{'createdDateTime':'2027-01-15T07:50:00Z','clientAppUsed':'Browser',"
	    "'status':{'errorCode':1}}]" },
	  .fact = "entra.login.found", .want = "false" },
};

static void joins(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(join_cases); i++) {
		struct facts *f = facts_new(a);

		for (size_t j = 0; j < 6 && join_cases[i].reads[j]; j += 2) {
			const char *text = json(a, join_cases[i].reads[j + 1]);

			if (!admin_take(a, f, join_cases[i].reads[j], text, strlen(text)))
				ok(false, arena_printf(a, "%s is read", text));
		}
		admin_join(a, f, &(struct admin_case) {
			.user = "scan@contoso.com",
			.from = join_cases[i].from ? join_cases[i].from : "",
			.ip = join_cases[i].ip ? join_cases[i].ip : "", .appid = APPID, .oid = OID,
			.at = 1800000000,	/* 2027-01-15T08:00:00Z */
		}, ADMIN_ALL);
		is_str(facts_string(f, join_cases[i].fact), join_cases[i].want, join_cases[i].what);
	}
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();

	answers(a);
	bounds(a);
	addresses();
	joins(a);
	return tap_done();
}
