/*
 * lint-json - what is wrong with a program's mail settings, as data: smtpwhy.lint/1. The schema is in doc/.
 */
#include "base/arena.h"
#include "base/str.h"
#include "config/settings.h"
#include "sending/lint.h"
#include "sending/path.h"
#include "report/json-parts.h"
#include "report/printer.h"

static json_t *json_port(const struct setting *s)
{
	unsigned long port = 0;

	return s->value && str_number(s->value, 65535, &port) ? json_integer((json_int_t)port) : json_null();
}

/* Of those that are written and not shown: what they look like. */
static json_t *json_shapes(const struct mail_settings *s)
{
	const struct { const char *name; const struct setting *at; } all[] = {
		{ "host", &s->host }, { "port", &s->port }, { "auth", &s->auth }, { "user", &s->user }, { "from", &s->from },
		{ "to", &s->to }, { "helo", &s->helo }, { "client_cert", &s->client_cert }, { "tenant", &s->tenant },
		{ "client_id", &s->client_id }, { "scope", &s->scope }, { "token_url", &s->token_url },
	};
	json_t *j = json_object();

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (all[i].at->shape)
			json_put(j, all[i].name, json_safe(all[i].at->shape));
	return j;
}

static json_t *json_settings(const struct mail_settings *s)
{
	json_t *j = json_object();

	json_put(j, "host", json_word(s->host.value));
	json_put(j, "port", json_port(&s->port));
	json_put(j, "tls", json_word(settings_tls_name(s->tls)));
	json_put(j, "verify", json_boolean(!s->verify_off));
	json_put(j, "auth", json_word(s->auth.value));
	json_put(j, "user", json_word(s->user.value));
	json_put(j, "password", json_boolean(s->secret || (s->password.key && *s->password.key)));
	json_put(j, "from", json_word(s->from.value));
	json_put(j, "to", json_word(s->to.value));
	json_put(j, "helo", json_word(s->helo.value));
	json_put(j, "client_cert", json_word(s->client_cert.value));
	json_put(j, "api", json_word(s->api.value));
	json_put(j, "tenant", json_word(s->tenant.value));
	json_put(j, "client_id", json_word(s->client_id.value));
	json_put(j, "scope", json_word(s->scope.value));
	json_put(j, "token_url", json_word(s->token_url.value));
	json_put(j, "not_shown", json_shapes(s));
	return j;
}

static json_t *json_findings(struct arena *a, const struct lint *l)
{
	json_t *list = json_array();

	for (const struct lint_finding *f = l->findings; f; f = f->next) {
		json_t *j = json_object();
		struct strv lines = { NULL, 0, 0 };

		strv_split(&lines, a, f->write, '\n');
		json_put(j, "finding", json_safe(f->finding));
		json_put(j, "cause", json_word(f->cause));
		json_put(j, "severity", json_safe(severity_name(f->severity)));
		json_put(j, "file", json_safe(f->file));
		json_put(j, "line", f->line ? json_integer((json_int_t)f->line) : json_null());
		json_put(j, "key", json_word(f->key));
		json_put(j, "message", json_safe(f->message));
		json_put(j, "fix", json_word(f->fix));
		json_put(j, "write", json_strings(&lines));
		json_put(j, "confidence", json_word(f->confidence));
		json_put(j, "source", json_word(f->source));
		json_push(list, j);
	}
	return list;
}

static json_t *json_recommended(const struct path_judgement *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->n_recommended; i++) {
		const struct path_choice *c = &p->recommended[i];
		json_t *j = json_object();

		json_put(j, "path", json_safe(c->path));
		json_put(j, "name", json_safe(c->name));
		json_put(j, "why", json_word(c->why));
		json_put(j, "prerequisites", json_strings(&c->prerequisites));
		json_put(j, "breaks", json_strings(&c->breaks));
		json_put(j, "confidence", json_word(c->confidence));
		json_put(j, "source", json_word(c->source));
		json_push(list, j);
	}
	return list;
}

json_t *json_of_lint(struct arena *a, const void *of)
{
	const struct lint *l = of;
	json_t *j = json_object();

	json_put(j, "schema", json_safe("smtpwhy.lint/1"));
	json_put(j, "file", json_safe(l->settings->file));
	json_put(j, "application", json_safe(l->settings->application));
	json_put(j, "name", json_word(l->settings->name));
	json_put(j, "verdict", json_safe(lint_verdict_name(l->verdict)));
	json_put(j, "settings", json_settings(l->settings));
	json_put(j, "path", json_word(l->judgement->path));
	json_put(j, "path_why", json_word(l->judgement->path_why));
	json_put(j, "maybe", json_strings(&l->judgement->maybe));
	json_put(j, "provider", json_word(l->judgement->provider));
	json_put(j, "findings", json_findings(a, l));
	json_put(j, "recommended", json_recommended(l->judgement));
	json_put(j, "unknown", json_strings(&l->judgement->unknown));
	return j;
}

/* The members of all others, with nothing in them, so that who reads `findings` needs no case of its own. */
json_t *json_of_unread(struct arena *a _unused_, const void *of)
{
	const struct unread_file *f = of;
	static const char *const nothing[] = { "application", "name", "settings", "path", "path_why", "provider" };
	static const char *const empty[] = { "maybe", "findings", "recommended", "unknown" };
	json_t *j = json_object();

	json_put(j, "schema", json_safe("smtpwhy.lint/1"));
	json_put(j, "file", json_safe(f->file));
	json_put(j, "verdict", json_safe("unread"));
	json_put(j, "error", json_safe(f->error));
	for (size_t i = 0; i < ARRAY_LEN(nothing); i++)
		json_put(j, nothing[i], json_null());
	for (size_t i = 0; i < ARRAY_LEN(empty); i++)
		json_put(j, empty[i], json_array());
	return j;
}
