/*
 * cloud - whose turn it is, and what all of them ask of a bearer token.
 */
#include "lab/cloud/cloud.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "lab/cloud/jwt.h"

void cloud_answer(struct cloud_call *c)
{
	static const struct { enum service_role role;
			      void (*answer)(struct cloud_call *c); } roles[] = {
		{ ROLE_ENTRA, entra_answer }, { ROLE_GOOGLE, google_answer },
		{ ROLE_GRAPH, graph_answer }, { ROLE_EXO, exo_answer },
	};

	for (size_t i = 0; i < ARRAY_LEN(roles) && c->reply->status == 0; i++)
		if (c->server->roles & roles[i].role)
			roles[i].answer(c);
}

json_t *cloud_bearer(struct cloud_call *c, const char **ret_why)
{
	const char *field = web_field(c->request, "authorization");
	json_t *claims;

	*ret_why = "missing";
	if (!str_has_prefix_nocase(field, "Bearer "))
		return NULL;
	*ret_why = "foreign";
	claims = token_store_verify(c->tokens, c->arena, field + 7);
	if (!claims || jwt_number(claims, "exp", 0) > (long long)clock_wall())
		return claims;
	*ret_why = "expired";
	json_decref(claims);
	return NULL;
}

/* "SMTP.Send" in "IMAP.AccessAsUser.All SMTP.Send" */
static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = strstr(list, word); at; at = strstr(at + 1, word))
		if ((at == list || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
			return true;
	return false;
}

bool cloud_permits(const json_t *claims, const char *permission)
{
	const json_t *roles = json_object_get(claims, "roles"), *role;
	size_t i;

	json_array_foreach(roles, i, role)
		if (str_eq(json_string_value(role), permission))
			return true;
	return has_word(jwt_text(claims, "scp"), permission);
}

const char *cloud_path(const struct cloud_call *c, const char *prefix)
{
	return str_has_prefix_nocase(c->request->path, prefix) ? c->request->path + strlen(prefix) :
	       NULL;
}

enum tenant_cloud cloud_of_host(const char *host)
{
	if (str_has_suffix_nocase(host, ".us"))
		return CLOUD_USGOV;
	return str_has_suffix_nocase(host, ".cn") ? CLOUD_CHINA : CLOUD_WORLDWIDE;
}
