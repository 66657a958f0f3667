/*
 * t-sts - MTA-STS and TLS-RPT: records, policies, and which hosts a policy names.
 *
 *	t-sts --records|--tlsrpt|--policies|--match|--lookup FILE	public cases (JSON)
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "base/json.h"
#include "domain/sts.h"
#include "tests/unit/zone-table.h"

struct text { const char *text; bool valid; };

static const struct text records[] = {
	{ "v=STSv1; id=20160831085700Z;", true },
	{ "v=STSv1;id=a;more=b", true },
	{ "v=STSv1 ;\tid=a ;", true },
	{ "v=STSv1", false },
	{ "v=STSv1; id=", false },
	{ "v=STSv1; id=a-b", false },
	{ "v=STSv2; id=a", false },
	{ "v=STSv1; id=012345678901234567890123456789012", false },
	{ "v=STSv1; id=a;;", false },
	{ "v=STSv1; id=a; x", false },
	{ "", false },
};

static const struct text reports[] = {
	{ "v=TLSRPTv1; rua=mailto:a@example.com", true },
	{ "v=TLSRPTv1;rua=https://example.com/x , mailto:a@example.com;", true },
	{ "v=TLSRPTv1", false },
	{ "v=TLSRPTv1; rua=", false },
	{ "v=TLSRPTv1; rua=a@example.com", false },
	{ "v=TLSRPTv1; rua=http://example.com/", false },
	{ "v=TLSRPTv1; rua=https://example.com/%zz", false },
	{ "v=TLSRPTv1; rua=mailto:a@example.com other", false },
	{ "v=TLSRPTv1; rua=mailto:a@example.com; x=", false },
};

static const struct text policies[] = {
	{ "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n", true },
	{ "version: STSv1\r\nmode: testing\r\nmx: *.example.com\r\nmax_age: 604800\r\nnew: key\r\n",
	  true },
	{ "version: STSv1\nmode: none\nmax_age: 86400", true },
	{ "version: STSv1\nmode: enforce\nmode: none\nmx: a.example\nmax_age: 1", true },
	{ "version: STSv2\nmode: none\nmax_age: 1", false },
	{ "mode: none\nmax_age: 1", false },
	{ "", false },
	{ "version: STSv1\nmode: strict\nmx: a.example\nmax_age: 1", false },
	{ "version: STSv1\nmode: enforce\nmax_age: 1", false },
	{ "version: STSv1\nmode: none\nmax_age: 1d", false },
	{ "version: STSv1\nmode: none", false },
	{ "version: STSv1\nmode: enforce\nmx: *.*.example\nmax_age: 1", false },
	{ "<html>\nversion: STSv1", false },
	{ "version: STSv1\nmode: enforce\nmx: a_b.example\nmax_age: 1", false },
};

static bool record_valid(struct arena *a, const char *text)
{
	struct sts_record r;

	return !sts_read(a, span_of(text), &r);
}

static bool report_valid(struct arena *a, const char *text)
{
	struct sts_record r;

	return !tlsrpt_read(a, span_of(text), &r);
}

static bool policy_valid(struct arena *a, const char *text)
{
	return !sts_policy_read(a, span_of(text)).faults.n;
}

static void table(struct arena *a, const struct text *t, size_t n,
		  bool (*valid)(struct arena *a, const char *text))
{
	for (size_t i = 0; i < n; i++)
		is_int(valid(a, t[i].text), t[i].valid,
		       str_escaped(a, t[i].text, strlen(t[i].text)));
}

static void names(struct arena *a)
{
	struct sts_policy p = sts_policy_read(a, span_of("version: STSv1\nmode: enforce\nmax_age: "
							 "1\nmx: A.example\nmx: *.b.example\n"));

	ok(sts_policy_names(&p, "a.example"), "a host by its name");
	ok(sts_policy_names(&p, "MX.b.example"), "a host by a pattern");
	ok(!sts_policy_names(&p, "b.example"), "a pattern needs its label");
	ok(!sts_policy_names(&p, "x.mx.b.example"), "... exactly one");
	ok(!sts_policy_names(&p, ".b.example"), "... that is not empty");
	ok(!sts_policy_names(&p, ""), "no host");
}

static void look_ups(struct arena *a)
{
	struct zone_table *z = zone_table_new(a);
	struct domain_dns dns = zone_table_dns(z);

	zone_table_add(z, "_mta-sts.one.test", "TXT", "v=STSv1; id=1");
	zone_table_add(z, "_mta-sts.one.test", "TXT", "something else");
	zone_table_add(z, "_mta-sts.two.test", "TXT", "v=STSv1; id=1");
	zone_table_add(z, "_mta-sts.two.test", "TXT", "v=STSv1; id=2");
	zone_table_add(z, "_mta-sts.bad.test", "TXT", "v=STSv1; i=1");
	zone_table_add(z, "_mta-sts.broken.test", "SERVFAIL", "");
	zone_table_add(z, "_smtp._tls.one.test", "TXT",
		       "v=TLSRPTv1; rua=mailto:a@one.test,mailto:b@one.test");
	is_int(sts_look(a, &dns, "one.test").found, STS_FOUND, "one record beside another");
	is_str(sts_look(a, &dns, "one.test").id, "1", "its id");
	is_int(sts_look(a, &dns, "two.test").found, STS_NONE, "two records are none");
	is_int(sts_look(a, &dns, "bad.test").found, STS_SYNTAX, "a record that cannot be read");
	is_int(sts_look(a, &dns, "broken.test").found, STS_DNS_ERROR, "no answer");
	is_int(sts_look(a, &dns, "gone.test").found, STS_NONE, "no record");
	is_int(tlsrpt_look(a, &dns, "one.test").reports.n, 2, "two addresses for reports");
}

/* --- public cases --- */

static const char *text_of(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));

	return s ? s : "";
}

static void public_texts(struct arena *a, const json_t *list,
			 bool (*valid)(struct arena *a, const char *text))
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *c = json_array_get(list, i);
		const char *text = text_of(c, "input");

		is_int(valid(a, text), str_eq(text_of(c, "expect"), "valid"),
		       str_escaped(a, text, strlen(text)));
	}
}

static void public_match(struct arena *a, json_t *j)
{
	struct sts_policy p = sts_policy_read(a, span_of(text_of(j, "policy")));
	json_t *in = json_object_get(j, "match"), *out = json_object_get(j, "no_match");

	for (size_t i = 0; i < json_array_size(in); i++)
		ok(sts_policy_names(&p, json_string_value(json_array_get(in, i))),
		   json_string_value(json_array_get(in, i)));
	for (size_t i = 0; i < json_array_size(out); i++)
		ok(!sts_policy_names(&p, json_string_value(json_array_get(out, i))),
		   json_string_value(json_array_get(out, i)));
}

static void public_look_ups(struct arena *a, json_t *j)
{
	static const char *const words[] = { "none", "syntax", "dns error", "ok" };
	struct zone_table *z = zone_table_new(a);
	struct domain_dns dns = zone_table_dns(z);
	json_t *texts, *target, *want, *broken = json_object_get(j, "servfail");
	const char *name;

	json_object_foreach(json_object_get(j, "zone"), name, texts)
		for (size_t i = 0; i < json_array_size(texts); i++)
			zone_table_add(z, name, "TXT", json_string_value(json_array_get(texts, i)));
	json_object_foreach(json_object_get(j, "cname"), name, target)
		zone_table_add(z, name, "CNAME", json_string_value(target));
	for (size_t i = 0; i < json_array_size(broken); i++)
		zone_table_add(z, json_string_value(json_array_get(broken, i)), "SERVFAIL", "");
	json_object_foreach(json_object_get(j, "expect"), name, want) {
		struct sts_record r = sts_look(a, &dns, name);

		ok(str_has_prefix(json_string_value(want), words[r.found]),
		   arena_printf(a, "%s: %s, wanted %s", name, words[r.found],
				json_string_value(want)));
	}
}

static void public_cases(struct arena *a, const char *kind, const char *path)
{
	json_t *j = json_load_file(path, 0, NULL);

	if (!ok(j != NULL, path))
		return;
	if (str_eq(kind, "--records"))
		public_texts(a, j, record_valid);
	else if (str_eq(kind, "--tlsrpt"))
		public_texts(a, j, report_valid);
	else if (str_eq(kind, "--policies"))
		public_texts(a, j, policy_valid);
	else if (str_eq(kind, "--match"))
		public_match(a, j);
	else
		public_look_ups(a, j);
	json_decref(j);
}

int main(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();

	if (argc > 2) {
		public_cases(a, argv[1], argv[2]);
		return tap_done();
	}
	table(a, records, ARRAY_LEN(records), record_valid);
	table(a, reports, ARRAY_LEN(reports), report_valid);
	table(a, policies, ARRAY_LEN(policies), policy_valid);
	names(a);
	look_ups(a);
	return tap_done();
}
