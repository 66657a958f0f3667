/*
 * Authentication-Results (RFC 8601, 2.2), ARC-Authentication-Results (RFC 8617, 4.1.1) and
 * Received-SPF (RFC 7208, 9.1). Microsoft writes the first without an authserv-id, or with it
 * before each method.
 */
#include "message/parts.h"

#include <string.h>

#include "base/arena.h"
#include "base/scan.h"

/* What ends a token here, and what ends a value: "a@b=c" and "IPv6" addresses are values. */
#define TOKEN_STOPS	" \t\r\n;=().\""
#define VALUE_STOPS	" \t\r\n;(\""

static char *lower(struct arena *a, struct span s)
{
	enum { LONGEST = 256 };

	if (s.len > LONGEST)
		s.len = LONGEST;
	return str_lower(a, span_dup(a, s));
}

static bool keyword_char(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_';
}

/* --- one method and its result --- */

/* "dkim=pass", "dkim/1 = pass". False: no '=' follows the word; nothing was moved. */
static bool method(struct arena *a, struct scan *s, struct auth_result *r)
{
	struct scan try = *s;
	struct span name = scan_while(&try, keyword_char);

	part_skip(&try, NULL);
	if (name.len && scan_accept(&try, '/')) {
		part_skip(&try, NULL);
		scan_while(&try, ascii_is_alnum);
		part_skip(&try, NULL);
	}
	if (!name.len || !scan_accept(&try, '='))
		return false;
	part_skip(&try, NULL);
	r->method = lower(a, name);
	r->result = lower(a, scan_while(&try, keyword_char));
	*s = try;
	return true;
}

static void add_prop(struct arena *a, struct auth_result *r, struct auth_prop p)
{
	if (r->n_props >= LIMIT_AUTH_PROPS)
		return;
	r->props = arena_grow(a, r->props, r->n_props, &r->cap_props, sizeof(*r->props));
	r->props[r->n_props++] = p;
}

/* RFC 8601: pvalue = token, quoted string, or an address; a colon needs quotes. */
static bool strict_value(const char *v)
{
	return *v && !strpbrk(v, ":,[]<>");
}

/* "header.d=example.com", "action=none", "reason=bad". False at what is no property. */
static bool property(struct arena *a, struct scan *s, struct authres *all, struct auth_result *r)
{
	struct scan try = *s;
	struct span type = scan_while(&try, keyword_char), name = { "", 0 };
	const char *value;
	bool quoted;

	part_skip(&try, NULL);
	if (type.len && scan_accept(&try, '.')) {
		part_skip(&try, NULL);
		name = scan_while(&try, keyword_char);
		part_skip(&try, NULL);
	}
	if (!type.len || !scan_accept(&try, '='))
		return false;
	part_skip(&try, NULL);
	quoted = scan_peek(&try) == '"';
	value = part_value(a, &try, VALUE_STOPS);
	*s = try;
	if (!name.len && span_eq_nocase(type, "reason") && !*r->reason)
		r->reason = value;
	if (name.len)
		add_prop(a, r, (struct auth_prop) { lower(a, type), lower(a, name), value });
	else
		add_prop(a, r, (struct auth_prop) { "", lower(a, type), value });
	if ((!name.len && !span_eq_nocase(type, "reason")) || (!quoted && !strict_value(value)))
		all->strict = false;
	return true;
}

/* Behind a method: its comment and properties, up to the ';'. */
static void rest_of_result(struct arena *a, struct scan *s, struct authres *all,
			   struct auth_result *r)
{
	struct span words = { NULL, 0 };

	for (;;) {
		part_skip(s, &words);
		if (scan_done(s) || scan_peek(s) == ';')
			break;
		if (!property(a, s, all, r)) {
			/* Words that are no property: "smtp.mailfrom=x (client-ip=...)" is one, a
			 * sentence is not. */
			all->strict = false;
			if (scan_peek(s) == '"')
				part_value(a, s, "\"");
			else if (!scan_until(s, VALUE_STOPS).len)
				scan_take(s, 1);
		}
	}
	r->comment = words.len
			     ? span_dup(a, words.len > 400 ? (struct span){ words.p, 400 } : words)
			     : "";
}

static void add_result(struct arena *a, struct authres *all, const struct auth_result *r)
{
	if (all->n >= LIMIT_AUTH_RESULTS)
		return;
	all->v = arena_grow(a, all->v, all->n, &all->cap, sizeof(*all->v));
	all->v[all->n++] = *r;
}

/* --- the whole field --- */

/* The authserv-id and its version, before the first ';' (RFC 8601, 2.2). */
static void read_id(struct arena *a, struct scan *s, struct authres *ret)
{
	ret->id = part_value(a, s, VALUE_STOPS "=");
	part_skip(s, NULL);
	ret->version = span_dup(a, scan_while(s, ascii_is_digit));
	part_skip(s, NULL);
	if (!scan_done(s) && scan_peek(s) != ';')
		ret->strict = false;
	scan_until(s, ";");
}

/* "none" alone: nothing was tested. */
static bool is_none(struct scan *s)
{
	struct scan try = *s;

	if (!scan_accept_str(&try, "none"))
		return false;
	part_skip(&try, NULL);
	if (!scan_done(&try) && scan_peek(&try) != ';')
		return false;
	*s = try;
	return true;
}

/* ARC's has "i=1;" before all. */
static void read_instance(struct scan *s, struct authres *ret)
{
	struct scan try = *s;
	unsigned long i;

	if (!scan_accept_str(&try, "i"))
		return;
	part_skip(&try, NULL);
	if (!scan_accept(&try, '='))
		return;
	part_skip(&try, NULL);
	i = scan_number(&try, 50);
	part_skip(&try, NULL);
	if (scan_failed(&try) || !scan_accept(&try, ';'))
		return;
	ret->instance = (unsigned)i;
	*s = try;
	part_skip(s, NULL);
}

/* Behind a ';' stands a word that is no method: Microsoft's repeated domain. */
static void pass_word(struct arena *a, struct scan *s, struct authres *ret)
{
	ret->strict = false;
	if (scan_peek(s) == '"')
		part_value(a, s, "\"");
	else if (!scan_until(s, VALUE_STOPS).len && !scan_done(s) && scan_peek(s) != ';')
		scan_take(s, 1);
}

void authres_read(struct arena *a, const char *value, struct authres *ret)
{
	struct scan s = scan_span(span_of(value));
	struct auth_result first = { "", "", "", "", NULL, 0, 0 };
	struct scan try;

	*ret = (struct authres) { .id = "", .version = "", .strict = true };
	part_skip(&s, NULL);
	read_instance(&s, ret);
	try = s;
	if (method(a, &try, &first))
		ret->strict = false;	/* it begins with a method: no authserv-id */
	else
		read_id(a, &s, ret);
	while (!scan_done(&s)) {
		struct auth_result r = { "", "", "", "", NULL, 0, 0 };

		part_skip(&s, NULL);
		if (scan_accept(&s, ';') || scan_done(&s) || is_none(&s))
			continue;
		if (!method(a, &s, &r)) {
			pass_word(a, &s, ret);
			continue;
		}
		rest_of_result(a, &s, ret, &r);
		add_result(a, ret, &r);
	}
}

const struct auth_result *authres_find(const struct authres *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++)
		if (str_eq(r->v[i].method, name))
			return &r->v[i];
	return NULL;
}

const char *auth_prop(const struct auth_result *r, const char *type, const char *name)
{
	for (size_t i = 0; r && i < r->n_props; i++)
		if (str_eq(r->props[i].type, type) && str_eq(r->props[i].name, name))
			return r->props[i].value;
	return "";
}

/* --- Received-SPF --- */

void received_spf_read(struct arena *a, const char *value, struct received_spf *ret)
{
	struct scan s = scan_span(span_of(value));
	struct span words = { NULL, 0 };

	*ret = (struct received_spf) { "", "", "", "", "", "" };
	part_skip(&s, NULL);
	ret->result = lower(a, scan_while(&s, keyword_char));
	part_skip(&s, &words);
	ret->comment =
		words.len ? span_dup(a, words.len > 400 ? (struct span){ words.p, 400 } : words)
			  : "";
	while (!scan_done(&s)) {
		struct span key = scan_while(&s, keyword_char);
		const char *v;

		part_skip(&s, NULL);
		if (!key.len || !scan_accept(&s, '=')) {
			if (!key.len && !scan_done(&s))
				scan_take(&s, 1);
			continue;
		}
		part_skip(&s, NULL);
		v = part_value(a, &s, VALUE_STOPS);
		if (span_eq_nocase(key, "client-ip"))
			ret->client_ip = v;
		else if (span_eq_nocase(key, "envelope-from"))
			ret->envelope_from = v;
		else if (span_eq_nocase(key, "helo"))
			ret->helo = v;
		else if (span_eq_nocase(key, "receiver"))
			ret->receiver = v;
	}
}
