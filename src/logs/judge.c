/*
 * What a record of a log means: looked up among what was judged before, else judged as `explain`
 * judges a paste.
 */
#include "logs/inside.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/map.h"
#include "paste/explain.h"

/*
 * The newest verdicts, in sets of two; REPLY_MOST bytes of a reply are kept to be shown. Once MANY
 * had to be judged, names are told from words. A text of up to SHORT_TEXT bytes is judged in
 * another way than a longer one.
 */
enum { SETS = 8192, WAYS = 2, REPLY_MOST = 400, MANY = 128, SHORT_TEXT = 60 };

struct judged {
	uint64_t		 key;
	struct tally_cause	*cause;		/* NULL = no failure */
	bool			 used;
};

struct judge {
	struct arena		*arena;
	const struct know	*know;
	struct judged		 sets[SETS][WAYS];	/* the newer one first */
	/* "=tenant-smtp-auth-disabled", "550 5.9.9" */
	struct map		*by_key;
	struct tally_cause	*causes[LIMIT_TALLY_CAUSES];
	size_t			 n;
	uint64_t		 judged;
	struct vocabulary	*words;			/* NULL: not needed yet */
};

struct judge *judge_new(struct arena *a, const struct know *k)
{
	struct judge *j = arena_alloc(a, sizeof(*j));

	j->arena = a;
	j->know = k;
	j->by_key = map_new(a);
	return j;
}

/*
 * The kind of failure of that key, a new one if need be. Without room: the last one, which then
 * stands for all others.
 */
static struct tally_cause *cause_of(struct judge *j, const char *key, bool *ret_new)
{
	struct tally_cause *c = map_get(j->by_key, key);

	*ret_new = !c && j->n < LIMIT_TALLY_CAUSES;
	if (c || !*ret_new)
		return c ? c : j->causes[LIMIT_TALLY_CAUSES - 1];
	c = arena_alloc(j->arena, sizeof(*c));
	c->title = c->who = c->retry = c->reply = c->provider = c->example = c->example_file = "";
	map_set(j->by_key, key, c);
	j->causes[j->n++] = c;
	return c;
}

static const char *kept_reply(struct judge *j, struct arena *scratch, const struct reply *r)
{
	return r && (r->code || *r->enhanced) ?
	       arena_strndup(j->arena, reply_flat(r, scratch), REPLY_MOST) : "";
}

static struct tally_cause *recognised(struct judge *j, struct arena *scratch,
				      const struct explanation *e)
{
	const struct diagnosed *d = &e->diagnosis[0];
	bool is_new;
	struct tally_cause *c = cause_of(j, arena_printf(scratch, "=%s", d->cause->id), &is_new);

	if (is_new) {
		c->cause = d->cause;
		c->title = d->cause->title;
		c->provider = arena_strdup(j->arena, e->provider);
		c->who = arena_strdup(j->arena, d->who);
		c->role = d->role;
		c->retry = arena_strdup(j->arena, d->retry);
		c->reply = kept_reply(j, scratch, d->reply);
	}
	if (c->role != d->role)		/* several providers */
		c->role = NULL;
	if (d->certainty > c->certainty)
		c->certainty = d->certainty;
	return c;
}

static struct tally_cause *not_recognised(struct judge *j, struct arena *scratch,
					  const struct explanation *e)
{
	const struct reply *r = e->n_replies ? e->replies[0] : NULL;
	const char *code = r && r->code ? arena_printf(scratch, "%d", r->code) : "",
		*enhanced = r ? r->enhanced : "";
	const char *key = arena_printf(scratch, "%s%s%s", code,
				       *code && *enhanced ? " " : "", enhanced);
	bool is_new;
	struct tally_cause *c = cause_of(j, key, &is_new);

	if (!is_new)
		return c;
	c->reply = kept_reply(j, scratch, r);
	if (j->n == LIMIT_TALLY_CAUSES)
		c->title = "Replies that are in no table, of which there are too many to tell them "
			   "apart";
	else if (*e->decoded)
		c->title = arena_printf(j->arena, "In no table: %s", e->decoded);
	else
		c->title = "The log gives a reason that is in no table";
	return c;
}

/* Where the log does not say that it failed, its words must: a code, or words of the tables. */
static bool is_failure(const struct record *r, const struct explanation *e)
{
	if (r->fate != FATE_OPEN)
		return true;
	for (size_t i = 0; i < e->n_replies; i++)
		if (e->replies[i]->code >= 400)
			return true;
	return e->n_diagnosis && (r->symptom || e->diagnosis[0].certainty >= LIKELY);
}

static struct tally_cause *judge_anew(struct judge *j, const struct record *r)
{
	_cleanup_(arena_freep) struct arena *scratch = arena_new();
	const struct explanation *e = explain_record(scratch, j->know, r->text.p, r->text.len);

	j->judged++;
	if (!is_failure(r, e))
		return NULL;
	return e->n_diagnosis ? recognised(j, scratch, e) : not_recognised(j, scratch, e);
}

struct tally_cause *judge_record(struct judge *j, const struct record *r)
{
	uint64_t seed = 14695981039346656037u + (r->fate == FATE_OPEN) + 2u * r->symptom;
	uint64_t key;
	struct judged *set, found;

	if (!j->words && j->judged >= MANY)
		j->words = vocabulary_new(j->arena, j->know);
	seed += 4u * (r->text.len <= SHORT_TEXT);
	seed = tally_key(seed, span_of(r->provider), span_of(""), NULL);
	key = tally_key(seed, r->said, r->relay, j->words);
	set = j->sets[(key ^ key >> 32) % SETS];

	for (size_t i = 0; i < WAYS; i++) {
		if (!set[i].used || set[i].key != key)
			continue;
		found = set[i];
		set[i] = set[0];
		set[0] = found;
		return found.cause;
	}
	set[1] = set[0];
	set[0] = (struct judged) { .key = key, .cause = judge_anew(j, r), .used = true };
	return set[0].cause;
}

size_t judge_causes(const struct judge *j)
{
	return j->n;
}

struct tally_cause *judge_cause_at(const struct judge *j, size_t i)
{
	return j->causes[i];
}

uint64_t judge_judged(const struct judge *j)
{
	return j->judged;
}
