#include "token/inspect.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/secret.h"
#include "judge/judge.h"

const char *inspection_verdict_name(enum inspection_verdict v)
{
	if (v == INSPECTION_FIT)
		return "fit";
	return v == INSPECTION_PROBLEM ? "problem" : "unjudged";
}

/* It may become part of a command that somebody copies. */
static bool is_plain_address(const char *s)
{
	if (!strchr(s, '@') || *s == '-')
		return false;
	for (; *s; s++)
		if (!ascii_is_alnum(*s) && !strchr("@.-_+", *s))
			return false;
	return true;
}

static void read_secret(struct arena *a, struct inspection *i, const struct secret *secret,
			struct strv *string_faults)
{
	struct initial_response l;

	if (!i->string) {
		token_read(a, secret_bytes(secret), secret_len(secret), &i->token);
		return;
	}
	login_string_read(a, secret_bytes(secret), secret_len(secret), &l);
	i->token = l.token;
	i->user = l.user;
	*string_faults = l.faults;
	if (!*i->wanted_user && is_plain_address(l.user))
		i->wanted_user = l.user;
}

static void add_notes(struct arena *a, struct inspection *i, const struct token_faults *faults)
{
	const struct token *t = &i->token;

	if (t->readable && !*t->signature)
		strv_add(&i->notes, a, "The signature was not checked; the server does that.");
	if (t->kind == TOKEN_OPAQUE || t->kind == TOKEN_GOOGLE)
		strv_addf(&i->notes, a,
			  "It is %s: what it permits, and until when, only its service knows.",
			  t->form);
	else if (t->readable && !faults->judged && t->kind == TOKEN_ACCESS)
		strv_add(&i->notes, a, "Nothing is known here about tokens of this issuer: only "
			 "its form and its time were judged.");
	if (t->readable && !t->exp && t->kind == TOKEN_ACCESS)
		strv_add(&i->notes, a, "It does not say when its life ends (there is no exp).");
	if (t->kind == TOKEN_ACCESS && faults->judged && !*i->tenant)
		strv_add(&i->notes, a, "Whether it comes from the mailbox's own tenant was not "
			 "judged: give --tenant ID.");
	if (t->kind == TOKEN_ACCESS && faults->judged && !t->app_only && !*i->wanted_user)
		strv_add(&i->notes, a, "Whether it is for the mailbox that sends was not judged: "
			 "give --user NAME.");
}

/* What is certain or likely is a problem; what is only possible shows when a server refuses it. */
static enum inspection_verdict verdict_of(const struct inspection *i,
					  const struct token_faults *faults)
{
	if (i->n_diagnosis && i->diagnosis[0].certainty >= LIKELY)
		return INSPECTION_PROBLEM;
	return i->token.readable && faults->judged ? INSPECTION_FIT : INSPECTION_UNJUDGED;
}

/* The steps that say how to look into a token are not for somebody who just did. */
static void drop_looking(struct fix *fix)
{
	size_t n = 0;

	for (size_t i = 0; i < fix->n; i++) {
		const char *command = fix->steps[i].command;

		if (!str_has_prefix(command, "smtpwhy token inspect") &&
		    !str_has_prefix(command, "cut -d. -f2 ") &&
		    !str_has_prefix(command, "base64 -d "))
			fix->steps[n++] = fix->steps[i];
	}
	fix->n = n;
}

static void judge_by_rules(struct arena *a, struct inspection *i, struct facts *facts,
			   const char *path)
{
	struct evidence *e = evidence_new(a, i->know);
	struct diagnosis d;

	e->facts = facts;
	e->provider = i->provider;
	e->path = path;
	evidence_ask(e, "ask.host", i->host);
	evidence_ask(e, "ask.user", i->wanted_user);
	facts_set_bool(e->asked, "ask.login", *i->wanted_user != '\0');
	evidence_ask(e, "ask.via", str_eq(path, "graph") ? "graph" : "");
	evidence_complete(e);
	d = judge(e);
	i->diagnosis = d.list;
	i->n_diagnosis = d.n;
	i->next = d.next;
	for (size_t k = 0; k < i->n_diagnosis; k++)
		drop_looking(&i->diagnosis[k].fix);
}

struct inspection *inspect(struct arena *a, const struct know *know, struct secret *secret,
			   bool string, const char *host, const char *user,
			   const char *tenant)
{
	struct inspection *i = arena_alloc(a, sizeof(*i));
	const struct provider *p = *host ? know_provider_of_host(know, host) : NULL;
	struct strv string_faults = { NULL, 0, 0 };
	struct facts *facts = facts_new(a);
	struct token_faults faults;
	struct token_wanted w;

	*i = (struct inspection) {
		.know = know, .string = string, .user = "", .host = host,
		.provider = p ? p->id : "", .wanted_user = user, .tenant = tenant,
		.now = clock_wall(),
	};
	read_secret(a, i, secret, &string_faults);
	w = (struct token_wanted) {
		.purpose = p && str_eq(p->path, "graph") ? PURPOSE_GRAPH : PURPOSE_SMTP,
		.know = know, .host = host, .provider = i->provider, .path = p ? p->path : "",
		.user = i->wanted_user, .tenant = tenant, .now = i->now,
	};
	token_judge(a, &i->token, &w, &faults);
	if (string_faults.n)
		faults.why[FAULT_LOGIN_STRING] = strv_join(&string_faults, a, "; ");
	/* A string that cannot be taken apart has said so. */
	if (string_faults.n && !i->token.len)
		faults.why[FAULT_DAMAGED] = NULL;
	facts_set_bool(facts, "token.alone", true);
	token_facts(facts, &i->token, &w);
	token_fault_facts(facts, &i->token, &faults);
	judge_by_rules(a, i, facts, w.path);
	i->verdict = verdict_of(i, &faults);
	add_notes(a, i, &faults);
	return i;
}
