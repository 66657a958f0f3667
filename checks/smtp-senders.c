/*
 * smtp-senders - as whom may this login send?
 *
 *	for each address of --from-list: MAIL FROM, RCPT TO with --to, the message with --data, RSET
 *
 * RFC 5321, 4.1.1.2 and 4.1.1.5. One session, one login. A server may end a session after some
 * errors (4.3.2, 7.8 of the same): then there is one more, with the login that was good
 * before, and no third.
 */
#include "check/check.h"
#include "sending/senders.h"
#include "talk/talk.h"

/* What is done in turn, and on which conversation. */
struct trial {
	struct probe		*p;
	struct senders		*all;
	struct smtp		*s;
	struct smtp		*second;	/* NULL while the first one lasts */
	bool			 late;		/* this server judges senders after the message */
	/* Exchange Online holds the mailbox back after too many refusals */
	bool			 held;
};

enum outcome_of_one { ASKED, LOST, LOST_AFTER_DOT };

static bool wanted(const struct ask *ask)
{
	return ask->senders.n > 0;
}

static const char *flat(const struct trial *t, const struct reply *r)
{
	return reply_flat(r, probe_arena(t->p));
}

static bool needs_utf8(const char *address)
{
	while (*address && (unsigned char)*address < 0x80)
		address++;
	return *address;
}

/* True when the reply is the end of the matter for this sender. */
static bool settled(struct trial *t, struct sender *one, enum stage stage, const struct reply *r)
{
	one->stage = stage;
	one->reply = r;
	talk_reply_facts(t->p, r);
	if (r->code / 100 == 2)
		return false;
	one->verdict = r->code / 100 == 5 ? SENDER_REFUSED : SENDER_UNTESTED;
	one->why = r->code / 100 == 5 ? "" : "the server asks to come later";
	/*
	 * https://learn.microsoft.com/exchange/mail-flow-best-practices/continuous-error-throttling-smtp-auth-submissions
	 */
	if (str_find_nocase(flat(t, r), "continuous send as denied errors")) {
		t->held = true;
		one->verdict = SENDER_UNTESTED;
		one->why = "the mailbox is held back for too many refusals";
	}
	return true;
}

static enum outcome_of_one message(struct trial *t, struct sender *one)
{
	struct talk_sent sent;

	talk_send(t->p, t->s, one->from, probe_ask(t->p)->to, &sent);
	if (!sent.reply)
		return sent.at_dot ? LOST_AFTER_DOT : LOST;
	if (settled(t, one, STAGE_DATA, sent.reply))
		return ASKED;
	one->verdict = SENDER_ACCEPTED;
	one->why = *sent.queue_id ? arena_printf(probe_arena(t->p), "queue id %s", sent.queue_id) :
		   "";
	return ASKED;
}

static enum outcome_of_one try_one(struct trial *t, struct sender *one)
{
	const struct ask *ask = probe_ask(t->p);
	bool utf8 = needs_utf8(one->from);
	const struct reply *r;

	if (utf8 && !smtp_offers(t->s, "SMTPUTF8")) {
		one->why = "letters beyond ASCII need SMTPUTF8, which is not offered";
		return ASKED;
	}
	r = smtp_try(t->s, STAGE_MAIL, "MAIL FROM:<%s>%s", one->from, utf8 ? " SMTPUTF8" : "");
	if (!r || r->code == 421)
		return LOST;
	if (settled(t, one, STAGE_MAIL, r))
		return ASKED;
	if (*ask->to) {
		r = smtp_try(t->s, STAGE_RCPT, "RCPT TO:<%s>", ask->to);
		if (!r || r->code == 421)
			return LOST;
		if (settled(t, one, STAGE_RCPT, r))
			return ASKED;
	}
	if (ask->data)
		return message(t, one);
	one->verdict = t->late || !*ask->to ? SENDER_OPEN : SENDER_ACCEPTED;
	if (one->verdict == SENDER_OPEN)
		one->why = t->late ?
			   "not refused so far; only known after the message, which --data sends" :
			   "not refused so far; many servers judge the sender only at the "
			   "recipient: give --to ADDRESS";
	return ASKED;
}

/* Once more, from a good login on. False when there will be no more asking. */
static bool go_on(struct trial *t, size_t done, const struct sender *next)
{
	struct arena *a = probe_arena(t->p);
	const struct failure *f = smtp_failure(t->s);
	const char *said = smtp_reply(t->s) ? flat(t, smtp_reply(t->s)) : "it said nothing";
	const char *words = f && f->class != FAILURE_REFUSED ? f->text : said;
	const char *count = arena_printf(a, "the server ended the session after %zu of %zu senders "
					 "(%s)", done, t->all->n, words);

	if (probe_cancelled(t->p))
		return false;
	if (t->second) {
		t->all->note = arena_printf(a, "%s; at %s it ended the second one, too (%s): the "
					    "rest was not asked", t->all->note, next->from, words);
		return false;
	}
	t->all->again = true;
	t->second = talk_reconnect_ready(t->p);
	t->all->note = arena_printf(a,
				    t->second ? "%s; the rest was asked in a second one" :
				    "%s, and a second one did not get as far as the login: the "
				    "rest was not asked",
				    count);
	t->s = t->second;
	return t->second != NULL;
}

static void try_all(struct trial *t)
{
	for (size_t i = 0; i < t->all->n; i++) {
		struct sender *one = &t->all->v[i];
		enum outcome_of_one how = try_one(t, one);

		if (how == LOST_AFTER_DOT) {
			one->why = "no answer came after the message: it may be delivered all the "
				   "same";
			one->stage = STAGE_DATA;
		}
		if (how != ASKED && !go_on(t, i, one))
			return;
		if (t->held) {
			t->all->note = arena_printf(probe_arena(t->p), "after %zu of %zu senders "
						    "Exchange Online holds the mailbox back for "
						    "too many refusals: the rest was not asked",
						    i + 1, t->all->n);
			return;
		}
		if (how == LOST)
			i--;
		else if (how == ASKED && !smtp_try(t->s, STAGE_MAIL, "RSET") && i + 1 < t->all->n &&
			 !go_on(t, i + 1, one + 1))
			return;
	}
}

static void facts(struct probe *p, const struct senders *all)
{
	struct arena *a = probe_arena(p);

	probe_fact(p, "senders.asked-at", "%s", all->endpoint);
	probe_fact_number(p, "senders.count", (int64_t)all->n);
	for (enum sender_verdict v = SENDER_UNTESTED; v <= SENDER_OPEN; v++)
		probe_fact_number(p, arena_printf(a, "senders.%s", sender_verdict_name(v)),
				  (int64_t)senders_count(all, v));
	probe_fact_bool(p, "senders.again", all->again);
	for (size_t i = 0; i < all->n; i++) {
		const struct sender *one = &all->v[i];

		probe_fact(p, arena_printf(a, "senders.%zu.from", i + 1), "%s", one->from);
		probe_fact(p, arena_printf(a, "senders.%zu.verdict", i + 1), "%s",
			   sender_verdict_name(one->verdict));
		if (one->reply)
			probe_fact(p, arena_printf(a, "senders.%zu.result", i + 1), "%d%s%s",
				   one->reply->code,
				   *one->reply->enhanced ? " " : "", one->reply->enhanced);
		if (one->verdict == SENDER_REFUSED && !probe_has(p, "senders.first-refused"))
			probe_fact(p, "senders.first-refused", "%s", one->from);
	}
}

/* What each refused one needs; the first one's reply stands for all in the diagnosis. */
static void grants(struct probe *p, struct senders *all)
{
	const char *trustee = probe_true(p, "token.app-only") && probe_has(p, "token.oid") ?
			      probe_get(p, "token.oid") : all->user;
	bool first = true;

	for (size_t i = 0; i < all->n; i++) {
		if (all->v[i].verdict != SENDER_REFUSED)
			continue;
		sender_grant(probe_arena(p), probe_ask(p)->know, probe_get(p, "target.provider"),
			     all->user, trustee, &all->v[i]);
		if (first)
			probe_reply(p, all->v[i].reply);
		first = false;
	}
}

static struct senders *senders_of(struct probe *p)
{
	const struct ask *ask = probe_ask(p);
	struct senders *all = arena_alloc(probe_arena(p), sizeof(*all));

	*all = (struct senders) { .endpoint = probe_endpoint(p), .user = ask->user, .to = ask->to,
				  .data = ask->data, .note = "", .n = ask->senders.n };
	all->v = arena_alloc(probe_arena(p), all->n * sizeof(*all->v));
	for (size_t i = 0; i < all->n; i++)
		all->v[i] = sender_untested(ask->senders.v[i]);
	return all;
}

static enum status verdict(struct probe *p, const struct senders *all)
{
	size_t refused = senders_count(all, SENDER_REFUSED),
		untested = senders_count(all, SENDER_UNTESTED),
		open = senders_count(all, SENDER_OPEN);
	const char *words = arena_printf(probe_arena(p), "of %zu senders %zu may send, %zu "
					 "refused, %zu not known%s%s", all->n,
					 senders_count(all, SENDER_ACCEPTED), refused,
					 untested + open, *all->note ? "; " : "", all->note);

	if (refused)
		return probe_fail(p, "senders.refused", "%s", words);
	if (untested + open)
		return probe_unknown(p, "senders.untested", "%s", words);
	return probe_pass(p, "%s", words);
}

static enum status run(struct probe *p)
{
	struct trial t = { .p = p, .s = talk_session(p) };
	const char *provider = probe_get(p, "target.provider");

	if (probe_has(p, "senders.asked-at"))
		return probe_idle(p, "they were asked at %s: once is enough",
				  probe_get(p, "senders.asked-at"));
	if (probe_has(p, "auth.$.accepted") && !probe_true(p, "auth.$.accepted"))
		return probe_skip(p, "the login was refused");
	if (!probe_true(p, "auth.$.accepted"))
		return probe_skip(p, "the login was not made");
	/* Exchange Online judges the right to send as somebody after the dot (field report). */
	t.late = str_has_prefix(provider, "m365") || str_eq(provider, "outlook.com") ||
		 str_eq(probe_get(p, "smtp.$.greeting.product"), "exchange");
	t.all = senders_of(p);
	probe_senders(p, t.all);
	try_all(&t);
	talk_reconnect_end(p, t.second);
	grants(p, t.all);
	facts(p, t.all);
	return verdict(p, t.all);
}

const struct check check_smtp_senders = {
	.id		= "smtp.senders",
	.title		= "The login may send as all that are wanted",
	.label		= "senders",
	.stage		= STAGE_MAIL,
	.needs		= FACTS("smtp.$.session"),
	.gives		= FACTS("senders.count"),
	.after		= CHECKS("auth.login", "auth.plain", "auth.xoauth2", "auth.oauthbearer"),
	.ports		= true,
	.talks		= true,
	.in_turn	= true,
	.optional	= true,
	.wanted		= wanted,
	.part		= CHECK_MAIN,
	.run		= run,
};
