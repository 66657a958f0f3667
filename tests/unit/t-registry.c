/*
 * t-registry - findings.tsv and facts.tsv: who says and leaves them exists, and whatever rules and
 * the checks speak of is there.
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/data.h"
#include "base/secret.h"
#include "base/str.h"
#include "check/result.h"
#include "cmd/checks.h"
#include "judge/eval.h"
#include "judge/facts.h"
#include "know/facts.h"
#include "know/findings.h"
#include "know/path.h"
#include "know/rule.h"
#include "know/tables.h"

static struct arena *a;
static const struct know *know;

/* One line for all that is wrong: a failing test names each. */
static struct strv wrong;

static void none(const char *title)
{
	is_str(strv_join(&wrong, a, "; "), "", title);
	wrong = (struct strv) { 0 };
}

static bool is_check(const char *id)
{
	for (const struct check *const *c = all_checks; *c; c++)
		if (str_eq((*c)->id, id))
			return true;
	return false;
}

/* A name with each `*` and `$` in it filled in. */
static char *filled(const char *name, const char *star)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(1000);

	for (; *name; name++) {
		if (*name == '*')
			buf_adds(&b, star);
		else
			buf_addc(&b, *name);
	}
	return name_with_port(a, buf_str(&b), 587);
}

/* Of a name as rules have it: a glob over the facts of one port. */
static enum fact_type type_of_any(const char *name)
{
	enum fact_type type = fact_type_of(filled(name, "587"));
	const struct fact_kind *f;

	for (size_t i = 0; type == FACT_NONE && (f = know_fact_at(know, i)); i++)
		if (str_glob(name_with_port(a, name, 587), filled(f->name, "x")))
			type = f->type;
	return type;
}

static void findings(void)
{
	const struct finding *f;

	for (size_t i = 0; (f = know_finding_at(know, i)); i++)
		if (!is_check(f->by) && !str_in(f->by, "lint|token|expect.file"))
			strv_addf(&wrong, a, "%s: %s", f->name, f->by);
	none("every finding is said by a check, by lint or of a token");
	ok(know_finding(know, "starttls.refused") && !know_finding(know, "starttls.refuse"),
	   "a finding is found by its whole name");
}

static bool is_reader(const char *by)
{
	static const char *const readers[] = { "paste", "token", "message", "settings", "asked" };

	for (size_t i = 0; i < ARRAY_LEN(readers); i++)
		if (str_eq(readers[i], by))
			return true;
	return is_check(by);
}

static void facts(void)
{
	const struct fact_kind *f;

	for (size_t i = 0; (f = know_fact_at(know, i)); i++) {
		struct strv by = { 0 };

		strv_split(&by, a, f->by, ',');
		for (size_t j = 0; j < by.n; j++)
			if (!is_reader(by.v[j]))
				strv_addf(&wrong, a, "%s: %s", f->name, by.v[j]);
		if (str_eq(f->form, "list") && !*f->unit)
			strv_addf(&wrong, a, "%s: what separates it?", f->name);
	}
	none("every fact is left by a check or a reader");
	for (size_t i = 0; (f = know_fact_at(know, i)); i++)
		if (fact_type_of(filled(f->name, "x")) != f->type)
			strv_add(&wrong, a, f->name);
	none("every row is found by a name that fits it");
}

static void fitting(void)
{
	static const struct { const char *name; enum fact_type want; } cases[] = {
		{ "tcp.587.state", FACT_STRING }, { "tcp.587.open", FACT_BOOL },
		{ "tcp.587.ms", FACT_NUMBER }, { "tcp.587.address.2001:db8::1", FACT_STRING },
		{ "tcp.587.address.192.0.2.1", FACT_STRING },
		{ "exo.connector.2.name", FACT_STRING },
		{ "cert.587.not-after", FACT_STRING }, { "tls.587.1.2", FACT_STRING },
		{ "tcp.x.state", FACT_NONE }, { "tcp..state", FACT_NONE }, { "tcp.587", FACT_NONE },
		{ "tcp.587.state.more", FACT_NONE }, { "tcp.587.address.", FACT_NONE },
		{ "tcp.$.state", FACT_NONE }, { "exo.connector.2.3.name", FACT_NONE },
		{ "tcp", FACT_NONE }, { "", FACT_NONE }, { "zzz.open", FACT_NONE },
		{ "aaa.open", FACT_NONE }, { "tcp.", FACT_NONE },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_int(fact_type_of(cases[i].name), cases[i].want, cases[i].name);
	is_str(data_table_find("facts.tsv")->text, "name", "the name is the first column");
}

/* --- what speaks of them --- */

static bool any_check(const char *glob)
{
	for (const struct check *const *c = all_checks; *c; c++)
		if (str_glob(glob, (*c)->id))
			return true;
	return false;
}

static bool any_finding(const char *glob)
{
	const struct path_finding_row *row;
	const struct finding *f;

	for (size_t i = 0; (f = know_finding_at(know, i)); i++)
		if (str_glob(glob, f->name))
			return true;
	for (size_t i = 0; (row = know_path_finding_at(know, i)); i++)
		if (str_glob(glob, row->id))
			return true;
	return false;
}

static void term(const char *row, const struct rule_term *t)
{
	enum fact_type type = type_of_any(t->name);
	bool number = t->op == OP_LE || t->op == OP_GE || t->op == OP_LT || t->op == OP_GT;

	if ((t->subject == SUBJECT_CHECK && !any_check(t->name)) ||
	    (t->subject == SUBJECT_FINDING && !any_finding(t->name)))
		strv_addf(&wrong, a, "%s: %s", row, t->name);
	if (t->subject != SUBJECT_FACT)
		return;
	if (type == FACT_NONE || (number && type != FACT_NUMBER))
		strv_addf(&wrong, a, "%s: %s", row, t->name);
	for (size_t i = 0; i < t->values.n && type == FACT_BOOL && t->op != OP_THERE; i++)
		if (!str_eq(t->values.v[i], "true") && !str_eq(t->values.v[i], "false"))
			strv_addf(&wrong, a, "%s: %s = %s", row, t->name, t->values.v[i]);
}

static void terms(const char *row, const struct rule *r)
{
	for (size_t i = 0; r && i < r->n_terms; i++)
		term(row, &r->terms[i]);
}

/* "{tcp.*.state}" in a sentence. */
static void braces(const char *row, const char *text)
{
	for (const char *s = strchr(text, '{'); s; s = strchr(s + 1, '{')) {
		char *name = arena_strndup(a, s + 1, strcspn(s + 1, "}"));

		if (type_of_any(name) == FACT_NONE)
			strv_addf(&wrong, a, "%s: {%s}", row, name);
	}
}

static void rules(void)
{
	size_t n;
	const struct rule_entry *all = know_rules(know, &n);
	const struct apart_row *apart;

	for (size_t i = 0; i < n; i++) {
		const struct rule *r = know_rule(know, &all[i]);

		terms(r->id, r);
		if (r->because)
			braces(r->id, r->because);
	}
	none("every name in rules.tsv is registered, and of that type");
	for (size_t i = 0; (apart = know_apart_at(know, i)); i++)
		terms(apart->id, apart->when);
	none("... and every name in tell-apart.tsv");
}

static void paths(void)
{
	const struct path_finding_row *f;
	const struct path_choice_row *c;

	for (size_t i = 0; (f = know_path_finding_at(know, i)); i++) {
		terms(f->id, &f->when);
		braces(f->id, f->message);
		braces(f->id, f->fix);
	}
	none("... and every name in path-findings.tsv");
	for (size_t i = 0; (c = know_path_choice_at(know, i)); i++)
		terms(c->id, &c->when);
	none("... and every name in path-choices.tsv");
}

static void checks(void)
{
	for (const struct check *const *c = all_checks; *c; c++) {
		for (const char *const *s = (*c)->needs; s && *s; s++)
			if (type_of_any(*s) == FACT_NONE)
				strv_addf(&wrong, a, "%s needs %s", (*c)->id, *s);
		for (const char *const *s = (*c)->gives; s && *s; s++)
			if (type_of_any(*s) == FACT_NONE)
				strv_addf(&wrong, a, "%s gives %s", (*c)->id, *s);
	}
	none("... and every fact that a check needs or gives");
}

/* What was asked for is a set of facts of its own, for rules alone: no report has them. */
static void asked(void)
{
	struct ask_port port = { 587, false };
	struct secret *secret = secret_new("kTq81xWvZ", 9);
	const struct ask ask = {
		.input = "", .host = "smtp.office365.com", .domain = "contoso.com", .via = "graph",
		.user = "u@contoso.com", .from = "v@contoso.com", .to = "w@example.com",
		.password = secret, .ports = &port, .n_ports = 1, .know = know,
	};
	const struct result r = {
		.arena = a, .ask = &ask, .host = "", .provider = "m365",
		.path = "client-submission", .facts = facts_new(a),
	};
	const struct facts *all = result_evidence(&r)->asked;
	const struct fact_kind *f;

	for (size_t i = 0; (f = know_fact_at(know, i)); i++) {
		char *name = filled(f->name, "x");

		/* ask.mailbox is said in place of a user. */
		if (str_has_prefix(f->by, "asked") && !str_eq(f->name, "ask.mailbox") &&
		    !facts_get(all, name))
			strv_add(&wrong, a, name);
	}
	none("every fact of what is asked is left");
	secret_free(secret);
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *arena = arena_new();
	const char *error = "";

	a = arena;
	know = know_new(a, NULL, &error);
	findings();
	facts();
	fitting();
	rules();
	paths();
	checks();
	asked();
	return tap_done();
}
