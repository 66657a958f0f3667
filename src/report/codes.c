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

/* Numbers of Entra ID come where a token is asked for or shown: at the login. */
static const char *stages(const struct code_row *row)
{
	return row->reply ? star(row->reply->stages) : stage_name(STAGE_AUTH);
}

/* A comma list of the table with blanks, so that it can be wrapped. */
static const char *spaced(struct arena *a, const char *list)
{
	struct strv words = { NULL, 0, 0 };

	strv_split(&words, a, list, ',');
	return strv_join(&words, a, ", ");
}

/*
 * "535 5.7.139 m365 [m365-535-tenant-off]", and below it the text, the cause, and
 * where it can come.
 */
static void put_row(struct out *o, const struct code_row *row)
{
	struct arena *a = o->arena;
	const struct row_words *words = row->words;
	const char *code = row->reply ? star(row->reply->codes) : words->id;
	const char *enhanced = row->reply ? star(row->reply->enhanced) : "";
	const char *whose = row->reply ? star(words->provider) : "Microsoft Entra ID";

	out_ink(o, INK_STRONG);
	out_put(o, *code || *enhanced
		   ? arena_printf(a, "%s%s%s", code, *code && *enhanced ? " " : "", enhanced)
		   : "any code");
	out_ink(o, INK_NONE);
	out_to(o, o->col < 18 ? 20 : o->col + 2);
	out_put(o, *whose ? whose : "any server");
	out_to(o, o->col + 2);
	out_ink(o, INK_DIM);
	out_put(o, arena_printf(a, "[%s]", words->id));
	out_line(o);
	if (row->reply && *star(row->reply->pattern))
		out_wrapped(o, 4, arena_printf(a, "\"%s\"", row->reply->pattern));
	out_wrapped(o, 4, arena_printf(a, "%s (%s)", row_title(words), words->cause->id));
	if (*stages(row)) {
		out_ink(o, INK_DIM);
		out_wrapped(o, 4, arena_printf(a, "comes at: %s", spaced(a, stages(row))));
	}
}

void text_of_codes(struct out *o, const void *of)
{
	const struct code_rows *rows = of;

	for (size_t i = 0; i < rows->n; i++) {
		if (i)
			out_line(o);
		put_row(o, &rows->v[i]);
	}
}

static json_t *row_json(const struct code_row *row)
{
	static const struct error_row number = { .codes = "", .enhanced = "", .pattern = "",
						 .example = "" };
	const struct error_row *reply = row->reply ? row->reply : &number;
	const struct row_words *words = row->words;
	json_t *r = json_object();

	json_put_text(r, "id", words->id);
	json_put_word(r, "provider", star(words->provider));
	json_put_word(r, "stages", star(stages(row)));
	json_put_word(r, "codes", star(reply->codes));
	json_put_word(r, "enhanced", star(reply->enhanced));
	json_put_word(r, "pattern", star(reply->pattern));
	json_put_text(r, "cause", words->cause->id);
	json_put_text(r, "title", row_title(words));
	json_put_text(r, "certainty", certainty_name(words->certainty));
	json_put_word(r, "meaning", *words->meaning ? words->meaning : words->cause->meaning);
	json_put_word(r, "example", reply->example);
	json_put_word(r, "source", words->source);
	json_put_word(r, "confidence", words->confidence);
	json_put_text(r, "file", words->file);
	json_put(r, "line", json_integer(words->line));
	return r;
}

json_t *json_of_codes(struct arena *a _unused_, const void *of)
{
	const struct code_rows *rows = of;
	json_t *j = json_object(), *list = json_array();

	for (size_t i = 0; i < rows->n; i++)
		json_push(list, row_json(&rows->v[i]));
	json_put_text(j, "schema", "smtpwhy.codes/1");
	json_put(j, "rows", list);
	return j;
}
