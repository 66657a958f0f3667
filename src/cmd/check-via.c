/*
 * check-via - not by SMTP: the ask is turned to Microsoft Graph, in the cloud that was named, or
 * that the token is for.
 */
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "cmd/check-options.h"
#include "cmd/cmd.h"
#include "know/know.h"
#include "token/token.h"

static const char *graph_host(const struct cloud *c)
{
	return str_has_prefix(c->graph, "https://") ? c->graph + strlen("https://") : "";
}

static int via_cloud(const struct know *know, const char *command, struct arena *a, const char *id,
		     const struct cloud **ret)
{
	const struct cloud *c = know_cloud(know, id ? id : "worldwide");
	struct strv ids = { NULL, 0, 0 };

	if (c && *graph_host(c)) {
		*ret = c;
		return OPT_GO;
	}
	for (size_t i = 0; (c = know_cloud_at(know, i)); i++)
		if (*graph_host(c))
			strv_add(&ids, a, c->id);
	return opt_wrong(command, "--cloud: '%s' is no cloud with Microsoft Graph; it is one of %s",
			 str_escaped(a, id, strlen(id)), strv_join(&ids, a, " "));
}

static void set_host(struct ask *ask, struct arena *a, const char *host)
{
	static const char *const only[] = { "target.provider", "tenant.discovery", "token.claims",
					    "graph.send" };

	ask->via = "graph";
	ask->kind = TARGET_HOST;
	if (!str_eq(ask->host, host))
		ask->host_from = HOST_FROM_PROVIDER;
	ask->host = arena_strdup(a, host);
	ask->ports = arena_alloc(a, sizeof(*ask->ports));
	*ask->ports = (struct ask_port) { 443, true };
	ask->n_ports = 1;
	ask->port_given = true;
	if (ask->only.n)
		return;
	for (size_t i = 0; i < ARRAY_LEN(only); i++)
		strv_add(&ask->only, a, only[i]);
}

int via_graph(struct ask *ask, struct arena *a, const char *command, const char *cloud)
{
	const struct provider *p = ask->kind == TARGET_HOST ?
				   know_provider_of_host(ask->know, ask->host) : NULL;
	bool is_graph = p && str_eq(p->path, "graph"), wanted = str_eq(ask->via, "graph");
	const struct cloud *c = NULL;
	int status = via_cloud(ask->know, command, a, cloud, &c);

	ask->via = "";
	if (status != OPT_GO || (!wanted && !is_graph))
		return status;
	if (!is_graph && ask->kind != TARGET_ADDRESS)
		return opt_wrong(command, "--via graph asks Microsoft Graph, not '%s': give the "
				 "mailbox as target, or --user MAILBOX and no target",
				 str_escaped(a, ask->input, strlen(ask->input)));
	if (ask->kind == TARGET_ADDRESS && !*ask->user)
		ask->user = ask->address;
	set_host(ask, a, is_graph && !cloud ? ask->host : graph_host(c));
	return OPT_GO;
}

void via_token(struct ask *ask, struct arena *a)
{
	const struct cloud *c;
	struct token t;

	if (!ask->token)
		return;
	token_read(a, secret_bytes(ask->token), secret_len(ask->token), &t);
	c = token_cloud(ask->know, &t);
	if (c && *graph_host(c))
		ask->host = arena_strdup(a, graph_host(c));
}
