/*
 * token-got - what became of asking for a token: for people, and as smtpwhy.token/1 with "request".
 */
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/failure.h"
#include "base/secret.h"
#include "token/token.h"
#include "report/json-parts.h"
#include "report/printer.h"
#include "report/text-diagnosis.h"

/* --- data --- */

static json_t *json_findings(const struct token_got *g)
{
	json_t *list = json_array();

	for (size_t i = 0; i < g->n_findings; i++) {
		json_t *j = json_object();

		json_put_text(j, "finding", g->findings[i].finding);
		json_put_text(j, "severity", severity_name(g->findings[i].severity));
		json_put_text(j, "message", g->findings[i].message);
		json_put_word(j, "instead", g->findings[i].instead);
		json_put_text(j, "source", g->findings[i].source);
		json_push(list, j);
	}
	return list;
}

static json_t *json_refusal(const struct token_got *g)
{
	json_t *j = json_object(), *numbers = json_array();

	if (!*g->error) {
		json_decref(j);
		json_decref(numbers);
		return json_null();
	}
	for (size_t i = 0; i < g->n_numbers; i++)
		json_push(numbers, json_integer((json_int_t)g->numbers[i]));
	json_put_text(j, "error", g->error);
	json_put_word(j, "suberror", g->suberror);
	json_put(j, "error_codes", numbers);
	json_put_word(j, "description", g->description);
	json_put_word(j, "correlation_id", g->correlation);
	json_put_word(j, "trace_id", g->trace);
	json_put_word(j, "timestamp", g->timestamp);
	return j;
}

static json_t *json_failure(const struct failure *f)
{
	json_t *j;

	if (!f)
		return json_null();
	j = json_object();
	json_put_text(j, "class", failure_class_name(f->class));
	json_put_text(j, "text", f->text);
	return j;
}

static json_t *json_request(const struct token_got *g)
{
	json_t *j = json_object();
	const char *failed = g->failure ? "unasked" : "refused";

	json_put_text(j, "flow", g->flow);
	json_put_text(j, "proof", g->proof);
	json_put_text(j, "for", g->purpose);
	json_put_text(j, "service", g->service);
	json_put_word(j, "cloud", g->cloud);
	json_put_word(j, "tenant", g->tenant);
	json_put_text(j, "client_id", g->client_id);
	json_put_word(j, "user", g->user);
	json_put_text(j, "scope", g->scope);
	json_put_word(j, "granted_scope", g->granted);
	json_put(j, "findings", json_findings(g));
	json_put_text(j, "outcome", g->good ? "token" : failed);
	json_put_bool(j, "kept_before", g->kept_before);
	json_put(j, "expires_in_s",
		 g->good && g->expires_in >= 0 ? json_integer((json_int_t)g->expires_in) :
		 json_null());
	json_put_bool(j, "has_refresh_token", g->has_refresh);
	json_put_word(j, "kept_as", g->name);
	json_put(j, "http_status", g->status ? json_integer(g->status) : json_null());
	json_put(j, "refusal", json_refusal(g));
	json_put(j, "failure", json_failure(g->failure));
	return j;
}

json_t *json_of_token_got(struct arena *a, const void *of)
{
	const struct token_got *g = of;
	struct inspection none = {
		.know = g->know, .user = "", .host = "", .provider = "", .wanted_user = g->user,
		.tenant = g->tenant, .verdict = INSPECTION_UNJUDGED,
		.diagnosis = g->diagnosis, .n_diagnosis = g->n_diagnosis, .notes = g->notes,
	};
	json_t *j = json_of_inspection(a, g->inspection ? g->inspection : &none);

	json_put(j, "request", json_request(g));
	if (g->shown)
		json_put_text(j, "token", secret_bytes(g->shown));
	return j;
}

/* --- text --- */

static void row(struct out *o, const char *name, const char *text)
{
	out_to(o, 1);
	out_put(o, name);
	out_to(o, 20);
	out_wrapped(o, 20, text);
}

static const char *flow_words(const struct token_got *g)
{
	static const struct { const char *word, *text; } table[] = {
		{ "device", "a code that was entered in a browser" },
		{ "browser", "a sign-in in the browser" }, { "refresh", "the refresh token" },
	}, proofs[] = {
		{ "certificate", "the application's certificate" },
		{ "service-account", "the service account's key" },
		{ "assertion", "another service's token (federated credential)" },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (str_eq(table[i].word, g->flow))
			return table[i].text;
	for (size_t i = 0; i < ARRAY_LEN(proofs); i++)
		if (str_eq(proofs[i].word, g->proof))
			return proofs[i].text;
	return "the application's secret";
}

static const char *life_words(struct out *o, const struct token_got *g)
{
	const char *again = g->has_refresh ? "; a refresh token came with it, so that nobody has "
			    "to sign in next time" : "";

	if (g->expires_in < 0)
		return arena_printf(o->arena, "not said%s", again);
	if (g->expires_in == 0)
		return arena_printf(o->arena, "it has ended%s", again);
	return arena_printf(o->arena, "%s (in %s)%s",
			    clock_utc(o->arena, clock_wall() + (time_t)g->expires_in),
			    token_span_words(o->arena, g->expires_in), again);
}

/*
 * Is something of one list not in the other? The words of OpenID Connect are granted
 * without being told.
 */
static bool lacks(struct arena *a, const char *of, const char *in)
{
	static const char *const common[] = { "openid", "profile", "email", "offline_access" };
	struct strv wanted = { NULL, 0, 0 }, there = { NULL, 0, 0 };

	strv_split(&wanted, a, of, ' ');
	strv_split(&there, a, in, ' ');
	for (size_t i = 0; i < ARRAY_LEN(common); i++)
		strv_add(&there, a, common[i]);
	for (size_t i = 0; i < wanted.n; i++)
		if (!strv_has_nocase(&there, wanted.v[i]))
			return true;
	return false;
}

static void put_request(struct out *o, const struct token_got *g)
{
	row(o, "from", *g->tenant ? arena_printf(o->arena, "%s, tenant %s", g->service, g->tenant) :
		       g->service);
	row(o, "application", g->client_id);
	row(o, "scope", g->scope);
	if (*g->granted &&
	    (lacks(o->arena, g->scope, g->granted) || lacks(o->arena, g->granted, g->scope)))
		row(o, "granted", g->granted);
}

static void put_good(struct out *o, const struct token_got *g)
{
	out_ink(o, INK_GOOD);
	out_put(o, g->kept_before ? "There is a token, kept from before" : "Got a token");
	out_ink(o, INK_NONE);
	out_line(o);
	put_request(o, g);
	if (!g->kept_before)
		row(o, "by", flow_words(g));
	row(o, "good until", life_words(o, g));
	if (*g->name)
		row(o, "kept as",
		    arena_printf(o->arena, "%s, in %s: readable by you alone, not encrypted",
				 g->name, g->folder));
	out_line(o);
}

/* The service's own words, to look them up or to ask its support. */
static void put_said(struct out *o, const struct token_got *g)
{
	struct strv ids = { NULL, 0, 0 };

	if (!*g->error)
		return;
	out_line(o);
	text_block(o, "Said");
	out_wrapped(o, TEXT_LEFT,
		    arena_printf(o->arena, "%s%s%s%s%s%s%s", g->error, *g->suberror ? ", " : "",
				 g->suberror,
				 g->status ? arena_printf(o->arena, " (HTTP %d)", g->status) : "",
				 *g->description ? ": \"" : "", g->description,
				 *g->description ? "\"" : ""));
	if (*g->correlation)
		strv_addf(&ids, o->arena, "correlation id %s", g->correlation);
	if (*g->trace)
		strv_addf(&ids, o->arena, "trace id %s", g->trace);
	if (!*g->correlation && !*g->trace && *g->request_id)
		strv_addf(&ids, o->arena, "request id %s", g->request_id);
	if (*g->timestamp)
		strv_addf(&ids, o->arena, "at %s", g->timestamp);
	if (ids.n) {
		text_block(o, "Quote");
		out_wrapped(o, TEXT_LEFT,
			    arena_printf(o->arena, "%s: the sign-in log and Microsoft's support "
					 "find the request by them.",
					 strv_join(&ids, o->arena, ", ")));
	}
}

static const char *advice_of(const struct failure *f)
{
	switch (f->class) {
	case FAILURE_DNS:
		return "Nothing is said about the application: its name could not even be looked "
		       "up from here. Is the machine allowed to ask, and is the address right?";
	case FAILURE_NET:
	case FAILURE_TIMEOUT:
		return "Nothing is said about the application: nobody was reached, or the "
		       "connection broke. Many servers may send mail and reach nothing else: allow "
		       "HTTPS (TCP 443) to it, or name the proxy with --proxy.";
	case FAILURE_TLS:
		return "Nothing was sent. Where a firewall inspects HTTPS, give its root "
		       "certificate with --ca-file.";
	case FAILURE_PROTOCOL:
		return "What came is no answer of a token service. Compare the address with the "
		       "service's documentation, and try from another network.";
	case FAILURE_LOCAL:
	case FAILURE_CANCELLED:
	case FAILURE_LACKS:
	case FAILURE_REFUSED:
		break;
	}
	return "";
}

static void put_bad(struct out *o, const struct token_got *g)
{
	struct advice advice = { .know = g->know, .of = "" };
	struct parts p = parts_new(o->arena);

	out_ink(o, INK_BAD);
	out_put(o, g->failure ? "No token: the service could not be asked" :
		   "No token: the request was refused");
	out_ink(o, INK_NONE);
	out_line(o);
	put_request(o, g);
	row(o, "by", flow_words(g));
	if (g->failure) {
		out_line(o);
		text_block(o, "Unknown");
		out_wrapped(o, TEXT_LEFT, arena_printf(o->arena, "%s.", g->failure->text));
		if (*advice_of(g->failure)) {
			out_to(o, TEXT_LEFT);
			out_wrapped(o, TEXT_LEFT, advice_of(g->failure));
		}
	}
	p.all = true;
	text_diagnosis(o, &p, g->diagnosis, g->n_diagnosis, &advice);
	parts_put(o, &p);
	put_said(o, g);
}

static void put_notes(struct out *o, const struct token_got *g)
{
	struct strv all = { NULL, 0, 0 };

	for (size_t i = 0; i < g->n_findings; i++)
		strv_addf(&all, o->arena, "%s: %s. Instead: %s", g->findings[i].finding,
			  g->findings[i].message, g->findings[i].instead);
	for (size_t i = 0; i < g->notes.n; i++)
		strv_add(&all, o->arena, g->notes.v[i]);
	for (size_t i = 0; i < all.n; i++) {
		if (i == 0) {
			out_line(o);
			text_block(o, "Note");
		}
		out_list(o, TEXT_LEFT, "- ", all.v[i]);
	}
}

void text_of_token_got(struct out *o, const void *of)
{
	const struct token_got *g = of;

	if (g->good)
		put_good(o, g);
	else
		put_bad(o, g);
	if (g->inspection)
		text_of_inspection(o, g->inspection);
	put_notes(o, g);
	if (*g->next) {
		out_line(o);
		text_block(o, "Then");
		out_ink(o, INK_COMMAND);
		out_put(o, g->next);
		out_ink(o, INK_NONE);
		out_line(o);
	}
}
