/*
 * smtp-starttls - is STARTTLS offered, and does the upgrade hold?
 *
 *	STARTTLS, 220, nothing behind it, handshake
 *
 * RFC 3207. Whether the certificate is the right one is asked in tls-certificate.c; the EHLO
 * afterwards is in smtp-ehlo-tls.c.
 */
#include "check/check.h"
#include "talk/talk.h"

static const struct talk_tls_findings names = {
	.failed = "starttls.handshake",
	.plaintext = "starttls.plaintext",
	.silent = "starttls.silent",
	.closed = "starttls.closed",
	.version = "starttls.version",
	.too_large = "starttls.key-too-large",
};

/* The conversation goes on without TLS. */
static void stay_plain(struct probe *p, struct smtp *s)
{
	smtp_forgive(s);
	if (!smtp_failure(s))
		probe_fact(p, "smtp.$.session", "plain");
}

static enum status not_offered(struct probe *p, struct smtp *s)
{
	probe_fact_bool(p, "smtp.$.starttls.offered", false);
	stay_plain(p, s);
	return probe_fail(p, "starttls.not-offered", "%s does not offer STARTTLS", smtp_peer(s));
}

static enum status refused(struct probe *p, struct smtp *s)
{
	const struct failure *f = smtp_failure(s);
	bool reply = f->class == FAILURE_REFUSED;

	talk_reply_facts(p, f->reply);
	stay_plain(p, s);
	return probe_fail_step(p, reply ? "starttls.refused" : "starttls.broken", f);
}

static enum status run(struct probe *p)
{
	struct smtp *s = talk_session(p);

	if (!smtp_offers(s, "STARTTLS"))
		return not_offered(p, s);
	probe_fact_bool(p, "smtp.$.starttls.offered", true);
	if (!smtp_ask(s, STAGE_STARTTLS, 220, "STARTTLS"))
		return refused(p, s);
	if (smtp_times(s)->starttls >= 0)
		probe_time(p, "starttls", smtp_times(s)->starttls);

	/* What came with the 220 came in the clear: it must not be believed (RFC 3207, 6). */
	if (smtp_buffered(s)) {
		probe_fact_number(p, "smtp.$.starttls.injected", (int64_t)smtp_buffered(s));
		return probe_fail(p, "starttls.injected",
				  "%zu bytes in the clear follow the 220 to STARTTLS",
				  smtp_buffered(s));
	}
	if (!smtp_secure(s))
		return talk_tls_failed(p, s, &names);
	probe_time(p, "handshake", smtp_times(s)->handshake);
	talk_tls_facts(p, s, "starttls");
	return probe_pass(p, "%s", talk_tls_words(p, s));
}

const struct check check_smtp_starttls = {
	.id		= "smtp.starttls",
	.title		= "STARTTLS is offered and works",
	.label		= "STARTTLS",
	.stage		= STAGE_STARTTLS,
	.needs		= FACTS("smtp.$.spoken"),
	.gives		= FACTS("smtp.$.secure", "smtp.$.session", "tls.$.state", "cert.$.verdict",
				"smtp.$.starttls.offered"),
	.ports		= true,
	.tls		= TLS_BY_STARTTLS,
	.talks		= true,
	.run		= run,
};
