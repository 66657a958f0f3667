/*
 * What was read, in words for people.
 */
#include "admin/admin.h"

#include <string.h>

#include "base/arena.h"
#include "judge/eval.h"
#include "judge/facts.h"

/* At most this many applications are listed. */
enum { APPLICATIONS_MOST = 8 };

/* Each sentence is said when the fact is there, and (value not NULL) has that value. */
static const struct { const char *fact, *value, *words; } sentences[] = {
	{ "exo.smtp-auth", "on-mailbox",
	  "SMTP AUTH is on for the mailbox: its own setting says so" },
	{ "exo.smtp-auth", "on-tenant",
	  "SMTP AUTH is on: the mailbox has no setting of its own, and the organisation's is on" },
	{ "exo.smtp-auth", "off-mailbox",
	  "SMTP AUTH is off for the mailbox: its own setting says so" },
	{ "exo.smtp-auth", "off-tenant", "SMTP AUTH is off: the mailbox has no setting of its own, "
	  "and the organisation's is off" },
	{ "exo.basic-smtp", "allowed", "No authentication policy forbids a password over SMTP" },
	{ "exo.basic-smtp", "blocked", "The authentication policy \"{exo.basic-smtp-by}\" "
	  "({exo.basic-smtp-whose}) forbids a password over SMTP" },
	{ "exo.mailbox-home", "cloud", "The mailbox is in Exchange Online ({exo.mailbox.type})" },
	{ "exo.mailbox-home", "on-premises",
	  "The mailbox is not in Exchange Online ({exo.recipient.type})" },
	{ "exo.mailbox-home", "unlicensed", "The mailbox has no licence" },
	{ "exo.mailbox-home", "no-mailbox",
	  "The address is no mailbox but a {exo.recipient.type}" },
	{ "exo.mailbox-home", "nowhere", "Exchange Online knows no such address" },
	{ "exo.login-by-alias", "true",
	  "The user name is an alias; the sign-in name is {exo.mailbox.upn}" },
	{ "exo.app.known", "false", "Exchange does not know the token's application" },
	{ "exo.app.fits", "true",
	  "Exchange knows the application by the object id that is in the token" },
	{ "exo.app.fits", "false",
	  "Exchange knows the application by another object id ({exo.app.object-id})" },
	{ "exo.app.granted", "true", "The application has a right on the mailbox" },
	{ "exo.send-as", "own", "The From address is the mailbox's own" },
	{ "exo.send-as", "alias",
	  "The From address is an alias of the mailbox, and sending from aliases is on" },
	{ "exo.send-as", "alias-off",
	  "The From address is an alias of the mailbox, and sending from aliases is off" },
	{ "exo.send-as", "granted", "The account may send as the From address" },
	{ "exo.send-as", "denied", "The account may not send as the From address" },
	{ "exo.send-as", "not-named", "The account is not named among those who may send as the "
	  "From address; a group it is in may be" },
	{ "exo.org.reject-direct-send", "true", "Mail in the organisation's name that does not log "
	  "in is refused (Reject Direct Send is on)" },
	{ "exo.org.reject-direct-send", "false",
	  "Mail in the organisation's name is taken without a login (Reject Direct Send is off)" },
	{ "exo.connectors", "0", "There is no connector from a server of your own" },
	{ "exo.connector-fits", "true",
	  "The connector \"{exo.connector-match}\" lists the address you come from" },
	{ "exo.connector-fits", "false",
	  "No connector lists the address you come from; listed are: {exo.connector-addresses}" },
	{ "exo.from-accepted", "false",
	  "The From domain is none of the organisation's ({exo.domains})" },
	{ "exo.dkim-of-from", "on", "Mail of the From domain is signed with DKIM" },
	{ "exo.dkim-of-from", "off", "DKIM is switched off for the From domain" },
	{ "exo.dkim-of-from", "absent", "DKIM is not set up for the From domain" },
	{ "exo.blocked-sender", NULL, "{exo.blocked-sender} is blocked from sending outside" },
	{ "exo.hve.billing-status", NULL,
	  "Billing of High Volume Email: {exo.hve.billing-status}" },
	{ "entra.security-defaults", "true",
	  "Security defaults are on: a password alone does not log in" },
	{ "entra.security-defaults", "false", "Security defaults are off" },
	{ "entra.user.enabled", "false", "The account is disabled" },
	{ "entra.policies-against", NULL,
	  "Conditional access stops passwords over SMTP: {entra.policies-against}" },
	{ "entra.policies-maybe", NULL, "Conditional access may stop passwords over SMTP, if the "
	  "account is in its scope: {entra.policies-maybe}" },
	{ "entra.login.found", "false", "The sign-in log has no SMTP login of this account in that "
	  "time; it lags some minutes behind" },
	{ "entra.login.code", "0",
	  "The last SMTP login of this account was let in by Entra ID ({entra.login.time})" },
	{ "entra.login.code", NULL, "The last SMTP login of this account in the sign-in log: "
	  "{entra.login.code} ({entra.login.time})" },
};

/* The sentence's words when it is the one that the facts say; NULL else. */
static const char *said(struct arena *a, const struct facts *f, size_t i)
{
	const struct evidence e = { .arena = a, .facts = f };
	const char *value = facts_string(f, sentences[i].fact);

	if (!*value || (sentences[i].value && !str_eq(sentences[i].value, value)))
		return NULL;
	if (str_eq(sentences[i].fact, "entra.login.code") && !sentences[i].value &&
	    str_eq(value, "0"))
		return NULL;
	return rule_text(&e, sentences[i].words);
}

/*
 * The applications by their ids, for somebody to compare with a token; where one was
 * compared, that is said.
 */
static void add_applications(struct arena *a, const struct facts *f, struct strv *words)
{
	const struct fact *one = NULL;
	size_t n = 0;

	if (facts_get(f, "exo.app.known"))
		return;
	while ((one = facts_match(f, "exo.sp.*.object-id", one)) && n++ < APPLICATIONS_MOST) {
		size_t len = strlen(one->name) - strlen(".object-id");
		const char *name = facts_string(f,
						arena_printf(a, "%.*s.name", (int)len, one->name));

		strv_addf(words, a, "Exchange knows the application %s%s%s%.36s by the object id "
			  "%s; oid in its token must be the same", *name ? "\"" : "", name,
			  *name ? "\", AppId " : "AppId ", one->name + strlen("exo.sp."),
			  one->string);
	}
}

struct strv admin_words(struct arena *a, const struct facts *f)
{
	struct strv words = { NULL, 0, 0 };

	for (size_t i = 0; i < ARRAY_LEN(sentences); i++) {
		const char *one = said(a, f, i);

		if (one)
			strv_add(&words, a, one);
	}
	add_applications(a, f, &words);
	if (!facts_get(f, "exo.connector-fits") && facts_get(f, "exo.connector-addresses"))
		strv_addf(&words, a, "Connectors from servers of your own list these addresses: %s",
			  facts_string(f, "exo.connector-addresses"));
	return words;
}

const char *admin_word(struct arena *a, const struct facts *f, const char *fact)
{
	for (size_t i = 0; i < ARRAY_LEN(sentences); i++) {
		const char *one = str_eq(sentences[i].fact, fact) ? said(a, f, i) : NULL;

		if (one)
			return one;
	}
	return "";
}
