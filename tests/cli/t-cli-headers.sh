#!/bin/sh
# headers: a delivered message's header: the cause first, then what it rests on; any state of the text; exit statuses; the JSON.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

cat >"$scratch/junk.eml" <<'END'
Received: from AM0PR01MB0001.eurprd01.prod.outlook.com (2603:10a6::1) by
 DB9PR01MB0002.eurprd01.prod.outlook.com with HTTPS; Mon, 1 Oct 2018 09:49:24
 +0000
Received: from out.sender.example (192.0.2.1) by
 AM5EUR01FT001.mail.protection.outlook.com (10.0.0.1) with Microsoft SMTP
 Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id
 15.20.1 via Frontend Transport; Mon, 1 Oct 2018 09:49:23 +0000
Authentication-Results: spf=pass (sender IP is 192.0.2.1)
 smtp.mailfrom=sender.example; dkim=pass (signature was verified)
 header.d=sender.example;dmarc=pass action=none
 header.from=sender.example;compauth=pass reason=100
Received: from app (app.sender.example [10.1.1.1])
	by out.sender.example (Postfix) with ESMTPSA id 4YY
	for <b@contoso.com>; Mon,  1 Oct 2018 11:49:20 +0200 (CEST)
From: "A" <a@sender.example>
To: b@contoso.com
Subject: order
Date: Mon, 1 Oct 2018 11:49:19 +0200
X-Forefront-Antispam-Report: CIP:192.0.2.1;CTRY:DE;SCL:1;SFV:NSPM;CAT:NONE;
X-Microsoft-Antispam-Mailbox-Delivery:
 ucf:0;jmr:0;ex:1;auth:1;dest:J;OFR:SpamFilterAuthJ;ENG:(1);RF:JunkEmail;

Hello
END
run headers "$scratch/junk.eml"
status 1 'a message that the mailbox put into Junk'
err_empty
out_has "Why         A setting of the recipient's mailbox moved the message to Junk"
out_has ' DKIM       pass for sender.example, aligned with From (signature was verified)'
out_has ' 1   09:49:20              out.sender.example            ESMTPSA, TLS, login'
out_has ' 2   09:49:23 3 s          ...ail.protection.outlook.com SMTP, TLS 1.2'
out_has 'Set-MailboxJunkEmailConfiguration -Identity b@contoso.com -TrustedListsOnly $false'
out_has '   SFV NSPM               The filter found nothing: clean'
sed -n 1,24p "$scratch/out" >"$scratch/screen"
grep -q '^Fix ' "$scratch/screen"
say $? 'the first screen has the first step'
awk 'length > 80 && !/^ *(https:|Set-|Get-)/ { bad = 1; print "#   " $0 } END { exit bad }' "$scratch/out" && ! grep -q '[[:space:]]$' "$scratch/out"
say $? 'it fits 80 columns, and no line ends in blanks'
run headers --format json "$scratch/junk.eml"
status 1 'as JSON'
valid headers 'the JSON is as its schema says'
out_has '"cause": "safe-lists-only"'
out_has '"trust": "receiver"'

run headers --format evidence "$scratch/junk.eml"
valid evidence 'the evidence is as its schema says'
cp "$scratch/out" "$scratch/evidence"
run judge --format json "$scratch/evidence"
out_has '"cause": "safe-lists-only"' 'judged again, it leads to the same'

# The same, as people paste it.
sed 's/^/> /' "$scratch/junk.eml" >"$scratch/quoted"
sed 's/^[ 	]*//' "$scratch/junk.eml" >"$scratch/unfolded"
sed 's/$/\r/' "$scratch/junk.eml" >"$scratch/crlf"
{ printf 'Hello,\n\nthis mail was in junk:\n\n'; cat "$scratch/junk.eml"; } >"$scratch/prose"
sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/$/<br>/' "$scratch/junk.eml" >"$scratch/html"
for kind in quoted unfolded crlf prose html; do
	run headers --format json "$scratch/$kind"
	status 1 "$kind"
	out_has '"cause": "safe-lists-only"'
	out_has '"aligned": true'
	valid headers "$kind: the JSON is as its schema says"
done

# A message without a fault.
sed 's/dest:J/dest:I/; s/RF:JunkEmail;//' "$scratch/junk.eml" >"$scratch/good"
run headers "$scratch/good"
status 0 'nothing wrong'
out_has 'Nothing in this header explains junk or a delay.'
"$SMTPWHY" headers - <"$scratch/good" >"$scratch/stdin"
cmp -s "$scratch/out" "$scratch/stdin"
say $? 'on standard input'

# explain is given such a message.
run explain "$scratch/junk.eml"
status 0 'explain recognises it'
out_has "Why         A setting of the recipient's mailbox moved the message to Junk"
run explain --format json "$scratch/junk.eml"
out_has "'smtpwhy headers' says what it shows"
valid explanation 'an explanation that names the command'

# Wrong usage.
run headers
status 2 'no file'
err_has "smtpwhy headers: give one file with the message or its header, or - for standard input"
run headers "$scratch/nothing"
status 2 'a file that is not there'
echo '535 5.7.139 Authentication unsuccessful' >"$scratch/reply"
run headers "$scratch/reply"
status 1 'a reply'
err_has "it was read as 'smtpwhy explain' does"
out_has 'The login failed and the server does not say why.'
run headers --format json "$scratch/reply"
status 2 'a reply, as data'
out_empty
err_has "an error, a log or a bounce is for 'smtpwhy explain'"
echo 'nothing at all' >"$scratch/prose-alone"
run headers "$scratch/prose-alone"
status 2 'neither a header nor a reply'
err_one_line
printf 'Subject: \033[31mred\nFrom: \033]0;x\007@\033.example\nReceived: by \033[2J.example; Mon, 1 Oct 2018 09:49:20 +0000\n' >"$scratch/hostile"
run headers "$scratch/hostile"
LC_ALL=C grep -q '[[:cntrl:]]' "$scratch/out"
[ $? -eq 1 ]
say $? 'no control character of the message is printed'
done_testing
