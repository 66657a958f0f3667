#include "report/text-path.h"

#include "base/arena.h"
#include "base/str.h"
#include "report/text-diagnosis.h"

/* What tells how sure the table is, where it is not the documentation's word. */
static const char *doubt(const char *confidence)
{
	if (str_eq(confidence, "observed"))
		return " (Seen in the field, not documented.)";
	if (str_eq(confidence, "disputed"))
		return " (Sources disagree.)";
	return str_eq(confidence, "expert") ? " (Our judgement.)" : "";
}

/* "high-volume-email" as "high volume email". */
static char *spoken(struct arena *a, const char *path)
{
	char *words = arena_strdup(a, path);

	for (char *c = words; *c; c++)
		if (*c == '-')
			*c = ' ';
	return words;
}

void text_path_on(struct out *o, const struct path_judgement *j)
{
	struct strv maybe = { 0 };

	text_block(o, "Path");
	if (!*j->path) {
		out_wrapped(o, TEXT_LEFT, "Which way of sending it is can't be told.");
		return;
	}
	for (size_t i = 0; i < j->maybe.n; i++)
		strv_add(&maybe, o->arena, spoken(o->arena, j->maybe.v[i]));
	out_wrapped(o, TEXT_LEFT,
		    arena_printf(o->arena, "%s: %s.%s%s%s", spoken(o->arena, j->path), j->path_why,
				 maybe.n ? " From outside it looks the same as " : "",
				 strv_join(&maybe, o->arena, ", "), maybe.n ? "." : ""));
}

/*
 * This many days before something stops working, everybody is warned, not only those who want
 * it all.
 */
enum { SOON_DAYS = 60 };

static bool is_soon(const struct path_finding *f, time_t now)
{
	return f->due > now && f->due - now <= (time_t)SOON_DAYS * 86400;
}

static bool any_soon(const struct path_judgement *j, time_t now)
{
	for (const struct path_finding *f = j->findings; f; f = f->next)
		if (is_soon(f, now))
			return true;
	return false;
}

/*
 * What the first one says stands above, as the check's own words: only a remark is told here first.
 */
static void put_findings(struct out *o, const struct path_judgement *j, time_t now)
{
	bool first = true;

	for (const struct path_finding *f = j->findings; f; f = f->next) {
		bool remark = f->severity == INFO, told = f == j->findings && !remark;

		if (remark && !o->style->verbose && !is_soon(f, now))
			continue;
		if (first)
			text_block(o, "Change");
		first = false;
		out_list(o, TEXT_LEFT, "- ",
			 arena_printf(o->arena, "%s%s%s%s", told ? "" : f->message, told ? "" : " ",
				      f->fix, doubt(f->confidence)));
		if (o->style->verbose)
			out_wrapped(o, TEXT_LEFT + 2,
				    arena_printf(o->arena, "[%s] %s", f->finding, f->source));
	}
}

static void put_list(struct out *o, const char *title, const struct strv *list)
{
	if (list->n)
		out_wrapped(o, TEXT_LEFT, title);
	for (size_t i = 0; i < list->n; i++)
		out_list(o, TEXT_LEFT, "- ", list->v[i]);
}

void text_path_choices(struct out *o, const struct path_judgement *j)
{
	static const char *const rank[] = { "Fits best", "Then", "Or" };

	for (size_t i = 0; i < j->n_recommended; i++) {
		const struct path_choice *c = &j->recommended[i];

		text_block(o, rank[i < 2 ? i : 2]);
		out_wrapped(o, TEXT_LEFT, arena_printf(o->arena, "%s: %s.%s", c->name, c->why,
						       doubt(c->confidence)));
		if (i == 0 || o->style->verbose) {
			put_list(o, "It needs:", &c->prerequisites);
			put_list(o, "What would break it next:", &c->breaks);
		}
		if (o->style->verbose)
			out_wrapped(o, TEXT_LEFT,
				    arena_printf(o->arena, "[rule %s] %s", c->rule, c->source));
	}
	for (size_t i = 0; i < j->unknown.n; i++) {
		if (i == 0)
			text_block(o, j->n_recommended ? "To be sure" : "To tell");
		out_list(o, TEXT_LEFT, "- ", j->unknown.v[i]);
	}
}

static bool contradicted(const struct path_judgement *j)
{
	return j->findings && j->findings->severity != INFO;
}

static bool wants_choices(const struct out *o, const struct result *r)
{
	return r->ask->means.given || o->style->verbose;
}

bool text_path_speaks_against(const struct result *r)
{
	return r->path_fit && contradicted(r->path_fit);
}

bool text_has_path(const struct out *o, const struct result *r)
{
	const struct path_judgement *j = r->path_fit;

	return j && (contradicted(j) || wants_choices(o, r) || any_soon(j, r->started));
}

void text_path(struct out *o, const struct result *r)
{
	const struct path_judgement *j = r->path_fit;
	bool choices = wants_choices(o, r);

	/* Below a cause only what to write in the settings' place. */
	if (r->n_diagnosis && !choices) {
		put_findings(o, j, r->started);
		return;
	}
	out_line(o);
	if (choices || (*j->path && contradicted(j)))
		text_path_on(o, j);
	put_findings(o, j, r->started);
	if (choices) {
		text_path_choices(o, j);
	} else if (contradicted(j) && j->n_recommended && !str_eq(j->recommended[0].path,
		j->path)) {
		text_block(o, "Fits best");
		out_wrapped(o, TEXT_LEFT,
			    arena_printf(o->arena, "%s: %s. -v tells what it needs.",
					 j->recommended[0].name, j->recommended[0].why));
	}
}
