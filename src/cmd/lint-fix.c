/*
 * lint-fix - the lines to write as a unified diff.
 */
#include "cmd/lint-fix.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "cmd/config-file.h"
#include "cmd/lint-edit.h"
#include "cmd/lint-files.h"
#include "cmd/opt.h"
#include "config/settings.h"
#include "config/shown.h"
#include "sending/lint.h"

/* How a line is put in the place of another. */
enum how { WHOLE, VALUE_ONLY, WAYS };

struct fixing {
	struct lint_fix			*x;
	const struct lint_file		*file;
	const struct mail_settings	*settings;	/* whose finding it is */
	const struct lint_finding	*finding;
	struct edit			 edit;		/* what is certain so far */
	struct strv			 now;		/* the findings with that in place */
};

/* --- what is wrong in a text --- */

/* One for each finding that is more than a remark. False: it can't be read any more. */
static bool findings_of(struct fixing *f, struct span text, struct strv *ret)
{
	struct arena *a = f->x->arena;
	const char *error = NULL;
	struct mail_settings *list = settings_read(a, f->file->name, f->x->application, text.p,
						   text.len, &error);

	for (struct mail_settings *s = list; s; s = s->next) {
		const struct lint *l = lint_judge(a, f->x->know, s, f->x->means);

		strv_add(ret, a, arena_printf(a, "settings %s", s->name ? s->name : ""));
		for (const struct lint_finding *i = l->findings; i; i = i->next)
			if (i->severity != INFO)
				strv_add(ret, a, arena_printf(a, "%s %s", i->finding,
							      s->name ? s->name : ""));
	}
	settings_free(list);
	return list != NULL;
}

static size_t count(const struct strv *list, const char *what)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		n += str_eq(list->v[i], what);
	return n;
}

static const char *finding_name(const struct fixing *f)
{
	return arena_printf(f->x->arena, "%s %s", f->finding->finding,
			    f->settings->name ? f->settings->name : "");
}

/* Is the finding gone with the edit in place, no other one there, and no settings lost? */
static bool is_cleared(struct fixing *f, const struct edit *e, struct strv *ret)
{
	_cleanup_(buf_wipe_release) struct buf b = BUF_INIT(LIMIT_PASTE);
	const char *name = finding_name(f);

	*ret = (struct strv) { NULL, 0, 0 };
	edit_apply(e, &b);
	if (b.overflow || !findings_of(f, (struct span) { buf_str(&b), b.len }, ret) ||
	    count(ret, name) >= count(&f->now, name))
		return false;
	for (size_t i = 0; i < ret->n; i++)
		if (count(ret, ret->v[i]) > count(&f->now, ret->v[i]))
			return false;
	for (size_t i = 0; i < f->now.n; i++)
		if (str_has_prefix(f->now.v[i], "settings ") &&
		    count(ret, f->now.v[i]) != count(&f->now, f->now.v[i]))
			return false;
	return true;
}

/* --- what may be printed --- */

static bool is_recorded(const struct mail_settings *s, size_t line, const char *word)
{
	const struct setting *all[] = { &s->host, &s->port, &s->tls_said, &s->auth, &s->user,
					&s->from, &s->to, &s->helo };

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (all[i]->line == line && !all[i]->file && all[i]->value &&
		    str_eq_nocase(all[i]->value, word))
			return true;
	return false;
}

/* A word of a line that is to be taken out. */
static bool may_say(struct fixing *f, size_t line, const char *word, bool is_key)
{
	static const char of_secrets[] = "pass|secret|token|pwd|key|credential";

	if (span_has_any(span_of(word), of_secrets))
		return false;
	if (is_shown(SHOWN_TLS, word) || is_shown(SHOWN_PORT, word) || is_shown(SHOWN_AUTH, word) ||
	    (is_key && is_shown(SHOWN_KEY, word)))
		return true;
	for (const struct mail_settings *s = f->file->list; s; s = s->next)
		if (is_recorded(s, line, word))
			return true;
	return false;
}

/* The name of a setting has = or > behind it, or a colon and a blank. */
static bool is_key(struct span rest, size_t n)
{
	char next = n < rest.len ? rest.p[n] : '\0';

	return next == '=' || next == '>' ||
	       (next == ':' && n + 1 < rest.len && rest.p[n + 1] == ' ');
}

/* What stands behind the key, which is ours. */
static bool may_show(struct fixing *f, size_t line, struct span rest)
{
	static const char between[] = " \t\"'`=:,()<>[]{}";

	for (const struct mail_settings *s = f->file->list; s; s = s->next)
		if (s->password.line == line && !s->password.file)
			return false;
	/* Elsewhere in a line it may begin a comment. */
	if (rest.len && rest.p[rest.len - 1] == ';')
		rest.len--;
	while (rest.len) {
		size_t n = 0;
		const char *word;

		while (n < rest.len && !strchr(between, rest.p[n]))
			n++;
		word = arena_strndup(f->x->arena, rest.p, n);
		if (*word && !str_in(word, "/|-") &&
		    !may_say(f, line, word + (*word == '/'), is_key(rest, n)))
			return false;
		rest = span_from(rest, rest.p + n + (n < rest.len));
	}
	return true;
}

/* --- places --- */

/* How much of a line is its key: `host`, `"port"`, `gitlab_rails['smtp_port']`, `<useSsl>`. */
static size_t key_length(const char *line)
{
	size_t n = 0;

	if (*line == '<')
		return strcspn(line, ">") + (strchr(line, '>') != NULL);
	while (line[n] && !strchr(" \t=:", line[n]))
		n++;
	return n;
}

/* Behind indentation and what makes an item of a list of it. */
static size_t lead_length(struct span line)
{
	static const char *const fronts[] = { "- ", "ENV ", "export ", "Environment=" };
	size_t n = 0;

	while (n < line.len && strchr(" \t", line.p[n]))
		n++;
	for (size_t i = 0; i < ARRAY_LEN(fronts); i++) {
		size_t front = strlen(fronts[i]);

		if (line.len - n > front && strncmp(line.p + n, fronts[i], front) == 0)
			return n + front;
	}
	return n;
}

static bool has_key(struct span line, const char *key, size_t n)
{
	size_t lead = lead_length(line);
	char next;

	if (line.len - lead < n || strncmp(line.p + lead, key, n) != 0)
		return false;
	next = line.len - lead > n ? line.p[lead + n] : ' ';
	return *key == '<' || strchr(" \t=:", next);
}

/* The line with this key: the finding's own, else the nearest one. 0: there is none. */
static size_t find_line(const struct fixing *f, const char *key, size_t n)
{
	size_t near = f->finding->line ? f->finding->line : f->settings->host.line, best = 0;

	for (size_t i = 1; i <= f->edit.n; i++) {
		size_t far = i > near ? i - near : near - i,
		       so_far = best > near ? best - near : near - best;

		if (has_key(f->edit.v[i].old, key, n) && (!best || far < so_far))
			best = i;
	}
	return best;
}

/* Behind the separator and the blanks after it. */
static const char *value_of(const char *line, size_t key)
{
	const char *s = line + key;

	s += strspn(s, " \t");
	s += strspn(s, "=:>");
	return s + strspn(s, " \t");
}

/* name="value" inside a line, as XML has it, for the one that is there. NULL: it is not there. */
static const char *in_place(struct arena *a, const char *was, const char *line, size_t key)
{
	const char *name = arena_strndup(a, line, key + (line[key] == '=')), *end, *at = was;
	size_t n = strlen(name);

	if (n == key || line[n] != '"')
		return NULL;
	while ((at = strstr(at, name)) && !(at > was && ascii_is_space(at[-1]) && at[n] == '"'))
		at++;
	end = at ? strchr(at + n + 1, '"') : NULL;
	return end ? arena_printf(a, "%.*s%s%s", (int)(at - was), was, line, end + 1) : NULL;
}

/* What the line is beside another of the same settings; NULL: that is no place for it. */
static const char *beside(struct arena *a, const char *was, const char *line, size_t key)
{
	size_t lead = lead_length(span_of(was)), n = key_length(was + lead),
	       dot = strcspn(line, ".");

	/* A key that is spelt out whole, among nested ones; an attribute among those of a tag. */
	if (dot < key && strncmp(was + lead, line, dot + 1) != 0)
		return NULL;
	if (line[key] == '=' && line[key + 1] == '"' && strchr(was, '<'))
		return NULL;
	if (line[key] == '=' && was[lead + n] == ':')
		return arena_printf(a, "%.*s%.*s: \"%s\"", (int)lead, was, (int)key, line,
				    line + key + 1);
	return arena_printf(a, "%.*s%s", (int)lead, was, line);
}

/* Is the key a word of the line, and is that no comment? */
static bool is_inside(struct span line, struct span key)
{
	struct span rest = line;
	const char *at;

	while ((at = span_find_nocase(rest, key))) {
		char before = at > line.p ? at[-1] : ' ';
		const char *end = at + key.len;
		char next = end < line.p + line.len ? *end : ' ';

		rest = span_from(rest, at + 1);
		if (!ascii_is_alnum(before) && before != '_' && strchr(" \t=:\"'>", next))
			return !strchr("#;/", line.p[lead_length(line)]);
	}
	return false;
}

/* For a key that no line begins with: inside a line, or as a line of its own. */
static bool place_new(struct fixing *f, struct edit *e, const char *line)
{
	size_t anchor = f->finding->line ? f->finding->line : f->settings->host.line,
	       key = key_length(line);
	struct arena *a = f->x->arena;
	const char *was, *text;

	if (!anchor || anchor > e->n)
		return false;
	was = span_dup(a, e->v[anchor].old);
	text = in_place(a, was, line, key);
	if (text)
		return may_show(f, anchor, e->v[anchor].old) && edit_replace(e, anchor, text);
	/* It is written in a way that is not understood here, or in the middle of a line. */
	for (size_t i = 1; i <= e->n; i++)
		if (is_inside(e->v[i].old, (struct span) { line, key }))
			return false;
	text = beside(a, was, line, key);
	return text && edit_insert(e, anchor, text);
}

/* Puts one line in its place. False: it has none, or what stands there may not be shown. */
static bool place(struct fixing *f, struct edit *e, const char *line, enum how how, bool certain)
{
	size_t key = key_length(line), at = find_line(f, line, key), lead, n;
	struct arena *a = f->x->arena;
	struct span old;
	const char *text;

	/* The finding's own key, spelt out, stands there in parts. */
	if (!at && how == VALUE_ONLY && key == strlen(f->finding->key) &&
	    strncmp(line, f->finding->key, key) == 0 && f->finding->line <= e->n)
		at = f->finding->line;
	if (!at)
		return certain && place_new(f, e, line);
	old = e->v[at].old;
	lead = lead_length(old);
	if (!has_key(old, line, key))
		key = key_length(span_dup(a, old) + lead);
	if (!may_show(f, at, span_from(old, old.p + lead + key)))
		return false;
	/* The last of a list has no comma. */
	n = strlen(line);
	if (line[n - 1] == ',' && old.len && old.p[old.len - 1] != ',')
		line = arena_strndup(a, line, n - 1);
	text = arena_printf(a, "%.*s%s", (int)lead, old.p, line);
	if (how == VALUE_ONLY) {
		const char *was = span_dup(a, old), *value = value_of(was, lead + key);

		text = arena_printf(a, "%.*s%s", (int)(value - was), was,
				    value_of(line, key_length(line)));
	}
	return edit_replace(e, at, text);
}

/* --- findings --- */

/* Words that the reader has to replace can't be written by us. */
static bool is_complete(const char *line)
{
	return !strstr(line, "USER") && !strstr(line, "PASSWORD") && !strstr(line, "ADDRESS OF") &&
	       !strstr(line, "TENANT") && !strstr(line, "VALUE") && !strstr(line, "...");
}

static bool try_lines(struct fixing *f, const struct strv *lines, enum how how, bool certain)
{
	struct edit e = edit_copy(&f->edit);
	struct strv now;

	for (size_t i = 0; i < lines->n; i++)
		if (!is_complete(lines->v[i]) || !place(f, &e, lines->v[i], how, certain))
			return false;
	if (!lines->n || !is_cleared(f, &e, &now))
		return false;
	f->edit = e;
	f->now = now;
	return true;
}

/*
 * The lines to write; else what is to be changed, if that is a line: it is taken for one only where
 * it sets something and is proven to clear the finding.
 */
static bool fix_one(struct fixing *f)
{
	const struct lint_finding *i = f->finding;
	const char *text = *i->write ? i->write : i->fix;
	struct strv lines = { NULL, 0, 0 };
	bool certain = *i->write || strpbrk(text, "=<") ||
		       (strchr(text, ':') && !strchr(text, ' '));

	if (!str_eq(i->file, f->file->name))
		return false;
	strv_split(&lines, f->x->arena, text, '\n');
	for (int how = WHOLE; how < WAYS; how++)
		if (try_lines(f, &lines, (enum how)how, certain))
			return true;
	return false;
}

static void tell_left(const struct fixing *f)
{
	const struct lint_finding *i = f->finding;
	const char *line = i->line ? arena_printf(f->x->arena, ":%u", i->line) : "";

	opt_wrong("lint", "%s%s: %s is not in the diff: %s", i->file, line, i->finding,
		  *i->write || *i->fix ? "see 'smtpwhy lint' for what to change by hand" :
		  "there is no line to write for it");
}

/* First where lines follow from what the server takes, then where the program's own words do. */
static void fix_settings(struct fixing *f)
{
	const struct lint *l = lint_judge(f->x->arena, f->x->know, f->settings, f->x->means);

	for (int last = 0; last < 2; last++)
		for (const struct lint_finding *i = l->findings; i; i = i->next) {
			f->finding = i;
			if (i->severity == INFO || !count(&f->now, finding_name(f)) ||
			    (!last && !*i->write) || fix_one(f))
				continue;
			if (last)
				tell_left(f);
		}
}

void lint_fix(struct lint_fix *x, const struct lint_file *file)
{
	_cleanup_(buf_wipe_release) struct buf b = BUF_INIT(LIMIT_PASTE);
	struct fixing f = { .x = x, .file = file };
	const char *error = config_file_bytes(x->arena, file->name, &b), *name = file->name;
	struct span text = { buf_str(&b), b.len };

	if (error) {
		opt_wrong("lint", "%s", error);
		return;
	}
	edit_init(&f.edit, x->arena, text);
	findings_of(&f, text, &f.now);
	for (const struct mail_settings *s = file->list; s; s = s->next) {
		f.settings = s;
		fix_settings(&f);
	}
	while (str_has_prefix(name, "./"))
		name += 2;
	if (strpbrk(name, "\n\r\t\"\\"))
		opt_wrong("lint", "%s: a diff cannot name such a file", name);
	else
		edit_diff(&f.edit, name, x->to);
}
