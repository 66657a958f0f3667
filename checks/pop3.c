/*
 * pop3 - can mail be read there by POP3, with this login?
 *
 *	greeting, TLS (995: from the start, 110: STARTTLS), capabilities, and a login under TLS
 *
 * RFC 1939; RFC 2449; RFC 8314. Run at those ports, and where
 * --only names it: an SMTP server in its place is a finding. What is spoken is in talk/mailbox.c.
 */
#include "check/check.h"
#include "talk/talk.h"

static bool is_port(unsigned port)
{
	return port == 995 || port == 110;
}

static bool wanted(const struct ask *ask)
{
	return ask_has_port(ask, 995) || ask_has_port(ask, 110) || ask->picked;
}

static const struct talk_mailbox_findings names = {
	.silent = "pop3.silent", .broken = "pop3.broken", .tls = "pop3.tls",
	.turned_away = "pop3.turned-away", .not_spoken = "pop3.not-spoken",
	.no_starttls = "pop3.no-starttls", .certificate = "pop3.certificate",
	.no_login = "pop3.no-login", .refused = "pop3.refused",
};

static enum status run(struct probe *p)
{
	if (!is_port(probe_port(p)) && !probe_ask(p)->picked)
		return probe_idle(p, "port %u is not one of POP3", probe_port(p));
	return talk_mailbox(p, MAILBOX_POP3, &names);
}

const struct check check_pop3 = {
	.id		= "pop3.$",
	.title		= "Mail can be read by POP3",
	.label		= "POP3 $",
	.stage		= STAGE_AUTH,
	.needs		= FACTS("tcp.$.open"),
	.gives		= FACTS("pop3.$.state"),
	.after		= CHECKS("auth.login", "auth.plain", "auth.xoauth2", "auth.oauthbearer"),
	.ports		= true,
	.in_turn	= true,
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
