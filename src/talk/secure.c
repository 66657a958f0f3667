/*
 * secure - the facts of a handshake, and the verdict on one that failed.
 */
#include "base/clock.h"
#include "net/cert.h"
#include "net/tls.h"
#include "talk/talk.h"

static void fact(struct probe *p, const char *area, const char *what, const char *value)
{
	probe_fact(p, arena_printf(probe_arena(p), "%s.%s", area, what), "%s", value);
}

/* What is wrong with the chain, each by name: "expired name"; "" when it holds. */
static const char *troubles(struct arena *a, const struct cert_chain *c)
{
	struct strv names = { NULL, 0, 0 };

	for (unsigned bit = 1; bit && bit <= c->trouble; bit <<= 1)
		if (c->trouble & bit)
			strv_add(&names, a, cert_trouble_name(bit));
	return strv_join(&names, a, " ");
}

/* Of each certificate as sent, its digest and that of its key: what TLSA records are compared with
 * (checks/dns-dane.c). */
static void digest_facts(struct probe *p, const struct cert_chain *c)
{
	struct strv by256 = { NULL, 0, 0 }, by512 = { NULL, 0, 0 };
	struct arena *a = probe_arena(p);

	for (size_t i = 0; i < c->n; i++) {
		strv_addf(&by256, a, "%s:%s", c->certs[i].sha256, c->certs[i].key_sha256);
		strv_addf(&by512, a, "%s:%s", c->certs[i].sha512, c->certs[i].key_sha512);
	}
	fact(p, "cert.$", "chain-sha256", strv_join(&by256, a, " "));
	fact(p, "cert.$", "chain-sha512", strv_join(&by512, a, " "));
}

static void chain_facts(struct probe *p, const struct cert_chain *c)
{
	struct arena *a = probe_arena(p);
	const struct cert *leaf = c->certs;

	fact(p, "cert.$", "trouble", troubles(a, c));
	fact(p, "cert.$", "verdict", c->verdict);
	fact(p, "cert.$", "ocsp", c->ocsp);
	fact(p, "cert.$", "checked-name", c->checked_name);
	probe_fact_number(p, "cert.$.count", (int64_t)c->n);
	if (c->unjudged)
		fact(p, "cert.$", "unjudged", c->unjudged);
	if (!c->n)
		return;
	fact(p, "cert.$", "subject", leaf->subject);
	fact(p, "cert.$", "subject-cn", leaf->subject_cn);
	fact(p, "cert.$", "issuer", leaf->issuer);
	fact(p, "cert.$", "issuer-cn", leaf->issuer_cn);
	fact(p, "cert.$", "issuer-o", leaf->issuer_o);
	fact(p, "cert.$", "names", strv_join(&leaf->names, a, " "));
	fact(p, "cert.$", "not-before", clock_utc(a, leaf->not_before));
	fact(p, "cert.$", "not-after", clock_utc(a, leaf->not_after));
	probe_fact_number(p, "cert.$.days-left", (int64_t)(leaf->not_after - clock_wall()) / 86400);
	fact(p, "cert.$", "key", leaf->key);
	fact(p, "cert.$", "signature", leaf->signature);
	fact(p, "cert.$", "sha256", leaf->sha256);
	digest_facts(p, c);
	probe_fact_bool(p, "cert.$.self-signed", leaf->self_signed);
	if (c->dated_at < c->n)
		fact(p, "cert.$", "dated", c->certs[c->dated_at].subject);
}

void talk_tls_facts(struct probe *p, const struct smtp *s, const char *area)
{
	const struct tls_info *t = smtp_tls(s);
	const char *prefix = arena_printf(probe_arena(p), "smtp.$.%s", area);

	fact(p, "tls.$", "state", "ok");
	probe_fact_bool(p, "smtp.$.secure", true);
	fact(p, prefix, "version", t->version);
	fact(p, prefix, "cipher", t->cipher);
	fact(p, prefix, "group", t->group);
	if (t->chain)
		chain_facts(p, t->chain);
}

const char *talk_tls_words(struct probe *p, const struct smtp *s)
{
	const struct tls_info *t = smtp_tls(s);

	/* "TLS1.3" is for programs, "TLS 1.3" for people. */
	return arena_printf(probe_arena(p), "TLS %s, %s",
			    t->version + (str_has_prefix(t->version, "TLS") ? 3 : 0), t->cipher);
}

/* Is the alert about what each side can do, not about the certificate or a fault? */
static bool about_versions(const struct tls_failure *f)
{
	return f->alert == 70 || f->alert == 71 || f->alert == 40 || f->alert == 86;
}

enum status talk_tls_failed(struct probe *p, const struct smtp *s,
			    const struct talk_tls_findings *names)
{
	const struct tls_failure *f = smtp_tls_failure(s);

	if (!f)
		return probe_fail_step(p, names->failed, smtp_failure(s));
	if (*f->peer_bytes) {
		fact(p, "tls.$", "state", "plaintext");
		fact(p, "tls.$", "heard", f->peer_bytes);
		return probe_fail_step(p, names->plaintext, smtp_failure(s));
	}
	if (f->alert >= 0) {
		fact(p, "tls.$", "state", "alert");
		fact(p, "tls.$", "alert", f->alert_name);
		return probe_fail_step(p, about_versions(f) ? names->version : names->failed,
				       smtp_failure(s));
	}
	if (f->too_large) {
		fact(p, "tls.$", "state", "too-large");
		return probe_fail_step(p, names->too_large, smtp_failure(s));
	}
	if (f->timeout) {
		fact(p, "tls.$", "state", "timeout");
		return probe_fail_step(p, names->silent, smtp_failure(s));
	}
	fact(p, "tls.$", "state", f->closed || f->reset ? "closed" : "failed");
	return probe_fail_step(p, f->closed || f->reset ? names->closed : names->failed,
			       smtp_failure(s));
}
