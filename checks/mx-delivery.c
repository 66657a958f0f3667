/*
 * mx-delivery - who can deliver mail to the domain, and how?
 *
 *	at each address of each MX host: MAIL FROM in clear text, and STARTTLS with each kind of
 * key; against the MTA-STS policy and the TLSA records
 *
 * RFC 3207, RFC 7672, RFC 8461: the rules are in domain/delivery.c. The records by themselves are
 * judged in dns-dane.c and dns-mta-sts.c.
 */
#include "check/check.h"
#include "net/dns.h"
#include "net/net.h"
#include "talk/talk.h"

struct seen {
	struct delivery_seen	*row;
	size_t			 n;
	struct delivery		*of[DELIVERY_SENDERS];	/* one for each row */
	/* over all addresses; of one address the worse of its kinds of key */
	enum delivery_outcome	 best[DELIVERY_SENDERS], worst[DELIVERY_SENDERS];
	size_t			 addresses;
	bool			 tls_demanded;
};

static bool wanted(const struct ask *ask)
{
	return ask->kind != TARGET_HOST && !ask->submission && !*ask->via &&
	       (ask_has_port(ask, 25) || ask->picked);
}

static struct delivery_policy policy_of(struct probe *p, struct sts_policy *ret)
{
	static const struct { const char *state, *words; } missing[] = {
		{ "none", "no policy is published" },
		{ "invalid", "the record or the policy is not valid" },
		{ "unfetched", "the policy cannot be fetched" },
		{ "unknown", "the record cannot be looked up" },
	};
	struct delivery_policy policy = { .mode = STS_MODE_MISSING, .policy = NULL,
					  .missing = "" };
	const char *state = probe_get(p, "dns.mta-sts.state");

	for (size_t i = 0; i < ARRAY_LEN(missing); i++)
		if (str_eq(state, missing[i].state))
			policy.missing = missing[i].words;
	if (*policy.missing)
		return policy;
	for (enum sts_mode m = STS_MODE_NONE; m <= STS_MODE_ENFORCE; m++)
		if (str_eq(probe_get(p, "dns.mta-sts.mode"), sts_mode_name(m)))
			policy.mode = m;
	*ret = (struct sts_policy) { .mode = policy.mode };
	strv_split(&ret->mx, probe_arena(p), probe_get(p, "dns.mta-sts.mx"), ',');
	policy.policy = ret;
	return policy;
}

static bool same_address(const struct delivery_seen *a, const struct delivery_seen *b)
{
	return str_eq(a->host, b->host) && str_eq(a->address, b->address);
}

static void judge_sender(struct probe *p, struct seen *s, const struct delivery_policy *policy,
			 enum delivery_sender sender)
{
	enum delivery_outcome here = DELIVERY_UNKNOWN;

	s->of[sender] = arena_alloc(probe_arena(p), s->n * sizeof(*s->of[sender]));
	s->best[sender] = s->worst[sender] = DELIVERY_UNKNOWN;
	for (size_t i = 0; i < s->n; i++) {
		struct delivery d = delivery_judge(probe_arena(p), &s->row[i], policy, sender);
		bool more = i + 1 < s->n && same_address(&s->row[i], &s->row[i + 1]);

		s->of[sender][i] = d;
		here = delivery_worse(here, d.outcome);
		if (more)
			continue;
		s->best[sender] = delivery_better(s->best[sender], here);
		s->worst[sender] = delivery_worse(s->worst[sender], here);
		here = DELIVERY_UNKNOWN;
	}
}

/* --- how it came to that --- */

static void tell_table(struct probe *p, const struct seen *s)
{
	const char *head[DELIVERY_SENDERS], *o[DELIVERY_SENDERS];
	int host = (int)strlen("MX host"), address = (int)strlen("address");

	for (size_t i = 0; i < s->n; i++) {
		int h = (int)strlen(s->row[i].host), at = (int)strlen(s->row[i].address);

		host = h > host ? h : host;
		address = at > address ? at : address;
	}
	for (enum delivery_sender k = 0; k < DELIVERY_SENDERS; k++)
		head[k] = delivery_sender_name(k);
	probe_detail(p, "%-*s  %-*s  %-5s  %-13s  %-9s  %-16s  %-9s  %s", host, "MX host", address,
		     "address", "key", head[0], head[1], head[2], head[3], head[4]);
	for (size_t i = 0; i < s->n; i++) {
		const struct delivery_seen *r = &s->row[i];

		for (enum delivery_sender k = 0; k < DELIVERY_SENDERS; k++)
			o[k] = delivery_outcome_name(s->of[k][i].outcome);
		probe_detail(p, "%-*s  %-*s  %-5s  %-13s  %-9s  %-16s  %-9s  %s", host, r->host,
			     address, r->address, *r->key ? r->key : "-", o[0], o[1], o[2], o[3],
			     o[4]);
	}
}

/* Why, once for each reason: "mta-sts: deferred: the policy does not name it (RFC 8461, 4.1)". */
static void tell_reasons(struct probe *p, const struct seen *s)
{
	struct strv told = { NULL, 0, 0 };
	struct arena *a = probe_arena(p);

	for (enum delivery_sender k = 0; k < DELIVERY_SENDERS; k++) {
		for (size_t i = 0; i < s->n; i++) {
			const struct delivery *d = &s->of[k][i];
			const char *line = arena_printf(a, "%s: %s: %s (%s)",
							delivery_sender_name(k),
							delivery_outcome_name(d->outcome), d->why,
							d->rule);

			if (strv_has(&told, line))
				continue;
			strv_add(&told, a, line);
			probe_detail(p, "%s", line);
		}
	}
}

static void leave_facts(struct probe *p, const struct seen *s)
{
	struct strv rows = { NULL, 0, 0 };
	struct arena *a = probe_arena(p);

	for (size_t i = 0; i < s->n; i++) {
		struct strv one = { NULL, 0, 0 };

		strv_addf(&one, a, "%s %s %s", s->row[i].host, s->row[i].address,
			  *s->row[i].key ? s->row[i].key : "-");
		for (enum delivery_sender k = 0; k < DELIVERY_SENDERS; k++)
			strv_addf(&one, a, "%s=%s", delivery_sender_name(k),
				  delivery_outcome_name(s->of[k][i].outcome));
		strv_add(&rows, a, strv_join(&one, a, " "));
	}
	probe_fact(p, "mx.delivery.rows", "%s", strv_join(&rows, a, ", "));
	probe_fact_number(p, "mx.delivery.addresses", (int64_t)s->addresses);
	probe_fact_bool(p, "mx.delivery.tls-demanded", s->tls_demanded);
	for (enum delivery_sender k = 0; k < DELIVERY_SENDERS; k++)
		probe_fact(p, arena_printf(a, "mx.delivery.to.%s", delivery_sender_name(k)), "%s",
			   delivery_outcome_name(s->best[k]));
}

/* --- the verdict --- */

/* The first row at which that sender does not deliver; 0 when it delivers everywhere. */
static size_t stopped_at(const struct seen *s, enum delivery_sender k)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->of[k][i].outcome >= DELIVERY_DEFERRED)
			return i;
	return 0;
}

/* Nowhere: mail of these senders is lost in the end. */
static enum status nowhere(struct probe *p, const struct seen *s, enum delivery_sender k,
			   const char *finding)
{
	const struct delivery *d = &s->of[k][stopped_at(s, k)];

	if (s->best[k] == DELIVERY_BOUNCED)
		return probe_fail(p, finding, "%s get their mail back at once: %s",
				  delivery_sender_words(k), d->why);
	return probe_fail(p, finding, "%s cannot deliver to any MX host and return the mail after "
			  "days: %s", delivery_sender_words(k), d->why);
}

/* At some of the addresses, or with one of two kinds of key. */
static enum status somewhere(struct probe *p, const struct seen *s, enum delivery_sender k)
{
	size_t at = stopped_at(s, k);
	const struct delivery *d = &s->of[k][at];
	const struct delivery_seen *row = &s->row[at];

	for (size_t i = 0; i < s->n; i++)
		if (&s->row[i] != row && same_address(&s->row[i], row) &&
		    s->of[k][i].outcome < DELIVERY_UNKNOWN)
			return probe_warn(p, "delivery.key", "%s fail at %s (%s) where they choose "
					  "its %s key: %s", delivery_sender_words(k), row->host,
					  row->address, row->key, d->why);
	return probe_warn(p, "delivery.some", "%s do not deliver to %s (%s), so mail is late when "
			  "they try it first: %s", delivery_sender_words(k), row->host,
			  row->address, d->why);
}

/* With one kind of key, at one address? */
static bool any_delivers(const struct seen *s, enum delivery_sender k)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->of[k][i].outcome < DELIVERY_UNKNOWN)
			return true;
	return false;
}

static enum status judged(struct probe *p, const struct seen *s)
{
	static const struct { enum delivery_sender sender; const char *finding; } lost[] = {
		{ SENDER_OPPORTUNISTIC, "delivery.opportunistic" },
		{ SENDER_DANE, "delivery.dane" }, { SENDER_STS, "delivery.mta-sts" },
		{ SENDER_BOTH, "delivery.both" },
	};

	for (size_t i = 0; i < ARRAY_LEN(lost); i++)
		if (s->best[lost[i].sender] >= DELIVERY_DEFERRED &&
		    !any_delivers(s, lost[i].sender))
			return nowhere(p, s, lost[i].sender, lost[i].finding);
	for (size_t i = 0; i < ARRAY_LEN(lost); i++)
		if (s->worst[lost[i].sender] >= DELIVERY_DEFERRED)
			return somewhere(p, s, lost[i].sender);
	if (s->tls_demanded)
		return probe_warn(p, "delivery.tls-demanded", "mail without TLS is refused, so "
				  "senders that have no TLS cannot deliver; a public mail server "
				  "must not demand it (RFC 3207, 4)");
	if (s->best[SENDER_OPPORTUNISTIC] == DELIVERY_CLEAR)
		return probe_warn(p, "delivery.clear", "mail arrives in clear text: %s",
				  s->of[SENDER_OPPORTUNISTIC][0].why);
	if (str_eq(probe_get(p, "dns.mta-sts.mode"), "testing") &&
	    s->best[SENDER_STS_ENFORCED] >= DELIVERY_DEFERRED)
		return probe_warn(p, "delivery.testing", "the MTA-STS policy is in testing; in "
				  "mode enforce it would stop mail: %s",
				  s->of[SENDER_STS_ENFORCED][stopped_at(s,
					SENDER_STS_ENFORCED)].why);
	return probe_pass(p, "%zu address%s: opportunistic %s, MTA-STS %s, DANE %s", s->addresses,
			  s->addresses == 1 ? "" : "es",
			  delivery_outcome_name(s->best[SENDER_OPPORTUNISTIC]),
			  delivery_outcome_name(s->best[SENDER_STS]),
			  delivery_outcome_name(s->best[SENDER_DANE]));
}

static enum status run(struct probe *p)
{
	struct seen s = { .n = 0 };
	struct sts_policy policy;
	struct delivery_policy how;
	bool reached = false;

	s.n = talk_mx_visit(p, &s.row);
	for (size_t i = 0; i < s.n; i++) {
		reached |= s.row[i].reach >= DELIVERY_NO_STARTTLS;
		s.addresses += !i || !same_address(&s.row[i], &s.row[i - 1]);
		s.tls_demanded |= s.row[i].clear > CLEAR_ACCEPTED;
	}
	if (!s.n)
		return probe_idle(p, "no MX host has an address to try");
	if (!reached)
		return probe_idle(p, "no MX host can be asked from here: %s", s.row[0].why);
	how = policy_of(p, &policy);
	for (enum delivery_sender k = 0; k < DELIVERY_SENDERS; k++)
		judge_sender(p, &s, &how, k);
	leave_facts(p, &s);
	tell_table(p, &s);
	tell_reasons(p, &s);
	return judged(p, &s);
}

const struct check check_mx_delivery = {
	.id		= "mx.delivery",
	.title		= "Every kind of sender can deliver to the MX hosts",
	.label		= "delivery",
	.stage		= STAGE_TLS,
	.needs		= FACTS("dns.mx.status", "dns.mta-sts.state"),
	/* Their connections come first: some servers count them. */
	.after		= CHECKS("dns.dane", "tls.version", "smtp.rcpt-to", "direct-send.test"),
	.quiet		= true,
	.optional	= true,
	.wanted		= wanted,
	.run		= run,
};
