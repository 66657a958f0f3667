/*
 * plan - which targets of a list are asked.
 */
#include "audit/plan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "audit/digest.h"
#include "base/mem.h"

enum { SUM = 16 };

struct planned {
	unsigned char	 sum[SUM];
	unsigned	 line;
	unsigned	 number;	/* among equal ones, from 1 */
	bool		 mine, done;
};

struct plan {
	struct planned	*v;		/* by line */
	size_t		 n, cap, mine;
};

struct plan *plan_new(void)
{
	return xcalloc(1, sizeof(struct plan));
}

void plan_free(struct plan *p)
{
	if (p)
		free(p->v);
	free(p);
}

/* Every value counts: one host may be asked twice, with another login. */
static void sum_of(const struct list_target *t, unsigned char ret[DIGEST_SIZE])
{
	const char *const values[] = {
		t->target, t->host, t->domain, t->client, t->user, t->from, t->to, t->path,
		t->ports, t->password_file, t->token_file,
	};
	struct digest *d = digest_new();

	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		digest_add_text(d, values[i]);
	digest_end(d, ret);
}

static unsigned long shard_of(const unsigned char *sum, unsigned long of)
{
	unsigned long long n = 0;

	for (size_t i = 0; i < sizeof(n); i++)
		n = n << 8 | sum[i];
	return (unsigned long)(n % of) + 1;
}

static bool is_mine(const struct list_target *t, const unsigned char *sum, struct shard shard)
{
	const char *credential = *t->password_file ? t->password_file : t->token_file;
	unsigned char of_credential[DIGEST_SIZE];
	struct digest *d;

	if (!*credential)
		return shard_of(sum, shard.of) == shard.number;
	d = digest_new();
	digest_add_text(d, credential);
	digest_end(d, of_credential);
	return shard_of(of_credential, shard.of) == shard.number;
}

void plan_add(struct plan *p, const struct list_target *t, struct shard shard)
{
	unsigned char sum[DIGEST_SIZE];
	struct planned *one;

	assert(!p->n || p->v[p->n - 1].line < t->line);
	if (p->n == p->cap) {
		p->cap = p->cap ? 2 * p->cap : 64;
		p->v = xrealloc(p->v, p->cap * sizeof(*p->v));
	}
	sum_of(t, sum);
	one = &p->v[p->n++];
	*one = (struct planned) { .line = t->line, .number = 1, .mine = is_mine(t, sum, shard) };
	memcpy(one->sum, sum, SUM);
	p->mine += one->mine;
}

static int by_sum(const void *x, const void *y)
{
	const struct planned *a = *(struct planned *const *)x, *b = *(struct planned *const *)y;
	int order = memcmp(a->sum, b->sum, SUM);

	if (order)
		return order;
	return a->line < b->line ? -1 : 1;
}

void plan_finish(struct plan *p)
{
	struct planned **sorted = xcalloc(p->n + 1, sizeof(struct planned *));

	for (size_t i = 0; i < p->n; i++)
		sorted[i] = &p->v[i];
	qsort(sorted, p->n, sizeof(struct planned *), by_sum);
	for (size_t i = 1; i < p->n; i++)
		if (memcmp(sorted[i - 1]->sum, sorted[i]->sum, SUM) == 0)
			sorted[i]->number = sorted[i - 1]->number + 1;
	free(sorted);
}

size_t plan_count(const struct plan *p)
{
	return p->mine;
}

static int by_line(const void *key, const void *of)
{
	unsigned line = *(const unsigned *)key, other = ((const struct planned *)of)->line;

	if (line == other)
		return 0;
	return line < other ? -1 : 1;
}

static struct planned *find(const struct plan *p, unsigned line)
{
	return p->n ? bsearch(&line, p->v, p->n, sizeof(*p->v), by_line) : NULL;
}

bool plan_is_open(const struct plan *p, unsigned line)
{
	const struct planned *one = find(p, line);

	return one && one->mine && !one->done;
}

bool plan_done(struct plan *p, unsigned line)
{
	struct planned *one = find(p, line);

	if (!one || !one->mine || one->done)
		return false;
	return one->done = true;
}

const char *plan_key(const struct plan *p, unsigned line, char ret[PLAN_KEY])
{
	const struct planned *one = find(p, line);
	size_t end = 2 * SUM;

	assert(one);
	digest_hex(one->sum, SUM, ret);
	snprintf(ret + end, PLAN_KEY - end, "-%u", one->number);
	return ret;
}
