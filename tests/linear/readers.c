/*
 * readers - everything that reads bytes of somebody else, and everything that
 * writes them out again.
 */
#include "tests/linear/linear.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/json.h"
#include "base/limits.h"
#include "logs/lines.h"
#include "base/reply.h"
#include "base/scan.h"
#include "base/secret.h"
#include "base/transcript.h"
#include "base/tsv.h"
#include "cmd/from-list.h"
#include "config/settings.h"
#include "admin/admin.h"
#include "paste/explain.h"
#include "domain/arc.h"
#include "judge/facts.h"
#include "sending/lint.h"
#include "know/know.h"
#include "logs/tally.h"
#include "message/message.h"
#include "token/token.h"
#include "lab/scenario.h"
#include "lab/web.h"
#include "proto/oauth.h"
#include "proto/sasl-challenge.h"
#include "microsoft/service.h"
#include "proto/smtp-offer.h"
#include "microsoft/tenant.h"
#include "report/report.h"

static const struct know *know(void)
{
	static struct know *k;
	const char *error;

	if (!k)
		k = know_new(arena_new(), NULL, &error);
	assert(k);
	return k;
}

static FILE *nowhere(void)
{
	static FILE *f;

	if (!f)
		f = fopen("/dev/null", "we");
	assert(f);
	return f;
}

static const struct report_style style = { .unicode = true, .verbose = true, .columns = 80 };

/* --- pastes and logs --- */

static void read_explain(struct arena *a, const char *p, size_t n)
{
	assert(explain_text(a, know(), p, n));
}

static void read_headers(struct arena *a, const char *p, size_t n)
{
	assert(message_judge(message_read(a, know(), (struct span) { p, n })));
}

static const struct dns_answer *nothing_there(void *arg, const char *name, enum dns_type type)
{
	static const struct dns_answer none = { .status = DNS_NXDOMAIN, .why = "", .server = "" };

	(void)arg, (void)name, (void)type;
	return &none;
}

static void ask_nobody(void *arg, struct dns_question *q, size_t n)
{
	(void)arg, (void)q, (void)n;
}

static void read_dkim(struct arena *a, const char *p, size_t n)
{
	struct domain_dns dns = { NULL, nothing_there, ask_nobody };

	assert(dkim_verify(a, &dns, (struct span) { p, n }, 0));
	assert(arc_verify(a, &dns, (struct span) { p, n }, 0));
}

static void read_explain_print(struct arena *a, const char *p, size_t n)
{
	struct explanation *e = explain_text(a, know(), p, n);

	report_alone(nowhere(), "text", &style, REPORT_EXPLANATION, e);
	report_alone(nowhere(), "json", &style, REPORT_EXPLANATION, e);
}

static void take(void *arg, struct span line, bool cut)
{
	tally_line(arg, line, cut);
}

static void read_tally(struct arena *a, const char *p, size_t n)
{
	_cleanup_(tally_freep) struct tally *t = tally_new(know());
	const char *name = "mail.log";
	struct tally_sum sum;
	const struct log_read log = { .sum = &sum, .names = &name, .n = 1, .trouble = "" };
	struct lines l;

	tally_file(t, name);
	lines_init(&l, LIMIT_LOG_LINE, take, t);
	lines_feed(&l, p, n);
	lines_end(&l);
	lines_release(&l);
	tally_end(t);
	sum = tally_sum(t, a);
	report_alone(nowhere(), "text", &style, REPORT_SUMMARY, &log);
	report_alone(nowhere(), "json", &style, REPORT_SUMMARY, &log);
	report_alone(nowhere(), "csv", &style, REPORT_SUMMARY, &log);
}

static void read_admin(struct arena *a, const char *p, size_t n)
{
	static const char *const answers[] = { "Get-CASMailbox", "Get-EXOMailbox",
					       "Get-InboundConnector", "signIns",
					       "policies", "user" };
	struct facts *f = facts_new(a);
	struct admin_report report;
	struct admin_found found;

	if (admin_find(a, admin_plain(a, (struct span) { p, n }), &found))
		admin_read(a, found.json, found.len, f, &report);
	f = facts_new(a);
	for (size_t i = 0; i < ARRAY_LEN(answers); i++)
		admin_take(a, f, answers[i], p, n);
}

/* --- settings, tables, scenarios --- */

static void lint_as(struct arena *a, const char *name, const char *p, size_t n)
{
	const char *error = NULL;
	struct mail_settings *list = settings_read(a, name, NULL, p, n, &error);

	for (const struct mail_settings *s = list; s; s = s->next) {
		struct lint *l = lint_judge(a, know(), s, NULL);

		report_alone(nowhere(), "text", &style, REPORT_LINT, l);
		report_alone(nowhere(), "ndjson", &style, REPORT_LINT, l);
		report_alone(nowhere(), "github", &style, REPORT_LINT, l);
	}
	settings_free(list);
}

#define LINT(name, file) \
	static void name(struct arena *a, const char *p, size_t n) { lint_as(a, file, p, n); }
LINT(read_postfix, "main.cf")
LINT(read_exim, "exim.conf")
LINT(read_env, ".env")
LINT(read_ini, "grafana.ini")
LINT(read_properties, "application.properties")
LINT(read_yaml, "application.yml")
LINT(read_xml, "web.config")
LINT(read_json, "appsettings.json")
LINT(read_python, "settings.py")
LINT(read_php, "wp-config.php")
LINT(read_ruby, "gitlab.rb")
LINT(read_node, "mailer.js")
LINT(read_msmtp, ".msmtprc")

static void read_tsv(struct arena *a, const char *p, size_t n)
{
	static const char *const columns[] = { "id", "title", NULL };
	const char *error;

	tsv_parse(a, "x", p, n, columns, &error);
}

static void read_scenario(struct arena *a, const char *p, size_t n)
{
	const char *error;

	scenario_parse(a, "x", p, n, &error);
}

static void read_from_list(struct arena *a, const char *p, size_t n)
{
	struct strv list = { NULL, 0, 0 };

	from_list_parse(a, (struct span) { p, n }, &list);
}

/* --- SMTP --- */

static struct reply *reply_in(struct arena *a, const char *p, size_t n)
{
	struct span *lines = arena_alloc(a, LIMIT_REPLY_LINES * sizeof(*lines));
	struct scan s = scan_over(p, n);
	size_t count = 0;

	while (!scan_done(&s) && count < LIMIT_REPLY_LINES)
		lines[count++] = scan_line(&s);
	return reply_of_lines(a, STAGE_EHLO, lines, count);
}

static void read_reply(struct arena *a, const char *p, size_t n)
{
	struct reply *r = reply_in(a, p, n);
	struct error_match m;

	if (r) {
		reply_flat(r, a);
		reply_words(r, a);
		know_meaning(know(), a, "m365", r, &m);
	}
}

static void read_ehlo(struct arena *a, const char *p, size_t n)
{
	struct reply *r = reply_in(a, p, n);
	struct smtp_offer o;

	if (r && r->lines)
		smtp_offer_read(a, r, &o);
}

static void read_challenge(struct arena *a, const char *p, size_t n)
{
	struct sasl_challenge c;

	sasl_challenge_read(a, (struct span) { p, n }, &c);
}

static void read_transcript(struct arena *a, const char *p, size_t n)
{
	struct transcript *t = transcript_new(a, "x:25");
	struct scan s = scan_over(p, n);

	while (!scan_done(&s)) {
		struct span line = scan_line(&s);

		transcript_add(t, TRANSCRIPT_SERVER, line.p, line.len);
	}
}

/* --- the web --- */

static void read_service(struct arena *a, const char *p, size_t n)
{
	struct tenant t = { .id = "" };
	struct service_answer r;

	service_judge(a, 200, "application/json", p, n, &r);
	service_judge(a, 403, "application/json", p, n, &r);
	tenant_read_configuration(a, 400, p, n, &t);
	tenant_read_configuration(a, 200, p, n, &t);
	tenant_read_realm(a, 200, p, n, &t);
}

static void read_oauth(struct arena *a, const char *p, size_t n)
{
	struct oauth_answer r;

	oauth_answer_init(&r);
	oauth_read(a, 400, "application/json", p, n, &r);
	oauth_answer_release(&r);
}

static void read_token(struct arena *a, const char *p, size_t n)
{
	struct initial_response l;
	struct token t = { .form = "", .damage = "", .signature = "" };

	token_read(a, p, n, &t);
	token_claims_read(a, p, n, &t);
	login_string_read(a, p, n, &l);
}

static void read_web(struct arena *a, const char *p, size_t n)
{
	struct web_request r;
	char *text = arena_strndup(a, p, n);

	web_head(a, p, n, &r);
	web_form(a, p, n);
	web_encode(a, text);
	web_decode(a, span_of(text), true);
}

/* --- what lies under all of them --- */

static void read_base(struct arena *a, const char *p, size_t n)
{
	struct buf b = BUF_INIT(8 * LIMIT_PASTE);
	char *escaped = str_escaped(a, p, n);

	str_without_nul(a, p, n);
	str_lower(a, escaped);
	base64_encode(&b, p, n);
	buf_clear(&b);
	base64_decode(&b, p, n);
	buf_release(&b);
	span_trim((struct span) { p, n });
	json_decref(json_safe(escaped));
	json_too_deep(p, n, 24);
}

/* What every rule of the test is to be measured by: it must be found. */
static void read_planted(struct arena *a, const char *p, size_t n)
{
	size_t same = 0;

	(void)a;
	for (size_t i = 0; i < n; i += 64)
		for (size_t k = 0; k < i; k += 8)
			same += p[i] == p[k];
	assert(same <= n * n);
}

#define TEXTS \
	"letters blanks line_ends short_lines words commas folded carriage nuls escapes control " \
	"wide quotes open_quote brackets closing angles colons equals percent dots at_signs " \
	"slashes base64_line base64_wall hex backspaces"
#define SETTINGS \
	"letters line_ends commas open_quote brackets closing colons equals escapes dollars " \
	"set_lines same_key continued"

#define SIGNED \
	"DKIM-Signature: v=1; a=rsa-sha256; d=a.example; s=s; h=from:received:x; b=AAAA;\n" \
	" bh=LjkN2rUhrS3zKXfH2vNgUzz5ERRJkgP9CURXBX0JP0Q=\n"

/*
 * Readers that take some thousand instructions per byte, and look at windows of some KB: below that
 * size it costs less.
 */
enum { WINDOWS = 4096, LINT = 1024 };

const struct reader readers[] = {
	{ "explain", "brackets open_quote", NULL, read_explain, NULL, WINDOWS,
	  TEXTS " replies same_reply many_codes reply_lines reply_in_line codes_in_line wrapped "
	  "nested prompts challenges transcript aadsts aadsts_lines symptoms hosts addresses "
	  "stamps bounce postfix exim trace json_keys json_report tags entities utf16 all_bytes" },
	{ "explain-print", "", NULL, read_explain_print, NULL, WINDOWS,
	  "replies many_codes control" },
	{ "message", "headers", NULL, read_explain, "From: a@example.com\nSubject: x\n", WINDOWS,
	  "received encoded_words parameters folded letters blanks" },
	{ "headers", "headers brackets", NULL, read_headers, "From: a@example.com\n", WINDOWS,
	  "received folded letters blanks colons tags entities open_quote" },
	{ "dkim-body", "short_lines blanks", NULL, read_dkim, SIGNED "From: a\n\n", 0,
	  "letters line_ends carriage equals" },
	{ "dkim-fields", "folded", NULL, read_dkim, SIGNED "From: a\n", 0,
	  "received letters blanks colons" },
	{ "dkim-tags", "words", NULL, read_dkim, "DKIM-Signature: v=1; h=from", 0,
	  "colons equals letters base64_line blanks" },
	{ "multipart", "deep_parts boundaries", NULL, read_explain, "From: a@example.com\n"
	  "MIME-Version: 1.0\nContent-Type: multipart/report; boundary=b\n\n--b\n", WINDOWS,
	  "parts replies report_fields base64_wall letters" },
	{ "base64-mail", "", NULL, read_explain, "From: a@example.com\nMIME-Version: 1.0\n"
	  "Content-Type: text/plain; charset=utf-7\nContent-Transfer-Encoding: base64\n\n", WINDOWS,
	  "base64_wall base64_line brackets" },
	{ "qp-mail", "", NULL, read_explain,
	  "From: a@example.com\nMIME-Version: 1.0\nContent-Type: text/html; charset=iso-2022-jp\n"
	  "Content-Transfer-Encoding: quoted-printable\n\n", WINDOWS, "hex letters equals" },
	{ "html", "open_tags", NULL, read_explain, "<html><body>", WINDOWS,
	  "tags entities comments scripts angles letters open_quote" },
	{ "bounce", "", NULL, read_explain, "This is the mail system at host relay.example.\n\n",
	  WINDOWS, "bounce report_fields addresses hosts many_codes" },
	{ "outlook", "zeros", NULL, read_explain, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", WINDOWS,
	  "utf16 all_bytes" },
	{ "tally", "letters words brackets", NULL, read_tally, NULL, WINDOWS,
	  "short_lines postfix exim causes trace replies hosts addresses control carriage" },
	{ "admin", "json_rows json_keys json_arrays json_objects json_report letters utf16", NULL,
	  read_admin, NULL, 0, NULL },
	{ "lint-postfix", SETTINGS " folded hashes", NULL, read_postfix,
	  "relayhost = [smtp.example.com]:587\n", LINT, NULL },
	{ "lint-exim", "continued open_quote", NULL, read_exim, "begin transports\n", LINT,
	  "set_lines brackets colons" },
	{ "lint-env", SETTINGS " references heredocs", NULL, read_env,
	  "MAIL_HOST=smtp.example.com\n", LINT, NULL },
	{ "lint-ini", SETTINGS " sections", NULL, read_ini,
	  "[smtp]\nenabled = true\nhost = smtp.example.com:587\n", LINT, NULL },
	{ "lint-properties", SETTINGS " references", NULL, read_properties,
	  "spring.mail.host=smtp.example.com\n", LINT, NULL },
	{ "lint-yaml",
	  "yaml_deep yaml_lines yaml_indent brackets open_quote colons references letters", NULL,
	  read_yaml, "spring:\n  mail:\n    host: smtp.example.com\n", LINT, NULL },
	{ "lint-xml", "xml_deep xml_lines open_tags comments entities angles", NULL, read_xml,
	  "<configuration><system.net><mailSettings><smtp><network host=\"smtp.example.com\" "
	  "port=\"587\"/>", LINT, NULL },
	{ "lint-json", "json_arrays json_objects json_keys letters", NULL, read_json, NULL,
	  LINT, NULL },
	{ "lint-python",
	  "code_calls code_lines brackets open_quote quotes commas hashes references", NULL,
	  read_python, "EMAIL_HOST = 'smtp.example.com'\n", LINT, NULL },
	{ "lint-php", "code_calls code_lines open_quote slashes", NULL, read_php,
	  "<?php define('SMTP_HOST', 'smtp.example.com');\n", LINT,
	  "brackets comments" },
	{ "lint-ruby", "code_calls code_lines heredocs open_quote", NULL, read_ruby,
	  "gitlab_rails['smtp_enable'] = true\ngitlab_rails['smtp_address'] = \"a.example\"\n",
	  LINT, NULL },
	{ "lint-node", "code_calls code_lines brackets open_quote slashes json_objects", NULL,
	  read_node, "nodemailer.createTransport({ host: 'smtp.example.com' });\n", LINT, NULL },
	{ "lint-msmtp", "set_lines words same_key hashes open_quote", NULL, read_msmtp,
	  "account default\nhost smtp.example.com\n", 0, NULL },
	{ "tsv", "tab_rows tabs letters hashes line_ends", NULL, read_tsv, "id\ttitle\n", 0, NULL },
	{ "scenario", "scenario_rows letters hashes", NULL, read_scenario, "title x\n", 0, NULL },
	{ "scenario-server", "scenario_answers", NULL, read_scenario,
	  "title x\nserver mail.example.com:25\n", 0, NULL },
	{ "from-list", "short_lines letters line_ends addresses hashes", NULL, read_from_list, NULL,
	  0, NULL },
	{ "reply", "reply_lines letters control carriage blanks ehlo_wide_same", NULL, read_reply,
	  "550-", 0, NULL },
	{ "ehlo", "ehlo_keywords ehlo_same ehlo_mechanisms ehlo_wide_same letters blanks equals",
	  NULL, read_ehlo, "250-mail.example.com\n", 0, NULL },
	{ "challenge", "base64_line letters blanks", NULL, read_challenge, NULL, 0, NULL },
	{ "transcript", "reply_lines letters line_ends nuls", NULL, read_transcript, NULL,
	  0, NULL },
	{ "service", "json_arrays json_objects json_keys json_same_key json_rows json_error "
	  "json_text letters", NULL, read_service, NULL, 0, NULL },
	{ "oauth", "json_arrays json_objects json_keys json_error json_text letters", NULL,
	  read_oauth, NULL, 0, NULL },
	{ "token",
	  "json_arrays json_keys json_rows base64_line base64_wall letters dots equals percent",
	  NULL, read_token, NULL, 0, NULL },
	{ "web", "headers letters percent equals blanks carriage folded", NULL, read_web,
	  "POST /x HTTP/1.1\r\nHost: a\r\n", 0, NULL },
	{ "dns-txt", "letters zeros all_bytes", make_txt, read_txt, NULL, 0, NULL },
	/* They are sorted; at most 3,276 fit into an answer. */
	{ "dns-mx", "letters", make_mx, read_mx, NULL, LINT, NULL },
	{ "hosts", "words short_lines addresses letters hashes", NULL, read_hosts, NULL, 0, NULL },
	{ "certificate", "letters", make_names, read_names, NULL, 0, NULL },
	{ "base", "letters blanks control wide base64_line zeros", NULL, read_base, NULL, 0,
	  TEXTS " json_arrays all_bytes" },
	{ "planted", "letters", NULL, read_planted, NULL, 0, NULL },
	{ NULL, NULL, NULL, NULL, NULL, 0, NULL },
};
