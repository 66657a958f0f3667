/*
 * cmd-token - what is in an OAuth token, and what is wrong with it: offline.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/credentials.h"
#include "cmd/opt.h"
#include "cmd/output.h"
#include "cmd/tables.h"
#include "diag/token-inspect.h"

struct token_options {
	struct output_options		 output;
	struct token_source		 source;
	const char			*host, *user, *tenant;
};

static const char *const formats[] = { "text", "json", NULL };

#define AT(member) offsetof(struct token_options, member)

static const struct opt table[] = {
	{ OPT_TEXT, 0, "token-file", "FILE", AT(source.token_file), "read the access token from FILE (- is standard input)", NULL },
	{ OPT_TEXT, 0, "token-command", "COMMAND", AT(source.token_command),
	  "run COMMAND with the shell and take what it prints; else the environment's SMTPWHY_TOKEN, else you are asked", NULL },
	{ OPT_TEXT, 0, "blob-file", "FILE", AT(source.blob_file),
	  "read a captured login string, what a program sends after AUTH XOAUTH2, from FILE (- is standard input)", NULL },
	{ OPT_REFUSED, 0, "token", "", 0, "everyone on this machine can read a command line, and the shell remembers it. Use --token-file, "
	  "--token-command, or the environment variable SMTPWHY_TOKEN", NULL },
	{ OPT_TEXT, 0, "host", "NAME", AT(host), "the mail server it is for: smtp.office365.com", NULL },
	{ OPT_TEXT, 0, "user", "NAME", AT(user), "the user name of the login: the mailbox that sends", NULL },
	{ OPT_TEXT, 0, "tenant", "ID", AT(tenant), "the id of the tenant that has the mailbox", NULL },
	OUTPUT_OPTIONS(struct token_options, "text|json", formats),
	{ OPT_FLAG, 'v', "verbose", NULL, AT(output.verbose), "show the fixes of what is only possible, too", NULL },
	OPT_END
};

static const struct opt_command token_command = {
	.name = "token",
	.operands = "inspect",
	.about = "Says what an OAuth access token is for, whose it is, and what is wrong with it for sending by SMTP; or what is wrong with a "
		 "captured XOAUTH2 login string. Nothing is sent anywhere, the token itself is never shown, its signature is not checked. "
		 "Exit status: 0 fit, 1 a problem was found, 2 wrong usage, 3 it cannot be judged.",
	.table = table,
};

static int test(const struct token_options *o, const struct strv *operands)
{
	if (operands->n == 0)
		return opt_wrong("token", "there is 'smtpwhy token inspect', which says what is in a token and what is wrong with it");
	/* Whatever else stands there may be a token: it is not repeated. */
	if (!str_eq(operands->v[0], "inspect"))
		return opt_wrong("token", "there is only 'smtpwhy token inspect'");
	if (operands->n > 1)
		return opt_wrong("token", "a token does not belong on the command line, which everyone on this machine can read; use --token-file");
	if (o->tenant && !is_guid(o->tenant))
		return opt_wrong("token", "--tenant: '%s' is no tenant id, which looks like 11111111-2222-3333-4444-555555555555", o->tenant);
	return OPT_GO;
}

static int verdict_status(enum inspection_verdict v)
{
	return v == INSPECTION_FIT ? EXIT_GOOD : v == INSPECTION_PROBLEM ? EXIT_PROBLEM : EXIT_UNTESTED;
}

static int print(const struct token_options *o, const struct inspection *i)
{
	FILE *to = output_open(&o->output, "token");

	if (!to)
		return EXIT_USAGE;
	if (str_eq(o->output.format, "json")) {
		report_inspection_json(to, i);
	} else {
		struct report_style style = output_style(&o->output, to);

		report_inspection_text(to, i, &style);
	}
	return output_close(to, &o->output, "token") ? verdict_status(i->verdict) : EXIT_UNTESTED;
}

/* A host may be given as for check, with its port. */
static const char *host_alone(struct arena *a, const char *host)
{
	const char *colon = host ? strchr(host, ':') : NULL;

	return str_lower(a, colon ? arena_strndup(a, host, (size_t)(colon - host)) : host ? host : "");
}

int cmd_token(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(secret_freep) struct secret *secret = NULL;
	struct token_options options = { .output = { .format = "text", .color = "auto" } };
	struct strv operands = { NULL, 0, 0 };
	const struct know *know;
	int status = opt_parse(&token_command, a, argc, argv, &options, &operands);

	if (status == OPT_GO)
		status = test(&options, &operands);
	if (status == OPT_GO)
		status = credentials_token(&options.source, "token", &secret);
	if (status != OPT_GO)
		return status;
	know = tables_load(a, NULL, "token");
	if (!know)
		return EXIT_USAGE;
	return print(&options, inspect(a, know, secret, options.source.blob_file != NULL, host_alone(a, options.host),
				       options.user ? options.user : "", options.tenant ? options.tenant : ""));
}
