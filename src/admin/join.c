/*
 * From what was read to what it says of one sender: the switch that counts, the permission that is
 * there or not, the sign-in that was ours.
 */
#include "admin/inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "judge/facts.h"

/*
 * A sign-in this near to our own attempt is taken for it; one of the last day tells of the same
 * set-up, older ones of what was. What went well some minutes ago may have been another login,
 * while ours is not in the log yet.
 */
enum { NEAR_S = 15 * 60, NEAR_GOOD_S = 2 * 60, DAY_S = 24 * 3600 };

/* While the answers are made: where facts are put, and who sends. */
struct join {
	struct admin_row	 to;
	const struct facts	*f;
	struct arena		*a;
	const struct admin_case	*c;
};

static const char *get(const struct join *j, const char *name)
{
	return facts_string(j->f, name);
}

static const char *of_row(const struct join *j, const char *area, unsigned n, const char *name)
{
	return admin_fact(j->a, j->f, area, n, name);
}

/* How many rows may be looked through; what was not kept is not there. */
static unsigned rows(const struct join *j, const char *area)
{
	int64_t n = facts_number(j->f, arena_printf(j->a, "%s.rows", area), 0);

	if (n > LIMIT_ADMIN_ROWS)
		return LIMIT_ADMIN_ROWS;
	return n > 0 ? (unsigned)n : 0;
}

/* --- may this account log in at all? --- */

static void join_switch(struct join *j)
{
	const char *own = get(j, "exo.cas.smtp-auth-disabled"),
		*all = get(j, "exo.transport.smtp-auth-disabled");

	if (str_eq(own, "true"))
		admin_put(&j->to, "smtp-auth", "off-mailbox");
	else if (str_eq(own, "false"))
		admin_put(&j->to, "smtp-auth", "on-mailbox");
	else if (str_eq(own, "inherit") && *all)
		admin_put(&j->to, "smtp-auth", str_eq(all, "true") ? "off-tenant" : "on-tenant");
}

/* "contoso.onmicrosoft.com\Block Basic" is "Block Basic". */
static const char *last_part(const char *name)
{
	const char *cut = strrchr(name, '\\');

	return cut ? cut + 1 : name;
}

static void join_auth_policy(struct join *j)
{
	const char *own = get(j, "exo.user.auth-policy"),
		*all = get(j, "exo.org.default-auth-policy");
	const char *name = *own && !str_eq(own, "none") ? own : all;

	if (!*own || !*name)
		return;
	if (str_eq(name, "none")) {
		admin_put(&j->to, "basic-smtp", "allowed");
		return;
	}
	for (unsigned i = 1; i <= rows(j, "exo.auth-policy"); i++) {
		const char *basic = of_row(j, "exo.auth-policy", i, "basic-smtp");

		if (!*basic || !str_eq_nocase(last_part(name),
					      last_part(of_row(j, "exo.auth-policy", i, "name"))))
			continue;
		admin_put(&j->to, "basic-smtp", str_eq(basic, "true") ? "allowed" : "blocked");
		admin_put(&j->to, "basic-smtp-by", last_part(name));
		admin_put(&j->to, "basic-smtp-whose",
			  name == own ? "the account's own" : "the organisation's default");
		return;
	}
}

static bool is_word_of(struct arena *a, const char *list, const char *word)
{
	struct strv words = { NULL, 0, 0 };

	strv_split(&words, a, list, ' ');
	return strv_has_nocase(&words, word);
}

static void join_mailbox(struct join *j)
{
	const char *type = get(j, "exo.mailbox.type"), *other = get(j, "exo.recipient.type"),
		*upn = get(j, "exo.mailbox.upn");
	const char *there = get(j, "exo.mailbox.exists"),
		*recipient = get(j, "exo.recipient.exists");
	bool licensed = !str_eq(get(j, "exo.mailbox.licensed"), "false") &&
			!str_eq(get(j, "entra.user.licensed"), "false");
	const char *home = "";

	if (str_eq(there, "true"))
		home = str_eq_nocase(type, "UserMailbox") && !licensed ? "unlicensed" : "cloud";
	else if (str_has_prefix_nocase(other, "Remote") || str_eq_nocase(other, "MailUser"))
		home = "on-premises";
	else if (str_has_prefix_nocase(other, "Mail") || str_find_nocase(other, "Group"))
		home = "no-mailbox";
	else if (str_eq(there, "false") && str_eq(recipient, "false"))
		home = "nowhere";
	admin_put(&j->to, "mailbox-home", home);
	if (*upn && *j->c->user && str_eq(there, "true") && !str_eq_nocase(upn, j->c->user) &&
	    is_word_of(j->a, get(j, "exo.mailbox.aliases"), j->c->user))
		admin_put_yes(&j->to, "login-by-alias", 1);
}

/* --- the application --- */

/*
 * Does an entry of a permission mean the application? Exchange shows it by name, id or SID,
 * nobody knows which.
 */
static bool is_application(const struct join *j, const char *entry)
{
	const char *area = arena_printf(j->a, "exo.sp.%s", str_lower(j->a, j->c->appid));
	const char *oid = of_row(j, area, 0, "object-id"), *name = of_row(j, area, 0, "name"),
		*sid = of_row(j, area, 0, "sid");

	return *entry && (str_eq_nocase(entry, j->c->appid) || str_eq_nocase(entry, oid) ||
			  str_eq_nocase(last_part(entry), name) || str_eq_nocase(entry, sid));
}

static bool application_granted(const struct join *j)
{
	for (unsigned i = 1; i <= rows(j, "exo.mailbox-permission"); i++)
		if (is_application(j, of_row(j, "exo.mailbox-permission", i, "user")) &&
		    str_find_nocase(of_row(j, "exo.mailbox-permission", i, "rights"), "FullAccess"))
			return true;
	for (unsigned i = 1; i <= rows(j, "exo.sp-authorization"); i++)
		if (str_find_nocase(of_row(j, "exo.sp-authorization", i, "role"),
				    "SMTP.SendAsApp") &&
		    str_eq(of_row(j, "exo.sp-authorization", i, "in-scope"), "true"))
			return true;
	return false;
}

static void join_application(struct join *j)
{
	const char *appid = str_lower(j->a, j->c->appid), *oid;
	bool granted;

	if (!*appid || !facts_get(j->f, "exo.sp.rows"))
		return;
	oid = of_row(j, arena_printf(j->a, "exo.sp.%s", appid), 0, "object-id");
	if (!*oid && admin_count(j->a, j->f, "exo.sp") < 0)
		return;
	admin_put_yes(&j->to, "app.known", *oid != '\0');
	if (!*oid)
		return;
	admin_put(&j->to, "app.object-id", oid);
	admin_put(&j->to, "app.name", of_row(j, arena_printf(j->a, "exo.sp.%s", appid), 0, "name"));
	if (*j->c->oid)
		admin_put_yes(&j->to, "app.fits", str_eq_nocase(oid, j->c->oid));
	granted = application_granted(j);
	if (granted || admin_count(j->a, j->f, "exo.mailbox-permission") >= 0)
		admin_put_yes(&j->to, "app.granted", granted);
}

/* --- who may be in From --- */

static bool may_send_as(const struct join *j)
{
	for (unsigned i = 1; i <= rows(j, "exo.recipient-permission"); i++) {
		const char *who = of_row(j, "exo.recipient-permission", i, "trustee");
		bool is_user = str_eq_nocase(who, j->c->user) ||
			       str_eq_nocase(who, get(j, "exo.mailbox.upn")) ||
			       str_eq_nocase(who, get(j, "exo.mailbox.primary"));

		if (*who && (is_user || (*j->c->appid && is_application(j, who))) &&
		    str_find_nocase(of_row(j, "exo.recipient-permission", i, "rights"), "SendAs"))
			return true;
	}
	return false;
}

/*
 * A group may have the right, and its members with it: only names that are addresses show that
 * there is none among them.
 */
static bool all_are_addresses(const struct join *j)
{
	for (unsigned i = 1; i <= rows(j, "exo.recipient-permission"); i++) {
		const char *who = of_row(j, "exo.recipient-permission", i, "trustee");

		if (!strchr(who, '@') && !str_has_prefix_nocase(who, "NT AUTHORITY\\") &&
		    !str_has_prefix_nocase(who, "S-1-5-"))
			return false;
	}
	return true;
}

/* Of an alias, when the organization lets them send ("true"), or not. */
static const char *alias_verdict(const char *on)
{
	if (str_eq(on, "true"))
		return "alias";
	return str_eq(on, "false") ? "alias-off" : "";
}

static void join_send_as(struct join *j)
{
	const char *from = j->c->from;
	const char *verdict = "";

	if (!*from || !*j->c->user)
		return;
	if (str_eq_nocase(from, j->c->user) || str_eq_nocase(from, get(j, "exo.mailbox.primary")))
		verdict = "own";
	else if (is_word_of(j->a, get(j, "exo.mailbox.aliases"), from))
		verdict = alias_verdict(get(j, "exo.org.send-from-alias"));
	else if (may_send_as(j))
		verdict = "granted";
	else if (*get(j, "exo.mailbox.aliases") &&
		 admin_count(j->a, j->f, "exo.recipient-permission") >= 0)
		verdict = all_are_addresses(j) ? "denied" : "not-named";
	admin_put(&j->to, "send-as", verdict);
}

/* --- domains, connectors, blocks --- */

static void join_domain(struct join *j)
{
	const char *domain = str_domain(*j->c->from ? j->c->from : j->c->user), *dkim = "absent";
	struct strv names = { NULL, 0, 0 };
	bool accepted = false;

	if (!*domain)
		return;
	for (unsigned i = 1; i <= rows(j, "exo.accepted-domain"); i++) {
		const char *name = of_row(j, "exo.accepted-domain", i, "name");

		accepted |= str_eq_nocase(name, domain);
		if (names.n < 12 && *name)
			strv_add(&names, j->a, name);
	}
	if (accepted || admin_count(j->a, j->f, "exo.accepted-domain") > 0)
		admin_put_yes(&j->to, "from-accepted", accepted);
	admin_put(&j->to, "domains", strv_join(&names, j->a, ", "));
	for (unsigned i = 1; i <= rows(j, "exo.dkim"); i++)
		if (str_eq_nocase(of_row(j, "exo.dkim", i, "domain"), domain))
			dkim = str_eq(of_row(j, "exo.dkim", i, "enabled"), "true") ? "on" : "off";
	if (!str_eq(dkim, "absent") || (accepted && admin_count(j->a, j->f, "exo.dkim") >= 0))
		admin_put(&j->to, "dkim-of-from", dkim);
}

/*
 * Only an address by itself or a network is compared; ranges "192.0.2.1-192.0.2.9"
 * are Exchange's, too.
 */
static bool address_listed(const struct join *j, const char *list, bool *ret_unsure)
{
	struct strv words = { NULL, 0, 0 };

	strv_split(&words, j->a, list, ' ');
	for (size_t i = 0; i < words.n; i++) {
		int verdict = admin_address_in(words.v[i], j->c->ip);

		*ret_unsure |= verdict < 0;
		if (verdict > 0)
			return true;
	}
	return false;
}

static void join_connectors(struct join *j)
{
	struct strv addresses = { NULL, 0, 0 };
	bool unsure = false, listed = false, certificate = false;
	long long count = 0;

	if (admin_count(j->a, j->f, "exo.connector") < 0)
		return;
	for (unsigned i = 1; i <= rows(j, "exo.connector"); i++) {
		const char *ips = of_row(j, "exo.connector", i, "ips");

		if (!str_eq(of_row(j, "exo.connector", i, "enabled"), "true") ||
		    !str_eq_nocase(of_row(j, "exo.connector", i, "type"), "OnPremises"))
			continue;
		count++;
		certificate |= *of_row(j, "exo.connector", i, "certificate") != '\0';
		if (*ips)
			strv_add(&addresses, j->a, ips);
		if (*j->c->ip && address_listed(j, ips, &unsure)) {
			listed = true;
			admin_put(&j->to, "connector-match", of_row(j, "exo.connector", i, "name"));
		}
	}
	admin_put(&j->to, "egress", j->c->ip);
	admin_put_number(&j->to, "connectors", count);
	admin_put(&j->to, "connector-addresses", strv_join(&addresses, j->a, " "));
	admin_put_yes(&j->to, "connector-by-certificate", certificate);
	if (*j->c->ip && count && (listed || !unsure))
		admin_put_yes(&j->to, "connector-fits", listed);
}

static void join_blocked(struct join *j)
{
	for (unsigned i = 1; i <= rows(j, "exo.blocked"); i++) {
		const char *who = of_row(j, "exo.blocked", i, "address");

		if (!*who || (!str_eq_nocase(who, j->c->user) && !str_eq_nocase(who, j->c->from) &&
			      !str_eq_nocase(who, get(j, "exo.mailbox.primary"))))
			continue;
		admin_put(&j->to, "blocked-sender", who);
		admin_put(&j->to, "blocked-reason", of_row(j, "exo.blocked", i, "reason"));
	}
}

/* --- Entra ID --- */

/*
 * An enabled policy that hits passwords over SMTP: for everybody, this one not left out; or for
 * some, maybe this one.
 */
static void join_policies(struct join *j)
{
	const char *id = get(j, "entra.user.id");
	struct strv sure = { NULL, 0, 0 }, maybe = { NULL, 0, 0 };

	for (unsigned i = 1; i <= rows(j, "entra.ca"); i++) {
		const char *name = of_row(j, "entra.ca", i, "name");
		const char *excluded = of_row(j, "entra.ca", i, "excluded"),
			*users = of_row(j, "entra.ca", i, "users");
		bool all = str_eq(of_row(j, "entra.ca", i, "everybody"), "true");

		if (!str_eq_nocase(of_row(j, "entra.ca", i, "state"), "enabled") ||
		    !str_eq(of_row(j, "entra.ca", i, "legacy"), "true") ||
		    !*of_row(j, "entra.ca", i, "demands"))
			continue;
		if (*id && is_word_of(j->a, excluded, id))
			continue;
		if ((all && !*excluded) || (*id && (all || is_word_of(j->a, users, id))))
			strv_addf(&sure, j->a, "\"%.200s\"", name);
		else
			strv_addf(&maybe, j->a, "\"%.200s\"", name);
	}
	j->to.area = "entra";
	admin_put(&j->to, "policies-against", strv_join(&sure, j->a, ", "));
	admin_put(&j->to, "policies-maybe", strv_join(&maybe, j->a, ", "));
}

static bool is_ours(const struct join *j, unsigned i)
{
	const char *user = of_row(j, "entra.signin", i, "user"),
		*client = of_row(j, "entra.signin", i, "client");
	bool who = !*user || !*j->c->user || str_eq_nocase(user, j->c->user) ||
		   str_eq_nocase(user, get(j, "exo.mailbox.upn"));

	return who && *of_row(j, "entra.signin", i, "time") &&
	       (!*client || str_eq_nocase(client, "Authenticated SMTP"));
}

/*
 * How much it weighs: 4 our own attempt, 3 the same place within a day, 2 that day, from who knows
 * where, 1 any other.
 */
static int weight(const struct join *j, unsigned i, time_t when)
{
	const char *ip = of_row(j, "entra.signin", i, "ip");
	bool same = *ip && *j->c->ip && str_eq_nocase(ip, j->c->ip),
		other = *ip && *j->c->ip && !same;
	long long apart = llabs((long long)j->c->at - when);
	long long near = str_eq(of_row(j, "entra.signin", i, "code"), "0") ? NEAR_GOOD_S : NEAR_S;

	if (!j->c->at || apart > DAY_S || other)
		return 1;
	if (!same)
		return 2;
	return apart <= near ? 4 : 3;
}

static void join_signins(struct join *j)
{
	static const char *const names[] = { "", "earlier", "same-day", "same-place", "this-one" };
	int best = 0;
	unsigned which = 0;
	time_t newest = 0;

	for (unsigned i = 1; i <= rows(j, "entra.signin"); i++) {
		time_t when;
		int w;

		if (!is_ours(j, i) || clock_parse(of_row(j, "entra.signin", i, "time"), &when) != 0)
			continue;
		w = weight(j, i, when);
		if (w < best || (w == best && when <= newest))
			continue;
		best = w;
		newest = when;
		which = i;
	}
	j->to.area = "entra.login";
	if (admin_count(j->a, j->f, "entra.signin") >= 0)
		admin_put_yes(&j->to, "found", which != 0);
	if (!which)
		return;
	admin_put_number(&j->to, "code",
			 facts_number(j->f, arena_printf(j->a, "entra.signin.%u.code", which), 0));
	admin_put(&j->to, "weight", names[best]);
	admin_put(&j->to, "time", of_row(j, "entra.signin", which, "time"));
	admin_put(&j->to, "ip", of_row(j, "entra.signin", which, "ip"));
	admin_put(&j->to, "policy", of_row(j, "entra.signin", which, "policy"));
	admin_put(&j->to, "reason", of_row(j, "entra.signin", which, "reason"));
}

static void join_exchange(struct join *j)
{
	join_switch(j);
	join_auth_policy(j);
	join_mailbox(j);
	join_application(j);
	join_send_as(j);
	join_domain(j);
	join_connectors(j);
	join_blocked(j);
}

void admin_join(struct arena *a, struct facts *f, const struct admin_case *c, unsigned parts)
{
	struct join j = { .to = { .arena = a, .facts = f, .area = "exo" }, .f = f, .a = a, .c = c };

	if (parts & ADMIN_EXCHANGE)
		join_exchange(&j);
	if (parts & ADMIN_POLICIES)
		join_policies(&j);
	if (parts & ADMIN_SIGN_INS)
		join_signins(&j);
}
