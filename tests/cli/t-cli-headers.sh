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
# Signatures, with the keys of a zone: the message of RFC 8463, A.3.
cat >"$scratch/keys.scenario" <<'END'
title     Keys of a domain
target    football.example.com

dns
	brisbane._domainkey.football.example.com  txt v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
	test._domainkey.football.example.com      txt v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB
END
cat >"$scratch/signed.eml" <<'END'
DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=test; t=1528637909; h=from : to : subject :
 date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
END
run headers "$scratch/signed.eml"
out_has 'The signatures were not verified here; --verify asks DNS for their keys.'
run headers --verify --lab "$scratch/keys.scenario" "$scratch/signed.eml"
status 0 'two signatures that hold'
out_has 'd=football.example.com s=brisbane (aligned)'
[ "$(grep -c '^   pass$' "$scratch/out")" = 2 ]
say $? 'both pass'
run headers --verify --lab "$scratch/keys.scenario" --format json "$scratch/signed.eml"
valid headers 'verified, as JSON'
out_has '"body_unchanged": true'

{
	printf 'Authentication-Results: mx.shopping.example.net; dkim=fail header.d=football.example.com; spf=none; dmarc=fail header.from=football.example.com\n'
	cat "$scratch/signed.eml"
	printf -- '-- \nScanned by the gateway\n'
} >"$scratch/footer.eml"
run headers --verify --lab "$scratch/keys.scenario" "$scratch/footer.eml"
status 1 'a footer behind the signature'
out_has 'The message was changed after it was signed with DKIM'
out_has 'bytes were appended to the body, from'
sed 's/^Subject: /Subject: [EXTERNAL] /' "$scratch/signed.eml" >"$scratch/subject.eml"
run headers --verify --lab "$scratch/keys.scenario" "$scratch/subject.eml"
out_has 'put before the subject: without them the signature fits'
sed '/^$/,$d' "$scratch/signed.eml" >"$scratch/header-alone"
run headers --verify --lab "$scratch/keys.scenario" "$scratch/header-alone"
status 0 'the header alone'
out_has 'the signed header fields are as they were signed; the body is not in this'
sed 's/^/> /' "$scratch/signed.eml" >"$scratch/signed-quoted"
run headers --verify --lab "$scratch/keys.scenario" "$scratch/signed-quoted"
out_has 'The text is not the message byte for byte'
sed '/brisbane/d' "$scratch/keys.scenario" >"$scratch/half.scenario"
run headers --verify --lab "$scratch/half.scenario" "$scratch/signed.eml"
out_has 'permerror: '
wrong 'smtpwhy headers: --resolver and --lab are for --verify' headers --resolver 127.0.0.1 "$scratch/signed.eml"
done_testing
