/*
 * smtp-data - is a message taken, too?
 *
 *	DATA, 354, the message and a dot, 250; one message, at the first endpoint that gets so far
 *
 * RFC 5321, 4.1.1.4. Some refusals come only now: Exchange Online judges the right to send as
 * somebody after the dot, and so it does with size, content and quota. Not run unless --data asks
 * for it: what is accepted is delivered.
 */
#include "check/check.h"
#include "talk/talk.h"

static bool wanted(const struct ask *ask)
{
	return ask->data && *ask->from && *ask->to;
}

static void tell(struct probe *p, const struct talk_sent *sent)
{
	const struct reply *r = sent->reply;

	probe_fact_bool(p, "smtp.$.data.accepted", sent->accepted);
	probe_fact(p, "smtp.$.data.decided-at", "%s", sent->at_dot ? "dot" : "command");
	probe_fact(p, "smtp.$.data.message-id", "%s", sent->message_id);
	if (r)
		probe_fact(p, "smtp.$.data.result", "%d%s%s", r->code, *r->enhanced ? " " : "",
			   r->enhanced);
	if (*sent->queue_id)
		probe_fact(p, "smtp.$.data.queue-id", "%s", sent->queue_id);
}

static enum status run(struct probe *p)
{
	struct smtp *s = talk_session(p);
	const struct ask *ask = probe_ask(p);
	struct talk_sent sent;

	if (probe_has(p, "data.asked-at")) {
		(void)smtp_try(s, STAGE_RCPT, "RSET");
		return probe_idle(p, "the message was sent to %s: one is enough",
				  probe_get(p, "data.asked-at"));
	}
	talk_send(p, s, ask->from, ask->to, &sent);
	if (sent.reply || sent.at_dot)
		probe_fact(p, "data.asked-at", "%s", probe_endpoint(p));
	tell(p, &sent);
	if (!sent.reply && sent.at_dot) {
		const struct failure *f = smtp_failure(s);
		bool ours = f->class == FAILURE_LOCAL || f->class == FAILURE_CANCELLED;

		probe_fact_bool(p, "smtp.$.data.in-doubt", true);
		return (ours ? probe_unknown :
			probe_fail)(p, "data.in-doubt",
				    "%s; the message may be delivered all the same", f->text);
	}
	if (!sent.reply)
		return talk_broken(p, s, "data.broken", "data.timeout");
	probe_reply(p, sent.reply);
	if (!sent.accepted)
		return probe_fail(p, sent.at_dot ? "data.refused" : "data.not-begun", "%s",
				  reply_flat(sent.reply, probe_arena(p)));
	return probe_pass(p, "taken for %s%s%s, which is not yet delivered: look for \"%s\" "
			  "there, in the junk folder, too",
			  ask->to, *sent.queue_id ? ", queue id " : "", sent.queue_id,
			  ask->letter && *ask->subject ? ask->subject : "Test message of smtpwhy");
}

const struct check check_smtp_data = {
	.id		= "smtp.data",
	.title		= "A message is accepted",
	.label		= "DATA",
	.stage		= STAGE_DATA,
	.needs		= FACTS("smtp.$.rcpt.accepted"),
	.gives		= FACTS("smtp.$.data.accepted"),
	.ports		= true,
	.talks		= true,
	.in_turn	= true,
	.optional	= true,
	.wanted		= wanted,
	.part		= CHECK_MAIN,
	.run		= run,
};
