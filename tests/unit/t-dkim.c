/*
 * t-dkim - DKIM and ARC on messages that are signed here.
 *
 *	t-dkim --list FILE | --signatures FILE | --keys FILE	public suites (dkim-lists.h)
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "base/buf.h"
#include "domain/arc.h"
#include "domain/dkim.h"
#include "tests/unit/dkim-lists.h"
#include "tests/unit/dkim-signer.h"
#include "tests/unit/zone-table.h"


#define NOW 1800000000
#define BODY "Hello  world \r\n\r\nSecond\tline\r\n\r\n\r\n"
#define BODY_SIMPLE "Hello  world \r\n\r\nSecond\tline\r\n"
#define BODY_RELAXED "Hello world\r\n\r\nSecond line\r\n"
#define FROM "From: Anna  <anna@example.com>\r\n"
#define FROM_RELAXED "from:Anna <anna@example.com>\r\n"
#define SUBJECT "Subject: a\r\n  test\r\n"
#define SUBJECT_RELAXED "subject:a test\r\n"

static struct signer *rsa, *ed25519, *weak;

/* What is signed and how, written out by hand: nothing is taken from what is tested. */
struct made {
	struct signer	*key;
	const char	*a;			/* a= */
	const char	*more;			/* other tags, "; " at their end */
	const char	*fields;		/* the signed ones, canonical */
	const char	*body;			/* the same */
	const char	*h;			/* h=; NULL = from:subject */
	bool		 simple;		/* the header */
	bool		 sha1;
};

/* The field DKIM-Signature; its form is canonical by both rules but for its name. */
static const char *signature(struct arena *a, const struct made *m)
{
	const char *tags = arena_printf(
		a, "v=1; a=%s; d=example.com; s=s1; %sh=%s; bh=%s; b=", m->a, m->more,
		m->h ? m->h : "from:subject", signer_hash(a, span_of(m->body), m->sha1));
	const char *own = m->simple ? "DKIM-Signature: " : "dkim-signature:";
	const char *b = signer_sign(a, m->key, span_of(arena_printf(a, "%s%s%s", m->fields, own,
								    tags)), m->sha1);

	return arena_printf(a, "DKIM-Signature: %s%s\r\n", tags, b);
}

static struct domain_dns dns_with(struct arena *a, const char *record)
{
	struct zone_table *z = zone_table_new(a);

	zone_table_add(z, "s1._domainkey.example.com", "TXT", record);
	return zone_table_dns(z);
}

static const char *record_of(struct arena *a, const struct signer *key)
{
	return arena_printf(a, "v=DKIM1; k=%s; p=%s", key == ed25519 ? "ed25519" : "rsa",
			    signer_public(a, key, false));
}

/* "RESULT FAULT", and the notes. */
static const char *verdict(struct arena *a, const char *record, const char *message)
{
	struct domain_dns dns = dns_with(a, record);
	const struct dkim *d = dkim_verify(a, &dns, span_of(message), NOW);

	if (!d->sigs)
		return "no signature";
	return arena_printf(a, "%s %s%s%s", dkim_result_name(d->sigs->result),
			    dkim_fault_name(d->sigs->fault), d->sigs->notes.n ? ": " : "",
			    strv_join(&d->sigs->notes, a, "; "));
}

static struct made plain_rsa(void)
{
	return (struct made){ rsa, "rsa-sha256", "c=relaxed/relaxed; ",
			      FROM_RELAXED SUBJECT_RELAXED, BODY_RELAXED, NULL, false, false };
}

static void good_ones(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct made m = plain_rsa();
	const char *record = record_of(a, rsa), *sig = signature(a, &m);

	is_str(verdict(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY, sig)), "pass ok",
	       "RSA, relaxed");
	is_str(verdict(a, record,
		       arena_printf(a, "%sfrom : Anna <anna@example.com> \t\r\n" SUBJECT
				       "X-New: 1\r\n\r\nHello world\r\n\r\nSecond line", sig)),
	       "pass ok", "blanks do not count when relaxed, nor a missing end of the last line");
	is_str(verdict(a, record,
		       arena_printf(a, "%.*s\nFrom: Anna <anna@example.com>\nSubject: a\n  test\n\n"
				       "Hello  world \n\nSecond\tline\n", (int)strlen(sig) - 2,
				       sig)),
	       "pass ok", "a lone LF is taken for CRLF");
	is_str(verdict(a, arena_printf(a, "v=DKIM1; p=%s", signer_public(a, rsa, true)),
		       arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY, sig)), "pass ok",
	       "a key in the form of PKCS#1");
	is_str(verdict(a, arena_printf(a, "%s; t=y:s; s=tlsrpt:email; h=sha256; n=x; z=9", record),
		       arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY, sig)), "pass ok",
	       "a key in test mode, for email, with unknown tags");
	m.more = "";
	m.simple = true;
	m.fields = FROM SUBJECT;
	m.body = BODY_SIMPLE;
	is_str(verdict(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY, signature(a, &m))),
	       "pass ok", "RSA, simple by default");
	m.body = "\r\n";
	is_str(verdict(a, record, arena_printf(a, "%s" FROM SUBJECT, signature(a, &m))),
	       "pass ok", "no body at all, simple");
	m = plain_rsa();
	m.body = "";
	is_str(verdict(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\n\r\n \r\n",
					       signature(a, &m))),
	       "pass ok", "nothing but blanks, relaxed");
	m = plain_rsa();
	m.key = ed25519;
	m.a = "ed25519-sha256";
	is_str(verdict(a, record_of(a, ed25519), arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY,
							      signature(a, &m))),
	       "pass ok", "Ed25519");
	is_str(verdict(a, record, FROM SUBJECT "\r\n" BODY), "no signature", "not signed");
}

static void which_fields(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct made m = plain_rsa();
	const char *record = record_of(a, rsa);

	m.h = "from:x:x:none:x";
	m.fields = FROM_RELAXED "x:2\r\nx:1\r\n";
	is_str(verdict(a, record, arena_printf(a, "%sX: 1\r\nx: 2\r\n" FROM "\r\n" BODY,
					       signature(a, &m))),
	       "pass ok", "of several fields the lowest is taken first, and none is none");
	is_str(verdict(a, record, arena_printf(a, "%sX: 1\r\nX: 2\r\n" FROM "X: 3\r\n\r\n" BODY,
					       signature(a, &m))),
	       "fail signature: a field x was added: without it the signature fits",
	       "one was added below");
}

static void changed_body(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct made m = plain_rsa();
	const char *record = record_of(a, rsa), *sig = signature(a, &m);

	which_fields();
	is_str(verdict(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\nHallo\r\n", sig)),
	       "fail body-hash", "another body");
	is_str(verdict(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY "-- \r\nList\r\n",
					       sig)),
	       "fail body-hash: 15 bytes were appended to the body, from '-- \\r\\nList' on: "
	       "without them its hash fits", "a footer");
	is_str(verdict(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\nEXTERNAL\r\n\r\n" BODY,
					       sig)),
	       "fail body-hash: 2 lines were put before the body: without them its hash fits",
	       "a banner");
	is_str(verdict(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\n", sig)),
	       "fail body-hash: there is no body here, and there was one when it was signed",
	       "the body is lost");
	m.body = "Hello\nworld\n";
	is_str(verdict(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\nHello\r\nworld\r\n",
					       signature(a, &m))),
	       "fail body-hash: the signer hashed lines that end in LF instead of CRLF: the fault "
	       "is the signer's", "a signer that hashes LF");
	m.body = "";
	is_str(verdict(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\nHello\r\n",
					       signature(a, &m))),
	       "fail body-hash: the body was empty when it was signed", "it was empty");
	m.more = "c=relaxed/simple; ";
	m.body = "One two\r\n";
	is_str(verdict(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\nOne  two \r\n",
					       signature(a, &m))),
	       "fail body-hash: only blanks of the body were changed: with c=relaxed for the body "
	       "its hash fits", "blanks in a simple body");
}

static void changed_header(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct made m = plain_rsa();
	const char *record = record_of(a, rsa), *sig = signature(a, &m);

	is_str(verdict(a, record, arena_printf(a, "%s" FROM "Subject: b\r\n\r\n" BODY, sig)),
	       "fail signature: the body is as it was signed", "another subject");
	is_str(verdict(a, record, arena_printf(a, "%s" FROM "Subject: [list] a test\r\n\r\n" BODY,
					       sig)),
	       "fail signature: words were put before the subject: without them the signature fits",
	       "the tag of a list");
	m.h = "from:subject:reply-to";
	is_str(verdict(a, record, arena_printf(a, "%s" FROM SUBJECT "Reply-To: list@x\r\n\r\n" BODY,
					       signature(a, &m))),
	       "fail signature: a field reply-to was added: without it the signature fits",
	       "a field that was signed as not there");
	m = plain_rsa();
	m.more = "c=simple/relaxed; ";
	m.simple = true;
	m.fields = "From: Anna <anna@example.com>\r\n";
	m.h = "from";
	is_str(verdict(a, record, arena_printf(a, "%s" FROM "\r\n" BODY, signature(a, &m))),
	       "fail signature: the body is as it was signed", "blanks in a simple header");
	is_str(verdict(a, record_of(a, weak), arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY, sig)),
	       "fail signature: the body is as it was signed", "another key");
}

static void bad_keys(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct made m = plain_rsa();
	const char *p = signer_public(a, rsa, false), *message;
	const struct { const char *record, *want; } rows[] = {
		{ "v=DKIM1; p=", "permerror key-revoked" },
		{ "v=DKIM1; k=rsa", "permerror key-syntax" },
		{ "v=spf1 -all", "permerror key-version" },
		{ arena_printf(a, "v=DKIM2; p=%s", p), "permerror key-version" },
		{ arena_printf(a, "p=%s; v=DKIM1", p), "permerror key-version" },
		{ arena_printf(a, "v=DKIM1; k=dsa; p=%s", p), "permerror key-type" },
		{ arena_printf(a, "v=DKIM1; k=ed25519; p=%s", p), "permerror key-data" },
		{ arena_printf(a, "v=DKIM1; p=\"%s\"", p), "permerror key-data" },
		{ arena_printf(a, "v=DKIM1; p=%.50s", p), "permerror key-data" },
		{ arena_printf(a, "v=DKIM1\\\\; k=rsa\\\\; p=%s", p), "permerror key-version" },
		{ arena_printf(a, "v=DKIM1; h=sha1; p=%s", p), "permerror key-hash" },
		{ arena_printf(a, "v=DKIM1; h=md5; p=%s", p), "permerror key-hash" },
		{ arena_printf(a, "v=DKIM1; s=tlsrpt; p=%s", p), "permerror key-service" },
		{ record_of(a, ed25519), "permerror key-type" },
		{ arena_printf(a, "v=DKIM1; p=%.40s  %s", p, p + 40), "pass ok" },
	};

	message = arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY, signature(a, &m));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		is_str(verdict(a, rows[i].record, message), rows[i].want,
		       arena_printf(a, "key %zu: %.20s", i, rows[i].record));
	m.more = "c=relaxed/relaxed; i=x@sub.example.com; ";
	is_str(verdict(a, arena_printf(a, "v=DKIM1; t=s; p=%s", p),
		       arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY, signature(a, &m))),
	       "permerror key-strict", "t=s and a subdomain in i=");
	m = plain_rsa();
	m.key = weak;
	is_str(verdict(a, record_of(a, weak), arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY,
							   signature(a, &m))),
	       "policy key-short", "a key of 768 bits");
	m = plain_rsa();
	m.a = "rsa-sha1";
	m.sha1 = true;
	is_str(verdict(a, record_of(a, rsa), arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY,
							  signature(a, &m))),
	       "policy sha1", "SHA-1 holds, and does not count");
}

/* DNS: nothing there, no answer, two keys, a CNAME to nothing; and the time. */
static void lookups(struct arena *a, const char *message)
{
	static const struct { const char *type, *value, *more, *want; } rows[] = {
		{ "EXISTS", "", NULL, "no-key: there is no key at s1._domainkey.example.com" },
		{ "SERVFAIL", "", NULL,
		  "dns: s1._domainkey.example.com cannot be looked up (servfail)" },
		{ "CNAME", "s1.provider.example", NULL,
		  "no-key: s1._domainkey.example.com leads to s1.provider.example, where there is "
		  "no key" },
		{ "TXT", "v=DKIM1; p=", "k=rsa; p=AAAA",
		  "keys: there are 2 key records at s1._domainkey.example.com, and what receivers "
		  "do then is not defined (RFC 6376, 3.6.2.2)" },
		{ "TXT", "v=DKIM1; p=", "v=spf1 -all",
		  "key-revoked: the key at s1._domainkey.example.com: the key was revoked: p= is "
		  "empty" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct zone_table *z = zone_table_new(a);
		struct domain_dns dns = zone_table_dns(z);
		const struct dkim_sig *s;

		zone_table_add(z, "s1._domainkey.example.com", rows[i].type, rows[i].value);
		if (rows[i].more)
			zone_table_add(z, "s1._domainkey.example.com", "TXT", rows[i].more);
		s = dkim_verify(a, &dns, span_of(message), NOW)->sigs;
		is_str(arena_printf(a, "%s: %s", dkim_fault_name(s->fault), s->why), rows[i].want,
		       rows[i].type);
		is_int(s->result, s->fault == DKIM_DNS ? DKIM_TEMPERROR : DKIM_PERMERROR,
		       "its result");
		ok(s->body_holds && !s->header_judged, "the body is judged without a key");
	}
}

static void lengths(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct made m = plain_rsa();
	const char *record = record_of(a, rsa);

	lookups(a, arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY, signature(a, &m)));
	m.more = "c=relaxed/relaxed; l=5; ";
	m.body = "Hello";
	is_str(verdict(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY, signature(a, &m))),
	       "pass ok: the last 23 bytes of the body are not signed (l=5): anybody may have "
	       "appended them", "l= leaves an end unsigned");
	m.more = "c=relaxed/relaxed; l=500; ";
	is_str(verdict(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY, signature(a, &m))),
	       "fail body-hash: l= counts 500 bytes, the body has only 28: its end was cut off, or "
	       "the signature is wrong", "l= is longer than the body");
	m.more = "c=relaxed/relaxed; l=0; ";
	m.body = "";
	is_str(verdict(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\n", signature(a, &m))),
	       "pass ok", "l=0 and no body");
	m = plain_rsa();
	m.more = "c=relaxed/relaxed; t=1700000000; x=1799999999; ";
	is_str(verdict(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY, signature(a, &m))),
	       "permerror expired", "it has expired");
	m.more = "c=relaxed/relaxed; t=1700000000; x=1800000000; ";
	is_str(verdict(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY, signature(a, &m))),
	       "pass ok", "it expires now");
}

static void limits(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(buf_release) struct buf b = BUF_INIT(1 << 20), h = BUF_INIT(1 << 16);
	struct made m = plain_rsa();
	const char *sig = signature(a, &m);
	struct domain_dns dns = dns_with(a, record_of(a, rsa));
	const struct dkim *d;
	size_t n = 0;

	for (size_t i = 0; i < DKIM_SIGS_MOST + 4; i++)
		buf_adds(&b, sig);
	buf_adds(&b, FROM SUBJECT "\r\n" BODY);
	d = dkim_verify(a, &dns, (struct span){ buf_str(&b), b.len }, NOW);
	for (const struct dkim_sig *s = d->sigs; s; s = s->next)
		n += s->result == DKIM_PASS;
	is_int(n, DKIM_SIGS_MOST, "so many signatures are judged");
	is_int(d->n_sigs, DKIM_SIGS_MOST + 4, "and all are counted");
	buf_adds(&h, "from");
	for (size_t i = 1; i < DKIM_HEADERS_MOST; i++)
		buf_adds(&h, ":x");
	m.h = buf_str(&h);
	m.fields = FROM_RELAXED;
	is_str(verdict(a, record_of(a, rsa), arena_printf(a, "%s" FROM "\r\n" BODY,
							  signature(a, &m))),
	       "pass ok", "1000 names in h=");
	buf_adds(&h, ":x");
	m.h = buf_str(&h);
	is_str(verdict(a, record_of(a, rsa), arena_printf(a, "%s" FROM "\r\n" BODY,
							  signature(a, &m))),
	       "permerror too-much", "one more");
	buf_clear(&b);
	for (size_t i = 0; i < DKIM_FIELDS_MOST + 1; i++)
		buf_adds(&b, "X: 1\n");
	d = dkim_verify(a, &dns, (struct span){ buf_str(&b), b.len }, NOW);
	ok(d->cut && !d->sigs, "too many fields are said to be too many");
	d = dkim_verify(a, &dns, (struct span){ "", 0 }, NOW);
	ok(!d->cut && !d->sigs, "an empty message");
}

/* --- ARC --- */

struct sealed { const char *fields, *canonical; };

/* One more set on top: its fields, and the canonical form of all sets so far. */
static struct sealed seal(struct arena *a, struct signer *key, int n, const char *cv,
			  struct sealed below, const char *body)
{
	const char *aar = arena_printf(a, "i=%d; mx.example; spf=pass\r\n", n), *ams, *as;

	ams = arena_printf(a, "i=%d; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=s1; "
			      "h=from:subject; bh=%s; b=", n, signer_hash(a, span_of(body), false));
	ams = arena_printf(a, "%s%s\r\n", ams,
			   signer_sign(a, key, span_of(arena_printf(a, FROM_RELAXED SUBJECT_RELAXED
								    "arc-message-signature:%s",
								    ams)), false));
	as = arena_printf(a, "i=%d; a=rsa-sha256; cv=%s; d=example.com; s=s1; b=", n, cv);
	below.canonical = arena_printf(a, "%sarc-authentication-results:%s"
					  "arc-message-signature:%sarc-seal:%s",
				       below.canonical, aar, ams, as);
	as = arena_printf(a, "%s\r\n", signer_sign(a, key, span_of(below.canonical), false));
	below.fields = arena_printf(a, "ARC-Seal: i=%d; a=rsa-sha256; cv=%s; d=example.com; s=s1; "
				       "b=%sARC-Message-Signature: %s"
				       "ARC-Authentication-Results: %s%s",
				    n, cv, as, ams, aar, below.fields);
	below.canonical = arena_printf(a, "%s%s", below.canonical, as);
	return below;
}

static const char *chain(struct arena *a, const char *record, const char *message)
{
	struct domain_dns dns = dns_with(a, record);
	const struct arc *c = arc_verify(a, &dns, span_of(message), NOW);

	return arena_printf(a, "%s %zu: %s", arc_result_name(c->result), c->n, c->why);
}

static void chains(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *record = record_of(a, rsa);
	struct sealed none = { "", "" }, one, two;

	one = seal(a, rsa, 1, "none", none, BODY_RELAXED);
	two = seal(a, rsa, 2, "pass", one, "changed\r\n");
	is_str(chain(a, record, FROM SUBJECT "\r\n" BODY), "none 0: no forwarder sealed it",
	       "no chain");
	is_str(chain(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY, one.fields)),
	       "pass 1: ", "one seal");
	is_str(chain(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\nchanged\r\n", two.fields)),
	       "pass 2: ", "two, and the first forwarder's body was changed by the second");
	is_str(chain(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY, two.fields)),
	       "fail 2: set i=2: ARC-Message-Signature: the body was changed after it was signed",
	       "changed after the last seal");
	is_str(chain(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY,
					     seal(a, rsa, 1, "pass", none, BODY_RELAXED).fields)),
	       "fail 1: set i=1: cv= is not what its place demands", "the first says cv=pass");
	is_str(chain(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY,
					     seal(a, rsa, 2, "pass", none, BODY_RELAXED).fields)),
	       "fail 2: set i=1: ARC-Authentication-Results is missing", "the first is missing");
	is_str(chain(a, record, arena_printf(a, "%s%s" FROM SUBJECT "\r\n" BODY, one.fields,
					     one.fields)),
	       "fail 1: set i=1: ARC-Seal stands there twice", "a set twice");
	is_str(chain(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY,
					     seal(a, rsa, 51, "pass", none, BODY_RELAXED).fields)),
	       "fail 0: a field ARC-Seal has no valid instance (i=)", "more than 50");
	is_str(chain(a, record, arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY,
					     seal(a, weak, 1, "none", none, BODY_RELAXED).fields)),
	       "fail 1: set i=1: ARC-Message-Signature: a signed header field was changed, or "
	       "another key signed", "another key");
	is_str(chain(a, "v=DKIM1; p=", arena_printf(a, "%s" FROM SUBJECT "\r\n" BODY, one.fields)),
	       "fail 1: set i=1: ARC-Message-Signature: the key at s1._domainkey.example.com: the "
	       "key was revoked: p= is empty", "a revoked key");
}

int main(int argc, char **argv)
{
	if (argc == 3 && str_eq(argv[1], "--list"))
		return dkim_list_run(argv[2]);
	if (argc == 3 && str_eq(argv[1], "--signatures"))
		return dkim_signatures_run(argv[2]);
	if (argc == 3 && str_eq(argv[1], "--keys"))
		return dkim_keys_run(argv[2]);
	rsa = signer_new(2048);
	weak = signer_new(768);
	ed25519 = signer_new(0);
	good_ones();
	changed_body();
	changed_header();
	bad_keys();
	lengths();
	limits();
	chains();
	signer_free(rsa);
	signer_free(weak);
	signer_free(ed25519);
	return tap_done();
}
