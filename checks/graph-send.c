/*
 * graph-send - could this token and this mailbox send by Microsoft Graph? With --data:
 * one message, sent.
 *
 *	GET users/MAILBOX; GET mailboxSettings or the inbox where the token may;
 *		POST sendMail with --data
 *
 * https://learn.microsoft.com/graph/api/user-sendmail. What the token itself says is judged in
 * token-claims.c. Dry, three things can be proven: that Graph takes the token, that there is such
 * an account, that its mailbox may be used. That it may send is what the token says.
 */
#include <string.h>

#include "base/secret.h"
#include "check/check.h"
#include "token/token.h"
#include "microsoft/graph-send.h"
#include "proto/letter.h"
#include "talk/talk.h"

struct graph {
	struct probe		*probe;
	struct graph_door	 door;
	const char		*whose;		/* for a sentence */
	struct token		 token;
	struct graph_answer	 answer;
};

static bool wanted(const struct ask *ask)
{
	return str_eq(ask->via, "graph");
}

static const char *escaped(struct probe *p, const char *s)
{
	return str_escaped(probe_arena(p), s, strlen(s));
}

/* "ErrorAccessDenied: Access is denied." */
static const char *words_of(struct graph *g)
{
	const struct graph_answer *r = &g->answer;

	return arena_printf(probe_arena(g->probe), "%s%s%s", r->code, *r->code ? ": " : "",
			    r->message);
}

/*
 * The answer as a reply, so that the table of error codes can know it. What a server of mail says
 * with the same number from 500 on is something else, and is not to be taken for it.
 */
static void tell_reply(struct graph *g, enum stage stage)
{
	struct arena *a = probe_arena(g->probe);
	struct reply *reply = arena_alloc(a, sizeof(*reply));
	char *line = arena_printf(a, "%d %s", g->answer.status, words_of(g));

	if (g->answer.status >= 500)
		return;
	for (char *c = line; *c; c++)
		if (*c == '\r' || *c == '\n')
			*c = ' ';
	reply->text = arena_alloc(a, 2 * sizeof(*reply->text));
	reply->text[0] = line;
	reply->lines = 1;
	reply->stage = stage;
	reply->code = g->answer.status;
	reply->enhanced = "";
	probe_reply(g->probe, reply);
}

static void leave_facts(struct graph *g, const char *what)
{
	const struct graph_answer *r = &g->answer;
	struct arena *a = probe_arena(g->probe);

	probe_fact_number(g->probe, arena_printf(a, "graph.%s.status", what), r->status);
	if (*r->code)
		probe_fact(g->probe, arena_printf(a, "graph.%s.code", what), "%s", r->code);
	if (*r->request_id)
		probe_fact(g->probe, arena_printf(a, "graph.%s.request-id", what), "%s",
			   r->request_id);
	if (r->retry_after_s >= 0)
		probe_fact_number(g->probe, arena_printf(a, "graph.%s.retry-after-s", what),
				  r->retry_after_s);
}

/* The answer was no: which kind of no. */
static enum status refused(struct graph *g, enum stage stage)
{
	const struct graph_answer *r = &g->answer;
	struct probe *p = g->probe;
	const char *words = escaped(p, words_of(g));

	if (r->failure)
		return probe_fail_step(p, "graph.unreachable", r->failure);
	tell_reply(g, r->status == 401 ? STAGE_AUTH : stage);
	if (r->status == 401)
		return probe_fail(p, "graph.token-refused",
				  "Graph does not take the token: %s", words);
	if (r->status == 403)
		return probe_fail(p, "graph.denied", "%s: %s", g->whose, words);
	if (r->status == 404)
		return probe_fail(p, "graph.no-mailbox", "%s: %s", g->whose, words);
	if (r->status == 429 || r->status == 503)
		return r->retry_after_s > 0 ?
		       probe_fail(p, "graph.throttled", "%d %s; ask again in %lld seconds",
				  r->status, words, (long long)r->retry_after_s) :
		       probe_fail(p, "graph.throttled", "%d %s", r->status, words);
	return probe_fail(p, "graph.refused", "%d %s", r->status, words);
}

/* --- dry --- */

static bool permits(struct graph *g, const char *glob)
{
	struct arena *a = probe_arena(g->probe);
	const char *all = arena_printf(a, "%s %s", token_claim(&g->token, "scp"),
				       token_claim(&g->token, "roles"));
	struct strv words = { NULL, 0, 0 };

	strv_split(&words, a, all, ' ');
	for (size_t i = 0; i < words.n; i++)
		if (str_glob(glob, words.v[i]))
			return true;
	return false;
}

/*
 * Asks the mailbox itself, where the token may; *ret_used = it was, and it answered.
 * False: it refused.
 */
_waits_ static bool try_mailbox(struct graph *g, bool *ret_used)
{
	struct net *n = probe_net(g->probe);
	struct arena *a = probe_arena(g->probe);
	bool settings = permits(g, "MailboxSettings.Read*");

	*ret_used = settings || permits(g, "Mail.Read*");
	if (!*ret_used)
		return true;
	if (settings)
		graph_mailbox_settings(n, a, &g->door, &g->answer);
	else
		graph_inbox(n, a, &g->door, &g->answer);
	leave_facts(g, "mailbox");
	return g->answer.good;
}

_waits_ static enum status dry(struct graph *g)
{
	struct probe *p = g->probe;
	bool may_read, used = false;
	const char *mail, *proven;

	may_read = graph_account(probe_net(p), probe_arena(p), &g->door, &g->answer);
	leave_facts(g, "account");
	mail = g->answer.mail;
	/*
	 * That the token may not read accounts is no reason why it could not send: who may not come
	 * in at all gets 401.
	 */
	if (!may_read && g->answer.status != 403)
		return refused(g, STAGE_UNKNOWN);
	if (may_read)
		probe_fact(p, "graph.mail", "%s", mail);
	if (!try_mailbox(g, &used))
		return refused(g, STAGE_UNKNOWN);
	proven = may_read ? "account" : "token";
	probe_fact(p, "graph.proven", "%s", used ? "mailbox" : proven);
	if (used)
		return probe_pass(p, "Graph takes the token, and the mailbox of %s can be used "
				  "with it%s; nothing was sent", g->whose,
				  permits(g, "Mail.Send*") ? "" :
				  ", not to send by what the token says");
	if (may_read && !*mail)
		return probe_warn(p, "graph.no-address", "Graph takes the token; the account of %s "
				  "has no mail address, so maybe no mailbox", g->whose);
	if (may_read)
		return probe_pass(p, "Graph takes the token; %s is an account with the address %s; "
				  "whether its mailbox may be used shows when a message is sent",
				  g->whose, escaped(p, mail));
	return probe_pass(p, "Graph takes the token; it may not read accounts, so whether %s has a "
			  "mailbox shows when a message is sent", g->whose);
}

/* --- one message --- */

_waits_ static enum status send_one(struct graph *g)
{
	struct probe *p = g->probe;
	const struct ask *ask = probe_ask(p);
	const char *from = str_eq_nocase(ask->from, ask->user) ? "" : ask->from;
	struct graph_message m = {
		.from = from, .to = ask->to,
		.subject = ask->subject && *ask->subject ? ask->subject : "Test message of smtpwhy",
		.text = arena_printf(probe_arena(p), "This is a test, made with smtpwhy. It is to "
				     "show whether mail can be sent from\n    %s\nto\n    %s\n"
				     "by Microsoft Graph.\n\nIt can: you are reading it. There is "
				     "nothing to do, and nobody is told that you opened it. It may "
				     "be deleted.\n%s%s", *from ? from : g->whose, ask->to,
				     ask->letter ? "\nMark: " : "",
				     ask->letter ? ask->letter->mark : ""),
	};

	if (graph_send(probe_net(p), probe_arena(p), &g->door, &m, &g->answer)) {
		leave_facts(g, "send");
		probe_fact_bool(p, "graph.accepted", true);
		return probe_pass(p, "202: Graph has taken the message to %s; that is not "
				  "delivered yet", ask->to);
	}
	leave_facts(g, "send");
	/* Nothing was heard after it was sent: it may have gone out all the same. */
	probe_fact_bool(p, "graph.accepted", false);
	if (g->answer.failure && g->answer.failure->class == FAILURE_TIMEOUT)
		return probe_unknown(p, "graph.unanswered", "%s; whether the message was taken is "
				     "not known: look into Sent Items", g->answer.failure->text);
	return refused(g, STAGE_DATA);
}

static enum status run(struct probe *p)
{
	const struct ask *ask = probe_ask(p);
	struct graph g = {
		.probe = p, .whose = *ask->user ? ask->user : "who signed in",
		.door = { .base = arena_printf(probe_arena(p), "https://%s", probe_host(p)),
			  .token = ask->token, .mailbox = ask->user },
	};

	if (!ask->token)
		return probe_skip(p, "a token for Microsoft Graph is needed: --token-file or "
				  "--token-command");
	token_read(probe_arena(p), secret_bytes(ask->token), secret_len(ask->token), &g.token);
	if (*g.token.damage || g.token.kind == TOKEN_REFRESH)
		return probe_skip(p, "what was given is no access token, so Graph was not asked");
	if (!*ask->user && g.token.app_only)
		return probe_skip(p,
				  "an application's token tells no mailbox: give --user MAILBOX");
	/* Who signed in asks for themselves: that needs less. */
	if (*token_user(&g.token) && str_eq_nocase(token_user(&g.token), ask->user))
		g.door.mailbox = "";
	return ask->data && *ask->to ? send_one(&g) : dry(&g);
}

const struct check check_graph_send = {
	.id		= "graph.send",
	.title		= "The mailbox can send by Microsoft Graph",
	.label		= "Graph",
	.stage		= STAGE_AUTH,
	.needs		= FACTS("target.host"),
	.after		= CHECKS("target.provider", "token.claims", "tenant.discovery"),
	.optional	= true,
	.wanted		= wanted,
	.part		= CHECK_MAIN,
	.run		= run,
};
