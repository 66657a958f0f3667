/*
 * config-samples - for t-config.
 */
#include "tests/unit/config-samples.h"

#include "base/attr.h"

const struct config_sample config_samples[] = {
	/* Programs that are rows alone, and what their variables are written in. */
	{ "compose: a map and the image", "docker-compose.yml",
	  "services:\n  mon:\n    image: grafana/grafana:11.1.0\n    environment:\n"
	  "      GF_SMTP_ENABLED: \"true\"\n      GF_SMTP_HOST: a.example:465\n"
	  "      GF_SMTP_FROM_ADDRESS: x@y\n", "a.example 465 implicit - - - x@y" },
	{ "compose: quotes inside a list", "compose.yaml",
	  "services:\n  v:\n    image: vaultwarden/server\n    environment:\n"
	  "      - SMTP_HOST=\"a.example\"\n      - SMTP_FROM=x@y\n"
	  "      - SMTP_PASSWORD=ab$cd\n",
	  "a.example 587 starttls - - ab$cd x@y | quotes-in-value:5 | dollar-replaced:7" },
	{ "compose: defaults", "docker-compose.yml",
	  "services:\n  n:\n    image: n8nio/n8n\n    environment:\n"
	  "      - N8N_EMAIL_MODE=smtp\n      - N8N_SMTP_HOST=${H:-a.example}\n"
	  "      - N8N_SMTP_PORT=587\n      - N8N_SMTP_SSL=false\n",
	  "a.example 587 opportunistic - - - -" },
	{ "Kubernetes: a ConfigMap, a Secret and who takes them", "mail.yaml",
	  "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n"
	  "  GITEA__mailer__ENABLED: \"true\"\n  GITEA__mailer__SMTP_ADDR: a.example\n"
	  "  GITEA__mailer__SMTP_PORT: \"587\"\n---\napiVersion: v1\nkind: Secret\n"
	  "metadata:\n  name: s\ndata:\n  GITEA__mailer__PASSWD: cHcyMzQK\n---\n"
	  "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n"
	  "      containers:\n      - name: g\n        image: gitea/gitea:1\n        env:\n"
	  "        - name: GITEA__mailer__FROM\n          value: x@y\n",
	  "a.example 587 starttls - - pw234\n x@y | ends-in-newline:15" },
	{ "Kubernetes: a number as a value", "deploy.yml",
	  "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: d\n"
	  "    image: goauthentik/server\n    env:\n"
	  "    - name: AUTHENTIK_EMAIL__HOST\n      value: a.example\n"
	  "    - name: AUTHENTIK_EMAIL__PORT\n      value: 587\n"
	  "    - name: AUTHENTIK_EMAIL__FROM\n      value: x@y\n",
	  "a.example 587 none - - - x@y | not-a-string:11" },
	{ "compose: an anchor", "compose.yml",
	  "x-m: &m\n  EMAIL_HOST: a.example\n  EMAIL_USE_TLS: \"True\"\nservices:\n  w:\n"
	  "    environment:\n      <<: *m\n      EMAIL_HOST_USER: u\n",
	  "a.example - starttls - u - -" },
	{ "compose: a file in a variable", "docker-compose.yml",
	  "services:\n  g:\n    image: gitlab/gitlab-ce\n    environment:\n"
	  "      GITLAB_OMNIBUS_CONFIG: |\n        gitlab_rails['smtp_enable'] = true\n"
	  "        gitlab_rails['smtp_address'] = 'a.example'\n"
	  "        gitlab_rails['smtp_port'] = '58a7'\n"
	  "        gitlab_rails['gitlab_email_from'] = 'x@y'\n",
	  "a.example - opportunistic - - - x@y | port-not-a-number:8" },
	{ "Kubernetes: a file in a ConfigMap", "c.yaml",
	  "apiVersion: v1\nkind: ConfigMap\ndata:\n  grafana.ini: |\n    [smtp]\n"
	  "    enabled = true\n    host = a.example:465\n    from_address = x@y\n",
	  "a.example 465 implicit - - - x@y" },
	{ "systemd: a unit", "forgejo.service",
	  "[Unit]\nDescription=x\n[Service]\nEnvironment=\"FORGEJO__mailer__ENABLED=true\" "
	  "FORGEJO__mailer__SMTP_ADDR=a.example\nEnvironment=FORGEJO__mailer__PROTOCOL=smtps\n",
	  "a.example 465 implicit - - - -" },
	{ "a Dockerfile", "Dockerfile",
	  "FROM debian\nENV SPRING_MAIL_HOST=a.example \\\n    SPRING_MAIL_PORT=2525\n"
	  "ENV SPRING_MAIL_USERNAME u\n", "a.example 2525 none - u - -" },
	{ "Alertmanager puts no variables in", "alertmanager.yml",
	  "global:\n  smtp_smarthost: 'a.example:587'\n  smtp_from: x@y\n"
	  "  smtp_auth_username: u\n  smtp_auth_password: '${P}'\n",
	  "a.example 587 starttls - u - x@y | not-expanded:5" },
	{ "Thunderbird", "prefs.js",
	  "user_pref(\"mail.smtpserver.smtp1.hostname\", \"a.example\");\n"
	  "user_pref(\"mail.smtpserver.smtp1.port\", 465);\n"
	  "user_pref(\"mail.smtpserver.smtp1.try_ssl\", 3);\n",
	  "a.example 465 implicit - - - -" },
	{ "C#: what calls are given", "Mail.cs",
	  "class M { void S() { SmtpClient c = new SmtpClient(\"a.example\", 587);\n"
	  "c.EnableSsl = true; c.Credentials = new NetworkCredential(\"u\", \"p\"); } }\n",
	  "a.example 587 starttls - u p -" },
	{ "Python: smtplib", "send.py",
	  "s = smtplib.SMTP('a.example', 587)\ns.starttls()\ns.login('u', 'p')\n",
	  "a.example 587 starttls - u p -" },
	{ "Nodemailer: an object with a name", "m.js",
	  "const o = { host: 'a.example', port: 465, secure: true };\ncreateTransport(o);\n",
	  "a.example 465 implicit - - - -" },
	{ "Rails: symbols", "production.rb",
	  "config.action_mailer.smtp_settings = {\n  :address => 'a.example', port: 587,\n"
	  "  authentication: :login, enable_starttls: true }\n",
	  "a.example 587 starttls login - - -" },
	/* Values, whatever the program. */
	{ "a port that is none", "application.properties",
	  "spring.mail.host=a.example\nspring.mail.port=58a7\n",
	  "a.example - none - - - - | port-not-a-number:2" },
	{ "a port for reading", "settings.py", "EMAIL_HOST='a.example'\nEMAIL_PORT=993\n"
	  "EMAIL_USE_SSL=True\nDEFAULT_FROM_EMAIL='x@y'\nSERVER_EMAIL='x@y'\n",
	  "a.example 993 implicit - - - x@y | port-for-reading:2" },
	{ "a web address as server", "m.js", "createTransport({ host: 'https://a.example' })",
	  "- 587 opportunistic - - - - | host-not-a-name:1" },
	{ "a port in the server's name", "m.js", "createTransport({ host: 'a.example:587' })",
	  "a.example 587 opportunistic - - - - | host-not-a-name:1" },
	{ "ssl:// is PHP's way", "mail.php",
	  "<?php $mail->Host = 'ssl://a.example:465'; $mail->SMTPAuth = true;",
	  "a.example 465 implicit - - - -" },
	{ "a sender that is none", "app.ini", "[mailer]\nENABLED=true\nSMTP_ADDR=a.example\n"
	  "PROTOCOL=smtps\nFROM=Gitea.35\n",
	  "a.example 465 implicit - - - - | from-not-an-address:5" },
	{ "a name and an address in Python", "config.py",
	  "MAIL_SERVER='a.example'\nMAIL_DEFAULT_SENDER=('A B', 'x@y')\n",
	  "a.example 25 none - - - x@y" },
	{ "a placeholder is no password", ".env", "MAIL_MAILER=smtp\nMAIL_HOST=a.example\n"
	  "MAIL_USERNAME=u\nMAIL_PASSWORD=your-app-password\nMAIL_FROM_ADDRESS=x@y\n",
	  "a.example 2525 opportunistic - u - x@y | placeholder:4" },
	{ "what was taken out may be right", ".env", "MAIL_MAILER=smtp\nMAIL_HOST=a.example\n"
	  "MAIL_USERNAME=u\nMAIL_PASSWORD=redacted\nMAIL_FROM_ADDRESS=x@y\n",
	  "a.example 2525 opportunistic - u - x@y" },
	{ "Passbolt: true is STARTTLS", ".env", "EMAIL_TRANSPORT_DEFAULT_HOST=a.example\n"
	  "EMAIL_TRANSPORT_DEFAULT_PORT=587\nEMAIL_TRANSPORT_DEFAULT_TLS=true\n"
	  "EMAIL_DEFAULT_FROM=x@y\n",
	  "a.example 587 starttls - - - x@y" },
	{ "Overleaf: secure is TLS from the first byte", ".env",
	  "OVERLEAF_EMAIL_SMTP_HOST=a.example\nOVERLEAF_EMAIL_SMTP_PORT=465\n"
	  "OVERLEAF_EMAIL_SMTP_SECURE=true\nOVERLEAF_EMAIL_FROM_ADDRESS=x@y\n",
	  "a.example 465 implicit - - - x@y" },
	{ "Bitwarden: 587 is STARTTLS, whatever ssl says", "global.override.env",
	  "globalSettings__mail__smtp__host=a.example\nglobalSettings__mail__smtp__port=587\n"
	  "globalSettings__mail__smtp__ssl=true\n",
	  "a.example 587 opportunistic - - - -" },
	{ "constants in wp-config.php", "wp-config.php", "<?php\ndefine('DB_NAME', 'a');\n"
	  "define('SMTP_HOST', 'a.example');\ndefine('SMTP_PORT', '465');\n"
	  "define('SMTP_SECURE', 'ssl');\ndefine('SMTP_FROM', 'x@y');\n",
	  "a.example 465 implicit - - - x@y" },
	{ "a piece of JSON", "realm.json", "\"smtpServer\": {\n\"host\": \"a.example\",\n"
	  "\"port\": \"587\", \"starttls\": \"true\", \"from\": \"x@y\"\n},\n",
	  "a.example 587 opportunistic none - - x@y" },
	{ "an .env inside a ConfigMap", "map.yaml", "apiVersion: v1\nkind: ConfigMap\ndata:\n"
	  "  app.env: |\n    MAIL_MAILER=smtp\n    MAIL_HOST=a.example\n"
	  "    MAIL_FROM_ADDRESS=x@y\n",
	  "a.example 2525 opportunistic - - - x@y" },
	{ "a prefix tells more than a wide glob", ".env", "AUTHENTIK_EMAIL__HOST=a.example\n"
	  "AUTHENTIK_EMAIL__USE_TLS=true\nAUTHENTIK_EMAIL__PORT=587\n"
	  "AUTHENTIK_EMAIL__FROM=x@y\n",
	  "a.example 587 starttls - - - x@y" },
	{ "Laravel: a # without quotes", ".env", "MAIL_MAILER=smtp\nMAIL_HOST=a.example\n"
	  "MAIL_PASSWORD=ab#cd\nMAIL_FROM_ADDRESS=x@y\n",
	  "a.example 2525 opportunistic - - ab#cd x@y | password-cut:3" },
	{ "Laravel 6: ssl is obeyed", ".env", "MAIL_DRIVER=smtp\nMAIL_HOST=a.example\n"
	  "MAIL_PORT=587\nMAIL_ENCRYPTION=ssl\nMAIL_FROM_ADDRESS=x@y\n",
	  "a.example 587 implicit - - - x@y" },
	/* What the syntax does to a value. */
	{ "properties: a comment behind a value", "application.properties",
	  "spring.mail.host=a.example # the server\nspring.mail.password=p #w\n",
	  "a.example 25 none - - p #w - | comment-in-value:1 | comment-in-value:2" },
	{ "properties: a blank at the end", "application.properties",
	  "spring.mail.host=a.example \nspring.mail.password=p\\w\n",
	  "a.example 25 none - - pw - | blank-at-end:1 | backslash-lost:2" },
	{ "JSON: a tab that was meant as a backslash", "config.json",
	  "{\"EmailSettings\":{\"SMTPServer\":\"a.example\",\"FeedbackEmail\":\"x@y\","
	  "\"EnableSMTPAuth\":true,\"SMTPUsername\":\"CORP\\tom\"}}",
	  "a.example 10025 none - - - x@y | backslash-lost:1" },
	{ ".env: slashes are no comment", ".env",
	  "MAIL_MAILER=smtp\nMAIL_HOST=a.example // ours\nMAIL_FROM_ADDRESS=x@y\n",
	  "a.example 2525 opportunistic - - - x@y | comment-in-value:2" },
	{ "YAML: a password that is a tag", "configuration.yaml",
	  "notify:\n  - platform: smtp\n    server: a.example\n    username: u\n"
	  "    password: !Secret2020\n", "a.example 587 starttls - u - - | yaml-character:5" },
	{ "PHP: a dollar sign in double quotes", "mail.php",
	  "<?php $mail->Host = 'a.example'; $mail->SMTPAuth = true;\n"
	  "$mail->Password = \"pa$word\";\n",
	  "a.example 25 opportunistic - - - - | dollar-replaced:2" },
	{ "a key that is there twice", ".env", "GF_SMTP_ENABLED=true\nGF_SMTP_HOST=a.example\n"
	  "GF_SMTP_HOST=b.example:465\nGF_SMTP_FROM_ADDRESS=x@y\n",
	  "b.example 465 implicit - - - x@y | duplicate-key:3" },
	{ "a key that is misspelt", "settings.py",
	  "EMAIL_HOST='a.example'\nEMAIL_TIMOUT=20\nDEFAULT_FROM_EMAIL='x@y'\n"
	  "SERVER_EMAIL='x@y'\n", "a.example 25 none - - - x@y | unknown-key:2" },
	/* Files of no known program: what looks like a setting, and what stands beside it. */
	{ "pairs: Elixir", "mailer.exs",
	  "config :shop, Shop.Mailer,\n  relay: \"smtp.a.test\",\n  username: \"u@a.test\",\n"
	  "  password: \"pw234\",\n  port: 587,\n  tls: :always\n",
	  "smtp.a.test 587 starttls - u@a.test pw234 - | guessed:0" },
	{ "pairs: a function's arguments", "report.m",
	  "setpref('Internet','SMTP_Server','mail.a.test');\n"
	  "setpref('Internet','E_mail','u@a.test');\n"
	  "setpref('Internet','SMTP_Username','u@a.test');\n",
	  "mail.a.test - - - u@a.test - u@a.test | guessed:0" },
	{ "pairs: a command's words", "setup.sh",
	  "# smtp_host mail.b.test\nthing config set mgr alerts/smtp_host mail.a.test\n"
	  "thing config set mgr alerts/smtp_port 465\nthing config set mgr alerts/smtp_ssl true\n"
	  "thing config set mgr alerts/smtp_sender x@a.test\n",
	  "mail.a.test 465 implicit - - - x@a.test | guessed:0" },
	{ "pairs: a password that stands where a user could", "mail.exs",
	  "config relay: \"smtp.a.test\"\nauth(user, \"tangerine9walrus\")\n",
	  "smtp.a.test - - - - - - | guessed:0" },
	{ "pairs: a URL", "accounts.conf", "[work]\noutgoing = smtps://u%40a.test@a.test:465\n",
	  "a.test 465 implicit - u@a.test - - | guessed:0" },
	{ "pairs: a name that the file gives a value", "report.kt",
	  "val relayName = \"smtp.a.test\"\nval who: string = \"u@a.test\"\n"
	  "mailer.host = relayName\nmailer.port = 465\nmailer.user = who\n",
	  "smtp.a.test 465 implicit - u@a.test - - | guessed:0" },
	{ "pairs: what the environment may say otherwise", "report.lua",
	  "mail.smtp_server = os.getenv(\"S_HOST\") or \"smtp.a.test\"\n"
	  "mail.port = os.getenv(\"S_PORT\") or 587\n",
	  "smtp.a.test 587 starttls - - - - | guessed:0" },
	{ "pairs: a database's procedure", "mail.sql",
	  "/* mail.b.test */\nEXEC sysmail_add_account_sp\n  @account_name = 'Reports',\n"
	  "  @email_address = 'x@a.test',\n  @mailserver_name = 'mail.a.test',\n"
	  "  @port = 25, @enable_ssl = 0;\n",
	  "mail.a.test 25 none - - - x@a.test | guessed:0" },
	{ "pairs: a name and its value on lines of their own", "main.tf",
	  "env {\n  name  = \"APP_MAILER_HOST\"\n  value = \"mx.a.test\"\n}\n"
	  "env {\n  name  = \"APP_MAILER_USERNAME\"\n  value = \"u@a.test\"\n}\n",
	  "mx.a.test - - - u@a.test - - | guessed:0" },
	{ "pairs: arguments that a library gives a meaning", "send.d",
	  "Mailer.withSMTPServer(\"smtp.a.test\", 587, \"u@a.test\", \"pw234\");\n",
	  "smtp.a.test 587 starttls - u@a.test pw234 - | guessed:0" },
	{ "pairs: a user of which a blank or a sign makes no name", "mail.exs",
	  "relay: \"smtp.a.test\"\nusername: top hidden 4711\n",
	  "smtp.a.test - - - - - - | guessed:0" },
	{ "pairs: a part of a value is not the value", "mail.exs",
	  "relay: \"smtp.a.test\"\nusername = top!secret\n",
	  "smtp.a.test - - - - - - | guessed:0" },
	{ "pairs: IMAP's server is not SMTP's", "mail.exs",
	  "imap_relay: \"imap.mail.a.test\"\nrelay: \"smtp.a.test\"\n",
	  "smtp.a.test - - - - - - | guessed:0" },
	{ "pairs: an address that everybody has to replace", "mail.exs",
	  "relay: \"smtp.a.test\"\nfrom: \"no-reply@your.domain.tld\"\n",
	  "smtp.a.test - - - - - no-reply@your.domain.tld | guessed:0 | placeholder:2" },
	{ "pairs: who is written to does not send", "mail.exs",
	  "relay: \"smtp.a.test\"\nadmin_email: \"x@a.test\"\n",
	  "smtp.a.test - - - - - - | guessed:0" },
};
const size_t n_config_samples = ARRAY_LEN(config_samples);
