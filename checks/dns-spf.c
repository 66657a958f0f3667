/*
 * dns-spf - may the sending address send mail for the domain?
 *
 *	evaluates the SPF record of the sender's domain for --sender-ip, or for the address that the
 * server sees; without either it looks at the record alone
 *
 * RFC 7208. The record of the domain that --from names; else of the target.
 */
#include "check/check.h"
#include "base/clock.h"
#include "domain/spf.h"
#include "know/know.h"
#include "net/net.h"
#include "talk/talk.h"

static bool wanted(const struct ask *ask)
{
	return *talk_sender_domain(ask) &&
	       (ask->kind != TARGET_HOST || *ask->sender_ip || ask->picked);
}

/* What the record should say besides; made by advise(). */
struct advice {
	const struct sending_service	*service;	/* whose include is missing; NULL */
	const char		*include;	/* "" */
	const char		*record;	/* NULL = none */
	unsigned		 lookups;	/* of that record at most */
};

/* A service that writes the customer's domain into MAIL FROM, and whose include is missing. */
static const struct sending_service *missing(struct probe *p, const struct spf *s)
{
	const struct know *know = probe_ask(p)->know;
	struct strv in_use = talk_services(p);

	for (size_t i = 0; i < in_use.n; i++) {
		const struct sending_service *v = know_service(know, in_use.v[i]);

		if (v && *service_include(v) && !str_eq(v->envelope, "service"))
			return spf_includes(s, service_include(v)) ? NULL : v;
	}
	return NULL;
}

/*
 * The record to write: with the include of the provider in use, and with the address unless it is
 * one of the provider's, which change.
 */
static struct advice advise(struct probe *p, const struct domain_dns *dns,
			    const struct spf_ask *question, const struct spf *s)
{
	struct spf_ask of_include = *question;
	const struct spf *in = NULL;
	struct arena *a = probe_arena(p);
	struct advice v = { .service = missing(p, s), .include = "", .lookups = s->worst_lookups };

	if (v.service)
		v.include = of_include.domain = service_include(v.service);
	if (s->result == SPF_PASS || (s->result == SPF_NOT_JUDGED && !*v.include))
		return v;
	if (*v.include) {
		in = spf_check(a, dns, &of_include);
		v.lookups += 1 + in->worst_lookups;
	}
	v.record = spf_record_with(a, s, v.include, !in || in->result != SPF_PASS);
	return v;
}

static void leave_facts(struct probe *p, const struct spf *s, const struct advice *v)
{
	struct arena *a = probe_arena(p);
	struct strv faults = { NULL, 0, 0 };

	probe_fact(p, "dns.spf.domain", "%s", s->domain);
	probe_fact(p, "dns.spf.result", "%s", spf_result_name(s->result));
	probe_fact_number(p, "dns.spf.lookups", s->lookups);
	probe_fact_number(p, "dns.spf.voids", s->voids);
	probe_fact_number(p, "dns.spf.worst-lookups", s->worst_lookups);
	probe_fact_number(p, "dns.spf.worst-voids", s->worst_voids);
	if (*s->ip)
		probe_fact(p, "dns.spf.ip", "%s", s->ip);
	if (s->record && s->record->text.len)
		probe_fact(p, "dns.spf.record", "%s",
			   str_escaped(a, s->record->text.p, s->record->text.len));
	if (s->decided) {
		probe_fact(p, "dns.spf.term", "%s", spf_term_text(a, s->decided));
		probe_fact(p, "dns.spf.term-of", "%s", s->decided_in->domain);
	}
	if (*s->explanation)
		probe_fact(p, "dns.spf.explanation", "%s", s->explanation);
	for (const struct spf_fault *f = s->faults; f; f = f->next)
		if (!strv_has(&faults, spf_fault_name(f->kind)))
			strv_add(&faults, a, spf_fault_name(f->kind));
	if (faults.n)
		probe_fact(p, "dns.spf.faults", "%s", strv_join(&faults, a, ", "));
	if (*v->include)
		probe_fact(p, "dns.spf.missing-include", "%s", v->include);
	if (v->record)
		probe_fact(p, "dns.spf.allowing", "%s", v->record);
}

static void tell_advice(struct probe *p, const struct spf *s, const struct advice *v)
{
	if (v->service)
		probe_detail(p, "%s is in use, and include:%s is not in the record",
			     v->service->name, v->include);
	if (v->record && *s->ip)
		probe_detail(p, "a record that allows %s: %s", s->ip, v->record);
	else if (v->record)
		probe_detail(p, "a record that allows %s: %s", v->service->name, v->record);
	if (v->record && v->lookups > SPF_LOOKUPS_MOST)
		probe_detail(p, "that one may need %u DNS lookups, and only %d are allowed: take "
			     "out what is no longer used", v->lookups, SPF_LOOKUPS_MOST);
}

static void tell_details(struct probe *p, const struct spf *s, const struct advice *v)
{
	struct strv lines = spf_trace(probe_arena(p), s, probe_ask(p)->know);

	for (size_t i = 0; i < lines.n; i++)
		probe_detail(p, "%s", lines.v[i]);
	for (const struct spf_fault *f = s->faults; f; f = f->next)
		probe_detail(p, "%s: %s", spf_fault_name(f->kind), f->words);
	if (s->n_faults > SPF_FAULTS_MOST)
		probe_detail(p, "and %zu more faults", s->n_faults - SPF_FAULTS_MOST);
	tell_advice(p, s, v);
}

/* Faults that a check tells by themselves, the gravest first; others are details. */
static const struct told { enum spf_fault_kind kind; const char *finding; bool breaks; } told[] = {
	{ SPF_FAULT_TWO_RECORDS, "spf.two-records", true },
	{ SPF_FAULT_SYNTAX, "spf.syntax", true },
	{ SPF_FAULT_LOOP, "spf.loop", true },
	{ SPF_FAULT_LOOKUPS, "spf.lookups", true },
	{ SPF_FAULT_DEAD_INCLUDE, "spf.dead-include", true },
	{ SPF_FAULT_NAMES, "spf.mx-hosts", true },
	{ SPF_FAULT_VOIDS, "spf.voids", true },
	{ SPF_FAULT_LOOKUPS_WORST, "spf.lookups-worst", false },
	{ SPF_FAULT_VOIDS_WORST, "spf.voids-worst", false },
	{ SPF_FAULT_DNS, "spf.no-answer-below", false },
	{ SPF_FAULT_PASS_ALL, "spf.pass-all", false },
	{ SPF_FAULT_WIDE, "spf.wide", false },
	{ SPF_FAULT_NEUTRAL_ALL, "spf.neutral-all", false },
	{ SPF_FAULT_NO_ALL, "spf.no-all", false },
};

/* The gravest fault; with breaking only such as make it a permerror. */
static const struct told *gravest(const struct spf *s, bool breaking, const struct spf_fault **ret)
{
	for (size_t i = 0; i < ARRAY_LEN(told); i++) {
		*ret = spf_fault_of(s, told[i].kind);
		if (*ret && (told[i].breaks || !breaking))
			return &told[i];
	}
	return NULL;
}

static enum status no_record(struct probe *p, const struct spf *s)
{
	const struct spf_fault *near = spf_fault_of(s, SPF_FAULT_NOT_A_RECORD);
	const struct ask *ask = probe_ask(p);

	if (near)
		return probe_warn(p, "spf.not-a-record", "%s", near->words);
	/* Whether the domain sends at all is known only where a sender was given. */
	if (!*ask->from && !*ask->sender_ip && !ask->picked)
		return probe_idle(p, "%s; it needs one if it sends mail", s->why);
	return probe_warn(p, "spf.none",
			  "%s, so receivers cannot tell which servers may send for it", s->why);
}

static enum status not_allowed(struct probe *p, const struct spf *s)
{
	const char *qualifier = s->decided ? spf_term_text(probe_arena(p), s->decided) : "no term";
	bool said = *probe_ask(p)->sender_ip;

	if (s->result == SPF_FAIL && said)
		return probe_fail(p, "spf.fail", "%s may not send for %s (%s)", s->ip, s->domain,
				  qualifier);
	if (s->result == SPF_SOFTFAIL && said)
		return probe_warn(p, "spf.softfail",
				  "%s should not send for %s (%s): accepted but suspicious", s->ip,
				  s->domain, qualifier);
	if (s->result == SPF_NEUTRAL && said)
		return probe_warn(p, "spf.neutral",
				  "the SPF record of %s says nothing about %s (%s)", s->domain,
				  s->ip, qualifier);
	return probe_warn(p, "spf.not-here",
			  "%s does not allow %s, the address that the server sees (%s: %s)",
			  s->domain, s->ip, spf_result_name(s->result), qualifier);
}

static enum status judged(struct probe *p, const struct spf *s)
{
	const struct spf_fault *fault;
	const struct told *t;

	switch (s->result) {
	case SPF_NONE:
		return no_record(p, s);
	case SPF_TEMPERROR:
		return probe_unknown(p, "spf.no-answer", "%s", s->why);
	case SPF_PERMERROR:
		t = gravest(s, true, &fault);
		return probe_fail(p, t ? t->finding : "spf.syntax", "%s", s->why);
	case SPF_FAIL:
	case SPF_SOFTFAIL:
	case SPF_NEUTRAL:
		return not_allowed(p, s);
	case SPF_PASS:
	case SPF_NOT_JUDGED:
		break;
	}
	t = gravest(s, false, &fault);
	if (t && t->breaks && s->result == SPF_NOT_JUDGED)
		return probe_fail(p, t->finding, "%s", fault->words);
	if (t)
		return probe_warn(p, t->finding, "%s", fault->words);
	if (s->result == SPF_PASS)
		return probe_pass(p, "%s may send for %s (%s)", s->ip, s->domain,
				  spf_term_text(probe_arena(p), s->decided));
	return probe_pass(p, "one record, at most %u of %d lookups", s->worst_lookups,
			  SPF_LOOKUPS_MOST);
}

static enum status run(struct probe *p)
{
	const struct ask *ask = probe_ask(p);
	struct domain_dns dns = domain_dns_of(net_dns(probe_net(p)));
	struct spf_ask question = {
		.ip = talk_sending_address(p),
		.from = *ask->from ? ask->from : ask->address,
		.helo = ask->helo,
		.domain = talk_sender_domain(ask),
		.now = clock_wall(),
	};
	const struct spf *s = spf_check(probe_arena(p), &dns, &question);
	struct advice v = advise(p, &dns, &question, s);

	leave_facts(p, s, &v);
	tell_details(p, s, &v);
	return judged(p, s);
}

const struct check check_dns_spf = {
	.id		= "dns.spf",
	.title		= "SPF allows the address that mail comes from",
	.label		= "SPF",
	.stage		= STAGE_DNS,
	.after		= CHECKS("target.provider", "smtp.greeting", "smtp.ehlo", "smtp.ehlo-tls"),
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
