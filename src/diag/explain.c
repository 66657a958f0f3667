#include "diag/explain.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/map.h"
#include "diag/admin.h"
#include "diag/apart.h"
#include "diag/bounce.h"
#include "diag/diagnose.h"
#include "diag/mail.h"
#include "diag/paste.h"

/* Lines in which a failure without a code is looked for when nothing else was found. */
enum { LIMIT_WORDS_LINES = 200 };
/* Numbers of Entra ID looked at in one line. */
enum { LIMIT_NUMBERS = 16 };
/* A text that may be about anything is taken to be about mail up to this length. */
enum { SHORT_TEXT = 60 };

/* --- symptoms --- */

struct explainer {
	struct arena		*arena;
	const struct know	*know;
	struct candidates	 candidates;
	struct explanation	*e;
	struct paste_lines	 lines;
	struct found_replies	 found;
	struct map		*seen;		/* symptoms, and numbers of Entra ID */
	bool			 has_number;	/* of Entra ID, that the table knows */
	int			 of_others, of_mail;	/* it speaks of something that isn't mail, or is: -1 not known yet */
	struct paste_names	 names;
	struct strv		 hidden_by_greeting;
	struct bounce		 bounce;	/* empty unless it is one */
};

/* The program says itself that it went on in another way. */
static bool went_on(struct span line)
{
	return span_find_nocase(line, SPAN_LITERAL("trying starttls")) || span_find_nocase(line, SPAN_LITERAL("falling back")) ||
	       span_find_nocase(line, SPAN_LITERAL("fallback to"));
}

/* Asked only when it matters: most lines of a log tell of no failure. */
static bool of_others(struct explainer *x)
{
	if (x->of_others < 0)
		x->of_others = !x->found.n && paste_of_others(&x->lines);
	return x->of_others;
}

/* What every program says ("authentication failed") is about mail when the text says so, or says nothing else. */
static bool of_mail(struct explainer *x)
{
	size_t len = 0;

	for (size_t i = 0; x->of_mail < 0 && i < x->lines.n && len <= SHORT_TEXT; i++)
		len += x->lines.v[i].len;
	if (x->of_mail < 0)
		x->of_mail = x->found.n || *x->e->provider || len <= SHORT_TEXT || paste_of_mail(&x->lines);
	return x->of_mail;
}

static void add_symptom(struct explainer *x, const struct symptom *s, const char *fragment, struct span line)
{
	/* The number says more than the words around it. */
	if (x->has_number && str_has_prefix(s->id, "oauth-"))
		return;
	/* ssh and databases have networks and logins, too. */
	if (of_others(x) || (s->certainty == POSSIBLE && (s->stage == STAGE_AUTH || s->stage == STAGE_MAIL) && !of_mail(x)))
		return;
	if (map_get(x->seen, s->id))
		return;
	map_set(x->seen, s->id, (void *)s);
	if (line.len > 300)
		line.len = 300;
	candidates_add(&x->candidates, &(struct candidate) {
		.cause = s->cause,
		/* Who waited for a greeting was connected: "ETIMEDOUT" says the same again. */
		.hides = str_eq(s->cause->id, "greeting-timeout") && s->certainty > POSSIBLE ? &x->hidden_by_greeting : NULL,
		.certainty = went_on(line) ? POSSIBLE : s->certainty,
		.stage = s->stage,
		.rank = RANK_SYMPTOM,
		.meaning = *s->meaning ? s->meaning : NULL,
		.source = s->source,
		.because = arena_printf(x->arena, "the text says \"%.*s\"", (int)line.len, line.p),
		.matched_by = arena_printf(x->arena, "%s, by the words \"%s\"", s->id, fragment),
	});
}

static void add_aadsts(struct explainer *x, const struct aadsts_row *row, struct span line)
{
	const struct error_row *words = &row->words;

	x->has_number = true;
	if (map_get(x->seen, words->id))
		return;
	map_set(x->seen, words->id, (void *)row);
	if (line.len > 300)
		line.len = 300;
	candidates_add(&x->candidates, &(struct candidate) {
		.cause = words->cause,
		.certainty = words->certainty,
		.stage = STAGE_AUTH,
		.rank = RANK_REPLY,
		.row = words,
		.because = arena_printf(x->arena, "Microsoft's sign-in service says %s%s%s: \"%.*s\"", words->id, *row->name ? ", " : "", row->name,
					(int)line.len, line.p),
		.matched_by = arena_printf(x->arena, "%s, by its number", words->id),
	});
}

static void look_for_aadsts(struct explainer *x)
{
	bool entra = paste_of_entra(&x->lines);

	for (size_t i = 0; entra && i < x->lines.n; i++) {
		unsigned long numbers[LIMIT_NUMBERS];
		size_t n = paste_aadsts(&x->lines, i, numbers, LIMIT_NUMBERS);

		for (size_t j = 0; j < n; j++) {
			const struct aadsts_row *row = know_aadsts(x->know, numbers[j]);

			if (row)
				add_aadsts(x, row, (struct span) { x->lines.v[i].text, x->lines.v[i].len });
		}
	}
}

static void look_for_symptom(struct explainer *x, struct arena *scratch, struct span line)
{
	const char *fragment;
	const struct symptom *s = know_symptom(x->know, scratch, line.p, line.len, &fragment);

	if (s)
		add_symptom(x, s, arena_strdup(x->arena, fragment), line);
}

static enum certainty best_so_far(const struct explainer *x)
{
	enum certainty best = CERTAINTY_NONE;

	for (size_t i = 0; i < x->candidates.n; i++)
		best = x->candidates.list[i].certainty > best ? x->candidates.list[i].certainty : best;
	return best;
}

/* A sentence that was wrapped is in no line of its own. */
static void look_in_wrapped(struct explainer *x)
{
	for (size_t i = 0; i < x->lines.n && i < LIMIT_WORDS_LINES; i++) {
		size_t more = paste_goes_on(&x->lines, i);

		if (more)
			look_for_symptom(x, x->arena, span_of(paste_joined(x->arena, &x->lines, i, more)));
	}
}

static void look_for_symptoms(struct explainer *x)
{
	struct arena *scratch = arena_new();

	for (size_t i = 0; i < x->lines.n; i++) {
		struct span line = { x->lines.v[i].text, x->lines.v[i].len };
		char *json = paste_challenge(scratch, line);

		look_for_symptom(x, scratch, line);
		if (json)
			look_for_symptom(x, scratch, span_of(json));
		if (i % 256 == 255) {
			arena_free(scratch);
			scratch = arena_new();
		}
	}
	arena_free(scratch);
	if (best_so_far(x) < LIKELY)
		look_in_wrapped(x);
}

/* --- replies --- */

static const struct reply *reply_of_text(struct arena *a, const char *text, int number)
{
	struct reply *r = arena_alloc(a, sizeof(*r));

	r->stage = paste_stage(span_of(text));
	r->enhanced = "";
	r->text = arena_alloc(a, 2 * sizeof(*r->text));
	r->text[0] = text;
	r->lines = 1;
	r->source_line = number;
	return r;
}

static void look_for_word(struct explainer *x, const char *text, int number, enum certainty more_than)
{
	const char *provider = *x->e->provider ? x->e->provider : NULL;
	const struct reply *r = reply_of_text(x->arena, text, number);
	struct error_match m;

	if (know_match(x->know, x->arena, provider, r, &m) && m.certainty > more_than && !of_others(x) && (m.certainty > POSSIBLE || of_mail(x)))
		candidates_of_reply(&x->candidates, provider, r, "", 0);
}

/* Programs that keep the words and lose the code: a line of words against the table. Counts when it says more than what is known. */
static void look_for_words(struct explainer *x)
{
	enum certainty best = best_so_far(x);

	for (size_t i = 0; i < x->lines.n && i < LIMIT_WORDS_LINES && best < LIKELY; i++) {
		size_t more = paste_goes_on(&x->lines, i);

		look_for_word(x, x->lines.v[i].text, x->lines.v[i].number, best);
		if (more)
			look_for_word(x, paste_joined(x->arena, &x->lines, i, more), x->lines.v[i].number, best);
	}
}

/* Does the table know the words of the reply, not its code alone? */
static bool known_by_words(const struct explainer *x, const char *provider, const struct reply *r)
{
	struct error_match m;

	return know_match(x->know, x->arena, provider, r, &m) && *m.fragment;
}

static const char **texts(struct arena *a, const char *first, const char *second)
{
	const char **v = arena_alloc(a, 3 * sizeof(*v));

	v[0] = first;
	v[1] = second;
	return v;
}

/* Of a reply of which the table knows only the code: the same with the lines that go on with it, or with the words around it in its line ("User
 * unknown (550)"). NULL when that says no more. */
static const struct reply *in_context(struct explainer *x, const struct found_reply *f, const char *provider)
{
	size_t more = x->lines.n <= LIMIT_WORDS_LINES ? paste_goes_on(&x->lines, f->line) : 0;
	struct reply *wide;

	if (f->reply->lines > 1 || f->line >= x->lines.n)
		return NULL;
	wide = arena_alloc(x->arena, sizeof(*wide));
	*wide = *f->reply;
	wide->lines = 2;
	if (more) {
		wide->text = texts(x->arena, f->reply->text[0], paste_joined(x->arena, &x->lines, f->line + 1, more - 1));
		if (known_by_words(x, provider, wide)) {
			*f->reply = *wide;
			return f->reply;
		}
	}
	wide->lines = 1;
	wide->text = texts(x->arena, x->lines.v[f->line].text, NULL);
	return known_by_words(x, provider, wide) ? wide : NULL;
}

static bool add_reply(struct explainer *x, const struct found_reply *f, const char *provider, const char *server)
{
	size_t before = x->candidates.n;
	bool known = candidates_of_reply(&x->candidates, provider, f->reply, server, 0);
	const struct reply *wide = known && x->candidates.list[before].by_words ? NULL : in_context(x, f, provider);

	if (!wide)
		return known;
	x->candidates.n = before;
	return candidates_of_reply(&x->candidates, provider, wide, server, 0);
}

/* One refusal: of a bounce with who said it, and to whose message. */
static void add_refusal(struct explainer *x, const struct found_reply *f, const char *provider)
{
	const char *server = "", *recipients = "";
	size_t recipient = bounce_of_reply(x->arena, &x->bounce, &x->lines, f, &server, &recipients);
	size_t before = x->candidates.n;

	if (x->e->kind == PASTE_BOUNCE && f->reply->stage == STAGE_UNKNOWN)
		f->reply->stage = STAGE_ACCEPTED;
	if (!add_reply(x, f, provider, server))
		return;
	for (size_t i = before; i < x->candidates.n; i++) {
		struct candidate *c = &x->candidates.list[i];

		c->recipient = recipient;
		if (*recipients)
			c->because = arena_printf(x->arena, "%s, about the mail to %s", c->because, recipients);
	}
}

static void add_replies(struct explainer *x)
{
	struct explanation *e = x->e;

	e->replies = arena_alloc(x->arena, (2 * x->found.n + 1) * sizeof(*e->replies));
	for (size_t i = 0; i < x->found.n; i++) {
		const struct found_reply *f = &x->found.v[i];
		const struct reply *inner = reply_inside(x->arena, f->reply);
		const char *provider = f->provider ? f->provider : *e->provider ? e->provider : NULL;

		e->replies[e->n_replies++] = f->reply;
		if (inner)
			e->replies[e->n_replies++] = inner;
		add_refusal(x, f, provider);
	}
}

/* Who is it about? A host that is named, else words of a banner or a trailer. */
static const char *provider_of(struct explainer *x)
{
	const struct provider *p;

	for (size_t i = 0; i < x->found.n; i++) {
		const struct provider *host = x->found.v[i].provider ? know_provider(x->know, x->found.v[i].provider, NULL) : NULL;

		p = know_provider_of_text(x->know, reply_flat(x->found.v[i].reply, x->arena));
		/* Outlook.com answers in the words of Microsoft 365. */
		if (p)
			return host && strv_has(&host->like, p->id) ? host->id : p->id;
		if (x->found.v[i].provider)
			return x->found.v[i].provider;
	}
	for (size_t i = 0; i < x->lines.n && i < 2000; i++) {
		const char *id = paste_provider(x->know, (struct span) { x->lines.v[i].text, x->lines.v[i].len });

		if (id)
			return id;
	}
	for (size_t i = 0; i < x->lines.n && i < 2000; i++) {
		p = know_provider_of_text(x->know, x->lines.v[i].text);
		if (p)
			return p->id;
	}
	return "";
}

/* --- bounces and messages --- */

/* The line of the paste where a reply of a message stands: its first words are looked for. 0 = it is encoded there. */
static int line_in_paste(struct span paste, const struct reply *r)
{
	const char *words = r->text[0], *at;
	size_t n = strlen(words);
	int line = 1;

	at = n >= 8 ? memmem(paste.p, paste.len, words, n < 24 ? n : 24) : NULL;
	if (!at)
		return 0;
	for (const char *p = paste.p; (p = memchr(p, '\n', (size_t)(at - p))) != NULL; p++)
		line++;
	return line;
}

/* What was taken out of a message: its lines have no number in the paste, but its replies may. */
static void renumber(struct explainer *x, struct span paste)
{
	for (size_t i = 0; i < x->lines.n; i++)
		x->lines.v[i].number = 0;
	for (size_t i = 0; i < x->found.n; i++)
		x->found.v[i].reply->source_line = line_in_paste(paste, x->found.v[i].reply);
}

static void add_missed(struct explanation *e, const struct delivery *d)
{
	for (size_t i = 0; i < e->n_missed; i++) {
		struct missed *m = &e->missed[i];

		if (!str_eq_nocase(m->recipient, d->recipient))
			continue;
		m->server = *m->server ? m->server : d->server;
		m->status = *m->status ? m->status : d->status;
		return;
	}
	if (*d->recipient)
		e->missed[e->n_missed++] = (struct missed) { d->recipient, d->server, d->status };
}

static void read_bounce(struct explainer *x)
{
	struct explanation *e = x->e;
	size_t end = bounce_end(&x->lines);

	/* What came back is the sender's own text: nothing in it is an answer. */
	if (x->found.n && x->found.v[0].line < end) {
		x->lines.n = end;
		while (x->found.v[x->found.n - 1].line >= end)
			x->found.n--;
	}
	x->bounce = bounce_read(x->arena, &x->lines, &x->found);
	bounce_add_statuses(x->arena, &x->bounce, &x->lines, &x->found);
	e->reporter = x->bounce.reporter;
	e->missed = arena_alloc(x->arena, (x->bounce.n + 1) * sizeof(*e->missed));
	for (size_t i = 0; i < x->bounce.n; i++)
		add_missed(e, &x->bounce.v[i]);
}

/* What the steps of a fix call "<sender>", "<host>" and so on, when the text says it. The addresses of a bounce are those of its headers. */
static struct filling filling_of(const struct explainer *x)
{
	const struct explanation *e = x->e;
	bool message = e->kind == PASTE_BOUNCE || e->kind == PASTE_MESSAGE;
	const char *from = span_dup(x->arena, paste_address(span_of(e->from)));

	return (struct filling) {
		.from = *from || message ? from : x->names.from, .to = e->n_missed == 1 ? e->missed[0].recipient : "", .user = message ? "" : x->names.user,
		.host = e->host, .port = e->port ? arena_printf(x->arena, "%u", e->port) : "",
	};
}

static struct explanation *explain(struct arena *a, const struct know *k, struct span paste, const struct mail *mail, bool one_record,
				   const struct admin_found *admin)
{
	struct explanation *e = arena_alloc(a, sizeof(*e));
	struct explainer x = { .arena = a, .know = k, .e = e, .candidates = { .arena = a, .know = k }, .seen = map_new(a) };
	struct filling f;

	strv_add(&x.hidden_by_greeting, a, "connection-timeout");
	x.lines = paste_lines(a, mail->text.p, mail->text.len);
	x.found = paste_replies(a, k, &x.lines);
	*e = (struct explanation) {
		.arena = a, .know = k, .kind = paste_kind_of(&x.lines, x.found.n), .decoded = "", .reporter = "", .host = "", .trouble = "",
		.note = mail->note, .from = mail->from, .to = mail->to, .id = mail->id,
	};
	if (mail->kind != MAIL_NONE)
		renumber(&x, paste);
	if (mail->kind == MAIL_MESSAGE && e->kind != PASTE_BOUNCE)
		e->kind = PASTE_MESSAGE;
	if (e->kind == PASTE_BOUNCE)
		read_bounce(&x);
	e->provider = x.candidates.provider = provider_of(&x);
	x.of_others = x.of_mail = -1;
	add_replies(&x);
	look_for_aadsts(&x);
	look_for_symptoms(&x);
	look_for_words(&x);
	/* A record of a log is counted: only what its failure hangs on matters. */
	x.names = (struct paste_names) { .host = "", .user = "", .from = "" };
	if (!one_record || strv_has(&x.candidates.causes, "connection-refused") || strv_has(&x.candidates.causes, "connection-timeout"))
		x.names = paste_names(a, &x.lines);
	e->host = x.names.host;
	e->port = *e->host ? x.names.port : 0;
	paste_hints(&x.candidates, &x.lines, &x.names);
	f = filling_of(&x);
	if (admin)
		explain_admin(&x.candidates, e, admin, &f);
	e->diagnosis = candidates_weigh(&x.candidates, &f, &e->n_diagnosis);
	e->next_blockers = diagnosed_next(a, e->diagnosis, e->n_diagnosis, NULL);
	if (!one_record)
		e->apart = apart_of_text(&x.candidates, paste_kind_name(e->kind), e->facts, &f, e->diagnosis, e->n_diagnosis);
	if (!e->n_diagnosis && e->n_replies)
		e->decoded = reply_decoded(a, e->replies[0]);
	return e;
}

static struct span bounded(const char *text, size_t n)
{
	return (struct span) { text, n < LIMIT_PASTE ? n : LIMIT_PASTE };
}

struct explanation *explain_text(struct arena *a, const struct know *k, const char *text, size_t n)
{
	struct span paste = admin_plain(a, bounded(text, n));
	struct admin_found admin;
	struct mail mail;
	bool found = admin_find(a, paste, &admin);

	if (found)
		paste = admin.rest;
	mail_read(a, paste, NULL, &mail);
	return explain(a, k, paste, &mail, false, found ? &admin : NULL);
}

struct explanation *explain_record(struct arena *a, const struct know *k, const char *text, size_t n)
{
	struct mail mail = mail_none(bounded(text, n));

	return explain(a, k, bounded(text, n), &mail, true, NULL);
}
