/*
 * tls-certificate - is the certificate valid, for this name, from somebody this machine trusts?
 *
 *	judges the chain that the handshake brought
 *
 * RFC 5280; RFC 9525 (names); RFC 7817 (mail). Senders to an MX host mostly don't look at
 * its certificate, so for a domain's MX a bad one is a warning; who logs in looks, so
 * there it's a failure.
 */
#include "check/check.h"

enum { SOON_DAYS = 14 };

/* Words in an issuer's name that give away a device or program that opens TLS on the way. */
static const char *const inspectors[] = {
	"avast", "avg ", "bitdefender", "eset ", "kaspersky", "norton web", "sophos", "mcafee",
	"trend micro", "f-secure", "g data", "zscaler", "fortinet", "fortigate", "palo alto",
	"blue coat", "bluecoat", "netskope", "cisco umbrella", "ironport", "check point",
	"sonicwall", "watchguard", "untangle", "barracuda", "websense", "forcepoint", "iboss",
	"cato networks", "smoothwall", "lightspeed", "squid", "mitmproxy", "charles proxy",
	"fiddler", "portswigger", "burp", "adguard", "cloudflare for teams", "gateway ca",
	"ssl inspection", "ssl-inspection", "tls inspection", "ssl decryption", "ssl proxy",
	"web shield", "mail shield", "antivirus",
};

static bool inspected(struct probe *p)
{
	const char *who = arena_printf(probe_arena(p), "%s %s %s ", probe_get(p, "cert.$.issuer"),
				       probe_get(p, "cert.$.issuer-cn"),
				       probe_get(p, "cert.$.issuer-o"));

	for (size_t i = 0; i < ARRAY_LEN(inspectors); i++)
		if (str_find_nocase(who, inspectors[i]))
			return true;
	return false;
}

static bool has(struct probe *p, const char *trouble)
{
	struct strv l = { NULL, 0, 0 };

	strv_split(&l, probe_arena(p), probe_get(p, "cert.$.trouble"), ' ');
	return strv_has(&l, trouble);
}

/* Does anybody judge it who would stop? */
static enum status bad(struct probe *p, const char *finding, const char *words)
{
	if (probe_ask(p)->kind != TARGET_HOST && !probe_ask(p)->submission && probe_port(p) == 25)
		return probe_warn(p, finding, "%s", words);
	return probe_fail(p, finding, "%s", words);
}

static const char *who(struct probe *p)
{
	if (*probe_get(p, "cert.$.issuer-o"))
		return probe_get(p, "cert.$.issuer-o");
	return *probe_get(p, "cert.$.issuer-cn") ? probe_get(p, "cert.$.issuer-cn") :
	       probe_get(p, "cert.$.issuer");
}

static const char *name(struct probe *p)
{
	return *probe_get(p, "cert.$.subject-cn") ? probe_get(p, "cert.$.subject-cn") :
	       probe_get(p, "cert.$.names");
}

/* The first ten characters of a date are its day. */
static const char *day(struct probe *p, const char *fact)
{
	return arena_printf(probe_arena(p), "%.10s", probe_get(p, fact));
}

static enum status untrusted(struct probe *p)
{
	struct arena *a = probe_arena(p);

	if (has(p, "self-signed"))
		return bad(p, "certificate.self-signed",
			   arena_printf(a, "%s signed its own certificate", name(p)));
	if (has(p, "incomplete"))
		return bad(p, "certificate.incomplete",
			   arena_printf(a, "the server does not send the intermediate certificate "
					"between its own and a trusted root (%s)", who(p)));
	return bad(p, "certificate.untrusted",
		   arena_printf(a, "the issuer %s is not trusted here", who(p)));
}

static enum status troubled(struct probe *p)
{
	struct arena *a = probe_arena(p);
	bool trust = has(p, "untrusted") || has(p, "self-signed") || has(p, "incomplete");

	if (trust && inspected(p))
		return probe_fail(p, "tls.interception", "the certificate comes from %s: something "
				  "between opens the encryption", who(p));
	if (has(p, "expired"))
		return bad(p, "certificate.expired",
			   arena_printf(a, "the certificate of %s ended on %s", name(p),
					day(p, "cert.$.not-after")));
	if (has(p, "not-yet-valid"))
		return bad(p, "certificate.not-yet",
			   arena_printf(a, "the certificate of %s begins on %s, and this machine's "
					"clock is before that",
					name(p), day(p, "cert.$.not-before")));
	if (has(p, "name"))
		return bad(p, "certificate.name",
			   arena_printf(a, "the certificate is for %s, not for %s",
					probe_get(p, "cert.$.names"),
					probe_get(p, "cert.$.checked-name")));
	if (trust)
		return untrusted(p);
	if (has(p, "revoked"))
		return bad(p, "certificate.revoked",
			   arena_printf(a, "the certificate of %s was revoked", name(p)));
	if (has(p, "weak"))
		return probe_warn(p, "certificate.weak", "%s, %s: too weak for today",
				  probe_get(p, "cert.$.key"), probe_get(p, "cert.$.signature"));
	return bad(p, "certificate.invalid", probe_get(p, "cert.$.verdict"));
}

static enum status run(struct probe *p)
{
	int64_t days = probe_number(p, "cert.$.days-left", 0);

	if (*probe_get(p, "cert.$.trouble"))
		return troubled(p);
	if (probe_has(p, "cert.$.unjudged"))
		return probe_unknown(p, "certificate.unjudged", "trust could not be judged: %s",
				     probe_get(p, "cert.$.unjudged"));
	if (inspected(p))
		return probe_warn(p, "tls.interception", "the certificate comes from %s, which "
				  "this machine trusts: something between opens the encryption",
				  who(p));
	if (days < SOON_DAYS)
		return probe_warn(p, "certificate.soon", "%s, %s; it ends in %lld days, on %s",
				  name(p), who(p), (long long)days,
				  day(p, "cert.$.not-after"));
	return probe_pass(p, "%s, %s, %lld days left", name(p), who(p), (long long)days);
}

const struct check check_tls_certificate = {
	.id		= "tls.certificate",
	.title		= "The certificate is valid and for this host",
	.label		= "certificate",
	.stage		= STAGE_TLS,
	.needs		= FACTS("cert.$.verdict"),
	.ports		= true,
	.unknown_counts	= true,
	.run		= run,
};
