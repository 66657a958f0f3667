/*
 * Where a reply begins: a code with an enhanced code of the same class (anywhere), a known code
 * alone (only where programs put one), or an enhanced code alone (likewise).
 */
#include "paste/code.h"

#include "base/attr.h"
#include "base/reply.h"

/* --- shapes --- */

static bool boundary(char c)
{
	return !ascii_is_alnum(c) && c != '.' && c != '_' && c != '@' && c != '-' && c != '/' &&
	       c != '%' && c != '\\' && c != '$';
}

/* Codes that mean a refusal, as servers use them (RFC 5321, 4.2.3; RFC 4954, 6; others in use). */
static bool known_refusal(int code)
{
	static const short codes[] = {
		400, 401, 420, 421, 422, 430, 431, 432, 441, 442, 446, 447, 449, 450, 451, 452, 453,
		454, 455, 458, 459, 471, 500, 501, 502, 503, 504, 510, 511, 512, 513, 515, 517, 521,
		523, 530, 531, 533, 534, 535, 536, 537, 538, 540, 541, 542, 543, 544, 545, 546, 547,
		548, 549, 550, 551, 552, 553, 554, 555, 556, 557, 558, 559, 563, 570, 571, 572, 573,
		577, 578, 591,
	};

	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		if (codes[i] == code)
			return true;
	}
	return false;
}

/* "5.7.139" at p. Subjects above 7 do not exist (RFC 3463, 3): a version number. */
struct span paste_enhanced_at(const char *p, const char *end)
{
	const char *q = p;
	struct span s = { p, 0 };

	while (q < end && q - p < 9 && (ascii_is_digit(*q) || *q == '.'))
		q++;
	while (q > p && q[-1] == '.')
		q--;
	s.len = (size_t)(q - p);
	if (s.len < 5 || !enhanced_valid(s) || p[0] == '2' || p[1] != '.' || p[2] > '7' ||
	    p[3] != '.' || (q < end && (ascii_is_alnum(*q) || *q == '.')))
		s.len = 0;
	return s;
}

/* "[192.0.2.1]", "[2001:db8::1      15]", "[S2]": words of the reply, no bracket around a code. */
static bool word_in_brackets(const char *p, const char *end)
{
	const char *from = p + 1;
	size_t marks = 0, letters = 0;

	if (*p != '[')
		return false;
	for (p++; p < end && (ascii_is_alnum(*p) || *p == '.' || *p == ':'); p++) {
		marks += *p == '.' || *p == ':';
		letters += ascii_is_alpha(*p);
	}
	if (p == end || (*p != ']' && *p != ' '))
		return false;
	return letters + marks > 0 && (*p == ']' || marks > 1) &&
	       !enhanced_valid((struct span) { from, (size_t)(p - from) });
}

/*
 * Skips what programs put between a code and its words: blanks, ": ", ", b'",
 * "#", brackets, quotes.
 */
const char *paste_skip_glue(const char *p, const char *end, char *ret_quote)
{
	while (p < end && strchr(" \t:,;#=[()\"'`", *p)) {
		/* Yahoo's "(#AUTH005)" and qmail's "(#5.7.1)" are words; so is "[192.0.2.1]". */
		if ((p + 2 < end && p[0] == '(' && p[1] == '#') || word_in_brackets(p, end))
			break;
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
	static const char words[] =
		"said|returned|response|reply|replied|error|code|status|dsn|with|failed|"
		"got|smtp|was|message|result|msg|answered|rejected|failure|responded|"
		"because|info|server|smtpcode|responsecode|smtpreply|statuscode|refused|"
		"exception|esmtp|permanent|temporary|transient|fatal|lasterror|detail|"
		"details|reason|text|stat|received|antwort|fehler|fehlercode|meldung|respuesta|"
		"risposta|codigo|codice|erreur";

	return span_in(word, words);
}

/* An opening quote of print, or the wide colon of Chinese and Japanese, in UTF-8. */
static bool behind_print_mark(struct span line, const char *p)
{
	static const char *const marks[] = { "\342\200\234", "\342\200\230", "\342\200\236",
					     "\343\200\214", "\357\274\232", "\302\253" };

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		size_t n = strlen(marks[i]);

		if ((size_t)(p - line.p) >= n && memcmp(p - n, marks[i], n) == 0)
			return true;
	}
	return false;
}

/*
 * Would a program put a code here? After the beginning, a mark, a bracket, a colon, or a word that
 * announces one.
 */
static bool fit_place(struct span line, const char *at)
{
	const char *p = at;
	struct span word;

	while (p > line.p && (p[-1] == ' ' || p[-1] == '\t' || p[-1] == '"' || p[-1] == '\'' ||
			      p[-1] == '`' || p[-1] == '#'))
		p--;
	if (p == line.p || behind_print_mark(line, p))
		return true;
	/* "index.js:535" is a line of a program, "code:535" is not. */
	if (p == at && p[-1] == ':' && p > line.p + 1 && ascii_is_alnum(p[-2]))
		return announces(word_before(line, at));
	/*
	 * "12:30 550", "450, 550", "*421 upstream"? No. "(535, ...", "] 535", "<**
	 * 535", "S: 535": yes.
	 */
	if (strchr(":;(<>*]|~)[{-,", p[-1]))
		return p == at ? !strchr(":,*", p[-1]) ||
				 (p[-1] == ':' && !(p > line.p + 1 && ascii_is_digit(p[-2]))) ||
				 (p > line.p + 1 && p[-1] == '*' && p[-2] == '*')
		       : p[-1] != ',' || !(p > line.p + 1 && ascii_is_digit(p[-2]));
	word = word_before(line, at);
	return word.len && announces(word);
}

/* HTTP has the same numbers, but no enhanced ones. */
static bool is_http(struct span line, const struct paste_start *s)
{
	static const char *const reasons[] = {
		"Internal Server Error", "Bad Request", "Unauthorized", "Bad Gateway",
		"Gateway Time", "Service Temporarily Unavailable", "Not Implemented",
	};
	struct span words = { s->words, (size_t)(line.p + line.len - s->words) },
		before = { line.p, (size_t)(s->at - line.p) };

	for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
		if (span_has_prefix_nocase(words, reasons[i]))
			return true;
	}
	/* {"statusCode": 500, "error": ...} */
	if (!words.len && s->code <= 504 && span_in(word_before(line, s->at), "statuscode|status"))
		return true;
	return span_has_any(before, "HTTP/|Request failed with status code");
}

/*
 * "421 MB", "451 items", "500, 501, 502", "550 = 12": a number that counts or stands in a
 * list, not a reply.
 */
static bool counts(const char *p, const char *end)
{
	static const char *const units[] = {
		"b", "kb", "mb", "gb", "tb", "kib", "mib", "gib", "bytes", "byte", "bit", "bits",
		"ms", "s", "sec", "secs", "second", "seconds", "min", "mins", "minutes", "hours",
		"h", "days", "item", "items", "file", "files", "line", "lines", "row", "rows",
		"record", "records", "letters", "mails", "emails", "px", "pt", "mm", "cm", "km",
		"m", "kg", "w", "v", "usd", "eur", "tests", "test", "packets", "objects", "jobs",
		"tasks", "pages", "entries", "times", "people", "users", "errors", "warnings",
		"passed", "failed", "done", "requests", "connections", "x", "and", "or", "to",
	};
	static const char *const sentences[] = { "messages queued", "messages sent", "messages in ",
						 "messages processed", "messages delivered",
						 "messages pending" };
	const char *q = p;
	struct span word;

	for (size_t i = 0; i < ARRAY_LEN(sentences); i++) {
		if (span_has_prefix_nocase((struct span) { p, (size_t)(end - p) }, sentences[i]))
			return true;
	}
	while (q < end && ascii_is_digit(*q))
		q++;
	if (q > p)
		return q == end || *q != '.';
	while (q < end && ascii_is_alpha(*q))
		q++;
	word = (struct span) { p, (size_t)(q - p) };
	/* "500 Line limit exceeded": what is counted does not begin with a capital. */
	if (q > p + 3 && *p >= 'A' && *p <= 'Z' && q + 1 < end && *q == ' ' && ascii_is_alpha(q[1]))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (span_eq_nocase(word, units[i]))
			return true;
	}
	return false;
}

/* The time in a transcript of ours: "    535 S: 250 OK". */
static bool is_time(const char *p, const char *end)
{
	return end - p >= 3 && (p[0] == 'S' || p[0] == 'C') && p[1] == ':' && p[2] == ' ';
}

/* "5.7.***39": a log that hides the digits of some secret hides them everywhere. */
static struct span masked_at(const char *p, const char *end)
{
	const char *q = p;
	size_t stars = 0, dots = 0;

	for (; q < end && q - p < 16 && (ascii_is_digit(*q) || *q == '.' || *q == '*'); q++) {
		stars += *q == '*';
		dots += *q == '.';
	}
	if (stars < 3 || dots != 2 || (q < end && *q != ' '))
		q = p;
	return (struct span) { p, (size_t)(q - p) };
}

/* The same for the code before an enhanced one: "***35 5.7.139". */
static bool masked_before(struct span line, const char *at)
{
	const char *end = at, *p;
	size_t stars = 0;

	while (end > line.p && end[-1] == ' ')
		end--;
	for (p = end; p > line.p && (ascii_is_digit(p[-1]) || p[-1] == '*'); p--)
		stars += p[-1] == '*';
	return stars >= 3 && end - p < 6 && end < at;
}

/* --- fields of a program's object --- */

/* The name of a field at p, behind some other byte, and its mark: "Msg: ", "text=". */
static struct span field_at(const char *p, const char *end, const char **ret_behind)
{
	const char *q = p;
	char quote = p[-1] == '"' || p[-1] == '\'' ? p[-1] : '\0';
	struct span name;

	while (q < end && (ascii_is_alnum(*q) || *q == '_'))
		q++;
	name = (struct span) { p, (size_t)(q - p) };
	/* "'User: x'" in quotes is a value, "\"user\": x" a field. */
	if (quote && (q == end || *q++ != quote))
		name.len = 0;
	if (q == end || (*q != ':' && *q != '=') || (q + 1 < end && q[1] == '/'))
		name.len = 0;
	*ret_behind = q;
	return name;
}

/*
 * Behind "535), " another field may stand: one that holds the words ("Msg: b'5.7.3 ...'") or one
 * of another kind ("command: 'AUTH LOGIN'"), and then the code has none.
 */
static const char *behind_field(const char *code_end, const char *words, const char *end,
				char *ret_quote)
{
	static const char of_words[] = "msg|message|text|response|reply|error|reason|description|"
				       "detail|details|errormsg|smtpmsg|errormessage";
	struct span between = { code_end, (size_t)(words - code_end) };
	const char *behind;
	struct span name = field_at(words, end, &behind);

	if (!name.len || !(memchr(between.p, ',', between.len) ||
			   memchr(between.p, ';', between.len) ||
			   memchr(between.p, ')', between.len)))
		return words;
	if (span_in(name, of_words))
		return paste_skip_glue(behind, end, ret_quote);
	return name.p[0] >= 'a' && name.p[0] <= 'z' ? end : words;
}

/*
 * "421, with message \"421 4.7.0 ...\"": the number alone only announces the reply. True when the
 * same code stands again behind a word for it.
 */
static bool told_again(const char *p, const char *end, const struct paste_start *s)
{
	enum { NEAR = 40 };
	const char *most = end - s->words > NEAR ? s->words + NEAR : end;

	for (const char *q = s->words; q + 4 < most; q++) {
		struct span between = span_trim((struct span) { s->words, (size_t)(q - s->words) });

		if (memcmp(q, p, 3) != 0 || ascii_is_alnum(q[3]) || !memchr("\"' `:", q[-1], 5))
			continue;
		return !between.len || (span_has_any(between, "message|response|reply|msg") &&
					!memchr(between.p, '.', between.len));
	}
	return false;
}

/* PHPMailer's words between the code and what the server said with it. */
static const char INFO[] = "Additional SMTP info:";

/* --- finding --- */

static char quote_before(struct span line, const char *at)
{
	return at > line.p && (at[-1] == '"' || at[-1] == '\'' || at[-1] == '`') ? at[-1] : '\0';
}

/* A code at p, with or without an enhanced one. */
static bool code_at(struct span line, const char *p, struct paste_start *ret)
{
	const char *end = line.p + line.len, *q, *field;
	struct paste_start s = { .at = p, .quote = quote_before(line, p) };
	struct span masked;
	bool enhanced;

	if (end - p < 3 || p[0] < '4' || p[0] > '5' || !ascii_is_digit(p[1]) ||
	    !ascii_is_digit(p[2]))
		return false;
	if (p > line.p + 1 && p[-1] == '-' && ascii_is_digit(p[-2]))
		return false;
	if ((p > line.p && !boundary(p[-1]) && p[-1] != '-') ||
	    (p + 3 < end && ascii_is_alnum(p[3])) ||
	    (p + 4 < end && p[3] == '.' && ascii_is_digit(p[4])))
		return false;
	s.code = (p[0] - '0') * 100 + (p[1] - '0') * 10 + (p[2] - '0');
	s.more = p + 3 < end && p[3] == '-';
	q = paste_skip_glue(p + 3 + s.more, end, &s.quote);
	field = behind_field(p + 3, q, end, &s.quote);
	if (field != q && field == end && !announces(word_before(line, p)))
		return false;
	q = field;
	if (q < end && span_has_prefix_nocase((struct span) { q, (size_t)(end - q) }, INFO))
		q = paste_skip_glue(q + strlen(INFO), end, &s.quote);
	s.enhanced = paste_enhanced_at(q, end);
	enhanced = s.enhanced.len && s.enhanced.p[0] == p[0];
	s.words = q;
	if (enhanced) {
		q += s.enhanced.len;
		s.words = paste_skip_glue(q + (q < end && *q == ']'), end, &s.quote);
	}
	masked = masked_at(q, end);
	if (!enhanced && masked.len)
		s.words = paste_skip_glue(q + masked.len, end, &s.quote);
	if (!enhanced && !(known_refusal(s.code) && fit_place(line, p)))
		return false;
	if (!enhanced && s.words < end &&
	    !(ascii_is_alnum(*s.words) || (unsigned char)*s.words >= 0x80 || *s.words == '<' ||
	      *s.words == '['))
		return false;
	/* "connect(host, 550)": an argument, and nothing follows. */
	if (!enhanced && s.words == end && p > line.p + 1 && p[-1] == ' ' && p[-2] == ',' &&
	    p + 3 < end && p[3] == ')')
		return false;
	if (!enhanced && (is_http(line, &s) || counts(s.words, end) || is_time(s.words, end) ||
			  told_again(p, end, &s)))
		return false;
	*ret = s;
	return true;
}

/* "nodemailer (4.6.8; ...": a mark behind it and a program's name before it, not a word that
 * announces a reply. */
static bool is_version(struct span line, const struct paste_start *s)
{
	const char *next = s->enhanced.p + s->enhanced.len, *end = line.p + line.len;
	struct span word = word_before(line, s->at);

	if (next == end || s->at == line.p)
		return false;
	return (*next == ';' || *next == ',' || (*next == ')' && s->at[-1] == '(')) && word.len &&
	       !announces(word);
}

/* Postfix puts a status of its own beside what went wrong before any server said something. */
static bool is_own_status(struct span line, const struct paste_start *s)
{
	struct span after = span_from(line, s->enhanced.p + s->enhanced.len);

	return s->at - line.p >= 4 && memcmp(s->at - 4, "dsn=", 4) == 0 &&
	       span_has_prefix_nocase(after, ", status=");
}

static bool enhanced_alone_at(struct span line, const char *p, struct paste_start *ret)
{
	const char *end = line.p + line.len;
	struct paste_start s = { .at = p, .quote = quote_before(line, p),
				 .enhanced = paste_enhanced_at(p, end) };

	if (!s.enhanced.len || p[0] < '4' || (p > line.p && !boundary(p[-1])) ||
	    !(fit_place(line, p) || masked_before(line, p)) || is_version(line, &s) ||
	    is_own_status(line, &s))
		return false;
	s.words = paste_skip_glue(p + s.enhanced.len, end, &s.quote);
	*ret = s;
	return true;
}

bool paste_next_start(struct span line, const char *from, bool alone, struct paste_start *ret)
{
	for (const char *p = from; p < line.p + line.len; p++) {
		if (*p != '4' && *p != '5')
			continue;
		if (alone ? enhanced_alone_at(line, p, ret) : code_at(line, p, ret))
			return true;
	}
	return false;
}
