/*
 * codes - rows of the error table, for people and as data: smtpwhy.codes/1.
 */
#include "base/arena.h"
#include "base/str.h"
#include "report/json-parts.h"
#include "report/printer.h"

static const char *star(const char *s)
{
	return str_eq(s, "*") ? "" : s;
}

/* A comma list of the table with blanks, so that it can be wrapped. */
static const char *spaced(struct arena *a, const char *list)
{
	struct strv words = { NULL, 0, 0 };

	strv_split(&words, a, list, ',');
	return strv_join(&words, a, ", ");
}

/* "535 5.7.139   m365  [m365-535-tenant-off]", and below it the text, the cause, and where it can come. */
static void put_row(struct out *o, const struct error_row *row)
{
	struct arena *a = o->arena;
	const char *code = star(row->codes), *enhanced = star(row->enhanced);
	bool by_code = *code || *enhanced, entra = str_has_prefix(row->id, "AADSTS");

	out_ink(o, INK_STRONG);
	out_put(o, by_code ? arena_printf(a, "%s%s%s", code, *code && *enhanced ? " " : "", enhanced) :
		   entra ? row->id : "any code");
	out_ink(o, INK_NONE);
	out_to(o, o->col < 18 ? 20 : o->col + 2);
	out_put(o, *star(row->provider) ? row->provider : entra ? "Microsoft Entra ID" : "any server");
	out_to(o, o->col + 2);
	out_ink(o, INK_DIM);
	out_put(o, arena_printf(a, "[%s]", row->id));
	out_line(o);
	if (*star(row->pattern))
		out_wrapped(o, 4, arena_printf(a, "\"%s\"", row->pattern));
	out_wrapped(o, 4, arena_printf(a, "%s (%s)", row->cause->title, row->cause->id));
	if (*star(row->stages)) {
		out_ink(o, INK_DIM);
		out_wrapped(o, 4, arena_printf(a, "comes at: %s", spaced(a, row->stages)));
	}
}

void text_of_codes(struct out *o, const void *of)
{
	const struct code_rows *rows = of;

	for (size_t i = 0; i < rows->n; i++) {
		if (i)
			out_line(o);
		put_row(o, rows->v[i]);
	}
}

json_t *json_of_codes(struct arena *a _unused_, const void *of)
{
	const struct code_rows *rows = of;
	json_t *j = json_object(), *list = json_array();

	for (size_t i = 0; i < rows->n; i++) {
		const struct error_row *row = rows->v[i];
		json_t *r = json_object();

		json_put_text(r, "id", row->id);
		json_put_word(r, "provider", star(row->provider));
		json_put_word(r, "stages", star(row->stages));
		json_put_word(r, "codes", star(row->codes));
		json_put_word(r, "enhanced", star(row->enhanced));
		json_put_word(r, "pattern", star(row->pattern));
		json_put_text(r, "cause", row->cause->id);
		json_put_text(r, "title", row->cause->title);
		json_put_text(r, "certainty", certainty_name(row->certainty));
		json_put_word(r, "meaning", *row->meaning ? row->meaning : row->cause->meaning);
		json_put_word(r, "example", row->example);
		json_put_word(r, "source", row->source);
		json_put_word(r, "confidence", row->confidence);
		json_put_text(r, "file", row->file);
		json_put(r, "line", json_integer(row->line));
		json_push(list, r);
	}
	json_put_text(j, "schema", "smtpwhy.codes/1");
	json_put(j, "rows", list);
	return j;
}
