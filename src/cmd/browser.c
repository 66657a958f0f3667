#include "cmd/browser.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/str.h"

extern char **environ;

/*
 * Where there is no screen, xdg-open would start a browser for the terminal, in the
 * middle of our own lines.
 */
static bool has_screen(void)
{
	static const char *const names[] = { "DISPLAY", "WAYLAND_DISPLAY", "BROWSER" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return true;
	}
	return false;
}

bool browser_open(const char *url)
{
	char *argv[] = { (char[]) { "xdg-open" }, (char *)url, NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int r;

	if (!has_screen() || !str_has_prefix(url, "http"))
		return false;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	r = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return r == 0;
}
