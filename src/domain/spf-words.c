/*
 * spf-words - results and faults of SPF by name.
 */
#include "domain/spf-inside.h"

const char *spf_result_name(enum spf_result r)
{
	static const char *const names[] = {
		[SPF_NONE] = "none",           [SPF_NEUTRAL] = "neutral",
		[SPF_PASS] = "pass",           [SPF_FAIL] = "fail",
		[SPF_SOFTFAIL] = "softfail",   [SPF_TEMPERROR] = "temperror",
		[SPF_PERMERROR] = "permerror", [SPF_NOT_JUDGED] = "not-judged",
	};

	return names[r];
}

const char *spf_fault_name(enum spf_fault_kind k)
{
	static const char *const names[SPF_FAULT_COUNT] = {
		[SPF_FAULT_TWO_RECORDS] = "two-records",
		[SPF_FAULT_SYNTAX] = "syntax",
		[SPF_FAULT_LOOKUPS] = "lookups",
		[SPF_FAULT_LOOKUPS_WORST] = "lookups-worst",
		[SPF_FAULT_VOIDS] = "voids",
		[SPF_FAULT_VOIDS_WORST] = "voids-worst",
		[SPF_FAULT_DEAD_INCLUDE] = "dead-include",
		[SPF_FAULT_LOOP] = "loop",
		[SPF_FAULT_NAMES] = "mx-hosts",
		[SPF_FAULT_DNS] = "dns",
		[SPF_FAULT_NOT_A_RECORD] = "not-a-record",
		[SPF_FAULT_PASS_ALL] = "pass-all",
		[SPF_FAULT_NO_ALL] = "no-all",
		[SPF_FAULT_NEUTRAL_ALL] = "neutral-all",
		[SPF_FAULT_PTR] = "ptr",
		[SPF_FAULT_AFTER_ALL] = "after-all",
		[SPF_FAULT_VOID] = "void",
		[SPF_FAULT_UNKNOWN_MODIFIER] = "unknown-modifier",
		[SPF_FAULT_WIDE] = "wide",
		[SPF_FAULT_LONG] = "long",
	};

	return names[k];
}

void spf_fault(struct spf_run *r, enum spf_fault_kind k, const struct spf_record *rec,
	       const struct spf_term *t, const char *fmt, ...)
{
	struct spf_fault *f;
	va_list ap;

	if (r->spf->n_faults++ >= SPF_FAULTS_MOST)
		return;
	f = arena_alloc(r->arena, sizeof(*f));
	*f = (struct spf_fault) { .kind = k, .record = rec, .term = t };
	va_start(ap, fmt);
	f->words = arena_vprintf(r->arena, fmt, ap);
	va_end(ap);
	*r->fault_end = f;
	r->fault_end = &f->next;
}

const struct spf_fault *spf_fault_of(const struct spf *s, enum spf_fault_kind k)
{
	const struct spf_fault *f = s->faults;

	while (f && f->kind != k)
		f = f->next;
	return f;
}

const char *spf_term_text(struct arena *a, const struct spf_term *t)
{
	enum { MOST = 100 };
	bool cut = t->text.len > MOST;
	const char *text = str_escaped(a, t->text.p, cut ? MOST : t->text.len);

	return cut ? arena_printf(a, "%s...", text) : text;
}
