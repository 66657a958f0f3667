/*
 * sender - whose mail it would be, and where it would come from.
 */
#include "talk/talk.h"

#include "base/str.h"

const char *talk_sending_address(struct probe *p)
{
	const struct ask *ask = probe_ask(p);
	const struct fact *seen;

	if (*ask->sender_ip)
		return ask->sender_ip;
	if (*ask->user || ask->submission)
		return "";
	seen = facts_match(probe_facts(p), "smtp.*.egress", NULL);
	return seen ? seen->string : "";
}

const char *talk_sender_domain(const struct ask *ask)
{
	const char *domain = str_domain(ask->from);

	return *domain ? domain : ask->domain;
}
