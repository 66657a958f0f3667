/*
 * guess - a file of no known program: what its words say beside what its syntax says, and what the
 * program may be called.
 */
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/strv.h"
#include "config/pairs.h"
#include "config/read.h"

static const struct program *by_id(const char *id)
{
	for (const struct program *const *p = programs_all(); *p; p++)
		if (str_eq((*p)->id, id))
			return *p;
	return NULL;
}

static bool is_known(const struct setting *s)
{
	return s->value || s->line;
}

/* What can be judged of it. */
static unsigned known(const struct mail_settings *s)
{
	return 2 * is_known(&s->host) + is_known(&s->port) + is_known(&s->user) +
	       is_known(&s->from) + (s->tls != SETTINGS_TLS_UNSAID);
}

/* --- read by its words --- */

/* The settings that the general reader finds; NULL. What r reads stays as it is. */
static struct mail_settings *by_words(struct reading *r)
{
	struct reading w = *r;
	struct mail_settings *s;

	w.program = by_id("guess-pairs");
	if (!w.program)
		return NULL;
	w.group = -1;
	w.inherit = false;
	w.list = NULL;
	w.end = &w.list;
	w.n = 0;
	entries_init(&w.entries, r->work);
	if (!parse_pairs(&w.entries, r->bytes, r->len) || !w.entries.n)
		return NULL;
	program_rows(w.program, "key", r->work, &w.keys);
	program_rows(w.program, "tls", r->work, &w.tls);
	program_rows(w.program, "verify", r->work, &w.verify);
	s = reading_new(&w, "");
	take_rows(&w, s, 0);
	return s;
}

static void fill(struct setting *to, const struct setting *from)
{
	if (!is_known(to) && from->value)
		*to = *from;
}

/* What `to` does not say of the same server. */
static void merge(struct mail_settings *to, struct mail_settings *from, bool tls)
{
	fill(&to->port, &from->port);
	fill(&to->user, &from->user);
	fill(&to->from, &from->from);
	if (tls && to->tls == SETTINGS_TLS_UNSAID && !to->tls_said.key) {
		to->tls = from->tls;
		to->tls_said = from->tls_said;
	}
	if (!to->secret && !to->password.key) {
		to->password = from->password;
		to->secret = from->secret;
		from->secret = NULL;
	}
}

static bool is_code(const struct program *p)
{
	return p->parse == parse_js || p->parse == parse_python || p->parse == parse_php ||
	       p->parse == parse_ruby || str_eq(p->id, "go-code");
}

/*
 * Is what the words say nearer to the truth? A program that was recognised by its keys, not by the
 * file's name, and whose server is not in the file, is another one.
 */
static bool is_better(const struct reading *r, const struct mail_settings *s,
		      const struct mail_settings *other, bool guessed)
{
	const char *slash = strrchr(r->file, '/'), *base = slash ? slash + 1 : r->file;

	if (!guessed)
		return !s->host.line && !s->api.value &&
		       !str_globs(program_text(s->program, "files"), base) &&
		       !str_globs(program_text(s->program, "files"), r->file);
	return (!s->host.value && !str_in(s->host.form, "placeholder|left-out|at|scheme")) ||
	       known(other) > known(s) + 1 ||
	       (s->host.value && !pair_is_host(span_of(s->host.value), true) &&
		!pair_is_local_host(span_of(s->host.value)));
}

/* What r read last is the group that the settings were read from. */
static const char *guess_name_of(struct reading *r, const struct mail_settings *s)
{
	unsigned group = r->group > 0 ? (unsigned)r->group : 0;

	return name_of_unknown(r, s, entries_group(&r->entries, group)->image);
}

void guess_complete(struct reading *r)
{
	struct mail_settings *s = r->list, *other;
	bool guessed = s && *program_text(s->program, "generic");

	if (!s || s->next || s->program->parse == parse_pairs)
		return;
	other = by_words(r);
	if (!other)
		return;
	if (other->host.value && is_better(r, s, other, guessed)) {
		other->name = guess_name_of(r, other);
		r->list = other;
		r->end = &other->next;
		settings_free(s);
		return;
	}
	if ((guessed || is_code(s->program)) && s->host.value &&
	    str_eq(s->host.value, other->host.value))
		merge(s, other, guessed);
	settings_free(other);
}

/* --- what it is called --- */

static bool is_in_text(struct reading *r, const char *words)
{
	struct strv all = { NULL, 0, 0 };

	strv_split(&all, r->work, words, '|');
	for (size_t i = 0; i < all.n; i++)
		if (memmem(r->bytes, r->len, all.v[i], strlen(all.v[i])))
			return true;
	return false;
}

const char *guess_name(struct reading *r)
{
	const struct program *p = by_id("guess-pairs");
	const char *slash = strrchr(r->file, '/'), *base = slash ? slash + 1 : r->file;

	for (size_t i = 0; p && i < p->n; i++) {
		const struct program_row *row = &p->rows[i];

		if (str_eq(row->kind, "called") &&
		    (!*row->name || str_globs(row->name, base)) &&
		    (!*row->words || is_in_text(r, row->words)))
			return row->means;
	}
	return "";
}
