/*
 * read - settings by the rows of a program.
 */
#include "config/read.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/str.h"
#include "config/shown.h"

enum { SETTINGS_MOST = 64, NOTES_MOST = 64, BESIDE_MOST = 1024 * 1024 };

struct mail_settings *reading_new(struct reading *r, const char *name)
{
	struct mail_settings *s;

	if (r->n == SETTINGS_MOST)
		return NULL;
	r->n++;
	s = arena_alloc(r->arena, sizeof(*s));
	s->file = r->file;
	s->application = program_name(r->program);
	s->program = r->program;
	s->name = arena_strdup(r->arena, name);
	*r->end = s;
	r->end = &s->next;
	return s;
}

/* Between two places, in lower case. */
static const char *part_of(struct reading *r, const char *from, const char *to)
{
	return str_lower(r->arena, arena_strndup(r->work, from, (size_t)(to - from)));
}

const char *name_of_unknown(struct reading *r, const struct mail_settings *s, const char *image)
{
	static const char *const words[] = { "_EMAIL", "_SMTP", "_MAIL", "__EMAIL" };
	enum { SHORTEST = 3 };
	const char *key = s->host.key ? s->host.key : "", *end = NULL,
		*called;

	if (*image) {
		image = strrchr(image, '/') ? strrchr(image, '/') + 1 : image;
		return part_of(r, image, image + strcspn(image, ":@"));
	}
	called = guess_name(r);
	if (*called)
		return called;
	if (str_has_prefix(key, "services."))
		return part_of(r, key + 9, key + 9 + strcspn(key + 9, "."));
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		const char *at = str_find_nocase(key, words[i]);

		if (at && (!end || at < end))
			end = at;
	}
	return end && end - key >= SHORTEST ? part_of(r, key, end) : s->name;
}

struct settings_note *note(struct reading *r, struct mail_settings *s, unsigned line,
			   enum severity severity,
			   const char *finding, const char *fix, const char *fmt, ...)
{
	struct settings_note *n, **end = &s->notes;
	va_list ap;
	size_t count = 0;

	for (; *end; end = &(*end)->next)
		count++;
	/* a caller writes into what it gets */
	n = arena_alloc(r->arena, sizeof(*n));
	va_start(ap, fmt);
	n->message = arena_vprintf(r->arena, fmt, ap);
	va_end(ap);
	n->finding = finding;
	n->fix = arena_strdup(r->arena, fix);
	n->line = line;
	n->severity = severity;
	if (count < NOTES_MOST)
		*end = n;
	return n;
}

/* --- rows --- */

const struct entry *find(const struct reading *r, const char *glob, unsigned group)
{
	return entries_find(&r->entries, glob, group, r->inherit);
}

bool value_is(const struct entry *e, const char *words)
{
	return e && e->value && str_globs(words, e->value);
}

bool is_true(const struct entry *e)
{
	return value_is(e, "true|yes|on|1|y|(true)");
}

bool is_false(const struct entry *e)
{
	return value_is(e, "false|no|off|0|n|(false)");
}

static const struct program_row *decide(const struct reading *r, const struct program_rows *rows,
					const struct mail_settings *s, unsigned group,
					const struct entry **ret)
{
	for (size_t i = 0; i < rows->n; i++) {
		const struct program_row *row = &rows->v[i];
		const struct entry *e = *row->name ? find(r, row->name, group) : NULL;

		if (*row->port && !str_eq(row->port, s->port.value))
			continue;
		if (*row->name && !value_is(e, row->words))
			continue;
		*ret = e;
		return row;
	}
	return NULL;
}

static void take_verify(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct entry *e = NULL;

	if (!decide(r, &r->verify, s, group, &e))
		return;
	s->verify_off = true;
	take_setting(r, s, &s->verify_said, e);
	note(r, s, e ? e->line : 0, WARNING, "lint.certificate-unchecked",
	     "take it out; where the server's certificate comes from an own authority, name its "
	     "file instead", "the server's certificate is not looked at (%s): whoever stands in "
	     "between can read the password", e ? key_shown(e->key) : "the program's default");
}

/*
 * Docker's secrets: SMTP_PASSWORD_FILE, GF_SMTP_PASSWORD__FILE name the file that holds the value.
 */
static void secret_files(struct reading *r, struct mail_settings *s, unsigned group)
{
	for (size_t i = 0; i < r->keys.n; i++) {
		const struct program_row *row = &r->keys.v[i];
		const struct entry *e;

		if (!str_globs("user|password", row->means))
			continue;
		e = find(r, arena_printf(r->work, "%s_FILE", row->name), group);
		if (!e)
			e = find(r, arena_printf(r->work, "%s__FILE", row->name), group);
		if (e && (e->variable || (e->value && *e->value)))
			secret_elsewhere(r, s, e,
					 "a file that was not read holds it (docker secrets)");
	}
}

static enum field field_of(const char *word)
{
	static const char *const names[] = {
		[FIELD_HOST] = "host", "port", "host-port", "url", "user", "password", "auth",
		"from", "to", "helo", "ca",
		"cert", "scope", "token-url", "authority", "client-id", "client-secret",
		"tenant", "api",
	};
	enum field f = FIELD_HOST;

	while (!str_eq(names[f], word)) {
		f++;
		assert(f < ARRAY_LEN(names));
	}
	return f;
}

static enum settings_tls tls_of(const char *word)
{
	enum settings_tls tls = SETTINGS_TLS_IMPLICIT;

	while (tls && !str_eq(settings_tls_name(tls), word))
		tls--;
	return tls;
}

/* Is there no key of a login, not even an empty one, in a kind of file that may do without? */
static bool leaves_login(const struct reading *r, unsigned group)
{
	entries_parser *const p = r->program->parse;

	if (p != parse_environment && p != parse_yaml && p != parse_properties &&
	    !str_eq(r->program->id, "dotnet"))
		return false;
	for (size_t i = 0; i < r->keys.n; i++)
		if (str_in(r->keys.v[i].means, "user|password|url") &&
		    find(r, r->keys.v[i].name, group))
			return false;
	return true;
}

#define WORKED_OUT "a call|an expression"

void take_rows(struct reading *r, struct mail_settings *s, unsigned group)
{
	const struct program_row *tls;
	const struct entry *said = NULL;
	unsigned seen = 0;

	/* What the program works out counts only where nothing else is written. */
	for (size_t k = 0; k < 2 * r->keys.n; k++) {
		size_t i = k % r->keys.n;
		const struct entry *e = find(r, r->keys.v[i].name, group);
		enum field field = field_of(r->keys.v[i].means);

		if (e && k < r->keys.n && !e->value && str_in(e->variable, WORKED_OUT))
			continue;
		if (!e || (seen & 1U << field) || (!e->variable && (!e->value || !*e->value)) ||
		    value_is(e, "null|(null)"))
			continue;
		seen |= 1U << field;
		take_field(r, s, field, e);
		note_twice(r, s, e);
	}
	note_misspelt(r, s, group);
	secret_files(r, s, group);
	s->login_elsewhere = leaves_login(r, group);
	set_default(&s->host, program_text(r->program, "host"));
	if ((s->tls == SETTINGS_TLS_UNSAID && !s->tls_said.key) || s->tls_by_scheme) {
		tls = decide(r, &r->tls, s, group, &said);
		if (tls)
			take_tls(r, s, tls_of(tls->means), said);
	}
	set_default(&s->port, program_text(r->program, "port"));
	if (!s->port.value && !s->port.line && s->host.value && s->tls == SETTINGS_TLS_IMPLICIT)
		set_default(&s->port, "465");
	set_default(&s->from, program_text(r->program, "from"));
	take_verify(r, s, group);
	take_acts(r, s, group);
	if (r->program->code && r->program->code->finish)
		r->program->code->finish(r, s, group);
}

const char *beside(struct reading *r, const char *name, size_t *ret_len, const char **ret_path)
{
	const char *slash = strrchr(r->file, '/'), *base = strrchr(name, '/'), *path;
	struct stat st;
	char *text;
	ssize_t n = 0, got;
	int fd;

	if (str_eq(r->file, "-") || !*name)
		return NULL;
	path = arena_printf(r->arena, "%.*s%s", slash ? (int)(slash - r->file) + 1 : 0, r->file,
			    base ? base + 1 : name);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > BESIDE_MOST) {
		close(fd);
		return NULL;
	}
	text = arena_alloc(r->work, (size_t)st.st_size + 1);
	while (n < st.st_size && ((got = read(fd, text + n, (size_t)(st.st_size - n))) > 0 ||
				  (got < 0 && errno == EINTR)))
		n += got > 0 ? got : 0;
	close(fd);
	*ret_len = (size_t)n;
	*ret_path = path;
	return text;
}
