#ifndef LOGS_INSIDE_H
#define LOGS_INSIDE_H

/*
 * tally-inside - the parts of the tally: what is looked for, who sent what, what was judged before.
 * Nobody else includes it.
 */

#include "logs/log-line.h"
#include "logs/tally.h"

/* --- told.c: which lines are looked at --- */

/* Tags of the words that are looked for, and bits that stand for them. */
enum { MARKED_CODE, MARKED_SYMPTOM, MARKED_FATE, MARKED_SENDER };
enum {
	MARK_CODE	= 1 << MARKED_CODE,	/* a reply's code */
	MARK_SYMPTOM	= 1 << MARKED_SYMPTOM,	/* words of the tables */
	MARK_FATE	= 1 << MARKED_FATE,	/* words of servers that report an outcome */
	MARK_SENDER	= 1 << MARKED_SENDER,
};

struct needles;
const struct needles *tally_words(struct arena *a, const struct know *k);
/* Is there a code 4xx or 5xx, or an enhanced one, where it can mean a reply? */
bool has_code(struct span line);
/* The place behind the first one; line.len without one. */
size_t code_end(struct span line);

/* --- vocabulary.c: words that mean nothing --- */

struct vocabulary;
struct vocabulary *vocabulary_new(struct arena *a, const struct know *k);
/*
 * Is a word that stands between blanks nobody's but a name: in no table and in no string of the
 * program, and without a part of one that would be looked for inside of words?
 */
bool vocabulary_is_name(const struct vocabulary *v, struct span word);
extern const char *const source_literals;	/* of the program, a line each: data/literals.awk */

/* --- key.c: refusals that differ in names and numbers only are one --- */

/*
 * A number for the words of a text: without addresses, ids, long numbers, the name `relay`, and the
 * names between blanks that are in no vocabulary (NULL = they stay). Continues `seed`.
 */
uint64_t tally_key(uint64_t seed, struct span text, struct span relay,
		   const struct vocabulary *v);

/* --- tally-names.c: queue id -> the sender's domain; the last ones --- */

struct senders;
struct senders *senders_new(struct arena *a);
void senders_put(struct senders *s, struct span id, struct span domain);
/* False when it is not, or no longer, known. */
bool senders_get(const struct senders *s, struct span id, struct span *ret);

/* --- tally-names.c, too: names that are counted --- */

struct names;
struct names *names_new(struct arena *a, size_t limit);
/*
 * The entry of a name, a new one if there is room (*ret_new), else that of the others. Letters'
 * case does not count.
 */
struct tally_name *names_get(struct names *n, struct span name, bool *ret_new);
/* Its entry, NULL when it has none. */
const struct tally_name *names_find(const struct names *n, struct span name);
/* For sorting: by name; what the log does not say, and the others, last. */
int name_order(const struct tally_name *x, const struct tally_name *y);
size_t names_count(const struct names *n);			/* the others among them */
const struct tally_name *names_at(const struct names *n, size_t i);

/* --- tally-judge.c: what a record means --- */

struct record {
	struct span	 text;			/* all of it */
	struct span	 said;			/* the part that tells why */
	struct span	 relay;
	const char	*provider;		/* of the relay; NULL = unknown */
	enum fate	 fate;			/* not FATE_NONE */
	bool		 symptom;		/* words of the tables are in it */
};

struct judge;
struct judge *judge_new(struct arena *a, const struct know *k);
/* What it is about; a new one's cause has a count of 0 and no example. NULL = it is no failure. */
struct tally_cause *judge_record(struct judge *j, const struct record *r);
size_t judge_causes(const struct judge *j);
struct tally_cause *judge_cause_at(const struct judge *j, size_t i);
uint64_t judge_judged(const struct judge *j);	/* how many had to be judged anew */

/* --- tally-count.c: adding up --- */

void count_add(struct tally_count *c, enum fate fate, const struct stamp *when);

struct cells;
struct cells *cells_new(struct arena *a);
/* The cell of the three; without room for a new one that of the cause and the others. */
struct tally_cell *cells_get(struct cells *c, const struct tally_cause *cause,
			     const struct tally_name *relay, const struct tally_name *sender,
			     const struct tally_name *other_relay,
			     const struct tally_name *other_sender);
size_t cells_count(const struct cells *c);
const struct tally_cell *cells_at(const struct cells *c, size_t i);

#endif
