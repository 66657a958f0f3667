/*
 * What only the whole paste tells: who was meant and who answered, what EHLO offered and what was then tried, and which port it was.
 */
#include "paste/paste.h"

#include "base/scan.h"
#include "judge/weigh.h"

struct hints {
	const struct provider	*meant;		/* by the host that was dialled */
	const struct provider	*answered;	/* by the words of the greeting */
	struct span		 greeting;
	bool			 offers_auth, offers_starttls;	/* in clear text */
	bool			 in_tls;
	bool			 helo, ehlo;	/* what the client said */
	bool			 overwritten;	/* stars in the greeting, XXXXXXXA in the EHLO answer */
	bool			 refused_here, refused_elsewhere;	/* by this machine itself */
	unsigned		 port_here;	/* 0 unknown */
	bool			 foreign_root;	/* the chain ends in a root that nobody trusts */
};

static bool has(struct span line, const char *word)
{
	return span_find_nocase(line, span_of(word)) != NULL;
}

/* A line about opening the connection, not about mail passing by. */
static bool is_dialling(struct span line)
{
	return has(line, "connect") || has(line, "opening") || has(line, "resolved") || has(line, "host=") || has(line, "host:") || has(line, "trying ");
}

/* "220 mx.example ESMTP ...", behind any prefix. */
static struct span greeting_in(struct span line)
{
	static const char *const codes[] = { "220 ", "220-" };

	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		const char *at = span_find_nocase(line, span_of(codes[i]));
		struct span rest;

		if (!at || (at > line.p && ascii_is_alnum(at[-1])))
			continue;
		rest = (struct span) { at, (size_t)(line.p + line.len - at) };
		if (has(rest, "ESMTP") || has(rest, "SMTP ready"))
			return rest;
	}
	return (struct span) { line.p, 0 };
}

/* The client's own command, behind "C: ", ">>> " or nothing: not the "HELO name" of a Received line. */
static bool client_says(struct span line, const char *command)
{
	const char *at = span_find_nocase(line, span_of(command)), *p = at;

	while (p && p > line.p && (p[-1] == ' ' || p[-1] == '\'' || p[-1] == '"'))
		p--;
	return at && (p == line.p || p[-1] == ':' || p[-1] == '>');
}

static void read_line(struct hints *h, struct arena *a, const struct know *k, struct span line)
{
	struct span greeting = greeting_in(line);
	const char *id = !h->meant && is_dialling(line) ? paste_provider(k, line) : NULL;

	if (id)
		h->meant = know_provider(k, id, NULL);
	if (greeting.len && !h->greeting.len) {
		h->greeting = greeting;
		h->answered = know_provider_of_text(k, span_dup(a, greeting));
	}
	if (has(line, "220 2.0.0 SMTP server ready") || has(line, "TLS go ahead") || has(line, "ready to start TLS") || has(line, "220 2.0.0 Ready to start"))
		h->in_tls = true;
	h->helo |= client_says(line, "HELO ");
	h->ehlo |= has(line, "EHLO");
	h->overwritten |= has(line, "220 ******") || has(line, "220-******") || has(line, "XXXXXXXA");
	h->foreign_root |= has(line, "self signed certificate in certificate chain") || has(line, "self-signed certificate in certificate chain") ||
			   has(line, "SELF_SIGNED_CERT_IN_CHAIN");
	if (h->in_tls)
		return;
	if (has(line, "250-AUTH") || has(line, "250 AUTH") || has(line, "AUTH LOGIN PLAIN") || has(line, "AUTH LOGIN XOAUTH2"))
		h->offers_auth = true;
	if (has(line, "250-STARTTLS") || has(line, "250 STARTTLS"))
		h->offers_starttls = true;
}

static void add(struct candidates *c, const char *cause, enum certainty certainty, enum stage stage, long rank, char *because, const char *hint,
		const struct strv *hides)
{
	const struct cause *found = know_cause(c->know, cause);

	if (!found)
		return;
	candidates_add(c, &(struct candidate) {
		.cause = found, .certainty = certainty, .stage = stage, .rank = rank, .because = because, .matched_by = hint, .hides = hides,
	});
}

static bool diagnosed(const struct candidates *c, const char *glob)
{
	for (size_t i = 0; i < c->causes.n; i++) {
		if (str_glob(glob, c->causes.v[i]))
			return true;
	}
	return false;
}

static struct strv *list(struct arena *a, const char *globs)
{
	struct strv *l = arena_alloc(a, sizeof(*l));

	strv_split(l, a, globs, ',');
	return l;
}

/* A provider that runs its own servers, and a product it doesn't use. */
static void other_server(struct candidates *c, const struct hints *h)
{
	if (!h->meant || !h->answered || !h->meant->hosts.n || h->answered->hosts.n || h->answered->mx.n || str_eq(h->answered->id, "exchange"))
		return;
	add(c, "middlebox-interference", LIKELY, STAGE_GREETING, RANK_REPLY + 40,
	    arena_printf(c->arena, "%s was dialled, but another server answered: \"%.*s\"", h->meant->name, (int)(h->greeting.len < 160 ? h->greeting.len : 160),
			 h->greeting.p),
	    "the greeting is not of the provider that was dialled", list(c->arena, "wrong-credentials,auth-*,certificate-*,starttls-unavailable,connection-*"));
}

/* Firewalls that "inspect" SMTP write over what they don't let through. */
static void overwritten(struct candidates *c, const struct hints *h)
{
	if (h->overwritten)
		add(c, "middlebox-interference", LIKELY, STAGE_GREETING, RANK_REPLY + 40,
		    arena_strdup(c->arena, "the greeting is starred out, or an EHLO keyword reads XXXXXXXA: a firewall on the way has written over them"),
		    "stars in the greeting", list(c->arena, "starttls-unavailable,auth-*,syntax-error,transient-server-error,command-sequence"));
}

/* A public provider's chain does not end in a private root: something on the way has put its own certificate there. */
static void root_of_another(struct candidates *c, const struct hints *h)
{
	const struct provider *p = c->provider && *c->provider ? know_provider(c->know, c->provider, NULL) : NULL;

	if (h->foreign_root && p && p->hosts.n)
		add(c, "tls-interception", LIKELY, STAGE_TLS, RANK_REPLY + 10,
		    arena_printf(c->arena, "the certificates end in a root that nobody trusts, and %s has none such", p->name), "a private root under a provider's name",
		    list(c->arena, "certificate-untrusted"));
}

static void login_before_tls(struct candidates *c, const struct hints *h)
{
	if (!h->offers_starttls || h->offers_auth || h->in_tls || !diagnosed(c, "auth-mechanism-unsupported"))
		return;
	add(c, "starttls-required", LIKELY, STAGE_AUTH, RANK_REPLY + 30,
	    arena_strdup(c->arena, "EHLO offered STARTTLS and no AUTH, and the login was tried without STARTTLS"), "what EHLO offered",
	    list(c->arena, "auth-mechanism-unsupported"));
}

/* HELO is the old way to say hello: no list of extensions comes, and the client uses none (RFC 5321, 4.1.1.1). */
static void said_helo(struct candidates *c, const struct hints *h)
{
	if (!h->helo || h->ehlo || !(diagnosed(c, "not-authenticated") || diagnosed(c, "starttls-*") || diagnosed(c, "auth-mechanism-unsupported") ||
				     diagnosed(c, "command-sequence")))
		return;
	add(c, "client-misconfigured", LIKELY, STAGE_EHLO, RANK_REPLY + 30,
	    arena_strdup(c->arena, "the program said HELO, never EHLO: so it is not told of STARTTLS and AUTH, and can use neither. It has to "
				   "say EHLO (a setting like \"ESMTP\" or \"extended SMTP\", or a newer firmware)"), "HELO without EHLO",
	    list(c->arena, "not-authenticated,starttls-*,auth-mechanism-unsupported,command-sequence"));
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

static char *port_sentence(struct candidates *c, struct span line, unsigned port, const char *what)
{
	return arena_printf(c->arena, "port %u: %s (\"%.*s\")", port, what, (int)(line.len < 200 ? line.len : 200), line.p);
}

static bool timed_out(struct span line)
{
	return has(line, "timed out") || has(line, "timeout") || has(line, "ETIMEDOUT") || has(line, "10060") || has(line, "TcpTestSucceeded") || has(line, "TCP connect to");
}

static bool refused(struct span line)
{
	return has(line, "ECONNREFUSED") || has(line, "connection refused") || has(line, "10061");
}

static void by_port(struct candidates *c, struct span line, unsigned named)
{
	unsigned port = port_in(line);

	port = port ? port : named;
	if (!port)
		return;
	if (port == 25 && timed_out(line) && !diagnosed(c, "port-blocked"))
		add(c, "port-blocked", LIKELY, STAGE_CONNECT, RANK_REPLY + 10,
		    port_sentence(c, line, port, "no answer; clouds and internet providers block outgoing port 25"), "a time-out on port 25",
		    list(c->arena, "connection-timeout,connection-dropped"));
	if (!mail_port(port) && port > 25 && refused(line) && !paste_names_here(line) &&
	    !diagnosed(c, "wrong-port"))
		add(c, "wrong-port", LIKELY, STAGE_CONNECT, RANK_REPLY + 10, port_sentence(c, line, port, "refused, and not a port mail servers use"),
		    "the port", list(c->arena, "connection-refused,client-misconfigured"));
}

/* --- ports that the provider does not serve --- */

static bool any_glob(const struct strv *globs, const char *host)
{
	for (size_t i = 0; i < globs->n; i++) {
		if (str_glob(globs->v[i], host))
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
		if (!any_glob(&p->hosts, host))
			continue;
		for (size_t j = 0; j < p->n_ports; j++) {
			if (p->ports[j].port == port)
				return NULL;
		}
		found = p->n_ports ? p : found;
	}
	return found;
}

/* Microsoft documents that it does not listen on 465 at all; others may do what they do not
 * document. */
static bool never_on(const struct provider *p, unsigned port)
{
	return port == 465 && (str_eq(p->id, "m365") || strv_has(&p->like, "m365"));
}

static bool host_char(char c)
{
	return ascii_is_alnum(c) || c == '.' || c == '-';
}

/* A host with its port in a line about a failed connection: "connect to
 * smtp.example.com[192.0.2.1]:465: Connection refused". */
static const struct provider *dialled_in(const struct know *k, struct span line, unsigned *ret_port)
{
	struct scan s = scan_span(line);

	while (!scan_done(&s)) {
		struct span word = scan_while(&s, host_char);
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

/* The knowledge of providers.tsv about a failed connection. Certain only where host and port stand
 * together in it. */
static void port_not_served(struct candidates *c, struct span line, const struct paste_names *names)
{
	unsigned port = 0;
	const struct provider *p = dialled_in(c->know, line, &port);
	bool together = p != NULL;

	if (!refused(line) && !timed_out(line) && !has(line, "connect"))
		return;
	if (!p) {
		port = port_in(line);
		port = port ? port : names->port;
		p = port && port != 25 && *names->host ? without_port(c->know, names->host, port)
						       : NULL;
	}
	if (!p && port == 465 && names_exchange_online(line))
		p = know_provider(c->know, "m365", NULL);
	if (!p || diagnosed(c, "wrong-port"))
		return;
	add(c, "wrong-port", together && never_on(p, port) ? CERTAIN : LIKELY, STAGE_CONNECT,
	    RANK_REPLY + 20,
	    port_sentence(c, line, port, arena_printf(c->arena, "%s does not serve it", p->name)),
	    "the provider's ports",
	    list(c->arena, "connection-*,port-blocked,greeting-timeout,tls-mode-mismatch"));
}

/* Port 465 speaks TLS at once: who waits for a greeting there waits for ever, or is cut off. */
static void silent_465(struct candidates *c, const struct paste_lines *lines, const struct paste_names *names)
{
	static const char *const plain[] = { "SSL): No", "secure: false", "\"secure\":false", "isSSL false", "SMTPSecure: tls", "tls_starttls = on" };
	bool said = diagnosed(c, "greeting-timeout");

	for (size_t i = 0; i < lines->n && i < 500 && !said; i++) {
		for (size_t j = 0; j < ARRAY_LEN(plain); j++)
			said |= diagnosed(c, "connection-dropped") && has((struct span) { lines->v[i].text, lines->v[i].len }, plain[j]);
	}
	if (names->port == 465 && said && !diagnosed(c, "tls-mode-mismatch"))
		add(c, "tls-mode-mismatch", LIKELY, STAGE_GREETING, RANK_REPLY + 10,
		    arena_strdup(c->arena, "port 465 was used, which speaks TLS from the start, and no greeting came in clear text"), "no greeting on port 465",
		    list(c->arena, "greeting-timeout,connection-dropped"));
}

/* Whose connection was refused? A line without an address ("code: 'ECONNREFUSED'") does not say. */
static void read_refusal(struct hints *h, struct span line)
{
	unsigned port = port_in(line);

	if (!refused(line))
		return;
	if (paste_names_here(line)) {
		h->refused_here = true;
		h->port_here = port;
	} else if (port) {
		h->refused_elsewhere = true;
	}
}

/* The program talked to its own machine, whatever host its settings name. */
static void dialled_itself(struct candidates *c, const struct paste_names *names,
			   const struct hints *h)
{
	unsigned port = h->refused_here ? h->port_here : names->port;
	bool of_mail = !port || mail_port(port);
	const char *what = of_mail
		? "the program connected to its own machine (localhost), where no mail server "
		  "listens: no host is set, or the setting is not read"
		: "a service of this very machine does not run or listens elsewhere: a content "
		  "filter, a milter, a policy service";

	bool chosen = mail_port(port) && port != 25 && port != 465 && port != 587;

	/* Nobody gets to 2525 by default: a server of this machine is meant. */
	if (!(names->here || h->refused_here) || h->refused_elsewhere || chosen ||
	    !diagnosed(c, "connection-refused"))
		return;
	add(c, "client-misconfigured", LIKELY, STAGE_CONNECT, RANK_REPLY + 10,
	    arena_strdup(c->arena, what), "the host that was dialled",
	    list(c->arena, "connection-refused,connection-timeout,wrong-port"));
}

void paste_hints(struct candidates *c, const struct paste_lines *lines, const struct paste_names *names)
{
	struct hints h = { 0 };

	for (size_t i = 0; i < lines->n; i++) {
		struct span line = { lines->v[i].text, lines->v[i].len };

		read_line(&h, c->arena, c->know, line);
		read_refusal(&h, line);
		if (!diagnosed(c, "connection-*") && !diagnosed(c, "greeting-timeout") &&
		    !diagnosed(c, "port-blocked"))
			continue;
		port_not_served(c, line, names);
		if (diagnosed(c, "connection-*"))
			by_port(c, line, names->port);
	}
	other_server(c, &h);
	overwritten(c, &h);
	root_of_another(c, &h);
	login_before_tls(c, &h);
	said_helo(c, &h);
	silent_465(c, lines, names);
	dialled_itself(c, names, &h);
}
