/*
 * t-base-tsv - tables, the compiled-in files, base64, JSON strings.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/data.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/tsv.h"
#include "tests/unit/tap.h"

static struct arena *a;
static const char *const columns[] = { "id", "title", NULL };

static void test_good(void)
{
	static const char text[] = "# a comment\n\n  \ntitle\tid\textra\r\nOne thing\tone\tx\n"
				   "-\t two \t-\r\n# end\nThree\tthree\t";
	const char *error = NULL;
	struct tsv *t = tsv_parse(a, "x.tsv", text, sizeof(text) - 1, columns, &error);

	is_str(error, NULL, "no error");
	is_int(t ? t->n : 0, 3, "three rows");
	is_str(tsv_cell(t, 0, 0), "one", "columns are found by name");
	is_str(tsv_cell(t, 0, 1), "One thing", "blanks inside stay");
	is_str(tsv_cell(t, 1, 1), "", "a hyphen is nothing");
	is_str(tsv_cell(t, 1, 0), "two", "blanks around go");
	is_int(tsv_line(t, 1), 6, "the line in the file");
	is_str(tsv_cell(t, 3, 0), "", "past the last row");
	is_str(tsv_cell(t, 0, 2), "", "past the last column");
	t = tsv_parse(a, "bom", "\xef\xbb\xbfid\ttitle\n1\t2\n", 16, columns, &error);
	is_str(t ? tsv_cell(t, 0, 0) : error, "1", "a byte order mark is skipped");
}

static void test_missing(void)
{
	static const char *const wanted[] = { "id", "title?", "verify?", NULL };
	static const char text[] = "id\ttitle?\tx?\n1\n2\tb\n3\tc\td\n";
	const char *error = NULL;
	struct tsv *t = tsv_parse(a, "m", text, sizeof(text) - 1, wanted, &error);
	struct strv names = tsv_names(a, text, sizeof(text) - 1);

	is_str(error, NULL, "rows may end before columns that may be missing");
	is_str(tsv_cell(t, 0, 1), "", "a cell that is left out is empty");
	is_str(tsv_cell(t, 1, 1), "b", "... one that is there is not");
	is_str(tsv_cell(t, 2, 2), "", "a column that the file has not got is empty");
	is_str(strv_join(&names, a, " "), "id title x", "their names are without the mark");
}

static void test_bad(void)
{
	static const struct { struct span in; const char *error; } cases[] = {
		{ SPAN_LITERAL("id\ttitle?\tx?\n1\t2\t3\t4\n"), "t:2: 4 cells, expected 3, one "
		  "for each column (an empty cell is written as \"-\")" },
		{ SPAN_LITERAL("id\ttitle\tx?\n1\n"), "t:2: 1 cells, expected 2, one for each "
		  "column (an empty cell is written as \"-\")" },
		{ SPAN_LITERAL("id\tx?\ttitle\n"),
		  "t:1: column 'title': expected before those that may be missing" },
		{ SPAN_LITERAL(""), "t:1: empty: expected a line that names the columns" },
		{ SPAN_LITERAL("# only\n"), "t:1: empty: expected a line that names the columns" },
		{ SPAN_LITERAL("id\tname\n"), "t:1: column 'title': expected in the line that "
		  "names the columns, and is not there" },
		{ SPAN_LITERAL("id\ttitle\tid\n"), "t:1: column 'id' is there twice" },
		{ SPAN_LITERAL("id\ttitle\n1\n"), "t:2: 1 cells, expected 2, one for each column "
		  "(an empty cell is written as \"-\")" },
		{ SPAN_LITERAL("id\ttitle\n\n1\t2\t3\n"), "t:3: 3 cells, expected 2, one for each "
		  "column (an empty cell is written as \"-\")" },
		{ SPAN_LITERAL("id\ttitle\n1\ta\xff\n"), "t:2: byte 4 of the line is not UTF-8" },
		{ SPAN_LITERAL("id\ttitle\n1\t\x1b[m\n"),
		  "t:2: byte 3 of the line is a control character (0x1b)" },
		{ SPAN_LITERAL("id\ttitle\n1\ta\0\n"),
		  "t:2: byte 4 of the line is a control character (0x00)" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *error = NULL;

		ok(!tsv_parse(a, "t", cases[i].in.p, cases[i].in.len, columns, &error),
		   "a bad table is refused");
		is_str(error, cases[i].error, "... in one line that says where and why");
	}
}

static void test_big(void)
{
	size_t n = LIMIT_TABLE + 1;
	_cleanup_(xfreep) char *text = xmalloc(n);
	const char *error = NULL;
	struct tsv *t;

	memset(text, '#', n);
	memcpy(text, "id\ttitle\n1\t2\n", 13);
	t = tsv_parse(a, "big", text, n - 1, columns, &error);
	is_int(t ? t->n : 99, 1, "the largest table");
	ok(!tsv_parse(a, "big", text, n, columns, &error), "one byte more");
	is_str(error, "big:1: the table has 16777217 bytes, more than 16777216", "... says so");
}

static void test_data(void)
{
	bool text = true;

	for (const struct data_file *f = data_files; f->name; f++)
		text &= data_find(f->name) == f && strlen(f->bytes) == f->len && f->len > 0;
	ok(text, "each compiled-in file is found by its name and has the length it says");
	ok(data_find("no.scenario") == NULL, "one that is not there is not found");
	ok(data_table_find("no.tsv") == NULL, "... nor is a table");
}

/* The file of data/ this table was made from; NULL when it can't be read. */
static struct tsv *source_of(const struct data_table *d, const char *const *names)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_TABLE);
	const char *top = getenv("top_srcdir"), *error = NULL;
	FILE *f = fopen(arena_printf(a, "%s/data/%s", top ? top : ".", d->name), "re");
	struct tsv *t;
	char chunk[1024];
	size_t n;

	if (!f)
		return NULL;
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_add(&b, chunk, n);
	fclose(f);
	t = tsv_parse(a, d->name, buf_str(&b), b.len, names, &error);
	is_str(error, NULL, arena_printf(a, "data/%s is a table", d->name));
	return t;
}

/* embed.awk cuts tables as tsv.c does. */
static void test_tables(void)
{
	for (const struct data_table *d = data_tables; d->name; d++) {
		const char **names = arena_alloc(a, (d->width + 1) * sizeof(*names));
		struct tsv *want, *got;
		size_t rows = 0;

		for (size_t i = 0; i < d->width; i++)
			/* in any order */
			names[i] = d->text + d->cells[(d->width - 1 - i) * (d->n + 1)];
		want = source_of(d, names);
		got = tsv_of_data(a, d, names);
		if (!want) {
			ok(false, arena_printf(a, "data/%s can be read", d->name));
			continue;
		}
		is_int(got->n, want->n, arena_printf(a, "rows of %s", d->name));
		for (; rows < want->n && rows < got->n; rows++) {
			for (size_t i = 0; i < d->width; i++)
				if (!str_eq(tsv_cell(got, rows, i), tsv_cell(want, rows, i)))
					is_str(tsv_cell(got, rows, i), tsv_cell(want, rows, i),
					       arena_printf(a, "%s:%d: %s", d->name,
							    tsv_line(want, rows), names[i]));
			if (tsv_line(got, rows) != tsv_line(want, rows))
				is_int(tsv_line(got, rows), tsv_line(want, rows), "its line");
		}
		is_str(tsv_cell(got, rows, 0), "", "a cell past the end");
		is_int(tsv_line(got, rows), 0, "a line past the end");
	}
}

/* A line for each field. */
static void test_fields(void)
{
	static const char *const fields[] = { "id", "fix", "note", NULL };
	static const struct { const char *text, *error; } bad[] = {
		{ "id: a\nnote\n", "t:2: expected a line 'column: value'" },
		{ "id: a\n\nid: b\nnoot: x\n", "t:4: there is no column 'noot'" },
		{ "id: a\nid: b\n", "t:2: column 'id' is there twice" },
		{ "id: a\nnote: \x01\n", "t:2: byte 7 of the line is a control character (0x01)" },
	};
	const char *error = NULL, *many = "id: a\n",
		*text = "# c\n\n\nid: a\nfix: one\nfix: two: x\r\n\n# c\n \t\nnote:  n \nid: -\n";
	struct tsv *t = tsv_parse(a, "t", text, strlen(text), fields, &error);

	is_str(error, NULL, "a line for each field");
	if (!t)
		return;
	is_int(t->n, 2, "rows are apart by blank lines");
	is_str(tsv_cell(t, 0, 1), "one || two: x", "steps are joined");
	is_str(tsv_cell(t, 0, 2), "", "what is not there is empty");
	is_str(tsv_cell(t, 1, 2), "n", "... in any order");
	is_str(tsv_cell(t, 1, 0), "", "a hyphen is nothing");
	is_int(tsv_line(t, 0), 4, "a row is where it begins");
	is_int(tsv_line(t, 1), 10, "... and so is the second");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		tsv_parse(a, "t", bad[i].text, strlen(bad[i].text), fields, &error);
		is_str(error, bad[i].error, "a bad line of a field is refused");
	}
	for (int i = 0; i < 66; i++)
		many = arena_printf(a, "%sfix: x\n", many);
	tsv_parse(a, "t", many, strlen(many), fields, &error);
	is_str(error, "t:67: column 'fix': more than 64 lines", "more steps than anybody takes");
}

static void test_base64(void)
{
	static const struct { const char *plain, *coded; } cases[] = {	/* RFC 4648, 10 */
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" }, { "\xff\xfe\xfd", "//79" },
	};
	static const char *const bad[] = { "Z", "Zg=", "Zg===", "Z===", "Zm9v=", "Zm 9v", "Zm9v\n",
					   "Zh==", "Zm9=", "====", "=", "Zm=v", "*" };
	_cleanup_(buf_release) struct buf b = BUF_INIT(64), small = BUF_INIT(7);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		buf_clear(&b);
		ok(base64_encode(&b, cases[i].plain, strlen(cases[i].plain)), "encode");
		is_str(buf_str(&b), cases[i].coded, "... gives");
		buf_clear(&b);
		ok(base64_decode(&b, cases[i].coded, strlen(cases[i].coded)), "decode");
		is_str(buf_str(&b), cases[i].plain, "... gives");
		buf_clear(&b);
		ok(base64_decode(&b, cases[i].coded, strcspn(cases[i].coded, "=")),
		   "decode without padding");
		is_str(buf_str(&b), cases[i].plain, "... gives");
	}
	buf_clear(&b);
	ok(base64_decode(&b, "__79", 4) && b.len == 3, "the URL alphabet");
	buf_clear(&b);
	buf_adds(&b, "kept");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		ok(!base64_decode(&b, bad[i], strlen(bad[i])),
		   arena_printf(a, "'%s' is refused", bad[i]));
		is_str(buf_str(&b), "kept", "... and the buffer is as before");
	}
	ok(!base64_encode(&small, "foobar", 6) && small.overflow && small.len == 0,
	   "encode past the limit adds nothing");
}

static void test_json(void)
{
	_cleanup_(json_decrefp) json_t *o = json_object();
	_cleanup_(xfreep) char *text = NULL;

	json_put(o, "a", json_safe("gr\xc3\xbc\xff\x1b"));
	json_put(o, "b", json_safe(NULL));
	json_put(o, "c", json_array());
	json_push(json_object_get(o, "c"), json_safe("x"));
	text = json_dumps(o, JSON_COMPACT);
	is_str(text, "{\"a\":\"gr\xc3\xbc\\\\xff\\\\x1b\",\"b\":null,\"c\":[\"x\"]}",
	       "strings of any bytes become valid JSON");
}

int main(void)
{
	a = arena_new();
	test_good();
	test_missing();
	test_bad();
	test_big();
	test_data();
	test_tables();
	test_fields();
	test_base64();
	test_json();
	arena_free(a);
	return tap_done();
}
