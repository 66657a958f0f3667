/*
 * lint-json - what is wrong with a program's mail settings, as data: smtpwhy.lint/1. The
 * schema is in doc/.
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

	return s->value && str_number(s->value, 65535, &port) ? json_integer((json_int_t)port) :
	       json_null();
}

/* Of those that are written and not shown: what they look like. */
static json_t *json_shapes(const struct mail_settings *s)
{
	const struct { const char *name; const struct setting *at; } all[] = {
		{ "host", &s->host }, { "port", &s->port }, { "auth", &s->auth },
		{ "user", &s->user }, { "from", &s->from },
		{ "to", &s->to }, { "helo", &s->helo }, { "client_cert", &s->client_cert },
		{ "tenant", &s->tenant },
		{ "client_id", &s->client_id }, { "scope", &s->scope },
		{ "token_url", &s->token_url },
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

	json_put_word(j, "host", s->host.value);
	json_put(j, "port", json_port(&s->port));
	json_put_word(j, "tls", settings_tls_name(s->tls));
	json_put_bool(j, "verify", !s->verify_off);
	json_put_word(j, "auth", s->auth.value);
	json_put_word(j, "user", s->user.value);
	json_put_bool(j, "password", s->secret || (s->password.key && *s->password.key));
	json_put_word(j, "from", s->from.value);
	json_put_word(j, "to", s->to.value);
	json_put_word(j, "helo", s->helo.value);
	json_put_word(j, "client_cert", s->client_cert.value);
	json_put_word(j, "api", s->api.value);
	json_put_word(j, "tenant", s->tenant.value);
	json_put_word(j, "client_id", s->client_id.value);
	json_put_word(j, "scope", s->scope.value);
	json_put_word(j, "token_url", s->token_url.value);
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
		json_put_text(j, "finding", f->finding);
		json_put_word(j, "cause", f->cause);
		json_put_text(j, "severity", severity_name(f->severity));
		json_put_text(j, "file", f->file);
		json_put(j, "line", f->line ? json_integer((json_int_t)f->line) : json_null());
		json_put_word(j, "key", f->key);
		json_put_text(j, "message", f->message);
		json_put_word(j, "fix", f->fix);
		json_put_list(j, "write", &lines);
		json_put_word(j, "confidence", f->confidence);
		json_put_word(j, "source", f->source);
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

		json_put_text(j, "path", c->path);
		json_put_text(j, "name", c->name);
		json_put_word(j, "why", c->why);
		json_put_list(j, "prerequisites", &c->prerequisites);
		json_put_list(j, "breaks", &c->breaks);
		json_put_word(j, "confidence", c->confidence);
		json_put_word(j, "source", c->source);
		json_push(list, j);
	}
	return list;
}

json_t *json_of_lint(struct arena *a, const void *of)
{
	const struct lint *l = of;
	json_t *j = json_object();

	json_put_text(j, "schema", "smtpwhy.lint/1");
	json_put_text(j, "file", l->settings->file);
	json_put_text(j, "application", l->settings->application);
	json_put_word(j, "name", l->settings->name);
	json_put_text(j, "verdict", lint_verdict_name(l->verdict));
	json_put(j, "settings", json_settings(l->settings));
	json_put_word(j, "path", l->judgement->path);
	json_put_word(j, "path_why", l->judgement->path_why);
	json_put_list(j, "maybe", &l->judgement->maybe);
	json_put_word(j, "provider", l->judgement->provider);
	json_put(j, "findings", json_findings(a, l));
	json_put(j, "recommended", json_recommended(l->judgement));
	json_put_list(j, "unknown", &l->judgement->unknown);
	return j;
}

/*
 * The members of all others, with nothing in them, so that who reads `findings` needs
 * no case of its own.
 */
json_t *json_of_unread(struct arena *a _unused_, const void *of)
{
	const struct unread_file *f = of;
	static const char *const nothing[] = { "application", "name", "settings", "path",
					       "path_why", "provider" };
	static const char *const empty[] = { "maybe", "findings", "recommended", "unknown" };
	json_t *j = json_object();

	json_put_text(j, "schema", "smtpwhy.lint/1");
	json_put_text(j, "file", f->file);
	json_put_text(j, "verdict", "unread");
	json_put_text(j, "error", f->error);
	for (size_t i = 0; i < ARRAY_LEN(nothing); i++)
		json_put(j, nothing[i], json_null());
	for (size_t i = 0; i < ARRAY_LEN(empty); i++)
		json_put(j, empty[i], json_array());
	return j;
}
