/*
 * Names that are counted, as many as there is room for; and who sent what, the last ones.
 */
#include "logs/inside.h"

#include <string.h>

#include "base/arena.h"

static uint64_t hash_of(struct span s)
{
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)ascii_lower(s.p[i])) * 1099511628211u;
	return h ^ h >> 29;
}

/* --- names --- */

enum { NAME_MOST = 255 };		/* RFC 1035, 2.3.4 */

struct names {
	struct arena		*arena;
	size_t			 limit, n;
	struct tally_name	**list;		/* list[0] are the others */
	unsigned		*slots;		/* indices into list, 0 = free; open addressing */
	size_t			 n_slots;	/* a power of two, more than twice the limit */
};

static struct tally_name *new_name(struct names *n, const char *name)
{
	struct tally_name *e = arena_alloc(n->arena, sizeof(*e));

	e->name = name;
	n->list[n->n++] = e;
	return e;
}

struct names *names_new(struct arena *a, size_t limit)
{
	struct names *n = arena_alloc(a, sizeof(*n));

	n->arena = a;
	n->limit = limit + 1;
	n->n_slots = 16;
	while (n->n_slots < 2 * n->limit)
		n->n_slots *= 2;
	n->slots = arena_alloc(a, n->n_slots * sizeof(*n->slots));
	n->list = arena_alloc(a, n->limit * sizeof(struct tally_name *));
	new_name(n, NULL);
	return n;
}

/* Names come from logs: what is no valid text is kept, and escaped when it's shown. */
static char *kept(struct arena *a, struct span name)
{
	char *s = span_dup(a, name);

	for (char *c = s; *c; c++)
		*c = ascii_lower(*c);
	return s;
}

/* Where it is, or would be. */
static unsigned *slot_of(const struct names *n, struct span name)
{
	size_t at = hash_of(name) & (n->n_slots - 1);

	while (n->slots[at] && !span_eq_nocase(name, n->list[n->slots[at]]->name))
		at = (at + 1) & (n->n_slots - 1);
	return &n->slots[at];
}

/* A name with a NUL in it is nobody's. */
static bool can_be_kept(struct span name)
{
	return name.len <= NAME_MOST && !(name.len && memchr(name.p, '\0', name.len));
}

const struct tally_name *names_find(const struct names *n, struct span name)
{
	unsigned slot = can_be_kept(name) ? *slot_of(n, name) : 0;

	return slot ? n->list[slot] : NULL;
}

struct tally_name *names_get(struct names *n, struct span name, bool *ret_new)
{
	unsigned *slot = can_be_kept(name) ? slot_of(n, name) : NULL;

	*ret_new = slot && !*slot && n->n < n->limit;
	if (!slot || (!*slot && !*ret_new))
		return n->list[0];
	if (*slot)
		return n->list[*slot];
	*slot = (unsigned)n->n;
	return new_name(n, kept(n->arena, name));
}

size_t names_count(const struct names *n)
{
	return n->n;
}

const struct tally_name *names_at(const struct names *n, size_t i)
{
	return n->list[i];
}

int name_order(const struct tally_name *x, const struct tally_name *y)
{
	bool x_said = x->name && *x->name, y_said = y->name && *y->name;

	/* What the log does not say, and the others, come last. */
	if (!x_said || !y_said)
		return x_said != y_said ? y_said - x_said : !x->name - !y->name;
	return strcmp(x->name, y->name);
}

/* --- senders --- */

/*
 * Sets of two, the older one is written over. An id or a domain that is longer than there is room
 * for is not kept.
 */
enum { SETS = 16384, WAYS = 2, ID_ROOM = 32, DOMAIN_ROOM = 64 };

struct sent {
	unsigned char	id_len, domain_len;	/* id_len 0 = free */
	char		id[ID_ROOM];
	char		domain[DOMAIN_ROOM];
};

struct senders {
	struct sent	sets[SETS][WAYS];	/* the newer one first */
};

struct senders *senders_new(struct arena *a)
{
	return arena_alloc(a, sizeof(struct senders));
}

static bool is_of(const struct sent *e, struct span id)
{
	return e->id_len == id.len && memcmp(e->id, id.p, id.len) == 0;
}

void senders_put(struct senders *s, struct span id, struct span domain)
{
	struct sent *set = s->sets[hash_of(id) % SETS];

	if (!id.len || id.len > ID_ROOM || domain.len > DOMAIN_ROOM)
		return;
	if (!is_of(&set[0], id))
		set[1] = set[0];
	set[0].id_len = (unsigned char)id.len;
	set[0].domain_len = (unsigned char)domain.len;
	memcpy(set[0].id, id.p, id.len);
	if (domain.len)
		memcpy(set[0].domain, domain.p, domain.len);
}

bool senders_get(const struct senders *s, struct span id, struct span *ret)
{
	const struct sent *set = s->sets[hash_of(id) % SETS];

	for (size_t i = 0; id.len && i < WAYS; i++) {
		if (!is_of(&set[i], id))
			continue;
		*ret = (struct span) { set[i].domain, set[i].domain_len };
		return true;
	}
	return false;
}
