/*
 * t-from-list - the file of --from-list: what it may hold, and how it is told what is wrong.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "cmd/from-list.h"
#include "tests/unit/tap.h"

static const struct { const char *text; size_t n; const char *want; } cases[] = {
	{ "a@x.example\n", 0, "a@x.example" },
	{ "# wanted\n\n  a@x.example \r\n\tb@x.example", 0, "a@x.example b@x.example" },
	{ "a@x.example\nA@X.EXAMPLE\n", 0, "a@x.example" },
	{ "\xc3\xa4@x.example", 0, "\xc3\xa4@x.example" },
	{ "", 0, "there is no address in it" },
	{ "# nothing\n", 0, "there is no address in it" },
	{ "a@x.example\n\nfoo\n", 0, "line 3: not a valid mail address (3 characters)" },
	{ "a@x.example\n<b@x.example>\n", 0, "line 2: not a valid mail address (13 characters)" },
	{ "a@x.example b@x.example\n", 0,
	  "line 1: not a valid mail address (23 characters, with blanks)" },
	{ "@x.example\n", 0, "line 1: not a valid mail address (10 characters)" },
	{ "a@\n", 0, "line 1: not a valid mail address (2 characters)" },
	{ "a@x\033[2J\n", 0, "line 1: not a valid mail address (7 characters)" },
	{ "a@x.example\0\n", 13, "line 1: not a valid mail address (11 characters)" },
	{ "user:Geheim@x.example\n", 0, "line 1: not a valid mail address (21 characters)" },
	{ "\xff@x.example\n", 0, "line 1: not a valid mail address (11 characters)" },
};

static void edge(struct arena *a)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(64 * 1024);
	struct strv got = { NULL, 0, 0 }, more = { NULL, 0, 0 };

	for (int i = 1; i <= FROM_LIST_MOST; i++)
		buf_addf(&b, "s%d@x.example\n", i);
	is_str(from_list_parse(a, (struct span) { b.data, b.len }, &got), NULL, "200 senders");
	is_int(got.n, FROM_LIST_MOST, "... are all taken");
	buf_adds(&b, "s1@x.example\none-more@x.example\n");
	is_str(from_list_parse(a, (struct span) { b.data, b.len }, &more),
	       "line 202: more than 200 senders", "one more is too many");
}

int main(void)
{
	struct arena *a = arena_new();
	char long_line[400];
	struct strv none = { NULL, 0, 0 };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct strv got = { NULL, 0, 0 };
		const char *trouble = from_list_parse(a, (struct span) { cases[i].text,
									 cases[i].n ? cases[i].n :
									 strlen(cases[i].text) },
						      &got);

		is_str(trouble ? trouble : strv_join(&got, a, " "), cases[i].want, cases[i].want);
	}
	memset(long_line, 'x', sizeof(long_line));
	is_str(from_list_parse(a, (struct span) { long_line, sizeof(long_line) }, &none),
	       "line 1: not a valid mail address (400 characters)",
	       "a long line is not repeated");
	ok(str_find_nocase(from_list_read(a, "/nonexistent/senders", &none), "No such file") !=
	   NULL,
	   "a file that is not there");
	edge(a);
	arena_free(a);
	return tap_done();
}
