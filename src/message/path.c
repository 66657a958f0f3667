/*
 * By which way it came: what the oldest lines, the organization fields and the envelope show
 * together.
 */
#include "message/inside.h"

#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "know/know.h"

static void found(struct message *m, const char *path, const char *words)
{
	if (!*m->path) {
		m->path = path;
		m->path_words = words;
	}
}

/* --- forwarders and lists --- */

/* "SRS0=hash=tt=domain=local@forwarder", "user+caf_=a=b@gmail.com". */
static bool is_rewritten(const char *envelope)
{
	return str_find_nocase(envelope, "SRS0=") || str_find_nocase(envelope, "SRS0+") ||
	       str_find_nocase(envelope, "SRS1=") || str_find_nocase(envelope, "+caf_=") ||
	       str_find_nocase(envelope, "bounces+SRS=");
}

static void read_list(struct message *m)
{
	const struct fields *f = &m->fields;

	m->list = *fields_value(f, "List-Id") || *fields_value(f, "List-Post") ||
		  *fields_value(f, "Mailing-List") ||
		  str_eq_nocase(fields_value(f, "Precedence"), "list");
}

/* The name of the service behind a domain, by the table; NULL = none is known. */
static const struct header_row *service(const struct message *m, const char *domain,
					const char *kind)
{
	return *domain ? know_header(m->know, "domain", kind, domain) : NULL;
}

static void read_forwarding(struct message *m)
{
	const struct fields *f = &m->fields;
	const struct authentication *auth = &m->auth;
	bool dkim_passes = str_eq(auth->dkim.result, "pass");
	const struct header_row *known =
		dkim_passes ? service(m, auth->dkim.domain, "forwarder") : NULL;
	bool spf_passes = str_eq(auth->spf.result, "pass"), dkim_foreign;

	m->forwarded_by = "";
	dkim_foreign = dkim_passes && !auth->dkim.aligned && *auth->dkim.domain && *m->from_domain;
	if (is_rewritten(m->envelope)) {
		m->forwarded = true;
		m->forwarded_by = m->envelope_domain;
		found(m, "forwarded", "the envelope sender was rewritten by a forwarder (SRS)");
	} else if (*fields_value(f, "X-Forwarded-For") || *fields_value(f, "X-Forwarded-To") ||
		   *fields_value(f, "Resent-From") ||
		   *fields_value(f, "X-MS-Exchange-ForwardingLoop") ||
		   *fields_value(f, "X-MS-Exchange-Inbox-Rules-Loop")) {
		m->forwarded = true;
		found(m, "forwarded", "a field of the header says that the message was forwarded");
	} else if (known) {
		m->forwarded = true;
		m->forwarded_by = auth->dkim.domain;
		found(m, "forwarded",
		      arena_printf(m->arena,
				   "its DKIM signature is that of %s, which forwards mail",
				   known->meaning));
	} else if (dkim_foreign && auth->spf.aligned && !spf_passes &&
		   !service(m, auth->dkim.domain, "sending-service")) {
		/* A service that sends for others uses a bounce domain of its own; a forwarder
		 * keeps the sender's. */
		m->forwarded = true;
		m->forwarded_by = auth->dkim.domain;
		found(m, "forwarded",
		      arena_printf(m->arena,
				   "the envelope sender is still of %s, but a server signed as %s "
				   "handed it in",
				   m->from_domain, auth->dkim.domain));
	}
	if (m->list && !*m->path)
		found(m, "list", "fields of a mailing list are there");
}

/* --- inside Microsoft 365 --- */

static const struct hop *oldest_of_microsoft(const struct message *m)
{
	for (size_t i = 0; i < m->n_hops; i++)
		if (host_is_microsoft(m->hops[i].by_host))
			return &m->hops[i];
	return NULL;
}

static bool is_front_door(const char *host)
{
	return str_find_nocase(host, ".protection.outlook.com") ||
	       str_has_suffix_nocase(host, ".mx.microsoft") ||
	       str_find_nocase(host, ".outlook.office365.com");
}

/* Handed in by somebody who had signed in: mechanisms 04 to 07 of the organization field. */
static void read_signed_in(struct message *m, const struct hop *first)
{
	const char *how = m->ms.auth_mechanism;

	if (str_eq_nocase(m->ms.auth_as, "Internal") && (str_eq(how, "06") || str_eq(how, "07"))) {
		found(m, "client-submission",
		      str_eq(how, "06")
			      ? "AuthAs Internal with mechanism 06: SMTP AUTH over TLS"
			      : "AuthAs Internal with mechanism 07: SMTP AUTH without TLS");
	} else if (str_eq_nocase(m->ms.auth_as, "Internal") &&
		   (str_eq(how, "03") || str_eq(how, "04"))) {
		found(m, "mailbox",
		      "AuthAs Internal with mechanism 04: sent from a mailbox by Outlook, Exchange "
		      "or Microsoft Graph");
	} else if (first == m->hops && str_has_prefix_nocase(first->with, "mapi")) {
		found(m, "mailbox",
		      "the oldest Received line is a mailbox's (mapi): Outlook, Exchange or "
		      "Microsoft Graph");
	} else if (first == m->hops && first->login) {
		found(m, "client-submission", "the first server names a login (ESMTPSA)");
	} else if (first == m->hops && !is_front_door(first->by_host) &&
		   !host_is_microsoft(first->helo) && *first->address &&
		   str_has_prefix_nocase(first->with, "Microsoft SMTP Server") &&
		   str_find_nocase(first->by_host, ".prod.outlook.com")) {
		found(m, "client-submission",
		      "a client handed it to a mailbox server of Exchange Online, which takes mail "
		      "only after a login");
	}
}

/* A connector of the tenant matched, or nothing but the MX. */
static void read_front_door(struct message *m)
{
	const struct microsoft *ms = &m->ms;

	if (*ms->connecting || str_eq_nocase(ms->entity, "HybridOnPrem") ||
	    (str_eq_nocase(ms->directionality, "Originating") &&
	     !str_eq_nocase(ms->auth_as, "Internal"))) {
		found(m, "smtp-relay",
		      *ms->connecting ? "an inbound connector of the tenant matched "
					"(OriginalAttributedTenantConnectingIp)"
				      : "the organization fields attribute it to the tenant's own "
					"connector");
		return;
	}
	if (str_eq_nocase(ms->auth_as, "Internal"))
		found(m, "internal", "AuthAs Internal: it was sent inside the organization");
	/* The recipient's own domain in the envelope, from outside, nobody signed in. */
	if (str_glob("6??", m->auth.reason) || str_eq(m->auth.reason, "010"))
		found(m, "direct-send",
		      "the sender is of the recipient's own organization, and nobody had signed "
		      "in: it came by the MX");
}

/* The recipient's domain by the To of the envelope, as far as Received lines name it. */
static const char *recipient_domain(const struct message *m)
{
	for (size_t i = m->n_hops; i-- > 0; )
		if (strchr(m->hops[i].recipient, '@'))
			return domain_of_address(m->arena, m->hops[i].recipient);
	return domain_of_address(m->arena, fields_value(&m->fields, "Delivered-To"));
}

static void read_sender(struct message *m)
{
	const struct authentication *auth = &m->auth;
	const struct hop *first = m->n_hops ? &m->hops[0] : NULL;
	const struct header_row *esp = NULL;

	/* Only what was verified: a foreign server may imitate a service. */
	if (str_eq(auth->dkim.result, "pass"))
		esp = service(m, auth->dkim.domain, "sending-service");
	if (!esp && str_eq(auth->spf.result, "pass"))
		esp = service(m, auth->spf.domain, "sending-service");
	if (!esp && m->border < m->n_hops)
		esp = service(m, m->hops[m->border].name, "sending-service");
	if (esp)
		found(m, "third-party", arena_printf(m->arena, "it came from %s", esp->meaning));
	if (first && first->login)
		found(m, "client-submission",
		      arena_printf(m->arena, "%s took it from a client that had signed in",
				   first->by_host));
	if (m->n_hops && m->border == 0 && *m->from_domain &&
	    domain_same_org(m->from_domain, recipient_domain(m)))
		found(m, "direct-send",
		      "it was handed straight to the recipient's own mail server, which is also "
		      "the sender's");
	else if (m->n_hops && m->border == 0)
		found(m, "server",
		      "the sending host handed it straight to the recipient's mail server");
	else if (m->n_hops && m->border < m->n_hops)
		found(m, "server", "other mail servers passed it on to the recipient's");
}

void path_read(struct message *m)
{
	const struct hop *first = oldest_of_microsoft(m);

	m->path = m->path_words = "";
	read_list(m);
	read_forwarding(m);
	if (first)
		read_signed_in(m, first);
	if (m->ms.receiver)
		read_front_door(m);
	read_sender(m);
}
