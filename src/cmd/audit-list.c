/*
 * audit-list - the list of an audit: copied, and read whole before anything is asked.
 */
#include "cmd/audit.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/input.h"
#include "cmd/cmd.h"
#include "cmd/from-list.h"
#include "know/know.h"

static const char paths[] = "client-submission|direct-send|smtp-relay|high-volume-email|"
			    "azure-communication-services|third-party|personal-outlook";

static const char *escaped(struct arena *a, const char *s)
{
	return str_escaped(a, s, strlen(s));
}

static const char *line_trouble(struct arena *a, const struct list_target *t)
{
	struct ask_port *ports;
	const char *trouble;
	size_t n;

	trouble = *t->ports ? parse_ports(a, t->ports, &ports, &n) : NULL;
	if (trouble)
		return arena_printf(a, "ports: %s", trouble);
	if (*t->from && !is_mail_address(t->from))
		return "from: it is no mail address";
	if (*t->to && !is_mail_address(t->to))
		return "to: it is no mail address";
	if (*t->path && !str_in(t->path, paths))
		return "path: it is no way of sending";
	return NULL;
}

/* Whose it is, as far as is known before anything is asked. */
static const char *owner_of(struct arena *a, const struct ask *ask)
{
	const struct provider *p = *ask->host ? know_provider_of_host(ask->know, ask->host) : NULL;

	if (p)
		return p->id;
	return str_lower(a, *ask->host ? ask->host : ask->domain);
}

static const char *bind_credential(struct audit_run *run, struct arena *a,
				   const struct list_target *t,
				   const struct ask *ask, const char *to)
{
	const char *reference = *t->password_file ? t->password_file : t->token_file, *first;

	if (!*reference)
		return NULL;
	if (!*ask->host || ask->host_from != HOST_TYPED)
		return "a login needs the host that it goes to: name it in host";
	first = bound_to(run->bound, reference, to);
	if (str_eq(first, to))
		return NULL;
	return arena_printf(a, "the credential '%s' goes to %s already, and is not given to %s",
			    escaped(a, reference), escaped(a, first), escaped(a, to));
}

const char *audit_ask(struct audit_run *run, struct arena *a, const struct list_target *t,
		      struct check_options *ret_options, struct ask *ret, const char **ret_to)
{
	struct check_options o = run->options.check;
	struct ask typed = o.ask;
	const char *trouble = line_trouble(a, t);

	if (trouble)
		return trouble;
	trouble = ask_target_unshown(&typed, a, t->target);
	if (trouble)
		return arena_printf(a, "the target is none: %s", trouble);
	o.ask.user = t->user;
	o.ask.from = t->from;
	o.ask.to = t->to;
	o.ask.client = t->client;
	o.ask.line = t->line;
	if (*t->path)
		o.ask.path = t->path;
	if (*t->ports)
		o.ports = t->ports;
	if (check_options_ask(&o, a, t->target, ret) != OPT_GO)
		return "";
	*ret_options = o;
	*ret_to = owner_of(a, ret);
	return bind_credential(run, a, t, ret, *ret_to);
}

static int read_text(struct audit_run *run, const char *path)
{
	_cleanup_(input_freep) struct input *in = input_open(path);
	const char *p;
	ssize_t n;

	run->spool = spool_new();
	if (!run->spool)
		return opt_wrong("audit", "no file can be made for a copy of %s: %s", run->name,
				 strerrordesc_np(errno));
	while ((n = input_read(in, &p)) > 0)
		if (!spool_add(run->spool, p, (size_t)n))
			return opt_wrong("audit", "%s cannot be copied: %s", run->name,
					 strerrordesc_np(errno));
	return n < 0 ? opt_wrong("audit", "%s %s", run->name, input_trouble(in)) : OPT_GO;
}

static void test_line(struct audit_run *run, enum list_is is, const struct list_target *t,
		      const char *error)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct check_options options;
	const char *to;
	struct ask ask;

	if (is == LIST_TARGET)
		error = audit_ask(run, a, t, &options, &ask, &to);
	if (!error) {
		plan_add(run->plan, t, run->shard);
		run->n_targets++;
		return;
	}
	run->n_bad++;
	opt_wrong("audit", "%s, line %u: %s%sthe line is left out", run->name, run->list.line,
		  error, *error ? "; " : "");
}

int audit_read(struct audit_run *run, const char *path)
{
	struct list_target t;
	struct list begin;
	const char *error;
	int status = read_text(run, path);
	enum list_is is;

	if (status != OPT_GO)
		return status;
	error = audit_list_begin(&run->list, run->arena, run->spool);
	if (error)
		return opt_wrong("audit", "%s, line %u: %s", run->name, run->list.line, error);
	begin = run->list;
	do {
		_cleanup_(arena_freep) struct arena *a = arena_new();

		is = audit_list_next(&run->list, a, &t, &error);
		if (is != LIST_END)
			test_line(run, is, &t, error);
	} while (is != LIST_END);
	run->list = begin;
	if (spool_errno(run->spool))
		return opt_wrong("audit", "the copy of %s cannot be read: %s", run->name,
				 strerrordesc_np(spool_errno(run->spool)));
	if (!run->n_targets)
		return opt_wrong("audit", "%s: there is no target in it", run->name);
	plan_finish(run->plan);
	run->n_targets = plan_count(run->plan);
	return OPT_GO;
}

void audit_dry_run(struct audit_run *run)
{
	struct check_options options;
	struct list_target t;
	const char *error, *to;
	enum list_is is;
	struct ask ask;

	do {
		_cleanup_(arena_freep) struct arena *a = arena_new();

		is = audit_list_next(&run->list, a, &t, &error);
		if (is != LIST_TARGET || !plan_is_open(run->plan, t.line) ||
		    audit_ask(run, a, &t, &options, &ask, &to))
			continue;
		printf("line %u: %s", t.line, escaped(a, t.target));
		if (*t.user)
			printf(": %s of '%s' for %s goes to %s (%s)\n",
			       *t.token_file ? "the token" : "the password",
			       escaped(a, *t.token_file ? t.token_file : t.password_file),
			       escaped(a, t.user), escaped(a, ask.host), escaped(a, to));
		else
			puts(": no credential");
	} while (is != LIST_END);
	printf("%zu targets, %zu lines left out; nothing was asked\n", run->n_targets, run->n_bad);
}
