/*
 * t-message - what single header fields say, the header block in any state, and what a whole
 * message leads to.
 */
#include "tests/unit/tap.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "judge/facts.h"
#include "know/know.h"
#include "message/message.h"

/* --- the block --- */

#define MESSAGE_A                                                                                  \
	"Return-Path: <a@sender.example>\r\nReceived: from x.sender.example (x "                   \
	"[192.0.2.1])\r\n\tby mx.example.net with ESMTPS id 1;\r\n\tMon, 1 Oct 2018 09:49:22 "     \
	"+0000\r\nFrom: A <a@sender.example>\r\nSubject: s\r\n\r\nbody\r\n"

static void is_block(struct arena *a, const char *text, size_t n, const char *received, bool exact,
		     const char *what)
{
	struct fields f;

	fields_read(a, span_of(text), &f);
	is_int(f.n, n, what);
	is_str(fields_value(&f, "Received"), received, "... with this Received line");
	is_int(f.exact, exact, "... and is exact, or not");
}

static void blocks(struct arena *a)
{
	const char *line = "from x.sender.example (x [192.0.2.1]) by mx.example.net with ESMTPS id "
			   "1; Mon, 1 Oct 2018 09:49:22 +0000";
	struct fields f;

	is_block(a, MESSAGE_A, 4, line, true, "a message as it is");
	is_block(a, "From a@b Mon Oct  1 09:49:22 2018\n" MESSAGE_A, 4, line, true, "in an mbox");
	is_block(a,
		 "> Return-Path: <a@b>\n> Received: from x.sender.example (x [192.0.2.1])\n>     "
		 "by mx.example.net with ESMTPS id 1;\n"
		 ">     Mon, 1 Oct 2018 09:49:22 +0000\n> From: a@b\n",
		 3, line, false, "quoted");
	is_block(a,
		 "Hello,\nplease look at this mail. It is junk:\n\nReceived: from x.sender.example "
		 "(x [192.0.2.1])\nby mx.example.net with ESMTPS id 1;\n"
		 "Mon, 1 Oct 2018 09:49:22 +0000\nFrom: a@b\n",
		 2, line, false, "with prose before it and no indentation");
	is_block(a,
		 "    Received: from x.sender.example (x [192.0.2.1])\n        by mx.example.net "
		 "with ESMTPS id 1;\n        Mon, 1 Oct 2018 09:49:22 +0000\n"
		 "    From: a@b\n",
		 2, line, false, "in a code block");
	is_block(a,
		 "Return-Path: &lt;a@b&gt;<br>Received: from x.sender.example (x "
		 "[192.0.2.1])<br>&nbsp;by mx.example.net with ESMTPS id 1;<br>"
		 " Mon, 1 Oct 2018 09:49:22 +0000<br>From: A &lt;a@b&gt;",
		 3, line, false, "out of HTML");
	is_block(a,
		 "Return-Path: <a@b>\n\nReceived: from x.sender.example (x [192.0.2.1])\n\n by "
		 "mx.example.net with ESMTPS id 1;\n\n"
		 " Mon, 1 Oct 2018 09:49:22 +0000\n\nFrom: a@b\n\n",
		 3, line, false, "an empty line after each");
	is_block(a,
		 "To: helpdesk@example.net\nSubject: mail in junk\n\nsee below\n\nReceived: from "
		 "x.sender.example (x [192.0.2.1])\n by mx.example.net with "
		 "ESMTPS id 1;\n Mon, 1 Oct 2018 09:49:22 +0000\nFrom: a@b\n",
		 2, line, false, "below the header of a mail program");
	is_block(a,
		 "Return-Path: <a@b.sender.example> X-Original-To: c@d.example Received: from "
		 "x.sender.example (x [192.0.2.1]) by mx.example.net with "
		 "ESMTPS id 1; Mon, 1 Oct 2018 09:49:22 +0000 From: A <a@b.sender.example> To: "
		 "c@d.example Subject: a long line without any end of it, as "
		 "some forms make it when they take every line end for a blank Message-ID: "
		 "<1@x.sender.example>",
		 7, line, false, "all in one line");
	is_block(a, "no header here\n535 5.7.139 no\n", 0, "", false, "none");
	fields_read(a, span_of("Return-Path: <a@b>\nFrom: a@b\n\nReceived: in the body\n"), &f);
	is_int(f.n, 2, "a body is no header");
	is_int(f.body.len, strlen("Received: in the body\n"), "... and is kept");
	fields_read(
		a,
		span_of("X-Microsoft-Antispam-Mailbox-Delivery:\nucf:0;jmr:0;dest:J;\nFrom: a@b\n"),
		&f);
	is_str(fields_value(&f, "X-Microsoft-Antispam-Mailbox-Delivery"), "ucf:0;jmr:0;dest:J;",
	       "pairs that lost their fold are no fields");
	fields_read(a, (struct span) { "From: a\0b\nTo: c\n", 16 }, &f);
	is_str(f.v[0].value, "a b", "a NUL is a blank");
	ok(f.v[1].raw.p[0] == 'T' && f.v[1].raw.len == 6, "the raw bytes are kept");
}

/* --- Received --- */

struct received_case {
	const char *value, *from, *by, *with, *id, *via, *recipient, *address, *tls, *cipher;
	bool secure, login;
	int64_t ms;
};

static const struct received_case received_cases[] = {
	{ "from a.example (a.example [192.0.2.1]) (using TLSv1.3 with cipher "
	  "TLS_AES_256_GCM_SHA384 (256/256 bits)) by b.example (Postfix) "
	  "with ESMTPSA id 4YY; Mon, 1 Oct 2018 09:49:22 +0000 (UTC)",
	  "a.example", "b.example (Postfix)", "ESMTPSA", "4YY", "", "", "192.0.2.1", "TLS 1.3",
	  "TLS_AES_256_GCM_SHA384", true, true, 1538387362000 },
	{ "from a.example (2001:db8::1) by b.prod.outlook.com (2603:10a6::2) with Microsoft SMTP "
	  "Server (version=TLS1_2, cipher=TLS_X) id 15.20.1 "
	  "via Frontend Transport; Mon, 1 Oct 2018 11:49:22 +0200",
	  "a.example", "b.prod.outlook.com (2603:10a6::2)", NULL, "15.20.1", "Frontend Transport",
	  "", "2001:db8::1", "TLS 1.2", "TLS_X", true, false, 1538387362000 },
	{ "from [192.0.2.9] (helo=pc) by b.example with esmtpsa (TLS1.3) tls TLS_AES_128 (Exim "
	  "4.96) (envelope-from <x@y>) id 1aB for z@b.example; "
	  "Mon, 01 Oct 2018 09:49:22 +0000",
	  "[192.0.2.9]", "b.example", NULL, "1aB", "", "z@b.example", "192.0.2.9", "TLS 1.3",
	  "TLS_AES_128", true, true, 1538387362000 },
	{ "by f.sendgrid.example with SMTP id f-1 2018-04-22 02:54:17.028704749 +0000 UTC", "",
	  "f.sendgrid.example", "SMTP", "f-1", "", "", "", "", "", false, false, 1524365657028 },
	{ "(qmail 24519 invoked by uid 60001); 11 Nov 2010 15:37:25 -0000", "", "", "", "", "", "",
	  "", "", "", false, false, 1289489845000 },
	{ "from x (HELO y.example) ([192.0.2.1]) by z.example with SMTP; 22 Aug 16 14:23:01 -0000",
	  "x", "z.example", "SMTP", "", "", "", "192.0.2.1", "", "", false, false, 1471875781000 },
	{ "from l (localhost [IPv6:::1]) by z.example with LMTP id q (broken comment; Mon, 1 Oct "
	  "2018 09:49:22 CEST",
	  "l", "z.example", "LMTP", NULL, "", "", "::1", "", "", false, false, 1538380162000 },
	{ "from a.example by m.google.example with ESMTPS id q for <u@g.example> (version=TLS1_3 "
	  "cipher=TLS_AES_256_GCM_SHA384 bits=256/256); "
	  "Mon, 01 Oct 2018 02:49:22 -0700 (PDT)",
	  "a.example", "m.google.example", "ESMTPS", "q", "", NULL, "", "TLS 1.3",
	  "TLS_AES_256_GCM_SHA384", true, false, 1538387362000 },
	{ "", "", "", "", "", "", "", "", "", "", false, false, 0 },
	{ ";;;((", "", "", "", "", "", "", "", "", "", false, false, 0 },
};

static void clause(const char *got, const char *want, const char *what)
{
	if (want)
		is_str(got, want, what);
}

static void received(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(received_cases); i++) {
		const struct received_case *c = &received_cases[i];
		struct hop h;

		received_read(a, c->value, &h);
		clause(*c->from && !strchr(c->from, ' ') ? h.helo : h.from, c->from,
		       arena_printf(a, "Received %zu: from", i));
		clause(h.by, c->by, "... by");
		clause(h.with, c->with, "... with");
		clause(h.id, c->id, "... id");
		clause(h.via, c->via, "... via");
		clause(h.recipient, c->recipient, "... for");
		is_str(h.address, c->address, "... the address");
		is_str(h.tls_version, c->tls, "... TLS");
		is_str(h.cipher, c->cipher, "... the cipher");
		is_int(h.tls, c->secure, "... secured");
		is_int(h.login, c->login, "... signed in");
		is_int(h.when.ms, c->ms, "... the date");
	}
}

static void dates(struct arena *a)
{
	static const struct { const char *text; int64_t s; bool no_zone;
	} cases[] = {
		{ "Fri, 20 Apr 2018 17:51:19 -0400 (envelope-from <b>)", 1524261079, false },
		{ "20 Apr 2018 17:51:19", 1524246679, true },
		{ "Sat, 08 Apr 2017 01:07:58 CEST", 1491606478, false },
		{ "Wed, 15 Jan 2025 22:00:11 AEDT", 1736938811, false },
		{ "Sat, 08 Apr 2017 01:07:58 XYZ", 1491613678, true },
		{ "2018-04-22T02:54:17Z", 1524365657, false },
		{ "Sun,  1 Jan 2023 00:00:00 EST", 1672549200, false },
		{ "Mon 1 Oct 2018 09:49:22 +0000", 1538387362, false },
		{ "yesterday", 0, false },
		{ "", 0, false },
		{ "Mon, 31 Feb 2018 09:49:22 +0000", 0, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct header_date d = date_read(a, span_of(cases[i].text));

		is_int(d.known ? d.ms / 1000 : 0, cases[i].s, cases[i].text);
		ok(!d.known || d.no_zone == cases[i].no_zone, "... its zone");
	}
}

/* --- Authentication-Results --- */

/* Everything in one line: "id | method=result type.name=value ... | ..." */
static const char *told(struct arena *a, const struct authres *r)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(64 * 1024);

	buf_adds(&b, r->id);
	for (size_t i = 0; i < r->n; i++) {
		buf_addf(&b, " | %s=%s", r->v[i].method, r->v[i].result);
		if (*r->v[i].reason)
			buf_addf(&b, " reason=%s", r->v[i].reason);
		for (size_t k = 0; k < r->v[i].n_props; k++) {
			const struct auth_prop *p = &r->v[i].props[k];

			if (!str_eq(p->name, "reason") || *p->type)
				buf_addf(&b, " %s%s%s=%s", p->type, *p->type ? "." : "", p->name,
					 p->value);
		}
	}
	return arena_strdup(a, buf_str(&b));
}

static void results(struct arena *a)
{
	static const struct { const char *value, *want; bool strict;
	} cases[] = {
		{ "mx.example; spf=pass smtp.mailfrom=a@b.example",
		  "mx.example | spf=pass smtp.mailfrom=a@b.example", true },
		{ "mx.example 1; none", "mx.example", true },
		{ "(c) \"mx;example\" (d (e)) 1 ; dkim / 1 = (x) pass (y) header (z) . d = "
		  "b.example ; dmarc=fail reason=\"no; really\"",
		  "mx;example | dkim=pass header.d=b.example | dmarc=fail reason=no; really",
		  true },
		{ "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=b.example; dkim=none (message "
		  "not signed) header.d=none;dmarc=pass action=none "
		  "header.from=b.example;compauth=pass reason=100",
		  " | spf=pass smtp.mailfrom=b.example | dkim=none header.d=none | dmarc=pass "
		  "action=none "
		  "header.from=b.example | compauth=pass reason=100",
		  false },
		{ "spf=none smtp.mailfrom=b.example; c.example; dkim=pass "
		  "header.d=d.example;c.example; dmarc=none action=none",
		  " | spf=none smtp.mailfrom=b.example | dkim=pass header.d=d.example | dmarc=none "
		  "action=none",
		  false },
		{ "mx.example; iprev=pass policy.iprev=2001:db8::1 (x)",
		  "mx.example | iprev=pass policy.iprev=2001:db8::1", false },
		{ "mx.example; iprev=pass policy.iprev=\"2001:db8::1\"",
		  "mx.example | iprev=pass policy.iprev=2001:db8::1", true },
		{ "i=2; mx.example; arc=pass; spf=fail smtp.mailfrom=b.example",
		  "mx.example | arc=pass | spf=fail smtp.mailfrom=b.example", true },
		{ "m\xc3\xb8x.example; dkim=pass header.d=m\xc3\xb8x.example",
		  "m\xc3\xb8x.example | dkim=pass header.d=m\xc3\xb8x.example", true },
		{ "mx.example; dkim=pass; ", "mx.example | dkim=pass", true },
		{ "", "", true },
		{ "mx.example; ((((", "mx.example", true },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct authres r;

		authres_read(a, cases[i].value, &r);
		is_str(told(a, &r), cases[i].want,
		       arena_printf(a, "Authentication-Results %zu", i));
		is_int(r.strict, cases[i].strict, "... by the grammar");
	}
}

static void filters(struct arena *a)
{
	struct antispam s;
	struct spam_status t;
	struct dkim_signature d;

	antispam_read(a, "CIP:2001:db8::1;CTRY:US;SCL:1;;SRV:; SFV:NSPM", &s);
	is_str(antispam_value(&s, "cip"), "2001:db8::1", "a value may hold colons");
	is_str(antispam_value(&s, "SFV"), "NSPM", "the last ; may be missing");
	is_str(antispam_value(&s, "SRV"), "", "a value may be empty");
	antispam_read(a, "UIP:(null);(null);(null)SFV:SKI", &s);
	is_str(antispam_value(&s, "SFV"), "SKI", "(null) is nothing");
	is_str(antispam_value(&s, "UIP"), "", "... as a value, too");
	spam_status_read(a,
			 "Yes, score=7.1 required=5.0 "
			 "tests=BAYES_99=3.5,HTML_MESSAGE,URIBL_BLOCKED=0.001 autolearn=no",
			 &t);
	ok(t.yes && t.n_tests == 3, "SpamAssassin: three tests");
	is_str(t.score, "7.1", "... the score");
	is_str(t.tests[1].name, "HTML_MESSAGE", "... one without points");
	spam_status_read(a,
			 "No, score=-99.95 tagged_above=-9999 required=2.8 tests=[A=0.001, "
			 "B_C=0.07] autolearn=disabled",
			 &t);
	ok(!t.yes && t.n_tests == 2 && t.tests[1].score > 0.06, "amavis: in brackets");
	rspamd_result_read(a,
			   "default: False [1.50 / 15.00]; R_SPF_ALLOW(-0.20)[+mx]; "
			   "MIME_GOOD(-0.10)[text/plain]",
			   &t);
	ok(!t.yes && t.n_tests == 2, "rspamd: two symbols");
	is_str(t.required, "15.00", "... the threshold");
	dkim_read(a,
		  "v=1; a=rsa-sha256; d=B.example; s=s1; h=from:to; bh=x; b=y z; i=@sub.b.example; "
		  "x=10; t=5",
		  &d);
	is_str(d.domain, "b.example", "a signature's domain");
	is_str(d.fault, "", "... nothing is wrong with it");
	dkim_read(a, "v=1; a=rsa-sha256; d=b.example; s=s1; h=to; bh=x; b=y", &d);
	ok(strstr(d.fault, "From") != NULL, "From must be signed");
	dkim_read(a, "v=1; a=rsa-sha256; d=b.example; s=s1; h=from; bh=x; b=y; i=a@c.example", &d);
	ok(strstr(d.fault, "i=") != NULL, "i= within d=");
	ok(domain_same_org("a.b.example.co.uk", "Example.co.uk"), "below co.uk");
	ok(!domain_same_org("a.example.co.uk", "b.other.co.uk"), "co.uk is a suffix");
	ok(!domain_same_org("a.example.k12.ca.us", "b.other.k12.ca.us"),
	   "what no shape tells is in the list");
	ok(domain_same_org("a.b.example.com", "example.com"), "two labels else");
	ok(domain_same_org("localhost", "localhost"), "a name of one label");
	is_str(domain_of_address(a, "\"x@y.example\" <A@Sub.B.example>"), "sub.b.example",
	       "the domain of a From");
}

/* --- edges --- */

static void edges(struct arena *a, const struct know *k)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(SIZE_MAX / 2);
	const struct message *m;
	struct fields f;

	for (int i = 0; i < 10000; i++)
		buf_addf(&b,
			 "Received: from a%d.example by b%d.example with ESMTP id 1; Mon, 1 Oct "
			 "2018 09:56:01 +0000\n",
			 i, i);
	m = message_read(a, k, (struct span) { buf_str(&b), b.len });
	is_int(m->n_hops, LIMIT_HOPS, "10,000 Received lines: so many are read");
	buf_clear(&b);
	for (int i = 0; i < 1000; i++)
		buf_adds(
			&b,
			"DKIM-Signature: v=1; a=rsa-sha256; d=b.example; s=s; h=from; bh=x; b=y\n");
	m = message_read(a, k, (struct span) { buf_str(&b), b.len });
	is_int(m->n_signatures, LIMIT_SIGNATURES, "1,000 signatures: so many are read");
	buf_clear(&b);
	buf_adds(&b, "DKIM-Signature: d=b.example; h=");
	for (int i = 0; i < 20000; i++)
		buf_addf(&b, "x%d:", i);
	buf_adds(&b, "\nFrom: a@b.example\n");
	m = message_read(a, k, (struct span) { buf_str(&b), b.len });
	is_int(m->signatures[0].headers.n, LIMIT_SIGNED, "a huge h=: so many names are kept");
	buf_clear(&b);
	buf_adds(&b, "X-A: ");
	while (b.len < 2 * LIMIT_HEADER_VALUE)
		buf_adds(&b, "0123456789abcdef");
	buf_adds(&b, "\nFrom: a@b.example\n");
	fields_read(a, (struct span) { buf_str(&b), b.len }, &f);
	is_int(strlen(f.v[0].value), LIMIT_HEADER_VALUE, "a long line is cut");
	ok(f.cut && f.n == 2, "... which is said, and the next field is read");
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error;
	struct know *k = know_new(a, NULL, &error);

	blocks(a);
	dates(a);
	received(a);
	results(a);
	filters(a);
	edges(a, k);
	return tap_done();
}
