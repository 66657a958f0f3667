#ifndef CMD_TOKEN_OPTIONS_H
#define CMD_TOKEN_OPTIONS_H

/*
 * token-options - the options of `token`: of looking into one, of getting one, of
 * those that are kept.
 */

#include <stdbool.h>
#include <stdint.h>

#include "cmd/credentials.h"
#include "cmd/session.h"

struct token_options {
	struct output_options		 output;
	/* inspect */
	struct token_source		 source;
	const char			*host, *user, *tenant;
	/* get */
	const char			*flow, *purpose, *provider, *cloud, *client_id, *token_url,
		*device_url, *auth_url, *name, *token_out;
	const char			*secret_file, *secret_command, *cert, *key,
		*key_password_file, *assertion_file, *algorithm, *redirect_port;
	struct strv			 scopes;
	bool				 show, force, force_scope, no_cache, no_browser;
	struct session_options		 session;
	int64_t				 max_time_ms;	/* 0 = not given */
	/* forget */
	bool				 all;
};

extern const struct opt_command token_command;

void token_options_init(struct token_options *o);

#endif
