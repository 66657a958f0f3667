#include "talk/admin.h"

#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/str.h"
#include "know/know.h"
#include "token/token.h"

/*
 * Ids of Microsoft Graph and of Office 365 Exchange Online, which may stand in a token in
 * place of the name.
 */
#define GRAPH_ID "00000003-0000-0000-c000-000000000000"
#define EXCHANGE_ID "00000002-0000-0ff1-ce00-000000000000"

static bool same_name(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);

	n -= n && a[n - 1] == '/';
	m -= m && b[m - 1] == '/';
	return n && n == m && span_find_nocase((struct span) { a, n }, (struct span) { b, m });
}

static const char *base_of(const struct cloud *c, enum talk_admin_service which)
{
	return which == TALK_GRAPH ? c->graph : c->exchange;
}

/* Is that the audience of the service in this cloud? */
static bool is_for(const struct cloud *c, enum talk_admin_service which, const char *aud)
{
	if (same_name(aud, base_of(c, which)))
		return true;
	for (size_t i = 0; which == TALK_EXCHANGE && i < c->audiences.n; i++)
		if (same_name(aud, c->audiences.v[i]))
			return true;
	return false;
}

static const struct cloud *cloud_of(struct probe *p)
{
	const struct know *k = probe_ask(p)->know;
	const struct cloud *c = know_cloud_of_provider(k, probe_get(p, "target.provider"));

	return c && *c->exchange ? c : know_cloud(k, "worldwide");
}

/* The cloud that the token is for; NULL when it is for another service. */
static const struct cloud *cloud_of_token(struct probe *p, enum talk_admin_service which,
					  const struct token *t)
{
	const char *aud = token_claim(t, "aud");
	const struct cloud *c;

	if (!t->readable || !*aud ||
	    str_eq_nocase(aud, which == TALK_GRAPH ? GRAPH_ID : EXCHANGE_ID))
		return cloud_of(p);
	for (size_t i = 0; (c = know_cloud_at(probe_ask(p)->know, i)); i++)
		if (*base_of(c, which) && is_for(c, which, aud))
			return c;
	return NULL;
}

const char *talk_admin_open(struct probe *p, enum talk_admin_service which,
			    const struct secret *token, struct talk_admin *ret)
{
	struct arena *a = probe_arena(p);
	const struct ask *ask = probe_ask(p);
	const struct cloud *c;
	struct token t;

	token_read(a, secret_bytes(token), secret_len(token), &t);
	*ret = (struct talk_admin) {
		.name = which == TALK_GRAPH ? "Microsoft Graph" : "Exchange Online",
		.tenant = token_claim(&t, "tid")
	};
	if (!is_guid(ret->tenant))
		ret->tenant = *ask->domain ? ask->domain : str_domain(talk_admin_mailbox(p));
	c = ask->know ? cloud_of_token(p, which, &t) : NULL;
	if (!c)
		return arena_printf(a, "the token is for %s, and %s wants one of its own: %s",
				    token_claim(&t, "aud"), ret->name,
				    which == TALK_GRAPH ? "https://graph.microsoft.com" :
				    "https://outlook.office365.com");
	if (t.exp && t.exp <= clock_wall())
		return arena_printf(a, "the token for %s ended %s ago", ret->name,
				    token_span_words(a, (long long)(clock_wall() - t.exp)));
	if (!*ret->tenant && which == TALK_EXCHANGE)
		return "the token does not say whose tenant it is for, and no domain is known; "
		       "give --user";
	ret->service = (struct service) { .base = base_of(c, which), .token = token };
	return NULL;
}

const char *talk_admin_mailbox(struct probe *p)
{
	const struct ask *ask = probe_ask(p);

	if (strchr(ask->user, '@'))
		return ask->user;
	return *ask->address ? ask->address : ask->from;
}

struct admin_case talk_admin_case(struct probe *p)
{
	const struct fact *ip = facts_match(probe_facts(p), "smtp.*.egress", NULL);
	bool app = probe_true(p, "token.app-only");

	return (struct admin_case) {
		.user = talk_admin_mailbox(p), .from = probe_ask(p)->from,
		.ip = ip ? ip->string : "", .appid = app ? probe_get(p, "token.appid") : "",
		.oid = app ? probe_get(p, "token.oid") : "", .at = clock_wall(),
	};
}

bool talk_admin_accepted(struct probe *p)
{
	const struct fact *f = NULL;

	while ((f = facts_match(probe_facts(p), "auth.*.accepted", f)))
		if (f->number)
			return true;
	return false;
}

bool talk_admin_refused(struct probe *p)
{
	return probe_has(p, "auth.refused-at") && !talk_admin_accepted(p);
}

bool talk_admin_take(struct probe *p, const char *what, const struct service_answer *answer)
{
	if (answer->state == SERVICE_ANSWERED &&
	    admin_take(probe_arena(p), probe_facts(p), what, answer->body, answer->body_len))
		return true;
	admin_unread(probe_arena(p), probe_facts(p), what, answer->why);
	return false;
}

const char *talk_admin_why(struct probe *p, const struct talk_admin *door, const char *what,
			   const char *permission, const struct service_answer *answer)
{
	struct arena *a = probe_arena(p);
	const char *said = *answer->code ? arena_printf(a, "%s: %s", answer->code, answer->why) :
			   answer->why;

	switch (answer->state) {
	case SERVICE_UNAUTHORIZED:
		return arena_printf(a, "%s does not take the token: it has expired, is for another "
				    "service, or for another tenant (%s)", door->name, said);
	case SERVICE_FORBIDDEN:
		if (str_find_nocase(answer->code, "NonPremium"))
			return arena_printf(a, "%s does not show %s: the organisation has no "
					    "licence of Entra ID P1 (%s)", door->name, what, said);
		return arena_printf(a, "%s does not show %s: the token lacks %s (%s)", door->name,
				    what, permission, said);
	case SERVICE_THROTTLED:
		if (answer->retry_after_s > 0)
			return arena_printf(a, "%s has too much to do and wants to be asked again "
					    "in %lld s", door->name,
					    (long long)answer->retry_after_s);
		return arena_printf(a, "%s has too much to do: %s", door->name, said);
	case SERVICE_UNREACHED:
		return arena_printf(a, "%s could not be asked: %s", door->name, answer->why);
	default:
		return arena_printf(a, "%s does not show %s: %s%s", door->name, what, said,
				    str_eq(door->name, "Exchange Online") ?
				    "; Microsoft does not document this door, and may have changed "
				    "it: --print-admin-script asks the same by PowerShell" : "");
	}
}
