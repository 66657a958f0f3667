/*
 * smtp-mail-from - may one send as this sender?
 *
 *	MAIL FROM, 250; RSET when no recipient is asked about
 *
 * RFC 5321, 4.1.1.2. Nothing is sent: DATA never follows. Some servers judge the sender later, at
 * RCPT TO or after the message. Where a certain message follows (smtpwhy send), its size is
 * declared, and that it has 8-bit letters: a server may refuse it before it is sent.
 */
#include "check/check.h"
#include "proto/letter.h"
#include "talk/talk.h"

static bool wanted(const struct ask *ask)
{
	/* What --direct-send-test asks is not asked twice. */
	return *ask->from && !ask->direct_send;
}

/* "<>" and "scan@contoso.com" alike as a path in brackets. */
static const char *path_of(struct arena *a, const char *address)
{
	return address[0] == '<' ? address : arena_printf(a, "<%s>", address);
}

static bool needs_utf8(const char *address)
{
	for (; *address; address++)
		if ((unsigned char)*address >= 0x80)
			return true;
	return false;
}

/* SMTPUTF8 (RFC 6531, 3.4), BODY=8BITMIME (RFC 6152, 2), SIZE (RFC 1870, 4); the last two only
 * where they are offered. */
static const char *parameters(struct probe *p, const struct smtp *s, bool utf8)
{
	const struct letter_sent *letter = probe_ask(p)->letter;
	bool eight = letter ? letter->eight_bit : utf8 && probe_ask(p)->data;
	struct arena *a = probe_arena(p);

	return arena_printf(a, "%s%s%s", utf8 ? " SMTPUTF8" : "",
			    eight && smtp_offers(s, "8BITMIME") ? " BODY=8BITMIME" : "",
			    letter && smtp_offers(s, "SIZE") ?
			    arena_printf(a, " SIZE=%zu", letter->n) : "");
}

static enum status run(struct probe *p)
{
	struct smtp *s = talk_session(p);
	const struct ask *ask = probe_ask(p);
	const char *path = path_of(probe_arena(p), ask->from);
	bool utf8 = needs_utf8(path) || needs_utf8(ask->to);
	const struct reply *r;

	if (probe_has(p, "auth.$.accepted") && !probe_true(p, "auth.$.accepted"))
		return probe_skip(p, "the login was refused");
	/* What a server answers to a stranger would be taken for what it answers to the user. */
	if (*ask->user && (ask->password || ask->token) && !probe_true(p, "auth.$.accepted"))
		return probe_skip(p, "the login was not made");
	if (utf8 && !smtp_offers(s, "SMTPUTF8"))
		return probe_fail(p, "mail.no-utf8", "an address with letters beyond ASCII needs "
				  "SMTPUTF8, which is not offered");
	r = smtp_try(s, STAGE_MAIL, "MAIL FROM:%s%s", path, parameters(p, s, utf8));
	if (!r)
		return talk_broken(p, s, "mail.broken", "mail.timeout");
	probe_fact(p, "smtp.$.mail.result", "%d%s%s", r->code, *r->enhanced ? " " : "",
		   r->enhanced);
	probe_fact_bool(p, "smtp.$.mail.accepted", r->code == 250);
	talk_reply_facts(p, r);
	if (r->code != 250) {
		probe_reply(p, r);
		return probe_fail(p, "mail.refused", "%s", reply_flat(r, probe_arena(p)));
	}
	/* What follows a good answer is of no interest. */
	if (!*ask->to)
		(void)smtp_try(s, STAGE_MAIL, "RSET");
	return probe_pass(p, "%s may send", *ask->from == '<' ? "the empty sender" : ask->from);
}

const struct check check_smtp_mail_from = {
	.id		= "smtp.mail-from",
	.title		= "The sender is accepted",
	.label		= "MAIL FROM",
	.stage		= STAGE_MAIL,
	.needs		= FACTS("smtp.$.session"),
	.gives		= FACTS("smtp.$.mail.accepted"),
	.after		= CHECKS("auth.login", "auth.plain", "auth.xoauth2", "auth.oauthbearer"),
	.ports		= true,
	.talks		= true,
	.optional	= true,
	.wanted		= wanted,
	.part		= CHECK_MAIN,
	.run		= run,
};
