/*
 * imap - can mail be read there by IMAP, with this login?
 *
 *	greeting, TLS (993: from the start, 143: STARTTLS), capabilities, and a login under TLS
 *
 * RFC 9051; RFC 8314. Run at those ports, and where
 * --only names it: an SMTP server in its place is a finding. What is spoken is in talk/mailbox.c.
 */
#include "check/check.h"
#include "talk/talk.h"

static bool is_port(unsigned port)
{
	return port == 993 || port == 143;
}

static bool wanted(const struct ask *ask)
{
	return ask_has_port(ask, 993) || ask_has_port(ask, 143) || ask->picked;
}

static const struct talk_mailbox_findings names = {
	.silent = "imap.silent", .broken = "imap.broken", .tls = "imap.tls",
	.turned_away = "imap.turned-away", .not_spoken = "imap.not-spoken",
	.no_starttls = "imap.no-starttls", .certificate = "imap.certificate",
	.no_login = "imap.no-login", .refused = "imap.refused",
};

static enum status run(struct probe *p)
{
	if (!is_port(probe_port(p)) && !probe_ask(p)->picked)
		return probe_idle(p, "port %u is not one of IMAP", probe_port(p));
	return talk_mailbox(p, MAILBOX_IMAP, &names);
}

const struct check check_imap = {
	.id		= "imap.$",
	.title		= "Mail can be read by IMAP",
	.label		= "IMAP $",
	.stage		= STAGE_AUTH,
	.needs		= FACTS("tcp.$.open"),
	.gives		= FACTS("imap.$.state"),
	.after		= CHECKS("auth.login", "auth.plain", "auth.xoauth2", "auth.oauthbearer"),
	.ports		= true,
	.in_turn	= true,
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
