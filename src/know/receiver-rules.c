/*
 * receiver-rules.tsv: what large receivers demand of those who send to them.
 */
#include "know/tables.h"

#define AT(member) .at = offsetof(struct receiver_rule, member)

static const char *const senders[] = { "everybody", "bulk", NULL };
/* Those that the check dns.bulk and the sandbox judge (some the sandbox alone); "none" = it cannot
 * be seen from outside. */
static const char *const needs[] = { "spf", "dkim", "spf-or-dkim", "dkim-1024", "dmarc", "ptr",
				     "aligned", "tls", "unsubscribe", "none", NULL };

static const struct column columns[] = {
	{ "id", cell_text, AT(id), MUST | KEY },
	{ "receiver", cell_text, AT(receiver), MUST },
	{ "who", cell_word, AT(who), MUST, .words = senders },
	{ "needs", cell_word, AT(needs), MUST, .words = needs },
	{ "words", cell_text, AT(words), MUST },
	{ "since", cell_text, AT(since), MUST },
	{ "reply", cell_text, AT(reply) },
	{ "fix", cell_text, AT(fix), MUST },
	{ "source", cell_text, AT(source), MUST },
	{ "confidence", cell_confidence, AT(confidence), MUST },
};

const struct table_kind receiver_rule_table = {
	"receiver-rules.tsv", "rule of a receiver", columns, ARRAY_LEN(columns),
	sizeof(struct receiver_rule), NULL,
};

const struct receiver_rule *know_receiver_rule_at(const struct know *k, size_t i)
{
	return table_row(k, TABLE_RECEIVER_RULES, i);
}
