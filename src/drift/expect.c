/*
 * Expectations: each word is a row of the table at the end, with how its line is read and how a run
 * is held against it.
 */
#include "drift/expect.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/scan.h"
#include "judge/eval.h"

enum { EXPECT_MOST = 4096 };

struct word;

struct expectation {
	const struct word	*word;
	unsigned		 line;
	const char		*target;	/* in lower case; "" = of all */
	const char		*text;		/* what stands behind the word */
	struct strv		 parts;		/* of it, at blanks */
	struct rule		 rule;
	unsigned long		 number;
};

/* One comparison. */
struct asking {
	struct arena		*arena;
	const struct expect_run	*run;
	const struct expectation *x;
};

struct word {
	const char	*name;
	const char	*fact;		/* glob of the facts that it asks for; NULL = others */
	const char	*words;		/* it may be one of these, joined by "|"; NULL = anything */
	/* NULL, or what is wrong with the line; NULL = nothing more to read */
	const char	*(*read)(struct arena *a, const struct know *k, struct expectation *x);
	struct expect_answer (*ask)(const struct asking *g);
};

/* --- answers --- */

static struct expect_answer met(void)
{
	return (struct expect_answer) { STATUS_PASS, "" };
}

static struct expect_answer missed(const struct asking *g, const char *is)
{
	return (struct expect_answer) {
		STATUS_FAIL,
		arena_printf(g->arena, "line %u: %s: %s is expected, and it is %s", g->x->line,
			     g->x->word->name, g->x->text, *is ? is : "nothing"),
	};
}

static struct expect_answer open_question(const struct asking *g)
{
	return (struct expect_answer) {
		STATUS_UNKNOWN,
		arena_printf(g->arena, "line %u: %s: this run does not tell", g->x->line,
			     g->x->word->name),
	};
}

static const struct fact *next_fact(const struct asking *g, const struct fact *after)
{
	return facts_match(g->run->evidence->facts, g->x->word->fact, after);
}

/* Parts of a list of words, joined by blanks or commas; of an MX record the host. */
static bool has_part(struct arena *a, const char *list, const char *part)
{
	struct strv words = { NULL, 0, 0 }, inside = { NULL, 0, 0 };

	strv_split(&words, a, list, ',');
	for (size_t i = 0; i < words.n; i++)
		strv_split(&inside, a, words.v[i], ' ');
	return strv_has_nocase(&inside, part);
}

/* The expected parts that the list does not have, or with `there` those that it has. */
static const char *parts_of(const struct asking *g, const char *list, bool there)
{
	struct strv found = { NULL, 0, 0 };

	for (size_t i = 0; i < g->x->parts.n; i++)
		if (has_part(g->arena, list, g->x->parts.v[i]) == there)
			strv_add(&found, g->arena, g->x->parts.v[i]);
	return strv_join(&found, g->arena, " ");
}

/* --- kinds of expectations --- */

static struct expect_answer ask_status(const struct asking *g)
{
	enum status is = g->run->status;

	if (is == STATUS_PASS || (is == STATUS_WARN && str_eq(g->x->text, "warn")))
		return met();
	return is == STATUS_UNKNOWN ? open_question(g) : missed(g, status_name(is));
}

/* Each fact of that name is the text, which may be a glob. */
static struct expect_answer ask_same(const struct asking *g)
{
	const struct fact *f = next_fact(g, NULL);

	if (!f)
		return open_question(g);
	for (; f; f = next_fact(g, f))
		if (!str_glob(g->x->text, f->string))
			return missed(g, f->string);
	return met();
}

/* Each list has all the parts. */
static struct expect_answer ask_all(const struct asking *g)
{
	const struct fact *f = next_fact(g, NULL);

	if (!f)
		return open_question(g);
	for (; f; f = next_fact(g, f))
		if (*parts_of(g, f->string, false))
			return missed(g, f->string);
	return met();
}

/* No list has one of them. */
static struct expect_answer ask_none(const struct asking *g)
{
	const struct fact *f = next_fact(g, NULL);

	if (!f)
		return open_question(g);
	for (; f; f = next_fact(g, f)) {
		const char *there = parts_of(g, f->string, true);

		if (*there)
			return (struct expect_answer) {
				STATUS_FAIL,
				arena_printf(g->arena, "line %u: %s: %s is there", g->x->line,
					     g->x->word->name, there),
			};
	}
	return met();
}

static struct expect_answer ask_least(const struct asking *g)
{
	const struct fact *f = next_fact(g, NULL);

	if (!f)
		return open_question(g);
	for (; f; f = next_fact(g, f))
		if (f->type != FACT_NUMBER || f->number < (int64_t)g->x->number)
			return missed(g, f->string);
	return met();
}

/* A place in "none|quarantine|reject"; -1 when it is not in there. */
static int rung(const char *words, const char *s)
{
	int i = 0;

	for (const char *end; *words; words = *end ? end + 1 : end, i++) {
		end = words + strcspn(words, "|");
		if (span_eq((struct span) { words, (size_t)(end - words) }, s))
			return i;
	}
	return -1;
}

/* The policy is that one or a stricter one; that there is none is known where the check ran. */
static struct expect_answer ask_policy(const struct asking *g)
{
	const struct fact *f = next_fact(g, NULL);
	const struct evidence *e = g->run->evidence;

	for (size_t i = 0; !f && i < e->n_verdicts; i++)
		if (str_eq(e->verdicts[i].check, "dns.dmarc") &&
		    (e->verdicts[i].status == STATUS_WARN || e->verdicts[i].status == STATUS_FAIL))
			return missed(g, "absent");
	if (!f)
		return open_question(g);
	return rung(g->x->word->words, f->string) >= rung(g->x->word->words, g->x->text) ?
	       met() : missed(g, f->string);
}

/* No session has a lower version, and no lower one is accepted. */
static struct expect_answer ask_tls(const struct asking *g)
{
	static const char versions[] = "1.0|1.1|1.2|1.3";
	const struct facts *facts = g->run->evidence->facts;
	int least = rung(versions, g->x->text);
	const struct fact *f;
	bool known = false;

	for (f = facts_match(facts, "smtp.*.version", NULL); f;
	     f = facts_match(facts, "smtp.*.version", f)) {
		known = true;
		if (!str_has_prefix(f->string, "TLS") || rung(versions, f->string + 3) < least)
			return missed(g, f->string);
	}
	for (f = facts_match(facts, "tls.*.1.?", NULL); f;
	     f = facts_match(facts, "tls.*.1.?", f)) {
		const char *version = f->name + strlen(f->name) - 3;

		if (str_eq(f->string, "accepted") && rung(versions, version) < least)
			return missed(g, arena_printf(g->arena, "TLS %s that is accepted",
						      version));
	}
	return known ? met() : open_question(g);
}

static struct expect_answer ask_findings(const struct asking *g)
{
	const struct evidence *e = g->run->evidence;

	for (size_t i = 0; i < e->n_verdicts; i++) {
		const struct verdict *v = &e->verdicts[i];

		if (*v->finding && strv_glob(&g->x->parts, v->finding))
			return (struct expect_answer) {
				STATUS_FAIL,
				arena_printf(g->arena, "line %u: without: %s is there: %s",
					     g->x->line, v->finding, v->summary),
			};
	}
	return met();
}

static struct expect_answer ask_condition(const struct asking *g)
{
	struct rule_view view = { .e = g->run->evidence };

	if (rule_holds(&view, &g->x->rule, 0))
		return met();
	return (struct expect_answer) {
		STATUS_FAIL,
		arena_printf(g->arena, "line %u: fact: '%s' does not hold", g->x->line, g->x->text),
	};
}

/* --- reading --- */

static const char *read_number(struct arena *a _unused_, const struct know *k _unused_,
			       struct expectation *x)
{
	return str_number(x->text, 100000, &x->number) ? NULL : "it is not a number up to 100000";
}

static const char *read_condition(struct arena *a, const struct know *k, struct expectation *x)
{
	const char *bad = rule_parse(k, a, x->text, &x->rule);

	if (!bad && x->rule.per_port)
		bad = "write a port, or * for any, in place of $";
	return bad;
}

static const struct word words[] = {
	{ "status", NULL, "pass|warn", NULL, ask_status },
	{ "provider", "target.provider", NULL, NULL, ask_same },
	{ "path", "target.path", NULL, NULL, ask_same },
	{ "mechanisms", "auth.*.offered", NULL, NULL, ask_all },
	{ "no-mechanisms", "auth.*.offered", NULL, NULL, ask_none },
	{ "tls", NULL, "1.0|1.1|1.2|1.3", NULL, ask_tls },
	{ "issuer", "cert.*.issuer-o", NULL, NULL, ask_same },
	{ "certificate-days", "cert.*.days-left", NULL, read_number, ask_least },
	{ "mx", "dns.mx.list", NULL, NULL, ask_all },
	{ "spf", "dns.spf.record", NULL, NULL, ask_all },
	{ "dkim", "dns.dkim.selectors", NULL, NULL, ask_all },
	{ "dmarc", "dns.dmarc.policy", "none|quarantine|reject", NULL, ask_policy },
	{ "mta-sts", "dns.mta-sts.mode", "enforce|testing|none", NULL, ask_same },
	{ "without", NULL, NULL, NULL, ask_findings },
	{ "fact", NULL, NULL, read_condition, ask_condition },
};

static const struct word *word_of(struct span name)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (span_eq(name, words[i].name))
			return &words[i];
	return NULL;
}

static const char *all_words(struct arena *a)
{
	struct strv names = { NULL, 0, 0 };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		strv_add(&names, a, words[i].name);
	return strv_join(&names, a, ", ");
}

static const char *shown(struct arena *a, struct span s)
{
	return str_escaped(a, s.p, s.len < 40 ? s.len : 40);
}

static bool is_no_blank(char c)
{
	return c != ' ' && c != '\t';
}

/* A comment begins the line, or stands behind a blank. */
static struct span without_comment(struct span line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.p[i] == '#' && (i == 0 || !is_no_blank(line.p[i - 1])))
			line.len = i;
	return span_trim(line);
}

/* One line that is not empty. NULL, or what is wrong with it. */
static const char *read_line(struct arena *a, const struct know *k, struct span line,
			     const char **target, struct expectation *x)
{
	struct scan s = scan_span(line);
	struct span name = scan_while(&s, is_no_blank), rest = span_trim(scan_rest(&s));
	const char *bad = NULL;

	for (size_t i = 0; i < rest.len; i++)
		if ((unsigned char)rest.p[i] < ' ' && rest.p[i] != '\t')
			return "there is a control character in it";
	x->text = span_dup(a, rest);
	if (span_eq(name, "target"))
		*target = str_lower(a, x->text);
	else
		x->word = word_of(name);
	if (!x->word && !span_eq(name, "target"))
		return arena_printf(a, "'%s' cannot be expected; what can: target, %s",
				    shown(a, name), all_words(a));
	if (!rest.len)
		return arena_printf(a, "%s: nothing stands behind it", shown(a, name));
	if (!x->word)
		return NULL;
	if (x->word->words && !str_in(x->text, x->word->words))
		return arena_printf(a, "%s: '%s' is none of %s", x->word->name, shown(a, rest),
				    x->word->words);
	strv_split(&x->parts, a, x->text, ' ');
	if (x->word->read)
		bad = x->word->read(a, k, x);
	return bad ? arena_printf(a, "%s: %s", x->word->name, bad) : NULL;
}

const char *expect_read(struct arena *a, const struct know *k, struct span text,
			struct expectations *ret)
{
	struct scan s = scan_span(text);
	const char *target = "";
	unsigned number = 0;

	*ret = (struct expectations) { NULL, 0, 0 };
	while (!scan_done(&s)) {
		struct span line = without_comment(scan_line(&s));
		struct expectation x = { .line = ++number };
		const char *bad;

		if (!line.len)
			continue;
		bad = ret->n < EXPECT_MOST ? read_line(a, k, line, &target, &x) :
		      "there are too many";
		if (bad)
			return arena_printf(a, "line %u: %s", number, bad);
		x.target = target;
		if (!x.word)
			continue;
		ret->v = arena_grow(a, ret->v, ret->n, &ret->cap, sizeof(*ret->v));
		ret->v[ret->n++] = x;
	}
	return ret->n ? NULL : "nothing is expected in it";
}

/* --- comparing --- */

struct expect_result expect_compare(struct arena *a, const struct expectations *x,
				    const struct expect_run *run)
{
	struct expect_result r = { .v = arena_alloc(a, (x->n + 1) * sizeof(*r.v)) };

	for (size_t i = 0; i < x->n; i++) {
		struct asking g = { .arena = a, .run = run, .x = &x->v[i] };
		struct expect_answer answer;

		if (*g.x->target && !str_eq_nocase(g.x->target, run->target))
			continue;
		answer = g.x->word->ask(&g);
		r.missed += answer.status == STATUS_FAIL;
		r.open += answer.status == STATUS_UNKNOWN;
		r.v[r.n++] = answer;
	}
	return r;
}
