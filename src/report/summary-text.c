/*
 * summary-text - the failures of a log, for people: the most frequent cause first, then who was
 * asked and who sent.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "report/printer.h"
#include "report/text-diagnosis.h"

enum { LEFT = 14, NAMES_SHOWN = 5, LIST_SHOWN = 15, EXAMPLE_SHOWN = 300 };

/* "1,234,567" */
static const char *number(struct arena *a, uint64_t n)
{
	char digits[24], out[32];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n),
		to = 0;

	for (size_t i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			out[to++] = ',';
		out[to++] = digits[i];
	}
	return arena_strndup(a, out, to);
}

static const char *plural(struct arena *a, uint64_t n, const char *word)
{
	return arena_printf(a, "%s %s%s", number(a, n), word, n == 1 ? "" : "s");
}

static const char *size(struct arena *a, uint64_t bytes)
{
	if (bytes < 1000)
		return plural(a, bytes, "byte");
	if (bytes < 1000000)
		return arena_printf(a, "%.1f kB", (double)bytes / 1e3);
	return bytes < 1000000000 ? arena_printf(a, "%.1f MB", (double)bytes / 1e6) :
	       arena_printf(a, "%.1f GB", (double)bytes / 1e9);
}

/* "66 %", "< 1 %" */
static const char *share(struct arena *a, uint64_t part, uint64_t all)
{
	uint64_t percent = all ? (100 * part + all / 2) / all : 0;

	return percent || !part ? arena_printf(a, "%llu %%", (unsigned long long)percent) : "< 1 %";
}

static const char *times(struct arena *a, const struct tally_count *c)
{
	if (!*c->first.text)
		return "";
	return str_eq(c->first.text, c->last.text) ? c->first.text :
	       arena_printf(a, "%s to %s", c->first.text, c->last.text);
}

/* "8 deferred, 2 bounced, 1 failed"; said in full once, at the top. */
static const char *fates(struct arena *a, const struct tally_count *c, bool in_full)
{
	struct strv parts = { NULL, 0, 0 };

	if (c->deferred)
		strv_addf(&parts, a, "%s deferred%s", number(a, c->deferred),
			  in_full ? " (the server tries again)" : "");
	if (c->bounced)
		strv_addf(&parts, a, "%s bounced%s", number(a, c->bounced),
			  in_full ? " (it gave up)" : "");
	if (c->failed)
		strv_addf(&parts, a, "%s failed%s", number(a, c->failed),
			  in_full ? " (the log does not say what became of the message)" : "");
	return strv_join(&parts, a, ", ");
}

static const char *shown_name(const struct tally_name *n)
{
	if (!n->name)
		return "others";
	if (!*n->name)
		return "not said";
	return str_eq(n->name, "<>") ? "<> (bounces)" : n->name;
}

static void row(struct out *o, const char *name, const char *text)
{
	if (!*text)
		return;
	out_to(o, 4);
	out_ink(o, INK_DIM);
	out_put(o, name);
	out_ink(o, INK_NONE);
	out_to(o, LEFT);
	out_wrapped(o, LEFT, text);
}

/* "smtp.office365.com 812, mx.example 3, 2 more 4" */
static const char *names_of(struct arena *a, const struct tally_sum *s, const struct tally_cause *c,
			    enum tally_by by)
{
	struct tally_part *parts = arena_alloc(a, (s->n_cells + 1) * sizeof(*parts));
	size_t n = tally_parts(s, c, by, parts, s->n_cells),
		shown = n > NAMES_SHOWN + 1 ? NAMES_SHOWN : n;
	struct strv words = { NULL, 0, 0 };
	uint64_t rest = 0;

	if (n == 1 && parts[0].name->name && !*parts[0].name->name)
		return "";
	for (size_t i = 0; i < n; i++) {
		if (i < shown)
			strv_addf(&words, a, n == 1 ? "%s" : "%s (%s)", shown_name(parts[i].name),
				  number(a, parts[i].n));
		else
			rest += parts[i].n;
	}
	if (rest)
		strv_addf(&words, a, "%s more (%s)", number(a, n - shown), number(a, rest));
	return strv_join(&words, a, ", ");
}

/* As a shell takes it. */
static const char *quoted(struct arena *a, const char *word)
{
	bool plain = *word && *word != '-';
	char *out, *to;

	for (const char *p = word; *p; p++)
		plain &= ascii_is_alnum(*p) || strchr("@%+=:,./-_", *p);
	if (plain)
		return word;
	to = out = arena_alloc(a, 4 * strlen(word) + 5);
	if (*word == '-') {
		*to++ = '.';
		*to++ = '/';
	}
	*to++ = '\'';
	for (const char *p = word; *p; p++) {
		if (*p == '\'') {
			memcpy(to, "'\\''", 4);
			to += 4;
		} else {
			*to++ = *p;
		}
	}
	*to = '\'';
	return out;
}

/*
 * The command that explains the example: it takes it from the file again, so that nothing
 * is lost on the way.
 */
static void read_on(struct out *o, const struct tally_cause *c, const struct log_read *log)
{
	struct arena *a = o->arena;
	unsigned long long first = c->example_line, last = first + c->example_lines - 1;
	const char *lines = first == last ? arena_printf(a, "'%llu{p;q}'", first) :
			    arena_printf(a, "'%llu,%llup;%lluq'", first, last, last);

	if (log->followed || str_eq(c->example_file, "-"))
		return;
	out_to(o, 4);
	out_ink(o, INK_DIM);
	out_put(o, "to do");
	out_to(o, LEFT);
	out_ink(o, INK_COMMAND);
	if (log->packed)
		out_put(o, arena_printf(a, "zcat -f %s | sed -n %s | smtpwhy explain",
					quoted(a, c->example_file), lines));
	else
		out_put(o, arena_printf(a, "sed -n %s %s | smtpwhy explain", lines,
					quoted(a, c->example_file)));
	out_line(o);
}

static const char *certainty_words(enum certainty c)
{
	if (c == LIKELY)
		return " (likely)";
	return c == POSSIBLE ? " (one possibility of several)" : "";
}

static const char *example(struct arena *a, const struct tally_cause *c)
{
	size_t n = strlen(c->example), cut = n > EXAMPLE_SHOWN ? EXAMPLE_SHOWN : n;

	while (cut < n && cut > EXAMPLE_SHOWN - 4 &&
	       ((unsigned char)c->example[cut] & 0xc0) == 0x80)
		cut--;
	return arena_printf(a, "%.*s%s", (int)cut, c->example, cut < n ? " ..." : "");
}

static void put_cause(struct out *o, const struct tally_sum *s, const struct tally_cause *c,
		      const struct log_read *log)
{
	struct arena *a = o->arena;
	struct advice advice = { .of = "" };

	out_line(o);
	out_ink(o, INK_STRONG);
	out_put(o, arena_printf(a, "%7s", number(a, c->count.all)));
	out_ink(o, INK_NONE);
	out_put(o, arena_printf(a, " %5s", share(a, c->count.all, s->count.all)));
	out_to(o, LEFT + 1);
	out_ink(o, c->cause ? INK_BAD : INK_UNKNOWN);
	out_wrapped(o, LEFT + 1, arena_printf(a, "%s%s", c->title, certainty_words(c->certainty)));
	row(o, "fate", fates(a, &c->count, false));
	row(o, "when", times(a, &c->count));
	row(o, "relay", names_of(a, s, c, TALLY_RELAYS));
	row(o, "sender", names_of(a, s, c, TALLY_SENDERS));
	if (*c->who)
		row(o, "who", text_who(a, c->who, c->role, c->retry, &advice));
	row(o, "example", example(a, c));
	read_on(o, c, log);
}

static void put_names(struct out *o, const char *title, const struct tally_name *const *names,
		      size_t n)
{
	struct arena *a = o->arena;
	size_t shown = n > LIST_SHOWN + 1 ? LIST_SHOWN : n;
	uint64_t rest = 0;

	if (n == 0 || (n == 1 && names[0]->name && !*names[0]->name))
		return;
	out_line(o);
	out_ink(o, INK_STRONG);
	out_put(o, title);
	out_line(o);
	for (size_t i = 0; i < n; i++) {
		if (i >= shown) {
			rest += names[i]->count.all;
			continue;
		}
		out_put(o, arena_printf(a, "%7s  %s", number(a, names[i]->count.all),
					shown_name(names[i])));
		out_to(o, o->col < 42 ? 44 : o->col + 2);
		out_ink(o, INK_DIM);
		out_put(o, times(a, &names[i]->count));
		out_line(o);
	}
	if (rest) {
		out_put(o, arena_printf(a, "%7s  %s more", number(a, rest), number(a, n - shown)));
		out_line(o);
	}
}

static void put_head(struct out *o, const struct tally_sum *s, const struct log_read *log)
{
	struct arena *a = o->arena;
	const char *one = str_eq(log->names[0], "-") ? "standard input" : log->names[0];
	const char *where = log->n > 1 ? arena_printf(a, "%zu files", log->n) : one;

	out_ink(o, INK_STRONG);
	out_wrapped(o, 0,
		    arena_printf(a, "%s in %s, %s, %s",
				 s->count.all ? plural(a, s->count.all, "failure") : "No failure",
				 where, plural(a, s->lines, "line"), size(a, s->bytes)));
	if (s->count.all) {
		out_wrapped(o, 1, fates(a, &s->count, true));
		if (*s->count.first.text)
			out_wrapped(o, 1, times(a, &s->count));
	}
	if (s->cut_lines)
		out_wrapped(o,
			    1, arena_printf(a, "%s longer than 64 KiB; only the beginning of each "
					    "was looked at", plural(a, s->cut_lines, "line")));
	if (s->attempts && !s->count.all)
		out_wrapped(o, 1,
			    arena_printf(a, "%s of attempts without their outcome (status=..., ==, "
					 "**), which is what is counted; explain without --summary "
					 "says what they mean", plural(a, s->attempts, "line")));
	if (*log->trouble) {
		out_ink(o, INK_WARN);
		out_wrapped(o, 1, log->trouble);
	}
}

void text_of_summary(struct out *o, const void *of)
{
	const struct log_read *log = of;
	const struct tally_sum *s = log->sum;
	struct arena *whole = o->arena;

	put_head(o, s, log);
	for (size_t i = 0; i < s->n_causes; i++) {
		_cleanup_(arena_freep) struct arena *a = arena_new();

		o->arena = a;
		put_cause(o, s, s->causes[i], log);
	}
	o->arena = whole;
	put_names(o, "By relay", s->relays, s->n_relays);
	put_names(o, "By sender's domain", s->senders, s->n_senders);
}

void text_of_seen(struct out *o, const void *of)
{
	const struct tally_cause *c = of;
	struct advice advice = { .of = "" };
	struct arena *a = o->arena;

	if (c->count.all > 1) {
		out_put(o, arena_printf(a, "%7s  times by now: %s", number(a, c->count.all),
					c->title));
		out_line(o);
		return;
	}
	out_ink(o, c->cause ? INK_BAD : INK_UNKNOWN);
	out_wrapped(o, 0, arena_printf(a, "New: %s%s", c->title, certainty_words(c->certainty)));
	row(o, "when", c->count.first.text);
	if (*c->who)
		row(o, "who", text_who(a, c->who, c->role, c->retry, &advice));
	row(o, "example", example(a, c));
}
