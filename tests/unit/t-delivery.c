/*
 * t-delivery - what each kind of sender does at one address: the rules of RFC 3207, 7672 and 8461,
 * a case for each branch, and next to it the neighbour that differs in one thing.
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "domain/delivery.h"

/* Which TLSA answer; the policy's mode; what the five kinds of sender do, by first letters. */
static const struct test {
	const char		*name;
	enum delivery_reach	 reach;
	enum delivery_clear	 clear;
	const char		*distrust;	/* "" = trusted, NULL = not judged */
	enum dane_result	 dane;
	enum sts_mode		 mode;
	bool			 named;		/* by the policy */
	const char		*want;		/* opportunistic, sts, enforced, dane, both */
} tests[] = {
	{ "no TLSA, no policy", DELIVERY_TLS, CLEAR_ACCEPTED, "", DANE_NONE, STS_MODE_MISSING,
	  true, "eeeee" },
	{ "... and a bad certificate", DELIVERY_TLS, CLEAR_ACCEPTED, "name", DANE_NONE,
	  STS_MODE_MISSING, true, "eedee" },
	{ "... and one that nobody judged", DELIVERY_TLS, CLEAR_ACCEPTED, NULL, DANE_NONE,
	  STS_MODE_MISSING, true, "eeuee" },
	{ "... and no STARTTLS", DELIVERY_NO_STARTTLS, CLEAR_ACCEPTED, "", DANE_NONE,
	  STS_MODE_MISSING, true, "ccdcc" },
	{ "... which MAIL FROM demands", DELIVERY_NO_STARTTLS, CLEAR_REFUSED, "", DANE_NONE,
	  STS_MODE_MISSING, true, "bbdbb" },
	{ "... by a temporary reply", DELIVERY_NO_STARTTLS, CLEAR_DEFERRED, "", DANE_NONE,
	  STS_MODE_MISSING, true, "ddddd" },
	{ "... where MAIL FROM says something else", DELIVERY_NO_STARTTLS, CLEAR_UNKNOWN, "",
	  DANE_NONE, STS_MODE_MISSING, true, "ccdcc" },
	{ "a handshake that fails", DELIVERY_TLS_FAILED, CLEAR_ACCEPTED, "", DANE_NONE,
	  STS_MODE_MISSING, true, "ccdcc" },
	{ "... and clear text is refused", DELIVERY_TLS_FAILED, CLEAR_REFUSED, "", DANE_NONE,
	  STS_MODE_MISSING, true, "bbdbb" },
	{ "no connection", DELIVERY_UNREACHED, CLEAR_UNKNOWN, "", DANE_FITS, STS_MODE_ENFORCE,
	  true, "ddddd" },
	{ "not asked by us", DELIVERY_NOT_TRIED, CLEAR_UNKNOWN, "", DANE_MISFITS,
	  STS_MODE_ENFORCE, true, "uuuuu" },

	{ "enforce, kept", DELIVERY_TLS, CLEAR_ACCEPTED, "", DANE_NONE, STS_MODE_ENFORCE, true,
	  "eeeee" },
	{ "enforce, a bad certificate", DELIVERY_TLS, CLEAR_ACCEPTED, "expired", DANE_NONE,
	  STS_MODE_ENFORCE, true, "edded" },
	{ "enforce, another host", DELIVERY_TLS, CLEAR_ACCEPTED, "", DANE_NONE, STS_MODE_ENFORCE,
	  false, "edded" },
	{ "enforce, no STARTTLS", DELIVERY_NO_STARTTLS, CLEAR_ACCEPTED, "", DANE_NONE,
	  STS_MODE_ENFORCE, true, "cddcd" },
	{ "testing, a bad certificate", DELIVERY_TLS, CLEAR_ACCEPTED, "expired", DANE_NONE,
	  STS_MODE_TESTING, true, "eedee" },
	{ "testing, another host", DELIVERY_TLS, CLEAR_ACCEPTED, "", DANE_NONE, STS_MODE_TESTING,
	  false, "eedee" },
	{ "testing, no STARTTLS", DELIVERY_NO_STARTTLS, CLEAR_ACCEPTED, "", DANE_NONE,
	  STS_MODE_TESTING, true, "ccdcc" },
	{ "none, a bad certificate", DELIVERY_TLS, CLEAR_ACCEPTED, "expired", DANE_NONE,
	  STS_MODE_NONE, true, "eedee" },
	{ "none: its hosts do not count", DELIVERY_TLS, CLEAR_ACCEPTED, "", DANE_NONE,
	  STS_MODE_NONE, false, "eeeee" },

	{ "TLSA that fits, a bad certificate", DELIVERY_TLS, CLEAR_ACCEPTED, "self-signed",
	  DANE_FITS, STS_MODE_MISSING, true, "eedee" },
	{ "... under a policy: DANE comes first", DELIVERY_TLS, CLEAR_ACCEPTED, "self-signed",
	  DANE_FITS, STS_MODE_ENFORCE, true, "eddee" },
	{ "TLSA for another key", DELIVERY_TLS, CLEAR_ACCEPTED, "", DANE_MISFITS,
	  STS_MODE_MISSING, true, "eeedd" },
	{ "... MTA-STS must not override it", DELIVERY_TLS, CLEAR_ACCEPTED, "", DANE_MISFITS,
	  STS_MODE_ENFORCE, true, "eeedd" },
	{ "... not validated: nobody looks", DELIVERY_TLS, CLEAR_ACCEPTED, "", DANE_INSECURE,
	  STS_MODE_MISSING, true, "eeeee" },
	{ "... and MTA-STS binds then", DELIVERY_TLS, CLEAR_ACCEPTED, "name", DANE_INSECURE,
	  STS_MODE_ENFORCE, true, "edded" },
	{ "TLSA, no STARTTLS", DELIVERY_NO_STARTTLS, CLEAR_ACCEPTED, "", DANE_UNSEEN,
	  STS_MODE_MISSING, true, "ccddd" },
	{ "TLSA, a handshake that fails", DELIVERY_TLS_FAILED, CLEAR_ACCEPTED, "", DANE_UNSEEN,
	  STS_MODE_MISSING, true, "ccddd" },
	{ "unusable TLSA demands TLS", DELIVERY_NO_STARTTLS, CLEAR_ACCEPTED, "", DANE_UNUSABLE,
	  STS_MODE_MISSING, true, "ccddd" },
	{ "... and compares nothing", DELIVERY_TLS, CLEAR_ACCEPTED, "untrusted", DANE_UNUSABLE,
	  STS_MODE_MISSING, true, "eedee" },
	{ "... so a policy does", DELIVERY_TLS, CLEAR_ACCEPTED, "untrusted", DANE_UNUSABLE,
	  STS_MODE_ENFORCE, true, "edded" },
	{ "the question for TLSA fails", DELIVERY_TLS, CLEAR_ACCEPTED, "", DANE_NO_ANSWER,
	  STS_MODE_MISSING, true, "eeedd" },
	{ "the question for TLSA was not asked", DELIVERY_TLS, CLEAR_ACCEPTED, "",
	  DANE_NOT_ASKED, STS_MODE_MISSING, true, "eeeuu" },
};

static void try(struct arena *a, const struct test *t)
{
	struct dane dane = { .result = t->dane };
	struct sts_policy policy = { .mode = t->mode };
	struct delivery_policy how = { .mode = t->mode, .policy = &policy,
				       .missing = "no policy is published" };
	struct delivery_seen seen = {
		.host = "mx.sends.example", .address = "192.0.2.61", .key = "RSA",
		.reach = t->reach, .why = "STARTTLS is not offered", .clear = t->clear,
		.trust_known = t->distrust != NULL, .distrust = t->distrust ? t->distrust : "",
		.dane = &dane,
	};
	char got[DELIVERY_SENDERS + 1] = "";
	bool said = true;

	strv_add(&policy.mx, a, t->named ? "*.sends.example" : "*.other.example");
	for (enum delivery_sender k = 0; k < DELIVERY_SENDERS; k++) {
		struct delivery d = delivery_judge(a, &seen, &how, k);

		got[k] = delivery_outcome_name(d.outcome)[0];
		said = said && *d.why && str_has_prefix(d.rule, "RFC ");
	}
	is_str(got, t->want, t->name);
	ok(said, "... and each says why and by which rule");
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(tests); i++)
		try(a, &tests[i]);
	is_int(delivery_better(DELIVERY_UNKNOWN, DELIVERY_BOUNCED), DELIVERY_BOUNCED,
	       "what is unknown is not better");
	is_int(delivery_worse(DELIVERY_UNKNOWN, DELIVERY_ENCRYPTED), DELIVERY_ENCRYPTED,
	       "... nor worse");
	is_int(delivery_better(DELIVERY_DEFERRED, DELIVERY_CLEAR), DELIVERY_CLEAR,
	       "clear text is better than deferred");
	is_int(delivery_worse(DELIVERY_DEFERRED, DELIVERY_BOUNCED), DELIVERY_BOUNCED,
	       "bounced is worse than deferred");
	return tap_done();
}
