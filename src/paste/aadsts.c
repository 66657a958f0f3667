/*
 * Numbers of Microsoft Entra ID in a paste: "AADSTS50076: ...", "error_codes":[50076], and "Sign-in
 * error code 50126" in a text that speaks of Entra.
 */
#include "paste/paste.h"

#include "base/scan.h"

enum { SMALLEST = 10000, LARGEST = 99999999 };
/* So far may the list be from its name in JSON that has a line for each piece. */
enum { LINES_OF_LIST = 4 };

struct numbers { unsigned long *v; size_t n, max; };

static void add(struct numbers *to, unsigned long number)
{
	for (size_t i = 0; i < to->n; i++) {
		if (to->v[i] == number)
			return;
	}
	if (number >= SMALLEST && to->n < to->max)
		to->v[to->n++] = number;
}

/*
 * What stands between a name and its number: quotes (escaped ones too), colons, brackets, blanks.
 */
static bool is_between(char c)
{
	return c == '"' || c == '\'' || c == '\\' || c == ':' || c == '=' || c == '[' || c == '(' ||
	       c == '#' || c == '-' || ascii_is_space(c);
}

/* The number next to what the cursor stands on, if any. */
static void number_next(struct scan *s, struct numbers *to)
{
	scan_while(s, is_between);
	if (scan_peek(s) >= '0' && scan_peek(s) <= '9')
		add(to, scan_number(s, LARGEST));
}

/* Every number that follows the name in the line. */
static void numbers_after(struct span line, const char *name, struct numbers *to)
{
	struct span key = span_of(name), rest = line;
	const char *at;

	while ((at = span_find_nocase(rest, key))) {
		struct scan s;

		rest = (struct span) { at + key.len, (size_t)(line.p + line.len - at) - key.len };
		s = scan_span(rest);
		number_next(&s, to);
	}
}

/* The list of numbers that begins here; true when it has ended on this line. */
static bool numbers_of_list(struct span line, struct numbers *to)
{
	struct scan s = scan_span(line);

	while (!scan_done(&s) && !scan_accept(&s, ']')) {
		number_next(&s, to);
		scan_while(&s, ascii_is_space);
		if (scan_peek(&s) != ',' && scan_peek(&s) != ']' && !scan_done(&s))
			return true;
		scan_accept(&s, ',');
	}
	return scan_pos(&s) && s.p[-1] == ']';
}

static void numbers_in_list(const struct paste_lines *lines, size_t i, struct numbers *to)
{
	static const struct span name = { "error_codes", 11 };
	struct span line = { lines->v[i].text, lines->v[i].len };
	const char *at = span_find_nocase(line, name);

	if (!at)
		return;
	line = (struct span) { at + name.len, (size_t)(line.p + line.len - at) - name.len };
	for (size_t j = i; !numbers_of_list(line, to) && ++j < lines->n && j < i + LINES_OF_LIST;)
		line = (struct span) { lines->v[j].text, lines->v[j].len };
}

bool paste_of_entra(const struct paste_lines *lines)
{
	static const char *const words[] = { "AADSTS", "Entra", "login.microsoftonline", "Azure AD",
					     "Azure Active Directory", "Sign-in error code" };

	for (size_t i = 0; i < lines->n; i++) {
		for (size_t j = 0; j < ARRAY_LEN(words); j++) {
			if (span_find_nocase((struct span) { lines->v[i].text, lines->v[i].len },
					     span_of(words[j])))
				return true;
		}
	}
	return false;
}

size_t paste_aadsts(const struct paste_lines *lines, size_t i, unsigned long *ret, size_t max)
{
	struct span line = { lines->v[i].text, lines->v[i].len };
	struct numbers found = { ret, 0, max };

	numbers_after(line, "AADSTS", &found);
	numbers_in_list(lines, i, &found);
	numbers_after(line, "errorCode", &found);
	numbers_after(line, "error code", &found);
	numbers_after(line, "error?code", &found);
	numbers_after(line, "ResultType", &found);
	return found.n;
}
