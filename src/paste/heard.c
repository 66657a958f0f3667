/*
 * The dialogue in a paste as facts of what was asked for and heard: the rules judge them as they
 * judge a live server.
 */
#include "paste/inside.h"

#include "paste/dialogue.h"

/* --- who was dialled, and what it answered --- */

/* A line about opening the connection, not about mail passing by. */
static bool is_dialling(struct span line)
{
	return span_has_any(line, "connect|opening|resolved|host=|host:|trying |transcript of");
}

/* Whose host was dialled; NULL = the text does not say. */
static const struct provider *meant(const struct explainer *x)
{
	for (size_t i = 0; i < x->lines.n; i++) {
		struct span line = explain_line(x, i);
		const char *id = is_dialling(line) ? paste_provider(x->know, line) : NULL;

		if (id)
			return know_provider(x->know, id, NULL);
	}
	return NULL;
}

/* Who was dialled counts for more than the product that answered. */
static void take_provider(struct explainer *x, const struct provider *whose)
{
	const struct provider *p = *x->evidence->provider ?
				   know_provider(x->know, x->evidence->provider, NULL) : NULL;

	if (whose->hosts.n && (!p || !(p->hosts.n || p->mx.n)))
		x->evidence->provider = whose->id;
}

/*
 * Firewalls that "inspect" SMTP write asterisks over what they don't let through. Not
 * banner_is_masked(), which takes X's for it, too: in a text these may be the poster's own.
 */
static bool is_masked(struct span greeting)
{
	size_t stars = 0;

	for (size_t i = 0; i < greeting.len; i++)
		stars += greeting.p[i] == '*';
	return stars >= 6 && stars * 2 > greeting.len;
}

static void greeting_facts(struct explainer *x, const struct dialogue *d,
			   const struct provider *whose, unsigned port)
{
	bool expected;
	const char *text, *host, *state = d->greeting_code >= 400 ? "refused" : "ok";
	const struct provider *who;

	if (!d->greeting_code)
		return;
	text = span_dup(x->arena, d->greeting);
	host = strchr(text, ' ');
	who = know_provider_of_text(x->know, text);
	facts_set_number(x->facts, explain_fact(x, "smtp.$.greeting.code", port), d->greeting_code);
	facts_set(x->facts, explain_fact(x, "smtp.$.greeting.state", port),
		  is_masked(d->greeting) ? "stars" : state);
	facts_set(x->facts, explain_fact(x, "smtp.$.greeting.text", port), text);
	/* A product that answers tells something only where it is known who should. */
	expected = whose && str_eq(whose->id, x->evidence->provider);
	if (who && expected)
		facts_set(x->facts, explain_fact(x, "smtp.$.greeting.product", port), who->id);
	if (host && expected)
		facts_set(x->facts, explain_fact(x, "smtp.$.greeting.host", port),
			  arena_strndup(x->arena, text, (size_t)(host - text)));
}

static void offer_facts(struct explainer *x, const struct offered *o, const char *area,
			unsigned port)
{
	struct arena *a = x->arena;

	if (!o->seen)
		return;
	facts_set(x->facts, explain_fact(x, arena_printf(a, "smtp.$.%s.keywords", area), port),
		  buf_str(&o->keywords));
	facts_set(x->facts, explain_fact(x, arena_printf(a, "smtp.$.%s.auth", area), port),
		  buf_str(&o->auth));
	facts_set_bool(x->facts, explain_fact(x, arena_printf(a, "smtp.$.%s.starttls", area), port),
		       o->starttls);
}

/* The address in an EHLO answer: "Hello [203.0.113.7]". */
static void egress_fact(struct explainer *x, struct span hello, unsigned port)
{
	const char *open = hello.len ? memchr(hello.p, '[', hello.len) : NULL, *end = NULL;
	struct span rest = SPAN_LITERAL("");
	size_t n = 0;

	if (open) {
		rest = (struct span) { open + 1, (size_t)(hello.p + hello.len - open) - 1 };
		end = memchr(rest.p, ']', rest.len);
	}
	while (end && n < (size_t)(end - rest.p) &&
	       (ascii_is_alnum(rest.p[n]) || rest.p[n] == '.' || rest.p[n] == ':'))
		n++;
	if (end && n && n < 46 && n == (size_t)(end - rest.p))
		facts_set(x->facts, explain_fact(x, "smtp.$.egress", port),
			  span_dup(x->arena, (struct span) { rest.p, n }));
}

/* What kind of secret the mechanism sends (RFC 4954; XOAUTH2, RFC 7628). */
static void login_facts(struct explainer *x, const struct dialogue *d)
{
	struct facts *asked = x->evidence->asked;
	bool token = d->mechanism.len && span_in(d->mechanism, "XOAUTH2|OAUTHBEARER");
	/* From EHLO to MAIL nothing of the dialogue is missing. */
	bool none = !d->mechanism.len && d->ehlo && d->from.len;

	if (facts_get(asked, "ask.login"))
		return;
	if (d->mechanism.len) {
		facts_set_bool(asked, "ask.login", true);
		facts_set_bool(asked, "ask.token", token);
		facts_set_bool(asked, "ask.password", !token);
	} else if (none) {
		facts_set_bool(asked, "ask.login", false);
		facts_set_bool(asked, "ask.token", false);
		facts_set_bool(asked, "ask.password", false);
	}
}

static void path_fact(struct explainer *x, const char *fact, struct span path)
{
	struct span address = path.len ? paste_address(path) : path;

	if (address.len && address.len == path.len)
		explain_set_once(x->evidence->asked, fact, span_dup(x->arena, address));
}

/* --- where it stopped --- */

/* The check that would have met it, for the rules that ask for its finding. */
static void add_finding(struct explainer *x, const struct verdict *v)
{
	struct evidence *e = x->evidence;

	e->verdicts = arena_grow(x->arena, e->verdicts, e->n_verdicts, &x->cap_verdicts,
				 sizeof(*e->verdicts));
	e->verdicts[e->n_verdicts] = *v;
	e->verdicts[e->n_verdicts++].endpoint = "the transcript";
}

/* A client that knows a name and a password can use one of these. */
static bool takes_password(struct arena *a, const char *mechanisms)
{
	static const char *const words[] = { "PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5",
					     "SCRAM-SHA-1", "SCRAM-SHA-256" };
	struct strv offered = { 0 };

	strv_split(&offered, a, mechanisms, ' ');
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strv_has_nocase(&offered, words[i]))
			return true;
	}
	return false;
}

/* The client ended after the list of mechanisms: it found none that it could use. */
static void no_mechanism(struct explainer *x, const struct dialogue *d, unsigned port)
{
	struct verdict v = { .check = "auth.mechanisms", .id = "auth.mechanisms", .port = port,
			     .stage = STAGE_AUTH };
	const char *auth = buf_str(&d->tls.auth);

	if (!*auth) {
		v.status = STATUS_FAIL;
		v.finding = "auth.not-offered";
		v.summary = "no login is offered";
	} else if (!takes_password(x->arena, auth)) {
		v.status = STATUS_WARN;
		v.finding = "auth.no-common-mechanism";
		v.summary = arena_printf(x->arena,
					 "only %s is offered, and the client went no further",
					 auth);
	} else {
		return;
	}
	add_finding(x, &v);
	/* Who does not hand in mail then wanted to log in. */
	if (!facts_get(x->evidence->asked, "ask.login"))
		facts_set_bool(x->evidence->asked, "ask.login", true);
}

/* Said of the last step, and not among the settings before the dialogue ("timeout=300"). */
static bool says_timed_out(const struct explainer *x, const struct dialogue *d)
{
	for (size_t i = d->last_line; i < x->lines.n; i++) {
		if (explain_timed_out(explain_line(x, i)))
			return true;
	}
	return false;
}

/*
 * The last command has no answer: the server was silent, the connection broke, or the text was cut
 * there.
 */
static void unanswered(struct explainer *x, const struct dialogue *d, unsigned port)
{
	static const struct { const char *check, *timeout, *broken, *what; } table[STAGE_COUNT] = {
		[STAGE_EHLO] = { "smtp.ehlo", "ehlo.timeout", "ehlo.broken", "EHLO" },
		[STAGE_AUTH] = { "auth.login", "login.timeout", "login.broken", "the login" },
		[STAGE_MAIL] = { "smtp.mail-from", "mail.timeout", "mail.broken", "MAIL FROM" },
		[STAGE_RCPT] = { "smtp.rcpt-to", "rcpt.timeout", "rcpt.broken", "RCPT TO" },
		[STAGE_DATA] = { "smtp.data", "data.timeout", "data.broken", "DATA" },
	};
	enum stage at = d->expected;
	bool silent = says_timed_out(x, d);
	struct verdict v = {
		.check = table[at].check, .id = table[at].check, .port = port, .stage = at,
		.status = silent ? STATUS_FAIL : STATUS_WARN, .finding = table[at].timeout,
		.summary = arena_printf(x->arena, "it ends with %s, and no answer follows",
					table[at].what),
	};

	if (!d->greeting_code || !v.check)
		return;
	add_finding(x, &v);
	v.finding = table[at].broken;
	if (!silent)
		add_finding(x, &v);
}

/* Did the client end after EHLO, where it would have gone on with what the list lacks? */
static void stopped_facts(struct explainer *x, const struct dialogue *d, unsigned port)
{
	bool stopped = d->last == STAGE_EHLO || d->last == STAGE_STARTTLS;

	if (d->clear.seen && !d->in_tls && stopped && !d->refused && port != 465)
		facts_set_bool(x->facts, explain_fact(x, "smtp.$.starttls.offered", port),
			       d->clear.starttls);
	if (d->tls.seen && stopped && !d->refused)
		no_mechanism(x, d, port);
	unanswered(x, d, port);
	if (d->helo && !d->ehlo)
		facts_set_bool(x->facts, explain_fact(x, "smtp.$.client-helo", port), true);
}

/* --- the whole --- */

static void dialogue_facts(struct explainer *x, const struct dialogue *d)
{
	const struct provider *whose = d->spoken ? meant(x) : NULL;
	unsigned port = x->names.port;

	if (!d->spoken)
		return;
	if (whose)
		take_provider(x, whose);
	explain_ask_port(x, port);
	facts_set(x->facts, explain_fact(x, "tcp.$.state", port), "open");
	facts_set_bool(x->facts, explain_fact(x, "tcp.$.open", port), true);
	greeting_facts(x, d, whose, port);
	offer_facts(x, &d->clear, "ehlo", port);
	offer_facts(x, &d->tls, "ehlo-tls", port);
	if (d->clear.seen || d->tls.seen)
		facts_set_bool(x->facts, explain_fact(x, "smtp.$.secure", port), d->in_tls);
	egress_fact(x, d->hello, port);
	login_facts(x, d);
	path_fact(x, "ask.from", d->from);
	path_fact(x, "ask.to", d->to);
	stopped_facts(x, d, port);
}

void explain_dialogue(struct explainer *x)
{
	struct dialogue d;

	paste_dialogue_read(&d, &x->lines);
	dialogue_facts(x, &d);
	paste_dialogue_release(&d);
}
