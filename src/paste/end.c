/*
 * Where a reply ends in its line: at the quote that closes it, at what a program puts behind it, at
 * a frame of a stack, or where the same program tells of the next reply.
 */
#include "paste/code.h"

#include "base/attr.h"

/* --- what a program puts behind it --- */

static bool looking_at(const char *p, const char *end, const char *literal)
{
	return span_has_prefix_nocase((struct span) { p, (size_t)(end - p) }, literal);
}

static bool frame_char(char c)
{
	return ascii_is_alnum(c) || strchr("._$<>`:\\/~-", c) || (unsigned char)c >= 0x80;
}

/* "at System.Net.Mail.SmtpClient.Send(MailMessage message)", "At C:\Scripts\mail.ps1:12 char:3":
 * behind the "at ". */
static bool is_frame(const char *p, const char *end)
{
	enum { LONGEST = 200 };
	const char *from = p;
	bool dot = false;

	if (looking_at(p, end, "line:"))
		return true;
	while (p < end && p - from < LONGEST && frame_char(*p))
		dot |= *p++ == '.';
	if (p < end && *p == '(')
		return dot && p > from + 2;
	return p > from + 4 && from[1] == ':' && from[2] == '\\';
}

/* At a blank: does something begin behind it that no server says? */
static bool of_program(const char *p, const char *end)
{
	static const char *const marks[] = { " (in reply to ", " #SMTP#", " ##", " ---> ",
					     " --- End of inner" };
	static const char *const frames[] = { " at ", " bei ", " en ", " \303\240 ",
					      " \345\234\250 " };

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		if (looking_at(p, end, marks[i]))
			return true;
	}
	/* PHP's " in /srv/www/mail.php on line 12" */
	if (looking_at(p, end, " in /") || (looking_at(p, end, " in ") && end - p > 7 &&
					    p[5] == ':' && p[6] == '\\'))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(frames); i++) {
		if (looking_at(p, end, frames[i]) && is_frame(p + strlen(frames[i]), end))
			return true;
	}
	return false;
}

/* --- quotes --- */

static bool is_quote(char c)
{
	return c == '"' || c == '\'' || c == '`';
}

/* Quotes that are open inside of the reply; one that opened before it is in paste_start. */
struct quotes { unsigned open[3]; };

static unsigned *open_of(struct quotes *q, char c)
{
	return &q->open[c == '"' ? 0 : 1 + (c == '`')];
}

/*
 * Does the quote at p end the reply? One inside a word is an apostrophe, one behind a blank opens a
 * name in it. A quote that nobody opened here ends it only where a program's text goes on.
 */
static bool closes(struct quotes *q, const struct paste_start *s, const char *p, const char *end)
{
	char before = p > s->words ? p[-1] : ' ', after = p + 1 < end ? p[1] : '\0';
	char next = p + 2 < end ? p[2] : '\0';
	unsigned *open = open_of(q, *p);

	if (ascii_is_alnum(before) && ascii_is_alnum(after))
		return false;
	if (strchr(" (<=[", before) && after && !strchr(" ,;)}].", after)) {
		++*open;
		return false;
	}
	if (*open) {
		--*open;
		return false;
	}
	/* "your users' mailboxes" */
	if (*p == '\'' && after == ' ' && next >= 'a' && next <= 'z')
		return false;
	return s->quote == *p || (*p != '`' && after && strchr(",)}", after));
}

/* --- the same program tells of the next reply --- */

/* What stood before the code: "Response: ", "said: "; empty when it is no word with a mark. */
static struct span announcement(struct span line, const struct paste_start *s)
{
	const char *end = s->at, *p = end;

	while (p > line.p && (p[-1] == ' ' || p[-1] == ':'))
		p--;
	if (p == end || p[0] != ':')
		return (struct span) { end, 0 };
	while (p > line.p && ascii_is_alpha(p[-1]))
		p--;
	return (struct span) { p, end - p >= 6 ? (size_t)(end - p) : 0 };
}

/* The text before both is the same from here on: "Sending failed. Response: ". here: the
 * announcement of the first, next: of the second. */
static const char *same_before(struct span line, const struct paste_start *s, const char *here,
			       const char *next)
{

	while (here > line.p && next > s->words &&
	       (here[-1] == next[-1] || (ascii_is_digit(here[-1]) && ascii_is_digit(next[-1])))) {
		here--;
		next--;
	}
	return next;
}

/* --- a person's prose --- */

/* What a person's sentence goes on with behind a code in brackets; a reply begins otherwise. */
static const char goes_on[] =
	"to|for|when|because|from|and|on|in|as|which|if|with|by|after|before|but|or|is|was|are|"
	"were|until|while|since|at|that|then|so|wenn|weil|bei|und|oder|aber|ist|von|quand|et|ou|"
	"mais|cuando|y|o|pero|para|quando|e|ma|mas";

/* "Microsoft blocks us (550 5.7.708) to all other domains": a code alone, in passing. */
static bool is_in_passing(const struct paste_start *s, const char *end)
{
	struct span piece = { s->at, (size_t)(s->words - s->at) };
	const char *p = s->words;

	if (!memchr(piece.p, ')', piece.len) && !memchr(piece.p, '`', piece.len))
		return false;
	while (p < end && (ascii_is_alpha(*p) || (unsigned char)*p >= 0x80))
		p++;
	piece = (struct span) { s->words, (size_t)(p - s->words) };
	return piece.len && span_in(piece, goes_on);
}

/* The mark of code in Markdown that opened earlier in the line: "`SMTPFatalError: 555 ...`". */
static char code_mark(struct span line, const struct paste_start *s)
{
	bool open = false;

	for (const char *p = line.p; p < s->at; p++)
		open ^= *p == '`';
	return open ? '`' : '\0';
}

/* --- the whole --- */

/* A quote at the end that nothing in the reply opened: the program's, from before the code. */
static bool is_stray(const struct paste_start *s, const char *end)
{
	size_t n = 0;

	if (end[-1] != '"' && end[-1] != '\'')
		return false;
	for (const char *p = s->words; p < end; p++)
		n += *p == end[-1];
	return n == 1;
}

/* Blanks, and what is left of a program's brackets and quotes. */
static const char *trimmed(const struct paste_start *s, const char *end)
{
	while (end > s->words) {
		size_t left = (size_t)(end - s->words);

		if (left >= 3 && end[-3] == '\342' && end[-2] == '\200' &&
		    (end[-1] == '\235' || end[-1] == '\231'))
			end -= 3;		/* a closing quote of print */
		else if (ascii_is_space(end[-1]) || is_stray(s, end) ||
			 (s->quote && strchr(",'\"`)", end[-1])))
			end--;
		else
			break;
	}
	/* "(reason: 550 5.1.1 no)": the bracket is of the words around it. */
	if (end > s->words && end[-1] == ')' && !memchr(s->words, '(', (size_t)(end - s->words)))
		end--;
	return end;
}

const char *paste_reply_end(struct span line, const struct paste_start *start,
			    bool *ret_closed)
{
	struct paste_start marked = *start, *s = &marked;
	const char *end = line.p + line.len, *p;
	struct span again = announcement(line, s);
	struct quotes q = { { 0 } };

	*ret_closed = is_in_passing(s, end);
	if (*ret_closed)
		return s->words;
	if (!s->quote)
		s->quote = code_mark(line, s);
	for (p = s->words; p < end; p++) {
		if (is_quote(*p) && closes(&q, s, p, end)) {
			*ret_closed = true;
			break;
		}
		if ((*p == ' ' && of_program(p, end)) ||
		    (*p == '>' && looking_at(p, end, "> #SMTP#")) ||
		    (*p == '}' && looking_at(p, end, "}},")))
			break;
		if (again.len && *p == again.p[0] && p + again.len < end &&
		    memcmp(p, again.p, again.len) == 0 && ascii_is_digit(p[again.len])) {
			p = same_before(line, s, again.p, p);
			break;
		}
	}
	return trimmed(s, p);
}
