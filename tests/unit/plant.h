#ifndef TESTS_PLANT_H
#define TESTS_PLANT_H

/*
 * plant - puts a secret into a configuration file: into every place where a value can stand, in
 * every form in which people write one there. It knows no program and no syntax, only quotes,
 * separators and blanks, so that a new sample file is covered as it is.
 */

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum { PLANT_SECRETS = 6, PIECES_MOST = 4, PIECE = 10 };

/* Random, but never such that it could be taken for a name: that is what the gate decides by. */
struct planted {
	const char	*what;			/* "letters and digits" */
	char		 whole[PIECES_MOST * (PIECE + 8)];
	char		 pieces[PIECES_MOST][PIECE * 4];	/* one of them alone is a leak */
	size_t		 n_pieces;
	/* alone, as an app password: in a key or a path it could be a name */
	bool		 letters;
};

void plant_secret(unsigned kind, struct planted *ret);

/* From here to there in the text, within a line. */
struct place {
	size_t		from, to;
	unsigned	line;
	/* a separator follows: what is planted there becomes a name */
	bool		is_key;
};

/*
 * What stands in quotes, behind separators, between tags; every word, and every part of
 * one. At most `most`.
 */
size_t plant_places(const char *p, size_t n, struct place *ret, size_t most);

/*
 * How it is written: with % for the secret, %p percent-encoded, %b and %B in base64 (alone; as a
 * login of PLAIN).
 */
struct plant_form {
	const char	*text;
	/* nothing around it says that it is a name: letters alone are a secret here, too */
	bool		 alone;
};
extern const struct plant_form plant_forms[];	/* ends with NULL */
const char *plant_written(struct arena *a, const char *form, const struct planted *s);

#endif
