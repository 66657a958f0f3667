/*
 * f-token - any bytes as a token, as the claims of one, and as a login string: bounded, and never a
 * byte of it in what is said of it.
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "know/know.h"
#include "token/token.h"
#include "tests/fuzz/fuzz.h"

static void holds(const struct token *t)
{
	assert(*token_kind_name(t->kind));
	assert(t->n_claims <= LIMIT_CLAIMS);
	assert(t->readable || !t->n_claims || *t->damage);
	assert(t->kind != TOKEN_UNKNOWN || *t->damage);
	for (size_t i = 0; i < t->n_claims; i++)
		assert(strlen(t->claims[i].text) <= LIMIT_CLAIM + 4);
	assert(strlen(t->damage) < 300 && strlen(t->signature) < 300 && strlen(t->form) < 100);
}

/* The tables, read once. */
static const struct know *tables(void)
{
	static const struct know *know;
	static struct arena *forever;
	const char *error;

	if (!know) {
		forever = arena_new();
		know = know_new(forever, NULL, &error);
		assert(know);
	}
	return know;
}

static void judged(struct arena *a, const struct token *t)
{
	const struct token_wanted w = {
		.know = tables(),
		.host = "smtp.office365.com", .provider = "m365", .path = "client-submission",
		.user = "scan@contoso.com", .tenant = "", .now = 1900000000,
	};
	struct token_faults f;

	token_judge(a, t, &w, &f);
	for (enum token_fault i = 0; i < TOKEN_FAULTS; i++)
		assert(!f.why[i] || *f.why[i]);
	assert(t->kind != TOKEN_UNKNOWN || f.why[FAULT_DAMAGED]);
	assert(*token_words(a, t, w.now) || !*t->form);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct initial_response l;
	struct token t, c = { .form = "", .damage = "", .signature = "" };

	token_read(a, (const char *)data, size, &t);
	holds(&t);
	judged(a, &t);
	if (!token_claims_read(a, (const char *)data, size, &c)) {
		holds(&c);
		judged(a, &c);
	}
	login_string_read(a, (const char *)data, size, &l);
	assert(strlen(l.user) <= 320);
	holds(&l.token);
	arena_free(a);
	return 0;
}
