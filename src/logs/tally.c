#include "logs/tally.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/needles.h"
#include "base/scan.h"
#include "logs/inside.h"

/*
 * HEAD: bytes of a line kept for the time in it; EXAMPLE_MOST: bytes of an example; so many lines
 * are one record at most.
 */
enum { HEAD = 64, EXAMPLE_MOST = 400, RECORD_LINES = 200, NAME_ROOM = 256 };

/* A copy of a span. */
struct kept {
	char	bytes[NAME_ROOM];
	size_t	len;
};

/* The record that is being read. */
struct open_record {
	bool		 open;
	/* its first line; the spans are not valid any more, but for those kept */
	struct log_line	 l;
	struct kept	 id, relay, sender;
	bool		 has_sender, symptom;
	struct buf	 text;
	char		 example[EXAMPLE_MOST];	/* its first line as it came */
	size_t		 example_len;
	size_t		 said;		/* where in text it begins */
	size_t		 indent;
	unsigned	 lines;
	bool		 chained;	/* a stack trace says that another one follows */
	struct stamp	 when;
	uint64_t	 line;
};

struct tally {
	struct arena		*arena;
	const struct know	*know;
	const struct needles	*words;
	struct senders		*senders;
	struct names		*relays, *domains;
	struct cells		*cells;
	struct judge		*judge;
	struct tally_count	 count;
	uint64_t		 lines, cut_lines, bytes, attempts, line;
	const char		*file;
	/* of the last line that seemed to begin with a time */
	char			 head[HEAD];
	size_t			 head_len;
	struct open_record	 record;
	void			(*seen)(void *arg, const struct tally_cause *cause);
	void			*arg;
};

struct tally *tally_new(const struct know *k)
{
	struct arena *a = arena_new();
	struct tally *t = arena_alloc(a, sizeof(*t));

	t->arena = a;
	t->know = k;
	t->words = tally_words(a, k);
	t->senders = senders_new(a);
	t->relays = names_new(a, LIMIT_TALLY_NAMES);
	t->domains = names_new(a, LIMIT_TALLY_NAMES);
	t->cells = cells_new(a);
	t->judge = judge_new(a, k);
	t->file = "";
	buf_init(&t->record.text, LIMIT_RECORD);
	return t;
}

void tally_free(struct tally *t)
{
	if (!t)
		return;
	buf_release(&t->record.text);
	arena_free(t->arena);
}

void tally_freep(struct tally **t)
{
	tally_free(*t);
	*t = NULL;
}

void tally_watch(struct tally *t, void (*seen)(void *arg, const struct tally_cause *cause),
		 void *arg)
{
	t->seen = seen;
	t->arg = arg;
}

/* --- counting --- */

static void keep(struct kept *k, struct span s)
{
	k->len = s.len < sizeof(k->bytes) ? s.len : sizeof(k->bytes);
	if (k->len)
		memcpy(k->bytes, s.p, k->len);
}

static struct span kept(const struct kept *k)
{
	return (struct span) { k->bytes, k->len };
}

static const char *provider_of(const struct tally *t, struct span relay)
{
	const struct tally_name *known = names_find(t->relays, relay);
	char name[NAME_ROOM];
	const struct provider *p;

	if (known || !relay.len || relay.len >= sizeof(name))
		return known ? known->provider : NULL;
	memcpy(name, relay.p, relay.len);
	name[relay.len] = '\0';
	p = know_provider_of_host(t->know, name);
	return p ? p->id : NULL;
}

static struct tally_name *sender_of(struct tally *t, const struct open_record *r)
{
	struct span domain = kept(&r->sender);
	bool known = r->has_sender || senders_get(t->senders, kept(&r->id), &domain), is_new;

	if (!known)
		domain = span_of("");
	else if (!domain.len)
		domain = span_of("<>");
	return names_get(t->domains, domain, &is_new);
}

static void count(struct tally *t, const struct open_record *r, struct tally_cause *cause,
		  const char *provider)
{
	bool is_new;
	struct tally_name *relay = names_get(t->relays, kept(&r->relay), &is_new),
		*sender = sender_of(t, r);
	const struct tally_name *other_relay = names_at(t->relays, 0),
		*other_sender = names_at(t->domains, 0);
	enum fate fate = r->l.fate;

	if (is_new)
		relay->provider = provider;
	if (!cause->count.all) {
		cause->example_lines = r->lines;
		cause->example = str_without_nul(t->arena, r->example, r->example_len);
		cause->example_file = t->file;
		cause->example_line = r->line;
	}
	count_add(&t->count, fate, &r->when);
	count_add(&cause->count, fate, &r->when);
	count_add(&relay->count, fate, &r->when);
	count_add(&sender->count, fate, &r->when);
	count_add(&cells_get(t->cells, cause, relay, sender, other_relay, other_sender)->count,
		  fate, &r->when);
	if (t->seen)
		t->seen(t->arg, cause);
}

static void close_record(struct tally *t)
{
	struct open_record *r = &t->record;
	struct tally_cause *cause;
	struct record record;

	if (!r->open)
		return;
	r->open = false;
	record = (struct record) {
		.text = { buf_str(&r->text), r->text.len },
		.said = { buf_str(&r->text) + r->said, r->text.len - r->said },
		.relay = kept(&r->relay), .provider = provider_of(t, kept(&r->relay)),
		.fate = r->l.fate, .symptom = r->symptom,
	};
	cause = judge_record(t->judge, &record);
	if (cause)
		count(t, r, cause, record.provider);
}

/* --- records of several lines --- */

static size_t indent_of(struct span line)
{
	struct scan s = scan_span(line);

	return scan_blanks(&s);
}

/* Adds a line, as much of it as there is room for. */
static void add_text(struct open_record *r, struct span line)
{
	size_t room = r->text.limit - r->text.len;

	if (r->text.len && room) {
		buf_addc(&r->text, '\n');
		room--;
	}
	buf_add(&r->text, line.p, line.len < room ? line.len : room);
}

/* "535-..." was the last line of the record, and this one goes on with the same code. */
static bool same_reply(const struct open_record *r, struct span line)
{
	char mark[] = "000-";

	if (line.len < 4 || !ascii_is_digit(line.p[0]) || (line.p[3] != '-' && line.p[3] != ' '))
		return false;
	memcpy(mark, line.p, 3);
	return memmem(buf_str(&r->text), r->text.len, mark, 4) != NULL;
}

static bool begins_with(struct span line, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_has_prefix_nocase(line, words[i]))
			return true;
	return false;
}

/* Python: "During handling of ...", then a whole trace, whose last line is not indented. */
static bool goes_on_chained(struct open_record *r, struct span line)
{
	static const char *const chains[] = { "During handling of the above exception",
					      "The above exception was the direct cause" };

	if (begins_with(line, chains, ARRAY_LEN(chains))) {
		r->chained = true;
		return true;
	}
	if (!r->chained)
		return false;
	r->chained = span_has_prefix_nocase(line, "Traceback");
	return true;
}

static bool continues(struct open_record *r, struct span line)
{
	static const char *const more[] = { "Caused by:", "Suppressed:", "}", "]", ")" };
	struct stamp when;

	if (r->lines >= RECORD_LINES || r->l.kind != LOG_OTHER)
		return false;
	if (indent_of(line) > r->indent)
		return !stamp_find(line, &when);
	return begins_with(line, more, ARRAY_LEN(more)) || same_reply(r, line) ||
	       goes_on_chained(r, line);
}

/* Exchange writes each line of a reply as a line of its own, with the same session. */
static bool continues_exchange(const struct open_record *r, const struct log_line *l)
{
	return r->l.kind == LOG_EXCHANGE && l->kind == LOG_EXCHANGE && l->id.len == r->id.len &&
	       memcmp(l->id.p, r->id.bytes, l->id.len) == 0 && same_reply(r, l->said);
}

static void learn(struct open_record *r, const struct log_line *l)
{
	if (l->has_sender && !r->has_sender) {
		r->has_sender = true;
		keep(&r->sender, l->sender);
	}
	if (l->relay.len && !r->relay.len)
		keep(&r->relay, l->relay);
}

/* A record that is too long is cut around what made it worth a look. */
static struct span window(const struct tally *t, struct span line)
{
	size_t at, code;

	if (line.len <= LIMIT_RECORD)
		return line;
	at = needles_end(t->words, line, MARK_SYMPTOM | MARK_FATE);
	code = code_end(line);
	at = code < at ? code : at;
	if (at > line.len - LIMIT_RECORD / 2)
		at = line.len - LIMIT_RECORD / 2;
	at = at > LIMIT_RECORD / 2 ? at - LIMIT_RECORD / 2 : 0;
	return (struct span) { line.p + at, LIMIT_RECORD };
}

static void open_record(struct tally *t, struct span line, const struct log_line *l, unsigned marks)
{
	struct open_record *r = &t->record;
	bool inside = l->said.p >= line.p && l->said.p + l->said.len <= line.p + line.len;

	buf_clear(&r->text);
	r->l = *l;
	r->relay.len = r->sender.len = 0;
	r->has_sender = r->chained = false;
	r->symptom = marks & MARK_SYMPTOM;
	r->lines = 1;
	r->indent = indent_of(line);
	r->line = t->line;
	r->open = true;
	r->said = 0;
	r->example_len = line.len < sizeof(r->example) ? line.len : sizeof(r->example);
	memcpy(r->example, window(t, line).p, r->example_len);
	keep(&r->id, l->id);
	learn(r, l);
	if (!stamp_find(line, &r->when) &&
	    !stamp_find((struct span) { t->head, t->head_len }, &r->when))
		r->when = (struct stamp) { .kind = STAMP_NONE };
	if (l->kind == LOG_EXCHANGE)
		add_text(r, window(t, l->said));
	else if (line.len <= LIMIT_RECORD && inside) {
		r->said = (size_t)(l->said.p - line.p);
		add_text(r, line);
	} else {
		add_text(r, window(t, line));
	}
}

/* --- lines --- */

/*
 * Remembers the beginning of a line that seems to begin with a time: what follows may
 * have none of its own.
 */
static void note_head(struct tally *t, struct span line)
{
	size_t n = line.len < HEAD ? line.len : HEAD, digits = 0;

	if (!n || line.p[0] == ' ' || line.p[0] == '\t')
		return;
	for (size_t i = 0; i < n && i < 24 && digits < 6; i++)
		digits += ascii_is_digit(line.p[i]);
	if (digits < 6)
		return;
	memcpy(t->head, line.p, n);
	t->head_len = n;
}

static unsigned marks_of(const struct tally *t, struct span line)
{
	uint64_t marks = has_code(line) ? MARK_CODE : 0;

	needles_look(t->words, line, &marks);
	return (unsigned)marks;
}

static void take_line(struct tally *t, struct span line, unsigned marks)
{
	bool sender_only = !(marks & ~(unsigned)MARK_SENDER);
	struct log_line l = sender_only ? log_line_sender(line) : log_line_read(line);

	if (l.has_sender && l.id.len)
		senders_put(t->senders, l.id, l.sender);
	if (sender_only)
		return;
	t->attempts += l.attempt && (marks & (MARK_CODE | MARK_SYMPTOM));
	if (l.fate == FATE_NONE)
		return;
	if (t->record.open && continues_exchange(&t->record, &l)) {
		add_text(&t->record, l.said);
		t->record.lines++;
		return;
	}
	close_record(t);
	open_record(t, line, &l, marks);
	/* A server's line is all there is, unless its reply goes on. */
	if (l.kind != LOG_OTHER &&
	    !(l.kind == LOG_EXCHANGE && l.said.len > 3 && l.said.p[3] == '-'))
		close_record(t);
}

void tally_line(struct tally *t, struct span line, bool cut)
{
	struct open_record *r = &t->record;
	unsigned marks;

	t->lines++;
	t->line++;
	t->cut_lines += cut;
	t->bytes += line.len + 1;
	if (!line.len)
		return;
	marks = marks_of(t, line);
	if (r->open && continues(r, line)) {
		struct log_line l = { .has_sender = false };

		if (marks) {
			l = log_line_read(line);
			learn(r, &l);
			r->symptom |= (marks & MARK_SYMPTOM) != 0;
		}
		r->lines++;
		add_text(r, line);
		return;
	}
	if (r->open && r->l.kind == LOG_OTHER)
		close_record(t);
	if (marks)
		take_line(t, line, marks);
	note_head(t, line);
}

void tally_end(struct tally *t)
{
	close_record(t);
	t->head_len = 0;
}

void tally_file(struct tally *t, const char *name)
{
	tally_end(t);
	t->file = arena_strdup(t->arena, name);
	t->line = 0;
}

/* --- the sum --- */

uint64_t tally_failures(const struct tally *t)
{
	return t->count.all;
}

static int more_first(const struct tally_count *a, const struct tally_count *b)
{
	return (a->all < b->all) - (a->all > b->all);
}

static int by_cause(const void *a, const void *b)
{
	const struct tally_cause *x = *(const struct tally_cause *const *)a,
		*y = *(const struct tally_cause *const *)b;
	int rc = more_first(&x->count, &y->count);

	/* What was recognised first, then by words: always the same order. */
	rc = rc ? rc : !x->cause - !y->cause;
	return rc ? rc :
	       strcmp(x->cause ? x->cause->id : x->title, y->cause ? y->cause->id : y->title);
}

static int by_name_count(const void *a, const void *b)
{
	const struct tally_name *x = *(const struct tally_name *const *)a,
		*y = *(const struct tally_name *const *)b;
	int rc = more_first(&x->count, &y->count);

	return rc ? rc : name_order(x, y);
}

static int by_cell(const void *a, const void *b)
{
	const struct tally_cell *x = *(const struct tally_cell *const *)a,
		*y = *(const struct tally_cell *const *)b;
	int rc = more_first(&x->count, &y->count);

	rc = rc ? rc : by_cause(&x->cause, &y->cause);
	rc = rc ? rc : name_order(x->relay, y->relay);
	return rc ? rc : name_order(x->sender, y->sender);
}

static const struct tally_name **sorted_names(struct arena *a, const struct names *names,
					      size_t *ret_n)
{
	const struct tally_name **list = arena_alloc(a, (names_count(names) + 1) * sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < names_count(names); i++)
		if (names_at(names, i)->count.all)
			list[n++] = names_at(names, i);
	qsort(list, n, sizeof(*list), by_name_count);
	*ret_n = n;
	return list;
}

struct tally_sum tally_sum(const struct tally *t, struct arena *a)
{
	struct tally_sum s = { .count = t->count, .lines = t->lines, .cut_lines = t->cut_lines,
			       .bytes = t->bytes, .attempts = t->attempts,
			       .judged = judge_judged(t->judge) };

	s.causes = arena_alloc(a, (judge_causes(t->judge) + 1) * sizeof(*s.causes));
	for (size_t i = 0; i < judge_causes(t->judge); i++)
		if (judge_cause_at(t->judge, i)->count.all)
			s.causes[s.n_causes++] = judge_cause_at(t->judge, i);
	qsort(s.causes, s.n_causes, sizeof(*s.causes), by_cause);
	s.relays = sorted_names(a, t->relays, &s.n_relays);
	s.senders = sorted_names(a, t->domains, &s.n_senders);
	s.cells = arena_alloc(a, (cells_count(t->cells) + 1) * sizeof(*s.cells));
	for (; s.n_cells < cells_count(t->cells); s.n_cells++)
		s.cells[s.n_cells] = cells_at(t->cells, s.n_cells);
	qsort(s.cells, s.n_cells, sizeof(*s.cells), by_cell);
	return s;
}
