/*
 * Replies in the lines of a paste, whatever they are wrapped in. A reply is found by its own shape: a code with an enhanced code of the same
 * class (anywhere), a known code alone (only where programs put one), or an enhanced code alone (likewise).
 */
#include "diag/paste.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/scan.h"

/* Where a reply begins and what its first line says. */
struct start {
	const char	*at;		/* its first digit */
	int		 code;		/* 0 = an enhanced code alone */
	bool		 more;		/* "535-": another line follows */
	struct span	 enhanced;
	const char	*words;		/* behind codes and what separates them */
	char		 quote;		/* the quote that opened just before it; 0 = none */
};

/* --- shapes --- */

static bool boundary(char c)
{
	return !ascii_is_alnum(c) && c != '.' && c != '_' && c != '@' && c != '-' && c != '/' && c != '%' && c != '\\' && c != '$';
}

/* Codes that mean a refusal, as servers use them (RFC 5321, 4.2.3; RFC 4954, 6; others in use). */
static bool known_refusal(int code)
{
	static const short codes[] = {
		400, 401, 420, 421, 422, 430, 431, 432, 441, 442, 446, 447, 449, 450, 451, 452, 453, 454, 455, 458, 459, 471, 500, 501, 502, 503, 504,
		510, 511, 512, 513, 515, 517, 521, 523, 530, 531, 533, 534, 535, 536, 537, 538, 540, 541, 542, 543, 544, 545, 546, 547, 548, 549,
		550, 551, 552, 553, 554, 555, 556, 557, 558, 559, 563, 570, 571, 572, 573, 577, 578, 591,
	};

	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		if (codes[i] == code)
			return true;
	}
	return false;
}

/* "5.7.139" at p. Subjects above 7 do not exist (RFC 3463, 3): a version number. */
static struct span enhanced_at(const char *p, const char *end)
{
	const char *q = p;
	struct span s = { p, 0 };

	while (q < end && q - p < 9 && (ascii_is_digit(*q) || *q == '.'))
		q++;
	while (q > p && q[-1] == '.')
		q--;
	s.len = (size_t)(q - p);
	if (s.len < 5 || !enhanced_valid(s) || p[0] == '2' || p[1] != '.' || p[2] > '7' || p[3] != '.' || (q < end && (ascii_is_alnum(*q) || *q == '.')))
		s.len = 0;
	return s;
}

/* Skips what programs put between a code and its words: blanks, ": ", ", b'", "#", brackets, quotes. */
static const char *skip_glue(const char *p, const char *end, char *ret_quote)
{
	while (p < end && strchr(" \t:,;#=[()\"'`", *p)) {
		if (*p == '"' || *p == '\'' || *p == '`')
			*ret_quote = *p;
		p++;
	}
	if (p + 1 < end && *p == 'b' && (p[1] == '\'' || p[1] == '"')) {
		*ret_quote = p[1];
		p += 2;
	}
	return p;
}

/* --- where it stands --- */

static struct span word_before(struct span line, const char *at)
{
	const char *end = at, *p;

	while (end > line.p && strchr(" \t\"'`([{<:=#", end[-1]))
		end--;
	for (p = end; p > line.p && ascii_is_alnum(p[-1]); p--)
		;
	return (struct span) { p, (size_t)(end - p) };
}

/* Words that a code follows. */
static bool announces(struct span word)
{
	static const char *const words[] = {
		"said", "returned", "response", "reply", "replied", "error", "code", "status", "dsn", "with", "failed", "got", "smtp", "was", "message", "result", "msg",
		"answered", "rejected", "failure", "responded", "because", "info", "server", "smtpcode", "responsecode", "smtpreply", "statuscode", "refused",
		"exception", "esmtp", "permanent", "temporary", "transient", "fatal", "lasterror", "detail", "details", "reason", "text", "stat", "received",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (span_eq_nocase(word, words[i]))
			return true;
	}
	return false;
}

/* Would a program put a code here? After the beginning, a mark, a bracket, a colon, or a word that announces one. */
static bool fit_place(struct span line, const char *at)
{
	const char *p = at;
	struct span word;

	while (p > line.p && (p[-1] == ' ' || p[-1] == '\t' || p[-1] == '"' || p[-1] == '\'' || p[-1] == '`' || p[-1] == '#'))
		p--;
	if (p == line.p)
		return true;
	/* "index.js:535" is a line of a program, "code:535" is not. */
	if (p == at && p[-1] == ':' && p > line.p + 1 && ascii_is_alnum(p[-2]))
		return announces(word_before(line, at));
	/* "12:30 550"? No. "(535, ...", "] 535", "<** 535", "S: 535": yes. */
	if (strchr(":;(<>*]|~)[{-,", p[-1]))
		return !(p[-1] == ':' && p > line.p + 1 && ascii_is_digit(p[-2]) && p == at) && !(p[-1] == ',' && p == at);
	word = word_before(line, at);
	return word.len && announces(word);
}

/* HTTP has the same numbers. */
static bool is_http(struct span line, const struct start *s)
{
	static const char *const reasons[] = {
		"Internal Server Error", "Bad Request", "Unauthorized", "Bad Gateway", "Gateway Time", "Service Temporarily Unavailable", "Not Implemented",
	};
	struct span words = { s->words, (size_t)(line.p + line.len - s->words) }, before = { line.p, (size_t)(s->at - line.p) };

	for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
		if (span_has_prefix_nocase(words, reasons[i]))
			return true;
	}
	return span_find_nocase(before, SPAN_LITERAL("HTTP/")) != NULL;
}

/* --- finding --- */

static char quote_before(struct span line, const char *at)
{
	return at > line.p && (at[-1] == '"' || at[-1] == '\'' || at[-1] == '`') ? at[-1] : '\0';
}

/* A code at p, with or without an enhanced one. */
static bool code_at(struct span line, const char *p, struct start *ret)
{
	const char *end = line.p + line.len, *q;
	struct start s = { .at = p, .quote = quote_before(line, p) };
	bool enhanced;

	if (end - p < 3 || p[0] < '4' || p[0] > '5' || !ascii_is_digit(p[1]) || !ascii_is_digit(p[2]))
		return false;
	if ((p > line.p && !boundary(p[-1]) && p[-1] != '-') || (p + 3 < end && ascii_is_alnum(p[3])) || (p + 4 < end && p[3] == '.' && ascii_is_digit(p[4])))
		return false;
	s.code = (p[0] - '0') * 100 + (p[1] - '0') * 10 + (p[2] - '0');
	s.more = p + 3 < end && p[3] == '-';
	q = skip_glue(p + 3 + s.more, end, &s.quote);
	s.enhanced = enhanced_at(q, end);
	enhanced = s.enhanced.len && s.enhanced.p[0] == p[0];
	s.words = q;
	if (enhanced)
		s.words = skip_glue(q + s.enhanced.len, end, &s.quote);
	if (!enhanced && !(known_refusal(s.code) && fit_place(line, p)))
		return false;
	if (!enhanced && s.words < end && !(ascii_is_alnum(*s.words) || (unsigned char)*s.words >= 0x80 || *s.words == '<'))
		return false;
	if (is_http(line, &s))
		return false;
	*ret = s;
	return true;
}

static bool enhanced_alone_at(struct span line, const char *p, struct start *ret)
{
	const char *end = line.p + line.len;
	struct start s = { .at = p, .quote = quote_before(line, p), .enhanced = enhanced_at(p, end) };

	if (!s.enhanced.len || p[0] < '4' || (p > line.p && !boundary(p[-1])) || !fit_place(line, p))
		return false;
	s.words = skip_glue(p + s.enhanced.len, end, &s.quote);
	*ret = s;
	return true;
}

static bool next_start(struct span line, const char *from, bool alone, struct start *ret)
{
	for (const char *p = from; p < line.p + line.len; p++) {
		if (*p != '4' && *p != '5')
			continue;
		if (alone ? enhanced_alone_at(line, p, ret) : code_at(line, p, ret))
			return true;
	}
	return false;
}

/* --- where it ends --- */

static const char *end_of(struct span line, const struct start *s)
{
	static const char *const marks[] = { " (in reply to ", "> #SMTP#", " #SMTP#", " ##", "\",\"", "\", \"", "', '", "','", "\"}", "'}", "')", "\")", "}}," };
	const char *end = line.p + line.len;
	struct span rest = { s->words, (size_t)(end - s->words) };

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		const char *at = strchr(" >}", marks[i][0]) || s->quote == marks[i][0] ? span_find_nocase(rest, span_of(marks[i])) : NULL;

		if (at && at < end)
			end = at;
	}
	while (end > s->words && (ascii_is_space(end[-1]) || (s->quote && strchr(",'\"`)", end[-1]))))
		end--;
	/* "(reason: 550 5.1.1 no)": the bracket is of the words around it. */
	if (end > s->words && end[-1] == ')' && !memchr(s->words, '(', (size_t)(end - s->words)))
		end--;
	return end;
}

/* --- making replies --- */

struct finder {
	struct arena		*arena;
	const struct know	*know;
	struct found_replies	 found;
	struct arena		*scratch;	/* renewed every few lines */
	struct map		*seen;		/* wordings */
	struct found_reply	 last;		/* the one that is being read */
	struct reply		*open;		/* its last line said that another one follows */
	size_t			 open_line;
	enum stage		 stage;		/* of the last command in a transcript */
	const char		*provider;	/* of the last host that was named */
	size_t			 provider_line;
};

static void set_text(struct finder *f, struct reply *r, const char *line)
{
	if (r->lines >= LIMIT_REPLY_LINES)
		return;
	if (!r->text)
		r->text = arena_alloc(f->arena, (LIMIT_REPLY_LINES + 1) * sizeof(*r->text));
	r->text[r->lines++] = line;
}

/* The line as a server sends it: "535 5.7.139 words". */
static char *wire_line(struct arena *a, const struct start *s, const char *end)
{
	int words = end > s->words ? (int)(end - s->words) : 0;

	if (words > LIMIT_REPLY_LINE)
		words = LIMIT_REPLY_LINE;
	if (!s->code)
		return arena_printf(a, "%.*s", words, s->words);
	if (s->enhanced.len && s->enhanced.p[0] == s->at[0])
		return arena_printf(a, "%03d%c%.*s%s%.*s", s->code, s->more ? '-' : ' ', (int)s->enhanced.len, s->enhanced.p, words ? " " : "", words, s->words);
	return arena_printf(a, "%03d%c%.*s", s->code, s->more ? '-' : ' ', words, s->words);
}

/* Adds the lines of one start: a reply whose lines were joined repeats its code ("550-5.7.25 ... 550-5.7.25 ... 550 5.7.25 ..."). Answers
 * where it ended. */
static const char *add_lines(struct finder *f, struct reply *r, struct span line, struct start *s)
{
	for (;;) {
		const char *end = end_of(line, s);
		struct start next;

		if (s->code && next_start((struct span) { s->words, (size_t)(end - s->words) }, s->words, false, &next) && next.code == s->code &&
		    next.at > s->words && s->more) {
			set_text(f, r, wire_line(f->arena, s, next.at));
			next.quote = s->quote;
			*s = next;
			continue;
		}
		set_text(f, r, wire_line(f->arena, s, end));
		return end;
	}
}

static struct reply *new_reply(struct finder *f, const struct start *s, int number)
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

/* The wording without what changes from case to case: digits, what stands in angle brackets, trailers with times and session ids. */
static char *wording(struct arena *a, const struct reply *r)
{
	char *key = arena_printf(a, "%d %s %.160s", r->code, r->enhanced, reply_words(r, a)), *to = key;
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

/* The reply that was found last is whole now: it's kept unless its wording is known. Logs repeat themselves. */
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
	if (known && f->last.reply->stage != STAGE_UNKNOWN && (known->stage == STAGE_UNKNOWN || known->stage == STAGE_ACCEPTED))
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
		.reply = r, .line = i, .provider = f->provider && i - f->provider_line <= 3 ? f->provider : NULL,
	};
}

/* A line that goes on with the reply of the line before: "535 5.7.8 ..." after "535-5.7.8 ...". */
static bool continues(struct finder *f, struct span line, struct start *s, size_t i)
{
	if (!f->open || i - f->open_line > 2 || s->code != f->open->code)
		return false;
	add_lines(f, f->open, line, s);
	f->open_line = i;
	if (!s->more)
		f->open = NULL;
	return true;
}

/* By its code, else by the words around it, else by the last command. */
static enum stage stage_of_reply(const struct finder *f, const struct reply *r, struct span line)
{
	enum stage s = paste_stage_of_code(r);

	s = s != STAGE_UNKNOWN ? s : paste_stage(line);
	return s != STAGE_UNKNOWN ? s : f->stage;
}

static void look_for_codes(struct finder *f, const struct paste_line *pl, size_t i)
{
	struct span line = { pl->text, pl->len };
	const char *from = line.p;
	struct start s;

	while (next_start(line, from, false, &s)) {
		struct reply *r;

		if (continues(f, line, &s, i)) {
			from = end_of(line, &s);
			continue;
		}
		r = new_reply(f, &s, pl->number);
		from = add_lines(f, r, line, &s);
		r->stage = stage_of_reply(f, r, line);
		add_reply(f, r, i);
		f->open = s.more ? r : NULL;
		f->open_line = i;
	}
}

static void look_for_enhanced(struct finder *f, const struct paste_line *pl, size_t i)
{
	struct span line = { pl->text, pl->len };
	struct start s;

	if (!next_start(line, line.p, true, &s))
		return;
	struct reply *r = new_reply(f, &s, pl->number);
	add_lines(f, r, line, &s);
	r->stage = stage_of_reply(f, r, line);
	add_reply(f, r, i);
}

static void each_line(struct finder *f, const struct paste_lines *lines, void (*look)(struct finder *, const struct paste_line *, size_t))
{
	f->stage = STAGE_UNKNOWN;
	for (size_t i = 0; i < lines->n; i++) {
		struct span line = { lines->v[i].text, lines->v[i].len };
		enum stage command = paste_command(line);

		if (i % 256 == 0) {
			arena_free(f->scratch);
			f->scratch = arena_new();
		}
		note_provider(f, line, i);
		if (command != STAGE_UNKNOWN)
			f->stage = command;
		look(f, &lines->v[i], i);
	}
	settle(f);
}

struct found_replies paste_replies(struct arena *a, const struct know *k, const struct paste_lines *lines)
{
	struct finder f = { .arena = a, .know = k, .seen = map_new(a), .scratch = arena_new() };

	f.found.v = arena_alloc(a, LIMIT_PASTE_REPLIES * sizeof(*f.found.v));
	each_line(&f, lines, look_for_codes);
	if (!f.found.n)
		each_line(&f, lines, look_for_enhanced);
	arena_free(f.scratch);
	return f.found;
}

/* --- whose host is named --- */

static bool host_char(char c)
{
	return ascii_is_alnum(c) || c == '.' || c == '-';
}

const char *paste_provider(const struct know *k, struct span line)
{
	struct scan s = scan_span(line);
	char before = ' ';

	while (!scan_done(&s)) {
		struct span word = scan_while(&s, host_char);
		const struct provider *p;
		char name[128];

		if (word.len > 6 && word.len < sizeof(name) && before != '@' && memchr(word.p, '.', word.len)) {
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
