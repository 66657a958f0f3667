#ifndef TESTS_UNIT_TLS_CHAINS_H
#define TESTS_UNIT_TLS_CHAINS_H

/*
 * tls-chains - the chains of t-tls, each with what is to be found wrong with it. Nobody else
 * includes it.
 */

#include "tests/unit/peer.h"

#define DAY 86400L

/* The authorities and leaves of all tests. */
static struct made root, intermediate, stranger, old_intermediate;

struct chain_case {
	const char		*title;
	struct recipe		 leaf;
	struct made		*issuer;	/* NULL = signs itself */
	struct made		*sent[2];	/* after the leaf */
	const char		*name;
	const char		*trouble;
	size_t			 dated_at;	/* 99 = none of those sent */
};

#define GOOD .cn = "mx", .dns = "mx.example"

static const struct chain_case chains[] = {
	{ "a good chain", { GOOD }, &intermediate, { &intermediate }, "mx.example", "", 99 },
	{ "a good chain with its root", { GOOD }, &intermediate, { &intermediate, &root },
	  "mx.example", "", 99 },
	{ "in the wrong order", { GOOD }, &intermediate, { &root, &intermediate }, "mx.example",
	  "", 99 },
	{ "straight from the root", { GOOD }, &root, { NULL }, "mx.example", "", 99 },
	{ "RSA", { GOOD, .pk = GNUTLS_PK_RSA, .bits = 2048 }, &root, { NULL }, "mx.example",
	  "", 99 },
	{ "a name in upper case with a final dot", { GOOD }, &root, { NULL }, "MX.Example.",
	  "", 99 },
	{ "another name", { GOOD }, &root, { NULL }, "mail.example", "name", 99 },
	{ "a wildcard", { .cn = "w", .dns = "*.mx.example" }, &root, { NULL }, "a.mx.example",
	  "", 99 },
	{ "a wildcard stands for one label", { .cn = "w", .dns = "*.mx.example" }, &root, { NULL },
	  "a.b.mx.example", "name", 99 },
	{ "a wildcard does not stand for none", { .cn = "w", .dns = "*.mx.example" }, &root,
	  { NULL }, "mx.example", "name", 99 },
	{ "a wildcard over a top domain", { .cn = "w", .dns = "*.example" }, &root, { NULL },
	  "mx.example", "name", 99 },
	{ "a common name is no name", { .cn = "mx.example" }, &root, { NULL }, "mx.example",
	  "name", 99 },
	{ "an address", { .cn = "a", .ip = "192.0.2.7" }, &root, { NULL }, "192.0.2.7", "", 99 },
	{ "an address as a host name", { .cn = "a", .dns = "192.0.2.7" }, &root, { NULL },
	  "192.0.2.7", "name", 99 },
	{ "another address", { .cn = "a", .ip = "192.0.2.7" }, &root, { NULL }, "192.0.2.8",
	  "name", 99 },
	{ "expired", { GOOD, .from = -10 * DAY, .to = -DAY }, &intermediate, { &intermediate },
	  "mx.example", "expired", 0 },
	{ "not yet valid", { GOOD, .from = DAY, .to = 10 * DAY }, &intermediate, { &intermediate },
	  "mx.example", "not-yet-valid", 0 },
	{ "an expired intermediate", { GOOD }, &old_intermediate, { &old_intermediate },
	  "mx.example", "expired", 1 },
	{ "self-signed", { GOOD }, NULL, { NULL }, "mx.example", "untrusted self-signed", 99 },
	{ "self-signed, expired, for another name", { GOOD, .from = -10 * DAY, .to = -DAY }, NULL,
	  { NULL }, "a.example", "untrusted self-signed expired name", 0 },
	{ "the intermediate is missing", { GOOD }, &intermediate, { NULL }, "mx.example",
	  "untrusted incomplete", 99 },
	{ "an unknown authority", { GOOD }, &stranger, { NULL }, "mx.example", "untrusted", 99 },
	{ "an unknown authority that was sent", { GOOD }, &stranger, { &stranger }, "mx.example",
	  "untrusted", 99 },
	{ "an unknown authority that says where to fetch it",
	  { GOOD, .issuer_url = "http://ca.example/ca.cer" }, &stranger, { NULL },
	  "mx.example", "untrusted incomplete", 99 },
	{ "a short key", { GOOD, .pk = GNUTLS_PK_RSA, .bits = 1024 }, &root, { NULL }, "mx.example",
	  "weak", 99 },
	{ "an old digest", { GOOD, .digest = GNUTLS_DIG_SHA1 }, &root, { NULL }, "mx.example",
	  "weak", 99 },
	{ "for clients only", { GOOD, .purpose = GNUTLS_KP_TLS_WWW_CLIENT }, &root, { NULL },
	  "mx.example", "purpose", 99 },
};

#endif
