#include "judge/weigh.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/str.h"
#include "judge/vendor.h"
#include "know/tables.h"

/* Words of a reply in a sentence: more does not help. */
enum { QUOTED = 400 };

void candidates_add(struct candidates *c, const struct candidate *one)
{
	c->list = arena_grow(c->arena, c->list, c->n, &c->cap, sizeof(*c->list));
	c->list[c->n++] = *one;
	if (!strv_has(&c->causes, one->cause->id))
		strv_add(&c->causes, c->arena, one->cause->id);
}

/* --- replies --- */

static const char *answered(enum stage s)
{
	static const char *const words[STAGE_COUNT] = {
		[STAGE_UNKNOWN] = "said", [STAGE_DNS] = "said", [STAGE_CONNECT] = "greeted with",
		[STAGE_GREETING] = "greeted with",
		[STAGE_EHLO] = "answered EHLO with", [STAGE_STARTTLS] = "answered STARTTLS with",
		[STAGE_TLS] = "said during the TLS handshake",
		[STAGE_AUTH] = "answered the login with", [STAGE_MAIL] = "answered MAIL FROM with",
		[STAGE_RCPT] = "answered RCPT TO with",
		[STAGE_DATA] = "answered the message with",
		[STAGE_ACCEPTED] = "said after it had taken the message",
	};

	return words[s];
}

static char *quoted(struct arena *a, const char *flat)
{
	size_t n = strlen(flat);

	if (n <= QUOTED)
		return arena_strdup(a, flat);
	for (n = QUOTED; n && ((unsigned char)flat[n] & 0xc0) == 0x80; n--)
		;		/* not inside a letter */
	return arena_printf(a, "%.*s ...", (int)n, flat);
}

static char *reply_sentence(struct arena *a, const struct reply *r, const char *who)
{
	return arena_printf(a, "%s %s \"%s\"", *who ? who : "the server", answered(r->stage),
			    quoted(a, reply_flat(r, a)));
}

static const char *because_of(struct arena *a, const struct said *s, const struct reply *r)
{
	const char *sentence = reply_sentence(a, r, s->server);

	if (!*s->recipients)
		return sentence;
	return arena_printf(a, "%s, about the mail to %s", sentence, s->recipients);
}

const struct reply *reply_known(const struct know *k, struct arena *a, const char *provider,
				const struct reply *r, struct error_match *ret)
{
	const struct reply *inner = reply_inside(a, r), *known = NULL;
	struct error_match whole;

	provider = provider && *provider ? provider : NULL;
	/* Relays quote relays: the innermost is the reason, and shorter than what is around it. */
	if (inner)
		known = reply_known(k, a, provider, inner, ret);
	/* Unless it says less: "Unable to relay ... 451 4.7.0 Timeout waiting for client input". */
	if (known && (ret->certainty > POSSIBLE || inner->stage != r->stage))
		return known;
	if (know_meaning(k, a, provider, r, &whole) && (!known || whole.certainty == CERTAIN)) {
		*ret = whole;
		return r;
	}
	if (!known)
		*ret = (struct error_match) { .row = NULL };
	return known;
}

/* A login that was refused is why the next command is answered "not authenticated". */
static const struct strv *hidden_by_reply(const struct reply *r)
{
	static const char *const globs[] = { "not-authenticated" };
	static const struct strv hidden = { (const char **)globs, 1, 1 };

	return r->stage == STAGE_AUTH && (r->code == 535 || r->code == 534) ? &hidden : NULL;
}

void candidates_of_said(struct candidates *c, const struct said *s, unsigned port)
{
	const char *provider = *s->provider ? s->provider : c->provider;
	const struct reply *r = s->reply;
	struct error_match m;

	if (s->match)
		m = *s->match;
	else
		r = reply_known(c->know, c->arena, provider, r, &m);
	if (!m.row)
		return;
	candidates_add(c, &(struct candidate) {
		.cause = m.row->words.cause,
		.hides = hidden_by_reply(r),
		.certainty = m.certainty,
		.stage = r->stage,
		.rank = RANK_REPLY,
		.port = port,
		.recipient = s->recipient,
		.row = &m.row->words,
		.because = because_of(c->arena, s, r),
		.matched_by = arena_printf(c->arena, "%s, by %s", m.row->words.id, m.by),
		.reply = r,
	});
}

/* --- what programs say --- */

static void of_number(struct candidates *c, const struct sign *s)
{
	const struct row_words *row = &s->number->words;

	candidates_add(c, &(struct candidate) {
		.cause = row->cause,
		.certainty = row->certainty,
		.stage = STAGE_AUTH,
		.rank = RANK_REPLY,
		.row = row,
		.because = arena_printf(c->arena, "Microsoft's sign-in service says %s%s%s: \"%s\"",
					row->id,
					*s->number->name ? ", " : "", s->number->name, s->text),
		.matched_by = arena_printf(c->arena, "%s, by its number", row->id),
	});
}

/* Who waited for a greeting was connected: "ETIMEDOUT" says the same again. */
static const struct strv *hidden_by(const struct symptom *s)
{
	static const char *const globs[] = { "connection-timeout" };
	static const struct strv hidden = { (const char **)globs, 1, 1 };

	return str_eq(s->cause->id, "greeting-timeout") && s->certainty > POSSIBLE ? &hidden : NULL;
}

void candidates_of_sign(struct candidates *c, const struct sign *s)
{
	const struct symptom *row = s->symptom;

	if (!row) {
		of_number(c, s);
		return;
	}
	candidates_add(c, &(struct candidate) {
		.cause = row->cause,
		.hides = hidden_by(row),
		.certainty = row->certainty < s->most ? row->certainty : s->most,
		.stage = row->stage,
		.rank = RANK_SYMPTOM,
		.title = row->title,
		.recipient = s->recipient,
		.meaning = *row->meaning ? row->meaning : NULL,
		.source = row->source,
		.because = arena_printf(c->arena, "the text says \"%s\"", s->text),
		.matched_by = arena_printf(c->arena, "%s, by the words \"%s\"", row->id, s->words),
	});
}

/* --- weighing --- */

/*
 * Does a make b superfluous? What is certain explains all that is less so and came no earlier in
 * the same conversation.
 */
static bool hides(const struct candidate *a, const struct candidate *b)
{
	bool covers = (!a->port || a->port == b->port) &&
		      (!a->recipient || !b->recipient || a->recipient == b->recipient);

	if (a->dropped || a == b || a->cause == b->cause || !covers)
		return false;
	if (strv_glob(a->hides, b->cause->id))
		return true;
	/*
	 * What a program sums up ("Could not authenticate") adds nothing to what was
	 * said before it did.
	 */
	if (b->rank == RANK_SYMPTOM && b->certainty == POSSIBLE && a->certainty > POSSIBLE)
		return true;
	return a->certainty == CERTAIN && b->certainty < CERTAIN && a->stage != STAGE_UNKNOWN &&
	       b->stage >= a->stage;
}

static int by_strength(const void *x, const void *y)
{
	const struct candidate *a = x, *b = y;

	if (a->dropped != b->dropped)
		return a->dropped ? 1 : -1;
	if (a->certainty != b->certainty)
		return a->certainty > b->certainty ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank > b->rank ? -1 : 1;
	/* What a program sums up ("Sending failed") belongs to no step: the step says more. */
	if (a->rank == RANK_SYMPTOM && (a->stage == STAGE_UNKNOWN) != (b->stage == STAGE_UNKNOWN))
		return a->stage == STAGE_UNKNOWN ? 1 : -1;
	if (a->stage != b->stage)
		return a->stage < b->stage ? -1 : 1;
	return a->port < b->port ? -1 : a->port > b->port;
}

/* --- the diagnosis --- */

char *filled(struct arena *a, const struct filling *f, const char *text)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_FACT);
	const struct { const char *name, *value, *otherwise; } table[] = {
		{ "{user}", f->user, "<mailbox>" }, { "{from}", f->from, "<sender>" },
		{ "{to}", f->to, "<recipient>" },
		{ "{host}", f->host, "<host>" }, { "{port}", f->port, "<port>" },
		{ "{domain}", f->domain, "<domain>" },
		{ "{ip}", f->ip, "<your public address>" }, { "{appid}", f->appid, "CLIENT_ID" },
		{ "{oid}", f->oid, "OBJECT_ID" },
	};

	while (*text) {
		size_t i = 0, plain = strcspn(text, "{");

		if (plain) {
			buf_add(&b, text, plain);
			text += plain;
			continue;
		}
		while (i < ARRAY_LEN(table) && !str_has_prefix(text, table[i].name))
			i++;
		if (i == ARRAY_LEN(table)) {
			buf_addc(&b, *text++);
			continue;
		}
		buf_adds(&b,
			 table[i].value && *table[i].value ? table[i].value : table[i].otherwise);
		text += strlen(table[i].name);
	}
	return arena_strdup(a, buf_str(&b));
}

static struct fix filled_fix(struct arena *a, const struct filling *f, const struct fix *from)
{
	struct fix to = {
		.n = from->n, .steps = arena_alloc(a, (from->n + 1) * sizeof(*to.steps))
	};

	for (size_t i = 0; i < from->n; i++) {
		to.steps[i].where = filled(a, f, from->steps[i].where);
		to.steps[i].act = filled(a, f, from->steps[i].act);
		to.steps[i].command = filled(a, f, from->steps[i].command);
		to.steps[i].role = from->steps[i].role;
	}
	return to;
}

static const char *first_of(const char *a, const char *b)
{
	return a && *a ? a : b;
}

static void add_sources(struct arena *a, struct strv *to, const char *list)
{
	struct strv pieces = { 0 };

	strv_split(&pieces, a, list, ';');
	for (size_t i = 0; i < pieces.n; i++) {
		if (!strv_has(to, pieces.v[i]))
			strv_add(to, a, pieces.v[i]);
	}
}

static const struct fix *fix_of(const struct candidate *c)
{
	if (c->fix)
		return c->fix;
	return c->row && c->row->fix.n ? &c->row->fix : &c->cause->fix;
}

static struct diagnosed diagnosed_of(struct arena *a, const struct candidate *c,
				     const struct filling *given)
{
	const struct row_words *row = c->row;
	struct filling seen = *given, *f = &seen;
	struct diagnosed d;

	if (!seen.ip || !*seen.ip)
		seen.ip = reply_address(a, c->reply);
	if (!seen.domain || !*seen.domain)
		seen.domain = reply_domain(a, c->reply);
	d = (struct diagnosed) {
		.cause = c->cause,
		.certainty = c->certainty,
		.stage = c->stage,
		.title = filled(a, f, first_of(c->title,
					       row ? row_title(row) : c->cause->title)),
		.meaning = filled(a, f, first_of(c->meaning,
						 row ? first_of(row->meaning, c->cause->meaning) :
						 c->cause->meaning)),
		.who = row ? first_of(row->who, c->cause->who) : c->cause->who,
		.retry = row ? first_of(row->retry, c->cause->retry) : c->cause->retry,
		.verify = filled(a, f, first_of(c->verify, first_of(row ? row->verify : NULL,
								    c->cause->verify))),
		.decide = filled(a, f, c->cause->decide),
		.fix = filled_fix(a, f, fix_of(c)),
		.matched_by = c->matched_by,
		.reply = c->reply,
	};

	for (size_t i = 0; row && i < row->also.n; i++)
		strv_add(&d.also, a, row->also.v[i]);
	add_sources(a, &d.sources, first_of(c->source, row ? row->source : ""));
	for (size_t i = 0; i < c->cause->sources.n; i++)
		add_sources(a, &d.sources, c->cause->sources.v[i]);
	return d;
}

static struct diagnosed *already(struct diagnosed *list, size_t n, const struct cause *c)
{
	for (size_t i = 0; i < n; i++) {
		if (list[i].cause == c)
			return &list[i];
	}
	return NULL;
}

/* A finding that only repeats what a rule or a reply said of the same place. */
static bool repeats(const struct candidates *c, const struct candidate *one)
{
	for (size_t i = 0; one->rank == RANK_FINDING && i < c->n; i++) {
		const struct candidate *other = &c->list[i];

		if (!other->dropped && other->cause == one->cause && other->rank > one->rank &&
		    (!other->port || other->port == one->port))
			return true;
	}
	return false;
}

const char *candidates_provider(const struct candidates *c, const struct cause *cause)
{
	for (size_t i = 0; !(c->provider && *c->provider) && i < c->n; i++) {
		const struct candidate *one = &c->list[i];

		if (one->cause == cause && !one->dropped && one->row &&
		    !str_eq(one->row->provider, "*"))
			return one->row->provider;
	}
	return c->provider;
}

/* The row of the reply that stands for the cause; NULL when none does. */
static const char *reply_row(const struct candidates *c, const struct cause *cause)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct candidate *one = &c->list[i];

		if (one->cause == cause && !one->dropped && one->row)
			return one->row->id;
	}
	return NULL;
}

static void add_policies(const struct candidates *c, struct diagnosed *list, size_t n)
{
	time_t now = clock_wall();

	for (size_t i = 0; i < n; i++) {
		struct strv told = know_policies(c->know, c->arena, list[i].cause,
						 reply_row(c, list[i].cause),
						 candidates_provider(c, list[i].cause),
						 c->path, now);

		for (size_t j = 0; j < told.n; j++)
			strv_add(&list[i].because, c->arena, told.v[j]);
	}
}

/* Numbers of Entra ID come from there, whichever program shows them. */
static const char *role_provider(const struct candidates *c, const struct candidate *one)
{
	const char *provider = candidates_provider(c, one->cause);

	if (provider && *provider)
		return provider;
	if (one->row && str_has_prefix(one->row->id, "AADSTS"))
		return "m365";
	return c->issuer;
}

/* Which administrator: the row says it more exactly than the cause. */
static const struct role *role_of(const struct candidates *c, const struct candidate *one,
				  const char *who)
{
	bool row = one->row && one->row->roles.n;

	if (!str_eq(who, "tenant-admin"))
		return NULL;
	return know_role_for(c->know, row ? &one->row->roles : &one->cause->roles,
			     role_provider(c, one));
}

/*
 * At a login, and where an administrator of the provider is asked, nobody else's places help: no
 * Exchange admin center for a Gmail account. Elsewhere the other side may be meant: who sends from
 * Microsoft 365 to Gmail.
 */
static void leave_out_steps(struct arena *a, struct diagnosed *d, const char *provider,
			    const struct row_words *row)
{
	struct fix kept = { .steps = d->fix.steps };

	if (!provider || !*provider)
		return;
	/* A tenant at Microsoft may be the sender, but nobody said so. */
	if (!vendor_is_microsoft(provider) && !(row && vendor_is_microsoft(row->provider)))
		vendor_leave_out_microsoft(a, d, provider);
	if (!d->role && d->stage != STAGE_AUTH)
		return;
	for (size_t i = 0; i < d->fix.n; i++) {
		const struct role *role = d->fix.steps[i].role;

		if (!role || role_is_at(role, provider))
			kept.steps[kept.n++] = d->fix.steps[i];
	}
	d->fix.n = kept.n;
}

struct diagnosed *candidates_weigh(struct candidates *c, const struct filling *f, size_t *ret_n)
{
	struct diagnosed *list = arena_alloc(c->arena, (c->n + 1) * sizeof(*list));
	size_t n = 0;

	if (c->n)
		qsort(c->list, c->n, sizeof(*c->list), by_strength);
	for (size_t i = 0; i < c->n; i++) {
		for (size_t j = 0; j < c->n && !c->list[i].dropped; j++)
			c->list[i].dropped = hides(&c->list[j], &c->list[i]);
	}
	for (size_t i = 0; i < c->n; i++) {
		const struct candidate *one = &c->list[i];
		struct diagnosed *d = already(list, n, one->cause);

		if (one->dropped || repeats(c, one))
			continue;
		if (!d) {
			d = &list[n++];
			*d = diagnosed_of(c->arena, one, f);
			d->role = role_of(c, one, d->who);
			leave_out_steps(c->arena, d, role_provider(c, one), one->row);
		}
		if (!strv_has(&d->because, one->because))
			strv_add(&d->because, c->arena, one->because);
	}
	add_policies(c, list, n);
	*ret_n = n < LIMIT_DIAGNOSIS ? n : LIMIT_DIAGNOSIS;
	return list;
}

struct strv diagnosed_next(struct arena *a, const struct diagnosed *list, size_t n,
			   const struct strv *refuted)
{
	const struct cause *lead = n ? list[0].cause : NULL;
	struct strv next = { NULL, 0, 0 };

	for (size_t i = 0; lead && i < lead->next.n; i++) {
		const char *id = lead->next.v[i];
		bool told = false;

		for (size_t j = 0; j < n; j++)
			told |= str_eq(list[j].cause->id, id);
		if (!told && !strv_glob(refuted, id))
			strv_add(&next, a, id);
	}
	return next;
}
