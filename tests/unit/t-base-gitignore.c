/*
 * t-base-gitignore - which paths the patterns of a repository leave out. tests/cli's
 * t-cli-lint-folder compares with git itself.
 */
#include <string.h>

#include "base/arena.h"
#include "base/gitignore.h"
#include "base/str.h"
#include "tests/unit/tap.h"

static struct arena *a;

static void test_globs(void)
{
	static const struct { const char *pattern, *path; bool want; } cases[] = {
		{ "foo", "foo", true }, { "foo", "Foo", false }, { "foo", "foo/bar", false },
		{ "*.o", "x.o", true }, { "*.o", "a/x.o", false }, { "f?o", "fxo", true },
		{ "f?o", "f/o", false }, { "a/*", "a/b", true }, { "a/*", "a/b/c", false },
		{ "**/foo", "foo", true }, { "**/foo", "a/b/foo", true },
		{ "**/foo", "a/b/foo/c", false }, { "foo/**", "foo", false },
		{ "foo/**", "foo/a/b", true }, { "a/**/b", "a/b", true },
		{ "a/**/b", "a/x/y/b", true }, { "a/**/b", "a/x/y/bc", false },
		{ "a/**/b/**/c", "a/b/x/b/c", true }, { "**", "a/b", true },
		{ "a**b", "axxb", true },
		{ "a**b", "ax/xb", false }, { "[a-c]x", "bx", true }, { "[!a-c]x", "bx", false },
		{ "[^a-c]x", "dx", true }, { "[]-a]x", "]x", true }, { "[]x", "]x", false },
		{ "[[:digit:]]x", "7x", true }, { "[[:upper:]_]x", "_x", true },
		{ "[[:punct:]]x", ".x", true }, { "[a", "a", false }, { "[a", "[a", false },
		{ "\\*", "*", true }, { "\\*", "x", false }, { "a\\", "a", false },
		{ "[\\]]", "]", true }, { "*a*b*c", "xaybzc", true },
		{ "*a*b*c", "xaybzcd", false },
		{ "", "x", false }, { "*", ".env", true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		is_int(gitignore_glob(cases[i].pattern, cases[i].path), cases[i].want,
		       cases[i].pattern);
}

/* One file's patterns; the path ends in / where it is a folder. */
static void test_lines(void)
{
	static const struct { const char *rules, *path; bool want; } cases[] = {
		{ "*.env\n", "a/b/x.env", true }, { "/x.env\n", "x.env", true },
		{ "/x.env\n", "a/x.env", false }, { "a/x\n", "a/x", true },
		{ "a/x\n", "b/a/x", false },
		{ "build/\n", "build/", true }, { "build/\n", "src/build/", true },
		{ "build/\n", "build", false }, { "/build/\n", "src/build/", false },
		{ "*.env\n!keep.env\n", "keep.env", false },
		{ "!keep.env\n*.env\n", "keep.env", true },
		{ "# x\n\n   \nx\n", "# x", false }, { "\\#x\n", "#x", true },
		{ "\\!x\n", "!x", true },
		{ "x  \n", "x", true }, { "x\\ \n", "x ", true }, { "x\\ \n", "x", false },
		{ "x y\n", "x y", true }, { "x\r\n", "x", true }, { "\xef\xbb\xbfx\n", "x", true },
		{ "x", "x", true }, { "/\n", "x", false }, { "!\n", "x", false },
		{ "", "x", false },
		{ "doc/*.txt\n", "doc/a.txt", true }, { "doc/*.txt\n", "doc/a/b.txt", false },
		{ "*/x\n", "a/x", true }, { "*/x\n", "a/b/x", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t n = strlen(cases[i].path);
		bool folder = cases[i].path[n - 1] == '/';
		char *path = arena_strndup(a, cases[i].path, n - folder);
		struct gitignore g;

		gitignore_init(&g, a);
		gitignore_add(&g, "", cases[i].rules, strlen(cases[i].rules));
		is_int(gitignore_match(&g, path, folder), cases[i].want,
		       str_escaped(a, cases[i].rules, strlen(cases[i].rules)));
	}
}

static void test_folders(void)
{
	struct gitignore g;
	size_t mark;

	gitignore_init(&g, a);
	gitignore_add(&g, "", "*.env\n/top\n", 12);
	mark = g.n;
	gitignore_add(&g, "src/", "!x.env\n/only\nsub/y\n", 19);
	ok(!gitignore_match(&g, "src/x.env", false), "the inner file outranks the outer one");
	ok(!gitignore_match(&g, "src/deep/x.env", false), "... at any depth below it");
	ok(gitignore_match(&g, "x.env", false), "... and nowhere else");
	ok(gitignore_match(&g, "src/only", false), "/ is the folder of the file");
	ok(!gitignore_match(&g, "src/a/only", false), "... and not below");
	ok(gitignore_match(&g, "src/sub/y", false), "a slash in the middle counts from there, too");
	ok(!gitignore_match(&g, "srcs/only", false), "a folder's name is compared whole");
	g.n = mark;
	ok(gitignore_match(&g, "src/x.env", false), "taken back when the folder is left");
	ok(!gitignore_match(&g, "src/top", false), "a path that begins with / is only at the top");
}

/* A pattern that would take exponential time where each star tries all. */
static void test_hostile(void)
{
	static const char stars[] = "a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b",
		parts[] = "**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/b";
	char name[1001], path[2001];
	struct gitignore g;

	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (size_t i = 0; i < sizeof(path) - 1; i += 2)
		memcpy(path + i, "a/", 2);
	path[sizeof(path) - 2] = '\0';
	ok(!gitignore_glob(stars, name), "many stars end");
	ok(!gitignore_glob(parts, path), "many ** end");
	gitignore_init(&g, a);
	for (int i = 0; i < GITIGNORE_MOST + 5; i++)
		gitignore_add(&g, "", "x\n", 2);
	is_int((long)g.n, GITIGNORE_MOST, "the number of patterns is bounded");
}

int main(void)
{
	a = arena_new();
	test_globs();
	test_lines();
	test_folders();
	test_hostile();
	arena_free(a);
	return tap_done();
}
