/*
 * lint-files - the files that `lint` judges.
 */
#include "cmd/lint-files.h"

#include <string.h>

#include "base/arena.h"
#include "base/needles.h"
#include "base/str.h"
#include "cmd/config-file.h"
#include "cmd/lint-walk.h"
#include "config/read.h"

enum {
	FOUND_MOST	= 1024 * 1024,		/* bytes of a file that was found */
	BINARY_WITHIN	= 8000,			/* a NUL in these: no text (git's own measure) */
};

/*
 * Texts for people, and what programs wrote: settings in them are examples. And languages that no
 * reader knows.
 */
static const char no_settings[] =
	"*.md|*.markdown|*.mdx|*.rst|*.adoc|*.asciidoc|*.txt|*.tex|*.html|*.htm|*.xhtml|*.css|"
	"*.scss|*.less|*.svg|*.po|*.pot|*.lock|*-lock.json|*.map|*.min.js|*.csv|*.tsv|*.log|"
	"*.patch|*.diff|*.eml|*.mbox|*.[0-9]|LICENSE*|CHANGELOG*|ChangeLog*|NEWS*|README|"
	"*.c|*.h|*.cc|*.cpp|*.cxx|*.hh|*.hpp|*.m|*.mm|*.s|*.rs|*.swift|*.scala|*.lua|*.hs|*.ml|"
	"*.el|*.vim|*.awk|*.m4|*.ac|*.am|*.sql";

/* No mail settings without one of these: t-cli-lint-folder tries it with all samples. */
static const struct needles *words_of_mail(struct arena *a)
{
	static const char *const words[] = { "mail", "smtp", "relayhost", "smarthost", "sendgrid",
					     "sender", "dsn" };
	struct needle_maker *m = needle_maker_new(a);

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		needles_add(m, span_of(words[i]), 0);
	return needles_made(m);
}

static bool may_have_settings(const struct needles *words, const struct lint_file *f,
			      const struct buf *b)
{
	uint64_t found[1] = { 0 };
	struct span bytes = { buf_str(b), b->len };

	if (!b->len || memchr(bytes.p, '\0', b->len < BINARY_WITHIN ? b->len : BINARY_WITHIN))
		return false;
	needles_look(words, bytes, found);
	return needles_has(found, 0) || str_find_nocase(f->name, "mail") ||
	       str_find_nocase(f->name, "smtp");
}

/*
 * Of settings that nobody knows, those that name no server are none; nor are those that were found
 * in a text without a syntax, where any sentence about mail looks like them.
 */
static bool is_vague(const struct mail_settings *s)
{
	bool more = setting_is_set(&s->user) || s->port.line || s->tls_said.line;

	return settings_guessed(s->application) &&
	       (s->program->parse == parse_pairs || !s->host.value || !more);
}

static void drop_vague(struct lint_file *f)
{
	struct mail_settings **at = &f->list;

	while (*at) {
		struct mail_settings *s = *at;

		if (!is_vague(s)) {
			at = &s->next;
			continue;
		}
		*at = s->next;
		s->next = NULL;
		settings_free(s);
	}
}

/* A mistake has a line: "FILE:12: ..."; that a file is nobody's has none. */
static bool is_mistake(const struct lint_file *f)
{
	size_t n = strlen(f->name);

	return strncmp(f->error, f->name, n) == 0 && f->error[n] == ':' &&
	       ascii_is_digit(f->error[n + 1]);
}

static const char *base_name(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash ? slash + 1 : file;
}

/* A file that may be none: left without settings and without an error then. */
static void read_found(struct lint_files *all, const struct needles *words, struct lint_file *f)
{
	_cleanup_(buf_wipe_release) struct buf b = BUF_INIT(FOUND_MOST);
	const char *error;

	if (str_globs(no_settings, base_name(f->name)))
		return;
	error = config_file_bytes(all->arena, f->name, &b);
	/* The larger ones are no settings. */
	if (error && !b.overflow)
		f->error = error;
	if (error || !may_have_settings(words, f, &b))
		return;
	f->list = settings_read(all->arena, f->name, all->application, buf_str(&b), b.len,
				&f->error);
	if (!f->list && is_mistake(f))
		strv_add(&all->mistaken, all->arena, f->error);
	f->error = NULL;
	drop_vague(f);
}

static void add(struct lint_files *f, const char *name, bool found)
{
	f->v = arena_grow(f->arena, f->v, f->n, &f->cap, sizeof(*f->v));
	f->v[f->n++] = (struct lint_file) { .name = name, .found = found };
}

static void list_all(struct lint_files *f, const struct strv *names)
{
	struct lint_walk w = { .arena = f->arena };

	for (size_t i = 0; i < names->n; i++) {
		size_t from = w.files.n;

		if (str_eq(names->v[i], "-") || !lint_is_folder(names->v[i])) {
			add(f, names->v[i], f->skip_others && !str_eq(names->v[i], "-"));
			continue;
		}
		f->folders = true;
		lint_walk(&w, names->v[i]);
		for (size_t k = from; k < w.files.n; k++)
			add(f, w.files.v[k], true);
	}
	f->troubles = w.troubles;
}

void lint_files_read(struct lint_files *f, const struct strv *names)
{
	const struct needles *words = words_of_mail(f->arena);
	size_t kept = 0;

	list_all(f, names);
	for (size_t i = 0; i < f->n; i++) {
		struct lint_file *at = &f->v[i];

		if (at->found)
			read_found(f, words, at);
		else
			at->error = config_file_load(f->arena, at->name, f->application,
						     &at->list);
		f->n_looked_at += at->found;
		f->n_read += at->list != NULL;
		if (at->list || at->error)
			f->v[kept++] = *at;
	}
	f->n = kept;
}

void lint_files_release(struct lint_files *f)
{
	for (size_t i = 0; i < f->n; i++)
		settings_free(f->v[i].list);
}
