/*
 * dkim-lists - cases of public suites, as tests/meta/dkim-suites.py writes them.
 */
#include "tests/unit/dkim-lists.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/scan.h"
#include "base/strv.h"
#include "domain/arc.h"
#include "domain/dkim.h"
#include "tests/unit/tap.h"
#include "tests/unit/zone-table.h"

static struct span whole_file(struct buf *b, const char *path)
{
	char block[2048];
	FILE *f = fopen(path, "re");
	size_t n;

	buf_clear(b);
	while (f && (n = fread(block, 1, sizeof(block), f)) > 0)
		buf_add(b, block, n);
	if (f)
		fclose(f);
	return (struct span){ buf_str(b), b->len };
}

static const char *said(struct arena *a, const struct dkim_sig *s)
{
	return arena_printf(a, "%s (%s: %s)", dkim_result_name(s->result),
			    dkim_fault_name(s->fault), s->why);
}

static bool is_old(const struct dkim_sig *s)
{
	return s->fault == DKIM_OK || s->fault == DKIM_SHA1 || s->fault == DKIM_KEY_SHORT ||
	       (s->fault == DKIM_VERSION && s->draft);
}

/*
 * "verifies": one of them does, whatever is wrong besides; "pass", "fail" and so on: the first
 * signature's result; "bad": all have a fault that is not only age (SHA-1, a short key, a draft);
 * "none": there is no signature.
 */
static void one_message(struct arena *a, const struct dkim *d, const char *title,
			const char *want)
{
	struct strv results = { NULL, 0, 0 };
	bool verifies = false, holds = false, good;

	for (const struct dkim_sig *s = d->sigs; s; s = s->next) {
		strv_add(&results, a, said(a, s));
		for (size_t i = 0; i < s->notes.n; i++)
			strv_add(&results, a, s->notes.v[i]);
		verifies |= s->verifies;
		holds |= is_old(s);
	}
	if (str_eq(want, "verifies"))
		good = verifies;
	else if (str_eq(want, "bad"))
		good = d->sigs && !holds;
	else if (str_eq(want, "none"))
		good = !d->sigs;
	else
		good = d->sigs && str_eq(dkim_result_name(d->sigs->result), want);
	ok(good, arena_printf(a, "%s: %s", title, want));
	if (!good)
		printf("#   got   %s\n", strv_join(&results, a, ", "));
}

static void one_line(const char *line, struct arena *zone_arena, struct zone_table **z)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(buf_release) struct buf b = BUF_INIT(1 << 24);
	struct strv cell = { NULL, 0, 0 };
	struct domain_dns dns;
	struct span text;

	strv_split(&cell, a, line, '\t');
	if (cell.n == 4 && str_eq(cell.v[0], "zone")) {
		zone_table_add(*z, cell.v[1], cell.v[2], cell.v[3]);
	} else if (cell.n == 1 && str_eq(cell.v[0], "new")) {
		*z = zone_table_new(zone_arena);
	} else if (cell.n == 5 && str_eq(cell.v[0], "message")) {
		dns = zone_table_dns(*z);
		text = whole_file(&b, cell.v[1]);
		one_message(a, dkim_verify(a, &dns, text, strtoll(cell.v[2], NULL, 10)),
			    cell.v[4], cell.v[3]);
	} else if (cell.n == 5 && str_eq(cell.v[0], "arc")) {
		const struct arc *c;

		dns = zone_table_dns(*z);
		c = arc_verify(a, &dns, whole_file(&b, cell.v[1]), strtoll(cell.v[2], NULL, 10));
		if (!is_str(arc_result_name(c->result), cell.v[3], cell.v[4]))
			printf("#   why   %s\n", c->why);
	} else {
		ok(false, arena_printf(a, "a line that cannot be read: %s", line));
	}
}

int dkim_list_run(const char *file)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(buf_release) struct buf b = BUF_INIT(1 << 24);
	struct zone_table *z = zone_table_new(a);
	struct scan s;

	whole_file(&b, file);
	s = scan_over(buf_str(&b), b.len);
	while (!scan_done(&s)) {
		struct span line = scan_line(&s);

		if (line.len)
			one_line(span_dup(a, line), a, &z);
	}
	return tap_done();
}

static json_t *json_cases(const char *file)
{
	json_t *all = json_load_file(file, 0, NULL);

	ok(json_is_array(all), "the file can be read");
	return all;
}

static const char *text_of(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));

	return s ? s : "";
}

int dkim_signatures_run(const char *file)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	json_t *all = json_cases(file), *c;
	size_t i;

	json_array_foreach(all, i, c) {
		const struct dkim_sig *s = dkim_sig_read(a, span_of(text_of(c, "input")));
		const char *got = s->fault == DKIM_OK ? "valid" : "invalid";

		is_str(got, text_of(c, "expect"),
		       arena_printf(a, "%zu (%s): %s", i, text_of(c, "error"),
				    dkim_fault_name(s->fault)));
	}
	json_decref(all);
	return tap_done();
}

int dkim_keys_run(const char *file)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	json_t *all = json_cases(file), *c;
	size_t i;

	json_array_foreach(all, i, c) {
		const struct dkim_key *k = dkim_key_read(a, span_of(text_of(c, "input")));
		/* A revoked key is a valid record. */
		bool valid = k->fault == DKIM_OK || k->fault == DKIM_KEY_REVOKED;

		is_str(valid ? "valid" : "invalid", text_of(c, "expect"),
		       arena_printf(a, "%zu (%s): %s", i, text_of(c, "error"),
				    dkim_fault_name(k->fault)));
		is_int(k->looks_like, json_is_true(json_object_get(c, "looks_like_dkim")),
		       arena_printf(a, "%zu: does it look like a key?", i));
	}
	json_decref(all);
	return tap_done();
}
