/*
 * lint-text - what is wrong with a program's mail settings, for people.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "config/settings.h"
#include "sending/lint.h"
#include "sending/path.h"
#include "report/printer.h"
#include "report/text-diagnosis.h"

enum { NAME = 1, VALUE = 13 };

static const char *where(struct arena *a, const struct setting *s)
{
	if (!s->line)
		return s->value ? "the program's default" : "";
	if (s->file)
		return arena_printf(a, "%s:%u", s->file, s->line);
	return arena_printf(a, "line %u", s->line);
}

/* The value; of one that is not shown its shape; what else when nothing is written. */
static const char *told(struct arena *a, const struct setting *s, const char *otherwise)
{
	if (s->value)
		return s->value;
	return s->shape ? arena_printf(a, "not shown (%s)", s->shape) : otherwise;
}

static void put_row(struct out *o, const char *name, const char *value, const char *from)
{
	out_to(o, NAME);
	out_put(o, name);
	out_to(o, VALUE);
	out_put(o, value);
	if (*from) {
		out_ink(o, INK_DIM);
		out_put(o, arena_printf(o->arena, "   %s", from));
		out_ink(o, INK_NONE);
	}
	out_line(o);
}

static const char *tls_words(const struct mail_settings *s)
{
	switch (s->tls) {
	case SETTINGS_TLS_NONE:
		return "none: clear text";
	case SETTINGS_TLS_OPPORTUNISTIC:
		return "STARTTLS if the server offers it, else clear text";
	case SETTINGS_TLS_STARTTLS:
		return "STARTTLS, or nothing is sent";
	case SETTINGS_TLS_IMPLICIT:
		return "from the first byte (implicit, \"SSL\")";
	case SETTINGS_TLS_UNSAID:
		break;
	}
	return "not said";
}

static const char *login_words(struct arena *a, const struct mail_settings *s)
{
	const char *auth = told(a, &s->auth, "");
	const char *where = ", password elsewhere";
	bool password = s->secret || (s->password.key && *s->password.key);

	if (str_eq(auth, "none") ||
	    (!setting_is_set(&s->user) && !password && !*auth && !s->user.line))
		return "none";
	if (str_eq(auth, "auto"))
		auth = "";
	if (s->secret)
		where = ", password set (not shown)";
	else if (str_in(auth, "xoauth2|oauthbearer"))
		where = ", token elsewhere";
	return arena_printf(a, "%s%s%s%s", told(a, &s->user, "user name not in this file"),
			    *auth ? ", " : "", auth, password ? where : "");
}

static void put_settings(struct out *o, const struct lint *l)
{
	const struct mail_settings *s = l->settings;
	struct arena *a = o->arena;
	const struct setting *login = s->user.line || s->user.value ? &s->user : &s->auth;
	const char *between = s->port.shape ? ", port " : ":";
	const char *server = arena_printf(a, "%s%s%s", told(a, &s->host, "not in this file"),
					  setting_is_set(&s->port) ? between : "",
					  told(a, &s->port, ""));

	if (s->api.value)
		put_row(o, "sends by", s->api.value, where(a, &s->api));
	if (!s->api.value || setting_is_set(&s->host))
		put_row(o, "server", server, where(a, &s->host));
	if (!s->api.value)
		put_row(o, "TLS", tls_words(s),
			s->tls_said.line ?
			arena_printf(a, "%s, %s", s->tls_said.key, where(a, &s->tls_said)) : "");
	put_row(o, "login", login_words(a, s), where(a, login));
	if (setting_is_set(&s->client_cert))
		put_row(o, "certificate", told(a, &s->client_cert, ""), where(a, &s->client_cert));
	if (setting_is_set(&s->tenant))
		put_row(o, "tenant", told(a, &s->tenant, ""), where(a, &s->tenant));
	if (setting_is_set(&s->client_id))
		put_row(o, "application", told(a, &s->client_id, ""), where(a, &s->client_id));
	if (setting_is_set(&s->from))
		put_row(o, "sender", told(a, &s->from, ""), where(a, &s->from));
	if (setting_is_set(&s->to))
		put_row(o, "recipient", told(a, &s->to, ""), where(a, &s->to));
	if (*l->judgement->path) {
		out_to(o, NAME);
		out_put(o, "path");
		out_to(o, VALUE);
		out_wrapped(o, VALUE, arena_printf(a, "%s%s%s", l->judgement->path,
						   *l->judgement->path_why ? ": " : "",
						   l->judgement->path_why));
	}
	if (l->judgement->maybe.n) {
		out_to(o, VALUE);
		out_wrapped(o, VALUE, arena_printf(a, "From outside these look the same: %s",
						   strv_join(&l->judgement->maybe, a, ", ")));
	}
}

static void put_lines(struct out *o, const char *lines)
{
	struct strv list = { NULL, 0, 0 };

	strv_split(&list, o->arena, lines, '\n');
	for (size_t i = 0; i < list.n; i++) {
		if (i == 0)
			text_block(o, "  Write");
		out_to(o, TEXT_LEFT);
		out_ink(o, INK_COMMAND);
		out_put(o, list.v[i]);
		out_ink(o, INK_NONE);
		out_line(o);
	}
}

static void put_finding(struct out *o, const struct lint_finding *f)
{
	enum ink milder = f->severity == WARNING ? INK_WARN : INK_DIM;
	struct arena *a = o->arena;

	out_line(o);
	out_ink(o, f->severity == ERROR ? INK_BAD : milder);
	out_put(o, f->line ? arena_printf(a, "%s:%u", f->file, f->line) : f->file);
	out_put(o, arena_printf(a, ": %s", severity_name(f->severity)));
	out_ink(o, INK_DIM);
	out_put(o, arena_printf(a, "  %s", f->finding));
	out_ink(o, INK_NONE);
	out_line(o);
	out_to(o, 2);
	out_wrapped(o, 2, f->message);
	if (*f->fix && !(*f->write && strstr(f->fix, f->write))) {
		text_block(o, "  Fix");
		out_wrapped(o, TEXT_LEFT, f->fix);
	}
	put_lines(o, f->write);
	if (*f->source &&
	    (o->style->verbose || (*f->confidence && !str_eq(f->confidence, "official")))) {
		text_block(o, "  Source");
		out_ink(o, INK_DIM);
		out_wrapped(o, TEXT_LEFT,
			    *f->confidence && !str_eq(f->confidence, f->source) ?
			    arena_printf(a, "%s: %s", f->confidence, f->source) : f->source);
		out_ink(o, INK_NONE);
	}
}

/* In one paragraph, when nobody asked for it. */
static void hint_recommended(struct out *o, const struct path_judgement *p)
{
	struct strv others = { NULL, 0, 0 };

	if (p->n_recommended == 0)
		return;
	for (size_t i = 1; i < p->n_recommended; i++)
		strv_add(&others, o->arena, p->recommended[i].name);
	out_line(o);
	text_block(o, "Better");
	out_wrapped(o, TEXT_LEFT,
		    arena_printf(o->arena, "%s%s%s. What each needs, and which fits the sender: "
				 "-v, --can, --recipients.", p->recommended[0].name,
				 others.n ? "; or " : "", strv_join(&others, o->arena, "; or ")));
}

static void put_recommended(struct out *o, const struct path_judgement *p)
{
	for (size_t i = 0; i < p->n_recommended; i++) {
		const struct path_choice *c = &p->recommended[i];

		out_line(o);
		text_block(o, i == 0 ? "Better" : "Or");
		out_wrapped(o, TEXT_LEFT,
			    arena_printf(o->arena, "%s%s%s", c->name, *c->why ? ": " : "", c->why));
		for (size_t k = 0; k < c->prerequisites.n; k++)
			out_list(o, TEXT_LEFT, "- needs: ", c->prerequisites.v[k]);
		for (size_t k = 0; k < c->breaks.n; k++)
			out_list(o, TEXT_LEFT, "- ends:  ", c->breaks.v[k]);
	}
	for (size_t i = 0; i < p->unknown.n; i++) {
		if (i == 0) {
			out_line(o);
			text_block(o, "Not known");
		}
		out_list(o, TEXT_LEFT, "- ", p->unknown.v[i]);
	}
}

static void put_verdict(struct out *o, const struct lint *l)
{
	static const char *const labels[] = {
		[LINT_FINE] = "Good", [LINT_WARNING] = "Check", [LINT_UNJUDGED] = "Unknown",
	}, *const words[] = {
		[LINT_FINE] = "Nothing in these settings contradicts another. Whether the server "
			      "takes them is not tried here.",
		[LINT_WARNING] = "No certain fault, but mail may fail: see the warnings above.",
		[LINT_UNJUDGED] = "The server is not in this file, so it cannot be told whether "
				  "the settings fit it.",
	};

	if (l->verdict == LINT_PROBLEM)
		return;
	out_line(o);
	text_block(o, labels[l->verdict]);
	out_wrapped(o, TEXT_LEFT, words[l->verdict]);
}

static void put_file(struct out *o, const char *file, const char *what)
{
	out_ink(o, INK_STRONG);
	out_put(o, str_eq(file, "-") ? "standard input" : file);
	out_ink(o, INK_NONE);
	out_put(o, arena_printf(o->arena, "   %s", what));
	out_line(o);
}

void text_of_unread(struct out *o, const void *of)
{
	const struct unread_file *f = of;

	put_file(o, f->file, "not judged: its mail settings could not be read");
}

void text_of_lint(struct out *o, const void *of)
{
	const struct lint *l = of;
	const char *name = l->settings->name;
	bool quiet = o->style->quiet;

	put_file(o, l->settings->file,
		 arena_printf(o->arena, "%s%s%s", l->title, *name ? ", " : "", name));
	if (!quiet) {
		out_line(o);
		put_settings(o, l);
	}
	for (const struct lint_finding *f = l->findings; f; f = f->next)
		if (!quiet || f->severity != INFO)
			put_finding(o, f);
	put_verdict(o, l);
	if (!quiet && (l->asked || o->style->verbose))
		put_recommended(o, l->judgement);
	else if (!quiet && l->verdict != LINT_FINE)
		hint_recommended(o, l->judgement);
}
