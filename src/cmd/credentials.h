#ifndef CMD_CREDENTIALS_H
#define CMD_CREDENTIALS_H

/*
 * credentials - where a password or a token comes from: a file, a command's output, the
 * environment, or the person at the terminal. Never from the command line: everyone on the machine
 * can read that.
 */

#include <stdbool.h>

#include "base/secret.h"

struct session_options;

struct credential_options {
	/* whose options they are, for messages; NULL = check */
	const char	*command;
	const char	*password_file, *password_command;
	const char	*token_file, *token_command, *token_cached;
	/* how to reach a token service that renews a kept token */
	const struct session_options *session;
};

#define CREDENTIAL_OPTIONS(type) \
	OPT(TEXT, "password-file", "FILE", offsetof(type, credentials.password_file), \
	  "read the password from FILE (- is standard input)"), \
	OPT(TEXT, "password-command", "COMMAND", offsetof(type, credentials.password_command), \
	  "run COMMAND with the shell and take what it prints; else the environment's " \
	  "SMTPWHY_PASSWORD, else you are asked"), \
	OPT(TEXT, "token-file", "FILE", offsetof(type, credentials.token_file), \
	    "read an OAuth access token from FILE"), \
	OPT(TEXT, "token-command", "COMMAND", offsetof(type, credentials.token_command), \
	  "run COMMAND and take what it prints as the token; else the environment's " \
	  "SMTPWHY_TOKEN"), \
	OPT(TEXT, "token-cached", "NAME", offsetof(type, credentials.token_cached), \
	  "take the token that 'smtpwhy token get' kept by this name; 'smtpwhy token list' tells " \
	  "what there is"), \
	{ OPT_REFUSED, 0, "password", "", 0, \
	  "everyone on this machine can read a command line, and the shell remembers it. Use " \
	  "--password-file, --password-command, the environment variable SMTPWHY_PASSWORD, or " \
	  "only --user, and you are asked", NULL }, \
	{ OPT_REFUSED, 0, "token", "", 0, \
	  "everyone on this machine can read a command line, and the shell remembers it. Use " \
	  "--token-file, --token-command, or the environment variable SMTPWHY_TOKEN", NULL }

/*
 * Tokens of an administrator, to read with: of Microsoft Graph, and of Exchange Online, whose
 * audiences differ.
 */
struct admin_sources {
	bool		 graph, exo;
	const char	*graph_token_file, *graph_token_command, *exo_token_file,
		*exo_token_command;
};

#define ADMIN_OPTIONS(type) \
	OPT_SWITCH("graph", offsetof(type, admin.graph), \
	  "read the sign-in log of --user, security defaults and conditional access by Microsoft " \
	  "Graph"), \
	OPT(TEXT, "graph-token-file", "FILE", offsetof(type, admin.graph_token_file), \
	    "read an access token for Microsoft Graph from FILE"), \
	OPT(TEXT, "graph-token-command", "COMMAND", offsetof(type, admin.graph_token_command), \
	  "run COMMAND and take what it prints; else the environment's SMTPWHY_GRAPH_TOKEN"), \
	OPT_SWITCH("exo", offsetof(type, admin.exo), \
	  "read what decides in Exchange Online, by the door of its PowerShell module, which " \
	  "Microsoft does not document"), \
	OPT(TEXT, "exo-token-file", "FILE", offsetof(type, admin.exo_token_file), \
	    "read an access token for Exchange Online from FILE"), \
	OPT(TEXT, "exo-token-command", "COMMAND", offsetof(type, admin.exo_token_command), \
	  "run COMMAND and take what it prints; else the environment's SMTPWHY_EXO_TOKEN")

/*
 * Gets those that --graph and --exo want; an option that names a token wants it, too. EXIT_USAGE
 * after an error was told (one that is wanted and not given is one), else OPT_GO.
 */
int credentials_admin(const struct admin_sources *o, struct secret **ret_graph,
		      struct secret **ret_exo);

/*
 * Gets both, as far as given; asks for a password on the terminal when nothing is given and `user`
 * is not "". auth is --auth: with a token mechanism a token is asked for. EXIT_USAGE after an error
 * was told, else OPT_GO. From then on no core file is written.
 */
int credentials_get(const struct credential_options *o, const char *user, const char *auth,
		    struct secret **ret_password, struct secret **ret_token);

struct token_source {
	const char	*token_file, *token_command, *blob_file;
};

/* Gets one token, or a captured login string, as it stands there, line ends inside and all: what
 * is wrong with it is reported later. The rest is
 * as above, but somebody has to give one. */
int credentials_token(const struct token_source *o, const char *command, struct secret **ret);

/*
 * Reads one secret from a file as it stands there: a key, a certificate, an assertion. Errors
 * name it as `what`.
 */
int credentials_file(const char *command, const char *what, const char *path, struct secret **ret);
/* The secret of an application, as far as one is given: file, command, or SMTPWHY_CLIENT_SECRET. */
int credentials_client_secret(const char *command, const char *file, const char *run,
			      struct secret **ret);

/* Where the password or the token of a mailbox comes from that is read, not sent from. */
struct mailbox_source {
	const char	*password_file, *password_command, *token_file, *token_command;
};

/*
 * Gets one of them: a file's, a command's, SMTPWHY_FETCH_PASSWORD or SMTPWHY_FETCH_TOKEN, else the
 * password that is asked for on the terminal. OPT_GO, or EXIT_USAGE after an error was told, as
 * when there is none.
 */
int credentials_mailbox(const char *command, const struct mailbox_source *from, const char *user,
			struct secret **ret_password, struct secret **ret_token);

#endif
