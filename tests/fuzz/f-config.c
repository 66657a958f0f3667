/*
 * f-config - any bytes as any program's configuration file: bounded, an answer or an error that
 * fits on a line, and lines that exist. The first byte says what the file is called.
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"
#include "config/settings.h"
#include "tests/fuzz/fuzz.h"

static const char *const names[] = {
	"main.cf", "update-exim4.conf.conf", "exim.conf", ".msmtprc", "ssmtp.conf", "mailer.js",
	".env", "mail.php", "mailer.yaml", "settings.py", "application.properties",
	"application.yml", "grafana.ini", "gitlab.rb", "hudson.tasks.Mailer.xml", "wp-config.php",
	"wp-mail-smtp.json", "appsettings.json", "web.config", ".gitconfig", "app.ini",
	"config.json", "contoso-realm.json", "config.php", "configuration.yaml", "unknown",
};

static unsigned lines_of(const char *p, size_t n)
{
	unsigned lines = 1;

	for (size_t i = 0; i < n; i++)
		lines += p[i] == '\n';
	return lines;
}

static void holds(const struct setting *s, unsigned lines)
{
	assert(s->file || s->line <= lines);
	assert(!s->line || s->key);
	assert(!s->key || strlen(s->key) < 2000);
}

static void one(struct arena *a, const struct mail_settings *s, unsigned lines)
{
	static const char *const what[] = { "host", "port", "host+port", "user", "from", "url",
					    "tls=starttls", "tls=implicit", "auth=login",
					    "auth=xoauth2" };
	const struct setting *all[] = { &s->host, &s->port, &s->tls_said, &s->verify_said, &s->user,
					&s->from, &s->to, &s->auth, &s->api, &s->tenant };

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		holds(all[i], lines);
	holds(&s->password, lines);
	assert(!s->password.value);
	assert(!s->secret || secret_len(s->secret) > 0);
	assert(*s->application && *settings_title(s->application) &&
	       *settings_tls_name(s->tls) < 'z');
	for (const struct settings_note *n = s->notes; n; n = n->next) {
		assert(strncmp(n->finding, "lint.", 5) == 0 && *n->message);
		assert(n->severity <= ERROR && (n->file || n->line <= lines));
	}
	for (size_t i = 0; i < ARRAY_LEN(what); i++) {
		const char *line = settings_line(a, s, what[i],
						 s->host.value ? s->host.value :
						 "smtp.example.com:587");

		assert(!line || *line);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *name = names[size ? data[0] % ARRAY_LEN(names) : 0], *error = NULL,
		*p = (const char *)data + (size > 0);
	size_t n = size ? size - 1 : 0, count = 0;
	struct arena *a = arena_new();
	struct mail_settings *list = settings_read(a, arena_printf(a, "/nonexistent/%s", name),
						   NULL, p, n, &error);

	assert(list || (error && *error && !strchr(error, '\n') && strlen(error) < 1000));
	for (const struct mail_settings *s = list; s; s = s->next) {
		one(a, s, lines_of(p, n));
		count++;
	}
	assert(count <= 64);
	settings_free(list);
	arena_free(a);
	return 0;
}
