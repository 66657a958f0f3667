/*
 * What programs, libraries and operating systems say when there is no reply, and the numbers of
 * Entra ID: lines of a paste against symptoms.tsv and aadsts.tsv.
 */
#include "paste/inside.h"

#include "base/map.h"
#include "paste/dialogue.h"

/* Numbers of Entra ID looked at in one line. */
enum { LIMIT_NUMBERS = 16 };
/* A text that may be about anything is taken to be about mail up to this length. */
enum { SHORT_TEXT = 60 };

/* The program says itself that it went on in another way. */
static bool went_on(struct span line)
{
	return span_has_any(line, "trying starttls|falling back|fallback to");
}

/* Asked only when it matters: most lines of a log tell of no failure. */
bool explain_of_others(struct explainer *x)
{
	if (x->of_others < 0)
		x->of_others = !x->found.n && paste_of_others(&x->lines);
	return x->of_others;
}

/* What every program says ("authentication failed") is about mail when the text says so, or says
 * nothing else. */
bool explain_of_mail(struct explainer *x)
{
	size_t len = 0;

	for (size_t i = 0; x->of_mail < 0 && i < x->lines.n && len <= SHORT_TEXT; i++)
		len += x->lines.v[i].len;
	if (x->of_mail < 0)
		x->of_mail =
		    x->found.n || *x->e->provider || len <= SHORT_TEXT || paste_of_mail(&x->lines);
	return x->of_mail;
}

/* Did a server speak? In a transcript its lines say so, also where none refuses anything. */
static bool server_spoke(struct explainer *x)
{
	for (size_t i = 0; x->spoke < 0 && i < x->lines.n; i++) {
		struct span said;
		enum stage command;

		if (paste_dialogue_line(explain_line(x, i), &said, &command) == SERVER)
			x->spoke = 1;
	}
	x->spoke = x->spoke > 0;
	return x->spoke || x->found.n;
}

/* What a library says of every failure ("SMTP connect() failed") tells of no connection that
 * failed when a server is seen to speak. */
static bool was_connected(struct explainer *x, const struct symptom *s)
{
	return s->certainty == POSSIBLE &&
	       str_in(s->cause->id, "connection-timeout|connection-refused|port-blocked|"
				    "host-not-found|dns-failure") &&
	       server_spoke(x);
}

static void add_sign(struct explainer *x, const char *id, const void *row, struct sign sign,
		     struct span line)
{
	struct evidence *e = x->evidence;

	map_set(x->seen, id, (void *)row);
	if (line.len > LIMIT_SIGN)
		line.len = LIMIT_SIGN;
	sign.text = span_dup(x->arena, line);
	sign.recipient = x->outcomes ? x->outcomes[x->at].message : 0;
	e->signs = arena_grow(x->arena, e->signs, e->n_signs, &x->cap_signs, sizeof(*e->signs));
	e->signs[e->n_signs++] = sign;
}

static void add_symptom(struct explainer *x, const struct symptom *s, const char *fragment,
			struct span line, bool in_reply, enum certainty most)
{
	bool login = s->stage == STAGE_AUTH || s->stage == STAGE_MAIL;

	/* The number says more than the words around it. */
	if (x->has_number && str_has_prefix(s->id, "oauth-"))
		return;
	/* ssh and databases have networks and logins, too. */
	if (explain_of_others(x) || (s->certainty == POSSIBLE && login && !explain_of_mail(x)))
		return;
	if (map_get(x->seen, s->id) || was_connected(x, s))
		return;
	if (went_on(line))
		most = POSSIBLE;
	add_sign(x, s->id, s, (struct sign) {
		.symptom = s, .words = fragment, .most = most, .in_reply = in_reply,
	}, line);
	most = most < s->certainty ? most : s->certainty;
	x->best = most > x->best ? most : x->best;
}

static void add_aadsts(struct explainer *x, const struct aadsts_row *row, struct span line)
{
	x->has_number = true;
	if (map_get(x->seen, row->words.id))
		return;
	add_sign(x, row->words.id, row,
		 (struct sign) { .number = row, .words = "", .most = CERTAIN }, line);
	x->best = row->words.certainty > x->best ? row->words.certainty : x->best;
}

void explain_aadsts(struct explainer *x)
{
	bool entra = paste_of_entra(&x->lines);

	for (size_t i = 0; entra && i < x->lines.n; i++) {
		unsigned long numbers[LIMIT_NUMBERS];
		size_t n = paste_aadsts(&x->lines, i, numbers, LIMIT_NUMBERS);

		x->at = i;
		for (size_t j = 0; j < n; j++) {
			const struct aadsts_row *row = know_aadsts(x->know, numbers[j]);

			if (row)
				add_aadsts(x, row,
					   (struct span) { x->lines.v[i].text, x->lines.v[i].len });
		}
	}
}

/* in_reply: the words are a server's. most: no more certain than that. */
static void look_for_symptom(struct explainer *x, struct arena *scratch, struct span text,
			     bool in_reply, enum certainty most)
{
	const char *fragment;
	const struct symptom *s =
	    know_symptom(x->know, scratch, text.p, text.len, in_reply, &fragment);

	if (s)
		add_symptom(x, s, arena_strdup(x->arena, fragment), text, in_reply,
			    symptom_of_socket(s) ? most : CERTAIN);
}

/* A line that holds a server's reply, or goes on with one: who got a reply was connected. What a
 * program said before the reply may still be how the connection ended, but never leads. */
static void look_beside_reply(struct explainer *x, struct arena *scratch, struct span line,
			      const char *reply)
{
	look_for_symptom(x, scratch, line, true, CERTAIN);
	if (!reply)
		reply = line.p + line.len;
	look_for_symptom(x, scratch, (struct span) { line.p, (size_t)(reply - line.p) }, false,
			 POSSIBLE);
}

/* A sentence that was wrapped is in no line of its own. */
static void look_in_wrapped(struct explainer *x)
{
	for (size_t i = 0; i < x->lines.n && i < LIMIT_WORDS_LINES; i++) {
		size_t more = paste_goes_on(&x->lines, i);

		const char *joined;

		if (!more)
			continue;
		joined = paste_joined(x->arena, &x->lines, i, more);
		x->at = i;
		look_for_symptom(x, x->arena, span_of(joined),
				 x->told[i] || paste_reply_at(span_of(joined)), CERTAIN);
	}
}

/* The lines that a long reply was wrapped into. */
static void mark_told(struct explainer *x)
{
	enum { WRAPPED_AT = 50 };

	x->told = arena_alloc(x->arena, x->lines.n + 1);
	for (size_t i = 0; i < x->found.n; i++) {
		size_t at = x->found.v[i].line,
		       end = at < x->lines.n ? at + paste_goes_on(&x->lines, at) : 0;

		for (; at < end && x->lines.v[at].len >= WRAPPED_AT; at++)
			x->told[at + 1] = paste_reply_at((struct span) { x->lines.v[at].text,
									x->lines.v[at].len }) ||
					  x->told[at];
	}
}

void explain_symptoms(struct explainer *x)
{
	struct arena *scratch = arena_new();

	mark_told(x);
	for (size_t i = 0; i < x->lines.n; i++) {
		struct span line = { x->lines.v[i].text, x->lines.v[i].len };
		char *json = paste_challenge(scratch, line);
		const char *reply = paste_reply_at(line);

		x->at = i;
		if (reply || x->told[i])
			look_beside_reply(x, scratch, line, reply);
		else
			look_for_symptom(x, scratch, line, false, CERTAIN);
		if (json)
			look_for_symptom(x, scratch, span_of(json), false, CERTAIN);
		if (i % 256 == 255) {
			arena_free(scratch);
			scratch = arena_new();
		}
	}
	arena_free(scratch);
	if (x->best < LIKELY)
		look_in_wrapped(x);
}
