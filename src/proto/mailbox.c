/*
 * mailbox - IMAP and POP3, as far as the door: greeting, capabilities, TLS, login.
 */
#include "proto/mailbox-inside.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/mem.h"
#include "base/redact.h"
#include "base/scan.h"
#include "base/secret.h"
#include "base/str.h"
#include "net/dns.h"

const char *mailbox_heard_name(enum mailbox_heard h)
{
	static const char *const names[] = { "nothing", "ok", "imap", "pop3", "smtp", "http",
					     "tls", "other" };

	return names[h];
}

/* --- opening --- */

static const struct { const char *scheme; enum mailbox_kind kind; bool tls; unsigned port; }
schemes[] = {
	{ "imaps://", MAILBOX_IMAP, true, 993 }, { "imap://", MAILBOX_IMAP, false, 143 },
	{ "pop3s://", MAILBOX_POP3, true, 995 }, { "pop3://", MAILBOX_POP3, false, 110 },
};

/* "imaps://HOST[:PORT]", with an IPv6 address in brackets. */
static bool read_url(struct mailbox *m, const char *url)
{
	unsigned long port = 0;
	const char *host = NULL, *colon;
	size_t n;

	for (size_t i = 0; i < ARRAY_LEN(schemes) && !host; i++) {
		if (!str_has_prefix_nocase(url, schemes[i].scheme))
			continue;
		host = url + strlen(schemes[i].scheme);
		m->kind = schemes[i].kind;
		m->implicit_tls = schemes[i].tls;
		m->port = schemes[i].port;
	}
	if (!host)
		return false;
	n = strcspn(host, "/");
	colon = memrchr(host, ':', n);
	if (colon && (*host != '[' || (colon > host && colon[-1] == ']'))) {
		const char *digits = arena_strndup(m->arena, colon + 1,
						   n - (size_t)(colon + 1 - host));

		if (!str_number(digits, 65535, &port) || !port)
			return false;
		m->port = (unsigned)port;
		n = (size_t)(colon - host);
	}
	if (*host == '[' && n > 2 && host[n - 1] == ']') {
		host++;
		n -= 2;
	}
	m->host = arena_strndup(m->arena, host, n);
	return n > 0;
}

static void dial(struct mailbox *m)
{
	struct net_address to;
	struct dns_addresses found = { .list = &to, .count = 1, .status = DNS_OK };
	struct reached *all;
	unsigned port = m->port;

	if (!net_connect_to(m->net, m->host, m->port, &to, &port))
		found = dns_addresses(net_dns(m->net), m->arena, m->host,
				      net_options(m->net)->family);
	if (found.status != DNS_OK || !found.count) {
		mailbox_fail(m, found.status == DNS_LOCAL ? FAILURE_LOCAL : FAILURE_DNS, STAGE_DNS,
			     "cannot look up %s: %s", m->host, dns_status_name(found.status));
		return;
	}
	all = arena_alloc(m->arena, found.count * sizeof(*all));
	net_dial_all(m->net, found.list, found.count, port, net_timeout(m->net), true, all);
	for (size_t i = 0; i < found.count && m->fd < 0; i++)
		m->fd = all[i].fd;
	if (m->fd < 0)
		mailbox_fail(m, all[0].reach == REACH_CANCELLED ? FAILURE_CANCELLED : FAILURE_NET,
			     STAGE_CONNECT, "cannot connect to %s: %s", m->endpoint,
			     reach_name(all[0].reach));
}

struct mailbox *mailbox_open(struct net *n, struct arena *a, const char *url)
{
	struct mailbox *m = xcalloc(1, sizeof(*m));
	bool good;

	*m = (struct mailbox) { .net = n, .arena = a, .fd = -1, .host = "", .said = "",
				.greeted = "", .in = BUF_INIT(MAILBOX_ANSWER_MOST) };
	good = read_url(m, url);
	m->endpoint = arena_printf(a, strchr(m->host, ':') ? "[%s]:%u" : "%s:%u", m->host,
				   m->port);
	m->transcript = transcript_new(a, m->endpoint);
	if (good)
		dial(m);
	else
		mailbox_fail(m, FAILURE_LOCAL, STAGE_UNKNOWN,
			     "'%s' is not imaps://HOST[:PORT], imap://, pop3s:// or pop3://",
			     str_escaped(a, url, strlen(url)));
	return m;
}

void mailbox_close(struct mailbox *m)
{
	static const char bye[] = "z LOGOUT\r\n", quit[] = "QUIT\r\n";

	if (!m)
		return;
	if (!m->failure && m->tls) {
		if (m->kind == MAILBOX_IMAP)
			tls_say(m->tls, bye, sizeof(bye) - 1);
		else
			tls_say(m->tls, quit, sizeof(quit) - 1);
		tls_bye(m->tls);
	}
	tls_free(m->tls);
	if (m->fd >= 0)
		close(m->fd);
	buf_wipe(&m->in);
	buf_release(&m->in);
	free(m);
}

void mailbox_closep(struct mailbox **m)
{
	mailbox_close(*m);
}

/* --- steps --- */

static bool secure(struct mailbox *m)
{
	struct tls_ask ask = { .name = m->host, .only = TLS_ANY };
	struct tls_failure why = { .text = "" };
	_cleanup_(deadline_end) struct deadline d = deadline_in(net_timeout(m->net));

	/* What came in the clear is not said under TLS (RFC 9051, 11.1). */
	buf_clear(&m->in);
	m->tls = tls_connect(m->net, m->arena, m->fd, &ask, &why);
	m->offers = (struct strv) { .n = 0 };
	if (m->tls)
		return true;
	if (*why.peer_bytes)
		m->heard = mailbox_heard_of(m->kind, why.peer_bytes);
	if (why.cancelled)
		return mailbox_fail(m, FAILURE_CANCELLED, STAGE_TLS, "%s", why.text);
	if (why.local)
		return mailbox_fail(m, FAILURE_LOCAL, STAGE_TLS, "%s", why.text);
	return mailbox_fail(m, why.timeout ? FAILURE_TIMEOUT : FAILURE_TLS, STAGE_TLS, "%s",
			    redacted(m->arena, why.text));
}

static bool greeting_line(struct mailbox *m, struct span *ret)
{
	_cleanup_(deadline_end) struct deadline d = deadline_in(net_timeout(m->net));

	return mailbox_line(m, STAGE_GREETING, ret);
}

bool mailbox_greeting(struct mailbox *m)
{
	struct span line;

	if (m->failure || (m->implicit_tls && !secure(m)) || !greeting_line(m, &line))
		return false;
	m->heard = mailbox_heard_of(m->kind, arena_strndup(m->arena, line.p, line.len));
	if (m->heard != MAILBOX_HEARD_RIGHT)
		return mailbox_fail(m, FAILURE_PROTOCOL, STAGE_GREETING,
				    "the server greeted with: %s",
				    str_escaped(m->arena, line.p, line.len < 80 ? line.len : 80));
	m->greeted = str_escaped(m->arena, line.p, line.len);
	m->said = m->greeted;
	if (span_has_prefix_nocase(line, "* BYE") || span_has_prefix_nocase(line, "-ERR"))
		return mailbox_fail(m, FAILURE_REFUSED, STAGE_GREETING,
				    "the server refuses the connection: %s", m->greeted);
	return true;
}

static const char *upper(struct arena *a, const char *s)
{
	char *copy = arena_strdup(a, s);

	for (char *p = copy; *p; p++)
		*p = ascii_upper(*p);
	return copy;
}

/* "SASL PLAIN XOAUTH2" is AUTH=PLAIN AUTH=XOAUTH2, STLS is STARTTLS, USER is LOGIN. */
static void take_pop3(struct mailbox *m, const char *line)
{
	struct strv words = { NULL, 0, 0 };

	strv_split(&words, m->arena, line, ' ');
	for (size_t i = 0; i < words.n; i++) {
		const char *w = upper(m->arena, words.v[i]);

		if (i && str_eq_nocase(words.v[0], "SASL"))
			strv_addf(&m->offers, m->arena, "AUTH=%s", w);
		else if (!i && str_eq(w, "STLS"))
			strv_add(&m->offers, m->arena, "STARTTLS");
		else if (!i && str_eq(w, "USER"))
			strv_add(&m->offers, m->arena, "LOGIN");
		else if (!i && !str_eq(w, "SASL"))
			strv_add(&m->offers, m->arena, w);
	}
}

static void take_imap(struct mailbox *m, const char *line)
{
	struct strv words = { NULL, 0, 0 };

	if (!str_has_prefix_nocase(line, "CAPABILITY "))
		return;
	strv_split(&words, m->arena, line + strlen("CAPABILITY "), ' ');
	for (size_t i = 0; i < words.n && m->offers.n < MAILBOX_OFFERS_MOST; i++)
		strv_add(&m->offers, m->arena, upper(m->arena, words.v[i]));
}

bool mailbox_capabilities(struct mailbox *m)
{
	struct strv lines = { NULL, 0, 0 };
	bool pop3 = m->kind == MAILBOX_POP3;

	m->offers = (struct strv) { .n = 0 };
	if (!mailbox_ask(m, pop3, &lines, pop3 ? "CAPA" : "CAPABILITY")) {
		/* An old POP3 server knows no CAPA, and takes USER (RFC 2449, 5). */
		if (!pop3 || !m->failure || m->failure->class != FAILURE_REFUSED)
			return false;
		m->failure = NULL;
		strv_add(&m->offers, m->arena, "LOGIN");
		return true;
	}
	for (size_t i = 0; i < lines.n && m->offers.n < MAILBOX_OFFERS_MOST; i++)
		(pop3 ? take_pop3 : take_imap)(m, lines.v[i]);
	return true;
}

bool mailbox_starttls(struct mailbox *m)
{
	if (m->failure || m->tls || !mailbox_offered(m, "STARTTLS"))
		return !m->failure;
	return mailbox_ask(m, false, NULL, m->kind == MAILBOX_POP3 ? "STLS" : "STARTTLS") &&
	       secure(m);
}

/* --- the login --- */

const char *mailbox_mechanism(const struct mailbox *m, bool token)
{
	if (token)
		return mailbox_offered(m, "AUTH=XOAUTH2") ? "XOAUTH2" : "";
	if (mailbox_offered(m, "AUTH=PLAIN"))
		return "PLAIN";
	/* IMAP: LOGIN is there unless it is switched off (RFC 9051, 6.2.3). */
	if (m->kind == MAILBOX_IMAP)
		return mailbox_offered(m, "LOGINDISABLED") ? "" : "LOGIN";
	return mailbox_offered(m, "LOGIN") ? "LOGIN" : "";
}

/* RFC 4616, 2; Google's and Microsoft's descriptions of XOAUTH2. */
static bool response(struct buf *b, const char *mechanism, const char *user,
		     const struct secret *secret)
{
	struct buf plain = BUF_INIT(LIMIT_SECRET + MAILBOX_COMMAND_MOST);

	if (str_eq(mechanism, "PLAIN")) {
		buf_addc(&plain, '\0');
		buf_adds(&plain, user);
		buf_addc(&plain, '\0');
		buf_add(&plain, secret_bytes(secret), secret_len(secret));
	} else {
		buf_addf(&plain, "user=%s\001auth=Bearer ", user);
		buf_add(&plain, secret_bytes(secret), secret_len(secret));
		buf_adds(&plain, "\001\001");
	}
	base64_encode(b, plain.data, plain.len);
	buf_wipe(&plain);
	buf_release(&plain);
	return !b->overflow;
}

/* A quoted string (RFC 9051, 9): '"' and '\' are escaped. */
static void add_quoted(struct buf *b, const char *p, size_t n)
{
	buf_addc(b, '"');
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '"' || p[i] == '\\')
			buf_addc(b, '\\');
		buf_addc(b, p[i]);
	}
	buf_addc(b, '"');
}

static bool plain_login(struct mailbox *m, const char *user, const struct secret *secret)
{
	struct buf b = BUF_INIT(2 * LIMIT_SECRET + MAILBOX_COMMAND_MOST);
	bool good;

	if (m->kind == MAILBOX_POP3) {
		if (!mailbox_ask(m, false, NULL, "USER %s", user))
			return false;
		buf_adds(&b, "PASS ");
		buf_add(&b, secret_bytes(secret), secret_len(secret));
		good = mailbox_ask_secret(m, "PASS <password>", &b);
	} else {
		buf_adds(&b, "LOGIN ");
		add_quoted(&b, user, strlen(user));
		buf_addc(&b, ' ');
		add_quoted(&b, secret_bytes(secret), secret_len(secret));
		good = mailbox_ask_secret(m, "LOGIN <user name and password>", &b);
	}
	buf_wipe(&b);
	buf_release(&b);
	return good;
}

bool mailbox_login(struct mailbox *m, const char *mechanism, const char *user,
		   const struct secret *secret)
{
	struct buf b = BUF_INIT(2 * LIMIT_SECRET);
	bool good;

	if (m->failure)
		return false;
	if (!m->tls)
		return mailbox_fail(m, FAILURE_LOCAL, STAGE_AUTH,
				    "no login without TLS: the secret would be sent in the clear");
	if (strlen(secret_bytes(secret)) != secret_len(secret) ||
	    strpbrk(secret_bytes(secret), "\r\n") || strpbrk(user, "\r\n"))
		return mailbox_fail(m, FAILURE_LOCAL, STAGE_AUTH,
				    "a NUL or a line end in the user name or the secret");
	redact_public(user);
	redact_secret(secret_bytes(secret), secret_len(secret));
	if (str_eq(mechanism, "LOGIN"))
		return plain_login(m, user, secret);
	if (!response(&b, mechanism, user, secret))
		good = mailbox_fail(m, FAILURE_LOCAL, STAGE_AUTH,
				    "user name and secret are too long to be sent");
	else
		good = mailbox_authenticate(m, mechanism, &b);
	buf_wipe(&b);
	buf_release(&b);
	return good;
}

/* --- what was heard --- */

const struct strv *mailbox_offers(const struct mailbox *m)
{
	return &m->offers;
}

bool mailbox_offered(const struct mailbox *m, const char *word)
{
	return strv_has_nocase(&m->offers, word);
}

const char *mailbox_said(const struct mailbox *m)
{
	return m->said;
}

const char *mailbox_greeted(const struct mailbox *m)
{
	return m->greeted;
}

enum mailbox_heard mailbox_heard(const struct mailbox *m)
{
	return m->heard;
}

const struct tls_info *mailbox_tls(const struct mailbox *m)
{
	return m->tls ? tls_info(m->tls) : NULL;
}

const struct failure *mailbox_failure(const struct mailbox *m)
{
	return m->failure;
}

struct transcript *mailbox_transcript(const struct mailbox *m)
{
	return m->transcript;
}

struct arena *mailbox_arena(const struct mailbox *m)
{
	return m->arena;
}

bool mailbox_forgive(struct mailbox *m)
{
	if (m->failure && m->failure->class != FAILURE_REFUSED)
		return false;
	m->failure = NULL;
	return true;
}
