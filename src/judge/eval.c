/*
 * Asking a rule's condition.
 */
#include "judge/eval.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"

/* --- one thing against one term --- */

static bool compare_number(enum rule_op op, int64_t a, int64_t b)
{
	switch (op) {
	case OP_LT:
		return a < b;
	case OP_GT:
		return a > b;
	case OP_LE:
		return a <= b;
	case OP_GE:
		return a >= b;
	case OP_EQ:
		return a == b;
	case OP_NE:
		return a != b;
	default:
		return false;
	}
}

static bool text_fits(const struct rule_term *t, const char *text)
{
	bool found = false;

	for (size_t i = 0; i < t->values.n && !found; i++) {
		if (t->op == OP_GLOB || t->op == OP_NOT_GLOB)
			found = str_glob(t->values.v[i], text);
		else
			found = str_eq_nocase(t->values.v[i], text);
	}
	return (t->op == OP_NE || t->op == OP_NOT_GLOB) ? !found : found;
}

static bool fact_fits(const struct rule_term *t, const struct fact *f)
{
	char *end;
	long long n;

	if (t->op == OP_THERE)
		return f->type == FACT_BOOL ? f->number != 0 : *f->string != '\0';
	if (t->op == OP_LT || t->op == OP_GT || t->op == OP_LE || t->op == OP_GE) {
		n = f->type == FACT_NUMBER ? f->number : strtoll(f->string, &end, 10);
		if (f->type != FACT_NUMBER && (end == f->string || *end))
			return false;
		return compare_number(t->op, n, t->number);
	}
	return text_fits(t, f->string);
}

/* --- counting what a term stands for --- */

struct tally { size_t all, fitting; };

static void tally(struct tally *n, bool fits)
{
	n->all++;
	n->fitting += fits;
}

static const struct facts *store(const struct evidence *e, const char *name)
{
	bool asked = str_has_prefix(name, "ask.") || str_has_prefix(name, "provider.");

	return asked ? e->asked : e->facts;
}

bool evidence_has(const struct evidence *e, const char *glob)
{
	const struct facts *facts = store(e, glob);

	if (strpbrk(glob, "*?"))
		return facts_match(facts, glob, NULL) != NULL;
	return facts_get(facts, glob) != NULL;
}

static void tally_facts(const struct rule_view *v, const struct rule_term *t, const char *name,
			struct tally *n)
{
	const struct facts *facts = store(v->e, name);
	const struct fact *f;

	if (!strpbrk(name, "*?")) {
		f = facts_get(facts, name);
		if (f)
			tally(n, fact_fits(t, f));
		return;
	}
	for (f = facts_match(facts, name, NULL); f; f = facts_match(facts, name, f))
		tally(n, fact_fits(t, f));
}

static bool failed(const struct verdict *d)
{
	return d->status == STATUS_FAIL || d->status == STATUS_WARN || d->status == STATUS_UNKNOWN;
}

static void tally_reply(const struct rule_view *v, const struct rule_term *t, const char *name,
			const struct reply *r, struct tally *n)
{
	if (str_eq(name, "*") || r->stage == stage_of(name))
		tally(n, t->op == OP_THERE || text_fits(t, reply_flat(r, v->e->arena)));
}

static void tally_verdict(const struct rule_view *v, const struct rule_term *t, const char *name,
			  const struct verdict *d, struct tally *n)
{
	switch (t->subject) {
	case SUBJECT_FINDING:
		tally(n, *d->finding && str_glob(name, d->finding));
		break;
	case SUBJECT_CHECK:
		if (!str_glob(name, d->id) && !str_eq(name, d->check))
			break;
		tally(n,
		      t->op == OP_THERE ? d->status != STATUS_SKIP :
		      text_fits(t, status_name(d->status)));
		break;
	case SUBJECT_REPLY:
		if (d->reply && failed(d))
			tally_reply(v, t, name, d->reply, n);
		break;
	default:
		break;
	}
}

/* The check that would have met the refusal. */
static const char *check_of(enum stage s)
{
	static const char *const ids[STAGE_COUNT] = {
		[STAGE_GREETING] = "smtp.greeting", [STAGE_EHLO] = "smtp.ehlo",
		[STAGE_STARTTLS] = "smtp.starttls", [STAGE_AUTH] = "auth.login",
		[STAGE_MAIL] = "smtp.mail-from", [STAGE_RCPT] = "smtp.rcpt-to",
		[STAGE_DATA] = "smtp.data",
	};

	return ids[s] ? ids[s] : "smtp.dialogue";
}

/* A refusal in a text stands for the check that would have met it. */
static void tally_said(const struct rule_view *v, const struct rule_term *t, const char *name,
		       const struct said *s, struct tally *n)
{
	if (t->subject == SUBJECT_REPLY)
		tally_reply(v, t, name, s->reply, n);
	if (t->subject == SUBJECT_CHECK && str_glob(name, check_of(s->reply->stage)))
		tally(n, t->op == OP_THERE || text_fits(t, status_name(STATUS_FAIL)));
}

static struct tally count(const struct rule_view *v, const struct rule_term *t, unsigned port)
{
	const struct evidence *e = v->e;
	const char *name = strchr(t->name, '$') ? name_with_port(e->arena, t->name, port) : t->name;
	struct tally n = { 0, 0 };

	if (t->subject == SUBJECT_FACT) {
		tally_facts(v, t, name, &n);
		return n;
	}
	for (size_t i = 0; t->subject == SUBJECT_CAUSE && v->causes && i < v->causes->n; i++)
		tally(&n, str_glob(name, v->causes->v[i]));
	for (size_t i = 0; i < e->n_verdicts; i++) {
		if (!port || !e->verdicts[i].port || e->verdicts[i].port == port)
			tally_verdict(v, t, name, &e->verdicts[i], &n);
	}
	for (size_t i = 0; i < e->n_said; i++)
		tally_said(v, t, name, &e->said[i], &n);
	return n;
}

/*
 * What a text does not say of the dialogue is not known. Of a provider all is known that its row
 * says, and of a tenant what was read.
 */
static bool is_unknown(const struct rule_view *v, const struct rule_term *t, struct tally n)
{
	static const char *const areas[] = { "ask.", "dns.", "tcp.", "tls.", "cert.", "smtp." };

	if (!v->e->partial || t->subject != SUBJECT_FACT || n.all)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(areas); i++) {
		if (str_has_prefix(t->name, areas[i]))
			return true;
	}
	return false;
}

static bool fits(const struct rule_term *t, struct tally n)
{
	switch (t->over) {
	case OVER_ALL:
		return n.all && n.fitting == n.all;
	case OVER_NONE:
		return n.fitting == 0;
	case OVER_COUNT:
		return compare_number(t->count_op, (int64_t)n.fitting, t->count);
	default:
		return n.fitting > 0;
	}
}

bool rule_term_holds(const struct rule_view *v, const struct rule_term *t, unsigned port)
{
	return fits(t, count(v, t, port));
}

bool rule_holds(const struct rule_view *v, const struct rule *r, unsigned port)
{
	for (size_t i = 0; i < r->n_terms; i++) {
		const struct rule_term *t = &r->terms[i];
		struct tally n = count(v, t, port);

		if (fits(t, n) == t->negated)
			return false;
		if ((t->negated || t->over == OVER_NONE) && is_unknown(v, t, n))
			return false;
	}
	return true;
}

/* --- the sentence --- */

static void add_values(const struct evidence *e, const char *name, struct buf *b)
{
	const struct facts *facts = store(e, name);
	struct strv values = { 0 };

	for (const struct fact *f = facts_match(facts, name, NULL); f;
	     f = facts_match(facts, name, f)) {
		if (*f->string && !strv_has(&values, f->string))
			strv_add(&values, e->arena, f->string);
	}
	buf_adds(b, values.n ? strv_join(&values, e->arena, ", ") : "unknown");
}

char *rule_text(const struct evidence *e, const char *text)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_FACT);

	for (const char *s = text; *s;) {
		const char *end = *s == '{' ? strchr(s, '}') : NULL;

		if (end)
			add_values(e, span_dup(e->arena,
					       (struct span) { s + 1, (size_t)(end - s) - 1 }),
				   &b);
		else
			buf_addc(&b, *s);
		s = end ? end + 1 : s + 1;
	}
	return arena_strdup(e->arena, buf_str(&b));
}

/* A text does not always say which port it was. */
static char *without_port(struct arena *a, const char *text)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_FACT);
	const char *at;

	for (; (at = strstr(text, "port $")) != NULL; text = at + strlen("port $")) {
		buf_add(&b, text, (size_t)(at - text));
		buf_adds(&b, "the port");
	}
	buf_adds(&b, text);
	return arena_strdup(a, buf_str(&b));
}

char *rule_because(const struct evidence *e, const struct rule *r, unsigned port)
{
	const char *text = r->because;

	if (r->per_port)
		text = name_with_port(e->arena, port ? text : without_port(e->arena, text), port);
	return rule_text(e, text);
}
