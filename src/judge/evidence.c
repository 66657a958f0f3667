/*
 * What follows from what was asked for: the provider's row, and how the addresses
 * stand to each other.
 */
#include "judge/evidence.h"

#include "base/arena.h"
#include "base/str.h"

struct evidence *evidence_new(struct arena *a, const struct know *k)
{
	struct evidence *e = arena_alloc(a, sizeof(*e));

	*e = (struct evidence) {
		.arena = a, .know = k, .facts = facts_new(a), .asked = facts_new(a),
		.provider = "", .path = "", .kind = "", .client = "",
	};
	return e;
}

void evidence_ask(struct evidence *e, const char *name, const char *value)
{
	if (value && *value)
		facts_set(e->asked, name, value);
}

static void set_provider(struct evidence *e)
{
	const struct provider *p;

	if (!*e->provider || !e->know)
		return;
	p = know_provider(e->know, e->provider, *e->path ? e->path : NULL);
	p = p ? p : know_provider(e->know, e->provider, NULL);
	if (!p)
		return;
	evidence_ask(e, "provider.id", p->id);
	/*
	 * The row of another way is good enough for its mechanisms and ports; not for a
	 * rule about the way.
	 */
	if (*e->path || !e->partial)
		evidence_ask(e, "provider.path", p->path);
	evidence_ask(e, "provider.auth", strv_join(&p->mechanisms, e->arena, " "));
	for (size_t i = 0; i < p->n_ports; i++) {
		char *name = arena_printf(e->arena, "provider.port.%u", p->ports[i].port);

		if (!facts_get(e->asked, name))
			facts_set(e->asked, name,
				  p->ports[i].implicit_tls ? "implicit" : "starttls");
	}
}

/*
 * Is it a name that the provider itself publishes, letter by letter? One that only fits a pattern
 * may be misspelt.
 */
static bool is_published(const struct know *k, const char *host)
{
	const struct provider *p = k && *host ? know_provider_of_host(k, host) : NULL;

	return p && strv_has_nocase(&p->hosts, host);
}

/*
 * How the sender stands to the login, and the recipient to the sender (else the login). Nothing
 * where one of them has no domain.
 */
static void set_relations(struct evidence *e)
{
	const char *login = facts_string(e->asked, "ask.user");
	const char *sender = facts_string(e->asked, "ask.from");
	const char *user = str_domain(login), *from = str_domain(sender);
	const char *to = str_domain(facts_string(e->asked, "ask.to"));
	const char *home = *from ? from : user;

	if (*user && *from && str_eq_nocase(login, sender))
		facts_set(e->asked, "ask.from-is", "user");
	else if (*user && *from)
		facts_set(e->asked, "ask.from-is",
			  str_eq_nocase(user, from) ? "same-domain" : "other-domain");
	if (*home && *to)
		facts_set(e->asked, "ask.to-is",
			  str_eq_nocase(home, to) ? "same-domain" : "other-domain");
}

void evidence_complete(struct evidence *e)
{
	set_provider(e);
	set_relations(e);
	facts_set_bool(e->asked, "provider.own-host",
		       is_published(e->know, facts_string(e->asked, "ask.host")));
}
