/*
 * concepts.tsv: every wording is heard inside a sentence, and not inside another word; what a
 * negation does; sentences as they are compared; hostile texts.
 */
#include "tests/unit/tap.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "know/letters.h"
#include "know/lexicon.h"
#include "know/tables.h"

enum { ID, KIND, LANGUAGE, WORDINGS };

static struct know *know;

static bool hears(struct arena *a, const char *text, const char *concept)
{
	struct heard_concepts h;

	lexicon_hear(know, a, span_of(text), &h);
	for (size_t i = 0; i < h.n; i++) {
		if (str_eq(lexicon_name(know, h.v[i].concept), concept))
			return true;
	}
	return false;
}

/* "mailbox|full|not-valid": what is heard, in order, each once. */
static const char *heard(struct arena *a, const char *text)
{
	struct heard_concepts h;
	struct strv names = { 0 };

	lexicon_hear(know, a, span_of(text), &h);
	for (size_t i = 0; i < h.n; i++) {
		if (!strv_has(&names, lexicon_name(know, h.v[i].concept)))
			strv_add(&names, a, lexicon_name(know, h.v[i].concept));
	}
	return strv_join(&names, a, "|");
}

/* --- sentences --- */

static void sentences(struct arena *a)
{
	static const struct { const char *text, *plain; } cases[] = {
		{ "Mailbox  FULL", "mailbox full" },
		{ "MailboxFull, rate_limit/RateLimit", "mailbox full rate limit rate limit" },
		{ "Boîte pleine. Réessayez!", "boite pleine\nreessayez\n" },
		{ "Größe, übervoll; ŁÓDŹ", "grosse ubervoll\nlodz" },
		{ "e\xcc\x81te\xcc\x81", "ete" },
		{ "ПЕРЕПОЛНЕН Ёмкость", "переполнен емкость" },
		{ "ＤＭＡＲＣ：失敗。次", "dmarc 失敗\n次" },
		{ "<jo@contoso.com>... User unknown", "\2 user unknown" },
		{ "smtp:jo@contoso.com: no", "smtp \2 no" },
		{ "host mx.contoso.com[192.0.2.25]:25 said no.", "host \4 \1 25 said no\n" },
		{ "see https://contoso.com/spam?x=1 (2001:db8::25)", "see \3 \1" },
		{ "rejected.Please try contoso.com/why now", "rejected please try \3 now" },
		{ "a\x01" "b\x02", "a b" },
		{ "caf\xe9 d\xe9pass\xe9", "cafe depasse" },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_str(letters_plain(a, span_of(cases[i].text)), cases[i].plain, cases[i].text);
}

/* --- wordings --- */

/* In one sentence with the wording before, behind and between other words. */
static const char *spoken(struct arena *a, const char *wording)
{
	static const struct { const char *name, *such; } names[] = {
		{ "{ip}", "192.0.2.25" }, { "{address}", "jo@contoso.com" },
		{ "{page}", "https://contoso.com/x" }, { "{host}", "mx.contoso.com" },
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (str_eq(wording, names[i].name))
			return names[i].such;
	}
	return arena_strdup(a, wording);
}

/* The same, and all of the wording at that: "recipient" is heard in "recipientzz s" as well. */
static bool hears_all(struct arena *a, const char *text, const char *concept, size_t len)
{
	struct heard_concepts h;

	lexicon_hear(know, a, span_of(text), &h);
	for (size_t i = 0; i < h.n; i++) {
		if (str_eq(lexicon_name(know, h.v[i].concept), concept) &&
		    (size_t)(h.v[i].to - h.v[i].from) == len)
			return true;
	}
	return false;
}

/* "zł*" was heard in every name that begins so. Scripts without blanks have no such ends. */
static bool is_too_short(struct arena *a, const char *w)
{
	enum { STEM_LEAST = 4 };
	const char *plain = letters_plain(a, span_of(w));

	return letters_word_at(plain) && strlen(plain) < STEM_LEAST;
}

/* A letter more at an end where the word may not go on. ja and zh have no such ends. */
static bool misheard(struct arena *a, const char *id, const char *w, bool left, bool right)
{
	const char *plain = letters_plain(a, span_of(w));
	size_t n = strlen(plain);

	if (!left && letters_word_at(plain) &&
	    hears_all(a, arena_printf(a, "qq zz%s qq", plain), id, n))
		return true;
	return !right && letters_word_before(plain, plain + n) &&
	       hears_all(a, arena_printf(a, "qq %szz qq", plain), id, n);
}

static void one_wording(const char *id, struct span w, const char *place)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	bool left = w.p[0] == '*', right = w.p[w.len - 1] == '*';
	const char *text = spoken(a, span_dup(a, (struct span) {
		w.p + left, w.len - left - right }));
	const char *sentence = arena_printf(a, "Qq qq %s qq qq.", text);

	if (!hears(a, sentence, id))
		ok(false, arena_printf(a, "%s: \"%s\" is heard as %s, not as %s", place, text,
				       heard(a, sentence), id));
	if (text == strstr(text, "{") || strchr(text, '@') || strchr(text, '.'))
		return;
	if ((left || right) && is_too_short(a, text))
		ok(false, arena_printf(a, "%s: \"%s\" is too short to go on as it likes", place,
				       text));
	if (misheard(a, id, text, left, right))
		ok(false, arena_printf(a, "%s: \"%s\" is heard inside a word", place, text));
}

static void wordings(struct arena *a)
{
	const struct tsv *t = table_tsv(know, TABLE_CONCEPTS);
	size_t n = 0;

	for (size_t row = 0; row < t->n; row++) {
		const char *id = tsv_cell(t, row, ID);
		const char *place = arena_printf(a, "concepts.tsv:%d", tsv_line(t, row));
		struct span rest = span_of(tsv_cell(t, row, WORDINGS)), w;

		for (; list_next(&rest, '|', &w); n++)
			one_wording(id, w, place);
	}
	ok(n > 3000, arena_printf(a, "%zu wordings are heard in a sentence, and in no word", n));
}

/* Every concept has the languages that the others have, or is a term of a standard. */
static void languages(struct arena *a)
{
	static const char *const wanted[] = { "en", "de", "fr", "es", "it", "pt", "nl", "pl",
					      "ru", "ja", "zh" };
	static const char *const full[] = { "recipient", "mailbox", "user", "account", "sender",
					    "password", "full", "exceeded", "not-exists",
					    "not-accepted", "not-allowed", "too-many", "expired",
					    "temporary", "required", "spam", "attachment" };

	for (size_t i = 0; i < ARRAY_LEN(full); i++) {
		struct strv missing = { 0 };

		for (size_t j = 0; j < ARRAY_LEN(wanted); j++) {
			const struct tsv *t = table_tsv(know, TABLE_CONCEPTS);
			size_t row = 0;

			while (row < t->n && !(str_eq(tsv_cell(t, row, ID), full[i]) &&
					       str_eq(tsv_cell(t, row, LANGUAGE), wanted[j])))
				row++;
			if (row == t->n)
				strv_add(&missing, a, wanted[j]);
		}
		is_str(strv_join(&missing, a, " "), "",
		       arena_printf(a, "%s is spoken of in all languages", full[i]));
	}
}

/* --- what is heard --- */

static void meanings(struct arena *a)
{
	static const struct { const char *text, *has, *has_not; } cases[] = {
		{ "The address is not valid", "not-valid", "valid" },
		{ "The address is valid", "valid", "not-valid" },
		{ "Mailbox is not full", "mailbox", "full" },
		{ "is not currently allowed", "not-allowed", "allowed" },
		{ "not here and then allowed", "allowed", "not-allowed" },
		{ "Not now. It is allowed", "allowed", "not-allowed" },
		{ "Le compte n'existe pas", "not-exists", "exists" },
		{ "Empfängerpostfach", "mailbox", "full" },
		{ "no PTR for it", "not", "missing" },
		{ "could not be asked, not found", "not-exists", "exists" },
		{ "was not rejected", "accepted", "not-accepted" },
		{ "user unknown", "not-exists", "not" },
		{ "MailboxFull", "full", "not-exists" },
		{ "mail to spam@contoso.com", "address", "spam" },
		{ "see https://contoso.com/blacklist", "", "blocklist" },
		{ "192.0.2.25 is banned", "client-ip", "login" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (*cases[i].has)
			ok(hears(a, cases[i].text, cases[i].has),
			   arena_printf(a, "%s: %s", cases[i].text, cases[i].has));
		ok(!hears(a, cases[i].text, cases[i].has_not),
		   arena_printf(a, "%s: not %s", cases[i].text, cases[i].has_not));
	}
	ok(!hears(a, "expirienced", "expired"), "a misspelt word is not heard");
}

/* --- hostile texts --- */

static char *repeated(struct arena *a, const char *piece, size_t times)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(1 << 20);

	for (size_t i = 0; i < times; i++)
		buf_adds(&b, piece);
	return arena_strdup(a, buf_str(&b));
}

static void hostile(struct arena *a)
{
	static const char *const pieces[] = { "full ", "a@b.cc ", "\xe3\x80", "\xff", "aB", ".",
					      "no not ", "1.2.3.4:", "://", "不", "\xc3" };
	struct heard_concepts h;

	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		char *text = repeated(a, pieces[i], 20000);

		lexicon_hear(know, a, span_of(text), &h);
		ok(h.n <= LIMIT_HEARD && strlen(h.plain) <= LETTERS_ROOM(LIMIT_LISTEN),
		   arena_printf(a, "piece %zu, twenty thousand times: bounded", i));
	}
	for (unsigned byte = 0; byte < 256; byte++) {
		char text[] = { 'x', (char)byte, 'y', (char)byte };

		lexicon_hear(know, a, (struct span) { text, sizeof(text) }, &h);
	}
	ok(true, "every byte can be in a text");
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error = NULL;

	know = know_new(a, NULL, &error);
	sentences(a);
	wordings(a);
	languages(a);
	meanings(a);
	hostile(a);
	return tap_done();
}
