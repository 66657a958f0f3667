/*
 * tenant-entry - users, apps, and what else a tenant has several of.
 */
#include "lab/tenant-entry.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"

enum { CERTIFICATE_MAX = 16 * 1024, AADSTS_MAX = 99999999 };

bool pair_next(struct scan *s, struct arena *a, struct pair *ret)
{
	struct span name, value = { "", 0 };

	scan_blanks(s);
	name = scan_until(s, "= \t");
	if (name.len == 0)
		return false;
	if (scan_accept(s, '=')) {
		bool quoted = scan_accept(s, '"');

		value = scan_until(s, quoted ? "\"" : " \t");
		if (quoted)
			scan_accept(s, '"');
	}
	*ret = (struct pair) { .name = span_dup(a, name), .value = span_dup(a, value) };
	return true;
}

static void split(struct strv *l, struct arena *a, const char *text)
{
	*l = (struct strv) { .n = 0 };
	strv_split(l, a, text, ',');
}

static bool read_number(const char *text, unsigned *ret)
{
	unsigned long n;

	if (!str_number(text, AADSTS_MAX, &n))
		return false;
	*ret = (unsigned)n;
	return true;
}

/* --- users --- */

static bool set_user(struct tenant_user *u, struct arena *a, const struct pair *p)
{
	if (str_eq(p->name, "id"))
		u->id = p->value;
	else if (str_eq(p->name, "display"))
		u->display = p->value;
	else if (str_eq(p->name, "mailbox"))
		u->mailbox = p->value;
	else if (str_eq(p->name, "disabled"))
		u->disabled = true;
	else if (str_eq(p->name, "access"))
		split(&u->access, a, p->value);
	else if (str_eq(p->name, "refuse"))
		return read_number(p->value, &u->refuse);
	else if (str_eq(p->name, "smtp-auth") && (str_eq(p->value, "on") || str_eq(p->value, "off") || str_eq(p->value, "inherit")))
		u->smtp_auth = p->value[1] == 'n' ? (p->value[0] == 'o' ? SWITCH_ON : SWITCH_INHERIT) : SWITCH_OFF;
	else
		return false;
	return true;
}

static const char *add_user(struct lab_tenant *t, struct arena *a, struct scan *s)
{
	struct tenant_user **link = &t->users;
	const char *name = span_dup(a, line_word(s));
	unsigned n = 1;
	struct pair p;

	for (; *link && !str_eq_nocase((*link)->name, name); link = &(*link)->next)
		n++;
	if (!*link) {
		*link = arena_alloc(a, sizeof(**link));
		**link = (struct tenant_user) { .name = name, .display = name, .mailbox = "user",
						.id = arena_printf(a, "bbbbbbbb-0000-4000-8000-%012u", n + 1) };
	}
	while (pair_next(s, a, &p))
		if (!set_user(*link, a, &p))
			return "`user NAME` and some of id= display= mailbox= smtp-auth=on|off|inherit access= refuse=NUMBER disabled";
	return NULL;
}

/* --- apps --- */

static struct tenant_app *app_of(struct lab_tenant *t, struct arena *a, const char *id)
{
	struct tenant_app **link = &t->apps;
	unsigned n = 1;

	for (; *link && !str_eq_nocase((*link)->id, id); link = &(*link)->next)
		n++;
	if (!*link) {
		*link = arena_alloc(a, sizeof(**link));
		**link = (struct tenant_app) { .id = id, .name = "an app", .registered = "", .secret = "", .consented = true,
					       .object = arena_printf(a, "cccccccc-0000-4000-8000-%012u", n) };
	}
	return *link;
}

static bool set_app(struct tenant_app *app, struct arena *a, const struct pair *p)
{
	static const struct { const char *name; size_t place; } texts[] = {
		{ "name", offsetof(struct tenant_app, name) }, { "object", offsetof(struct tenant_app, object) },
		{ "registered", offsetof(struct tenant_app, registered) }, { "secret", offsetof(struct tenant_app, secret) },
	}, lists[] = {
		{ "roles", offsetof(struct tenant_app, roles) }, { "scopes", offsetof(struct tenant_app, scopes) },
		{ "redirect", offsetof(struct tenant_app, redirects) }, { "access", offsetof(struct tenant_app, access) },
	}, flags[] = {
		{ "public", offsetof(struct tenant_app, is_public) }, { "disabled", offsetof(struct tenant_app, disabled) },
		{ "secret-expired", offsetof(struct tenant_app, secret_expired) },
	};
	bool known = false;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (str_eq(p->name, texts[i].name))
			*(const char **)((char *)app + texts[i].place) = p->value, known = true;
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		if (str_eq(p->name, lists[i].name))
			split((struct strv *)((char *)app + lists[i].place), a, p->value), known = true;
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (str_eq(p->name, flags[i].name))
			*(bool *)((char *)app + flags[i].place) = !str_eq(p->value, "no"), known = true;
	app->consented &= !str_eq(p->name, "scopes");
	return known;
}

static const char *add_app(struct lab_tenant *t, struct arena *a, struct scan *s)
{
	struct tenant_app *app = app_of(t, a, span_dup(a, line_word(s)));
	struct pair p;

	while (pair_next(s, a, &p))
		if (!set_app(app, a, &p))
			return "`app CLIENT-ID` and some of name= object= registered= secret= roles= scopes= redirect= access= public disabled "
			       "secret-expired";
	return NULL;
}

/* "CLIENT-ID BASE64" */
static const char *add_certificate(struct lab_tenant *t, struct arena *a, struct scan *s)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(CERTIFICATE_MAX);
	struct tenant_app *app = app_of(t, a, span_dup(a, line_word(s)));
	struct span text = line_rest(s);
	unsigned char *copy;

	if (text.len == 0 || !base64_decode(&b, text.p, text.len))
		return "`certificate CLIENT-ID` and a certificate in DER as base64";
	copy = arena_alloc(a, b.len);
	memcpy(copy, b.data, b.len);
	app->certificate = copy;
	app->certificate_len = b.len;
	return NULL;
}

/* "CLIENT-ID ISSUER SUBJECT AUDIENCE" */
static const char *add_federated(struct lab_tenant *t, struct arena *a, struct scan *s)
{
	struct tenant_app *app = app_of(t, a, span_dup(a, line_word(s)));

	app->issuer = span_dup(a, line_word(s));
	app->subject = span_dup(a, line_word(s));
	app->audience = span_dup(a, line_word(s));
	return app->audience[0] ? NULL : "`federated CLIENT-ID ISSUER SUBJECT AUDIENCE`";
}

/* --- refusals, logs, policies, cmdlets --- */

/* "[AT] NUMBER [TEXT]": a later line goes before an earlier one. */
static const char *add_refusal(struct lab_tenant *t, struct arena *a, struct scan *s)
{
	struct tenant_refusal *r = arena_alloc(a, sizeof(*r));
	struct span word = line_word(s);

	*r = (struct tenant_refusal) { .next = t->refusals, .at = "*" };
	if (word.len > 0 && !ascii_is_digit(word.p[0])) {
		r->at = span_dup(a, word);
		word = line_word(s);
	}
	if (!read_number(span_dup(a, word), &r->number))
		return "`refuse`, perhaps a grant type, and an AADSTS number";
	r->text = span_dup(a, line_rest(s));
	t->refusals = r;
	return NULL;
}

/* "USER NUMBER [minutes=5] ...". What older layers said goes. */
static const char *add_signin(struct lab_tenant *t, struct arena *a, struct scan *s, unsigned layer)
{
	struct tenant_signin **link = &t->signins, *l = arena_alloc(a, sizeof(*l));
	struct pair p;

	*l = (struct tenant_signin) { .layer = layer, .user = span_dup(a, line_word(s)), .minutes = 5, .ip = "203.0.113.7",
				      .client = "Authenticated SMTP", .policy = "", .app = "Office 365 Exchange Online" };
	if (!read_number(span_dup(a, line_word(s)), &l->number))
		return "`sign-in USER NUMBER`";
	while (pair_next(s, a, &p)) {
		const char **text = str_eq(p.name, "ip") ? &l->ip : str_eq(p.name, "client") ? &l->client :
				    str_eq(p.name, "policy") ? &l->policy : str_eq(p.name, "app") ? &l->app : NULL;

		if (text)
			*text = p.value;
		else if (!str_eq(p.name, "minutes") || !str_number(p.value, 1000000, &l->minutes))
			return "`sign-in USER NUMBER` and some of minutes= ip= client= policy= app=";
	}
	while (*link && (*link)->layer < layer)
		*link = (*link)->next;
	while (*link)
		link = &(*link)->next;
	*link = l;
	return NULL;
}

/* "STATE NAME..." */
static const char *add_policy(struct lab_tenant *t, struct arena *a, struct scan *s, unsigned layer)
{
	static const struct { const char *word, *state; } states[] = {
		{ "on", "enabled" }, { "off", "disabled" }, { "report-only", "enabledForReportingButNotEnforced" },
	};
	struct tenant_policy **link = &t->policies, *l = arena_alloc(a, sizeof(*l));
	struct span word = line_word(s);

	*l = (struct tenant_policy) { .layer = layer, .clients = "all" };
	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		if (span_eq(word, states[i].word))
			l->state = states[i].state;
	scan_blanks(s);
	if (scan_accept_str(s, "clients="))
		l->clients = span_dup(a, line_word(s));
	l->name = span_dup(a, line_rest(s));
	if (!l->state || !l->name[0])
		return "`policy`, one of on off report-only, perhaps clients=LIST, and its name";
	while (*link && (*link)->layer < layer)
		*link = (*link)->next;
	while (*link)
		link = &(*link)->next;
	*link = l;
	return NULL;
}

/* "NAME {...}", "NAME none", "NAME forbidden" */
static const char *add_cmdlet(struct lab_tenant *t, struct arena *a, struct scan *s, unsigned layer)
{
	struct tenant_cmdlet **link = &t->cmdlets, *c = arena_alloc(a, sizeof(*c));
	const char *name = span_dup(a, line_word(s));
	struct span value = line_rest(s);

	while (*link) {
		if (str_eq_nocase((*link)->name, name) && (*link)->layer < layer)
			*link = (*link)->next;
		else
			link = &(*link)->next;
	}
	*c = (struct tenant_cmdlet) { .layer = layer, .name = name, .json = span_dup(a, value) };
	if (span_eq(value, "none"))
		c->json = "";
	else if (span_eq(value, "forbidden"))
		c->json = NULL;
	else if (value.len == 0 || value.p[0] != '{')
		return "`cmdlet NAME` and a JSON object, `none` or `forbidden`";
	*link = c;
	return NULL;
}

const char *tenant_entry(struct lab_tenant *t, struct arena *a, struct span word, struct span value, unsigned layer)
{
	struct scan s = scan_span(value);

	if (span_eq(word, "user"))
		return add_user(t, a, &s);
	if (span_eq(word, "app"))
		return add_app(t, a, &s);
	if (span_eq(word, "certificate"))
		return add_certificate(t, a, &s);
	if (span_eq(word, "federated"))
		return add_federated(t, a, &s);
	if (span_eq(word, "refuse"))
		return add_refusal(t, a, &s);
	if (span_eq(word, "sign-in"))
		return add_signin(t, a, &s, layer);
	if (span_eq(word, "policy"))
		return add_policy(t, a, &s, layer);
	if (span_eq(word, "cmdlet"))
		return add_cmdlet(t, a, &s, layer);
	return "one of id domains region cloud brand realm visitor security-defaults smtp-auth premium clock lifetime device user app certificate federated "
	       "refuse sign-in policy cmdlet";
}
