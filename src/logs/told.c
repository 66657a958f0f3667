/*
 * Which lines of a log are worth a look: those with a code, with words of the tables, or with what
 * servers write about an outcome.
 */
#include "logs/inside.h"

#include "base/arena.h"
#include "base/attr.h"
#include "know/tables.h"

/*
 * So much of a word is looked for; a text of the table of replies that is shorter than the second
 * says too little without its code.
 */
enum { WORD_MOST = 20, REPLY_LEAST = 20 };

/* What may stand before a code. */
static const char before_code[] = /* as boundary() has them */ " (\"'[:=,<>;#\t";

static bool boundary(char c)
{
	switch (c) {
	case ' ': case '(': case '"': case '\'': case '[': case ':': case '=': case ',': case '<':
	case '>': case ';': case '#': case '\t':
		return true;
	default:
		return false;
	}
}

/* "535" with what can't be part of a longer number or name around it. */
static bool code_at(const char *p, const char *start, const char *end)
{
	if (end - p < 3 || !ascii_is_digit(p[1]) || !ascii_is_digit(p[2]))
		return false;
	if (p + 3 < end && (ascii_is_alnum(p[3]) || p[3] == '.' || p[3] == '/' || p[3] == '%'))
		return p[3] == '.' && (p + 4 == end || !ascii_is_digit(p[4]));
	/* ":535" is a line of a source file, a port, or part of a time. */
	return !(p - start >= 2 && p[-1] == ':' && ascii_is_alnum(p[-2]));
}

static bool enhanced_at(const char *p, const char *end)
{
	return end - p >= 5 && p[1] == '.' && p[2] >= '0' && p[2] <= '7' && p[3] == '.' &&
	       ascii_is_digit(p[4]);
}

bool has_code(struct span line)
{
	const char *end = line.p + line.len;

	for (const char *p = line.p; p < end; p++) {
		if ((*p != '4' && *p != '5') || (p > line.p && !boundary(p[-1])))
			continue;
		if (code_at(p, line.p, end) || enhanced_at(p, end))
			return true;
	}
	return false;
}

static void add_codes(struct sieve *s)
{
	char word[] = " 450";

	for (const char *b = before_code; *b; b++) {
		for (int code = 400; code < 600; code++) {
			word[0] = *b;
			word[1] = (char)('0' + code / 100);
			word[2] = (char)('0' + code / 10 % 10);
			word[3] = (char)('0' + code % 10);
			sieve_add(s, (struct span) { word, 4 }, MARK_CODE);
		}
		for (char class = '4'; class <= '5'; class++) {
			for (char subject = '0'; subject <= '7'; subject++) {
				word[1] = class;
				word[2] = '.';
				word[3] = subject;
				sieve_add(s, (struct span) { word, 4 }, MARK_CODE);
			}
		}
	}
}

/* The longest piece of each alternative: the whole pattern can't be there without it. */
static void add_pattern(struct sieve *s, const struct pattern *p, size_t least)
{
	struct span piece;

	for (size_t i = 0; pattern_piece(p, i, &piece); i++) {
		if (piece.len < least)
			continue;
		if (piece.len > WORD_MOST)
			piece.len = WORD_MOST;
		sieve_add(s, piece, MARK_SYMPTOM);
	}
}

struct sieve *tally_sieve(struct arena *a, const struct know *k)
{
	static const char *const fates[] = {
		"status=deferred", "status=bounced", "status=expired", "status=softbounce",
		"status=undeliverable", " == ", " ** ", "stat=", "result=\"tempfail",
		"result=\"permfail", "reject", "reject=",
	};
	static const char *const senders[] = { "from=<", " F=<", " <= ", "mail from:<" };
	struct sieve *s = sieve_new(a);
	size_t n_errors;
	struct error_entry *errors = know_errors(k, &n_errors);

	add_codes(s);
	for (size_t i = 0; i < ARRAY_LEN(fates); i++)
		sieve_add(s, span_of(fates[i]), MARK_FATE);
	for (size_t i = 0; i < ARRAY_LEN(senders); i++)
		sieve_add(s, span_of(senders[i]), MARK_SENDER);
	for (size_t i = 0; i < table_size(k, TABLE_SYMPTOMS); i++)
		add_pattern(s, symptom_pattern(k, i), 1);
	for (size_t i = 0; i < n_errors; i++)
		add_pattern(s, error_pattern(k, &errors[i]), REPLY_LEAST);
	sieve_seal(s);
	return s;
}
