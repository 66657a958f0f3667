/*
 * spf-trace - an evaluation of SPF in lines, the tree of records as indentation.
 */
#include "domain/spf-inside.h"
#include "know/know.h"

enum { LINES_MOST = 200, TEXT_WIDTH = 44 };

struct told { struct arena *arena; const struct know *know; struct strv lines; };

static void put_record(struct told *to, const struct spf_record *rec);

/* What became of it, in words: "lookup 3, no answer (void)". */
static const char *fate_of(struct arena *a, const struct spf_term *t)
{
	struct strv l = { NULL, 0, 0 };

	if (t->lookup)
		strv_addf(&l, a, "lookup %u", t->lookup);
	if (t->worst_lookups > 1)
		strv_addf(&l, a, "%u with what it leads to", t->worst_lookups);
	if (t->broken)
		strv_add(&l, a, "cannot be read");
	if (t->unclear)
		strv_add(&l, a, "depends on the address");
	if (t->is_void)
		strv_addf(&l, a, "no answer (%s)", dns_status_name(t->status));
	else if (t->looked_up && !t->unclear && spf_is_error(t->status))
		strv_addf(&l, a, "cannot be looked up (%s)", dns_status_name(t->status));
	if (*t->target && t->spec.len && memchr(t->spec.p, '%', t->spec.len))
		strv_addf(&l, a, "asks for %s", str_escaped(a, t->target, strlen(t->target)));
	if (t->matched)
		strv_add(&l, a, "matches");
	else if (t->judged)
		strv_add(&l, a, "no match");
	return strv_join(&l, a, ", ");
}

/* Whose include it is; "" = not known. */
static const char *service_of(const struct know *know, const struct spf_term *t)
{
	const struct sending_service *s = NULL;

	if (know && (t->kind == SPF_INCLUDE || t->kind == SPF_REDIRECT))
		s = know_service_of_include(know, t->target);
	return s ? s->name : "";
}

static void put_term(struct told *to, const struct spf_record *rec, const struct spf_term *t)
{
	const char *fate = fate_of(to->arena, t), *service = service_of(to->know, t);

	if (to->lines.n >= LINES_MOST)
		return;
	if (*service)
		fate = arena_printf(to->arena, "%s%s%s", service, *fate ? ", " : "", fate);
	strv_addf(&to->lines, to->arena, *fate ? "%*s%-*s %s" : "%*s%-*s%s",
		  (int)(4 * rec->depth + 2), "", *fate ? TEXT_WIDTH - 4 * (int)rec->depth : 0,
		  spf_term_text(to->arena, t), fate);
	if (t->record)
		put_record(to, t->record);
}

static void put_record(struct told *to, const struct spf_record *rec)
{
	int indent = (int)(4 * rec->depth);
	struct arena *a = to->arena;
	struct strv *l = &to->lines;

	if (l->n >= LINES_MOST) {
		if (l->n == LINES_MOST)
			strv_add(l, a, "(more records are not shown)");
		return;
	}
	if (rec->n_spf != 1)
		strv_addf(l, a, "%*s%s: %s", indent, "", rec->domain,
			  rec->n_spf ? arena_printf(a, "%zu SPF records", rec->n_spf)
				     : "no SPF record");
	else if (rec->result == SPF_NOT_JUDGED)
		strv_addf(l, a, "%*s%s:", indent, "", rec->domain);
	else
		strv_addf(l, a, "%*s%s: %s", indent, "", rec->domain,
			  spf_result_name(rec->result));
	for (const struct spf_term *t = rec->n_spf == 1 ? rec->terms : NULL; t; t = t->next)
		put_term(to, rec, t);
}

struct strv spf_trace(struct arena *a, const struct spf *s, const struct know *know)
{
	struct told to = { .arena = a, .know = know };

	if (s->record)
		put_record(&to, s->record);
	return to.lines;
}
