/*
 * Signatures and seals of a message, with the keys that are published now. RFC 6376, 6; RFC 8617.
 */
#include "message/inside.h"

#include "base/arena.h"
#include "judge/facts.h"

/* From the first field to the end, as it was sent; fields_read() says that it is so. */
static struct span whole(const struct message *m)
{
	const char *p = m->fields.v[0].raw.p;
	struct span last = m->fields.v[m->fields.n - 1].raw;
	const char *end = m->fields.body.len ? m->fields.body.p + m->fields.body.len
					     : last.p + last.len;

	return (struct span){ p, (size_t)(end - p) };
}

void message_verify(struct message *m, const struct domain_dns *dns, int64_t now)
{
	struct verified *v = &m->verified;

	v->asked = true;
	v->no_body = !m->fields.body.len;
	v->why_not = "";
	if (!m->fields.exact || m->fields.cut) {
		v->why_not = "The text is not the message byte for byte, so no signature can be "
			     "verified: save the message as a file (.eml) and give that.";
		return;
	}
	if (!m->n_signatures && !*fields_value(&m->fields, "ARC-Seal")) {
		v->why_not = "The message has no signature.";
		return;
	}
	v->dkim = dkim_verify(m->arena, dns, whole(m), now);
	if (!v->no_body && *fields_value(&m->fields, "ARC-Seal"))
		v->arc = arc_verify(m->arena, dns, whole(m), now);
}

/* 3: as good as a signature can be. */
static int worth(const struct message *m, const struct dkim_sig *s)
{
	bool aligned = domain_same_org(s->domain, m->from_domain);

	return (s->result == DKIM_PASS ? 2 : 0) + aligned;
}

const struct dkim_sig *message_signature(const struct message *m)
{
	const struct dkim_sig *best = NULL;

	if (!m->verified.dkim)
		return NULL;
	for (const struct dkim_sig *s = m->verified.dkim->sigs; s; s = s->next)
		if (!best || worth(m, s) > worth(m, best))
			best = s;
	return best;
}

/* Nothing is known of the body, and nothing else is wrong. */
static bool header_alone(const struct message *m, const struct dkim_sig *s)
{
	return m->verified.no_body && s->fault == DKIM_BODY_HASH && s->header_holds;
}

const char *message_signature_words(const struct message *m, const struct dkim_sig *s)
{
	struct arena *a = m->arena;
	const char *notes = strv_join(&s->notes, a, "; ");

	if (s->result == DKIM_PASS)
		return *notes ? arena_printf(a, "pass; %s", notes) : "pass";
	if (header_alone(m, s))
		return "the signed header fields are as they were signed; the body is not in this "
		       "text, so nothing is known of it";
	return arena_printf(a, "%s: %s%s%s", dkim_result_name(s->result), s->why,
			    *notes ? "; " : "", notes);
}

static const char *changed(const struct dkim_sig *s)
{
	bool body = s->body_judged && !s->body_holds;
	bool header = s->header_judged && !s->header_holds;

	if (body && header)
		return "body and header";
	if (body)
		return "body";
	return header ? "header" : "";
}

void verified_facts(const struct message *m, struct facts *f)
{
	const struct dkim_sig *s = message_signature(m);

	if (s && !header_alone(m, s)) {
		facts_set(f, "message.verified.dkim", dkim_result_name(s->result));
		facts_set(f, "message.verified.dkim-domain", s->domain);
		if (s->result == DKIM_FAIL && !m->verified.no_body && *changed(s))
			facts_set(f, "message.verified.dkim-changed", changed(s));
		facts_set(f, "message.verified.dkim-words", message_signature_words(m, s));
	}
	if (m->verified.arc)
		facts_set(f, "message.verified.arc", arc_result_name(m->verified.arc->result));
}
