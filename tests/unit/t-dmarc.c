/*
 * t-dmarc - DMARC on zones from a table, by RFC 9989 and RFC 7489: tests/data/dmarc-cases.json.
 *
 *	t-dmarc [CASES]			another file of the same form
 *
 * A case: zone (TXT by name), existing_names, servfail, author, spf, dkim; expect and
 * expect_rfc7489 hold what it decides.
 */
#include "tests/unit/tap.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/json.h"
#include "domain/dmarc.h"
#include "tests/unit/zone-table.h"

static const char *text_of(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));

	return s ? s : "";
}

static const char *joined(struct arena *a, const json_t *pieces)
{
	struct strv l = { NULL, 0, 0 };

	if (json_is_string(pieces))
		return json_string_value(pieces);
	for (size_t i = 0; i < json_array_size(pieces); i++)
		strv_add(&l, a, json_string_value(json_array_get(pieces, i)));
	return strv_join(&l, a, "");
}

static struct zone_table *zone_of(struct arena *a, json_t *c)
{
	struct zone_table *z = zone_table_new(a);
	json_t *names = json_object_get(c, "existing_names"),
	       *broken = json_object_get(c, "servfail"), *texts;
	const char *name;

	json_object_foreach(json_object_get(c, "zone"), name, texts)
		for (size_t i = 0; i < json_array_size(texts); i++)
			zone_table_add(z, name, "TXT", joined(a, json_array_get(texts, i)));
	for (size_t i = 0; i < json_array_size(names); i++)
		zone_table_add(z, json_string_value(json_array_get(names, i)), "EXISTS", "");
	for (size_t i = 0; i < json_array_size(broken); i++)
		zone_table_add(z, json_string_value(json_array_get(broken, i)), "SERVFAIL", "");
	return z;
}

static void check_view(struct arena *a, const char *id, const char *rule,
		       const struct dmarc_view *v, const json_t *e)
{
	const struct { const char *key, *got;
	} words[] = {
		{ "org_domain", v->org_domain },
		{ "policy_domain", v->policy_domain },
		{ "policy", dmarc_policy_name(v->policy) },
		{ "applied", dmarc_policy_name(v->applied) },
		{ "result", dmarc_result_name(v->result) },
	};
	const struct { const char *key; bool got; } flags[] = {
		{ "spf_aligned", v->spf_aligned }, { "dkim_aligned", v->dkim_aligned },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		const char *want = text_of(e, words[i].key);

		/* Both mean that nothing is enforced. */
		if (str_eq(want, "none-or-no-processing"))
			ok(v->policy <= DMARC_NONE,
			   arena_printf(a, "%s, %s: nothing is enforced", id, rule));
		else if (*want)
			is_str(words[i].got, want,
			       arena_printf(a, "%s, %s: %s", id, rule, words[i].key));
	}
	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		const json_t *want = json_object_get(e, flags[i].key);

		if (want)
			is_int(flags[i].got, json_is_true(want),
			       arena_printf(a, "%s, %s: %s", id, rule, flags[i].key));
	}
}

static bool has_fault(const struct dmarc_fault *f, const char *name)
{
	while (f && !str_eq(dmarc_fault_name(f->kind), name))
		f = f->next;
	return f;
}

static void check_rest(struct arena *a, const char *id, const struct dmarc *d, const json_t *e)
{
	const json_t *questions = json_object_get(e, "queries"),
		     *ignored = json_object_get(e, "ignored_tags");
	const json_t *authorised = json_object_get(e, "rua_authorised"),
		     *faults = json_object_get(e, "faults");
	struct strv want = { NULL, 0, 0 };

	for (size_t i = 0; i < json_array_size(questions); i++)
		strv_add(&want, a, json_string_value(json_array_get(questions, i)));
	if (questions)
		is_str(strv_join(&d->questions, a, " "), strv_join(&want, a, " "),
		       arena_printf(a, "%s: its questions", id));
	for (size_t i = 0; i < json_array_size(ignored); i++)
		ok(d->record && strv_has(&d->record->ignored,
					 json_string_value(json_array_get(ignored, i))),
		   arena_printf(a, "%s: ignored tag %s", id,
				json_string_value(json_array_get(ignored, i))));
	if (authorised)
		is_int(d->record && d->record->n_rua && d->record->rua[0].authorised,
		       json_is_true(authorised), arena_printf(a, "%s: reports are authorised", id));
	for (size_t i = 0; i < json_array_size(faults); i++)
		ok(has_fault(d->faults, json_string_value(json_array_get(faults, i))),
		   arena_printf(a, "%s: fault %s", id,
				json_string_value(json_array_get(faults, i))));
	if (json_object_get(e, "differ"))
		is_int(d->differ, json_is_true(json_object_get(e, "differ")),
		       arena_printf(a, "%s: the two rules differ", id));
}

static void one_case(json_t *c)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct domain_dns dns = zone_table_dns(zone_of(a, c));
	json_t *spf = json_object_get(c, "spf"), *dkim = json_object_get(c, "dkim"),
	       *e = json_object_get(c, "expect");
	struct dmarc_ask ask = { .author = text_of(c, "author"),
				 .spf_domain = text_of(spf, "domain"),
				 .spf_pass = str_eq(text_of(spf, "result"), "pass") };
	const struct dmarc *d;

	for (size_t i = 0; i < json_array_size(dkim); i++)
		ask.dkim[ask.n_dkim++] =
			(struct dmarc_identity){ text_of(json_array_get(dkim, i), "domain"),
						 str_eq(text_of(json_array_get(dkim, i), "result"),
							"pass") };
	ask.reports =
		json_object_get(e, "rua_authorised") || json_is_true(json_object_get(c, "reports"));
	d = dmarc_check(a, &dns, &ask);
	check_view(a, text_of(c, "id"), "RFC 9989", &d->now, e);
	check_rest(a, text_of(c, "id"), d, e);
	if (d->have_list && json_object_get(c, "expect_rfc7489"))
		check_view(a, text_of(c, "id"), "RFC 7489", &d->old,
			   json_object_get(c, "expect_rfc7489"));
}

/* Records alone: valid by RFC 7489 when no fault says otherwise. */
static void records(json_t *list)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *c = json_array_get(list, i);
		const char *text = text_of(c, "input");
		const struct dmarc_record *rec = dmarc_read(a, "example.com", span_of(text));
		bool valid = rec;

		for (const struct dmarc_fault *f = rec ? rec->faults : NULL; f; f = f->next)
			valid &= !f->old || (f->kind == DMARC_FAULT_SUBPOLICY && rec->reports);
		is_int(valid, str_eq(text_of(c, "expect"), "valid"),
		       arena_printf(a, "record '%s' is %s", text, text_of(c, "expect")));
	}
}

static void suffixes(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(psl_freep) struct psl *p = psl_load(NULL);

	if (!p)
		return;
	is_str(psl_registrable(p, a, "a.b.example.co.uk", true), "example.co.uk",
	       "a suffix of two labels");
	is_str(psl_registrable(p, a, "Mail.Example.com", true), "example.com", "letters' case");
	is_str(psl_registrable(p, a, "com", true), NULL, "a suffix itself");
	is_str(psl_registrable(p, a, "alice.github.io", true), "alice.github.io",
	       "a private suffix");
	is_str(psl_registrable(p, a, "alice.github.io", false), "github.io",
	       "... without the private ones");
	is_str(psl_registrable(p, a, "", true), NULL, "nothing");
	is_str(psl_registrable(p, a, "a..b", true), NULL, "an empty label");
	is_str(psl_registrable(p, a, "www.ck", true), "www.ck", "an exception of a wildcard");
}

/* "name registrable" or "name null" a line, and the list they were made for. */
static void suffix_lines(const char *lines, const char *list)
{
	_cleanup_(psl_freep) struct psl *p = psl_load(list);
	char line[512], name[256], want[256];
	FILE *f = fopen(lines, "r");

	while (p && f && fgets(line, sizeof(line), f)) {
		_cleanup_(arena_freep) struct arena *a = arena_new();
		const char *got;

		if (str_has_prefix(line, "//") || sscanf(line, "%255s %255s", name, want) != 2)
			continue;
		got = psl_registrable(p, a, str_eq(name, "null") ? "" : name, true);
		is_str(got ? got : "null", want, arena_printf(a, "registrable domain of %s", name));
	}
	if (f)
		fclose(f);
}

int main(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *top = getenv("top_srcdir");
	const char *path =
		argc > 1 ? argv[1]
			 : arena_printf(a, "%s/tests/data/dmarc-cases.json", top ? top : ".");
	json_t *all;

	if (argc > 3 && str_eq(argv[1], "--suffixes")) {
		suffix_lines(argv[2], argv[3]);
		return tap_done();
	}
	all = json_load_file(path, 0, NULL);
	if (!ok(all != NULL, path))
		return tap_done();
	for (size_t i = 0; i < json_array_size(json_object_get(all, "cases")); i++)
		one_case(json_array_get(json_object_get(all, "cases"), i));
	records(json_is_array(all) ? all : json_object_get(all, "records"));
	suffixes();
	json_decref(all);
	return tap_done();
}
