/*
 * tls-handshake - does TLS begin with the connection, as it should on this port?
 *
 *	the handshake, before a word is said
 *
 * RFC 8314, 3.3. Ports that begin in the clear are asked in smtp-starttls.c; the certificate is
 * judged in tls-certificate.c.
 */
#include "check/check.h"
#include "talk/talk.h"

static const struct talk_tls_findings names = {
	.failed = "handshake.failed",
	.plaintext = "tls.plaintext-greeting",
	.silent = "handshake.silent",
	.closed = "handshake.closed",
	.version = "handshake.version",
	.too_large = "handshake.key-too-large",
};

static enum status run(struct probe *p)
{
	struct smtp *s = talk_session(p);

	if (!smtp_secure(s)) {
		enum status status = talk_tls_failed(p, s, &names);

		if (str_eq(probe_get(p, "tls.$.state"), "plaintext"))
			probe_fact(p, "smtp.$.greeting.state", "plain");
		return status;
	}
	probe_time(p, "handshake", smtp_times(s)->handshake);
	talk_tls_facts(p, s, "tls");
	probe_fact_bool(p, "smtp.$.ready", true);
	return probe_pass(p, "%s", talk_tls_words(p, s));
}

const struct check check_tls_handshake = {
	.id		= "tls.handshake",
	.title		= "TLS begins with the connection",
	.label		= "TLS",
	.stage		= STAGE_TLS,
	.needs		= FACTS("tcp.$.open"),
	.gives		= FACTS("smtp.$.ready", "smtp.$.secure", "tls.$.state", "cert.$.verdict"),
	.ports		= true,
	.tls		= TLS_IMPLICIT,
	.talks		= true,
	.run		= run,
};
