/*
 * direct-send - what the attempts mean.
 *
 * RejectDirectSend: https://learn.microsoft.com/powershell/module/exchange/set-organizationconfig;
 * it goes by the envelope sender alone. In which step 5.7.68 comes is not documented.
 */
#include "sending/direct-send.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/strv.h"

const char *direct_send_verdict_name(enum direct_send_verdict v)
{
	static const char *const names[] = {
		[DIRECT_SEND_UNTESTED] = "untested", [DIRECT_SEND_TAKEN] = "taken",
		[DIRECT_SEND_REFUSED] = "refused", [DIRECT_SEND_LATER] = "later",
	};

	return names[v];
}

char *direct_send_tenant_host(struct arena *a, const char *domain)
{
	char *label = arena_strdup(a, domain);

	for (char *c = label; *c; c++)
		if (*c == '.')
			*c = '-';
	return arena_printf(a, "%s.mail.protection.outlook.com", label);
}

static const struct direct_send_try *find(const struct direct_send *d, const char *host,
					  bool certificate)
{
	for (size_t i = 0; i < d->n; i++)
		if (str_eq(d->tries[i].host, host) && d->tries[i].certificate == certificate)
			return &d->tries[i];
	return NULL;
}

/* With and without the certificate at one host. */
static void compare(struct arena *a, struct strv *to, const struct direct_send *d,
		    const struct direct_send_try *without)
{
	const struct direct_send_try *with = find(d, without->host, true);

	if (!with)
		return;
	if (with->tls && !with->asked)
		strv_addf(to, a, "%s did not ask for a client certificate, so a connector that "
			  "goes by certificate cannot recognise you there: something may end TLS "
			  "on the way", with->host);
	else if (without->verdict == DIRECT_SEND_REFUSED && with->verdict == DIRECT_SEND_TAKEN)
		strv_addf(to, a,
			  "the certificate makes the difference at %s: a connector knows its name",
			  with->host);
	else if (with->verdict == DIRECT_SEND_REFUSED && with->shown)
		strv_addf(to, a, "the certificate was shown to %s and does not help: no connector "
			  "has its name, or it is not for this sender", with->host);
	else if (with->verdict == DIRECT_SEND_TAKEN && without->verdict == DIRECT_SEND_TAKEN)
		strv_addf(to, a, "at %s it goes without the certificate, too: nothing shows that a "
			  "connector knows it", with->host);
}

struct strv direct_send_words(struct arena *a, const struct direct_send *d)
{
	struct strv words = { NULL, 0, 0 };
	bool taken = false, gateway = false;

	for (size_t i = 0; i < d->n; i++) {
		taken |= d->tries[i].verdict == DIRECT_SEND_TAKEN;
		gateway |= d->tries[i].tenant_host;
	}
	if (taken)
		strv_add(&words, a, "Taken at RCPT TO proves nothing of Reject Direct Send: 550 "
			 "5.7.68 may come only after the message, and none was sent");
	for (size_t i = 0; i < d->n; i++)
		if (!d->tries[i].certificate)
			compare(a, &words, d, &d->tries[i]);
	if (gateway)
		strv_addf(&words, a, "the MX of %s is not at Microsoft: who writes to the tenant's "
			  "own host goes around what filters there, unless a connector locks it",
			  d->domain);
	return words;
}
