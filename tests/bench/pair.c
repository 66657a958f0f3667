/*
 * pair - runs commands in turn, many rounds, and tells the medians: what one costs beside another
 * on this machine, now.
 *
 *	pair ROUNDS FILE	each line of FILE: name, TAB, shell words without quotes
 *
 * In turn, because a machine drifts; medians, because it hiccups. Wall time from the monotonic
 * clock, CPU time and memory from wait4(). Output: name, TAB, median wall ms, min wall ms, median
 * CPU ms, min CPU ms, largest resident set MiB, last exit status.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { MAX_COMMANDS = 32, MAX_WORDS = 64, MAX_ROUNDS = 1000, MAX_LINE = 4096 };

struct command {
	char	 line[MAX_LINE];
	char	*name;
	char	*word[MAX_WORDS];
	double	 wall[MAX_ROUNDS], cpu[MAX_ROUNDS];
	long	 rss_kib;
	int	 status;
};

static struct command commands[MAX_COMMANDS];
extern char **environ;

/* Takes the line apart in place. Answers false when there is nothing in it. */
static bool parse(struct command *c)
{
	char *at = c->line, *save = NULL;
	size_t n = 0;

	c->name = strtok_r(at, "\t\n", &save);
	for (char *w = strtok_r(NULL, " \t\n", &save); w && n < MAX_WORDS - 1;
	     w = strtok_r(NULL, " \t\n", &save))
		c->word[n++] = w;
	return n > 0;
}

static double ms(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static bool run(struct command *c, int round)
{
	posix_spawn_file_actions_t files;
	struct rusage used;
	pid_t pid;
	double start;
	int status, e;

	posix_spawn_file_actions_init(&files);
	for (int fd = 0; fd < 3; fd++)
		posix_spawn_file_actions_addopen(&files, fd, "/dev/null", O_RDWR, 0);
	start = now_ms();
	e = posix_spawnp(&pid, c->word[0], &files, NULL, c->word, environ);
	posix_spawn_file_actions_destroy(&files);
	if (e != 0) {
		fprintf(stderr, "pair: can't run %s: error %d\n", c->word[0], e);
		return false;
	}
	while (wait4(pid, &status, 0, &used) < 0)
		if (errno != EINTR)
			return false;
	c->wall[round] = now_ms() - start;
	c->cpu[round] = ms(used.ru_utime) + ms(used.ru_stime);
	if (used.ru_maxrss > c->rss_kib)
		c->rss_kib = used.ru_maxrss;
	c->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return true;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *v, int n)
{
	qsort(v, (size_t)n, sizeof(*v), by_value);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

int main(int argc, char **argv)
{
	long rounds = argc == 3 ? strtol(argv[1], NULL, 10) : 0;
	FILE *f = rounds > 0 && rounds <= MAX_ROUNDS ? fopen(argv[2], "r") : NULL;
	size_t n = 0;

	if (!f) {
		fputs("usage: pair ROUNDS FILE\n", stderr);
		return 2;
	}
	while (n < MAX_COMMANDS && fgets(commands[n].line, MAX_LINE, f))
		n += parse(&commands[n]);
	fclose(f);
	for (int r = 0; r < rounds; r++)
		for (size_t i = 0; i < n; i++)
			if (!run(&commands[i], r))
				return 1;
	for (size_t i = 0; i < n; i++) {
		struct command *c = &commands[i];
		double wall = median(c->wall, (int)rounds), cpu = median(c->cpu, (int)rounds);

		printf("%s\t%.2f\t%.2f\t%.2f\t%.2f\t%.1f\t%d\n", c->name, wall, c->wall[0], cpu,
		       c->cpu[0], (double)c->rss_kib / 1024, c->status);
	}
	return 0;
}
