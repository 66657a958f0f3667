/*
 * smtp-rcpt-to - does the server take mail for this recipient from here?
 *
 *	RCPT TO, 250, RSET (with --data, smtp.data goes on from here)
 *
 * RFC 5321, 4.1.1.3. Nothing is sent. 250 is no promise of delivery.
 */
#include "check/check.h"
#include "talk/talk.h"

static bool wanted(const struct ask *ask)
{
	/* With a list of senders the recipient is asked about for each of them (smtp.senders). */
	return *ask->to && !ask->direct_send && (*ask->from || !ask->senders.n);
}

static enum status run(struct probe *p)
{
	struct smtp *s = talk_session(p);
	const struct ask *ask = probe_ask(p);
	const struct reply *r;

	r = smtp_try(s, STAGE_RCPT, "RCPT TO:<%s>", ask->to);
	if (!r)
		return talk_broken(p, s, "rcpt.broken", "rcpt.timeout");
	probe_fact(p, "smtp.$.rcpt.result", "%d%s%s", r->code, *r->enhanced ? " " : "",
		   r->enhanced);
	probe_fact_bool(p, "smtp.$.rcpt.accepted", r->code == 250 || r->code == 251);
	talk_reply_facts(p, r);
	/*
	 * The transaction is over, unless smtp.data goes on with it; what the server says to that
	 * is of no interest.
	 */
	if (!ask->data || r->code / 100 != 2)
		(void)smtp_try(s, STAGE_RCPT, "RSET");
	if (r->code == 250 || r->code == 251)
		return probe_pass(p, "%s is accepted", ask->to);
	probe_reply(p, r);
	return probe_fail(p, "rcpt.refused", "%s", reply_flat(r, probe_arena(p)));
}

const struct check check_smtp_rcpt_to = {
	.id		= "smtp.rcpt-to",
	.title		= "The recipient is accepted",
	.label		= "RCPT TO",
	.stage		= STAGE_RCPT,
	.needs		= FACTS("smtp.$.mail.accepted"),
	.gives		= FACTS("smtp.$.rcpt.accepted"),
	.ports		= true,
	.talks		= true,
	.optional	= true,
	.wanted		= wanted,
	.part		= CHECK_MAIN,
	.run		= run,
};
