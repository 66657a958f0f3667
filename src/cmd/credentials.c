/*
 * credentials - a password or a token, from anywhere but the command line.
 */
#include "cmd/credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/redact.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/opt.h"
#include "cmd/secret-command.h"
#include "cmd/token-get.h"

enum { ROOM = LIMIT_SECRET + 2 };	/* a line end may follow */

/*
 * All that comes from fd, up to the limit. False on an error (errno) or when it's too long (EFBIG).
 */
static bool read_all(int fd, struct buf *b)
{
	char chunk[1024];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || !buf_add(b, chunk, (size_t)n)) {
			errno = n < 0 ? errno : EFBIG;
			explicit_bzero(chunk, sizeof(chunk));
			return false;
		}
	}
	explicit_bzero(chunk, sizeof(chunk));
	return true;
}

static const char *reason(int err)
{
	return err == EFBIG ? "it is longer than 65536 bytes" : strerrordesc_np(err);
}

/* What is asked for, and by whom. */
struct asked {
	const char	*command;	/* "check" */
	const char	*what;		/* "password" */
	const char	*option;	/* "client-secret"; NULL = as `what` */
	bool		 lines;		/* it may have several: it was captured */
	bool		 open;		/* a certificate is no secret */
	bool		 key;		/* a file with a private key, and other things, in it */
};

/* The secret without its line end. source names it for a message. */
static int make(const struct asked *q, struct buf *b, const char *source, struct secret **ret)
{
	size_t n = b->len;

	if (n && b->data[n - 1] == '\n')
		n--;
	if (n && b->data[n - 1] == '\r')
		n--;
	if (n == 0)
		return opt_wrong(q->command, "%s is empty", source);
	if (!q->lines &&
	    (memchr(b->data, '\0', n) || memchr(b->data, '\n', n) || memchr(b->data, '\r', n)))
		return opt_wrong(q->command,
				 "%s holds more than one line; a secret is one line", source);
	*ret = q->open || q->key ? secret_new_mixed(b->data, n) : secret_new(b->data, n);
	if (q->key)
		redact_private_key(b->data, n);
	return *ret ? OPT_GO :
	       opt_wrong(q->command, "%s is longer than %d bytes", source, LIMIT_SECRET);
}

/*
 * Others on this machine can read or change the file: told, not refused. Mounted secrets of
 * containers look like that, and whoever uses this program to find a fault must not be held
 * up by the next one.
 */
static void warn_of_others(const struct asked *q, const char *path, int fd)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_mode & (S_IROTH | S_IWOTH | S_IWGRP)))
		opt_wrong(q->command, "warning: others on this machine can %s the %s in '%s' (mode "
			  "%04o); chmod 600 it", st.st_mode & S_IROTH ? "read" : "change", q->what,
			  path, (unsigned)(st.st_mode & 07777));
}

static int from_file(const struct asked *q, const char *path, struct secret **ret)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(buf_wipe_release) struct buf b = BUF_INIT(ROOM);
	bool standard = str_eq(path, "-"), good;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC), err;

	if (fd < 0)
		return opt_wrong(q->command, "cannot read the %s from '%s': %s", q->what, path,
				 reason(errno));
	if (!standard && !q->open)
		warn_of_others(q, path, fd);
	good = read_all(fd, &b);
	err = errno;
	if (!standard)
		close(fd);
	if (!good)
		return opt_wrong(q->command, "cannot read the %s from '%s': %s", q->what, path,
				 reason(err));
	return make(q, &b, arena_printf(a, "the %s from '%s'", q->what, path), ret);
}

static int from_command(const struct asked *q, const char *command, struct secret **ret)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(buf_wipe_release) struct buf b = BUF_INIT(ROOM);
	const char *error;
	int signal;

	if (secret_command(a, command, &b, &error, &signal))
		return make(q, &b, arena_printf(a, "what the %s command prints", q->what), ret);
	return signal ? 128 + signal : opt_wrong(q->command, "the %s command %s", q->what, error);
}

/* Taken out of the environment, too: our own children need not see it. */
static int from_environment(const struct asked *q, const char *name, struct secret **ret)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(buf_wipe_release) struct buf b = BUF_INIT(ROOM);
	char *value = getenv(name);
	bool fits;

	if (!value || !*value)
		return OPT_GO;
	fits = buf_adds(&b, value);
	explicit_bzero(value, strlen(value));
	unsetenv(name);
	if (!fits)
		return opt_wrong(q->command, "%s in the environment is longer than %d bytes", name,
				 LIMIT_SECRET);
	return make(q, &b, arena_printf(a, "%s in the environment", name), ret);
}

/*
 * A line from the terminal without showing it. Not in the line mode of the terminal: that ends at
 * 4095 bytes, which is too short for a token, and Ctrl-C would leave the terminal silent.
 */
static bool read_silent(int tty, struct buf *b)
{
	enum { CTRL_C = 3, CTRL_D = 4, CTRL_U = 21, BACKSPACE = 8, RUBOUT = 127 };
	char c = 0;

	while (read(tty, &c, 1) == 1 && c != CTRL_C && c != '\n' && c != '\r' && c != CTRL_D) {
		if (c == CTRL_U)
			buf_wipe(b);
		else if ((c == BACKSPACE || c == RUBOUT) && b->len)
			b->data[--b->len] = '\0';
		else if (c != BACKSPACE && c != RUBOUT && !buf_addc(b, c))
			break;
	}
	return c == '\n' || c == '\r' || c == CTRL_D;
}

static bool ask_terminal(int tty, const char *question, struct buf *b)
{
	struct termios before, silent;
	bool good;

	if (tcgetattr(tty, &before) != 0)
		return false;
	silent = before;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
	silent.c_cc[VMIN] = 1;
	silent.c_cc[VTIME] = 0;
	tcsetattr(tty, TCSAFLUSH, &silent);
	good = write(tty, question, strlen(question)) > 0 && read_silent(tty, b);
	tcsetattr(tty, TCSAFLUSH, &before);
	return write(tty, "\n", 1) == 1 && good;
}

/* No terminal: nothing, and no error. The report says what could not be tested. */
static int from_terminal(const struct asked *q, const char *user, struct secret **ret)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(buf_wipe_release) struct buf b = BUF_INIT(ROOM);
	int tty = isatty(STDERR_FILENO) ? open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY) : -1;
	bool good;

	if (tty < 0)
		return OPT_GO;
	good = ask_terminal(tty, arena_printf(a, "%s for %s: ", q->what,
					      str_escaped(a, user, strlen(user))),
			    &b);
	close(tty);
	if (!good)
		return opt_wrong(q->command, "no %s was given", q->what);
	return make(q, &b, arena_printf(a, "the %s", q->what), ret);
}

static int get(const struct asked *q, const char *file, const char *command, const char *variable,
	       struct secret **ret)
{
	const char *option = q->option ? q->option : q->what;

	if (file && command)
		return opt_wrong(q->command,
				 "--%s-file and --%s-command are both given; which one holds it?",
				 option, option);
	if (file)
		return from_file(q, file, ret);
	if (command)
		return from_command(q, command, ret);
	return from_environment(q, variable, ret);
}

static const char *command_of(const struct credential_options *o)
{
	return o->command ? o->command : "check";
}

static int from_cache(const struct credential_options *o, struct secret **ret)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();

	if (o->token_file || o->token_command)
		return opt_wrong(command_of(o),
				 "--token-cached and --token-%s are both given; which one is it?",
				 o->token_file ? "file" : "command");
	return token_kept(a, command_of(o), o->token_cached, PURPOSE_SMTP,
			  o->session, ret);
}

int credentials_get(const struct credential_options *o, const char *user, const char *auth,
		    struct secret **ret_password, struct secret **ret_token)
{
	const struct asked a_password = { .command = command_of(o), .what = "password" };
	const struct asked a_token = { .command = command_of(o), .what = "token" };
	struct secret *password = NULL, *token = NULL;
	bool by_token = str_in(auth, "xoauth2|oauthbearer");
	int status;

	if (!*user)
		return o->password_file || o->password_command || o->token_file ||
		       o->token_command || o->token_cached ?
		       opt_wrong(command_of(o), "a password or a token needs --user NAME") : OPT_GO;
	secret_hide();
	status = get(&a_password, o->password_file, o->password_command, "SMTPWHY_PASSWORD",
		     &password);
	if (status == OPT_GO)
		status = o->token_cached ? from_cache(o, &token) :
			 get(&a_token, o->token_file, o->token_command, "SMTPWHY_TOKEN", &token);
	if (status == OPT_GO && !password && !token)
		status = from_terminal(by_token ? &a_token : &a_password, user,
				       by_token ? &token : &password);
	if (status == OPT_GO && *auth && (by_token ? !token && password : !password && token))
		status = opt_wrong(command_of(o), "--auth %s needs a %s, and only a %s is given",
				   auth, by_token ? "token" : "password",
				   by_token ? "password" : "token");
	if (status != OPT_GO) {
		secret_free(password);
		secret_free(token);
		return status;
	}
	*ret_password = password;
	*ret_token = token;
	return OPT_GO;
}

static int get_admin(const char *option, const char *what, const char *file, const char *command,
		     const char *variable, struct secret **ret)
{
	const struct asked q = { .command = "check", .what = what };
	int status = get(&q, file, command, variable, ret);

	if (status == OPT_GO && !*ret)
		status = opt_wrong("check", "%s needs a token: give --%s-file FILE, --%s-command "
				   "COMMAND, or %s in the environment", option, what,
				   what, variable);
	return status;
}

int credentials_admin(const struct admin_sources *o, struct secret **ret_graph,
		      struct secret **ret_exo)
{
	struct secret *graph = NULL, *exo = NULL;
	int status = OPT_GO;

	secret_hide();
	if (o->graph || o->graph_token_file || o->graph_token_command)
		status = get_admin("--graph", "graph-token", o->graph_token_file,
				   o->graph_token_command, "SMTPWHY_GRAPH_TOKEN", &graph);
	if (status == OPT_GO && (o->exo || o->exo_token_file || o->exo_token_command))
		status = get_admin("--exo", "exo-token", o->exo_token_file, o->exo_token_command,
				   "SMTPWHY_EXO_TOKEN", &exo);
	if (status != OPT_GO) {
		secret_free(graph);
		secret_free(exo);
		return status;
	}
	*ret_graph = graph;
	*ret_exo = exo;
	return OPT_GO;
}

int credentials_token(const struct token_source *o, const char *command, struct secret **ret)
{
	const struct asked q = {
		.command = command, .what = o->blob_file ? "login string" : "token", .lines = true
	};
	struct secret *secret = NULL;
	int status;

	if (o->blob_file && (o->token_file || o->token_command))
		return opt_wrong(command,
				 "--blob-file and --token-%s are both given; which one is it?",
				 o->token_file ? "file" : "command");
	secret_hide();
	status = o->blob_file ? from_file(&q, o->blob_file, &secret) :
		 get(&q, o->token_file, o->token_command, "SMTPWHY_TOKEN", &secret);
	if (status == OPT_GO && !secret)
		status = from_terminal(&q, "this inspection", &secret);
	if (status == OPT_GO && !secret)
		status = opt_wrong(command, "where is the token? Give --token-file FILE, "
				   "--token-command COMMAND, --blob-file FILE, or SMTPWHY_TOKEN");
	if (status == OPT_GO)
		*ret = secret;
	return status;
}

int credentials_file(const char *command, const char *what, const char *path, struct secret **ret)
{
	const struct asked q = { .command = command,
				 .what = what,
				 .lines = true,
				 .open = str_eq(what, "certificate"),
				 .key = str_eq(what, "private key") };

	secret_hide();
	return from_file(&q, path, ret);
}

int credentials_client_secret(const char *command, const char *file, const char *run,
			      struct secret **ret)
{
	const struct asked q = { .command = command, .what = "client secret",
				 .option = "client-secret" };

	secret_hide();
	return get(&q, file, run, "SMTPWHY_CLIENT_SECRET", ret);
}

int credentials_mailbox(const char *command, const struct mailbox_source *from, const char *user,
			struct secret **ret_password, struct secret **ret_token)
{
	const struct asked a_password = { .command = command, .what = "mailbox password",
					  .option = "fetch-password" };
	const struct asked a_token = { .command = command, .what = "mailbox token",
				       .option = "fetch-token" };
	int status;

	secret_hide();
	status = get(&a_password, from->password_file, from->password_command,
		     "SMTPWHY_FETCH_PASSWORD", ret_password);
	if (status == OPT_GO)
		status = get(&a_token, from->token_file, from->token_command,
			     "SMTPWHY_FETCH_TOKEN", ret_token);
	if (status == OPT_GO && !*ret_password && !*ret_token)
		status = from_terminal(&a_password, user, ret_password);
	if (status == OPT_GO && !*ret_password && !*ret_token)
		status = opt_wrong(command, "--fetch needs a login: give --fetch-password-file "
				   "FILE, --fetch-token-file FILE, or SMTPWHY_FETCH_PASSWORD");
	return status;
}
