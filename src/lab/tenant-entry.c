/*
 * tenant-entry - users, apps, and what else a tenant has several of.
 */
#include "lab/tenant-entry.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "lab/line.h"

enum {
	CERTIFICATE_MAX	= 16 * 1024,
	AADSTS_MAX	= 99999999,
	MINUTES_MAX	= 1000000,
};

/* --- users --- */

#define AT(member) .place = offsetof(struct tenant_user, member)

static const struct lab_setting user_settings[] = {
	{ "id", SETTING_TEXT, AT(id) },
	{ "display", SETTING_TEXT, AT(display) },
	{ "mailbox", SETTING_TEXT, AT(mailbox) },
	{ "disabled", SETTING_FLAG, AT(disabled) },
	{ "access", SETTING_LIST, AT(access), .separator = ',' },
	{ "refuse", SETTING_NUMBER, AT(refuse), .most = AADSTS_MAX },
	{ "smtp-auth", SETTING_WORD, AT(smtp_auth), .words = "inherit on off" },
};

static const char *add_user(void *object, struct arena *a, struct span value)
{
	struct tenant_cursor *c = object;
	struct tenant_user **link = &c->tenant->users;
	struct scan s = scan_span(value);
	const char *name = span_dup(a, line_word(&s));
	unsigned n = 1;

	for (; *link && !str_eq_nocase((*link)->name, name); link = &(*link)->next)
		n++;
	if (!*link) {
		*link = arena_alloc(a, sizeof(**link));
		**link = (struct tenant_user) {
			.name = name, .display = name, .mailbox = "user",
			.id = arena_printf(a, "bbbbbbbb-0000-4000-8000-%012u", n + 1),
		};
	}
	return pairs_set(user_settings, ARRAY_LEN(user_settings), *link, a, &s) ? NULL :
	       "`user NAME` and some of id= display= mailbox= smtp-auth=on|off|inherit access= "
	       "refuse=NUMBER disabled";
}

/* --- apps --- */

#undef AT
#define AT(member) .place = offsetof(struct tenant_app, member)

/* Once some are named, only these are consented to. */
static const char *set_scopes(void *object, struct arena *a, struct span value)
{
	static const struct lab_setting scopes = {
		"scopes", SETTING_LIST, AT(scopes), .separator = ',',
	};
	struct tenant_app *app = object;

	app->consented = false;
	return setting_set(&scopes, app, a, value);
}

static const struct lab_setting app_settings[] = {
	{ "name", SETTING_TEXT, AT(name) },
	{ "object", SETTING_TEXT, AT(object) },
	{ "registered", SETTING_TEXT, AT(registered) },
	{ "secret", SETTING_TEXT, AT(secret) },
	{ "roles", SETTING_LIST, AT(roles), .separator = ',' },
	{ "scopes", SETTING_OTHER, .set = set_scopes },
	{ "redirect", SETTING_LIST, AT(redirects), .separator = ',' },
	{ "access", SETTING_LIST, AT(access), .separator = ',' },
	{ "public", SETTING_FLAG, AT(is_public) },
	{ "disabled", SETTING_FLAG, AT(disabled) },
	{ "secret-expired", SETTING_FLAG, AT(secret_expired) },
};

static struct tenant_app *app_of(const struct tenant_cursor *c, struct arena *a, struct scan *s)
{
	struct tenant_app **link = &c->tenant->apps;
	const char *id = span_dup(a, line_word(s));
	unsigned n = 1;

	for (; *link && !str_eq_nocase((*link)->id, id); link = &(*link)->next)
		n++;
	if (!*link) {
		*link = arena_alloc(a, sizeof(**link));
		**link = (struct tenant_app) {
			.id = id, .name = "an app", .registered = "", .secret = "",
			.consented = true,
			.object = arena_printf(a, "cccccccc-0000-4000-8000-%012u", n),
		};
	}
	return *link;
}

static const char *add_app(void *object, struct arena *a, struct span value)
{
	struct scan s = scan_span(value);
	struct tenant_app *app = app_of(object, a, &s);

	return pairs_set(app_settings, ARRAY_LEN(app_settings), app, a, &s) ? NULL :
	       "`app CLIENT-ID` and some of name= object= registered= secret= roles= scopes= "
	       "redirect= access= public disabled secret-expired";
}

/* "CLIENT-ID BASE64" */
static const char *add_certificate(void *object, struct arena *a, struct span value)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(CERTIFICATE_MAX);
	struct scan s = scan_span(value);
	struct tenant_app *app = app_of(object, a, &s);
	struct span text = line_rest(&s);
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
static const char *add_federated(void *object, struct arena *a, struct span value)
{
	struct scan s = scan_span(value);
	struct tenant_app *app = app_of(object, a, &s);

	app->issuer = span_dup(a, line_word(&s));
	app->subject = span_dup(a, line_word(&s));
	app->audience = span_dup(a, line_word(&s));
	return app->audience[0] ? NULL : "`federated CLIENT-ID ISSUER SUBJECT AUDIENCE`";
}

/* --- refusals, logs, policies, cmdlets --- */

static bool read_number(struct span word, unsigned *ret)
{
	unsigned long n;

	if (!line_number(word, AADSTS_MAX, &n))
		return false;
	*ret = (unsigned)n;
	return true;
}

/* "[AT] NUMBER [TEXT]": a later line goes before an earlier one. */
static const char *add_refusal(void *object, struct arena *a, struct span value)
{
	struct tenant_cursor *c = object;
	struct tenant_refusal *r = arena_alloc(a, sizeof(*r));
	struct scan s = scan_span(value);
	struct span word = line_word(&s);

	*r = (struct tenant_refusal) { .next = c->tenant->refusals, .at = "*" };
	if (word.len > 0 && !ascii_is_digit(word.p[0])) {
		r->at = span_dup(a, word);
		word = line_word(&s);
	}
	if (!read_number(word, &r->number))
		return "`refuse`, perhaps a grant type, and an AADSTS number";
	r->text = span_dup(a, line_rest(&s));
	c->tenant->refusals = r;
	return NULL;
}

#undef AT
#define AT(member) .place = offsetof(struct tenant_signin, member)

static const struct lab_setting signin_settings[] = {
	{ "ip", SETTING_TEXT, AT(ip) },
	{ "client", SETTING_TEXT, AT(client) },
	{ "policy", SETTING_TEXT, AT(policy) },
	{ "app", SETTING_TEXT, AT(app) },
	{ "minutes", SETTING_NUMBER, AT(minutes), .most = MINUTES_MAX },
};

/* "USER NUMBER [minutes=5] ...". What older layers said goes. */
static const char *add_signin(void *object, struct arena *a, struct span value)
{
	struct tenant_cursor *c = object;
	struct tenant_signin **link = &c->tenant->signins, *l = arena_alloc(a, sizeof(*l));
	struct scan s = scan_span(value);

	*l = (struct tenant_signin) {
		.layer = c->layer, .user = span_dup(a, line_word(&s)), .minutes = 5,
		.ip = "203.0.113.7", .client = "Authenticated SMTP", .policy = "",
		.app = "Office 365 Exchange Online",
	};
	if (!read_number(line_word(&s), &l->number))
		return "`sign-in USER NUMBER`";
	if (!pairs_set(signin_settings, ARRAY_LEN(signin_settings), l, a, &s))
		return "`sign-in USER NUMBER` and some of minutes= ip= client= policy= app=";
	while (*link && (*link)->layer < c->layer)
		*link = (*link)->next;
	while (*link)
		link = &(*link)->next;
	*link = l;
	return NULL;
}

/* "STATE NAME..." */
static const char *add_policy(void *object, struct arena *a, struct span value)
{
	static const char *const states[] = {
		"enabled", "disabled", "enabledForReportingButNotEnforced",
	};
	struct tenant_cursor *c = object;
	struct tenant_policy **link = &c->tenant->policies, *l = arena_alloc(a, sizeof(*l));
	struct scan s = scan_span(value);
	int state = setting_choose(line_word(&s), "on off report-only");

	*l = (struct tenant_policy) { .layer = c->layer, .clients = "all" };
	scan_blanks(&s);
	if (scan_accept_str(&s, "clients="))
		l->clients = span_dup(a, line_word(&s));
	l->name = span_dup(a, line_rest(&s));
	if (state < 0 || !l->name[0])
		return "`policy`, one of on off report-only, perhaps clients=LIST, and its name";
	l->state = states[state];
	while (*link && (*link)->layer < c->layer)
		*link = (*link)->next;
	while (*link)
		link = &(*link)->next;
	*link = l;
	return NULL;
}

/* "NAME {...}", "NAME none", "NAME forbidden" */
static const char *add_cmdlet(void *object, struct arena *a, struct span value)
{
	struct tenant_cursor *c = object;
	struct tenant_cmdlet **link = &c->tenant->cmdlets, *l = arena_alloc(a, sizeof(*l));
	struct scan s = scan_span(value);
	const char *name = span_dup(a, line_word(&s));
	struct span answer = line_rest(&s);

	while (*link) {
		if (str_eq_nocase((*link)->name, name) && (*link)->layer < c->layer)
			*link = (*link)->next;
		else
			link = &(*link)->next;
	}
	*l = (struct tenant_cmdlet) { .layer = c->layer, .name = name,
				      .json = span_dup(a, answer) };
	if (span_eq(answer, "none"))
		l->json = "";
	else if (span_eq(answer, "forbidden"))
		l->json = NULL;
	else if (answer.len == 0 || answer.p[0] != '{')
		return "`cmdlet NAME` and a JSON object, `none` or `forbidden`";
	*link = l;
	return NULL;
}

const struct lab_setting tenant_entries[TENANT_ENTRIES] = {
	{ "user", SETTING_OTHER, .set = add_user },
	{ "app", SETTING_OTHER, .set = add_app },
	{ "certificate", SETTING_OTHER, .set = add_certificate },
	{ "federated", SETTING_OTHER, .set = add_federated },
	{ "refuse", SETTING_OTHER, .set = add_refusal },
	{ "sign-in", SETTING_OTHER, .set = add_signin },
	{ "policy", SETTING_OTHER, .set = add_policy },
	{ "cmdlet", SETTING_OTHER, .set = add_cmdlet },
};
