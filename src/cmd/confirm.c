/*
 * confirm - a yes or no at the terminal.
 */
#include "cmd/confirm.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "fiber/fiber.h"

static int terminal(void)
{
	return isatty(STDERR_FILENO) ?
	       open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) : -1;
}

bool confirm_possible(void)
{
	int tty = terminal();

	if (tty < 0)
		return false;
	close(tty);
	return true;
}

/* A line without its end, cut where it is longer than any answer. False when there is none. */
static bool read_line(int tty, char *line, size_t size)
{
	size_t n = 0;

	for (;;) {
		ssize_t got = read(tty, line + n, size - 1 - n);

		if (got < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		if (got == 0)
			return false;
		if (got < 0) {
			if (fiber_wait_fd(tty, FIBER_READ, NULL) < 0)
				return false;
			continue;
		}
		n += (size_t)got;
		line[n] = '\0';
		if (line[n - 1] == '\n' || n == size - 1) {
			line[strcspn(line, "\r\n")] = '\0';
			return true;
		}
	}
}

bool confirm_ask(const char *question)
{
	char line[64] = "";
	int tty = terminal();
	bool good;

	if (tty < 0)
		return false;
	good = write(tty, question, strlen(question)) > 0 && read_line(tty, line, sizeof(line));
	close(tty);
	return good && str_in(line, "y|Y|yes|Yes|YES");
}
