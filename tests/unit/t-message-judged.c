/*
 * t-message-judged - what whole messages lead to: cause, certainty, path.
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "know/know.h"
#include "message/message.h"

/* --- whole messages: what they lead to --- */

#define TO_MICROSOFT                                                                               \
	"Received: from AM0PR01.eurprd01.prod.outlook.com (2603:10a6::1) by "                      \
	"DB9PR01.eurprd01.prod.outlook.com with HTTPS; Mon, 1 Oct 2018 09:49:24 +0000\n"           \
	"Received: from out.sender.example (192.0.2.1) by AM5EUR01.mail.protection.outlook.com "   \
	"(10.0.0.1) with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_X) id 15.20.1 via "     \
	"Frontend Transport; Mon, 1 Oct 2018 09:49:23 +0000\n"
#define FROM_SENDER "From: A <a@sender.example>\nTo: b@contoso.com\n"
#define RESULTS(spf, dkim, dmarc, comp)                                                            \
	"Authentication-Results: spf=" spf                                                         \
	" (sender IP is 192.0.2.1) smtp.mailfrom=sender.example; dkim=" dkim ";dmarc=" dmarc       \
	" header.from=sender.example;compauth=" comp "\n"
#define GOOD                                                                                       \
	RESULTS("pass", "pass (signature was verified) header.d=sender.example",                   \
		"pass action=none", "pass reason=100")

struct whole { const char *what, *text, *cause, *certainty, *path; };

static const struct whole wholes[] = {
	{ "all is well",
	  TO_MICROSOFT GOOD FROM_SENDER
	  "X-Forefront-Antispam-Report: CIP:192.0.2.1;SCL:1;SFV:NSPM;CAT:NONE;\n",
	  "", "", "server" },
	{ "clean, and in Junk",
	  TO_MICROSOFT GOOD FROM_SENDER
	  "X-Forefront-Antispam-Report: SCL:1;SFV:NSPM;CAT:NONE;\n"
	  "X-Microsoft-Antispam-Mailbox-Delivery: ucf:0;dest:J;OFR:SpamFilterAuthJ;RF:JunkEmail;\n",
	  "safe-lists-only", "certain", NULL },
	{ "an inbox rule",
	  TO_MICROSOFT GOOD FROM_SENDER
	  "X-Microsoft-Antispam-Mailbox-Delivery: ucf:1;dest:C;OFR:CustomRules;\n",
	  "mailbox-rule", "certain", NULL },
	{ "an inbox rule chose Junk Email",
	  TO_MICROSOFT GOOD FROM_SENDER
	  "X-Forefront-Antispam-Report: SCL:1;SFV:NSPM;CAT:NONE;\n"
	  "X-Microsoft-Antispam-Mailbox-Delivery: ucf:1;jmr:0;dest:J;OFR:CustomRules;\n",
	  "mailbox-rule", "certain", NULL },
	{ "blocked by the user",
	  TO_MICROSOFT GOOD FROM_SENDER "X-Forefront-Antispam-Report: SCL:6;SFV:BLK;CAT:SPM;\n",
	  "recipient-block-list", "certain", NULL },
	{ "a mail flow rule",
	  TO_MICROSOFT GOOD FROM_SENDER "X-Forefront-Antispam-Report: SCL:9;SFV:SKS;CAT:SPM;\n",
	  "junk-by-mail-flow-rule", "likely", NULL },
	{ "released",
	  TO_MICROSOFT GOOD FROM_SENDER "X-Forefront-Antispam-Report: SCL:-1;SFV:SKQ;\n",
	  "quarantined", "certain", NULL },
	{ "an ASF option",
	  TO_MICROSOFT GOOD FROM_SENDER
	  "X-Forefront-Antispam-Report: SCL:9;SFV:SPM;CAT:HSPM;\nX-CustomSpam: Empty Message\n",
	  "advanced-spam-option", "certain", NULL },
	{ "an ASF option in test mode",
	  TO_MICROSOFT GOOD FROM_SENDER
	  "X-Forefront-Antispam-Report: SCL:1;SFV:NSPM;CAT:NONE;\n"
	  "X-CustomSpam: This message was filtered by the custom spam filter option\n",
	  "", "", NULL },
	{ "impersonation",
	  TO_MICROSOFT GOOD FROM_SENDER "X-Forefront-Antispam-Report: SCL:5;SFV:SPM;CAT:UIMP;\n",
	  "impersonation-protection", "certain", NULL },
	{ "bulk",
	  TO_MICROSOFT GOOD FROM_SENDER
	  "X-Forefront-Antispam-Report: SCL:6;SFV:SPM;CAT:BULK;\nX-Microsoft-Antispam: BCL:8;\n",
	  "bulk-mail", "certain", NULL },
	{ "content",
	  TO_MICROSOFT GOOD FROM_SENDER "X-Forefront-Antispam-Report: SCL:8;SFV:SPM;CAT:HSPM;\n",
	  "accepted-then-junk", "certain", NULL },
	{ "content, Outlook.com",
	  TO_MICROSOFT GOOD FROM_SENDER "X-MS-Exchange-Organization-SCL: 5\n", "accepted-then-junk",
	  "likely", NULL },
	{ "the sender's own outbound filter",
	  TO_MICROSOFT GOOD FROM_SENDER
	  "X-Forefront-Antispam-Report-Untrusted: DIR:OUT;SFV:SPM;SCL:6;CAT:OSPM;\n",
	  "high-risk-pool", "certain", NULL },
	{ "DMARC enforced",
	  TO_MICROSOFT RESULTS("fail", "none (message not signed) header.d=none",
			       "fail action=quarantine", "fail reason=000") FROM_SENDER
	  "X-Forefront-Antispam-Report: SCL:5;SFV:SPM;CAT:SPOOF;\n",
	  "dmarc-fail", "certain", NULL },
	{ "nothing authenticates",
	  TO_MICROSOFT RESULTS("none", "none (message not signed) header.d=none",
			       "none action=none", "fail reason=001") FROM_SENDER,
	  "delivered-unauthenticated", "likely", NULL },
	{ "a service signs as itself",
	  TO_MICROSOFT "Authentication-Results: spf=pass (sender IP is 192.0.2.1) "
		       "smtp.mailfrom=bounce.sendgrid.net; dkim=pass (x) "
		       "header.d=sendgrid.net;dmarc=fail action=none "
		       "header.from=sender.example;compauth=fail reason=001\n" FROM_SENDER,
	  "esp-signs-as-itself", "likely", "third-party" },
	{ "onmicrosoft.com signs",
	  TO_MICROSOFT "Authentication-Results: spf=fail (sender IP is 192.0.2.1) "
		       "smtp.mailfrom=other.example; dkim=pass (x) "
		       "header.d=contoso.onmicrosoft.com;dmarc=fail action=none "
		       "header.from=sender.example;compauth=fail reason=001\n" FROM_SENDER,
	  "tenant-signs-as-onmicrosoft", "likely", NULL },
	{ "forwarded, SRS",
	  TO_MICROSOFT
	  "Authentication-Results: spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=fwd.example; "
	  "dkim=fail (body hash did not verify) "
	  "header.d=sender.example;dmarc=fail action=none header.from=sender.example;compauth=fail "
	  "reason=001\nReturn-Path: SRS0=x=y=sender.example=a@fwd.example\n" FROM_SENDER,
	  "forwarded-unaligned", "likely", "forwarded" },
	{ "changed on its way",
	  TO_MICROSOFT
	  "Authentication-Results: spf=none (sender IP is 192.0.2.1) smtp.mailfrom=sender.example; "
	  "dkim=fail (body hash did not verify) "
	  "header.d=sender.example;dmarc=fail action=none header.from=sender.example;compauth=fail "
	  "reason=001\n" FROM_SENDER,
	  "changed-after-signing", "likely", NULL },
	{ "own domain from outside",
	  TO_MICROSOFT RESULTS("softfail", "none (message not signed) header.d=none",
			       "none action=none", "fail reason=601") FROM_SENDER
	  "X-MS-Exchange-Organization-AuthAs: Anonymous\n",
	  "own-domain-unauthenticated", "certain", "direct-send" },
	{ "client submission",
	  "Received: from AM0PR01.eurprd01.prod.outlook.com ([fe80::1]) by "
	  "AM0PR01.eurprd01.prod.outlook.com with mapi id 15.20; Mon, 1 Oct 2018 09:49:24 +0000\n"
	  "Received: from [10.0.0.5] (192.0.2.1) by AM0PR01.eurprd01.prod.outlook.com (2603::1) "
	  "with Microsoft SMTP Server (version=TLS1_2, cipher=X) id 15.20; Mon, 1 Oct 2018 "
	  "09:49:23 +0000\n" FROM_SENDER "X-MS-Exchange-Organization-AuthAs: "
					 "Internal\nX-MS-Exchange-Organization-AuthMechanism: 06\n",
	  "", "", "client-submission" },
	{ "a connector",
	  TO_MICROSOFT GOOD FROM_SENDER
	  "X-MS-Exchange-CrossTenant-OriginalAttributedTenantConnectingIp: "
	  "TenantId=1;Ip=[192.0.2.1];Helo=[x]\n",
	  "", "", "smtp-relay" },
	{ "forged fields",
	  "Received: from x.example (x [192.0.2.1]) by mx.example.net (Postfix) with ESMTP id 1; "
	  "Mon, 1 Oct 2018 09:49:23 +0000\n" FROM_SENDER
	  "X-MS-Exchange-Organization-AuthAs: Internal\nX-Forefront-Antispam-Report: "
	  "SCL:-1;SFV:SKI;\n",
	  "forged-headers", "likely", NULL },
	{ "Gmail by policy",
	  "Received: from x.example (x [192.0.2.1]) by mx.google.com with ESMTPS id 1 for "
	  "<b@gmail.com>; Mon, 1 Oct 2018 09:49:23 +0000\n"
	  "Authentication-Results: mx.google.com; spf=pass smtp.mailfrom=a@other.example; "
	  "dmarc=fail (p=QUARANTINE sp=QUARANTINE dis=QUARANTINE) "
	  "header.from=sender.example\n" FROM_SENDER,
	  "dmarc-fail", "certain", NULL },
	{ "SpamAssassin",
	  "Received: from x.example (x [192.0.2.1]) by mx.example.net with ESMTP id 1; Mon, 1 Oct "
	  "2018 09:49:23 +0000\n" FROM_SENDER
	  "X-Spam-Status: Yes, score=7.1 required=5.0 "
	  "tests=BAYES_99=3.5,HTML_MESSAGE=0.1,RCVD_IN_PBL=3.3 autolearn=no\n",
	  "accepted-then-junk", "certain", NULL },
	{ "Microsoft with the recipient's domain before each method",
	  TO_MICROSOFT "Authentication-Results: contoso.com; dkim=none (message not signed) "
		       "header.d=none;contoso.com; dmarc=fail action=oreject "
		       "header.from=sender.example;\n" FROM_SENDER,
	  "dmarc-fail", "certain", NULL },
	{ "nothing passes at Gmail",
	  "Received: from x.example (x [192.0.2.1]) by mx.google.com with ESMTPS id 1; Mon, 1 Oct "
	  "2018 09:49:23 +0000\n"
	  "Authentication-Results: mx.google.com; spf=softfail smtp.mailfrom=a@sender.example; "
	  "dmarc=fail (p=NONE dis=NONE) header.from=sender.example\n" FROM_SENDER,
	  "delivered-unauthenticated", "likely", NULL },
	{ "a flag of Google's",
	  "Received: from x.example (x [192.0.2.1]) by mx.google.com with ESMTPS id 1; Mon, 1 Oct "
	  "2018 09:49:23 +0000\n" FROM_SENDER "X-Gm-Spam: 1\n",
	  "accepted-then-junk", "certain", NULL },
	{ "ARC fails, DMARC passes",
	  "Received: from x.example (x [192.0.2.1]) by mx.example.net with ESMTP id 1; Mon, 1 Oct "
	  "2018 09:49:23 +0000\n"
	  "Authentication-Results: mx.example.net; arc=fail; spf=pass "
	  "smtp.mailfrom=a@sender.example; dmarc=pass header.from=sender.example\n" FROM_SENDER,
	  "", "", NULL },
	{ "a report alone", "SCL:5;SFV:SPM;CAT:PHSH;", "accepted-then-junk", "likely", NULL },
	{ "spoofing",
	  TO_MICROSOFT FROM_SENDER "X-Forefront-Antispam-Report: SCL:5;SFV:SPM;CAT:SPOOF;\n",
	  "delivered-unauthenticated", "likely", NULL },
	{ "hybrid mail",
	  TO_MICROSOFT FROM_SENDER
	  "X-Forefront-Antispam-Report: "
	  "SCL:-1;SFV:SKI;DIR:INB;\nX-MS-Exchange-Organization-AuthAs: Internal\n"
	  "X-MS-Exchange-CrossTenant-FromEntityHeader: HybridOnPrem\n",
	  "", "", "smtp-relay" },
	{ "old when the first server took it",
	  "Received: from x.example (x [192.0.2.1]) by mx.example.net with ESMTP id 1; Mon, 1 Oct "
	  "2018 09:49:23 +0000\n"
	  "Date: Mon, 1 Oct 2018 09:29:23 +0000\n" FROM_SENDER,
	  "late-in-sender-queue", "possible", NULL },
	{ "no queue lasts two years",
	  "Received: from x.example (x [192.0.2.1]) by mx.example.net with ESMTP id 1; Thu, 1 Oct "
	  "2020 09:49:23 +0000\n"
	  "Received: from y (y [192.0.2.2]) by x.example with ESMTP id 1; Mon, 1 Oct 2018 09:49:23 "
	  "+0000\n" FROM_SENDER,
	  "server-clock-wrong", "likely", NULL },
	{ "an A-R of the sender's own, forged for the receiver",
	  "Received: from x.example (x [192.0.2.1]) by mx.example.net with ESMTP id 1; Mon, 1 Oct "
	  "2018 09:49:23 +0000\n"
	  "Received: from y (y [192.0.2.2]) by x.example with ESMTP id 1; Mon, 1 Oct 2018 09:49:23 "
	  "+0000\n"
	  "Authentication-Results: mx.example.net; dmarc=pass "
	  "header.from=sender.example\n" FROM_SENDER,
	  "", "", NULL },
	{ "greylisted",
	  "X-Greylist: delayed 400 seconds by postgrey-1.37 at mx.example.net; Mon, 1 Oct 2018 "
	  "09:56:03 +0000\n"
	  "Received: from x.example (x [192.0.2.1]) by mx.example.net with ESMTP id 1; Mon, 1 Oct "
	  "2018 09:56:03 +0000\n" FROM_SENDER,
	  "late-by-greylisting", "certain", NULL },
	{ "greylisted for a day",
	  "X-Greylist: delayed 90370 seconds by postgrey-1.37 at mx.example.net; Mon, 1 Oct 2018 "
	  "09:56:03 +0000\n"
	  "Received: from x.example (x [192.0.2.1]) by mx.example.net with ESMTP id 1; Mon, 1 Oct "
	  "2018 09:56:03 +0000\n" FROM_SENDER,
	  "greylisted-again", "likely", NULL },
	{ "late at the sender",
	  "Received: from b.sender.example (b [192.0.2.1]) by mx.example.net with ESMTP id 1; Mon, "
	  "1 Oct 2018 10:56:03 +0000\n"
	  "Received: from a.sender.example (a [192.0.2.2]) by b.sender.example with ESMTP id 1; "
	  "Mon, 1 Oct 2018 10:56:01 +0000\n"
	  "Received: from pc (pc [192.0.2.3]) by a.sender.example with ESMTP id 1; Mon, 1 Oct 2018 "
	  "09:56:01 +0000\n" FROM_SENDER,
	  "late-in-sender-queue", "likely", NULL },
	{ "late between",
	  "Received: from a.sender.example (a [192.0.2.1]) by mx.example.net with ESMTP id 1; Mon, "
	  "1 Oct 2018 10:56:03 +0000\n"
	  "Received: from pc (pc [192.0.2.3]) by a.sender.example with ESMTP id 1; Mon, 1 Oct 2018 "
	  "09:56:01 +0000\n" FROM_SENDER,
	  "late-at-the-border", "likely", NULL },
	{ "late at the receiver",
	  "Received: from mx.example.net (mx [192.0.2.8]) by imap.example.net with LMTP id 1; Mon, "
	  "1 Oct 2018 10:56:03 +0000\n"
	  "Received: from a.sender.example (a [192.0.2.1]) by mx.example.net with ESMTP id 1; Mon, "
	  "1 Oct 2018 09:56:03 +0000\n" FROM_SENDER,
	  "late-in-receiver", "likely", NULL },
	{ "a wrong zone is no delay",
	  "Received: from b.example.org (b [192.0.2.1]) by mx.example.net with ESMTP id 1; Mon, 1 "
	  "Oct 2018 09:56:05 +0000\n"
	  "Received: from a.sender.example (a [192.0.2.1]) by b.example.org with ESMTP id 1; Mon, "
	  "1 Oct 2018 14:56:03 +0000\n"
	  "Received: from pc (pc [192.0.2.3]) by a.sender.example with ESMTP id 1; Mon, 1 Oct 2018 "
	  "09:56:01 +0000\n" FROM_SENDER,
	  "server-clock-wrong", "likely", NULL },
	{ "a loop",
	  "Received: from b.example (b [192.0.2.1]) by a.example with ESMTP id 1; Mon, 1 Oct 2018 "
	  "09:56:05 +0000\n"
	  "Received: from a.example (a [192.0.2.1]) by b.example with ESMTP id 1; Mon, 1 Oct 2018 "
	  "09:56:04 +0000\n"
	  "Received: from b.example (b [192.0.2.1]) by a.example with ESMTP id 1; Mon, 1 Oct 2018 "
	  "09:56:03 +0000\n"
	  "Received: from a.example (a [192.0.2.1]) by b.example with ESMTP id 1; Mon, 1 Oct 2018 "
	  "09:56:02 +0000\n"
	  "Received: from b.example (b [192.0.2.1]) by a.example with ESMTP id 1; Mon, 1 Oct 2018 "
	  "09:56:01 +0000\n" FROM_SENDER,
	  "routing-loop", "likely", NULL },
	{ "a result below the receiver's is the sender's own",
	  "Received: from x.example (x [192.0.2.1]) by mx.example.net with ESMTP id 1; Mon, 1 Oct "
	  "2018 09:49:23 +0000\n"
	  "Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=sender.example; "
	  "dkim=pass header.d=sender.example; dmarc=pass header.from=sender.example\n"
	  "Received: from y.example (y [192.0.2.2]) by x.example with ESMTP id 1; Mon, 1 Oct 2018 "
	  "09:49:22 +0000\n"
	  "Authentication-Results: mx.example.net; dmarc=fail (p=reject) "
	  "header.from=sender.example\n" FROM_SENDER,
	  "", "", NULL },
};

/* Whose results count, and where the receiver begins: other names of the same organization. */
static void borders(struct arena *a, const struct know *k)
{
	const char *text =
		"Received: from A.DEUP281.PROD.OUTLOOK.COM (2603::9) by B.DEUP281.PROD.OUTLOOK.COM "
		"(2603::12) with Microsoft SMTP Server id 1; "
		"Mon, 4 Nov 2024 09:20:05 +0000\nReceived: from C.DEUP281.PROD.OUTLOOK.COM "
		"(2603::7c) by A.outlook.office365.com (2603::9) with Microsoft SMTP "
		"Server id 1; Mon, 4 Nov 2024 09:20:05 +0000\n" GOOD
		"Received: from scanner (198.51.100.7) by C.mail.protection.outlook.com (10.1.1.1) "
		"with Microsoft SMTP "
		"Server id 1 via Frontend Transport; Mon, 4 Nov 2024 09:20:04 +0000\nReceived: "
		"from pc (pc [192.0.2.1]) by scanner.example with ESMTP id 1; "
		"Mon, 4 Nov 2024 09:20:03 +0000\nAuthentication-Results: contoso.com; dmarc=fail "
		"action=none\n" FROM_SENDER;
	const struct message *m = message_read(a, k, span_of(text));

	is_int(m->n_hops, 4, "four hops");
	is_int(m->border, 1, "the second leads into Exchange Online");
	is_int(m->auth.trust, TRUST_RECEIVER, "its results are the receiver's");
	is_str(m->auth.dmarc.result, "pass", "... and what stood below is not among them");
	is_int(m->late.hop, 1, "the longest wait is the first one of a second");
	is_str(m->auth.client, "192.0.2.1", "the address that SPF was judged by");
	is_str(message_alignment(m),
	       "From is sender.example: SPF passes for envelope sender sender.example, which is "
	       "aligned; DKIM passes for d=sender.example, "
	       "which is aligned; DMARC pass.",
	       "alignment in a sentence");
}

static void whole_messages(struct arena *a, const struct know *k)
{
	for (size_t i = 0; i < ARRAY_LEN(wholes); i++) {
		const struct whole *w = &wholes[i];
		const struct message *m = message_read(a, k, span_of(w->text));
		const struct message_judged *j = message_judge(m);

		is_str(j->n_diagnosis ? j->diagnosis[0].cause->id : "", w->cause, w->what);
		is_str(j->n_diagnosis ? certainty_name(j->diagnosis[0].certainty) : "",
		       w->certainty, "... that sure");
		if (w->path)
			is_str(m->path, w->path, "... and its path");
	}
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error;
	struct know *k = know_new(a, NULL, &error);

	whole_messages(a, k);
	borders(a, k);
	return tap_done();
}
