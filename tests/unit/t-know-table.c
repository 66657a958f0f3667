/*
 * The tables as they are shipped: every example leads to its own row, every row can be reached,
 * everything has words and sources.
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "base/str.h"
#include "know/tables.h"

static const struct reply *reply_of(struct arena *a, const char *line, enum stage s)
{
	struct span span = span_of(line);
	struct reply *r = reply_of_lines(a, s, &span, 1);

	if (r)
		return r;
	/* Some programs keep the words and lose the code. */
	r = arena_alloc(a, sizeof(*r));
	*r = (struct reply){ .stage = s, .enhanced = "", .lines = 1,
			     .text = arena_alloc(a, 2 * sizeof(char *)) };
	r->text[0] = line;
	return r;
}

/* The row the example leads to; NULL = none. */
static const struct error_row *found(const struct know *k, struct arena *a, const char *provider,
				     const char *example, enum stage s)
{
	struct error_match m;

	return know_match(k, a, provider, reply_of(a, example, s), &m) ? m.row : NULL;
}

/*
 * Another row may win when it names the stage and this one doesn't; and one without stages when the
 * stage is not known.
 */
static bool as_it_should(const struct error_row *row, const struct error_row *got, enum stage s)
{
	if (row == got)
		return true;
	if (!got)
		return false;
	/*
	 * Nobody said whose reply it is: a provider's row with the same words and its enhanced code
	 * is as good when it means the same.
	 */
	if (str_eq(row->words.provider, "*") && !str_eq(got->words.provider, "*") &&
	    got->words.cause == row->words.cause)
		return true;
	return s == STAGE_UNKNOWN
	       ? str_eq(got->stages, "*") && !str_eq(row->stages, "*") && str_eq(got->pattern, "*")
	       : str_eq(row->stages, "*") && !str_eq(got->stages, "*") && str_eq(got->pattern, "*");
}

static void own_stages(const struct know *k, const struct error_row *row)
{
	for (enum stage s = STAGE_UNKNOWN; s < STAGE_COUNT; s++) {
		_cleanup_(arena_freep) struct arena *a = arena_new();
		const char *provider = str_eq(row->words.provider, "*") ? NULL :
				       row->words.provider;
		const struct error_row *got;

		if (s != STAGE_UNKNOWN && !error_row_has_stage(row, s))
			continue;
		got = found(k, a, provider, row->example, s);
		if (!as_it_should(row, got, s))
			is_str(got ? got->words.id : "(nothing)", row->words.id,
			       arena_printf(a, "%s:%d: the example at stage %s leads to its row",
					    row->words.file, row->words.line, stage_name(s)));
	}
}

static void examples(const struct know *k)
{
	const struct error_row *row;
	size_t n = 0;

	for (; (row = know_error_at(k, n)); n++)
		own_stages(k, row);
	ok(n >= 300, "there are at least 300 rows");
}

/* --- whose words --- */

/* "550", "Mailbox", "unavailable:", but not "5.5.0", "SendAsDenied", "RESOLVER.ADR", "(S3150)",
 * "[contoso.com". */
static bool plain_word(struct span w)
{
	for (size_t i = 0; i < w.len; i++) {
		bool inner = i > 0 && i + 1 < w.len;

		if (ascii_is_digit(w.p[i]) || strchr("[]_/", w.p[i]) || (inner && w.p[i] == '.'))
			return false;
		if (i && w.p[i] >= 'A' && w.p[i] <= 'Z' && w.p[i - 1] >= 'a' && w.p[i - 1] <= 'z')
			return false;
	}
	return true;
}

/* The example without what only its provider writes: a reply of anybody's. NULL: it has no code. */
static char *prose_of(struct arena *a, const char *example)
{
	char *prose = arena_printf(a, "%.3s", example);

	if (strlen(example) < 4 || !ascii_is_digit(prose[0]) || !ascii_is_digit(prose[2]) ||
	    example[3] != ' ')
		return NULL;
	for (const char *p = example + 4; *p;) {
		struct span word = { p, strcspn(p, " ") };

		if (plain_word(word))
			prose = arena_printf(a, "%s %.*s", prose, (int)word.len, word.p);
		p += word.len;
		p += *p == ' ';
	}
	return prose;
}

/* A row of a provider speaks for its own servers: where another one answers, and where nobody is
 * known and the words are such as anybody writes, no other server's row may claim to know. */
static void anybodys_words(const struct know *k)
{
	const struct error_row *row;
	size_t tested = 0;

	for (size_t i = 0; (row = know_error_at(k, i)); i++) {
		_cleanup_(arena_freep) struct arena *a = arena_new();
		char *prose = str_eq(row->words.provider, "*") ? NULL : prose_of(a, row->example);
		struct error_match m;

		/* A name of theirs in the words ("gmail", "sendgrid") gives them away. */
		if (!prose || know_provider_of_text(k, prose))
			continue;
		tested++;
		if (know_match(k, a, NULL, reply_of(a, prose, STAGE_UNKNOWN), &m) &&
		    !str_eq(m.row->words.provider, "*"))
			ok(m.certainty < CERTAIN,
			   arena_printf(a, "nobody's \"%s\" is not certain by %s", prose,
					m.row->words.id));
		if (know_match(k, a, "haraka", reply_of(a, prose, STAGE_UNKNOWN), &m))
			ok(str_eq(m.row->words.provider, "*"),
			   arena_printf(a, "another's \"%s\" is nothing of %s", prose,
					m.row->words.id));
	}
	ok(tested >= 150, "the words of at least 150 rows of providers were tried");
}

static void no_shadows(const struct know *k)
{
	const struct error_row *a, *b;

	for (size_t i = 0; (a = know_error_at(k, i)); i++) {
		for (size_t j = i + 1; (b = know_error_at(k, j)); j++) {
			if (str_eq(a->words.provider, b->words.provider) &&
			    str_eq(a->stages, b->stages) && str_eq(a->codes, b->codes) &&
			    str_eq(a->enhanced, b->enhanced) &&
			    str_eq_nocase(a->pattern, b->pattern))
				is_str(b->words.id, "(another key)", a->words.id);
		}
	}
	ok(true, "no two rows have the same key");
}

/* A cell in double quotes, "todo", or too short to mean something. */
static bool has_words(const char *s)
{
	return strlen(s) >= 15 && !str_find_nocase(s, "todo") && !str_find_nocase(s, "lorem");
}

static void causes(const struct know *k, struct arena *a)
{
	const struct cause *c;
	size_t n = 0;

	for (; (c = know_cause_at(k, n)); n++) {
		bool good = *c->title && has_words(c->meaning) && c->fix.n &&
			    has_words(c->verify) && c->sources.n;

		if (!good)
			ok(false,
			   arena_printf(a, "cause %s has title, meaning, fix, verify and sources",
					c->id));
		if (c->title[strlen(c->title) - 1] == '.')
			ok(false,
			   arena_printf(a, "the title of %s ends without a full stop", c->id));
	}
	ok(n >= 80, "there are at least 80 causes");
}

static void symptoms(const struct know *k, struct arena *a)
{
	const struct symptom *s;
	size_t n = 0;

	for (; (s = know_symptom_at(k, n)); n++) {
		const char *fragment;
		const struct symptom *got =
		    know_symptom(k, a, s->example, strlen(s->example), false, &fragment);

		if (got != s)
			is_str(got ? got->id : "(nothing)", s->id,
			       "the example of a symptom leads to its row");
		got = know_symptom(k, a, s->example, strlen(s->example), true, &fragment);
		if (got && symptom_of_socket(got))
			ok(false,
			   arena_printf(a, "in a reply \"%s\" is no symptom of the socket: %s",
					s->example, got->id));
	}
	ok(n >= 100, "there are at least 100 symptoms");
}

static void providers(const struct know *k)
{
	static const struct { const char *host, *id, *path; } hosts[] = {
		{ "smtp.office365.com", "m365", "client-submission" },
		{ "SMTP.Office365.com.", "m365", "client-submission" },
		{ "contoso-com.mail.protection.outlook.com", "m365", "direct-send" },
		{ "outlook-com.olc.protection.outlook.com", "outlook.com", "personal-outlook" },
		{ "smtp.gmail.com", "google", "client-submission" },
		{ "smtp-relay.gmail.com", "google", "smtp-relay" },
		{ "mail.example.com", NULL, NULL },
	};
	static const struct { const char *text, *id; } texts[] = {
		{ "220 AM0P000CA0000.outlook.office365.com Microsoft ESMTP MAIL Service ready at "
		  "Fri, 20 Nov 2026", "m365" },
		{ "220 mx.google.com ESMTP 41be03b00d2f7-7fd0000 - gsmtp", "google" },
		{ "220 mail.example.com ESMTP Postfix (Debian/GNU)", "postfix" },
		{ "220 mail.example.com ESMTP Exim 4.96", "exim" },
		{ "550 no such user: somebody@gmx.com", NULL },
		{ "220 mail.example.com ready", NULL },
	};

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		const struct provider *p = know_provider_of_host(k, hosts[i].host);

		is_str(p ? p->id : NULL, hosts[i].id, hosts[i].host);
		is_str(p ? p->path : NULL, hosts[i].path, "its path");
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct provider *p = know_provider_of_text(k, texts[i].text);

		is_str(p ? p->id : NULL, texts[i].id, texts[i].text);
	}
}

/* --- where it comes from --- */

static const char *must_have(const struct table_kind *kind, const char *name, size_t *ret_column)
{
	for (size_t i = 0; i < kind->n_columns; i++) {
		*ret_column = i;
		if (str_has_prefix(kind->columns[i].name, name) && (kind->columns[i].flags & MUST))
			return kind->columns[i].name;
	}
	return NULL;
}

/* What somebody thinks, or has seen, is not what a page says. What the program itself leaves
 * (facts.tsv) comes from nowhere else. */
static void sources(const struct know *k, struct arena *a)
{
	for (enum table_id id = 0; id < TABLE_FACTS; id++) {
		const struct tsv *t = table_tsv(k, id);
		size_t source, confidence;
		bool both = must_have(table_kind(id), "source", &source) &&
			    must_have(table_kind(id), "confidence", &confidence);

		ok(both,
		   arena_printf(a, "no row of %s is without a source and a confidence", t->name));
		for (size_t i = 0; both && i < t->n; i++) {
			const char *cell = tsv_cell(t, i, source);

			if (str_eq(tsv_cell(t, i, confidence), "official") &&
			    (strstr(cell, "expert judgement") || strstr(cell, "field report")))
				ok(false,
				   arena_printf(a, "%s:%d: no page says so officially: %s", t->name,
						tsv_line(t, i), cell));
		}
	}
}

/* --- sets --- */

static bool names_set(const char *cell, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = cell; (p = strchr(p, '@')); p++)
		if (strncmp(p + 1, name, n) == 0 && !ascii_is_alnum(p[n + 1]) && p[n + 1] != '-')
			return true;
	return false;
}

static bool any_cell(const struct know *k, bool (*is)(const char *cell, const char *what),
		     const char *what)
{
	for (enum table_id id = 0; id < TABLE_COUNT; id++) {
		const struct tsv *t = table_tsv(k, id);

		for (size_t i = 0; i < t->n * t->width; i++)
			if (id != TABLE_SETS && is(tsv_cell(t, i / t->width, i % t->width), what))
				return true;
	}
	return false;
}

static bool has_text(const char *cell, const char *text)
{
	return strstr(cell, text) != NULL;
}

/* A list is written once: each set is named somewhere, and nowhere written out again. */
static void sets(const struct know *k, struct arena *a)
{
	const struct tsv *t = table_tsv(k, TABLE_SETS);

	ok(t->n > 5, "there are sets");
	for (size_t i = 0; i < t->n; i++) {
		const char *name = tsv_cell(t, i, 0);

		ok(any_cell(k, names_set, name), arena_printf(a, "@%s is named", name));
		ok(!any_cell(k, has_text, tsv_cell(t, i, 1)),
		   "... and its values are written once");
	}
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error = NULL;
	struct know *k = know_new(a, NULL, &error);

	if (k)
		know_check(k, &error);
	is_str(error, NULL, "each row of the tables is as it should be");
	if (error)
		return tap_done();
	examples(k);
	anybodys_words(k);
	no_shadows(k);
	causes(k, a);
	symptoms(k, a);
	providers(k);
	sources(k, a);
	sets(k, a);
	return tap_done();
}
