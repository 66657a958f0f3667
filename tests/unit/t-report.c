/*
 * t-report - the printers, compared with tests/unit/report/NAME.txt. UPDATE=1 in the environment
 * writes those anew: read the difference.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "report/report.h"
#include "report/width.h"
#include "tests/unit/report-cases.h"
#include "tests/unit/tap.h"

static struct arena *a;

static const struct report_style plain = { .unicode = true, .columns = 80 };

static const char *golden_path(const char *name)
{
	const char *top = getenv("top_srcdir");

	return arena_printf(a, "%s/tests/unit/report/%s.txt", top ? top : ".", name);
}

static const char *read_golden(const char *name)
{
	_cleanup_(xfreep) char *text = xcalloc(1, 64 * 1024);
	FILE *f = fopen(golden_path(name), "re");

	if (f) {
		if (fread(text, 1, 64 * 1024 - 1, f) == 0)
			text[0] = '\0';
		fclose(f);
	}
	return arena_strdup(a, text);
}

static void compare(const char *got, const char *name)
{
	FILE *f = getenv("UPDATE") ? fopen(golden_path(name), "we") : NULL;

	if (f) {
		fputs(got, f);
		fclose(f);
	}
	is_str(got, read_golden(name),
	       arena_printf(a, "%s is as in tests/unit/report/%s.txt", name, name));
}

/*
 * What holds of every text: nothing passes the edge but what must not be broken, no line ends in
 * blanks, no control characters.
 */
static void test_shape(const char *text, const char *name)
{
	bool narrow = true, clean = true, printable = true;

	for (const char *p = text; *p; ) {
		size_t n = strcspn(p, "\n");
		const char *line = arena_strndup(a, p, n);
		bool free_form = strstr(line, "https://") || strstr(line, "Set-CASMailbox") ||
				 strstr(line, "aaaaaaaa") || strstr(line, "S: ");

		narrow &= width_of(line) <= 80 || free_form;
		clean &= n == 0 || line[n - 1] != ' ';
		for (const char *c = line; *c; c++)
			printable &= (unsigned char)*c >= ' ' && *c != 0x7f;
		p += n + (p[n] == '\n');
	}
	ok(narrow, arena_printf(a, "%s: 80 columns", name));
	ok(clean, arena_printf(a, "%s: no blanks at the ends of lines", name));
	ok(printable, arena_printf(a, "%s: no control characters", name));
}

static void test_text(const struct result *r, const struct report_style *style, const char *name)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	is_int(report_alone(f, "text", style, REPORT_CHECK, r), 0, "printed");
	fclose(f);
	compare(text, name);
	if (!style->color)
		test_shape(text, name);
	free(text);
}

static void test_explanation(const struct explanation *e, const struct report_style *style,
			     const char *name)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	is_int(report_alone(f, "text", style, REPORT_EXPLANATION, e), 0, "printed");
	fclose(f);
	compare(text, name);
	test_shape(text, name);
	free(text);
}

static json_t *json_of(const struct result *r, bool one_line, size_t *ret_lines)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	json_t *j;

	report_alone(f, one_line ? "ndjson" : "json", &plain, REPORT_CHECK, r);
	fclose(f);
	*ret_lines = 0;
	for (size_t i = 0; i < n; i++)
		*ret_lines += text[i] == '\n';
	j = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	free(text);
	return j;
}

static const char *string_at(const json_t *j, const char *key)
{
	return json_string_value(json_object_get(j, key));
}

static void test_json(void)
{
	static const char *const keys[] = {
		"schema", "tool", "started", "duration_ms", "target", "status", "checks", "facts",
		"diagnosis", "tell_apart", "unknowable", "next_blockers", "untested", "times",
		"transcripts",
	};
	size_t lines;
	json_t *j = json_of(case_refused(a), false, &lines), *check, *d, *facts;

	ok(j != NULL, "the report is JSON");
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		ok(json_object_get(j, keys[i]) != NULL,
		   arena_printf(a, "... it has '%s'", keys[i]));
	is_int(json_object_size(j), ARRAY_LEN(keys), "... and nothing else");
	is_str(string_at(j, "schema"), "smtpwhy.report/1", "schema");
	is_str(string_at(j, "started"), "2026-11-20T12:00:00Z", "started");
	is_str(string_at(j, "status"), "fail", "status");
	check = json_array_get(json_object_get(j, "checks"), 3);
	is_str(string_at(check, "id"), "auth.xoauth2", "the check's id");
	is_str(string_at(check, "finding"), "auth.refused", "the finding");
	is_str(string_at(json_object_get(check, "reply"), "enhanced"), "5.7.139", "the reply");
	check = json_array_get(json_object_get(j, "checks"), 1);
	is_str(string_at(check, "id"), "tcp.587", "an id with the port");
	ok(json_is_null(json_object_get(check, "finding")) &&
	   json_is_null(json_object_get(check, "reply")),
	   "nothing is null");
	facts = json_object_get(j, "facts");
	is_str(string_at(facts, "smtp.587.starttls.version"), "TLS1.3", "a fact that is a string");
	is_int(json_integer_value(json_object_get(facts, "cert.587.days-left")), 212,
	       "a fact that is a number");
	ok(json_is_true(json_object_get(facts, "tcp.587.open")), "a fact that is a boolean");
	d = json_array_get(json_object_get(j, "diagnosis"), 0);
	is_str(string_at(d, "cause"), "tenant-smtp-auth-disabled", "the cause");
	is_str(string_at(d, "certainty"), "certain", "its certainty");
	is_int(json_array_size(json_object_get(d, "fix")), 2, "its steps");
	json_decref(j);

	j = json_of(case_apart(a), false, &lines);
	d = json_array_get(json_object_get(j, "tell_apart"), 0);
	is_int(json_array_size(json_object_get(j, "tell_apart")), 5,
	       "every test that tells apart is there");
	is_str(string_at(d, "test"), "Run the same check from another network", "what to do");
	is_str(string_at(d, "command"), "smtpwhy check mx.contoso.com:587", "the command");
	is_str(string_at(d, "confidence"), "observed", "how far it is to be believed");
	is_str(json_string_value(json_array_get(json_object_get(d, "causes"), 1)), "no-listener",
	       "what it is about");
	ok(json_is_null(json_object_get(json_array_get(json_object_get(j, "tell_apart"), 1),
					"command")),
	   "no command is null");
	is_int(json_array_size(json_object_get(j, "unknowable")), 3, "what nobody can tell");
	json_decref(j);

	j = json_of(case_hostile(a), true, &lines);
	ok(j != NULL, "hostile bytes become valid JSON");
	is_int(lines, 1, "... in one line");
	json_decref(j);
}

/* The document of one result, in the arena. */
static const char *junit_of(const struct result *r, bool strict)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	struct report report;
	const char *copy;

	report_begin(&report, f, "junit", &plain);
	report.strict = strict;
	report_put(&report, REPORT_CHECK, r);
	report_end(&report);
	fclose(f);
	copy = arena_strdup(a, text);
	free(text);
	return copy;
}

/*
 * What a case is by its status, that of the whole and --strict: red where the exit status is not 0.
 */
static void test_junit_colour(void)
{
	static const struct { enum status whole, one; bool strict;
			      const char *failures; } table[] = {
		{ STATUS_PASS, STATUS_PASS, false, "failures=\"0\" errors=\"0\" skipped=\"0\"" },
		{ STATUS_PASS, STATUS_SKIP, false, "failures=\"0\" errors=\"0\" skipped=\"1\"" },
		{ STATUS_PASS, STATUS_UNKNOWN, false, "failures=\"0\" errors=\"0\" skipped=\"1\"" },
		{ STATUS_WARN, STATUS_WARN, false, "failures=\"0\" errors=\"0\" skipped=\"0\"" },
		{ STATUS_WARN, STATUS_WARN, true, "failures=\"1\" errors=\"0\" skipped=\"0\"" },
		{ STATUS_UNKNOWN, STATUS_UNKNOWN, false,
		  "failures=\"0\" errors=\"1\" skipped=\"0\"" },
		{ STATUS_UNKNOWN, STATUS_PASS, false, "failures=\"0\" errors=\"1\" skipped=\"0\"" },
		{ STATUS_UNKNOWN, STATUS_SKIP, false, "failures=\"0\" errors=\"1\" skipped=\"1\"" },
		{ STATUS_FAIL, STATUS_FAIL, false, "failures=\"1\" errors=\"0\" skipped=\"0\"" },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct result *r = case_good(a);

		r->status = table[i].whole;
		r->outcomes[0].status = table[i].one;
		ok(strstr(junit_of(r, table[i].strict), table[i].failures) != NULL,
		   arena_printf(a, "JUnit: %s below %s%s: %s", status_name(table[i].one),
				status_name(table[i].whole), table[i].strict ? ", strict" : "",
				table[i].failures));
	}
}

/* XML 1.0 section 2.2, production 2; without the tab and CR, which are escaped before. */
static bool is_xml(const char *text)
{
	for (size_t n; *text; text += n) {
		n = str_utf8(text, strlen(text));
		if (!n || ((unsigned char)*text < ' ' && *text != '\n') ||
		    str_has_prefix(text, "\xef\xbf\xbe") || str_has_prefix(text, "\xef\xbf\xbf"))
			return false;
	}
	return true;
}

static size_t count(const char *text, char c)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == c;
	return n;
}

/* The bytes of a character, also of those that are none (surrogates). */
static void add_utf8(char **to, uint32_t u)
{
	char *p = *to;

	if (u < 0x80) {
		*p++ = (char)u;
	} else if (u < 0x800) {
		*p++ = (char)(0xc0 | u >> 6);
		*p++ = (char)(0x80 | (u & 0x3f));
	} else {
		*p++ = (char)(0xe0 | u >> 12);
		*p++ = (char)(0x80 | (u >> 6 & 0x3f));
		*p++ = (char)(0x80 | (u & 0x3f));
	}
	*to = p;
}

/*
 * Whatever a server says, in an attribute and in an element: XML, with the elements of other words.
 */
static void test_junit_bytes(void)
{
	struct result *r = case_good(a);
	size_t elements, bad = 0;

	r->status = r->outcomes[0].status = STATUS_FAIL;
	r->outcomes[0].summary = "no";
	elements = count(junit_of(r, false), '<');
	for (uint32_t block = 0; block <= 0x100; block++) {
		char said[256 * 3 + 1], *to = said;

		for (uint32_t u = !block; u < 256; u++) {
			if (block == 0x100)
				*to++ = (char)(u ? u : 1);	/* bytes that are no UTF-8 */
			else
				add_utf8(&to, block << 8 | u);
		}
		*to = '\0';
		r->outcomes[0].summary = said;
		bad += !is_xml(junit_of(r, false)) || count(junit_of(r, false), '<') != elements;
	}
	is_int(bad, 0,
	       "JUnit: XML whatever is said, every character of the first plane and every byte");
}

static void test_width(void)
{
	is_int(width_of("abc"), 3, "width: ASCII");
	is_int(width_of("gr\xc3\xbc\xc3\x9f"), 4, "width: Latin");
	is_int(width_of("\xe6\x97\xa5\xe6\x9c\xac"), 4, "width: CJK takes two each");
	is_int(width_of("e\xcc\x81"), 1, "width: a combining accent takes none");
	is_int(width_of("\xf0\x9f\x98\x80"), 2, "width: emoji");
	is_int(width_of(""), 0, "width: nothing");
}

static void test_full_disk(void)
{
	FILE *f = fopen("/dev/full", "we");

	if (!f)
		return;
	is_int(report_alone(f, "text", &plain, REPORT_CHECK, case_refused(a)), -1,
	       "text to a full disk fails");
	fclose(f);
	f = fopen("/dev/full", "we");
	is_int(report_alone(f, "json", &plain, REPORT_CHECK, case_refused(a)), -1,
	       "JSON to a full disk fails");
	fclose(f);
}

int main(void)
{
	static const struct report_style color = { .color = true, .unicode = true, .columns = 80 },
		ascii = { .columns = 80 },
		verbose = { .unicode = true, .verbose = true, .columns = 80 },
		quiet = { .unicode = true, .quiet = true, .columns = 80 };

	a = arena_new();
	test_text(case_refused(a), &plain, "refused");
	test_text(case_refused(a), &color, "refused-color");
	test_text(case_refused(a), &ascii, "refused-ascii");
	test_text(case_refused(a), &verbose, "refused-verbose");
	test_text(case_mixed(a), &plain, "mixed");
	test_text(case_mixed(a), &quiet, "mixed-quiet");
	test_text(case_apart(a), &plain, "apart");
	test_text(case_apart(a), &verbose, "apart-verbose");
	test_text(case_good(a), &plain, "good");
	test_text(case_hostile(a), &verbose, "hostile");
	test_explanation(case_explained(a), &plain, "explained");
	test_explanation(case_explained(a), &verbose, "explained-verbose");
	test_explanation(case_unknown(a, "a permanent refusal (5), about policy (7)"), &plain,
			 "unknown-decoded");
	test_explanation(case_unknown(a, ""), &plain, "unknown");
	test_json();
	test_junit_colour();
	test_junit_bytes();
	test_width();
	test_full_disk();
	arena_free(a);
	return tap_done();
}
