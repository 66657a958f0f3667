/*
 * What a paste shows as facts of what was asked for and seen: the lines about a connection that
 * failed. The rules judge them as they judge a live server.
 */
#include "paste/inside.h"

#include "base/scan.h"

/* --- ports --- */

/* "StreamBuffer.php:268": behind the name of a file stands a line of it. */
static bool behind_file(struct span line, const char *colon)
{
	static const char endings[] = "php|py|rb|js|mjs|ts|java|cs|go|c|cpp|h|pl|pm|rs|vb|kt|scala|"
				      "ps1|psm1|jsx|tsx|ex|exs|erl|lua|swift|cfm|aspx|vue|jar|inc";
	const char *p = colon;

	while (p > line.p && ascii_is_alnum(p[-1]))
		p--;
	return p > line.p + 1 && p[-1] == '.' && ascii_is_alnum(p[-2]) &&
	       span_in((struct span) { p, (size_t)(colon - p) }, endings);
}

/* The last ":25" or "port 25" of the line, 0 = none. */
static unsigned port_in(struct span line)
{
	unsigned port = 0;

	for (size_t i = 1; i < line.len; i++) {
		struct scan s = scan_over(line.p + i, line.len - i);
		bool after_colon = line.p[i - 1] == ':' && i > 1 &&
				   (ascii_is_alnum(line.p[i - 2]) || line.p[i - 2] == ']');
		bool after_word = line.p[i - 1] == ' ' && i >= 5 &&
				  memcmp(line.p + i - 5, "port ", 5) == 0;
		unsigned long n;

		if (!ascii_is_digit(line.p[i]) || !(after_colon || after_word))
			continue;
		n = scan_number(&s, 65535);
		/* "12:30:15" is a time, "2001:db8::25" an address. */
		if (scan_failed(&s) ||
		    (scan_peek(&s) == ':' && scan_left(&s) > 1 && ascii_is_digit(s.p[1])) ||
		    (after_colon && n < 60 && n != 25 && ascii_is_digit(line.p[i - 2])) ||
		    (after_colon && behind_file(line, line.p + i - 1)))
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

bool explain_timed_out(struct span line)
{
	return span_has_any(line, "timed "
			    "out|timed-out|timeout|time-out|ETIMEDOUT|10060|TcpTestSucceeded|TCP "
			    "connect to");
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
	/* whose host it is that does not serve the port; NULL */
	const struct provider	*without;
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

void explain_set_once(struct facts *f, const char *name, const char *value)
{
	if (!facts_get(f, name))
		facts_set(f, name, value);
}

/* The mode that the text says is set for the port. */
static const char *mode_of(const struct explainer *x)
{
	static const char *const plain[] = {
		"SSL): No", "secure: false", "\"secure\":false", "isSSL false", "SMTPSecure: tls",
		"tls_starttls = on",
	};

	for (size_t i = 0; i < x->lines.n && i < 500; i++) {
		for (size_t j = 0; j < ARRAY_LEN(plain); j++) {
			if (span_has(explain_line(x, i), plain[j]))
				return "starttls";
		}
	}
	return "unknown";
}

void explain_ask_port(struct explainer *x, unsigned port)
{
	explain_set_once(x->evidence->asked, explain_fact(x, "ask.port.$", port),
			 port == 465 ? mode_of(x) : "unknown");
}

/* sure: it is known that the line is about that. */
static void failed_to_connect(struct explainer *x, struct span line, bool sure)
{
	struct dialled d = dialled_of(x, line);
	const char *silent = explain_timed_out(line) ? "filtered" : "failed";
	const char *state = refused(line) ? "refused" : silent;
	const char *apart = d.without ? "text" : "nowhere";
	bool odd = !mail_port(d.port) && d.port > 25;

	if (!d.port || facts_get(x->facts, explain_fact(x, "tcp.$.state", d.port)) ||
	    paste_names_here(line))
		return;
	if (str_eq(state, "failed") && (!(sure || span_has(line, "connect")) || !d.without))
		return;
	explain_ask_port(x, d.port);
	facts_set(x->facts, explain_fact(x, "tcp.$.state", d.port), state);
	facts_set_bool(x->facts, explain_fact(x, "tcp.$.open", d.port), false);
	facts_set_bool(x->facts, explain_fact(x, "tcp.$.odd", d.port), odd);
	facts_set(x->facts, explain_fact(x, "tcp.$.where", d.port), d.together ? "line" : apart);
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
		struct span line = explain_line(x, i);

		if (!refused(line))
			continue;
		if (paste_names_here(line))
			port = port_in(line);
		here |= paste_names_here(line);
		elsewhere |= !paste_names_here(line) && port_in(line);
	}
	/* Nobody gets to 2525 by default: a server of this machine is meant. */
	chosen = mail_port(port) && port != 25 && port != 465 && port != 587;
	if ((!x->names.here && !here) || elsewhere || chosen)
		return;
	/* A mail server's filters listen elsewhere; an application dials its mail server. */
	if (!port || mail_port(port))
		facts_set(x->evidence->asked, "ask.here", "mail");
	else if (x->e->kind == PASTE_LOG)
		facts_set(x->evidence->asked, "ask.here", "other");
}

static void connections(struct explainer *x)
{
	bool failed = of_cause(x, "connection-*");

	if (x->names.port && *x->names.host)
		explain_ask_port(x, x->names.port);
	if (!failed && !of_cause(x, "greeting-timeout") && !of_cause(x, "port-blocked"))
		return;
	for (size_t i = 0; i < x->lines.n; i++) {
		struct span line = explain_line(x, i);

		if (refused(line) || explain_timed_out(line) || span_has(line, "connect"))
			failed_to_connect(x, line, false);
	}
	/* What a dialog tells by a number ("0x800CCC0E"), beside the settings it dialled with. */
	for (size_t i = 0; i < x->evidence->n_signs; i++) {
		const struct symptom *s = x->evidence->signs[i].symptom;

		if (s && str_globs("connection-*|greeting-timeout|port-blocked", s->cause->id))
			failed_to_connect(x, span_of(x->evidence->signs[i].text), true);
	}
	if (of_cause(x, "connection-refused"))
		dialled_itself(x);
}

/* A public provider's chain does not end in a root that nobody trusts. */
static void certificate_facts(struct explainer *x)
{
	static const char *const words[] = {
		"self signed certificate in certificate chain",
		"self-signed certificate in certificate chain", "SELF_SIGNED_CERT_IN_CHAIN",
	};
	bool found = false;

	for (size_t i = 0; i < x->lines.n && !found; i++) {
		for (size_t j = 0; j < ARRAY_LEN(words); j++)
			found |= span_has(explain_line(x, i), words[j]);
	}
	if (!found)
		return;
	explain_ask_port(x, x->names.port);
	facts_set(x->facts, explain_fact(x, "cert.$.root", x->names.port), "private");
}

void explain_seen(struct explainer *x)
{
	explain_dialogue(x);
	connections(x);
	if (of_cause(x, "certificate-*") || of_cause(x, "tls-*"))
		certificate_facts(x);
}
