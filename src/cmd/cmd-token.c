/*
 * cmd-token - OAuth tokens: what is in one and what is wrong with it, getting one,
 * those that are kept.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/tables.h"
#include "cmd/token-get.h"

/* --- inspect --- */

static int test(const struct token_options *o, const struct strv *operands)
{
	if (operands->n > 1)
		return opt_wrong("token", "a token does not belong on the command line, which "
				 "everyone on this machine can read; use --token-file");
	if (o->tenant && !is_guid(o->tenant))
		return opt_wrong("token", "--tenant: '%s' is no tenant id, which looks like "
				 "11111111-2222-3333-4444-555555555555", o->tenant);
	return OPT_GO;
}

static int verdict_status(enum inspection_verdict v)
{
	if (v == INSPECTION_FIT)
		return EXIT_GOOD;
	return v == INSPECTION_PROBLEM ? EXIT_PROBLEM : EXIT_UNTESTED;
}

static int print(const struct token_options *o, const struct inspection *i)
{
	struct report report;

	if (!output_open(&o->output, "token", &report))
		return EXIT_USAGE;
	report_put(&report, REPORT_INSPECTION, i);
	return output_close(&report, &o->output, "token") ? verdict_status(i->verdict) :
	       EXIT_UNTESTED;
}

/* A host may be given as for check, with its port. */
static const char *host_alone(struct arena *a, const char *host)
{
	return host ? str_lower(a, arena_strndup(a, host, strcspn(host, ":"))) : "";
}

static int token_inspect(struct arena *a, const struct token_options *o,
			 const struct strv *operands)
{
	_cleanup_(secret_freep) struct secret *secret = NULL;
	const struct know *know;
	int status = test(o, operands);

	if (status == OPT_GO)
		status = credentials_token(&o->source, "token", &secret);
	if (status != OPT_GO)
		return status;
	know = tables_load(a, NULL, "token");
	if (!know)
		return EXIT_USAGE;
	return print(o,
		     inspect(a, know, secret, o->source.blob_file != NULL, host_alone(a, o->host),
			     o->user ? o->user : "", o->tenant ? o->tenant : ""));
}

/* --- which of them --- */

static int run(struct arena *a, const struct token_options *o, const struct strv *operands)
{
	const char *what = operands->n ? operands->v[0] : "";

	if (!*what)
		return opt_wrong("token", "there is 'smtpwhy token inspect', which says what is in "
				 "a token and what is wrong with it, and 'smtpwhy token get', "
				 "which gets one");
	if (str_eq(what, "inspect"))
		return token_inspect(a, o, operands);
	if (str_eq(what, "forget"))
		return operands->n > 2 ? opt_wrong("token", "forget one at a time, or --all") :
		       token_forget(a, o, operands->n > 1 ? operands->v[1] : NULL);
	/* Whatever else stands there may be a token: it is not repeated. */
	if (!str_eq(what, "get") && !str_eq(what, "list"))
		return opt_wrong("token", "there is 'smtpwhy token inspect', get, list and forget");
	if (operands->n > 1)
		return opt_wrong("token", "'%s' takes options alone", what);
	return str_eq(what, "get") ? token_get(a, o) : token_list(a, o);
}

int cmd_token(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct token_options options;
	struct strv operands = { NULL, 0, 0 };
	int status;

	token_options_init(&options);
	status = opt_parse(&token_command, a, argc, argv, &options, &operands);
	return status == OPT_GO ? run(a, &options, &operands) : status;
}
