#include "paste/explain.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/map.h"
#include "admin/admin.h"
#include "judge/judge.h"
#include "paste/inside.h"
#include "paste/mail.h"

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

void explain_add_said(struct explainer *x, const struct said *s)
{
	struct evidence *e = x->evidence;

	e->said = arena_grow(x->arena, e->said, e->n_said, &x->cap_said, sizeof(*e->said));
	e->said[e->n_said++] = *s;
	if (s->match && s->match->row && s->match->certainty > x->best)
		x->best = s->match->certainty;
}

static struct error_match *kept_match(struct arena *a, const struct error_match *m)
{
	struct error_match *kept = arena_alloc(a, sizeof(*kept));

	*kept = *m;
	return kept;
}

static void look_for_word(struct explainer *x, struct span line, int number,
			  enum certainty more_than)
{
	const char *text = paste_without_advice(x->arena, paste_server_words(line));
	const struct reply *r = reply_of_text(x->arena, text, number), *known;
	struct error_match m;

	known = reply_known(x->know, x->arena, x->e->provider, r, &m);
	if (known && m.certainty > more_than && !explain_of_others(x) &&
	    (m.certainty > POSSIBLE || explain_of_mail(x)))
		explain_add_said(x, &(struct said) {
			.reply = known, .provider = "", .server = "", .recipients = "",
			.match = kept_match(x->arena, &m),
		});
}

/*
 * Programs that keep the words and lose the code: a line of words against the table. Counts when it
 * says more than what is known.
 */
static void look_for_words(struct explainer *x)
{
	enum certainty best = x->best;

	for (size_t i = 0; i < x->lines.n && i < LIMIT_WORDS_LINES && best < LIKELY; i++) {
		size_t more = paste_goes_on(&x->lines, i);

		look_for_word(x, explain_line(x, i), x->lines.v[i].number, best);
		if (more)
			look_for_word(x, span_of(paste_joined(x->arena, &x->lines, i, more)),
				      x->lines.v[i].number, best);
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

/*
 * Of a reply of which the table knows only the code: the same with the lines that go on with it, or
 * with the words around it in its line ("User unknown (550)"). NULL when that says no more.
 */
static const struct reply *in_context(struct explainer *x, const struct found_reply *f,
				      const char *provider)
{
	size_t more = x->lines.n <= LIMIT_WORDS_LINES ? paste_goes_on(&x->lines, f->line) : 0;
	struct reply *wide;
	struct span said;

	if (f->reply->lines > 1 || f->line >= x->lines.n)
		return NULL;
	wide = arena_alloc(x->arena, sizeof(*wide));
	*wide = *f->reply;
	wide->lines = 2;
	if (more) {
		wide->text = texts(x->arena, f->reply->text[0],
				   paste_joined(x->arena, &x->lines, f->line + 1, more - 1));
		if (known_by_words(x, provider, wide)) {
			*f->reply = *wide;
			return f->reply;
		}
	}
	wide->lines = 1;
	said =
	    paste_server_words((struct span) { x->lines.v[f->line].text, x->lines.v[f->line].len });
	wide->text = texts(x->arena, span_dup(x->arena, said), NULL);
	return known_by_words(x, provider, wide) ? wide : NULL;
}

/* Of a reply that was cut off in a sentence of the table: what the whole sentence means. */
static void match_completed(struct explainer *x, const char *provider, const struct reply *r,
			    struct error_match *ret)
{
	char *text = paste_completed(x->arena, x->know, reply_words(r, x->arena));
	struct reply whole = *r;
	struct error_match m;

	if (!text)
		return;
	whole.text = texts(x->arena, text, NULL);
	whole.lines = 1;
	if (!know_match(x->know, x->arena, provider, &whole, &m) || !*m.fragment)
		return;
	m.certainty = m.certainty > LIKELY ? LIKELY : m.certainty;
	*ret = m;
}

/* One refusal: of a bounce with who said it, and to whose message. */
static void add_refusal(struct explainer *x, const struct found_reply *f, const char *provider)
{
	struct said said = { .provider = provider ? provider : "", .server = "", .recipients = "" };
	const struct reply *known, *wide;
	struct error_match m;

	said.recipient = bounce_of_reply(x->arena, &x->bounce, &x->lines, f, &said.server,
					 &said.recipients);
	if (x->outcomes && !said.recipient) {
		said.recipient = x->outcomes[f->line].message;
		said.recipients = x->outcomes[f->line].recipient;
	}
	if (x->e->kind == PASTE_BOUNCE && f->reply->stage == STAGE_UNKNOWN)
		f->reply->stage = STAGE_ACCEPTED;
	known = reply_known(x->know, x->arena, provider, f->reply, &m);
	wide = known && *m.fragment && !m.read ? NULL : in_context(x, f, provider);
	if (wide)
		known = reply_known(x->know, x->arena, provider, wide, &m);
	else if (known && !*m.fragment && m.certainty == POSSIBLE)
		match_completed(x, provider, known, &m);
	said.reply = known ? known : f->reply;
	said.match = kept_match(x->arena, &m);
	explain_add_said(x, &said);
}

/* Whose reply is it? Its own words say it best ("- gsmtp"), whatever host is named beside it.
 * Outlook.com answers in the words of Microsoft 365, so there the host is more exact. NULL unknown.
 */
static const char *provider_of_reply(struct explainer *x, const struct found_reply *f)
{
	const char *named = *x->e->provider ? x->e->provider : NULL;
	const char *beside = f->provider ? f->provider : named;
	const struct provider *p = beside ? know_provider(x->know, beside, NULL) : NULL;
	const struct provider *said =
	    know_provider_of_text(x->know, reply_flat(f->reply, x->arena));

	if (!said || !(said->hosts.n || said->mx.n) || (p && strv_has(&p->like, said->id)))
		return beside;
	return said->id;
}

/* The beginning of the other one: "550 5.1.10" of "550 5.1.10 RESOLVER.ADR.RecipientNotFound; ..."?
 */
static bool begins(const char *whole, const char *beginning)
{
	size_t n = strlen(beginning);

	while (n && strchr(" .,;:", beginning[n - 1]))
		n--;
	return n && strlen(whole) > n && memcmp(whole, beginning, n) == 0 &&
	       !ascii_is_alnum(whole[n]) && whole[n] != '.';
}

/* A status that a bounce repeats beside the whole reply says nothing of its own, when it is about
 * the same recipient. */
static bool told_better(struct explainer *x, const struct found_reply *f)
{
	const char *server, *recipients, *flat = reply_flat(f->reply, x->arena);
	size_t mine = bounce_of_reply(x->arena, &x->bounce, &x->lines, f, &server, &recipients);

	for (size_t i = 0; i < x->found.n; i++) {
		const struct found_reply *other = &x->found.v[i];
		size_t theirs;

		if (other == f || other->reply->code != f->reply->code ||
		    !begins(reply_flat(other->reply, x->arena), flat))
			continue;
		theirs =
		    bounce_of_reply(x->arena, &x->bounce, &x->lines, other, &server, &recipients);
		if (!mine || !theirs || mine == theirs)
			return true;
	}
	return false;
}

static void add_replies(struct explainer *x)
{
	struct explanation *e = x->e;

	e->replies = arena_alloc(x->arena, (2 * x->found.n + 1) * sizeof(*e->replies));
	for (size_t i = 0; i < x->found.n; i++) {
		const struct found_reply *f = &x->found.v[i];
		const struct reply *inner = reply_inside(x->arena, f->reply);

		e->replies[e->n_replies++] = f->reply;
		if (inner)
			e->replies[e->n_replies++] = inner;
		if (!told_better(x, f))
			add_refusal(x, f, provider_of_reply(x, f));
	}
}

/* Who is it about? A host that is named, else words of a banner or a trailer. */
static const char *provider_of(struct explainer *x)
{
	const struct provider *p;

	for (size_t i = 0; i < x->found.n; i++) {
		const struct provider *host = x->found.v[i].provider ?
					      know_provider(x->know, x->found.v[i].provider, NULL) :
					      NULL;

		p = know_provider_of_text(x->know, reply_flat(x->found.v[i].reply, x->arena));
		/* Outlook.com answers in the words of Microsoft 365. */
		if (p)
			return host && strv_has(&host->like, p->id) ? host->id : p->id;
		if (x->found.v[i].provider)
			return x->found.v[i].provider;
	}
	for (size_t i = 0; i < x->lines.n && i < 2000; i++) {
		const char *id = paste_provider(x->know, (struct span) {
			x->lines.v[i].text, x->lines.v[i].len
		});

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

/*
 * The line of the paste where a reply of a message stands: its first words are looked for. 0 = it
 * is encoded there.
 */
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

/* --- what was asked for --- */

/* A record of a log is counted: only what its failure hangs on matters. */
static void read_names(struct explainer *x, bool one_record)
{
	bool wanted = !one_record;

	for (size_t i = 0; i < x->evidence->n_signs && !wanted; i++) {
		const struct symptom *s = x->evidence->signs[i].symptom;

		wanted = s && str_in(s->cause->id, "connection-refused|connection-timeout");
	}
	x->names = (struct paste_names) { .host = "", .user = "", .from = "" };
	if (wanted)
		x->names = paste_names(x->arena, &x->lines);
	x->e->host = x->names.host;
	x->e->port = *x->e->host ? x->names.port : 0;
}

/* The addresses of a bounce are those of its headers. */
static void ask_of_text(struct explainer *x)
{
	const struct explanation *e = x->e;
	struct evidence *to = x->evidence;
	bool message = e->kind == PASTE_BOUNCE || e->kind == PASTE_MESSAGE;
	const char *from = span_dup(x->arena, paste_address(span_of(e->from)));
	const struct provider *p;

	to->provider = e->provider;
	to->kind = paste_kind_name(e->kind);
	facts_set(to->asked, "ask.pasted", to->kind);
	facts_set_bool(to->asked, "ask.redirected", false);
	if (!facts_get(to->asked, "ask.user"))
		evidence_ask(to, "ask.user", message ? "" : x->names.user);
	if (!facts_get(to->asked, "ask.from"))
		evidence_ask(to, "ask.from", *from || message ? from : x->names.from);
	evidence_ask(to, "ask.to", e->n_missed == 1 ? e->missed[0].recipient : "");
	evidence_ask(to, "ask.host", e->host);
	p = *e->host ? know_provider_of_host(x->know, e->host) : NULL;
	if (p)
		to->path = p->path;
}

static void conclude(struct explanation *e)
{
	struct diagnosis d = judge(e->evidence);

	e->diagnosis = d.list;
	e->n_diagnosis = d.n;
	e->next_blockers = d.next;
	e->apart = d.apart;
	if (!e->n_diagnosis && e->n_replies)
		e->decoded = reply_decoded(e->arena, e->replies[0]);
}

/* Notes of a server about its own clients tell of no failure, whatever their words are. */
static void drop_notes(struct paste_lines *lines)
{
	size_t kept = 0;

	for (size_t i = 0; i < lines->n; i++) {
		if (!paste_about_client((struct span) { lines->v[i].text, lines->v[i].len }))
			lines->v[kept++] = lines->v[i];
	}
	lines->n = kept;
}

static struct explanation *explain(struct arena *a, const struct know *k, struct span paste,
				   const struct mail *mail, bool one_record,
				   const struct admin_found *admin)
{
	struct explanation *e = arena_alloc(a, sizeof(*e));
	struct explainer x = { .arena = a, .know = k, .e = e, .seen = map_new(a),
			       .facts = facts_new(a) };
	struct span text;

	text = paste_unquoted(a, mail->text);
	x.lines = paste_lines(a, text.p, text.len);
	drop_notes(&x.lines);
	x.found = paste_replies(a, k, &x.lines);
	*e = (struct explanation) {
		.arena = a, .know = k, .kind = paste_kind_of(&x.lines, x.found.n), .decoded = "",
		.reporter = "", .host = "", .trouble = "",
		.note = mail->note, .from = mail->from, .to = mail->to, .id = mail->id,
	};
	x.evidence = e->evidence = evidence_new(a, k);
	x.evidence->facts = x.facts;
	x.evidence->partial = true;
	x.evidence->counted = one_record;
	if (mail->kind != MAIL_NONE)
		renumber(&x, paste);
	if (mail->kind == MAIL_MESSAGE && e->kind != PASTE_BOUNCE)
		e->kind = PASTE_MESSAGE;
	if (e->kind == PASTE_BOUNCE)
		read_bounce(&x);
	else if (!one_record && x.lines.n > 1)
		x.outcomes = paste_outcomes(a, &x.lines);
	e->provider = provider_of(&x);
	x.of_others = x.of_mail = x.spoke = -1;
	add_replies(&x);
	explain_aadsts(&x);
	explain_symptoms(&x);
	look_for_words(&x);
	read_names(&x, one_record);
	if (admin)
		explain_admin(&x, admin);
	ask_of_text(&x);
	explain_seen(&x);
	evidence_complete(x.evidence);
	conclude(e);
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

struct explanation *explain_record(struct arena *a, const struct know *k, const char *text,
				   size_t n)
{
	struct mail mail = mail_none(bounded(text, n));

	return explain(a, k, bounded(text, n), &mail, true, NULL);
}

static void add_reply_of(struct explanation *e, const struct reply *r)
{
	if (r)
		e->replies[e->n_replies++] = r;
}

struct explanation *explain_evidence(struct evidence *from)
{
	struct explanation *e = arena_alloc(from->arena, sizeof(*e));

	*e = (struct explanation) {
		.arena = from->arena, .know = from->know, .evidence = from, .kind = PASTE_EVIDENCE,
		.provider = from->provider, .host = facts_string(from->asked, "ask.host"),
		.note = "", .from = "", .to = "", .id = "", .reporter = "", .trouble = "",
		.decoded = "",
	};
	e->replies = arena_alloc(e->arena,
				 (from->n_said + from->n_verdicts + 1) * sizeof(*e->replies));
	for (size_t i = 0; i < from->n_verdicts; i++)
		add_reply_of(e, from->verdicts[i].reply);
	for (size_t i = 0; i < from->n_said; i++)
		add_reply_of(e, from->said[i].reply);
	conclude(e);
	return e;
}
