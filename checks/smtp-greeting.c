/*
 * smtp-greeting - does a mail server greet us, and which?
 *
 *	220; while nothing comes, a ClientHello on a second connection,
 *		and when nothing has come, on the first
 *
 * RFC 5321, 3.1 and 4.3.1.
 */
#include "check/check.h"

#include <errno.h>

#include "know/know.h"
#include "fiber/fiber.h"
#include "proto/banner.h"
#include "talk/talk.h"

enum { LATE_MS = 3000 };

static bool http(const char *garbage)
{
	return str_has_prefix_nocase(garbage, "HTTP/") || str_has_prefix_nocase(garbage, "<html") ||
	       str_has_prefix_nocase(garbage, "<!DOCTYPE");
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
		probe_fact(p, "smtp.$.greeting.host", "%.*s", (int)strcspn(host + 1, " "),
			   host + 1);
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

/* Does the server wait for us to begin with TLS? */
static bool waits_for_tls(struct probe *p)
{
	struct smtp *s = talk_reconnect(p, SMTP_IMPLICIT_TLS);
	bool tls = s && smtp_offer_tls(s);

	if (tls)
		probe_transcript(p, smtp_transcript(s));
	talk_reconnect_end(p, s);
	return tls;
}

struct wait {
	struct smtp	*s;
	struct event	 over;
	bool		 good;
	bool		 tls;		/* no greeting, but an answer to a ClientHello */
};

static void greeting(void *arg)
{
	struct wait *w = arg;

	w->good = smtp_greeting(w->s);
	event_set(&w->over);
}

/*
 * Waits for the greeting. When it's late, TLS is tried meanwhile on another connection: who set the
 * wrong mode shall not wait.
 */
static void await(struct probe *p, struct wait *w)
{
	int64_t time = probe_ask(p)->timeout_ms, first = time / 3 < LATE_MS ? time / 3 : LATE_MS;
	struct deadline limit;
	struct scope s;
	bool late;

	event_init(&w->over);
	scope_begin(&s);
	if (fiber_spawn(&s, "greeting", greeting, w) == 0) {
		limit = deadline_in(first);
		late = event_wait(&w->over) == -ETIMEDOUT;
		deadline_end(&limit);
		limit = deadline_in(time - first);
		if (late && !probe_implicit_tls(p))
			w->tls = waits_for_tls(p) && !w->over.set;
		deadline_end(&limit);
		if (w->tls)
			scope_cancel(&s);
	}
	scope_join(&s);
}

/*
 * A server that takes one connection at a time has not seen the second one. Here there is nothing
 * to lose any more.
 */
static bool answers_late(struct probe *p, struct smtp *s)
{
	_cleanup_(deadline_end) struct deadline limit = deadline_in(LATE_MS);

	return !probe_implicit_tls(p) && smtp_offer_tls(s);
}

static enum status no_greeting(struct probe *p, struct smtp *s)
{
	const struct failure *f = smtp_failure(s);
	const char *unanswered;

	if (*smtp_garbage(s)) {
		probe_fact(p, "smtp.$.greeting.state", http(smtp_garbage(s)) ? "http" : "garbage");
		probe_fact(p, "smtp.$.greeting.garbage", "%s", smtp_garbage(s));
		return probe_fail(p, http(smtp_garbage(s)) ? "greeting.http" : "greeting.garbage",
				  "what answers is no mail server: %.60s", smtp_garbage(s));
	}
	if (f->class == FAILURE_TIMEOUT) {
		probe_fact(p, "smtp.$.greeting.state", "timeout");
		return probe_fail_step(p, "greeting.silent", f);
	}
	unanswered = f->class == FAILURE_NET ? "closed" : "garbage";
	probe_fact(p, "smtp.$.greeting.state", "%s", f->reply ? "refused" : unanswered);
	greeting_facts(p, f->reply);
	if (f->reply)
		return probe_fail_step(p, "greeting.refused", f);
	return probe_fail_step(p,
			       f->class == FAILURE_NET ? "greeting.closed" : "greeting.garbage", f);
}

static enum status run(struct probe *p)
{
	struct smtp *s = talk_session(p);
	struct wait w = { .s = s };
	const char *words;

	await(p, &w);
	if (smtp_times(s)->greeting >= 0)
		probe_time(p, "greeting", smtp_times(s)->greeting);
	if (w.tls || (!w.good && answers_late(p, s))) {
		probe_fact(p, "smtp.$.greeting.state", "tls");
		return probe_fail(p, "greeting.tls-expected",
				  "the server says nothing until TLS begins: port %u wants TLS "
				  "from the start, not STARTTLS", probe_port(p));
	}
	if (!w.good)
		return no_greeting(p, s);
	words = reply_words(smtp_reply(s), probe_arena(p));
	greeting_facts(p, smtp_reply(s));
	probe_fact(p, "smtp.$.greeting.state", banner_is_masked(words) ? "stars" : "ok");
	probe_fact_bool(p, "smtp.$.greeted", true);
	if (banner_is_masked(words))
		return probe_warn(p, "greeting.masked", "the greeting is blanked out (%.40s): a "
				  "firewall inspects SMTP on the way", words);
	return probe_pass(p, "%s", words);
}

const struct check check_smtp_greeting = {
	.id		= "smtp.greeting",
	.title		= "A mail server greets",
	.label		= "greeting",
	.stage		= STAGE_GREETING,
	.needs		= FACTS("smtp.$.ready"),
	.gives		= FACTS("smtp.$.greeted", "smtp.$.greeting.state"),
	.ports		= true,
	.talks		= true,
	.run		= run,
};
