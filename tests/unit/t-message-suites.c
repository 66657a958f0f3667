/*
 * t-message-suites - the parsers against public vectors: Authentication-Results of three projects,
 * Received lines and antispam fields of Microsoft's analyser, real messages. They are not part of
 * this tree: they are looked for where SMTPWHY_SUITES says, else beside the source tree
 * (../shared/suites). What is not there is not tested, and the cases of t-message count alone.
 */
#include "tests/unit/tap.h"

#include <dirent.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/input.h"
#include "know/know.h"
#include "message/message.h"

static const char *folder(struct arena *a)
{
	const char *named = getenv("SMTPWHY_SUITES"), *top = getenv("top_srcdir");

	return named && *named ? named : arena_printf(a, "%s/../shared/suites", top ? top : ".");
}

static json_t *vectors(struct arena *a, const char *file)
{
	return json_load_file(arena_printf(a, "%s/%s", folder(a), file), 0, NULL);
}

static const char *text_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

/* Names have no '#', which TAP would read. */
static const char *named(struct arena *a, const char *suite, size_t i, const char *source)
{
	return arena_printf(a, "%s %zu (%s)", suite, i, source);
}

/* --- Authentication-Results --- */

static bool has_props(const struct auth_result *r, const json_t *props)
{
	size_t i;
	json_t *p;

	json_array_foreach(props, i, p) {
		const char *value = json_string_value(json_array_get(p, 2));

		if (!str_eq(auth_prop(r, json_string_value(json_array_get(p, 0)),
				      json_string_value(json_array_get(p, 1))),
			    value ? value : ""))
			return false;
	}
	return true;
}

static bool has_result(const struct authres *all, const json_t *want)
{
	const char *reason = text_of(want, "reason");

	for (size_t i = 0; i < all->n; i++) {
		const struct auth_result *r = &all->v[i];

		if (str_eq(r->method, text_of(want, "method")) &&
		    str_eq(r->result, text_of(want, "result")) &&
		    (!*reason || str_eq(r->reason, reason)) &&
		    has_props(r, json_object_get(want, "props")))
			return true;
	}
	return false;
}

static void authres_vectors(struct arena *a)
{
	_cleanup_(json_decrefp) json_t *all = vectors(a, "authres/vectors.json");
	size_t i, k;
	json_t *c, *r;

	json_array_foreach(all, i, c) {
		const char *id = json_string_value(json_object_get(c, "authserv_id"));
		const json_t *wanted = json_object_get(c, "results");
		struct authres got;
		bool good = true;

		authres_read(a, text_of(c, "header"), &got);
		if (id)
			good = str_eq(got.id, id);
		json_array_foreach(wanted, k, r)
			good &= has_result(&got, r);
		/* A whole list of results is the whole of it. */
		if (id && json_is_array(wanted))
			good &= got.n == json_array_size(wanted);
		ok(good, named(a, "authres", i, text_of(c, "source")));
	}
}

/* --- Received, antispam --- */

static void same(const json_t *want, const char *key, const char *got, const char *what)
{
	if (json_object_get(want, key))
		is_str(got, text_of(want, key), what);
}

static void received_vectors(struct arena *a)
{
	_cleanup_(json_decrefp) json_t *all = vectors(a, "received/mha-received.json");
	size_t i;
	json_t *c;

	json_array_foreach(json_object_get(all, "cases"), i, c) {
		const json_t *want = json_object_get(c, "expect");
		const char *what = named(a, "mha-received", i, "MHA");
		struct fields f;
		struct hop h;

		fields_read(a, span_of(text_of(c, "header")), &f);
		received_read(a, fields_value(&f, "Received"), &h);
		same(want, "from", h.from, what);
		same(want, "by", h.by, what);
		same(want, "with", h.with, what);
		same(want, "id", h.id, what);
		same(want, "via", h.via, what);
		same(want, "for", h.recipient, what);
		is_int(h.when.ms, json_integer_value(json_object_get(want, "dateNum")), what);
	}
}

static void antispam_vectors(struct arena *a)
{
	_cleanup_(json_decrefp) json_t *all = vectors(a, "m365/mha-antispam.json");
	size_t i;
	json_t *c, *v;

	json_array_foreach(json_object_get(all, "cases"), i, c) {
		struct antispam s;
		const char *key;
		bool good = true;

		antispam_read(a, text_of(c, "value"), &s);
		json_object_foreach(json_object_get(c, "fields"), key, v)
			good &= str_eq(antispam_value(&s, key), json_string_value(v));
		ok(good, named(a, "mha-antispam", i, text_of(c, "header")));
	}
}

/* --- real messages --- */

static const char *file_text(struct buf *b, const char *path)
{
	_cleanup_(input_freep) struct input *in = input_open(path);
	const char *p;
	ssize_t n;

	while ((n = input_read(in, &p)) > 0)
		buf_add(b, p, (size_t)n);
	return buf_str(b);
}

/* Each Received line of a real message names who took it, or is qmail's own note, and has a date.
 */
static void one_message(struct arena *a, const struct know *k, const char *path, const char *name)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(16 * 1024 * 1024);
	const struct message *m;
	size_t bad = 0;

	file_text(&b, path);
	m = message_read(a, k, (struct span) { buf_str(&b), b.len });
	for (size_t i = 0; i < m->n_hops; i++) {
		const struct hop *h = &m->hops[i];

		bad += !h->when.known ||
		       !(*h->by_host ||
			 str_find_nocase(fields_find(&m->fields, "Received", NULL)->value,
					 "qmail"));
	}
	is_int(bad, 0, arena_printf(a, "mail-parser %s: %zu Received lines", name, m->n_hops));
	message_judge(m);
}

static int is_mail(const struct dirent *d)
{
	return str_has_prefix(d->d_name, "mail_");
}

static void real_messages(struct arena *a, const struct know *k)
{
	const char *dir = arena_printf(a, "%s/received/mail-parser", folder(a));
	struct dirent **list = NULL;
	int n = scandir(dir, &list, is_mail, alphasort);

	for (int i = 0; i < n; i++) {
		one_message(a, k, arena_printf(a, "%s/%s", dir, list[i]->d_name), list[i]->d_name);
		free(list[i]);
	}
	free(list);
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error;
	struct know *k = know_new(a, NULL, &error);

	ok(k != NULL, "the tables are read");
	authres_vectors(a);
	received_vectors(a);
	antispam_vectors(a);
	real_messages(a, k);
	return tap_done();
}
