/*
 * t-lab-graph - the lab's Graph and Exchange: what they tell, to whom, and how they refuse.
 */
#include "base/arena.h"
#include "base/str.h"
#include "lab/lab.h"
#include "tests/unit/lab-client.h"
#include "tests/unit/tap.h"

#define JSON "application/json"
#define EXO "/adminapi/beta/contoso.com/InvokeCommand"

static const char graph[] = "graph.microsoft.com", outlook[] = "outlook.office365.com";

static const char scenario[] =
	"like m365\n"
	"title a test\n"
	"target smtp.office365.com:587\n"
	"tenant contoso.com\n"
	"\tsecurity-defaults on\n"
	"\tdevice interval=1\n"
	"\tpolicy on clients=other,exchangeActiveSync Block old sign-ins\n"
	"\tsign-in scan@contoso.com 53003 minutes=2 policy=\"Block old sign-ins\" ip=198.51.100.9\n"
	"\tsign-in scan@contoso.com 0 minutes=90\n"
	"\tsign-in info@contoso.com 50126 minutes=3\n"
	"\tuser far@contoso.com mailbox=mailuser\n"
	"\tuser old@contoso.com mailbox=none disabled\n"
	"\tapp reader-only secret=x roles=User.Read.All\n"
	"\tapp narrow secret=x roles=graph:Mail.Send access=info@contoso.com\n"
	"\tcmdlet Get-TransportConfig {\"SmtpClientAuthenticationDisabled\":false}\n"
	"\tcmdlet Get-InboundConnector forbidden\n"
	"tenant other.example\n\tid 22222222-2222-3333-4444-555555555555\n\tpremium off\n"
	"\tapp o secret=x roles=AuditLog.Read.All,Exchange.ManageAsApp\n";

/* "Authorization: Bearer ..." with a token for an app. */
static const char *bearer(struct lab *l, const char *tenant, const char *app, const char *secret,
			  const char *resource)
{
	const char *form = arena_printf(client_arena, "grant_type=client_credentials&client_id=%s&"
					"client_secret=%s&scope=%s/.default", app, secret,
					resource);
	const char *got = https_post(l, "login.microsoftonline.com",
				     arena_printf(client_arena, "/%s/oauth2/v2.0/token", tenant),
				     "application/x-www-form-urlencoded", form, "");

	return arena_printf(client_arena, "Authorization: Bearer %s\r\n",
			    member(got, "access_token"));
}

static const char *of_m365(struct lab *l, int app, const char *secret, const char *resource)
{
	return bearer(l, "contoso.com",
		      arena_printf(client_arena, "aaaaaaaa-0000-4000-8000-%012d", app),
		      secret, resource);
}

/* A delegated one, by device code. */
static const char *of_scan(struct lab *l)
{
	static const char app[] = "client_id=aaaaaaaa-0000-4000-8000-000000000001";
	const char *form = arena_printf(client_arena, "%s&scope=Mail.Send+User.Read", app);
	const char *got = https_post(l, "login.microsoftonline.com",
				     "/contoso.com/oauth2/v2.0/devicecode",
				     "application/x-www-form-urlencoded",
				     form, "");

	form = arena_printf(client_arena, "grant_type=device_code&%s&device_code=%s", app,
			    member(got, "device_code"));
	got = https_post(l, "login.microsoftonline.com", "/contoso.com/oauth2/v2.0/token",
			 "application/x-www-form-urlencoded", form, "");
	return arena_printf(client_arena, "Authorization: Bearer %s\r\n",
			    member(got, "access_token"));
}

static void test_log(struct lab *l, const char *reader)
{
	static const char base[] = "/v1.0/auditLogs/signIns";
	const char *got = https_get(l, graph, arena_printf(client_arena,
		"%s?$filter=clientAppUsed+eq+'Authenticated+SMTP'+and+userPrincipalName+eq+"
		"'scan@contoso.com'", base),
				    reader);

	has(got, "\"errorCode\":53003", "the number that SMTP hides");
	has(got, "\"displayName\":\"Block old sign-ins\",\"result\":\"failure\"",
	    "the policy that decided");
	has(got, "\"ipAddress\":\"198.51.100.9\"", "from where");
	has(got, "\"errorCode\":0,", "and what worked");
	ok(!strstr(got, "50126"), "but nothing of others");
	got = https_get(l, graph,
			arena_printf(client_arena, "%s?$filter=status/errorCode+ne+0&$top=1", base),
			reader);
	has(got, "53003", "failures alone");
	has(got, "$skiptoken=1", "page by page");
	got = https_get(l, graph,
			arena_printf(client_arena,
				     "%s?$filter=status/errorCode+ne+0&$top=1&$skiptoken=1", base),
			reader);
	has(got, "50126", "the second page");
	ok(!strstr(got, "nextLink"), "is the last");
	has(https_get(l, graph,
		      arena_printf(client_arena,
				   "%s?$filter=createdDateTime+ge+2099-01-01T00:00:00Z", base),
		      reader),
	    "\"value\":[]", "nothing after a time to come");
	has(https_get(l, graph,
		      arena_printf(client_arena, "%s?$filter=colour+eq+'red'", base), reader),
	    "Invalid filter clause", "a filter nobody knows");
	has(https_get(l, graph, base,
		      bearer(l, "contoso.com", "reader-only", "x", "https://graph.microsoft.com")),
	    "AuditLog.Read.All", "which permission it takes");
	has(https_get(l, graph, base,
		      bearer(l, "other.example", "o", "x", "https://graph.microsoft.com")),
	    "NonPremiumTenant", "and which licence");
}

static void test_directory(struct lab *l, const char *reader)
{
	const char *got = https_get(l, graph,
				    "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy",
				    reader);

	has(got, "\"isEnabled\":true", "security defaults");
	got = https_get(l, graph, "/v1.0/identity/conditionalAccess/policies", reader);
	has(got, "\"displayName\":\"Block old sign-ins\",\"state\":\"enabled\","
	    "\"conditions\":{\"clientAppTypes\":[\"other\",\"exchangeActiveSync\"]}",
	    "policies");
	got = https_get(l, graph,
			"/v1.0/users/old@contoso.com?$select=accountEnabled,assignedPlans", reader);
	has(got, "\r\n\r\n{\"accountEnabled\":false,\"assignedPlans\":[]}",
	    "a user, and no more than what was asked for");
	has(https_get(l, graph, "/v1.0/users/nobody@contoso.com", reader), "404 Not Found",
	    "no such user");
	has(https_get(l, graph, "/v1.0/users/old@contoso.com", "Authorization: Bearer x.y.z\r\n"),
	    "InvalidAuthenticationToken", "somebody else's token");
	has(https_get(l, graph, "/v1.0/me", ""), "Access token is empty", "no token");
	has(https_get(l, graph, "/v1.0/me", reader), "delegated", "an app is nobody");
	has(https_get(l, graph, "/v1.0/me", of_scan(l)),
	    "\"userPrincipalName\":\"scan@contoso.com\"", "a person is");
	has(https_get(l, graph, "/v1.0/users/scan@contoso.com",
		      of_m365(l, 5, "made-up-reader", "https://outlook.office365.com")),
	    "Invalid audience", "a token for another");
	has(https_get(l, graph, "/v1.0/nonsense", reader), "400 Bad Request",
	    "a path nobody knows");
}

static const char *send_mail(struct lab *l, const char *user, const char *from, const char *fields)
{
	const char *body = arena_printf(client_arena, "{\"message\":{%s\"toRecipients\":[{"
					"\"emailAddress\":{\"address\":\"a@b.example\"}}]}}",
					*from ?
					arena_printf(client_arena, "\"from\":{\"emailAddress\":{"
						     "\"address\":\"%s\"}},", from) : "");

	return https_post(l, graph, arena_printf(client_arena, "/v1.0/%s/sendMail", user), JSON,
			  body, fields);
}

static void test_mail(struct lab *l)
{
	const char *sender = of_m365(l, 6, "made-up-sender", "https://graph.microsoft.com"),
		*me = of_scan(l);
	const char *narrow = bearer(l, "contoso.com", "narrow", "x", "https://graph.microsoft.com");

	has(https_get(l, graph, "/v1.0/users/scan@contoso.com/mailboxSettings", sender), "timeZone",
	    "a mailbox");
	has(https_get(l, graph, "/v1.0/users/far@contoso.com/mailboxSettings", sender),
	    "MailboxNotEnabledForRESTAPI", "one on premises");
	has(https_get(l, graph, "/v1.0/users/scan@contoso.com/mailFolders/inbox", sender),
	    "Authorization_RequestDenied", "without the permission");
	has(send_mail(l, "users/scan@contoso.com", "", sender), "202 Accepted", "sent");
	has(send_mail(l, "users/scan@contoso.com", "info@contoso.com", sender), "202 Accepted",
	    "as a mailbox one has access to");
	has(send_mail(l, "users/scan@contoso.com", "boss@contoso.com", sender), "ErrorSendAsDenied",
	    "as somebody else");
	has(send_mail(l, "users/scan@contoso.com", "", narrow), "ErrorAccessDenied",
	    "an app that may send as others");
	has(send_mail(l, "users/info@contoso.com", "", narrow), "202 Accepted", "sends as those");
	has(send_mail(l, "me", "", me), "202 Accepted", "a person");
	has(send_mail(l, "users/old@contoso.com", "", me), "ErrorAccessDenied",
	    "not in the mailbox of another");
	has(https_post(l, graph, "/v1.0/me/sendMail", JSON, "{", me), "400 Bad Request", "no JSON");
	has(https_post(l, graph, "/v1.0/me/sendMail", JSON, "{\"message\":{}}", me),
	    "ErrorInvalidRecipients", "to nobody");
	has(https_post(l, graph, "/v1.0/me/sendMail", "text/plain",
		       "RnJvbTogYm9zc0Bjb250b3NvLmNvbQ0KDQpoaQ==", me),
	    "ErrorSendAsDenied", "MIME from somebody else");
	has(https_post(l, graph, "/v1.0/me/sendMail", "text/plain", "VG86IGENCg0KaGk=", me),
	    "202 Accepted", "MIME");
	has(https_post(l, graph, "/v1.0/me/sendMail", "text/plain", "!", me), "not base64",
	    "MIME that is none");
}

static const char *cmdlet(struct lab *l, const char *name, const char *identity, const char *fields)
{
	const char *parameters =
		*identity ? arena_printf(client_arena, "{\"Identity\":\"%s\"}", identity) : "{}";

	return https_post(l, outlook, EXO, JSON, arena_printf(
		client_arena, "{\"CmdletInput\":{\"CmdletName\":\"%s\",\"Parameters\":%s}}", name,
		parameters),
			  fields);
}

static void test_exchange(struct lab *l)
{
	const char *reader = of_m365(l, 5, "made-up-reader", "https://outlook.office365.com"), *got;

	has(cmdlet(l, "Get-TransportConfig", "", reader),
	    "\"value\":[{\"SmtpClientAuthenticationDisabled\":false}]",
	    "what the scenario says, alone");
	got = cmdlet(l, "Get-CASMailbox", "INFO@contoso.com", reader);
	has(got,
	    "\"PrimarySmtpAddress\":\"info@contoso.com\",\"SmtpClientAuthenticationDisabled\":null",
	    "one mailbox");
	ok(!strstr(got, "scan@contoso.com"), "and no other");
	has(cmdlet(l, "Get-EXOMailbox", "scan@contoso.com", reader), "UserMailbox",
	    "by the module's newer name");
	has(cmdlet(l, "Get-Mailbox", "nobody@contoso.com", reader),
	    "ManagementObjectNotFoundException", "no such mailbox");
	has(cmdlet(l, "Get-JournalRule", "", reader), "\"value\":[]", "a cmdlet without a line");
	has(cmdlet(l, "Get-InboundConnector", "", reader), "403 Forbidden",
	    "one that is not allowed");
	has(cmdlet(l, "Set-CASMailbox", "scan@contoso.com", reader), "403 Forbidden",
	    "and none that changes anything");
	got = cmdlet(l, "Get-CASMailbox", "",
		     arena_printf(client_arena, "%sPrefer: odata.maxpagesize=1\r\n", reader));
	has(got, "\"@odata.nextLink\":\"https://outlook.office365.com/adminapi/beta/contoso.com/"
	    "InvokeCommand?$skiptoken=1\"", "page by page");
	has(cmdlet(l, "Get-CASMailbox", "",
		   of_m365(l, 5, "made-up-reader", "https://graph.microsoft.com")),
	    "401 Unauthorized", "a token for Graph");
	has(cmdlet(l, "Get-CASMailbox", "", of_m365(l, 2, "made-up~Secret.value%2Bof/the%3Dapp",
						    "https://outlook.office365.com")),
	    "403 Forbidden", "a token for sending");
	has(cmdlet(l, "Get-CASMailbox", "",
		   bearer(l, "other.example", "o", "x", "https://outlook.office365.com")),
	    "another organization", "another tenant's");
	has(https_post(l, outlook, EXO, JSON, "[]", reader), "400 Bad Request", "no CmdletInput");
}

static void test_all(struct lab *l, const char *error, const void *arg)
{
	const char *reader;

	(void)arg;
	if (!started(l, error))
		return;
	reader = of_m365(l, 5, "made-up-reader", "https://graph.microsoft.com");
	test_log(l, reader);
	test_directory(l, reader);
	test_mail(l);
	test_exchange(l);
}

int main(void)
{
	client_arena = arena_new();
	with_lab(scenario, test_all, NULL);
	arena_free(client_arena);
	return tap_done();
}
