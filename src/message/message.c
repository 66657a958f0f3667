#include "message/message.h"

#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "domain/dmarc.h"
#include "message/inside.h"

/* --- who and what --- */

static const char *bounded(struct arena *a, const char *s)
{
	enum { LONGEST = 500 };

	return strlen(s) > LONGEST ? arena_strndup(a, s, LONGEST) : s;
}

static const char *envelope_of(const struct message *m)
{
	const char *v = fields_value(&m->fields, "Return-Path");

	return *v ? v : fields_value(&m->fields, "X-Envelope-From");
}

static void read_names(struct message *m)
{
	const struct fields *f = &m->fields;

	m->from = bounded(m->arena, fields_value(f, "From"));
	m->from_domain = domain_of_address(m->arena, m->from);
	m->envelope = bounded(m->arena, envelope_of(m));
	m->envelope_domain = domain_of_address(m->arena, m->envelope);
	m->subject = bounded(m->arena, fields_value(f, "Subject"));
	m->id = bounded(m->arena, fields_value(f, "Message-ID"));
	m->date = date_read(m->arena, span_of(fields_value(f, "Date")));
}

/* One that was already over when the last server took the message (RFC 6376, 3.5: x=). */
static void judge_expiry(const struct message *m, struct dkim_signature *d)
{
	const struct hop *last = m->n_hops ? &m->hops[m->n_hops - 1] : NULL;

	if (d->expires && !*d->fault && last && last->when.known && !last->clock &&
	    last->when.ms / 1000 > d->expires)
		d->fault = "it had expired (x=) when the message arrived";
}

static void read_signatures(struct message *m)
{
	size_t n = 0;

	m->signatures = arena_alloc(m->arena, LIMIT_SIGNATURES * sizeof(*m->signatures));
	for (const struct field *f = NULL; (f = fields_find(&m->fields, "DKIM-Signature", f));
	     n++) {
		if (m->n_signatures >= LIMIT_SIGNATURES)
			continue;
		dkim_read(m->arena, f->value, &m->signatures[m->n_signatures]);
		judge_expiry(m, &m->signatures[m->n_signatures++]);
	}
	if (n > m->n_signatures)
		strv_addf(&m->fields.notes, m->arena,
			  "There are %zu DKIM signatures; the first %zu were read.", n,
			  m->n_signatures);
}

/* Fields in which one word is the verdict. */
static void read_flags(struct message *m)
{
	static const struct { const char *name, *spam;
	} flags[] = {
		{ "X-Spam-Flag", "yes*" },
		{ "X-Spam", "yes*" },
		{ "X-Gm-Spam", "1*" },
		{ "X-Yandex-Spam", "4*" },
		{ "X-Rspamd-Action", "add header*" },
		{ "X-Rspamd-Action", "rewrite subject*" },
		{ "X-Proofpoint-Spam-Details", "rule=spam*" },
		{ "X-Barracuda-Spam-Flag", "yes*" },
	};

	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		if (!str_glob(flags[i].spam, fields_value(&m->fields, flags[i].name)))
			continue;
		m->spam.yes = m->spam.there = true;
		m->spam_field = flags[i].name;
	}
}

static void read_spam(struct message *m)
{
	static const char *const lists[] = { "X-Spam-Status", "X-Spam-Report-Status",
					     "X-Barracuda-Spam-Status" };
	const char *v = "";

	for (size_t i = 0; i < ARRAY_LEN(lists) && !*v; i++) {
		v = fields_value(&m->fields, lists[i]);
		m->spam_field = lists[i];
	}
	if (*v) {
		spam_status_read(m->arena, v, &m->spam);
	} else {
		rspamd_result_read(m->arena, fields_value(&m->fields, "X-Spamd-Result"), &m->spam);
		m->spam_field = "X-Spamd-Result";
	}
	if (!m->spam.yes)
		read_flags(m);
}

/* A copied value without its name says enough: "spf=pass ... compauth=fail reason=001". */
static void read_bare(struct message *m, struct span text)
{
	static const struct { const char *mark, *name;
	} bare[] = {
		{ "compauth=", "Authentication-Results" },
		{ "dmarc=", "Authentication-Results" },
		{ "SFV:", "X-Forefront-Antispam-Report" },
		{ "OFR:", "X-Microsoft-Antispam-Mailbox-Delivery" },
	};
	enum { LONGEST = 8 * 1024 };
	struct fields *f = &m->fields;

	if (f->n || text.len > LONGEST)
		return;
	for (size_t i = 0; i < ARRAY_LEN(bare) && !f->n; i++) {
		if (!span_find_nocase(text, span_of(bare[i].mark)))
			continue;
		f->v = arena_grow(m->arena, f->v, f->n, &f->cap, sizeof(*f->v));
		f->v[f->n++] = (struct field){
			.raw = text,
			.name = bare[i].name,
			.value = span_dup(m->arena, span_trim(text)),
			.line = 1,
		};
		f->exact = false;
		strv_addf(&f->notes, m->arena, "The text has no field name; it was read as %s.",
			  bare[i].name);
	}
}

/* --- who received it --- */

static const char *known_receiver(const char *host)
{
	static const struct { const char *end, *name;
	} known[] = {
		{ "google.com", "Gmail" },     { "gmail.com", "Gmail" },
		{ "yahoo.com", "Yahoo" },      { "yahoo.net", "Yahoo" },
		{ "icloud.com", "iCloud" },    { "me.com", "iCloud" },
		{ "protonmail.ch", "Proton" }, { "messagingengine.com", "Fastmail" },
		{ "gmx.net", "GMX" },          { "web.de", "WEB.DE" },
		{ "mail.ru", "Mail.ru" },      { "yandex.net", "Yandex" },
	};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (domain_within(host, known[i].end))
			return known[i].name;
	return NULL;
}

static void read_receiver(struct message *m)
{
	const char *by = m->border < m->n_hops ? m->hops[m->border].by_host : "";
	const char *name = *by ? known_receiver(by) : NULL;

	if (!name && m->auth.trust != TRUST_NONE && m->auth.trust != TRUST_FILTER)
		name = known_receiver(m->auth.by);
	if (m->ms.receiver && m->ms.cloud)
		name = m->ms.consumer ? "Outlook.com" : "Microsoft";
	m->receiver = name ? name : psl_org(by);
}

struct message *message_read(struct arena *a, const struct know *know, struct span text)
{
	struct message *m = arena_alloc(a, sizeof(*m));

	*m = (struct message) { .arena = a, .know = know, .receiver = "", .forwarded_by = "",
			       .verified = { .why_not = "" } };
	fields_read(a, text, &m->fields);
	read_bare(m, text);
	read_names(m);
	hops_read(m);
	microsoft_read(m);
	read_spam(m);
	auth_read(m);
	if (!*m->envelope_domain) {
		m->envelope_domain = m->auth.spf.domain;
	}
	auth_of_filter(m);
	read_signatures(m);
	path_read(m);
	read_receiver(m);
	decode_all(m);
	return m;
}

bool message_delivered(const struct message *m)
{
	return m->n_hops > 0 || m->auth.trust != TRUST_NONE || m->spam.there || *m->ms.scl ||
	       m->ms.delivery.n || m->ms.report.n || m->greylisted_s > 0;
}

/* --- alignment in a sentence --- */

static const char *part(const struct message *m, const char *name, const struct identity_check *c,
			const char *of)
{
	struct arena *a = m->arena;

	if (!*c->result)
		return arena_printf(a, "%s is not mentioned", name);
	if (str_eq(c->result, "none") && !*c->domain)
		return arena_printf(a, "%s none", name);
	if (!*c->domain)
		return arena_printf(a, "%s %s", name, c->result);
	if (!str_eq(c->result, "pass"))
		return arena_printf(a, "%s %s for %s%s", name, c->result, of, c->domain);
	if (!*m->from_domain)
		return arena_printf(a, "%s passes for %s%s", name, of, c->domain);
	return arena_printf(a, "%s passes for %s%s, which is %saligned", name, of, c->domain,
			    c->aligned ? "" : "not ");
}

const char *message_alignment(const struct message *m)
{
	const struct authentication *auth = &m->auth;

	if (!*auth->spf.result && !*auth->dkim.result && !*auth->dmarc.result)
		return "";
	return arena_printf(
		m->arena, "From is %s: %s; %s%s%s.", *m->from_domain ? m->from_domain : "unknown",
		part(m, "SPF", &auth->spf, "envelope sender "), part(m, "DKIM", &auth->dkim, "d="),
		*auth->dmarc.result ? "; DMARC " : "", auth->dmarc.result);
}
