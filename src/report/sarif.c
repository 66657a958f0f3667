/*
 * sarif - SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"), which code hosts show
 * beside the lines of a change: one document with one run, whatever the number of files. Numbers in
 * brackets are the sections of the standard.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "config/settings.h"
#include "report/json-parts.h"
#include "report/printer.h"
#include "sending/lint.h"

/* The document until its end: rules stand beside all results. */
struct sarif {
	json_t	*rules, *results, *unread;
};

static const char *level_of(enum severity s)
{
	if (s == ERROR)
		return "error";
	return s == WARNING ? "warning" : "note";
}

/* A message object (3.11). */
static json_t *text(const char *words)
{
	json_t *j = json_object();

	json_put(j, "text", json_safe(words));
	return j;
}

/* Several lines of any bytes, which are made safe one by one, joined by LF. */
static json_t *lines(struct arena *a, const char *words)
{
	struct strv list = { NULL, 0, 0 };
	json_t *j = json_object();
	const char *safe = "";

	strv_split(&list, a, words, '\n');
	for (size_t i = 0; i < list.n; i++)
		safe = arena_printf(a, "%s%s%s", safe, i ? "\n" : "",
				    str_escaped(a, list.v[i], strlen(list.v[i])));
	json_put(j, "text", json_string(safe));
	return j;
}

/*
 * A file's name as a reference (RFC 3986, 4.2): what a path may not hold is written as %XX. A colon
 * in the first part would make it a scheme.
 */
static const char *uri_of(struct arena *a, const char *file)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(64 * 1024);

	if (str_eq(file, "-"))
		return "standard-input";
	while (str_has_prefix(file, "./"))
		file += 2;
	if (*file == '/')
		buf_adds(&b, "file://");
	for (; *file; file++) {
		if (ascii_is_alnum(*file) || strchr("/-._~!$&'()*+,;=@", *file))
			buf_addc(&b, *file);
		else
			buf_addf(&b, "%%%02X", (unsigned char)*file);
	}
	return arena_strdup(a, buf_str(&b));
}

/* A location (3.28): a relative name counts from the top of the repository. */
static json_t *location(struct arena *a, const char *file, unsigned line)
{
	json_t *j = json_object(), *physical = json_object(), *artifact = json_object(),
	       *region = json_object();
	const char *uri = uri_of(a, file);

	json_put(artifact, "uri", json_string(uri));
	if (!str_has_prefix(uri, "file:"))
		json_put(artifact, "uriBaseId", json_string("%SRCROOT%"));
	/* What is nowhere written is shown at the top: code hosts demand a line. */
	json_put(region, "startLine", json_integer(line ? line : 1));
	json_put(physical, "artifactLocation", artifact);
	json_put(physical, "region", region);
	json_put(j, "physicalLocation", physical);
	return j;
}

static json_t *one(json_t *item)
{
	json_t *list = json_array();

	json_push(list, item);
	return list;
}

/* A reportingDescriptor (3.49): what holds of the finding in every file. */
static json_t *rule_of(struct arena *a, const struct lint_finding *f)
{
	json_t *j = json_object(), *level = json_object(), *more = json_object();
	const char *space = strpbrk(f->source, " ;");

	json_put(j, "id", json_safe(f->finding));
	json_put(j, "shortDescription", text(f->rule.about));
	json_put(j, "help", lines(a, arena_printf(a, "%s\n%s\nSource (%s): %s", f->rule.about,
						  f->rule.advice,
						  *f->confidence ? f->confidence : "expert",
						  *f->source ? f->source : "expert judgement")));
	if (str_has_prefix(f->source, "https://"))
		json_put(j, "helpUri", json_safe(arena_strndup(a, f->source, space ?
			 (size_t)(space - f->source) : strlen(f->source))));
	json_put(level, "level", json_string(level_of(f->rule.gravest)));
	json_put(j, "defaultConfiguration", level);
	json_put(more, "tags", one(json_string("mail")));
	json_put(j, "properties", more);
	return j;
}

/* Its place among the rules, where it is added when it is the first of its kind. */
static size_t index_of(struct sarif *s, struct arena *a, const struct lint_finding *f)
{
	size_t i;

	for (i = 0; i < json_array_size(s->rules); i++)
		if (str_eq(json_string_value(json_object_get(json_array_get(s->rules, i), "id")),
			   f->finding))
			return i;
	json_push(s->rules, rule_of(a, f));
	return i;
}

/*
 * What it is about without its line, so that it stays the same finding when lines are added above
 * it (3.27.17).
 */
static json_t *fingerprint(struct arena *a, const struct lint *l, const struct lint_finding *f)
{
	unsigned before = 0;
	json_t *j = json_object();

	for (const struct lint_finding *i = l->findings; i != f; i = i->next)
		before += str_eq(i->finding, f->finding);
	json_put(j, "setting/v1",
		 json_safe(arena_printf(a, "%s/%s/%s/%s/%u", f->finding, l->settings->application,
					l->settings->name ? l->settings->name : "", f->key,
					before)));
	return j;
}

static json_t *result_of(struct sarif *s, struct arena *a, const struct lint *l,
			 const struct lint_finding *f)
{
	const char *write = *f->write ? arena_printf(a, "\nWrite:\n%s", f->write) : "";
	json_t *j = json_object();

	json_put(j, "ruleId", json_safe(f->finding));
	json_put(j, "ruleIndex", json_integer((json_int_t)index_of(s, a, f)));
	json_put(j, "level", json_string(level_of(f->severity)));
	json_put(j, "message", lines(a, arena_printf(a, "%s\n%s%s", f->message, f->fix, write)));
	json_put(j, "locations", one(location(a, f->file, f->line)));
	json_put(j, "partialFingerprints", fingerprint(a, l, f));
	return j;
}

static void begin(struct report *r)
{
	struct sarif *s = calloc(1, sizeof(*s));

	if (!s)
		out_of_memory();
	*s = (struct sarif) { json_array(), json_array(), json_array() };
	if (!s->rules || !s->results || !s->unread)
		out_of_memory();
	r->kept = s;
}

static void put(struct report *r, enum report_noun noun, const void *of)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const struct unread_file *unread = of;
	const struct lint *l = of;
	struct sarif *s = r->kept;
	json_t *j;

	if (noun == REPORT_LINT) {
		for (const struct lint_finding *f = l->findings; f; f = f->next)
			json_push(s->results, result_of(s, a, l, f));
		return;
	}
	/* A notification (3.58): about the run, not about what was looked at. */
	j = json_object();
	json_put(j, "level", json_string("error"));
	json_put(j, "message", text(unread->error));
	json_put(j, "locations", one(location(a, unread->file, 0)));
	json_push(s->unread, j);
}

static void end(struct report *r)
{
	_cleanup_(json_decrefp) json_t *j = json_object();
	json_t *run = json_object(), *tool = json_object(), *driver = json_object(),
	       *invocation = json_object();
	struct sarif *s = r->kept;
	char *words;

	json_put(driver, "name", json_string("smtpwhy"));
	json_put(driver, "version", json_string(PACKAGE_VERSION));
	json_put(driver, "rules", s->rules);
	json_put(tool, "driver", driver);
	json_put(invocation, "executionSuccessful", json_boolean(!json_array_size(s->unread)));
	json_put(invocation, "toolExecutionNotifications", s->unread);
	json_put(run, "tool", tool);
	json_put(run, "invocations", one(invocation));
	json_put(run, "results", s->results);
	json_put(j, "$schema", json_string("https://json.schemastore.org/sarif-2.1.0.json"));
	json_put(j, "version", json_string("2.1.0"));
	json_put(j, "runs", one(run));
	words = json_dumps(j, JSON_INDENT(2));
	if (!words)
		out_of_memory();
	fputs(words, r->to);
	fputc('\n', r->to);
	free(words);
	free(s);
	r->kept = NULL;
}

const struct printer printer_sarif = {
	.name = "sarif",
	.nouns = 1u << REPORT_LINT | 1u << REPORT_UNREAD,
	.whole = true,
	.begin = begin,
	.put = put,
	.end = end,
};
