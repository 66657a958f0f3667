/*
 * spf-allow - the SPF record as it should read.
 */
#include "domain/spf-inside.h"

/* What must be changed is the record that is judged in the end. */
static const struct spf_record *policy_of(const struct spf *s)
{
	const struct spf_record *rec = s->record;

	while (rec && rec->redirect && rec->redirect->record && rec->redirect->judged)
		rec = rec->redirect->record;
	return rec;
}

bool spf_includes(const struct spf *s, const char *name)
{
	const struct spf_record *rec = policy_of(s);

	for (const struct spf_term *t = rec ? rec->terms : NULL; t; t = t->next)
		if (t->kind == SPF_INCLUDE && t->spec.len == strlen(name) &&
		    span_find_nocase(t->spec, span_of(name)) == t->spec.p)
			return true;
	return false;
}

static void put_new(struct buf *b, const struct spf *s, const char *include, bool address)
{
	if (*include)
		buf_addf(b, " include:%s", include);
	if (address)
		buf_addf(b, " %s:%s", strchr(s->ip, ':') ? "ip6" : "ip4", s->ip);
}

const char *spf_record_with(struct arena *a, const struct spf *s, const char *include, bool address)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(4096);
	const struct spf_record *rec = policy_of(s);
	bool added = false;

	address = address && *s->ip;
	if (*include && spf_includes(s, include))
		include = "";
	if ((!address && !*include) || !rec || rec->n_spf > 1 || rec->broken)
		return NULL;
	if (!rec->n_spf && (rec->n_near || spf_is_error(rec->status)))
		return NULL;
	buf_adds(&b, "v=spf1");
	for (const struct spf_term *t = rec->terms; t; t = t->next) {
		if (!added &&
		    (t->kind == SPF_ALL || t->kind == SPF_REDIRECT || t->kind == SPF_EXP)) {
			put_new(&b, s, include, address);
			added = true;
		}
		buf_addc(&b, ' ');
		str_escape(&b, t->text.p, t->text.len);
	}
	if (!added)
		put_new(&b, s, include, address);
	/* A record that is new: others are suspicious until all senders are in it. */
	if (!rec->n_spf)
		buf_adds(&b, " ~all");
	return b.overflow ? NULL : arena_strdup(a, buf_str(&b));
}

const char *spf_allowing(struct arena *a, const struct spf *s)
{
	return s->record && s->record->n_spf ? spf_record_with(a, s, "", true) : NULL;
}
