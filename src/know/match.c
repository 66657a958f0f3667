/*
 * Matching a reply against the table. Each row answers whether it fits, and how exactly; the most
 * exact one wins.
 */
#include "know/tables.h"

#include "base/buf.h"
#include "base/needles.h"
#include "base/scan.h"
#include "base/str.h"

/*
 * A text shorter than this is not enough to tell by itself whose reply it is; without
 * any code, than that.
 */
enum { TELLING_TEXT = 16, TELLING_WITHOUT_CODE = 24 };
/* Without any code a shorter text is a word that prose has, too: "DKIM", "relay". */
enum { LEAST_WITHOUT_CODE = 11 };
/*
 * Details above these, by subject, are registered nowhere (IANA's registry of RFC 5248): who uses
 * them gives himself away.
 */
static const int last_registered_detail[] = { 0, 10, 4, 6, 7, 6, 10, 30 };

/* What is looked for. */
struct query {
	const char		*provider;	/* NULL unknown */
	/* by words that a product uses, and others may, too */
	bool			 guessed;
	const struct strv	*like;		/* of that provider; NULL none */
	enum stage		 stage;
	int			 code;		/* 0 unknown */
	int			 enhanced[3];	/* [0] 0 = unknown */
	const char		*folded;
};

/* Rows of any text, by what a reply's codes leave of them. */
enum { KEPT = 64 };
struct code_rows {
	size_t		 words;		/* of each of these: a bit for each row */
	uint64_t	*any;		/* all rows of any text */
	struct {
		bool		 used;
		int		 code, enhanced[3];
		uint64_t	*rows;
	} kept[KEPT];			/* what was asked for last */
};

enum whose { FOREIGN, ANYBODY, ALIKE, OWN };

/* How exactly a row fits, most important first. */
struct fit {
	const struct error_entry *e;
	unsigned	 user;		/* as in the entry */
	enum whose	 whose;
	unsigned	 stages;	/* of the row, bits; 0 = any */
	bool		 stage;		/* the row names the reply's stage */
	bool		 other_stage;	/* the row names other stages only */
	bool		 other_code;	/* the row names other codes of the same class only */
	/* -1 wanted but the reply has none, 0 any, 1 class, 2 exact */
	int		 code;
	int		 enhanced;	/* 0 any, 1 wide, 2 range, 3 exact */
	bool		 proprietary;	/* the enhanced code is nobody's but the row's provider's */
	bool		 peculiar;	/* so is that code, or a word of the text */
	size_t		 len;		/* of the text */
	const char	*fragment;
};

static enum whose whose(const struct query *q, const struct error_entry *e)
{
	if (str_eq(e->provider, "*"))
		return ANYBODY;
	if (q->provider && str_eq(q->provider, e->provider))
		return OWN;
	return q->like && strv_has(q->like, e->provider) ? ALIKE : FOREIGN;
}

static bool fit_code(const struct query *q, const struct error_entry *e, struct fit *f)
{
	if (!e->n_codes)
		return true;
	/* The class of the enhanced code is that of the code that isn't there. */
	if (!q->code) {
		f->code = -1;
		for (size_t i = 0; i < e->n_codes; i++) {
			if (!q->enhanced[0] || e->codes[i].from / 100 <= q->enhanced[0])
				return true;
		}
		return false;
	}
	for (size_t i = 0; i < e->n_codes; i++) {
		f->other_code |= q->code / 100 == e->codes[i].from / 100;
		if (q->code < e->codes[i].from || q->code > e->codes[i].to)
			continue;
		f->code = e->codes[i].from == e->codes[i].to ? 2 : 1;
		f->other_code = false;
		return true;
	}
	return f->other_code;
}

static bool within(const int *code, const struct enhanced_range *r)
{
	for (int i = 0; i < 3; i++) {
		if (code[i] < r->from[i] || code[i] > r->to[i])
			return false;
	}
	return true;
}

static bool unregistered(const struct enhanced_range *r)
{
	return r->from[1] == r->to[1] && (r->from[1] >= (int)ARRAY_LEN(last_registered_detail) ||
					  r->from[2] > last_registered_detail[r->from[1]]);
}

static bool fit_enhanced(const struct query *q, const struct error_entry *e, struct fit *f)
{
	if (!e->n_enhanced || !q->enhanced[0])
		return true;
	for (size_t i = 0; i < e->n_enhanced; i++) {
		const struct enhanced_range *r = &e->enhanced[i];
		bool wide = r->to[0] - r->from[0] > 3 || r->to[1] - r->from[1] > 900 ||
			    r->to[2] - r->from[2] > 900;

		if (!within(q->enhanced, r))
			continue;
		f->enhanced = r->from[2] == r->to[2] ? 3 : 2;
		if (wide)
			f->enhanced = 1;
		f->proprietary = f->enhanced > 1 && unregistered(r);
		return true;
	}
	return false;
}

/* A provider's row speaks for its own servers. Where nothing shows whose reply it is (no host, no
 * words and no code of theirs), only a long sentence of theirs is worth a guess; where another one
 * is known, nothing is. */
static bool may_be_theirs(const struct query *q, const struct fit *f)
{
	return (!q->provider || q->guessed) && f->len >= TELLING_WITHOUT_CODE;
}

/* Is there enough of the codes and the text? What is nobody else's tells by itself. */
static bool says_enough(const struct query *q, const struct fit *f)
{
	const struct error_entry *e = f->e;
	bool telling = f->len || f->proprietary;

	if (e->n_codes && !q->code && !telling && f->enhanced < 2)
		return false;
	if (e->n_enhanced && !q->enhanced[0] && !f->len)
		return false;
	if (e->n_codes && !q->code && !q->enhanced[0] && f->len < LEAST_WITHOUT_CODE)
		return false;
	return !(f->other_code && f->len < TELLING_TEXT && !f->proprietary);
}

/* Does the row fit at all? */
static bool fits(const struct query *q, const struct error_entry *e, struct fit *f)
{
	*f = (struct fit) { .e = e, .user = e->user, .fragment = "" };
	if (!fit_code(q, e, f) || !fit_enhanced(q, e, f))
		return false;
	if (!pattern_find(e->pattern, q->folded, &f->fragment, &f->len) || !says_enough(q, f))
		return false;
	f->whose = whose(q, e);
	f->stages = e->stages;
	f->stage = q->stage != STAGE_UNKNOWN && (f->stages & (1u << q->stage));
	f->other_stage = q->stage != STAGE_UNKNOWN && f->stages && !f->stage;
	f->peculiar = f->proprietary || pattern_peculiar(e->pattern, f->fragment);
	if (f->whose == FOREIGN && !f->user && !f->peculiar && !may_be_theirs(q, f))
		return false;
	return f->user || f->len || f->proprietary ||
	       (f->whose != FOREIGN && !f->other_stage);
}

static int order(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

/* Which is more exact? Positive: a. */
static int compare(const struct fit *a, const struct fit *b)
{
	int rc = order(a->user, b->user);

	rc = rc ? rc : order(a->whose, b->whose);
	rc = rc ? rc : order(a->len > 0, b->len > 0);
	rc = rc ? rc : a->enhanced - b->enhanced;
	rc = rc ? rc : order(a->stage, b->stage);
	rc = rc ? rc : a->code - b->code;
	return rc ? rc : order(a->len, b->len);
}

/* Something in the reply had to be overlooked for the row to fit. */
static bool overlooks(const struct fit *f)
{
	return !f->user && (f->whose == FOREIGN || f->other_stage || f->other_code);
}

/*
 * Is the stray row worth more than the proper one? Only when its text says more, and the proper one
 * is nobody's in particular.
 */
static bool better_stray(const struct query *q, const struct fit *stray, const struct fit *proper)
{
	if (proper->user)
		return false;
	if (stray->proprietary && proper->enhanced < 2)
		return true;
	if (!proper->len && !proper->proprietary)
		return stray->len > 0 || stray->proprietary;
	if ((proper->whose != ANYBODY && !q->guessed) || stray->other_stage || stray->other_code)
		return false;
	return stray->len > proper->len ||
	       (stray->len == proper->len && stray->enhanced > proper->enhanced);
}

/* A code that is nobody else's first, then the longer text. */
static bool better_of_strays(const struct fit *a, const struct fit *b)
{
	if (a->proprietary != b->proprietary)
		return a->proprietary;
	return a->len > b->len || (a->len == b->len && compare(a, b) > 0);
}

/* --- which rows come into question --- */

static struct code_rows *code_rows_of(const struct know *k)
{
	struct know *keep = (struct know *)k;
	size_t n = table_size(k, TABLE_ERRORS);
	struct code_rows *c = k->code_rows;

	if (c)
		return c;
	c = keep->code_rows = arena_alloc(k->arena, sizeof(*c));
	c->words = n / 64 + 1;
	c->any = arena_alloc(k->arena, c->words * sizeof(*c->any));
	for (size_t i = 0; i < n; i++) {
		if (error_is_any(k, i))
			c->any[i / 64] |= (uint64_t)1 << i % 64;
	}
	return c;
}

/* The rows of any text whose codes are those of the reply. */
static const uint64_t *rows_of_code(const struct know *k, const struct query *q, size_t n)
{
	struct code_rows *c = code_rows_of(k);
	size_t at = (size_t)(q->code * 31 + q->enhanced[0] + q->enhanced[1] * 7 +
			     q->enhanced[2] * 3) % KEPT;
	uint64_t *rows = c->kept[at].rows;

	if (c->kept[at].used && c->kept[at].code == q->code &&
	    memcmp(c->kept[at].enhanced, q->enhanced, sizeof(q->enhanced)) == 0)
		return rows;
	if (!rows)
		rows = c->kept[at].rows = arena_alloc(k->arena, c->words * sizeof(*rows));
	memset(rows, 0, c->words * sizeof(*rows));
	for (size_t i = needles_next(c->any, n, 0); i < n; i = needles_next(c->any, n, i + 1)) {
		struct fit f = { .e = know_error(k, i) };

		if (fit_code(q, f.e, &f) && fit_enhanced(q, f.e, &f) && says_enough(q, &f))
			rows[i / 64] |= (uint64_t)1 << i % 64;
	}
	c->kept[at].used = true;
	c->kept[at].code = q->code;
	memcpy(c->kept[at].enhanced, q->enhanced, sizeof(q->enhanced));
	return rows;
}

static bool best_fit(const struct know *k, const struct query *q, const struct found *found,
		     struct fit *ret)
{
	struct fit proper = { 0 }, stray = { 0 }, f;
	size_t n = table_size(k, TABLE_ERRORS);
	const uint64_t *of_code = rows_of_code(k, q, n);
	uint64_t *rows = found_rows(found, FOUND_ERROR);

	for (size_t i = 0; i < (n + 63) / 64; i++)
		rows[i] |= of_code[i];
	for (size_t i = needles_next(rows, n, 0); i < n; i = needles_next(rows, n, i + 1)) {
		if (!fits(q, know_error(k, i), &f))
			continue;
		if (!overlooks(&f) && (!proper.e || compare(&f, &proper) > 0))
			proper = f;
		else if (overlooks(&f) && (!stray.e || better_of_strays(&f, &stray)))
			stray = f;
	}
	*ret = stray.e && (!proper.e || better_stray(q, &stray, &proper)) ? stray : proper;
	return ret->e != NULL;
}

/*
 * The enhanced code; also one whose class does not fit the code ("554 4.4.7"), which a reply's
 * parser rightly leaves in the words.
 */
static void read_enhanced(const struct reply *r, struct arena *a, int *ret)
{
	const char *words = reply_words(r, a), *end = strpbrk(words, " ");
	struct span first = { words, end ? (size_t)(end - words) : strlen(words) };
	struct scan s = scan_span(*r->enhanced || !enhanced_valid(first) ? span_of(r->enhanced) :
				  first);

	for (int i = 0; i < 3; i++) {
		ret[i] = (int)scan_number(&s, 999);
		scan_accept(&s, '.');
	}
	if (scan_failed(&s))
		ret[0] = 0;
}

/* The words that were looked at, in a sentence. */
static const char *rests_on(struct arena *a, const struct fit *f)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(256);
	const char *parts[5], *between = "";
	size_t n = 0;

	if (f->whose == OWN || f->whose == ALIKE)
		parts[n++] = "provider";
	if (f->stage)
		parts[n++] = "stage";
	if (f->code > 0)
		parts[n++] = "code";
	if (f->enhanced)
		parts[n++] = "enhanced code";
	if (f->len)
		parts[n++] = "text";
	for (size_t i = 0; i < n; i++) {
		buf_addf(&b, "%s%s", between, parts[i]);
		between = i + 2 == n ? " and " : ", ";
	}
	return arena_strdup(a, n ? buf_str(&b) : "nothing but being a reply");
}

static enum certainty lowered(const struct fit *f, const struct query *q, enum certainty c)
{
	bool telling = f->len >= TELLING_TEXT || f->proprietary;
	bool stage_guessed = q->stage == STAGE_UNKNOWN && f->stages;
	bool no_code = f->e->n_codes && !q->code && !q->enhanced[0] &&
		       f->len < TELLING_WITHOUT_CODE;
	bool bare = !q->code && !f->len && !f->proprietary;
	bool less = no_code || bare ||
		    (overlooks(f) && (q->provider || f->other_stage || f->other_code || !telling ||
				      !f->peculiar)) ||
		    (stage_guessed && !f->len && !f->proprietary);

	return less && c > POSSIBLE ? c - 1 : c;
}

bool know_match(const struct know *k, struct arena *a, const char *provider, const struct reply *r,
		struct error_match *ret)
{
	const char *folded = fold(a, reply_flat(r, a));
	struct found found = know_found(k, a, folded);
	const struct provider *said = provider_of_folded(k, folded, &found);
	struct query q = { .provider = provider, .stage = r->stage, .code = r->code,
			   .folded = folded };
	const struct provider *p;
	const struct error_row *row;
	struct fit f;

	q.guessed = said && !provider && !said->hosts.n && !said->mx.n;
	if (said && !provider)
		q.provider = said->id;
	if (q.provider && (p = know_provider(k, q.provider, NULL)))
		q.like = &p->like;
	read_enhanced(r, a, q.enhanced);
	if (!best_fit(k, &q, &found, &f))
		return false;
	row = know_error_at(k, f.e->at);
	*ret = (struct error_match) {
		.row = row, .certainty = lowered(&f, &q, row->words.certainty),
		.by = rests_on(a, &f),
		.fragment = f.fragment,
	};
	return true;
}
