/*
 * whose - may a secret go to this host, as far as its name is concerned?
 *
 * RFC 6186, 6: "A malicious attacker with access to the DNS server data, or able to get spoofed
 * answers cached in a recursive resolver, can potentially cause MUAs to connect to any ... server
 * chosen by the attacker." A certificate for the name that DNS gave proves nothing then. What does:
 * the name lies in the domain that was asked, or the certificate is for that domain (RFC 9525), or
 * the user says so. An MX record is no better than an SRV record. AD bits are not looked at: they
 * are as good as the way to the resolver.
 */
#include "net/cert.h"
#include "net/dns.h"
#include "net/tls.h"
#include "talk/talk.h"

/* The domain itself, or a name under it. */
static bool lies_in(const char *host, const char *domain)
{
	size_t n = strlen(host), m = strlen(domain);

	if (m == 0 || n < m || !str_eq_nocase(host + n - m, domain))
		return false;
	return n == m || host[n - m - 1] == '.';
}

/*
 * Does the certificate hold? One that does not speaks for nobody, whatever --allow-untrusted-auth
 * lets by.
 */
static const struct cert_chain *chain_that_holds(const struct smtp *s)
{
	const struct cert_chain *c = s && smtp_is_secure(s) ? smtp_tls(s)->chain : NULL;

	return c && c->n && !c->unjudged && !(c->trouble & ~(unsigned)CERT_WEAK) ? c : NULL;
}

const char *talk_whose(struct probe *p, const struct smtp *s)
{
	struct arena *a = probe_arena(p);
	const char *host = probe_host(p), *domain = dns_ascii_name(a, probe_ask(p)->domain);
	const struct cert_chain *c = chain_that_holds(s);
	enum host_from from = probe_host_from(p);
	const char *record = from == HOST_FROM_SRV ? "an SRV record" : "an MX record";

	if (from != HOST_FROM_MX && from != HOST_FROM_SRV && from != HOST_FROM_MX_PROVIDER)
		return NULL;
	if (!c)
		return arena_printf(a, "%s led to %s, and no valid certificate proves that it is "
			"the right server", record, host);
	if (from == HOST_FROM_MX_PROVIDER)
		return NULL;
	if (domain && (lies_in(host, domain) || cert_covers(&c->certs[0], domain)))
		return NULL;
	return arena_printf(a, "%s alone says that %s is the server of %s, and its certificate is "
		"not for %s", record, host,
			    probe_ask(p)->domain, probe_ask(p)->domain);
}

/* As a word of a shell; what would need more than quotes is left to be filled in. */
static const char *word(struct arena *a, const char *s)
{
	bool plain = *s != '\0';

	for (const char *c = s; *c; c++) {
		if (*c == '\'' || (unsigned char)*c < ' ' || *c == 0x7f)
			return "NAME";
		plain = plain && (ascii_is_alnum(*c) || strchr("@._+-", *c));
	}
	return plain ? s : arena_printf(a, "'%s'", s);
}

const char *talk_consent(struct probe *p, bool token)
{
	struct arena *a = probe_arena(p);
	unsigned port = probe_port(p);
	bool implicit = probe_implicit_tls(p);
	const char *where;

	if (implicit == (port == 465))
		where = arena_printf(a, "%s:%u", probe_host(p), port);
	else
		where = arena_printf(a, "%s --ports %u/%s", probe_host(p), port,
			implicit ? "tls" : "starttls");
	return arena_printf(a, "smtpwhy check %s --user %s --%s-file FILE", where, word(a,
		probe_ask(p)->user),
			    token ? "token" : "password");
}
