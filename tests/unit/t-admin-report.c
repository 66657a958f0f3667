/*
 * t-admin-report - the report of an administrator's read in a paste: how it is found and read, and
 * what it settles.
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "base/str.h"
#include "know/know.h"
#include "paste/explain.h"
#include "tests/unit/admin-json.h"

static const struct know *know;

/* --- the report in a paste --- */

#define REPORT \
	"{'schema':'smtpwhy.admin/1','made':'2026-11-21T02:00:00Z','user':'scan@contoso.com'," \
	"'exo':{'Get-CASMailbox':{'value':" \
	"[{'SmtpClientAuthenticationDisabled':true}]}}}"
#define BEGIN "-----BEGIN SMTPWHY ADMIN REPORT-----\n"
#define END "\n-----END SMTPWHY ADMIN REPORT-----\n"

static void pastes(struct arena *a)
{
	static const struct { const char *what, *text, *trouble, *cause; } cases[] = {
		{ "by itself", BEGIN REPORT END, "", "mailbox-smtp-auth-disabled" },
		{ "without its lines", REPORT, "", "mailbox-smtp-auth-disabled" },
		{ "in a mail", "Hi,\nhere it is:\n\n" BEGIN REPORT END "\nregards {Bob}", "",
		  "mailbox-smtp-auth-disabled" },
		{ "wrapped by a terminal",
		  BEGIN "{'schema':'smtpwhy.admin/1','user':'scan@con\r\ntoso.com',\r\n"
			"'exo':{'Get-CASMail\nbox':{'value':"
			"{'SmtpClientAuthentication\nDisabled':true}}}}" END,
		  "", "mailbox-smtp-auth-disabled" },
		{ "with a mark of UTF-8", "\xef\xbb\xbf" BEGIN REPORT END, "",
		  "mailbox-smtp-auth-disabled" },
		{ "cut off",
		  BEGIN "{'schema':'smtpwhy.admin/1','exo':{'Get-CASMailbox':{'value':[{'Smtp",
		  "its end is missing", NULL },
		{ "cut off, and a reply behind it", BEGIN "{'schema':'smtpwhy.admin/1','exo':{" END
		  "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled "
		  "for the Tenant.", "its end is missing", "tenant-smtp-auth-disabled" },
		{ "its beginning is gone", "'smtpwhy.admin/1','exo':{}}",
		  "its beginning is missing", NULL },
		{ "nothing in it", "{'schema':'smtpwhy.admin/1'}",
		  "there is no answer in it", NULL },
		{ "only named", "the text 'smtpwhy.admin/1' {", "its beginning is missing", NULL },
		{ "damaged", "{'schema':'smtpwhy.admin/1','exo':{a}}", "no JSON", NULL },
		{ "another member first", "{'user':'smtpwhy.admin/1','exo':{}}",
		  "first member", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *text = json(a, cases[i].text);
		const struct explanation *e = explain_text(a, know, text, strlen(text));

		is_str(paste_kind_name(e->kind), "admin-report", cases[i].what);
		ok(*cases[i].trouble ? strstr(e->trouble, cases[i].trouble) != NULL : !*e->trouble,
		   *e->trouble ? e->trouble : "no trouble");
		is_str(e->n_diagnosis ? e->diagnosis[0].cause->id : NULL, cases[i].cause,
		       "... and its cause");
	}
}

/* PowerShell 5 writes UTF-16 when its output goes into a file. */
static void wide(struct arena *a)
{
	const char *text = json(a, BEGIN REPORT END);
	size_t n = strlen(text);
	char *w = arena_alloc(a, 2 * n + 2);
	const struct explanation *e;

	memcpy(w, "\xff\xfe", 2);
	for (size_t i = 0; i < n; i++)
		w[2 * i + 2] = text[i];
	e = explain_text(a, know, w, 2 * n + 2);
	is_str(e->n_diagnosis ? e->diagnosis[0].cause->id : NULL, "mailbox-smtp-auth-disabled",
	       "a file in UTF-16 is read");
	e = explain_text(a, know, w, 2 * n + 1);
	is_str(e->n_diagnosis ? e->diagnosis[0].cause->id : NULL, "mailbox-smtp-auth-disabled",
	       "... and one that ends in the middle of a letter");
}

/* What the text around it tells of the sender's address, and what is told for others to compare. */
static void around(struct arena *a)
{
	const char *report =
		json(a, "{'schema':'smtpwhy.admin/1','user':'scan@contoso.com',"
		     "'exo':{'Get-InboundConnector':{'value':{'Name':'c','Enabled':true,"
		     "'ConnectorType':'OnPremises','SenderIPAddresses':['192.0.2.1']}},"
		     "'Get-ServicePrincipal':{'value':{'AppId':'" APPID "','ObjectId':'"
		     OID "','DisplayName':'Scanner'}}}}");
	const char *text = arena_printf(a, "S: 250-AM0 Hello [203.0.113.7]\n"
					"C: RCPT TO:<a@b.example>\nS: 550 5.7.64 "
					"TenantAttribution; Relay Access Denied\n%s", report);
	const struct explanation *e = explain_text(a, know, text, strlen(text));

	is_str(e->n_diagnosis ? e->diagnosis[0].cause->id : NULL, "connector-missing",
	       "the address in the EHLO answer is held against the connector's");
	is_str(e->n_diagnosis ? e->diagnosis[0].because.v[0] : NULL, "you come from 203.0.113.7, "
	       "and no connector lists that address; listed are: 192.0.2.1",
	       "... which lists another");
	e = explain_text(a, know, report, strlen(report));
	ok(strv_has(&e->seen,
		    "Connectors from servers of your own list these addresses: 192.0.2.1"),
	   "without one the addresses are told");
	ok(strv_has(&e->seen, "Exchange knows the application \"Scanner\", AppId " APPID
		    " by the object id " OID "; oid in its token must be the same"),
	   "... and the applications");
}

/* --- what it settles --- */

#define CRITERIA \
	"535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be " \
	"authenticated successfully."
#define ON "'Get-CASMailbox':{'value':{'SmtpClientAuthenticationDisabled':false}}"
#define SIGNIN(code) \
	"'signIns':{'value':[{'createdDateTime':'2026-11-21T01:55:00Z','status':{'errorCode':" \
	code ",'failureReason':'why'}," \
	"'appliedConditionalAccessPolicies':[{'displayName':'Block legacy'," \
	"'result':'failure'}]}]}"

static const struct { const char *what, *reply, *from, *exo, *entra, *want, *says,
		      *not_there; } verdict_cases[] = {
	{ "the wire is vague, the log is not", CRITERIA, "", ON, SIGNIN("53003"),
	  "conditional-access-block likely", "by the policy \"Block legacy\"", NULL },
	{ "the wire is vague, the password is wrong", CRITERIA, "", ON, SIGNIN("50126"),
	  "wrong-credentials likely", "50126", NULL },
	{ "the account is locked", CRITERIA, "", ON, SIGNIN("50053"), "account-locked likely",
	  "50053", NULL },
	{ "the password has expired", CRITERIA, "", ON, SIGNIN("50055"), "password-expired likely",
	  "50055", NULL },
	{ "the account is disabled", CRITERIA, "", ON, SIGNIN("50057"), "account-disabled likely",
	  "50057", NULL },
	{ "a second factor is wanted", CRITERIA, "", ON, SIGNIN("50076"),
	  "conditional-access-block likely", "50076", NULL },
	{ "security defaults by the log", CRITERIA, "", ON, SIGNIN("530035"),
	  "security-defaults-block likely", "530035", NULL },
	{ "a number nobody knows", CRITERIA, "", ON, SIGNIN("999999"),
	  "conditional-access-block likely", NULL, NULL },
	{ "security defaults by the setting", "535 5.7.3 Authentication unsuccessful", "", ON,
	  "'securityDefaults':{'value':{'isEnabled':true}}", "security-defaults-block likely",
	  "security defaults are on", "mailbox-smtp-auth-disabled" },
	{ "security defaults are off", "535 5.7.139 Authentication unsuccessful, user is locked by "
	  "your organization's security defaults policy.", "", ON,
	  "'securityDefaults':{'value':{'isEnabled':false}}", "security-defaults-block certain",
	  NULL, NULL },
	{ "the tenant's switch, inherited", "", "", "'Get-CASMailbox':{'value':{"
	  "'SmtpClientAuthenticationDisabled':null}},'Get-TransportConfig':{'value':"
	  "{'SmtpClientAuthenticationDisabled':true}}", "", "tenant-smtp-auth-disabled certain",
	  "blank", "mailbox-smtp-auth-disabled" },
	{ "the tenant's switch, as the reply says", "535 5.7.139 Authentication unsuccessful, "
	  "SmtpClientAuthentication is disabled for the Tenant.", "",
	  "'Get-CASMailbox':{'value':{'SmtpClientAuthenticationDisabled':null}},"
	  "'Get-TransportConfig':{'value':{'SmtpClientAuthenticationDisabled':true}}", "",
	  "tenant-smtp-auth-disabled certain",
	  "Exchange Online says that SMTP AUTH is off for the organization", NULL },
	{ "on by now, though the reply says off", "535 5.7.139 Authentication unsuccessful, "
	  "SmtpClientAuthentication is disabled for the Tenant.", "", ON, "",
	  "smtp-auth-change-pending likely", "up to an hour", NULL },
	{ "off, though the reply is about something else", CRITERIA, "",
	  "'Get-CASMailbox':{'value':{'SmtpClientAuthenticationDisabled':true}}", SIGNIN("53003"),
	  "mailbox-smtp-auth-disabled likely", "one more obstacle", NULL },
	{ "a policy against passwords",
	  "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
	  "", ON ",'Get-User':{'value':"
	  "{'AuthenticationPolicy':'Block Basic'}},'Get-AuthenticationPolicy':{'value':[{"
	  "'Name':'Block Basic','AllowBasicAuthSmtp':false}]}", "",
	  "basic-auth-retired certain", "\"Block Basic\"", NULL },
	{ "the mailbox is elsewhere", "535 5.7.3 Authentication unsuccessful", "",
	  "'Get-EXOMailbox':{'error':'The operation couldn\\u0027t be performed because object "
	  "\\u0027scan\\u0027 couldn\\u0027t be found'},"
	  "'Get-Recipient':{'value':{'RecipientTypeDetails':'MailUser'}}", "",
	  "mailbox-not-licensed certain", "MailUser", NULL },
	{ "an alias as user name",
	  "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.",
	  "", "'Get-EXOMailbox':{'value':{'UserPrincipalName':"
	  "'s@contoso.com','EmailAddresses':['smtp:scan@contoso.com']}}", "",
	  "wrong-credentials certain", "s@contoso.com", NULL },
	{ "no Send As",
	  "554 5.2.252 SendAsDenied; scan@contoso.com not allowed to send as boss@contoso.com",
	  "boss@contoso.com", "'Get-EXOMailbox':{'value':{" ME
	  ",'EmailAddresses':['SMTP:scan@contoso.com']}},'Get-RecipientPermission':{'value':[]}",
	  "", "send-as-denied certain", "Get-RecipientPermission", NULL },
	{ "direct send is refused", "550 5.7.68 TenantInboundAttribution; Direct Send not allowed "
	  "for this organization from unauthorized sources", "scan@contoso.com",
	  "'Get-OrganizationConfig':{'value':{'RejectDirectSend':true}}", "",
	  "direct-send-rejected certain", "Reject Direct Send is on", NULL },
	{ "no connector", "550 5.7.64 TenantAttribution; Relay Access Denied", "scan@contoso.com",
	  "'Get-InboundConnector':{'value':[]}", "", "connector-missing certain",
	  "no enabled connector", "relay-denied" },
	{ "blocked for spam", "", "",
	  "'Get-BlockedSenderAddress':{'value':[{'SenderAddress':'scan@contoso.com'}]}", "",
	  "sender-blocked certain", "Get-BlockedSenderAddress", NULL },
	{ "High Volume Email is not paid for", "", "",
	  "'Get-HVEAccountBillingPolicy':{'value':{'BillingPolicyStatus':'BillingPolicyMissing'}}",
	  "", "service-not-provisioned certain", "BillingPolicyMissing", NULL },
	{ "... and when it is", "", "",
	  "'Get-HVEAccountBillingPolicy':{'value':{'BillingPolicyStatus':'BillingPolicyValid'}}",
	  "", NULL, NULL, NULL },
	{ "all is well", "", "", ON, "'securityDefaults':{'value':{'isEnabled':false}}", NULL,
	  NULL, NULL },
	{ "a policy in the way", CRITERIA, "", ON, "'policies':{'value':[{'displayName':'No "
	  "legacy','state':'enabled','conditions':{'clientAppTypes':['other'],'users':"
	  "{'includeUsers':['All']}},'grantControls':{'builtInControls':['block']}}]}",
	  "conditional-access-block likely", "\"No legacy\"", NULL },
	{ "a disabled account",
	  "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.", "", ON,
	  "'user':{'value':{'accountEnabled':false}}", "wrong-credentials certain", NULL, NULL },
};

static void verdicts(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(verdict_cases); i++) {
		const char *text = json(
			a,
			arena_printf(a, "{'schema':'smtpwhy.admin/1','made':'2026-11-21T02:00:00Z',"
				     "'user':'scan@contoso.com','from':'%s','exo':{%s},"
				     "'entra':{%s}}\n", verdict_cases[i].from, verdict_cases[i].exo,
				     verdict_cases[i].entra));
		const struct explanation *e;
		bool said = !verdict_cases[i].says, there = false;

		text = arena_printf(a, "%s\n%s", verdict_cases[i].reply, text);
		e = explain_text(a, know, text, strlen(text));
		is_str(e->n_diagnosis ? arena_printf(a, "%s %s", e->diagnosis[0].cause->id,
						     certainty_name(e->diagnosis[0].certainty)) :
		       NULL,
		       verdict_cases[i].want, verdict_cases[i].what);
		for (size_t j = 0; e->n_diagnosis && j < e->diagnosis[0].because.n; j++)
			said |= verdict_cases[i].says &&
				strstr(e->diagnosis[0].because.v[j], verdict_cases[i].says);
		if (!ok(said, arena_printf(a, "... it says %s",
					   verdict_cases[i].says ? verdict_cases[i].says :
					   "what it likes")) &&
		    e->n_diagnosis)
			printf("#   says %s\n", strv_join(&e->diagnosis[0].because, a, " | "));
		for (size_t j = 0; j < e->n_diagnosis; j++)
			there |= verdict_cases[i].not_there &&
				 str_eq(e->diagnosis[j].cause->id, verdict_cases[i].not_there);
		ok(!there && !*e->trouble,
		   *e->trouble ? e->trouble : "... and nothing that does not belong there");
	}
}

int main(void)
{
	struct arena *a = arena_new();
	const char *error;

	know = know_new(a, NULL, &error);
	if (!know) {
		printf("Bail out! %s\n", error);
		return 1;
	}
	pastes(a);
	wide(a);
	around(a);
	verdicts(a);
	arena_free(a);
	return tap_done();
}
