#include "tests/unit/tap.h"

#include "base/arena.h"
#include "base/str.h"
#include "check/schedule.h"
#include "fiber/fiber.h"
#include "know/know.h"

/* What happened, in order: "+tcp.25 -tcp.25 ..." */
static char journal[1024];
static int sessions_freed;

static void note(const char *what, const char *id)
{
	size_t n = strlen(journal);

	snprintf(journal + n, sizeof(journal) - n, "%s%s%s", n ? " " : "", what, id);
}

static void done(void *session)
{
	note("free:", session);
	sessions_freed++;
}

static enum status tcp(struct probe *p)
{
	static char name[] = "session";

	note("+", probe_name(p, "tcp.$"));
	if (probe_port(p) == 25)
		return probe_fail(p, "tcp.refused", "all addresses refuse the connection");
	probe_fact_bool(p, "tcp.$.open", true);
	probe_keep(p, name, done);
	return probe_pass(p, "open");
}

static enum status ehlo(struct probe *p)
{
	note("+", "ehlo");
	fiber_sleep(20);
	probe_fact(p, "smtp.$.ehlo.keywords", "%s", probe_session(p) ? "SIZE" : "no session");
	probe_fact_bool(p, "smtp.$.starttls.offered", false);
	note("-", "ehlo");
	return probe_pass(p, "SIZE");
}

static enum status starttls(struct probe *p)
{
	note("+", "starttls");
	return probe_pass(p, "never");
}

static enum status cipher(struct probe *p)
{
	note("+", "cipher");
	return probe_pass(p, "never");
}

static enum status bye(struct probe *p)
{
	note("+", "bye");
	return probe_warn(p, "extensions.small", "%s", probe_get(p, "smtp.$.ehlo.keywords"));
}

static enum status slow(struct probe *p)
{
	note("+", "slow");
	fiber_sleep(60000);
	note("-", "slow");
	return probe_fail(p, "null-mx.found", "a verdict nobody should see");
}

static enum status anyport(struct probe *p)
{
	note("+", "anyport");
	return probe_pass(p, "some port is open");
}


/* Listed in an order in which they can't run. */
static const struct check check_cipher = {
	.id = "tls.cipher", .title = "Ciphers", .needs = FACTS("tls.$.cipher"), .ports = true,
	.run = cipher,
};
static const struct check check_anyport = { .id = "any.port", .title = "Any",
					    .needs = FACTS("tcp.$.open"), .run = anyport };
static const struct check check_tcp = {
	.id = "tcp.$", .title = "Port", .gives = FACTS("tcp.$.open"), .ports = true, .run = tcp,
};
static const struct check check_ehlo = {
	.id = "smtp.ehlo", .title = "EHLO", .needs = FACTS("tcp.$.open"),
	.gives = FACTS("smtp.$.ehlo.keywords", "smtp.$.starttls.offered"), .ports = true,
	.talks = true, .run = ehlo,
};
static const struct check check_starttls = {
	.id = "smtp.starttls", .title = "STARTTLS",
	.needs = FACTS("smtp.$.starttls.offered"), .gives = FACTS("tls.$.cipher"), .ports = true,
	.talks = true, .run = starttls,
};
static const struct check check_bye = {
	.id = "smtp.extensions", .title = "Bye", .needs = FACTS("smtp.$.ehlo.keywords"),
	.ports = true, .talks = true, .run = bye,
};
static const struct check check_slow = {
	.id = "dns.null-mx", .title = "Slow", .gives = FACTS("target.dial"), .run = slow,
};
static const struct check check_after_slow = {
	.id = "after.slow", .title = "After", .needs = FACTS("target.dial"), .run = anyport,
};

static const struct check *const checks[] = {
	&check_cipher, &check_anyport, &check_tcp, &check_ehlo, &check_starttls, &check_bye, NULL,
};

static const struct outcome *outcome(const struct result *r, const char *id, unsigned port)
{
	static const struct outcome none = { .id = "(none)", .summary = "(none)",
					     .skipped_because = "(none)", .finding = "(none)" };

	for (size_t i = 0; i < r->n_outcomes; i++) {
		if (str_eq(r->outcomes[i].id, id) && r->outcomes[i].port == port)
			return &r->outcomes[i];
	}
	return &none;
}

static const struct know *know;
static struct ask_port ports[] = { { 25, false }, { 587, false } };

static struct ask asking(void)
{
	return (struct ask) {
		.input = "mx.example", .host = "mx.example", .domain = "", .address = "",
		.provider = "", .path = "", .helo = "h", .from = "",
		.to = "", .sender_ip = "", .user = "", .auth = "", .control_host = "",
		.ports = ports, .n_ports = 2, .timeout_ms = 1000, .know = know,
	};
}

static const struct result *run(struct arena *a, const struct ask *ask,
				const struct check *const *list)
{
	struct ask *copy = arena_alloc(a, sizeof(*copy));

	*copy = *ask;
	journal[0] = '\0';
	sessions_freed = 0;
	return schedule_run(a, copy, list);
}

static void order(struct arena *a)
{
	struct ask ask = asking();
	const struct result *r = run(a, &ask, checks);

	is_str(journal, "+tcp.25 +tcp.587 +anyport +ehlo -ehlo +bye free:session",
	       "needs decide the order; the session goes after its last talker");
	is_int(r->n_outcomes, 11, "an outcome for each check and endpoint");
	is_str(r->outcomes[0].id, "tls.cipher", "the output keeps the list's order");
	is_str(r->outcomes[3].id, "tcp.25", "with the port put in");
	is_str(r->outcomes[4].id, "tcp.587", "endpoints inside");
	is_str(r->outcomes[4].endpoint, "mx.example:587", "the endpoint");
	is_str(outcome(r, "smtp.ehlo", 25)->skipped_because,
	       "tcp.25 failed: all addresses refuse the connection", "a skip says why");
	is_str(outcome(r, "tls.cipher", 25)->skipped_because,
	       "tcp.25 failed: all addresses refuse the connection",
	       "the first cause, not the last link");
	is_str(outcome(r, "smtp.starttls", 587)->skipped_because, "smtp.ehlo: SIZE",
	       "a false fact is not there");
	is_str(outcome(r, "smtp.extensions", 587)->finding, "extensions.small", "a finding");
	is_int(r->status, STATUS_FAIL, "one failure decides");
	ok(outcome(r, "tcp.25", 25)->blocks, "who stopped others is known");
	ok(outcome(r, "smtp.ehlo", 587)->us >= 15000, "the time it took");
}

static void only(struct arena *a)
{
	struct ask ask = asking();
	const struct result *r;

	strv_add(&ask.only, a, "smtp.extensions");
	ask.ports = &ports[1];
	ask.n_ports = 1;
	r = run(a, &ask, checks);
	is_str(journal, "+tcp.587 +ehlo -ehlo +bye free:session", "--only pulls in what is needed");
	is_int(r->n_outcomes, 1, "and shows what was asked for");
	ask.ports = &ports[0];
	r = run(a, &ask, checks);
	is_int(r->n_outcomes, 2, "and what stood in the way");
	is_str(r->outcomes[0].id, "tcp.25", "the check that failed");

	ask = asking();
	strv_add(&ask.skip, a, "tcp.25");
	r = run(a, &ask, checks);
	is_str(outcome(r, "smtp.ehlo", 25)->skipped_because, "tcp.25 was left out (--skip-check)",
	       "who left it out is told");
	is_str(outcome(r, "tcp.25", 25)->id, "(none)", "what was left out is not shown");
}

static void time_is_up(struct arena *a)
{
	static const struct check *const list[] = { &check_slow, &check_after_slow,
						    &check_tcp, NULL };
	struct ask ask = asking();
	const struct result *r;

	ask.max_time_ms = 50;
	r = run(a, &ask, list);
	is_int(outcome(r, "dns.null-mx", 0)->status, STATUS_UNKNOWN,
	       "what is not done in time is unknown, never a failure");
	is_str(outcome(r, "dns.null-mx", 0)->summary, "not finished in the time given",
	       "and says so");
	is_int(outcome(r, "after.slow", 0)->status, STATUS_UNKNOWN,
	       "what did not begin is unknown, too");
	is_int(outcome(r, "tcp.587", 587)->status, STATUS_PASS, "what was done stays");
	ok(r->duration_ms < 5000, "it took as long as was given");
	is_int(sessions_freed, 1, "sessions are freed");
}

static void troubles(struct arena *a)
{
	const struct check one = { .id = "a", .needs = FACTS("b.x"), .gives = FACTS("a.x") };
	const struct check two = { .id = "b", .needs = FACTS("a.x"), .gives = FACTS("b.x") };
	const struct check after = { .id = "c", .after = CHECKS("nobody") };
	const struct check same = { .id = "a", .gives = FACTS("b.x", "a.x") };

	is_str(schedule_trouble(a, checks), NULL, "a good list");
	is_str(schedule_trouble(a, (const struct check *const[]){ &one, &two, NULL }),
	       "a waits for b, b waits for a", "a circle");
	is_str(schedule_trouble(a, (const struct check *const[]){ &one, NULL }),
	       "a needs b.x, which no check gives", "a need without a giver");
	is_str(schedule_trouble(a, (const struct check *const[]){ &after, NULL }),
	       "c comes after nobody, which does not exist", "an unknown id");
	is_str(schedule_trouble(a, (const struct check *const[]){ &one, &same, NULL }),
	       "two checks are called a", "a name twice");
}

static int cancelled_run(void *arg)
{
	struct arena *a = arg;
	static const struct check *const list[] = { &check_slow, &check_after_slow, NULL };
	struct ask ask = asking();
	const struct result *r;

	fiber_cancel(fiber_self());
	r = run(a, &ask, list);
	is_int(outcome(r, "dns.null-mx", 0)->status, STATUS_UNKNOWN,
	       "cancelled before it began: unknown");
	is_int(r->status, STATUS_UNKNOWN, "the whole is unknown");
	return 0;
}

static int all(void *arg)
{
	order(arg);
	only(arg);
	time_is_up(arg);
	return 0;
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error = "";

	know = know_new(a, NULL, &error);
	troubles(a);
	is_int(fiber_run(all, a), 0, "the fibers ended");
	is_int(fiber_run(cancelled_run, a), 0, "so they did when cancelled");
	return tap_done();
}
