/*
 * A message's facts, judged by the same rules as everything else.
 */
#include "message/inside.h"

#include <string.h>

#include "base/arena.h"
#include "judge/judge.h"

/* Whom the first step is about: the address in From, where it may go into a command. */
static const char *plain_address(struct arena *a, const char *from)
{
	const char *open = strrchr(from, '<'), *s = open ? open + 1 : from, *end = s;

	while (ascii_is_alnum(*end) || (*end && strchr("@.-_+", *end)))
		end++;
	if (*s == '-' || (*end && *end != '>') || !memchr(s, '@', (size_t)(end - s)))
		return "";
	return arena_strndup(a, s, (size_t)(end - s));
}

/* It becomes part of advice and commands. */
static bool plain_domain(const char *domain)
{
	if (!strchr(domain, '.') || *domain == '-')
		return false;
	for (; *domain; domain++)
		if (!ascii_is_alnum(*domain) && *domain != '.' && *domain != '-')
			return false;
	return true;
}

/* Whose mailbox it is: as the servers name it, else the only address in To. "" where it is not
 * plain. */
static const char *recipient(const struct message *m)
{
	const char *to = fields_value(&m->fields, "To");
	const char *named = plain_address(m->arena, fields_value(&m->fields, "Delivered-To"));

	for (size_t i = m->n_hops; i-- > 0 && !*named; )
		named = plain_address(m->arena, m->hops[i].recipient);
	return *named || strchr(to, ',') ? named : plain_address(m->arena, to);
}

struct message_judged *message_judge(const struct message *m)
{
	struct message_judged *j = arena_alloc(m->arena, sizeof(*j));
	struct facts *facts = facts_new(m->arena);
	struct evidence *e = evidence_new(m->arena, m->know);
	const char *from = plain_address(m->arena, m->from);
	struct diagnosis d;

	message_facts(m, facts);
	e->facts = facts;
	e->kind = "message";
	e->partial = true;
	facts_set(e->asked, "ask.pasted", e->kind);
	evidence_ask(e, "ask.from", from);
	evidence_ask(e, "ask.to", recipient(m));
	evidence_ask(e, "ask.domain", plain_domain(m->from_domain) ? m->from_domain : "");
	if (m->ms.receiver && m->ms.cloud && !m->ms.consumer)
		e->provider = "m365";
	evidence_complete(e);
	d = judge(e);
	*j = (struct message_judged){
		.message = m,
		.facts = facts,
		.evidence = e,
		.diagnosis = d.list,
		.n_diagnosis = d.n,
		.apart = d.apart,
		.next = d.next,
		.problem = d.n && d.list[0].certainty >= LIKELY,
	};
	return j;
}
