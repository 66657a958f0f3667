/*
 * f-file - any bytes as a file that a person names: the first byte says which. Packed or plain
 * input (base/input.h), a list of senders, a kept token, a table behind --codes with all that is
 * done with its rows.
 */
#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/input.h"
#include "cmd/from-list.h"
#include "cmd/token-cache.h"
#include "know/know.h"
#include "report/report.h"
#include "tests/fuzz/frame.h"
#include "tests/fuzz/fuzz.h"

const unsigned fuzz_places = 60;

enum { UNPACKED_MOST = 32 * 1024 * 1024, ROWS_MOST = 100000 };

/* What cmd/ prints is escaped there: a message may quote the file as it is. */
static void one_line(const char *text)
{
	assert(*text && !strchr(text, '\n'));
}

/* --- packed --- */

static void input(const void *p, size_t n)
{
	struct input *in = input_open(frame_file(p, n));
	const char *bytes;
	size_t all = 0;
	ssize_t got;

	while ((got = input_read(in, &bytes)) > 0 && all < UNPACKED_MOST) {
		all += (size_t)got;
		assert(bytes[0] == bytes[0] && bytes[got - 1] == bytes[got - 1]);
	}
	assert((got < 0) == (*input_trouble(in) != '\0'));
	assert(input_taken(in) <= (int64_t)n);
	assert(input_is_packed(in) || got < 0 || all == n);
	if (got < 0)
		one_line(input_trouble(in));
	input_free(in);
}

/* --- senders --- */

static void senders(const void *p, size_t n)
{
	struct arena *a = arena_new();
	struct strv list = { NULL, 0, 0 };
	const char *error = from_list_parse(a, (struct span) { p, n }, &list);

	assert(list.n <= FROM_LIST_MOST && (error || list.n));
	for (size_t i = 0; i < list.n; i++)
		assert(is_mail_address(list.v[i]) && !strpbrk(list.v[i], " \r\n\t<>"));
	if (error)
		one_line(error);
	arena_free(a);
}

/* --- a kept token --- */

static char state[] = "/tmp/smtpwhy-fuzz-XXXXXX";

static void remove_state(void)
{
	char path[128];
	static const char *const below[] = { "/smtpwhy/tokens/a.json", "/smtpwhy/tokens",
					     "/smtpwhy", "" };

	for (size_t i = 0; i < ARRAY_LEN(below); i++) {
		snprintf(path, sizeof(path), "%s%s", state, below[i]);
		remove(path);
	}
}

static void token(const void *p, size_t n)
{
	struct arena *a = arena_new();
	struct cached *kept = arena_alloc(a, LIMIT_CACHED * sizeof(*kept));
	struct token_cache *t;
	static bool made;
	const char *error = NULL;
	size_t found;
	int fd;

	if (!made) {
		assert(mkdtemp(state) && setenv("XDG_STATE_HOME", state, 1) == 0);
		atexit(remove_state);
		made = true;
	}
	t = token_cache_open(a, true, &error);
	assert(t);
	fd = open(arena_printf(a, "%s/a.json", token_cache_folder(t)),
		  O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert(fd >= 0 && (n == 0 || write(fd, p, n) == (ssize_t)n));
	close(fd);
	found = token_cache_list(t, kept, &error);
	assert(found + (error != NULL) == 1);
	if (found) {
		assert(kept->access && kept->cloud && kept->user && kept->name && kept->purpose &&
		       kept->proof);
		cached_is_fresh(kept, 1900000000);
		cached_release(kept);
	} else {
		one_line(error);
	}
	token_cache_close(t);
	arena_free(a);
}

/* --- a table --- */

static int codes_text(FILE *to, void *arg)
{
	const struct report_style style = { .unicode = true, .verbose = true, .columns = 80 };

	return report_alone(to, "text", &style, REPORT_CODES, arg);
}

static int codes_json(FILE *to, void *arg)
{
	return report_alone(to, "json", &(struct report_style) { .columns = 80 },
			    REPORT_CODES, arg);
}

static void matched(struct arena *a, const struct know *k, const struct error_row *row)
{
	struct span lines[1] = { span_of(*row->example ? row->example : "535 5.7.8 no") };
	struct reply *r = reply_of_lines(a, STAGE_AUTH, lines, 1);
	struct error_match m;

	if (r && know_meaning(k, a, "", r, &m))
		assert(m.row && m.row->words.cause && *m.by);
}

static void table(const void *p, size_t n)
{
	const char *error = NULL, *path = frame_file(p, n);
	struct arena *a = arena_new();
	const struct know *k = know_new(a, path, &error);
	struct code_rows own = { .n = 0 };

	if (!k) {
		one_line(error);
		assert(str_has_prefix(error, path));
		arena_free(a);
		return;
	}
	own.v = arena_alloc(a, 64 * sizeof(*own.v));
	for (size_t i = 0;
	     i < 64 && know_error_at(k, i) && str_eq(know_error_at(k, i)->words.file, path);
	     i++) {
		const struct error_row *row = know_error_at(k, i);

		own.v[own.n++] = (struct code_row) { &row->words, row };
		assert(row->words.cause && *row->words.id && row->words.line > 0);
		matched(a, k, row);
	}
	frame_shown(frame_printed(a, codes_text, &own));
	frame_json(frame_printed(a, codes_json, &own), true);
	arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(const void *p, size_t n) = { input, senders, token, table };
	struct food f = food_of(data, size);
	unsigned which = food_choice(&f, ARRAY_LEN(readers));

	readers[which](f.rest.p, f.rest.len);
	return 0;
}
