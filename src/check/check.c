#include "check/check.h"

#include <assert.h>
#include <stdarg.h>

#include "base/trace.h"
#include "know/findings.h"
#include "know/path.h"
#include "check/probe.h"

/* --- what is asked --- */

const struct ask *probe_ask(const struct probe *p)
{
	return p->run->ask;
}

struct arena *probe_arena(const struct probe *p)
{
	return p->run->arena;
}

struct net *probe_net(const struct probe *p)
{
	return p->run->ask->net;
}

const char *probe_host(const struct probe *p)
{
	return run_host(p->run);
}

enum host_from probe_host_from(const struct probe *p)
{
	const struct ask *ask = p->run->ask;

	if (*ask->host)
		return ask->host_from;
	/*
	 * A domain without MX is its own host (RFC 5321, 5.1), and so it is where --connect-to
	 * leads elsewhere.
	 */
	if (*ask->domain && str_eq_nocase(run_host(p->run), ask->domain))
		return HOST_TYPED;
	return HOST_FROM_MX;
}

unsigned probe_port(const struct probe *p)
{
	return p->endpoint ? p->endpoint->port : 0;
}

bool probe_implicit_tls(const struct probe *p)
{
	return p->endpoint && p->endpoint->implicit_tls;
}

const char *probe_endpoint(const struct probe *p)
{
	return run_endpoint(p->run, p->endpoint);
}

bool probe_cancelled(const struct probe *p)
{
	(void)p;
	return fiber_self() && fiber_cancelled();
}

/* --- facts --- */

struct facts *probe_facts(const struct probe *p)
{
	return p->run->facts;
}

const char *probe_name(struct probe *p, const char *name)
{
	if (!strchr(name, '$'))
		return name;
	assert(p->endpoint);		/* a check without ports has no `$` */
	return name_with_port(p->run->arena, name, p->endpoint->port);
}

void probe_fact(struct probe *p, const char *name, const char *fmt, ...)
{
	va_list ap;
	char *value;

	va_start(ap, fmt);
	value = arena_vprintf(p->run->arena, fmt, ap);
	va_end(ap);
	trace(TRACE_CHECKS, "%s: %s = \"%s\"", p->id, probe_name(p, name), value);
	facts_set(p->run->facts, probe_name(p, name), value);
}

void probe_fact_number(struct probe *p, const char *name, int64_t value)
{
	trace(TRACE_CHECKS, "%s: %s = %lld", p->id, probe_name(p, name), (long long)value);
	facts_set_number(p->run->facts, probe_name(p, name), value);
}

void probe_fact_bool(struct probe *p, const char *name, bool value)
{
	trace(TRACE_CHECKS, "%s: %s = %s", p->id, probe_name(p, name), value ? "true" : "false");
	facts_set_bool(p->run->facts, probe_name(p, name), value);
}

const char *probe_get(struct probe *p, const char *name)
{
	return facts_string(p->run->facts, probe_name(p, name));
}

bool probe_has(struct probe *p, const char *name)
{
	return facts_get(p->run->facts, probe_name(p, name)) != NULL;
}

bool probe_true(struct probe *p, const char *name)
{
	return facts_true(p->run->facts, probe_name(p, name));
}

int64_t probe_number(struct probe *p, const char *name, int64_t otherwise)
{
	return facts_number(p->run->facts, probe_name(p, name), otherwise);
}

/* --- the endpoint's shared connection --- */

void probe_keep(struct probe *p, void *session, void (*done)(void *session))
{
	assert(p->endpoint && !p->endpoint->session && session && done);
	p->endpoint->session = session;
	p->endpoint->done = done;
}

void *probe_session(const struct probe *p)
{
	return p->endpoint ? p->endpoint->session : NULL;
}

/* Room for one more element: the list doubles at each power of two. */
static void *grown(struct arena *a, void *list, size_t n, size_t size)
{
	void *bigger;

	if (n & (n - 1) || n == 1)
		return list;
	bigger = arena_alloc(a, (n ? 2 * n : 2) * size);
	if (n)
		memcpy(bigger, list, n * size);
	return bigger;
}

void probe_transcript(struct probe *p, const struct transcript *t)
{
	struct result *r = p->run->result;

	if (!t)
		return;
	for (size_t i = 0; i < r->n_transcripts; i++) {
		if (r->transcripts[i] == t)
			return;
	}
	r->transcripts = grown(r->arena, r->transcripts, r->n_transcripts,
			       sizeof(r->transcripts[0]));
	r->transcripts[r->n_transcripts++] = t;
}

void probe_senders(struct probe *p, const struct senders *s)
{
	p->run->result->senders = s;
}

void probe_direct_send(struct probe *p, const struct direct_send *d)
{
	p->run->result->direct_send = d;
}

void probe_time(struct probe *p, const char *stage, int64_t us)
{
	struct result *r = p->run->result;

	r->times = grown(r->arena, r->times, r->n_times, sizeof(r->times[0]));
	r->times[r->n_times++] = (struct stage_time){ probe_endpoint(p),
						      arena_strdup(r->arena, stage), us };
}

void probe_path_fit(struct probe *p, const struct path_judgement *j)
{
	p->run->result->path_fit = j;
}

/* --- the verdict --- */

void probe_reply(struct probe *p, const struct reply *r)
{
	p->out.reply = r;
}

void probe_reply_of(struct probe *p, const char *host, const struct reply *r)
{
	p->out.reply = r;
	p->out.replier = host;
}

/* Is it this check's, and no graver than its row says? */
static bool finding_fits(const struct probe *p, enum status s, const char *name)
{
	const struct know *know = p->run->ask->know;
	const struct finding *f = know ? know_finding(know, name) : NULL;
	enum severity said = INFO;

	if (s == STATUS_FAIL || s == STATUS_WARN)
		said = s == STATUS_FAIL ? ERROR : WARNING;
	if (f)
		return str_eq(f->by, p->check->id) && said <= f->severity;
	return know && know_path_finding(know, name);
}

static enum status verdict(struct probe *p, enum status s, const char *finding, const char *fmt,
			   va_list ap)
{
	char *words = arena_vprintf(p->run->arena, fmt, ap);

	assert(!p->judged);		/* one verdict a run */
	assert(!*finding || finding_fits(p, s, finding));
	if (s != STATUS_SKIP && probe_cancelled(p)) {
		/* What a conversation looks like that we broke off ourselves is no evidence. */
		s = STATUS_UNKNOWN;
		finding = "";
		words = arena_strdup(p->run->arena,
				     p->run->out_of_time ? "not finished in the time given" :
				     "interrupted");
	}
	p->judged = true;
	p->out.status = s;
	p->out.finding = finding;
	p->out.summary = words;
	p->out.skipped_because = s == STATUS_SKIP ? words : "";
	return s;
}

void probe_detail(struct probe *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	strv_add(&p->out.details, p->run->arena, arena_vprintf(p->run->arena, fmt, ap));
	va_end(ap);
}

enum status probe_pass(struct probe *p, const char *fmt, ...)
{
	enum status s;
	va_list ap;

	va_start(ap, fmt);
	s = verdict(p, STATUS_PASS, "", fmt, ap);
	va_end(ap);
	return s;
}

enum status probe_warn(struct probe *p, const char *finding, const char *fmt, ...)
{
	enum status s;
	va_list ap;

	va_start(ap, fmt);
	s = verdict(p, STATUS_WARN, finding, fmt, ap);
	va_end(ap);
	return s;
}

enum status probe_fail(struct probe *p, const char *finding, const char *fmt, ...)
{
	enum status s;
	va_list ap;

	va_start(ap, fmt);
	s = verdict(p, STATUS_FAIL, finding, fmt, ap);
	va_end(ap);
	return s;
}

enum status probe_unknown(struct probe *p, const char *finding, const char *fmt, ...)
{
	enum status s;
	va_list ap;

	va_start(ap, fmt);
	s = verdict(p, STATUS_UNKNOWN, finding, fmt, ap);
	va_end(ap);
	return s;
}

enum status probe_skip(struct probe *p, const char *fmt, ...)
{
	enum status s;
	va_list ap;

	va_start(ap, fmt);
	s = verdict(p, STATUS_SKIP, "", fmt, ap);
	va_end(ap);
	return s;
}

enum status probe_idle(struct probe *p, const char *fmt, ...)
{
	enum status s;
	va_list ap;

	va_start(ap, fmt);
	s = verdict(p, STATUS_SKIP, "", fmt, ap);
	va_end(ap);
	p->out.idle = true;
	return s;
}

enum status probe_fail_step(struct probe *p, const char *finding, const struct failure *f)
{
	if (!f)
		return probe_unknown(p, "", "the step failed without saying why");
	if (f->reply)
		probe_reply(p, f->reply);
	if (f->class == FAILURE_LOCAL || f->class == FAILURE_CANCELLED)
		return probe_unknown(p, finding, "%s", f->text);
	if (f->class == FAILURE_REFUSED && f->reply)
		return probe_fail(p, finding, "%s", reply_flat(f->reply, p->run->arena));
	return probe_fail(p, finding, "%s", f->text);
}
