/*
 * The plan: one probe for each check and endpoint, and who waits for whom. A probe waits for those
 * who give what it needs, for those it comes `after`, and, when it talks, for the earlier talkers
 * of its endpoint.
 */
#include "check/probe.h"

#include "base/buf.h"
#include "base/str.h"

static size_t list_len(const char *const *list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

/* The list with the port put in. In a probe of the whole target `$` stays: any port. */
static const char **resolved(struct run *r, const char *const *list, const struct endpoint *e)
{
	size_t n = list_len(list);
	const char **v = arena_alloc(r->arena, (n + 1) * sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = e ? name_with_port(r->arena, list[i], e->port) : list[i];
	return v;
}

/* "smtp.$.ehlo" as the glob "smtp.*.ehlo". */
static bool any_port_match(const char *pattern, const char *name)
{
	while (*pattern && *pattern != '$' && *pattern == *name)
		pattern++, name++;
	if (*pattern != '$')
		return *pattern == *name;
	for (pattern++; ascii_is_digit(*name) || *name == '$'; name++)
		;
	return str_eq(pattern, name);
}

bool need_given_by(const char *need, const char *gives)
{
	return any_port_match(need, gives) || any_port_match(gives, need);
}

bool need_met(const struct facts *f, const char *need)
{
	if (!strchr(need, '$')) {
		const struct fact *fact = facts_get(f, need);

		return fact && (fact->type != FACT_BOOL || fact->number);
	}
	for (const struct fact *fact = facts_match(f, "*", NULL); fact;
	     fact = facts_match(f, "*", fact)) {
		if (any_port_match(need, fact->name) && (fact->type != FACT_BOOL || fact->number))
			return true;
	}
	return false;
}

static void add_probe(struct run *r, const struct check *c, struct endpoint *e)
{
	struct probe *p = &r->probes[r->n_probes++];

	*p = (struct probe){
		.run = r,
		.check = c,
		.endpoint = e,
		.id = e ? name_with_port(r->arena, c->id, e->port) : c->id,
		.needs = resolved(r, c->needs, e),
		.gives = resolved(r, c->gives, e),
		.out = {
			.check = c, .endpoint = "", .finding = "", .summary = "",
			.skipped_because = "",
			.status = STATUS_UNKNOWN, .port = e ? e->port : 0,
		},
	};
	p->out.id = p->id;
}

static bool comes_after(const struct probe *p, const struct probe *q)
{
	for (const char *const *id = p->check->after; id && *id; id++) {
		if (str_eq(*id, q->check->id) &&
		    (!p->endpoint || !q->endpoint || p->endpoint == q->endpoint))
			return true;
	}
	return false;
}

/* Does q give something p needs? */
static bool feeds(const struct probe *q, const struct probe *p)
{
	for (const char **need = p->needs; *need; need++) {
		for (const char **gives = q->gives; *gives; gives++) {
			if (need_given_by(*need, *gives))
				return true;
		}
	}
	return false;
}

static bool waits_for(const struct probe *p, const struct probe *q)
{
	bool earlier_talker = p->check->talks && q->check->talks && p->endpoint &&
			      p->endpoint == q->endpoint && q < p;

	bool earlier_turn = p->check->in_turn && q->check->in_turn && q->endpoint < p->endpoint;

	return p != q && (earlier_talker || earlier_turn || feeds(q, p) || comes_after(p, q));
}

static void connect_probes(struct run *r)
{
	for (size_t i = 0; i < r->n_probes; i++) {
		struct probe *p = &r->probes[i];

		p->waits_for = arena_alloc(r->arena, r->n_probes * sizeof(struct probe *));
		for (size_t j = 0; j < r->n_probes; j++) {
			if (waits_for(p, &r->probes[j]))
				p->waits_for[p->n_waits_for++] = &r->probes[j];
		}
	}
}

static bool matches_any(const struct strv *globs, const struct probe *p)
{
	for (size_t i = 0; i < globs->n; i++) {
		if (str_glob(globs->v[i], p->id) || str_eq_nocase(globs->v[i], p->check->id))
			return true;
	}
	return false;
}

/* What p needs is run too, whether it was asked for or not. */
static void pull_in(struct run *r, struct probe *p)
{
	for (size_t i = 0; i < p->n_waits_for; i++) {
		struct probe *q = p->waits_for[i];

		if (!q->left_out || q->left_out_why || !feeds(q, p))
			continue;
		q->left_out = false;
		pull_in(r, q);
	}
}

/* Who is asked for, who serves those, who is left out: --only, --skip-check, wanted(). */
static void choose(struct run *r)
{
	const struct ask *ask = r->ask;

	for (size_t i = 0; i < r->n_probes; i++) {
		struct probe *p = &r->probes[i];
		bool wanted = !p->check->wanted || p->check->wanted(ask);

		p->asked = ask->only.n == 0 || matches_any(&ask->only, p);
		if (matches_any(&ask->skip, p))
			p->left_out_why = "left out (--skip-check)";
		else if (!wanted)
			p->left_out_why = "not asked for";
		if (p->left_out_why && (wanted || p->check->optional))
			p->asked = false;
		p->left_out = p->left_out_why || !p->asked;
	}
	for (size_t i = 0; i < r->n_probes; i++) {
		if (!r->probes[i].left_out && r->probes[i].asked)
			pull_in(r, &r->probes[i]);
	}
}

static bool fits(const struct check *c, const struct endpoint *e)
{
	return c->tls == TLS_ANYHOW || (c->tls == TLS_IMPLICIT) == e->implicit_tls;
}

void plan(struct run *r, const struct check *const *checks)
{
	const struct ask *ask = r->ask;
	size_t n = 0;

	r->endpoints = arena_alloc(r->arena, (ask->n_ports + 1) * sizeof(*r->endpoints));
	for (; r->n_endpoints < ask->n_ports; r->n_endpoints++) {
		struct endpoint *e = &r->endpoints[r->n_endpoints];

		e->port = ask->ports[r->n_endpoints].port;
		e->implicit_tls = ask->ports[r->n_endpoints].implicit_tls;
	}
	while (checks[n])
		n++;
	r->probes = arena_alloc(r->arena, (n * (r->n_endpoints + 1) + 1) * sizeof(*r->probes));
	for (size_t i = 0; i < n; i++) {
		if (!checks[i]->ports)
			add_probe(r, checks[i], NULL);
		for (size_t j = 0; checks[i]->ports && j < r->n_endpoints; j++)
			if (fits(checks[i], &r->endpoints[j]))
				add_probe(r, checks[i], &r->endpoints[j]);
	}
	connect_probes(r);
	choose(r);
}

char *plan_circle(struct arena *a, const struct run *r)
{
	bool *out = arena_alloc(a, r->n_probes + 1);	/* nothing it waits for is left */
	_cleanup_(buf_release) struct buf b = BUF_INIT(4096);
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < r->n_probes; i++) {
			const struct probe *p = &r->probes[i];
			bool ready = !out[i];

			for (size_t j = 0; j < p->n_waits_for && ready; j++)
				ready = out[p->waits_for[j] - r->probes];
			if (ready)
				out[i] = more = true;
		}
	}
	for (size_t i = 0; i < r->n_probes; i++) {
		const struct probe *p = &r->probes[i];

		for (size_t j = 0; j < p->n_waits_for && !out[i]; j++) {
			if (!out[p->waits_for[j] - r->probes])
				buf_addf(&b, "%s%s waits for %s", b.len ? ", " : "", p->id,
					 p->waits_for[j]->id);
		}
	}
	return b.len ? arena_strdup(a, buf_str(&b)) : NULL;
}
