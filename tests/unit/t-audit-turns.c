/*
 * t-audit-turns - which target is asked next: places, pace, credentials, and a place that sends us
 * away. The clock is a number.
 */
#include <stdlib.h>

#include "audit/turns.h"
#include "base/buf.h"
#include "base/str.h"
#include "tests/unit/tap.h"

/* "m1 m2": lines 1 and 2 at m. "m3+k": with the credential k. */
static void add(struct turns *t, unsigned line, const char *place, const char *credential,
		unsigned gap_ms)
{
	struct turn_wanted w = { .at = line, .line = line, .place = place, .at_once = 2,
				 .credential = credential, .gap_ms = gap_ms };

	turns_add(t, &w);
}

/* Takes all that may begin: "1 2, wait -1". */
static const char *takes(struct turns *t, int64_t now, struct turn **kept)
{
	static char text[200];
	struct buf b = BUF_INIT(sizeof(text));
	struct turn *turn;
	int64_t wait = 0;

	while ((turn = turns_take(t, now, &wait))) {
		kept[turn->line] = turn;
		buf_addf(&b, "%u ", turn->line);
	}
	buf_addf(&b, "wait %lld", (long long)wait);
	snprintf(text, sizeof(text), "%s", buf_str(&b));
	buf_release(&b);
	return text;
}

static void places(void)
{
	struct turns *t = turns_new(100);
	struct turn *kept[20];

	for (unsigned i = 1; i <= 5; i++)
		add(t, i, "m", "", 0);
	add(t, 6, "g", "", 0);
	add(t, 7, "own.example", "", 0);
	is_str(takes(t, 0, kept), "1 6 7 2 wait -1",
	       "two at a place; who waits there holds up nobody else");
	turns_done(t, kept[1]);
	is_str(takes(t, 0, kept), "3 wait -1", "one ends, the next begins");
	turns_again(t, kept[2]);
	is_str(takes(t, 0, kept), "4 wait -1", "who is asked again waits behind the others");
	turns_done(t, kept[3]);
	turns_done(t, kept[4]);
	is_str(takes(t, 0, kept), "5 2 wait -1", "... and then has its turn");
	is_int(kept[2]->asked, 1, "... which is its second");
	for (unsigned i = 5; i <= 7; i++)
		turns_done(t, kept[i]);
	ok(!turns_idle(t), "somebody is still asked");
	turns_done(t, kept[2]);
	ok(turns_idle(t), "nobody is");
	turns_free(t);
}

static void pace(void)
{
	struct turns *t = turns_new(3);
	struct turn *kept[20];

	for (unsigned i = 1; i <= 3; i++)
		add(t, i, "m", "", 250);
	is_int((int)turns_room(t), 0, "so many may wait");
	is_str(takes(t, 1000, kept), "1 wait 250", "one begins");
	is_str(takes(t, 1249, kept), "wait 1", "... the next not before its time");
	is_str(takes(t, 1250, kept), "2 wait -1", "... then, and no third beside them");
	turns_done(t, kept[1]);
	is_str(takes(t, 1300, kept), "wait 200", "the pace counts, too, when one ends");
	turns_done(t, kept[2]);
	turns_free(t);
}

static void credentials(void)
{
	struct turns *t = turns_new(100);
	struct turn *kept[20];

	add(t, 1, "m", "k", 0);
	add(t, 2, "m", "k", 0);
	add(t, 3, "m", "", 0);
	add(t, 4, "g", "k", 0);
	is_str(takes(t, 0, kept), "1 3 wait -1", "a credential is used once at a time");
	turns_again(t, kept[1]);
	is_str(takes(t, 0, kept), "1 wait -1", "... by the same, who is asked again");
	turns_done(t, kept[1]);
	is_str(takes(t, 0, kept), "2 wait -1", "... then by the next");
	turns_done(t, kept[2]);
	is_str(takes(t, 0, kept), "4 wait -1", "... and the one after that");
	turns_done(t, kept[3]);
	turns_done(t, kept[4]);
	ok(turns_idle(t), "and that was all");
	turns_free(t);
}

static void sent_away(void)
{
	struct turns *t = turns_new(100);
	struct turn *kept[20];

	for (unsigned i = 1; i <= 6; i++)
		add(t, i, "m", "", 0);
	add(t, 7, "g", "", 0);
	is_str(takes(t, 0, kept), "1 7 2 wait -1", "two and one");
	is_int(turns_sent_away(t, kept[1], 10, 1000), 1000, "421: a pause");
	is_int(turns_sent_away(t, kept[2], 20, 1000), 0, "... one for those who were there");
	turns_again(t, kept[1]);
	turns_again(t, kept[2]);
	add(t, 8, "g", "", 0);
	is_str(takes(t, 30, kept), "8 wait 980", "nobody is asked there, others are");
	is_str(takes(t, 1010, kept), "3 4 wait -1", "after the pause they are");
	is_int(turns_sent_away(t, kept[3], 1020, 1000), 2000, "again: twice as long");
	is_str(takes(t, 3020, kept), "wait -1", "the other is still there");
	turns_done(t, kept[3]);
	is_str(takes(t, 3020, kept), "5 wait -1", "the next");
	is_int(turns_sent_away(t, kept[5], 3030, 1000), 4000, "four times");
	is_int(turns_sent_away(t, kept[5], 9000, 1000), 4000, "... and no longer");
	turns_let_in(t, kept[5]);
	is_int(turns_sent_away(t, kept[5], 20000, 1000), 1000, "let in: it begins anew");
	turns_free(t);
	free(kept[4]);
	free(kept[5]);
	free(kept[7]);
	free(kept[8]);
}

int main(void)
{
	places();
	pace();
	credentials();
	sent_away();
	return tap_done();
}
