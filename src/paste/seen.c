/*
 * What a paste shows as facts of what was asked for and seen: the dialogue in it, and the lines about
 * a connection that failed. The rules judge them as they judge a live server.
 */
#include "paste/inside.h"

#include "base/scan.h"
#include "paste/dialogue.h"

static struct span line_at(const struct explainer *x, size_t i)
{
	return (struct span) { x->lines.v[i].text, x->lines.v[i].len };
}

static const char *name(const struct explainer *x, const char *fact, unsigned port)
{
	return name_with_port(x->arena, fact, port);
}

/* --- ports --- */

/* The last ":25" or "port 25" of the line, 0 = none. */
static unsigned port_in(struct span line)
{
	unsigned port = 0;

	for (size_t i = 1; i < line.len; i++) {
		struct scan s = scan_over(line.p + i, line.len - i);
		bool after_colon = line.p[i - 1] == ':' && i > 1 && (ascii_is_alnum(line.p[i - 2]) || line.p[i - 2] == ']');
		bool after_word = line.p[i - 1] == ' ' && i >= 5 && memcmp(line.p + i - 5, "port ", 5) == 0;
		unsigned long n;

		if (!ascii_is_digit(line.p[i]) || !(after_colon || after_word))
			continue;
		n = scan_number(&s, 65535);
		/* "12:30:15" is a time, "2001:db8::25" an address. */
		if (scan_failed(&s) || (scan_peek(&s) == ':' && scan_left(&s) > 1 && ascii_is_digit(s.p[1])) || (after_colon && n < 60 && n != 25 && ascii_is_digit(line.p[i - 2])))
			continue;
		port = (unsigned)n;
	}
	return port;
}

static bool mail_port(unsigned port)
{
	static const unsigned known[] = { 25, 465, 587, 2465, 2525, 2587, 8025, 8465, 24, 26 };

	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (known[i] == port)
			return true;
	}
	return false;
}

static bool timed_out(struct span line)
{
	return span_has_any(line, "timed out|timed-out|timeout|time-out|ETIMEDOUT|10060|TcpTestSucceeded|TCP connect to");
}

static bool refused(struct span line)
{
	return span_has_any(line, "ECONNREFUSED|connection refused|10061");
}

/* --- a connection that failed --- */

static bool of_cause(const struct explainer *x, const char *glob)
{
	for (size_t i = 0; i < x->evidence->n_signs; i++) {
		const struct symptom *s = x->evidence->signs[i].symptom;

		if (s && str_glob(glob, s->cause->id))
			return true;
	}
	return false;
}

/* The provider of a host for logins that serves other ports than this one; NULL when it serves it,
 * or nobody knows. */
static const struct provider *without_port(const struct know *k, const char *host, unsigned port)
{
	const struct provider *found = NULL, *p;

	for (size_t i = 0; (p = know_provider_at(k, i)); i++) {
		if (!strv_glob(&p->hosts, host))
			continue;
		for (size_t j = 0; j < p->n_ports; j++) {
			if (p->ports[j].port == port)
				return NULL;
		}
		found = p->n_ports ? p : found;
	}
	return found;
}

/* A host with its port in a line about a failed connection: "connect to
 * smtp.example.com[192.0.2.1]:465: Connection refused". */
static const struct provider *dialled_in(const struct know *k, struct span line, unsigned *ret_port)
{
	struct scan s = scan_span(line);

	while (!scan_done(&s)) {
		struct span word = scan_while(&s, ascii_is_host);
		unsigned port =
		    word.len > 3 && word.len < 254 ? paste_port_after(line, word.p + word.len) : 0;
		char host[254];
		const struct provider *p;

		if (port && port != 25) {
			for (size_t i = 0; i <= word.len; i++)
				host[i] = i < word.len ? ascii_lower(word.p[i]) : '\0';
			p = without_port(k, host, port);
			*ret_port = port;
			if (p)
				return p;
		}
		if (!scan_done(&s))
			scan_take(&s, 1);
	}
	return NULL;
}

/* "connect ECONNREFUSED 52.98.1.2:465": ranges that only Exchange Online has
 * (https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges, id 1). */
static bool names_exchange_online(struct span line)
{
	static const struct {
		unsigned char net[2], bits;
	} ranges[] = {
		{ { 40, 96 }, 13 }, { { 40, 104 }, 15 }, { { 52, 96 }, 14 }, { { 132, 245 }, 16 }
	};

	for (size_t i = 0; i < line.len; i++) {
		struct scan s = scan_over(line.p + i, line.len - i);
		unsigned long a, b;

		if (!ascii_is_digit(line.p[i]) ||
		    (i && (ascii_is_alnum(line.p[i - 1]) || line.p[i - 1] == '.')))
			continue;
		a = scan_number(&s, 255);
		scan_accept(&s, '.');
		b = scan_number(&s, 255);
		if (scan_failed(&s) || !scan_accept(&s, '.'))
			continue;
		for (size_t j = 0; j < ARRAY_LEN(ranges); j++) {
			if (a == ranges[j].net[0] &&
			    b >> (16 - ranges[j].bits) ==
				(unsigned)ranges[j].net[1] >> (16 - ranges[j].bits))
				return true;
		}
	}
	return false;
}

/* Where somebody connected to, as one line tells. */
struct dialled {
	unsigned		 port;
	bool			 together;	/* host and port stand in one line */
	const struct provider	*without;	/* whose host it is that does not serve the port; NULL */
};

static struct dialled dialled_of(const struct explainer *x, struct span line)
{
	struct dialled d = { .port = 0 };
	const char *host = x->names.host;

	d.without = dialled_in(x->know, line, &d.port);
	d.together = d.without != NULL;
	if (d.without)
		return d;
	d.port = port_in(line);
	d.port = d.port ? d.port : x->names.port;
	if (d.port && d.port != 25 && *host)
		d.without = without_port(x->know, host, d.port);
	if (!d.without && d.port == 465 && names_exchange_online(line))
		d.without = know_provider(x->know, "m365", NULL);
	return d;
}

static void set_once(struct facts *f, const char *name, const char *value)
{
	if (!facts_get(f, name))
		facts_set(f, name, value);
}

/* The mode that the text says is set for the port. */
static const char *mode_of(const struct explainer *x)
{
	static const char *const plain[] = {
		"SSL): No", "secure: false", "\"secure\":false", "isSSL false", "SMTPSecure: tls", "tls_starttls = on",
	};

	for (size_t i = 0; i < x->lines.n && i < 500; i++) {
		for (size_t j = 0; j < ARRAY_LEN(plain); j++) {
			if (span_has(line_at(x, i), plain[j]))
				return "starttls";
		}
	}
	return "unknown";
}

static void ask_port(struct explainer *x, unsigned port)
{
	set_once(x->evidence->asked, name(x, "ask.port.$", port), port == 465 ? mode_of(x) : "unknown");
}

static void failed_to_connect(struct explainer *x, struct span line)
{
	struct dialled d = dialled_of(x, line);
	const char *state = refused(line) ? "refused" : timed_out(line) ? "filtered" : "failed";
	bool odd = !mail_port(d.port) && d.port > 25;

	if (!d.port || facts_get(x->facts, name(x, "tcp.$.state", d.port)) || paste_names_here(line))
		return;
	if (str_eq(state, "failed") && (!span_has(line, "connect") || !d.without))
		return;
	ask_port(x, d.port);
	facts_set(x->facts, name(x, "tcp.$.state", d.port), state);
	facts_set_bool(x->facts, name(x, "tcp.$.open", d.port), false);
	facts_set_bool(x->facts, name(x, "tcp.$.odd", d.port), odd);
	facts_set(x->facts, name(x, "tcp.$.where", d.port), d.together ? "line" : d.without ? "text" : "nowhere");
	if (d.without && !*x->evidence->provider)
		x->evidence->provider = x->e->provider = d.without->id;
}

/*
 * The program talked to its own machine, whatever host its settings name. A line without an address
 * ("code: 'ECONNREFUSED'") does not say.
 */
static void dialled_itself(struct explainer *x)
{
	bool here = false, elsewhere = false, chosen;
	unsigned port = x->names.port;

	for (size_t i = 0; i < x->lines.n; i++) {
		struct span line = line_at(x, i);

		if (!refused(line))
			continue;
		if (paste_names_here(line))
			port = port_in(line);
		here |= paste_names_here(line);
		elsewhere |= !paste_names_here(line) && port_in(line);
	}
	/* Nobody gets to 2525 by default: a server of this machine is meant. */
	chosen = mail_port(port) && port != 25 && port != 465 && port != 587;
	if ((x->names.here || here) && !elsewhere && !chosen)
		facts_set(x->evidence->asked, "ask.here", !port || mail_port(port) ? "mail" : "other");
}

static void connections(struct explainer *x)
{
	bool failed = of_cause(x, "connection-*");

	if (x->names.port && *x->names.host)
		ask_port(x, x->names.port);
	if (!failed && !of_cause(x, "greeting-timeout") && !of_cause(x, "port-blocked"))
		return;
	for (size_t i = 0; i < x->lines.n; i++) {
		struct span line = line_at(x, i);

		if (refused(line) || timed_out(line) || span_has(line, "connect"))
			failed_to_connect(x, line);
	}
	if (of_cause(x, "connection-refused"))
		dialled_itself(x);
}

/* --- the dialogue --- */

/* A line about opening the connection, not about mail passing by. */
static bool is_dialling(struct span line)
{
	return span_has_any(line, "connect|opening|resolved|host=|host:|trying |transcript of");
}

/* Whose host was dialled; NULL = the text does not say. */
static const struct provider *meant(const struct explainer *x)
{
	for (size_t i = 0; i < x->lines.n; i++) {
		struct span line = line_at(x, i);
		const char *id = is_dialling(line) ? paste_provider(x->know, line) : NULL;

		if (id)
			return know_provider(x->know, id, NULL);
	}
	return NULL;
}

/* Who was dialled counts for more than the product that answered. */
static void take_provider(struct explainer *x, const struct provider *whose)
{
	const struct provider *p = *x->evidence->provider ? know_provider(x->know, x->evidence->provider, NULL) : NULL;

	if (whose->hosts.n && (!p || !(p->hosts.n || p->mx.n)))
		x->evidence->provider = whose->id;
}

/*
 * Firewalls that "inspect" SMTP write asterisks over what they don't let through. Not free_masked(),
 * which takes X's for it, too: in a text these may be the poster's own.
 */
static bool is_masked(struct span greeting)
{
	size_t stars = 0;

	for (size_t i = 0; i < greeting.len; i++)
		stars += greeting.p[i] == '*';
	return stars >= 6 && stars * 2 > greeting.len;
}

static void greeting_facts(struct explainer *x, const struct dialogue *d, const struct provider *whose, unsigned port)
{
	bool refused = d->greeting_code >= 400, expected;
	const char *text, *host;
	const struct provider *who;

	if (!d->greeting_code)
		return;
	text = span_dup(x->arena, d->greeting);
	host = strchr(text, ' ');
	who = know_provider_of_text(x->know, text);
	facts_set_number(x->facts, name(x, "smtp.$.greeting.code", port), d->greeting_code);
	facts_set(x->facts, name(x, "smtp.$.greeting.state", port),
		  is_masked(d->greeting) ? "stars" : refused ? "refused" : "ok");
	facts_set(x->facts, name(x, "smtp.$.greeting.text", port), text);
	/* A product that answers tells something only where it is known who should. */
	expected = whose && str_eq(whose->id, x->evidence->provider);
	if (who && expected)
		facts_set(x->facts, name(x, "smtp.$.greeting.product", port), who->id);
	if (host && expected)
		facts_set(x->facts, name(x, "smtp.$.greeting.host", port), arena_strndup(x->arena, text, (size_t)(host - text)));
}

static void offer_facts(struct explainer *x, const struct offered *o, const char *area, unsigned port)
{
	struct arena *a = x->arena;

	if (!o->seen)
		return;
	facts_set(x->facts, name(x, arena_printf(a, "smtp.$.%s.keywords", area), port), buf_str(&o->keywords));
	facts_set(x->facts, name(x, arena_printf(a, "smtp.$.%s.auth", area), port), buf_str(&o->auth));
	facts_set_bool(x->facts, name(x, arena_printf(a, "smtp.$.%s.starttls", area), port), o->starttls);
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
		facts_set(x->facts, name(x, "smtp.$.egress", port), span_dup(x->arena, (struct span) { rest.p, n }));
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
		set_once(x->evidence->asked, fact, span_dup(x->arena, address));
}

/* The check that would have met it, for the rules that ask for its finding. */
static void add_finding(struct explainer *x, const struct verdict *v)
{
	struct evidence *e = x->evidence;

	e->verdicts = arena_grow(x->arena, e->verdicts, e->n_verdicts, &x->cap_verdicts, sizeof(*e->verdicts));
	e->verdicts[e->n_verdicts] = *v;
	e->verdicts[e->n_verdicts++].endpoint = "the transcript";
}

/* A client that knows a name and a password can use one of these. */
static bool takes_password(struct arena *a, const char *mechanisms)
{
	static const char *const words[] = { "PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1",
					     "SCRAM-SHA-256" };
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
	struct verdict v = { .check = "auth.mechanisms", .id = "auth.mechanisms", .port = port, .stage = STAGE_AUTH };
	const char *auth = buf_str(&d->tls.auth);

	if (!*auth) {
		v.status = STATUS_FAIL;
		v.finding = "auth.not-offered";
		v.summary = "no login is offered";
	} else if (!takes_password(x->arena, auth)) {
		v.status = STATUS_WARN;
		v.finding = "auth.no-common-mechanism";
		v.summary = arena_printf(x->arena, "only %s is offered, and the client went no further", auth);
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
		if (timed_out(line_at(x, i)))
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
		.summary = arena_printf(x->arena, "it ends with %s, and no answer follows", table[at].what),
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
		facts_set_bool(x->facts, name(x, "smtp.$.starttls.offered", port), d->clear.starttls);
	if (d->tls.seen && stopped && !d->refused)
		no_mechanism(x, d, port);
	unanswered(x, d, port);
	if (d->helo && !d->ehlo)
		facts_set_bool(x->facts, name(x, "smtp.$.client-helo", port), true);
}

static void dialogue_facts(struct explainer *x, const struct dialogue *d)
{
	const struct provider *whose = d->spoken ? meant(x) : NULL;
	unsigned port = x->names.port;

	if (!d->spoken)
		return;
	if (whose)
		take_provider(x, whose);
	ask_port(x, port);
	facts_set(x->facts, name(x, "tcp.$.state", port), "open");
	facts_set_bool(x->facts, name(x, "tcp.$.open", port), true);
	greeting_facts(x, d, whose, port);
	offer_facts(x, &d->clear, "ehlo", port);
	offer_facts(x, &d->tls, "ehlo-tls", port);
	if (d->clear.seen || d->tls.seen)
		facts_set_bool(x->facts, name(x, "smtp.$.secure", port), d->in_tls);
	egress_fact(x, d->hello, port);
	login_facts(x, d);
	path_fact(x, "ask.from", d->from);
	path_fact(x, "ask.to", d->to);
	stopped_facts(x, d, port);
}

/* A public provider's chain does not end in a root that nobody trusts. */
static void certificate_facts(struct explainer *x)
{
	static const char *const words[] = {
		"self signed certificate in certificate chain", "self-signed certificate in certificate chain", "SELF_SIGNED_CERT_IN_CHAIN",
	};
	bool found = false;

	for (size_t i = 0; i < x->lines.n && !found; i++) {
		for (size_t j = 0; j < ARRAY_LEN(words); j++)
			found |= span_has(line_at(x, i), words[j]);
	}
	if (!found)
		return;
	ask_port(x, x->names.port);
	facts_set(x->facts, name(x, "cert.$.root", x->names.port), "private");
}

void explain_seen(struct explainer *x)
{
	struct dialogue d;

	paste_dialogue_read(&d, &x->lines);
	dialogue_facts(x, &d);
	paste_dialogue_release(&d);
	connections(x);
	if (of_cause(x, "certificate-*") || of_cause(x, "tls-*"))
		certificate_facts(x);
}
