/*
 * t-dane - TLSA records against a chain. The certificates were made with openssl, and so were the
 * digests; the chain is the server's own certificate and its issuer's.
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "domain/dane.h"

#define EE256 "dbe3e5e41f3f6f2f07ba113a35262d6c0d8cdaf7068104f48c5ebbdadf65dc0a"
#define EE512 "04a60aaabfcf693cd87a9b8d42044040d85cb15faba50fdb247416794b7b2e9e" \
	"49f96fa13156adbee09d5f546a697a255aa1899bfb18bd5d40c578ae7ffef56a"
#define EEKEY256 "7435ed02b7ba13a9c1d9444f8c996103d20e037b984c8b41eb48cd67fcead54c"
#define EEKEY512 "f313f2f25a118d8fb8e5702e9acfc6e69d660f87254de59296ce0eae0478117c" \
	"e5ba2d665414ccbf577000d0b84329c06b84a9b5ffc4d5d5a0a9a9f297ebc6d1"
#define EEKEY "3059301306072a8648ce3d020106082a8648ce3d03010703420004bc825bc86a5f8e71fbe7eccb48fb" \
	"59e95d49a46ae93c13e27b22cae661826ee13fefa6a1de1a98abdeb587de800c0b747324259a661d98ccae8d" \
	"0dc4ceb5628c"
#define CA256 "6e681a368e1e0c240b9479e41eadcf16eac8fb0a8177da7392e9d6a93c494e4f"
#define CAKEY256 "a60ce932828357989ff7dd84947ae26ae7e61d9a83b0b19cb75afc49f05cd7d3"
#define CAKEY512 "d4dc3631c92d943934fea3b9360114233a307b5a0c774b1acf9ac0dfaf72b1c3" \
	"520fcd5d7726c0e6d3119f6deab09ab7ffc3e85b1c8002c92b4b9d67fe44f7a8"
#define OTHER "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct dane_cert certs[] = {
	{ EE256, EEKEY256, EE512, EEKEY512 },
	{ CA256, CAKEY256, "", CAKEY512 },
};

/* Up to two records, and what comes of them. */
static const struct test {
	const char		*name, *data;
	unsigned		 usage, selector, matching;
	enum dane_result	 want;
	enum dane_record_state	 state;
	const char		*second;	/* 3 1 1 */
} tests[] = {
	{ "3 1 1", EEKEY256, 3, 1, 1, DANE_FITS, DANE_RECORD_MATCHES, NULL },
	{ "3 0 1", EE256, 3, 0, 1, DANE_FITS, DANE_RECORD_MATCHES, NULL },
	{ "3 1 2", EEKEY512, 3, 1, 2, DANE_FITS, DANE_RECORD_MATCHES, NULL },
	{ "3 0 2", EE512, 3, 0, 2, DANE_FITS, DANE_RECORD_MATCHES, NULL },
	{ "3 1 0, the key itself", EEKEY, 3, 1, 0, DANE_FITS, DANE_RECORD_MATCHES, NULL },
	{ "2 1 1", CAKEY256, 2, 1, 1, DANE_FITS, DANE_RECORD_MATCHES, NULL },
	{ "2 0 1", CA256, 2, 0, 1, DANE_FITS, DANE_RECORD_MATCHES, NULL },
	{ "2 1 2", CAKEY512, 2, 1, 2, DANE_FITS, DANE_RECORD_MATCHES, NULL },
	{ "3 with the issuer's key", CAKEY256, 3, 1, 1, DANE_MISFITS, DANE_RECORD_DIFFERS, NULL },
	{ "2 with the server's key", EEKEY256, 2, 1, 1, DANE_MISFITS, DANE_RECORD_DIFFERS, NULL },
	{ "the digest of the key as that of the certificate", EEKEY256, 3, 0, 1, DANE_MISFITS,
	  DANE_RECORD_DIFFERS, NULL },
	{ "another key", OTHER, 3, 1, 1, DANE_MISFITS, DANE_RECORD_DIFFERS, NULL },
	{ "another key beside the right one", OTHER, 3, 1, 1, DANE_FITS, DANE_RECORD_DIFFERS,
	  EEKEY256 },
	{ "another key itself", "3059301306", 3, 1, 0, DANE_MISFITS, DANE_RECORD_DIFFERS, NULL },
	{ "usage 1", EEKEY256, 1, 1, 1, DANE_UNUSABLE, DANE_RECORD_PKIX, NULL },
	{ "usage 0", CA256, 0, 0, 1, DANE_UNUSABLE, DANE_RECORD_PKIX, NULL },
	{ "usage 1 beside a right one", EEKEY256, 1, 1, 1, DANE_FITS, DANE_RECORD_PKIX, EEKEY256 },
	{ "usage 4", EEKEY256, 4, 1, 1, DANE_UNUSABLE, DANE_RECORD_UNKNOWN, NULL },
	{ "selector 2", EEKEY256, 3, 2, 1, DANE_UNUSABLE, DANE_RECORD_UNKNOWN, NULL },
	{ "matching type 3", EEKEY256, 3, 1, 3, DANE_UNUSABLE, DANE_RECORD_UNKNOWN, NULL },
	{ "SHA-256 as SHA-512", EEKEY256, 3, 1, 2, DANE_UNUSABLE, DANE_RECORD_UNKNOWN, NULL },
	{ "no data", "", 3, 1, 0, DANE_UNUSABLE, DANE_RECORD_UNKNOWN, NULL },
};

static const struct dane *judged(struct arena *a, const struct test *t, bool ad, bool secure,
				 const struct dane_chain *chain)
{
	struct dns_answer *ans = arena_alloc(a, sizeof(*ans));
	struct dns_record *r = arena_alloc(a, 2 * sizeof(*r));

	r[0] = (struct dns_record){ .type = DNS_TLSA, .usage = t->usage, .selector = t->selector,
				    .matching = t->matching, .text = t->data,
				    .text_len = strlen(t->data) };
	if (t->second) {
		r[1] = (struct dns_record){ .type = DNS_TLSA, .usage = 3, .selector = 1,
					    .matching = 1, .text = t->second,
					    .text_len = strlen(t->second) };
		r[0].next = &r[1];
	}
	*ans = (struct dns_answer){ .name = "_25._tcp.mx.example", .type = DNS_TLSA,
				    .status = DNS_OK, .ad = ad, .records = r, .why = "" };
	return dane_judge(a, ans, secure, chain);
}

static void answers(struct arena *a)
{
	static const struct { enum dns_status status; bool secure; enum dane_result want; } t[] = {
		{ DNS_NXDOMAIN, true, DANE_NONE },	{ DNS_NODATA, true, DANE_NONE },
		{ DNS_SERVFAIL, true, DANE_NO_ANSWER }, { DNS_TIMEOUT, true, DANE_NO_ANSWER },
		{ DNS_SERVFAIL, false, DANE_NONE },	{ DNS_LOCAL, true, DANE_NOT_ASKED },
	};
	struct dane_chain chain = { .certs = certs, .n = 2 };

	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct dns_answer ans = { .status = t[i].status, .why = "" };

		is_str(dane_result_name(dane_judge(a, &ans, t[i].secure, &chain)->result),
		       dane_result_name(t[i].want),
		       arena_printf(a, "the answer %s, %s", dns_status_name(t[i].status),
				    t[i].secure ? "signed" : "not signed"));
	}
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct dane_chain chain = { .certs = certs, .n = 2 }, none = { .certs = certs };
	const struct test *ee = &tests[0], *ta = &tests[5];

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		const struct dane *d = judged(a, &tests[i], true, true, &chain);

		is_str(dane_result_name(d->result), dane_result_name(tests[i].want), tests[i].name);
		is_int(d->v[0].state, tests[i].state, "... and the record by itself");
	}
	is_int(judged(a, ee, false, true, &chain)->result, DANE_INSECURE, "TLSA without AD");
	is_int(judged(a, ee, true, false, &chain)->result, DANE_INSECURE, "addresses without AD");
	is_int(judged(a, ee, true, true, &none)->result, DANE_UNSEEN, "no chain was seen");
	chain.n = 1;
	is_int(judged(a, ta, true, true, &chain)->result, DANE_MISFITS,
	       "usage 2, and the server does not send its issuer");
	chain = (struct dane_chain){ .certs = certs, .n = 2, .expired = true, .other_name = true };
	is_int(judged(a, ee, true, true, &chain)->result, DANE_FITS,
	       "usage 3: neither name nor date count");
	is_int(judged(a, ta, true, true, &chain)->v[0].state, DANE_RECORD_EXPIRED,
	       "usage 2: the date counts");
	chain.expired = false;
	is_int(judged(a, ta, true, true, &chain)->v[0].state, DANE_RECORD_NAME,
	       "usage 2: the name counts");
	is_int(judged(a, ta, true, true, &chain)->result, DANE_MISFITS, "... and nothing fits");
	is_str(dane_name(a, "mx.example"), "_25._tcp.mx.example", "where the records are");
	answers(a);
	return tap_done();
}
