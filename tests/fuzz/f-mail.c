/*
 * f-mail - any bytes as a message, a file of Outlook or HTML: limits hold, and what is named is in
 * the text. The first byte says how it is dressed, so that broken insides are reached without a
 * whole message around them.
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "paste/bounce.h"
#include "paste/explain.h"
#include "paste/mail.h"
#include "tests/fuzz/fuzz.h"

static const char *const dresses[] = {
	"", "From: a@example.com\nMIME-Version: 1.0\nContent-Type: multipart/report; boundary=b\n\n"
	"--b\n", "From: a@example.com\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n"
	"Content-Transfer-Encoding: quoted-printable\n\n", "From: a@example.com\nMIME-Version: "
	"1.0\nContent-Type: text/plain; charset=iso-2022-jp\nContent-Transfer-Encoding: base64\n\n",
	"<html><body>", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
	"This is the mail system at host relay.example.\n\n",
	"From: a@example.com\nMIME-Version: 1.0\nContent-Type: ",
};

static void read_as(struct arena *a, const char *text, size_t n)
{
	struct mail m;

	mail_read(a, (struct span) { text, n }, NULL, &m);
	assert(m.text.len <= LIMIT_PASTE && m.note && m.from && m.to && m.id);
	assert(m.kind != MAIL_NONE || m.text.p == text);
}

static void explained(struct arena *a, const struct know *know, const char *text, size_t n)
{
	const struct explanation *e = explain_text(a, know, text, n);

	assert(e->n_missed <= LIMIT_DELIVERIES);
	for (size_t i = 0; i < e->n_missed; i++) {
		assert(*e->missed[i].recipient && strchr(e->missed[i].recipient, '@'));
		assert(strlen(e->missed[i].recipient) <= 254 && strlen(e->missed[i].server) <= 254);
		for (size_t j = 0; j < i; j++)
			assert(!str_eq_nocase(e->missed[j].recipient, e->missed[i].recipient));
	}
	for (size_t i = 0; i < e->n_replies; i++)
		assert(e->replies[i]->source_line >= 0 && e->replies[i]->lines >= 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *forever;
	static struct know *know;
	const char *error,
		*dress = size ? dresses[data[0] % (sizeof(dresses) / sizeof(dresses[0]))] : "";
	struct arena *a = arena_new();
	size_t n = strlen(dress);
	char *text;

	if (!forever) {
		forever = arena_new();
		know = know_new(forever, NULL, &error);
		assert(know);
	}
	if (size > 1) {
		text = arena_alloc(a, n + size);
		memcpy(text, dress, n);
		memcpy(text + n, data + 1, size - 1);
		n += size - 1;
		read_as(a, text, n);
		explained(a, know, text, n);
	}
	arena_free(a);
	return 0;
}
