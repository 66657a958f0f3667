/*
 * What a change means: the row of changes.tsv that fits first, and its words.
 */
#include "drift/inside.h"

#include "base/buf.h"
#include "judge/eval.h"

/* Bytes of a value in a sentence; the whole of it stands beside it. */
enum { SAID_MOST = 160 };

static const char finding_prefix[] = "finding:";

/* --- does the row fit? --- */

static bool any_part(const struct strv *globs, const struct strv *parts)
{
	for (size_t i = 0; i < parts->n; i++)
		if (strv_glob(globs, parts->v[i]))
			return true;
	return false;
}

static const char *word_of(const struct fact *f)
{
	return f ? f->string : "absent";
}

/* Where the value stands in the row's order; past the end when it does not. */
static size_t rung(const struct change_row *row, const struct fact *f)
{
	size_t i = 0;

	while (i < row->values.n && !str_eq_nocase(row->values.v[i], word_of(f)))
		i++;
	return i;
}

static bool is_number(const struct fact *f)
{
	return f && f->type == FACT_NUMBER;
}

static bool number_fits(const struct change_row *row, const struct value_change *c)
{
	int64_t was, now, limit = (int64_t)row->limit;

	if (!is_number(c->was) || !is_number(c->now))
		return false;
	was = c->was->number;
	now = c->now->number;
	switch (row->when) {
	case WHEN_LESS:
		return now < was;
	case WHEN_MORE:
		return now > was;
	case WHEN_ABOVE:
		return was <= limit && now > limit;
	default:
		return was >= limit && now < limit;
	}
}

static bool value_fits(const struct change_row *row, const struct value_change *c)
{
	switch (row->when) {
	case WHEN_ANY:
		return true;
	case WHEN_ADDED:
		return !c->was;
	case WHEN_REMOVED:
		return !c->now;
	case WHEN_TO:
		return strv_glob(&row->values, word_of(c->now));
	case WHEN_ALONG:
		return rung(row, c->was) < rung(row, c->now) && rung(row, c->now) < row->values.n;
	case WHEN_LOST:
		return any_part(&row->values, &c->gone);
	case WHEN_GAINED:
		return any_part(&row->values, &c->come);
	default:
		return number_fits(row, c);
	}
}

static bool only_holds(const struct evidence *e, const struct change_row *row, unsigned port)
{
	struct rule_view view = { .e = e };

	return !row->only.n_terms || rule_holds(&view, &row->only, port);
}

const struct change_row *meaning_of_fact(const struct evidence *e, const struct value_change *c)
{
	const struct change_row *row;

	for (size_t i = 0; (row = know_change_at(e->know, i)); i++)
		if (fact_name_fits(row->of, c->name) && value_fits(row, c) &&
		    only_holds(e, row, c->port))
			return row;
	return NULL;
}

const struct change_row *meaning_of_finding(const struct evidence *e, const char *finding,
					    enum drift_how how, unsigned port)
{
	const struct change_row *row;

	for (size_t i = 0; (row = know_change_at(e->know, i)); i++) {
		if (!str_has_prefix(row->of, finding_prefix) ||
		    !str_glob(row->of + strlen(finding_prefix), finding))
			continue;
		if (row->when == WHEN_REMOVED ? how != DRIFT_REMOVED :
		    row->when == WHEN_ADDED && how == DRIFT_REMOVED)
			continue;
		if (only_holds(e, row, port))
			return row;
	}
	return NULL;
}

/* --- its words --- */

static void add_brief(struct buf *b, const char *s)
{
	size_t n = strlen(s);

	if (n <= SAID_MOST) {
		buf_adds(b, n ? s : "nothing");
		return;
	}
	for (n = SAID_MOST; n && ((unsigned char)s[n] & 0xc0) == 0x80; n--)
		;
	buf_add(b, s, n);
	buf_adds(b, " ...");
}

static const char *filled(struct arena *a, const char *text, const struct drift_change *c)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(8 * 1024);

	while (*text) {
		size_t n = strcspn(text, "{"), name;

		buf_add(&b, text, n);
		text += n;
		if (!*text)
			break;
		name = strcspn(text, "}");
		if (str_has_prefix(text, "{was}"))
			add_brief(&b, c->was);
		else if (str_has_prefix(text, "{now}"))
			add_brief(&b, c->now);
		else if (str_has_prefix(text, "{gone}"))
			add_brief(&b, strv_join(&c->gone, a, ", "));
		else if (str_has_prefix(text, "{new}"))
			add_brief(&b, strv_join(&c->come, a, ", "));
		else
			buf_addf(&b, "%u", c->port);
		text += name + (text[name] != '\0');
	}
	return arena_strdup(a, buf_str(&b));
}

void meaning_tell(struct arena *a, const struct change_row *row, struct drift_change *c,
		  const struct evidence *e)
{
	c->row = row->id;
	c->title = filled(a, row->title, c);
	c->why = filled(a, row->why, c);
	c->who = row->who;
	c->act = filled(a, row->act, c);
	if (str_eq(row->who, "tenant-admin"))
		c->role = know_role_for(e->know, &row->roles, e->provider);
}
