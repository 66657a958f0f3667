/*
 * smtp-ehlo - what does the server offer?
 *
 *	EHLO, 250 and its keywords; HELO when EHLO is not known
 *
 * RFC 5321, 4.1.1.1. Where TLS begins with the connection this is the EHLO under TLS; elsewhere
 * that one is in smtp-ehlo-tls.c.
 */
#include "check/check.h"
#include "proto/banner.h"
#include "talk/talk.h"

static const char *masked_keyword(const struct smtp *s)
{
	const struct strv *lines = smtp_capabilities(s);

	for (size_t i = 0; i < lines->n; i++)
		if (banner_is_masked(lines->v[i]))
			return lines->v[i];
	return NULL;
}

static enum status broken(struct probe *p, const struct smtp *s)
{
	const struct failure *f = smtp_failure(s);

	if (f->reply)
		talk_reply_facts(p, f->reply);
	if (f->class == FAILURE_REFUSED)
		return probe_fail_step(p, "ehlo.refused", f);
	return talk_broken(p, s, "ehlo.broken", "ehlo.timeout");
}

static enum status run(struct probe *p)
{
	struct smtp *s = talk_session(p);
	bool tls = probe_implicit_tls(p), good = smtp_ehlo(s, probe_ask(p)->helo);
	int64_t us = tls ? smtp_times(s)->ehlo_tls : smtp_times(s)->ehlo;
	const char *masked, *offered;

	if (us >= 0)
		probe_time(p, "ehlo", us);
	if (!good)
		return broken(p, s);
	talk_ehlo_facts(p, s, tls ? "ehlo-tls" : "ehlo");
	offered = smtp_offers(s, "STARTTLS") ? "starttls" : "none";
	probe_fact(p, "smtp.$.tls.way", "%s", tls ? "implicit" : offered);
	probe_fact_bool(p, "smtp.$.spoken", true);
	if (tls)
		probe_fact(p, "smtp.$.session", "tls");
	masked = masked_keyword(s);
	probe_fact_bool(p, "smtp.$.ehlo.masked", masked);
	if (masked)
		return probe_warn(p, "ehlo.masked", "the server's list is altered on the way "
				  "(%.20s): a firewall inspects SMTP", masked);
	if (smtp_used_helo(s))
		return probe_warn(p, "ehlo.helo-only",
				  "the server knows HELO only: no TLS, no login");
	return probe_pass(p, "%s", talk_ehlo_words(p, s));
}

const struct check check_smtp_ehlo = {
	.id		= "smtp.ehlo",
	.title		= "The server takes EHLO and lists what it offers",
	.label		= "EHLO",
	.stage		= STAGE_EHLO,
	.needs		= FACTS("smtp.$.greeted"),
	.gives		= FACTS("smtp.$.spoken", "smtp.$.tls.way", "smtp.$.session",
				"smtp.$.ehlo.keywords", "smtp.$.ehlo-tls.keywords"),
	.ports		= true,
	.talks		= true,
	.part		= CHECK_MAIN,
	.run		= run,
};
