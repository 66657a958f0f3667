/*
 * Replies in the lines of a paste, whatever they are wrapped in: where one begins says
 * paste-code.c, here is where it ends and what it says.
 */
#include "paste/paste.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/scan.h"
#include "paste/code.h"
#include "paste/dialogue.h"

/* --- making replies --- */

struct finder {
	struct arena		*arena;
	const struct know	*know;
	const struct paste_lines *lines;
	struct found_replies	 found;
	struct arena		*scratch;	/* renewed every few lines */
	struct map		*seen;		/* wordings */
	struct found_reply	 last;		/* the one that is being read */
	struct reply		*open;		/* its last line said that another one follows */
	size_t			 open_line;
	size_t			 at;		/* the line that is looked at */
	size_t			 session;	/* found.n when the last conversation began */
	enum stage		 stage;		/* of the last command in a transcript */
	const char		*provider;	/* of the last host that was named */
	size_t			 provider_line;
};

/*
 * Most replies have one line, and a log has many thousand: room for the lines and the NULL after
 * them is doubled when it is used up, at 0, 1, 3, 7 ... lines.
 */
static void set_text(struct finder *f, struct reply *r, const char *line)
{
	if (r->lines >= LIMIT_REPLY_LINES)
		return;
	if (((r->lines + 1) & r->lines) == 0) {
		const char **more = arena_alloc(f->arena, 2 * (r->lines + 1) * sizeof(*more));

		for (size_t i = 0; i < r->lines; i++)
			more[i] = r->text[i];
		r->text = more;
	}
	r->text[r->lines++] = line;
}

/* The line as a server sends it: "535 5.7.139 words". */
static char *wire_line(struct arena *a, const struct paste_start *s, const char *end)
{
	int words = end > s->words ? (int)(end - s->words) : 0;

	if (words > LIMIT_REPLY_LINE)
		words = LIMIT_REPLY_LINE;
	if (!s->code)
		return arena_printf(a, "%.*s", words, s->words);
	if (s->enhanced.len && s->enhanced.p[0] == s->at[0])
		return arena_printf(a, "%03d%c%.*s%s%.*s", s->code, s->more ? '-' : ' ',
				    (int)s->enhanced.len, s->enhanced.p, words ? " " : "", words,
				    s->words);
	return arena_printf(a, "%03d%c%.*s", s->code, s->more ? '-' : ' ', words, s->words);
}

/*
 * The quote that the reply was put in closes some lines below: they go on with it. The lines of a
 * paste, without a quote, may be anybody's.
 */
static void add_quoted_rest(struct finder *f, struct reply *r, const struct paste_start *s)
{
	enum { MOST = 6, LONGEST = 200 };

	for (size_t n = 1; n <= MOST && f->at + n < f->lines->n; n++) {
		const struct paste_line *l = &f->lines->v[f->at + n];
		struct paste_start rest = { .at = l->text, .words = l->text, .quote = s->quote };
		struct span line = { l->text, l->len };
		const char *end;
		bool closed;

		if (l->len > LONGEST || l->number > f->lines->v[f->at].number + (int)n ||
		    paste_begins_anew(line))
			return;
		end = paste_reply_end(line, &rest, &closed);
		if (!closed)
			continue;
		for (size_t i = 1; i < n; i++)
			set_text(f, r, f->lines->v[f->at + i].text);
		if (end > l->text)
			set_text(f, r, arena_strndup(f->arena, l->text, (size_t)(end - l->text)));
		return;
	}
}

/*
 * Adds the lines of one start: a reply whose lines were joined repeats its code ("550-5.7.25 ...
 * 550-5.7.25 ... 550 5.7.25 ..."). Answers where it ended.
 */
static const char *add_lines(struct finder *f, struct reply *r, struct span line,
			     struct paste_start *s)
{
	for (;;) {
		bool closed;
		const char *end = paste_reply_end(line, s, &closed);
		struct paste_start next;

		if (s->code &&
		    paste_next_start((struct span) { s->words, (size_t)(end - s->words) }, s->words,
				     false, &next) &&
		    next.code == s->code && next.at > s->words && s->more) {
			set_text(f, r, wire_line(f->arena, s, next.at));
			next.quote = s->quote;
			*s = next;
			continue;
		}
		set_text(f, r, wire_line(f->arena, s, end));
		if (s->quote && !closed)
			add_quoted_rest(f, r, s);
		return end;
	}
}

static struct reply *new_reply(struct finder *f, const struct paste_start *s, int number)
{
	struct reply *r = arena_alloc(f->arena, sizeof(*r));

	r->code = s->code;
	r->enhanced = s->enhanced.len ? span_dup(f->arena, s->enhanced) : "";
	if (s->code && *r->enhanced && r->enhanced[0] != s->at[0])
		r->enhanced = "";
	r->source_line = number;
	return r;
}

static void note_provider(struct finder *f, struct span line, size_t i)
{
	const char *p = paste_provider(f->know, line);

	if (p) {
		f->provider = p;
		f->provider_line = i;
	}
}

/*
 * The wording without what changes from case to case: digits, what stands in angle brackets,
 * trailers with times and session ids.
 */
static char *wording(struct arena *a, const struct reply *r)
{
	char *key = arena_printf(a, "%d %s %.160s", r->code, r->enhanced, reply_words(r, a)),
		*to = key;
	bool inside = false;

	for (const char *p = key; *p; p++) {
		bool digit = p > key + 12 && ascii_is_digit(*p);

		if (*p == '[' && p > key + 12)
			break;
		inside = *p == '<' || (inside && *p != '>');
		if (!inside && !(digit && to[-1] == '#'))
			*to++ = digit ? '#' : *p;
	}
	*to = '\0';
	return key;
}

/*
 * The reply that was found last is whole now: it's kept unless its wording is known. Logs
 * repeat themselves.
 */
static void settle(struct finder *f)
{
	struct reply *known;
	const char *key;

	f->open = NULL;
	if (!f->last.reply)
		return;
	key = wording(f->scratch, f->last.reply);
	known = map_get(f->seen, key);
	/* Told again, and now with the step it was in. */
	if (known && f->last.reply->stage != STAGE_UNKNOWN &&
	    (known->stage == STAGE_UNKNOWN || known->stage == STAGE_ACCEPTED))
		known->stage = f->last.reply->stage;
	if (!known && f->found.n < LIMIT_PASTE_REPLIES) {
		map_set(f->seen, key, f->last.reply);
		f->found.v[f->found.n++] = f->last;
	}
	f->last.reply = NULL;
}

static void add_reply(struct finder *f, struct reply *r, size_t i)
{
	settle(f);
	f->last = (struct found_reply) {
		.reply = r, .line = i,
		.provider = f->provider && i - f->provider_line <= 3 ? f->provider : NULL,
	};
}

/*
 * A line that goes on with the reply of the line before: "535 5.7.8 ..." after "535-5.7.8 ...".
 * Where it ended; NULL = it does not.
 */
static const char *continues(struct finder *f, struct span line, struct paste_start *s, size_t i)
{
	const char *end;

	if (!f->open || i - f->open_line > 2 || s->code != f->open->code)
		return NULL;
	end = add_lines(f, f->open, line, s);
	f->open_line = i;
	if (!s->more)
		f->open = NULL;
	return end;
}

/* By its code, else by the words around it, else by the last command. */
static enum stage stage_of_reply(const struct finder *f, const struct reply *r, struct span line)
{
	enum stage s = paste_stage_of_code(r);

	s = s != STAGE_UNKNOWN ? s : paste_stage(line);
	return s != STAGE_UNKNOWN ? s : f->stage;
}

/*
 * A code in words ("Mailbox unavailable. The server response was: 5.7.60 ..."). Not when the number
 * is there, too.
 */
static bool look_for_spelt(struct finder *f, const struct paste_line *pl, size_t i)
{
	struct span line = { pl->text, pl->len }, words;
	struct paste_start s = { 0 };
	struct reply *r;

	if (!paste_spelt(line, &s.code, &words) || paste_next_start(words, words.p, false, &s) ||
	    (words.len && ascii_is_digit(words.p[0]) && words.p[1] != '.'))
		return false;
	s.at = s.words = words.p;
	s.enhanced = paste_enhanced_at(words.p, words.p + words.len);
	if (s.enhanced.len)
		s.words = paste_skip_glue(words.p + s.enhanced.len, words.p + words.len, &s.quote);
	if (s.enhanced.len && s.code)
		s.code = s.code % 100 + (s.enhanced.p[0] - '0') * 100;
	if (!s.code && !s.enhanced.len)
		return false;
	r = new_reply(f, &s, pl->number);
	add_lines(f, r, line, &s);
	r->stage = stage_of_reply(f, r, line);
	add_reply(f, r, i);
	return true;
}

static void look_for_codes(struct finder *f, const struct paste_line *pl, size_t i)
{
	struct span line = { pl->text, pl->len };
	const char *from = line.p;
	struct paste_start s;

	if (look_for_spelt(f, pl, i))
		return;
	while (paste_next_start(line, from, false, &s)) {
		struct reply *r;

		from = continues(f, line, &s, i);
		if (from)
			continue;
		r = new_reply(f, &s, pl->number);
		from = add_lines(f, r, line, &s);
		r->stage = stage_of_reply(f, r, line);
		add_reply(f, r, i);
		f->open = s.more ? r : NULL;
		f->open_line = i;
	}
}

/*
 * A mechanism that was refused before another one let the client in stopped nothing (RFC 4954, 4:
 * after 235 the session goes on; a client may try another mechanism after a refusal).
 */
static void drop_overcome(struct finder *f, struct span line)
{
	enum stage command;
	struct span said;
	size_t kept = f->session;
	enum speaker who;

	/* telnet: nobody said anything before the server hung up. */
	if (f->last.reply && f->last.reply->stage == STAGE_UNKNOWN && f->stage == STAGE_UNKNOWN &&
	    span_has_prefix_nocase(line, "Connection closed by foreign host"))
		f->last.reply->stage = STAGE_GREETING;
	/* Cheap, because most lines have neither. */
	if (!memmem(line.p, line.len, "235", 3) && !memmem(line.p, line.len, "220", 3))
		return;
	who = paste_dialogue_line(line, &said, &command);
	if (who != SERVER)
		return;
	settle(f);
	if (span_has_prefix_nocase(said, "220"))
		f->session = f->found.n;
	if (!span_has_prefix_nocase(said, "235"))
		return;
	for (size_t i = f->session; i < f->found.n; i++) {
		if (f->found.v[i].reply->stage != STAGE_AUTH)
			f->found.v[kept++] = f->found.v[i];
	}
	f->found.n = kept;
}

static void look_for_enhanced(struct finder *f, const struct paste_line *pl, size_t i)
{
	struct span line = { pl->text, pl->len };
	struct paste_start s;

	if (!paste_next_start(line, line.p, true, &s))
		return;
	struct reply *r = new_reply(f, &s, pl->number);
	add_lines(f, r, line, &s);
	r->stage = stage_of_reply(f, r, line);
	add_reply(f, r, i);
}

static void each_line(struct finder *f, const struct paste_lines *lines,
		      void (*look)(struct finder *, const struct paste_line *, size_t))
{
	f->stage = STAGE_UNKNOWN;
	for (size_t i = 0; i < lines->n; i++) {
		struct span line = { lines->v[i].text, lines->v[i].len };
		enum stage command = paste_command(line);

		if (i % 256 == 0) {
			arena_free(f->scratch);
			f->scratch = arena_new();
		}
		f->at = i;
		note_provider(f, line, i);
		if (command != STAGE_UNKNOWN)
			f->stage = command;
		drop_overcome(f, line);
		look(f, &lines->v[i], i);
	}
	settle(f);
}

struct found_replies paste_replies(struct arena *a, const struct know *k,
				   const struct paste_lines *lines)
{
	struct finder f = { .arena = a, .know = k, .lines = lines, .seen = map_new(a),
			    .scratch = arena_new() };

	f.found.v = arena_alloc(a, LIMIT_PASTE_REPLIES * sizeof(*f.found.v));
	each_line(&f, lines, look_for_codes);
	if (!f.found.n)
		each_line(&f, lines, look_for_enhanced);
	arena_free(f.scratch);
	return f.found;
}

/* X.4.X, "network and routing": the server tells of its own connections. */
static bool of_network(struct span enhanced)
{
	return enhanced.len > 3 && enhanced.p[2] == '4' && enhanced.p[3] == '.';
}

const char *paste_reply_at(struct span line)
{
	struct paste_start s = { 0 };
	struct span words;
	const char *at;

	if (paste_spelt(line, &s.code, &words)) {
		at = words.p;
		s.enhanced = paste_enhanced_at(words.p, words.p + words.len);
	} else if (paste_next_start(line, line.p, false, &s)) {
		at = s.at;
	} else {
		s.enhanced = paste_enhanced_at(line.p, line.p + line.len);
		at = s.enhanced.len ? line.p : NULL;
	}
	return of_network(s.enhanced) ? NULL : at;
}

/* --- whose host is named --- */

const char *paste_provider(const struct know *k, struct span line)
{
	struct scan s = scan_span(line);
	char before = ' ';

	while (!scan_done(&s)) {
		struct span word = scan_while(&s, ascii_is_host);
		const struct provider *p;
		char name[128];

		if (word.len > 6 && word.len < sizeof(name) && before != '@' &&
		    memchr(word.p, '.', word.len)) {
			memcpy(name, word.p, word.len);
			name[word.len] = '\0';
			p = know_provider_of_host(k, name);
			if (p)
				return p->id;
		}
		if (!scan_done(&s))
			before = scan_take(&s, 1).p[0];
	}
	return NULL;
}
