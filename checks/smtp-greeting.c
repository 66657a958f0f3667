/*
 * smtp-greeting - does a mail server greet us, and which?
 *
 *	220; when nothing comes, a ClientHello on a second connection
 *
 * RFC 5321, 3.1 and 4.3.1.
 */
#include "diag/check.h"
#include "diag/know.h"
#include "proto/freefacts.h"
#include "talk/talk.h"

static bool http(const char *garbage)
{
	return str_has_prefix_nocase(garbage, "HTTP/") || str_has_prefix_nocase(garbage, "<html") || str_has_prefix_nocase(garbage, "<!DOCTYPE");
}

/* Another product or provider than the host's name makes expect. */
static void who_is_it(struct probe *p, const char *words)
{
	const struct know *k = probe_ask(p)->know;
	const struct provider *prov = k ? know_provider_of_text(k, words) : NULL;
	const char *host = strchr(words, ' ');

	if (prov)
		probe_fact(p, "smtp.$.greeting.product", "%s", prov->id);
	if (host && host[1])
		probe_fact(p, "smtp.$.greeting.host", "%.*s", (int)strcspn(host + 1, " "), host + 1);
}

static void greeting_facts(struct probe *p, const struct reply *r)
{
	if (!r)
		return;
	probe_fact_number(p, "smtp.$.greeting.code", r->code);
	probe_fact(p, "smtp.$.greeting.text", "%s", reply_flat(r, probe_arena(p)));
	who_is_it(p, reply_flat(r, probe_arena(p)));
	talk_reply_facts(p, r);
}

/* Nothing came: does the server wait for us to begin with TLS? */
static bool waits_for_tls(struct probe *p)
{
	struct smtp *s = talk_again(p, SMTP_IMPLICIT_TLS);
	bool tls = s && smtp_secure(s);

	if (s)
		probe_transcript(p, smtp_transcript(s));
	talk_again_done(p, s);
	return tls;
}

static enum status silent(struct probe *p, const struct failure *f)
{
	bool tls = !probe_implicit_tls(p) && waits_for_tls(p);

	probe_fact(p, "smtp.$.greeting.state", tls ? "tls" : "timeout");
	if (tls)
		return probe_fail(p, "greeting.tls-expected",
				  "the server says nothing until TLS begins: port %u wants TLS from the start, not STARTTLS", probe_port(p));
	return probe_fail_step(p, "greeting.silent", f);
}

static enum status no_greeting(struct probe *p, struct smtp *s)
{
	const struct failure *f = smtp_failure(s);

	if (*smtp_garbage(s)) {
		probe_fact(p, "smtp.$.greeting.state", http(smtp_garbage(s)) ? "http" : "garbage");
		probe_fact(p, "smtp.$.greeting.garbage", "%s", smtp_garbage(s));
		return probe_fail(p, http(smtp_garbage(s)) ? "greeting.http" : "greeting.garbage",
				  "what answers is no mail server: %.60s", smtp_garbage(s));
	}
	if (f->class == FAILURE_TIMEOUT)
		return silent(p, f);
	probe_fact(p, "smtp.$.greeting.state", f->reply ? "refused" : f->class == FAILURE_NET ? "closed" : "garbage");
	greeting_facts(p, f->reply);
	if (f->reply)
		return probe_fail_step(p, "greeting.refused", f);
	return probe_fail_step(p, f->class == FAILURE_NET ? "greeting.closed" : "greeting.garbage", f);
}

static enum status run(struct probe *p)
{
	struct smtp *s = talk_session(p);
	const char *words;
	bool good = smtp_greeting(s);

	if (smtp_times(s)->greeting >= 0)
		probe_time(p, "greeting", smtp_times(s)->greeting);
	if (!good)
		return no_greeting(p, s);
	words = reply_words(smtp_reply(s), probe_arena(p));
	greeting_facts(p, smtp_reply(s));
	probe_fact(p, "smtp.$.greeting.state", free_masked(words) ? "stars" : "ok");
	probe_fact_bool(p, "smtp.$.greeted", true);
	if (free_masked(words))
		return probe_warn(p, "greeting.masked", "the greeting is blanked out (%.40s): a firewall inspects SMTP on the way", words);
	return probe_pass(p, "%s", words);
}

const struct check check_smtp_greeting = {
	.id		= "smtp.greeting",
	.title		= "A mail server greets",
	.label		= "greeting",
	.needs		= FACTS("smtp.$.ready"),
	.gives		= FACTS("smtp.$.greeted", "smtp.$.greeting.state"),
	.findings	= (const struct finding[]) {
		{ "greeting.refused", "The server answers the connection with a refusal", NULL },
		{ "greeting.silent", "The connection is open, but no greeting comes", "greeting-timeout" },
		{ "greeting.tls-expected", "The server waits for TLS: the port is for implicit TLS, not for STARTTLS", "tls-mode-mismatch" },
		{ "greeting.closed", "The connection is closed before a greeting", "connection-dropped" },
		{ "greeting.http", "A web server or a proxy answers, not a mail server", "wrong-host" },
		{ "greeting.garbage", "What answers does not speak SMTP", "wrong-host" },
		{ "greeting.masked", "The greeting is asterisks: a firewall inspects SMTP and takes commands away", "middlebox-interference" },
		{ NULL, NULL, NULL },
	},
	.ports		= true,
	.talks		= true,
	.run		= run,
};
