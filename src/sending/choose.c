/*
 * Which way fits: the rows of path-choices.tsv from the top, and the questions whose answers might
 * make an earlier row hold.
 */
#include "sending/inside.h"

#include "base/arena.h"
#include "base/str.h"

enum { CHOICES_MOST = 3, QUESTIONS_MOST = 3 };

static const struct { const char *fact, *question; } questions[] = {
	{ "case.house", "Who has the mailboxes of the sender's domain? (--provider NAME, or the "
	  "domain as the target)" },
	{ "case.own-code",
	  "Is the sending program your own, so that its code can be changed? (--own-code)" },
	{ "case.can.oauth", "Can the program or device log in with OAuth, also called modern "
	  "authentication? (--can oauth, --cannot oauth)" },
	{ "case.can.auth", "Can it log in at all? (--can auth, --cannot auth)" },
	{ "case.can.tls12", "Does it know TLS 1.2? (--can tls12, --cannot tls12)" },
	{ "case.external", "Does anybody outside the own organisation get its mail? (--recipients "
	  "internal|external)" },
	{ "case.static-ip",
	  "Has it a fixed public address, shared with nobody? (--static-ip yes|no)" },
	{ "case.port-25", "Is port 25 to the outside open? (--port-25 yes|no)" },
	{ "case.can.cert", "Can it show a client certificate? (--can cert, --cannot cert)" },
	{ "case.volume", "How many recipients a day does it write to? (--volume N)" },
};

static const char *question_about(const char *fact)
{
	for (size_t i = 0; i < ARRAY_LEN(questions); i++)
		if (str_eq(questions[i].fact, fact))
			return questions[i].question;
	return NULL;
}

/*
 * Holds; can't hold; or would, if something were known. What was taken for granted or is not known
 * goes into *open.
 */
enum answer { HOLDS, HOLDS_NOT, OPEN };

static enum answer ask_rule(const struct path_view *v, const struct rule_view *view,
			    const struct rule *r, struct strv *open)
{
	enum answer all = HOLDS;

	for (size_t i = 0; i < r->n_terms; i++) {
		const struct rule_term *t = &r->terms[i];
		bool there = facts_get(v->facts, t->name) != NULL,
			holds = rule_term_holds(view, t, 0) != t->negated;

		if (!holds && (there || !question_about(t->name)))
			return HOLDS_NOT;
		if (!holds)
			all = OPEN;
		if (!there && question_about(t->name))
			strv_add(open, v->arena, t->name);
	}
	return all;
}

static void add_questions(struct path_judgement *j, const struct path_view *v,
			  const struct strv *open)
{
	for (size_t i = 0; i < open->n && j->unknown.n < QUESTIONS_MOST; i++) {
		const char *question = question_about(open->v[i]);

		if (!strv_has(&j->unknown, question))
			strv_add(&j->unknown, v->arena, question);
	}
}

static struct strv filled(const struct rule_view *view, const struct strv *from)
{
	struct strv to = { 0 };

	for (size_t i = 0; i < from->n; i++)
		strv_add(&to, view->e->arena, rule_text(view->e, from->v[i]));
	return to;
}

static void add_choice(struct path_judgement *j, const struct rule_view *view,
		       const struct path_choice_row *row)
{
	struct path_choice c = {
		.path = row->path, .name = rule_text(view->e, row->name), .rule = row->id,
		.why = rule_text(view->e, row->why),
		.confidence = row->confidence, .source = row->source,
	};

	for (size_t i = 0; i < j->n_recommended; i++)
		if (str_eq(j->recommended[i].name, c.name))
			return;
	c.prerequisites = filled(view, &row->prerequisites);
	c.breaks = filled(view, &row->breaks);
	j->recommended[j->n_recommended++] = c;
}

void path_choose(const struct path_view *v, struct path_judgement *j)
{
	const struct evidence e = { .arena = v->arena, .facts = v->facts, .asked = v->facts };
	const struct rule_view view = { .e = &e };
	const struct path_choice_row *row;

	j->recommended = arena_alloc(v->arena, CHOICES_MOST * sizeof(*j->recommended));
	for (size_t i = 0;
	     (row = know_path_choice_at(v->know, i)) && j->n_recommended < CHOICES_MOST; i++) {
		struct strv open = { 0 };
		enum answer verdict = ask_rule(v, &view, &row->when, &open);

		if (verdict != HOLDS_NOT && !j->n_recommended)
			add_questions(j, v, &open);
		if (verdict == HOLDS)
			add_choice(j, &view, row);
	}
	if (j->n_recommended)
		return;
	/* Without that nothing else decides. */
	j->recommended = NULL;
	j->unknown = (struct strv) { 0 };
	strv_add(&j->unknown, v->arena, question_about("case.house"));
}
