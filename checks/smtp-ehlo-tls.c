/*
 * smtp-ehlo-tls - what does the server offer under TLS?
 *
 *	EHLO once more: after the handshake both sides start over
 *
 * RFC 3207, 4.2.
 */
#include "check/check.h"
#include "talk/talk.h"

static enum status broken(struct probe *p, const struct smtp *s)
{
	const struct failure *f = smtp_failure(s);

	if (f->reply)
		talk_reply_facts(p, f->reply);
	if (f->class == FAILURE_REFUSED)
		return probe_fail_step(p, "ehlo-tls.refused", f);
	return talk_broken(p, s, "ehlo-tls.broken", "ehlo-tls.timeout");
}

static enum status run(struct probe *p)
{
	struct smtp *s = talk_session(p);
	bool good = smtp_ehlo(s, probe_ask(p)->helo);

	if (smtp_times(s)->ehlo_tls >= 0)
		probe_time(p, "ehlo-tls", smtp_times(s)->ehlo_tls);
	if (!good)
		return broken(p, s);
	talk_ehlo_facts(p, s, "ehlo-tls");
	probe_fact(p, "smtp.$.session", "tls");
	return probe_pass(p, "%s", talk_ehlo_words(p, s));
}

const struct check check_smtp_ehlo_tls = {
	.id		= "smtp.ehlo-tls",
	.title		= "The server takes EHLO under TLS",
	.label		= "EHLO in TLS",
	.stage		= STAGE_EHLO,
	.needs		= FACTS("smtp.$.secure"),
	.gives		= FACTS("smtp.$.session", "smtp.$.ehlo-tls.keywords"),
	.ports		= true,
	.tls		= TLS_BY_STARTTLS,
	.talks		= true,
	.run		= run,
};
