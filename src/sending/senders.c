/*
 * senders - what a refused sender needs.
 *
 * "Send as" and sending from aliases:
 * https://learn.microsoft.com/exchange/recipients-in-exchange-online/manage-permissions-for-recipients,
 * https://learn.microsoft.com/powershell/module/exchange/set-organizationconfig. Over SMTP "Send on
 * behalf" is not enough (field report).
 */
#include "sending/senders.h"

#include "base/arena.h"
#include "base/str.h"
#include "know/know.h"

const char *sender_verdict_name(enum sender_verdict v)
{
	static const char *const names[] = {
		[SENDER_UNTESTED] = "untested", [SENDER_ACCEPTED] = "accepted",
		[SENDER_REFUSED] = "refused", [SENDER_OPEN] = "open",
	};

	return names[v];
}

struct sender sender_untested(const char *from)
{
	return (struct sender) { .from = from, .why = "not asked", .cause = "", .needs = "" };
}

size_t senders_count(const struct senders *s, enum sender_verdict v)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += s->v[i].verdict == v;
	return n;
}

/*
 * An address as one word of PowerShell: what is not plain goes between single quotes,
 * those in it doubled.
 */
static const char *shell_word(struct arena *a, const char *s)
{
	const char *p = s;
	char *quoted, *to;

	while (ascii_is_alnum(*p) || *p == '@' || *p == '.' || *p == '-' || *p == '_' || *p == '+')
		p++;
	if (!*p && p > s && ascii_is_alnum(*s))
		return s;
	to = quoted = arena_alloc(a, 2 * strlen(s) + 3);
	*to++ = '\'';
	for (; *s; s++) {
		if (*s == '\'')
			*to++ = '\'';
		*to++ = *s;
	}
	*to++ = '\'';
	*to = '\0';
	return quoted;
}

static void microsoft(struct arena *a, const char *user, const char *trustee, struct sender *s)
{
	const char *from = shell_word(a, s->from);
	const char *send_as = arena_printf(a, "Add-RecipientPermission -Identity %s -Trustee %s "
					   "-AccessRights SendAs -Confirm:$false", from,
					   shell_word(a, trustee));

	if (str_eq_nocase(s->from, user)) {
		s->needs = "it is the login's own address: look at Get-Mailbox, whether that "
			   "mailbox has it, and at the cause below";
		strv_addf(&s->commands, a, "Get-Mailbox -Identity %s | fl "
			  "UserPrincipalName,PrimarySmtpAddress,EmailAddresses", from);
	} else if (str_eq_nocase(str_domain(s->from), str_domain(user))) {
		s->needs = "another mailbox or a group: \"Send as\" there (first command); another "
			   "address of the login's own mailbox: sending from aliases allowed in "
			   "the tenant (second)";
		strv_add(&s->commands, a, send_as);
		strv_add(&s->commands, a, "Set-OrganizationConfig -SendFromAliasEnabled $true");
	} else {
		s->needs = "another domain than the login's: it has to be an accepted domain of "
			   "the same tenant (the first command shows it), then \"Send as\" of the "
			   "mailbox there; a foreign domain can't be granted";
		strv_addf(&s->commands, a, "Get-AcceptedDomain -Identity %s",
			  shell_word(a, str_domain(s->from)));
		strv_add(&s->commands, a, send_as);
	}
}

void sender_grant(struct arena *a, const struct know *k, const char *provider, const char *user,
		  const char *trustee, struct sender *s)
{
	struct error_match m;

	s->cause = s->needs = "";
	if (k && s->reply && know_match(k, a, *provider ? provider : NULL, s->reply, &m))
		s->cause = m.row->words.cause->id;
	if (!str_eq(s->cause, "send-as-denied"))
		return;
	if (str_has_prefix(provider, "m365"))
		microsoft(a, user, trustee, s);
	else if (str_eq(provider, "google"))
		s->needs = "an address of the account: Gmail > Settings > Accounts > Send mail as, "
			   "or an alternate address of the user in the Admin console";
	else
		s->needs = "the administrator of this server to say that the login owns it "
			   "(Postfix: smtpd_sender_login_maps)";
}
