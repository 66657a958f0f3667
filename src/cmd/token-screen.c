/*
 * token-screen - a sign-in on the terminal.
 */
#include "cmd/token-screen.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "cmd/output.h"
#include "token/token.h"

enum { ROWS = 5, COLUMNS = 5, LEFT = 4 };

/* Letters of five by five; zero has a stroke, so that it's no O. */
static const struct { char letter; const char *rows[ROWS]; } letters[] = {
	{ 'A', { ".###.", "#...#", "#####", "#...#", "#...#" } },
	{ 'B', { "####.", "#...#", "####.", "#...#", "####." } },
	{ 'C', { ".####", "#....", "#....", "#....", ".####" } },
	{ 'D', { "####.", "#...#", "#...#", "#...#", "####." } },
	{ 'E', { "#####", "#....", "####.", "#....", "#####" } },
	{ 'F', { "#####", "#....", "####.", "#....", "#...." } },
	{ 'G', { ".####", "#....", "#..##", "#...#", ".####" } },
	{ 'H', { "#...#", "#...#", "#####", "#...#", "#...#" } },
	{ 'I', { "#####", "..#..", "..#..", "..#..", "#####" } },
	{ 'J', { "..###", "...#.", "...#.", "#..#.", ".##.." } },
	{ 'K', { "#...#", "#..#.", "###..", "#..#.", "#...#" } },
	{ 'L', { "#....", "#....", "#....", "#....", "#####" } },
	{ 'M', { "#...#", "##.##", "#.#.#", "#...#", "#...#" } },
	{ 'N', { "#...#", "##..#", "#.#.#", "#..##", "#...#" } },
	{ 'O', { ".###.", "#...#", "#...#", "#...#", ".###." } },
	{ 'P', { "####.", "#...#", "####.", "#....", "#...." } },
	{ 'Q', { ".###.", "#...#", "#.#.#", "#..#.", ".##.#" } },
	{ 'R', { "####.", "#...#", "####.", "#..#.", "#...#" } },
	{ 'S', { ".####", "#....", ".###.", "....#", "####." } },
	{ 'T', { "#####", "..#..", "..#..", "..#..", "..#.." } },
	{ 'U', { "#...#", "#...#", "#...#", "#...#", ".###." } },
	{ 'V', { "#...#", "#...#", "#...#", ".#.#.", "..#.." } },
	{ 'W', { "#...#", "#...#", "#.#.#", "##.##", "#...#" } },
	{ 'X', { "#...#", ".#.#.", "..#..", ".#.#.", "#...#" } },
	{ 'Y', { "#...#", ".#.#.", "..#..", "..#..", "..#.." } },
	{ 'Z', { "#####", "...#.", "..#..", ".#...", "#####" } },
	{ '0', { ".###.", "#..##", "#.#.#", "##..#", ".###." } },
	{ '1', { "..#..", ".##..", "..#..", "..#..", ".###." } },
	{ '2', { "####.", "....#", ".###.", "#....", "#####" } },
	{ '3', { "####.", "....#", "..##.", "....#", "####." } },
	{ '4', { "#..#.", "#..#.", "#####", "...#.", "...#." } },
	{ '5', { "#####", "#....", "####.", "....#", "####." } },
	{ '6', { ".###.", "#....", "####.", "#...#", ".###." } },
	{ '7', { "#####", "....#", "...#.", "..#..", "..#.." } },
	{ '8', { ".###.", "#...#", ".###.", "#...#", ".###." } },
	{ '9', { ".###.", "#...#", ".####", "....#", ".###." } },
	{ '-', { ".....", ".....", ".###.", ".....", "....." } },
};

void token_screen_init(struct token_screen *s)
{
	struct output_options o = { .format = "text", .color = "auto" };
	struct report_style style = output_style(&o, stderr);

	*s = (struct token_screen) { .terminal = isatty(STDERR_FILENO), .color = style.color,
				     .unicode = style.unicode, .columns = style.columns };
	progress_init(&s->progress, true);
}

static const char *const *rows_of(char letter)
{
	for (size_t i = 0; i < ARRAY_LEN(letters); i++)
		if (letters[i].letter == ascii_upper(letter))
			return letters[i].rows;
	return NULL;
}

/* Can all of it be drawn, and does it fit? */
static bool is_drawable(const struct token_screen *s, const char *code)
{
	size_t n = strlen(code);

	for (const char *p = code; *p; p++)
		if (!rows_of(*p))
			return false;
	return s->terminal && n && LEFT + n * (COLUMNS + 1) <= s->columns;
}

static void draw(const struct token_screen *s, const char *code)
{
	const char *block = s->unicode ? "\xe2\x96\x88" : "#";

	for (size_t row = 0; row < ROWS; row++) {
		fprintf(stderr, "%*s%s", LEFT, "", s->color ? "\033[1m" : "");
		for (const char *p = code; *p; p++) {
			for (const char *dot = rows_of(*p)[row]; *dot; dot++)
				fputs(*dot == '.' ? " " : block, stderr);
			fputc(' ', stderr);
		}
		fprintf(stderr, "%s\n", s->color ? "\033[0m" : "");
	}
	fputc('\n', stderr);
}

static const char *shown(struct arena *a, const char *s)
{
	return str_escaped(a, s, strlen(s));
}

void token_screen_code(const struct token_screen *s, const char *user, const char *url,
		       const char *code, int64_t expires_in, bool opened)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *whom = *user ? arena_printf(a, " as %s", shown(a, user)) : "";

	if (!s->terminal) {
		fprintf(stderr, "To sign in%s, open %s and enter the code %s within %s.\n", whom,
			shown(a, url), shown(a, code), token_span_words(a, expires_in));
		return;
	}
	fprintf(stderr,
		"To sign in%s, open this page, in any browser on any machine%s:\n\n%*s%s\n\n", whom,
		opened ? " (it opens here, too)" : "", LEFT, "",
		shown(a, url));
	fprintf(stderr, "and enter the code %s\n\n", shown(a, code));
	if (is_drawable(s, code))
		draw(s, code);
}

void token_screen_visit(const struct token_screen *s, const char *user, const char *url,
			bool opened)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *whom = *user ? arena_printf(a, " as %s", shown(a, user)) : "";

	fprintf(stderr, "%s%s in a browser on this machine%s:\n\n%*s%s\n\n",
		s->terminal && opened ? "A browser opens. Sign in" : "Sign in", whom,
		s->terminal && opened ? "; if none opens, go there yourself" :
		"; open this address there",
		LEFT, "", shown(a, url));
}

void token_screen_tick(void *arg, int64_t left_s, const char *trouble)
{
	struct token_screen *s = arg;
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *left = left_s < 0 ? "" :
			   arena_printf(a, ", %s left", token_span_words(a, left_s));

	if (s->progress.on)
		progress_show(&s->progress,
			      arena_printf(a, "Waiting for the sign-in%s. Ctrl-C ends it.%s%s",
					   left, trouble ? " " : "", trouble ? trouble : ""));
	else if (trouble && trouble != s->told)
		fprintf(stderr, "Still waiting for the sign-in: %s\n", shown(a, trouble));
	s->told = trouble;
}

void token_screen_end(struct token_screen *s)
{
	progress_erase(&s->progress);
}
