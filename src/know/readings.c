/*
 * readings.tsv: what concepts mean together, in whichever words a reply speaks of them.
 */
#include "know/tables.h"

#include "base/buf.h"
#include "know/letters.h"
#include "know/lexicon.h"

/* So many bytes may lie between the concepts of one reading. */
enum { LIMIT_APART = 90 };

enum { ID, NEEDS, WITHOUT, STAGE, CODE };

/* Concepts of which one must be there. */
struct group { size_t *any; size_t n; };

/* What a row is found by. */
struct reading_entry {
	struct group		*needs;
	size_t			 n_needs;
	struct group		 without;
	struct code_range	*codes;		/* none = any */
	size_t			 n_codes;
};

/* --- the table --- */

/* "mailbox|account": numbers of concepts; unknown ones are a mistake, or left out. */
static struct group group_of(struct load *l, size_t column, struct span text)
{
	struct group g = { arena_alloc(l->k->arena, (text.len / 2 + 1) * sizeof(size_t)), 0 };
	struct span one;

	while (list_next(&text, '|', &one)) {
		const char *id = span_dup(l->k->arena, one);

		if (!l->sure && !table_has(l->k, TABLE_CONCEPTS, id))
			load_bad(l, column, "'%s' is no concept of concepts.tsv", id);
		else if (l->sure)
			g.any[g.n++] = lexicon_concept(l->k, id);
	}
	return g;
}

static void read_needs(struct load *l, struct reading_entry *e)
{
	struct span rest = span_of(load_cell(l, NEEDS)), one;

	e->needs = arena_alloc(l->k->arena, (rest.len / 2 + 1) * sizeof(*e->needs));
	while (list_next(&rest, '+', &one))
		e->needs[e->n_needs++] = group_of(l, NEEDS, one);
	if (!e->n_needs)
		load_bad(l, NEEDS, "no concept beside '+'");
}

static void read_entry(struct load *l, struct reading_entry *e)
{
	read_needs(l, e);
	e->without = group_of(l, WITHOUT, span_of(load_cell(l, WITHOUT)));
	e->codes = load_codes(l, CODE, &e->n_codes);
}

#define AT(member) .at = offsetof(struct reading_row, member)

static const struct column columns[] = {
	[ID] = { "id", cell_text, AT(row.words.id), MUST | KEY },
	[NEEDS] = { "needs", cell_text, AT(needs), MUST },
	[WITHOUT] = { "without", cell_text, AT(without) },
	[STAGE] = { "stage", cell_stages, AT(row.stages), MUST },
	[CODE] = { "code", cell_text, AT(row.codes), MUST },
	{ "cause", cell_cause, AT(row.words.cause), MUST },
	{ "certainty", cell_certainty, AT(row.words.certainty), MUST },
	{ "meaning", cell_text, AT(row.words.meaning) },
	{ "source", cell_text, AT(row.words.source), MUST },
	{ "confidence", cell_confidence, AT(row.words.confidence), MUST },
	{ "example", cell_text, AT(row.example), MUST },
};

static void finish(struct load *l, void *row)
{
	struct reading_row *r = row;
	struct reading_entry e = { .needs = NULL };

	load_place(l, &r->row.words);
	r->row.words.provider = "*";
	r->row.words.who = r->row.words.retry = "";
	r->row.enhanced = "*";
	r->row.pattern = "*";
	if (l->sure)
		return;
	read_entry(l, &e);
	if (r->row.words.certainty == CERTAIN)
		load_bad(l, CODE + 2, "a reading is never certain: words can be meant otherwise");
}

const struct table_kind reading_table = {
	"readings.tsv", "reading", columns, ARRAY_LEN(columns), sizeof(struct reading_row), finish,
};

const struct reading_row *know_reading_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_READINGS, i);
}

static const struct reading_entry *entries(const struct know *k)
{
	struct know *keep = (struct know *)k;
	struct load l = { .k = keep, .id = TABLE_READINGS, .t = table_tsv(k, TABLE_READINGS),
			  .sure = true };

	if (k->readings)
		return k->readings;
	keep->readings = arena_alloc(k->arena, (l.t->n + 1) * sizeof(*k->readings));
	for (; l.row < l.t->n; l.row++)
		read_entry(&l, &keep->readings[l.row]);
	return k->readings;
}

/* --- reading --- */

static bool in_group(const struct group *g, size_t concept)
{
	for (size_t i = 0; i < g->n; i++) {
		if (g->any[i] == concept)
			return true;
	}
	return false;
}

static bool near_to(const struct heard *a, const struct heard *b)
{
	if (a->sentence != b->sentence)
		return false;
	return a->from < b->from ? b->from <= a->to + LIMIT_APART :
				   a->from <= b->to + LIMIT_APART;
}

/* One of the group near the concept heard; NULL. */
static const struct heard *near_one(const struct heard_concepts *h, const struct group *g,
				    const struct heard *to)
{
	for (size_t i = 0; i < h->n; i++) {
		if (in_group(g, h->v[i].concept) && near_to(&h->v[i], to))
			return &h->v[i];
	}
	return NULL;
}

static bool none_of(const struct heard_concepts *h, const struct group *g, size_t sentence)
{
	for (size_t i = 0; g->n && i < h->n; i++) {
		if (h->v[i].sentence == sentence && in_group(g, h->v[i].concept))
			return false;
	}
	return true;
}

/* The first of the concepts that the reading rests on; NULL = it does not hold. */
static const struct heard *holds(const struct heard_concepts *h, const struct reading_entry *e)
{
	for (size_t i = 0; i < h->n; i++) {
		size_t met = 1;

		if (!in_group(&e->needs[0], h->v[i].concept) ||
		    !none_of(h, &e->without, h->v[i].sentence))
			continue;
		while (met < e->n_needs && near_one(h, &e->needs[met], &h->v[i]))
			met++;
		if (met == e->n_needs)
			return &h->v[i];
	}
	return NULL;
}

/* Who keeps the words and loses the code may keep the class, in the enhanced code. */
static bool code_fits(const struct reading_entry *e, const struct reply *r)
{
	int class = *r->enhanced ? r->enhanced[0] - '0' : 0;

	for (size_t i = 0; i < e->n_codes; i++) {
		const struct code_range *c = &e->codes[i];

		if (r->code ? r->code >= c->from && r->code <= c->to :
			      c->to - c->from == 99 && c->from / 100 == class)
			return true;
	}
	return !e->n_codes;
}

static void add_words(struct buf *b, const struct heard_concepts *h, const struct heard *one)
{
	static const char *const names[] = {
		[LETTER_IP] = "(an IP address)", [LETTER_ADDRESS] = "(an address)",
		[LETTER_PAGE] = "(a page)", [LETTER_HOST] = "(a name)",
	};
	const char *from = h->plain + one->from, *end = h->plain + one->to;
	unsigned char sign = (unsigned char)*from;

	/* Of a wording that is a stem the whole word. */
	while (letters_word_before(h->plain, end) &&
	       (letters_word_at(end) || ((unsigned char)*end & 0xc0) == 0x80))
		end++;
	if (sign < ARRAY_LEN(names))
		buf_adds(b, names[sign]);
	else
		buf_add(b, from, (size_t)(end - from));
}

/* The words that carry the concepts, in the order of the reading. */
static const char *carrying(struct arena *a, const struct heard_concepts *h,
			    const struct reading_entry *e, const struct heard *first)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(256);

	add_words(&b, h, first);
	for (size_t i = 1; i < e->n_needs; i++) {
		buf_adds(&b, ", ");
		add_words(&b, h, near_one(h, &e->needs[i], first));
	}
	return arena_strdup(a, buf_str(&b));
}

/* A step that is not known is a bounce's, or what the codes of logins say (RFC 4954, 4 and 6). */
static bool stage_fits(const struct error_row *row, const struct reply *r)
{
	bool login = r->code == 432 || r->code == 454 || r->code == 525 ||
		     (r->code >= 534 && r->code <= 538);

	if (r->stage != STAGE_UNKNOWN)
		return error_row_has_stage(row, r->stage);
	return error_row_has_stage(row, STAGE_ACCEPTED) ||
	       (login && error_row_has_stage(row, STAGE_AUTH));
}

bool know_read(const struct know *k, struct arena *a, const struct reply *r,
	       struct error_match *ret)
{
	const struct reading_entry *e = entries(k);
	size_t n = table_size(k, TABLE_READINGS);
	struct heard_concepts h;

	lexicon_hear(k, a, span_of(reply_words(r, a)), &h);
	for (size_t i = 0; h.n && i < n; i++) {
		const struct heard *first = code_fits(&e[i], r) ? holds(&h, &e[i]) : NULL;
		const struct reading_row *found = first ? know_reading_at(k, i) : NULL;

		if (!found || !stage_fits(&found->row, r))
			continue;
		*ret = (struct error_match) {
			.row = &found->row,
			.certainty = !r->code ? POSSIBLE : found->row.words.certainty,
			.fragment = carrying(a, &h, &e[i], first), .read = true,
		};
		ret->by = arena_printf(a, "what the words mean: %s", ret->fragment);
		return true;
	}
	return false;
}

/* A row that knows nothing but a code that anybody sends. */
static bool is_bare(const struct error_match *m)
{
	return !*m->fragment && str_eq(m->row->words.provider, "*") &&
	       str_eq(m->row->words.file, table_kind(TABLE_ERRORS)->name) &&
	       m->row->words.certainty < CERTAIN;
}

bool know_meaning(const struct know *k, struct arena *a, const char *provider,
		  const struct reply *r, struct error_match *ret)
{
	bool known = know_match(k, a, provider, r, ret);
	struct error_match read;

	if ((known && !is_bare(ret)) || !know_read(k, a, r, &read))
		return known;
	if (!known || (read.certainty >= ret->certainty &&
		       ret->row->words.cause != read.row->words.cause))
		*ret = read;
	return true;
}
