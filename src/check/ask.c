/*
 * ask - reads a target as people write it, and says what is wrong with it when it makes no sense.
 */
#include "check/ask.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/arena.h"
#include "base/scan.h"
#include "base/str.h"
#include "know/know.h"

const struct ask ask_nothing = {
	.input = "", .host = "", .domain = "", .address = "", .provider = "", .path = "",
	.via = "", .subject = "", .helo = "", .from = "", .to = "", .sender_ip = "", .user = "",
	.selector = "", .tenant = "", .client = "",
	.auth = "", .control_host = "",
};

enum { MAX_NAME = 253, MAX_LABEL = 63, MAX_LOCAL_PART = 64, MAX_PORT_DIGITS = 5 };

const char *target_kind_name(enum target_kind k)
{
	switch (k) {
	case TARGET_HOST:
		return "host";
	case TARGET_DOMAIN:
		return "domain";
	case TARGET_ADDRESS:
		return "address";
	}
	return "host";
}

const char *host_from_name(enum host_from f)
{
	static const char *const names[] = {
		[HOST_FROM_MX] = "mx", [HOST_FROM_SRV] = "srv",
			[HOST_FROM_MX_PROVIDER] = "mx-provider",
		[HOST_FROM_PROVIDER] = "provider", [HOST_FROM_SETTINGS] = "settings",
			[HOST_TYPED] = "typed",
	};

	return names[f];
}

/* What a target is made of, before it is known what it is. */
struct parts {
	struct span	host;		/* without brackets */
	bool		literal;	/* an IP address */
	bool		has_port;
	unsigned	port;
};

static bool is_literal(struct arena *a, struct span s)
{
	unsigned char bytes[16];
	const char *text = span_dup(a, s);

	return strlen(text) == s.len &&
	       (inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1);
}

/* What one label holds that no name may hold; NULL when it's fine. */
static const char *label_trouble(struct span label)
{
	bool ascii = true;

	if (label.len == 0)
		return "a part between two dots is empty";
	for (size_t i = 0; i < label.len; ) {
		size_t len = str_utf8(label.p + i, label.len - i);
		char c = label.p[i];

		if (len == 0)
			return "it is not UTF-8";
		ascii &= len == 1;
		if (len == 1 && !ascii_is_alnum(c) && c != '-' && c != '_')
			return "a name holds letters, digits, hyphens and dots only";
		i += len;
	}
	/* A label with other letters is measured after its conversion, by src/proto. */
	if (ascii && label.len > MAX_LABEL)
		return "a part between two dots is longer than 63 characters";
	if (label.p[0] == '-' || label.p[label.len - 1] == '-')
		return "a part between two dots begins or ends with a hyphen";
	return NULL;
}

static const char *name_trouble(struct span name)
{
	struct scan s = scan_span(name);
	struct span label;
	bool digits = true;

	if (name.len == 0)
		return "the host name is missing";
	if (name.len > MAX_NAME)
		return "the name is longer than 253 characters";
	for (;;) {
		const char *trouble;

		label = scan_until(&s, ".");
		trouble = label_trouble(label);
		if (trouble)
			return trouble;
		if (!scan_accept(&s, '.'))
			break;
		if (scan_done(&s))
			break;		/* the root's dot */
	}
	for (size_t i = 0; i < label.len; i++)
		digits &= ascii_is_digit(label.p[i]);
	/* "smtp.office365.com 587", as telnet and nc want it. */
	if (digits && label.len == name.len && label.len <= MAX_PORT_DIGITS)
		return "it is a number; a port goes behind its host and a colon "
			"(smtp.office365.com:587)";
	if (digits)
		return "it looks like an IP address, and is none (four numbers of 0 to 255; IPv6 "
		       "with a port goes in brackets)";
	return NULL;
}

static const char *parse_port(struct scan *s, struct parts *p)
{
	unsigned long port = scan_number(s, 65535);

	if (scan_failed(s) || !scan_done(s) || port == 0)
		return "after the colon goes a port, a number of 1 to 65535";
	p->has_port = true;
	p->port = (unsigned)port;
	return NULL;
}

/* "[2001:db8::1]:25", "[IPv6:2001:db8::1]", "[192.0.2.1]" */
static const char *parse_bracketed(struct arena *a, struct scan *s, struct parts *p)
{
	scan_accept(s, '[');
	scan_accept_str(s, "IPv6:");
	p->host = scan_until(s, "]");
	if (!scan_accept(s, ']'))
		return "the bracket is not closed";
	if (!is_literal(a, p->host))
		return "in brackets goes an IP address";
	p->literal = true;
	if (scan_done(s))
		return NULL;
	if (!scan_accept(s, ':'))
		return "after the bracket goes nothing, or a colon and a port";
	return parse_port(s, p);
}

static const char *parse_host(struct arena *a, struct span text, struct parts *p)
{
	struct scan s = scan_span(text);

	if (scan_peek(&s) == '[')
		return parse_bracketed(a, &s, p);
	if (is_literal(a, text)) {
		p->host = text;
		p->literal = true;
		return NULL;
	}
	p->host = scan_until(&s, ":");
	if (scan_accept(&s, ':')) {
		const char *trouble = parse_port(&s, p);

		if (trouble)
			return trouble;
	}
	p->literal = is_literal(a, p->host);
	return p->literal ? NULL : name_trouble(p->host);
}

/*
 * What is wrong with the text as a whole, before it's taken apart. The sentence may name what was
 * probably meant.
 */
static const char *text_trouble(struct arena *a, struct span text)
{
	struct scan s = scan_span(text);
	const char *scheme = span_find_nocase(text, SPAN_LITERAL("://"));

	if (text.len == 0)
		return "it is empty: give a host (smtp.office365.com:587), a domain (contoso.com) "
		       "or an address (scan@contoso.com)";
	for (size_t i = 0; i < text.len; i++)
		if (ascii_is_space(text.p[i]) || (unsigned char)text.p[i] < 0x20 ||
		    text.p[i] == 0x7f)
			return "it holds a blank or a line end";
	if (scheme) {
		struct span host;

		scan_take(&s, (size_t)(scheme - text.p) + 3);
		host = scan_until(&s, "/?#");
		/* Not what stands before the @: a login, maybe with its password. */
		for (const char *at; (at = memchr(host.p, '@', host.len));)
			host = (struct span) { at + 1, (size_t)(host.p + host.len - at) - 1 };
		return arena_printf(a, "it is a URL; give the host alone%s%s", host.len ? ": " : "",
				    str_escaped(a, host.p, host.len));
	}
	if (scan_accept_str(&s, "mailto:"))
		return "give the address alone, without mailto:";
	if (memchr(text.p, '/', text.len))
		return "a slash is in it; give the host alone";
	if (memchr(text.p, '<', text.len) || memchr(text.p, '>', text.len))
		return "give the address alone, without < and >";
	return NULL;
}

static const char *parse_address(struct ask *ask, struct arena *a, struct span text, const char *at)
{
	struct span local = { text.p, (size_t)(at - text.p) },
		domain = { at + 1, text.len - local.len - 1 };
	const char *trouble;

	if (local.len == 0)
		return "nothing stands before the @";
	if (local.len > MAX_LOCAL_PART)
		return "what stands before the @ is longer than 64 characters";
	if (memchr(local.p, '@', local.len))
		return "there are two @";
	/* RFC 5321, 4.1.2: an atom has no colon in it. It would be a login with its password. */
	if (*local.p != '"' && memchr(local.p, ':', local.len))
		return "there is a colon before the @; a password is given by --password-file";
	if (domain.len == 0)
		return "nothing stands after the @";
	if (memchr(domain.p, ':', domain.len))
		return "an address has no port; use --ports";
	trouble = name_trouble(domain);
	if (trouble)
		return trouble;
	if (domain.p[domain.len - 1] == '.')
		domain.len--;
	ask->kind = TARGET_ADDRESS;
	ask->domain = str_lower(a, span_dup(a, domain));
	ask->address = arena_printf(a, "%s@%s", span_dup(a, local), ask->domain);
	ask->host = "";
	ask->host_from = HOST_FROM_MX;
	return NULL;
}

/*
 * Is one of the words that hosts for mail are called by in the first label? "smtp-relay", "mx01",
 * "authsmtp"; not "gmail".
 */
static bool sounds_like_host(struct span name)
{
	static const char *const words[] = { "mail", "mx", "relay", "mta" };
	struct scan s = scan_span(name);
	struct span label = scan_until(&s, ".");
	bool two_labels = !memchr(s.p + (scan_done(&s) ? 0 : 1), '.',
				  scan_left(&s) ? scan_left(&s) - 1 : 0);

	if (span_find_nocase(label, SPAN_LITERAL("smtp")))
		return true;
	/* mail.com and mail.ru are domains with mailboxes. */
	if (two_labels && span_eq_nocase(label, "mail"))
		return false;
	for (s = scan_span(label); !scan_done(&s); ) {
		struct span word = scan_while(&s, ascii_is_alpha);

		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (span_eq_nocase(word, words[i]))
				return true;
		if (!scan_done(&s))
			scan_take(&s, 1);
	}
	return false;
}

static bool is_host(const struct ask *ask, const struct parts *p, const char *name)
{
	return p->literal || p->has_port || !strchr(name, '.') || sounds_like_host(span_of(name)) ||
	       (ask->know && know_provider_of_host(ask->know, name));
}

static const char *parse(struct ask *ask, struct arena *a, struct span text)
{
	const char *trouble = text_trouble(a, text), *at = NULL;
	struct parts p = { .host = { "", 0 } };
	char *name;

	if (trouble)
		return trouble;
	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] == '@')
			at = text.p + i;
	if (at)
		return parse_address(ask, a, text, at);
	trouble = parse_host(a, text, &p);
	if (trouble)
		return trouble;

	name = str_lower(a, span_dup(a, p.host));
	if (name[p.host.len - 1] == '.')
		name[p.host.len - 1] = '\0';
	ask->kind = is_host(ask, &p, name) ? TARGET_HOST : TARGET_DOMAIN;
	ask->host = ask->kind == TARGET_HOST ? name : "";
	ask->host_from = ask->kind == TARGET_HOST ? HOST_TYPED : HOST_FROM_MX;
	ask->domain = ask->kind == TARGET_HOST ? "" : name;
	ask->address = "";
	if (p.has_port) {
		ask->port_given = true;
		ask->ports = arena_alloc(a, sizeof(*ask->ports));
		ask->ports[0] = (struct ask_port) { .port = p.port, .implicit_tls = p.port == 465 };
		ask->n_ports = 1;
	}
	return NULL;
}

const char *ask_target_unshown(struct ask *ask, struct arena *a, const char *input)
{
	const char *trouble = parse(ask, a, span_of(input));

	if (!trouble)
		ask->input = arena_strdup(a, input);
	return trouble;
}

const char *ask_target(struct ask *ask, struct arena *a, const char *input)
{
	const char *trouble = ask_target_unshown(ask, a, input);
	size_t n = strlen(input), shown = n > 100 ? 100 : n;

	if (!trouble)
		return NULL;
	return arena_printf(a, "'%s%s' is no target: %s", str_escaped(a, input, shown),
			    shown < n ? "..." : "", trouble);
}

bool ask_has_port(const struct ask *ask, unsigned port)
{
	for (size_t i = 0; i < ask->n_ports; i++)
		if (ask->ports[i].port == port)
			return true;
	return false;
}
