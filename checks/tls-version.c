/*
 * tls-version - which TLS versions does the server take?
 *
 *	TLS 1.0, 1.1, 1.2 and 1.3, each alone, on four connections side by side
 *
 * RFC 8996 (1.0 and 1.1 are not to be used); RFC 8314, 4.1. What the dialogue itself agreed on is
 * in smtp-starttls.c. A version that the TLS library may not offer on this machine, and a
 * connection that ended before the handshake, are unknown, not refused.
 */
#include "check/check.h"
#include "fiber/fiber.h"
#include "net/view.h"
#include "talk/talk.h"

enum { VERSIONS = 4, KEPT_MS = 60 * 60 * 1000 };

enum outcome_of { UNKNOWN, ACCEPTED, REFUSED, CLOSED, COUNT };

struct attempt {
	struct probe	*p;
	enum tls_version version;
	enum outcome_of	 outcome;
	const char	*why;		/* of UNKNOWN, in words */
};

static const char *const names[COUNT] = { "unknown", "accepted", "refused", "closed" };

static void handshake(struct attempt *t, struct smtp *s)
{
	struct tls_ask ask = { .name = probe_host(t->p), .only = t->version, .no_verify = true };
	const struct tls_failure *f;

	if (!probe_implicit_tls(t->p) &&
	    (!smtp_greeting(s) || !smtp_ehlo(s, probe_ask(t->p)->helo) ||
	     !smtp_ask(s, STAGE_STARTTLS, 220, "STARTTLS"))) {
		t->why = smtp_failure(s)->text;
		return;
	}
	if (smtp_secure_as(s, &ask)) {
		t->outcome = ACCEPTED;
		return;
	}
	f = smtp_tls_failure(s);
	if (f && f->alert >= 0)
		t->outcome = REFUSED;
	else if (f && (f->closed || f->reset))
		t->outcome = CLOSED;
	else
		t->outcome = f && !f->timeout && !f->local && !f->cancelled && !f->too_large &&
			     !*f->peer_bytes ? REFUSED : UNKNOWN;
	t->why = f ? f->text : smtp_failure(s)->text;
}

_waits_ static void attempt(void *arg)
{
	struct attempt *t = arg;
	struct deadline limit;
	struct smtp *s;

	if (!tls_version_possible(t->version)) {
		t->why = "this machine's TLS library may not offer it";
		return;
	}
	s = talk_reconnect(t->p, probe_implicit_tls(t->p) ? SMTP_IMPLICIT_TLS : SMTP_CLEAR);
	if (!s) {
		t->why = "no further connection was possible";
		return;
	}
	limit = deadline_in(2 * probe_ask(t->p)->timeout_ms);
	handshake(t, s);
	deadline_end(&limit);
	talk_reconnect_end(t->p, s);
}

/*
 * A server that closes the connection without an alert refuses the version if it takes another one.
 */
static void settle(struct attempt *t, size_t n)
{
	bool some = false;

	for (size_t i = 0; i < n; i++)
		some |= t[i].outcome == ACCEPTED;
	for (size_t i = 0; i < n; i++)
		if (t[i].outcome == CLOSED)
			t[i].outcome = some ? REFUSED : UNKNOWN;
}

static const char *list(struct probe *p, const struct attempt *t, size_t n, enum outcome_of which)
{
	struct strv l = { NULL, 0, 0 };

	for (size_t i = 0; i < n; i++)
		if (t[i].outcome == which)
			strv_add(&l, probe_arena(p),
				 tls_version_name(t[i].version) + strlen("TLS"));
	return strv_join(&l, probe_arena(p), ", ");
}

static enum status judge(struct probe *p, const struct attempt *t, size_t n)
{
	const char *accepted = list(p, t, n, ACCEPTED), *refused = list(p, t, n, REFUSED),
		*unknown = list(p, t, n, UNKNOWN);
	bool old = t[0].outcome == ACCEPTED || t[1].outcome == ACCEPTED,
		modern = t[2].outcome == ACCEPTED || t[3].outcome == ACCEPTED;
	const char *open = *unknown ? arena_printf(probe_arena(p), "; not known: %s (%s)", unknown,
						   t[n - 1].why) :
			   "";

	for (size_t i = 0; i < n && *unknown; i++)
		if (t[i].outcome == UNKNOWN)
			open = arena_printf(probe_arena(p), "; not known: %s (%s)", unknown,
					    t[i].why);
	if (old && (modern || *unknown))
		return probe_warn(p, "tls.version-legacy",
				  "TLS %s accepted: 1.0 and 1.1 should be off%s", accepted, open);
	if (modern)
		return probe_pass(p, "TLS %s%s%s%s", accepted, *refused ? "; refused: " : "",
				  refused, open);
	if (old)
		return probe_fail(p, "tls.version-old", "only TLS %s, which today's programs and "
				  "services no longer use%s", accepted, open);
	if (t[2].outcome == REFUSED && t[3].outcome == REFUSED)
		return probe_fail(p, "tls.version-none", "no TLS version is accepted%s", open);
	return probe_unknown(p, "tls.version-unknown", "no version could be judged%s", open);
}

/* All versions side by side. False when interrupted. */
_waits_ static bool attempt_all(struct attempt *t, size_t n)
{
	struct scope s;

	scope_begin(&s);
	for (size_t i = 0; i < n; i++)
		if (fiber_spawn(&s, tls_version_name(t[i].version), attempt, &t[i]) < 0)
			t[i].why = "interrupted";
	if (scope_join(&s) < 0)
		return false;
	settle(t, n);
	return true;
}

/*
 * The same for whoever asks at this address for this host: the attempts, their words in the arena.
 * What is not known now may be known a moment later, and is not kept.
 */
_waits_ static bool find(void *arg, struct arena *a, void **ret_value, int64_t *ret_keep_ms)
{
	static const enum tls_version versions[VERSIONS] = { TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 };
	struct attempt *t = arena_alloc(a, VERSIONS * sizeof(*t));
	bool known = true;

	for (size_t i = 0; i < VERSIONS; i++)
		t[i] = (struct attempt) { arg, versions[i], UNKNOWN, "" };
	if (!attempt_all(t, VERSIONS))
		return false;
	for (size_t i = 0; i < VERSIONS; i++) {
		t[i].p = NULL;
		t[i].why = arena_strdup(a, t[i].why);
		known &= t[i].outcome != UNKNOWN;
	}
	*ret_value = t;
	*ret_keep_ms = known ? KEPT_MS : 0;
	return true;
}

static const char *question(struct probe *p)
{
	return arena_printf(probe_arena(p), "tls-version %s %s %s %s", probe_endpoint(p),
			    probe_get(p, "tcp.$.peer"), probe_implicit_tls(p) ? "tls" : "starttls",
			    probe_ask(p)->helo);
}

static enum status run(struct probe *p)
{
	const struct attempt *t;
	void *found;

	if (str_eq(probe_get(p, "smtp.$.tls.way"), "none"))
		return probe_skip(p, "STARTTLS is not offered");
	if (net_once(probe_net(p), question(p), find, p, &found) < 0)
		return probe_unknown(p, "", "interrupted");
	t = found;
	for (size_t i = 0; i < VERSIONS; i++)
		probe_fact(p, arena_printf(probe_arena(p), "tls.$.%s",
					   tls_version_name(t[i].version) + strlen("TLS")),
			   "%s", names[t[i].outcome]);
	return judge(p, t, VERSIONS);
}

const struct check check_tls_version = {
	.id		= "tls.version",
	.title		= "TLS 1.2 or 1.3 is spoken, older versions are not",
	.label		= "TLS versions",
	.stage		= STAGE_TLS,
	.needs		= FACTS("smtp.$.tls.way"),
	.gives		= FACTS("tls.$.1.2"),
	.ports		= true,
	.run		= run,
};
