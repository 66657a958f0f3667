#!/bin/sh
# lint: what programs' configuration files say, what is wrong in them, and never a password. check --from-config: the same settings, tried.
. "${SRCDIR:-$(dirname "$0")/../..}/tests/cli/lib.sh"

data=$top/tests/data/config
secret=Geheim
rc=0
cd "$data" || exit 1

# What each sample says, and what its reader has to say to it. What the judge of paths finds has tests of its own.
find . -type f ! -name 'sasl_passwd' ! -name 'master.cf' ! -name 'passwd.client' ! -name 'revaliases' ! -name 'jenkins.model.*' | LC_ALL=C sort |
	sed 's/^\.\///' >"$scratch/samples"
[ "$(wc -l <"$scratch/samples")" -ge 40 ]
say $? "there are samples"
while read -r file; do
	"$SMTPWHY" lint --color never "$file" >"$scratch/out" 2>"$scratch/err" </dev/null
	echo "== $file: $?"
	cat "$scratch/err"
	grep -E '^[^ ]+   [^ ]|^ (sends by|server|TLS|login|sender|recipient|certificate|tenant|application) |: (error|warning|info)  lint\.' "$scratch/out"
done <"$scratch/samples" >"$scratch/told"
# UPDATE=1 in the environment writes it anew: read the difference.
[ -z "${UPDATE-}" ] || cp "$scratch/told" "$top/tests/cli/data/lint.txt"
diff "$top/tests/cli/data/lint.txt" "$scratch/told" >"$scratch/out" 2>&1
say $? "every sample is read as it was meant"
cat "$scratch/told" >"$scratch/out"
: >"$scratch/err"
out_lacks "$secret" "... and no password is told"

# In no form, in no file that is named by another, and not when things go wrong. All samples in one
# run of each form: a start costs more than a file.
for how in '--format json' '--format github' '--format evidence' '-v' '-q --strict'; do
	# shellcheck disable=SC2086 # words
	xargs "$SMTPWHY" lint $how <"$scratch/samples" >>"$scratch/all" 2>&1
done
while read -r file; do
	head -c 300 "$file" | "$SMTPWHY" lint - >>"$scratch/all" 2>&1
done <"$scratch/samples"
for application in $("$SMTPWHY" lint --application list | cut -d' ' -f1); do
	"$SMTPWHY" lint --format json --application "$application" broken.laravel.env broken.gitlab.rb \
		broken.transport.ts application.yml web.config good.msmtprc >>"$scratch/all" 2>&1 </dev/null
done
[ "$(wc -l <"$scratch/all")" -ge 1000 ]
say $? "a lot was said"
! grep -qF "$secret" "$scratch/all"
say $? "a password is in no output, whatever file is taken for what, and however it is cut"

# As data.
xargs "$SMTPWHY" lint --format ndjson <"$scratch/samples" >"$scratch/out"
last='lint --format ndjson'
valid lint "all samples: JSON as its schema says"
run lint --format json application.properties
valid lint "one: JSON as its schema says"
run lint --format json good.msmtprc broken.msmtprc
[ "$(wc -l <"$scratch/out")" = 3 ]
say $? "several settings are one object a line"
run lint --format github broken.transport.ts
status 1
out_has '::error file=broken.transport.ts,line=7,title=path.implicit-on-starttls::' "an annotation for GitHub"

# The lines to write are the program's own.
run lint generic.env
status 0 "TLS from the first byte on port 587: a warning only, for what the keys mean is a guess"
out_has 'generic.env:3: warning  path.implicit-on-starttls'
run lint broken.settings.py
out_has 'EMAIL_USE_SSL = False'
run lint hudson.tasks.Mailer.xml
status 0 "nothing wrong"
out_has 'Nothing in these settings contradicts another.'
out_has 'Nothing was sent, and no server was asked.'
run lint -q --strict grafana.ini
status 1 "--strict makes a warning a problem"
run lint grafana.ini
status 0 "... which it is not without"
run lint wp-mail-smtp-export.json
out_has '"port": 587,' "port 465 at Microsoft: the line with the right port"
out_has '"encryption": "tls",'
run lint --recipients external --can oauth,tls12 good.msmtprc
out_has 'Better ' "what is said of the sender brings the recommendation"
out_has '- needs: '

# Standard input, and a program that is named.
"$SMTPWHY" lint - <good.settings.py >"$scratch/out" 2>"$scratch/err"
rc=$?
last='lint -'
status 0 "standard input is recognised by what is in it"
out_has 'standard input   Django'
run lint --application env good.laravel.env
out_has 'good.laravel.env   environment file' "--application outranks the name"
run lint --application list
status 0
out_has 'postfix         Postfix'

# A program of one's own: its rows alone.
printf 'program\trow\tname\twords\tmeans\tport\nours\ttitle\t-\tOur shop\t-\t-\nours\tsyntax\t-\tenv\t-\t-\nours\tfiles\t-\t.env\t-\t-\nours\tsigns\t-\tSHOP_POST_BOX\t-\t-\nours\tkey\tSHOP_POST_BOX\t-\thost-port\t-\nours\ttls\t-\t-\timplicit\t-\nours\tline\thost+port\tSHOP_POST_BOX=%%:^\t-\t-\n' >"$scratch/ours.tsv"
printf 'SHOP_POST_BOX=smtp.office365.com:587\n' >"$scratch/shop.env"
run lint --map "$scratch/ours.tsv" "$scratch/shop.env"
status 1 "--map: a program of one's own"
out_has 'shop.env   Our shop'
out_has 'path.implicit-on-starttls'
mkdir -p "$scratch/config/smtpwhy"
cp "$scratch/ours.tsv" "$scratch/config/smtpwhy/mail-programs.tsv"
XDG_CONFIG_HOME=$scratch/config "$SMTPWHY" lint "$scratch/shop.env" >"$scratch/out" 2>"$scratch/err"
out_has 'shop.env   Our shop' "the same from the folder of own tables"
printf 'program\trow\tname\twords\tmeans\tport\nours\tkeyy\tX\t-\thost\t-\n' >"$scratch/bad.tsv"
wrong "smtpwhy lint: $scratch/bad.tsv:2: column 'row': no row of a program is called so" lint --map "$scratch/bad.tsv" "$scratch/shop.env"
wrong "smtpwhy lint: /nonexistent/x.tsv cannot be opened: No such file or directory" lint --map /nonexistent/x.tsv "$scratch/shop.env"

# Keys that look like mail: a guess, called so, and no errors.
printf 'postoffice:\n  smtp_host: smtp.gmail.com\n  smtp_port: 993\n' >"$scratch/unknown.yml"
run lint "$scratch/unknown.yml"
status 0 "a guess is no error"
out_has 'unknown.yml   unknown program'
out_has 'warning  lint.port-for-reading'
out_has 'lint.guessed'

# What cannot be judged.
printf 'SMTP_HOST=\nSMTP_PORT=587\nMAIL_URL=${SECRET_URL}\n' >"$scratch/x.env"
run lint "$scratch/x.env"
status 3 "a server that is not in the file"
out_has 'The server is not in this file'

# A plug-in's token is not visible, and its login is not told to become another.
run lint --strict postfix-xoauth2/main.cf
status 0 "Postfix with sasl-xoauth2: nothing is wrong"
out_has 'login       scan@contoso.com, xoauth2, token elsewhere'
out_lacks 'mechanism_filter = login'
out_lacks '/etc/tokens'

# Passwords in other settings: only their shape is told.
printf 'SMTP_HOST=smtp.example.com\nSMTP_USER=Sehr Geheim 4711\nSMTP_FROM=%s:pw@example.com\n' $secret >"$scratch/shape.env"
run lint "$scratch/shape.env"
out_has 'login       not shown (16 characters, with blanks)'
run lint --format json "$scratch/shape.env"
out_has '"user": "16 characters, with blanks"'
valid lint "... JSON as its schema says"
wrong "smtpwhy check: --from-config: $scratch/shape.env:2: SMTP_USER is not certainly a user name (16 characters, with blanks, not shown); give it with --user NAME" \
	check --from-config "$scratch/shape.env"
printf 'SMTP_HOST=user:%s@smtp.example.com\n' $secret >"$scratch/host.env"
run check --from-config "$scratch/host.env"
status 2
out_lacks $secret "check --from-config: nor is a host that is none"

# Several files, some of which are none: the others are judged all the same, and nothing is lost.
printf 'hello\n' >"$scratch/hello"
none="$scratch/hello $scratch/none $scratch/missing"
for format in text json ndjson github; do
	# shellcheck disable=SC2086 # words
	run lint --format $format $none broken.settings.py good.msmtprc
	status 2 "--format $format: files that are none: exit status 2, though a problem was found, too"
	[ "$(wc -l <"$scratch/err")" = 3 ]
	say $? "... each of them is a line on standard error"
	for file in $none broken.settings.py good.msmtprc; do
		out_has "$file" "... and what became of $file is told"
	done
done
# shellcheck disable=SC2086 # words
run lint --format json good.msmtprc $none broken.settings.py
valid lint "... JSON as its schema says"
[ "$(wc -l <"$scratch/out")" = 5 ] && [ "$(grep -c '"verdict":"unread","error":"' "$scratch/out")" = 3 ]
say $? "... an object for each, in the order of the files"
sed -n 5p "$scratch/out" | grep -q '"file":"broken.settings.py".*"verdict":"problem"'
say $? "... also behind those that are none"
run lint --format json "$scratch/hello"
status 2
valid lint "a single one that is none is JSON, too"
run lint --format github good.msmtprc "$scratch/hello"
out_has "::error file=$scratch/hello,line=1,title=lint.unread::$scratch/hello: it cannot be told" "an annotation says which file"
run lint --format json -o "$scratch/lint.json" "$scratch/hello" good.msmtprc
grep -q '"file":"good.msmtprc"' "$scratch/lint.json" && grep -q unread "$scratch/lint.json"
say $? "-o: they are in the file"

wrong "smtpwhy lint: which file? Give a program's configuration: main.cf, .env, application.yml, grafana.ini ..., or a folder" lint
wrong "smtpwhy lint: /nonexistent/main.cf cannot be opened: No such file or directory" lint /nonexistent/main.cf
wrong "smtpwhy lint: standard input can be read once" lint - -
wrong "smtpwhy lint: --application: 'postfxi' is not known; did you mean 'postfix'?" lint --application postfxi good.settings.py
wrong "smtpwhy lint: good.settings.py: there are no mail settings of GitLab (Omnibus) in it" lint --application gitlab good.settings.py
printf 'hello\n' >"$scratch/hello"
wrong "smtpwhy lint: $scratch/hello: it cannot be told which program's settings these are, or there are none for mail in it; name the program with --application" \
	lint "$scratch/hello"
printf '{\n  "EmailSettings": {\n    "SMTPPassword": "Sehr-Geheim-4711\n' >"$scratch/config.json"
wrong "smtpwhy lint: $scratch/config.json:3: the end of the text, a quote, is expected here" lint "$scratch/config.json"
printf 'spring:\n\tmail:\n' >"$scratch/application.yml"
wrong "smtpwhy lint: $scratch/application.yml:2: a tab cannot indent in YAML; use blanks" lint "$scratch/application.yml"
head -c 17000000 /dev/zero >"$scratch/big.env"
wrong "smtpwhy lint: $scratch/big.env is larger than 16777216 bytes" lint "$scratch/big.env"
wrong "smtpwhy lint: cannot write to '/nonexistent/x': No such file or directory" lint -o /nonexistent/x good.msmtprc

# --- check --from-config ---

good=$(sed -n 's/^password *//p' "$top/data/scenarios/m365.scenario" | head -n 1)
sed "s/Sehr-Geheim-4711/$good/" good.settings.py >"$scratch/settings.py"
lab="check --lab healthy --no-progress --format json"
# shellcheck disable=SC2086 # words
{
	run $lab --from-config "$scratch/settings.py"
	status 0 "check --from-config: these settings work"
	err_is "smtpwhy check: settings of $scratch/settings.py (Django): smtp.office365.com:587, STARTTLS, login scan@contoso.com, the password that is written there, sender scan@contoso.com"
	out_has '"id": "smtp.mail-from"' "... the sender is tried"
	grep -q '"auth.587.accepted": true' "$scratch/out"
	say $? "... the login is accepted with the password of the file"
	out_lacks "$good" "... which is not shown"
	run $lab --from-config good.settings.py
	status 1 "a password that is wrong is refused"
	out_lacks "$secret"
	run $lab -v --trace all --from-config good.settings.py
	out_lacks "$secret" "... and in no trace"
	out_lacks "$(printf 'Sehr-Geheim-4711' | base64)"
	run $lab --from-config "$scratch/settings.py" --user other@contoso.com --from other@contoso.com
	err_has 'login other@contoso.com, sender other@contoso.com' "the command line wins"
	run $lab --from-config broken.msmtprc#office -q
	status 1 "TLS from the first byte on port 587 fails on the wire, too"
	err_empty "-q says nothing of the settings"
	out_has 'smtp.office365.com:587'
	printf '%s' "$good" >"$scratch/pw"
	run $lab --from-config good.settings.py --password-file "$scratch/pw"
	status 0 "--password-file outranks the password of the file"
	run $lab --from-config good.settings.py 192.0.2.1:26 --only 'tcp.*'
	out_has '"host": "192.0.2.1"' "a target outranks the server of the file"
}
wrong "smtpwhy check: --from-config: there are several settings in broken.msmtprc; which? broken.msmtprc#office broken.msmtprc#test" check --from-config broken.msmtprc
wrong "smtpwhy check: --from-config: there are no settings 'home' in broken.msmtprc; there are broken.msmtprc#office broken.msmtprc#test" check --from-config broken.msmtprc#home
wrong "smtpwhy check: /nonexistent/x cannot be opened: No such file or directory" check --from-config /nonexistent/x
run check --from-config graph.symfony.env#MAILER_DSN
status 3 "settings that don't send by SMTP"
err_has 'sends by graph, not by SMTP'
done_testing
