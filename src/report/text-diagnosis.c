/*
 * text-diagnosis - why, who, what to do, and what comes next.
 */
#include "report/text-diagnosis.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "report/width.h"

enum { EVIDENCE_LINES = 3, MEANING_LINES = 4 };

void text_block(struct out *o, const char *name)
{
	out_ink(o, INK_STRONG);
	out_put(o, name);
	out_ink(o, INK_NONE);
	out_to(o, TEXT_LEFT);
}

/* Text that ends as a sentence does. */
static const char *sentence(struct arena *a, const char *text)
{
	size_t n = strlen(text), end = n;

	while (end && strchr(")\"'", text[end - 1]))
		end--;
	return end == 0 || strchr(".!?:", text[end - 1]) ? text : arena_printf(a, "%s.", text);
}

static const char *certainty_words(enum certainty c)
{
	switch (c) {
	case CERTAIN:
		return "Certain.";
	case LIKELY:
		return "Likely, not certain.";
	case POSSIBLE:
		return "One possibility of several.";
	case CERTAINTY_NONE:
		break;
	}
	return "";
}

/* "an Exchange Administrator of contoso.com" */
static const char *admin_words(struct arena *a, const struct role *role,
			       const struct advice *advice)
{
	const char *title = role ? role->title : "an administrator of the mail service";

	return *advice->of ? arena_printf(a, "%s of %s", title, advice->of) : title;
}

static const char *who_words(struct arena *a, const char *who, const struct role *role,
			     const struct advice *advice)
{
	static const struct { const char *who, *words; } table[] = {
		{ "user", "the sender, or the owner of the mailbox" },
		{ "developer",
		  "the administrator or developer of the application or device that sends" },
		{ "network-admin", "the administrator of the network or mail server" },
		{ "dns-admin", "the DNS administrator of the domain" },
		{ "recipient", "the recipient, or the recipient's mail administrator" },
		{ "provider", "the mail provider" },
	};

	if (str_eq(who, "tenant-admin"))
		return admin_words(a, role, advice);
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (str_eq(table[i].who, who))
			return table[i].words;
	return who;
}

const char *text_actor(struct arena *a, const char *who, const struct role *role)
{
	return who_words(a, who, role, &(struct advice) { .of = "" });
}

static const char *retry_words(const char *retry)
{
	if (str_eq(retry, "no"))
		return "Retrying will not help until then.";
	if (str_eq(retry, "later"))
		return "Retrying later can help.";
	if (str_eq(retry, "yes"))
		return "Retrying can help.";
	return retry;
}

const char *text_who(struct arena *a, const char *who, const struct role *role, const char *retry,
		     const struct advice *advice)
{
	return arena_printf(a, "%s %s", sentence(a, who_words(a, who, role, advice)),
			    retry_words(retry));
}

static const char *title_of(const struct advice *advice, const char *id)
{
	const struct cause *c = advice->know ? know_cause(advice->know, id) : NULL;

	return c && *c->title ? c->title : id;
}

/*
 * "Entra admin center > ... (a Reports Reader)": who can do the step, where that is somebody else
 * than who fixes the cause.
 */
static const char *place(struct arena *a, const struct fix_step *s, const struct role *usual)
{
	return s->role && s->role != usual ? arena_printf(a, "%s (%s)", s->where, s->role->title) :
	       s->where;
}

/*
 * One step: where, what, and the command alone on its line, never wrapped, so
 * that it can be copied.
 */
static void put_step(struct out *o, unsigned left, const struct fix_step *s,
		     const struct role *usual)
{
	const char *where = place(o->arena, s, usual);
	unsigned text = left;

	if (*s->where)
		out_wrapped(o, left, *s->act ? arena_printf(o->arena, "%s:", where) : where);
	if (*s->act) {
		if (*s->where)
			text += 2;
		out_wrapped(o, text, s->act);
	}
	if (*s->command) {
		out_to(o, left + 4);
		out_ink(o, INK_COMMAND);
		out_put(o, s->command);
		out_line(o);
	}
}

/* One diagnosis, on its way to the parts. */
struct telling {
	const struct diagnosed	*d;
	const struct advice	*advice;
	const char		*name;		/* "Why", "Also" */
	bool			 whole;		/* nothing is cut off */
};

static void put_fix(struct out *o, const void *of, size_t i)
{
	const struct diagnosed *d = ((const struct telling *)of)->d;
	const struct fix *fix = &d->fix;
	unsigned left = TEXT_LEFT;

	if (i == 0)
		text_block(o, "Fix");
	if (fix->n > 1) {
		out_to(o, left);
		out_put(o, arena_printf(o->arena, "%zu.", i + 1));
		left += fix->n > 9 ? 4 : 3;
	}
	put_step(o, left, &fix->steps[i], d->role);
}

/* As many sentences as have room in MEANING_LINES, two at least; -v has them all. */
static const char *meaning(const struct out *o, const struct telling *t, const char *text)
{
	const char *end = text, *best = NULL;

	if (t->whole)
		return text;
	for (size_t n = 1; (end = strstr(end, ". ")); n++) {
		const char *part = arena_strndup(o->arena, text, (size_t)(++end - text));

		if (n > 2 && out_split(o->arena, part, o->columns - TEXT_LEFT).n > MEANING_LINES)
			return best;
		best = part;
	}
	return best && out_split(o->arena, text, o->columns - TEXT_LEFT).n > MEANING_LINES ? best
											   : text;
}

static void put_why(struct out *o, const void *of, size_t i)
{
	const struct telling *t = of;
	const struct diagnosed *d = t->d;
	const char *certainty = certainty_words(d->certainty);

	(void)i;
	out_line(o);
	text_block(o, t->name);
	out_ink(o, INK_STRONG);
	out_wrapped(o, TEXT_LEFT, sentence(o->arena, *d->title ? d->title : d->cause->title));
	if (*certainty || *d->meaning)
		out_wrapped(o, TEXT_LEFT, meaning(o, t, arena_printf(o->arena, "%s %s", certainty,
								     d->meaning)));
}

static void put_evidence(struct out *o, const void *of, size_t i)
{
	const struct telling *t = of;

	if (i == 0)
		text_block(o, "Evidence");
	out_list_cut(o, TEXT_LEFT, "- ", t->d->because.v[i],
		     t->whole ? SIZE_MAX : EVIDENCE_LINES);
}

/* Is the cause a diagnosis of its own already? */
static bool is_shown(const struct advice *advice, const char *cause)
{
	for (size_t i = 0; i < advice->n_shown; i++)
		if (str_eq(advice->shown[i].cause->id, cause))
			return true;
	return false;
}

/* What else it may be, in one sentence. */
static const char *or_else(struct arena *a, const struct diagnosed *d, const struct advice *advice)
{
	struct strv titles = { NULL, 0, 0 };

	for (size_t i = 0; i < d->also.n; i++)
		if (!is_shown(advice, d->also.v[i]))
			strv_add(&titles, a, title_of(advice, d->also.v[i]));
	return strv_join(&titles, a, "; ");
}

static void put_or_else(struct out *o, const void *of, size_t i)
{
	const struct telling *t = of;

	(void)i;
	text_block(o, "Or else");
	out_wrapped(o, TEXT_LEFT, sentence(o->arena, or_else(o->arena, t->d, t->advice)));
}

static void put_decide(struct out *o, const void *of, size_t i)
{
	(void)i;
	text_block(o, "To decide");
	out_wrapped(o, TEXT_LEFT, sentence(o->arena, ((const struct telling *)of)->d->decide));
}

static void put_who(struct out *o, const void *of, size_t i)
{
	const struct telling *t = of;
	const struct diagnosed *d = t->d;

	(void)i;
	text_block(o, "Who");
	out_wrapped(o, TEXT_LEFT, text_who(o->arena, d->who, d->role, d->retry, t->advice));
}

/* The first sentence: up to a full stop with a blank behind it. */
static const char *first_sentence(struct arena *a, const char *text)
{
	const char *end = strstr(text, ". ");

	return end ? arena_strndup(a, text, (size_t)(end + 1 - text)) : text;
}

static void put_then(struct out *o, const void *of, size_t i)
{
	const struct telling *t = of;
	const char *verify = t->d->verify;

	(void)i;
	text_block(o, "Then");
	if (!t->whole)
		verify = first_sentence(o->arena, verify);
	out_wrapped(o, TEXT_LEFT, sentence(o->arena, verify));
}

static void put_sources(struct out *o, const void *of, size_t i)
{
	const struct strv *sources = &((const struct telling *)of)->d->sources;

	text_block(o, "Sources");
	for (i = 0; i < sources->n; i++) {
		out_to(o, TEXT_LEFT);
		out_ink(o, INK_DIM);
		out_put(o, sources->v[i]);
		out_line(o);
	}
}

static void put_known_by(struct out *o, const void *of, size_t i)
{
	(void)i;
	text_block(o, "Known by");
	out_wrapped(o, TEXT_LEFT, ((const struct telling *)of)->d->matched_by);
}

/*
 * What a diagnosis is called among those that are printed: a mere possibility is never called
 * the reason.
 */
static const char *heading(const struct diagnosed *d, bool first)
{
	if (d->certainty == POSSIBLE)
		return first ? "Maybe" : "Or";
	return first ? "Why" : "Also";
}

/* The tests that follow say it better. */
static void add_doubt(struct parts *p, const struct telling *t, enum part_rank decide)
{
	if (*or_else(p->arena, t->d, t->advice))
		parts_add(p, PART_REST, "what else it may be", put_or_else, t, 0);
	if (*t->d->decide && !text_tells(t->advice->apart, t->d->cause->id))
		parts_add(p, decide, "what would decide", put_decide, t, 0);
}

static void add_cure(struct parts *p, const struct telling *t)
{
	const struct diagnosed *d = t->d;

	if (*d->who)
		parts_add(p, PART_FIRST, "", put_who, t, 0);
	for (size_t i = 0; i < d->fix.n; i++) {
		enum part_rank rank = i == 0 ? PART_FIRST : PART_MORE;

		parts_add(p, i == 1 ? PART_STEP : rank, "steps", put_fix, t, i);
	}
	if (*d->verify)
		parts_add(p, PART_THEN, "how to see that it worked", put_then, t, 0);
}

/* All of a diagnosis, the screen permitting. */
static void add_whole(struct parts *p, const struct telling *t, bool verbose)
{
	const struct diagnosed *d = t->d;

	parts_add(p, PART_FIRST, "", put_why, t, 0);
	for (size_t i = 0; i < d->because.n; i++)
		parts_add(p, i == 0 ? PART_FIRST : PART_MORE, "evidence", put_evidence, t,
			  i);
	/* Nobody should change anything for a mere possibility before what would decide it. */
	if (d->certainty == POSSIBLE)
		add_doubt(p, t, PART_ALSO);
	add_cure(p, t);
	if (d->certainty == LIKELY)
		add_doubt(p, t, PART_THEN);
	if (d->sources.n)
		parts_add(p, PART_REST, "sources", put_sources, t, 0);
	if (verbose && *d->matched_by)
		parts_add(p, PART_REST, "", put_known_by, t, 0);
}

/* The causes behind the first, by their headlines alone. */
struct others {
	const struct diagnosed	*v;
	size_t			 n;
};

/* Those that are at least likely, a line each. */
static void put_also(struct out *o, const void *of, size_t i)
{
	const struct others *others = of;
	const struct diagnosed *d = &others->v[i];

	text_block(o, "Also");
	out_wrapped(o, TEXT_LEFT, sentence(o->arena, *d->title ? d->title : d->cause->title));
}

/* The possible ones, together. */
static void put_or(struct out *o, const void *of, size_t i)
{
	const struct others *others = of;
	struct strv titles = { NULL, 0, 0 };

	for (i = 0; i < others->n; i++) {
		const struct diagnosed *d = &others->v[i];

		if (d->certainty == POSSIBLE)
			strv_add(&titles, o->arena, *d->title ? d->title : d->cause->title);
	}
	text_block(o, "Or");
	out_wrapped(o, TEXT_LEFT,
		    arena_printf(o->arena, "%s.", strv_join(&titles, o->arena, "; ")));
}

static void add_others(struct parts *p, const struct diagnosed *v, size_t n)
{
	struct others *others = arena_alloc(p->arena, sizeof(*others));
	bool possible = false;

	*others = (struct others){ v, n };
	for (size_t i = 0; i < n; i++) {
		if (v[i].certainty > POSSIBLE)
			parts_add(p, PART_ALSO, "causes", put_also, others, i);
		possible |= v[i].certainty == POSSIBLE;
	}
	if (possible)
		parts_add(p, PART_ALSO, "causes", put_or, others, 0);
}

void text_diagnosis(struct out *o, struct parts *p, const struct diagnosed *list, size_t n,
		    const struct advice *advice)
{
	struct advice *all = arena_alloc(p->arena, sizeof(*all));

	*all = *advice;
	all->shown = list;
	all->n_shown = n;
	for (size_t i = 0; i < n && (i == 0 || o->style->verbose); i++) {
		struct telling *t = arena_alloc(p->arena, sizeof(*t));

		*t = (struct telling){
			.d = &list[i],
			.advice = all,
			.name = i == 0 && advice->first ? advice->first : heading(&list[i], i == 0),
			.whole = o->style->verbose || p->all,
		};
		add_whole(p, t, o->style->verbose);
	}
	if (n > 1 && !o->style->verbose)
		add_others(p, &list[1], n - 1);
}

/* What is likely to block after the fix. */
struct next {
	const struct strv	*causes;
	const struct advice	*advice;
};

static void put_next(struct out *o, const void *of, size_t i)
{
	const struct next *next = of;
	struct strv titles = { NULL, 0, 0 };

	(void)i;
	if (o->style->verbose)
		out_line(o);
	text_block(o, "Next");
	for (size_t k = 0; k < next->causes->n; k++)
		strv_add(&titles, o->arena, title_of(next->advice, next->causes->v[k]));
	if (!titles.n) {
		out_wrapped(o, TEXT_LEFT, "nothing else is known to stand in the way.");
		return;
	}
	if (!o->style->verbose) {
		out_wrapped(o, TEXT_LEFT, arena_printf(o->arena, "%s.",
						       strv_join(&titles, o->arena, "; or: ")));
		return;
	}
	out_wrapped(o, TEXT_LEFT, "what may stand in the way after that:");
	for (size_t k = 0; k < titles.n; k++)
		out_list(o, TEXT_LEFT, "- ", titles.v[k]);
}

void text_next(struct parts *p, const struct strv *causes, const struct advice *advice)
{
	struct next *next = arena_alloc(p->arena, sizeof(*next));

	*next = (struct next){ causes, advice };
	parts_add(p, PART_THEN, "what may come next", put_next, next, 0);
}
