/*
 * sts - records of MTA-STS and TLS-RPT, and the policy file. RFC 8461, 3.1, 3.2, 4.1; RFC 8460, 3.
 */
#include "domain/sts.h"

#include "base/arena.h"
#include "base/scan.h"

enum { NAME_MOST = 32, ID_MOST = 32 };

const char *sts_mode_name(enum sts_mode m)
{
	static const char *const names[] = { "missing", "none", "testing", "enforce" };

	return names[m];
}

/* (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / "."): RFC 8461, 3.1 */
static bool is_name(struct span s)
{
	if (!s.len || s.len > NAME_MOST || !ascii_is_alnum(s.p[0]))
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_alnum(s.p[i]) && !memchr("_-.", s.p[i], 3))
			return false;
	return true;
}

static bool is_value(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] <= ' ' || s.p[i] >= 0x7f || s.p[i] == '=' || s.p[i] == ';')
			return false;
	return s.len;
}

static bool is_id(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_alnum(s.p[i]))
			return false;
	return s.len && s.len <= ID_MOST;
}

/* Each %XX is whole, and nothing stands there that a URI may not hold (RFC 3986, 2). */
static bool is_uri(struct span s)
{
	static const char hex[] = "0123456789abcdefABCDEF";

	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] <= ' ' || s.p[i] >= 0x7f || strchr("\"<>\\^`{|}", s.p[i]))
			return false;
		if (s.p[i] == '%' &&
		    (i + 2 >= s.len || !strchr(hex, s.p[i + 1]) || !strchr(hex, s.p[i + 2])))
			return false;
	}
	if (span_has_prefix_nocase(s, "mailto:"))
		return s.len > 7 && memchr(s.p + 7, '@', s.len - 7);
	return span_has_prefix_nocase(s, "https://") && s.len > 8;
}

static const char *take_reports(struct arena *a, struct span value, struct sts_record *ret)
{
	enum { REPORTS_MOST = 32 };
	struct scan s = scan_span(value);

	do {
		struct span uri = span_trim(scan_until(&s, ","));

		if (!is_uri(uri))
			return arena_printf(a, "'%s' is not mailto:ADDRESS or https://HOST",
					    domain_shown(a, uri.p, uri.len));
		if (ret->reports.n < REPORTS_MOST)
			strv_add(&ret->reports, a, str_escaped(a, uri.p, uri.len));
	} while (scan_accept(&s, ','));
	return NULL;
}

/* One "name=value" behind the version. */
static const char *take_field(struct arena *a, struct span field, bool report,
			      struct sts_record *ret)
{
	struct scan s = scan_span(field);
	struct span name = scan_until(&s, "="), value;

	if (!scan_accept(&s, '=') || !is_name(name))
		return arena_printf(a, "'%s' is not NAME=VALUE",
				    domain_shown(a, field.p, field.len));
	value = scan_rest(&s);
	if (report && span_eq(name, "rua"))
		return take_reports(a, value, ret);
	if (!is_value(value))
		return arena_printf(a, "the value in '%s' is not valid",
				    domain_shown(a, field.p, field.len));
	if (!report && span_eq(name, "id")) {
		if (!is_id(value))
			return "the id is not 1 to 32 letters and digits";
		ret->id = span_dup(a, value);
	}
	return NULL;
}

/* version *WSP 1*( ";" *WSP field *WSP ) [ ";" ]. "" = it does not begin so. */
static const char *read_record(struct arena *a, struct span text, const char *version, bool report,
			       struct sts_record *ret)
{
	struct scan s = scan_span(text);
	const char *why;

	if (!span_eq(span_trim(scan_until(&s, ";")), version))
		return "";
	ret->text = str_escaped(a, text.p, text.len);
	while (scan_accept(&s, ';')) {
		struct span field = span_trim(scan_until(&s, ";"));

		if (!field.len && scan_done(&s))
			break;
		why = take_field(a, field, report, ret);
		if (why)
			return why;
	}
	if (report && !ret->reports.n)
		return "rua= is missing";
	return !report && !*ret->id ? "id= is missing" : NULL;
}

const char *sts_read(struct arena *a, struct span text, struct sts_record *ret)
{
	*ret = (struct sts_record) { .text = "", .id = "", .why = "" };
	return read_record(a, text, "v=STSv1", false, ret);
}

const char *tlsrpt_read(struct arena *a, struct span text, struct sts_record *ret)
{
	*ret = (struct sts_record) { .text = "", .id = "", .why = "" };
	return read_record(a, text, "v=TLSRPTv1", true, ret);
}

static struct sts_record look(struct arena *a, const struct domain_dns *dns, const char *name,
			      const char *(*read)(struct arena *a, struct span text,
						  struct sts_record *ret))
{
	struct sts_record found = { .text = "", .id = "", .why = "" };
	const struct dns_answer *txt = dns->ask(dns->arg, name, DNS_TXT);

	for (const struct dns_record *t = txt->records; t; t = t->next) {
		struct sts_record one;
		const char *why = read(a, (struct span) { t->text, t->text_len }, &one);

		if (why && !*why)
			continue;
		if (found.n++)
			continue;
		one.n = 1;
		one.found = why ? STS_SYNTAX : STS_FOUND;
		one.why = why ? why : "";
		found = one;
	}
	if (found.n > 1) {
		found.found = STS_NONE;
		found.why = arena_printf(a, "%s has %zu records, so there is none", name, found.n);
	} else if (!found.n && txt->status != DNS_OK && txt->status != DNS_NXDOMAIN &&
		   txt->status != DNS_NODATA) {
		found.found = txt->status == DNS_BAD_NAME ? STS_NONE : STS_DNS_ERROR;
		found.why = txt->why;
	}
	return found;
}

struct sts_record sts_look(struct arena *a, const struct domain_dns *dns, const char *domain)
{
	return look(a, dns, arena_printf(a, "_mta-sts.%s", domain), sts_read);
}

struct sts_record tlsrpt_look(struct arena *a, const struct domain_dns *dns, const char *domain)
{
	return look(a, dns, arena_printf(a, "_smtp._tls.%s", domain), tlsrpt_read);
}

/* --- the policy --- */

struct reading {
	struct arena		*arena;
	struct sts_policy	*policy;
	bool			 has_version;
};

static void wrong(struct reading *rd, const char *fmt, const char *what)
{
	if (rd->policy->faults.n < STS_FAULTS_MOST)
		strv_addf(&rd->policy->faults, rd->arena, "%s '%s'", fmt, what);
}

/* A host name, maybe behind "*." (RFC 8461, 3.2). */
static bool is_pattern(struct span s)
{
	struct scan at = scan_span(s);

	scan_accept_str(&at, "*.");
	do {
		struct span label = scan_until(&at, ".");

		if (!label.len || label.len > 63 || !ascii_is_alnum(label.p[0]) ||
		    !ascii_is_alnum(label.p[label.len - 1]))
			return false;
		for (size_t i = 0; i < label.len; i++)
			if (!ascii_is_alnum(label.p[i]) && label.p[i] != '-')
				return false;
	} while (scan_accept(&at, '.'));
	return s.len <= 255;
}

static void take_mode(struct reading *rd, struct span value)
{
	static const enum sts_mode modes[] = { STS_MODE_NONE, STS_MODE_TESTING, STS_MODE_ENFORCE };

	if (rd->policy->mode != STS_MODE_MISSING)
		return;
	for (size_t i = 0; i < ARRAY_LEN(modes); i++)
		if (span_eq(value, sts_mode_name(modes[i])))
			rd->policy->mode = modes[i];
	if (rd->policy->mode == STS_MODE_MISSING)
		wrong(rd, "the mode is not enforce, testing or none:",
		      domain_shown(rd->arena, value.p, value.len));
}

static void take_age(struct reading *rd, struct span value)
{
	struct scan s = scan_span(value);
	unsigned long age = scan_number(&s, 9999999999);

	if (rd->policy->max_age >= 0)
		return;
	if (scan_failed(&s) || !scan_done(&s) || value.len > 10) {
		wrong(rd, "max_age is not a number of seconds:",
		      domain_shown(rd->arena, value.p, value.len));
		return;
	}
	rd->policy->max_age = (int64_t)age;
	if (age > STS_MAX_AGE_MOST)
		strv_addf(&rd->policy->remarks, rd->arena,
			  "max_age %lu is more than a year (%d s), the most allowed", age,
			  STS_MAX_AGE_MOST);
	else if (age < 86400 && rd->policy->mode != STS_MODE_NONE)
		strv_addf(&rd->policy->remarks, rd->arena,
			  "max_age %lu s is less than a day: the policy protects hardly", age);
}

static void take_pattern(struct reading *rd, struct span value)
{
	if (!is_pattern(value))
		wrong(rd, "mx is not a host name:", domain_shown(rd->arena, value.p, value.len));
	else if (rd->policy->mx.n < STS_PATTERNS_MOST)
		strv_add(&rd->policy->mx, rd->arena,
			 str_lower(rd->arena, span_dup(rd->arena, value)));
}

static void take_line(struct reading *rd, struct span line)
{
	struct scan s = scan_span(line);
	struct span key = scan_until(&s, ":"), value;

	if (!scan_accept(&s, ':') || !is_name(key)) {
		wrong(rd, "a line is not KEY: VALUE:", domain_shown(rd->arena, line.p, line.len));
		return;
	}
	value = span_trim(scan_rest(&s));
	if (!value.len)
		wrong(rd, "a value is missing:", domain_shown(rd->arena, line.p, line.len));
	else if (span_eq(key, "version") && !rd->has_version) {
		rd->has_version = true;
		if (!span_eq(value, "STSv1"))
			wrong(rd, "the version is not STSv1:",
			      domain_shown(rd->arena, value.p, value.len));
	} else if (span_eq(key, "mode"))
		take_mode(rd, value);
	else if (span_eq(key, "max_age"))
		take_age(rd, value);
	else if (span_eq(key, "mx"))
		take_pattern(rd, value);
}

struct sts_policy sts_policy_read(struct arena *a, struct span text)
{
	struct sts_policy p = { .max_age = -1 };
	struct reading rd = { .arena = a, .policy = &p };
	struct scan s = scan_span(text);

	if (text.len > STS_POLICY_MOST)
		strv_add(&p.faults, a, "the policy is longer than 64 KB");
	while (!scan_done(&s) && p.faults.n < STS_FAULTS_MOST && text.len <= STS_POLICY_MOST) {
		struct span line = scan_line(&s);

		if (line.len)
			take_line(&rd, line);
	}
	if (!rd.has_version)
		strv_add(&p.faults, a, "version: STSv1 is missing");
	if (p.mode == STS_MODE_MISSING)
		strv_add(&p.faults, a, "a valid mode is missing");
	if (p.max_age < 0)
		strv_add(&p.faults, a, "a valid max_age is missing");
	if (!p.mx.n && p.mode != STS_MODE_NONE)
		strv_add(&p.faults, a, "no mx is named");
	return p;
}

bool sts_policy_names(const struct sts_policy *p, const char *host)
{
	const char *dot = strchr(host, '.');

	for (size_t i = 0; i < p->mx.n; i++) {
		const char *pattern = p->mx.v[i];

		if (str_has_prefix(pattern, "*.")
			    ? dot && dot > host && str_eq_nocase(dot + 1, pattern + 2)
			    : str_eq_nocase(host, pattern))
			return true;
	}
	return false;
}
