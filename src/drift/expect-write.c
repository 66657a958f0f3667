/*
 * Expectations of a run as it is: a file to begin with.
 */
#include "drift/expect.h"

#include "base/arena.h"
#include "base/buf.h"

static const struct facts *facts_of(const struct expect_run *run)
{
	return run->evidence->facts;
}

/* A value goes into a file that is read again: only what has one line and no comment. */
static void put_with(struct arena *a, struct buf *to, const char *word, const char *value,
		     const char *comment)
{
	if (!*value || strstr(value, " #") || *value == '#' ||
	    !str_eq(value, str_escaped(a, value, strlen(value))))
		return;
	buf_addf(to, "%s%-17s %s\n", comment, word, value);
}

static void put(struct arena *a, struct buf *to, const char *word, const char *value)
{
	put_with(a, to, word, value, "");
}

static bool in_all(const struct expect_run *run, struct arena *a, const char *word)
{
	const struct fact *f;

	for (f = facts_match(facts_of(run), "auth.*.offered", NULL); f;
	     f = facts_match(facts_of(run), "auth.*.offered", f)) {
		struct strv list = { NULL, 0, 0 };

		strv_split(&list, a, f->string, ' ');
		if (!strv_has_nocase(&list, word))
			return false;
	}
	return true;
}

/* Those that every port offers. */
static const char *mechanisms(const struct expect_run *run, struct arena *a)
{
	const struct fact *f = facts_match(facts_of(run), "auth.*.offered", NULL);
	struct strv list = { NULL, 0, 0 }, common = { NULL, 0, 0 };

	strv_split(&list, a, f ? f->string : "", ' ');
	for (size_t i = 0; i < list.n; i++)
		if (in_all(run, a, list.v[i]))
			strv_add(&common, a, list.v[i]);
	return strv_join(&common, a, " ");
}

/* The lowest version that a session had or the server accepted; "" = there was no session. */
static const char *tls_floor(const struct expect_run *run)
{
	static const char *const versions[] = { "1.0", "1.1", "1.2", "1.3" };

	for (size_t i = 0; i < ARRAY_LEN(versions); i++) {
		const struct fact *f;

		for (f = facts_match(facts_of(run), "*", NULL); f;
		     f = facts_match(facts_of(run), "*", f)) {
			if (str_glob("smtp.*.version", f->name) &&
			    str_has_prefix(f->string, "TLS") && str_eq(f->string + 3, versions[i]))
				return versions[i];
			if (str_glob("tls.*.1.?", f->name) && str_eq(f->string, "accepted") &&
			    str_eq(f->name + strlen(f->name) - 3, versions[i]))
				return versions[i];
		}
	}
	return "";
}

/* The terms of SPF that let others send: what one does not want to lose. */
static const char *spf_terms(const struct expect_run *run, struct arena *a)
{
	struct strv list = { NULL, 0, 0 }, kept = { NULL, 0, 0 };

	strv_split(&list, a, facts_string(facts_of(run), "dns.spf.record"), ' ');
	for (size_t i = 0; i < list.n; i++)
		if (str_has_prefix_nocase(list.v[i], "include:") ||
		    str_has_prefix_nocase(list.v[i], "redirect="))
			strv_add(&kept, a, list.v[i]);
	return strv_join(&kept, a, " ");
}

static const char *mx_hosts(const struct expect_run *run, struct arena *a)
{
	struct strv list = { NULL, 0, 0 }, hosts = { NULL, 0, 0 };

	strv_split(&list, a, facts_string(facts_of(run), "dns.mx.list"), ',');
	for (size_t i = 0; i < list.n; i++) {
		const char *blank = strrchr(list.v[i], ' ');

		if (blank)
			strv_add(&hosts, a, blank + 1);
	}
	return strv_join(&hosts, a, " ");
}

void expect_write(struct arena *a, const struct expect_run *run, struct buf *to)
{
	const struct facts *f = facts_of(run);
	struct strv selectors = { NULL, 0, 0 };
	const struct fact *issuer = facts_match(f, "cert.*.issuer-o", NULL);

	strv_split(&selectors, a, facts_string(f, "dns.dkim.selectors"), ',');
	buf_adds(to, "\n");
	put(a, to, "target", run->target);
	if (run->status == STATUS_PASS || run->status == STATUS_WARN)
		buf_adds(to, "# pass; warn: warnings do not count\n");
	else
		buf_adds(to, "# when this was written, it failed or could not be tested\n");
	put(a, to, "status", run->status == STATUS_PASS ? "pass" : "warn");
	put(a, to, "provider", facts_string(f, "target.provider"));
	put(a, to, "path", facts_string(f, "target.path"));
	put_with(a, to, "mechanisms", mechanisms(run, a),
		 "# login mechanisms that have to be offered at each port\n");
	put_with(a, to, "tls", tls_floor(run), "# no TLS version below this one\n");
	put(a, to, "issuer", issuer ? issuer->string : "");
	put(a, to, "mx", mx_hosts(run, a));
	put(a, to, "spf", spf_terms(run, a));
	put(a, to, "dkim", strv_join(&selectors, a, " "));
	put(a, to, "dmarc", facts_string(f, "dns.dmarc.policy"));
	put(a, to, "mta-sts", str_in(facts_string(f, "dns.mta-sts.mode"), "enforce|testing|none") ?
	    facts_string(f, "dns.mta-sts.mode") : "");
}
