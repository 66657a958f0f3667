#ifndef KNOW_LETTERS_H
#define KNOW_LETTERS_H

/*
 * letters - a sentence of any language as the lexicon compares it: small letters without accents,
 * one blank between words, names and addresses replaced by what they are.
 *
 *	"450 Boîte pleine: <jo@contoso.com>. RateLimit!" -> "450 boite pleine \2\nrate limit\n"
 */

#include "base/str.h"

struct arena;

/* What stands in place of an address or a name, between blanks. */
enum {
	LETTER_IP = 1,			/* 192.0.2.1, 2001:db8::1 */
	LETTER_ADDRESS,			/* jo@contoso.com */
	LETTER_PAGE,			/* https://contoso.com/why */
	LETTER_HOST,			/* mx.contoso.com */
};

/*
 * Letters of Latin scripts and Cyrillic lose case and accents, full-width forms become ASCII (the
 * other scripts stay), a word written MailboxFull or mailbox_full is two, and where a sentence ends
 * there is a line feed. Bytes that are no UTF-8 are taken for ISO 8859-1. Time: the length of the
 * text. The copy has at most LETTERS_ROOM(n) bytes.
 */
char *letters_plain(struct arena *a, struct span text);
#define LETTERS_ROOM(n) (3 * (n) + 8)

/* The same for a text of a table, in which {ip} {address} {page} {host} stand for such. */
char *letters_of_wording(struct arena *a, struct span text);

/*
 * Does a word go on at p? A letter or digit of a script that puts blanks between its words. At the
 * NUL: no. `letters_word_before`: does one end before p, which is in a text that begins at start?
 */
bool letters_word_at(const char *p);
bool letters_word_before(const char *start, const char *p);

#endif
