/*
 * Asking a rule's condition.
 */
#include "judge/eval.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"

/* --- what was asked, as facts --- */

static void set_given(struct facts *f, const char *name, const char *value)
{
	if (value && *value)
		facts_set(f, name, value);
}

static void set_provider(struct arena *a, struct facts *f, const struct result *r)
{
	const struct provider *p;

	if (!*r->provider || !r->ask->know)
		return;
	p = know_provider(r->ask->know, r->provider, *r->path ? r->path : NULL);
	p = p ? p : know_provider(r->ask->know, r->provider, NULL);
	if (!p)
		return;
	set_given(f, "provider.id", p->id);
	set_given(f, "provider.path", p->path);
	set_given(f, "provider.auth", strv_join(&p->mechanisms, a, " "));
	for (size_t i = 0; i < p->n_ports; i++) {
		char *name = arena_printf(a, "provider.port.%u", p->ports[i].port);

		if (!facts_get(f, name))
			facts_set(f, name, p->ports[i].implicit_tls ? "implicit" : "starttls");
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

static const char *domain_in(const char *address)
{
	const char *at = strrchr(address, '@');

	return at ? at + 1 : "";
}

/* How the sender stands to the login, and the recipient to the sender (else the login). Nothing where one of them has no domain. */
static void set_relations(struct facts *f, const struct ask *ask, const char *sender)
{
	const char *user = domain_in(ask->user), *from = domain_in(sender), *to = domain_in(ask->to);
	const char *home = *from ? from : user;

	if (*user && *from)
		facts_set(f, "ask.from-is", str_eq_nocase(ask->user, sender) ? "user" : str_eq_nocase(user, from) ? "same-domain" : "other-domain");
	if (*home && *to)
		facts_set(f, "ask.to-is", str_eq_nocase(home, to) ? "same-domain" : "other-domain");
}

struct facts *rule_asked(struct arena *a, const struct result *r)
{
	const struct ask *ask = r->ask;
	struct facts *f = facts_new(a);
	/* Of a list of senders, the one whose refusal is judged. */
	const char *sender = *ask->from ? ask->from : facts_string(r->facts, "senders.first-refused");

	set_given(f, "ask.user", ask->user);
	set_given(f, "ask.from", sender);
	set_given(f, "ask.to", ask->to);
	set_given(f, "ask.via", ask->via ? ask->via : "");
	set_given(f, "ask.host", *ask->host ? ask->host : r->host);
	set_given(f, "ask.domain", ask->domain);
	facts_set(f, "ask.kind", target_kind_name(ask->kind));
	facts_set_bool(f, "ask.password", ask->password != NULL);
	facts_set_bool(f, "ask.token", ask->token != NULL);
	facts_set_bool(f, "ask.port-given", ask->port_given);
	facts_set_bool(f, "ask.submission", ask->submission);
	facts_set_bool(f, "ask.redirected", ask->redirected);
	for (size_t i = 0; i < ask->n_ports; i++)
		facts_set(f, arena_printf(a, "ask.port.%u", ask->ports[i].port), ask->ports[i].implicit_tls ? "implicit" : "starttls");
	set_relations(f, ask, sender);
	set_provider(a, f, r);
	facts_set_bool(f, "provider.own-host", is_published(ask->know,
		*ask->host ? ask->host : r->host));
	return f;
}

/* --- one thing against one term --- */

static bool compare_number(enum rule_op op, int64_t a, int64_t b)
{
	switch (op) {
	case OP_LT:
		return a < b;
	case OP_GT:
		return a > b;
	case OP_LE:
		return a <= b;
	case OP_GE:
		return a >= b;
	case OP_EQ:
		return a == b;
	case OP_NE:
		return a != b;
	default:
		return false;
	}
}

static bool text_fits(const struct rule_term *t, const char *text)
{
	bool found = false;

	for (size_t i = 0; i < t->values.n && !found; i++) {
		if (t->op == OP_GLOB || t->op == OP_NOT_GLOB)
			found = str_glob(t->values.v[i], text);
		else
			found = str_eq_nocase(t->values.v[i], text);
	}
	return (t->op == OP_NE || t->op == OP_NOT_GLOB) ? !found : found;
}

static bool fact_fits(const struct rule_term *t, const struct fact *f)
{
	char *end;
	long long n;

	if (t->op == OP_THERE)
		return f->type == FACT_BOOL ? f->number != 0 : *f->string != '\0';
	if (t->op == OP_LT || t->op == OP_GT || t->op == OP_LE || t->op == OP_GE) {
		n = f->type == FACT_NUMBER ? f->number : strtoll(f->string, &end, 10);
		if (f->type != FACT_NUMBER && (end == f->string || *end))
			return false;
		return compare_number(t->op, n, t->number);
	}
	return text_fits(t, f->string);
}

/* --- counting what a term stands for --- */

struct tally { size_t all, fitting; };

static void tally(struct tally *n, bool fits)
{
	n->all++;
	n->fitting += fits;
}

static const struct facts *store(const struct rule_view *v, const char *name)
{
	return str_has_prefix(name, "ask.") || str_has_prefix(name, "provider.") ? v->asked : v->facts;
}

static void tally_facts(const struct rule_view *v, const struct rule_term *t, const char *name, struct tally *n)
{
	const struct facts *facts = store(v, name);
	const struct fact *f;

	if (!strpbrk(name, "*?")) {
		f = facts_get(facts, name);
		if (f)
			tally(n, fact_fits(t, f));
		return;
	}
	for (f = facts_match(facts, name, NULL); f; f = facts_match(facts, name, f))
		tally(n, fact_fits(t, f));
}

static bool failed(const struct outcome *o)
{
	return o->status == STATUS_FAIL || o->status == STATUS_WARN || o->status == STATUS_UNKNOWN;
}

static void tally_outcome(const struct rule_view *v, const struct rule_term *t, const char *name, const struct outcome *o, struct tally *n)
{
	switch (t->subject) {
	case SUBJECT_FINDING:
		tally(n, *o->finding && str_glob(name, o->finding));
		break;
	case SUBJECT_CHECK:
		if (str_glob(name, o->id) || str_eq(name, o->check->id))
			tally(n, t->op == OP_THERE ? o->status != STATUS_SKIP : text_fits(t, status_name(o->status)));
		break;
	case SUBJECT_REPLY:
		if (o->reply && failed(o) && (str_eq(name, "*") || o->reply->stage == stage_of(name)))
			tally(n, t->op == OP_THERE || text_fits(t, reply_flat(o->reply, v->arena)));
		break;
	default:
		break;
	}
}

static struct tally count(const struct rule_view *v, const struct rule_term *t, unsigned port)
{
	const char *name = strchr(t->name, '$') ? name_with_port(v->arena, t->name, port) : t->name;
	struct tally n = { 0, 0 };

	if (t->subject == SUBJECT_FACT)
		tally_facts(v, t, name, &n);
	for (size_t i = 0; t->subject == SUBJECT_CAUSE && i < v->causes->n; i++)
		tally(&n, str_glob(name, v->causes->v[i]));
	for (size_t i = 0; t->subject != SUBJECT_FACT && i < v->n_outcomes; i++) {
		const struct outcome *o = &v->outcomes[i];

		if (!port || !o->port || o->port == port)
			tally_outcome(v, t, name, o, &n);
	}
	return n;
}

bool rule_term_holds(const struct rule_view *v, const struct rule_term *t, unsigned port)
{
	struct tally n = count(v, t, port);

	switch (t->over) {
	case OVER_ALL:
		return n.all && n.fitting == n.all;
	case OVER_NONE:
		return n.fitting == 0;
	case OVER_COUNT:
		return compare_number(t->count_op, (int64_t)n.fitting, t->count);
	default:
		return n.fitting > 0;
	}
}

bool rule_holds(const struct rule_view *v, const struct rule *r, unsigned port)
{
	for (size_t i = 0; i < r->n_terms; i++) {
		if (rule_term_holds(v, &r->terms[i], port) == r->terms[i].negated)
			return false;
	}
	return true;
}

/* --- the sentence --- */

static void add_values(const struct rule_view *v, const char *name, struct buf *b)
{
	const struct facts *facts = store(v, name);
	struct strv values = { 0 };

	for (const struct fact *f = facts_match(facts, name, NULL); f; f = facts_match(facts, name, f)) {
		if (*f->string && !strv_has(&values, f->string))
			strv_add(&values, v->arena, f->string);
	}
	buf_adds(b, values.n ? strv_join(&values, v->arena, ", ") : "unknown");
}

char *rule_text(const struct rule_view *v, const char *text, unsigned port)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_FACT);
	const char *s = strchr(text, '$') && port ? name_with_port(v->arena, text, port) : text;

	while (*s) {
		const char *end = *s == '{' ? strchr(s, '}') : NULL;

		if (end)
			add_values(v, span_dup(v->arena, (struct span) { s + 1, (size_t)(end - s) - 1 }), &b);
		else
			buf_addc(&b, *s);
		s = end ? end + 1 : s + 1;
	}
	return arena_strdup(v->arena, buf_str(&b));
}

char *rule_because(const struct rule_view *v, const struct rule *r, unsigned port)
{
	return rule_text(v, r->because, port);
}
