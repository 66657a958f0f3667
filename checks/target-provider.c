/*
 * target-provider - whose server is it, and by which way of sending is it used?
 *
 *	the host's name (given, or found by MX) in data/providers.tsv;
 *		--provider and --path outrank it
 *
 * No network. What the server says of itself is compared in smtp-greeting.c.
 */
#include "check/check.h"
#include "know/know.h"

static const char *words_of_path(struct arena *a, const char *path)
{
	char *words = arena_strdup(a, path);

	for (char *c = words; *c; c++)
		if (*c == '-')
			*c = ' ';
	return words;
}

static enum status run(struct probe *p)
{
	const struct ask *ask = probe_ask(p);
	const struct provider *prov = NULL;
	const char *host = *ask->host ? ask->host : probe_get(p, "target.host");
	const char *path, *route = ask->route ? ask->route : "";

	probe_fact(p, "target.kind", "%s", target_kind_name(ask->kind));
	if (*ask->domain)
		probe_fact(p, "target.domain", "%s", ask->domain);
	if (*host && !probe_has(p, "target.host"))
		probe_fact(p, "target.host", "%s", host);
	if (*host)
		probe_fact(p, "target.host-from", "%s", host_from_name(probe_host_from(p)));
	if (*route)
		probe_fact(p, "target.route", "%s", route);
	if (*route && !*host)
		return probe_unknown(p, "provider.no-submission-host", "%s", route);
	if (ask->know && *ask->provider) {
		prov = know_provider(ask->know, ask->provider, *ask->path ? ask->path : NULL);
		if (!prov)
			prov = know_provider(ask->know, ask->provider, NULL);
		if (!prov)
			return probe_unknown(p, "provider.not-known", "no provider is called '%s'",
					     ask->provider);
	} else if (ask->know && *host) {
		prov = know_provider_of_host(ask->know, host);
	}
	path = ask->path;
	if (!*path && prov)
		path = prov->path;
	if (*path)
		probe_fact(p, "target.path", "%s", path);
	if (!prov)
		return probe_pass(p, "%s", *route ? route : "no provider known by this name");
	probe_fact(p, "target.provider", "%s", prov->id);
	probe_fact(p, "target.provider-name", "%s", prov->name);
	return probe_pass(p, "%s%s%s%s%s", prov->name, *path ? ", " : "",
			  words_of_path(probe_arena(p), path), *route ? "; " : "", route);
}

const struct check check_target_provider = {
	.id		= "target.provider",
	.title		= "The provider and the way of sending are known",
	.label		= "provider",
	.stage		= STAGE_DNS,
	.gives		= FACTS("target.host", "target.provider"),
	.after		= CHECKS("dns.mx"),
	.part		= CHECK_REMARK,
	.run		= run,
};
