/*
 * t-explain-cases - many texts of many programs against the cause a reader who knows the field
 * would name: tests/data/explain-cases.tsv.
 *
 *	t-explain-cases [FILE]		another table of the same form
 */
#include "tests/unit/tap.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/tsv.h"
#include "paste/explain.h"

static const struct know *know;

static const char *const columns[] = { "id", "kind", "text", "provider", "cause", "at-most",
				       "note", NULL };
enum { ID, KIND, TEXT, PROVIDER, CAUSE, AT_MOST, NOTE };
enum { LIMIT_TABLE = 1 << 20 };

static bool read_table(const char *path, struct buf *b)
{
	char chunk[2048];
	FILE *f = fopen(path, "rb");
	size_t n;

	while (f && (n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_add(b, chunk, n);
	if (f)
		fclose(f);
	return f && !b->overflow;
}

/* A cell's \n, \t and \\ into what they stand for; any other backslash is itself. */
static char *unescaped(struct arena *a, const char *cell)
{
	char *text = arena_strdup(a, cell), *to = text;

	for (const char *p = cell; *p; p++) {
		if (p[0] == '\\' && (p[1] == 'n' || p[1] == 't' || p[1] == '\\'))
			*to++ = ascii_mapped(*++p, "nt", "\n\t");
		else
			*to++ = *p;
	}
	*to = '\0';
	return text;
}

static bool one_of(struct arena *a, const char *list, const char *word)
{
	struct strv words = { 0 };

	strv_split(&words, a, list, '|');
	return strv_has(&words, word);
}

static bool not_above(const struct explanation *e, const char *at_most)
{
	enum certainty most = str_eq(at_most, "likely") ? LIKELY : CERTAIN;

	if (str_eq(at_most, "possible"))
		most = POSSIBLE;
	return !e->n_diagnosis || e->diagnosis[0].certainty <= most;
}

/*
 * "" = nothing may be diagnosed; "?" = the text does not decide: whatever is named,
 * it says what would.
 */
static bool as_wanted(struct arena *a, const struct explanation *e, const char *cause,
		      const char *at_most)
{
	if (!*cause)
		return !e->n_diagnosis;
	if (!e->n_diagnosis)
		return one_of(a, cause, "-");
	if (!not_above(e, at_most))
		return false;
	return str_eq(cause, "?") ? *e->diagnosis[0].decide != '\0' :
	       one_of(a, cause, e->diagnosis[0].cause->id);
}

static char *answer(struct arena *a, const struct explanation *e)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(1024);

	buf_addf(&b, "%s", *e->provider ? e->provider : "no provider");
	for (size_t i = 0; i < e->n_diagnosis; i++)
		buf_addf(&b, ", %s %s (%s)", e->diagnosis[i].cause->id,
			 certainty_name(e->diagnosis[i].certainty), e->diagnosis[i].matched_by);
	return arena_strdup(a, buf_str(&b));
}

static void one(const struct tsv *t, size_t i)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *text = unescaped(a, tsv_cell(t, i, TEXT)), *provider = tsv_cell(t, i, PROVIDER);
	const char *cause = tsv_cell(t, i, CAUSE), *at_most = tsv_cell(t, i, AT_MOST);
	const struct explanation *e = explain_text(a, know, text, strlen(text));
	bool good = as_wanted(a, e, cause, at_most) &&
		    (!*provider || one_of(a, provider, *e->provider ? e->provider : "-"));

	if (!ok(good, arena_printf(a, "%s: %s", tsv_cell(t, i, KIND), tsv_cell(t, i, ID))))
		printf("#   got   %s\n#   want  %s, %s, at most %s\n#   text  %.300s\n",
		       answer(a, e), *provider ? provider : "any provider",
		       *cause ? cause : "nothing", *at_most ? at_most : "-", tsv_cell(t, i, TEXT));
}

int main(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_TABLE);
	const char *top = getenv("top_srcdir"), *error = NULL;
	const char *path = argc > 1 ? argv[1] :
			   arena_printf(a, "%s/tests/data/explain-cases.tsv", top ? top : ".");
	const struct tsv *t;

	know = know_new(a, NULL, &error);
	is_str(error, NULL, "the tables can be read");
	if (!know || !ok(read_table(path, &b), "the cases can be read"))
		return tap_done();
	t = tsv_parse(a, "explain-cases.tsv", buf_str(&b), b.len, columns, &error);
	is_str(error, NULL, "the cases are a table");
	for (size_t i = 0; t && i < t->n; i++)
		one(t, i);
	return tap_done();
}
