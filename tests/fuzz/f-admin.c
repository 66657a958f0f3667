/*
 * f-admin - any bytes as a paste with an administrator's report, and as each of the answers in one:
 * bounded, and every fact set once.
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "admin/admin.h"
#include "judge/facts.h"
#include "tests/fuzz/fuzz.h"

static void hold(const struct facts *f)
{
	size_t n = 0;

	for (const struct fact *one = facts_match(f, "*", NULL); one;
	     one = facts_match(f, "*", one)) {
		assert(strlen(one->string) <= LIMIT_FACT);
		n++;
	}
	assert(n < 200000);
}

static void judged(struct arena *a, struct facts *f)
{
	const struct admin_case c = {
		.user = "scan@contoso.com", .from = "boss@contoso.com", .ip = "203.0.113.7",
		.appid = "11111111-2222-3333-4444-abcdefabcdef",
		.oid = "99999999-2222-3333-4444-abcdefabcdef", .at = 1900000000,
	};
	struct strv words;

	admin_join(a, f, &c, ADMIN_ALL);
	hold(f);
	words = admin_words(a, f);
	assert(words.n < 64);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const answers[] = {
		"Get-CASMailbox", "Get-EXOMailbox", "Get-ServicePrincipal", "Get-InboundConnector",
		"Get-MailboxPermission", "signIns", "policies", "user",
	};
	struct arena *a = arena_new();
	struct span text = admin_plain(a, (struct span) { (const char *)data, size });
	struct facts *f = facts_new(a);
	struct admin_report report;
	struct admin_found found;

	if (admin_find(a, text, &found)) {
		assert(found.rest.len <= text.len + 1);
		assert(strlen(found.json) == found.len);
		if (!admin_read(a, found.json, found.len, f, &report))
			judged(a, f);
	}
	f = facts_new(a);
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		admin_take(a, f, answers[i], (const char *)data, size);
	judged(a, f);
	arena_free(a);
	return 0;
}
