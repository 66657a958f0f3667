/*
 * recognise - whose file it is, and what it says.
 */
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/strv.h"
#include "config/read.h"
#include "config/shown.h"

enum { PARSERS_MOST = 24, GROUPS_MOST = 256 };

/* What one parser made of the file: several programs share it. */
struct parsed {
	entries_parser	*parse;
	bool		 good;
	struct entries	 entries;
};

/* Where readers go on, and what keeps them from it. */
struct recognition {
	struct reading	*r;
	struct parsed	*cache;
	const char	*name;		/* of the application that is asked for; "" any */
	const char	*error;		/* the first mistake in a file that is theirs; NULL */
};

static const struct parsed *parsed(struct recognition *c, entries_parser *parse)
{
	struct parsed *at = c->cache;

	for (; at->parse; at++)
		if (at->parse == parse)
			return at;
	at->parse = parse;
	entries_init(&at->entries, c->r->work);
	at->good = parse(&at->entries, c->r->bytes, c->r->len);
	return at;
}

static const char *where(const struct reading *r)
{
	return str_eq(r->file, "-") ? "standard input" : r->file;
}

static const char *base_of(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash ? slash + 1 : file;
}

/* --- names of files --- */

static bool matches(struct reading *r, const char *list)
{
	struct strv globs = { NULL, 0, 0 };

	strv_split(&globs, r->work, list, '|');
	for (size_t i = 0; i < globs.n; i++)
		if (str_glob(globs.v[i], strchr(globs.v[i], '/') ? r->file : base_of(r->file)))
			return true;
	return false;
}

/* What an extension says of how a file is written; the others say nothing. */
static const struct { const char *globs; entries_parser *parse[4]; } extensions[] = {
	{ "*.yml|*.yaml", { parse_yaml, parse_environment } },
	{ "*.json", { parse_json, parse_environment } },
	{ "*.properties", { parse_properties } },
	{ "*.xml|*.config", { parse_xml } },
	{ "*.php", { parse_php } }, { "*.py", { parse_python } }, { "*.rb", { parse_ruby } },
	{ "*.js|*.ts|*.mjs|*.cjs|*.mts|*.jsx|*.tsx|*.cs|*.java|*.kt|*.go", { parse_js } },
	{ "*.ini|*.toml|*.cfg", { parse_ini, parse_properties, parse_git } },
	{ "*.service|*.env", { parse_environment } },
};

static bool may_be_written_so(struct reading *r, const struct program *p)
{
	if (p->parse == parse_pairs)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(extensions); i++) {
		if (!str_globs(extensions[i].globs, base_of(r->file)))
			continue;
		for (size_t k = 0; k < ARRAY_LEN(extensions[i].parse); k++)
			if (p->parse && extensions[i].parse[k] == p->parse)
				return true;
		return false;
	}
	return true;
}

static bool is_environment_by_name(const struct reading *r)
{
	return str_globs(".env*|*.env|*.env.*|env|*.envrc|environment|Dockerfile*|*.Dockerfile|"
			 "docker-compose*|compose*.y*ml|*.service|update-exim4.conf.conf",
			 base_of(r->file));
}

/* --- signs --- */

static bool is_there(const struct entries *e, const char *glob, int group)
{
	for (const struct entry *i = e->first; i; i = i->next)
		if ((group < 0 || i->group == (unsigned)group) &&
		    (i->variable || (i->value && *i->value)) && str_glob(glob, i->key))
			return true;
	return false;
}

/* How many of the globs are there? */
static unsigned count_of(struct reading *r, const struct entries *e, const char *list, int group)
{
	struct strv globs = { NULL, 0, 0 };
	unsigned n = 0;

	strv_split(&globs, r->work, list, '|');
	for (size_t i = 0; i < globs.n; i++)
		n += is_there(e, globs.v[i], group);
	return n;
}

/* Signs that are there; one that begins with a letter counts more: fewer programs share it. */
static unsigned weight_of_signs(struct reading *r, const struct entries *e, const char *list,
				int group)
{
	enum { WIDE = 2, NARROW = 6 };
	struct strv globs = { NULL, 0, 0 };
	unsigned n = 0;

	strv_split(&globs, r->work, list, '|');
	for (size_t i = 0; i < globs.n; i++)
		if (is_there(e, globs.v[i], group))
			n += *globs.v[i] == '*' && globs.v[i][1] ? WIDE : NARROW;
	return n;
}

/*
 * How much of the entries is this program's, in a group, or (-1) anywhere? 0: nothing. A user's own
 * program goes before all, then the image that runs it tells, then what is found of its keys.
 */
static unsigned score(struct reading *r, const struct program *p, const struct entries *e,
		      int group)
{
	enum { OWN = 10000, IMAGE = 1000 };
	const char *image = group < 0 ? "" : entries_group(e, (unsigned)group)->image,
		*with = program_text(p, "with"), *images = program_text(p, "image");
	unsigned n = weight_of_signs(r, e, program_text(p, "signs"), group);
	bool by_image = *image && *images && str_globs(images, image);

	if (!n || (*with && !by_image && !count_of(r, e, with, group)))
		return 0;
	for (size_t i = 0; i < p->n; i++)
		if (str_eq(p->rows[i].kind, "key") && *p->rows[i].name != '%')
			n += count_of(r, e, p->rows[i].name, group) > 0;
	return n + (by_image ? IMAGE : 0) + (p->own ? OWN : 0);
}

/* --- reading --- */

/* By the rows: one of the settings for each group that has a sign. */
static void read_groups(struct reading *r)
{
	const char *signs = program_text(r->program, "signs");
	unsigned last = r->entries.groups < GROUPS_MOST ? r->entries.groups : GROUPS_MOST;

	for (unsigned g = 0; g <= last; g++) {
		struct mail_settings *s;

		if ((r->group >= 0 && g != (unsigned)r->group) ||
		    !count_of(r, &r->entries, signs, (int)g))
			continue;
		s = reading_new(r, entries_group(&r->entries, g)->name);
		if (!s)
			continue;
		take_rows(r, s, g);
		if (*program_text(r->program, "generic"))
			s->name = name_of_unknown(r, s, entries_group(&r->entries, g)->image);
	}
}

static bool is_asked_for(const struct recognition *c, const struct program *p)
{
	return !*c->name || str_eq(program_name(p), c->name);
}

/* Those of the program, in one group or (-1) all. */
static void read_as(struct recognition *c, const struct program *p, int group)
{
	struct reading *r = c->r;

	r->program = p;
	r->group = group;
	r->inherit = *program_text(p, "inherit");
	if (p->parse)
		r->entries = parsed(c, p->parse)->entries;
	program_rows(p, "key", r->work, &r->keys);
	program_rows(p, "tls", r->work, &r->tls);
	program_rows(p, "verify", r->work, &r->verify);
	if (p->code && p->code->read)
		p->code->read(r);
	else
		read_groups(r);
}

static void mistake(struct recognition *c, const char *error, unsigned line)
{
	if (!c->error && error)
		c->error = arena_printf(c->r->arena, "%s:%u: %s", where(c->r), line, error);
}

/* Of what was read from here on, what stands on a line of something read before goes. */
static void drop_doubles(struct reading *r, struct mail_settings **from)
{
	const struct mail_settings *first = *from, *s;

	while (*from) {
		struct mail_settings *new = *from;

		for (s = r->list; s != first; s = s->next)
			if (new->host.line && s->host.line == new->host.line)
				break;
		if (s == first) {
			from = &new->next;
			continue;
		}
		if (new == first)
			first = new->next;
		*from = new->next;
		new->next = NULL;
		settings_free(new);
		r->n--;
	}
	r->end = from;
}

/* Which program each group of an environment belongs to. */
static bool read_environment(struct recognition *c, bool generic)
{
	const struct parsed *in = parsed(c, parse_environment);
	struct mail_settings **from = c->r->end;
	size_t before = c->r->n;

	for (unsigned g = 0; g <= in->entries.groups && g <= GROUPS_MOST; g++) {
		const struct program *best = NULL;
		unsigned most = 0;

		for (const struct program *const *p = programs_all(); *p; p++) {
			unsigned n;

			if ((*p)->parse != parse_environment || !is_asked_for(c, *p) ||
			    (*program_text(*p, "generic") && !generic))
				continue;
			n = score(c->r, *p, &in->entries, (int)g);
			/* what nobody documents is only the last resort */
			n = n && *program_text(*p, "generic") ? 1 : n;
			if (n > most) {
				most = n;
				best = *p;
			}
		}
		if (best)
			read_as(c, best, (int)g);
	}
	drop_doubles(c->r, from);
	return c->r->n > before;
}

/* How likely it is the program's; 0: it is not, or it can't be read as that. */
static unsigned chance(struct recognition *c, const struct program *p, bool by_name)
{
	const struct parsed *in = p->parse ? parsed(c, p->parse) : NULL;

	if (!in)
		return 1;
	if (!in->good) {
		if (by_name || *c->name)
			mistake(c, in->entries.error, in->entries.error_line);
		return 0;
	}
	/* In pairs of words there is always something: the last resort. */
	return p->parse == parse_pairs ? score(c->r, p, &in->entries, -1) > 0 :
	       score(c->r, p, &in->entries, -1);
}

/* Of those that may read the file in this turn, their chances; how many programs there are. */
static size_t chances(struct recognition *c, bool by_name, bool generic, unsigned **ret)
{
	const struct program *const *all = programs_all();
	size_t n = 0;

	while (all[n])
		n++;
	*ret = arena_alloc(c->r->work, (n + 1) * sizeof(**ret));
	for (size_t i = 0; i < n; i++) {
		const struct program *p = all[i];

		(*ret)[i] = 0;
		if (p->parse != parse_environment && is_asked_for(c, p) &&
		    matches(c->r, program_text(p, "files")) == by_name &&
		    !!*program_text(p, "generic") == generic &&
		    (by_name || may_be_written_so(c->r, p)))
			(*ret)[i] = chance(c, p, by_name);
	}
	return n;
}

/* The program that has most of its keys there and finds mail settings; of YAML, all that do. */
static bool read_best(struct recognition *c, bool by_name, bool generic)
{
	const struct program *const *all = programs_all();
	unsigned *of;
	size_t n = chances(c, by_name, generic, &of), before = c->r->n;

	for (;;) {
		struct mail_settings **from = c->r->end;
		size_t best = 0;

		for (size_t i = 0; i < n; i++)
			if (of[i] > of[best])
				best = i;
		if (!n || !of[best])
			return c->r->n > before;
		of[best] = 0;
		c->r->error = NULL;
		read_as(c, all[best], -1);
		if (by_name || *c->name)
			mistake(c, c->r->error, c->r->error_line);
		drop_doubles(c->r, from);
		if (c->r->n > before && (by_name || generic || all[best]->parse != parse_yaml))
			return true;
	}
}

/* --- files inside a file --- */

/* What a block's key says of the file it stands for: "data.grafana.ini", GITLAB_OMNIBUS_CONFIG. */
static const char *name_inside(const char *key)
{
	const char *data = strstr(key, "data."), *last = strrchr(key, '.');

	if (str_eq(last ? last + 1 : key, "GITLAB_OMNIBUS_CONFIG"))
		return "gitlab.rb";
	if (data && (data == key || data[-1] == '.') && strchr(data + 5, '.'))
		return data + 5;
	return NULL;
}

/* What was read from here on stands further down in the outer file. */
static void move_down(struct mail_settings *s, const char *file, unsigned lines)
{
	for (; s; s = s->next) {
		struct setting *all[] = {
			&s->host, &s->port, &s->tls_said, &s->verify_said, &s->ca_file,
			&s->client_cert, &s->auth, &s->user, &s->password, &s->from, &s->to,
			&s->helo, &s->scope, &s->token_url, &s->authority, &s->client_id,
			&s->tenant, &s->api,
		};

		s->file = file;
		for (size_t i = 0; i < ARRAY_LEN(all); i++)
			all[i]->line += all[i]->line ? lines : 0;
		for (struct settings_note *n = s->notes; n; n = n->next)
			n->line += n->line ? lines : 0;
	}
}

/* A ConfigMap holds whole files, and GitLab's image takes one in a variable. */
static void read_inside(struct recognition *outer)
{
	enum { FILES_MOST = 16 };
	struct reading *r = outer->r;
	const struct reading whole = *r;
	const struct parsed *in = NULL;
	size_t left = FILES_MOST;

	if (str_globs("*.yml|*.yaml|-", base_of(r->file)))
		in = parsed(outer, parse_yaml);
	if (!in || !in->good)
		return;
	for (const struct entry *e = in->entries.first; e && left; e = e->next) {
		const char *name = e->block ? name_inside(e->key) : NULL;
		struct mail_settings **from = r->end;
		struct recognition c = { .r = r, .name = outer->name };

		if (!name)
			continue;
		left--;
		c.cache = arena_alloc(r->work, PARSERS_MOST * sizeof(*c.cache));
		r->file = arena_printf(r->arena, "%.*s%s",
				       (int)(base_of(whole.file) - whole.file), whole.file, name);
		r->bytes = e->block;
		r->len = strlen(e->block);
		if (!read_best(&c, true, false) &&
		    !(is_environment_by_name(r) && read_environment(&c, true)))
			read_best(&c, false, false);
		move_down(*from, whole.file, e->line);
		r->file = whole.file;
		r->bytes = whole.bytes;
		r->len = whole.len;
	}
}

static bool recognise(struct recognition *c)
{
	struct reading *r = c->r;
	bool environment = is_environment_by_name(r);

	if (read_best(c, true, false))
		return true;
	if (environment && read_environment(c, true)) {
		read_inside(c);
		return true;
	}
	if (read_best(c, true, true))
		return true;
	/* A file that has a program's name, and a mistake in it, is not somebody else's. */
	if (c->error && !*c->name)
		return false;
	read_best(c, false, false);
	if (!environment && (!r->n || r->program->parse == parse_yaml) &&
	    may_be_written_so(r, &(struct program) { .parse = parse_environment }))
		read_environment(c, r->n == 0);
	read_inside(c);
	return r->n || read_best(c, false, true);
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
	if (r->n == 1 && r->program->parse == parse_environment &&
	    !*program_text(r->program, "generic"))
		r->list->name = "";
}

static const char *not_recognised(const struct recognition *c)
{
	struct arena *a = c->r->arena;

	if (c->error)
		return c->error;
	if (*c->name)
		return arena_printf(a, "%s: there are no mail settings of %s in it", where(c->r),
				    settings_title(c->name));
	return arena_printf(a, "%s: it cannot be told which program's settings these are, or there "
			    "are none for mail in it; name the program with --application",
			    where(c->r));
}

struct mail_settings *settings_read(struct arena *a, const char *file, const char *application,
				    const char *bytes, size_t len,
				    const char **ret_error)
{
	_cleanup_(arena_freep) struct arena *work = arena_new();
	struct reading r = { .arena = a, .work = work, .file = arena_strdup(a, file),
			     .bytes = bytes, .len = len };
	struct recognition c = {
		.r = &r, .cache = arena_alloc(work, PARSERS_MOST * sizeof(*c.cache)),
		.name = application ? application : "",
	};

	r.end = &r.list;
	if (len > LIMIT_PASTE) {
		*ret_error = arena_printf(a, "%s: it is larger than %d bytes", file, LIMIT_PASTE);
		return NULL;
	}
	if (memchr(bytes, '\0', len)) {
		*ret_error = arena_printf(a, "%s: it is no text", file);
		return NULL;
	}
	if (!recognise(&c))
		*ret_error = not_recognised(&c);
	guess_complete(&r);
	arena_wipe(work);
	if (!r.n)
		return NULL;
	name_all(&r);
	for (struct mail_settings *s = r.list; s; s = s->next) {
		r.program = s->program;
		note_values(&r, s);
		note_not_shown(&r, s);
	}
	return r.list;
}
