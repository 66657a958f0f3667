/*
 * sink-json - the receiving sandbox as data: smtpwhy.sink/1, one object for each event.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "message/parts.h"
#include "report/json-parts.h"
#include "report/printer.h"
#include "sink/sink.h"

static json_t *event(const char *what)
{
	json_t *j = json_object();

	json_put_text(j, "schema", "smtpwhy.sink/1");
	json_put_text(j, "event", what);
	return j;
}

json_t *json_of_sink_place(struct arena *a _unused_, const void *of)
{
	const struct sink_place *p = of;
	json_t *j = event("listening");

	json_put_text(j, "address", p->address);
	json_put(j, "port", json_integer(p->port));
	json_put_text(j, "ca_file", p->ca_file);
	json_put_word(j, "store", p->store);
	return j;
}

json_t *json_of_sink_summary(struct arena *a _unused_, const void *of)
{
	const struct sink_summary *s = of;
	json_t *j = event("end");

	json_put(j, "messages", json_integer((json_int_t)s->n));
	json_put(j, "wanted", s->wanted ? json_integer((json_int_t)s->wanted) : json_null());
	json_put(j, "problems", json_integer((json_int_t)s->problems));
	json_put(j, "warnings", json_integer((json_int_t)s->warnings));
	json_put_word(j, "trouble", s->trouble);
	return j;
}

/* --- a message --- */

static json_t *client(const struct receipt *l)
{
	json_t *j = json_object();

	json_put_text(j, "address", l->client);
	json_put(j, "port", json_integer(l->port));
	json_put_text(j, "hello", l->helo);
	json_put_bool(j, "ehlo", l->extended);
	json_put_word(j, "tls", l->tls);
	json_put_bool(j, "signed_in", l->login);
	return j;
}

static json_t *envelope(const struct receipt *l)
{
	json_t *j = json_object();

	json_put_text(j, "from", l->from);
	json_put_list(j, "to", &l->to);
	json_put_word(j, "body", l->body);
	json_put_bool(j, "smtputf8", l->utf8);
	return j;
}

static json_t *header(const struct receipt *l)
{
	json_t *j = json_object();

	json_put_word(j, "from", l->author);
	json_put_word(j, "from_domain", l->author_domain);
	json_put_word(j, "subject", l->subject);
	json_put_word(j, "message_id", l->id);
	return j;
}

static json_t *spf(const struct receipt *l)
{
	json_t *j;

	if (!l->spf)
		return json_null();
	j = json_object();
	json_put_text(j, "result", spf_result_name(l->spf->result));
	json_put_word(j, "domain", l->spf->domain);
	json_put_word(j, "address", l->judged_as);
	json_put_bool(j, "aligned", domain_same_org(l->spf->domain, l->author_domain));
	json_put_word(j, "words", l->spf->why);
	return j;
}

static json_t *signatures(const struct receipt *l)
{
	json_t *list;

	if (!l->dkim)
		return json_null();
	list = json_array();
	for (const struct dkim_sig *s = l->dkim->sigs; s; s = s->next) {
		json_t *j = json_object();

		json_put_text(j, "result", dkim_result_name(s->result));
		json_put_word(j, "domain", s->domain);
		json_put_word(j, "selector", s->selector);
		json_put_word(j, "algorithm", s->algorithm_text);
		json_put(j, "bits", s->key && s->key->bits ? json_integer(s->key->bits) :
			 json_null());
		json_put_bool(j, "aligned", domain_same_org(s->domain, l->author_domain));
		json_put_word(j, "words", s->why);
		json_put_list(j, "notes", &s->notes);
		json_push(list, j);
	}
	return list;
}

static json_t *arc(const struct receipt *l)
{
	json_t *j;

	if (!l->arc)
		return json_null();
	j = json_object();
	json_put_text(j, "result", arc_result_name(l->arc->result));
	json_put_word(j, "words", l->arc->why);
	return j;
}

static json_t *dmarc(const struct receipt *l)
{
	const struct dmarc_view *v;
	json_t *j;

	if (!l->dmarc)
		return json_null();
	v = &l->dmarc->now;
	j = json_object();
	json_put_text(j, "result", l->dmarc_open ? "unknown" : dmarc_result_name(v->result));
	json_put_text(j, "policy", dmarc_policy_name(v->policy));
	json_put_text(j, "applied", dmarc_policy_name(v->applied));
	json_put_word(j, "policy_domain", v->policy_domain);
	json_put_bool(j, "spf_aligned", v->spf_aligned);
	json_put_bool(j, "dkim_aligned", v->dkim_aligned);
	return j;
}

static json_t *ptr(const struct receipt *l)
{
	json_t *j;

	if (!l->has_ptr)
		return json_null();
	j = json_object();
	json_put_bool(j, "confirmed", l->ptr.found == PTR_CONFIRMED);
	json_put_list(j, "names", &l->ptr.names);
	return j;
}

static json_t *faults(const struct receipt *l)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->n_faults; i++) {
		const struct receipt_fault *f = &l->faults[i];
		json_t *j = json_object();

		json_put_text(j, "id", f->id);
		json_put_text(j, "severity", f->grave ? "problem" : "warning");
		json_put_text(j, "words", f->words);
		json_put_text(j, "fix", f->fix);
		json_put_text(j, "rule", f->rule);
		json_push(list, j);
	}
	return list;
}

static json_t *receivers(const struct receipt *l)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->n_views; i++) {
		const struct receipt_view *v = &l->views[i];
		json_t *j = json_object();

		json_put_word(j, "receiver", v->receiver);
		json_put_text(j, "would", would_name(v->would));
		json_put_word(j, "why", v->why);
		json_put_word(j, "reply", v->reply);
		json_put_list(j, "broken", &v->broken);
		json_put_list(j, "open", &v->open);
		json_push(list, j);
	}
	return list;
}

json_t *json_of_receipt(struct arena *a, const void *of)
{
	const struct receipt *l = of;
	json_t *j = event("message");

	json_put(j, "number", json_integer((json_int_t)l->number));
	json_put_text(j, "received", clock_utc(a, (time_t)l->at));
	json_put(j, "client", client(l));
	json_put(j, "envelope", envelope(l));
	json_put(j, "size", json_integer((json_int_t)l->text.len));
	json_put_word(j, "file", l->file);
	json_put(j, "header", header(l));
	json_put(j, "spf", spf(l));
	json_put(j, "dkim", signatures(l));
	json_put(j, "arc", arc(l));
	json_put(j, "dmarc", dmarc(l));
	json_put(j, "reverse_dns", ptr(l));
	json_put(j, "faults", faults(l));
	json_put(j, "receivers", receivers(l));
	json_put_bool(j, "problem", l->problem);
	json_put_bool(j, "warning", l->warning);
	return j;
}
