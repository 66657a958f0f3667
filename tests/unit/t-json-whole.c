/*
 * t-json-whole - JSON is printed as a whole or not at all: at every allocation of the printing that
 * fails, the program ends with status 3 and one line, and the reader has nothing.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json.h"
#include "report/report.h"
#include "tests/unit/tap.h"

static long left = -1;		/* allocations that still succeed; -1 = all */

static void *scarce(size_t n)
{
	if (left == 0)
		return NULL;
	left -= left > 0;
	return malloc(n);
}

/*
 * Prints in a process of its own, with only so many allocations. Answers its exit status; ret has
 * what came out.
 */
static int print(long allocations, bool one_line, char *ret, size_t room, size_t *ret_n,
	size_t *ret_said)
{
	int out[2], err[2], status = 0;
	char words[256];
	ssize_t n, said;
	pid_t child;

	*ret_n = *ret_said = 0;
	if (pipe(out) < 0 || pipe(err) < 0)
		return -1;
	child = fork();
	if (child == 0) {
		static const struct report_style plain = { .columns = 80 };
		static char why[2000];
		const struct unread_file item = { "main.cf", why };
		FILE *to = fdopen(out[1], "w");

		dup2(err[1], STDERR_FILENO);
		memset(why, 'x', sizeof(why) - 1);
		left = allocations;
		_exit(report_alone(to, one_line ? "ndjson" : "json", &plain, REPORT_UNREAD, &item)
		      ? 1 : 0);
	}
	close(out[1]);
	close(err[1]);
	while ((n = read(out[0], ret + *ret_n, room - *ret_n)) > 0)
		*ret_n += (size_t)n;
	while ((said = read(err[0], words, sizeof(words))) > 0)
		*ret_said += (size_t)said;
	close(out[0]);
	close(err[0]);
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test(bool one_line)
{
	static char whole[65536], got[65536];
	size_t n, m, said;
	long at = 0, wrong = 0;
	int status;

	is_int(print(-1, one_line, whole, sizeof(whole), &n, &said), 0,
		"with memory it is printed");
	ok(n > 1000 && whole[n - 1] == '\n' && said == 0, "... all of it");
	do {
		status = print(at, one_line, got, sizeof(got), &m, &said);
		if (status == 0)
			wrong += m != n || memcmp(got, whole, n) != 0;
		else
			wrong += status != 3 || m != 0 || said == 0;
	} while (status != 0 && ++at < 500);
	ok(at > 3 && at < 500, "memory failed at several places");
	is_int(wrong, 0, "each time: nothing printed, a line on standard error, status 3");
}

int main(void)
{
	json_set_alloc_funcs(scarce, free);
	test(false);
	test(true);
	return tap_done();
}
