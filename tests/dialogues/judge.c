/*
 * judge - holds a report against what a dialogue wants: `judge DIALOGUE REPORT STATUS [WHOLE]`.
 * Prints what differs; the exit status says if anything does. WHOLE is the report of a run that was
 * not cut short, as REPORT's was: REPORT may call good only what has the answers that count. The
 * lines it reads:
 *
 *	want status WORDS			of the whole; WORDS are alternatives: pass|warn
 *	want cause IDS [certain]		the first of the diagnosis; none = there is none,
 *						any = there is one
 *	want known CAUSE CERTAINTY BY		it is in the diagnosis, no less certain than that
 *						(and first, unless possible will do), and known by
 *						the rule, row or finding BY ("rule
 *						tls-old-only"); - = by anything
 *	want unknown CAUSE BY			it is not in the diagnosis, and nothing
 *						there is known by BY
 *	want check IDS STATUSES [FINDING]	some check of these ids has one of these statuses
 *	want fact NAME GLOB			its value; - = it is not there
 *	want text WORDS, want no-text WORDS	somewhere in the report, or nowhere
 *
 * Besides, the exit status must be the one of the report's status (of an explanation: 1 when
 * nothing was recognised), and the password and the token of the dialogue must not be in the
 * report, as they are or in base64.
 */
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/scan.h"
#include "base/str.h"

static struct arena *a;
static struct buf report = BUF_INIT(16 * 1024 * 1024);
static json_t *root;
static int wrong;

static void differs(struct span want, const char *got)
{
	printf("want  %.*s\ngot   %s\n", (int)want.len, want.p, got);
	wrong = 1;
}

/* The next word of a line, as a string. */
static char *word(struct scan *s)
{
	scan_blanks(s);
	return span_dup(a, scan_until(s, " \t"));
}

/* Is s one of "a|b|c"? */
static bool one_of(const char *list, const char *s)
{
	struct scan scan = scan_over(list, strlen(list));

	while (!scan_done(&scan)) {
		if (span_eq(scan_until(&scan, "|"), s))
			return true;
		scan_accept(&scan, '|');
	}
	return false;
}

static const char *text_of(json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s ? s : "";
}

static void want_status(struct span line, struct scan *s)
{
	const char *got = text_of(root, "status");

	if (!one_of(word(s), got))
		differs(line, got);
}

static void want_cause(struct span line, struct scan *s)
{
	json_t *first = json_array_get(json_object_get(root, "diagnosis"), 0);
	const char *id = first ? text_of(first, "cause") : "none",
		*certainty = text_of(first, "certainty");
	const char *ids = word(s), *how = word(s);

	if ((!one_of(ids, id) && !(first && one_of(ids, "any"))) ||
	    (*how && !one_of(how, certainty)))
		differs(line, arena_printf(a, "%s %s", id, certainty));
}

static int weight(const char *certainty)
{
	if (str_eq(certainty, "certain"))
		return 3;
	return str_eq(certainty, "likely") ? 2 : str_eq(certainty, "possible");
}

/*
 * "rule tls-old-only" as it is, "hint stars in the greeting" of "stars in the greeting",
 * "m365-535-tenant-off" of "m365-535-tenant-off, by provider and text".
 */
static bool known_by(json_t *diagnosed, const char *by)
{
	const char *got = text_of(diagnosed, "matched_by");
	size_t n;

	by += str_has_prefix(by, "hint ") ? strlen("hint ") : 0;
	n = strlen(by);
	return str_eq(by, "-") || (str_has_prefix(got, by) && (got[n] == '\0' || got[n] == ','));
}

static void want_known(struct span line, struct scan *s)
{
	const char *id = word(s), *certainty = word(s), *by = span_dup(a, span_trim(scan_rest(s))),
		*got = "it is not in the diagnosis";
	json_t *diagnosed;
	size_t i;

	json_array_foreach (json_object_get(root, "diagnosis"), i, diagnosed) {
		const char *found = text_of(diagnosed, "certainty");

		if (!str_eq(text_of(diagnosed, "cause"), id))
			continue;
		if (weight(found) >= weight(certainty) && (i == 0 || weight(certainty) == 1) &&
		    known_by(diagnosed, by))
			return;
		got = arena_printf(a, "%s at place %zu, by %s", found, i + 1,
				   text_of(diagnosed, "matched_by"));
	}
	differs(line, got);
}

static void want_unknown(struct span line, struct scan *s)
{
	const char *id = word(s), *by = span_dup(a, span_trim(scan_rest(s)));
	json_t *diagnosed;
	size_t i;

	json_array_foreach (json_object_get(root, "diagnosis"), i, diagnosed) {
		if (str_eq(text_of(diagnosed, "cause"), id) ||
		    (!str_eq(by, "-") && known_by(diagnosed, by)))
			differs(line, arena_printf(a, "%s %s, by %s", text_of(diagnosed, "cause"),
						   text_of(diagnosed, "certainty"),
						   text_of(diagnosed, "matched_by")));
	}
}

static void want_check(struct span line, struct scan *s)
{
	const char *ids = word(s), *statuses = word(s), *finding = word(s), *got = "no such check";
	json_t *check;
	size_t i;

	json_array_foreach (json_object_get(root, "checks"), i, check) {
		if (!one_of(ids, text_of(check, "id")))
			continue;
		if (one_of(statuses, text_of(check, "status")) &&
		    (!*finding || one_of(finding, text_of(check, "finding"))))
			return;
		got = arena_printf(a, "%s %s: %s", text_of(check, "status"),
				   text_of(check, "finding"), text_of(check, "summary"));
	}
	differs(line, got);
}

static void want_fact(struct span line, struct scan *s)
{
	json_t *value = json_object_get(json_object_get(root, "facts"), word(s));
	const char *glob = span_dup(a, span_trim(scan_rest(s))), *got = "-";
	char number[64];

	if (json_is_string(value)) {
		got = json_string_value(value);
	} else if (value) {
		size_t n = json_dumpb(value, number, sizeof(number), JSON_ENCODE_ANY);

		got = arena_strndup(a, number, n < sizeof(number) ? n : sizeof(number));
	}
	if (!str_glob(glob, got))
		differs(line, got);
}

static void want_text(struct span line, struct scan *s, bool there)
{
	struct span words = span_trim(scan_rest(s));

	if ((span_find_nocase(span_of(buf_str(&report)), words) != NULL) != there)
		differs(line, there ? "it is not there" : "it is there");
}

static void one_line(struct span line)
{
	struct scan s = scan_span(line);
	const char *key = word(&s), *what;

	if (!str_eq(key, "want"))
		return;
	what = word(&s);
	if (str_eq(what, "status"))
		want_status(line, &s);
	else if (str_eq(what, "cause"))
		want_cause(line, &s);
	else if (str_eq(what, "known"))
		want_known(line, &s);
	else if (str_eq(what, "unknown"))
		want_unknown(line, &s);
	else if (str_eq(what, "check"))
		want_check(line, &s);
	else if (str_eq(what, "fact"))
		want_fact(line, &s);
	else if (str_eq(what, "text") || str_eq(what, "no-text"))
		want_text(line, &s, what[0] == 't');
	else
		differs(line, "a line that means nothing");
}

/* 0 good, 1 a problem, 3 could not be tested; an explanation: 0 recognised, 1 not. */
static void exit_fits(const char *status)
{
	const char *word = text_of(root, "status"), *want = str_eq(word, "fail") ? "1" : "3";

	if (one_of("pass|warn", word))
		want = "0";
	if (str_has_prefix(text_of(root, "schema"), "smtpwhy.explanation/"))
		want = json_array_size(json_object_get(root, "diagnosis")) ? "0" : "1";

	if (!str_eq(want, status))
		differs(SPAN_LITERAL("an exit status that fits"),
			arena_printf(a, "%s for %s", status, word));
}

/* A secret of the dialogue is nowhere in the report. */
static void hidden(struct span line)
{
	struct buf coded = BUF_INIT(4096);
	struct scan s = scan_span(line);
	const char *key = word(&s);
	struct span secret = span_trim(scan_rest(&s)), whole = { buf_str(&report), report.len };

	if ((!str_eq(key, "password") && !str_eq(key, "token")) || secret.len == 0)
		return;
	base64_encode(&coded, secret.p, secret.len);
	if (span_find_nocase(whole, secret) || span_find_nocase(whole, span_of(buf_str(&coded))))
		differs(SPAN_LITERAL("no secret in the report"),
			arena_printf(a, "the %s is in it", key));
	buf_release(&coded);
}

/* Is it one of the questions that a run is about, as its user sees it? */
static bool counts(const char *id)
{
	static const char *const main_ids[] = {
		"smtp.ehlo", "auth.login", "auth.plain", "auth.xoauth2", "auth.oauthbearer",
			"smtp.mail-from", "smtp.rcpt-to", "smtp.data",
		"smtp.senders", "direct-send.test", "graph.send",
	};

	for (size_t i = 0; i < ARRAY_LEN(main_ids); i++)
		if (str_eq(id, main_ids[i]))
			return true;
	return false;
}

/* The status of the same check at the same endpoint in the report; "" when it is not there. */
static const char *status_here(const char *id, const char *endpoint)
{
	json_t *check;
	size_t i;

	json_array_foreach (json_object_get(root, "checks"), i, check)
		if (str_eq(text_of(check, "id"), id) && str_eq(text_of(check, "endpoint"),
			endpoint))
			return text_of(check, "status");
	return "";
}

/* A run that was cut short is good only if it has all the answers that count. */
static void good_by_right(json_t *whole)
{
	json_t *check;
	size_t i;

	if (!one_of("pass|warn", text_of(root, "status")))
		return;
	json_array_foreach (json_object_get(whole, "checks"), i, check) {
		const char *id = text_of(check, "id"), *was = text_of(check, "status");
		const char *is = status_here(id, text_of(check, "endpoint"));

		if (counts(id) && one_of("pass|warn|fail|unknown", was) && !one_of("pass|warn", is))
			differs(SPAN_LITERAL("no \"good\" without the answers that count"),
				arena_printf(a, "%s, and %s is %s (whole: %s)", text_of(root,
					"status"), id, is, was));
	}
}

static bool read_all(const char *path, struct buf *b)
{
	char piece[2048];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	while (fd >= 0 && (n = read(fd, piece, sizeof(piece))) > 0)
		buf_add(b, piece, (size_t)n);
	if (fd >= 0)
		close(fd);
	return n == 0 && !b->overflow;
}

int main(int argc, char **argv)
{
	struct buf dialogue = BUF_INIT(1024 * 1024);
	struct scan s;

	a = arena_new();
	if (argc < 4 || argc > 5 || !read_all(argv[1], &dialogue) || !read_all(argv[2], &report)) {
		puts("usage: judge DIALOGUE REPORT STATUS [WHOLE]");
		return 2;
	}
	root = json_loads(buf_str(&report), 0, NULL);
	if (!root)
		differs(SPAN_LITERAL("a report in JSON"),
			report.len ? buf_str(&report) : "nothing");
	exit_fits(argv[3]);
	if (argc > 4) {
		json_t *whole = json_load_file(argv[4], 0, NULL);

		good_by_right(whole);
		json_decref(whole);
	}
	s = scan_over(buf_str(&dialogue), dialogue.len);
	while (!scan_done(&s)) {
		struct span line = scan_line(&s);

		one_line(line);
		hidden(line);
	}
	json_decref(root);
	buf_release(&dialogue);
	buf_release(&report);
	arena_free(a);
	return wrong;
}
