#ifndef BASE_TRANSCRIPT_H
#define BASE_TRANSCRIPT_H

/*
 * transcript - a conversation as evidence: always on, bounded (LIMIT_TRANSCRIPT),
 * secrets never put in.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum transcript_dir { TRANSCRIPT_SERVER = 'S', TRANSCRIPT_CLIENT = 'C', TRANSCRIPT_NOTE = '*' };

struct transcript_line {
	int64_t			 t_ms;		/* since the transcript's start */
	enum transcript_dir	 dir;
	/* bytes as they came, without the line end, NULs as \x00 */
	const char		*text;
};

struct transcript {
	const char		*endpoint;	/* "smtp.office365.com:587" */
	struct arena		*arena;
	struct transcript_line	*lines;
	size_t			 n;
	size_t			 cap;
	size_t			 bytes;
	int64_t			 start_ms;
	bool			 truncated;	/* lines came that were not kept */
};

struct transcript *transcript_new(struct arena *a, const char *endpoint);
void transcript_add(struct transcript *t, enum transcript_dir dir, const char *p, size_t n);
/* The same for what came earlier, at_ms on clock_ms(). */
void transcript_add_at(struct transcript *t, enum transcript_dir dir, const char *p, size_t n,
		       int64_t at_ms);
/*
 * How many times the direction turned from client to server: the round trips spent in the dialogue.
 */
size_t transcript_round_trips(const struct transcript *t);

#endif
