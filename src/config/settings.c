/*
 * settings - whose file it is, and what it says.
 */
#include "config/settings.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/strv.h"
#include "config/read.h"
#include "config/shown.h"

const char *settings_tls_name(enum settings_tls t)
{
	static const char *const names[] = { "", "none", "opportunistic", "starttls", "implicit" };

	return names[t];
}

bool setting_is_set(const struct setting *s)
{
	return s->value || s->shape;
}

void settings_free(struct mail_settings *list)
{
	for (; list; list = list->next) {
		secret_free(list->secret);
		secret_free(list->client_secret);
		list->secret = list->client_secret = NULL;
	}
}

void settings_freep(struct mail_settings **list)
{
	settings_free(*list);
	*list = NULL;
}

static size_t count(void)
{
	size_t n = 0;

	while (programs[n])
		n++;
	return n;
}

const char *const *settings_applications(struct arena *a)
{
	const char **names = arena_alloc(a, (count() + 1) * sizeof(*names));

	for (size_t i = 0, n = 0; programs[i]; i++)
		if (n == 0 || !str_eq(names[n - 1], program_name(programs[i])))
			names[n++] = program_name(programs[i]);
	return names;
}

static const struct program *program_of(const char *name)
{
	for (size_t i = 0; programs[i]; i++)
		if (str_eq(program_name(programs[i]), name))
			return programs[i];
	return NULL;
}

const char *settings_title(const char *application)
{
	const struct program *p = program_of(application);

	return p ? program_text(p, "title") : application;
}

const char *settings_source(const char *application)
{
	const struct program *p = program_of(application);

	return p ? program_text(p, "source") : "";
}

const char *settings_confidence(const char *application)
{
	const struct program *p = program_of(application);

	return p && !*program_text(p, "expert") && *program_text(p, "source") ? "official" :
	       "expert";
}

static bool named(struct reading *r, const struct program *p)
{
	const char *slash = strrchr(r->file, '/');
	struct strv globs = { NULL, 0, 0 };

	strv_split(&globs, r->work, program_text(p, "files"), '|');
	for (size_t i = 0; i < globs.n; i++)
		if (str_glob(globs.v[i], strchr(globs.v[i], '/') || !slash ? r->file : slash + 1))
			return true;
	return false;
}

/* Does one of these keys tell in a group, or (-1) anywhere, that mail is set up here? */
static bool has_sign(const struct entries *e, const char *signs, int group)
{
	for (const struct entry *i = e->first; i; i = i->next)
		if ((group < 0 || i->group == (unsigned)group) && str_globs(signs, i->key) &&
		    (i->variable || (i->value && *i->value)))
			return true;
	return false;
}

/* What one parser made of the file: several programs share it. */
struct parsed {
	entries_parser	*parse;
	bool		 good;
	struct entries	 entries;
};

static const struct parsed *parsed(struct reading *r, struct parsed *cache, entries_parser *parse)
{
	for (; cache->parse; cache++)
		if (cache->parse == parse)
			return cache;
	cache->parse = parse;
	entries_init(&cache->entries, r->work);
	cache->good = parse(&cache->entries, r->bytes, r->len);
	return cache;
}

/* By the rows: one of the settings a group that has a sign. */
static void read_groups(struct reading *r)
{
	const char *signs = program_text(r->program, "signs");
	unsigned last = r->entries.groups < 256 ? r->entries.groups : 256;

	for (unsigned g = 0; g <= last; g++) {
		struct mail_settings *s = has_sign(&r->entries, signs, (int)g) ?
					  reading_new(r, "") : NULL;

		if (s)
			take_rows(r, s, g);
	}
}

static bool try(struct reading *r, const struct program *p, struct parsed *cache)
{
	const struct parsed *in = p->parse ? parsed(r, cache, p->parse) : NULL;

	r->program = p;
	r->error = NULL;
	if (in && !in->good) {
		r->error = arena_strdup(r->arena, in->entries.error);
		r->error_line = in->entries.error_line;
		return false;
	}
	if (in)
		r->entries = in->entries;
	if (in && !has_sign(&in->entries, program_text(p, "signs"), -1))
		return false;
	r->inherit = *program_text(p, "inherit");
	program_rows(p, "key", r->work, &r->keys);
	program_rows(p, "tls", r->work, &r->tls);
	program_rows(p, "verify", r->work, &r->verify);
	if (p->read)
		p->read(r);
	else
		read_groups(r);
	return r->n > 0;
}

/* Several of one file need names to tell them apart. */
static void name_all(struct reading *r)
{
	unsigned i = 0, nameless = 0;

	for (struct mail_settings *s = r->list; s; s = s->next) {
		s->name = shown_or(SHOWN_NAME, s->name, "");
		nameless += !*s->name;
	}
	for (struct mail_settings *s = r->list; s && r->n > 1; s = s->next) {
		i++;
		if (!*s->name)
			s->name = nameless == 1 ? "default" : arena_printf(r->arena, "%u", i);
	}
}

/*
 * Those of a name ("" = any) whose file name says so, or not; the first that finds mail settings.
 * The first mistake in a file that is theirs.
 */
static bool try_all(struct reading *r, struct parsed *cache, const char *name, bool by_name,
		    bool generic, const char **ret_error)
{
	const char *where = str_eq(r->file, "-") ? "standard input" : r->file;

	for (size_t i = 0; programs[i]; i++) {
		const struct program *p = programs[i];

		if ((*name && !str_eq(program_name(p), name)) || named(r, p) != by_name ||
		    !!*program_text(p, "generic") != generic)
			continue;
		if (try(r, p, cache))
			return true;
		if (r->error && !*ret_error && (by_name || *name))
			*ret_error = arena_printf(r->arena, "%s:%u: %s", where, r->error_line,
						  r->error);
	}
	return false;
}

static void recognise(struct reading *r, const char *application, struct parsed *cache,
		      const char **ret_error)
{
	const char *where = str_eq(r->file, "-") ? "standard input" : r->file, *error = NULL,
		*name = application ? application : "";

	for (int by_name = 1; by_name >= 0; by_name--)
		for (int generic = 0; generic <= 1; generic++) {
			if (try_all(r, cache, name, by_name, generic, &error))
				return;
			/*
			 * A file that has a program's name, and a mistake in it, is
			 * not somebody else's.
			 */
			if (error && !*name && generic) {
				*ret_error = error;
				return;
			}
		}
	if (!error && application)
		error = arena_printf(r->arena, "%s: there are no mail settings of %s in it", where,
				     settings_title(application));
	else if (!error)
		error = arena_printf(r->arena, "%s: it cannot be told which program's settings "
				     "these are, or there are none for mail in it; name the "
				     "program with --application", where);
	*ret_error = error;
}

struct mail_settings *settings_read(struct arena *a, const char *file, const char *application,
				    const char *bytes, size_t len,
				    const char **ret_error)
{
	_cleanup_(arena_freep) struct arena *work = arena_new();
	/* there are fewer parsers */
	struct parsed *cache = arena_alloc(work, 16 * sizeof(*cache));
	struct reading r = { .arena = a, .work = work, .file = arena_strdup(a, file),
			     .bytes = bytes, .len = len };

	r.end = &r.list;
	if (len > LIMIT_PASTE) {
		*ret_error = arena_printf(a, "%s: it is larger than %d bytes", file, LIMIT_PASTE);
		return NULL;
	}
	if (memchr(bytes, '\0', len)) {
		*ret_error = arena_printf(a, "%s: it is no text", file);
		return NULL;
	}
	recognise(&r, application, cache, ret_error);
	arena_wipe(work);
	if (!r.n)
		return NULL;
	name_all(&r);
	for (struct mail_settings *s = r.list; s; s = s->next)
		note_not_shown(&r, s);
	return r.list;
}
