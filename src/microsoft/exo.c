#include "microsoft/exo.h"

#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "net/http.h"

char *exo_body(struct arena *a, const char *cmdlet, const struct exo_parameter *parameters)
{
	_cleanup_(json_decrefp) json_t *body = json_object();
	json_t *input = json_object(), *list = json_object();
	char *text, *copy;

	for (const struct exo_parameter *p = parameters; p && p->name; p++)
		json_put(list, p->name, json_safe(p->value));
	json_put(input, "CmdletName", json_safe(cmdlet));
	json_put(input, "Parameters", list);
	json_put(body, "CmdletInput", input);
	text = json_dumps(body, JSON_COMPACT);
	copy = arena_strdup(a, text ? text : "{}");
	free(text);
	return copy;
}

void exo_invoke(struct net *n, struct arena *a, const struct exo *x, const char *cmdlet,
		const struct exo_parameter *parameters, struct service_answer *ret)
{
	struct service_request r = {
		.path = arena_printf(a, "/adminapi/beta/%s/InvokeCommand",
				     http_encode(a, x->tenant)),
		.body = exo_body(a, cmdlet, parameters), .pages = 4,
	};

	assert(str_has_prefix(cmdlet, "Get-") || str_has_prefix(cmdlet, "Test-"));
	/* To which server of the organisation it goes: the mailbox that every organisation has. */
	strv_addf(&r.headers, a,
		  "X-AnchorMailbox: APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@%s",
		  http_encode(a, x->tenant));
	strv_add(&r.headers, a, "Prefer: odata.maxpagesize=1000");
	service_ask(n, a, &x->service, &r, ret);
}
