/*
 * audit-merge - an audit in parts, on several machines: which part is asked here, and how their
 * journals become one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/journal.h"
#include "base/arena.h"
#include "base/buf.h"
#include "cmd/audit.h"
#include "cmd/cmd.h"

/* --- which part --- */

static bool of_environment(const char *name, unsigned long most, unsigned long *ret)
{
	const char *value = getenv(name);

	return value && str_number(value, most, ret);
}

static int wrong_shard(const struct shard *s)
{
	return opt_wrong("audit", "--shard: there is no shard %lu of %lu", s->number, s->of);
}

/*
 * An array of jobs that begins at any number, with any step: Slurm's "Job Array Support",
 * "Job ID and Environment Variables".
 */
static int of_slurm(struct shard *ret)
{
	unsigned long id, first, count, step = 1;

	if (!of_environment("SLURM_ARRAY_TASK_ID", SHARD_MOST, &id) ||
	    !of_environment("SLURM_ARRAY_TASK_MIN", SHARD_MOST, &first) ||
	    !of_environment("SLURM_ARRAY_TASK_COUNT", SHARD_MOST, &count))
		return opt_wrong("audit", "--shard slurm: this is no job of a Slurm array "
				 "(SLURM_ARRAY_TASK_ID, _MIN and _COUNT)");
	of_environment("SLURM_ARRAY_TASK_STEP", SHARD_MOST, &step);
	if (!step || id < first || (id - first) % step)
		return opt_wrong("audit", "--shard slurm: the array is not regular: task %lu from "
				 "%lu in steps of %lu", id, first, step);
	*ret = (struct shard) { (id - first) / step + 1, count };
	return ret->number <= ret->of ? OPT_GO : wrong_shard(ret);
}

/* Kubernetes counts the pods of an Indexed Job from 0 ("Jobs", "Completion mode"). */
static int of_kubernetes(const char *of, struct shard *ret)
{
	unsigned long index, n;

	if (!str_number(of, SHARD_MOST, &n) || !n)
		return opt_wrong("audit", "--shard kubernetes/N: N is the number of completions");
	if (!of_environment("JOB_COMPLETION_INDEX", SHARD_MOST, &index))
		return opt_wrong("audit", "--shard kubernetes: this is no pod of an Indexed Job "
				 "(JOB_COMPLETION_INDEX)");
	*ret = (struct shard) { index + 1, n };
	return ret->number <= n ? OPT_GO : wrong_shard(ret);
}

static bool read_shard(const char *word, struct shard *ret)
{
	char number[16];
	size_t n = strcspn(word, "/");

	if (n >= sizeof(number) || word[n] != '/')
		return false;
	memcpy(number, word, n);
	number[n] = '\0';
	return str_number(number, SHARD_MOST, &ret->number) &&
	       str_number(word + n + 1, SHARD_MOST, &ret->of) && ret->number && ret->of;
}

int audit_shard(const char *word, struct shard *ret)
{
	static const char kubernetes[] = "kubernetes/";

	if (str_eq(word, "slurm"))
		return of_slurm(ret);
	if (str_has_prefix(word, kubernetes))
		return of_kubernetes(word + sizeof(kubernetes) - 1, ret);
	if (!read_shard(word, ret))
		return opt_wrong("audit", "--shard: '%s' is not K/N (from 1/1 to %d/%d), slurm or "
				 "kubernetes/N", word, SHARD_MOST, SHARD_MOST);
	return ret->number <= ret->of ? OPT_GO : wrong_shard(ret);
}

/* --- merge --- */

struct merge_options {
	const char	*output;
};

static const struct opt table[] = {
	{ OPT_TEXT, 'o', "output", "FILE", offsetof(struct merge_options, output),
	  "the journal to make", NULL },
	OPT_END
};

static const struct opt_command merge_command = {
	.name = "audit merge",
	.operands = "JOURNAL...",
	.about = "Makes one journal of those of all shards of a list. Exit status: 0 all shards "
		 "are there and done, 2 wrong usage, or journals that do not fit together, 3 the "
		 "new one cannot be written.",
	.table = table,
};

struct part {
	const char	*path;
	struct journal	*journal;
	struct shard	 shard;
};

struct merge {
	struct arena	*arena;
	struct part	*parts;
	size_t		 n, targets;
	struct journal	*to;
	bool		 failed;		/* to write */
};

static int wrong(const struct part *p, const char *error)
{
	return opt_wrong("audit merge", "the journal '%s' %s", p->path, error);
}

static int open_part(struct merge *m, struct part *p)
{
	const struct journal_run *first, *run;
	const char *error;
	char sum[DIGEST_HEX];
	size_t n;

	p->journal = journal_open(m->arena, p->path, &error);
	if (!p->journal)
		return wrong(p, error);
	run = journal_run(p->journal);
	first = journal_run(m->parts[0].journal);
	error = journal_count(p->journal, &n, sum);
	if (error)
		return wrong(p, error);
	if (!read_shard(run->shard, &p->shard))
		return wrong(p, "is damaged: it names no shard");
	if (p->shard.of != m->parts[0].shard.of)
		return wrong(p, arena_printf(m->arena, "is one of %lu shards, and '%s' one of %lu",
					     p->shard.of, m->parts[0].path,
					     m->parts[0].shard.of));
	if (!str_eq(run->list, first->list))
		return wrong(p, arena_printf(m->arena, "is of another list than '%s'",
					     m->parts[0].path));
	if (!str_eq(run->program, first->program) || !str_eq(run->options, first->options))
		return wrong(p, arena_printf(m->arena, "is of another version or has other "
					     "options than '%s'", m->parts[0].path));
	if (n < run->targets)
		return wrong(p, arena_printf(m->arena, "is not complete (%zu of %zu targets): "
					     "resume it first", n, run->targets));
	m->targets += n;
	return OPT_GO;
}

static int by_shard(const void *x, const void *y)
{
	const struct part *a = x, *b = y;

	if (a->shard.number == b->shard.number)
		return strcmp(a->path, b->path);
	return a->shard.number < b->shard.number ? -1 : 1;
}

/* Each shard once. Of many that are missing the first few are named. */
static int test_shards(struct merge *m)
{
	_cleanup_(buf_release) struct buf missing = BUF_INIT(80);
	unsigned long next = 1, of = m->parts[0].shard.of;
	size_t n = 0;

	qsort(m->parts, m->n, sizeof(*m->parts), by_shard);
	for (size_t i = 0; i < m->n; i++) {
		struct part *p = &m->parts[i];

		if (p->shard.number < next)
			return wrong(p, arena_printf(m->arena, "is of the same shard (%lu/%lu) as "
						     "'%s'", p->shard.number, of, p[-1].path));
		for (; next < p->shard.number; next++, n++)
			buf_addf(&missing, " %lu", next);
		next++;
	}
	for (; next <= of; next++, n++)
		buf_addf(&missing, " %lu", next);
	if (!n)
		return OPT_GO;
	return opt_wrong("audit merge", "%zu of %lu shards are missing:%s%s", n, of,
			 buf_str(&missing), missing.overflow ? " ..." : "");
}

static const char *copy(void *arg, const struct journal_record *r)
{
	struct merge *m = arg;
	const char *error = journal_add(m->to, r);

	m->failed = error != NULL;
	return error;
}

static int copy_all(struct merge *m, const char *path)
{
	const char *error = journal_together(m->to, true);
	char sum[DIGEST_HEX];
	size_t n = 0;

	m->failed = error != NULL;
	for (size_t i = 0; !error && i < m->n; i++) {
		error = journal_each(m->parts[i].journal, copy, m);
		if (error && !m->failed)
			return wrong(&m->parts[i], error);
	}
	if (!error)
		error = journal_together(m->to, false);
	if (!error)
		error = journal_count(m->to, &n, sum);
	if (error) {
		opt_wrong("audit merge", "the journal '%s' %s", path, error);
		return EXIT_UNTESTED;
	}
	fprintf(stderr, "Journal '%s': %zu targets, %zu done, hash %.16s\n", path, m->targets, n,
		sum);
	return EXIT_GOOD;
}

static int write_merged(struct merge *m, const char *path)
{
	struct journal_run run = *journal_run(m->parts[0].journal);
	const char *error;
	int status;

	if (access(path, F_OK) == 0)
		return opt_wrong("audit merge", "'%s' is there already", path);
	run.shard = "1/1";
	run.targets = m->targets;
	m->to = journal_begin(m->arena, path, &run, false, &error);
	if (!m->to)
		return opt_wrong("audit merge", "the journal '%s' %s", path, error);
	status = copy_all(m, path);
	journal_close(m->to);
	if (status != EXIT_GOOD)
		unlink(path);
	return status;
}

static int merge(struct merge *m, const struct strv *operands, const char *output)
{
	int status = OPT_GO;

	m->parts = arena_alloc(m->arena, operands->n * sizeof(*m->parts));
	for (m->n = 0; status == OPT_GO && m->n < operands->n; m->n++) {
		m->parts[m->n].path = operands->v[m->n];
		status = open_part(m, &m->parts[m->n]);
	}
	if (status == OPT_GO)
		status = test_shards(m);
	if (status == OPT_GO)
		status = write_merged(m, output);
	for (size_t i = 0; i < m->n; i++)
		journal_close(m->parts[i].journal);
	return status;
}

int audit_merge(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct merge_options options = { .output = NULL };
	struct strv operands = { NULL, 0, 0 };
	struct merge m = { .arena = a };
	int status = opt_parse(&merge_command, a, argc, argv, &options, &operands);

	if (status != OPT_GO)
		return status;
	if (!operands.n)
		return opt_wrong("audit merge", "give the journals of all shards of a list");
	if (!options.output)
		return opt_wrong("audit merge", "give the journal to make with -o FILE");
	return merge(&m, &operands, options.output);
}
