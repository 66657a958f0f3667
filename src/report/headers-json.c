/*
 * headers-json - what a delivered message's header says, as data: smtpwhy.headers/1. The schema is
 * in doc/.
 */
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "message/message.h"
#include "report/json-parts.h"
#include "report/printer.h"

static json_t *json_date(const struct header_date *d, struct arena *a)
{
	return d->known ? json_safe(clock_utc(a, (time_t)(d->ms / 1000))) : json_null();
}

static json_t *json_hop(struct arena *a, const struct message *m, size_t i)
{
	const struct hop *h = &m->hops[i];
	json_t *j = json_object();

	json_put_word(j, "from", h->from);
	json_put_word(j, "by", h->by);
	json_put_word(j, "with", h->with);
	json_put_word(j, "via", h->via);
	json_put_word(j, "id", h->id);
	json_put_word(j, "for", h->recipient);
	json_put_word(j, "address", h->address);
	json_put_word(j, "protocol", h->protocol);
	json_put(j, "tls", h->tls || h->clear ? json_boolean(h->tls) : json_null());
	json_put_word(j, "tls_version", h->tls_version);
	json_put_word(j, "cipher", h->cipher);
	json_put_bool(j, "signed_in", h->login);
	json_put(j, "date", json_date(&h->when, a));
	json_put_bool(j, "zone_missing", h->when.no_zone);
	json_put(j, "delay_ms", h->has_delay ? json_integer((json_int_t)h->delay_ms) : json_null());
	json_put_bool(j, "clock_fault", h->clock);
	json_put_bool(j, "into_receiver", i == m->border);
	return j;
}

static json_t *json_check(const struct identity_check *c)
{
	json_t *j = json_object();

	json_put_word(j, "result", c->result);
	json_put_word(j, "domain", c->domain);
	json_put_word(j, "words", c->words);
	json_put_bool(j, "aligned", c->aligned);
	return j;
}

static const char *trust_word(enum trust t)
{
	static const char *const words[] = {
		[TRUST_NONE] = "",
		[TRUST_RECEIVER] = "receiver",
		[TRUST_BETWEEN] = "other-server",
		[TRUST_FILTER] = "filter",
	};

	return words[t];
}

static json_t *json_authentication(const struct message *m)
{
	const struct authentication *auth = &m->auth;
	json_t *j = json_object();

	json_put_word(j, "by", auth->by);
	json_put_word(j, "trust", trust_word(auth->trust));
	json_put(j, "spf", json_check(&auth->spf));
	json_put(j, "dkim", json_check(&auth->dkim));
	json_put(j, "dmarc", json_check(&auth->dmarc));
	json_put_word(j, "dmarc_action", auth->action);
	json_put_word(j, "dmarc_policy", auth->policy);
	json_put_word(j, "compauth", auth->compauth);
	json_put_word(j, "compauth_reason", auth->reason);
	json_put_word(j, "arc", auth->arc);
	json_put_word(j, "client", auth->client);
	json_put_word(j, "alignment", message_alignment(m));
	return j;
}

static json_t *json_signatures(const struct message *m, struct arena *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->n_signatures; i++) {
		const struct dkim_signature *d = &m->signatures[i];
		json_t *j = json_object();

		json_put_word(j, "domain", d->domain);
		json_put_word(j, "selector", d->selector);
		json_put_word(j, "algorithm", d->algorithm);
		json_put_word(j, "expires", d->expires ? clock_utc(a, (time_t)d->expires) : "");
		json_put_bool(j, "aligned", domain_same_org(d->domain, m->from_domain));
		json_put_bool(j, "partial_body", d->has_length);
		json_put_word(j, "fault", d->fault);
		json_push(list, j);
	}
	return list;
}

static json_t *json_verified_one(const struct message *m, const struct dkim_sig *s)
{
	json_t *j = json_object();

	json_put_word(j, "domain", s->domain);
	json_put_word(j, "selector", s->selector);
	json_put_bool(j, "aligned", domain_same_org(s->domain, m->from_domain));
	json_put_text(j, "result", dkim_result_name(s->result));
	json_put_text(j, "fault", dkim_fault_name(s->fault));
	json_put(j, "header_unchanged",
		 s->header_judged ? json_boolean(s->header_holds) : json_null());
	json_put(j, "body_unchanged", s->body_judged && !m->verified.no_body ?
		 json_boolean(s->body_holds) : json_null());
	json_put_text(j, "words", message_signature_words(m, s));
	return j;
}

/* null: nobody asked for it. */
static json_t *json_verified(const struct message *m)
{
	const struct verified *v = &m->verified;
	json_t *j, *list;

	if (!v->asked)
		return json_null();
	j = json_object();
	list = json_array();
	for (const struct dkim_sig *s = v->dkim ? v->dkim->sigs : NULL; s; s = s->next)
		json_push(list, json_verified_one(m, s));
	json_put_word(j, "why_not", v->why_not);
	json_put(j, "dkim", list);
	json_put_word(j, "arc", v->arc ? arc_result_name(v->arc->result) : "");
	json_put_word(j, "arc_words", v->arc ? v->arc->why : "");
	return j;
}

static json_t *json_antispam(const struct message *m)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->n_decoded; i++) {
		const struct decoded *d = &m->decoded[i];
		json_t *j = json_object();

		json_put_text(j, "header", d->header);
		json_put_text(j, "key", d->key);
		json_put_text(j, "value", d->value);
		json_put_text(j, "meaning", d->meaning);
		json_put_text(j, "source", d->source);
		json_put_text(j, "confidence", d->confidence);
		json_push(list, j);
	}
	return list;
}

static json_t *json_identity(const struct message *m, struct arena *a)
{
	json_t *j = json_object();

	json_put_word(j, "from", m->from);
	json_put_word(j, "from_domain", m->from_domain);
	json_put_word(j, "envelope_from", m->envelope);
	json_put_word(j, "envelope_domain", m->envelope_domain);
	json_put_word(j, "subject", m->subject);
	json_put_word(j, "id", m->id);
	json_put(j, "date", json_date(&m->date, a));
	json_put_word(j, "receiver", m->receiver);
	return j;
}

json_t *json_of_headers(struct arena *a, const void *of)
{
	const struct message_judged *j = of;
	const struct message *m = j->message;
	json_t *o = json_object(), *hops = json_array(), *path = json_object();

	for (size_t i = 0; i < m->n_hops; i++)
		json_push(hops, json_hop(a, m, i));
	json_put_word(path, "id", m->path);
	json_put_word(path, "because", m->path_words);
	json_put_text(o, "schema", "smtpwhy.headers/1");
	json_put_text(o, "status", j->problem ? "problem" : "good");
	json_put(o, "message", json_identity(m, a));
	json_put(o, "authentication", json_authentication(m));
	json_put(o, "signatures", json_signatures(m, a));
	json_put(o, "verified", json_verified(m));
	json_put(o, "path", path);
	json_put(o, "hops", hops);
	json_put(o, "total_ms",
		 m->late.known ? json_integer((json_int_t)m->late.total_ms) : json_null());
	json_put_list(o, "clocks", &m->clocks);
	json_put_list(o, "forged", &m->forged);
	json_put(o, "antispam", json_antispam(m));
	json_put(o, "facts", json_facts(j->facts));
	json_put_list(o, "notes", &m->fields.notes);
	json_put(o, "diagnosis", json_diagnosis(j->diagnosis, j->n_diagnosis));
	json_apart(o, &j->apart);
	json_put_list(o, "next_blockers", &j->next);
	return o;
}
