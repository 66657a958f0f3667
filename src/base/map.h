#ifndef BASE_MAP_H
#define BASE_MAP_H

/*
 * map - strings to pointers, in an arena, walked in the order of first insertion. No removal.
 *
 *	for (const struct map_entry *e = map_first(m); e; e = map_next(e))
 */

#include <stddef.h>

struct arena;
struct map;

struct map_entry {
	const char		*key;
	void			*value;
	struct map_entry	*next;		/* in order of insertion */
	struct map_entry	*chain;		/* in the same bucket */
	unsigned		 hash;
};

struct map *map_new(struct arena *a);
/* the key is copied; an old value is replaced */
void map_set(struct map *m, const char *key, void *value);
void *map_get(const struct map *m, const char *key);		/* NULL when it's not there */
size_t map_count(const struct map *m);
const struct map_entry *map_first(const struct map *m);
const struct map_entry *map_next(const struct map_entry *e);

#endif
